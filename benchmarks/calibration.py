"""How often the judge's statistics refute what is true, and what is false: the tables of docs/calibration.md.

    python benchmarks/calibration.py [--runs 5000] [--workers 2] [--seed 0] [--write]

Exits with 1 if the upper confidence limit of a rate at which something true is refuted exceeds what is allowed, or if
the claims of the registry, put to the same ranks, do not answer as the tests do.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import math
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np
from scipy import stats

import montecarlo
from rankbound import bounds
from rankbound.bounds.sandwich import SaturationPoint
from rankbound.claims import about
from rankbound.claims.assumptions import ORTHONORMAL
from rankbound.claims.curve_theorems import _in_order
from rankbound.claims.dominance import dominance_test
from rankbound.claims.pooling import Sampled, pooled_evidence
from rankbound.claims.record import Control, Findings
from rankbound.enclosure import Enclosure
from rankbound.setting import Setting
from rankbound.verdict import Outcome, Rigour, Verdict
from rankbound.verify.controls import CONTROLS
from rankbound.verify.report import RunSettings
from rankbound.verify.run import Run
from rankbound.verify.spending import Spending

PAGE = Path(__file__).parent.parent / "docs" / "calibration.md"
LEVELS = (0.05, 0.01)
HEAD_DIMS = (4, 16, 32, 64, 128, 256)
REPLICATES, CONTROL_REPLICATES = 300, 2000
CHUNK = 250  # runs that share a stream of random numbers, so that the result does not depend on the workers
TESTS = ("interval", "dominance", "pooled", "any")

DEFAULT_ERROR = Spending(1e-3, 12, len(CONTROLS)).each  # of each test in a run with nothing but defaults
SHIFTS = (0.005, 0.01, 0.02, 0.05)
SIZES = (20, 100, 500, 2000)
BETS = ("interval", "dominance", "pooled, ranks too low", "pooled, ranks too high")

COVERAGE_ERROR, LENGTH = 0.05, 300


# What is true: the occupancy law, which no head dimension exceeds and wide heads approach.


@functools.cache
def occupancy(n):
    """Return the distribution function of the occupancy number, its mean and its variance."""
    law = bounds.occupancy_law(n)
    return np.cumsum(law.upper) / law.upper.sum(), law.mean, law.variance.upper


def occupied(rng, n, size):
    """Draw occupancy numbers."""
    return np.searchsorted(occupancy(n)[0], rng.random(size), side="right")


@functools.cache
def wide_points(n):
    """Say of each head dimension that the expected rank is exactly that of the occupancy law: no room for error."""
    mean = occupancy(n)[1]
    known = Enclosure(mean.lower, mean.upper, Rigour.EXACT, "second moment")  # so that the lower bound is tested too
    return {d: SaturationPoint(d, known, mean.upper) for d in HEAD_DIMS}


@functools.cache
def points(n, head_dims):
    return {d: bounds.saturation_point(n, d) for d in head_dims}


def wide_controls(rng, count=CONTROL_REPLICATES):
    return tuple(_control(n, d, name, occupied(rng, n, count), occupancy(n)[1]) for n, d, name in CONTROLS)


def _control(n, head_dim, algorithm, ranks, known):
    return Control(known, _open_estimate(n, head_dim, ranks, ranks.size), ranks, algorithm)


def _open_estimate(n, head_dim, ranks, horizon):
    """An estimate whose interval is yet to be computed: membership of one mean is much faster to find than the ends."""
    return montecarlo.RankEstimate(
        mean=ranks.mean(), lower=1.0, upper=float(n), variance=None, replicates=ranks.size, error=0.5, horizon=horizon,
        n_keys=n, n_queries=n, head_dim=head_dim,
    )  # fmt: skip


@functools.cache
def square(n):
    return Setting(n_queries=n, n_keys=n, head_dim=1)


def findings(n, certified, ranks, blocks, controls, horizon):
    estimates = {d: _open_estimate(n, d, values, horizon) for d, values in ranks.items()}
    return Findings(
        square(n), tuple(ranks), occupancy(n)[1], certified, estimates, ranks, blocks=blocks, controls=controls
    )


def closed(found, error):
    """Compute the ends of the intervals, as the run does, each with the given error."""

    def close(estimate, ranks):
        return montecarlo.summarise_ranks(
            ranks, estimate.n_keys, estimate.head_dim, error=error, horizon=estimate.horizon
        )

    estimates = {d: close(e, found.ranks[d]) for d, e in found.estimates.items()}
    controls = tuple(dataclasses.replace(c, estimate=close(c.estimate, c.ranks)) for c in found.controls)
    return dataclasses.replace(found, estimates=estimates, controls=controls, test_error=error)


# The tests of a run.


def excluded(values, low, high, *, least, most, error, horizon):
    """Whether means down to ``low``, and whether means up to ``high``, are excluded."""
    options = {"error": error, "horizon": horizon}
    return (
        montecarlo.excludes_up_to(-low, -values, lower=-most, upper=-least, **options),
        montecarlo.excludes_up_to(high, values, lower=least, upper=most, **options),
    )


def apart(ranks, known, n, error, horizon):
    """Whether the confidence interval lies apart from what is certain (if nothing is left of it, it says nothing)."""
    below, above = excluded(ranks, known.lower, known.upper, least=1, most=n, error=error, horizon=horizon)
    return below != above


def evidence(found):
    """Return the logarithms of the largest capitals of the bets on dominance and of the pooled bet."""
    _, mean, variance = occupancy(found.n_keys)
    tests = [dominance_test(r, barrier=mean.upper, variance=variance, error=0.5) for r in found.ranks.values()]
    return max(test.evidence for test in tests), pooled_evidence(_in_order(found))


def alarms(found, error, logs):
    """Return which of ``TESTS`` refute, each with the given error."""
    compared = [(found.ranks[d], e, found.certified[d].expected_rank) for d, e in found.estimates.items()]
    compared += [(c.ranks, c.estimate, c.known) for c in found.controls]
    interval = any(apart(ranks, known, e.n_keys, error, e.horizon) for ranks, e, known in compared)
    dominance, pooled = (log >= -math.log(error) for log in logs)
    return interval, dominance, pooled, interval or dominance or pooled


def each(level, found):
    return Spending(level, len(found.ranks), len(found.controls)).each


def claims_refute(found, level):
    """Whether the experiment of any true claim of the registry refutes it."""
    asked = closed(found, each(level, found))
    of_ranks = [c for c in about(square(found.n_keys)) if c.experiment and ORTHONORMAL in c.assumptions]
    true = [c for c in of_ranks if c.expected is not Verdict.REFUTED]
    return any(claim.experiment(asked).outcome is Outcome.REFUTES for claim in true)


# (a) False alarms.


def as_planned(rng, runs, n):
    """As many replicates everywhere, in two rounds; ranks and controls follow the occupancy law."""
    blocks = tuple((d, REPLICATES // 2) for d in HEAD_DIMS) * 2
    for _ in range(runs):
        ranks = dict(zip(HEAD_DIMS, occupied(rng, n, (len(HEAD_DIMS), REPLICATES)), strict=True))
        yield findings(n, wide_points(n), ranks, blocks, wide_controls(rng), REPLICATES)


def to_the_extreme(rng, runs, n, block=20):
    """Each block goes where the mean so far lies furthest from the truth, in standard errors."""
    total, mean = REPLICATES * len(HEAD_DIMS), occupancy(n)[1].lower
    for _ in range(runs):
        drawn = occupied(rng, n, (len(HEAD_DIMS), total))
        sums = np.cumsum(drawn - mean, axis=1)
        taken, order = np.full(len(HEAD_DIMS), block), list(range(len(HEAD_DIMS)))
        for _ in range(total // block - len(HEAD_DIMS)):
            here = int(np.argmax(np.abs(sums[np.arange(taken.size), taken - 1]) / np.sqrt(taken)))
            taken[here] += block
            order.append(here)
        ranks = {d: drawn[i, : taken[i]] for i, d in enumerate(HEAD_DIMS)}
        blocks = tuple((HEAD_DIMS[i], block) for i in order)
        yield findings(n, wide_points(n), ranks, blocks, wide_controls(rng), REPLICATES)


def simulated(rng, runs, n, head_dims=(1, 2, 3, 4), count=60):
    """Ranks and controls from the simulator, certified intervals from the bounds."""
    sizes = [(n, d, None) for d in head_dims] + list(CONTROLS)
    drawn = [montecarlo.sample_ranks(m, d, runs * count, rng=rng, workers=1, algorithm=name) for m, d, name in sizes]
    for i in range(runs):
        parts = [ranks[i * count : (i + 1) * count] for ranks in drawn]
        small = zip(CONTROLS, parts[len(head_dims) :], strict=True)
        controls = tuple(_control(m, d, name, part, points(m, (d,))[d].expected_rank) for (m, d, name), part in small)
        blocks = tuple((d, count) for d in head_dims)
        yield findings(n, points(n, head_dims), dict(zip(head_dims, parts, strict=False)), blocks, controls, count)


def tally(rng, runs, draw, levels=LEVELS):
    """Count the runs in which the tests refute what is true: a row for each level, a column for each of ``TESTS``."""
    counts = np.zeros((len(levels), len(TESTS)), dtype=np.int64)
    for found in draw(rng, runs):
        logs = evidence(found)
        counts += [alarms(found, each(level, found), logs) for level in levels]
    return counts


class LookingRun(Run):
    """A run of the judge that is looked at after every block, and stopped at the first alarm."""

    alarm = (False,) * 4

    def _draw(self, head_dim, count, done):
        if not self.alarm[-1]:
            super()._draw(head_dim, count, done)
            found = self._findings()
            ends = [(e, found.certified[d].expected_rank) for d, e in found.estimates.items()]
            interval = any(e.lower > known.upper or e.upper < known.lower for e, known in ends)
            dominance, pooled = (log >= -math.log(found.test_error) for log in evidence(found))
            self.alarm = interval, dominance, pooled, interval or dominance or pooled


def tally_shared_out(rng, runs, n, head_dims=(4, 16, 64), levels=LEVELS, budget=0.05):
    """Count as ``tally`` does, with the replicates shared out by the judge's own run."""
    plan = montecarlo.planned_replicates(n, head_dims, budget=budget)
    counts = np.zeros((len(levels), len(TESTS)), dtype=np.int64)
    with mock.patch.object(montecarlo, "sample_ranks", lambda n, head_dim, count, **_: occupied(rng, n, count)):
        for _ in range(runs):
            for row, level in enumerate(levels):
                settings = RunSettings("", square(n), head_dims, 0, Spending(level, len(plan), 0), budget, plan, "")
                run = LookingRun(settings, (), {}, 1, lambda done, doing: None)
                run.certified = wide_points(n)
                run._share_out(plan, budget)
                counts[row] += run.alarm
    return counts


