"""Keys and queries with rational coordinates in rational orthonormal bases, for what is said of triangular factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, whole
from proofs.cases.weights import Matrix, matrix, times
from proofs.language import E
from proofs.model import KeyCoordinate, KeyFactor, KeyFrame, QueryCoordinate, ReducedKey, RotatedQuery, d, w

_BASES = {
    1: matrix([[-1]]),
    2: matrix([[Fraction(3, 5), Fraction(4, 5)], [Fraction(4, 5), Fraction(-3, 5)]]),
    3: tuple(tuple(Fraction(one, 3) for one in row) for row in ((1, 2, 2), (2, 1, -2), (2, -2, 1))),
}


@dataclass(frozen=True)
class Bases:
    """``number`` keys and queries of ``head_dim`` coordinates.

    The keys are a lower triangular matrix with positive diagonal times an orthogonal one, whose rows are therefore
    what the Gram-Schmidt process makes of them. The bases made of fewer keys end in the same vectors in another order.
    """

    number: int
    head_dim: int

    @property
    def setting(self) -> str:
        """The sizes in words."""
        return f"{self.number} keys and queries with rational coordinates at head_dim {self.head_dim}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {w: Fraction(self.number), d: Fraction(self.head_dim)}

    @property
    def ranges(self) -> Mapping[str, range]:
        """The values of the symbols for tokens and coordinates."""
        return {**dict.fromkeys("ij", range(self.number)), "e": range(self.head_dim)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield one outcome: what is said holds for any keys."""
        if not relation.has(E):
            yield {}

    def _basis(self, keys: int) -> Matrix:
        rows = _BASES[self.head_dim]
        return rows if keys >= self.number else (*rows[:keys], *reversed(rows[keys:]))

    @property
    def _keys(self) -> Matrix:
        dim = self.head_dim
        factor = [
            [
                Fraction(1, 1000 * (row + 1)) if row == place else Fraction((3 * row + 5 * place) % 7 - 3, place + 2)
                for place in range(dim)
            ]
            for row in range(self.number)
        ]
        lower = [
            [value if place <= row else Fraction(0) for place, value in enumerate(line)]
            for row, line in enumerate(factor)
        ]
        return times(matrix(lower), _BASES[dim])

    @property
    def _queries(self) -> Matrix:
        return matrix([[(4 * row + 3 * place) % 5 - 2 for place in range(self.head_dim)] for row in range(self.number)])

    def head(self, expr: Any, env: Env) -> Any:
        """Value a coordinate."""
        first, second, *rest = (whole(evaluate(arg, env, self.head)) for arg in expr.args)
        if isinstance(expr, KeyFrame):
            return self._basis(first)[second][rest[0]]
        if isinstance(expr, QueryCoordinate):
            return self._queries[first][second]
        if isinstance(expr, KeyCoordinate):
            return self._keys[first][second]
        if isinstance(expr, (RotatedQuery, ReducedKey, KeyFactor)):
            vector = self._queries[first] if isinstance(expr, RotatedQuery) else self._keys[first]
            basis = self._basis(first if isinstance(expr, ReducedKey) else self.number)
            return sum((one * other for one, other in zip(vector, basis[second], strict=True)), start=Fraction(0))
        raise UnsupportedError(f"{expr} has no value in a basis")
