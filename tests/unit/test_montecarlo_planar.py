"""Ranks at head_dim 2 from given words: the twin with SciPy's hull and binomial, and each part by itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import ConvexHull

from montecarlo import planar
from montecarlo.generator import fill_words
from montecarlo.plain import plain_planar_rank
from montecarlo.planar import MORE_WORDS, planar_ranks

KEY = np.array([11, 2, 3, 4], np.uint64)
FALSE_ALARM = 1e-6


def drawn_words(rows, width, stream=0):
    words = np.empty((rows, width), np.uint64)
    fill_words(KEY, stream, 0, words)
    return words


def ranks_of(words, n_keys, n_queries):
    ranks = np.full(words.shape[0], -7, np.int64)
    planar_ranks(words, n_keys, n_queries, ranks)
    return ranks


SIZES = [
    (1, 3),
    (2, 1),
    (2, 4),
    (3, 7),
    (5, 1),
    (20, 20),
    (32, 50),
    (33, 33),
    (40, 10**5),
    (41, 41),
    (512, 512),
    (4096, 12),
    (4096, 4096),
    (10**6, 10**6),
    (10**12, 10**4),
]


@pytest.mark.parametrize(("n_keys", "n_queries"), SIZES)
def test_ranks_are_those_of_the_plain_twin(n_keys, n_queries):
    words = drawn_words(60, 1024)
    ranks = ranks_of(words, n_keys, n_queries)
    assert ranks.tolist() == [plain_planar_rank(row, n_keys, n_queries) for row in words]
    assert (ranks >= 1).all()
    assert (ranks <= min(n_keys, n_queries)).all()


@pytest.mark.parametrize(("n_keys", "n_queries"), [(2, 4), (30, 100), (1000, 1000), (10**6, 10**6)])
def test_a_row_that_is_too_short_says_so_and_one_that_is_long_enough_is_enough(n_keys, n_queries):
    words = drawn_words(40, 1024)
    whole = ranks_of(words, n_keys, n_queries)
    needed = np.zeros(40, int)
    for width in (1, 2, 3, 10, 64, 65, 66, 90, 130, 256, 1023):
        part = ranks_of(np.ascontiguousarray(words[:, :width]), n_keys, n_queries)
        told = part != MORE_WORDS
        assert (part[told] == whole[told]).all()
        assert not (needed.astype(bool) & ~told).any()  # once told, always told
        needed[told & (needed == 0)] = width
    assert (needed > 1).all()


def test_the_hull_is_scipy_s():
    rng = np.random.default_rng(2)
    for count in (3, 4, 5, 10, 40, 200):
        points = rng.normal(size=(count, 2))
        x, y = points.T.copy()
        order, hull = np.empty(count, np.int64), np.empty(count + 1, np.int64)
        size, known = 0, 0
        for end in sorted({max(3, count // 3), count}):  # in two steps: the second takes up the hull of the first
            size = planar._hull(x, y, size, known, end, order, hull)
            assert order[:size].tolist() == sorted(hull[:size].tolist(), key=x.__getitem__)
            known = end
        expected = ConvexHull(points)
        assert (np.sort(hull[:size]) == np.sort(expected.vertices)).all()
        start = int(np.flatnonzero(expected.vertices == hull[0])[0])
        assert hull[:size].tolist() == np.roll(expected.vertices, -start).tolist()  # counterclockwise
        assert planar._inradius(x, y, size, hull) == pytest.approx(-expected.equations[:, 2].max(), rel=1e-12)


@pytest.mark.parametrize(
    ("n", "p"),
    [
        (1, 0.3),
        (5, 0.999),
        (30, 0.32),
        (30, 0.34),
        (30, 0.5),
        (30, 0.7),
        (1000, 0.001),
        (1000, 0.02),
        (400, 0.5),
        (10**6, 0.9),
    ],
)
def test_binomial_numbers_have_the_law(n, p):
    # Both ways of drawing, on both sides of their border, and the flip above one half.
    words = drawn_words(20_000, 64, stream=n % 1000)
    found = np.array([planar._binomial(n, p, words, row, 0) for row in range(words.shape[0])])
    inversion = n * min(p, 1.0 - p) < 10.0
    assert (found[:, 1] == 1).all() if inversion else (found[:, 1] >= 2).all() and found[:, 1].mean() < 3.0
    low, high = stats.binom.ppf([0.002, 0.998], n, p).astype(int)
    edges = np.unique(np.linspace(low, high + 1, 40).astype(int))
    chances = np.diff(stats.binom.cdf([-1, *(edges - 1), n], n, p))
    counts = np.histogram(found[:, 0], [-0.5, *(edges - 0.5), n + 0.5])[0]
    kept = chances * words.shape[0] > 5.0
    chances, counts = np.append(chances[kept], chances[~kept].sum()), np.append(counts[kept], counts[~kept].sum())
    if chances[-1] * words.shape[0] < 1.0:  # so little that the approximation by chi-square would fail
        chances, counts = np.append(chances[:-2], chances[-2:].sum()), np.append(counts[:-2], counts[-2:].sum())
    assert stats.chisquare(counts, chances * words.shape[0]).pvalue > FALSE_ALARM


def test_binomial_numbers_run_out_of_words():
    words = drawn_words(1, 3)
    assert planar._binomial(5, 0.5, words, 0, 3)[0] < 0
    assert planar._binomial(1000, 0.5, words, 0, 2)[0] < 0
    assert planar._binomial(5, 0.5, words, 0, 2)[1] == 3
