"""How much room the pieces of a formula take: an estimate after TeX's own rules, with the widths of its letters.

Lengths are in em of the text around the formula.
"""

from __future__ import annotations

from dataclasses import dataclass

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.signs import SIGNS, SIZES, SPACES
from rankbound.appendix.formulas.tree import Node, Row, has_limits, is_prefix

DISPLAY, TEXT, SCRIPT, SMALL = range(4)
"""TeX's styles: a displayed formula, one in the line or in a fraction, an index or exponent, and one of these."""

_WIDTH, _HEIGHT = (1.0, 1.0, 0.81, 0.71), (1.0, 1.0, 0.7, 0.5)
_THIN, _MEDIUM, _THICK = 3 / 18, 4 / 18, 5 / 18
AXIS = 0.25
"""How high the line of fractions is."""
_PARENTHESES = (0.389, 0.458, 0.597, 0.736, 0.792, 0.875)
_BRACKETS = (0.278, 0.417, 0.472, 0.528, 0.583, 0.667)
_BRACES = (0.5, 0.583, 0.667, 0.75, 0.806, 0.889)
_WIDTHS = {"(": _PARENTHESES, ")": _PARENTHESES, r"\{": _BRACES, r"\}": _BRACES}
"""The widths of delimiters in the sizes of :data:`SIZES`, and of larger ones; all others are as brackets."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a piece takes: to the right, above and below the line of the letters."""

    width: float
    height: float = 0.7
    depth: float = 0.1


def reach(box: Box) -> float:
    """Return how far a piece reaches above or below the line of fractions, whichever is more."""
    return max(box.height - AXIS, box.depth + AXIS)


def size_of(box: Box) -> int:
    """Return the place in :data:`SIZES` of the delimiters that TeX puts around something, or one more for larger."""
    return next((place for place, size in enumerate(SIZES) if size >= 1.8 * reach(box)), len(SIZES))


def measure(row: Row | tuple[Node, ...], style: int = DISPLAY) -> Box:
    """Return what pieces side by side take."""
    items = row.items if isinstance(row, Row) else row
    if not items:
        return Box(0.0, 0.0, 0.0)
    boxes = [measure_node(item, style) for item in items]
    width = sum(box.width for box in boxes) + sum(gaps(items, style))
    return Box(width, max(box.height for box in boxes), max(box.depth for box in boxes))


def gaps(items: tuple[Node, ...], style: int = DISPLAY) -> list[float]:
    """Return the white space that TeX puts before each piece, also next to white space of the formula."""
    found, before = [], ""
    for place, item in enumerate(items):
        left, right = _kind(item, items, place)
        found.append(_gap(before, left, style) if before and left != "space" else 0.0)
        before = before if right == "space" else right
    return found


def _kind(node: Node, items: tuple[Node, ...], place: int) -> tuple[str, str]:
    """Return TeX's class of a piece on its left and on its right."""
    match node:
        case tree.Operator():
            kind = "ord" if node.name == "/" or is_prefix(items, place) else "bin"
        case tree.Relation():
            kind = "rel"
        case tree.Punctuation():
            kind = "punct"
        case tree.Big() | tree.Function():
            kind = "op"
        case tree.Fraction() | tree.Fenced(grows=True):
            kind = "inner"
        case tree.Fenced():
            return "open", "close"
        case tree.Delimiter(_, side):
            kind = {"left": "open", "right": "close", "middle": "ord"}[side]
        case tree.Scripts():
            return _kind(node.base, items, place)
        case tree.Call():
            return _kind(node.function, items, place)[0], _kind(node.arguments, items, place)[1]
        case tree.Space():
            kind = "space"
        case _:
            kind = "ord"
    return kind, kind


def _gap(left: str, right: str, style: int) -> float:
    if (left, right) == ("rel", "rel"):
        return 0.0
    if "op" in (left, right) and left in ("ord", "op", "close", "inner") and right in ("ord", "op", "inner"):
        return _THIN * _HEIGHT[style]
    if style >= SCRIPT:
        return 0.0
    if "bin" in (left, right):
        return _MEDIUM
    if "rel" in (left, right):
        return 0.0 if left == "open" or right in ("close", "punct") else _THICK
    if left == "punct" or (left, right) in (
        *(("inner", "ord"), ("ord", "inner"), ("inner", "inner"), ("inner", "open"), ("close", "inner")),
        *(("inner", "punct"), ("inner", "op")),
    ):
        return _THIN
    return 0.0


