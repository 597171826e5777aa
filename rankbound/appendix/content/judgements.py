"""Claims and what was judged of them: the paper's words, the reading, the three witnesses and the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rankbound.appendix.content.theorems import reference_to
from rankbound.appendix.content.words import ended, said, sentence
from rankbound.appendix.document import (
    Block,
    Blocks,
    Code,
    Column,
    Emphasis,
    Fold,
    Inlines,
    Items,
    Math,
    Notice,
    Section,
    Strong,
    Table,
    Text,
)
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.prose import NAMES, inlines
from rankbound.verdict import Verdict

if TYPE_CHECKING:
    from rankbound.verify.report import Judgement, Report


def judgements(report: Report, included: Iterable[str]) -> Section:
    """Return the section that lists the claims and unfolds each to what was said of it."""
    content: list[Block] = [
        said(
            "Three witnesses that share no code were asked about each claim: the derivation, certified numbers, and "
            "the experiment. A verdict is passed on the statement as it is worded here; where that is a reading of a "
            "paper's words, these stand before it, and another reading may fare otherwise."
        ),
        overview(report, "tab:verdicts"),
    ]
    content += [fold(one, included) for one in report.judgements]
    return Section("sec:judgements", (Text("Claims and verdicts"),), tuple(content))


def overview(report: Report, label: str) -> Table:
    """Return the table of the claims with their verdicts, under headings in plain language, what matters most first."""
    rows = tuple(
        ((Code(one.claim.id),), verdict(one), _brief(one), (Text(heading),))
        for heading, group in report.groups.items()
        for one in group
    )
    columns = (
        Column((Text("claim"),)),
        Column((Text("verdict"),)),
        Column((Text("what it says"),), wide=True),
        Column((Text("so it"),), wide=True),
    )
    return Table(label, (Text(f"Claims and verdicts at {report.settings.sizes}"),), columns, rows)


def fold(judgement: Judgement, included: Iterable[str], more: Blocks = ()) -> Fold:
    """Return a claim in short, which unfolds to everything that was said of it, and to ``more``."""
    claim = judgement.claim
    summary = sentence(verdict(judgement), " ", (Code(claim.id),), ": ", _brief(judgement))
    return Fold(f"claim:{claim.id}", summary, (*_told(judgement, included), *more))


def verdict(judgement: Judgement) -> Inlines:
    """Return the verdict in bold letters."""
    return (Strong((Text(str(judgement.verdict)),)),)


def quoted(words: str) -> Inlines:
    """Return a paper's words as they stand, formulas between dollar signs set as such where that is possible."""
    parts: list[Text | Math | Emphasis] = []
    for place, piece in enumerate(words.split("$")):
        formula = re.sub(r"([_^])(\w)", r"\1{\2}", piece)  # the same to TeX, and what our formulas are read from
        if place % 2 and _is_formula(formula):
            parts.append(Math(formula))
        elif place % 2:
            parts.append(Text(f"${piece}$"))
        else:
            parts += _emphasised(piece)
    return (Text("\N{LEFT DOUBLE QUOTATION MARK}"), *parts, Text("\N{RIGHT DOUBLE QUOTATION MARK}"))


def _emphasised(words: str) -> list[Text | Math | Emphasis]:
    """Return words in which asterisks stand around what is emphasised, as in Markdown."""
    pieces = words.split("*")
    if len(pieces) % 2 == 0:
        return [Text(words)]
    parts = ((Emphasis((Text(one),)) if place % 2 else Text(one)) for place, one in enumerate(pieces) if one)
    return list(parts)


def _is_formula(latex: str) -> bool:
    try:
        to_latex(latex)
    except ValueError:
        return False
    return True


def _brief(judgement: Judgement) -> Inlines:
    return inlines(judgement.claim.brief or judgement.claim.statement)


def _told(judgement: Judgement, included: Iterable[str]) -> Blocks:
    claim = judgement.claim
    blocks: list[Block] = []
    source = f"{claim.source.authors}, {claim.source.work}, {claim.source.location}"
    if claim.quote is not None:
        blocks.append(said("The paper says: ", quoted(claim.quote), f" ({source})."))
        blocks.append(said((Emphasis((Text("Reading"),)),), ": ", inlines(ended(claim.statement))))
    else:
        blocks.append(said((Emphasis((Text("Claim"),)),), ": ", inlines(ended(claim.statement))))
    if judgement.verdict is Verdict.CONFLICT:
        words = said("Two witnesses contradict each other here, so that one of them is wrong and nothing follows.")
        blocks.append(Notice("Conflict", (words,)))
    blocks.append(said((Emphasis((Text("Verdict"),)),), ": ", verdict(judgement), *_expected(judgement), "."))
    blocks += [said("It says nothing here. It assumes: ", inlines(ended(one))) for one in judgement.broken]
    witnesses = tuple(
        (said((Emphasis((Text(str(one.witness)),)),), f" {one.outcome}: ", inlines(ended(one.detail), _named())),)
        for one in judgement.evidence
    )
    blocks.append(Items(witnesses))
    if judgement.instead:
        blocks.append(said((Strong((Text("Instead"),)),), ": ", inlines(ended(judgement.instead))))
    if claim.id in included:
        blocks.append(said("The derivation is that of ", reference_to(claim.id, included), "."))
    return tuple(blocks)


def _named() -> frozenset[str]:
    """Return what evidence may name: theorems, and results of the literature."""
    from proofs.literature import LITERATURE

    return frozenset(NAMES) | LITERATURE.keys()


def _expected(judgement: Judgement) -> list[str]:
    usual = judgement.verdict in (judgement.claim.expected, Verdict.VACUOUS)
    return [] if usual else [f", where {judgement.claim.expected} was expected"]
