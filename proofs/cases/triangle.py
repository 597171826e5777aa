"""Three Gaussian keys: they form a triangle, and a query picks a corner with its exterior angle over a full turn.

Only the part of a query in the triangle's plane matters, and its direction is uniform there: the corner with interior
angle ``a`` is picked with chance ``(pi - a) / (2 pi)``. Two sides that meet there are normal vectors with correlation
1/2 in every coordinate, so with lengths ``s cos(w/2)`` and ``s sin(w/2)`` their joint density is proportional to
``exp(-s^2 (1 - cos(a) sin(w) / 2) / 3)``; integrating over ``s``, the angle has density proportional to
``sin(a)^(d-2)`` times the integral over ``w`` in (0, pi) of ``sin(w)^(d-1) (1 - cos(a) sin(w) / 2)^(-d)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import flint
import sympy as sp

from proofs.cases.corner import chance_moment
from proofs.cases.evaluation import (
    Env,
    UnsupportedError,
    evaluate,
    kinds_of_factors,
    outermost_means,
    weighted,
    whole,
)
from proofs.cases.picks import RANK
from proofs.cases.quadrature import integral, mean_over_angle, mean_over_length, normal_tail
from proofs.language import NORM, TRIVIAL, BivariateBelow, E, NormalTail, RandomVariable
from proofs.model import Cosine, PickChance, QueryCosine, Radius, Rank, SecondCosine, d, m, n

KEYS_HERE = 3
LENGTH, COSINE, MEMO, TAIL = "length", "cosine", "memo", "tail"
"""What an outcome remembers of key 0.