FALSE_ALARMS = {
    "n = 8": functools.partial(tally, draw=functools.partial(as_planned, n=8)),
    "n = 64": functools.partial(tally, draw=functools.partial(as_planned, n=64)),
    "n = 512": functools.partial(tally, draw=functools.partial(as_planned, n=512)),
    "n = 512, shared out and stopped by the results": functools.partial(tally_shared_out, n=512),
    "n = 64, blocks where ranks are most extreme": functools.partial(
        tally, draw=functools.partial(to_the_extreme, n=64)
    ),
    "n = 8, simulated": functools.partial(tally, draw=functools.partial(simulated, n=8)),
}


def agreement(rng, runs, n=64, level=0.5):
    """Count runs in which tests and claims refute (both, tests alone, claims alone, neither); half the ranks biased."""
    counts = Counter()
    for i, found in enumerate(as_planned(rng, runs, n)):
        bias = (0, 0, 1, -1)[i % 4]  # one in ten ranks is moved by one
        move = {d: np.clip(r + bias * (rng.random(r.size) < 0.1), 1, n) for d, r in found.ranks.items()}
        found = dataclasses.replace(found, ranks=move)
        counts[alarms(found, each(level, found), evidence(found))[-1], claims_refute(found, level)] += 1
    return np.array([counts[True, True], counts[True, False], counts[False, True], counts[False, False]])


