"""What the kernel says of one mutant, within a time limit that really ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sympy as sp

from proofs import kernel
from proofs.language import All, Claim
from proofs.model import granted
from proofs.mutation.mutants import Mutant
from proofs.normal import equal
from proofs.records import ACCEPTED, CHECKED, REJECTED, Step, Theorem

KILLED, UNDECIDED, PASSED, SAME = "killed", "undecided", "accepted", "no mutant"
"""Rejected; not decided, within the time limit or at all; accepted; the original in other words."""


class TimeUp(BaseException):
    """The time limit is over; no ``except Exception`` on the way may swallow it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise :class:`TimeUp` in the body after ``seconds``; only the main thread can have a limit."""

    def stop(*_: Any) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judge(mutant: Mutant, library: Mapping[str, Theorem]) -> tuple[str, str]:
    """Return the outcome of a mutant and what the kernel said."""
    theorem = library[mutant.theorem]
    if isinstance(mutant.after, Theorem):
        return _of_theorem(mutant, theorem, library)
    original = next(step for step in theorem.steps if step.name == mutant.step)
    report = kernel.check_step(mutant.after, theorem, library)
    if report.status == ACCEPTED:
        unchanged = mutant.after.premises == original.premises and mutant.kind != "type"
        return (SAME if unchanged and same(mutant.after.claim, original.claim) else PASSED), report.detail
    return (KILLED if report.status == REJECTED else UNDECIDED), report.detail


def _of_theorem(mutant: Mutant, theorem: Theorem, library: Mapping[str, Theorem]) -> tuple[str, str]:
    """Judge a theorem by one rejected step if there is one, for that rejects it; check it whole only if not."""
    after: Any = mutant.after
    if not after.steps or after.steps[-1].claim != after.statement:
        return KILLED, "the last step is not the statement"
    if mutant.kind == "step":
        affected = [step for step in after.steps if mutant.step in step.premises]
    else:
        lost = granted(theorem.assumptions, theorem.depends_on) - granted(after.assumptions, after.depends_on)
        affected = [step for step in after.steps if any(name in premise for name in lost for premise in step.premises)]
    for step in affected:
        report = kernel.check_step(step, after, library)
        if report.status == REJECTED:
            return KILLED, f"{step.name}: {report.detail}"
    complaint = kernel.malformed(after, library)
    if complaint:
        return KILLED, complaint
    derivation = kernel.check(replace(after, id=f"{after.id}-changed"), library)
    if derivation.status == CHECKED:
        return PASSED, derivation.detail
    return (KILLED if derivation.status == REJECTED else UNDECIDED), derivation.detail


def same(first: Claim | All, second: Claim | All) -> bool:
    """Whether two claims say the same in other words: relation by relation, the sides have one normal form."""
    if isinstance(first, All) or isinstance(second, All):
        return (
            isinstance(first, All)
            and isinstance(second, All)
            and len(first.parts) == len(second.parts)
            and all(same(one, other) for one, other in zip(first.parts, second.parts, strict=True))
        )
    pairs = [(first.conclusion, second.conclusion), *zip(first.where, second.where, strict=False)]
    return len(first.where) == len(second.where) and all(_same(one, other) for one, other in pairs)


def _same(one: Any, other: Any) -> bool:
    if one == other:
        return True
    if type(one) is not type(other) or len(one.args) != len(other.args):
        return False
    if not isinstance(one, sp.core.relational.Relational):
        return all(
            _same(*pair) if isinstance(pair[0], sp.logic.boolalg.Boolean) else equal(*pair)
            for pair in zip(one.args, other.args, strict=True)
            if pair[0] != pair[1]
        )
    return equal(one.lhs, other.lhs) and equal(one.rhs, other.rhs)


def original_step(theorem: Theorem, name: str) -> Step:
    """Return the step of this name."""
    return next(step for step in theorem.steps if step.name == name)
