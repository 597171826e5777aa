"""Rules of growth: quantities bounded by sums of constants times n^alpha log(n)^beta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import Eventually, Lim, LimSup
from proofs.normal import generators, positive, rational
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_equal, relation_of, single
from proofs.signs import sign


def _rate(term: Any, index: Any) -> tuple[Any, Any]:
    """Write ``term`` as constant * index^alpha * log(index)^beta and return ``(alpha, beta)``, or refuse."""
    alpha: Any = sp.Integer(0)
    beta: Any = sp.Integer(0)
    grow = sp.log(index)
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if not factor.has(index):
            continue
        if isinstance(factor, sp.exp) or base == sp.E:
            for part in sp.Add.make_args(sp.expand(factor.exp)):
                if part.has(sp.log(grow)):
                    beta += _free_part(part, sp.log(grow), index)
                elif part.has(index):
                    alpha += _free_part(part, grow, index)
        elif base == index and not exponent.has(index):
            alpha += exponent
        elif base == grow and not exponent.has(index):
            beta += exponent
        else:
            raise Refused(f"{factor} is not a product of powers of {index} and its logarithm")
    return alpha, beta


def _free_part(part: Any, factor: Any, index: Any) -> Any:
    rest = sp.cancel(part / factor)
    if rest.has(index):
        raise Refused(f"{part} is no multiple of {factor}")
    return rest


def rates(expr: Any, index: Any) -> list[tuple[Any, Any]]:
    """Write ``expr`` as a sum of constant * index^alpha * log(index)^beta and list ``(alpha, beta)``, or refuse."""
    top = sp.expand(generators(sp.expand(expr)), power_base=False, log=False)
    return [_rate(term, index) for term in sp.Add.make_args(top) if term != 0]


def need_vanishing(expr: Any, index: Any, known: tuple[Any, ...]) -> None:
    """Refuse unless every term is a constant * index^alpha * log(index)^beta that tends to 0."""
    for alpha, beta in rates(expr, index):
        found = sign(alpha, known)
        if found != "-" and not (found == "0" and sign(beta, known) == "-"):
            raise Refused(f"the exponent {alpha} of {index} is not known to be negative")


def need_eventually(conditions: tuple[Any, ...], index: Any, claim: Any) -> None:
    """Refuse unless every condition that mentions ``index`` holds from some point on, and the others hold."""
    for condition in conditions:
        if not condition.has(index):
            need_conditions((condition,), claim)
            continue
        if not isinstance(condition, (sp.Le, sp.Lt)):
            raise Refused(f"{condition} is no inequality")
        gap = rational(condition.rhs - condition.lhs)
        slope = gap.coeff(sp.log(index)) if gap.has(sp.log(index)) else gap.coeff(index)
        unit = sp.log(index) if gap.has(sp.log(index)) else index
        rest = sp.expand(gap - slope * unit)
        if rest.has(index) or slope.has(index) or sign(slope, claim.where) != "+":
            raise Refused(f"{condition} is not known to hold for all large {index}")


def _power_log_limit(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Eq)
    if not isinstance(relation.lhs, Lim) or relation.rhs != 0:
        raise Refused("the claim is not that a limit is 0")
    value, index = relation.lhs.args
    known = claim.where
    for premise in premises:
        need_conditions(premise.where, claim)
        known += (relation_of(premise),)
    need_vanishing(value, index, known)
    return "every term is a constant times a negative power of n times a power of log(n)"


def _exponent(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Le)
    bound, positive = relation_of(premises[0], sp.Le), relation_of(premises[1], sp.Le)
    if not isinstance(relation.lhs, LimSup):
        raise Refused("the left side is no upper limit")
    value, index = relation.lhs.args
    if relation.rhs.has(index) or positive.lhs != 1:
        raise Refused("the bound on the exponent may not vary, and the quantity must be at least 1")
    need_equal(value, sp.log(bound.lhs) / sp.log(index), "the left side is not log(quantity) / log(n)")
    need_equal(bound.lhs, positive.rhs, "the premises are about different quantities")
    for premise in premises:
        need_eventually(premise.where, index, claim)
    for alpha, _ in rates(bound.rhs, index):
        gap = relation.rhs - alpha
        if sign(gap, claim.where) not in {"+", "0+", "0"}:
            raise Refused(f"the exponent {alpha} is not known to be at most {relation.rhs}")
    return "every term of the bound is a constant times n^alpha times a power of log(n) with alpha as claimed"


def _slack(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation, source = relation_of(claim, sp.Le), relation_of(premises[0], sp.Le)
    slack = args["slack"]
    if relation.has(slack) or any(one.has(slack) for one in claim.where) or source.lhs.has(slack):
        raise Refused(f"{slack} must occur in the premise's right side alone")
    if not slack.is_Symbol or slack.is_integer or not slack.is_positive:
        raise Refused(f"{slack} must be a positive real variable")
    for condition in premises[0].where:
        if not condition.has(slack):
            need_conditions((condition,), claim)
        elif not (
            isinstance(condition, sp.Lt) and condition.lhs == slack and positive(condition.rhs)
        ) or condition.rhs.has(slack):
            raise Refused(f"{slack} must be free to be small")
    need_equal(source.lhs, relation.lhs, "left sides differ")
    top, bottom = sp.fraction(sp.together(rational(source.rhs)))
    if bottom.has(slack) or not top.is_polynomial(slack):
        raise Refused(f"the bound is no polynomial in {slack}")
    # of the polynomial, not of the side as written, which need not be defined at 0
    need_equal((top / bottom).xreplace({slack: sp.Integer(0)}), relation.rhs, "right side")
    return "an inequality that holds for all small positive slack holds in the limit"


def _vanishes(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 3)
    relation = relation_of(claim, sp.Eq)
    exponent, below, positive = relation_of(premises[0], sp.Le), relation_of(premises[1], sp.Lt), premises[2]
    for premise in premises[:2]:
        need_conditions(premise.where, claim)
    if not isinstance(exponent.lhs, LimSup) or not isinstance(relation.lhs, Lim) or relation.rhs != 0:
        raise Refused("the claim is not that a limit is 0, or the premise not about an upper limit")
    value, index = exponent.lhs.args
    quantity, running = relation.lhs.args
    need_eventually(positive.where, index, claim)
    at_least = relation_of(positive, sp.Le)
    if running != index or at_least.lhs != 1 or below.rhs != 1:
        raise Refused("the exponent must be below 1 and the quantity at least 1")
    need_equal(value, sp.log(at_least.rhs) / sp.log(index), "the upper limit is not of log(quantity) / log(n)")
    need_equal(quantity, at_least.rhs / index, "the limit is not of quantity / n")
    need_equal(below.lhs, exponent.rhs, "the second premise is not about the exponent")
    return "with e < 1 the quantity is at most n^((1+e)/2) from some point on"


def _uniformly(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    bound, limit = relation_of(premises[0], sp.Le), relation_of(premises[1], sp.Eq)
    if not isinstance(claim.conclusion, Eventually) or not isinstance(limit.lhs, Lim) or limit.rhs != 0:
        raise Refused("the claim is not about all large n, or the second premise not that a bound tends to 0")
    index, inner, condition, relation = claim.conclusion.args
    need_conditions(premises[1].where, claim)
    value, running = limit.lhs.args
    if running != index or value.has(inner):
        raise Refused("the bound does not vanish uniformly")
    need_equal(bound.rhs, value, "the bound is not what tends to 0")
    if not isinstance(relation, sp.Lt) or relation.rhs.has(index, inner) or sign(relation.rhs, claim.where) != "+":
        raise Refused("the claim is not that the quantity is below a fixed positive number")
    need_equal(bound.lhs, relation.lhs, "the quantity differs")
    others = tuple(one for one in premises[0].where if one != condition)
    if any(one.has(inner) for one in others):
        raise Refused(f"the bound holds under another condition on {inner}")
    need_eventually(others, index, claim)
    return "a bound that tends to 0 and does not depend on d is below every positive number from some point on"


RULES = (
    Rule(
        "power-log-limit",
        _power_log_limit,
        "exact sign of exponents",
        "n^alpha log(n)^beta tends to 0 if alpha < 0, or alpha = 0 and beta < 0; premises are facts about exponents.",
        USES["sign"],
    ),
    Rule(
        "exponent",
        _exponent,
        "exact sign of exponents",
        "If 1 <= X <= sum of C_i n^alpha_i log(n)^beta_i for large n and all alpha_i <= alpha, then log X / log n <= "
        "alpha + (log C + beta log log n) / log n, whose upper limit is alpha.",
        USES["sign"],
    ),
    Rule(
        "vanishing-slack",
        _slack,
        "normal form",
        "If a <= p(s) for all small s > 0 with p a polynomial and a free of s, then a <= p(0).",
        USES["normal form"],
    ),
    Rule(
        "exponent-below-one",
        _vanishes,
        "normal form",
        "If limsup log X / log n <= e < 1 then X / n <= n^((e-1)/2) for large n, which tends to 0.",
        USES["normal form"],
    ),
    Rule(
        "uniformly-eventually",
        _uniformly,
        "normal form",
        "If X(n, d) <= B(n) for all large n and all d with the condition, and B(n) tends to 0, the definition of a "
        "limit gives one n0 for all such d.",
        USES["sign"],
    ),
)