# (b) Power.


def power(rng, runs, n=512, head_dims=12, sizes=SIZES, shifts=SHIFTS, error=DEFAULT_ERROR):
    """Count the runs that refute, by shift of the truth, replicates of a head dimension, and test (``BETS``)."""
    _, mean, variance = occupancy(n)
    counts, needed = np.zeros((len(shifts), len(sizes), len(BETS)), dtype=np.int64), -math.log(error)
    for _ in range(runs):
        drawn = occupied(rng, n, (head_dims, max(sizes)))
        for i, shift in enumerate(shifts):
            low, high = (np.clip(drawn + sign * shift * mean.upper, 1, n) for sign in (-1, 1))
            for j, size in enumerate(sizes):
                claimed = mean.upper * (1 - shift)
                options = {"lower": 1, "upper": n, "error": error, "horizon": size}
                counts[i, j] += (
                    montecarlo.excludes_up_to(claimed, drawn[0, :size], **options),
                    dominance_test(high[0, :size], barrier=mean.upper, variance=variance, error=error).refutes,
                    *(pooled_evidence(_two_rounds(moved[:, :size], mean, n)) >= needed for moved in (low, high)),
                )
    return counts


def _two_rounds(ranks, known, n):
    """Half of the replicates at every head dimension, then the other half."""
    half, turns = ranks.shape[1] // 2, np.arange(ranks.size)
    first, second = turns[: half * len(ranks)], turns[half * len(ranks) :]
    rounds = np.hstack([first.reshape(len(ranks), -1), second.reshape(len(ranks), -1)])
    return [Sampled(row, known, n, turn) for row, turn in zip(ranks, rounds, strict=True)]


