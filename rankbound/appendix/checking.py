"""Whether an appendix still holds: everything is computed anew and compared, thing by thing and file by file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from rankbound.appendix.build import document_of
from rankbound.appendix.content.provenance import versions_here
from rankbound.appendix.facts import facts_of
from rankbound.appendix.formats import FIRST_FILES, HOW_TO_SET_PDF, can_be_set, files_of, is_of_a_format
from rankbound.appendix.manifest import Manifest, printable, read_manifest
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
        A line for everything of which this run cannot tell: derivations for which there was no time, and what other
        versions of the program and its libraries would draw or set differently, or cannot set at all. Lines are
        printable, whatever stands in the appendix.
    """

    facts: int
    files: int
    differing: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 if all holds, 1 if something does not, 3 if this run cannot tell."""
        if self.differing:
            return ExitCode.UNEXPECTED
        return ExitCode.UNDECIDED if self.undecided else ExitCode.AS_EXPECTED


def check_appendix(folder: Path, *, progress: Progress | None = None) -> Outcome:
    """Compute an appendix anew, and compare it with what stands in a folder.

    Every derivation is checked in this run, whatever was written down before. A file that was changed since it was
    written is told from one that this program, or other versions of the libraries, would write differently, and so are
    files which no format that was written has, and which a reader would take for a part of the appendix.

    Parameters
    ----------
    folder : Path
        What ``rankbound appendix --output`` wrote.
    progress : callable, optional
        Told the share that is done, from 0 to 1, and what is being done.

    Raises
    ------
    ValueError
        If there is no manifest in the folder, or what it asks for is unknown.
    """
    manifest = read_manifest(folder)
    material = gather(manifest.request, progress=progress, anew=True)
    document = document_of(material, versions=manifest.versions, date=manifest.date)
    facts = facts_of(document)
    files = files_of(document, filter(can_be_set, manifest.formats))
    unset = [name for one in manifest.formats if not can_be_set(one) for name in FIRST_FILES[one]]
    late = [
        f"{name} could not be checked here: {one.detail or one.status}; what differs may come of that"
        for name, one in material.derivations.items()
        if one.status == "undecided"
    ]
    trust = Trust(manifest.versions, versions_here(), pictures=bool(document.pictures), late=bool(late))
    found = [(line, trust.of_fact(name)) for name, line in _changed_facts(manifest.facts, facts)]
    for path, content in files.items():
        found += _compared(folder / path, path, content, manifest, trust)
    for path in unset:
        found += _compared(folder / path, path, None, manifest, trust)
    expected = files.keys() | set(unset)
    found += [(f"{path}: not listed in the manifest", True) for path in sorted(expected - manifest.files.keys())]
    found += [
        (f"{path}: listed in the manifest, but no file of the appendix", True)
        for path in sorted(manifest.files.keys() - expected)
    ]
    found += [(f"{path}: stands there, but is not part of the appendix", True) for path in _strangers(folder, expected)]
    differing = tuple(printable(line) for line, certain in found if certain)
    undecided = tuple(map(printable, (*late, *(line for line, certain in found if not certain))))
    return Outcome(len(facts), len(files), differing, undecided)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a difference proves here.

    Attributes
    ----------
    written, here : tuple of str
        The versions of the program and its libraries that the appendix was made with, and those of this run.
    pictures : bool
        Whether there are pictures: their bytes are those of the library that drew them.
    late : bool
        Whether a derivation could not be checked in time, from which any statement may differ.
    """

    written: tuple[str, ...]
    here: tuple[str, ...]
    pictures: bool
    late: bool

    def of_fact(self, name: str) -> bool:
        """Say whether a fact that differs is certain not to hold."""
        return not self.late and (self.written == self.here or not name.startswith("picture "))

    def of_file(self, path: str) -> bool:
        """Say whether a file that is as it was written, and not as it is written here, is certain not to hold."""
        if self.late or self.written == self.here:
            return not self.late
        words = path.endswith((".tex", ".md", ".bib")) or (path.endswith(".html") and not self.pictures)
        return words and self.written[:1] == self.here[:1]  # the first is the program, which sets the words


def _strangers(folder: Path, expected: Set[str]) -> list[str]:
    """Return the files in a folder that a reader would take for a part of the appendix, and that are not."""
    places = [*folder.iterdir(), *(folder / "figures").rglob("*")]
    found = sorted(path.relative_to(folder).as_posix() for path in places if not path.is_dir())
    return [path for path in found if is_of_a_format(path) and path not in expected]


def _changed_facts(written: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names of facts that differ, and a line for each."""
    for name in dict.fromkeys((*found, *written)):
        was, now = written.get(name), found.get(name)
        if was is None or now is None:
            yield name, f"{name}: {'is missing from the manifest' if was is None else 'should not be there'}"
        elif was != now:
            yield name, f"{name}: {_contrast(was, now)}"


def _compared(
    path: Path, name: str, content: bytes | None, manifest: Manifest, trust: Trust
) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong with a file, if anything, and whether that is certain; without content it cannot be set."""
    try:
        standing = path.read_bytes()
    except OSError as error:
        yield f"{name}: {(error.strerror or str(error)).lower()}", True
        return
    if standing == content:
        return
    unchanged = hashlib.sha256(standing).hexdigest() == manifest.files.get(name)
    difference = "" if content is None else f"; {_first_difference(standing, content)}"
    if not unchanged:
        yield f"{name}: changed since it was written{difference}", True
    elif content is None:
        yield f"{name}: cannot be compared without the package typst: {HOW_TO_SET_PDF}", False
    elif trust.of_file(name):
        yield f"{name}: not what this program writes{difference}", True
    elif trust.written == trust.here:
        yield f"{name}: not what is written here{difference}", False
    else:
        versions = zip_longest(trust.written, trust.here, fillvalue="-")
        others = ", ".join(f"{was} ({now} here)" for was, now in versions if was != now)
        yield f"{name}: not byte for byte what these versions write; made with {others}", False


def _first_difference(standing: bytes, content: bytes) -> str:
    try:
        lines = standing.decode().splitlines(), content.decode().splitlines()
    except UnicodeDecodeError:
        place = _first_place(standing, content)
        return f"byte {place} differs, in {len(standing)} bytes where {len(content)} were expected"
    for number, (was, now) in enumerate(zip_longest(*lines, fillvalue=""), 1):
        if was != now:
            return f"line {number}: {_contrast(was, now)}"
    return "the ends of lines differ"


def _first_place(was: Sequence[object], now: Sequence[object]) -> int:
    """Return where two sequences differ first, counted from 0."""
    return next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))


def _contrast(was: str, now: str) -> str:
    """Return two texts around the first place where they differ."""
    start = max(_first_place(was, now) - _SHOWN // 3, 0)
    return f"has {_piece(was, start)}, should have {_piece(now, start)}"


def _piece(text: str, start: int) -> str:
    piece = text[start : start + _SHOWN]
    return f"'{'...' if start else ''}{piece}{'...' if start + _SHOWN < len(text) else ''}'" if piece else "nothing"
