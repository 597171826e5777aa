"""Settings with finitely many picks, and settings of which only the law of the rank is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, weighted
from proofs.cases.picks import RANK, PickLaw, Picks, rank_of
from proofs.cases.weights import Weights, matrix
from proofs.language import TRIVIAL, E, RandomVariable
from proofs.model import Rank, m, n


@dataclass(frozen=True)
class KnownRank:
    """A setting of which the law of the rank is all that is known."""

    keys: int
    queries: int
    law: Mapping[int, Any]
    words: str

    @property
    def setting(self) -> str:
        """The setting in words."""
        return self.words

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {n: Fraction(self.keys), m: Fraction(self.queries)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield one outcome: nothing is known but means."""
        if all(mean.given == TRIVIAL for mean in relation.atoms(E)):
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value the mean of a function of the rank."""
        if isinstance(expr, Rank) and RANK in env:
            return Fraction(env[RANK])
        if isinstance(expr, E) and {type(one) for one in expr.value.atoms(RandomVariable)} == {Rank}:
            return weighted(
                (evaluate(chance, {}, self.head), evaluate(expr.value, {**env, RANK: rank}, self.head))
                for rank, chance in self.law.items()
            )
        raise UnsupportedError(f"{expr} has no value where only the rank is known")


def expected_rank(picks: Picks) -> Any:
    """Return the expected rank by enumeration of the picks."""
    found = sum(
        (law.weight * chance * rank for law in picks.laws for rank, chance in law.ranks.items()), start=Fraction(0)
    )
    return sp.Rational(found.numerator, found.denominator)


@cache
def shared_coin() -> Picks:
    """Return two queries that share one coin: each picks uniformly, and they never agree."""
    law = PickLaw({(0, 1): 1, (1, 0): 1})
    return Picks(2, 2, (law,), "picks (0, 1) or (1, 0), each with chance 1/2")


@cache
def assigned() -> Picks:
    """Return queries of which number i picks key i: independent, as nothing is left to chance."""
    return Picks(2, 2, (PickLaw({(0, 1): 1}),), "query i picks key i")


@cache
def opposite_tokens() -> Picks:
    """Return the picks with tokens x and -x: both follow the sign of one product, a fair coin.

    As q_1 = -q_0 and k_1 = -k_0, the scores are s, -s in row 0 and -s, s in row 1, where s = q_0.k_0.
    """
    counts: dict[tuple[int, ...], int] = {}
    for sign in (1, -1):
        scores = [[sign * query * key for key in (1, -1)] for query in (1, -1)]
        pattern = tuple(row.index(max(row)) for row in scores)
        counts[pattern] = counts.get(pattern, 0) + 1
    return Picks(2, 2, (PickLaw(counts),), "tokens x and -x, at every head_dim", in_the_limit=True)


@cache
def duplicated_tokens() -> Picks:
    """Return the picks with tokens x, x, y, y: a query picks x or y by a fair coin, then breaks the tie.

    The two queries of x are equal, and so are those of y; for x and y orthonormal the two coins are independent.
    """
    counts: dict[tuple[int, ...], int] = {}
    for coins, ties in product(product((0, 1), repeat=2), product((0, 1), repeat=4)):
        pattern = tuple(2 * coins[query // 2] + tie for query, tie in enumerate(ties))
        counts[pattern] = counts.get(pattern, 0) + 1
    return Picks(4, 4, (PickLaw(counts),), "tokens x, x, y, y, ties broken independently, at every head_dim")


@cache
def skewed_weights() -> Weights:
    """Return weights of mean 0 and variance 1 that are not normal: the queries are uncorrelated, but not independent.

    The tokens are orthonormal; q_0 = (4a + 3b)/5 and q_1 = (3a - 4b)/5 mostly have opposite signs.
    """
    fifth = Fraction(1, 5)
    tokens = matrix([[4 * fifth, 3 * fifth], [3 * fifth, -4 * fifth]])
    entries = {Fraction(2): fifth, Fraction(-1, 2): 4 * fifth}
    return Weights(tokens, entries, 1, "n = m = 2, head_dim 1, weights that are 2 with chance 1/5, else -1/2")


def rank_of_two_ones() -> Any:
    """Return the rank of the matrix whose rows both have a 1 in both columns."""
    return sp.Integer(rank_of([[1, 1], [1, 1]]))
