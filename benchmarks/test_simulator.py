"""The simulator beside what one would write with NumPy: draw, score, argmax, count; one thread each.

Rounds are interleaved (every round of ours is preceded by one of each peer), so that whatever else the machine does
falls on all of them alike. Medians and their ratios are in ``extra_info``.

Run it by itself, so that the thread limit below is set before NumPy is loaded:
``python -m pytest benchmarks/test_simulator.py``
"""

# ruff: noqa: E402  (the limit on threads comes before the import of NumPy)
from __future__ import annotations

import os
import sys
import time

_THREAD_LIMITS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_TOO_LATE = "numpy" in sys.modules and os.environ.get(_THREAD_LIMITS[0]) != "1"
os.environ.update(dict.fromkeys(_THREAD_LIMITS, "1"))

import numpy as np
import pytest

import montecarlo
from montecarlo.workers import available_processors

pytestmark = pytest.mark.skipif(_TOO_LATE, reason="set OPENBLAS_NUM_THREADS=1: NumPy was loaded before this module")

SIZES = [(512, 16, 60, 20), (512, 64, 40, 15), (4096, 64, 2, 9)]
"""n, head_dim, replicates a round, rounds."""


def numpy_ranks(n, head_dim, replicates, dtype):
    rng = np.random.default_rng(0)
    ranks = []
    for _ in range(replicates):
        queries = rng.standard_normal((n, head_dim), dtype=dtype)
        keys = rng.standard_normal((n, head_dim), dtype=dtype)
        ranks.append(np.unique(np.argmax(queries @ keys.T, axis=1)).size)
    return ranks


@pytest.mark.parametrize(("n", "head_dim", "replicates", "rounds"), SIZES)
def test_against_numpy(benchmark, n, head_dim, replicates, rounds):
    seconds = {"numpy float32": [], "numpy float64": [], "montecarlo": []}

    def peers():
        for name, dtype in (("numpy float32", np.float32), ("numpy float64", np.float64)):
            start = time.perf_counter()
            numpy_ranks(n, head_dim, replicates, dtype)
            seconds[name].append(time.perf_counter() - start)

    def ours():
        start = time.perf_counter()
        ranks = montecarlo.sample_ranks(n, head_dim, replicates, workers=1)
        seconds["montecarlo"].append(time.perf_counter() - start)
        return ranks

    benchmark.pedantic(ours, setup=peers, rounds=rounds, warmup_rounds=1)
    median = {name: float(np.median(times[1:])) / replicates for name, times in seconds.items()}
    benchmark.extra_info["milliseconds a replicate"] = {name: round(1e3 * value, 4) for name, value in median.items()}
    for name in ("numpy float32", "numpy float64"):
        benchmark.extra_info[f"ratio to {name}"] = round(median[name] / median["montecarlo"], 2)


def test_two_workers(benchmark):
    """Replicates a second with two threads over one: on two idle cores about 2."""
    if available_processors() < 2:
        pytest.skip("needs two processors")
    seconds = []

    def one():
        start = time.perf_counter()
        montecarlo.sample_ranks(512, 64, 2000, workers=1)
        seconds.append(time.perf_counter() - start)

    benchmark.pedantic(lambda: montecarlo.sample_ranks(512, 64, 2000, workers=2), setup=one, rounds=5, warmup_rounds=1)
    benchmark.extra_info["speed-up"] = round(float(np.median(seconds[1:])) / benchmark.stats.stats.median, 2)
