"""A formula in letters, signs and plain HTML, for where Markdown has no formulas: the summaries of what is folded."""

from __future__ import annotations

import html

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.formulas.signs import DELIMITERS, SIGNS
from rankbound.appendix.formulas.tree import Node, Row, is_prefix

_DOUBLE_STRUCK = {
    "C": "\N{DOUBLE-STRUCK CAPITAL C}",
    "E": "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL E}",
    "N": "\N{DOUBLE-STRUCK CAPITAL N}",
    "P": "\N{DOUBLE-STRUCK CAPITAL P}",
    "R": "\N{DOUBLE-STRUCK CAPITAL R}",
    "Z": "\N{DOUBLE-STRUCK CAPITAL Z}",
}
_COMBINING = {"bar": "\N{COMBINING MACRON}", "hat": "\N{COMBINING CIRCUMFLEX ACCENT}"}
_PLAIN = (tree.Letter, tree.Number, tree.Styled, tree.Scripts, tree.Fenced, tree.Call)
_TERMS = (*_PLAIN, tree.Function, tree.Root)


def as_html(latex: str) -> str:
    """Return a formula in a line of HTML: letters in ``<em>``, indices in ``<sub>`` and exponents in ``<sup>``.

    Raises
    ------
    ValueError
        If something in it does not belong to the notation of :mod:`rankbound.appendix.formulas`.
    """
    return _row(parse(latex))


def _row(row: Row) -> str:
    text = ""
    for place, item in enumerate(row.items):
        piece = _node(item)
        if place and isinstance(item, _TERMS) and isinstance(row.items[place - 1], _TERMS):
            is_apart = _is_function(row.items[place - 1]) or _is_function(item)
            piece = f" {piece}" if is_apart else piece
        between = isinstance(item, tree.Operator) and item.name != "/" and not is_prefix(row.items, place)
        if between or isinstance(item, tree.Relation):
            piece = f" {piece} "
        elif isinstance(item, tree.Punctuation) and place + 1 < len(row.items):
            piece = f"{piece} "
        text += piece
    return text


def _is_function(node: Node) -> bool:
    """Say whether a piece begins with the name of a function, of which neither side touches a letter."""
    if isinstance(node, tree.Scripts):
        return _is_function(node.base)
    return isinstance(node, tree.Function) or (isinstance(node, tree.Call) and _is_function(node.function))


def _node(node: Node) -> str:
    match node:
        case Row():
            return _row(node)
        case tree.Number(digits):
            return digits
        case tree.Letter(name):
            return f"<em>{SIGNS[name].unicode}</em>"
        case tree.Styled(font, text):
            return _DOUBLE_STRUCK.get(text, text) if font == "mathbb" else text
        case tree.Text(words):
            return html.escape(words, quote=False)
        case tree.Space():
            return " "
        case tree.Fraction(above, below):
            return f"{_part(above)}/{_part(below)}"
        case tree.Stack(fence, above, below):
            return f"{'(' if fence == '(' else '{'}{_row(above)} over {_row(below)}{')' if fence == '(' else '}'}"
        case tree.Root(body):
            return f"\N{SQUARE ROOT}{_part(body)}"
        case tree.Accent(name, body):
            accented = _row(body)
            return accented.replace("</em>", f"{_COMBINING[name]}</em>") if accented.endswith("</em>") else accented
        case tree.Scripts(base, below, above, primes):
            index = f"<sub>{_row(below)}</sub>" if below is not None else ""
            exponent = f"<sup>{_row(above)}</sup>" if above is not None else ""
            return _node(base) + "\N{PRIME}" * primes + index + exponent
        case tree.Fenced(left, body, right):
            return f"{DELIMITERS[left][0]}{_row(body)}{DELIMITERS[right][0]}"
        case tree.Middle():
            return "|"
        case tree.Call(function, arguments):
            return _node(function) + _node(arguments)
        case tree.Delimiter(token):
            return DELIMITERS[token][0]
        case _:
            return html.escape(SIGNS[node.name].unicode, quote=False)


def _part(row: Row) -> str:
    """Return a part of a fraction or a radicand, in parentheses unless it is a single piece."""
    is_single = len(row.items) == 1 and isinstance(row.items[0], _PLAIN)
    return _row(row) if is_single else f"({_row(row)})"
