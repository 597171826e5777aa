"""Why a claim stays true when one of its variables is given a wider type."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, Limit, bound_symbols
from proofs.mutation.ranges import domain


def reason(original: Claim | All, changed: Claim | All) -> str:
    """Return why the second claim, which has one symbol of a wider type, is true if the first is, or nothing."""
    if isinstance(original, All) or isinstance(changed, All):
        parts = zip(_parts(original), _parts(changed), strict=True)
        reasons = [reason(one, other) for one, other in parts if one != other]
        return reasons[0] if reasons and all(reasons) else ""
    new = _symbols(changed) - _symbols(original)
    old = _symbols(original) - _symbols(changed)
    if len(new) != 1 or len(old) != 1:
        return ""
    (symbol,), (before,) = new, old
    if symbol not in changed.free_symbols:
        return "a bound index takes the values of its range, whatever its type"
    if symbol.is_integer == before.is_integer and _kept(before, domain(changed.free_symbols, changed.where)[symbol]):
        return "the conditions keep the variable in its type"
    if symbol.is_integer and not symbol.is_nonnegative and _without_deltas(changed, symbol):
        return "a negative number is no key: its deltas are 0, and the sides are equal numbers"
    return ""


def _parts(claim: Claim | All) -> tuple[Claim, ...]:
    return claim.parts if isinstance(claim, All) else (claim,)


def _symbols(claim: Claim) -> set[Any]:
    pieces = (claim.conclusion, *claim.where)
    return set().union(*(piece.atoms(sp.Symbol) | bound_symbols(piece) for piece in pieces))


def _kept(before: Any, interval: Any) -> bool:
    if before.is_positive:
        return bool(interval.positive)
    return bool(before.is_nonnegative and interval.nonnegative)


def _without_deltas(claim: Claim, symbol: Any) -> bool:
    """Whether the claim holds, as an equation or inequality between numbers, where the deltas with the symbol are 0.

    The other side of each delta is a whole number that is not negative, so it is 0 where the symbol is negative.
    """
    relation = claim.conclusion
    deltas = [delta for delta in relation.atoms(sp.KroneckerDelta) if symbol in delta.args]
    others = [arg for delta in deltas for arg in delta.args if arg != symbol]
    if not isinstance(relation, (sp.Eq, sp.Le)) or not all(one.is_integer and one.is_nonnegative for one in others):
        return False
    sides = [_number(side.xreplace({delta: sp.Integer(0) for delta in deltas})) for side in relation.args]
    if not all(side.is_Rational for side in sides):
        return False
    return bool(sides[0] == sides[1] if isinstance(relation, sp.Eq) else sides[0] <= sides[1])


def _number(expr: Any) -> Any:
    """Return the value of sums, products and means of 0 and 1 where it is evident."""
    if not expr.args:
        return expr
    if isinstance(expr, (E, Limit)):
        inner = _number(expr.args[0])
        return inner if inner.is_Rational else expr
    if isinstance(expr, (sp.Sum, sp.Product)):
        inner = _number(expr.function)
        evident = inner == (0 if isinstance(expr, sp.Sum) else 1)
        return inner if evident else expr
    return expr.func(*(_number(arg) if isinstance(arg, sp.Expr) else arg for arg in expr.args))
