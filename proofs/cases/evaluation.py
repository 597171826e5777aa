"""The value of an expression of the statement language, by the meaning of its heads.

Values are fractions; balls (Arb) where a number is irrational; polynomials where a model works with a free length.
This is a second reading of the language: it uses none of the normal forms, signs and rules by which proofs are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from math import comb, factorial
from operator import add, mul
from typing import Any

import flint
import sympy as sp

from proofs.language import (
    Below,
    BivariateBelow,
    E,
    FixedNumber,
    Integral,
    LimitOf,
    MatrixRank,
    NormalTail,
    RandomVariable,
)
from proofs.model import Eulerian, OuterAngle, SimplexAngle, Stirling, Token

Env = Mapping[Any, Any]
"""The values of symbols, and whatever a model needs to remember of the outcome it looks at."""
Heads = Callable[[Any, Env], Any]
"""How a model values the heads that depend on chance."""
_WIDE = flint.arb(2) ** -10
_OF_THE_MODEL = (
    *(RandomVariable, FixedNumber, Token, SimplexAngle, OuterAngle),
    *(E, LimitOf, NormalTail, BivariateBelow, Integral, MatrixRank),
)


class UnsupportedError(Exception):
    """The model gives an expression no value."""


class UndecidedError(Exception):
    """A comparison could not be decided at this precision."""


def ball(value: Any) -> Any:
    """Return a ball around a fraction, or the value itself."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else value


def common(values: list[Any]) -> list[Any]:
    """Return the values with fractions turned into balls if there is a ball among them."""
    rounded = any(isinstance(value, (flint.arb, flint.acb)) for value in values)
    return [ball(value) for value in values] if rounded else values


def evaluate(expr: Any, env: Env, heads: Heads) -> Any:
    """Return the value of ``expr``.

    Raises
    ------
    UnsupportedError
        If it has a symbol without a value, or a head that the model does not know.
    """
    return _meaning(expr)(env, heads)


@lru_cache(maxsize=4096)
def _meaning(expr: Any) -> Callable[[Env, Heads], Any]:
    """Return how to evaluate an expression: its shape is looked at once, its values as often as needed."""
    if expr.is_Rational:
        number = Fraction(int(expr.p), int(expr.q))
        return lambda env, heads: number
    if expr.is_Symbol:
        return lambda env, heads: _value_of(expr, env)
    if isinstance(expr, _OF_THE_MODEL):
        return lambda env, heads: heads(expr, env)
    if isinstance(expr, (sp.Sum, sp.Product)):
        return _over_ranges(expr)
    parts = [_meaning(arg) for arg in expr.args]
    if expr.is_Add or expr.is_Mul:
        operation = add if expr.is_Add else mul
        return lambda env, heads: reduce(operation, common([part(env, heads) for part in parts]))
    if expr.is_Pow:
        base, exponent = parts
        return lambda env, heads: power(base(env, heads), exponent(env, heads))
    return lambda env, heads: _function(expr, [part(env, heads) for part in parts])


def _value_of(symbol: Any, env: Env) -> Any:
    if symbol not in env:
        raise UnsupportedError(f"{symbol} has no value")
    return env[symbol]


def _over_ranges(expr: Any) -> Callable[[Env, Heads], Any]:
    """Add or multiply over the ranges; the last one written is the outermost."""
    *inner, (index, low, high) = (tuple(limit) for limit in expr.limits)
    body = _meaning(expr.func(expr.function, *inner) if inner else expr.function)
    ends = [_meaning(end) for end in (low, high)]
    operation, empty = (add, Fraction(0)) if isinstance(expr, sp.Sum) else (mul, Fraction(1))

    def value(env: Env, heads: Heads) -> Any:
        first, last = (whole(end(env, heads)) for end in ends)
        terms = [body({**env, index: Fraction(at)}, heads) for at in range(first, last + 1)]
        return reduce(operation, common([empty, *terms]))

    return value


