"""Blocks and plans are functions of the sizes and the target alone, and sensible at every size."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.0, 8, 2, 8, 0.1), "half_width = 0.0"),
        ((float("nan"), 8, 2, 8, 0.1), "half_width = nan"),
        (("1e-3", 8, 2, 8, 0.1), "half_width = '1e-3'"),
        ((1e-3, 0, 2, 8, 0.1), "n_keys = 0"),
        ((1e-3, 8, 2.0, 8, 0.1), "head_dim = 2.0"),
        ((1e-3, 8, 2, 0, 0.1), "n_queries = 0"),
        ((1e-3, 8, 2, 8, 1.0), "error = 1.0"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, words):
    with pytest.raises(ValueError, match="expected") as caught:
        horizon_for(*arguments)
    assert words in str(caught.value)
