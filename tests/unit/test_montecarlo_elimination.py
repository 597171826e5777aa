"""The exact rank on matrices whose rank is known, above all where the rank modulo the prime is wrong."""

from __future__ import annotations

import numpy as np
import pytest

import montecarlo

PRIME = 2**31 - 1


def hilbert_like(size: int) -> np.ndarray:
    """An integer matrix of full rank with large entries: 360360 / (i + j + 1)."""
    i = np.arange(size)
    return 360360 // (i[:, None] + i[None, :] + 1)


PLANTED = [
    (np.zeros((3, 4), int), 0),
    (np.zeros((0, 4), int), 0),
    (np.zeros((3, 0), int), 0),
    (np.eye(5, dtype=int), 5),
    (np.ones((4, 6), int), 1),
    (PRIME * np.eye(4, dtype=np.int64), 4),
    (np.array([[1, 1], [1, 1 + PRIME]]), 2),
    (np.array([[2**63 - 1, 2**63 - 2], [2**63 - 2, 2**63 - 3]]), 2),
    (np.array([[2**64 - 1, 1], [2**64 - 1, 1]], np.uint64), 1),
    (np.array([[-(2**63), 1], [0, -1]]), 2),
    (np.array([[127, -128]], np.int8), 1),
    (np.array([[True, False], [True, True]]), 2),
    (np.arange(30).reshape(5, 6), 2),
    (hilbert_like(6), 6),
]


@pytest.mark.parametrize(("matrix", "rank"), PLANTED)
def test_planted_rank(matrix, rank):
    assert montecarlo.exact_rank(matrix) == rank
    assert montecarlo.exact_rank(matrix.T) == rank


@pytest.mark.parametrize("rank", [1, 5, 19, 20])
def test_product_of_random_factors(rank):
    rng = np.random.default_rng(rank)
    left, right = rng.integers(-9, 10, (20, rank)), rng.integers(-9, 10, (rank, 25))
    assert montecarlo.exact_rank(left @ right) == rank


def test_attention_matrix_has_one_one_a_row():
    matrix = montecarlo.attention_matrix([2, 0, 2], 4)
    assert matrix.dtype == np.int64
    assert matrix.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
    assert montecarlo.exact_rank(matrix) == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: montecarlo.exact_rank(np.eye(2)), "matrix.dtype = 'float64'"),
        (lambda: montecarlo.exact_rank([1, 2]), "matrix.ndim = 1"),
        (lambda: montecarlo.attention_matrix([0, 3], 3), "choices = 3"),
        (lambda: montecarlo.attention_matrix([0, -1], 3), "choices = -1"),
        (lambda: montecarlo.attention_matrix([], 3), "non-empty"),
        (lambda: montecarlo.attention_matrix([0.5], 3), "integers"),
        (lambda: montecarlo.attention_matrix([0], 0), "n_keys = 0"),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
