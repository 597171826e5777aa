"""Laws: normals are normal, and the fast simulator has the law of the definition.

Every test here has a fixed seed and a false-alarm rate of at most 1e-6 for each of its parameters; a change of the
seeds may make one fail with that probability.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import montecarlo
from montecarlo import generator
from montecarlo.plain import plain_hardmax

FALSE_ALARM = 1e-6
KEY = np.array([0x9E3779B97F4A7C15, 2, 3, 4], np.uint64)
SIZE = 2**21


@pytest.fixture(scope="module")
def normals():
    out = np.empty(SIZE)
    generator.fill_normals(KEY, 0, 0, out)
    return out


def two_sided(z: float) -> float:
    return float(2.0 * stats.norm.sf(abs(z)))


def test_normals_have_the_normal_distribution_function(normals):
    assert stats.kstest(normals, "norm").pvalue > FALSE_ALARM


@pytest.mark.parametrize("power", [1, 2, 3, 4, 6])
def test_normals_have_the_moments_of_a_normal(normals, power):
    moment = stats.norm.moment(power)
    deviation = np.sqrt((stats.norm.moment(2 * power) - moment**2) / SIZE)
    assert two_sided((np.mean(normals**power) - moment) / deviation) > FALSE_ALARM


@pytest.mark.parametrize("level", [1.0, 2.0, 3.0, 4.0, 4.5, 5.0])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_normals_have_the_tails_of_a_normal(level, sign):
    # Eight times as many draws: 2.4 beyond 5 are expected at each end.
    beyond, out = 0, np.empty(SIZE)
    for replicate in range(8):
        generator.fill_normals(KEY, 7, replicate, out)
        beyond += int(np.count_nonzero(sign * out > level))
    assert stats.binomtest(beyond, 8 * SIZE, float(stats.norm.sf(level))).pvalue > FALSE_ALARM


@pytest.mark.parametrize("lag", [1, 2, 63, 64, 65, 128, 192, 256, 257])
@pytest.mark.parametrize("power", [1, 2])
def test_neighbours_are_uncorrelated(normals, lag, power):
    # Lags of LANES and its multiples pair the two normals of one Box-Muller step, and those of one block.
    x = normals**power - stats.norm.moment(power)
    products = x[:-lag] * x[lag:]
    assert two_sided(products.mean() / (x.var() / np.sqrt(products.size))) > FALSE_ALARM


@pytest.mark.parametrize("other", [(0, 1), (1, 0), (1, 1)])
def test_streams_and_replicates_are_uncorrelated(normals, other):
    out = np.empty(SIZE)
    generator.fill_normals(KEY, *other, out)
    assert two_sided(float(np.mean(normals * out)) * np.sqrt(SIZE)) > FALSE_ALARM


def test_every_bit_of_the_words_is_fair():
    words = np.empty(2**18, np.uint64)
    generator.fill_words(KEY, 0, 0, words)
    for bit in range(64):
        ones = int(np.count_nonzero(words >> np.uint64(bit) & np.uint64(1)))
        assert stats.binomtest(ones, words.size, 0.5).pvalue > FALSE_ALARM / 64
    counts = np.bincount(words.view(np.uint8), minlength=256)
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def same_law(first: np.ndarray, second: np.ndarray) -> float:
    """The p-value of a chi-square test of homogeneity; ranks are pooled until a cell holds at least 40 of both."""
    cells: list[list[int]] = [[0, 0]]
    for rank in range(int(min(first.min(), second.min())), int(max(first.max(), second.max())) + 1):
        if sum(cells[-1]) >= 40:
            cells.append([0, 0])
        cells[-1][0] += int(np.count_nonzero(first == rank))
        cells[-1][1] += int(np.count_nonzero(second == rank))
    if sum(cells[-1]) < 40 and len(cells) > 1:
        last = cells.pop()
        cells[-1] = [cells[-1][0] + last[0], cells[-1][1] + last[1]]
    return float(stats.chi2_contingency(cells).pvalue) if len(cells) > 1 else 1.0


@pytest.mark.parametrize(
    ("n_tokens", "head_dim", "model_dim"),
    [(6, 1, 6), (8, 2, 12), (24, 4, 24), (40, 8, 64), (32, 32, 32), (24, 100, 24)],
)
def test_in_law_the_fast_simulator_is_the_definition(n_tokens, head_dim, model_dim):
    defined = montecarlo.sample_ranks_from_weights(n_tokens, head_dim, 3000, model_dim=model_dim, rng=1)
    fast = montecarlo.sample_ranks(n_tokens, head_dim, 20_000, rng=2)
    assert same_law(defined, fast) > FALSE_ALARM
    assert stats.ttest_ind(defined, fast, equal_var=False).pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("n_keys", "head_dim", "n_queries"), [(20, 3, 50), (50, 3, 20), (300, 5, 300), (512, 16, 512), (130, 200, 130)]
)
def test_in_law_the_fast_simulator_is_plain_numpy(n_keys, head_dim, n_queries):
    rng = np.random.default_rng(17)
    plain = np.array(
        [
            np.unique(plain_hardmax(rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim)))).size
            for _ in range(800)
        ]
    )
    fast = montecarlo.sample_ranks(n_keys, head_dim, 4000, n_queries=n_queries, rng=3)
    assert same_law(plain, fast) > FALSE_ALARM
    assert stats.ttest_ind(plain, fast, equal_var=False).pvalue > FALSE_ALARM


def test_the_comparison_has_power():
    # W_q = W_k, which breaks an assumption, and one head dimension more: both are told apart.
    rng = np.random.default_rng(5)
    tied = []
    for _ in range(500):
        vectors = rng.normal(size=(24, 4))
        tied.append(np.unique(plain_hardmax(vectors, vectors)).size)
    fast = montecarlo.sample_ranks(24, 4, 20_000, rng=2)
    assert same_law(np.array(tied), fast) < FALSE_ALARM
    assert same_law(montecarlo.sample_ranks(24, 5, 20_000, rng=2), fast) < FALSE_ALARM


@pytest.mark.parametrize(("n_keys", "head_dim", "n_queries"), [(9, 1, 3), (300, 1, 4), (2, 3, 3), (2, 50, 5)])
def test_exact_law_where_there_are_two_outcomes(n_keys, head_dim, n_queries):
    # With one component (or two keys) a query chooses one of two keys by the sign of one symmetric number, and all
    # queries agree with probability 2^(1 - n_queries).
    ranks = montecarlo.sample_ranks(n_keys, head_dim, 20_000, n_queries=n_queries, rng=4)
    assert set(ranks.tolist()) == {1, 2}
    alone = int(np.count_nonzero(ranks == 1))
    assert stats.binomtest(alone, ranks.size, 2.0 ** (1 - n_queries)).pvalue > FALSE_ALARM


def test_replicates_are_uncorrelated():
    ranks = montecarlo.sample_ranks(64, 6, 20_000, rng=6).astype(float)
    x = ranks - ranks.mean()
    assert two_sided(float((x[:-1] * x[1:]).mean() / x.var() * np.sqrt(x.size))) > FALSE_ALARM