Its length, its cosine with query 0, what was found given the length; where the length is only known to be large, a
ball that holds the tail at the score of query 0.
"""
_LENGTHS = (0.5, 1, 2.5)
_CHANCE = flint.arb(0.5, 0.5)
"""Any probability."""


def _density(angle: Any, head_dim: int) -> Any:
    """Return the density of the angle at a corner, but for a constant factor."""
    half_cosine = angle.cos() / 2

    def sides(w: Any) -> Any:
        sine = w.sin()
        return sine ** (head_dim - 1) / (1 - half_cosine * sine) ** head_dim

    return angle.sin() ** (head_dim - 2) * integral(sides, 0, flint.arb.pi(), inner=True)


@cache
def corner_moment(factor: int, power: int, head_dim: int) -> Any:
    """Return the mean of ``p^power`` (``factor`` 1) or ``(1 - p)^power`` (``factor`` -1), p the chance of a corner."""
    pi = flint.arb.pi()

    def term(angle: Any) -> Any:
        chance = (pi - angle) / (2 * pi)
        return (chance if factor == 1 else 1 - chance) ** power * _density(angle, head_dim)

    return (integral(term, 0, pi) / _total(head_dim)).real


@cache
def _total(head_dim: int) -> Any:
    return integral(lambda angle: _density(angle, head_dim), 0, flint.arb.pi())


_LENGTH_MEANS: dict[tuple[Any, int], Any] = {}


@dataclass(frozen=True)
class Triangle:
    """Three keys and ``m`` queries, Gaussian, at a head dimension of at least 2."""

    queries: int
    head_dim: int
    both_by_angle: bool = False
    """Whether the chance that two queries both pick key 0, given its length, comes from the angle there (d = 2)."""

    @property
    def setting(self) -> str:
        """The model in words."""
        words = f"n = 3, m = {self.queries}, head_dim {self.head_dim}: corners of a triangle, by their exterior angles"
        return words + (", also for both of two queries given the length" if self.both_by_angle else "")

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {n: Fraction(KEYS_HERE), m: Fraction(self.queries), d: Fraction(self.head_dim)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield lengths of key 0 for what they determine; the keys are not enumerated."""
        outside = {mean.given for mean in outermost_means(relation)}
        if outside == {TRIVIAL}:
            yield {}
        elif NORM in outside and outside <= {TRIVIAL, NORM}:
            for length in _LENGTHS:
                yield {LENGTH: flint.acb(length), MEMO: {}}

    def ranks(self) -> dict[int, Any]:
        """Return the law of the rank, from how often the picks agree and how often a corner is left out."""
        agree = KEYS_HERE * corner_moment(1, self.queries, self.head_dim)
        left_out = KEYS_HERE * corner_moment(-1, self.queries, self.head_dim)  # picks that agree leave out two
        return {1: agree, 2: left_out - 2 * agree, 3: 1 - left_out + agree}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, E) and expr.given == TRIVIAL:
            return self._mean(expr.value, env)
        if isinstance(expr, E) and expr.given == NORM and LENGTH in env:
            return self._given_length(expr.value, env)
        if isinstance(expr, NormalTail) and kinds_of_factors(expr.args[0]) == {Radius, Cosine} and LENGTH in env:
            return env[TAIL] if env[LENGTH] is None else normal_tail(evaluate(expr.args[0], env, self.head))
        if isinstance(expr, Rank) and self._is_ours(expr, env) and RANK in env:
            return Fraction(env[RANK])
        if isinstance(expr, Radius) and env.get(LENGTH) is not None:
            return env[LENGTH]
        if isinstance(expr, Cosine) and COSINE in env:
            return env[COSINE]
        raise UnsupportedError(f"{expr} has no value for three keys")

    def _is_ours(self, expr: Any, env: Env) -> bool:
        sizes = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        return sizes == [KEYS_HERE, self.queries, self.head_dim]

    def _mean(self, value: Any, env: Env) -> Any:
        kinds = {type(one) for one in value.atoms(RandomVariable)}
        if kinds == {Rank}:
            return weighted(
                (chance, evaluate(value, {**env, RANK: rank}, self.head)) for rank, chance in self.ranks().items()
            )
        if not value.has(E) or value.free_symbols - set(self.sizes):
            raise UnsupportedError(f"the mean of {value}")
        put = {symbol: sp.Integer(int(size)) for symbol, size in self.sizes.items()}
        value = value.xreplace(put)
        key = (value, self.head_dim)  # all that matters: only one of the two kinds of triangle knows a given chance
        if key not in _LENGTH_MEANS:
            beyond = evaluate(value, {LENGTH: None, MEMO: {}}, self.head)
            _LENGTH_MEANS[key] = mean_over_length(
                lambda length: evaluate(value, {LENGTH: length, MEMO: {}}, self.head), beyond, self.head_dim
            ).real
        return _LENGTH_MEANS[key]

    def _given_length(self, value: Any, env: Env) -> Any:
        if value not in env[MEMO]:
            env[MEMO][value] = self._found_given_length(value, env)
        return env[MEMO][value]

    def _found_given_length(self, value: Any, env: Env) -> Any:
        power = self._power_of_chance(value, env)
        if power:
            return _CHANCE if env[LENGTH] is None else chance_moment(power, env[LENGTH])
        if env[LENGTH] is None:  # half the cosines are positive, which bounds the mean away from 0
            halves = [evaluate(value, {**env, TAIL: tail}, self.head) for tail in (_CHANCE / 2, (1 + _CHANCE) / 2)]
            return (halves[0] + halves[1]) / 2
        return mean_over_angle(lambda angle: evaluate(value, {**env, COSINE: angle.cos()}, self.head), self.head_dim)

    def _power_of_chance(self, value: Any, env: Env) -> int:
        """Return the power of the chance of key 0 that ``value`` is the mean of, 0 if it is something else."""
        if self.head_dim != 2:
            return 0
        base, exponent = value.as_base_exp()
        power = whole(evaluate(exponent, env, self.head))
        if isinstance(base, PickChance) and base.args[0] == 0 and not self.both_by_angle:
            return power if power in {1, 2} else 0
        if isinstance(base, BivariateBelow) and self.both_by_angle and power == KEYS_HERE - 1:
            *along, between = base.args
            both = [{Radius, Cosine}, {Radius, SecondCosine}]
            return 2 if [kinds_of_factors(one) for one in along] == both and isinstance(between, QueryCosine) else 0
        return 0
