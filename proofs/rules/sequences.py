"""Rules of sequences indexed by whole numbers: induction, sums that telescope, first and last terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import range_problem
from proofs.language import bound_symbols, replace, show
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_defined,
    need_equal,
    one_range,
    put_in,
    relation_of,
    single,
)
from proofs.signs import proves, sign


def _induction(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    first, later = premises
    symbol, start = args["variable"], sp.sympify(args["start"])
    relation = relation_of(claim)
    if symbol not in relation.free_symbols:
        raise Refused(f"the claim is not about {symbol}")
    mine = tuple(one for one in claim.where if one.has(symbol))
    others = tuple(one for one in claim.where if not one.has(symbol))
    _need_numbers_from(symbol, start, mine)
    if any(symbol in bound_symbols(one.conclusion) for one in (claim, *premises)):
        raise Refused(f"{symbol} is also bound")
    _need_relation(first, replace(relation, {symbol: start}), f"at {start}")
    for condition in first.where:
        if not proves(condition, others):
            raise Refused(f"the claim at {start} is known only for {show(condition)}")
    _need_relation(later, replace(relation, {symbol: symbol + 1}), f"at {symbol} + 1")
    for condition in later.where:
        if condition != relation and not proves(condition, claim.where):
            raise Refused(f"the step needs {show(condition)}, which is neither the claim at {symbol} nor known")
    return f"true at {start}, and true at {symbol} + 1 if true at {symbol}"


def _need_numbers_from(symbol: Any, start: Any, conditions: tuple[Any, ...]) -> None:
    """Refuse unless type and conditions of ``symbol`` leave exactly the whole numbers from ``start`` on."""
    if not (symbol.is_Symbol and symbol.is_integer and start.is_Integer):
        raise Refused(f"induction runs over whole numbers, not over {symbol} from {start}")
    least = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
    if not conditions and least == start:
        return
    if conditions != (sp.Le(start, symbol, evaluate=False),) or (least is not None and start < least):
        raise Refused(f"the claim is not for all whole {symbol} from {start} on")


def _need_relation(premise: Any, needed: Any, place: str) -> None:
    source = relation_of(premise, type(needed))
    need_equal(source.lhs, needed.lhs, f"left sides {place}")
    need_equal(source.rhs, needed.rhs, f"right sides {place}")


def _telescoping(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    total, primitive = args["sum"], sp.sympify(args["primitive"])
    index, low, high = one_range(total)
    if any(one.has(index) for one in claim.where):
        raise Refused(f"{index} is bound and has a condition")
    wrong = range_problem((index, low, high), claim.where)
    if wrong:
        raise Refused(wrong)
    here = (sp.Le(low, index, evaluate=False), sp.Le(index, high, evaluate=False))
    after = put_in(primitive, index, index + 1)
    for part in (primitive, after, total.function):
        need_defined(part, (*claim.where, *here))
    need_equal(total.function, after - primitive, "a term is not the difference of neighbours")
    need_equal(relation.lhs, total, "left side")
    need_equal(relation.rhs, put_in(primitive, index, high + 1) - put_in(primitive, index, low), "right side")
    return "every term is a difference of neighbours; all but the outermost cancel"


def _end_term(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    whole, end = args["of"], args.get("end", "first")
    index, low, high = one_range(whole, sp.Sum, sp.Product)
    if any(one.has(index) for one in claim.where):
        raise Refused(f"{index} is bound and has a condition")
    wrong = range_problem((index, low, high), claim.where)
    if wrong:
        raise Refused(wrong)
    if sign(high - low, claim.where) not in {"+", "0+", "0"}:
        raise Refused(f"the range of {index} from {low} to {high} may be empty")
    if end not in ("first", "last"):
        raise Refused(f"{end} is neither the first term nor the last")
    need_defined(whole.function, (*claim.where, sp.Le(low, index, evaluate=False), sp.Le(index, high, evaluate=False)))
    place, rest = (low, (index, low + 1, high)) if end == "first" else (high, (index, low, high - 1))
    term, others = put_in(whole.function, index, place), whole.func(whole.function, rest)
    need_equal(relation.lhs, whole, "left side")
    need_equal(relation.rhs, term + others if isinstance(whole, sp.Sum) else term * others, "right side")
    need_defined(relation, claim.where)
    return f"separated the {end} term"


RULES = (
    Rule(
        "induction",
        _induction,
        "normal form",
        "What holds at the first number, and at k + 1 whenever it holds at k, holds for all whole numbers from the "
        "first on; the step's premise may have the claim at k among its conditions.",
        USES["sign"],
    ),
    Rule(
        "telescoping",
        _telescoping,
        "normal form",
        "The sum over k from a to b of F(k + 1) - F(k) is F(b + 1) - F(a), for b >= a - 1.",
        USES["sign"],
    ),
    Rule(
        "end-term",
        _end_term,
        "normal form",
        "A sum over a range that is not empty is its first (or last) term plus the sum over the rest; a product is "
        "that term times the rest.",
        USES["sign"],
    ),
)
