"""Words in a line, as HTML."""

from __future__ import annotations

import re
from html import escape

from rankbound.appendix.document import Citation, Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Text
from rankbound.appendix.formulas import to_mathml
from rankbound.appendix.html.displays import inline_formula
from rankbound.appendix.html.scope import Scope, element, link

_ENDS = re.compile(r"([,.;:!?)\]\u201d\u2019]*)(.*?)([(\[\u201c\u2018]*)", re.DOTALL)


def words_of(inlines: Inlines, scope: Scope) -> str:
    """Return what stands in a line.

    Browsers break lines next to every formula, so that signs of punctuation next to one are kept with it.
    """
    words = []
    for before, inline, after in zip((None, *inlines), inlines, (*inlines[1:], None), strict=False):
        if isinstance(inline, Text):
            closing, inside, opening = _ends(inline)
            said = ("" if isinstance(before, Math) else closing) + inside + ("" if isinstance(after, Math) else opening)
            words.append(escape(said, quote=False))
            continue
        opening, closing = (_ends(before)[2], _ends(after)[0]) if isinstance(inline, Math) else ("", "")
        word = _word(inline, scope)
        words.append(element("span", f"{opening}{word}{closing}", class_="kept") if opening or closing else word)
    return "".join(words)


def _ends(inline: Inline | None) -> tuple[str, str, str]:
    """Return the signs that close what is before words, the words, and the signs that open what is after them."""
    found = _ENDS.fullmatch(inline.words) if isinstance(inline, Text) else None
    return (found[1], found[2], found[3]) if found else ("", "", "")


def work_id(key: str) -> str:
    """Return the anchor of an entry of the bibliography."""
    return f"work:{key}"


def _word(inline: Inline, scope: Scope) -> str:
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
    if isinstance(inline, Citation):
        return _cited(inline, scope)
    return escape(inline.words, quote=False)


def _cited(citation: Citation, scope: Scope) -> str:
    number = f"[{scope.number_of(citation.key)}]"
    return link(work_id(citation.key), number, "cite") if scope.links else number
