"""The value of an expression at a point, exact where it is rational, else in a ball: semantics without any rule.

What is random has a value in a world (:mod:`proofs.mutation.worlds`), which is asked for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol

import flint
import sympy as sp

from proofs.language import Below, BivariateBelow, E, LimitOf, NormalTail, RandomVariable
from proofs.model import Stirling, Token

Point = Mapping[Any, Any]
"""The value of each free symbol: a fraction."""
_PRECISION = 192
_LONGEST, _LARGEST = 400, 3000


class Beyond(Exception):  # noqa: N818 - an outcome, not an error
    """The expression has a word that has no value here, or is too large to evaluate."""


class Undefined(ArithmeticError):  # noqa: N818 - an outcome, not an error
    """The expression is undefined at the point."""


class World(Protocol):
    """What gives random quantities their values."""

    def random(self, node: Any, args: list[int]) -> Any:
        """Return the value of a random quantity."""

    def mean(self, node: Any, point: Point) -> Any:
        """Return the value of an expectation."""

    def limit(self, node: Any, point: Point) -> Any:
        """Return the value of a limit."""

    def token(self, args: list[int]) -> Any:
        """Return the coordinate of a token vector."""


def is_exact(value: Any) -> bool:
    """Whether the value is a fraction, not a ball."""
    return isinstance(value, Fraction)


def ball(value: Any) -> Any:
    """Return the value as a ball."""
    if isinstance(value, Fraction):
        return flint.arb(flint.fmpq(value.numerator, value.denominator))
    return value


def evaluate(expr: Any, point: Point, world: World | None = None) -> Any:
    """Return the value of an expression.

    Raises
    ------
    Beyond
        If it has none here.
    Undefined
        If it is undefined.
    """
    with flint.ctx.workprec(_PRECISION):
        return _value(sp.sympify(expr), point, world)


def _value(expr: Any, point: Point, world: World | None) -> Any:
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    if expr.is_Symbol:
        if expr not in point:
            raise Beyond(f"{expr} has no value")
        return point[expr]
    if expr in (sp.zoo, sp.nan, sp.oo, -sp.oo):
        raise Undefined("SymPy found a division by 0")
    if expr == sp.pi:
        return flint.arb.pi()
    if expr == sp.E:
        return flint.arb(1).exp()
    if isinstance(expr, (sp.Sum, sp.Product)):
        return _repeated(expr, expr.limits, point, world)
    if isinstance(expr, E):
        return _world(world).mean(expr, point)
    if isinstance(expr, LimitOf):
        return _world(world).limit(expr, point)
    if not expr.args:
        raise Beyond(f"{expr} is no number here")
    values = [_value(arg, point, world) for arg in expr.args]
    if isinstance(expr, RandomVariable):
        return _world(world).random(expr, [_whole(value) for value in values])
    if isinstance(expr, Token):
        return _world(world).token([_whole(value) for value in values])
    return _operation(expr, values)


def _world(world: World | None) -> World:
    if world is None:
        raise Beyond("nothing is random here")
    return world


def _operation(expr: Any, values: list[Any]) -> Any:
    if expr.is_Add:
        return _total(values)
    if expr.is_Mul:
        result: Any = Fraction(1)
        for value in values:
            result = _times(result, value)
        return result
    if isinstance(expr, sp.exp):
        return Fraction(1) if values[-1] == 0 else ball(values[-1]).exp()
    if expr.is_Pow:
        return power(*values)
    if isinstance(expr, sp.log):
        return _log(values[0])
    if isinstance(expr, NormalTail):
        return _tail(values[0])
    if isinstance(expr, BivariateBelow):
        return _both_below(*values)
    if isinstance(expr, Below):
        return Fraction(int(less(*values)))
    if isinstance(expr, sp.KroneckerDelta):
        return Fraction(int(_equal(*values)))
    if isinstance(expr, sp.ceiling):
        return Fraction(_ceiling(values[0]))
    return _counted(expr, values)


def _tail(value: Any) -> Any:
    return (ball(value) / flint.arb(2).sqrt()).erfc() / 2


def _both_below(first: Any, second: Any, correlation: Any) -> Any:
    """Return the chance that two standard normals are below two levels: equal at correlation 1, opposite at -1."""
    if less(correlation, Fraction(-1)) or less(Fraction(1), correlation):
        raise Undefined(f"a correlation of {correlation}")
    one, two = ball(first), ball(second)
    if correlation == 1 and is_exact(correlation):
        return _tail(-one.min(two))
    if correlation == -1 and is_exact(correlation):
        return Fraction(0) if not less(-one, two) else _tail(-one) - _tail(two)
    angle = ball(correlation).asin()
    density = flint.acb.integral(
        lambda z, _: (-(one * one + two * two - 2 * one * two * z.sin()) / (2 * z.cos() ** 2)).exp(), 0, angle
    )
    return _tail(-one) * _tail(-two) + density.real / (2 * flint.arb.pi())


def _counted(expr: Any, values: list[Any]) -> Any:
    if isinstance(expr, sp.gamma):
        return ball(values[0]).gamma()
    if not isinstance(expr, (sp.factorial, sp.binomial, Stirling)):
        raise Beyond(f"{type(expr).__name__} has no value")
    whole = [_whole(value) for value in values]
    if any(number < 0 for number in whole):
        raise Undefined(f"{expr} at {whole}")
    if max(whole) > _LARGEST:
        raise Beyond(f"{expr} is too large")
    if isinstance(expr, sp.factorial):
        return Fraction(math.factorial(whole[0]))
    if isinstance(expr, sp.binomial):
        return Fraction(math.comb(*whole))
    return Fraction(_stirling(*whole))


def _stirling(things: int, blocks: int) -> int:
    """Return the number of partitions by inclusion and exclusion, not as SymPy counts them."""
    total = sum((-1) ** (blocks - k) * math.comb(blocks, k) * k**things for k in range(blocks + 1))
    return int(total) // math.factorial(blocks)


def _total(values: list[Any]) -> Any:
    exact = sum((value for value in values if is_exact(value)), Fraction(0))
    rest = [value for value in values if not is_exact(value)]
    return sum(rest[1:], rest[0]) + ball(exact) if rest else exact


def _times(one: Any, two: Any) -> Any:
    if is_exact(one) and is_exact(two):
        return one * two
    if 0 in (one if is_exact(one) else 1, two if is_exact(two) else 1):
        return Fraction(0)
    return ball(one) * ball(two)


def power(base: Any, exponent: Any) -> Any:
    """Return ``base`` to the ``exponent``; 0 to the 0 is 1."""
    if is_exact(exponent) and exponent.denominator == 1:
        number = exponent.numerator
        if abs(number) > 10**6:
            raise Beyond("the exponent is too large")
        if number < 0 and base == 0:
            raise Undefined("division by 0")
        if is_exact(base):
            if abs(number) * (base.numerator.bit_length() + base.denominator.bit_length()) > 10**6:
                return ball(base) ** number if base > 0 else _too_large()
            return base**number
        return base**number if number >= 0 or not base.contains(0) else _too_large()
    if base == 0 and is_exact(base):
        if less(Fraction(0), exponent):
            return Fraction(0)
        raise Undefined("0 to a negative power")
    if base == 1 and is_exact(base):
        return Fraction(1)
    if ball(base) < 0:
        raise Undefined("a negative number to a power that is not whole")
    if not ball(base) > 0:
        raise Beyond("the base may be 0")
    return (ball(exponent) * ball(base).log()).exp()


def _too_large() -> Any:
    raise Beyond("a power is too large")


def _log(value: Any) -> Any:
    if value == 1 and is_exact(value):
        return Fraction(0)
    if ball(value) > 0:
        return ball(value).log()
    if (is_exact(value) and value <= 0) or ball(value) < 0:
        raise Undefined(f"log of {value}")
    raise Beyond("the argument of log may be 0")


def less(one: Any, two: Any) -> bool:
    """Whether the first value is below the second."""
    if is_exact(one) and is_exact(two):
        return bool(one < two)
    if ball(one) < ball(two):
        return True
    if ball(one) >= ball(two):
        return False
    raise Beyond("two balls overlap")


def _equal(one: Any, two: Any) -> bool:
    if is_exact(one) and is_exact(two):
        return bool(one == two)
    if ball(one) < ball(two) or ball(one) > ball(two):
        return False
    raise Beyond("two balls overlap")


def _ceiling(value: Any) -> int:
    if is_exact(value):
        whole: int = math.ceil(value)
        return whole
    above = value.ceil()
    if above.is_exact():
        return int(above.unique_fmpz())
    raise Beyond("the ball is too wide to round up")


def _whole(value: Any) -> int:
    if not is_exact(value) or value.denominator != 1:
        raise Beyond(f"{value} is no whole number")
    return int(value.numerator)


def _repeated(expr: Any, limits: Any, point: Point, world: World | None) -> Any:
    if not limits:
        return _value(expr.function, point, world)
    *inner, (index, low, high) = limits  # SymPy lists the innermost range first
    first, last = _whole(_value(low, point, world)), _whole(_value(high, point, world))
    if last - first < -1:
        raise Undefined("a range of negative length")
    if last - first > _LONGEST:
        raise Beyond("the range is too long")
    values = [_repeated(expr, inner, {**point, index: Fraction(number)}, world) for number in range(first, last + 1)]
    if isinstance(expr, sp.Sum):
        return _total(values)
    result: Any = Fraction(1)
    for value in values:
        result = _times(result, value)
    return result
