"""Intervals for the symbols of a claim, and for what its conditions compare."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import inf
from typing import Any

import sympy as sp

from proofs.mutation.intervals import NONNEGATIVE, POSITIVE, Interval, meet
from proofs.mutation.ranges import Domain, enclose, of_type


def domain(symbols: Any, where: tuple[Any, ...]) -> Domain:
    """Return an interval for each symbol, from its type and the conditions, and for what the conditions compare."""
    box = {symbol: of_type(symbol) for symbol in symbols}
    for _ in range(3):
        for condition in (*where, *_sums(where), *_roots(where)):
            for symbol, other, below in _bounds(condition, box):
                found = enclose(other, box)
                strict = isinstance(condition, sp.Lt)
                if isinstance(condition, sp.Eq):
                    box[symbol] = meet(box[symbol], found)
                elif below:
                    box[symbol] = meet(box[symbol], Interval(found.low, inf, (strict or found.open[0], True)))
                else:
                    box[symbol] = meet(box[symbol], Interval(-inf, found.high, (True, strict or found.open[1])))
    for condition in where:
        if isinstance(condition, (sp.Le, sp.Lt)):
            gap, known = condition.rhs - condition.lhs, POSITIVE if isinstance(condition, sp.Lt) else NONNEGATIVE
            for form in (gap, sp.expand(gap)):
                if not form.is_Symbol and form.free_symbols:
                    box[form], box[-form] = known, -known
    return box


def _bounds(condition: Any, box: Domain) -> Iterator[tuple[Any, Any, bool]]:
    """Symbols that the condition bounds, with the bound and whether it is a lower one."""
    if not isinstance(condition, (sp.Le, sp.Lt, sp.Eq)):
        return
    gap = sp.expand(condition.rhs - condition.lhs)
    for symbol in sorted(gap.free_symbols & set(box), key=str):
        slope = gap.coeff(symbol)
        rest = gap - slope * symbol
        if slope.is_Rational and slope != 0 and not rest.has(symbol):
            yield symbol, -rest / slope, slope > 0


def _sums(where: tuple[Any, ...]) -> Iterator[Any]:
    """Yield the sums of two conditions, which may bound a symbol that each of them does not bound alone."""
    known = [one for one in where if isinstance(one, (sp.Le, sp.Lt))]
    for one, two in itertools.combinations(known, 2):
        total = sp.expand(one.rhs - one.lhs + two.rhs - two.lhs)
        if len(total.free_symbols) == 1:
            yield sp.Le(0, total, evaluate=False)


def _roots(where: tuple[Any, ...]) -> Iterator[Any]:
    """Yield what conditions on a power of a positive symbol say of the symbol: on which side of 1 it is."""
    for condition in where:
        if not isinstance(condition, (sp.Le, sp.Lt)):
            continue
        left, right = condition.args
        if right.is_Pow and right.base.is_Symbol and right.base.is_positive and right.exp.is_positive and left == 1:
            yield sp.Le(1, right.base, evaluate=False)
        if left.is_Pow and left.base.is_Symbol and left.base.is_positive and left.exp.is_positive and right == 1:
            yield sp.Le(left.base, 1, evaluate=False)
