"""Faults of the derivations: a kernel that nods, a false theorem, a false step, proofs of something else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from unittest import mock

import proofs
from faults.record import Planting
from rankbound.claims import (
    REGISTRY,
    Claim,
    Source,
    tests_of_bounds,
)
from rankbound.claims.record import by_enclosure
from rankbound.verdict import Outcome, Verdict

PLANTED = "planted-barrier"


def planted_claim(share: float, expected: Verdict, *, enclosure: bool = True, experiment: bool = True) -> Claim:
    """Return the claim that E[rank] <= share n at every head_dim, with the usual tests of such a bound."""

    def certain(findings):
        found = tests_of_bounds.refuting_enclosure(findings, lambda _: share * findings.n_keys, f"{share:g} n")
        return found or by_enclosure(Outcome.UNDECIDED, "no enclosed head_dim exceeds it")

    def simulated(findings):
        return tests_of_bounds.intervals_against(findings, lambda _: share * findings.n_keys, f"{share:g} n")

    return Claim(
        id=PLANTED,
        statement=f"E[rank(A)] <= {share:g} n for every head_dim",
        source=Source("nobody", "a planted claim", "benchmarks/planted_faults.py"),
        assumptions=(),
        expected=expected,
        enclosure=certain if enclosure else None,
        experiment=simulated if experiment else None,
    )


@contextmanager
def derivations(change: Callable[[dict], dict]) -> Iterator[None]:
    """Change the derivations, by id, before the run hears of them."""
    honest = proofs.start_checks

    def start(ids, **options):
        checks = honest(ids, **options)
        return SimpleNamespace(result=lambda: change(checks.result()), done=checks.done, cancel=checks.cancel)

    with mock.patch.object(proofs, "start_checks", start):
        yield


def _false_derivation(*, blind: bool) -> proofs.Derivation:
    """Check a one-step "proof" of E[rank] <= 0.62 n by the kernel, or by one that accepts every step."""
    import sympy as sp

    from proofs import kernel
    from proofs.language import Claim as Formula
    from proofs.language import E, le
    from proofs.model import Rank, d, n
    from proofs.records import ACCEPTED, Step, StepReport, Theorem, Variable

    def nod(step, *_):
        return StepReport(step.name, step.claim.text(), step.rule, step.premises, ACCEPTED, "", "", seconds=0.0)

    false = Formula(le(E(Rank(n, n, d)), sp.Rational(62, 100) * n))
    variables = (Variable(n, "number of keys"), Variable(d, "head dimension"))
    theorem = Theorem(PLANTED, "", "", false, variables, (), (Step("statement", false, "identity"),))
    with mock.patch.object(kernel, "_check_step", nod) if blind else ExitStack():
        return proofs.check(theorem)


@contextmanager
def false_theorem(*, blind: bool, expected: Verdict = Verdict.PROVED) -> Iterator[None]:
    claim, derivation = planted_claim(0.62, expected), _false_derivation(blind=blind)
    with (
        mock.patch.dict(REGISTRY, {claim.id: claim}),
        derivations(lambda found: found | {PLANTED: derivation}),
    ):
        yield


def _negated(name: str) -> Planting:
    def change(found):
        return found | {name: dataclasses.replace(found[name], establishes="negation")}

    return partial(derivations, change)


def _exchanged(found):
    first, second = "paper-barrier-about-063n", "paper-barrier-literal"
    return found | {first: found[second], second: found[first]}


def _false_step(found):
    """Move one constant in the proof of the barrier by 1%, and check what rests on it again."""
    from proofs import kernel
    from proofs.language import Claim as Formula
    from proofs.language import le
    from proofs.theorems import library

    whole = library()
    theorem = whole["barrier"]
    bound = next(step for step in theorem.steps if step.name == "jensen").claim.conclusion
    wrong = Formula(le(bound.lhs, bound.rhs * 99 / 100))
    steps = tuple(dataclasses.replace(s, claim=wrong) if s.name == "jensen" else s for s in theorem.steps)
    changed, done = {**whole, "barrier": dataclasses.replace(theorem, steps=steps)}, {}
    return {name: kernel.check(changed[name], changed, done=done) for name in found}


DERIVATION = {
    "blind-kernel": (
        "a kernel that accepts every step has checked E[rank] <= 0.62 n",
        partial(false_theorem, blind=True),
    ),
    "false-theorem": (
        "E[rank] <= 0.62 n is claimed with a proof that is none, and put to the kernel",
        partial(false_theorem, blind=False),
    ),
    "false-negation": ("the negation of barrier counts as proved", _negated("barrier")),
    "false-negation-of-numbers": ("the negation of barrier-constants counts as proved", _negated("barrier-constants")),
    "lost-negation": (
        "proofs of a negation count as proofs of the claim",
        partial(
            derivations,
            lambda found: {name: dataclasses.replace(one, establishes="claim") for name, one in found.items()},
        ),
    ),
    "exchanged-proofs": ("the proofs of both readings of 0.63 n are exchanged", partial(derivations, _exchanged)),
    "false-step": (
        "a step in the proof of barrier has a constant 1% too small, and is put to the kernel",
        partial(derivations, _false_step),
    ),
}
