"""Rules of indicators: what holds where events happen, and inequalities decided event by event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import sympy as sp

from proofs.grammar import problem
from proofs.language import Below, E, LimitOf, RandomVariable, bound_symbols, le, lt, replace, substitute
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
)
from proofs.signs import proves, sign

_MAX_EVENTS = 4


def _outcome(*expressions: Any) -> dict[Any, Any]:
    """Return a number, as a symbol, for the value that each random variable has at one outcome."""
    if any(one.has(E, sp.KroneckerDelta) or bound_symbols(one) for one in expressions):
        raise Refused("an expectation, a delta, a sum or a limit is not looked at outcome by outcome")
    variables = set().union(*(one.atoms(RandomVariable) for one in expressions))
    return {
        variable: sp.Symbol(f"_r{number}", nonnegative=True)
        if variable.is_nonnegative
        else sp.Symbol(f"_r{number}", real=True)
        for number, variable in enumerate(sorted(variables, key=str))
    }


def _happens(indicator: Any) -> Any:
    """Return the relation that holds exactly where the indicator is 1."""
    if isinstance(indicator, Below):
        return lt(*indicator.args)
    if isinstance(1 - indicator, Below):
        quantity, level = (1 - indicator).args
        return le(level, quantity)
    raise Refused(f"{indicator} is not the indicator of an event")


def _put_on_events(claim: Any, premises: Sequence[Any], args: Mapping[str, Any], kind: Any) -> tuple[Any, Any, Any]:
    """Return the product of the indicators, and the premise's sides with random values put in where all are 1."""
    single(premises, len(premises))
    if not premises or not args["events"]:
        raise Refused("an inequality and an event are needed")
    bound, *others = premises
    source = relation_of(bound, kind)
    if any(piece.has(RandomVariable, E, LimitOf) for piece in (source, *bound.where)):
        # "for every number p, X <= p almost surely" says nothing about a p that varies with chance
        raise Refused("the inequality itself may not depend on chance")
    mapping = {old: sp.sympify(new) for old, new in args["put"].items()}
    for other in others:
        need_conditions(other.where, claim)
    facts = [_happens(event) for event in args["events"]] + [relation_of(other) for other in others]
    names = _outcome(*facts, *mapping.values())
    known = claim.where + tuple(replace(fact, names) for fact in facts)
    for symbol, value in mapping.items():
        _need_type(symbol, value, names, known)
    try:
        conditions = [substitute(condition, mapping) for condition in bound.where]
        sides = tuple(substitute(side, mapping) for side in source.args)
    except ValueError as error:
        raise Refused(str(error)) from None
    for condition in conditions:
        if not proves(replace(condition, names), known):
            raise Refused(f"{condition} is not known where the events happen")
    return sp.Mul(*args["events"]), *sides


def _need_type(symbol: Any, value: Any, names: Mapping[Any, Any], known: tuple[Any, ...]) -> None:
    wrong = problem(symbol) or problem(value, known) if symbol.is_Symbol else f"{symbol} is no variable"
    if wrong:
        raise Refused(wrong)
    if symbol.is_integer and not value.is_integer:
        raise Refused(f"{value} is not known to be an integer, as {symbol} is")
    found = sign(value.xreplace(names), known)
    if symbol.is_positive and found != "+":
        raise Refused(f"{value} is not known to be positive, as {symbol} is")
    if symbol.is_nonnegative and found not in {"+", "0+", "0"}:
        raise Refused(f"{value} is not known to be nonnegative, as {symbol} is")
    need_defined(value, ())


def _on_events(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    relation = relation_of(claim, sp.Le)
    events, left, right = _put_on_events(claim, premises, args, sp.Le)
    need_equal(relation.lhs, events * left, "left side")
    need_equal(relation.rhs, events * right, "right side")
    need_defined(relation, claim.where)
    return "where an event fails both sides are 0, elsewhere the inequality holds"


def _inclusion(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    relation = relation_of(claim, sp.Le)
    wanted = _happens(relation.rhs)
    events, left, right = _put_on_events(claim, premises, args, type(wanted))
    need_equal(relation.lhs, events, "the left side is not the product of the indicators")
    need_equal(wanted.lhs, left, "left sides differ")
    need_equal(wanted.rhs, right, "right sides differ")
    need_defined(relation, claim.where)
    return "where all the events happen, so does the one on the right"


def _cannot_be(facts: list[Any], where: tuple[Any, ...]) -> bool:
    """Whether one of the facts is excluded by the others."""
    for place, fact in enumerate(facts):
        others = where + tuple(facts[:place] + facts[place + 1 :])
        if proves((le if isinstance(fact, sp.Lt) else lt)(fact.rhs, fact.lhs), others):
            return True
    return False


def _event_cases(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Le)
    names = _outcome(relation)
    indicators = sorted(relation.atoms(Below), key=str)
    if not indicators or len(indicators) > _MAX_EVENTS:
        raise Refused(f"the case distinction needs 1 to {_MAX_EVENTS} events")
    if any(argument.has(Below) for indicator in indicators for argument in indicator.args):
        raise Refused("an event is defined by another")
    need_defined(relation, claim.where)
    for values in product((1, 0), repeat=len(indicators)):
        case = dict(zip(indicators, map(sp.Integer, values), strict=True))
        facts = [replace(_happens(one if value else 1 - one), names) for one, value in case.items()]
        here = relation.func(*(side.xreplace(case).xreplace(names) for side in relation.args), evaluate=False)
        if not _cannot_be(facts, claim.where) and not proves(here, claim.where + tuple(facts)):
            raise Unknown(f"not decided where {', '.join(f'{one} = {value}' for one, value in case.items())}")
    return f"all {2 ** len(indicators)} patterns of events"


RULES = (
    Rule(
        "on-events",
        _on_events,
        "substitution",
        "If f <= g for all numbers with certain conditions, and random values meet these where all events of a product "
        "I of indicators happen, then I f <= I g: elsewhere both sides are 0. Premises after the first are facts about "
        "the values.",
        USES["sign"],
    ),
    Rule(
        "event-inclusion",
        _inclusion,
        "substitution",
        "If the values of X and x meet, where all the events of a product of indicators happen, the conditions under "
        "which x <= X, then the product is at most the indicator of x <= X (and so for X < x).",
        USES["sign"],
    ),
    Rule(
        "event-cases",
        _event_cases,
        "exact sign",
        "At every outcome each indicator is 0 or 1, and says which of X < x and x <= X holds; the inequality is "
        "decided in each case that can occur, for all values of the variables.",
        USES["sign"],
    ),
)
