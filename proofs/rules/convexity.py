"""Rules of convex functions, and the test of a function's curvature that they share with Jensen's inequality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import E, LimitOf, RandomVariable, le, lt
from proofs.normal import rational
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    Unknown,
    need_conditions,
    need_elementary,
    need_equal,
    relation_of,
    single,
)
from proofs.signs import defined, proves, sign

_SIGNS = {"convex": ("+", "0+", "0"), "concave": ("-", "0-", "0")}
UNIT = (sp.Integer(0), sp.Integer(1))
_CHANCE = (RandomVariable, E, LimitOf)


def need_shape(function: Any, symbol: Any, ends: tuple[Any, Any], shape: str, where: tuple[Any, ...]) -> None:
    """Raise unless ``function`` of ``symbol`` is continuous between the two ends and ``"convex"`` or ``"concave"``."""
    low, high = ends
    need_elementary(function, symbol)
    if any(piece.has(*_CHANCE) for piece in (function, low, high)):
        raise Refused("the function and the ends of its interval may not depend on chance")
    if not symbol.is_Symbol or symbol.is_integer is not None or symbol.is_nonnegative is not None:
        raise Refused(f"{symbol} must be a real variable without a sign")
    if low.has(symbol) or high.has(symbol) or any(condition.has(symbol) for condition in where):
        raise Refused(f"{symbol} is the function's own variable and has a condition")
    closed, inside = (*where, le(low, symbol), le(symbol, high)), (*where, lt(low, symbol), lt(symbol, high))
    reason = defined(function, closed)
    if reason:
        raise Unknown(f"the function is not known to be continuous: {reason}")
    second = rational(sp.diff(function, symbol, 2))
    if defined(second, inside) or sign(second, inside) not in _SIGNS[shape]:
        raise Refused(f"the function is not known to be {shape}: its second derivative is {second}")


def need_between(premises: Sequence[Any], point: Any, ends: tuple[Any, Any], claim: Any) -> None:
    """Refuse unless the premises or the claim's conditions say that ``point`` is between the two ends, or at one."""
    for needed in (le(ends[0], point), le(point, ends[1])):
        found = [one for one in premises if one.conclusion == needed]
        if not found and not proves(needed, claim.where):
            raise Refused(f"{needed.lhs} <= {needed.rhs} is neither a premise nor evident")
        for one in found:
            need_conditions(one.where, claim)


def _convex_combination(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le)
    function, symbol = sp.sympify(args["function"]), args["variable"]
    first, second, weight = (sp.sympify(args[name]) for name in ("first", "second", "weight"))
    low, high = (sp.sympify(args.get(name, default)) for name, default in (("low", 0), ("high", 1)))
    shape = args.get("shape", "convex")
    if shape not in _SIGNS:
        raise Refused(f"{shape} is neither convex nor concave")
    need_shape(function, symbol, (low, high), shape, claim.where)
    for point in (first, second):
        need_between(premises, point, (low, high), claim)
    need_between(premises, weight, UNIT, claim)
    inner = function.xreplace({symbol: (1 - weight) * first + weight * second})
    outer = (1 - weight) * function.xreplace({symbol: first}) + weight * function.xreplace({symbol: second})
    below, above = (inner, outer) if shape == "convex" else (outer, inner)
    need_equal(relation.lhs, below, "left side")
    need_equal(relation.rhs, above, "right side")
    return f"the function is {shape}: its second derivative keeps one sign between the ends"


RULES = (
    Rule(
        "convex-combination",
        _convex_combination,
        "exact sign of the second derivative",
        "A function that is continuous on an interval with f'' >= 0 inside lies below its chords: f((1-l) a + l b) <= "
        "(1-l) f(a) + l f(b) for a and b in the interval and 0 <= l <= 1; above them if f'' <= 0.",
        (*USES["sign"], "sympy.diff"),
    ),
)
