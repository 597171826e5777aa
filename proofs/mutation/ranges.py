"""Between which numbers an expression lies on a domain, by interval arithmetic.

This shares nothing with the sign engine of the kernel: every symbol has one interval, from its type and the conditions,
and an operation is enclosed from the enclosures of what it acts on. Rough, but it cannot be wrong in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

import sympy as sp

from proofs.language import Below, BivariateBelow, E, Integral, LimitOf, NormalTail, RandomVariable
from proofs.model import Cosine, PickChance
from proofs.mutation.factored import factored
from proofs.mutation.intervals import ALL, NONNEGATIVE, POSITIVE, UNIT, Interval, Number, meet, point
from proofs.mutation.values import Beyond, evaluate, is_exact

Domain = dict[Any, Interval]
_LARGE = Fraction(1000)


def of_type(symbol: Any) -> Interval:
    """Return the values that a symbol's type allows."""
    if symbol.is_integer and symbol.is_positive:
        return Interval(Fraction(1), inf, (False, True))
    return POSITIVE if symbol.is_positive else NONNEGATIVE if symbol.is_nonnegative else ALL


def enclose(expr: Any, box: Domain) -> Interval:
    """Return an interval that contains every value of ``expr`` on the domain, wherever it is defined."""
    expr = sp.sympify(expr)
    if expr.is_Rational:
        return point(expr)
    if expr.is_Symbol:
        return box[expr] if expr in box else of_type(expr)
    found = _by_parts(expr, box)
    return meet(found, box[expr]) if expr in box else found


def _by_parts(expr: Any, box: Domain) -> Interval:
    if not expr.free_symbols and not expr.has(RandomVariable):
        number = _constant(expr)
        if number is not None:
            return number
    for kinds, make in _OPERATIONS:
        if isinstance(expr, kinds):
            return make(expr, box)
    return POSITIVE if expr.is_positive else NONNEGATIVE if expr.is_nonnegative else ALL


def _constant(expr: Any) -> Interval | None:
    try:
        value = evaluate(expr, {})
    except (Beyond, ArithmeticError):
        return None
    if is_exact(value):
        return Interval(value, value)
    if not value.is_finite():
        return None
    middle, radius = _fraction(value.mid()), _fraction(value.rad())
    return Interval(middle - radius, middle + radius)


def _fraction(ball: Any) -> Fraction:
    mantissa, exponent = ball.man_exp()
    power = Fraction(2) ** int(exponent)
    return int(mantissa) * power


def _sum_of(expr: Any, box: Domain) -> Interval:
    if _is_convex(expr):
        return POSITIVE if _away_from_tangent(expr, box) else NONNEGATIVE
    total = Interval(Fraction(0), Fraction(0))
    for term in expr.args:
        total = total + enclose(term, box)
    return total if total.sign is not None else meet(total, _by_comparisons(expr, box))


def _by_comparisons(expr: Any, box: Domain) -> Interval:
    """Return what a known difference of two sides of a condition says of a sum: what else there is has a sign."""
    found = ALL
    alone = {known: interval for known, interval in box.items() if known.is_Symbol}
    for known, interval in box.items():
        if known.is_Add and known != expr and expr.free_symbols >= known.free_symbols:
            rest = factored(expr - known)
            if not rest.is_Add:
                found = meet(found, interval + enclose(rest, alone))
    return found


def _is_convex(expr: Any) -> bool:
    """Whether this is ``v - 1 - log(v)`` or ``exp(v) - 1 - v``: convex functions above their tangents."""
    logs = [-term for term in expr.args if isinstance(-term, sp.log)]
    exponentials = [term for term in expr.args if isinstance(term, sp.exp)]
    tangents = [log.args[0] - 1 - log for log in logs] + [one - 1 - one.exp for one in exponentials]
    return any(sp.expand(expr - one) == 0 for one in tangents)


