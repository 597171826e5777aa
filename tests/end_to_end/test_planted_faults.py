"""Every fault of benchmarks/planted_faults.py, planted again at a smaller budget: is it caught?

Seeds are fixed, so that every run is the same run. With another seed, the run without a fault would be contradicted
with probability at most 1e-3, the level.
"""

from __future__ import annotations

from functools import cache

import faults
import faults.derivations
import faults.judge
import planted_faults
import pytest

from rankbound.verdict import Verdict
from rankbound.verify.calculus import ExitCode

FAULTS = {fault.name: fault for fault in planted_faults.FAULTS}
CLAIMS = (
    "barrier",
    "occupancy-dominance",
    "barrier-constants",
    "norm-conditioned-barrier",
    "second-moment-bound",
    "expected-rank-enclosure",
    "paper-barrier-about-063n",
    "paper-barrier-literal",
)
FEW = (512, (2, 16, 64, 1024), 100)
"""Number of keys, head dimensions and replicates that show what certified numbers or derivations contradict."""
SMALL = (128, (4, 32), 500)
"""What shows strong faults, and those that the small sizes show whose answer is known."""
NARROW = (128, (4, 32, 64), 6000)
"""What shows intervals that are off by their width."""
SIZES = {
    "copied-queries": (128, (64,), 6000),
    "aimed-queries": (512, (64,), 6000),
    "clipped-keys": (512, (2, 16, 64), 1000),
    "stretched-keys": (512, (64,), 3000),
    "coarse-scores": (512, (1, 2, 4), 1000),
    "overflow": (512, (1024,), 100),
    "next-head-dim": (512, (2,), 1000),
    "intervals-too-high": NARROW,
    "intervals-too-low": NARROW,
    "narrow-intervals-too-high": NARROW,
    "lower-end-too-high": NARROW,
    "pooled-ends-exchanged": NARROW,
}
NOTICED_OTHERWISE = {
    "one-too-many-unchecked",
    "lower-end-beyond-the-upper",
    "false-step",
    "blind-intervals",
    "blind-enclosures",
    "conflict-hidden",
}
"""Faults that end the run, or weaken a verdict, without a contradiction."""
TOO_SMALL = {
    "one-stream",
    "replicates-twice",
    "uniform-queries",
    "one-degree-less",
    "narrow-intervals-too-low",
}
"""Faults that docs/planted_faults.md lists as not caught."""


@cache
def look(name):
    fault = FAULTS.get(name)
    n_keys, head_dims, replicates = SIZES.get(name, SMALL if fault and fault.witness == "experiment" else FEW)
    return planted_faults.look(fault, n_keys, head_dims, claims=CLAIMS, replicates=replicates)


@pytest.mark.parametrize("sizes", [FEW, SMALL, NARROW], ids=["few", "small", "narrow"])
def test_without_a_fault_there_is_no_conflict_and_nothing_unexpected(sizes):
    n_keys, head_dims, replicates = sizes
    seen = planted_faults.look(None, n_keys, head_dims, claims=CLAIMS, replicates=replicates)
    assert (seen.changed, seen.refuting, seen.exit_code) == ((), (), ExitCode.AS_EXPECTED)


QUICK = {"lower-end-too-high", "narrow-intervals-too-high", "next-head-dim", "key-lost", "one-too-many"}
"""Faults of each kind that take little time to be caught; the others are for the thorough profile."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.thorough)
        for name in sorted(FAULTS.keys() - NOTICED_OTHERWISE - TOO_SMALL)
    ],
)
def test_the_fault_is_caught(name):
    seen = look(name)
    assert seen.kind == planted_faults.CAUGHT, seen
    assert seen.refuting
    assert seen.exit_code == ExitCode.UNEXPECTED


@pytest.mark.parametrize("name", sorted(NOTICED_OTHERWISE))
def test_the_fault_is_noticed_without_a_contradiction(name):
    seen = look(name)
    assert seen.kind == planted_faults.OTHERWISE, seen
    assert seen.error or seen.changed


@pytest.mark.parametrize("name", sorted(TOO_SMALL))
def test_the_fault_is_below_the_resolution(name):
    """Where this fails the judge has become sharper: the fault belongs to those that are caught."""
    assert look(name).kind == planted_faults.MISSED


def test_a_step_that_the_kernel_rejects_costs_the_proof_and_all_that_rest_on_it():
    changed = {claim: verdict for claim, verdict, _ in look("false-step").changed}
    assert changed["barrier"] is Verdict.CONSISTENT
    assert {"occupancy-dominance", "paper-barrier-about-063n"} <= changed.keys()
    assert "barrier-constants" not in changed  # which does not rest on it


@pytest.mark.parametrize("blind", ["BLIND_INTERVALS", "BLIND_ENCLOSURES"])
def test_only_a_false_claim_shows_that_a_test_is_blind(blind):
    """That is what the planted claim is for: the registry's own claims come out as expected."""
    n_keys, head_dims, replicates = FEW
    fault = faults.Fault("blind", "judge", "", getattr(faults.judge, blind))
    seen = planted_faults.look(fault, n_keys, head_dims, claims=CLAIMS, replicates=replicates)
    assert seen.kind == planted_faults.MISSED


def test_no_fault_outlasts_its_context():
    """The run after all of them is that before."""
    n_keys, head_dims, replicates = FEW
    before = planted_faults.judge(n_keys, head_dims, claims=CLAIMS, replicates=replicates)
    for fault in FAULTS.values():
        with fault.plant():
            pass
    after = planted_faults.judge(n_keys, head_dims, claims=CLAIMS, replicates=replicates)
    assert after.to_dict() == before.to_dict()
    assert faults.derivations.PLANTED not in planted_faults.REGISTRY


def test_the_page_lists_every_fault():
    page = planted_faults.PAGE.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows if row.split("`")[1] not in FAULTS] == []
    assert sorted(row.split("`")[1] for row in rows) == sorted(FAULTS)
