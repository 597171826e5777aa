"""Numerical ranks of softmax attention: planted spectra, other libraries, limits, certificates, misuse."""

from __future__ import annotations

import dataclasses
import math
import multiprocessing
import threading
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.special
from threadpoolctl import threadpool_info

import montecarlo
from montecarlo.generator import fill_normals
from montecarlo.one_blas_thread import one_blas_thread
from montecarlo.seeding import Law, derive_key
from montecarlo.softmax import KEYS, QUERIES, least_tolerance, softmax_cost, softmax_memory
from montecarlo.softmax_rows import softmax_rows
from montecarlo.spectrum import count_singular_values

EPS = np.finfo(float).eps
NONE = np.zeros(1)


def planted(values, rows, columns, rng):
    left, right = (np.linalg.qr(rng.standard_normal((size, size)))[0] for size in (rows, columns))
    middle = np.zeros((rows, columns))
    np.fill_diagonal(middle, values)
    return left @ middle @ right.T


def drawn(n_keys, head_dim, replicates, n_queries=None, seed=0):
    sizes = (n_queries or n_keys, n_keys, head_dim)
    key = derive_key(Law.SOFTMAX, sizes, seed)
    queries, keys = (np.empty((replicates, size * head_dim)) for size in sizes[:2])
    fill_normals(key, QUERIES, 0, queries)
    fill_normals(key, KEYS, 0, keys)
    return queries.reshape(replicates, -1, head_dim), keys.reshape(replicates, -1, head_dim)


# Singular values.


@pytest.mark.parametrize(("rows", "columns"), [(6, 6), (9, 6), (6, 9), (60, 40)])
@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e150])
def test_planted_singular_values_are_counted(rows, columns, scale):
    rng = np.random.default_rng(rows)
    values = np.array([5.0, 3.0, 1.0, 1e-3, 1e-7, 0.0])
    matrix = scale * planted(np.pad(values, (0, min(rows, columns) - 6)), rows, columns, rng)
    for tolerance, rank, gap in [(0.5, 2, 3.0), (1e-2, 3, 1e3), (1e-5, 4, 1e4)]:
        ranks, gaps, ambiguous, largest = count_singular_values(matrix[None], tolerance, NONE)
        assert ranks.tolist() == [rank]
        assert gaps[0] == pytest.approx(gap, rel=rows * EPS * 5.0 / 1e-7)
        assert not ambiguous[0]
        assert largest[0] == pytest.approx(5.0 * scale, rel=rows * EPS)


def test_a_singular_value_at_the_tolerance_is_ambiguous():
    rng = np.random.default_rng(1)
    matrix = planted([1.0, 1e-3, 1e-9], 3, 3, rng)[None]
    for tolerance, expected in [(1e-3, True), (1e-3 * (1 + 1e-9), False), (1e-3 * (1 - 1e-9), False), (1e-6, False)]:
        assert count_singular_values(matrix, tolerance, NONE)[2].tolist() == [expected]
    assert count_singular_values(matrix, 1e-3 * (1 + 1e-9), np.array([1e-11]))[2].tolist() == [True]


def test_full_rank_and_rank_one_have_an_infinite_gap():
    ranks, gaps, _, _ = count_singular_values(np.stack([np.eye(3), np.diag([1.0, 0.0, 0.0])]), 1e-3, np.zeros(2))
    assert ranks.tolist() == [3, 1]
    assert gaps.tolist() == [math.inf, math.inf]


@pytest.mark.parametrize(("temperature", "tolerance"), [(1.0, 1e-3), (0.1, 1e-2), (5.0, 1e-9), (0.01, 0.3)])
@pytest.mark.parametrize(("n", "d", "m"), [(12, 3, 12), (12, 20, 7), (5, 2, 30)])
def test_scipy_and_numpy_find_the_same(n, d, m, temperature, tolerance):
    found = montecarlo.softmax_numerical_ranks(
        n, d, 20, n_queries=m, rng=3, temperature=temperature, tolerance=tolerance
    )
    for i, (q, k) in enumerate(zip(*drawn(n, d, 20, m, 3), strict=True)):
        matrix = scipy.special.softmax(q @ k.T / (temperature * math.sqrt(d)), axis=1)
        values = scipy.linalg.svdvals(matrix, check_finite=True)
        assert not found.ambiguous[i]
        rank = found.ranks[i]
        assert rank == np.linalg.matrix_rank(matrix, rtol=tolerance)
        assert found.largest[i] == pytest.approx(values[0], rel=1e-12)
        if rank < values.size and values[rank] > 1e-10 * values[0]:
            assert found.gaps[i] == pytest.approx(values[rank - 1] / values[rank], rel=1e-4)
        else:
            assert found.gaps[i] > 0.99e10 * tolerance
        assert found.hardmax_ranks[i] == montecarlo.hardmax_rank(q, k)


# Rows.


