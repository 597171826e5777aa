"""Faults of the judge's own tests. Those that make it blind need a false claim to show."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from unittest import mock

import numpy as np

import montecarlo
import montecarlo.estimation
from faults.derivations import false_theorem, planted_claim
from faults.record import Planting
from rankbound.claims import (
    REGISTRY,
    barrier_theorems,
    curve_theorems,
    rank_perspective,
    tests_of_bounds,
)
from rankbound.claims.pooling import Sampled
from rankbound.claims.record import by_experiment
from rankbound.verdict import Outcome, Verdict
from rankbound.verify import run as run_module


def _exchange(name: str, change: Callable[..., object], *modules: object) -> Planting:
    """Have these modules use ``change(honest, ...)`` in place of the function of this name."""

    @contextmanager
    def plant() -> Iterator[None]:
        with ExitStack() as stack:
            for module in modules:
                stack.enter_context(mock.patch.object(module, name, partial(change, getattr(module, name))))
            yield

    return plant


def _interval_below(honest, findings, bound, name):
    below = [d for d, e in findings.estimates.items() if e.upper < bound(d)]
    return by_experiment(Outcome.REFUTES, f"a confidence interval lies below {name}") if below else None


def _mirrored(honest, ranks, *, barrier, **options):
    return honest(2.0 * barrier - np.asarray(ranks, np.float64), barrier=barrier, **options)


def _one_standard_error(honest, samples, *, lower, upper, **options):
    error = float(np.std(samples)) / math.sqrt(len(samples))
    return max(lower, float(np.mean(samples)) - error), min(upper, float(np.mean(samples)) + error)


def _wrong_ends(honest, samples):
    ends = [SimpleNamespace(lower=s.known.upper, upper=s.known.lower) for s in samples]
    return honest([Sampled(s.ranks, end, s.most, s.turns) for s, end in zip(samples, ends, strict=True)])


@contextmanager
def _with_a_false_claim(plant: Planting, **witnesses: bool) -> Iterator[None]:
    claim = planted_claim(0.60, Verdict.REFUTED, **witnesses)
    with mock.patch.dict(REGISTRY, {claim.id: claim}), plant():
        yield


def _unless_established(honest, evidence, **options):
    said = list(evidence)
    settled = any(one.outcome is Outcome.ESTABLISHES for one in said)
    return honest((one for one in said if not (settled and one.outcome is Outcome.REFUTES)), **options)


BLIND_INTERVALS = _exchange("interval_above", lambda *_: None, tests_of_bounds, barrier_theorems)
BLIND_ENCLOSURES = _exchange(
    "refuting_enclosure", lambda *_: None, tests_of_bounds, barrier_theorems, curve_theorems, rank_perspective
)


@contextmanager
def _hidden_conflict() -> Iterator[None]:
    hide = _exchange("decide", _unless_established, run_module)
    with false_theorem(blind=True, expected=Verdict.REFUTED), hide():
        yield


JUDGE = {
    "test-reversed": (
        "a confidence interval refutes E[rank] <= bound where it lies below the bound",
        _exchange("interval_above", _interval_below, tests_of_bounds, barrier_theorems),
    ),
    "bet-reversed": (
        "the bet against dominance counts how far ranks lie below b(n)",
        _exchange("dominance_test", _mirrored, barrier_theorems),
    ),
    "bet-at-even-odds": (
        "the bet against dominance refutes at a capital of 1",
        _exchange("dominance_test", lambda honest, *a, error, **o: honest(*a, error=1.0, **o), barrier_theorems),
    ),
    "pooled-ends-exchanged": (
        "the pooled bet exchanges the ends of the certified intervals",
        _exchange("pooled_evidence", _wrong_ends, curve_theorems),
    ),
    "one-standard-error": (
        "confidence intervals are the mean and one standard error, whatever the level",
        _exchange("confidence_interval", _one_standard_error, montecarlo.estimation),
    ),
    "blind-intervals": (
        "no confidence interval refutes; with the planted claim E[rank] <= 0.60 n, on which only simulation speaks",
        partial(_with_a_false_claim, BLIND_INTERVALS, enclosure=False),
    ),
    "blind-enclosures": (
        "no lower end refutes an upper bound; with E[rank] <= 0.60 n, on which only certified numbers speak",
        partial(_with_a_false_claim, BLIND_ENCLOSURES, experiment=False),
    ),
    "conflict-hidden": (
        "what is established is not refuted; with the blind kernel, which has checked E[rank] <= 0.62 n",
        _hidden_conflict,
    ),
}
