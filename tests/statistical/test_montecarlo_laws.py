"""Laws of the random numbers: words are fair, normals are normal, chi is chi.

Every test here has a fixed seed and a false-alarm rate of at most 1e-6 for each of its parameters; a change of the
seeds may make one fail with that probability.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from montecarlo import generator

FALSE_ALARM = 1e-6
KEY = np.array([0x9E3779B97F4A7C15, 2, 3, 4], np.uint64)
SIZE = 2**21


@pytest.fixture(scope="module")
def normals():
    return filled(0, 0)


def filled(stream: int, replicate: int) -> np.ndarray:
    out = np.empty((1, SIZE))
    generator.fill_normals(KEY, stream, replicate, out)
    return out[0]


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
    beyond = sum(int(np.count_nonzero(sign * filled(7, replicate) > level)) for replicate in range(8))
    assert stats.binomtest(beyond, 8 * SIZE, float(stats.norm.sf(level))).pvalue > FALSE_ALARM


@pytest.mark.parametrize("lag", [1, 2, 63, 64, 65, 128, 192, 256, 257])
@pytest.mark.parametrize("power", [1, 2])
def test_neighbours_are_uncorrelated(normals, lag, power):
    # Lags of LANES and its multiples pair the two normals of one Box-Muller step, and those of one block.
    assert generator.LANES == 64
    x = normals**power - stats.norm.moment(power)
    products = x[:-lag] * x[lag:]
    assert two_sided(products.mean() / (x.var() / np.sqrt(products.size))) > FALSE_ALARM


@pytest.mark.parametrize("other", [(0, 1), (1, 0), (1, 1)])
def test_streams_and_replicates_are_uncorrelated(normals, other):
    assert two_sided(float(np.mean(normals * filled(*other))) * np.sqrt(SIZE)) > FALSE_ALARM


def test_the_two_normals_of_a_step_are_independent(normals):
    # Eight sectors of the plane for what the signs and the place in a quarter turn make of them, then finer.
    x, y = normals.reshape(-1, 4, generator.LANES)[:, :2].swapaxes(0, 1).reshape(2, -1)
    sector = np.floor(np.arctan2(y, x) / (np.pi / 4.0)).astype(int) + 4
    assert stats.chisquare(np.bincount(sector, minlength=8)[:8]).pvalue > FALSE_ALARM
    assert stats.kstest(np.arctan2(y, x), stats.uniform(-np.pi, 2.0 * np.pi).cdf).pvalue > FALSE_ALARM
    assert stats.kstest(x**2 + y**2, stats.chi2(2).cdf).pvalue > FALSE_ALARM


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 10, 100, 10_000])
def test_chi_has_the_distribution_function_of_chi(degrees):
    out = np.empty((100_000, 1))
    generator.fill_chi(KEY, 2, 0, degrees, out)
    assert stats.kstest(out[:, 0], stats.chi(degrees).cdf).pvalue > FALSE_ALARM


@pytest.mark.parametrize("degrees", [1000, 10**6, 10**10])
def test_chi_square_has_the_mean_and_the_variance_of_chi_square(degrees):
    # By the central limit theorem, which is good where a square itself is nearly normal.
    out = np.empty((100_000, 1))
    generator.fill_chi(KEY, 2, 0, degrees, out)
    centred = out[:, 0] ** 2 - degrees
    assert two_sided(centred.mean() / np.sqrt(2.0 * degrees / out.size)) > FALSE_ALARM
    spread = np.sqrt((8.0 * degrees**2 + 48.0 * degrees) / out.size)
    assert two_sided((np.mean(centred**2) - 2.0 * degrees) / spread) > FALSE_ALARM


def test_chi_of_neighbouring_columns_is_uncorrelated_and_has_falling_degrees():
    out = np.empty((50_000, 20))
    generator.fill_chi(KEY, 2, 0, 20, out)
    for column in range(20):
        assert stats.kstest(out[:, column], stats.chi(20 - column).cdf).pvalue > FALSE_ALARM / 20
    correlations = np.corrcoef(out.T)[np.triu_indices(20, 1)]
    assert two_sided(float(np.abs(correlations).max()) * np.sqrt(50_000)) > FALSE_ALARM / correlations.size
    # A degree more or less is told apart.
    assert stats.kstest(out[:, 0], stats.chi(19).cdf).pvalue < FALSE_ALARM


def test_every_bit_of_the_words_is_fair():
    words = np.empty((64, 2**12), np.uint64)
    generator.fill_words(KEY, 0, 0, words)
    for bit in range(64):
        ones = int(np.count_nonzero(words >> np.uint64(bit) & np.uint64(1)))
        assert stats.binomtest(ones, words.size, 0.5).pvalue > FALSE_ALARM / 64
    counts = np.bincount(words.view(np.uint8).ravel(), minlength=256)
    assert stats.chisquare(counts).pvalue > FALSE_ALARM
