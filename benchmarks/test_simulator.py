"""The simulator beside what one would write with other libraries, end to end and on one thread each.

Rounds are interleaved: every round of ours is preceded by one of each peer, so that whatever else the machine does
falls on all of them alike. Medians and their ratios are in ``extra_info``, of which ``simulator_page.py`` makes
docs/performance.md. Run it by itself, so that the limits on threads are set before NumPy is loaded:

    pip install -e ".[test,bench]"
    python -m pytest benchmarks/test_simulator.py --benchmark-json=simulator.json
"""

# ruff: noqa: I001  (peers come first: they set the limits on threads)
from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from peers import TOO_LATE, peers_at

import numpy as np
import pytest

import montecarlo
from montecarlo.generator import fill_normals
from montecarlo.layout import Layout, packed
from montecarlo.scan import Scratch, scan
from montecarlo.workers import available_processors

pytestmark = pytest.mark.skipif(TOO_LATE, reason="NumPy was loaded before this module: run it by itself")

SIZES = [
    (512, 2),
    (4096, 2),
    (16384, 2),
    (512, 4),
    (4096, 4),
    (16384, 4),
    (512, 8),
    (4096, 8),
    (16384, 8),
    (512, 16),
    (4096, 16),
    (512, 64),
    (4096, 64),
    (512, 128),
    (4096, 128),
    (512, 512),
    (512, 2048),
    (512, 8192),
]
"""n, head_dim; a round of each lasts as long as one replicate, or a tenth of a second."""

ROUND = 0.1
ROUNDS = {512: 15, 4096: 7, 16384: 3}


def seconds_of(peer, replicates):
    start = time.perf_counter()
    for _ in range(replicates):
        next(peer)
    return time.perf_counter() - start


@pytest.mark.parametrize(("n", "head_dim"), SIZES)
def test_against_peers(benchmark, n, head_dim):
    peers = {name: make(n, head_dim) for name, make in peers_at(head_dim).items()}
    counts, seconds = {}, {name: [] for name in [*peers, "montecarlo"]}
    for name, peer in peers.items():
        next(peer)  # compiles, allocates
        counts[name] = max(1, int(ROUND / seconds_of(peer, 1)))
    montecarlo.sample_ranks(n, head_dim, 10, workers=1)
    replicates = max(2, int(ROUND / montecarlo.simulation_cost(n, head_dim) / 2))

    def one_of_each():
        for name, peer in peers.items():
            seconds[name].append(seconds_of(peer, counts[name]) / counts[name])

    def ours():
        start = time.perf_counter()
        ranks = montecarlo.sample_ranks(n, head_dim, replicates, workers=1)
        seconds["montecarlo"].append((time.perf_counter() - start) / replicates)
        return ranks

    benchmark.pedantic(ours, setup=one_of_each, rounds=ROUNDS[n], warmup_rounds=1)
    median = {name: float(np.median(times[1:])) for name, times in seconds.items()}
    best = min((name for name in median if name != "montecarlo"), key=median.__getitem__)
    benchmark.extra_info |= {
        "n": n,
        "head_dim": head_dim,
        "milliseconds a replicate": {name: 1e3 * value for name, value in median.items()},
        "best peer": best,
        "ratio": median[best] / median["montecarlo"],
    }


@pytest.mark.parametrize(("n", "head_dim"), [(512, 64), (4096, 8), (512, 2)])
def test_two_workers(benchmark, n, head_dim):
    """Replicates a second with two threads over one: on two idle cores about 2."""
    if available_processors() < 2:
        pytest.skip("needs two processors")
    replicates, seconds = int(0.5 / montecarlo.simulation_cost(n, head_dim) / 2), []

    def one():
        start = time.perf_counter()
        montecarlo.sample_ranks(n, head_dim, replicates, workers=1)
        seconds.append(time.perf_counter() - start)

    benchmark.pedantic(
        lambda: montecarlo.sample_ranks(n, head_dim, replicates, workers=2), setup=one, rounds=7, warmup_rounds=1
    )
    benchmark.extra_info |= {
        "n": n,
        "head_dim": head_dim,
        "two workers": float(np.median(seconds[1:])) / benchmark.stats.stats.median,
    }


