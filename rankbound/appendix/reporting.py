"""The report of a run as a page: verdicts that unfold to what was said, the saturation curve, and provenance."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from rankbound.appendix.content import numbers, provenance
from rankbound.appendix.content.judgements import fold, overview
from rankbound.appendix.content.ledger import works_of
from rankbound.appendix.content.theorems import proved, stated
from rankbound.appendix.content.words import said
from rankbound.appendix.digest import digest_of
from rankbound.appendix.document import Block, Blocks, Document, Picture, Reference, Section, Text
from rankbound.appendix.material import checked
from rankbound.appendix.prose import inlines
from rankbound.appendix.request import rested_on
from rankbound.verdict import Outcome, Witness

_ON_THE_TABLE = frozenset(
    {
        "barrier",
        "expected-rank-enclosure",
        "norm-conditioned-barrier",
        "second-moment-bound",
        "paper-barrier-about-063n",
        "paper-barrier-literal",
    }
)
"""Claims about the expected rank at each head dimension, which the table and the figure show."""

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofs import Derivation, Theorem
    from rankbound.verify.report import Judgement, Report


def report_to_html(report: Report) -> str:
    """Return a report as a page of HTML that needs nothing else, not even a network.

    The derivations are those of the theorems that claims are bound to; they are looked up, or checked again.
    """
    from rankbound.appendix.html import to_files

    (page,) = to_files(report_document(report)).values()
    return page.decode()


def report_document(report: Report) -> Document:
    """Return the document of a report: summary, verdicts, the table and the figure of the ranks, provenance."""
    import proofs

    ids = [one.claim.id for one in report.judgements if one.claim.id in proofs.theorem_ids()]
    if report.interrupted:
        ids = []  # nobody who stopped a run wants to wait for derivations
    theorems = rested_on(ids)
    derivations = checked(theorems)
    verdicts: list[Block] = [overview(report, "tab:verdicts")]
    for one in report.judgements:
        more = _derivation(one.claim.id, theorems, derivations) if one.claim.id in ids else ()
        verdicts.append(fold(one, (), (*_ranks_of(one, report), *more)))
    document = Document(
        title=f"Claims about the rank of random attention, {report.settings.sizes}",
        lead=(said(*_setting(report)), said(inlines(report.summary))),
        sections=(
            Section("sec:judgements", (Text("Claims and verdicts"),), tuple(verdicts)),
            Section("sec:numbers", (Text("The rank by head dimension"),), _ranks(report)),
        ),
        works=tuple({work.key: work for name in ids for work in works_of(derivations[name])}.values()),
        pictures=_pictures(report),
    )
    if report.interrupted:
        return document
    facts = [("seed", str(report.settings.seed)), ("sizes", report.settings.sizes)]
    last = provenance.provenance(f"{report.settings.command} --format html", facts, digest_of(document))
    return dataclasses.replace(document, sections=(*document.sections, last))


def _ranks_of(judgement: Judgement, report: Report) -> Blocks:
    """Return where the ranks are that a claim was judged by, if it was judged by those of the table."""
    judged = [
        one for one in judgement.evidence if one.outcome in (Outcome.AGREES, Outcome.REFUTES, Outcome.ESTABLISHES)
    ]
    by_numbers = any(one.witness is not Witness.DERIVATION for one in judged)
    if judgement.claim.id not in _ON_THE_TABLE or not by_numbers or not report.has_enclosures:
        return ()
    table, figure = (Reference("tab:saturation"),), (Reference("fig:saturation"),)
    return (said("The expected rank and the experiment by head dimension: ", table, " and ", figure, "."),)


def _setting(report: Report) -> list[str]:
    run = report.settings
    interrupted = " The run was interrupted, so this is not reproducible." if report.interrupted else ""
    variant = f" {run.variant}." if run.variant else ""
    return [f"What rankbound {run.version} found for {run.sizes}.{variant}{interrupted}"]


def _derivation(name: str, theorems: Mapping[str, Theorem], derivations: Mapping[str, Derivation]) -> Blocks:
    return (stated(theorems[name], derivations[name]), proved(theorems[name], derivations[name], ()))


def _ranks(report: Report) -> Blocks:
    return tuple(numbers.saturation_blocks(report, "tab:saturation", "fig:saturation"))


def _pictures(report: Report) -> dict[str, Picture]:
    from rankbound.pictures.curve import curve_of_report
    from rankbound.pictures.saturation import saturation_picture

    curve = curve_of_report(report, smooth=True)
    return {} if curve is None else {numbers.SATURATION: Picture(saturation_picture(curve, "svg"), None)}
