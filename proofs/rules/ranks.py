"""Rules of the rank of a matrix that is given by its entries, and of its distance from matrices of low rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import range_problem
from proofs.language import Claim, E, MatrixRank, RandomVariable, le
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
from proofs.signs import sign


def _need_products(claim: Claim, terms: Any, row: Any, column: Any) -> Any:
    """Return how many terms a sum has, each a product of a number of the row and one of the column, or refuse."""
    index, low, high = one_range(terms)
    wrong = range_problem((index, low, high), claim.where)
    if wrong or index in (row, column) or low.has(row, column) or high.has(row, column):
        raise Refused(wrong or f"the range of {index} depends on the row or the column")
    if any(one.has(index) for one in claim.where):
        raise Refused(f"{index} is bound and has a condition")
    for factor in sp.Mul.make_args(terms.function):
        if factor.has(row) and factor.has(column):
            raise Refused(f"{factor} depends on both row and column")
        if factor.has(RandomVariable, E):
            raise Refused(f"{factor} depends on chance")
    return high - low + 1


def _need_every_entry(claim: Claim, premise: Claim, *limits: tuple[Any, Any]) -> None:
    """Refuse unless the premise holds in each row and column below the limits, of which the claim knows nothing."""
    inside = claim.where
    for index, size in limits:
        if not (index.is_Symbol and index.is_integer) or index.is_positive:
            raise Refused(f"{index} does not stand for any row or column")
        if any(one.has(index) for one in claim.where):
            raise Refused(f"{index} stands for a row or column and has a condition")
        inside += (le(0, index), le(index, size - 1))
    need_conditions(premise.where, Claim(claim.conclusion, inside))


def _rank_of_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation, source = relation_of(claim, sp.Le), relation_of(premises[0], sp.Eq)
    rank, terms, rest = relation.lhs, args["terms"], args.get("rest")
    if not isinstance(rank, MatrixRank):
        raise Refused("the left side is not the rank of a matrix")
    entry, row, column, rows, columns = rank.args
    number = _need_products(claim, terms, row, column)
    _need_every_entry(claim, premises[0], (row, rows), (column, columns))
    need_equal(source.lhs, entry, "not the entries of the matrix")
    need_equal(source.rhs, terms if rest is None else rest + terms, "not the sum")
    if rest is not None and rest.has(RandomVariable, E):
        raise Refused(f"{rest} depends on chance")
    most = number if rest is None else MatrixRank(rest, row, column, rows, columns) + number
    need_equal(relation.rhs, most, "right side")
    return "a product of a column and a row has rank at most 1"


def _rank_of_identity(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    if not isinstance(relation.lhs, MatrixRank):
        raise Refused("the left side is not the rank of a matrix")
    entry, row, column, rows, columns = relation.lhs.args
    delta = sp.KroneckerDelta(row, column)
    factor = entry.xreplace({delta: sp.Integer(1)})
    if factor.has(row, column) or sign(factor, claim.where) not in {"+", "-"}:
        raise Refused(f"{factor} is not known to be one number that is not 0")
    need_equal(entry, factor * delta, "no multiple of the identity matrix")
    need_equal(rows, columns, "the matrix is not square")
    need_equal(relation.rhs, rows, "right side")
    return "a multiple of the identity matrix"


def _low_rank_distance(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import LogSingularValue, centred_log_share

    single(premises, 1)
    relation, source = relation_of(claim, sp.Le), relation_of(premises[0], sp.Eq)
    row, column, place, terms = args["row"], args["column"], args["place"], args["terms"]
    size = args["size"]
    number = _need_products(claim, terms, row, column)
    _need_every_entry(claim, premises[0], (row, size), (column, size))
    need_equal(source.rhs, terms, "not the sum")
    limits = (row, 0, size - 1), (column, 0, size - 1), (place, number + 1, size)
    if len({row, column, place}) != 3:
        raise Refused("row, column and place must differ")
    for limit in limits:
        wrong = range_problem(limit, claim.where)
        if wrong or any(one.has(limit[0]) for one in claim.where) or size.has(limit[0]):
            raise Refused(wrong or f"{limit[0]} is bound and has a condition")
    if not place.is_positive:
        raise Refused(f"{place} does not count singular values from 1 on")
    apart = (centred_log_share(row, column, size) - source.lhs) ** 2
    need_equal(relation.lhs, sp.Sum(LogSingularValue(place, size) ** 2, limits[2]), "left side")
    need_equal(relation.rhs, sp.Sum(sp.Sum(apart, limits[1]), limits[0]), "right side")
    return "no matrix of this rank is nearer"


RULES = (
    Rule(
        "rank-of-sum",
        _rank_of_sum,
        "normal form",
        "If every entry is A_jl = B_jl + the sum of r products of a number of row j and one of column l, then A - B is "
        "a sum of r matrices of rank at most 1, so that rank A <= rank B + r; without B, rank A <= r.",
        USES["sign"],
        ("rank-of-sums",),
    ),
    Rule(
        "rank-of-identity",
        _rank_of_identity,
        "normal form and exact sign",
        "The identity matrix times a number that is not 0 has independent columns.",
        USES["sign"],
    ),
    Rule(
        "low-rank-distance",
        _low_rank_distance,
        "normal form",
        "If every entry of B is a sum of r products of a number of the row and one of the column, then B has rank at "
        "most r, and the squared entries of A - B add up to at least the squared singular values of A beyond the r-th "
        "(Eckart and Young). A is the matrix of centred logarithms that LogSingularValue speaks of.",
        USES["sign"],
        ("eckart-young",),
    ),
)