@pytest.mark.parametrize("temperature", [1e-9, 1e-4, 0.03, 1.0, 30.0])
def test_the_error_of_the_weights_is_bounded(temperature):
    queries, keys = drawn(7, 3, 4, 5)
    scale = temperature * math.sqrt(3)
    weights, choices, errors, deviations = softmax_rows(queries, keys, scale)
    assert errors.max() < 1e-12 / min(temperature, 1.0)
    with mpmath.workdps(60):
        for i in range(4):
            q, k = mpmath.matrix(queries[i].tolist()), mpmath.matrix(keys[i].tolist())
            scores = q * k.T
            wrong = away = mpmath.mpf(0)
            for row in range(5):
                best = max(scores[row, j] for j in range(7))
                exact = [mpmath.exp((scores[row, j] - best) / scale) for j in range(7)]
                total = mpmath.fsum(exact)
                for j in range(7):
                    wrong += (exact[j] / total - weights[i, row, j]) ** 2
                    away += (exact[j] / total - (j == choices[i, row])) ** 2
            assert mpmath.sqrt(wrong) <= errors[i]
            assert mpmath.sqrt(away) <= deviations[i]
            # Not idle: the others of a row share eps_i, so the bound is at most sqrt 2 times too large.
            assert deviations[i] <= 1.5 * mpmath.sqrt(away) + 1e-149


def test_equal_scores_choose_the_lowest_index_and_share_the_weight():
    weights, choices, _, _ = softmax_rows(np.ones((1, 2, 3)), np.ones((1, 4, 3)), 1.0)
    assert choices.tolist() == [[0, 0]]
    assert weights == pytest.approx(np.full((1, 2, 4), 0.25))


def test_large_scores_do_not_overflow():
    weights, _, errors, _ = softmax_rows(np.full((1, 2, 3), 1e100), np.full((1, 4, 3), 1e100), 1e-10)
    assert weights == pytest.approx(np.full((1, 2, 4), 0.25))
    assert errors[0] >= 0.0  # such scores may be off by anything, and the bound says so
    assert errors[0] > 1.0


# Limits.


def test_at_low_temperature_it_is_hardmax():
    for temperature in (1e-100, 1e-9):
        found = montecarlo.softmax_numerical_ranks(24, 4, 200, temperature=temperature, tolerance=0.1)
        assert (found.ranks == found.hardmax_ranks).all()
        assert found.certified.all()
    assert len(set(found.ranks.tolist())) > 3


def test_at_temperature_one_it_is_of_full_rank_at_a_small_tolerance():
    found = montecarlo.softmax_numerical_ranks(24, 24, 50, temperature=1.0, tolerance=1e-9)
    assert (found.ranks == 24).all()
    assert not found.ambiguous.any()
    assert not found.certified.any()


def test_at_high_temperature_it_is_of_rank_one():
    found = montecarlo.softmax_numerical_ranks(24, 4, 20, temperature=1e100, tolerance=1e-3)
    assert (found.ranks == 1).all()
    assert found.largest == pytest.approx(np.ones(20))


def test_certified_replicates_agree_and_the_others_need_not():
    found = montecarlo.softmax_numerical_ranks(24, 6, 400, temperature=0.01, tolerance=0.1)
    assert 20 < found.certified.sum() < 380
    agree = found.ranks == found.hardmax_ranks
    assert agree[found.certified].all()
    assert not agree.all()


def test_every_threshold_between_the_deviation_and_one_minus_it_counts_the_hardmax_rank():
    weights, choices, _, deviations = softmax_rows(*drawn(16, 5, 300), 0.008 * math.sqrt(5))
    checked = 0
    for matrix, row, deviation in zip(weights, choices, deviations, strict=True):
        if 1e-6 < deviation < 0.5:
            values = scipy.linalg.svdvals(matrix)
            for threshold in np.linspace(deviation, 1.0 - deviation, 9)[1:-1]:
                assert (values > threshold).sum() == np.unique(row).size
            checked += 1
    assert checked > 50


# Reproducibility.

FIELDS = ("ranks", "gaps", "ambiguous", "hardmax_ranks", "largest", "deviations")


def same(one, other, part=slice(None)):
    return all(np.array_equal(getattr(one, name), getattr(other, name)[part]) for name in FIELDS)


def test_results_do_not_depend_on_workers_or_on_the_size_of_stacks(monkeypatch):
    options = {"temperature": 0.3, "tolerance": 1e-3, "rng": 8, "n_queries": 30}
    whole = montecarlo.softmax_numerical_ranks(20, 6, 60, **options, workers=1)
    monkeypatch.setattr("montecarlo.softmax._STACK_BYTES", 7 * softmax_memory(20, 6, 30))
    assert same(montecarlo.softmax_numerical_ranks(20, 6, 60, **options, workers=2), whole)
    with ThreadPoolExecutor(3) as executor:
        assert same(montecarlo.softmax_numerical_ranks(20, 6, 60, **options, workers=executor), whole)
    rest = montecarlo.softmax_numerical_ranks(20, 6, 25, **options, first_replicate=35)
    assert same(rest, whole, slice(35, None))


