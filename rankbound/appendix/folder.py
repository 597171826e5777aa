"""The folder of an appendix: written as a whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from rankbound.appendix.formats import is_of_a_format
from rankbound.appendix.manifest import NAME, listed_files
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


def refuse_to_replace(folder: Path, names: Iterable[str], *, force: bool) -> None:
    """Raise the ``ValueError`` that says why some files, and a manifest, may not be written into a folder.

    Without ``force`` none of them may exist; with it, those may that an earlier appendix wrote and nobody changed.
    """
    every = dict.fromkeys((*names, NAME))
    existing = [name for name in every if _stands(folder / name)]
    if force:
        earlier = listed_files(folder)
        foreign = [name for name in existing if not _is_replaceable(folder, name, earlier)]
        if foreign:
            remedy = f"{_shown(foreign)} is not a file of an earlier appendix, or was changed since: move it away"
            raise invalid("--output", str(folder), "nothing there that --force would have to destroy", remedy)
    elif existing:
        expected = f"a folder without {_shown(existing)} in it"
        raise invalid("--output", str(folder), expected, "choose another folder, or replace them with --force")
    for parent in dict.fromkeys((folder / name).parent for name in every):
        if _stands(parent) and not (parent.is_dir() and parent.resolve().is_relative_to(folder.resolve())):
            why = f"{parent.name} leads elsewhere" if parent.is_dir() else f"{parent.name} is not a folder"
            raise invalid("--output", str(folder), "room for the files", f"{why}: move it away")


def write_folder(folder: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write files into a folder, all of them or none.

    They are written into a temporary folder beside it, which then takes its name; where the folder exists, with other
    things in it, they are moved into it one by one. Those that they replace are kept until all stand there, and put
    back if anything comes between.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        By relative path; the manifest among them.
    force : bool
        Whether files that an earlier appendix wrote, and that nobody changed, may be replaced. Those of them that are
        not among the new ones are then removed.

    Raises
    ------
    ValueError
        If a file stands in the way.
    OSError
        If the folder cannot be written.
    """
    refuse_to_replace(folder, files, force=force)
    parent = _nearest(folder)
    with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else parent, prefix=".rankbound-") as temporary:
        staged, aside = Path(temporary) / "appendix", Path(temporary) / "earlier"
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            staged.rename(folder)
            return
        earlier = listed_files(folder) if force else {}
        old = [name for name in dict.fromkeys((*files, *earlier)) if _is_replaceable(folder, name, earlier)]
        new = sorted(files, key=lambda one: one == NAME)  # the manifest last: it says that the others are there
        _move([(folder / name, aside / name) for name in old] + [(staged / name, folder / name) for name in new])


def _move(moves: Iterable[tuple[Path, Path]]) -> None:
    """Move files to where nothing stands, all of them or none."""
    begun: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for source, target in moves:
            if not target.parent.exists():
                made.append(target.parent)
                target.parent.mkdir(parents=True)
            begun.append((source, target))  # before it is moved, so that no interruption falls between
            source.replace(target)
    except BaseException:
        for source, target in reversed(begun):
            if _stands(target) and not _stands(source):
                target.replace(source)
        for path in reversed(made):
            if path.is_dir():
                path.rmdir()
        raise


def _nearest(folder: Path) -> Path:
    """Return the nearest folder above that exists."""
    place = folder.absolute().parent
    while not place.exists():
        place = place.parent
    return place


def _stands(path: Path) -> bool:
    """Say whether anything has a name, be it a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def _shown(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _is_replaceable(folder: Path, name: str, earlier: Mapping[str, str]) -> bool:
    """Say whether a file stands in a folder as an earlier appendix wrote it, or is the manifest of one.

    What that manifest lists is believed only of names that files of an appendix have, inside the folder.
    """
    path = folder / name
    if not path.is_file() or not path.parent.resolve().is_relative_to(folder.resolve()):
        return False
    if name == NAME:
        return bool(earlier)
    return is_of_a_format(name) and hashlib.sha256(path.read_bytes()).hexdigest() == earlier.get(name)
