"""Rules for Kronecker deltas, sums of sums and binomial coefficients, and the rank as a count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import range_problem
from proofs.language import E, LimitOf, MatrixRank, le
from proofs.normal import equal
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_defined,
    need_equal,
    one_range,
    relation_of,
    single,
)
from proofs.signs import sign

_MAX_TERMS = 6


def _partitions(items: list[Any]) -> Iterator[list[list[Any]]]:
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for partition in _partitions(rest):
        yield [[first], *partition]
        for place in range(len(partition)):
            yield [*partition[:place], [first, *partition[place]], *partition[place + 1 :]]


def _delta_cases(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    if relation.has(sp.Sum, sp.Product, E, LimitOf, MatrixRank):
        # E(delta)^2 = E(delta) would pass every case and is false: inside E a delta is not one number
        raise Refused("the case distinction does not reach into sums, expectations, limits and matrices")
    deltas = relation.atoms(sp.KroneckerDelta)
    terms = sorted({term for delta in deltas for term in delta.args}, key=str)
    if not deltas or len(terms) > _MAX_TERMS:
        raise Refused(f"the case distinction needs 2 to {_MAX_TERMS} compared terms")
    number = 0
    for partition in _partitions(terms):
        block = {term: place for place, members in enumerate(partition) for term in members}
        values = {delta: sp.Integer(block[delta.args[0]] == block[delta.args[1]]) for delta in deltas}
        number += 1
        if not equal(relation.lhs.xreplace(values), relation.rhs.xreplace(values)):
            equalities = ["{" + ", ".join(map(str, members)) + "}" for members in partition]
            raise Refused(f"the sides differ when exactly these are equal: {', '.join(equalities)}")
    return f"all {number} patterns of equality among the compared terms"


def _gram_rank(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import Entry, MaskedEntry, MaskedRank, Rank

    single(premises, 1)
    relation, gram = relation_of(claim, sp.Eq), relation_of(premises[0], sp.Eq)
    if premises[0].where or args["columns"][0] == args["columns"][1]:
        raise Refused("the entries of A^T A must be known for every pair of columns")
    rank = relation.lhs
    if isinstance(rank, Rank):
        keys, queries, _dim = rank.args
        word, last = Entry, queries - 1
    elif isinstance(rank, MaskedRank):  # as many queries as keys
        keys, _seen, _dim = rank.args
        word, last = MaskedEntry, keys - 1
    else:
        raise Refused("the left side is not the rank of the attention matrix")
    for column in args["columns"]:
        if not (column.is_Symbol and column.is_integer) or column.is_positive or rank.has(column):
            raise Refused(f"{column} does not stand for any column")
    if not isinstance(gram.lhs, sp.Sum):
        raise Refused("the premise is not about the entries of A^T A")
    row, _low, _high = one_range(gram.lhs)
    column, other = args["columns"]
    entry = word(row, column, *rank.args)
    need_equal(gram.lhs, sp.Sum(entry * entry.xreplace({column: other}), (row, 0, last)), "not A^T A")
    diagonal = gram.rhs.xreplace({sp.KroneckerDelta(column, other): sp.Integer(1)})
    if diagonal.has(other) or not equal(gram.rhs, sp.KroneckerDelta(column, other) * diagonal):
        raise Refused("the premise does not say that A^T A is diagonal")
    need_equal(
        relation.rhs, sp.Sum(1 - sp.KroneckerDelta(diagonal, 0), (column, 0, keys - 1)), "not the nonzero entries"
    )
    return "A^T A is diagonal, so its rank counts the nonzero diagonal entries"


def _square_of_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    base, other = args["sum"], args["other"]
    index, low, high = one_range(base)
    if base.has(other):
        raise Refused(f"{other} is in use")
    if not other.is_Symbol or other.assumptions0 != index.assumptions0:
        raise Refused(f"{other} is no variable of the type of {index}")  # SymPy takes [k = 0] for 0 if k is positive
    body = base.function
    need_equal(relation.lhs, base**2, "left side")
    double = sp.Sum(sp.Sum(args["merged"], (other, low, high)), (index, low, high))
    first, second = body, body.xreplace({index: other})
    if not (isinstance(first, sp.Product) and isinstance(second, sp.Product)):
        raise Refused("the terms are not products")
    if first.limits != second.limits:
        raise Refused("the products do not run over one range")
    merged = sp.Product(first.function * second.function, *first.limits)
    if args["merged"] != merged and not equal(args["merged"], merged):
        raise Refused("the terms' products are not merged factor by factor")
    need_equal(relation.rhs, double, "right side")
    return "multiplied out, and merged the two products over one range"


def _double_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    first, second, number, body = args["first"], args["second"], args["number"], args["body"]
    last = number - 1
    if not number.is_integer or first == second or number.has(first, second):
        raise Refused("the two indices must differ, and their number be an integer that does not depend on them")
    need_equal(relation.lhs, sp.Sum(sp.Sum(body, (second, 0, last)), (first, 0, last)), "left side")
    delta = sp.KroneckerDelta(first, second)
    on, off = body.xreplace({delta: sp.Integer(1)}), body.xreplace({delta: sp.Integer(0)})
    if on.has(first, second) or off.has(first, second):
        raise Refused("the terms depend on the indices otherwise than by their equality")
    inside = claim.where
    for index in (first, second):
        wrong = range_problem((index, sp.Integer(0), last), claim.where)
        if wrong or any(one.has(index) for one in claim.where):
            raise Refused(wrong or f"{index} is bound and has a condition")
        inside += (le(0, index), le(index, last))
    need_defined(body, inside)
    need_equal(relation.rhs, number * on + number * (number - 1) * off, "right side")
    return "n equal pairs and n (n - 1) unequal ones"


def _binomial(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    changed = relation.lhs
    for node in relation.lhs.atoms(sp.binomial):
        top, bottom = node.args
        if not (top.is_integer and bottom.is_integer and bottom.is_nonnegative):
            raise Refused(f"{node} is no binomial coefficient of whole numbers")
        if sign(top - bottom, claim.where) not in {"+", "0+", "0"}:
            raise Refused(f"{bottom} <= {top} is not known")
        changed = changed.xreplace({node: sp.factorial(top) / (sp.factorial(bottom) * sp.factorial(top - bottom))})
    need_equal(changed, relation.rhs, "not the same in factorials")
    return "binomial coefficients written with factorials"


def _factorials(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    base = args["base"]
    if not base.is_integer or sign(base, claim.where) not in {"+", "0+", "0"}:
        raise Refused(f"{base} is not known to be a whole number from 0 on")
    values = {}
    for node in relation.atoms(sp.factorial):
        steps = sp.expand(node.args[0] - base)
        if steps.is_Integer and 0 <= steps <= _MAX_TERMS:
            values[node] = sp.factorial(base) * sp.prod([base + step for step in range(1, int(steps) + 1)])
    need_equal(relation.lhs.xreplace(values), relation.rhs.xreplace(values), "not the same in one factorial")
    need_defined(relation, claim.where)
    return f"every factorial written with ({base})!"


RULES = (
    Rule(
        "factorials",
        _factorials,
        "normal form",
        "(b + 1)! = (b + 1) b! for whole b >= 0, as often as needed.",
        USES["sign"],
    ),
    Rule(
        "binomial",
        _binomial,
        "normal form",
        "C(n, k) = n! / (k! (n-k)!) for whole 0 <= k <= n.",
        USES["sign"],
    ),
    Rule(
        "delta-cases",
        _delta_cases,
        "case distinction",
        "Kronecker deltas depend only on which of the compared terms are equal; all patterns of equality are tried "
        "(more than can occur, which only makes acceptance harder).",
        USES["normal form"],
    ),
    Rule(
        "gram-rank",
        _gram_rank,
        "normal form",
        "rank A = rank A^T A for a real matrix; the rank of a diagonal matrix is the number of its nonzero entries.",
        USES["normal form"],
        ("rank-of-gram",),
    ),
    Rule(
        "square-of-sum",
        _square_of_sum,
        "normal form",
        "The square of a finite sum is the double sum of the products of its terms; two products over one range "
        "merge factor by factor.",
        USES["normal form"],
    ),
    Rule(
        "double-sum",
        _double_sum,
        "normal form",
        "A double sum of terms that depend only on whether the indices are equal has n terms of one kind and "
        "n (n - 1) of the other.",
        USES["sign"],
    ),
)
