"""The files that results go into: whether one can be written, and how it is written, as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rankbound.cli.streams import CannotWriteError


def why_not_writable(name: str) -> str:
    """Say what is wrong with a file name and what to do, or nothing."""
    if not name:
        return "name a file"
    path = Path(name)
    try:
        if path.is_dir() or name.endswith(os.sep):
            return "it is a folder: name a file in it"
        if path.exists() and not os.access(path, os.W_OK):
            return "it is read-only: choose another"
        if not _is_special(path):
            with tempfile.TemporaryFile(dir=path.resolve().parent):
                pass
    except OSError as error:
        return f"{(error.strerror or str(error)).lower()}: choose another place"
    return ""


def write_result(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` as a whole, or raise the :class:`CannotWriteError` that says why not."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise CannotWriteError(str(path), error) from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` so that the file is the old one or the new one at every moment, never half of it.

    A link is followed. A device or a pipe is written to, not replaced.
    """
    data = content.encode() if isinstance(content, str) else content
    if _is_special(path):
        with path.open("wb") as stream:
            stream.write(data)
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".rankbound-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    """Whether something stands at ``path`` that is no regular file."""
    return path.exists() and not path.is_file()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
