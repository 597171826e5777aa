"""Whether an appendix still holds: everything is computed anew and compared, thing by thing and file by file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from rankbound.appendix.build import document_of
from rankbound.appendix.content.provenance import versions_here
from rankbound.appendix.facts import facts_of
from rankbound.appendix.formats import files_of
from rankbound.appendix.manifest import Manifest, read_manifest
from rankbound.appendix.material import gather
from rankbound.verify.calculus import ExitCode
from rankbound.verify.run import Progress

_SHOWN = 60  # characters of a line that differs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of checking an appendix.

    Attributes
    ----------
    facts, files : int
        How many were compared.
    differing : tuple of str
        A line for everything that does not hold.
    undecided : tuple of str
        A line for each file of which other versions of the program cannot tell.
    """

    facts: int
    files: int
    differing: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 if all holds, 1 if something does not, 3 if other versions cannot tell."""
        if self.differing:
            return ExitCode.UNEXPECTED
        return ExitCode.UNDECIDED if self.undecided else ExitCode.AS_EXPECTED


def check_appendix(folder: Path, *, progress: Progress | None = None) -> Outcome:
    """Compute an appendix anew, and compare it with what stands in a folder.

    Every derivation is checked in this run, whatever was written down before. A file that was changed since it was
    written is told from one that this program, or other versions of the libraries, would write differently.

    Parameters
    ----------
    folder : Path
        What ``rankbound appendix --output`` wrote.
    progress : callable, optional
        Told the share that is done, from 0 to 1, and what is being done.

    Raises
    ------
    ValueError
        If there is no manifest in the folder, what it asks for is unknown, or the appendix has a PDF and the extra
        ``report`` is missing.
    """
    manifest = read_manifest(folder)
    material = gather(manifest.request, progress=progress, anew=True)
    document = document_of(material, versions=manifest.versions, date=manifest.date)
    facts = facts_of(document)
    differing = list(_changed_facts(manifest.facts, facts))
    files = files_of(document, manifest.formats)
    undecided: list[str] = []
    for path, content in files.items():
        problem, certain = _compared(folder / path, path, content, manifest)
        if problem:
            (differing if certain else undecided).append(problem)
    listed = manifest.files.keys() ^ files.keys()
    differing += [
        f"{path}: {'listed' if path in manifest.files else 'missing'} in the manifest" for path in sorted(listed)
    ]
    return Outcome(len(facts), len(files), tuple(differing), tuple(undecided))


def _changed_facts(written: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*found, *written)):
        if written.get(name) != found.get(name):
            was, now = written.get(name), found.get(name)
            if was is None or now is None:
                yield f"{name}: {'is missing from the manifest' if was is None else 'should not be there'}"
            else:
                yield f"{name}: {_contrast(was, now)}"


def _compared(path: Path, name: str, content: bytes, manifest: Manifest) -> tuple[str, bool]:
    """Return what is wrong with a file, or nothing, and whether that is certain."""
    try:
        standing = path.read_bytes()
    except OSError as error:
        return f"{name}: {(error.strerror or str(error)).lower()}", True
    if standing == content:
        return "", True
    if hashlib.sha256(standing).hexdigest() != manifest.files.get(name):
        return f"{name}: changed since it was written; {_first_difference(standing, content)}", True
    here = versions_here()
    if here != manifest.versions:
        others = [
            f"{was} ({now} here)" for was, now in zip_longest(manifest.versions, here, fillvalue="-") if was != now
        ]
        return f"{name}: not byte for byte what these versions write; made with {', '.join(others)}", False
    return f"{name}: not what this program writes; {_first_difference(standing, content)}", True


def _first_difference(standing: bytes, content: bytes) -> str:
    try:
        lines = standing.decode().splitlines(), content.decode().splitlines()
    except UnicodeDecodeError:
        return f"{len(standing)} bytes, where {len(content)} were expected"
    for number, (was, now) in enumerate(zip_longest(*lines, fillvalue=""), 1):
        if was != now:
            return f"line {number}: {_contrast(was, now)}"
    return "the ends of lines differ"


def _contrast(was: str, now: str) -> str:
    """Return two texts around the first place where they differ."""
    place = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
    start = max(place - _SHOWN // 3, 0)
    return f"has {_piece(was, start)}, should have {_piece(now, start)}"


def _piece(text: str, start: int) -> str:
    piece = text[start : start + _SHOWN]
    return f"'{'...' if start else ''}{piece}{'...' if start + _SHOWN < len(text) else ''}'" if piece else "nothing"
