"""A small world for the ideal setting: weights are 1 or -1 with chance 1/2, token vectors orthonormal and rational.

Such weights have the mean and the second moments of standard normals, which is all that the claims about them use.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proofs import model
from proofs.language import TRIVIAL
from proofs.mutation.values import Beyond, Point, evaluate

_TOKENS = {
    1: ((Fraction(-1),),),
    2: ((Fraction(3, 5), Fraction(4, 5)), (Fraction(-4, 5), Fraction(3, 5))),
    3: tuple(tuple(Fraction(one, 3) for one in row) for row in ((1, 2, 2), (2, 1, -2), (2, -2, 1))),
}


class _Needed(Exception):  # noqa: N818 - a request
    """An entry that has no value yet."""

    def __init__(self, key: Any) -> None:
        super().__init__(key)
        self.key = key


class WeightWorld:
    """A world of weights; see the module."""

    gaussian = True

    def __init__(self) -> None:
        self._now: dict[Any, Fraction] = {}

    def token(self, args: list[int]) -> Any:
        """Return a coordinate of a token vector; beyond the orthonormal ones they are arbitrary."""
        row, column, width = args
        if width not in _TOKENS:
            raise Beyond("tokens have other lengths here")
        rows = _TOKENS[width]
        if row < width and column < width:
            return rows[row][column]
        return Fraction(row + 2, column + 3)

    def random(self, node: Any, args: list[int]) -> Any:
        """Return an entry of a matrix, or a coordinate, which is linear in these."""
        if isinstance(node, (model.QueryCoordinate, model.KeyCoordinate)):
            row, column, width = args
            kind = model.QueryWeight if isinstance(node, model.QueryCoordinate) else model.KeyWeight
            return sum((self.token([row, a, width]) * self._entry(kind, a, column) for a in range(width)), Fraction(0))
        if isinstance(node, (model.QueryWeight, model.KeyWeight)):
            return self._entry(type(node), *args)
        raise Beyond(f"{node} has no value in this world")

    def _entry(self, kind: Any, row: int, column: int) -> Fraction:
        if (kind, row, column) not in self._now:
            raise _Needed((kind, row, column))
        return self._now[kind, row, column]

    def mean(self, node: Any, point: Point) -> Any:
        """Return an expectation over the entries that it needs."""
        if node.given != TRIVIAL:
            raise Beyond("nothing is known in this world")
        before, self._now = self._now, {}
        try:
            return self._mean(node.value, point)
        finally:
            self._now = before

    def _mean(self, value: Any, point: Point) -> Any:
        if len(self._now) > 8:
            raise Beyond("too many entries")
        try:
            return evaluate(value, point, self)
        except _Needed as needed:
            before, total = self._now, Fraction(0)
            for sign in (1, -1):
                self._now = {**before, needed.key: Fraction(sign)}
                total = total + Fraction(1, 2) * self._mean(value, point)
            self._now = before
            return total

    def limit(self, node: Any, point: Point) -> Any:
        """There are no limits in this world."""
        raise Beyond("there are no limits in this world")

    def states(self, expr: Any, point: Point) -> Iterator[None]:
        """Go through some values of the entries that occur outside expectations."""
        for signs in itertools.product((1, -1), repeat=2):
            self._now = _Alternating(signs)
            yield
        self._now = {}


class _Alternating(dict[Any, Fraction]):
    """Entries that all have a value, of a pattern of signs."""

    def __init__(self, signs: tuple[int, ...]) -> None:
        super().__init__()
        self._signs = signs

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: Any) -> Fraction:
        kind, row, column = key
        name = int(kind is model.KeyWeight)
        return Fraction(self._signs[(row + 2 * column + name) % len(self._signs)] * (1 + row + 3 * column + name))
