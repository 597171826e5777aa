"""The Bartlett factor: what is triangular, what the diagonal is, and that its scores are those of a rotation."""

from __future__ import annotations

import numpy as np
import pytest

from montecarlo.compression import compressed_layout, make_triangular
from montecarlo.layout import packed, unpacked
from montecarlo.plain import plain_hardmax


@pytest.mark.parametrize(
    ("n_queries", "n_keys", "head_dim", "depth", "side"),
    [
        (40, 40, 17, 17, "keys"),
        (40, 40, 40, 40, "keys"),
        (40, 40, 1000, 40, "keys"),
        (10, 40, 1000, 10, "queries"),
        (40, 10, 1000, 10, "keys"),
        (10, 40, 7, 7, "queries"),
        (1, 1, 10**9, 1, "keys"),
    ],
)
def test_the_side_with_fewer_vectors_is_triangular(n_queries, n_keys, head_dim, depth, side):
    layout, triangular = compressed_layout(n_queries, n_keys, head_dim)
    assert (layout.depth, triangular) == (depth, side)
    assert (layout.queries.count, layout.keys.count) == (n_queries, n_keys)


@pytest.mark.parametrize(("n_queries", "n_keys", "head_dim"), [(50, 50, 100), (50, 70, 20), (70, 45, 33), (13, 1, 17)])
def test_the_diagonal_is_written_and_zeros_behind_it(n_queries, n_keys, head_dim):
    layout, side = compressed_layout(n_queries, n_keys, head_dim)
    blocks = layout.queries if side == "queries" else layout.keys
    rng = np.random.default_rng(1)
    before, diagonal = rng.normal(size=(3, blocks.size)), rng.random((3, layout.depth))
    after = before.copy()
    make_triangular(after, blocks.table, blocks.width, diagonal)
    for replicate in range(3):
        expected = np.tril(unpacked(before[replicate], blocks, layout.depth))
        np.fill_diagonal(expected, diagonal[replicate])
        assert (unpacked(after[replicate], blocks, layout.depth) == expected).all()


@pytest.mark.parametrize(("n_queries", "n_keys", "head_dim"), [(60, 40, 20), (60, 40, 300), (40, 60, 300)])
def test_the_factor_of_given_vectors_has_their_scores(n_queries, n_keys, head_dim):
    # The step that the law rests on, for numbers: K = L O and G = Q O^T give G L^T = Q K^T.
    rng = np.random.default_rng(2)
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    layout, side = compressed_layout(n_queries, n_keys, head_dim)
    few, many = (keys, queries) if side == "keys" else (queries, keys)
    orthogonal, upper = np.linalg.qr(few.T)
    factor, rotated = upper.T, many @ orthogonal
    assert factor.shape == (len(few), layout.depth)
    assert (np.triu(factor, 1) == 0.0).all()
    np.testing.assert_allclose(rotated @ factor.T, many @ few.T, rtol=0, atol=1e-10)
    sides = (rotated, factor) if side == "keys" else (factor, rotated)
    assert (plain_hardmax(*sides) == plain_hardmax(queries, keys)).all()
    other = layout.queries if side == "keys" else layout.keys
    assert packed(rotated, other).size == other.size
