"""One attention head at small sizes: tokens, a target P, and the numbers that the theorems on it speak of.

P has the columns 2^K / (their sums) of a matrix K of whole numbers, so that the centred log P is log 2 times the
centred K, whose rank, factors and singular values are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from proofs.cases.evaluation import Env, UnsupportedError, ball, evaluate, whole
from proofs.cases.log_numbers import Logs, rank
from proofs.cases.weights import Matrix
from proofs.language import FixedNumber, MatrixRank
from proofs.model import (
    ColumnShare,
    HeadKey,
    HeadQuery,
    LayerKeyWeight,
    LayerOutputWeight,
    LayerQueryWeight,
    LayerValueWeight,
    LeftFactor,
    LeftInverse,
    LogRightVector,
    LogSingularValue,
    OtherOutput,
    OtherScore,
    OtherValue,
    RightFactor,
    Token,
    d,
    n,
    w,
)

_WEIGHTS = (LayerKeyWeight, LayerOutputWeight, LayerQueryWeight, LayerValueWeight)


def inverse(rows: Sequence[Sequence[Fraction]]) -> Matrix:
    """Return a left inverse of the matrix with the rows given as its columns: (X^T X)^-1 X^T."""
    tokens = _exact(rows)
    found = (tokens * tokens.transpose()).inv() * tokens
    return tuple(
        tuple(Fraction(int(found[row, column].p), int(found[row, column].q)) for column in range(found.ncols()))
        for row in range(found.nrows())
    )


def _exact(rows: Sequence[Sequence[Fraction]]) -> Any:
    entries = [flint.fmpq(Fraction(value).numerator, Fraction(value).denominator) for row in rows for value in row]
    return flint.fmpq_mat(len(rows), len(rows[0]), entries)


@dataclass(frozen=True)
class Head:
    """Tokens (rows), the exponents K of the target (rows), the head dimension, and other sizes by symbol.

    ``in_logs`` says whether the keys of a head of any kind are multiples of log 2, exactly. ``spectrum`` has the
    singular values of the centred K in descending order, each with its right singular vector.
    """

    tokens: Matrix
    exponents: Matrix
    head_dim: int
    in_logs: bool = False
    spectrum: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    others: Mapping[Any, int] = field(default_factory=dict)

    @property
    def setting(self) -> str:
        """The model in words."""
        rows = "; ".join(" ".join(map(str, row)) for row in self.exponents)
        return f"tokens of {len(self.tokens[0])} coordinates, log2 P = {rows} but for a number a column"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The number of tokens, of their coordinates, the head dimension, and the others."""
        sizes = {n: len(self.exponents), w: len(self.tokens[0]), d: self.head_dim, **self.others}
        return {symbol: Fraction(value) for symbol, value in sizes.items()}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the one outcome."""
        yield {}

    @cached_property
    def left_inverse(self) -> Matrix:
        """A left inverse of the tokens as columns."""
        return inverse(self.tokens)

    @cached_property
    def factors(self) -> tuple[Matrix, Matrix]:
        """Pivot columns of the centred K, and the reduced rows: K is their product."""
        size = len(self.exponents)
        means = [sum(column, start=Fraction(0)) / size for column in zip(*self.exponents, strict=True)]
        rows = [[value - mean for value, mean in zip(row, means, strict=True)] for row in self.exponents]
        reduced, number = _exact(rows).rref()
        kept = [
            tuple(Fraction(int(reduced[row, column].p), int(reduced[row, column].q)) for column in range(size))
            for row in range(number)
        ]
        pivots = [next(place for place, value in enumerate(row) if value) for row in kept]
        return tuple(tuple(row[place] for place in pivots) for row in rows), tuple(kept)

    def head(self, expr: Any, env: Env) -> Any:
        """Value a number of the model, or a rank."""
        if isinstance(expr, MatrixRank):
            return Fraction(rank(expr, env, self.head))
        if not isinstance(expr, (FixedNumber, Token)):
            raise UnsupportedError(f"{expr} has no value beside one head")
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        if isinstance(expr, _WEIGHTS):  # any numbers
            return Fraction(sum(3**at * place for at, place in enumerate(places)) * 5 % 7 - 3, 2)
        return self._number(expr, *places)

    def _number(self, expr: Any, row: int, column: int, *_: int) -> Any:
        if isinstance(expr, (HeadKey, HeadQuery)):
            value = Fraction((row + 2) * (3 * column + 5) % 7 - 3 + isinstance(expr, HeadQuery))
            if isinstance(expr, HeadKey) and self.in_logs:
                return Logs.of(Fraction(2)).times(2 * value)
            return value
        if isinstance(expr, LogSingularValue):
            return flint.arb(2).log() * ball(self._singular(row - 1)[0])
        if isinstance(expr, LogRightVector):
            return self._singular(column)[1][row]
        if isinstance(expr, Token):
            return self.tokens[row][column]
        if isinstance(expr, LeftInverse):
            return self.left_inverse[row][column]
        if isinstance(expr, ColumnShare):
            total = sum((Fraction(2) ** int(line[column]) for line in self.exponents), start=Fraction(0))
            return Fraction(2) ** int(self.exponents[row][column]) / total
        left, right = self.factors
        if isinstance(expr, LeftFactor):
            return flint.arb(2).log() * ball(left[row][column]) if column < len(right) else Fraction(0)
        if isinstance(expr, RightFactor):
            return right[column][row] if column < len(right) else Fraction(0)
        raise UnsupportedError(f"{expr} has no value beside one head")

    def _singular(self, place: int) -> tuple[Any, tuple[Any, ...]]:
        if not self.spectrum:
            raise UnsupportedError("the singular values are not known")
        return self.spectrum[place]


@dataclass(frozen=True)
class Agreeing:
    """Two heads of one row and one column each that add up to the identity, with the identity as their form."""

    columns: Matrix

    @property
    def setting(self) -> str:
        """The model in words."""
        return f"two heads with the columns W_o {'; '.join(' '.join(map(str, row)) for row in self.columns)}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """No sizes: two heads, two coordinates."""
        return {}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the one outcome."""
        yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value an entry of the layer, or a rank."""
        if isinstance(expr, MatrixRank):
            return Fraction(rank(expr, env, self.head))
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        if isinstance(expr, OtherScore):
            return Fraction(int(places[1] == places[2]))
        if isinstance(expr, OtherOutput):
            return self.columns[places[0]][places[1]]
        if isinstance(expr, OtherValue):
            return inverse(self.columns)[places[0]][places[1]]
        if isinstance(expr, (LayerKeyWeight, LayerQueryWeight)):
            return Fraction(places[2] + 1)
        raise UnsupportedError(f"{expr} has no value beside two heads")
