"""Ranks: every algorithm has the law of the definition, and exact values where they are known.

Every test here has a fixed seed and a false-alarm rate of at most 1e-6 for each of its parameters; a change of the
seeds may make one fail with that probability. What such tests can tell apart is shown by planted faults.
"""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import log_ndtr

import montecarlo
from montecarlo import algorithms
from montecarlo.plain import plain_hardmax, plain_vectors

FALSE_ALARM = 1e-6


def two_sided(z: float) -> float:
    return float(2.0 * stats.norm.sf(abs(z)))


def same_law(first: np.ndarray, second: np.ndarray) -> float:
    """The p-value of two tests: chi-square for homogeneity, and Welch's t for the means.

    For chi-square, ranks are pooled until a cell holds at least 40 of both.
    """
    cells: list[list[int]] = [[0, 0]]
    for rank in range(int(min(first.min(), second.min())), int(max(first.max(), second.max())) + 1):
        if sum(cells[-1]) >= 40:
            cells.append([0, 0])
        cells[-1][0] += int(np.count_nonzero(first == rank))
        cells[-1][1] += int(np.count_nonzero(second == rank))
    if sum(cells[-1]) < 40 and len(cells) > 1:
        last = cells.pop()
        cells[-1] = [cells[-1][0] + last[0], cells[-1][1] + last[1]]
    if len(cells) == 1:
        return 1.0
    means = stats.ttest_ind(first, second, equal_var=False).pvalue
    return min(1.0, 2.0 * float(min(means, stats.chi2_contingency(cells).pvalue)))


def plain_ranks(n_keys: int, head_dim: int, n_queries: int, replicates: int, seed: int) -> np.ndarray:
    """The definition for vectors: NumPy's normals, all scores, and the distinct choices."""
    rng = np.random.default_rng(seed)
    ranks = []
    for _ in range(replicates):
        queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
        ranks.append(np.unique(plain_hardmax(queries, keys)).size)
    return np.array(ranks)


@pytest.mark.parametrize(
    ("n_tokens", "head_dim", "model_dim"),
    [(6, 1, 6), (8, 2, 12), (60, 2, 60), (24, 4, 24), (40, 8, 64), (32, 32, 32), (24, 100, 24)],
)
def test_in_law_the_fast_simulator_is_the_definition(n_tokens, head_dim, model_dim):
    defined = montecarlo.sample_ranks_from_weights(n_tokens, head_dim, 3000, model_dim=model_dim, rng=1)
    assert same_law(defined, montecarlo.sample_ranks(n_tokens, head_dim, 20_000, rng=2)) > FALSE_ALARM


@pytest.mark.parametrize(
    ("n_keys", "head_dim", "n_queries", "algorithm"),
    [
        (9, 1, 4, "line"),
        (9, 1, 4, "pruned"),
        (9, 1, 4, "dense"),
        (3, 2, 5, "planar"),
        (35, 2, 20, "planar"),
        (20, 2, 200, "planar"),
        (300, 2, 100, "planar"),
        (300, 2, 100, "pruned"),
        (300, 2, 100, "dense"),
        (20, 3, 50, "dense"),
        (50, 3, 20, "pruned"),
        (300, 5, 300, "pruned"),
        (200, 16, 200, "dense"),
        # One side triangular: fewer queries, fewer keys, a head smaller and larger than both.
        (40, 17, 40, "dense"),
        (60, 30, 150, "dense"),
        (150, 30, 60, "dense"),
        pytest.param(30, 400, 70, "dense", marks=pytest.mark.thorough),
        pytest.param(70, 400, 30, "dense", marks=pytest.mark.thorough),
        pytest.param(100, 150, 100, "dense", marks=pytest.mark.thorough),
        (12, 18, 100, "dense"),
    ],
)
def test_in_law_each_algorithm_is_plain_numpy(n_keys, head_dim, n_queries, algorithm):
    plain = plain_ranks(n_keys, head_dim, n_queries, 1000, 17)
    fast = montecarlo.sample_ranks(n_keys, head_dim, 20_000, n_queries=n_queries, rng=3, algorithm=algorithm)
    assert same_law(plain, fast) > FALSE_ALARM


