"""Why a mutant that the kernel accepts is still true: reasons that do not lean on the rule that accepted it.

Each reason starts from the original claim, which is proved, and says why the mutant is no stronger: the same claim, a
weaker relation, stronger conditions, a side that moved to the safe side. Or it decides the mutant on its own: by balls
if it is about numbers, at every point if its domain is finite, by interval arithmetic.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any

import sympy as sp

from proofs.language import All, Claim, Eventually, Exists, Lim, LimInf, LimSup, RandomVariable, bound_symbols, replace
from proofs.mutation import types
from proofs.mutation.moves import direction
from proofs.mutation.mutants import Mutant
from proofs.mutation.ranges import Domain, defined, domain, enclose
from proofs.mutation.values import Beyond, Undefined, evaluate, is_exact, less
from proofs.records import Step

_MOST_POINTS = 200


def reason(original: Step, mutant: Mutant, known: Mapping[str, Claim | All]) -> str:
    """Return why an accepted mutant of the step is true, or nothing; ``known`` are proved claims by name."""
    if not isinstance(mutant.after, Step):
        return ""
    changed = mutant.after.claim
    if changed == original.claim:
        return "the claim is the original's"
    if mutant.kind == "type":
        return types.reason(original.claim, changed)
    found = of_claims(original.claim, changed)
    if found:
        return found
    for name, claim in known.items():
        found = "the same claim" if claim == changed else of_claims(claim, changed, alone=False)
        if found:
            return f"by {name}: {found}"
    return ""


def of_claims(original: Claim | All, changed: Claim | All, *, alone: bool = True) -> str:
    """Return why the second claim follows from the first, or is true, or nothing."""
    if isinstance(changed, All):
        return _of_conjunction(original, changed)
    if isinstance(original, All):
        return "a part of the original" if changed in original.parts else ""
    return _of_single(original, changed, alone=alone)


def _of_conjunction(original: Claim | All, changed: All) -> str:
    parts = original.parts if isinstance(original, All) else (original,)
    if all(part in parts for part in changed.parts):
        return "its parts are parts of the original"
    if len(parts) != len(changed.parts):
        return ""
    reasons = [of_claims(one, other) for one, other in zip(parts, changed.parts, strict=True) if one != other]
    return reasons[0] if reasons and all(reasons) else ""


def _of_single(original: Claim, changed: Claim, *, alone: bool) -> str:
    box = domain(changed.free_symbols | bound_symbols(changed.conclusion), changed.where)
    if not defined(changed.conclusion, box, set(sp.preorder_traversal(original.conclusion))):
        return ""
    if conditions_follow(original.where, changed.where, box):
        if changed.conclusion == original.conclusion:
            return "the original under stronger conditions"
        found = weaker(original.conclusion, changed.conclusion, box)
        if found:
            return found
    return (_alone(changed, box) if alone else "") or _renamed(original, changed)


# Conditions.


def conditions_follow(needed: tuple[Any, ...], given: tuple[Any, ...], box: Domain) -> bool:
    """Whether each condition of the first follows from one of the second, or from the domain they make."""
    return all(any(_condition_follows(one, other, box) for other in given) or _by_range(one, box) for one in needed)


def _condition_follows(needed: Any, given: Any, box: Domain) -> bool:
    if needed == given:
        return True
    pairs = [given.args] if not isinstance(given, sp.Eq) else [given.args, given.args[::-1]]
    if not isinstance(needed, (sp.Le, sp.Lt)) or not isinstance(given, (sp.Le, sp.Lt, sp.Eq)):
        return False
    if isinstance(needed, sp.Lt) and not isinstance(given, sp.Lt):
        return False
    left, right = needed.args
    return any(direction(low, left, box) in (0, -1) and direction(high, right, box) in (0, 1) for low, high in pairs)


def _by_range(needed: Any, box: Domain) -> bool:
    gap = enclose(needed.rhs - needed.lhs, box)
    whole = (needed.rhs - needed.lhs).is_integer
    if isinstance(needed, sp.Le):
        return gap.nonnegative or bool(whole and gap.low > -1)
    return isinstance(needed, sp.Lt) and (gap.positive or bool(whole and gap.low > 0))


# Relations.


def weaker(original: Any, changed: Any, box: Domain) -> str:
    """Return why the second relation follows from the first where both make sense, or nothing."""
    if isinstance(original, Exists) and isinstance(changed, Exists) and original.args[0] == changed.args[0]:
        return weaker(original.args[1], changed.args[1], box)
    if isinstance(original, Eventually) and isinstance(changed, Eventually) and original.args[:2] == changed.args[:2]:
        if not _condition_follows(original.args[2], changed.args[2], box):
            return ""
        if original.args[3] == changed.args[3]:
            return "the original under a stronger condition"
        return weaker(original.args[3], changed.args[3], box)
    if not all(isinstance(one, (sp.Eq, sp.Le, sp.Lt)) for one in (original, changed)):
        return ""
    if changed in _as_limits(original):
        return "where there is a limit, the upper and the lower limit are equal to it"
    if isinstance(changed, sp.Eq) or (isinstance(changed, sp.Lt) and not isinstance(original, sp.Lt)):
        return ""
    orders = [original.args, original.args[::-1]] if isinstance(original, sp.Eq) else [original.args]
    if any(order == changed.args for order in orders):
        return "a weaker relation between the same sides"
    for left, right in orders:
        if direction(left, changed.lhs, box) in (0, -1) and direction(right, changed.rhs, box) in (0, 1):
            return "a side moved to the safe side"
    return ""


def _as_limits(relation: Any) -> list[Any]:
    limits = relation.atoms(Lim)
    return [replace(relation, {node: kind(*node.args) for node in limits}) for kind in (LimSup, LimInf) if limits]


# On its own.


def _alone(claim: Claim, box: Domain) -> str:
    relation = claim.conclusion
    if not isinstance(relation, (sp.Eq, sp.Le, sp.Lt, sp.Ne)):
        return ""
    if not claim.free_symbols and not relation.has(RandomVariable):
        return "true for these numbers, by ball arithmetic" if _certain(relation, {}) else ""
    points = _finite(claim, box)
    if points is not None and not relation.has(RandomVariable):
        if all(_certain(relation, point) for point in points if all(_certain(one, point) for one in claim.where)):
            return "true at every point of its finite domain"
        return ""
    gap = enclose(relation.rhs - relation.lhs, box)
    if (isinstance(relation, sp.Le) and gap.nonnegative) or (isinstance(relation, sp.Lt) and gap.positive):
        return "true by interval arithmetic"
    return ""


def _certain(relation: Any, point: Any) -> bool:
    """Whether a relation certainly holds at a point: an equation only if both sides are fractions."""
    try:
        left, right = (evaluate(side, point) for side in relation.args)
        if isinstance(relation, sp.Eq):
            return bool(is_exact(left) and is_exact(right) and left == right) or _equal_in_e(relation, point)
        if isinstance(relation, sp.Ne):
            return less(left, right) or less(right, left)
        return less(left, right) if isinstance(relation, sp.Lt) else not less(right, left)
    except (Beyond, Undefined):
        return False


def _equal_in_e(relation: Any, point: Any) -> bool:
    """Whether the sides are one polynomial in e and pi."""
    values = {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in point.items()}
    return bool(sp.expand((relation.lhs - relation.rhs).xreplace(values)) == 0)


def _finite(claim: Claim, box: Domain) -> list[dict[Any, Any]] | None:
    """Return every point of a finite domain of whole numbers, or ``None``."""
    choices = []
    for symbol in sorted(claim.free_symbols, key=str):
        low, high = box[symbol].low, box[symbol].high
        if not symbol.is_integer or abs(low) == inf or abs(high) == inf or high - low > _MOST_POINTS:
            return None
        choices.append([(symbol, Fraction(number)) for number in range(ceil(low), floor(high) + 1)])
    points = [dict(pairs) for pairs in itertools.islice(itertools.product(*choices), _MOST_POINTS + 1)]
    return points if choices and len(points) <= _MOST_POINTS else None


def _renamed(original: Claim, changed: Claim) -> str:
    """Whether the mutant is the original for other values of its variables."""
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
