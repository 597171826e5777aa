"""T1: the rank of a hardmax attention matrix is the number of distinct argmax columns.

On arbitrary scores, and on adversarial keys.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from rational_elimination import exact_rank

import montecarlo
from rankbound.testing import assert_hardmax, assert_rank_bound, key_matrices, query_laws, stochastic_matrices

# Few values, so that ties are common; NumPy's argmax takes the first, which is a rule like any other.
scores = arrays(np.int8, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(-2, 2))
real_scores = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.floats(allow_nan=False, width=64)
)


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


@given(st.data(), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_rank_is_occupancy_on_adversarial_keys(data, n_queries, seed):
    """Ties, lines, norms 2^400 apart, subnormal numbers: as in exact arithmetic, and the rank by two eliminations."""
    keys = data.draw(key_matrices(dtype=data.draw(st.sampled_from(["float64", "float32"]))))
    queries = data.draw(query_laws(head_dim=keys.head_dim)).draw(n_queries, rng=seed)
    rows = [[Fraction(float(x)) for x in row] for row in keys.array]
    picks = []
    for query in queries.tolist():
        exact = [sum(Fraction(x) * y for x, y in zip(query, row, strict=True)) for row in rows]
        picks.append(exact.index(max(exact)))
    assert montecarlo.hardmax(queries, keys.array).tolist() == picks
    attention = montecarlo.attention_matrix(picks, keys.n_keys)
    occupied = len(set(picks))
    assert montecarlo.hardmax_rank(queries, keys.array) == occupied
    assert exact_rank(attention) == montecarlo.exact_rank(attention) == occupied
    assert_hardmax(attention)
    assert_rank_bound(attention, occupied)
    squares = np.linalg.svd(attention.astype(float), compute_uv=False) ** 2
    wanted = sorted(Counter(picks).values(), reverse=True)
    np.testing.assert_allclose(squares[:occupied], wanted, rtol=0, atol=64 * np.finfo(float).eps * 12**2)


@given(stochastic_matrices(convention="rows", n_queries=st.integers(1, 8)))
def test_softmax_rows_near_hardmax_have_its_rank(matrix):
    """V5: ||P - A|| <= sqrt(2 sum eps_i^2) = delta; below 1/2, D singular values exceed any threshold between."""
    P = matrix.array
    picks = P.argmax(axis=1)
    hard = np.zeros_like(P)
    hard[np.arange(len(P)), picks] = 1
    others = np.where(hard == 1, 0, P).sum(axis=1)  # 1 - max, without cancellation
    delta = math.sqrt(2 * (others**2).sum())
    rounding = 1e-13 * len(P)
    assert np.linalg.norm(P - hard, 2) <= delta + rounding
    if delta < 0.5 - rounding:
        values = np.linalg.svd(P, compute_uv=False)
        for threshold in (delta + rounding, 0.5, 1 - delta - rounding):
            assert (values > threshold).sum() == len(set(picks.tolist()))
