"""Coverage at every stopping time, on laws chosen to break an interval.

A law fails the test if the number of runs in which the true mean is ever excluded is larger than a binomial count with
the stated error probability is, except with probability 1e-6: that is the false-alarm rate of each parameter.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import montecarlo
from montecarlo import confidence

FALSE_ALARM = 1e-6
RUNS, LENGTH = 4000, 400


def two_point(probability):
    return lambda rng, size: (rng.random(size) < probability).astype(float), probability


LAWS = {
    "rarely one": two_point(0.003),
    "rarely zero": two_point(0.997),
    "a fair coin": two_point(0.5),
    "constant": (lambda rng, size: np.full(size, 0.37), 0.37),
    "nearly constant, rarely zero": (lambda rng, size: np.where(rng.random(size) < 0.005, 0.0, 0.62), 0.62 * 0.995),
    "nearly constant, rarely one": (
        lambda rng, size: np.where(rng.random(size) < 0.005, 1.0, 0.01),
        0.005 + 0.01 * 0.995,
    ),
    "uniform": (lambda rng, size: rng.random(size), 0.5),
    "like ranks": (lambda rng, size: rng.binomial(512, 0.6, size) / 512, 0.6),
}


def ever_excluded(samples, mean, error, horizon):
    """Whether the sequence ever excludes ``mean``: exactly what makes an interval miss at some stopping time."""
    bets = confidence._bets(samples, error, horizon)
    from_below, _ = confidence._capitals(samples, bets, mean)
    from_above, _ = confidence._capitals(1.0 - samples, bets, 1.0 - mean)
    return max(from_below.max(), from_above.max()) > math.log(2.0 / error)


def too_many(misses, runs, error):
    return stats.binom.sf(misses - 1, runs, error) < FALSE_ALARM


@pytest.mark.parametrize("horizon", [None, LENGTH, 20])
@pytest.mark.parametrize("name", LAWS)
def test_the_mean_is_rarely_ever_excluded(name, horizon):
    draw, mean = LAWS[name]
    rng = np.random.default_rng(2024)
    misses = sum(ever_excluded(draw(rng, LENGTH), mean, 0.1, horizon) for _ in range(RUNS))
    assert not too_many(misses, RUNS, 0.1)


@pytest.mark.parametrize("name", LAWS)
def test_the_public_interval_misses_no_more_often(name):
    draw, mean = LAWS[name]
    rng = np.random.default_rng(7)
    misses = 0
    for _ in range(100):
        low, high = montecarlo.confidence_interval(draw(rng, 150), lower=0, upper=1, error=0.1)
        misses += not low <= mean <= high
    assert not too_many(misses, 100, 0.1)


def test_the_test_has_power():
    # The normal approximation, looked at after every observation, is what this would catch.
    draw, mean = LAWS["rarely one"]
    rng = np.random.default_rng(2024)
    misses = 0
    for _ in range(400):
        x = draw(rng, LENGTH)
        t = np.arange(1, LENGTH + 1)
        running = np.cumsum(x) / t
        half = stats.norm.isf(0.05) * np.sqrt(running * (1 - running) / t)
        misses += bool((np.abs(running - mean) > half)[30:].any())
    assert too_many(misses, 400, 0.1)


def test_intervals_of_ranks_cover_a_long_run():
    # The mean of a run of 20000, taken as the truth, lies in the intervals of 40 short runs: its own error is a tenth
    # of their width, and the intervals have an error of 1e-6 together.
    truth = montecarlo.sample_ranks(48, 5, 20_000, rng=1).mean()
    for seed in range(2, 42):
        ranks = montecarlo.sample_ranks(48, 5, 100, rng=seed, workers=1)
        low, high = montecarlo.confidence_interval(ranks, lower=1, upper=48, error=1e-6 / 40, horizon=100)
        assert low < truth < high
