"""The tiled kernel against the definition on the same matrices."""

from __future__ import annotations

import numpy as np
import pytest

import montecarlo
from montecarlo.dense import TILE, dense_rank, key_buffer, query_buffer
from montecarlo.plain import plain_hardmax

SHAPES = [
    (1, 1, 1),
    (1, 5, 3),
    (5, 1, 2),
    (16, 256, 4),
    (17, 257, 5),
    (15, 255, 1),
    (33, 512, 2),
    (64, 300, 7),
    (7, 513, 255),
    (9, 700, 256),
    (4, 40, 257),
    (3, 20, 1030),
]


@pytest.mark.parametrize(("n_queries", "n_keys", "head_dim"), SHAPES)
def test_hardmax_is_the_plain_argmax(n_queries, n_keys, head_dim):
    rng = np.random.default_rng([n_queries, n_keys, head_dim])
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    expected = plain_hardmax(queries, keys)
    got = montecarlo.hardmax(queries, keys)
    assert got.dtype == np.int64
    assert got.tolist() == expected.tolist()
    assert montecarlo.hardmax_rank(queries, keys) == len(set(expected.tolist()))


def test_ties_go_to_the_lowest_index_across_lanes_and_tiles():
    rng = np.random.default_rng(3)
    few = rng.normal(size=(5, 6))
    order = rng.integers(5, size=3 * TILE + 7)
    keys = few[order]
    queries = rng.normal(size=(50, 6))
    first = {int(kind): int(np.flatnonzero(order == kind)[0]) for kind in range(5)}
    expected = [first[int(kind)] for kind in plain_hardmax(queries, few)]
    assert montecarlo.hardmax(queries, keys).tolist() == expected


def test_a_query_of_zeros_ties_with_every_key():
    assert montecarlo.hardmax(np.zeros((2, 3)), np.ones((600, 3))).tolist() == [0, 0]


def test_padding_never_wins():
    assert montecarlo.hardmax(np.ones((3, 2)), -np.ones((3, 2)) * [[2], [1], [3]]).tolist() == [1, 1, 1]


def test_integers_and_single_precision_are_accepted():
    assert montecarlo.hardmax([[1, 0], [0, 1]], [[0, 2], [3, 0]]).tolist() == [1, 0]
    assert montecarlo.hardmax_rank(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)) == 3


def test_views_that_are_not_contiguous():
    rng = np.random.default_rng(1)
    queries, keys = rng.normal(size=(20, 12))[::2, ::3], rng.normal(size=(4, 30)).T
    assert montecarlo.hardmax(queries, keys).tolist() == plain_hardmax(queries, keys).tolist()


def test_a_set_stop_flag_ends_the_kernel():
    queries, keys = query_buffer(8, 4), key_buffer(8, 4)
    queries[:], keys[:] = 1.0, 1.0
    arguments = (queries, keys, 8, 8)
    assert dense_rank(*arguments, np.ones(1, np.uint8), np.empty(8, np.int64), np.empty(8, np.uint8)) == -1
    assert dense_rank(*arguments, np.zeros(1, np.uint8), np.empty(8, np.int64), np.empty(8, np.uint8)) == 1


GOOD = np.ones((2, 3))


@pytest.mark.parametrize(
    ("queries", "keys", "words"),
    [
        (np.ones(3), GOOD, "queries.ndim = 1"),
        (GOOD, np.ones((1, 2, 3)), "keys.ndim = 3"),
        (np.ones((0, 3)), GOOD, "queries.shape = (0, 3)"),
        (GOOD, np.ones((2, 0)), "keys.shape = (2, 0)"),
        (GOOD, np.ones((2, 4)), "keys.shape = (2, 4): expected 3 columns"),
        (np.array([[1.0, np.nan, 0.0]]), GOOD, "queries[0, 1] = nan"),
        (GOOD, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -np.inf]]), "keys[1, 2] = -inf"),
        (GOOD * 1j, GOOD, "queries.dtype = 'complex128'"),
        (GOOD, np.array([["a", "b", "c"]]), "keys.dtype"),
        (GOOD, np.ones((2, 3), bool), "keys.dtype = 'bool'"),
        ([[1.0, 2.0, 3.0], [1.0]], GOOD, "queries = "),
        (GOOD * 1e200, GOOD * 1e200, "scores within the range of float64"),
    ],
)
def test_bad_input_is_one_clear_line(queries, keys, words):
    for function in (montecarlo.hardmax, montecarlo.hardmax_rank):
        with pytest.raises(ValueError, match="expected") as caught:
            function(queries, keys)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)
