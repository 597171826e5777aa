"""A matrix of nonnegative rows that sum to 1 beside the picks of hardmax, with the singular values of both.

Singular values are square roots of the roots of a characteristic polynomial with rational coefficients, in balls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, whole
from proofs.cases.picks import matrix_of, rank_of_picks
from proofs.language import RandomVariable
from proofs.model import Entry, Pick, Rank, SingularValue, SoftEntry, SoftSingularValue, m, n

_PLACES = {Rank: 0, SingularValue: 1, SoftSingularValue: 1, Pick: 1, Entry: 2, SoftEntry: 2}
"""How many arguments come before the sizes."""


def singular_values(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the singular values of a matrix of fractions in balls, in descending order, as many as columns."""
    entries = [flint.fmpq(Fraction(entry).numerator, Fraction(entry).denominator) for row in rows for entry in row]
    matrix = flint.fmpq_mat(len(rows), len(rows[0]), entries)
    polynomial = (matrix.transpose() * matrix).charpoly()
    squares = []
    for root, times in (polynomial * polynomial.denom()).numer().complex_roots():
        squares += [flint.acb(root).real] * times
    return sorted((abs(square).sqrt() for square in squares), key=lambda value: -float(value.mid()))


@dataclass(frozen=True)
class Softmax:
    """The picks of the queries and a matrix of shares, one row a query; nothing is left to chance."""

    picks: tuple[int, ...]
    shares: tuple[tuple[Fraction, ...], ...]

    @property
    def setting(self) -> str:
        """The model in words."""
        rows = "; ".join(" ".join(map(str, row)) for row in self.shares)
        return f"picks {', '.join(map(str, self.picks))} beside the rows {rows}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {n: Fraction(len(self.shares[0])), m: Fraction(len(self.shares))}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the one outcome."""
        yield {}

    @cached_property
    def soft(self) -> list[Any]:
        """The singular values of the shares."""
        return singular_values(self.shares)

    @cached_property
    def hard(self) -> list[Any]:
        """The singular values of the matrix of ones at the picks."""
        return singular_values(matrix_of(self.picks, len(self.shares[0])))

    def head(self, expr: Any, env: Env) -> Any:
        """Value a quantity of the two matrices."""
        if not isinstance(expr, RandomVariable) or type(expr) not in _PLACES:
            raise UnsupportedError(f"{expr} has no value beside shares")
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args[: _PLACES[type(expr)]]]
        if isinstance(expr, Rank):
            return Fraction(rank_of_picks(self.picks))
        if isinstance(expr, (SingularValue, SoftSingularValue)):
            values = self.hard if isinstance(expr, SingularValue) else self.soft
            return values[places[0] - 1] if places[0] <= len(values) else Fraction(0)
        if places[0] >= len(self.picks):
            raise UnsupportedError(f"there is no query {places[0]}")
        if isinstance(expr, Pick):
            return Fraction(self.picks[places[0]])
        row, column = places
        return Fraction(int(self.picks[row] == column)) if isinstance(expr, Entry) else self.shares[row][column]
