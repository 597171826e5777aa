"""Time of the enclosures that a run of the main command computes, and of a single one."""

from __future__ import annotations

import pytest

from rankbound.bounds import barrier, expected_rank, noise_stability_bound, norm_conditioned_barrier
from rankbound.verify.grid import default_head_dims


@pytest.mark.parametrize("n", [512, 4096])
def test_default_grid(benchmark, n):
    """Every head_dim of the default grid."""
    dims = default_head_dims(n)
    benchmark.extra_info["head_dims"] = list(dims)
    enclosures = benchmark.pedantic(lambda: [expected_rank(n, d) for d in dims], rounds=3, warmup_rounds=1)
    assert all(1 <= e.lower <= e.upper <= barrier(n).upper for e in enclosures)


@pytest.mark.parametrize("compute", [expected_rank, norm_conditioned_barrier, noise_stability_bound])
def test_one_point(benchmark, compute):
    """(512, 64): both ends, and each alone."""
    benchmark(compute, 512, 64)


@pytest.mark.parametrize("n", [10**6, 10**15])
def test_one_point_beyond_simulation(benchmark, n):
    """Time grows slowly with n: head_dim 64."""
    enclosure = benchmark.pedantic(expected_rank, (n, 64), rounds=3, warmup_rounds=1)
    assert enclosure.lower <= enclosure.upper
