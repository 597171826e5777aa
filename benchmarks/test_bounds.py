"""What certified numbers cost: one core, from nothing (every memo cleared), and what a curve saves.

There is no peer that proves such a number. What a user would do instead is simulate, or integrate in floats; both are
timed beside the enclosure, in the same process: ``head_dim = 64`` at n = 512 to one part in a thousand.
"""

from __future__ import annotations

import pytest

import montecarlo
from rankbound.bounds import (
    cache,
    enclose_norm_conditioned,
    expected_rank,
    expected_rank_float,
    norm_conditioned_float,
    planar_rank,
    saturation_curve,
)
from rankbound.bounds.norm_conditioned import binned_moments
from rankbound.bounds.norm_moments import _pair_values
from rankbound.bounds.wedge import pair_grid
from rankbound.bounds.win_probability import win_grid
from rankbound.verify.grid import default_head_dims

SIZES = [(8, 16), (512, 4), (512, 16), (512, 64), (512, 4096), (4096, 64), (10**6, 128), (10**15, 64), (10**15, 10**6)]


def forget():
    for memo in (binned_moments, _pair_values, pair_grid, win_grid):
        memo.cache_clear()


@pytest.fixture(autouse=True)
def no_cache():
    expected_rank_float(64, 8)  # loads the libraries and the table of Mills' ratio
    with cache.disabled():
        yield


@pytest.mark.parametrize(("n", "d"), SIZES)
def test_enclosed(benchmark, n, d):
    value = benchmark.pedantic(expected_rank, (n, d), setup=forget, rounds=3)
    benchmark.extra_info["relative width"] = value.width / value.lower


@pytest.mark.parametrize(("n", "d"), SIZES)
def test_upper_end_alone(benchmark, n, d):
    benchmark.pedantic(enclose_norm_conditioned, (n, d), setup=forget, rounds=3)


@pytest.mark.parametrize("n", [512, 10**6, 10**15])
def test_planar(benchmark, n):
    benchmark.pedantic(planar_rank, (n,), rounds=3)


@pytest.mark.parametrize(("n", "d"), SIZES)
def test_float_upper(benchmark, n, d):
    benchmark.pedantic(norm_conditioned_float, (n, d), setup=forget, rounds=5)


@pytest.mark.parametrize(("n", "d"), SIZES)
def test_float_both(benchmark, n, d):
    benchmark.pedantic(expected_rank_float, (n, d), setup=forget, rounds=3)


@pytest.mark.parametrize("n", [512, 4096])
def test_default_grid(benchmark, n):
    benchmark.pedantic(saturation_curve, (n, default_head_dims(n)), setup=forget, rounds=2)


def test_simulating_instead(benchmark):
    """The standard deviation of the rank at (512, 64) is about 7: a standard error of 0.1% takes 650 replicates."""
    montecarlo.sample_ranks(64, 8, 2, rng=0)
    benchmark.pedantic(montecarlo.sample_ranks, (512, 64, 650), {"rng": 0}, rounds=3)
