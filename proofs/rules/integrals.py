"""Rules of definite integrals. An integral that a claim mentions converges absolutely: the kernel sees to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.calculus import (
    derivative,
    discontinuity,
    divergence,
    end_values,
    roughness,
    unfit,
    within,
)
from proofs.language import TRIVIAL, Below, Claim, Density, E, Integral, RandomVariable, bound_symbols
from proofs.normal import equal
from proofs.rules.base import USES, Refused, Rule, Unknown, need_conditions, need_equal, relation_of, single
from proofs.signs import sign

_NONNEGATIVE, _NONPOSITIVE = ("+", "0+", "0"), ("-", "0-", "0")


def _integral(expr: Any, claim: Claim, *others: Any) -> tuple[Any, Any, tuple[Any, ...]]:
    """Return integrand, variable and ends; refuse what is no integral, or whose variable has another meaning nearby."""
    if not isinstance(expr, Integral):
        raise Refused(f"{expr} is no integral")
    function, variable, *ends = expr.args
    free = claim.free_symbols.union(*(other.free_symbols for other in others))
    if variable in free:
        raise Refused(f"{variable} is bound in one place and free in another")
    reason = unfit(variable, function, *ends)
    if reason:
        raise Refused(reason)
    reason = divergence(expr, claim.where)
    if reason:
        raise Unknown(f"not known to converge: {reason}")
    return function, variable, tuple(ends)


def _need_smooth(function: Any, variable: Any, ends: Any, where: tuple[Any, ...]) -> None:
    """Raise unless ``function`` is continuous on the closed range and smooth inside it."""
    reason = unfit(variable, function)
    if reason:
        raise Refused(reason)
    reason = discontinuity(function, variable, (*where, *within(variable, ends, closed=True)))
    reason = reason or roughness(function, variable, (*where, *within(variable, ends, closed=False)))
    if reason:
        raise Unknown(f"not known to be smooth: {reason}")


def _at_ends(function: Any, variable: Any, ends: Any, where: tuple[Any, ...]) -> tuple[Any, Any]:
    values = end_values(function, variable, ends, where)
    if values is None:
        raise Refused(f"the limits of {function} at the two ends of the line are not known")
    return values


def _fundamental_theorem(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    function, variable, ends = _integral(relation.lhs, claim)
    primitive = sp.sympify(args["antiderivative"])
    _need_smooth(primitive, variable, ends, claim.where)
    need_equal(derivative(primitive, variable), function, "the derivative is not the integrand")
    first, last = _at_ends(primitive, variable, ends, claim.where)
    need_equal(relation.rhs, last - first, "right side")
    return "differentiated the antiderivative"


def _substitution(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    function, variable, ends = _integral(relation.lhs, claim)
    outer, image, image_ends = _integral(relation.rhs, claim)
    put = sp.sympify(args["put"])
    if put.has(image) and image != variable:
        raise Refused(f"{put} is no function of {variable} alone")
    if not image_ends:
        raise Refused("the new variable must run over a bounded range")
    _need_smooth(put, variable, ends, claim.where)
    slope = derivative(put, variable)
    found = sign(slope, (*claim.where, *within(variable, ends, closed=False)))
    if found not in (*_NONNEGATIVE, *_NONPOSITIVE):
        raise Unknown(f"{put} is not known to be monotone")
    first, last = _at_ends(put, variable, ends, claim.where)
    if found in _NONPOSITIVE:
        slope, first, last = -slope, last, first
    need_equal(image_ends[0], first, "lower ends differ")
    need_equal(image_ends[1], last, "upper ends differ")
    need_equal(function, outer.xreplace({image: put}) * slope, "the integrands do not correspond")
    return "differentiated the new variable, which is monotone"


def _reflection(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    function, variable, ends = _integral(relation.lhs, claim)
    outer, image, image_ends = _integral(relation.rhs, claim)
    if ends or image_ends:
        raise Refused("the integrals are not over the whole line")
    need_equal(function.xreplace({variable: -variable}), outer.xreplace({image: variable}), "not the mirror image")
    return "put -x for x"


def _same_range(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    return len(first) == len(second) and all(equal(one, other) for one, other in zip(first, second, strict=True))


def _linearity(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    integrals = sorted(relation.atoms(Integral), key=str)
    if not integrals:
        raise Refused("there is no integral")
    names = {integral: sp.Symbol(f"_i{number}", real=True) for number, integral in enumerate(integrals)}
    total = (relation.lhs - relation.rhs).xreplace(names)
    rest = total.xreplace({name: sp.Integer(0) for name in names.values()})
    function: Any = sp.Integer(0)
    common, ends = sp.Symbol("_y", real=True), integrals[0].args[2:]
    for integral, name in names.items():
        inner, variable, own = _integral(integral, claim)
        weight = sp.diff(total, name)
        if weight.has(*names.values()):
            raise Refused(f"the claim is not linear in {integral}")
        if not _same_range(own, ends):
            raise Refused("the integrals run over different ranges")
        function += weight * inner.xreplace({variable: common})
    need_equal(rest, sp.Integer(0), "what is outside the integrals")
    need_equal(function, sp.Integer(0), "the integrands do not match")
    return "compared the integrands"


def _comparison(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (premise,) = premises
    relation, source = relation_of(claim, sp.Le), relation_of(premise, sp.Le)
    sides = [side for side in (relation.lhs, relation.rhs) if isinstance(side, Integral)]
    if not sides:
        raise Refused("neither side is an integral")
    _, variable, ends = _integral(sides[0], claim)
    need_conditions(premise.where, Claim(claim.conclusion, (*claim.where, *within(variable, ends, closed=False))))
    for side, bound in ((relation.lhs, source.lhs), (relation.rhs, source.rhs)):
        inner: Any = sp.Integer(0)
        if side != 0:
            function, own, range_ends = _integral(side, claim)
            if not _same_range(range_ends, ends):
                raise Refused("the integrals run over different ranges")
            if own != variable and function.has(variable):
                raise Refused(f"{variable} has two meanings")
            inner = function.xreplace({own: variable})
        need_equal(inner, bound, "an integrand is not the side of the premise")
    return "the integrand of one side is at most that of the other"


def _density_from_law(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (premise,) = premises
    law = relation_of(premise, sp.Eq)
    if not isinstance(claim.conclusion, Density) or len(claim.conclusion.args) != 3:
        raise Refused("the claim is not that a variable has a density on the line")
    quantity, density, variable = claim.conclusion.args
    if not isinstance(law.lhs, E) or law.lhs.given != TRIVIAL or not isinstance(law.lhs.value, Below):
        raise Refused("the premise is not about the law of a variable")
    member, level = law.lhs.value.args
    reason = unfit(level, law.rhs) or unfit(variable, density)
    if reason:
        raise Refused(reason)
    if member != quantity or not quantity.has(RandomVariable) or quantity.has(level, variable):
        raise Refused(f"the premise is not about the law of {quantity}")
    if any(one.has(level) for one in (*premise.where, *claim.where)) or variable in claim.free_symbols:
        raise Refused("the law must be known at every level")
    need_conditions(premise.where, claim)
    _need_smooth(law.rhs, level, (), claim.where)
    reason = discontinuity(density, variable, claim.where)
    if reason:
        raise Unknown(reason)
    slope = derivative(law.rhs, level)
    if level != variable and (slope.has(variable) or density.has(level)):
        raise Refused(f"{variable} has two meanings")
    need_equal(slope.xreplace({level: variable}), density, "the density is not the derivative")
    return "differentiated the distribution function"


def _mean_as_integral(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (premise,) = premises
    relation = relation_of(claim, sp.Eq)
    if not isinstance(premise.conclusion, Density):
        raise Refused("the premise is not that a variable has a density")
    need_conditions(premise.where, claim)
    quantity, density, running, *ends = premise.conclusion.args
    if not isinstance(relation.lhs, E) or relation.lhs.given != TRIVIAL:
        raise Refused("the left side is no expectation")
    function, variable, own = _integral(relation.rhs, claim, premise)
    if not _same_range(own, tuple(ends)):
        raise Refused("the integral does not run over the values of the variable")
    if variable in bound_symbols(relation.lhs) or running in claim.free_symbols:
        raise Refused(f"{variable} has two meanings")
    value = relation.lhs.value.xreplace({quantity: variable})
    reason = unfit(variable, value)
    if reason:
        raise Refused(f"the left side depends on chance otherwise than through {quantity}: {reason}")
    reason = discontinuity(value, variable, (*claim.where, *within(variable, own, closed=True)))
    if reason:
        raise Unknown(reason)
    need_equal(function, value * density.xreplace({running: variable}), "the integrand is not function times density")
    return "integrated the function against the density"


_CALCULUS = USES["derivative"]

RULES = (
    Rule(
        "fundamental-theorem",
        _fundamental_theorem,
        "derivative, normal form",
        "If F is continuous on [a, b] and F' = f inside, f being continuous on [a, b], then f has the integral F(b) - "
        "F(a). On the line, where f is integrable, the integral from -T to T tends to the difference of the limits.",
        _CALCULUS,
        ("normal-distribution",),
    ),
    Rule(
        "substitution",
        _substitution,
        "derivative, sign, normal form",
        "If u is continuous on [a, b], smooth and monotone inside, and f is continuous between u(a) and u(b) with "
        "antiderivative F, then F(u(x)) is an antiderivative of f(u(x)) u'(x); on the line the ends are limits.",
        _CALCULUS,
        ("normal-distribution",),
    ),
    Rule(
        "reflection",
        _reflection,
        "normal form",
        "The integrals of f(x) and of f(-x) over the whole line are equal where they converge.",
        USES["normal form"],
    ),
    Rule(
        "integral-linearity",
        _linearity,
        "normal form",
        "Integrals over one range that converge are linear in their integrands, which are compared as functions.",
        USES["normal form"],
    ),
    Rule(
        "integral-comparison",
        _comparison,
        "normal form",
        "If f <= g between the ends then the integral of f is at most that of g.",
        USES["sign"],
    ),
    Rule(
        "density-from-law",
        _density_from_law,
        "derivative, normal form",
        "If P(X < t) is a smooth function of t on the whole line, then P(a <= X < b) is the integral of its derivative "
        "from a to b, which is therefore a density of X.",
        _CALCULUS,
        ("normal-distribution",),
    ),
    Rule(
        "mean-as-integral",
        _mean_as_integral,
        "normal form",
        "If X has the density p on a range and f is continuous there, then E(f(X)) is the integral of f p if that "
        "converges absolutely.",
        USES["sign"],
    ),
)
