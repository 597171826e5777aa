"""Rules of order: signs, combinations of inequalities, monotone functions, and signs from derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.counterexamples import numeric_counterexample, undefined_at
from proofs.language import Below, E, NormalTail, le, lt, show
from proofs.normal import rational
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    Unknown,
    need_conditions,
    need_defined,
    need_elementary,
    need_equal,
    need_true,
    relation_of,
    single,
    strict,
)
from proofs.signs import bounds, defined, sign

_FEW = 60
"""Points at which a claim is tried before its rule sets out to prove it."""


def _sign(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim)
    need_defined(relation, claim.where)
    need_true(relation, claim.where)
    return "the sign of the difference was decided exactly"


def _combination(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le, sp.Lt, sp.Eq)
    weights = [sp.sympify(weight) for weight in args.get("weights", [1] * len(premises))]
    if len(weights) != len(premises):
        raise Refused("there must be one weight a premise")
    rest = relation.rhs - relation.lhs
    have_strict = False
    for weight, premise in zip(weights, premises, strict=True):
        source = relation_of(premise, sp.Le, sp.Lt, sp.Eq)
        need_conditions(premise.where, claim)
        need_defined(weight, claim.where)
        rest -= weight * (source.rhs - source.lhs)
        if isinstance(source, sp.Eq):
            continue
        if isinstance(relation, sp.Eq):
            raise Refused("an inequality cannot give an equation")
        found = sign(weight, claim.where)
        if found not in {"+", "0+", "0"}:
            raise Refused(f"the weight {weight} is not known to be nonnegative")
        have_strict |= strict(source) and found == "+"
    need_defined(relation, claim.where)
    rest = rational(rest)
    if rest == 0:
        if strict(relation) and not have_strict:
            raise Refused("no premise makes the inequality strict")
        return "a combination of the premises with nonnegative weights"
    if isinstance(relation, sp.Eq):
        raise Refused(f"the premises leave a difference of {rest}")
    # At once, where the sign engine would try long; the values of exp and log may take long themselves.
    point = None if rest.has(sp.exp, sp.log) else numeric_counterexample(le(0, rest), claim.where, _FEW)
    if point:
        raise Refused(f"the remainder {rest} is negative at {point}")
    found = sign(rest, claim.where)
    if found == "+" or (found in {"0+", "0"} and (have_strict or not strict(relation))):
        return "a combination of the premises with nonnegative weights, and a remainder of known sign"
    raise Refused(f"the remainder {rest} is not known to have the right sign")


def _antisymmetry(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Eq)
    for premise, (low, high) in zip(premises, (relation.args, relation.args[::-1]), strict=True):
        source = relation_of(premise, sp.Le)
        need_conditions(premise.where, claim)
        need_equal(source.lhs, low, "left side of a premise")
        need_equal(source.rhs, high, "right side of a premise")
    need_defined(relation, claim.where)
    return "each side is at most the other"


def _monotone(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (premise,) = premises
    relation = relation_of(claim, sp.Eq, sp.Le, sp.Lt)
    source = relation_of(premise, type(relation))
    need_conditions(premise.where, claim)
    kind = args["function"]
    if kind == "exp":
        left, right = sp.exp(source.lhs), sp.exp(source.rhs)
    elif kind == "log":
        if sign(source.lhs, claim.where) != "+" or sign(source.rhs, claim.where) != "+":
            raise Refused("log needs positive sides")
        left, right = sp.log(source.lhs), sp.log(source.rhs)
    elif kind == "power":
        exponent = sp.sympify(args["exponent"])
        found = sign(exponent, claim.where)
        if found != "+" and (found not in {"0+", "0"} or strict(relation)):
            raise Refused(f"the exponent {exponent} is not known to be positive")
        if sign(source.lhs, claim.where) not in {"+", "0+", "0"}:
            raise Refused("a power needs a nonnegative smaller side")
        left, right = source.lhs**exponent, source.rhs**exponent
    elif kind == "normal-tail":  # decreasing, so the sides change places
        left, right = NormalTail(source.rhs), NormalTail(source.lhs)
    else:
        raise Refused(f"{kind} is not a function this rule knows to be monotone")
    need_equal(left, relation.lhs, "left sides differ")
    need_equal(right, relation.rhs, "right sides differ")
    need_defined(relation, claim.where)
    return f"{kind} is monotone"


def _derivatives(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Le, sp.Lt)
    symbol, order = args["variable"], int(args["order"])
    point = numeric_counterexample(relation, claim.where, _FEW)  # at once, where derivatives would take long
    if point:
        raise Refused(f"{show(relation)} is false at {point}")
    function = relation.rhs - relation.lhs
    if symbol not in function.free_symbols or function.has(E, Below, NormalTail, sp.Sum, sp.Product):
        raise Refused(f"the difference is not an elementary function of {symbol}")
    need_elementary(function, symbol)
    low, high = bounds(symbol, claim.where)
    left = sp.sympify(args["left"])
    if all(bound != left for bound, _ in low):
        raise Refused(f"{left} is not a lower bound of {symbol} on the domain")
    mine = tuple(one for one in claim.where if one.has(symbol))
    others = tuple(one for one in claim.where if not one.has(symbol))
    if any(one.rhs != symbol and one.lhs != symbol for one in mine):
        raise Refused(f"the domain is not an interval in {symbol}")
    # A plain real symbol: the type of the claim's may exclude the left end, where the values are needed.
    run = sp.Symbol("_x", real=True)
    function = function.xreplace({symbol: run})
    inside = (*others, lt(left, run), *(lt(run, bound) for bound, _ in high))
    from_left = (*others, le(left, run), *(lt(run, bound) for bound, _ in high))
    start = (*others, *(lt(left, bound) if is_strict else le(left, bound) for bound, is_strict in high))
    at_end = [bound for bound, is_strict in high if not is_strict]
    if at_end and strict(relation):
        raise Refused("a strict claim needs an open right end")
    for bound in at_end:  # by continuity a weak inequality reaches a closed end
        need_defined(function.xreplace({run: bound}), others)
    current = raw = function
    for step in range(order):
        reason = defined(current, from_left)  # not after putting in the left end, where SymPy takes 0/z for 0
        if reason:
            point = undefined_at(current, inside) or undefined_at(current.xreplace({run: left}), start)
            if point:
                raise Refused(f"derivative {step} is not defined: {point}")
            raise Unknown(f"derivative {step} is not known to be continuous from {left} on: {reason}")
        if sign(current.xreplace({run: left}), start) not in {"+", "0+", "0"}:
            raise Refused(f"derivative {step} is not known to be nonnegative at {left}")
        raw = sp.diff(raw, run)  # of the function as written: the normal form's derivative takes longer
        current = rational(raw)
    reason = defined(current, inside)
    if reason:
        raise Unknown(f"derivative {order} is not known to exist: {reason}")
    found = sign(current, inside)
    if found != "+" and not (found in {"0+", "0"} and not strict(relation)):
        raise Refused(f"derivative {order} is not known to have the right sign")
    if any(bound == left and not is_strict for bound, is_strict in low) and strict(relation):
        raise Refused(f"the domain contains {left}, where the strict inequality does not follow")
    return f"derivatives 0 to {order - 1} are nonnegative at {left}, derivative {order} beyond it"


RULES = (
    Rule(
        "sign",
        _sign,
        "exact sign",
        "The difference of the two sides has the sign claimed (is 0, for an equation), by the conditions, "
        "factorisation, root counting, shifts to the positive orthant, and ball arithmetic for constants.",
        USES["sign"],
    ),
    Rule(
        "combination",
        _combination,
        "normal form and exact sign",
        "If right minus left is a sum of nonnegative multiples of the premises' right minus left, plus something of "
        "known sign, the inequality follows; it is strict if one part is.",
        USES["sign"],
    ),
    Rule(
        "antisymmetry",
        _antisymmetry,
        "normal form",
        "a <= b and b <= a give a = b.",
        USES["sign"],
    ),
    Rule(
        "monotone",
        _monotone,
        "normal form",
        "exp, log on positive numbers and positive powers of nonnegative numbers increase strictly, powers that may be "
        "the zeroth weakly; the normal tail decreases strictly.",
        USES["sign"],
    ),
    Rule(
        "derivatives",
        _derivatives,
        "exact sign of derivatives",
        "If f, f', ..., f^(r-1) are continuous from the left end on and nonnegative there, and f^(r) > 0 beyond, then "
        "integrating r times gives f > 0 beyond it (and f >= 0 from f^(r) >= 0).",
        USES["derivative"],
    ),
)
