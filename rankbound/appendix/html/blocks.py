"""Blocks, as HTML."""

from __future__ import annotations

from html import escape

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
from rankbound.appendix.html.displays import displayed_formula
from rankbound.appendix.html.scope import Scope, element, link
from rankbound.appendix.html.tables import figure_of, table_of
from rankbound.appendix.html.words import words_of

_CLASSES = {
    Carrier.EXACT: "exact",
    Carrier.BALLS: "balls",
    Carrier.CITED: "cited",
    Carrier.UNCHECKED: "unchecked",
}


def html_of(blocks: Blocks, scope: Scope) -> str:
    """Return blocks, each on lines of its own."""
    return "\n".join(_block(block, scope) for block in blocks)


def _block(block: Block, scope: Scope) -> str:
    """Return one block."""
    if isinstance(block, Paragraph):
        return element("p", words_of(block.content, scope))
    if isinstance(block, Display):
        return displayed_formula(block.latex, scope.width)
    if isinstance(block, Items):
        return _items(block, scope)
    if isinstance(block, Definitions):
        return _definitions(block, scope)
    if isinstance(block, Table):
        return table_of(block, scope)
    if isinstance(block, Figure):
        return figure_of(block, scope)
    if isinstance(block, Listing):
        return element("pre", element("code", escape(block.text, quote=False)), tabindex="0", aria_label="Listing")
    if isinstance(block, Notice):
        return _notice(block, scope)
    if isinstance(block, Proof):
        return _proof(block, scope)
    if isinstance(block, Statement):
        return _statement(block, scope)
    if isinstance(block, Fold):
        return _fold(block, scope)
    return _section(block, scope)


def _lines(*parts: str) -> str:
    """Return parts on lines of their own, empty ones left out."""
    return "\n" + "".join(f"{part}\n" for part in parts if part)


def _items(items: Items, scope: Scope) -> str:
    inside = scope.indented()
    entries = [element("li", element("div", _lines(html_of(item, inside)))) for item in items.items]
    if items.numbered:
        return element("ol", _lines(*entries), class_="numbered", role="list")
    return element("ul", _lines(*entries), class_="items")


def _definitions(definitions: Definitions, scope: Scope) -> str:
    entries = [
        element("div", element("dt", words_of(term, scope)) + element("dd", words_of(meaning, scope)))
        for term, meaning in definitions.entries
    ]
    return element("dl", _lines(*entries))


def _notice(notice: Notice, scope: Scope) -> str:
    title = element("p", element("strong", escape(notice.title, quote=False)), class_="title")
    return element(
        "aside",
        _lines(title, html_of(notice.content, scope.indented())),
        class_="notice",
        role="note",
        aria_label=notice.title,
    )


def _statement(statement: Statement, scope: Scope) -> str:
    number = link(statement.label, scope.name_of(statement.label), "number")
    title = words_of(statement.title, scope.unlinked())
    named = element("span", f"({title})", class_="name") if title else ""
    heading = element(
        f"h{scope.level}",
        " ".join(part for part in (number, named, element("code", escape(statement.id, quote=False))) if part),
        id=f"{statement.label}:title",
    )
    return element(
        "article",
        _lines(heading, html_of(statement.content, scope.below().indented(1.5))),
        class_=f"statement {statement.kind.lower()}",
        id=statement.label,
        aria_labelledby=f"{statement.label}:title",
    )


def _proof(proof: Proof, scope: Scope) -> str:
    name = scope.name_of(proof.of)
    of = link(proof.of, name) if proof.of in scope.targets else name
    heading = element(f"h{scope.level}", f"Proof of {of}")
    steps = _lines(*(_step(step, scope.below().indented()) for step in proof.steps))
    listed = element("ol", steps, class_="steps", role="list") if proof.steps else ""
    return element("div", _lines(heading, html_of(proof.content, scope.below()), listed), class_="proof")


def _step(step: Step, scope: Scope) -> str:
    mark = element("span", step.carrier.value, class_=f"carrier {_CLASSES[step.carrier]}")
    head = element(
        "p",
        f"{link(step.label, scope.name_of(step.label), 'number')} "
        f"{element('em', escape(step.name, quote=False))} {mark}",
        class_="head",
    )
    reason = element("p", words_of(step.reason, scope), class_="reason") if step.reason else ""
    return element("li", _lines(head, html_of(step.claim, scope), reason), id=step.label)


def _fold(fold: Fold, scope: Scope) -> str:
    summary = element("summary", words_of(fold.summary, scope.unlinked()))
    whole = element("div", _lines(html_of(fold.content, scope.indented(1.5))), class_="folded")
    return element("details", _lines(summary, whole), id=fold.label)


def _section(section: Section, scope: Scope) -> str:
    heading = element(
        f"h{scope.level}",
        f"{link(section.label, scope.numbers[section.label], 'number')} {words_of(section.title, scope.unlinked())}",
        id=f"{section.label}:title",
    )
    return element(
        "section",
        _lines(heading, html_of(section.content, scope.below())),
        id=section.label,
        aria_labelledby=f"{section.label}:title",
    )
