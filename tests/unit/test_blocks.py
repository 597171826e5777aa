"""Blocks and plans are functions of the sizes and the target alone, and sensible at every size."""

from __future__ import annotations

import math

import pytest

from montecarlo.blocks import block_replicates, guessed_variance, horizon_for
from montecarlo.planning import core_seconds

SIZES = [(1, 1, 1), (8, 2, 8), (512, 64, 512), (512, 64, 17), (4096, 64, 4096), (65536, 128, 65536), (2, 10**10, 9)]
LARGE = [(10**18, 10**10, 10**18), (10**18, 1, 1), (1, 1, 10**18)]


@pytest.mark.parametrize(("n", "d", "m"), SIZES)
def test_a_block_takes_about_half_a_nominal_second_of_a_core(n, d, m):
    count = block_replicates(n, d, m)
    assert 16 <= count <= 20_000
    if 16 < count < 20_000:
        assert 0.5 - core_seconds(n, d, m) <= count * core_seconds(n, d, m) <= 0.5


def test_there_are_as_many_queries_as_keys_unless_it_is_said():
    assert block_replicates(512, 64) == block_replicates(512, 64, 512) < block_replicates(512, 64, 8)
    assert guessed_variance(512, 64) == guessed_variance(512, 64, 512) > guessed_variance(512, 64, 8)


@pytest.mark.parametrize(("n", "d", "m"), SIZES + LARGE)
def test_a_narrower_target_needs_more_replicates(n, d, m):
    plans = [horizon_for(10.0**-k, n, d, m, 1e-3) for k in range(0, 200, 8)]
    assert plans == sorted(plans)
    assert plans[0] == 1
    assert plans[-1] <= 2**62
    assert all(int(str(plan)[2:] or 0) == 0 for plan in plans if plan < 2**62)


def test_a_smaller_error_needs_more_replicates():
    plans = [horizon_for(1e-3, 512, 64, 512, error) for error in (0.1, 1e-3, 1e-9, 1e-300)]
    assert plans == sorted(set(plans))


def test_a_target_that_the_range_meets_needs_one_replicate():
    assert horizon_for(1e-6, 1, 4, 9, 1e-3) == 1
    assert horizon_for(0.5, 8, 2, 8, 1e-3) == 1


def test_a_plan_is_where_the_formula_reaches_the_target_to_two_digits():
    """With half again the guessed variance, the documented half-width is reached at the plan, not 12% before it."""
    for n, d, m in [(512, 64, 512), (512, 64, 17), (512, 2, 512), (40, 5, 40), (4096, 64, 600)]:
        for half_width, error in [(1e-3, 1e-3), (1e-3, 0.1), (5e-5, 1e-9), (4e-3, 1e-9)]:
            planned = horizon_for(half_width, n, d, m, error)
            level, variance, reach = math.log(2 / error), 1.5 * guessed_variance(n, d, m), min(n, m) - 1

            def reached(count, n=n, level=level, variance=variance, reach=reach):
                return math.sqrt(2 * level * variance / count + (0.55 * reach * level / count) ** 2) / n

            unit = 10 ** max(0, len(str(planned)) - 2)
            before = planned - (unit if planned > 10 * unit else unit / 10)
            assert reached(planned) <= half_width < reached(before), (n, d, m, half_width, error)


@pytest.mark.parametrize(
    ("sizes", "variance"),
    [
        ((512, 64, 512), 64.2),
        ((512, 64, 17), 0.404),
        ((512, 2, 512), 2.99),
        ((512, 3, 512), 13.4),
        ((64, 2, 640), 1.93),
        ((2, 1, 2), 0.25),
        ((40, 5, 40), 4.26),
        ((8, 2, 8), 0.671),
        ((1000, 200, 1000), 109.0),
    ],
)
def test_a_guess_is_right_to_a_factor_of_two_where_it_was_measured(sizes, variance):
    """Variances of 2000 simulated ranks; the guess promises a factor of about three at every size."""
    assert variance / 2 < guessed_variance(*sizes) < 2 * variance


@pytest.mark.parametrize(
    ("sizes", "variance"),
    [
        ((512, 64, 512), 66.56),
        ((512, 64, 17), 0.2670410223788772),
        ((512, 1, 512), 0.25),
        ((512, 2, 512), 2.9804243550437803),
        ((512, 3, 512), 11.198972411681499),
        ((64, 2, 640), 1.610463750978875),
        ((64, 1000, 640), 0.09142857142857143),
        ((10**6, 5, 1000), 2.5503872063698045),
        ((1000, 200, 1000), 130.0),
        ((10, 10, 1), 0.06841060777432283),
    ],
)
def test_plans_do_not_change_between_versions(sizes, variance):
    """A campaign that one version began goes on with the next: a plan is part of what fixes where it stops."""
    assert guessed_variance(*sizes) == pytest.approx(variance, rel=1e-12)


def test_a_target_of_half_the_range_or_more_needs_one_replicate():
    assert horizon_for(0.4375, 8, 2, 8, 1e-3) == 1  # 2 * 0.4375 * 8 is 7, the range
    assert horizon_for(0.4374, 8, 2, 8, 1e-3) > 1


SHARE = "expected a number in (0, inf); give a share of n_keys, for example 1e-3"
PROBABILITY = "expected a number in (0, 1); give a probability, for example 1e-3"
KEYS = "expected an integer from 1 to 1000000000000000000; give the number of keys (the sequence length)"
HEAD = "expected an integer from 1 to 10000000000; give the dimension of one attention head"
QUERIES = "expected an integer from 1 to 1000000000000000000; omit it to have as many queries as keys"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 8, 2, 8, 0.1), f"half_width = 0.0: {SHARE}"),
        ((math.nan, 8, 2, 8, 0.1), f"half_width = nan: {SHARE}"),
        ((math.inf, 8, 2, 8, 0.1), f"half_width = inf: {SHARE}"),
        (("1e-3", 8, 2, 8, 0.1), f"half_width = '1e-3': {SHARE}"),
        ((1e-3, 0, 2, 8, 0.1), f"n_keys = 0: {KEYS}"),
        ((1e-3, 8, 2.0, 8, 0.1), f"head_dim = 2.0: {HEAD}"),
        ((1e-3, 8, 2, 0, 0.1), f"n_queries = 0: {QUERIES}"),
        ((1e-3, 8, 2, 8, 1.0), f"error = 1.0: {PROBABILITY}"),
        ((1e-3, 8, 2, 8, 0), f"error = 0: {PROBABILITY}"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, message):
    with pytest.raises(ValueError, match="expected") as caught:
        horizon_for(*arguments)
    assert str(caught.value) == message
