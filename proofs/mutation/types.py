"""Why a claim stays true when one of its variables is given a wider type."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import All, Claim, bound_symbols, replace
from proofs.mutation.alone import alone, evident, worked_out
from proofs.mutation.conditions import follows
from proofs.mutation.domains import domain
from proofs.mutation.ranges import defined


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
    box = domain(changed.free_symbols, changed.where)
    if symbol.is_integer == before.is_integer and _kept(before, box[symbol]):
        return "the conditions keep the variable in its type"
    found = alone(changed, box) if defined(changed.conclusion, box) else ""
    return found or _at_new_values(changed, symbol, before)


def _parts(claim: Claim | All) -> tuple[Claim, ...]:
    return claim.parts if isinstance(claim, All) else (claim,)


def _symbols(claim: Claim) -> set[Any]:
    pieces = (claim.conclusion, *claim.where)
    return set().union(*(piece.atoms(sp.Symbol) | bound_symbols(piece) for piece in pieces))


def _kept(before: Any, interval: Any) -> bool:
    if before.is_positive:
        return bool(interval.positive)
    return bool(before.is_nonnegative and interval.nonnegative)


def _at_new_values(changed: Claim, symbol: Any, before: Any) -> str:
    """Return why the claim holds at the values that the narrower type does not have, or nothing."""
    if symbol.is_integer != before.is_integer:
        return ""
    holds_at_0 = not before.is_positive or evident(_put(changed, {symbol: sp.Integer(0)}))
    if not holds_at_0:
        return ""
    if symbol.is_nonnegative:
        return "evident at 0, the only value more"
    if _put(changed, {symbol: -symbol}) == changed:
        return "the same at negative values, and evident at 0"
    if symbol.is_integer and _without_deltas(changed, symbol):
        return "a negative number is no key: its deltas are 0, and the rest is evident"
    return ""


def _put(claim: Claim, values: dict[Any, Any]) -> Claim:
    return Claim(replace(claim.conclusion, values), tuple(replace(one, values) for one in claim.where))


def _without_deltas(claim: Claim, symbol: Any) -> bool:
    """Whether the claim holds where the deltas with the symbol, and with whole numbers that are not negative, are 0."""
    relation = claim.conclusion
    deltas = [delta for delta in relation.atoms(sp.KroneckerDelta) if symbol in delta.args]
    others = [arg for delta in deltas for arg in delta.args if arg != symbol]
    if not isinstance(relation, (sp.Eq, sp.Le)) or not all(one.is_integer and one.is_nonnegative for one in others):
        return False
    sides = [worked_out(side.xreplace({delta: sp.Integer(0) for delta in deltas})) for side in relation.args]
    if any(side.has(symbol) for side in sides):
        return False
    if isinstance(relation, sp.Eq):
        return bool(sp.expand(sides[0] - sides[1]) == 0)
    return follows(sp.Le(*sides, evaluate=False), (), domain(claim.free_symbols, claim.where))
