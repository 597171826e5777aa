"""Why a mutant that the kernel accepts is still true: reasons that do not lean on the rule that accepted it.

Each reason starts from the original claim, which is proved, and says why the mutant is no stronger: the same claim, a
weaker relation, stronger conditions, a side that moved to the safe side. Or it decides the mutant on its own: by balls
if it is about numbers, at every point if its domain is finite, by interval arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from proofs.language import All, Claim, Eventually, Exists, Lim, LimInf, LimSup, bound_symbols, replace
from proofs.mutation import types
from proofs.mutation.alone import alone
from proofs.mutation.conditions import conditions_follow
from proofs.mutation.domains import domain
from proofs.mutation.instances import few_values_more, instance, multiple, renamed
from proofs.mutation.intervals import NONNEGATIVE
from proofs.mutation.moves import direction
from proofs.mutation.mutants import Mutant
from proofs.mutation.ranges import Domain, defined
from proofs.mutation.spare import spare
from proofs.records import Step


def reason(original: Step, mutant: Mutant, known: Mapping[str, Claim | All]) -> str:
    """Return why an accepted mutant of the step is true, or nothing; ``known`` are proved claims by name."""
    if not isinstance(mutant.after, Step):
        return ""
    changed = mutant.after.claim
    if changed == original.claim:
        return "the claim is the original's"
    found = types.reason(original.claim, changed) if mutant.kind == "type" else of_claims(original.claim, changed)
    if not found and mutant.after.rule == "combination":
        found = spare(changed, known, mutant.after.premises, mutant.after.args)
    return found or _by_others(changed, known, mutant.after.premises, mutant.after.args)


def _by_others(
    changed: Claim | All, known: Mapping[str, Claim | All], premises: tuple[str, ...], args: Mapping[str, Any]
) -> str:
    for name, claim in known.items():
        found = "the same claim" if claim == changed else of_claims(claim, changed, by_itself=False)
        if found:
            return f"by {name}: {found}"
    given = {name: known[name] for name in premises if isinstance(known.get(name), Claim)}
    return _by_premises(changed, given, args) if isinstance(changed, Claim) else ""


def _by_premises(changed: Claim, given: Mapping[str, Any], args: Mapping[str, Any]) -> str:
    """Return how the claim follows from one premise: at a value, times a factor, or because a function increases."""
    box = domain(changed.free_symbols, changed.where)
    facts = {name: claim for name, claim in given.items() if conditions_follow(claim.where, changed.where, box)}
    told = tuple(one.conclusion for one in facts.values() if isinstance(one.conclusion, (sp.Le, sp.Lt)))
    more = Claim(changed.conclusion, (*changed.where, *told))
    for name, claim in given.items():
        found = instance(claim, changed, box, args.get("put")) or multiple(claim, changed, box)
        if not found and told and "put" in args:
            found = instance(claim, more, domain(more.free_symbols, more.where), args["put"])
        if found:
            return f"by {name}: {found}"
    for claim in facts.values():
        if isinstance(claim.conclusion, (sp.Le, sp.Lt)):
            gap = claim.conclusion.rhs - claim.conclusion.lhs
            box[gap], box[-gap] = NONNEGATIVE, -NONNEGATIVE
    relation = changed.conclusion
    if not facts or not isinstance(relation, sp.Le) or not defined(relation, box):
        return ""
    if direction(relation.lhs, relation.rhs, box) in (0, 1):
        return f"by {', '.join(facts)}: the same function of both sides, which increases"
    return ""


def of_claims(original: Claim | All, changed: Claim | All, *, by_itself: bool = True) -> str:
    """Return why the second claim follows from the first, or is true, or nothing."""
    if isinstance(changed, All):
        return _of_conjunction(original, changed)
    if isinstance(original, All):
        return "a part of the original" if changed in original.parts else ""
    return _of_single(original, changed, by_itself=by_itself)


def _of_conjunction(original: Claim | All, changed: All) -> str:
    parts = original.parts if isinstance(original, All) else (original,)
    if all(part in parts for part in changed.parts):
        return "its parts are parts of the original"
    if len(parts) != len(changed.parts):
        return ""
    reasons = [of_claims(one, other) for one, other in zip(parts, changed.parts, strict=True) if one != other]
    return reasons[0] if reasons and all(reasons) else ""


def _of_single(original: Claim, changed: Claim, *, by_itself: bool) -> str:
    box = domain(changed.free_symbols | bound_symbols(changed.conclusion), changed.where)
    narrower = conditions_follow(original.where, changed.where, box)
    if not defined(changed.conclusion, box, set(sp.preorder_traversal(original.conclusion)) if narrower else ()):
        return ""
    if narrower:
        if changed.conclusion == original.conclusion:
            return "the original under stronger conditions"
        found = weaker(original.conclusion, changed.conclusion, box)
        if found:
            return found
    found = alone(changed, box) if by_itself else ""
    return found or few_values_more(original, changed, box) or renamed(original, changed)


# Relations.


def weaker(original: Any, changed: Any, box: Domain) -> str:
    """Return why the second relation follows from the first where both make sense, or nothing."""
    if isinstance(original, Exists) and isinstance(changed, Exists) and original.args[0] == changed.args[0]:
        return weaker(original.args[1], changed.args[1], box)
    if isinstance(original, Eventually) and isinstance(changed, Eventually) and original.args[:2] == changed.args[:2]:
        if not conditions_follow((original.args[2],), (changed.args[2],), box):
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
    if any(_multiples(order, changed) for order in orders):
        return "a positive multiple of both sides"
    for left, right in orders:
        if direction(left, changed.lhs, box) in (0, -1) and direction(right, changed.rhs, box) in (0, 1):
            return "a side moved to the safe side"
    return ""


def _multiples(sides: Any, changed: Any) -> bool:
    """Whether one side is 0, and the other a positive number times what it was."""
    for zero, other in ((0, 1), (1, 0)):
        if sides[zero] == changed.args[zero] == 0 and sides[other] != 0:
            ratio = sp.cancel(sp.expand(changed.args[other]) / sp.expand(sides[other]))
            return bool(ratio.is_Rational and ratio > 0)
    return False


def _as_limits(relation: Any) -> list[Any]:
    limits = relation.atoms(Lim)
    return [replace(relation, {node: kind(*node.args) for node in limits}) for kind in (LimSup, LimInf) if limits]