# (c) Coverage at every stopping time.


def _two(u, low, high, mean):
    """Turn uniform variables into one of two values, with that mean."""
    return np.where(u < (mean - low) / (high - low), high, low)


def _wide_ranks(u, t, ahead):
    return (np.searchsorted(occupancy(512)[0], u, side="right") - 1) / 511


LAWS = {  # the mean, and the next observation from: a uniform variable, the time, how far the sum is ahead of its mean
    "0 or 1, mean 0.001": (0.001, lambda u, t, ahead: _two(u, 0.0, 1.0, 0.001)),
    "0 or 1, mean 0.999": (0.999, lambda u, t, ahead: _two(u, 0.0, 1.0, 0.999)),
    "0 or 1, mean 0.5": (0.5, lambda u, t, ahead: _two(u, 0.0, 1.0, 0.5)),
    "0.3, rarely 1": (0.302, lambda u, t, ahead: _two(u, 0.3, 1.0, 0.302)),
    "50th power of a uniform": (1 / 51, lambda u, t, ahead: u**50),
    "ranks of wide heads, n = 512": ((occupancy(512)[1].lower - 1) / 511, _wide_ranks),
    "quiet, then 0 or 1": (0.5, lambda u, t, ahead: _two(u, *((0.499, 0.501) if t < LENGTH / 2 else (0.0, 1.0)), 0.5)),
    "0 or 1 while behind, else quiet": (
        0.3,
        lambda u, t, ahead: _two(u, np.where(ahead < 0, 0.0, 0.29), np.where(ahead < 0, 1.0, 0.31), 0.3),
    ),
    "skewed against what came before": (
        0.3,
        lambda u, t, ahead: np.where(ahead > 0, _two(u, 0.29, 1.0, 0.3), _two(u, 0.0, 0.31, 0.3)),
    ),
}
WAYS = ("ever", "ever, horizon 20", "at the most extreme", "a row of the sequence", "pooled bet")


