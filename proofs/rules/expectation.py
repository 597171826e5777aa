"""Rules of probability: expectations of both sides, independence, Jensen, equal laws, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import range_problem
from proofs.language import TRIVIAL, Alike, Below, E, Independent, LimitOf, RandomVariable, bound_symbols, le
from proofs.normal import equal, measurable, rational
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_conditions,
    need_equal,
    one_range,
    relation_of,
    single,
)
from proofs.rules.convexity import UNIT, need_between, need_shape
from proofs.signs import proves, sign


def _expectation(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    if not premises:
        raise Refused("there is nothing to take the expectation of")
    premise = premises[0]  # the others bound parts of it, so that the expectations exist: the kernel asks for that
    relation = relation_of(claim, sp.Eq, sp.Le)
    source = relation_of(premise, type(relation))
    need_conditions(premise.where, claim)
    given = args.get("given", TRIVIAL)
    need_equal(E(source.lhs, given), relation.lhs, "left sides differ")
    need_equal(E(source.rhs, given), relation.rhs, "right sides differ")
    return "took the expectation of both sides; linearity, known factors, tower property"


def _need_outside(member: Any, index: Any, expr: Any) -> None:
    """Refuse ``expr`` unless it is a function of the one ``member``: no mean over it, no other meaning of its index."""
    if index in bound_symbols(expr):
        raise Refused(f"{index} is bound a second time")
    if any(node.has(type(member)) for node in expr.atoms(E, LimitOf)):
        raise Refused("an expectation or limit over the family is no function of one member")


def _independence(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation = relation_of(claim, sp.Eq)
    family = premises[0].conclusion
    if not isinstance(family, Independent):
        raise Refused("the premise does not say that a family is independent")
    need_conditions(premises[0].where, claim)
    member, index, name = family.args
    given = str(name.name)
    mean, product = relation.lhs, relation.rhs
    if not isinstance(mean, E) or mean.given != given or not isinstance(mean.value, sp.Product):
        raise Refused(f"the left side is no expectation of a product given {given}")
    running, _low, _high = one_range(mean.value, sp.Product)
    if running != index or not isinstance(product, sp.Product) or product.limits != mean.value.limits:
        raise Refused("the two products do not run over the index of the family")
    if any(limit.has(RandomVariable) for limit in mean.value.limits):
        raise Refused("the range of the products depends on chance")
    factor = mean.value.function
    members = tuple(member) if isinstance(member, sp.Tuple) else (member,)
    for one in members:
        _need_outside(one, index, factor)
    fixed = factor.xreplace({one: sp.Symbol(f"_v{number}", real=True) for number, one in enumerate(members)})
    if any(fixed.atoms(type(one)) for one in members) or not measurable(fixed, given):
        raise Refused("a factor depends on chance otherwise than through its own member of the family")
    need_equal(product.function, E(factor, given), "the right side's factor is not the factor's expectation")
    return "the expectation of a product of independent factors is the product of their expectations"


def _jensen_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le)
    function, symbol = args["function"], args["variable"]
    point, (index, low, high) = args["point"], args["over"]
    if function.has(index):
        raise Refused(f"the function varies with {index}: every point must have the same one")
    wrong = range_problem((index, low, high), claim.where)
    if wrong or any(one.has(index) for one in claim.where):
        raise Refused(wrong or f"{index} is bound and has a condition")
    need_shape(function, symbol, UNIT, "concave", claim.where)
    need_between(premises, point, UNIT, claim)
    number = high - low + 1
    if sign(number, claim.where) != "+":
        raise Refused("the sum may be empty")
    need_equal(relation.lhs, sp.Sum(function.xreplace({symbol: point}), (index, low, high)), "left side")
    whole = sp.Sum(point, (index, low, high))
    totals = [one for one in premises if isinstance(one.conclusion, sp.Eq) and equal(one.conclusion.lhs, whole)]
    if not totals:
        raise Refused("no premise gives the sum of the points")
    need_conditions(totals[0].where, claim)
    need_equal(relation.rhs, number * function.xreplace({symbol: totals[0].conclusion.rhs / number}), "right side")
    return "the function is concave: its second derivative is nonpositive on (0, 1)"


def _jensen_mean(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le)
    function, symbol, point = args["function"], args["variable"], args["point"]
    given = args.get("given", TRIVIAL)
    need_shape(function, symbol, UNIT, "concave", claim.where)
    need_between(premises, point, UNIT, claim)
    need_equal(relation.lhs, E(function.xreplace({symbol: point}), given), "left side")
    need_equal(relation.rhs, function.xreplace({symbol: E(point, given)}), "right side")
    return "the function is concave: its second derivative is nonpositive on (0, 1)"


def _alike(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation = relation_of(claim, sp.Eq)
    family = premises[0].conclusion
    if not isinstance(family, Alike):
        raise Refused("the premise does not say that a family has one law")
    need_conditions(premises[0].where, claim)
    member, index, last = family.args
    if not isinstance(relation.lhs, E) or relation.lhs.given != TRIVIAL:
        raise Refused("the left side is no expectation")
    value = relation.lhs.value
    _need_outside(member, index, value)
    fixed = value.xreplace({member: sp.Symbol("_v", real=True)})
    if fixed.has(index) or not measurable(fixed, TRIVIAL):
        raise Refused("the left side depends on the index or on chance otherwise than through the family")
    if not (proves(le(0, index), claim.where) and proves(le(index, last), claim.where)):
        raise Refused(f"the claim does not keep {index} between 0 and {last}")
    need_equal(relation.rhs, E(value.xreplace({member: member.xreplace({index: sp.Integer(0)})})), "right side")
    return "members of the family have one law"


def _events(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Le)
    if not isinstance(relation.lhs, Below) or relation.has(E):
        raise Refused("the left side is not the indicator of an event")
    events = sp.Add.make_args(relation.rhs)
    if not all(isinstance(event, Below) for event in events):
        raise Refused("the right side is not a sum of indicators of events")
    variables = sorted(relation.atoms(RandomVariable), key=str)
    names = {
        variable: sp.Symbol(f"_r{number}", nonnegative=True)
        if variable.is_nonnegative
        else sp.Symbol(f"_r{number}", real=True)
        for number, variable in enumerate(variables)
    }
    gaps = {event: (event.args[0] - event.args[1]).xreplace(names) for event in events}
    known = claim.where + tuple(le(event.args[1].xreplace(names), event.args[0].xreplace(names)) for event in events)
    rest = (relation.lhs.args[0] - relation.lhs.args[1]).xreplace(names)
    weights = args["weights"]
    for event, gap in gaps.items():
        weight = sp.sympify(weights[event.args[0]]).xreplace(names)
        if sign(weight, known) not in {"+", "0+", "0"}:
            raise Refused(f"the weight of {event} is not known to be nonnegative")
        rest -= weight * gap
    if sign(rational(rest), known) not in {"+", "0+", "0"}:
        raise Refused("outside the events on the right, the event on the left is not excluded")
    return "where every event on the right fails, so does the one on the left"


RULES = (
    Rule(
        "expectation",
        _expectation,
        "normal form",
        "Expectation is linear and monotone; what is known leaves it; E[E[X | G] | H] = E[X | H] if G tells more. That "
        "every expectation exists is asked of all claims; premises after the first may bound a part of it for that.",
        USES["normal form"],
    ),
    Rule(
        "independence",
        _independence,
        "normal form",
        "Functions of different members of an independent family are independent, so their expectations multiply.",
        USES["normal form"],
    ),
    Rule(
        "jensen-sum",
        _jensen_sum,
        "exact sign of the second derivative",
        "The mean of a concave function over finitely many points of [0, 1] is at most its value at their mean "
        "(continuous on [0, 1] with f'' <= 0 inside is concave).",
        (*USES["sign"], "sympy.diff"),
    ),
    Rule(
        "jensen-mean",
        _jensen_mean,
        "exact sign of the second derivative",
        "E[f(X) | G] <= f(E[X | G]) for concave f and X in [0, 1].",
        (*USES["sign"], "sympy.diff"),
    ),
    Rule(
        "alike",
        _alike,
        "normal form",
        "One function of variables with one law has one expectation.",
        USES["normal form"],
    ),
    Rule(
        "events",
        _events,
        "exact sign",
        "If A - a is a combination, with nonnegative weights where all B_i >= b_i, of the B_i - b_i plus something "
        "nonnegative, then A < a forces some B_i < b_i, so the indicator is at most the sum of indicators.",
        USES["sign"],
    ),
)
