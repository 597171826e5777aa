"""Breaking a displayed formula into rows that are not wider than a page or column.

All breaks are chosen at once so that there are few rows and breaks stand where they disturb least: before a relation
or a condition rather than before a term, there rather than inside of a fence, and between factors last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.pieces import Group, Pieces
from rankbound.appendix.formulas.sizes import measure
from rankbound.appendix.formulas.tree import Node, Row

_ROW, _EXCESS, _RAGGED = 100.0, 10_000.0, 10.0
_HANGING = 0.25
"""The part of a row up to which a left side stands before all rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a displayed formula.

    ``before`` stands left of the line at which all rows are aligned, ``items`` right of it after ``indent`` em.
    """

    before: tuple[Node, ...]
    items: tuple[Node, ...]
    indent: float = 0.0


def broken(row: Row, width: float) -> tuple[Line, ...]:
    """Break a formula into rows.

    Parameters
    ----------
    row : Row
        The formula.
    width : float
        In em. A row is wider only if a piece in it can be neither broken nor written in another way.

    Returns
    -------
    tuple of Line
        One if the formula fits.
    """
    if measure(row).width <= width:
        return (Line((), row.items),)
    plain = _Layout(Pieces.of(row.items, width - 3.0), width, 0)
    return _hanging(row, width, plain) or plain.lines()


def _hanging(row: Row, width: float, plain: _Layout) -> tuple[Line, ...] | None:
    """Return rows that are aligned at the first relation if its left side is short and this takes no more rows."""
    first = next((place for place, item in enumerate(row.items) if isinstance(item, tree.Relation)), 0)
    left = measure(row.items[:first]).width
    if first == 0 or left > _HANGING * width or row.items[first] == tree.Relation("in"):
        return None
    inner = width - left - 0.3
    hanging = _Layout(Pieces.of(row.items[first:], inner - 2.0), inner, 1)
    if hanging.excess > plain.excess + 1e-9 or len(hanging.starts) > len(plain.starts):
        return None
    lines = hanging.lines()
    return (replace(lines[0], before=row.items[:first]), *lines[1:])


class _Layout:
    """The best breaks of a formula: ``starts`` are the pieces that begin rows, ``excess`` the width in em too many."""

    def __init__(self, whole: Pieces, width: float, hanging: int) -> None:
        self.whole, self.width, self.hanging = whole, width, hanging
        pieces = whole.pieces
        best: list[tuple[float, int, float]] = [(0.0, 0, 0.0)]  # cost, start of the last row, excess; up to a piece
        for end in range(1, len(pieces) + 1):
            best.append(min(self._rows(best, end), default=(float("inf"), 0, 0.0)))
        self.excess = best[-1][2]
        self.starts: list[int] = []
        end = len(pieces)
        while end:
            end = best[end][1]
            self.starts.insert(0, end)

    def _rows(self, best: list[tuple[float, int, float]], end: int) -> list[tuple[float, int, float]]:
        """Return the ways to end a row before a piece."""
        pieces, found, width = self.whole.pieces, [], 0.0
        if end < len(pieces) and pieces[end].cost is None:
            return []
        dropped = end
        while dropped and isinstance(pieces[dropped - 1].node, tree.Space):
            dropped -= 1
        for start in range(end - 1, -1, -1):
            piece = pieces[start]
            if start < dropped:
                width += piece.width + (pieces[start + 1].gap if start + 1 < dropped else 0.0)
            if start and piece.cost is None:
                continue
            room = max(1.0, self.width - self.indent(start) - (0.5 if piece.times and start else 0.0))
            excess = max(0.0, width - room)
            ragged = _RAGGED * max(0.0, 1 - width / room) ** 2 if end < len(pieces) else 0.0
            cost = _ROW + (piece.cost or 0.0) + ragged + (_EXCESS + 1000 * excess if excess > 1e-9 else 0.0)
            found.append((best[start][0] + cost, start, best[start][2] + excess))
            if width > 2 * self.width and len(found) > 1:
                break
        return found

    def indent(self, start: int) -> float:
        """Return how far, in em, a row that begins with this piece is indented."""
        piece = self.whole.pieces[start]
        if start == 0:
            return 0.0
        if piece.starts or (isinstance(piece.node, tree.Text) and piece.node.words.startswith("for ")):
            return 1.0 - self.hanging
        return min(2.0 + piece.depth, 5.0) - self.hanging

    def lines(self) -> tuple[Line, ...]:
        """Return the rows."""
        ends = [*self.starts[1:], len(self.whole.pieces)]
        return tuple(
            Line((), self._items(start, end), self.indent(start)) for start, end in zip(self.starts, ends, strict=True)
        )

    def _items(self, start: int, end: int) -> tuple[Node, ...]:
        """Return the nodes of a row: a fence that is not broken is whole again."""
        pieces = self.whole.pieces
        while isinstance(pieces[end - 1].node, tree.Space):
            end -= 1
        items: list[Node] = [tree.Operator("cdot")] if start and pieces[start].times else []
        place = start
        while place < end:
            group = self._unbroken(place)
            items.append(pieces[place].node if group is None else group.node)
            place = place + 1 if group is None else group.last + 1
        return _joined(items)

    def _unbroken(self, place: int) -> Group | None:
        for group in self.whole.groups:
            if group.first == place and not any(group.first < start <= group.last for start in self.starts):
                return group
        return None


def _joined(items: list[Node]) -> tuple[Node, ...]:
    """Return pieces with words that follow each other as one."""
    result: list[Node] = []
    for item in items:
        before = result[-1] if result else None
        if isinstance(item, tree.Text) and isinstance(before, tree.Text):
            result[-1] = tree.Text(before.words + item.words)
        else:
            result.append(item)
    return tuple(result)