def paths(rng, runs, law):
    """Draw observations of ``LAWS[law]``, a row a run, each by what came before."""
    mean, step = LAWS[law]
    observed, ahead = np.empty((runs, LENGTH)), np.zeros(runs)
    for t in range(LENGTH):
        observed[:, t] = step(rng.random(runs), t, ahead)
        ahead += observed[:, t] - mean
    return observed


def coverage(rng, runs, law, error=COVERAGE_ERROR, sequences=10):
    """Count the runs in which the true mean is excluded (``WAYS``); the rows of one in ``sequences`` are looked at."""
    mean, counts = LAWS[law][0], np.zeros(len(WAYS), dtype=np.int64)
    three = paths(rng, 3 * runs, law).reshape(runs, 3, LENGTH)
    for i, group in enumerate(three):
        values = group[0]
        ahead = np.abs(np.cumsum(values - mean)) / np.sqrt(np.arange(1, LENGTH + 1))
        stopped = values[: int(np.argmax(ahead[9:])) + 10]
        tried = ((values, None), (values, 20), (stopped, None))
        counts[:3] += [any(excluded(v, mean, mean, least=0, most=1, error=error, horizon=h)) for v, h in tried]
        if i % sequences == 0:
            rows = montecarlo.confidence_sequence(values, lower=0, upper=1, error=error)
            counts[3] += bool(((rows[:, 0] > mean) | (rows[:, 1] < mean)).any())
        counts[4] += pooled_evidence(_where_most_extreme(group, mean)) >= -math.log(error)
    return counts


def _where_most_extreme(group, mean, most=1001):
    """Three settings with the same law; the next rank is always drawn where the sum is furthest from its mean."""
    sums = np.abs(np.cumsum(group - mean, axis=1)).tolist()
    turns = [[i] for i in range(len(group))]
    for now in range(len(group), LENGTH):
        max(turns, key=lambda t, now=now: sums[t[0]][len(t) - 1]).append(now)
    centre = 1 + (most - 1) * mean
    known = Enclosure(math.nextafter(centre, 0), math.nextafter(centre, math.inf), Rigour.EXACT, "a given law")
    return [Sampled(1 + (most - 1) * x[: len(t)], known, most, np.array(t)) for x, t in zip(group, turns, strict=True)]


def closest(rng, runs, law="0 or 1, mean 0.5", horizon=20):
    """Count as ``coverage`` does, where the rate comes so close to the error that it takes many more runs to tell."""
    mean, options = LAWS[law][0], {"least": 0, "most": 1, "error": COVERAGE_ERROR, "horizon": horizon}
    return np.array([sum(any(excluded(values, mean, mean, **options)) for values in paths(rng, runs, law))])


def dominance(rng, runs, n, error=COVERAGE_ERROR):
    """Count the runs in which the bet on dominance ever wins against the occupancy law, which attains it."""
    _, mean, variance = occupancy(n)
    drawn = occupied(rng, n, (runs, LENGTH))
    tests = [dominance_test(ranks, barrier=mean.upper, variance=variance, error=error) for ranks in drawn]
    return np.array([sum(test.refutes for test in tests)])


# All of it, and the page.

DOMINANCE_SIZES = (2, 3, 8, 512)
JOBS = {
    **FALSE_ALARMS,
    "agreement": agreement,
    "power": power,
    **{law: functools.partial(coverage, law=law) for law in LAWS},
    **{f"dominance at n = {n}": functools.partial(dominance, n=n) for n in DOMINANCE_SIZES},
    "closest": closest,
}
SHARES = {"agreement": 0.06, "power": 0.08, "closest": 20}  # of the runs, as these take longer, or need more
CLOSEST = ("0 or 1, mean 0.5", "ever, horizon 20")


def run_chunk(name, seed, chunk, runs):
    rng = np.random.default_rng([seed, list(JOBS).index(name), chunk])
    return JOBS[name](rng, runs)


