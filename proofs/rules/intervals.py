"""Rules about a function on an open interval, one end of which it need not reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.calculus import derivative, roughness
from proofs.normal import rational
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    Unknown,
    need_conditions,
    need_defined,
    need_equal,
    relation_of,
    single,
    strict,
)
from proofs.signs import bounds, sign

_NONNEGATIVE = {"+", "0+", "0"}


def _need_open_interval(symbol: Any, left: Any, where: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse unless the values of ``symbol`` are an open interval that begins at ``left``; return the other conditions.

    A condition that is no bound on ``symbol`` could leave a hole in the interval.
    """
    if not symbol.is_Symbol or symbol.is_integer:
        raise Refused(f"{symbol} does not run through an interval")
    mine = tuple(one for one in where if one.has(symbol))
    others = tuple(one for one in where if not one.has(symbol))
    low, high = bounds(symbol, where)
    ends = [end for end, _ in (*low, *high)]
    for one in mine:
        other = one.lhs if one.rhs == symbol else one.rhs
        if not isinstance(one, (sp.Lt, sp.Le)) or symbol not in one.args or other not in ends:
            raise Refused(f"{one} is no bound on {symbol}")
    if (left, True) not in low:
        raise Refused(f"{left} is not the left end of an open interval of {symbol}")
    if any(sign(left - end, others) not in _NONNEGATIVE for end, _ in low):
        raise Refused(f"the interval of {symbol} may begin beyond {left}")
    if not all(is_strict for _, is_strict in high):
        raise Refused(f"the interval of {symbol} has a closed right end")
    return others


def _increasing(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Le, sp.Lt)
    slope, bound = (relation_of(premise, sp.Le, sp.Lt) for premise in premises)
    for premise in premises:
        need_conditions(premise.where, claim)
    symbol, left = args["variable"], sp.sympify(args["left"])
    others = _need_open_interval(symbol, left, claim.where)
    function = relation.rhs - relation.lhs
    reason = roughness(function, symbol, claim.where)
    if reason:
        raise Unknown(f"the difference is not known to be smooth: {reason}")
    need_equal(derivative(function, symbol), slope.rhs - slope.lhs, "the first premise is not about the derivative")
    if strict(relation) and not strict(slope):
        raise Refused("a strict claim needs a derivative that is known to be positive")
    floor = rational(function - (bound.rhs - bound.lhs))
    if floor.is_polynomial(symbol) is not True:
        raise Refused(f"the second premise leaves {floor}, which is no polynomial in {symbol}")
    end = floor.xreplace({symbol: left})
    need_defined(relation, claim.where)
    need_defined(floor, claim.where)
    need_defined(end, others)
    if sign(end, others) not in _NONNEGATIVE:
        raise Refused(f"the lower bound {floor} is not known to tend to a nonnegative number at {left}")
    return "increasing, and at least something that tends to a nonnegative number at the left end"


RULES = (
    Rule(
        "increasing-from-limit",
        _increasing,
        "normal form and exact sign",
        "Let f be smooth on an open interval with f' >= 0 (the first premise) and f >= p (the second), p a polynomial "
        "that is nonnegative at the left end. At any point f is at least its values nearer that end, hence at least "
        "their p, which tends to something nonnegative; if f' > 0, then f is strictly above such values.",
        (*USES["sign"], "sympy.diff"),
    ),
)
