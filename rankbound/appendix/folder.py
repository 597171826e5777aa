"""The folder of an appendix: written as a whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from rankbound.appendix.manifest import NAME, read_manifest
from rankbound.errors import invalid


def why_not_writable(folder: Path) -> str:
    """Say why no appendix can be written into a folder, which need not exist, or nothing."""
    if folder.exists() and not folder.is_dir():
        return "it is a file: name a folder"
    place = folder if folder.is_dir() else _nearest(folder)
    if not place.is_dir():
        return f"{place} is a file: choose another place"
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix=".rankbound-"):
            pass
    except OSError as error:
        return f"{(error.strerror or str(error)).lower()}: choose another place"
    return ""


def refuse_to_replace(folder: Path, names: Iterable[str]) -> None:
    """Raise the ``ValueError`` that says which of some files exist in a folder already, or whose manifest does."""
    every = dict.fromkeys((*names, NAME))
    existing = [name for name in every if (folder / name).exists() or (folder / name).is_symlink()]
    if existing:
        shown = ", ".join(existing[:3]) + (", ..." if len(existing) > 3 else "")
        expected = f"a folder without {shown} in it"
        raise invalid("--output", str(folder), expected, "choose another folder, or replace them with --force")


def write_folder(folder: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write files into a folder, all of them or none.

    They are written into a temporary folder beside it, which then takes its name; where the folder exists, with other
    things in it, they are moved into it one by one, the manifest last.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        By relative path; the manifest among them.
    force : bool
        Whether existing files may be replaced. The files of an earlier appendix that are as it wrote them, and not
        among the new ones, are then removed.

    Raises
    ------
    ValueError
        If a file exists already, and ``force`` is not given.
    OSError
        If the folder cannot be written.
    """
    if not force:
        refuse_to_replace(folder, files)
    parent = _nearest(folder)
    with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else parent, prefix=".rankbound-") as temporary:
        staged = Path(temporary) / "appendix"
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            staged.rename(folder)
            return
        stale = _stale(folder, files) if force else []
        for name in sorted(files, key=lambda one: one == NAME):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(folder / name)
        for path in stale:
            path.unlink()


def _nearest(folder: Path) -> Path:
    """Return the nearest folder above that exists."""
    place = folder.absolute().parent
    while not place.exists():
        place = place.parent
    return place


def _stale(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Return the files of an earlier appendix in a folder that the new one has not, unless somebody changed them."""
    try:
        earlier = read_manifest(folder)
    except ValueError:
        return []
    paths = [(folder / name, digest) for name, digest in earlier.files.items() if name not in files]
    inside = folder.resolve()
    return [
        path
        for path, digest in paths
        if path.is_file()
        and path.resolve().is_relative_to(inside)
        and hashlib.sha256(path.read_bytes()).hexdigest() == digest
    ]
