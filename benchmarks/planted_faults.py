"""Plant one fault at a time in a witness, or in the judge, and see what a run says: docs/planted_faults.md.

    python benchmarks/planted_faults.py [--n 512] [--seed 0] [--budget 5] [--fault NAME ...] [--write]

Exits with 1 if a run with a fault answers as one without.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import numpy as np
from faults import FAULTS, Fault

import montecarlo
from montecarlo import sampling
from rankbound import judge
from rankbound.claims import REGISTRY, curve_theorems
from rankbound.verdict import Outcome, Verdict
from rankbound.verify.calculus import ExitCode

_sample_ranks = sampling.sample_ranks

CAUGHT, OTHERWISE, MISSED = "caught", "noticed otherwise", "not caught"


@dataclasses.dataclass(frozen=True)
class Seen:
    """What differs from what the registry expects: verdicts, and what was said against the claims they are on.

    ``exit_code`` is what the command answers; ``error`` is what stopped the run, if anything did.
    """

    changed: tuple[tuple[str, Verdict, Verdict], ...]
    refuting: tuple[str, ...]
    exit_code: int
    error: str = ""

    @property
    def kind(self) -> str:
        """``CAUGHT`` where a verdict is a conflict, or an unexpected refutation."""
        if any(verdict in (Verdict.CONFLICT, Verdict.REFUTED) for _, verdict, _ in self.changed):
            return CAUGHT
        return OTHERWISE if self.exit_code != ExitCode.AS_EXPECTED else MISSED


@functools.cache
def _drawn(n_keys: int, head_dim: int, replicates: int, seed: int, first: int, algorithm: str | None):
    return _sample_ranks(n_keys, head_dim, replicates, rng=seed, first_replicate=first, algorithm=algorithm)


def _remembering(n_keys, head_dim, replicates, *, rng, n_queries=None, workers=None, first_replicate=0, algorithm=None):
    """Draw ranks, or return those drawn before: they are a function of the arguments."""
    assert n_queries in (None, n_keys)
    return _drawn(n_keys, head_dim, replicates, rng, first_replicate, algorithm)


def look(fault: Fault | None, n_keys: int = 512, head_dims=None, *, claims=None, **settings) -> Seen:
    """Run the judge with a fault, or without; claims that the fault plants are judged besides those given.

    Faults outside the simulator meet the ranks of one and the same simulation, which is done once.
    """
    registered = tuple(REGISTRY)
    with ExitStack() as stack:
        if fault is None or fault.witness != "experiment":
            stack.enter_context(mock.patch.object(montecarlo, "sample_ranks", _remembering))
        if fault is not None:
            stack.enter_context(fault.plant())
        ids = None if claims is None else [*claims, *(name for name in REGISTRY if name not in registered)]
        try:
            report = judge(n_keys, head_dims, claims=ids, **settings)
        except ValueError as error:
            return Seen((), (), ExitCode.INTERNAL_ERROR, str(error))
    changed = [j for j in report.judgements if j.verdict is not j.claim.expected]
    said = [
        f"{e.witness}: {e.detail}"
        for j in changed
        if j.verdict in (Verdict.CONFLICT, Verdict.REFUTED)
        for e in j.evidence
        if e.outcome is Outcome.REFUTES
    ]
    return Seen(
        tuple((j.claim.id, j.verdict, j.claim.expected) for j in changed), tuple(dict.fromkeys(said)), report.exit_code
    )


# How small a bias is seen.


def smallest_bias(n_keys: int, side: int, **settings) -> float:
    """Return the smallest share by which the ranks must be too high, or too low, to contradict the intervals.

    Those of a run without a fault, at all head dimensions, are multiplied by one factor and put to its tests.
    """
    with mock.patch.object(montecarlo, "sample_ranks", _remembering):
        findings = judge(n_keys, claims=["expected-rank-enclosure"], **settings).findings

    def noticed(bias: float) -> bool:
        ranks = {d: np.clip(r * (1.0 + side * bias), 1.0, n_keys) for d, r in findings.ranks.items()}
        estimates = {}
        for d, e in findings.estimates.items():
            lower, upper = montecarlo.confidence_interval(
                ranks[d], lower=1, upper=n_keys, error=e.error, horizon=e.horizon
            )
            estimates[d] = dataclasses.replace(e, mean=float(ranks[d].mean()), lower=lower, upper=upper)
        biased = dataclasses.replace(findings, ranks=ranks, estimates=estimates)
        return curve_theorems._interval_experiment(biased).outcome is Outcome.REFUTES

    low, high = 0.0, 0.05
    while high - low > 5e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if noticed(middle) else (middle, high)
    return high


# The page.

PAGE = Path(__file__).parent.parent / "docs" / "planted_faults.md"
HEAD = """# Planted faults

