"""Hardmax of given matrices: the exact argmax on data made to mislead, ties, and misuse."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest

import montecarlo
from montecarlo.plain import plain_hardmax

SHAPES = [(1, 1, 1), (1, 5, 3), (5, 1, 2), (17, 257, 5), (33, 512, 2), (64, 300, 7), (7, 513, 255), (300, 5000, 4)]


@pytest.mark.parametrize(("n_queries", "n_keys", "head_dim"), SHAPES)
def test_hardmax_is_the_plain_argmax(n_queries, n_keys, head_dim):
    rng = np.random.default_rng([n_queries, n_keys, head_dim])
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    expected = plain_hardmax(queries, keys)
    choices, ties = montecarlo.hardmax(queries, keys, return_ties=True)
    assert choices.dtype == np.int64
    assert choices.tolist() == expected.tolist()
    assert ties == 0
    assert (montecarlo.hardmax(queries, keys) == choices).all()
    rank = montecarlo.hardmax_rank(queries, keys)
    assert type(rank) is int
    assert rank == len(set(expected.tolist()))


def exact_hardmax(queries, keys):
    """Return the lowest index of a best key for each query, and the number of queries with more than one."""
    numbers = [[[Fraction(float(x)) for x in row] for row in matrix] for matrix in (queries, keys)]
    choices, ties = [], 0
    for query in numbers[0]:
        scores = [sum(x * y for x, y in zip(query, key, strict=True)) for key in numbers[1]]
        choices.append(scores.index(max(scores)))
        ties += scores.count(max(scores)) > 1
    return choices, ties


def few_integers(rng, head_dim):
    return rng.integers(-2, 3, (30, head_dim)), rng.integers(-2, 3, (80, head_dim))


def duplicates(rng, head_dim):
    queries, keys = rng.normal(size=(30, head_dim)), rng.normal(size=(80, head_dim))
    return queries, keys[rng.integers(40, size=80)]


def last_bits(rng, head_dim):
    """Keys that differ from one another in the last bits of one component."""
    keys = np.tile(rng.normal(size=head_dim), (80, 1))
    keys[np.arange(80), rng.integers(head_dim, size=80)] *= 1.0 + 2.0**-52 * rng.integers(-3, 4, 80)
    return rng.normal(size=(30, head_dim)), keys


def near_single(rng, head_dim):
    """Keys of one image in single precision."""
    key = rng.normal(size=head_dim).astype(np.float32).astype(float)
    return rng.normal(size=(30, head_dim)), key * (1.0 + 2.0**-30 * rng.normal(size=(80, head_dim)))


def near_double(rng, head_dim):
    """Scores that differ by less than float64 can tell."""
    queries, keys = np.ones((30, head_dim)), rng.normal(size=(80, head_dim))
    keys[:, -1] += 5.0 - keys.sum(axis=1)
    return queries * (1.0 + 2.0**-52 * rng.integers(0, 2, (30, 1))), keys


def whole_range(rng, head_dim):
    """Entries from 1e-300 to 1e300, in one vector."""
    return tuple(rng.normal(size=(n, head_dim)) * 10.0 ** rng.integers(-300, 301, (n, head_dim)) for n in (30, 80))


def denormal(rng, head_dim):
    queries, keys = rng.integers(-5, 6, (30, head_dim)) * 2.0**-1074, rng.normal(size=(80, head_dim)) * 1e-310
    keys[::9] = 2.0**-1074
    return queries, keys


def largest_of_all(rng, head_dim):
    """Scores far beyond the range of float64."""
    most = np.finfo(float).max
    return rng.choice([-most, most], (30, head_dim)), rng.choice([-most, most, most / 2], (80, head_dim))


def zeros(rng, head_dim):
    queries, keys = rng.normal(size=(30, head_dim)), rng.normal(size=(80, head_dim))
    queries[::3], keys[::2] = 0.0, -0.0
    return queries, keys


def zero_keys(rng, head_dim):
    return rng.normal(size=(30, head_dim)), np.zeros((80, head_dim))


def opposite(rng, head_dim):
    """Every score is negative, and the longest key has the worst one."""
    direction = rng.normal(size=head_dim)
    queries = direction * (1.0 + 0.01 * rng.random((30, head_dim)))
    return queries, -direction * np.geomspace(1e-12, 1e12, 80)[:, None]


def cancelling(rng, head_dim):
    """Large parts that cancel in every score, so that the small parts decide."""
    queries, keys = rng.normal(size=(30, head_dim)), rng.normal(size=(80, head_dim))
    large = 1e18 * rng.integers(1, 4, (80, 1)).astype(float)
    ones = np.ones((30, 1))
    return np.hstack([ones, queries, ones]), np.hstack([large, keys, -large])


@pytest.mark.parametrize("head_dim", [1, 2, 5, 20])
@pytest.mark.parametrize(
    "made",
    [
        few_integers,
        duplicates,
        last_bits,
        near_single,
        near_double,
        whole_range,
        denormal,
        largest_of_all,
        zeros,
        zero_keys,
        opposite,
        cancelling,
    ],
)
def test_exact_where_rounding_would_mislead(made, head_dim):
    queries, keys = made(np.random.default_rng(head_dim), head_dim)
    choices, ties = exact_hardmax(queries, keys)
    got = montecarlo.hardmax(queries, keys, return_ties=True)
    assert (got[0].tolist(), got[1]) == (choices, ties)
    assert montecarlo.hardmax_rank(queries, keys) == len(set(choices))


def test_the_data_would_mislead_float64():
    # Else the test above would show nothing: NumPy's float64 is wrong on some of it.
    for made in (last_bits, near_double, whole_range, denormal, cancelling):
        queries, keys = made(np.random.default_rng(5), 5)
        with np.errstate(all="ignore"):
            assert plain_hardmax(queries, keys).tolist() != exact_hardmax(queries, keys)[0], made.__name__


def test_ties_go_to_the_lowest_index_wherever_the_keys_are():
    rng = np.random.default_rng(3)
    few = rng.normal(size=(5, 6))
    order = rng.integers(5, size=1000)
    queries = rng.normal(size=(50, 6))
    first = [int(np.flatnonzero(order == kind)[0]) for kind in range(5)]
    choices, ties = montecarlo.hardmax(queries, few[order], return_ties=True)
    assert choices.tolist() == [first[kind] for kind in plain_hardmax(queries, few)]
    assert ties == 50


def test_ties_are_counted_by_query():
    keys = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    choices, ties = montecarlo.hardmax(
        [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 1.0], [-1.0, 0.0]], keys, return_ties=True
    )
    assert choices.tolist() == [0, 1, 0, 0, 1]
    assert ties == 3
    assert montecarlo.hardmax(np.zeros((2, 3)), np.ones((600, 3)), return_ties=True)[1] == 2


def test_arguments_are_left_as_they_are():
    rng = np.random.default_rng(4)
    queries, keys = rng.normal(size=(9, 3)), rng.normal(size=(40, 3))
    before = queries.copy(), keys.copy()
    queries.setflags(write=False)
    keys.setflags(write=False)
    montecarlo.hardmax(queries, keys)
    assert (queries == before[0]).all()
    assert (keys == before[1]).all()


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16, np.float32, np.longdouble])
def test_other_types_of_real_numbers(dtype):
    assert montecarlo.hardmax(np.array([[1, 0], [0, 1]], dtype), np.array([[0, 2], [3, 0]], dtype)).tolist() == [1, 0]
    assert montecarlo.hardmax_rank(np.eye(3, dtype=dtype), np.eye(3, dtype=dtype)) == 3


def test_lists_and_views_that_are_not_contiguous():
    assert montecarlo.hardmax([[1, 0], [0, 1]], [[0, 2], [3, 0]]).tolist() == [1, 0]
    rng = np.random.default_rng(1)
    queries, keys = rng.normal(size=(20, 12))[::2, ::3], rng.normal(size=(4, 30)).T[::-1]
    assert montecarlo.hardmax(queries, keys).tolist() == plain_hardmax(queries, keys).tolist()


GOOD = np.ones((2, 3))


@pytest.mark.parametrize(
    ("queries", "keys", "words"),
    [
        (np.ones(3), GOOD, "queries.ndim = 1"),
        (3.0, GOOD, "queries.ndim = 0"),
        (GOOD, np.ones((1, 2, 3)), "keys.ndim = 3"),
        (np.ones((0, 3)), GOOD, "queries.shape = (0, 3)"),
        (GOOD, np.ones((2, 0)), "keys.shape = (2, 0)"),
        (GOOD, np.ones((2, 4)), "keys.shape = (2, 4): expected 3 columns"),
        (np.array([[1.0, np.nan, 0.0]]), GOOD, "queries[0, 1] = nan"),
        (GOOD, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -np.inf]]), "keys[1, 2] = -inf"),
        (GOOD, np.array([[1.0, 0.0, np.longdouble("1e4000")]]), "keys[0, 2] = inf"),
        (GOOD * 1j, GOOD, "queries.dtype = 'complex128'"),
        (GOOD, np.array([["a", "b", "c"]]), "keys.dtype"),
        (GOOD, np.ones((2, 3), bool), "keys.dtype = 'bool'"),
        (GOOD, [[2**70, 0, 0]], "keys.dtype = 'object'"),
        ([[1.0, 2.0, 3.0], [1.0]], GOOD, "queries = "),
    ],
)
def test_bad_input_is_one_clear_line(queries, keys, words):
    for function in (montecarlo.hardmax, montecarlo.hardmax_rank):
        with pytest.raises(ValueError, match="expected") as caught:
            function(queries, keys)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


def test_nothing_is_raised_where_the_caller_has_made_underflow_an_error():
    with np.errstate(all="raise"):
        assert montecarlo.hardmax([[1e-300, 1.0]], [[1e300, 0.0], [1e-300, 1.0]]).tolist() == [0]


def test_many_ties_are_resolved_in_little_time():
    rng = np.random.default_rng(1)
    half = rng.normal(size=(150, 16))
    queries = rng.normal(size=(300, 16))
    start = time.perf_counter()
    choices, ties = montecarlo.hardmax(queries, np.concatenate([half, half]), return_ties=True)
    assert time.perf_counter() - start < 10.0  # a tenth of a second is usual
    assert ties == 300
    assert choices.tolist() == montecarlo.hardmax(queries, half).tolist()
