"""Two queries in the plane that pick one key: random points on an arc, whose distances have known moments.

For two independent uniform points on an arc of length ``p`` the mean of the ``i``-th power of their distance is
``2 p^i / ((i + 1) (i + 2))``; that both are on it has chance ``p^2``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, weighted, whole
from proofs.cases.line import two_keys
from proofs.cases.triangle import Triangle, corner_moment
from proofs.language import KEYS, TRIVIAL, E
from proofs.model import PickChance, QueryTurn, Rank, both_pick, d, m, n

ARC = "arc"
"""What an outcome remembers: the length of the arc."""
_LENGTHS = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 10))


@dataclass(frozen=True)
class Arc:
    """Two or three keys in the plane, and ``queries`` queries."""

    keys: int
    queries: int

    @property
    def setting(self) -> str:
        """The sizes in words."""
        return f"n = {self.keys}, m = {self.queries}, head_dim 2: queries that pick a key are points on an arc"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {n: Fraction(self.keys), m: Fraction(self.queries), d: Fraction(2)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield lengths of the arc where the keys are given: with two keys it is a half turn."""
        given = {mean.given for mean in relation.atoms(E)}
        if given == {TRIVIAL}:
            yield {}
        elif given == {KEYS}:
            for length in _LENGTHS[:1] if self.keys == 2 else _LENGTHS:
                yield {ARC: length}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, PickChance) and ARC in env:
            return env[ARC]
        if isinstance(expr, E) and isinstance(expr.value, Rank):
            ranks = two_keys(self.queries, 2) if self.keys == 2 else Triangle(self.queries, 2)
            return ranks.head(expr, env)
        if isinstance(expr, E):
            return self._pair(expr, env)
        raise UnsupportedError(f"{expr} has no value on an arc")

    def _pair(self, expr: Any, env: Env) -> Any:
        """Return the mean of a power of 1 less the distance, where both queries pick key 0."""
        base, exponent = (expr.value / both_pick(0).xreplace({d: sp.Integer(2)})).as_base_exp()
        if base != 1 - QueryTurn(2):
            if expr.value != both_pick(0).xreplace({d: sp.Integer(2)}):
                raise UnsupportedError(f"the mean of {expr.value}")
            exponent = sp.Integer(0)
        power = whole(evaluate(exponent, env, self.head))
        return weighted(
            (Fraction((-1) ** place * comb(power, place) * 2, (place + 1) * (place + 2)), self._moment(place + 2, env))
            for place in range(power + 1)
        )

    def _moment(self, power: int, env: Env) -> Any:
        """Return the mean of a power of the length of the arc."""
        if ARC in env:
            return env[ARC] ** power
        return Fraction(1, 2) ** power if self.keys == 2 else corner_moment(1, power, 2)