def _away_from_tangent(expr: Any, box: Domain) -> bool:
    """Whether such a function is away from the point where it touches its tangent: ``v`` is not 1, or not 0."""
    points = [sp.expand(-term.args[0] * term.args[1].args[0]) - 1 for term in expr.args if _is_minus_log(term)]
    points += [sp.expand(term.exp) for term in expr.args if isinstance(term, sp.exp)]
    return len(points) == 1 and (enclose(points[0], box).positive or (-enclose(points[0], box)).positive)


def _is_minus_log(term: Any) -> bool:
    return bool(term.is_Mul and len(term.args) == 2 and term.args[0] == -1 and isinstance(term.args[1], sp.log))


def _product_of(expr: Any, box: Domain) -> Interval:
    total = Interval(Fraction(1), Fraction(1))
    for factor in expr.args:
        total = total * enclose(factor, box)
    return total


def _power(expr: Any, box: Domain) -> Interval:
    base, exponent = enclose(expr.base, box), enclose(expr.exp, box)
    if expr.exp.is_Integer:
        return _whole_power(base, int(expr.exp))
    if not base.nonnegative:
        return NONNEGATIVE if expr.exp.is_even else ALL
    if exponent.low >= 0:
        if base.high <= 1:
            return Interval(Fraction(0), Fraction(1), (base.positive, base.high < 1 and exponent.positive))
        if base.low >= 1:
            return Interval(Fraction(1), inf, (base.low > 1 and exponent.positive, True))
    return POSITIVE if base.positive else NONNEGATIVE


def _whole_power(base: Interval, exponent: int) -> Interval:
    if exponent < 0:
        if not (base.positive or (-base).positive):
            return ALL
        return _whole_power(_reciprocal(base), -exponent)
    result = Interval(Fraction(1), Fraction(1))
    for _ in range(min(exponent, 12)):
        result = result * base
    if exponent > 12:
        result = ALL if not base.nonnegative else POSITIVE if base.positive else NONNEGATIVE
    return meet(result, NONNEGATIVE) if exponent % 2 == 0 else result


def _reciprocal(base: Interval) -> Interval:
    if not base.nonnegative:
        return -_reciprocal(-base)
    low = Fraction(0) if base.high == inf else 1 / Fraction(base.high)
    high = inf if base.low == 0 else 1 / Fraction(base.low)
    return Interval(low, high, (base.open[1] or low == 0, base.open[0] or high == inf))


def _monotone(function: Callable[[Any], Any], least: Number, most: Number) -> Callable[[Any, Domain], Interval]:
    """Return what encloses an increasing function; ``least`` and ``most`` are its limits at the ends of its domain."""

    def make(expr: Any, box: Domain) -> Interval:
        inner = enclose(expr.args[0], box)
        low, high = _rounded(function, inner.low, -1, least), _rounded(function, inner.high, 1, most)
        return Interval(low, high, (low == least or inner.open[0], high == most or inner.open[1]))

    return make


def _rounded(function: Callable[[Any], Any], end: Number, side: int, limit: Number) -> Number:
    found = limit
    if abs(end) != inf:
        number = Fraction(end)
        value = _constant(function(sp.Rational(number.numerator, number.denominator)))
        if value is not None:
            found = value.low if side < 0 else value.high
    return found


def _exp(expr: Any, box: Domain) -> Interval:
    return _monotone(sp.exp, Fraction(0), inf)(sp.exp(expr.exp, evaluate=False), box)


def _log(expr: Any, box: Domain) -> Interval:
    inner = enclose(expr.args[0], box)
    if not inner.nonnegative:
        inner = meet(inner, POSITIVE)
    low = -inf if inner.low == 0 else _rounded(sp.log, inner.low, -1, -inf)
    high = inf if inner.high == inf else -inf if inner.high == 0 else _rounded(sp.log, inner.high, 1, inf)
    return Interval(low, high, (low == -inf or inner.open[0], high == inf or inner.open[1]))


def _mean(expr: Any, box: Domain) -> Interval:
    return enclose(expr.value, box)


def _limit(expr: Any, box: Domain) -> Interval:
    inner = enclose(expr.args[0], box)
    return Interval(inner.low, inner.high, (inner.low == -inf, inner.high == inf))


