"""Rules of finite sums: their expectation, and Kronecker deltas inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import range_problem
from proofs.language import TRIVIAL, E, le
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_conditions,
    need_defined,
    need_equal,
    one_range,
    put_in,
    relation_of,
    single,
)
from proofs.signs import proves


def _mean_of_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation, source = relation_of(claim, sp.Eq), relation_of(premises[0], sp.Eq)
    need_conditions(premises[0].where, claim)
    given, body = args.get("given", TRIVIAL), args["body"]
    total, means = body, E(body, given)
    for index, low, high in args["over"]:
        wrong = range_problem((index, low, high), claim.where)
        if wrong:
            raise Refused(wrong)
        total, means = sp.Sum(total, (index, low, high)), sp.Sum(means, (index, low, high))
    need_equal(source.rhs, total, "the premise's right side is not the sum")
    need_equal(relation.lhs, E(source.lhs, given), "left side")
    need_equal(relation.rhs, means, "right side")
    return "took the expectation of every term"


def _delta_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    total, place = args["sum"], args["at"]
    index, low, high = one_range(total)
    delta = sp.KroneckerDelta(index, place)
    if place.has(index) or not place.is_integer or any(one.has(index) for one in claim.where):
        raise Refused(f"{place} is no fixed whole number")
    if not total.has(delta):
        raise Refused(f"{delta} does not occur in the sum")
    if not (
        proves(sp.Le(low, place, evaluate=False), claim.where)
        and proves(sp.Le(place, high, evaluate=False), claim.where)
    ):
        raise Refused(f"{place} is not known to lie between {low} and {high}")
    need_defined(total.function, (*claim.where, le(low, index), le(index, high)))
    body = total.function.xreplace({delta: sp.Symbol("_v", real=True)})
    if body.has(delta) or sp.Poly(body, sp.Symbol("_v", real=True)).monoms() != [(1,)]:
        raise Refused(f"the terms are not multiples of {delta}")
    need_equal(relation.lhs, total, "left side")
    need_equal(relation.rhs, put_in(total.function.xreplace({delta: sp.Integer(1)}), index, place), "right side")
    return "all terms but one are 0"


RULES = (
    Rule(
        "mean-of-sum",
        _mean_of_sum,
        "normal form",
        "The expectation of a finite sum, or sum of sums, is the sum of the expectations of its terms.",
        USES["normal form"],
    ),
    Rule(
        "delta-sum",
        _delta_sum,
        "normal form and exact sign",
        "In a sum over i of terms with the factor [i = p], p in the range, only the term at p is left.",
        USES["sign"],
    ),
)
