"""Whether a claim is true by itself: by balls, at each point of a finite domain, by intervals, or evidently."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any

import sympy as sp

from proofs.language import Claim, E, Lim, LimitOf, RandomVariable
from proofs.mutation.conditions import follows
from proofs.mutation.decay import vanishes
from proofs.mutation.domains import domain
from proofs.mutation.factored import factored
from proofs.mutation.ranges import Domain, defined, enclose
from proofs.mutation.values import Beyond, Undefined, evaluate, is_exact, less

_MOST_POINTS, _MOST_VALUES = 200, 3


def alone(claim: Claim, box: Domain) -> str:
    """Return why a claim is true, whatever it was made from, or nothing."""
    relation = claim.conclusion
    if not isinstance(relation, (sp.Eq, sp.Le, sp.Lt, sp.Ne)):
        return ""
    if not claim.free_symbols and not relation.has(RandomVariable, LimitOf):
        return "true for these numbers, by ball arithmetic" if _certain(relation, {}) else ""
    points = _finite(claim, box)
    if points is not None and not relation.has(RandomVariable):
        if all(_certain(relation, point) for point in points if all(_certain(one, point) for one in claim.where)):
            return "true at every point of its finite domain"
        return ""
    if follows(relation, claim.where, box):
        return "its conclusion follows from its conditions"
    if isinstance(relation, sp.Eq) and isinstance(relation.lhs, Lim):
        return "every term has a negative exponent" if relation.rhs == 0 and vanishes(relation.lhs, box) else ""
    if isinstance(relation, sp.Eq):
        return "a real power of a positive number, by definition" if _is_power(relation, box) else ""
    difference = relation.rhs - relation.lhs
    for form in (difference, sp.expand(difference), sp.factor_terms(sp.expand(difference)), factored(difference)):
        gap = enclose(form, box)
        if (isinstance(relation, sp.Le) and gap.nonnegative) or (isinstance(relation, sp.Lt) and gap.positive):
            return "true by interval arithmetic"
    return "a polynomial without a root there" if _polynomial(difference, relation, box) else ""


def _polynomial(gap: Any, relation: Any, box: Domain) -> bool:
    """Whether a polynomial in one symbol, with rational coefficients, is positive on the symbol's interval."""
    symbols = gap.free_symbols
    if len(symbols) != 1 or not isinstance(relation, (sp.Le, sp.Lt)) or not gap.is_polynomial(*symbols):
        return False
    (symbol,) = symbols
    poly = sp.Poly(gap, symbol)
    if not poly.domain.is_ZZ and not poly.domain.is_QQ:
        return False
    ends = (box[symbol].low, box[symbol].high)
    low, high = (None if abs(end) == inf else sp.Rational(*end.as_integer_ratio()) for end in ends)
    inner = (low or 0) + 1 if high is None else high - 1 if low is None else (low + high) / 2
    return bool(poly.count_roots(low, high) == 0 and poly.eval(inner) > 0)


def _is_power(relation: Any, box: Domain) -> bool:
    sides = []
    for side in relation.args:
        logs = [log for log in side.atoms(sp.log) if enclose(log.args[0], box).positive]
        names = {log: sp.Symbol(f"_l{number}", real=True) for number, log in enumerate(sorted(logs, key=str))}
        changed = side.xreplace(names)
        powers = {
            one: sp.Mul(*(log.args[0] ** one.exp.coeff(name) for log, name in names.items() if one.exp.has(name)))
            for one in changed.atoms(sp.exp)
            if all(sp.expand(one.exp) == sp.expand(one.exp.coeff(name) * name) for name in names.values())
        }
        sides.append(changed.xreplace(powers))
    return bool(sides[0] == sides[1])


def evident(claim: Claim) -> bool:
    """Whether a claim is true once sums, products and means of numbers are worked out, or its conditions fail."""
    if any(_certain_not(condition) for condition in claim.where):
        return True
    relation = claim.conclusion
    if not isinstance(relation, (sp.Eq, sp.Le, sp.Lt)):
        return False
    sides = [worked_out(side) for side in relation.args]
    box = domain(claim.free_symbols, claim.where)
    if not all(defined(side, box) for side in sides) or any(side.has(sp.nan, sp.zoo, sp.oo) for side in sides):
        return False
    if isinstance(relation, sp.Eq):
        return bool(sp.expand(sides[0] - sides[1]) == 0) or bool(
            alone(Claim(sp.Eq(*sides, evaluate=False), claim.where), box)
        )
    return bool(alone(Claim(relation.func(*sides, evaluate=False), claim.where), box))


def _certain_not(condition: Any) -> bool:
    gap = condition.rhs - condition.lhs
    return bool(gap.is_Rational and (gap < 0 or (gap == 0 and isinstance(condition, sp.Lt))))


def worked_out(expr: Any) -> Any:
    """Return the expression with sums and products over nothing or of constants, and means of numbers, worked out."""
    if not expr.args:
        return expr
    if isinstance(expr, (E, LimitOf)):
        inner = worked_out(expr.args[0])
        return inner if inner.is_Rational else expr
    if isinstance(expr, (sp.Sum, sp.Product)) and len(expr.limits) == 1:
        (index, low, high), body = expr.limits[0], worked_out(expr.function)
        length = sp.expand(high - low + 1)
        if length == 0:
            return sp.Integer(0 if isinstance(expr, sp.Sum) else 1)
        if not body.has(index):
            return length * body if isinstance(expr, sp.Sum) else body**length
        return expr.func(body, *expr.limits)
    if isinstance(expr, sp.Sum):
        inner = expr.func(expr.function, expr.limits[0])
        return worked_out(expr.func(worked_out(inner), *expr.limits[1:]))
    return expr.func(*(worked_out(arg) if isinstance(arg, sp.Expr) else arg for arg in expr.args))


def _certain(relation: Any, point: Any) -> bool:
    """Whether a relation certainly holds at a point: an equation only if both sides are fractions."""
    try:
        left, right = (evaluate(side, point) for side in relation.args)
        if isinstance(relation, sp.Eq):
            return bool(is_exact(left) and is_exact(right) and left == right) or _equal_in_e(relation, point)
        if isinstance(relation, sp.Ne):
            return less(left, right) or less(right, left)
        return less(left, right) if isinstance(relation, sp.Lt) else not less(right, left)
    except (Beyond, Undefined):
        return False


def _equal_in_e(relation: Any, point: Any) -> bool:
    """Whether the sides are one polynomial in e and pi."""
    values = {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in point.items()}
    return bool(sp.expand((relation.lhs - relation.rhs).xreplace(values)) == 0)


def _finite(claim: Claim, box: Domain) -> list[dict[Any, Any]] | None:
    """Return every point of a finite domain of whole numbers, or ``None``."""
    choices = []
    for symbol in sorted(claim.free_symbols, key=str):
        low, high = box[symbol].low, box[symbol].high
        if not symbol.is_integer or abs(low) == inf or abs(high) == inf or high - low > _MOST_POINTS:
            return None
        choices.append([(symbol, Fraction(number)) for number in range(ceil(low), floor(high) + 1)])
    points = [dict(pairs) for pairs in itertools.islice(itertools.product(*choices), _MOST_POINTS + 1)]
    return points if choices and len(points) <= _MOST_POINTS else None
