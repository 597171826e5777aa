"""The mutants of a step and of a theorem: what is changed, of which kind, and the record after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from proofs.language import All, Claim
from proofs.mutation.changes import LESS, MORE, Change, changes, relations
from proofs.mutation.places import rebuild
from proofs.records import Step, Theorem

STEP_KINDS = (
    "constant",
    "exponent",
    "relation",
    "term",
    "sign",
    "factor",
    "condition",
    "type",
    "premise",
    "range",
    "index",
    "parameter",
    "given",
    "quantifier",
    "part",
)
THEOREM_KINDS = ("assumption", "step")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A step or theorem with one thing changed.

    Attributes
    ----------
    theorem, step : str
        Where; ``step`` is the assumption's id if that is what was dropped.
    kind : str
        One of :data:`STEP_KINDS` or :data:`THEOREM_KINDS`.
    what : str
        The change, for the reader.
    after : Step or Theorem
        The mutated step (to be checked with the earlier steps as they are), or the mutated theorem.
    """

    theorem: str
    step: str
    kind: str
    what: str
    after: Step | Theorem


def step_mutants(theorem: Theorem, step: Step) -> Iterator[Mutant]:
    """Yield every mutant of one step, none twice and none as the original is written."""
    seen = {_key(step)}
    for kind, what, changed in _of_step(theorem, step):
        if _key(changed) not in seen:
            seen.add(_key(changed))
            yield Mutant(theorem.id, step.name, kind, what, changed)


def theorem_mutants(theorem: Theorem) -> Iterator[Mutant]:
    """Yield the theorem without one of its assumptions, and without one of its steps."""
    for name in theorem.assumptions:
        left = tuple(other for other in theorem.assumptions if other != name)
        yield Mutant(theorem.id, name, "assumption", f"{name} dropped", replace(theorem, assumptions=left))
    for step in theorem.steps:
        steps = tuple(other for other in theorem.steps if other is not step)
        yield Mutant(theorem.id, step.name, "step", f"{step.name} left out", replace(theorem, steps=steps))


def _key(step: Step) -> Any:
    return step.claim, step.premises, str(sorted(step.args.items()))


def _of_step(theorem: Theorem, step: Step) -> Iterator[tuple[str, str, Step]]:
    for kind, what, claim in _of_claim(step.claim):
        yield kind, what, replace(step, claim=claim)
    for what, claim, args in _wider_types(step):
        yield "type", what, replace(step, claim=claim, args=args)
    for what, premises in _of_premises(theorem, step):
        yield "premise", what, replace(step, premises=premises)


def _of_claim(claim: Claim | All) -> Iterator[Change]:
    if isinstance(claim, Claim):
        yield from _of_closed(claim)
        return
    for number, part in enumerate(claim.parts):
        before, after = claim.parts[:number], claim.parts[number + 1 :]
        yield "part", f"part {number + 1} left out", All((*before, *after))
        for kind, what, new in _of_closed(part):
            yield kind, f"part {number + 1}: {what}", All((*before, new, *after))


def _of_closed(claim: Claim) -> Iterator[Change]:
    for kind, what, conclusion in changes(claim.conclusion):
        yield kind, what, Claim(conclusion, claim.where)
    for number, condition in enumerate(claim.where):
        before, after = claim.where[:number], claim.where[number + 1 :]
        yield "condition", f"{condition} dropped", Claim(claim.conclusion, (*before, *after))
        for what, new in (*relations(condition), *_moved_bounds(condition)):
            yield "condition", f"in {condition}: {what}", Claim(claim.conclusion, (*before, new, *after))


def _moved_bounds(condition: Any) -> Iterator[tuple[str, Any]]:
    left, right = condition.args
    for step in (1, -1):
        yield f"left side {step:+d}", rebuild(condition, (left + step, right))
    for factor in (MORE, LESS):
        yield f"left side times {factor}", rebuild(condition, (factor * left, right))
        yield f"right side times {factor}", rebuild(condition, (left, factor * right))


_WIDER = (
    ({"positive": True}, ({"nonnegative": True}, {"real": True})),
    ({"nonnegative": True}, ({"real": True},)),
    ({"integer": True, "positive": True}, ({"integer": True, "nonnegative": True}, {"positive": True})),
    ({"integer": True, "nonnegative": True}, ({"integer": True}, {"nonnegative": True})),
    ({"integer": True}, ({"real": True},)),
)


def _wider_types(step: Step) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    parts = step.claim.parts if isinstance(step.claim, All) else (step.claim,)
    symbols = set().union(*(piece.atoms(sp.Symbol) for part in parts for piece in (part.conclusion, *part.where)))
    for symbol in sorted(symbols, key=str):
        for narrow, wide in _WIDER:
            if sp.Symbol(symbol.name, **narrow) == symbol:
                for kind in wide:
                    new = {symbol: sp.Symbol(symbol.name, **kind)}
                    yield f"{symbol} is only {' '.join(kind)}", _renamed(step.claim, new), _renamed(step.args, new)


def _renamed(value: Any, new: Mapping[Any, Any]) -> Any:
    if isinstance(value, Claim):
        return Claim(_renamed(value.conclusion, new), tuple(_renamed(part, new) for part in value.where))
    if isinstance(value, All):
        return All(tuple(_renamed(part, new) for part in value.parts))
    if isinstance(value, Mapping):
        return {_renamed(key, new): _renamed(part, new) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(_renamed(part, new) for part in value)
    if isinstance(value, sp.Basic):
        if not value.args:
            return new.get(value, value)
        return rebuild(value, [_renamed(arg, new) for arg in value.args])
    return value


def _of_premises(theorem: Theorem, step: Step) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = [other.name for other in theorem.steps]
    earlier = names[: names.index(step.name)]
    premises = step.premises
    for number, name in enumerate(premises):
        before, after = premises[:number], premises[number + 1 :]
        yield f"{name} left out", (*before, *after)
        for other in range(number + 1, len(premises)):
            swapped = [*premises]
            swapped[number], swapped[other] = swapped[other], swapped[number]
            yield f"{name} and {premises[other]} exchanged", tuple(swapped)
        others = [one for one in earlier if one not in premises]
        for new in dict.fromkeys((*others[-2:], *others[:1])):
            yield f"{name} replaced by {new}", (*before, new, *after)
