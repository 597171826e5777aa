"""The mean of a function of a variable of which the tails are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.calculus import derivative, discontinuity, roughness, unfit, within
from proofs.language import Below, E, Integral, RandomVariable, le, replace
from proofs.normal import measurable
from proofs.rules.base import USES, Refused, Rule, Unknown, need_conditions, need_equal, relation_of, single
from proofs.signs import proves


def _mean_by_tails(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    if len(premises) < 2:
        raise Refused("the tails and the integral are needed")
    tails, total, *facts = premises
    relation, tail, sides = relation_of(claim, sp.Eq), relation_of(tails, sp.Eq), relation_of(total, sp.Eq)
    weight, quantity, most = args["weight"], args["quantity"], args["most"]
    function, mass, level, point = args["function"], args["mass"], args["level"], args["point"]
    given = _knowledge(tail.lhs)
    _need_roles(weight, quantity, most, given)
    reason = unfit(level, function, mass) or unfit(point, mass, sides.rhs)
    if reason or level == point or function.has(point) or sides.rhs.has(level):
        raise Refused(reason or f"{level} and {point} have two meanings")
    if any(part.has(level, point) for part in (claim.conclusion, *claim.where, weight, quantity, most)):
        raise Refused(f"{level} or {point} occurs in the claim")
    # The tails, at every level from 0 on.
    need_equal(tail.lhs, E(weight * (1 - Below(quantity, level)), given), "not the tail")
    need_equal(tail.rhs, mass.xreplace({point: most}) * (1 - Below(most, level)), "not the mass of the tail")
    need_conditions(tuple(one for one in tails.where if one != le(0, level)), claim)
    if any(one.has(level) for one in tails.where if one != le(0, level)):
        raise Refused("the tail is not known at every level")
    # The integral, at every point where the greatest value may be.
    inside = (*total.where, *within(level, (sp.Integer(0), point), closed=True))
    reason = discontinuity(function, level, inside)
    reason = reason or roughness(function, level, (*total.where, *within(level, (sp.Integer(0), point), closed=False)))
    if reason:
        raise Unknown(f"not known to be smooth: {reason}")
    slope = derivative(function, level)
    at_zero = (function * mass).xreplace({level: sp.Integer(0)})
    need_equal(sides.lhs, at_zero + Integral(slope * mass, level, 0, point), "not the integral over the tails")
    _need_place(claim, total.where, facts, point, most)
    need_equal(relation.lhs, E(weight * function.xreplace({level: quantity}), given), "left side")
    need_equal(relation.rhs, sides.rhs.xreplace({point: most}), "right side")
    return "integrated the derivative of the function over the tails"


def _knowledge(mean: Any) -> str:
    if not isinstance(mean, E):
        raise Refused("the first premise is not about a mean")
    return str(mean.given)


def _need_roles(weight: Any, quantity: Any, most: Any, given: str) -> None:
    """Refuse unless a 0/1 weight, a nonnegative quantity and something that is known are given."""
    factors = [one.function if isinstance(one, sp.Product) else one for one in sp.Mul.make_args(weight)]
    if not all(isinstance(one, (sp.KroneckerDelta, Below)) for one in factors):
        raise Refused(f"{weight} is no product of indicators")
    if not isinstance(quantity, RandomVariable) or not quantity.is_nonnegative:
        raise Refused(f"{quantity} is no nonnegative random quantity")
    if not isinstance(most, RandomVariable) or not measurable(most, given):
        raise Refused(f"{most} is not determined by what is given")


def _need_place(claim: Any, where: tuple[Any, ...], facts: list[Any], point: Any, most: Any) -> None:
    """Refuse unless the conditions under which the integral is known hold with the random value in its place."""
    name = sp.Symbol("_r", nonnegative=True) if most.is_nonnegative else sp.Symbol("_r", real=True)
    known = claim.where
    for fact in facts:
        need_conditions(fact.where, claim)
        known += (replace(relation_of(fact), {most: name}),)
    for condition in (le(0, point), *where):
        if not proves(replace(condition, {point: name}), known):
            raise Refused(f"{condition} is not known with {most} for {point}")


RULES = (
    Rule(
        "mean-by-tails",
        _mean_by_tails,
        "derivative, normal form",
        "Let Y be 0 or 1 and X >= 0 with E(Y [X >= s] | G) = q(P, s) [P >= s] for every s >= 0, P known under G. Then "
        "X <= P wherever Y is 1, and f(X) = f(0) + (integral of f'(s) [X >= s] over s from 0 to P), f being smooth "
        "there; so E(Y f(X) | G) = f(0) q(P, 0) + integral of f'(s) q(P, s) over s from 0 to P, by Fubini. This is "
        "known as a function g of the end of the integral, wherever P may be, so it is g(P).",
        USES["derivative"],
    ),
)
