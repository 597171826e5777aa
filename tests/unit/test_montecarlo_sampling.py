"""Reproducibility to the bit, seeds, workers, interruption, and the sampler against its plain twin."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import montecarlo
from montecarlo import sampling
from montecarlo.dense import TILE, key_buffer, query_buffer
from montecarlo.plain import plain_hardmax, plain_normals
from montecarlo.seeding import Law, derive_key


def plain_sample(n_keys, head_dim, replicates, n_queries, seed):
    """The same replicates as ``sample_ranks``, without a kernel."""
    key = derive_key(Law.RANKS, (n_queries, n_keys, head_dim), seed)
    ranks = []
    for replicate in range(replicates):
        shape = query_buffer(n_queries, head_dim).shape
        queries = plain_normals(key, sampling.QUERIES, replicate, shape[0] * shape[1]).reshape(shape)
        shape = key_buffer(n_keys, head_dim).shape
        tiles = plain_normals(key, sampling.KEYS, replicate, shape[0] * shape[1] * TILE).reshape(shape)
        keys = np.swapaxes(tiles, 1, 2).reshape(-1, shape[1])
        chosen = plain_hardmax(queries[:n_queries, :head_dim], keys[:n_keys, :head_dim])
        ranks.append(np.unique(chosen).size)
    return ranks


@pytest.mark.parametrize(
    ("n_keys", "head_dim", "n_queries"),
    [(1, 1, 1), (2, 3, 5), (64, 1, 64), (300, 6, 77), (77, 17, 300), (520, 64, 520)],
)
def test_ranks_are_those_of_the_plain_twin(n_keys, head_dim, n_queries):
    got = montecarlo.sample_ranks(n_keys, head_dim, 12, n_queries=n_queries, rng=8)
    assert got.dtype == np.int64
    assert got.tolist() == plain_sample(n_keys, head_dim, 12, n_queries, 8)


@pytest.fixture(scope="module")
def reference():
    return montecarlo.sample_ranks(100, 8, 60, rng=5, workers=1)


@pytest.mark.parametrize("workers", [1, 2, 3, 7, None])
@pytest.mark.parametrize("seconds", [1e-9, 4e-4, 10.0])
def test_same_bits_whatever_the_workers_and_chunks(reference, workers, seconds, monkeypatch):
    monkeypatch.setattr(sampling, "_CHUNK_SECONDS", seconds)
    assert (montecarlo.sample_ranks(100, 8, 60, rng=5, workers=workers) == reference).all()


def test_same_bits_on_the_caller_s_threads(reference):
    with ThreadPoolExecutor(2) as pool:
        assert (montecarlo.sample_ranks(100, 8, 60, rng=5, workers=pool) == reference).all()
        assert pool.submit(int, "3").result() == 3  # left open


def test_same_bits_on_the_caller_s_processes(reference, monkeypatch):
    monkeypatch.setattr(sampling, "_CHUNK_SECONDS", 1e-3)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert (montecarlo.sample_ranks(100, 8, 60, rng=5, workers=pool) == reference).all()


def test_a_shorter_run_is_the_beginning_and_a_run_can_be_continued(reference):
    assert (montecarlo.sample_ranks(100, 8, 23, rng=5) == reference[:23]).all()
    assert (montecarlo.sample_ranks(100, 8, 37, rng=5, first_replicate=23) == reference[23:]).all()
    assert montecarlo.sample_ranks(100, 8, 0, rng=5).shape == (0,)


def test_the_default_seed_is_the_documented_one():
    default = montecarlo.sample_ranks(50, 4, 20)
    assert (default == montecarlo.sample_ranks(50, 4, 20, rng=montecarlo.DEFAULT_SEED)).all()
    assert (default != montecarlo.sample_ranks(50, 4, 20, rng=1)).any()


def test_how_each_kind_of_seed_becomes_a_key():
    def key(rng, law=Law.RANKS, sizes=(3, 4, 5)):
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
    assert len(others) == 12


def test_one_key_or_one_query_has_rank_one():
    assert set(montecarlo.sample_ranks(1, 3, 5, n_queries=9)) == {1}
    assert set(montecarlo.sample_ranks(9, 3, 5, n_queries=1)) == {1}


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
        ((10**9, 64, 1), {}, "this needs 962 GiB"),
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
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        montecarlo.estimate_rank(1024, 64, replicates=20_000, progress=interrupt)
    assert time.perf_counter() - start < 5.0  # the whole run would take more than ten times that


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
