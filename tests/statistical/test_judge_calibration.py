"""How often the judge's statistics refute what is true, and what is false: a slice of docs/calibration.md.

A rate is too high if so large a count, were the rate exactly what is allowed, had a probability below 1e-6. That is the
false-alarm rate of each assertion of the first and third part; the second states its own. All seeds are fixed; what
ought to be caught is planted and seen caught.
"""

from __future__ import annotations

import calibration
import numpy as np
import pytest
from scipy import stats

import montecarlo
from montecarlo import confidence
from rankbound.claims import dominance, pooling
from rankbound.verify.spending import Spending

FALSE_ALARM = 1e-6
SEED = 20240


TESTS = calibration.TESTS


def too_many(count, runs, allowed):
    return stats.binom.sf(count - 1, runs, allowed) < FALSE_ALARM


def assert_not_too_many(count, runs, allowed):
    assert not too_many(count, runs, allowed), f"{count} of {runs}, allowed {allowed} (seed {SEED})"


def rng():
    return np.random.default_rng(SEED)


# (a) True claims: the family-wise level of a run.

LEVEL, RUNS = 0.1, 150


@pytest.mark.parametrize("case", calibration.FALSE_ALARMS)
@pytest.mark.thorough
def test_true_claims_are_refuted_no_more_often_than_the_level(case):
    [counts] = calibration.FALSE_ALARMS[case](rng(), RUNS, levels=(LEVEL,))
    assert_not_too_many(counts[-1], RUNS, LEVEL)


def test_claims_answer_as_the_tests_do():
    both, tests_alone, claims_alone, neither = calibration.agreement(rng(), 12)
    assert (tests_alone, claims_alone) == (0, 0)
    assert both > 0
    assert neither > 0


def test_a_level_that_is_not_divided_is_caught(monkeypatch):
    monkeypatch.setattr(Spending, "each", property(lambda spending: spending.level))
    [counts] = calibration.FALSE_ALARMS["n = 64"](rng(), RUNS, levels=(LEVEL,))
    assert too_many(counts[-1], RUNS, LEVEL)


def test_a_bet_that_is_paid_for_what_it_costs_is_caught(monkeypatch):
    # The sign of the cost of a bet on dominance is turned round.
    monkeypatch.setattr(dominance.math, "expm1", lambda theta: 2 * theta - (np.exp(theta) - 1))
    [counts] = calibration.FALSE_ALARMS["n = 64"](rng(), RUNS, levels=(LEVEL,))
    assert too_many(counts[TESTS.index("dominance")], RUNS, LEVEL)


# (b) False claims. Here the power of every test was 1.000 in 400 runs (docs/calibration.md). Were it 0.9, fewer than
# LEAST of 40 runs would refute with a probability below 1e-6.

SHIFT, SIZE, POWER_RUNS = 0.05, 500, 40
LEAST = int(stats.binom.ppf(FALSE_ALARM, POWER_RUNS, 0.9))


def refuting_runs(shift=SHIFT):
    return calibration.power(rng(), POWER_RUNS, sizes=(SIZE,), shifts=(shift,))[0, 0]


@pytest.mark.thorough
def test_claims_that_are_false_by_5_percent_are_refuted():
    assert (refuting_runs() >= LEAST).all(), f"seed {SEED}"


def test_bounds_that_hold_by_5_percent_are_not_refuted():
    # The error of each test is 3.4e-5 at most: one refutation in 80 has a probability below 3e-3, three below 1e-8.
    interval, bet, *_ = refuting_runs(-SHIFT)
    assert interval + bet < 3, f"seed {SEED}"


def mirrored_interval(honest):
    return lambda value, samples, *, lower, upper, **options: honest(
        value, lower + upper - samples, lower=lower, upper=upper, **options
    )


def mirrored_bet(honest):
    return lambda ranks, *, barrier, **options: honest(2 * barrier - ranks, barrier=barrier, **options)


def mirrored_gains(honest):
    return lambda sample, side: -honest(sample, side)


@pytest.mark.parametrize(
    ("module", "name", "mirrored", "columns"),
    [
        (montecarlo, "excludes_up_to", mirrored_interval, [0]),
        (calibration, "dominance_test", mirrored_bet, [1]),
        (pooling, "_gains", mirrored_gains, [2, 3]),
    ],
)
def test_a_sign_error_is_caught(monkeypatch, module, name, mirrored, columns):
    monkeypatch.setattr(module, name, mirrored(getattr(module, name)))
    assert (refuting_runs()[columns] < LEAST).all()


# (c) Coverage at every stopping time.

ERROR, COVERED = calibration.COVERAGE_ERROR, 200
ROWS_OF = 20  # the rows of the whole sequence are looked at in one run of so many


@pytest.mark.parametrize("law", calibration.LAWS)
@pytest.mark.thorough
def test_the_truth_is_excluded_no_more_often_than_the_error(law):
    counts = calibration.coverage(rng(), COVERED, law, sequences=ROWS_OF)
    for count, way in zip(counts, calibration.WAYS, strict=True):
        assert_not_too_many(count, COVERED // ROWS_OF if "row" in way else COVERED, ERROR)


@pytest.mark.parametrize("n", calibration.DOMINANCE_SIZES)
@pytest.mark.thorough
def test_dominance_is_refuted_no_more_often_than_the_error(n):
    [count] = calibration.dominance(rng(), 1000, n)
    assert_not_too_many(count, 1000, ERROR)


def test_a_threshold_five_times_too_low_is_caught():
    # Capital 1 / (5 error) instead of 1 / error, as if that had the probability of the error.
    counts = calibration.coverage(rng(), 500, "0 or 1, mean 0.5", error=5 * ERROR, sequences=500)
    for way in ("ever", "ever, horizon 20", "pooled bet"):
        assert too_many(counts[calibration.WAYS.index(way)], 500, ERROR), way
    [count] = calibration.dominance(rng(), 1000, 512, error=5 * ERROR)
    assert too_many(count, 1000, ERROR)


def test_bets_that_know_the_next_observation_are_caught(monkeypatch):
    honest = confidence._bets

    def peeking(scaled, error, horizon):
        return np.where(scaled > scaled.mean(), honest(scaled, error, horizon), 0.0)

    def peeking_gains(sample, side):
        bound = sample.known.upper if side > 0 else sample.known.lower
        excess = side * (sample.ranks - bound)
        risk = 0.98 / (bound - 1.0 if side > 0 else sample.most - bound)
        kelly = np.cumsum(excess) / np.maximum(np.cumsum(excess**2), np.finfo(float).tiny)
        return np.log1p(np.clip(kelly, 0.0, risk) * excess)

    monkeypatch.setattr(confidence, "_bets", peeking)
    monkeypatch.setattr(pooling, "_gains", peeking_gains)
    counts = calibration.coverage(rng(), COVERED, "0 or 1, mean 0.5", sequences=COVERED)
    for way in ("ever", "ever, horizon 20", "pooled bet"):
        assert too_many(counts[calibration.WAYS.index(way)], COVERED, ERROR), way