@pytest.mark.parametrize(
    ("n_keys", "n_queries"), [(2, 3), (3, 3), (32, 40), (33, 1000), (1000, 33), (41, 41), (512, 512), (4096, 256)]
)
def test_in_law_planar_is_dense(n_keys, n_queries):
    # They share neither random numbers nor steps. Many replicates: a bias of a fiftieth of a standard deviation shows.
    replicates = 20_000_000 // (n_keys * n_queries + 200)
    planar, dense = (
        montecarlo.sample_ranks(n_keys, 2, min(count, 100_000), n_queries=n_queries, rng=7, algorithm=algorithm)
        for count, algorithm in ((10 * replicates + 50_000, "planar"), (50 * replicates, "dense"))
    )
    assert same_law(planar, dense) > FALSE_ALARM


@pytest.mark.parametrize(
    ("n_keys", "head_dim", "n_queries"), [(9, 1, 3), (300, 1, 4), (2, 2, 4), (2, 3, 3), (2, 50, 5)]
)
def test_exact_law_where_there_are_two_outcomes(n_keys, head_dim, n_queries):
    # With one component (or two keys) a query chooses one of two keys by the sign of one symmetric number, and all
    # queries agree with probability 2^(1 - n_queries).
    for algorithm in algorithms_at(head_dim):
        ranks = montecarlo.sample_ranks(n_keys, head_dim, 20_000, n_queries=n_queries, rng=4, algorithm=algorithm)
        assert set(ranks.tolist()) == {1, 2}
        alone = int(np.count_nonzero(ranks == 1))
        assert stats.binomtest(alone, ranks.size, 2.0 ** (1 - n_queries)).pvalue > FALSE_ALARM / 3


def algorithms_at(head_dim: int) -> tuple[str, ...]:
    special = {1: ("line",), 2: ("planar",)}.get(head_dim, ())
    return (*special, *(("pruned",) if head_dim <= 16 else ()), "dense")


@pytest.mark.parametrize(("algorithm", "replicates"), [("planar", 200_000), ("pruned", 20_000), ("dense", 20_000)])
@pytest.mark.parametrize(("n", "mean"), [(3, 2.000917448724), (512, 10.65010442801)])
def test_exact_mean_in_the_plane(algorithm, replicates, n, mean):
    # The exterior angles of the hull, by quadrature; tests/reference has the same numbers from rankbound.bounds.
    ranks = montecarlo.sample_ranks(n, 2, replicates, rng=5, algorithm=algorithm)
    assert two_sided((ranks.mean() - mean) / (ranks.std() / np.sqrt(replicates))) > FALSE_ALARM


@pytest.mark.parametrize("n_keys", [3, 8, 100, 10**4, 10**9])
def test_with_very_many_queries_every_vertex_of_the_hull_is_hit(n_keys):
    # The expected number of vertices of the hull of normal points in the plane: Renyi and Sulanke, 1963.
    def density(x: float) -> float:
        return n_keys * (n_keys - 1.0) * np.exp(stats.norm.logpdf(x) + (n_keys - 2) * log_ndtr(x / np.sqrt(2.0)))

    mean, error = quad(density, -10.0, 40.0, points=[0.0, 3.0, 6.0, 9.0, 12.0], limit=500, epsabs=1e-12, epsrel=1e-12)
    assert error < 1e-8
    ranks = montecarlo.sample_ranks(n_keys, 2, 200_000, n_queries=10**16, rng=6)
    deviation = ranks.std() / np.sqrt(ranks.size)
    assert (ranks == 3).all() if n_keys == 3 else two_sided((ranks.mean() - mean) / deviation) > FALSE_ALARM
    assert mean == pytest.approx(3.0 if n_keys == 3 else ranks.mean(), rel=0.01)


