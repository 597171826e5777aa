"""What is kept on disk between runs: where it is, who may use it, and how a file gets there whole.

Certified numbers (:mod:`rankbound.bounds.cache`) and outcomes of checks (:mod:`proofs.cache`) are kept the same way. A
folder holds the entries of one program, and a digest of everything that an entry depends on names it: the source files,
the libraries underneath, Python itself. What an entry says, and when it is believed, is the business of the two.

The root is ``$RANKBOUND_CACHE_DIR``, else ``$XDG_CACHE_HOME/rankbound``, else ``~/.cache/rankbound``; it may be deleted
at any time. ``RANKBOUND_NO_CACHE=1`` in the environment switches everything off, and so does :func:`disabled` within a
block.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

MOST_PROGRAMS = 8
"""Programs (versions, or states of the sources) whose entries are kept, those used last."""

UNUSED_DAYS = 30
"""Days without use after which the entries of another program are removed."""

DIGITS = 32
"""Hexadecimal digits of the digest in the name of a program's folder."""

State = tuple[tuple[str, int, int, int], ...]
"""What tells one state of the source files from another, without reading them."""

_DAY = 86400.0

_switched_off: ContextVar[bool] = ContextVar("rankbound_cache_switched_off", default=False)


@contextmanager
def disabled() -> Iterator[None]:
    """Neither read nor write what is kept on disk within the block, in this thread (or task) only."""
    token = _switched_off.set(True)
    try:
        yield
    finally:
        _switched_off.reset(token)


def is_enabled() -> bool:
    """Whether anything is looked up at all: not within :func:`disabled`, nor with ``RANKBOUND_NO_CACHE`` set."""
    return not _switched_off.get() and os.environ.get("RANKBOUND_NO_CACHE", "") in ("", "0")


def folder() -> Path | None:
    """Return where the cache is, whether or not it exists, or ``None`` where there is no place for it."""
    given = os.environ.get("RANKBOUND_CACHE_DIR")
    if given:
        return Path(given)
    caches = os.environ.get("XDG_CACHE_HOME")
    if caches and Path(caches).is_absolute():  # a relative one is to be ignored, says the XDG specification
        return Path(caches, "rankbound")
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".cache" / "rankbound" if home.is_absolute() and os.environ.get("HOME") != "" else None


def place_of(kind: str, digest: str | None) -> Path | None:
    """Return the folder of a program's entries of one kind, or ``None`` while there is none to use.

    Parameters
    ----------
    kind : str
        Begins the folder's name.
    digest : str or None
        Of all that an entry depends on; ``None`` where that cannot be known.
    """
    root = folder() if is_enabled() else None
    return None if root is None or digest is None else root / f"{kind}-{digest[:DIGITS]}"


def read(path: Path, longest: int) -> bytes:
    """Return the bytes of a small regular file; ``OSError`` for anything else (a pipe must not keep us waiting)."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not a regular file")
        return os.read(handle, longest)
    finally:
        os.close(handle)


def write(path: Path, data: bytes, *, most_entries: int) -> None:
    """Write an entry, whole, unless its folder holds ``most_entries`` already; ``OSError`` where it cannot be done."""
    if _prepare(path.parent, most_entries):
        _write_whole(path, data)


def state_of(folders: Iterable[Path], files: Iterable[Path]) -> State:
    """Return the state of the Python files in the folders, and of the files."""
    found: list[tuple[str, os.stat_result]] = []
    with contextlib.suppress(OSError):
        for one in folders:
            with os.scandir(one) as entries:
                found += [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
        found += [(file.name, file.stat()) for file in files]
    return tuple(sorted((name, s.st_mtime_ns, s.st_size, s.st_ino) for name, s in found))


def digest_of(
    sources: Iterable[tuple[str, Path]], libraries: Mapping[str, str], settings: Iterable[object] = ()
) -> str | None:
    """Return a digest of all that an entry depends on, or ``None`` where that cannot be known.

    Parameters
    ----------
    sources : iterable of (str, Path)
        Source files, each with a name of its own.
    libraries : mapping of str to str
        Packages, each with the file in it that names its version.
    settings : iterable of object
        Whatever else a result depends on; its ``repr`` counts.
    """
    try:
        contents = [(name, path.read_bytes()) for name, path in sources]
        for package, file in libraries.items():
            spec = importlib.util.find_spec(package)
            if spec is None or spec.origin is None:
                return None
            contents.append((package, Path(spec.origin).with_name(file).read_bytes()))
    except (OSError, ValueError):
        return None
    digest = hashlib.sha256(repr((sys.version, platform.machine(), *settings)).encode())
    for name, data in contents:
        digest.update(f"\n{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _prepare(place: Path, most_entries: int) -> bool:
    """Make sure that the folder is there, and say whether there is room in it."""
    if place.is_dir():
        _mark_as_used(place)
        return len(os.listdir(place)) < most_entries  # noqa: PTH208  (ten times as fast as iterdir)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700, exist_ok=True)
    _remove_others(place)
    return True


def _mark_as_used(place: Path) -> None:
    """Let the folder's time say when it was last used, to a day."""
    now = time.time()
    if abs(now - place.stat().st_mtime) > _DAY:
        os.utime(place)


def _remove_others(place: Path) -> None:
    """Remove what other programs left and nobody uses: nothing but our own kind of file in our own kind of folder."""
    prefix = place.name[:-DIGITS]
    others = []
    for other in place.parent.iterdir():
        digits = other.name.removeprefix(prefix)
        ours = other.name.startswith(prefix) and len(digits) == DIGITS and set(digits) <= set("0123456789abcdef")
        if ours and other != place and other.is_dir() and not other.is_symlink():
            others.append((other.stat().st_mtime, other))
    others.sort(reverse=True)
    oldest = time.time() - UNUSED_DAYS * _DAY
    for rank, (used, other) in enumerate(others, start=1):
        if rank < MOST_PROGRAMS and used >= oldest:
            continue
        with contextlib.suppress(OSError):  # what is not ours in it keeps the folder there
            for file in other.iterdir():
                if file.suffix in (".json", ".tmp") and not file.is_dir():
                    file.unlink(missing_ok=True)
            other.rmdir()


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none, whoever else is writing the same one."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
