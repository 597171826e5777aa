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

_FEW = 8
"""How many terms are written out."""


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


def _need_range(limit: Any, claim: Any) -> None:
    wrong = range_problem(limit, claim.where)
    if wrong or any(one.has(limit[0]) for one in claim.where):
        raise Refused(wrong or f"{limit[0]} is bound and has a condition")


def _exchange(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    body, first, second = args["body"], args["first"], args["second"]
    for limit, other in ((first, second), (second, first)):
        _need_range(limit, claim)
        if limit[0] == other[0] or any(end.has(other[0]) for end in map(sp.sympify, limit[1:])):
            raise Refused("one range depends on the other")
    inside = tuple(one for index, low, high in (first, second) for one in (le(low, index), le(index, high)))
    need_defined(body, (*claim.where, *inside))
    need_equal(relation.lhs, sp.Sum(sp.Sum(body, first), second), "left side")
    need_equal(relation.rhs, sp.Sum(sp.Sum(body, second), first), "right side")
    return "the same terms in another order"


def _split(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    total, last = args["sum"], args["last"]
    index, low, high = one_range(total, sp.Sum, sp.Product)
    for limit in ((index, low, high), (index, low, last), (index, last + 1, high)):
        _need_range(limit, claim)
    need_defined(total.function, (*claim.where, le(low, index), le(index, high)))
    head, tail = (total.func(total.function, part) for part in ((index, low, last), (index, last + 1, high)))
    need_equal(relation.lhs, total, "left side")
    need_equal(relation.rhs, head + tail if isinstance(total, sp.Sum) else head * tail, "right side")
    return f"the terms up to {last} and those beyond"


def _written_out(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    whole = args["sum"]
    index, low, high = one_range(whole, sp.Sum, sp.Product)
    further = sp.expand(high - low)
    if not (further.is_Integer and 0 <= further < _FEW):
        raise Refused(f"{whole} has not 1 to {_FEW} terms")
    _need_range((index, low, high), claim)
    terms = [put_in(whole.function, index, low + place) for place in range(int(further) + 1)]
    need_equal(relation.lhs, whole, "left side")
    need_equal(relation.rhs, sp.Add(*terms) if isinstance(whole, sp.Sum) else sp.Mul(*terms), "right side")
    need_defined(relation, claim.where)
    return f"{len(terms)} terms"


def _equal_factors(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    index, low, high = one_range(relation.lhs, sp.Product)
    factor, number = relation.lhs.function, high - low + 1
    _need_range((index, low, high), claim)
    if factor.has(index):
        raise Refused("the factors are not equal")
    need_defined(factor, claim.where)
    need_equal(relation.rhs, factor**number, "right side")
    return f"{number} factors"


RULES = (
    Rule(
        "equal-factors",
        _equal_factors,
        "normal form",
        "A product of r equal factors is their r-th power, for whole r >= 0.",
        USES["sign"],
    ),
    Rule(
        "written-out",
        _written_out,
        "normal form",
        "A sum over a range of a few whole numbers, as many wherever it begins, is the sum of its terms; a product is "
        "the product of its factors.",
        USES["sign"],
    ),
    Rule(
        "sum-exchange",
        _exchange,
        "normal form",
        "Two finite sums over ranges that do not depend on each other may be taken in either order.",
        USES["sign"],
    ),
    Rule(
        "sum-split",
        _split,
        "normal form and exact sign",
        "A finite sum is the sum of its terms up to a place in or just before the range, and of those beyond; a finite "
        "product is the product of the two parts.",
        USES["sign"],
    ),
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
