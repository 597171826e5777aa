"""Gaussian queries and keys where the rank is known exactly: on a line, and for two keys at every head dimension.

On a line (head_dim 1) a query picks the largest key if it is positive, the smallest if it is negative: given the keys,
one of two keys with chance 1/2 each. With ``r`` the length of key 0 and ``v = Phi(r)``, which is uniform on (1/2, 1),
key 0 is the largest of ``n`` with chance ``v^(n-1)`` if it is positive, the smallest with chance ``(1-v)^(n-1)``; so
what is known given the length is a rational function of ``v``, and its mean an exact integral.

Two keys ``k``, ``k'`` at any head dimension: a query picks by the sign of ``q.(k - k')``, given the keys a fair coin.
What depends on the cosines of the queries with key 0 is averaged over the signs of the queries, which are fair coins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, ball, evaluate, kinds_of_factors, outermost_means, weighted
from proofs.cases.laws import Laws
from proofs.cases.picks import PATTERN, Picks, independent_picks
from proofs.cases.quadrature import normal_tail
from proofs.cases.rational_functions import V2, RationalFunction, V, W
from proofs.language import NORM, TRIVIAL, Below, BivariateBelow, E, Integral, NormalTail, RandomVariable
from proofs.model import Cosine, Pick, PickChance, QueryCosine, Radius, SecondCosine

SIGNS, FIRST, LEVEL, BETWEEN = "signs", "first", "level", "between"
"""What an outcome given the length of key 0 remembers.

The signs of queries 0 and 1; the chance that a query picks it; the value of v; the length at which a piece begins, on
which comparisons with other lengths have one outcome.
"""
_HALF, _LEVELS = Fraction(1, 2), (Fraction(5, 8), Fraction(3, 4), Fraction(15, 16))
_ALONG, _SECOND_ALONG = {Radius, Cosine}, {Radius, SecondCosine}


@dataclass(frozen=True, eq=False)
class Gaussian(Picks):
    """Gaussian queries and keys of which the picks are known, and what is known given the length of key 0."""

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield lengths for an order between what they determine; an equation is one between functions of them."""
        if not any(mean.given == NORM for mean in outermost_means(relation)):
            yield from super().outcomes(relation)
        elif isinstance(relation, sp.Eq) or self.head_dim != 1:
            yield {}
        else:
            for level in _LEVELS:
                yield {LEVEL: level}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, NormalTail) and SIGNS in env and kinds_of_factors(expr.args[0]) == _ALONG:
            return 1 - self._below(env, 0)
        if isinstance(expr, BivariateBelow) and SIGNS in env:
            return self._both_below(expr, env)
        if isinstance(expr, PickChance) and FIRST in env and expr.args[0] == 0:
            return env[FIRST]
        if isinstance(expr, Integral):
            return Laws(self.sizes).head(expr, env)
        if isinstance(expr, E) and expr.given == NORM:
            return self._given_length(expr.value, env)
        if isinstance(expr, E) and expr.given == TRIVIAL and _of_length(expr.value):
            return self._over_lengths(expr.value, env)
        if isinstance(expr, Radius) and BETWEEN in env:
            return env[BETWEEN]
        return super().head(expr, env)

    def _below(self, env: Env, query: int) -> Any:
        """P(another score < length times cosine): for two keys, an unknown chance of the length and the cosine."""
        chance = V2 if query == 1 and self.head_dim != 1 else env.get(LEVEL, V)
        return chance if env[SIGNS][query] > 0 else 1 - chance

    def _both_below(self, expr: Any, env: Env) -> Any:
        """P(both scores of another key are below): the queries agree or are opposite on a line."""
        first, second, between = expr.args
        if (
            kinds_of_factors(first) != _ALONG
            or kinds_of_factors(second) != _SECOND_ALONG
            or not isinstance(between, QueryCosine)
        ):
            raise UnsupportedError(f"the chance {expr}")
        one, other = env[SIGNS]
        if self.head_dim == 1:
            return self._below(env, 0) if one == other else Fraction(0)
        # Turning a query round turns its score round: P(X < -x, Y < y) = P(Y < y) - P(X < x, Y < y), and so on.
        if one == other:
            return W if one > 0 else 1 - V - V2 + W
        return V - W if one > 0 else V2 - W

    def _given_length(self, value: Any, env: Env) -> Any:
        """Return the mean of ``value`` given the length of key 0, over what decides it."""
        terms: list[tuple[Any, dict[str, Any]]]
        if value.has(Pick):
            terms = [(weight * each, hits) for weight, first in self._chances(env) for each, hits in self._hits(first)]
            if any(0 not in delta.args for delta in value.atoms(sp.KroneckerDelta)):
                raise UnsupportedError(f"picks of other keys in {value} given the length")
        elif value.has(PickChance):
            terms = [(weight, {FIRST: first}) for weight, first in self._chances(env)]
        else:
            terms = [(_HALF * _HALF, {SIGNS: signs}) for signs in product((1, -1), repeat=2)]
        found = weighted((weight, evaluate(value, {**env, **outcome}, self.head)) for weight, outcome in terms)
        if self.head_dim == 1:
            return found
        constant = RationalFunction.of(found).constant()
        if constant is None:
            raise UnsupportedError("what is known given the length depends on it")
        return constant

    def _chances(self, env: Env) -> list[tuple[Any, Fraction]]:
        """Return the law, given its length, of the chance that a query picks key 0."""
        if self.keys <= 2:
            return [(Fraction(1), Fraction(1, self.keys))]
        v = env.get(LEVEL, V)
        extreme = v ** (self.keys - 1) + (1 - v) ** (self.keys - 1)
        return [(extreme, _HALF), (1 - extreme, Fraction(0))]

    def _hits(self, first: Fraction) -> Iterator[tuple[Fraction, dict[str, Any]]]:
        """Yield which queries pick key 0 (entry 0) if each does with chance ``first``."""
        for misses in product((0, 1), repeat=self.queries):
            yield first ** misses.count(0) * (1 - first) ** misses.count(1), {PATTERN: misses}

    def _over_lengths(self, value: Any, env: Env) -> Any:
        """Return the mean of what the length determines, piece by piece between the lengths it is compared with."""
        if self.head_dim != 1:
            constant = RationalFunction.of(evaluate(value, env, self.head)).constant()
            if constant is None or _compared_with(value):
                raise UnsupportedError("the law of this function of the length")
            return constant
        known = {one for one in value.atoms(Below) if isinstance(one.args[0], Radius)}
        known |= {mean for mean in value.atoms(E) if mean.given == NORM}
        if value.xreplace({one: sp.Dummy() for one in known}).has(Radius):
            raise UnsupportedError("the length itself, not what it is compared with")
        cuts = sorted({evaluate(cut, env, self.head) for cut in _compared_with(value)} | {Fraction(0)})
        if cuts[0] < 0:
            raise UnsupportedError("a length below 0")
        pieces = []
        for low, high in zip(cuts, [*cuts[1:], None], strict=True):
            function = RationalFunction.of(self._given_piece(value, {**env, BETWEEN: low}))
            found = function.integral(_level(low), _level(high))
            if found is None:
                raise UnsupportedError("the mean of this function of the length")
            pieces.append((Fraction(2), found))  # v is uniform on (1/2, 1)
        return weighted(pieces)

    def _given_piece(self, value: Any, env: Env) -> Any:
        """Return ``value`` on a piece; its chance of key 0, if any, is averaged given the length."""
        if not any(isinstance(one, PickChance) for one in value.atoms(RandomVariable)):
            return evaluate(value, env, self.head)
        terms = [(weight, {FIRST: first}) for weight, first in self._chances(env)]
        return weighted((weight, evaluate(value, {**env, **outcome}, self.head)) for weight, outcome in terms)


