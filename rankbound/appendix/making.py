"""Making an appendix: from a request to the files of its folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rankbound.appendix.build import document_of
from rankbound.appendix.content.provenance import built_on, versions_here
from rankbound.appendix.document import Document
from rankbound.appendix.facts import facts_of
from rankbound.appendix.formats import FORMATS, HOW_TO_SET_PDF, can_be_set, files_of, usual_formats
from rankbound.appendix.manifest import NAME, Manifest, digests
from rankbound.appendix.material import Material, gather
from rankbound.appendix.request import Request
from rankbound.errors import check_name, invalid
from rankbound.verify.calculus import ExitCode
from rankbound.verify.run import Progress


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix that was made: what it is made of, the document, and its files by relative path."""

    material: Material
    document: Document
    files: dict[str, bytes]

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is not as it should be, a line each: theorems that are not proved, verdicts that were not expected."""
        found = self.material.derivations
        doubts = [
            f"{name} is {found[name].status}" for name in self.material.theorems if found[name].status != "checked"
        ]
        doubts += [
            f"{one.claim.id} is {one.verdict}, expected {one.claim.expected}"
            for one in self.material.report.judgements
            if one.verdict not in (one.claim.expected, "VACUOUS")
        ]
        return tuple(doubts)

    @property
    def exit_code(self) -> ExitCode:
        """What a process that made it answers to a shell: 1 before 3 before 0."""
        found = self.material.derivations
        statuses = {found[name].status for name in self.material.theorems}
        judged = self.material.report.exit_code
        if statuses & {"rejected", "partial"} or judged is ExitCode.UNEXPECTED:
            return ExitCode.UNEXPECTED
        undecided = bool(statuses - {"checked"}) or judged is ExitCode.UNDECIDED
        return ExitCode.UNDECIDED if undecided else ExitCode.AS_EXPECTED


def make_appendix(
    request: Request,
    formats: Iterable[str] | None = None,
    *,
    progress: Progress | None = None,
    anew: bool = False,
) -> Appendix:
    """Make an appendix; nothing is written.

    Parameters
    ----------
    request : Request
        As :func:`rankbound.appendix.appendix_request` makes it.
    formats : iterable of str, optional
        Of :data:`rankbound.appendix.FORMATS`; unless given all, without PDF where the extra ``report`` is missing.
    progress : callable, optional
        Told the share that is done, from 0 to 1, and what is being done.
    anew : bool, optional
        Check every derivation in this run, whatever was written down before.

    Raises
    ------
    ValueError
        If a format is unknown, or PDF is asked for and the extra is missing.
    """
    chosen = chosen_formats(formats)
    versions, date = versions_here(), built_on()
    material = gather(request, progress=progress, anew=anew)
    document = document_of(material, versions=versions, date=date)
    if progress is not None:
        progress(0.9, "setting the document")
    files = files_of(document, chosen)
    manifest = Manifest(request, chosen, versions, date, facts_of(document), digests(files))
    return Appendix(material, document, {**files, NAME: manifest.to_bytes()})


def chosen_formats(formats: Iterable[str] | None) -> tuple[str, ...]:
    """Return the formats asked for in the usual order, or the usual ones.

    Raises
    ------
    ValueError
        If a format is unknown, or PDF is asked for and the extra ``report`` is missing.
    """
    if formats is None:
        return usual_formats()
    asked = {check_name("--format", name, FORMATS) for name in formats}
    if not all(map(can_be_set, asked)):
        raise invalid("--format", "pdf", "the package typst, which is not installed", f"install it: {HOW_TO_SET_PDF}")
    return tuple(name for name in FORMATS if name in asked)
