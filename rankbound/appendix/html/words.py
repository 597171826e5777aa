"""Words in a line, as HTML."""

from __future__ import annotations

from html import escape

from rankbound.appendix.document import Citation, Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Text
from rankbound.appendix.formulas import to_mathml
from rankbound.appendix.html.displays import inline_formula
from rankbound.appendix.html.scope import Scope, element, link


def words_of(inlines: Inlines, scope: Scope) -> str:
    """Return what stands in a line."""
    return "".join(_word(inline, scope) for inline in inlines)


def work_id(key: str) -> str:
    """Return the anchor of an entry of the bibliography."""
    return f"work:{key}"


def _word(inline: Inline, scope: Scope) -> str:
    if isinstance(inline, Text):
        return escape(inline.words, quote=False)
    if isinstance(inline, Math):
        return inline_formula(inline.latex) if scope.links else to_mathml(inline.latex)
    if isinstance(inline, Code):
        return element("code", escape(inline.text, quote=False))
    if isinstance(inline, Emphasis):
        return element("em", words_of(inline.content, scope))
    if isinstance(inline, Strong):
        return element("strong", words_of(inline.content, scope))
    if isinstance(inline, Reference):
        name = escape(scope.name_of(inline.label), quote=False)
        return link(inline.label, name) if scope.links and inline.label in scope.targets else name
    return _cited(inline, scope)


def _cited(citation: Citation, scope: Scope) -> str:
    number = f"[{scope.number_of(citation.key)}]"
    return link(work_id(citation.key), number, "cite") if scope.links else number