@pytest.mark.parametrize(("n_keys", "n_queries"), [(6, 6), (20, 7), (7, 20)])
def test_a_very_wide_head_fills_cells_at_random(n_keys, n_queries):
    # As the head dimension grows, choices become independent and uniform; at 10^9 what is left is far below the noise.
    surjections = [
        sum((-1) ** j * comb(k, j) * (k - j) ** n_queries for j in range(k + 1))
        for k in range(min(n_keys, n_queries) + 1)
    ]
    law = np.array([comb(n_keys, k) * onto / n_keys**n_queries for k, onto in enumerate(surjections)])
    assert law.sum() == pytest.approx(1.0)
    ranks = montecarlo.sample_ranks(n_keys, 10**9, 50_000, n_queries=n_queries, rng=8)
    counts = np.bincount(ranks, minlength=law.size)
    rare = law * ranks.size < 20.0
    counts, expected = (np.array([*x[~rare], x[rare].sum()]) for x in (counts.astype(float), law * ranks.size))
    if expected[-1] < 20.0:
        counts, expected = (np.array([*x[:-2], x[-2:].sum()]) for x in (counts, expected))
    assert stats.chisquare(counts, expected * counts.sum() / expected.sum()).pvalue > FALSE_ALARM


@pytest.mark.parametrize("sizes", [(8, 10, 5), (10, 8, 5), (9, 7, 7), (7, 9, 40), (20, 6, 200)])
def test_scores_of_the_bartlett_factor_have_the_law_of_scores(sizes):
    # Scores beyond their ranks: the singular values of the matrix of scores, of the two ends, and its first entry.
    n_queries, n_keys, head_dim = sizes
    key, rng = np.array([1, 2, 3, 4], np.uint64), np.random.default_rng(9)

    def statistics(queries, keys):
        scores = queries @ keys.T
        values = np.linalg.svd(scores, compute_uv=False)[: min(sizes)]
        return np.log(values[0]), np.log(values[-1]), scores[0, 0], scores[-1, -1]

    compressed, direct = [], []
    for replicate in range(800):
        compressed.append(statistics(*plain_vectors(key, sizes, replicate, compressed=True)))
        direct.append(statistics(rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))))
    for ours, theirs in zip(np.transpose(compressed), np.transpose(direct), strict=True):
        assert stats.ks_2samp(ours, theirs).pvalue > FALSE_ALARM / 4


def test_replicates_are_uncorrelated():
    for n_keys, head_dim in [(64, 2), (64, 6), (64, 20)]:
        ranks = montecarlo.sample_ranks(n_keys, head_dim, 20_000, rng=6).astype(float)
        x = ranks - ranks.mean()
        assert two_sided(float((x[:-1] * x[1:]).mean() / x.var() * np.sqrt(x.size))) > FALSE_ALARM / 3


def test_tied_weights_and_another_head_dimension_are_told_apart():
    # W_q = W_k, which breaks an assumption, and one head dimension more.
    rng = np.random.default_rng(5)
    tied = []
    for _ in range(500):
        vectors = rng.normal(size=(24, 4))
        tied.append(np.unique(plain_hardmax(vectors, vectors)).size)
    fast = montecarlo.sample_ranks(24, 4, 20_000, rng=2)
    assert same_law(np.array(tied), fast) < FALSE_ALARM
    assert same_law(montecarlo.sample_ranks(24, 5, 20_000, rng=2), fast) < FALSE_ALARM


@pytest.mark.parametrize(("n_keys", "n_queries"), [(46, 41), (41, 44)])
def test_a_planar_rank_of_other_sizes_is_told_apart(n_keys, n_queries):
    other = montecarlo.sample_ranks(n_keys, 2, 100_000, n_queries=n_queries, rng=7)
    assert same_law(montecarlo.sample_ranks(41, 2, 100_000, rng=7, algorithm="dense"), other) < FALSE_ALARM


def without_diagonal(vectors, table, width, diagonal):
    honest_triangular(vectors, table, width, np.ones_like(diagonal))


def with_one_length(vectors, table, width, diagonal):
    honest_triangular(vectors, table, width, np.repeat(diagonal[:, :1], diagonal.shape[1], axis=1))


honest_triangular = algorithms.make_triangular


@pytest.mark.parametrize("fault", [without_diagonal, with_one_length])
def test_a_wrong_factor_is_told_apart(fault, monkeypatch):
    plain = plain_ranks(30, 31, 30, 8000, 17)
    assert same_law(plain, montecarlo.sample_ranks(30, 31, 20_000, rng=3)) > FALSE_ALARM
    monkeypatch.setattr(algorithms, "make_triangular", fault)
    assert same_law(plain, montecarlo.sample_ranks(30, 31, 20_000, rng=3)) < FALSE_ALARM
