"""Blocks in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rankbound.appendix.document import (
    Block,
    Blocks,
    Carrier,
    Definitions,
    Display,
    Figure,
    Fold,
    Items,
    Listing,
    Notice,
    Paragraph,
    Proof,
    Section,
    Statement,
    Step,
    Table,
)
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.latex.inlines import heading, inline
from rankbound.appendix.latex.labels import References, name_of
from rankbound.appendix.latex.tables import table
from rankbound.appendix.latex.words import code, row, words
from rankbound.errors import invalid

_WIDE, _NARROW = 33.0, 21.0  # em: the text of the usual page with one column, and of a column of two
_INDENT = 2.5  # em, of lists
_FRAMED = 1500  # characters of a notice that is framed; a longer one has to be broken at the end of a page
_LEVELS = ("section", "subsection", "subsubsection", "paragraph")
_KINDS = {"Theorem": "rankboundtheorem", "Refutation": "rankboundrefutation", "Question": "rankboundquestion"}
_CARRIERS = {carrier: carrier.value for carrier in Carrier} | {Carrier.UNCHECKED: r"\textbf{NOT CHECKED}"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: how deep in sections, and how many em its lines are shorter, in wide and narrow columns."""

    references: References
    depth: int = 0
    wide: float = 0.0
    narrow: float = 0.0

    def indented(self, wide: float, narrow: float) -> Place:
        """Return a place with lines that are so much shorter."""
        return replace(self, wide=self.wide + wide, narrow=self.narrow + narrow)


def blocks(content: Blocks, place: Place) -> list[str]:
    """Return the lines of some blocks; what stands around a displayed formula is one paragraph with it.

    Raises
    ------
    ValueError
        If something in them cannot be written in LaTeX: a character, a formula, a reference to nothing.
    """
    lines: list[str] = []
    before: Block | None = None
    for block in content:
        around = isinstance(block, (Display, Paragraph)) and isinstance(before, (Display, Paragraph))
        if lines and not (around and Display in (type(block), type(before))):
            lines.append("")
        lines += _WRITERS[type(block)](block, place)
        before = block
    return lines


def _paragraph(block: Paragraph, place: Place) -> list[str]:
    return [inline(block.content, place.references)]


def _display(block: Display, place: Place) -> list[str]:
    wide = to_latex(block.latex, width=_WIDE - place.wide)
    narrow = to_latex(block.latex, width=_NARROW - place.narrow)
    if wide == narrow:
        return [r"\rankbounddisplay{%", wide, "}"]
    return [r"\rankboundbroken{%", wide, "}{%", narrow, "}"]


def _items(block: Items, place: Place) -> list[str]:
    inside = place.indented(_INDENT, _INDENT)
    lines = []
    for number, item in enumerate(block.items, 1):
        lines.append(rf"\item[({number})]" if block.numbered else r"\item[$\bullet$]")
        if isinstance(item[0], Display):
            lines.append(r"\rankboundbeside")
        lines += blocks(item, inside)
    name = "enumerate" if block.numbered else "itemize"
    # Lines are ragged already, but some classes make those of lists and theorems even again.
    return [rf"\begin{{{name}}}\rankboundragged", *lines, rf"\end{{{name}}}"] if lines else []


def _definitions(block: Definitions, place: Place) -> list[str]:
    rows = []
    for term, meaning in block.entries:
        what = inline(meaning, place.references)
        rows.append(r"\item " + inline(term, place.references) + (f": {what}" if what else ""))
    return [r"\begin{rankbounddefinitions}", *rows, r"\end{rankbounddefinitions}"] if rows else []


def _table(block: Table, place: Place) -> list[str]:
    return table(block, place.references)


def _figure(block: Figure, place: Place) -> list[str]:
    return [
        r"\begin{figure}[htbp]",
        r"\centering",
        f"% {words(block.description)}",
        rf"\rankboundfit{{\includegraphics{{\rankboundfigures {block.picture}.pdf}}}}",
        rf"\caption{{{inline(block.caption, place.references)}}}",
        rf"\rankboundlabel{{{name_of(block.label)}}}",
        r"\end{figure}",
    ]


def _listing(block: Listing, place: Place) -> list[str]:
    rows = [rf"\rankboundrow{{{row(line)}}}" for line in block.text.splitlines()]
    return [r"\begin{rankboundlisting}", *rows, r"\end{rankboundlisting}"]


def _notice(block: Notice, place: Place) -> list[str]:
    lines = blocks(block.content, place.indented(1.0, 1.0))
    plain = all(isinstance(one, (Paragraph, Display, Items, Definitions)) for one in block.content)
    name = "rankboundnotice" if plain and sum(map(len, lines)) <= _FRAMED else "rankboundlongnotice"
    return [rf"\begin{{{name}}}{{{words(block.title)}}}", *lines, rf"\end{{{name}}}"]


def _statement(block: Statement, place: Place) -> list[str]:
    if block.kind not in _KINDS:
        raise invalid("kind", block.kind, f"one of {', '.join(_KINDS)}", "give the statement one of these kinds")
    name = _KINDS[block.kind]
    return [
        rf"\begin{{{name}}}\rankboundragged",
        rf"\rankboundlabel{{{name_of(block.label)}}}%",
        rf"\rankboundtitle{{{inline(block.title, place.references)}}}{{{code(block.id)}}}",
        *blocks(block.content, place),
        rf"\end{{{name}}}",
    ]


def _proof(block: Proof, place: Place) -> list[str]:
    lines = [rf"\begin{{rankboundproof}}{{{place.references(block.of)}}}", *blocks(block.content, place)]
    finished = all(step.carrier is not Carrier.UNCHECKED for step in block.steps)
    if block.steps:
        lines.append(r"\begin{rankboundsteps}")
        for number, step in enumerate(block.steps, 1):
            lines += _step(step, place, last=finished and number == len(block.steps))
        lines.append(r"\end{rankboundsteps}")
    else:
        lines.append(r"\rankboundqed")
    return [*lines, r"\end{rankboundproof}"]


def _step(step: Step, place: Place, *, last: bool) -> list[str]:
    lines = [rf"\rankboundstep{{{words(step.name)}}}\rankboundlabel{{{name_of(step.label)}}}%"]
    lines += blocks(step.claim, place.indented(_INDENT, 0.0))
    end = rf"\rankbound{'last' if last else 'carrier'}{{{_CARRIERS[step.carrier]}}}"
    return [*lines, inline(step.reason, place.references), end]


def _fold(block: Fold, place: Place) -> list[str]:
    return [rf"\rankboundfold{{{inline(block.summary, place.references)}}}", *blocks(block.content, place)]


def _section(block: Section, place: Place) -> list[str]:
    level = _LEVELS[min(place.depth, len(_LEVELS) - 1)]
    return [
        rf"\{level}{{{heading(block.title, place.references)}}}",
        rf"\rankboundlabel{{{name_of(block.label)}}}",
        *blocks(block.content, replace(place, depth=place.depth + 1)),
    ]


_WRITERS: Mapping[type, Callable[[Any, Place], list[str]]] = {
    Paragraph: _paragraph,
    Display: _display,
    Items: _items,
    Definitions: _definitions,
    Table: _table,
    Figure: _figure,
    Listing: _listing,
    Notice: _notice,
    Statement: _statement,
    Proof: _proof,
    Fold: _fold,
    Section: _section,
}
