"""Runs to a target: the interval where they stop covers, and the plan they are made from is near enough.

Every parameter of the coverage test fails with probability at most 1e-6 in the choice of its seeds if the intervals
miss with at most the stated probability; the seeds are fixed.
"""

from __future__ import annotations

import pytest
from scipy import stats

import montecarlo
from montecarlo.blocks import guessed_variance, horizon_for

FALSE_ALARM = 1e-6
RUNS = 200

# Where E[rank] is known: two keys are chosen by fair coins; in one dimension a query chooses by its sign.
KNOWN = {(2, 3, 2): 1.5, (2, 3, 3): 1.75, (8, 1, 4): 2.0 - 2.0**-3, (8, 1, 8): 2.0 - 2.0**-7}


@pytest.mark.parametrize("error", [0.2, pytest.param(0.02, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("sizes", KNOWN, ids=str)
def test_the_interval_where_a_run_stops_rarely_misses(sizes, error):
    n, d, m = sizes
    target = {"half_width": 0.12 / n, "n_queries": m, "error": error, "workers": 1}
    runs = [montecarlo.estimate_rank(n, d, **target, rng=seed) for seed in range(RUNS)]
    misses = sum(not run.lower <= KNOWN[sizes] <= run.upper for run in runs)
    assert len({run.replicates for run in runs}) > 1 or n == 8  # the data decide where a run stops
    assert all(run.reached for run in runs if run.lower < run.upper < min(n, m))
    assert stats.binom.sf(misses - 1, RUNS, error) >= FALSE_ALARM


def test_the_test_of_coverage_has_power():
    # A normal interval at the same stopping rule, with the error that it claims, is what this would catch.
    misses = 0
    for seed in range(RUNS):
        ranks = montecarlo.sample_ranks(8, 1, 200, n_queries=8, rng=seed, workers=1)
        half = stats.norm.isf(0.01) * ranks.std() / ranks.size**0.5
        misses += abs(ranks.mean() - KNOWN[8, 1, 8]) > half
    assert stats.binom.sf(misses - 1, RUNS, 0.02) < FALSE_ALARM


CASES = [(8, 3, 8), (8, 64, 8), (64, 2, 64), (64, 16, 64), (64, 256, 256), (512, 3, 512), (512, 8, 512), (512, 64, 512),
         (512, 16, 128), (512, 12, 2048)]  # fmt: skip


@pytest.mark.parametrize(("n", "d", "m"), CASES)
def test_the_guess_of_the_variance_is_near(n, d, m):
    # The sample variance of 400 ranks is itself off by less than a third, except with probability about 1e-5.
    found = montecarlo.sample_ranks(n, d, 400, n_queries=m, rng=1).var()
    assert found / 4 < guessed_variance(n, d, m) < found * 4


@pytest.mark.parametrize(("n", "d", "m"), CASES)
def test_runs_stop_near_their_plan(n, d, m):
    first = montecarlo.estimate_rank(n, d, n_queries=m, replicates=400, rng=2)
    half_width = 0.8 * (first.upper - first.lower) / 2 / n
    run = montecarlo.estimate_rank(n, d, n_queries=m, half_width=half_width, rng=3)
    assert run.reached
    assert run.horizon == horizon_for(half_width, n, d, m, 1e-3)
    assert run.horizon / 4 <= run.replicates <= 2 * run.horizon
