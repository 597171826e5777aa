"""Tied weights, from their definition: W_q = W_k enumerated, and two orthonormal tokens at any head dimension.

Query i is key i. Query 0 leaves its own key where ``k_0.k_1 - |k_0|^2 > 0``, a quadratic form that is a sum over the
coordinates of ``x (y - x)``, with eigenvalues ``(sqrt(2) - 1)/2`` and ``-(sqrt(2) + 1)/2``; that one sum of squares of
normals exceeds a multiple of another, both of ``head_dim`` terms, has a chance by the beta law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, weighted, whole
from proofs.cases.laws import Laws
from proofs.cases.weights import Weights
from proofs.language import TRIVIAL, E, RandomVariable
from proofs.model import KeyCoordinate, KeyWeight, QueryCoordinate, QueryWeight, Rank

RANK = "rank"
"""What an outcome remembers."""


class TiedWeights(Weights):
    """The same weights for queries and keys."""

    def _drawn(self, expr: Any) -> Iterator[tuple[Any, Any]]:
        if not expr.has(QueryWeight, QueryCoordinate, KeyWeight, KeyCoordinate):
            yield from super()._drawn(expr)
            return
        for chance, drawn in self.draws:
            yield (chance, drawn), (Fraction(1), drawn)


@dataclass(frozen=True)
class TiedPair:
    """Two orthonormal tokens with tied Gaussian weights, at every head dimension."""

    setting: str = "n = m = 2, W_q = W_k: each query leaves its own key by the beta law"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """No symbol stands for a size: the statements have the numbers."""
        return {}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield one outcome: nothing is known but means."""
        if all(mean.given == TRIVIAL for mean in relation.atoms(E)):
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value the mean of a function of the rank, or of what has a known law."""
        if isinstance(expr, Rank) and RANK in env:
            return Fraction(env[RANK])
        if not isinstance(expr, E) or not expr.value.has(Rank):
            return Laws({}).head(expr, env)
        ranks = expr.value.atoms(RandomVariable)
        sizes = {tuple(whole(evaluate(arg, env, self.head)) for arg in one.args) for one in ranks}
        if {type(one) for one in ranks} != {Rank} or len(sizes) != 1:
            raise UnsupportedError(f"{expr} is of more than one rank")
        ((keys, queries, head_dim),) = sizes
        if (keys, queries) != (2, 2):
            raise UnsupportedError(f"{expr} is of another size")
        leaves = leaving(head_dim)
        return weighted(
            (chance, evaluate(expr.value, {**env, RANK: rank}, self.head))
            for rank, chance in ((1, 2 * leaves), (2, 1 - 2 * leaves))
        )


def leaving(head_dim: int) -> Any:
    """Return the chance that query 0 picks key 1; query 1 picks key 0 with the same, and never at the same time."""
    half = flint.arb(head_dim) / 2
    root = flint.arb(2).sqrt()
    return flint.acb((root - 1) / (2 * root)).beta_lower(half, half, regularized=1).real
