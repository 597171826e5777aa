"""Whether a claim is another one for other values of its variables."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from math import inf
from typing import Any

import sympy as sp

from proofs.language import Claim, bound_symbols, replace
from proofs.mutation.alone import evident
from proofs.mutation.conditions import conditions_follow
from proofs.mutation.ranges import Domain, enclose
from proofs.normal import equal

_MOST_CANDIDATES, _MOST_VALUES = 60, 3


def renamed(original: Claim, changed: Claim) -> str:
    """Return how the second claim is the first with its variables renamed or moved by one, or nothing."""
    free = sorted(original.free_symbols - bound_symbols(original.conclusion), key=str)
    for one in free:
        values = [one + 1] if one.is_integer else []
        values += [other for other in free if other != one and _at_least_as_narrow(other, one)]
        for value in values:
            if _put(original, {one: value}) == changed:
                return f"the original at {one} = {value}"
    for one, other in itertools.combinations(free, 2):
        if one.assumptions0 == other.assumptions0 and _put(original, {one: other, other: one}) == changed:
            return f"the original with {one} and {other} exchanged"
    return ""


def _at_least_as_narrow(value: Any, symbol: Any) -> bool:
    known = {name: told for name, told in symbol.assumptions0.items() if name in ("integer", "positive", "nonnegative")}
    return all(value.assumptions0.get(name) == told for name, told in known.items() if told)


def _put(claim: Claim, values: dict[Any, Any]) -> Claim:
    return Claim(replace(claim.conclusion, values), tuple(replace(one, values) for one in claim.where))


def instance(general: Claim, special: Claim, box: Domain, put: Mapping[Any, Any] | None = None) -> str:
    """Return for which value of a variable, or for which of several in ``put``, the first claim gives the second."""
    values = {symbol: sp.sympify(value) for symbol, value in (put or {}).items()}
    if values and all(_fits(value, symbol, box) for symbol, value in values.items()):
        claim = _put(general, values)
        if _same(claim.conclusion, special.conclusion) and conditions_follow(claim.where, special.where, box):
            return "it at " + ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
    free = sorted(general.free_symbols - bound_symbols(general.conclusion), key=str)
    pieces = dict.fromkeys(one for one in sp.preorder_traversal(special.conclusion) if isinstance(one, sp.Expr))
    for symbol, value in itertools.product(free, list(pieces)[:_MOST_CANDIDATES]):
        if bound_symbols(special.conclusion) & value.free_symbols or not _fits(value, symbol, box):
            continue
        claim = _put(general, {symbol: value})
        if claim.conclusion == special.conclusion and conditions_follow(claim.where, special.where, box):
            return f"it at {symbol} = {value}"
    return ""


def _same(one: Any, other: Any) -> bool:
    """Whether two relations are the same, their sides written in one form or in another."""
    if one == other:
        return True
    if type(one) is not type(other) or not isinstance(one, sp.core.relational.Relational):
        return False
    return equal(one.lhs, other.lhs) and equal(one.rhs, other.rhs)


def multiple(known: Claim, changed: Claim, box: Domain) -> str:
    """Return whether the second claim is the first, an equation, times a factor."""
    sides, relation = known.conclusion, changed.conclusion
    if not (isinstance(sides, sp.Eq) and isinstance(relation, sp.Eq)):
        return ""
    parts = [list(sp.Mul.make_args(side)) for side in relation.args]
    common = [factor for factor in parts[0] if factor in parts[1]]
    left, right = (sp.Mul(*(factor for factor in part if factor not in common)) for part in parts)
    if (left, right) in (sides.args, sides.args[::-1]) and conditions_follow(known.where, changed.where, box):
        return f"it times {sp.Mul(*common)}"
    return ""


def _fits(value: Any, symbol: Any, box: Domain) -> bool:
    if symbol.is_integer and not value.is_integer:
        return False
    found = enclose(value, box)
    return bool((not symbol.is_positive or found.positive) and (not symbol.is_nonnegative or found.nonnegative))


def few_values_more(original: Claim, changed: Claim, box: Domain) -> str:
    """Return at which values of a whole number, left out by the first claim, the second holds evidently, or nothing."""
    if original.conclusion != changed.conclusion:
        return ""
    lost = [one for one in original.where if not conditions_follow((one,), changed.where, box)]
    if len(lost) != 1 or not isinstance(lost[0], sp.Le):
        return ""
    low, high = lost[0].args
    symbol, values = _beyond(low, high, changed, box)
    if values and all(evident(_put(changed, {symbol: value})) for value in values):
        return f"the original, and evident at {symbol} = {', '.join(map(str, values))}"
    return ""


def _beyond(low: Any, high: Any, changed: Claim, box: Domain) -> tuple[Any, list[Any]]:
    """Return a whole number that ``low <= high`` bounds on one side, and the few values that it may have beyond."""
    if low.is_Integer and high.is_Symbol and high.is_integer and high in box:
        first = box[high].low
        if abs(first) != inf and 0 < low - int(first) <= _MOST_VALUES:
            return high, [sp.Integer(value) for value in range(int(first), int(low))]
    if low.is_Symbol and low.is_integer and high.is_integer and not high.has(low):
        for more in range(1, _MOST_VALUES + 1):
            if conditions_follow((sp.Le(low, high + more, evaluate=False),), changed.where, box):
                return low, [high + number for number in range(1, more + 1)]
    return None, []
