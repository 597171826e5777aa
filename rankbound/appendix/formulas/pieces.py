"""A formula as one sequence of pieces, in which also fences are open, with what a break before each would cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.opening import opened
from rankbound.appendix.formulas.sizes import gaps, measure, measure_node, size_of
from rankbound.appendix.formulas.tree import Node, is_prefix, is_product

RELATION, CONDITION, LIST, TERM = -85.0, -90.0, 10.0, 30.0
"""What a break costs before a relation, a condition, what follows a comma, and a term."""

WORD, SIGN, DIGITS, SERIES, FACTOR = 40.0, 15.0, 100.0, 170.0, 220.0
"""The same before a word, a bar, more digits of a number, a factor that is a sum, and any other factor."""

EVENT, ARGUMENT = 80.0, 90.0
"""The same before a relation, and after a comma, inside of a fence."""

_IN_FENCE, _DEEPER, _IN_NARROW, _IN_CONDITION = 130.0, 40.0, 80.0, 300.0
"""What it costs more inside a fence, where it is more than another row so that fences stay whole where they can; in
a fence in it; in one that fills but a part of a row; and within one of the conditions for a formula.
"""

_NARROW = 0.4
"""That part of a row."""

_SPACING = 0.25
"""About the white space, in em, between a sign and what follows it."""

_SHORT = 5.0
"""Fences that are narrower, in em, are never broken."""


@dataclass(slots=True)
class Piece:
    """A piece, and what a break before it costs, or ``None`` if there must be none.

    ``gap`` is the white space before it if there is no break, ``width`` its own; ``depth`` says in how many open fences
    it stands. ``starts`` is true for a relation of the whole formula, ``times`` where a break separates factors.
    """

    node: Node
    cost: float | None
    gap: float
    width: float
    depth: int
    starts: bool = False
    times: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    """Where a piece stands: in how many open fences, what breaks cost more there, how wide the widest piece may be."""

    depth: int
    cost: float
    width: float

    def inside(self, fence: Node, row: float) -> _Level:
        """Return the level inside of a fence; ``row`` is the width of a row."""
        narrow = _IN_NARROW if measure_node(fence).width < _NARROW * row else 0.0
        more = (_DEEPER if self.depth else _IN_FENCE) + narrow
        return _Level(self.depth + 1, self.cost + more, self.width - 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """A fence, or a function at one, that reaches from one piece to another: ``node`` if it is not broken."""

    first: int
    last: int
    node: Node


@dataclass(slots=True)
class Pieces:
    """A whole formula; groups are in the order of their beginnings, the outer ones first."""

    width: float
    pieces: list[Piece] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @classmethod
    def of(cls, items: tuple[Node, ...], width: float) -> Pieces:
        """Take a formula apart for rows of a width in em."""
        whole = cls(width)
        level = _Level(0, 0.0, width)
        whole._add(_without_wide(items, width), level)
        return whole

    def _add(self, items: tuple[Node, ...], level: _Level) -> None:
        spaces = gaps(items)
        for place, item in enumerate(items):
            first = len(self.pieces)
            self._take(item, level)
            start = self.pieces[first]
            start.gap = spaces[place]
            start.cost = _cost(items, place, level)
            in_condition = level.depth == 0 and _is_in_condition(items, place)
            if in_condition and start.cost is not None and not _after_comma(items, place):
                start.cost = max(start.cost, 0.0) + _IN_CONDITION
            start.starts = level.depth == 0 and isinstance(item, tree.Relation) and not in_condition
            start.times = place > 0 and is_product(items[place - 1], item)

    def _take(self, item: Node, level: _Level) -> None:
        function: Node | None = None
        fence = item
        if isinstance(item, tree.Call):
            function, fence = item.function, item.arguments
        scripts = fence if isinstance(fence, tree.Scripts) else None
        if scripts is not None:
            fence = scripts.base
        if isinstance(item, tree.Text):
            self._take_words(item, level)
        elif isinstance(item, tree.Number) and item.digits.isdigit() and measure_node(item).width > level.width:
            self._take_digits(item, level)
        elif isinstance(fence, tree.Fenced) and measure_node(fence).width > _SHORT:
            first = len(self.pieces)
            if function is not None:
                self._append(function, level)
            self._take_fence(fence, scripts, level)
            self.groups.append(Group(first, len(self.pieces) - 1, item))
        else:
            self._append(item, level)

    def _take_fence(self, fence: tree.Fenced, scripts: tree.Scripts | None, level: _Level) -> None:
        inside = level.inside(fence, self.width)
        items = _without_wide(fence.body.items, inside.width)
        size = min(size_of(measure(items)), 4) if fence.grows else 0
        self._append(tree.Delimiter(fence.left, "left", size), level)
        with_bars = (tree.Delimiter("|", "middle", size) if item == tree.Middle() else item for item in items)
        self._add(tuple(with_bars), inside)
        right: Node = tree.Delimiter(fence.right, "right", size)
        self._append(right if scripts is None else replace(scripts, base=right), level)

    def _take_words(self, item: tree.Text, level: _Level) -> None:
        """Take words one by one if there are many, so that they can be broken."""
        words = item.words.split(" ")
        if len(words) < 6:
            self._append(item, level)
            return
        texts = [word + " " for word in words[:-1]] + [words[-1]]
        for place, text in enumerate(text for text in texts if text):
            self._append(tree.Text(text), level)
            self.pieces[-1].cost = WORD if place else None

    def _take_digits(self, item: tree.Number, level: _Level) -> None:
        """Take a number in groups of three digits with thin spaces, so that it can be broken."""
        first = len(item.digits) % 3
        groups = [item.digits[start : start + 3] for start in range(first, len(item.digits), 3)]
        for place, group in enumerate([item.digits[:first], *groups] if first else groups):
            if place:
                self._append(tree.Space(","), level)
            self._append(tree.Number(group), level)
            self.pieces[-1].cost = level.cost + DIGITS if place else None

    def _append(self, node: Node, level: _Level) -> None:
        self.pieces.append(Piece(node, None, 0.0, measure_node(node).width, level.depth))


def _without_wide(items: tuple[Node, ...], width: float) -> tuple[Node, ...]:
    """Return pieces of which none is wider than a row and can be broken only if it is written in another way.

    A sum or a sign must not be broken from what follows, and takes up room before it.
    """
    result: list[Node] = []
    before = 0.0
    for item in items:
        size = measure_node(item).width
        other = opened(item, width - before) if size + before > width else None
        result += [item] if other is None else _without_wide(other, width - before)
        before = before + size + _SPACING if isinstance(_base(item), (tree.Big, tree.Operator, tree.Relation)) else 0.0
    return tuple(result)


def _base(node: Node) -> Node:
    return node.base if isinstance(node, tree.Scripts) else node


def _cost(items: tuple[Node, ...], place: int, level: _Level) -> float | None:
    """Return what a break before a piece costs."""
    if place == 0:
        return None
    item, before = items[place], items[place - 1]
    cost: float | None = None
    if isinstance(item, tree.Relation) and item.name not in ("in", ":"):
        cost = EVENT if level.depth else RELATION
    elif isinstance(item, tree.Text):
        cost = CONDITION if item.words.startswith("for ") else WORD
    elif isinstance(item, tree.Operator) and not is_prefix(items, place):
        cost = TERM if item.name in ("+", "-") else FACTOR
    elif isinstance(item, (tree.Space, tree.Punctuation)) or item == tree.Mark("!"):
        return None
    elif isinstance(item, tree.Delimiter) and item.side == "middle":
        cost = SIGN
    elif _after_comma(items, place):
        cost = ARGUMENT if level.depth else LIST
    elif is_product(before, item):
        cost = SERIES if isinstance(_base(item), tree.Big) else FACTOR
    return None if cost is None else cost + level.cost


def _after_comma(items: tuple[Node, ...], place: int) -> bool:
    while place and isinstance(items[place - 1], tree.Space):
        place -= 1
    before = items[place - 1] if place else None
    return before in (tree.Punctuation(","), tree.Relation(":"))


def _is_in_condition(items: tuple[Node, ...], place: int) -> bool:
    """Say whether a piece belongs to the conditions after a formula, or to the quantifiers before it."""
    return tree.Relation(":") in items[place:] or any(
        isinstance(item, tree.Text) and item.words.startswith("for ") for item in items[:place]
    )