def measure(runs, seed, workers):
    """Run every job so many times (or its share), and return the sums of what they count, and the runs."""
    totals = {name: max(1, round(runs * SHARES.get(name, 1))) for name in JOBS}
    results = dict.fromkeys(JOBS, 0)
    with ProcessPoolExecutor(workers) as pool:
        chunks = [(n, c, min(CHUNK, total - c)) for n, total in totals.items() for c in range(0, total, CHUNK)]
        futures = [(name, pool.submit(run_chunk, name, seed, first, size)) for name, first, size in chunks]
        for name, future in futures:
            results[name] = results[name] + future.result()
    return results, totals


def upper_limit(count, runs):
    """Return the one-sided 95% limit of Clopper and Pearson for a probability."""
    return 1.0 if count == runs else float(stats.beta.ppf(0.95, count + 1, runs - count))


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def tables(results, totals):
    """Return the three tables, and what is above its level."""
    first, third, above = [], [], []

    def rate(count, runs, allowed, *where):
        limit = upper_limit(int(count), runs)
        if limit >= allowed and where != CLOSEST:
            above.append(f"{', '.join(where)}: {count} of {runs}, upper limit {limit:.4f}, allowed {allowed}")
        return f"{count / runs:.4f} (< {math.ceil(limit * 1e4) / 1e4:.4f})"

    for name in FALSE_ALARMS:
        for level, counts in zip(LEVELS, results[name], strict=True):
            last = rate(counts[-1], totals[name], level, name, str(level))
            first.append([name, f"{level:g}", *(str(count) for count in counts[:-1]), last])
    second = [
        [f"{100 * shift:g}%", str(size), *(f"{count / totals['power']:.3f}" for count in results["power"][i, j])]
        for i, shift in enumerate(SHIFTS)
        for j, size in enumerate(SIZES)
    ]
    for law in LAWS:
        runs = [-(-totals[law] // 10) if way == WAYS[3] else totals[law] for way in WAYS]
        cells = zip(WAYS, results[law], runs, strict=True)
        third.append([law, *(rate(count, total, COVERAGE_ERROR, law, way) for way, count, total in cells)])
    fourth = []
    for n in DOMINANCE_SIZES:
        name = f"dominance at n = {n}"
        fourth.append([str(n), rate(results[name][0], totals[name], COVERAGE_ERROR, name)])
    again = rate(results["closest"][0], totals["closest"], COVERAGE_ERROR, "closest")
    return {
        "alarms": table(["truth", "level", *(f"{test}" for test in TESTS[:-1]), "any: rate (upper limit)"], first),
        "power": table(["claim false by", "replicates", *BETS], second),
        "coverage": table(["observations", *WAYS], third),
        "dominance": table(["n", "bet on dominance"], fourth),
        "closest": f"In {totals['closest']} further runs the rate was {again}.\n",
    }, above


def filled(page, blocks):
    """Return the page with what was measured between the marks that name it."""
    for name, block in blocks.items():
        start, end = f"<!-- {name} -->\n\n", f"<!-- end of {name} -->"
        before, rest = page.split(start)
        page = before + start + block + "\n" + end + rest.split(end)[1]
    return page


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    started = time.monotonic()
    results, totals = measure(given.runs, given.seed, given.workers)
    shown, above = tables(results, totals)
    both, tests_alone, claims_alone, neither = results["agreement"]
    shown["agreement"] = (
        f"Of {totals['agreement']} such runs, tests and claims refuted something in {both} and nothing in {neither}; "
        f"tests alone in {tests_alone}, claims alone in {claims_alone}.\n"
    )
    shown["settings"] = f"Here: {given.runs} runs ({totals['power']} of the second table), seed {given.seed}.\n"
    print(*shown.values(), sep="\n")
    print(f"{time.monotonic() - started:.0f} s with {given.workers} processes")
    for line in above:
        print(f"ABOVE ITS LEVEL: {line}")
    if given.write:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), shown), encoding="utf-8")
    return 1 if above or tests_alone or claims_alone else 0


if __name__ == "__main__":
    sys.exit(main())
