"""Convex hulls of Gaussian keys of which the number of vertices is known without an integral.

All of ``d + 1`` keys are vertices of a simplex; on a line there are two. Of four keys in the plane one lies inside the
triangle of the others as often as a random projection of the regular tetrahedron has a vertex inside; the external
angle at an edge is half a turn less the dihedral angle ``arccos(1/3)``, which gives ``3 + 6 arcsin(1/3) / pi``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, whole
from proofs.cases.laws import Laws
from proofs.language import TRIVIAL, E, Integral, RandomVariable
from proofs.model import Facets, OuterAngle, Rank, SimplexAngle, Vertices, d, m, n

_ANGLES = {1: Fraction(1), 2: Fraction(1, 2), 3: Fraction(1, 6)}
"""The angle at a vertex of a point, a segment and an equilateral triangle."""


@dataclass(frozen=True)
class Hull:
    """``n`` keys at a head dimension, with a model of the rank there, if there is one; one query has rank 1."""

    keys: int
    head_dim: int
    ranks: Any = None

    @property
    def setting(self) -> str:
        """The sizes in words."""
        known = f", {self.ranks.setting}" if self.ranks else ""
        return f"the convex hull of {self.keys} keys at head_dim {self.head_dim}{known}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        queries = self.ranks.sizes[m] if self.ranks else Fraction(1)
        return {n: Fraction(self.keys), d: Fraction(self.head_dim), m: queries}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield what the picks may be, where they matter outside expectations."""
        outside = relation.xreplace({mean: sp.Dummy() for mean in relation.atoms(E)})
        if outside.has(Rank) and self.ranks is not None:
            yield from self.ranks.outcomes(relation)
        elif not outside.has(RandomVariable):
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance, an integral or an angle."""
        if isinstance(expr, Integral):
            sizes = {symbol: sp.Integer(int(size)) for symbol, size in self.sizes.items()}
            return Laws({}).head(expr.xreplace(sizes), env)
        if isinstance(expr, E) and expr.given == TRIVIAL:
            return self._mean(expr, env)
        if isinstance(expr, Rank):
            return Fraction(1) if self.ranks is None else self.ranks.head(expr, env)
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        if isinstance(expr, SimplexAngle) and places[0] in _ANGLES:
            return _ANGLES[places[0]]
        if isinstance(expr, OuterAngle):
            return outer_angle(*places)
        if isinstance(expr, (Vertices, Facets)):
            return self._count(expr, places)
        raise UnsupportedError(f"{expr} has no value for a hull")

    def _mean(self, expr: Any, env: Env) -> Any:
        if isinstance(expr.value, (Vertices, Facets)):
            keys, dim = (whole(evaluate(arg, env, self.head)) for arg in expr.value.args)
            if (keys, dim) == (4, 2):
                return 3 + 6 * (flint.arb(1) / 3).asin() / flint.arb.pi()
            return self._count(expr.value, [keys, dim])
        if isinstance(expr.value, Rank):
            return Fraction(1) if self.ranks is None else self.ranks.head(expr, env)
        raise UnsupportedError(f"the mean of {expr.value}")

    def _count(self, expr: Any, sizes: list[int]) -> Fraction:
        keys, dim = sizes
        if keys == dim + 1:
            return Fraction(keys)
        if dim == 1 and keys >= 2:
            return Fraction(2)
        raise UnsupportedError(f"{expr} is not known at {keys} keys and head_dim {dim}")


def outer_angle(vertices: int, of: int) -> Any:
    """Return the external angle of a regular simplex at a face, where it is known without an integral.

    The external angles at all vertices add up to 1; that at a facet is half of all directions.
    """
    if vertices == of:
        return Fraction(1)
    if vertices == of - 1:
        return Fraction(1, 2)
    if vertices == 1:
        return Fraction(1, of)
    if (vertices, of) == (2, 4):
        return flint.arb(1) / 4 + (flint.arb(1) / 3).asin() / (2 * flint.arb.pi())
    raise UnsupportedError(f"the angle at {vertices} of {of} vertices")
