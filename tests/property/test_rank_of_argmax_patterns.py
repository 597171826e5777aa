"""T1 on arbitrary scores: the rank of a hardmax attention matrix is the number of distinct argmax columns."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

# Few values, so that ties are common; NumPy's argmax takes the first, which is a rule like any other.
scores = arrays(np.int8, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(-2, 2))
real_scores = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.floats(allow_nan=False, width=64)
)


def exact_rank(matrix):
    """Rank by Gauss elimination over the rationals."""
    rows = [[Fraction(int(x)) for x in row] for row in matrix]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


def hardmax(score):
    picks = score.argmax(axis=1)
    attention = np.zeros(score.shape, dtype=int)
    attention[np.arange(len(picks)), picks] = 1
    return attention, picks


def test_the_elimination_itself():
    assert exact_rank(np.zeros((3, 2))) == 0
    assert exact_rank([[1, 2], [2, 4], [0, 1]]) == 2
    assert exact_rank([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) == 2
    assert exact_rank(np.eye(4)) == 4


@given(st.one_of(scores, real_scores))
def test_rank_is_the_number_of_distinct_argmax_columns(score):
    attention, picks = hardmax(score)
    assert (attention.sum(axis=1) == 1).all()
    assert exact_rank(attention) == len(set(picks.tolist()))


@given(st.one_of(scores, real_scores))
def test_squared_singular_values_are_the_column_counts(score):
    attention, picks = hardmax(score)
    counts = Counter(picks.tolist())
    gram = attention.T @ attention
    assert (gram == np.diag([counts[j] for j in range(score.shape[1])])).all()
    squares = np.linalg.svd(attention.astype(float), compute_uv=False) ** 2
    wanted = sorted(counts.values(), reverse=True) + [0] * (len(squares) - len(counts))
    # NumPy's singular values are backward stable: absolute error of a few ulp of the largest.
    np.testing.assert_allclose(squares, wanted, rtol=0, atol=64 * np.finfo(float).eps * max(score.shape) ** 2)


@given(st.one_of(scores, real_scores), st.randoms(use_true_random=False))
def test_two_ones_in_a_row_are_not_covered(score, random):
    """Without "a single 1 in each row" the statement fails: rows 10 and 11 are independent and hit column 1 and 2."""
    attention, _ = hardmax(score)
    doubled = attention.copy()
    doubled[:, random.randrange(score.shape[1])] = 1
    hit = int((doubled.sum(axis=0) > 0).sum())
    assert exact_rank(doubled) <= hit
    assert exact_rank([[1, 1], [1, 1]]) == 1 != 2
