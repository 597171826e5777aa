"""Numbers alone, and the laws of a few quantities in balls: chi-square, the largest of ``n`` normals, a cosine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, ball, evaluate, less, whole
from proofs.cases.quadrature import integral, mean_over_angle, normal_tail
from proofs.language import TRIVIAL, Below, E, Integral, NormalTail, RandomVariable
from proofs.model import ChiSquare, Cosine, NormalMax, Rank, WinnerNorm2

COSINE = "cosine"
_FAR = 12
"""The normal density beyond this integrates to less than 4e-33; that much is added to the ball."""


@dataclass(frozen=True)
class Laws:
    """Sizes, and the quantities whose laws have a closed form.

    ``ranks`` is a model that knows the rank at these sizes, if there is one.
    """

    sizes: Mapping[Any, Any]
    words: str = ""
    ranks: Any = field(default=None, compare=False)

    @property
    def setting(self) -> str:
        """The sizes in words."""
        listed = [f"{symbol} = {value}" for symbol, value in self.sizes.items()]
        return ", ".join([*listed, *([self.words] if self.words else [])]) or "numbers"

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield one outcome: nothing is left to chance outside expectations."""
        if all(mean.given == TRIVIAL for mean in relation.atoms(E)):
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, E) and expr.given == TRIVIAL:
            return self._mean(expr, env)
        if isinstance(expr, NormalTail):
            return normal_tail(ball(evaluate(expr.args[0], env, self.head)))
        if isinstance(expr, Cosine) and COSINE in env:
            return env[COSINE]
        if isinstance(expr, Integral):
            return self._integral(expr, env)
        raise UnsupportedError(f"{expr} has no law here")

    def _mean(self, expr: Any, env: Env) -> Any:
        value = expr.value
        if value.has(Rank) and self.ranks is not None:
            return self.ranks.head(expr, env)
        if isinstance(value, Below) and value.args[1] == NormalMax(1) ** 2 and isinstance(value.args[0], ChiSquare):
            return below_normal_square(self._size(value.args[0].args[0], env))
        if isinstance(value, Below):
            return self._chance_below(value.args[0], evaluate(value.args[1], env, self.head), env)
        if value.is_Add and isinstance(1 - value, Below):
            return 1 - ball(self._mean(E(1 - value), env))
        if value.is_Mul and len(value.args) == 2:
            return self._chance_between(value, env)
        if {type(one) for one in value.atoms(RandomVariable)} == {Cosine}:
            (dimension,) = {whole(evaluate(one.args[0], env, self.head)) for one in value.atoms(Cosine)}
            return mean_over_angle(
                lambda angle: evaluate(value, {**env, COSINE: angle.cos()}, self.head), dimension
            ).real
        raise UnsupportedError(f"the mean of {value}")

    def _chance_between(self, value: Any, env: Env) -> Any:
        """P(low <= variable < high), written as a product of two indicators."""
        above = next((1 - one for one in value.args if isinstance(1 - one, Below)), None)
        below = next((one for one in value.args if isinstance(one, Below)), None)
        if above is None or below is None or above.args[0] != below.args[0]:
            raise UnsupportedError(f"the mean of {value}")
        low, high = (evaluate(one.args[1], env, self.head) for one in (above, below))
        if not less(low, high):
            return Fraction(0)
        first, last = (ball(self._chance_below(above.args[0], end, env)) for end in (low, high))
        return last - first

    def _chance_below(self, variable: Any, bound: Any, env: Env) -> Any:
        """P(variable < bound)."""
        if isinstance(variable, ChiSquare):
            return chi_square_below(self._size(variable.args[0], env), bound)
        if isinstance(-variable, Cosine):
            return cosine_above(self._size((-variable).args[0], env), -bound)
        if isinstance(variable, NormalMax):
            return (1 - normal_tail(ball(bound))) ** self._size(variable.args[0], env)
        if isinstance(variable, WinnerNorm2):  # on a line the winner is the largest key or the smallest
            keys, _, dimension = (self._size(arg, env) for arg in variable.args)
            if dimension == 1:
                return square_of_maximum_below(keys, bound)
        if variable.is_Add and len(variable.args) == 2:
            return self._sum_below(variable, bound, env)
        raise UnsupportedError(f"the law of {variable}")

    def _sum_below(self, variable: Any, bound: Any, env: Env) -> Any:
        """P(M^2 + C < bound) for the largest of normals and an independent chi-square without freedom."""
        (square,) = [term for term in variable.args if term.is_Pow] or [None]
        chi = next((term for term in variable.args if isinstance(term, ChiSquare)), None)
        if square is None or chi is None or not isinstance(square.base, NormalMax) or square.exp != 2:
            raise UnsupportedError(f"the law of {variable}")
        if self._size(chi.args[0], env) != 0:
            raise UnsupportedError("more than one dimension")
        return square_of_maximum_below(self._size(square.base.args[0], env), bound)

    def _size(self, expr: Any, env: Env) -> int:
        return whole(evaluate(expr, env, self.head))

    def _integral(self, expr: Any, env: Env) -> Any:
        """Integrate between ends, or over the line what the normal density bounds."""
        body, variable, *ends = expr.args

        def at(point: Any) -> Any:
            return evaluate(body, {**env, variable: point}, self.head)

        if ends:
            low, high = (ball(evaluate(end, env, self.head)) for end in ends)
            return integral(at, low, high).real
        rest = flint.arb(0, 1) * normal_tail(flint.arb(_FAR)) * 2
        if not _is_density_times_chance(body, variable):
            raise UnsupportedError(f"what lies beyond of {body}")
        return integral(at, -_FAR, _FAR).real + rest


def _is_density_times_chance(body: Any, variable: Any) -> bool:
    """Whether an integrand is the normal density times a power of a normal distribution function, at most 1."""
    density = sp.exp(-(variable**2) / 2) / sp.sqrt(2 * sp.pi)
    rest = body / density
    base, exponent = rest.as_base_exp()
    return bool(isinstance(1 - base, NormalTail) and exponent.is_nonnegative) or rest == 1


def chi_square_below(freedom: int, bound: Any) -> Any:
    """P(chi-square < bound); without freedom it is 0."""
    if freedom == 0 or (isinstance(bound, Fraction) and bound <= 0):
        return Fraction(int(freedom == 0 and bound > 0))
    point = ball(bound)
    if not point > 0:
        raise UnsupportedError(f"a bound {bound} of unknown sign")
    return 1 - (point / 2).gamma_upper(flint.arb(freedom) / 2, regularized=1)


def cosine_above(head_dim: int, bound: Any) -> Any:
    """P(cosine > bound) for a bound in (0, 1): on a line it is 1 or -1, else (1 - cosine)/2 has a beta law."""
    point = ball(bound)
    if not (point > 0 and point < 1):
        raise UnsupportedError(f"a cosine above {bound}")
    if head_dim == 1:
        return Fraction(1, 2)
    half = flint.arb(head_dim - 1) / 2
    return flint.acb((1 - point) / 2).beta_lower(half, half, regularized=1).real


def below_normal_square(freedom: int) -> Any:
    """P(chi-square < the square of a normal): one cosine of a random direction exceeds 1/sqrt(2) in size."""
    return 2 * ball(cosine_above(freedom + 1, 1 / flint.arb(2).sqrt()))


def square_of_maximum_below(keys: int, bound: Any) -> Any:
    """P(M^2 < bound) for the largest of normals: all are below a root, and not all below its opposite."""
    if isinstance(bound, Fraction) and bound <= 0:
        return Fraction(0)
    above = normal_tail(ball(bound).sqrt())
    return (1 - above) ** keys - above**keys