def test_the_matrices_are_those_of_the_seed_at_every_temperature_and_tolerance():
    found = [
        montecarlo.softmax_numerical_ranks(20, 3, 30, rng=2, temperature=temperature, tolerance=tolerance)
        for temperature, tolerance in [(1.0, 0.1), (0.2, 0.1), (0.2, 1e-3)]
    ]
    assert np.array_equal(found[0].hardmax_ranks, found[1].hardmax_ranks)
    assert np.array_equal(found[1].largest, found[2].largest)
    assert (found[1].ranks <= found[2].ranks).all()
    other = montecarlo.softmax_numerical_ranks(20, 3, 30, rng=3, temperature=1.0, tolerance=0.1)
    assert not np.array_equal(found[0].hardmax_ranks, other.hardmax_ranks)


def test_progress_is_reported():
    calls = []
    montecarlo.softmax_numerical_ranks(
        8, 2, 50, temperature=1.0, tolerance=0.1, progress=lambda *call: calls.append(call)
    )
    assert calls[-1] == (50, 50)


def test_processes_draw_the_same():
    options = {"temperature": 0.3, "tolerance": 1e-3, "rng": 8}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        found = montecarlo.softmax_numerical_ranks(20, 6, 10, **options, workers=executor)
    assert same(found, montecarlo.softmax_numerical_ranks(20, 6, 10, **options))


def test_memory_is_what_is_said():
    options = {"temperature": 1.0, "tolerance": 1e-6, "workers": 1}
    montecarlo.softmax_numerical_ranks(8, 16, 1, **options)
    tracemalloc.start()
    try:
        montecarlo.softmax_numerical_ranks(400, 16, 1, **options)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0.5 * softmax_memory(400, 16) < peak < softmax_memory(400, 16)


def test_no_replicates_are_no_ranks():
    found = montecarlo.softmax_numerical_ranks(8, 2, 0, temperature=1.0, tolerance=0.1)
    assert all(getattr(found, name).shape == (0,) for name in FIELDS)
    assert found.certified.shape == (0,)
    assert found.ranks.dtype == found.hardmax_ranks.dtype == np.int64
    assert found.ambiguous.dtype == bool


def test_the_result_is_frozen():
    found = montecarlo.softmax_numerical_ranks(3, 2, 1, temperature=1.0, tolerance=0.1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.tolerance = 0.5


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_the_limit_on_blas_threads_ends_with_the_last_that_is_inside():
    before = blas_threads()

    def other():
        with one_blas_thread():
            pass

    thread = threading.Thread(target=other)
    with one_blas_thread():
        thread.start()
        thread.join()
        assert blas_threads() == {1}
    assert blas_threads() == before


# Misuse.


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": 0.0}, "temperature = 0.0"),
        ({"temperature": -1.0}, "temperature = -1.0"),
        ({"temperature": math.inf}, "temperature = inf"),
        ({"temperature": math.nan}, "temperature = nan"),
        ({"temperature": "1"}, "temperature = '1'"),
        ({"tolerance": 0.0}, "tolerance = 0.0"),
        ({"tolerance": 1.0}, "tolerance = 1.0"),
        ({"tolerance": math.nan}, "tolerance = nan"),
        ({"tolerance": 1e-15}, "float64 can resolve"),
        ({"n_keys": 0}, "n_keys = 0"),
        ({"head_dim": 2.5}, "head_dim = 2.5"),
        ({"replicates": -1}, "replicates = -1"),
        ({"n_queries": 0}, "n_queries = 0"),
        ({"rng": 0.5}, "rng = 0.5"),
        ({"workers": 0}, "workers = 0"),
        ({"first_replicate": -1}, "first_replicate = -1"),
        ({"n_keys": 10**6}, "a replicate of at most 8 GiB"),
    ],
)
def test_bad_input_is_one_clear_line(options, words):
    arguments = {"n_keys": 8, "head_dim": 4, "replicates": 2, "temperature": 1.0, "tolerance": 0.1} | options
    with pytest.raises(ValueError, match="expected") as caught:
        montecarlo.softmax_numerical_ranks(**arguments)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_least_tolerance_is_accepted():
    least = least_tolerance(8, 5)
    assert least == 8 * EPS
    found = montecarlo.softmax_numerical_ranks(8, 4, 2, n_queries=5, temperature=1.0, tolerance=least)
    assert found.ranks.max() <= 5
    with pytest.raises(ValueError, match="expected"):
        montecarlo.softmax_numerical_ranks(8, 4, 2, n_queries=5, temperature=1.0, tolerance=np.nextafter(least, 0))


def test_costs_grow_with_every_size():
    for function in (softmax_cost, softmax_memory):
        assert function(8, 4) == function(8, 4, 8) < function(9, 4, 8) < function(9, 5, 8) < function(9, 5, 9)
