"""Reproducibility to the bit, seeds, workers, processors, memory, interruption, and the sampler against its twin."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import montecarlo
from montecarlo import algorithms, sampling
from montecarlo.exact import best_keys
from montecarlo.plain import plain_hardmax, plain_line_rank, plain_planar_rank, plain_vectors, plain_words
from montecarlo.regions import UNCOMPRESSED_HEAD_DIM, algorithm_for, applicable
from montecarlo.seeding import Law, derive_key


def plain_sample(algorithm, n_keys, head_dim, replicates, n_queries, seed):
    """The same replicates as ``sample_ranks``, without a kernel."""
    sizes = (n_queries, n_keys, head_dim)
    key = derive_key(algorithms.LAWS[algorithm], sizes, seed)
    ranks = []
    for replicate in range(replicates):
        if algorithm in ("line", "planar"):
            twin = plain_line_rank if algorithm == "line" else plain_planar_rank
            ranks.append(twin(plain_words(key, 0, replicate, 1024), n_keys, n_queries))
        else:
            vectors = plain_vectors(key, sizes, replicate, compressed=head_dim > UNCOMPRESSED_HEAD_DIM)
            ranks.append(np.unique(plain_hardmax(*vectors)).size)
    return ranks


@pytest.mark.parametrize(
    ("n_keys", "head_dim", "n_queries"),
    [
        (1, 1, 1),
        (64, 1, 7),
        (3, 2, 3),
        (300, 2, 77),
        (2, 3, 5),
        (300, 6, 77),
        (77, 16, 300),
        (77, 17, 300),
        (300, 18, 77),
        (520, 64, 520),
        (50, 700, 60),
        (60, 700, 50),
        (1, 100, 1),
    ],
)
def test_ranks_are_those_of_the_plain_twin(n_keys, head_dim, n_queries):
    for algorithm in applicable(head_dim):
        got = montecarlo.sample_ranks(n_keys, head_dim, 12, n_queries=n_queries, rng=8, algorithm=algorithm)
        assert got.dtype == np.int64
        assert got.tolist() == plain_sample(algorithm, n_keys, head_dim, 12, n_queries, 8)


def test_the_default_is_the_algorithm_of_the_sizes():
    chosen = set()
    for n_keys, head_dim in [(9, 1), (9, 2), (9, 3), (5000, 3), (5000, 16), (5000, 17)]:
        algorithm = algorithm_for(n_keys, head_dim)
        assert algorithm in applicable(head_dim)
        chosen.add(algorithm)
        default = montecarlo.sample_ranks(n_keys, head_dim, 9, n_queries=20, rng=1)
        named = montecarlo.sample_ranks(n_keys, head_dim, 9, n_queries=20, rng=1, algorithm=algorithm)
        assert (default == named).all()
    assert chosen == {"line", "planar", "pruned", "dense"}


@pytest.mark.parametrize("head_dim", [1, 2, 3, 8, 16])
def test_pruned_and_dense_give_the_same_ranks(head_dim):
    ranks = [
        montecarlo.sample_ranks(700, head_dim, 50, n_queries=90, rng=1, algorithm=algorithm)
        for algorithm in ("pruned", "dense")
    ]
    assert (ranks[0] == ranks[1]).all()


RUNS = {
    "line": (3, 1, 5),
    "planar": (100, 2, 90),
    "pruned": (200, 3, 100),
    "dense": (100, 8, 100),
    "wide": (70, 90, 60),
    "many queries": (60, 90, 70),
}


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    """A function that draws some ranks, and the first 60 of them."""
    n_keys, head_dim, n_queries = RUNS[request.param]
    algorithm = request.param if request.param in applicable(head_dim) else None

    def draw(replicates=60, **options):
        options = {"n_queries": n_queries, "rng": 5, "algorithm": algorithm, **options}
        return montecarlo.sample_ranks(n_keys, head_dim, replicates, **options)

    ranks = draw(workers=1)
    assert np.unique(ranks).size > 1
    return draw, ranks


@pytest.mark.parametrize("workers", [1, 2, 7, None])
@pytest.mark.parametrize("seconds", [1e-9, 4e-4, 10.0])
def test_same_bits_whatever_the_workers_and_chunks(run, workers, seconds, monkeypatch):
    draw, ranks = run
    monkeypatch.setattr(sampling, "_CHUNK_SECONDS", seconds)
    assert (draw(workers=workers) == ranks).all()


@pytest.mark.parametrize("name", ["_BATCH_BYTES", "_WORDS", "_REPLICATES_AT_ONCE"])
@pytest.mark.parametrize("size", [1, 3, 70, 10_000, 10**6])
def test_same_bits_whatever_is_drawn_at_a_time(run, name, size, monkeypatch):
    if name == "_WORDS" and size > 10_000:
        size = 4096  # words for 512 replicates
    draw, ranks = run
    monkeypatch.setattr(algorithms, name, size)
    assert (draw(workers=1) == ranks).all()


def test_same_bits_on_the_caller_s_threads(run):
    draw, ranks = run
    with ThreadPoolExecutor(2) as pool:
        assert (draw(workers=pool) == ranks).all()
        assert pool.submit(int, "3").result() == 3  # left open


def test_same_bits_on_the_caller_s_processes(monkeypatch):
    ranks = [montecarlo.sample_ranks(*sizes, 60, rng=5, workers=1) for sizes in ((100, 8), (100, 2))]
    monkeypatch.setattr(sampling, "_CHUNK_SECONDS", 1e-5)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for sizes, expected in zip(((100, 8), (100, 2)), ranks, strict=True):
            assert (montecarlo.sample_ranks(*sizes, 60, rng=5, workers=pool) == expected).all()


def test_a_shorter_run_is_the_beginning_and_a_run_can_be_continued(run):
    draw, ranks = run
    assert (draw(23) == ranks[:23]).all()
    assert (draw(37, first_replicate=23) == ranks[23:]).all()
    assert draw(0).shape == (0,)
    far = 2**63 - 30
    assert (draw(9, first_replicate=far + 11) == draw(20, first_replicate=far)[11:]).all()


ON_ANOTHER_PROCESSOR = """
import json, sys
import numpy as np
import montecarlo
from montecarlo import microkernel