Three witnesses that agree are worth something only if they would not agree were one of them wrong. So faults are
planted, one at a time, while the program runs: in the simulator, in the certified numbers, in the derivations, and in
the judge's own tests. Then the judge is run as anybody runs it, on every claim, and is not told. A fault is *caught* if
a claim comes out as `CONFLICT` (one witness establishes what another refutes), or as `REFUTED` where the registry
expects something else; the last column but one has what was said against such claims, and by which witness. It need not
be the witness at fault who is contradicted by name: a conflict says that one of two is wrong.

The tables come from `python benchmarks/planted_faults.py --write`: {n} keys, the default head dimensions, a nominal
budget of {budget:g} s of simulation, seed {seed}, 2 cores. Every cell is what the run said. Without a fault, the same
run has every verdict as expected, and exit code 0. The test suite plants the same faults at a smaller budget.
"""
TABLES = {
    CAUGHT: ("Caught", "{count} of {total} faults."),
    OTHERWISE: (
        "Noticed otherwise",
        """These lead to no contradiction, and yet not to exit code 0. Where the kernel rejects a step, the claims that
rest on it fall from `PROVED` to what the other witnesses can say, and the exit code is 1: that is no
conflict, and is not meant to be one. Where a number cannot be what it claims to be, the run stops (the
command ends with code 4). A judge that cannot refute is silent about itself: on the claims of the registry
alone it would end with 0, since the true ones are still not refuted, and the false ones have another
witness against them. What shows it is a false claim, which is not refuted though the registry expects it.""",
    ),
    MISSED: (
        "Not caught",
        """{count} of {total} faults. Every verdict is as expected and the exit code is 0: what they do to the numbers
is smaller than what the run can tell, or nothing that a claim speaks of.""",
    ),
}
TAIL = """
## What the judge cannot see

A fault shows if it moves ranks, or bounds, by more than simulation and theorems leave open between them. In this run
the certified interval is {narrowest:.2g}% wide at head_dim {narrow_dim}, the narrowest that is not almost a point, and
{wide} wide at head_dim {wide_dims}. Most of the budget goes to head_dim {sharp_dim}, where it is {sharp_width:.2g}%
wide and the confidence interval extends {half:.2g}% to either side. If all simulated ranks, at every head dimension,
were multiplied by one factor, the tests would notice on the same replicates that they are {down:.2g}% too low, or
{up:.2g}% too high, and not much less: that is the resolution for a bias of the simulator that is the same everywhere.
A mean rank above b(n), which no theorem allows, is noticed from {excess:.2g}% on, at head_dim {excess_dim}. A larger
`--budget` narrows the confidence intervals, not the certified ones: what moves a mean by less than the distance to the
ends of its certified interval stays unseen whatever the budget.

The small sizes at which the expected rank is known, simulated by the same code, catch some faults that are far below
that at {n} keys: to lose one query of two is more than to lose one of {n}. Faults that leave small sizes as they are
do not show there.