def defined(expr: Any, box: Domain, known: Any = ()) -> bool:
    """Whether everything in ``expr`` is certainly defined on the domain, besides what is ``known`` to be."""
    if expr in known:
        return True
    if isinstance(expr, (sp.Sum, sp.Product)):
        box = inside(expr, box)
    if isinstance(expr, LimitOf):  # what a limit says is about large indices only
        box = {**box, expr.args[1]: meet(of_type(expr.args[1]), Interval(_LARGE, inf, (False, True)))}
    if isinstance(expr, (sp.log, sp.gamma)) and not enclose(expr.args[0], box).positive:
        return False
    if isinstance(expr, sp.Pow) and not isinstance(expr, sp.exp):
        base, exponent = enclose(expr.base, box), enclose(expr.exp, box)
        if not (exponent.nonnegative or base.positive or (expr.exp.is_integer and (-base).positive)):
            return False
        if not (expr.exp.is_integer or base.nonnegative):
            return False
    return all(defined(arg, box, known) for arg in expr.args)


def inside(expr: Any, box: Domain) -> Domain:
    """Return the domain inside a sum or product: its indices lie in their ranges."""
    inner = dict(box)
    for index, low, high in reversed(expr.limits):
        first, last = enclose(low, inner), enclose(high, inner)
        inner[index] = meet(of_type(index), Interval(first.low, last.high, (first.open[0], last.open[1])))
    return inner


def _sum(expr: Any, box: Domain) -> Interval:
    body = enclose(expr.function, inside(expr, box))
    length = enclose(expr.limits[0][2] - expr.limits[0][1] + 1, inside(expr, box))
    if len(expr.limits) > 1:
        return NONNEGATIVE if body.nonnegative else -NONNEGATIVE if body.high <= 0 else ALL
    return body * meet(length, NONNEGATIVE)


def _product(expr: Any, box: Domain) -> Interval:
    body = enclose(expr.function, inside(expr, box))
    if not body.nonnegative:
        return ALL
    if body.high <= 1:
        return UNIT
    return Interval(Fraction(1), inf, (False, True)) if body.low >= 1 else NONNEGATIVE


def _ceiling(expr: Any, box: Domain) -> Interval:
    inner = enclose(expr.args[0], box)
    return Interval(inner.low, inner.high + 1, (inner.open[0], True))


def along(expr: Any, box: Domain) -> Domain:
    """Return the domain inside an integral: its variable lies between its ends."""
    _, variable, *ends = expr.args
    found = ALL
    if ends:
        first, last = enclose(ends[0], box), enclose(ends[1], box)
        found = Interval(first.low, last.high, (first.open[0], last.open[1]))
    return {**box, variable: meet(of_type(variable), found)}


def _integral(expr: Any, box: Domain) -> Interval:
    body = enclose(expr.args[0], along(expr, box))
    return NONNEGATIVE if body.nonnegative else -NONNEGATIVE if body.high <= 0 else ALL


def _gamma(expr: Any, box: Domain) -> Interval:
    return POSITIVE if enclose(expr.args[0], box).positive else ALL


def _fixed(interval: Interval) -> Callable[[Any, Domain], Interval]:
    return lambda *_: interval


_OPERATIONS: tuple[tuple[Any, Callable[[Any, Domain], Interval]], ...] = (
    (sp.Add, _sum_of),
    (sp.Mul, _product_of),
    (sp.exp, _exp),
    (sp.Pow, _power),
    (sp.log, _log),
    (E, _mean),
    (LimitOf, _limit),
    (sp.Sum, _sum),
    (sp.Product, _product),
    (sp.ceiling, _ceiling),
    ((Below, sp.KroneckerDelta, PickChance), _fixed(UNIT)),
    (BivariateBelow, _fixed(Interval(Fraction(0), Fraction(1), (False, True)))),
    (sp.gamma, _gamma),
    (Integral, _integral),
    (NormalTail, _fixed(Interval(Fraction(0), Fraction(1), (True, True)))),
    (Cosine, _fixed(Interval(Fraction(-1), Fraction(1)))),
    (sp.factorial, _fixed(Interval(Fraction(1), inf, (False, True)))),
)
