"""A formula as one sequence of pieces, in which also fences are open, with what a break before each would cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.opening import opened
from rankbound.appendix.formulas.sizes import gaps, measure, measure_node, size_of
from rankbound.appendix.formulas.tree import Node, is_prefix, is_product

RELATION, CONDITION, LIST, TERM, WORD, SIGN, DIGITS, FACTOR = -85.0, -90.0, 10.0, 30.0, 40.0, 60.0, 100.0, 220.0
"""What a break costs before a relation, a condition, what follows a comma, a term, words, a bar, digits, a factor."""

_IN_FENCE, _DEEPER, _IN_CONDITION = 130.0, 40.0, 300.0
"""What it costs more inside a fence, where it is more than another row so that fences stay whole where they can; in
a fence in it; and within one of the conditions for a formula.
"""

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
class Group:
    """A fence, or a function at one, that reaches from one piece to another: ``node`` if it is not broken."""

    first: int
    last: int
    node: Node


@dataclass(slots=True)
class Pieces:
    """A whole formula; groups are in the order of their beginnings, the outer ones first."""

    pieces: list[Piece] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @classmethod
    def of(cls, items: tuple[Node, ...], width: float) -> Pieces:
        """Take a formula apart for rows of a width in em."""
        whole = cls()
        whole._add(_without_wide(items, width), width, 0)
        return whole

    def _add(self, items: tuple[Node, ...], width: float, depth: int) -> None:
        spaces = gaps(items)
        for place, item in enumerate(items):
            first = len(self.pieces)
            self._take(item, width, depth)
            start = self.pieces[first]
            start.gap = spaces[place]
            start.cost = _cost(items, place, depth)
            in_condition = depth == 0 and _is_in_condition(items, place)
            if in_condition and start.cost is not None and not _after_comma(items, place):
                start.cost = max(start.cost, 0.0) + _IN_CONDITION
            start.starts = depth == 0 and isinstance(item, tree.Relation) and not in_condition
            start.times = place > 0 and is_product(items[place - 1], item)

    def _take(self, item: Node, width: float, depth: int) -> None:
        function: Node | None = None
        fence = item
        if isinstance(item, tree.Call):
            function, fence = item.function, item.arguments
        scripts = fence if isinstance(fence, tree.Scripts) else None
        if scripts is not None:
            fence = scripts.base
        if isinstance(item, tree.Text):
            self._take_words(item, depth)
        elif isinstance(item, tree.Number) and measure_node(item).width > width:
            self._take_digits(item, depth)
        elif isinstance(fence, tree.Fenced) and measure_node(fence).width > _SHORT:
            first = len(self.pieces)
            if function is not None:
                self._append(function, depth)
            self._take_fence(fence, scripts, width, depth)
            self.groups.append(Group(first, len(self.pieces) - 1, item))
        else:
            self._append(item, depth)

    def _take_fence(self, fence: tree.Fenced, scripts: tree.Scripts | None, width: float, depth: int) -> None:
        items = _without_wide(fence.body.items, width - 1.0)
        size = min(size_of(measure(items)), 4) if fence.grows else 0
        self._append(tree.Delimiter(fence.left, "left", size), depth)
        self._add(
            tuple(tree.Delimiter("|", "middle", size) if item == tree.Middle() else item for item in items),
            width - 1.0,
            depth + 1,
        )
        right: Node = tree.Delimiter(fence.right, "right", size)
        self._append(right if scripts is None else replace(scripts, base=right), depth)

    def _take_words(self, item: tree.Text, depth: int) -> None:
        """Take words one by one if there are many, so that they can be broken."""
        words = item.words.split(" ")
        if len(words) < 6:
            self._append(item, depth)
            return
        texts = [word + " " for word in words[:-1]] + [words[-1]]
        for place, text in enumerate(text for text in texts if text):
            self._append(tree.Text(text), depth)
            self.pieces[-1].cost = WORD if place else None

    def _take_digits(self, item: tree.Number, depth: int) -> None:
        """Take a number in groups of three digits with thin spaces, so that it can be broken."""
        first = len(item.digits) % 3
        groups = [item.digits[start : start + 3] for start in range(first, len(item.digits), 3)]
        for place, group in enumerate([item.digits[:first], *groups] if first else groups):
            if place:
                self._append(tree.Space(","), depth)
            self._append(tree.Number(group), depth)
            self.pieces[-1].cost = _in_fence(depth) + DIGITS if place else None

    def _append(self, node: Node, depth: int) -> None:
        self.pieces.append(Piece(node, None, 0.0, measure_node(node).width, depth))


def _without_wide(items: tuple[Node, ...], width: float) -> tuple[Node, ...]:
    """Return pieces of which none is wider than a row and can be broken only if it is written in another way."""
    result: list[Node] = []
    for item in items:
        other = opened(item, width) if measure_node(item).width > width else None
        result += [item] if other is None else _without_wide(other, width)
    return tuple(result)


def _in_fence(depth: int) -> float:
    return _IN_FENCE + _DEEPER * (depth - 1) if depth else 0.0


def _cost(items: tuple[Node, ...], place: int, depth: int) -> float | None:
    """Return what a break before a piece costs."""
    if place == 0:
        return None
    item, before = items[place], items[place - 1]
    cost: float | None = None
    if isinstance(item, tree.Relation) and item.name not in ("in", ":"):
        cost = RELATION
    elif isinstance(item, tree.Text):
        cost = CONDITION if item.words.startswith("for ") else WORD
    elif isinstance(item, tree.Operator) and not is_prefix(items, place):
        cost = TERM if item.name in ("+", "-") else FACTOR
    elif isinstance(item, (tree.Space, tree.Punctuation)) or item == tree.Mark("!"):
        return None
    elif isinstance(item, tree.Delimiter) and item.side == "middle":
        cost = SIGN
    elif _after_comma(items, place):
        cost = LIST
    elif is_product(before, item):
        cost = FACTOR
    return None if cost is None else cost + _in_fence(depth)


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