def power(base: Any, exponent: Any) -> Any:
    """Return ``base`` to a whole power, or a positive ball to any."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if isinstance(base, flint.arb) and exponent > 1 and base.rad() > _WIDE and base.lower() >= 0:
            # Multiplication of wide balls forgets that a power of a nonnegative number is nonnegative.
            return (base.lower() ** int(exponent)).union(base.upper() ** int(exponent))
        return base ** int(exponent)
    return ball(base) ** ball(exponent)


def weighted(terms: Iterable[tuple[Any, Any]]) -> Any:
    """Return the sum of weight times value."""
    return reduce(add, common([reduce(mul, common([weight, value])) for weight, value in terms]))


def whole(value: Any) -> int:
    """Return a fraction that is an integer as one."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    raise UnsupportedError(f"{value} is no integer")


def _function(expr: Any, parts: list[Any]) -> Any:
    if expr == sp.E:
        return flint.arb(1).exp()
    if expr == sp.pi:
        return flint.arb.pi()
    if isinstance(expr, (sp.exp, sp.log)):
        if parts[0] == (0 if isinstance(expr, sp.exp) else 1):
            return 1 - parts[0]
        argument = ball(parts[0])
        return argument.exp() if isinstance(expr, sp.exp) else argument.log()
    if isinstance(expr, sp.gamma):
        return ball(parts[0]).gamma()
    if isinstance(expr, sp.ceiling):
        return _ceiling(ball(parts[0]))
    if isinstance(expr, Below):
        return Fraction(int(less(*parts)))
    if isinstance(expr, sp.KroneckerDelta):
        return Fraction(int(whole(parts[0]) == whole(parts[1])))
    if isinstance(expr, sp.factorial):
        return Fraction(factorial(whole(parts[0])))
    if isinstance(expr, sp.binomial):
        return Fraction(comb(whole(parts[0]), whole(parts[1])))
    if isinstance(expr, Stirling):
        return Fraction(_partitions(whole(parts[0]), whole(parts[1])))
    if isinstance(expr, Eulerian):
        return Fraction(_by_descents(whole(parts[0]), whole(parts[1]) - 1))
    raise UnsupportedError(f"{expr} has no value here")


def _ceiling(value: Any) -> Fraction:
    found = value.ceil().unique_fmpz()
    if found is None:
        raise UndecidedError(f"the integer above {value}")
    return Fraction(int(found))


def _partitions(things: int, blocks: int) -> int:
    """Count partitions into blocks by placing one thing after the other: in a block that exists, or in a new one."""
    ways = {0: 1}
    for _ in range(things):
        after: dict[int, int] = {}
        for used, count in ways.items():
            after[used] = after.get(used, 0) + used * count
            after[used + 1] = after.get(used + 1, 0) + count
        ways = after
    return ways.get(blocks, 0)


def _by_descents(things: int, descents: int) -> int:
    """Count permutations by descents: a new largest thing adds one descent, unless put into one or at the end."""
    ways = {0: 1} if things else {-1: 1}  # no thing has no run
    for number in range(1, things):
        after: dict[int, int] = {}
        for found, count in ways.items():
            after[found] = after.get(found, 0) + (found + 1) * count
            after[found + 1] = after.get(found + 1, 0) + (number - found) * count
        ways = after
    return ways.get(descents, 0)


def less(left: Any, right: Any) -> bool:
    """Whether ``left < right``.

    Raises
    ------
    UndecidedError
        If the two are balls that overlap.
    """
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left < right
    left, right = ball(left), ball(right)
    if left < right:
        return True
    if left >= right:
        return False
    raise UndecidedError(f"{left} against {right}")


def outermost_means(expr: Any) -> list[Any]:
    """Return the expectations in an expression that are in no other."""
    walk = sp.preorder_traversal(expr)
    found = []
    for node in walk:
        if isinstance(node, E):
            found.append(node)
            walk.skip()
    return found


def kinds_of_factors(expr: Any) -> set[Any]:
    """Return the types of the factors of a product."""
    return {type(factor) for factor in expr.args} if expr.is_Mul else set()
