"""Confidence sequences: ends, nesting, agreement with the definition, bad input. Coverage is tests/statistical."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from montecarlo import confidence_interval, confidence_sequence, excess_evidence, excludes_up_to


def excluded_by_definition(samples, candidate, error, horizon):
    """The hedged capital process step by step, in Python floats."""
    above = below = 1.0
    total, squares = 0.5, 0.25
    variance = 0.25
    for t, x in enumerate(samples, start=1):
        pace = t * math.log(1 + t) if horizon is None else max(t, horizon)
        bet = math.sqrt(2 * math.log(2 / error) / (variance * pace))
        above *= 1 + min(bet, 0.98 / candidate) * (x - candidate)
        below *= 1 - min(bet, 0.98 / (1 - candidate)) * (x - candidate)
        if max(above, below) > 2 / error:
            return True
        total += x
        squares += (x - total / (t + 1)) ** 2
        variance = squares / (t + 1)
    return False


@pytest.mark.parametrize("horizon", [None, 60, 300])
def test_the_interval_is_that_of_the_definition(horizon):
    samples = np.random.default_rng(11).beta(5, 3, 80)
    low, high = confidence_interval(samples, lower=0, upper=1, error=0.01, horizon=horizon)
    assert 0 < low < samples.mean() < high < 1
    for end, inward in ((low, 1), (high, -1)):
        assert excluded_by_definition(samples, end - inward * 1e-6, 0.01, horizon)
        assert not excluded_by_definition(samples, end + inward * 1e-6, 0.01, horizon)


def test_the_sequence_is_nested_and_its_last_row_the_interval_up_to_the_grid():
    samples = np.random.default_rng(5).integers(10, 41, 700)
    rows = confidence_sequence(samples, lower=0, upper=50, error=1e-3)
    assert rows.shape == (700, 2)
    assert (np.diff(rows[:, 0]) >= 0).all()
    assert (np.diff(rows[:, 1]) <= 0).all()
    low, high = confidence_interval(samples, lower=0, upper=50, error=1e-3)
    assert low - 50 / 1024 <= rows[-1, 0] <= low
    assert high <= rows[-1, 1] <= high + 50 / 1024
    assert (confidence_sequence(samples[:100], lower=0, upper=50, error=1e-3) == rows[:100]).all()


def test_more_samples_and_a_larger_error_narrow_the_interval():
    samples = np.random.default_rng(5).uniform(size=2000)
    widths = []
    for count, error in ((100, 1e-3), (100, 0.1), (2000, 0.1)):
        low, high = confidence_interval(samples[:count], lower=0, upper=1, error=error)
        widths.append(high - low)
    assert widths[0] > widths[1] > widths[2]


def test_width_on_data_of_small_variance():
    # Not [0, 1] for everything: within three times the width of the normal approximation, which is not valid.
    samples = np.random.default_rng(6).normal(0.55, 0.014, 5000).clip(0, 1)
    low, high = confidence_interval(samples, lower=0, upper=1, error=1e-3, horizon=5000)
    assert low < 0.55 < high
    assert high - low < 3 * 2 * 3.29 * 0.014 / math.sqrt(5000)


def test_no_samples_and_a_range_of_one_point():
    assert confidence_interval([], lower=1, upper=9, error=0.1) == (1.0, 9.0)
    assert confidence_sequence([], lower=1, upper=9, error=0.1).shape == (0, 2)
    assert confidence_interval([4, 4], lower=4, upper=4, error=0.1) == (4.0, 4.0)
    assert confidence_sequence([4, 4], lower=4, upper=4, error=0.1).tolist() == [[4.0, 4.0]] * 2


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_constant_samples_at_an_end_of_the_range(value):
    low, high = confidence_interval([value] * 200, lower=0, upper=1, error=1e-3)
    assert low <= value <= high
    assert high - low < 0.1


def test_a_mean_that_moves_excludes_everything_and_then_nothing_is_said():
    samples = [0.0] * 300 + [1.0] * 300
    assert confidence_interval(samples, lower=0, upper=1, error=0.05) == (0.0, 1.0)
    rows = confidence_sequence(samples, lower=0, upper=1, error=0.05)
    assert rows[299, 1] < 0.1
    assert rows[-1].tolist() == [0.0, 1.0]


def test_a_final_interval_is_quick():
    samples = np.random.default_rng(1).integers(200, 300, 5000)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        confidence_interval(samples, lower=1, upper=512, error=1e-3, horizon=5000)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


PROBABILITY = "expected a number in [1e-307, 1); give a probability, for example 1e-3"
PLANNED = "expected an integer of at least 1; omit it, or give the planned number of samples"
VECTOR = "expected a vector of real numbers; give one number an observation"


@pytest.mark.parametrize(
    ("samples", "options", "message"),
    [
        ([0.5, 1.5], {}, "samples[1] = 1.5: expected a number from 0 to 1; widen lower or upper"),
        ([0.5, math.nan], {}, "samples[1] = nan: expected a number from 0 to 1; widen lower or upper"),
        ([-1e-9, 2.0], {}, "samples[0] = -1e-09: expected a number from 0 to 1; widen lower or upper"),
        ([[0.5]], {}, f"samples = [[0.5]]: {VECTOR}"),
        (["a"], {}, f"samples = ['a']: {VECTOR}"),
        ([1j], {}, f"samples = [1j]: {VECTOR}"),
        ([0.5], {"error": 0.0}, f"error = 0.0: {PROBABILITY}"),
        ([0.5], {"error": 1.0}, f"error = 1.0: {PROBABILITY}"),
        ([], {"error": 99}, f"error = 99: {PROBABILITY}"),
        ([0.5], {"error": 1e-310}, f"error = 1e-310: {PROBABILITY}"),
        ([0.5], {"lower": 2}, "upper = 1: expected a number in [2, inf); give the largest observation"),
        ([0.5], {"upper": math.inf}, "upper = inf: expected a number in [0, inf); give the largest observation"),
        (
            [0.5],
            {"lower": -math.inf},
            "lower = -inf: expected a number in (-inf, inf); give the least possible observation",
        ),
        ([0.5], {"horizon": 0}, f"horizon = 0: {PLANNED}"),
        ([0.5], {"horizon": 1.5}, f"horizon = 1.5: {PLANNED}"),
    ],
)
def test_bad_input_is_one_clear_line(samples, options, message):
    for function in (confidence_interval, confidence_sequence):
        with pytest.raises(ValueError, match="expected") as caught:
            function(samples, **{"lower": 0, "upper": 1, "error": 0.1, **options})
        assert str(caught.value) == message


def test_observations_of_every_real_type_and_the_smallest_horizon():
    common = {"lower": 0, "upper": 1, "error": 0.1, "horizon": 1}
    known = confidence_interval([0.0, 1.0] * 30, **common)
    for dtype in (bool, np.int8, np.uint8, np.float32):
        assert confidence_interval(np.array([0, 1] * 30, dtype), **common) == known


@pytest.mark.parametrize("horizon", [None, 150])
def test_one_pass_says_what_the_interval_says(horizon):
    common = {"lower": 1, "upper": 40, "error": 0.01, "horizon": horizon}
    samples = np.random.default_rng(8).integers(18, 27, 200)
    below, _ = confidence_interval(samples, **common)
    assert below > 15
    assert excludes_up_to(below - 1e-6, samples, **common)
    assert not excludes_up_to(below + 1e-6, samples, **common)
    assert excludes_up_to(0.5, samples, **common)
    assert not excludes_up_to(40, samples, **common)
    assert not excludes_up_to(20, [], **common)
    assert not excludes_up_to(1.0, [1, 1], lower=1, upper=1, error=0.01)
    with pytest.raises(ValueError, match=r"samples\[1\] = 41.0"):
        excludes_up_to(20, [20, 41], **common)


def test_beyond_its_horizon_an_interval_goes_on_narrowing():
    samples = np.random.default_rng(3).binomial(64, 0.6, 40_000)
    lengths = []
    for count in (500, 2000, 10_000, 40_000):
        low, high = confidence_interval(samples[:count], lower=0, upper=64, error=1e-3, horizon=500)
        assert low < 38.4 < high
        lengths.append(high - low)
    assert lengths[1] < 0.62 * lengths[0]
    assert lengths[3] < 0.4 * lengths[1]


def test_the_evidence_is_the_largest_capital_of_the_definition():
    samples, candidate, error, horizon = np.random.default_rng(14).beta(5, 3, 80), 0.55, 0.01, 80
    capital, largest, total, squares, variance = 1.0, 1.0, 0.5, 0.25, 0.25
    for t, x in enumerate(samples, start=1):
        bet = math.sqrt(2 * math.log(2 / error) / (variance * max(t, horizon)))
        capital *= 1 + min(bet, 0.98 / candidate) * (x - candidate)
        largest = max(largest, capital)
        total += x
        squares += (x - total / (t + 1)) ** 2
        variance = squares / (t + 1)
    common = {"lower": 1, "upper": 41, "error": error, "horizon": horizon}
    found = excess_evidence(1 + 40 * candidate, 1 + 40 * samples, **common)
    assert found == pytest.approx(math.log(largest), rel=1e-9)
    assert found <= math.log(largest)
    assert found > 1  # the mean of the law is 0.625
    assert excludes_up_to(1 + 40 * candidate, 1 + 40 * samples, **common) == (found > math.log(2 / error))


def test_evidence_at_and_beyond_the_ends():
    common = {"lower": 1, "upper": 41, "error": 0.01}
    assert excess_evidence(0.5, [20], **common) == math.inf
    assert excess_evidence(41, [41] * 100, **common) == 0.0
    assert excess_evidence(20, [], **common) == 0.0
    assert excess_evidence(20, [1] * 100, **common) == 0.0
    with pytest.raises(ValueError, match=r"samples\[1\] = 42"):
        excess_evidence(20, [20, 42], **common)
    with pytest.raises(ValueError, match="value = nan"):
        excess_evidence(math.nan, [20], **common)
    assert excess_evidence(0.5, [], **common) == math.inf


def test_the_least_error_has_bets_that_are_worth_something():
    common = {"lower": 1, "upper": 41, "error": 1e-307}
    assert excess_evidence(20, [41] * 10_000, **common) > math.log(2e307)
    assert confidence_interval([41] * 10_000, **common)[0] > 35