GROWTH = [(n, head_dim) for n in (512, 4096) for head_dim in (1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512)]
GROWTH += [(512, 1024), (512, 4096), (512, 65536), (4096, 4096), (4096, 65536)]
GROWTH += [(n, head_dim) for n in (64, 16384, 65536) for head_dim in (2, 4, 8)]


@pytest.mark.parametrize(("n", "head_dim"), GROWTH)
def test_growth(benchmark, n, head_dim):
    """How the cost of a replicate grows with its sizes."""
    montecarlo.sample_ranks(n, head_dim, 1, workers=1)
    replicates = max(1, int(ROUND / montecarlo.simulation_cost(n, head_dim) / 2))
    benchmark.pedantic(lambda: montecarlo.sample_ranks(n, head_dim, replicates, workers=1), rounds=3, warmup_rounds=0)
    milliseconds = 1e3 * benchmark.stats.stats.median / replicates
    benchmark.extra_info |= {"n": n, "head_dim": head_dim, "milliseconds": milliseconds}


def test_share_of_the_machine(benchmark):
    """Multiplications and additions a second, beside the matrix product of NumPy; normals a second, beside NumPy's."""
    n, head_dim = 4096, 128
    rng = np.random.default_rng(0)
    queries, keys = rng.standard_normal((n, head_dim)), rng.standard_normal((n, head_dim))
    single = queries.astype(np.float32), keys.astype(np.float32)
    layout = Layout.of(n, n, head_dim)
    packs = packed(queries, layout.queries)[None], packed(keys, layout.keys)[None]
    scratch, choices, ranks = Scratch(layout).arrays(), np.empty((1, n), np.int64), np.empty(1, np.int64)
    tables = layout.queries.table, layout.keys.table
    normals, key, drawn = np.empty((1, 2**16)), np.arange(4, dtype=np.uint64), np.empty(2**16, np.float32)
    steps = {
        "NumPy's product": lambda: single[0] @ single[1].T,
        "NumPy's product and argmax": lambda: np.argmax(single[0] @ single[1].T, axis=1),
        "scan": lambda: scan(*packs, *tables, n, n, False, *scratch, np.zeros(1, np.uint8), choices, ranks),
        "NumPy's float32 normals": lambda: rng.standard_normal(dtype=np.float32, out=drawn),
        "float64 normals": lambda: fill_normals(key, 0, 0, normals),
    }
    seconds = {name: [] for name in steps}

    def all_steps():
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            seconds[name].append(time.perf_counter() - start)

    benchmark.pedantic(all_steps, rounds=15, warmup_rounds=1)
    median = {name: float(np.median(times[1:])) for name, times in seconds.items()}
    work = {name: normals.size if "normals" in name else 2 * n * n * head_dim for name in steps}
    benchmark.extra_info["thousand millions a second"] = {name: work[name] / median[name] / 1e9 for name in steps}


MEMORY = """
import montecarlo, re
peak = lambda: int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
montecarlo.sample_ranks(8, {head_dim}, 1, workers=1)
before = peak()
montecarlo.sample_ranks({n}, {head_dim}, 1, workers=1)
print(peak() - before)
"""


@pytest.mark.parametrize(("n", "head_dim"), [(65536, 8), (65536, 64)])
def test_memory(benchmark, n, head_dim):
    """Peak memory of one replicate, in MiB: the matrix of scores in single precision would take 16 GiB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak is read from Linux's /proc")
    grown = []

    def run():
        script = MEMORY.format(n=n, head_dim=head_dim)
        grown.append(int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout) / 1024)

    benchmark.pedantic(run, rounds=1)
    expected = montecarlo.simulation_memory(n, head_dim) / 2**20
    benchmark.extra_info |= {"n": n, "head_dim": head_dim, "peak MiB": grown[0], "table MiB": expected}