rng = np.random.default_rng(1)
queries, keys = rng.normal(size=(200, 9)), rng.normal(size=(300, 9))
keys[150:] = keys[:150] * (1.0 + 2.0**-30 * rng.integers(-1, 2, (150, 1)))
choices, ties = montecarlo.hardmax(queries, keys, return_ties=True)
answer = [choices.tolist(), ties]
for sizes in json.loads(sys.argv[1]):
    answer.append(montecarlo.sample_ranks(*sizes, 40, rng=3).tolist())
json.dump([microkernel.LANES, answer], sys.stdout)
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names features of one family of processors")
@pytest.mark.parametrize(
    ("lanes", "features", "sizes"),
    [
        (8, "+sse2,+sse4.1,+avx,+avx2,+fma", [(300, 3), (100, 12), (70, 90)]),
        pytest.param(4, "+sse2", [], marks=pytest.mark.thorough),
    ],
    ids=["256 bits", "128 bits"],
)
def test_same_bits_on_processors_with_shorter_vectors(lanes, features, sizes, tmp_path):
    command = [sys.executable, "-c", ON_ANOTHER_PROCESSOR, json.dumps(sizes)]
    other = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": features, "NUMBA_CACHE_DIR": str(tmp_path)}
    answers = [
        json.loads(subprocess.run(command, check=True, capture_output=True, env=os.environ | changed).stdout)
        for changed in ({}, other)
    ]
    assert answers[1][0] == lanes
    assert answers[0][1] == answers[1][1]
    assert answers[0][1][1] > 0  # ties


def test_the_rank_of_a_replicate_that_float64_leaves_in_doubt(monkeypatch):
    # Random vectors never do; so normals that are rounded to whole numbers, and their ranks in exact arithmetic.
    def rounded(key, stream, first, out):
        generate(key, stream, first, out)
        np.rint(out, out=out)

    generate = algorithms.fill_normals
    monkeypatch.setattr(algorithms, "fill_normals", rounded)
    n_queries, n_keys, head_dim = 40, 50, 3
    key = derive_key(Law.RANKS_BY_SCAN, (n_queries, n_keys, head_dim), 6)
    expected = []
    for replicate in range(10):
        queries, keys = map(np.rint, plain_vectors(key, (n_queries, n_keys, head_dim), replicate, compressed=False))
        expected.append(len({best_keys(query, keys)[0] for query in queries}))
        assert expected[-1] == np.unique(plain_hardmax(queries, keys)).size
    for algorithm in ("pruned", "dense"):
        options = {"n_queries": n_queries, "rng": 6, "algorithm": algorithm}
        assert montecarlo.sample_ranks(n_keys, head_dim, 10, **options).tolist() == expected


