"""Confidence sequences round outward: what is excluded is excluded in exact arithmetic, and next to nothing is lost."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from montecarlo import confidence as module
from montecarlo import confidence_interval, confidence_sequence, excess_evidence, excludes_up_to


def exact_capitals(scaled, bets, mean):
    """The logarithm of the capital after each sample, to 50 digits, for the bets as floats."""
    with mpmath.workdps(60):
        total, found = mpmath.mpf(0), []
        for x, bet in zip(scaled.tolist(), bets.tolist(), strict=True):
            stake = min(mpmath.mpf(bet), module._STAKE / mpmath.mpf(mean)) if mean else mpmath.mpf(bet)
            total += mpmath.log1p(stake * (mpmath.mpf(x) - mpmath.mpf(mean)))
            found.append(total)
        return found


@pytest.mark.parametrize("count", [1, 4, 30, 1500])
@pytest.mark.parametrize("mean", [0.0, 0.3, 0.62])
def test_the_capital_is_known_up_to_its_slack_and_the_slack_is_small(count, mean):
    scaled = np.random.default_rng(count).uniform(0.55, 0.75, count)
    bets = np.full(count, 0.9)
    capital, slack = module._capitals(scaled, bets, mean)
    exact = exact_capitals(scaled, bets, mean)
    assert max(abs(float(a - b)) for a, b in zip(exact, capital.tolist(), strict=True)) < slack
    assert slack < 2e-15 * (count + 4) * (1 + abs(capital).max() + count * 0.1)


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 1.0), (0.1, 0.3), (-7.3, 1e6), (1e9 + 0.1, 1e9 + 0.7), (-3, 1e-9)])
def test_ends_are_scaled_outward_by_a_few_roundings(lower, upper):
    low, high = Fraction(lower), Fraction(upper)
    for share in np.random.default_rng(2).uniform(size=200).tolist():
        below, above = module._unscaled(share, share, lower, upper)
        exact, most = low + Fraction(share) * (high - low), 20 * 2.0**-52 * max(abs(lower), abs(upper))
        assert lower <= below <= exact <= above <= upper
        assert exact - most <= below
        assert above <= exact + most
    assert module._unscaled(0.0, 1.0, lower, upper) == (lower, upper)


def test_a_candidate_is_excluded_only_if_its_capital_surely_exceeds_the_threshold():
    scaled = np.random.default_rng(3).uniform(0.5, 0.9, 60)
    bets = np.full(60, 0.8)
    capital, slack = module._capitals(scaled, bets, 0.5)
    for above_threshold, excluded in ((0.5, False), (-0.5, False), (2.0, True)):
        error = 2.0 * math.exp(above_threshold * slack - capital.max())
        assert (module._excluded_below(scaled, bets, error) >= 0.5) is excluded
        assert bool(module._excluded_below_at_all_times(scaled, bets, error)[-1] >= 0.5) is excluded


@pytest.mark.parametrize(("lower", "upper"), [(1.0, 41.0), (-1.0, 1.0), (1e9, 1e9 + 1)])
def test_evidence_is_rounded_down_and_by_little(lower, upper):
    scaled = np.random.default_rng(14).integers(64, 128, 80) / 128  # exact, and so is their place in the range
    point, common = 0.5, {"lower": lower, "upper": upper, "error": 0.01, "horizon": 80}
    found = excess_evidence(lower + point * (upper - lower), lower + scaled * (upper - lower), **common)
    exact = float(max(exact_capitals(scaled, module._bets(scaled, 0.01, 80), point)))
    assert exact > 5
    assert exact - 1e-10 * max(1.0, abs(upper) / 50) < found <= exact


def test_evidence_at_the_lower_end_is_finite_and_below_it_is_not():
    common = {"lower": 1, "upper": 41, "error": 0.01}
    assert 0 < excess_evidence(1, [20, 20], **common) < 10
    assert excess_evidence(0.999, [], **common) == math.inf
    assert excess_evidence(0.5, [1, 1], lower=1, upper=1, error=0.01) == math.inf
    assert excess_evidence(1, [1, 1], lower=1, upper=1, error=0.01) == 0.0
    assert not excludes_up_to(1, [20], **common)


def test_once_the_ends_meet_every_candidate_is_excluded_and_nothing_is_said():
    """Each end is a candidate that is excluded, so that none is left where they are the same."""
    random = np.random.default_rng(0)
    samples = np.concatenate([random.uniform(0.2, 0.4, 60), random.uniform(0.6, 0.8, 60)])
    scaled, *_ = module._checked(samples, 0, 1, 0.1, None)
    bets = module._bets(scaled, 0.1, None)
    below = module._excluded_below_at_all_times(scaled, bets, 0.1)
    above = 1.0 - module._excluded_below_at_all_times(1.0 - scaled, bets, 0.1)
    met = np.flatnonzero(below == above)
    assert met.size
    rows = confidence_sequence(samples, lower=0, upper=1, error=0.1)
    assert rows[met].tolist() == [[0.0, 1.0]] * met.size
    assert 0 < rows[met[0] - 1, 0] <= rows[met[0] - 1, 1] < 1


@pytest.mark.parametrize("horizon", [None, 40, 200])
@pytest.mark.parametrize("mean", [0.008, 0.4])
def test_the_last_row_is_the_interval_on_the_grid(horizon, mean):
    samples = np.random.default_rng(9).uniform(0.5 * mean, 1.5 * mean, 200)
    common = {"lower": 0, "upper": 1, "error": 0.1, "horizon": horizon}
    low, high = confidence_interval(samples, **common)
    last = confidence_sequence(samples, **common)[-1]
    assert last == pytest.approx([math.floor(1024 * low) / 1024, math.ceil(1024 * high) / 1024], abs=1e-12)


def test_the_smallest_candidate_of_the_grid_can_be_excluded():
    samples = [0.0095] * 200
    low, _ = confidence_interval(samples, lower=0, upper=1, error=0.1)
    assert 1 < 1024 * low < 2
    row = confidence_sequence(samples, lower=0, upper=1, error=0.1)[-1]
    assert row[0] == pytest.approx(1 / 1024, abs=1e-12)