def measure_node(node: Node, style: int = DISPLAY) -> Box:
    """Return what a piece takes."""
    wide, high = _WIDTH[style], _HEIGHT[style]
    match node:
        case Row():
            return measure(node, style)
        case tree.Number(digits):
            return Box(0.5 * len(digits) * wide, 0.65 * high, 0.0)
        case tree.Styled(_, text):
            return Box((0.75 if text[0].isupper() else 0.5) * len(text) * wide, 0.7 * high, 0.0)
        case tree.Text(words):
            return Box(sum(0.333 if letter == " " else 0.47 for letter in words), 0.7, 0.2)
        case tree.Space(name):
            return Box(SPACES[name][0], 0.0, 0.0)
        case tree.Fraction(above, below):
            return _fraction(above, below, style, 0.12)
        case tree.Stack(_, above, below):
            box = _fraction(above, below, style, 0.0)
            return Box(box.width + 1.2 * wide, box.height, box.depth)
        case tree.Root(body):
            box = measure(body, style)
            return Box(box.width + (0.833 if box.height < 0.75 * high else 1.0) * wide, box.height + 0.2, box.depth)
        case tree.Accent(_, body):
            box = measure(body, style)
            return Box(box.width, box.height + 0.2 * high, box.depth)
        case tree.Scripts():
            return _scripts(node, style)
        case tree.Fenced(left, body, right, grows):
            box = measure(body, style)
            place = size_of(box) if grows else 0
            half = SIZES[min(place, len(SIZES) - 1)] / 2 * high
            around = (_delimiter(left, place) + _delimiter(right, place)) * (wide if place == 0 else 1.0)
            return Box(box.width + around, max(box.height, half + AXIS), max(box.depth, half - AXIS))
        case tree.Middle():
            return Box(0.333, 0.75, 0.25)
        case tree.Call(function, arguments):
            return measure((function, arguments), style)
        case tree.Delimiter(token, _, size):
            return Box(_delimiter(token, size), SIZES[size] / 2 + AXIS, SIZES[size] / 2 - AXIS)
        case tree.Big(name):
            return _big(name, style)
        case _:
            return Box(SIGNS[node.name].width * wide, 0.7 * high, 0.2 * high)


def _delimiter(token: str, size: int) -> float:
    return _WIDTHS.get(token, _BRACKETS)[size]


def _big(name: str, style: int) -> Box:
    width, high = SIGNS[name].width, _HEIGHT[style]
    if name not in ("sum", "prod", "int"):
        return Box(width * _WIDTH[style], 0.7 * high, 0.0)
    if style == DISPLAY:
        return Box(width, 1.36, 0.86) if name == "int" else Box(width, 0.95, 0.45)
    return Box(width * 0.73 * _WIDTH[style], 0.8 * high, 0.3 * high)


def _fraction(above: Row, below: Row, style: int, line: float) -> Box:
    inner = min(style + 1, SMALL)
    top, bottom = measure(above, inner), measure(below, inner)
    high = _HEIGHT[style]
    shift = (0.677, 0.686) if style == DISPLAY else (0.394 * high, 0.345 * high)
    height = max(shift[0], AXIS * high + line + top.depth) + top.height
    depth = max(shift[1], line + bottom.height - AXIS * high) + bottom.depth
    return Box(max(top.width, bottom.width) + 0.24, height, depth)


def _scripts(node: tree.Scripts, style: int) -> Box:
    inner = max(SCRIPT, min(style + 1, SMALL))
    base = measure_node(node.base, style)
    below = measure(node.below, inner) if node.below is not None else Box(0.0, 0.0, 0.0)
    above = measure(node.above, inner) if node.above is not None else Box(0.0, 0.0, 0.0)
    above = Box(above.width + 0.3 * node.primes * _WIDTH[style], above.height, above.depth)
    if style == DISPLAY and has_limits(node.base):
        height = base.height + (above.height + above.depth + 0.2 if node.above is not None else 0.0)
        depth = base.depth + (below.height + below.depth + 0.2 if node.below is not None else 0.0)
        return Box(max(base.width, below.width, above.width), height, depth)
    width = base.width + max(below.width, above.width) + 0.05
    is_letter = isinstance(node.base, (tree.Letter, tree.Styled, tree.Number))
    rise = max(0.4 * _HEIGHT[style], above.depth + 0.108, 0.0 if is_letter else base.height - 0.386)
    fall = max(0.2 * _HEIGHT[style], below.height - 0.344, 0.0 if is_letter else base.depth + 0.05)
    return Box(width, max(base.height, rise + above.height), max(base.depth, fall + below.depth))