PEAK = """
import sys
from pathlib import Path
import montecarlo

def peak():  # not by getrusage, which begins with the peak of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

n, head_dim, algorithm = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
montecarlo.sample_ranks(64, head_dim, 1, algorithm=algorithm)
before = peak()
montecarlo.sample_ranks(n, head_dim, 1, workers=1, algorithm=algorithm)
print(peak() - before, montecarlo.simulation_memory(n, head_dim))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks the kernel for the peak of the memory in use")
@pytest.mark.parametrize("algorithm", ["pruned", "dense"])
def test_memory_is_that_of_the_vectors_not_of_the_scores(algorithm):
    n, head_dim = 65_536, 4
    command = [sys.executable, "-c", PEAK, str(n), str(head_dim), algorithm]
    grown, promised = map(int, subprocess.run(command, check=True, capture_output=True).stdout.split())
    assert promised / 4 < grown < 1.1 * promised + 2**22
    assert promised < n * n / 100  # a hundredth of the scores, were they one byte each


def test_the_default_seed_is_the_documented_one():
    default = montecarlo.sample_ranks(50, 4, 20)
    assert (default == montecarlo.sample_ranks(50, 4, 20, rng=montecarlo.DEFAULT_SEED)).all()
    assert (default != montecarlo.sample_ranks(50, 4, 20, rng=1)).any()


def test_how_each_kind_of_seed_becomes_a_key():
    def key(rng, law=Law.RANKS_BY_SCAN, sizes=(3, 4, 5)):
        return tuple(derive_key(law, sizes, rng).tolist())

    sequence = np.random.SeedSequence(7)
    assert key(7) == key(np.int32(7)) == key(sequence) == key(sequence)
    assert sequence.n_children_spawned == 0
    assert key(2**200 + 1) != key(1)
    assert key(np.random.default_rng(7)) == key(np.random.default_rng(7)) != key(7)
    generator = np.random.default_rng(7)
    assert key(generator) != key(generator)  # advanced
    children = {key(child) for child in np.random.SeedSequence(7).spawn(5)}
    assert len(children | {key(7)}) == 6
    others = {key(7, law, sizes) for law in Law for sizes in [(3, 4, 5), (4, 3, 5), (3, 4, 2**32), (3, 4 + 2**32, 5)]}
    assert len(others) == 4 * len(Law)


def test_one_key_or_one_query_has_rank_one():
    for head_dim in (1, 2, 3, 40):
        for algorithm in applicable(head_dim):
            assert set(montecarlo.sample_ranks(1, head_dim, 5, n_queries=9, algorithm=algorithm)) == {1}
            assert set(montecarlo.sample_ranks(9, head_dim, 5, n_queries=1, algorithm=algorithm)) == {1}


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((0, 4, 1), {}, "n_keys = 0"),
        ((8, 0, 1), {}, "head_dim = 0"),
        ((8, 4, -1), {}, "replicates = -1"),
        ((8, 4, 1.0), {}, "replicates = 1.0"),
        ((8, 4, 1), {"n_queries": 0}, "n_queries = 0"),
        ((8, 4, 1), {"first_replicate": -1}, "first_replicate = -1"),
        ((8, 4, 1), {"rng": -1}, "rng = -1"),
        ((8, 4, 1), {"rng": True}, "rng = True"),
        ((8, 4, 1), {"rng": 1.0}, "rng = 1.0"),
        ((8, 4, 1), {"rng": "7"}, "rng = '7'"),
        ((10**9, 64, 1), {}, "expected a replicate of at most 8 GiB"),
        ((10**9, 2, 1), {"algorithm": "dense"}, "expected a replicate of at most 8 GiB"),
        ((8, 17, 1), {"algorithm": "pruned"}, "algorithm = 'pruned': expected one of 'dense' at head_dim 17"),
        ((8, 3, 1), {"algorithm": "planar"}, "algorithm = 'planar': expected one of 'pruned', 'dense' at head_dim 3"),
        ((8, 1, 1), {"algorithm": "Line"}, "algorithm = 'Line': expected one of 'line', 'pruned', 'dense'"),
        ((8, 4, 1), {"workers": 0}, "workers = 0"),
        ((8, 4, 1), {"workers": 1.5}, "workers = 1.5"),
        ((8, 4, 1), {"workers": True}, "workers = True"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, options, words):
    with pytest.raises(ValueError, match="expected") as caught:
        montecarlo.sample_ranks(*arguments, **options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_exception_in_the_calling_thread_ends_the_run_at_once():
    def interrupt(*progress: object) -> None:
        raise KeyboardInterrupt

    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        montecarlo.estimate_rank(1024, 64, replicates=20_000, progress=interrupt)
    assert time.perf_counter() - start < 5.0  # the whole run would take more than ten times that


@pytest.mark.parametrize("algorithm", ["line", "planar", "pruned", "dense"])
def test_a_set_stop_flag_ends_a_run_of_replicates(algorithm):
    sizes = (100, 100, {"line": 1, "planar": 2}.get(algorithm, 3))
    key = derive_key(algorithms.LAWS[algorithm], sizes, 1)
    assert algorithms.draw(algorithm, key, sizes, 0, 5, np.ones(1, np.uint8)).size == 0
    stop, results = np.zeros(1, np.uint8), []
    many = 20_000_000 // sizes[2] ** 3
    thread = threading.Thread(target=lambda: results.append(algorithms.draw(algorithm, key, sizes, 0, many, stop)))
    thread.start()
    thread.join(0.1)
    stop[0] = 1
    thread.join(2.0)
    assert not thread.is_alive()
    assert results[0].size < many
    beginning = results[0][:100]  # what is returned is done
    assert (algorithms.draw(algorithm, key, sizes, 0, beginning.size, np.zeros(1, np.uint8)) == beginning).all()


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_ends_even_a_long_replicate():
    script = (
        "import montecarlo; montecarlo.sample_ranks(8, 2, 2); print('ready', flush=True)\n"
        "montecarlo.sample_ranks(32768, 256, 100)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.7)
        start = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
        assert time.perf_counter() - start < 3.0
    finally:
        process.kill()
    assert b"KeyboardInterrupt" in stderr
    assert process.returncode != 0