The tests are about means, and about ranks that are too large. Replicates that depend on each other, but have the right
law each, move no mean. Nor does the judge see two faults that compensate each other, or a false statement in the
registry that holds at every length and head dimension of the run.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(seen: list[tuple[Fault, Seen]]) -> str:
    """Return a Markdown table of faults and what was seen of them."""
    lines = [
        "| fault | planted in | verdicts that changed | what was said against them | exit code |",
        "| --- | --- | --- | --- | ---: |",
    ]
    for fault, one in seen:
        verdicts: dict[str, list[str]] = {}
        for claim, verdict, expected in one.changed:
            verdicts.setdefault(f"{verdict} in place of {expected}", []).append(f"`{claim}`")
        changed = "; ".join(f"{', '.join(claims)}: {words}" for words, claims in verdicts.items()) or "none"
        said = "; ".join(one.refuting[:2]) or (f"ValueError: {one.error}" if one.error else "nothing")
        more = f"; and {len(one.refuting) - 2} more" if len(one.refuting) > 2 else ""
        cells = (f"`{fault.name}`: {fault.what}", fault.witness, changed, said + more, str(int(one.exit_code)))
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def page(seen: list[tuple[Fault, Seen]], n_keys: int, **settings) -> str:
    """Return the page of the documentation."""
    parts = [HEAD.format(n=n_keys, budget=settings["budget"], seed=settings["rng"])]
    for kind, (title, words) in TABLES.items():
        group = [(fault, one) for fault, one in seen if one.kind == kind]
        if group:
            parts.append(f"\n## {title}\n\n{words.format(count=len(group), total=len(seen))}\n\n{table(group)}")
    return "".join(parts) + resolution(n_keys, **settings)


def resolution(n_keys: int, **settings) -> str:
    """Return what a run without a fault could have noticed, in words."""
    with mock.patch.object(montecarlo, "sample_ranks", _remembering):
        report = judge(n_keys, claims=["barrier", "expected-rank-enclosure"], **settings)
    findings = report.findings
    known = {d: point.expected_rank for d, point in findings.certified.items()}
    width = {d: 100 * (k.upper - k.lower) / k.lower for d, k in known.items() if k.upper - k.lower > 1e-6 * k.lower}
    half = {d: 50 * (e.upper - e.lower) / e.mean for d, e in findings.estimates.items()}
    narrow, sharp, wide = min(width, key=width.get), min(half, key=half.get), sorted(width)[:3]
    excess_dim, excess = report.detectable
    down, up = (100 * smallest_bias(n_keys, side, **settings) for side in (-1, 1))
    return TAIL.format(
        n=n_keys,
        narrowest=width[narrow],
        narrow_dim=narrow,
        wide=", ".join(f"{width[d]:.2g}%" for d in wide),
        wide_dims=", ".join(map(str, wide)),
        sharp_dim=sharp,
        sharp_width=width[sharp],
        half=half[sharp],
        down=down,
        up=up,
        excess=100 * excess,
        excess_dim=excess_dim,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=5.0)
    parser.add_argument("--fault", action="append", choices=[fault.name for fault in FAULTS])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    settings, seen = {"rng": given.seed, "budget": given.budget}, []
    honest = look(None, given.n, **settings)
    if honest.kind != MISSED:
        print(f"without a fault: {honest}", file=sys.stderr)
        return 1
    for fault in FAULTS:
        if given.fault and fault.name not in given.fault:
            continue
        started = time.monotonic()
        seen.append((fault, look(fault, given.n, **settings)))
        print(f"{time.monotonic() - started:5.1f} s  {fault.name}: {seen[-1][1].kind}", file=sys.stderr, flush=True)
    print(table(seen))
    if given.write:
        PAGE.write_text(page(seen, given.n, **settings), encoding="utf-8")
    return 1 if any(one.kind == MISSED for _, one in seen) else 0


if __name__ == "__main__":
    sys.exit(main())