def _compared_with(value: Any) -> set[Any]:
    """Return what the length of key 0 is compared with."""
    return {one.args[1] for one in value.atoms(Below) if isinstance(one.args[0], Radius)}


def _level(length: Fraction | None) -> Any:
    """Return Phi at a length, ``None`` standing for all lengths."""
    if length is None or length == 0:
        return Fraction(1) if length is None else _HALF
    return 1 - normal_tail(ball(length))


def _of_length(value: Any) -> bool:
    return value.has(Radius) or any(mean.given == NORM for mean in value.atoms(E))


@cache
def line(keys: int, queries: int) -> Gaussian:
    """Return queries and keys on a line: the keys matter through which of them are largest and smallest."""
    ends = list(permutations(range(keys), 2)) or [(0, 0)]
    laws = []
    for top, bottom in ends:
        chances = [Fraction(0)] * keys
        chances[top] += _HALF
        chances[bottom] += _HALF
        laws.append(independent_picks(tuple(chances), queries, Fraction(1, len(ends))))
    return Gaussian(keys, queries, tuple(laws), "head_dim 1: the largest or the smallest key, by the query's sign", 1)


@cache
def two_keys(queries: int, head_dim: int) -> Gaussian:
    """Return two keys: given them, each query picks by a fair coin, whatever the head dimension."""
    law = independent_picks((_HALF, _HALF), queries)
    return Gaussian(2, queries, (law,), f"head_dim {head_dim}: each query picks by a fair coin", head_dim, True)
