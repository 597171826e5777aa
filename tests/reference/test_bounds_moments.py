"""The moments of the pick probability in bins of the norm, and the bounds made of them, against other coordinates.

The code works in the plane of the queries, with half wedges and interpolated powers. Here, the key's norm and its
alignments with the two queries are the variables, the bivariate normal distribution function comes from SciPy's Owen's
T, and everything is integrated by Gauss quadrature on two grids, whose difference measures the error.
"""

from __future__ import annotations

import math
from functools import cache, partial
from unittest import mock

import mpmath
import numpy as np
import pytest
from scipy.special import gammaln, log_ndtr, ndtr, ndtri, owens_t, roots_jacobi
from scipy.stats import chi2

from rankbound.bounds import (
    enclose_norm_conditioned,
    norm_conditioned,
    norm_conditioned_barrier,
    second_moment_bound,
    self_query_barrier,
    wedge,
)
from rankbound.bounds.norm_conditioned import binned_moments
from rankbound.bounds.norm_moments import agreement, norm_moments
from rankbound.bounds.self_query import _given_self_win
from rankbound.bounds.win_probability import win_grid

legendre = cache(np.polynomial.legendre.leggauss)


def between(low, high, count):
    nodes, weights = legendre(count)
    return low + (high - low) * (nodes + 1) / 2, weights * (high - low) / 2


def bivariate_cdf(x, y, rho):
    """Phi2(x, y; rho) for |rho| < 1, x y != 0, by Owen's formula (1956)."""
    root = np.sqrt(1 - rho**2)
    value = (ndtr(x) + ndtr(y)) / 2 - owens_t(x, (y - rho * x) / (x * root)) - owens_t(y, (x - rho * y) / (y * root))
    return np.clip(value - np.where(x * y < 0, 0.5, 0.0), 0.0, 1.0)


def alignments(d, count, lowest=-1.0):
    """Cosines above ``lowest`` of a random direction with a given one, through the angle, and their weights."""
    angle, weights = between(0, math.acos(lowest), count)
    log_constant = gammaln(d / 2) - gammaln((d - 1) / 2) - math.log(math.pi) / 2
    return np.cos(angle), weights * np.exp(log_constant + (d - 2) * np.log(np.sin(angle)))


def given_norm(n, d, r, count):
    """Return g(r) and s(r), first and second moment of the pick probability of a key of norm r.

    Scores that 45 other keys are expected to beat are left out: the chance to win with one is below 1e-19.
    """
    lowest = -1.0 if n < 50 else min(max(float(-ndtri(45 / n)) / r, -1.0), 0.999)
    u, wu = alignments(d, count, lowest)
    power = np.exp((n - 1) * log_ndtr(r * u))
    g = float(wu @ power)
    if d == 3:
        v, wv = np.cos((np.arange(count) + 0.5) / count * math.pi), np.full(count, 1 / count)
    else:
        v, wv = roots_jacobi(count, d / 2 - 2, d / 2 - 2)
        wv = wv / wv.sum()
    keep = wu * power > 1e-10 * g
    u, wu = u[keep], wu[keep]
    rho = u[:, None, None] * u[None, :, None] + np.sqrt((1 - u**2)[:, None, None] * (1 - u**2)[None, :, None]) * v
    rho = np.clip(rho, -1 + 1e-12, 1 - 1e-12)
    both = bivariate_cdf(r * u[:, None, None], r * u[None, :, None], rho) ** (n - 1)
    return g, float(wu @ (both @ wv) @ wu)


def over_bin(n, d, low, high, count):
    """Return P_B, A_B and T_B for the bin (low, high) of the norm."""
    r, weights = between(low, high, 6)
    weights = weights * 2 * r * chi2.pdf(r * r, d)
    moments = np.array([given_norm(n, d, x, count) for x in r])
    return float(weights.sum()), float(weights @ moments[:, 0]), float(weights @ moments[:, 1])


BINS = [
    (3, 3, 1.2, 1.5),
    (5, 4, 1.8, 2.0),
    (12, 6, 2.6, 2.9),
    (23, 5, 2.8, 3.0),
    (24, 5, 2.8, 3.0),
    (64, 30, 5.5, 5.8),
    (512, 64, 8.0, 8.3),
    (4096, 16, 5.4, 5.6),
]


@cache
def reference_bin(n, d, low, high):
    fine, coarse = over_bin(n, d, low, high, 72), over_bin(n, d, low, high, 54)
    return fine, [10 * abs(a - b) + 1e-11 * a for a, b in zip(fine, coarse, strict=True)]


@pytest.mark.parametrize(("n", "d", "low", "high"), BINS)
def test_moments_in_a_bin(n, d, low, high):
    (key, win, both), (key_error, win_error, both_error) = reference_bin(n, d, low, high)
    moments = norm_moments(n, d, np.array([0.0, low**2, high**2]))
    together = agreement(moments)
    assert key_error < 1e-9 * key
    assert win_error < 1e-6 * win
    assert both_error < 1e-3 * both
    assert moments.key_low[1] - key_error <= key <= moments.key_high[1] + key_error
    assert moments.win_low[1] - win_error <= win <= moments.win_high[1] + win_error
    assert moments.win_high[1] - moments.win_low[1] <= 2e-3 * win
    assert both - both_error <= together[1] <= both * (1 + 4e-3) + both_error


def half_wedge(rho, angle):
    """K(rho, a) = Q(x)/2 + T(x, tan a), with Owen's T as an integral."""
    x = rho * mpmath.cos(angle)
    owen = mpmath.quad(lambda t: mpmath.exp(-(x**2) / (2 * mpmath.cos(t) ** 2)), [0, angle / 2, angle]) / (
        2 * mpmath.pi
    )
    return mpmath.erfc(x / mpmath.sqrt(2)) / 4 + owen


def wedges_are_right():
    """Bounds contain K; Simpson's combination of the two rules behind them is far closer than either."""
    w = np.array([0.09, 9.0, 150.0])
    quarter = 1500
    low, high = wedge.wedge_masses(w, quarter)
    right = True
    with mpmath.workdps(80):
        for i, value in enumerate(w):
            for column in (1, 700, 1500, 1600, 2900):
                exact = half_wedge(mpmath.sqrt(float(value)), (column - quarter) * mpmath.pi / 2 / quarter)
                share = 2 / 3 if column < quarter else 1 / 3
                close = low[i, column] * share + high[i, column] * (1 - share)
                right &= bool(low[i, column] <= exact <= high[i, column])
                right &= bool(abs(close - exact) <= mpmath.mpf("2e-9") * exact)
                right &= bool(high[i, column] - low[i, column] <= mpmath.mpf("1e-4") * exact)
    return right


def test_half_wedges():
    assert wedges_are_right()


@pytest.mark.parametrize("ingredient", ["mills_slope", "mills_ratio", "normal_density"])
def test_an_error_of_1e_6_in_a_half_wedge_is_caught(ingredient):
    honest = getattr(wedge, ingredient)
    for factor in (1 + 1e-6, 1 - 1e-6):
        with mock.patch.object(wedge, ingredient, partial(lambda by, z: honest(z) * by, factor)):
            assert not wedges_are_right(), (ingredient, factor)


@pytest.mark.parametrize("n", [24, 64, 4096, 10**9, 10**15])
def test_interpolated_factors_stay_above_the_power(n):
    """Anywhere between the nodes, seeded places: the bilinear interpolation of ``factor`` against (1-K)^(n-1)."""
    grid = wedge.pair_grid(n)
    rng = np.random.default_rng(n % 1000)
    reach = (grid.factor.shape[1] - 1) // 2
    checked = 0
    with mpmath.workdps(25):
        while checked < 12:
            row, column = rng.integers(0, len(grid.w) - 1), rng.integers(0, 2 * reach)
            corners = grid.factor[row : row + 2, column : column + 2]
            if not 1e-8 < corners.min() < 1 - 1e-9:
                continue
            checked += 1
            p, q = rng.uniform(size=2)
            value = (1 - p) * ((1 - q) * corners[0, 0] + q * corners[0, 1]) + p * (
                (1 - q) * corners[1, 0] + q * corners[1, 1]
            )
            w = mpmath.mpf(grid.w[row]) + p * mpmath.mpf(grid.w[row + 1] - grid.w[row])
            mass = half_wedge(mpmath.sqrt(w), (column - reach + mpmath.mpf(q)) * mpmath.mpf(grid.step))
            exact = (1 - mass) ** (n - 1)
            assert exact * (1 - mpmath.mpf("1e-9")) <= value <= exact * (1 + mpmath.mpf("0.05"))
            assert (grid.ratio[row : row + 2, column : column + 2] <= mass / (1 - mass)).all()


@pytest.mark.parametrize("n", [3, 63, 64, 4096, 10**15])
def test_chance_of_winning_given_the_distance_in_a_plane(n):
    """Y(w) at and between nodes, by mpmath; the second derivative by its own differences."""
    grid = win_grid(n)
    with mpmath.workdps(32):

        def chance(w):
            cuts = [mpmath.pi * k / 12 for k in range(13)]
            return mpmath.quad(lambda a: mpmath.ncdf(mpmath.sqrt(w) * mpmath.cos(a)) ** (n - 1), cuts) / mpmath.pi

        middle = int(np.searchsorted(grid.low, 0.3 * grid.low[-1]))
        for row in (middle // 2, middle, (middle + len(grid.w)) // 2):
            a, b = mpmath.mpf(float(grid.w[row])), mpmath.mpf(float(grid.w[row + 1]))
            left, centre, right = chance(a), chance((a + b) / 2), chance(b)
            error = mpmath.mpf("1e-24") + left * mpmath.mpf("1e-12")
            assert grid.low[row] - error <= left <= grid.high[row] + error
            if grid.bend_low[row] == grid.bend_high[row] == 0:  # bounded by its ends
                assert grid.low[row + 1] - error <= left <= centre <= right <= grid.high[row] + error
                continue
            assert grid.high[row] - grid.low[row] <= 1e-9 * grid.high[row] + 1e-13 / n
            bend = 4 * (left - 2 * centre + right) / (b - a) ** 2
            slack = mpmath.mpf("1e-10") / (b - a) ** 2 * left
            assert grid.bend_low[row] - slack <= bend <= grid.bend_high[row] + slack


def test_all_wins_add_up():
    """E[g(R)] = 1/n: a check of A_B that no reference is needed for, at sizes beyond any simulation too."""
    for n, d in (
        (2, 5),
        (3, 3),
        (24, 2),
        (512, 16),
        (10**6, 64),
        (10**15, 3),
        (10**15, 1000),
        (10**18, 10**10),
        (64, 1),
    ):
        moments = binned_moments(n, d, n)
        low, high = n * float(moments.win_low.sum()), n * float(moments.win_high.sum())
        assert 1 - 3e-4 <= low <= 1 <= high <= 1 + 3e-4, (n, d)


@cache
def by_quadrature(n, d, m, count):
    """Return U, L and the bound given who wins the query that points at key 1, by Gauss quadrature in the norm."""

    def hits(p):
        return -np.expm1(m * np.log1p(-np.minimum(p, 1 - 1e-15)))

    r, weights = between(math.sqrt(chi2.ppf(1e-13, d)), math.sqrt(chi2.isf(1e-13 / n, d)), count)
    weights = weights * 2 * r * chi2.pdf(r * r, d)
    g, s = np.array([given_norm(n, d, x, 44 + count // 18) for x in r]).T
    u, wu = alignments(d, 400)
    x = r[:, None] * u
    tangent = np.tan(np.arccos(np.abs(u)))
    mass = ndtr(-np.abs(x)) / 2 + owens_t(np.abs(x), tangent)
    mass = np.where(u > 0, mass, 1 - mass)
    alone = ndtr(r) ** (n - 1)
    won = np.minimum(np.maximum(1 - mass - ndtr(-r)[:, None] / 2, 0) ** (n - 1) @ wu, g)
    rest = (g - won) / np.maximum(1 - alone, 1e-300)
    return (
        n * float(weights @ hits(g)),
        n * float(weights @ (g * g / s * hits(s / g))),
        n * float(weights @ (alone * hits(won / np.maximum(alone, 1e-300)) + (1 - alone) * hits(rest))),
    )


SLOW = pytest.mark.thorough
CURVES = [(64, 4, 7), pytest.param(200, 3, 200, marks=SLOW), pytest.param(512, 8, 512, marks=SLOW), (512, 16, 100)]


@pytest.mark.parametrize(("n", "d", "m"), CURVES)
def test_the_bounds_as_a_whole(n, d, m):
    """From their own side, and as close as documented."""
    fine, coarse = by_quadrature(n, d, m, 72), by_quadrature(n, d, m, 56)
    errors = [5 * abs(a - b) + 1e-8 * a for a, b in zip(fine, coarse, strict=True)]
    (upper, lower, self_query), (upper_error, lower_error, self_error) = fine, errors
    assert max(upper_error / upper, lower_error / lower, self_error / self_query) < 2e-3
    bound = norm_conditioned_barrier(n, d, n_queries=m)
    assert upper - upper_error <= bound <= upper * (1 + 2e-4) + upper_error
    bound = second_moment_bound(n, d, n_queries=m)
    assert lower * (1 - 5e-3) - lower_error <= bound <= lower + lower_error
    bound = self_query_barrier(n, d, n_queries=m)
    assert self_query - self_error <= bound <= self_query * (1 + 1e-3) + self_error


REFERENCE = [
    (64, 4, 16.668205, 21.308646),
    (512, 16, 187.49405, 192.23814),
    (512, 64, 278.47888, 279.09937),
    (4096, 64, 1922.7184, 1924.8521),
]


@pytest.mark.parametrize(("n", "d", "low", "high"), REFERENCE)
def test_reference_numbers(n, d, low, high):
    """U and L to eight digits, agreed upon by two grids in other coordinates."""
    enclosure = enclose_norm_conditioned(n, d)
    assert high * (1 - 1e-7) <= enclosure.upper <= high * (1 + 2e-4)
    assert high * (1 - 2e-3) <= enclosure.lower <= high * (1 + 1e-7)
    assert low * (1 - (5e-4 if d >= 64 else 5e-3)) <= second_moment_bound(n, d) <= low * (1 + 1e-7)


def test_u_for_a_million_keys():
    assert 391645.49 * (1 - 1e-7) <= norm_conditioned_barrier(10**6, 128) <= 391645.49 * (1 + 2e-4)


@pytest.mark.parametrize("n", [3, 512, 10**18])
def test_u_in_one_dimension(n):
    """d = 1: g(r) is the mean of Phi(r)^{n-1} and Phi(-r)^{n-1}."""
    with mpmath.workdps(32):
        middle = mpmath.sqrt(2 * mpmath.log(n))
        nodes = [mpmath.mpf(0), *(x for x in (middle + k * mpmath.mpf("0.5") for k in range(-4, 8)) if x > 0)]

        def term(r):
            g = (mpmath.ncdf(r) ** (n - 1) + mpmath.ncdf(-r) ** (n - 1)) / 2
            return 2 * n * mpmath.npdf(r) * -mpmath.expm1(n * mpmath.log1p(-g))

        value = mpmath.quad(term, nodes)
    enclosure = enclose_norm_conditioned(n, 1)
    assert enclosure.lower * (1 - 1e-12) <= value <= enclosure.upper * (1 + 1e-12)
    assert enclosure.upper <= value * (1 + 3e-4)


@pytest.mark.parametrize(("n", "d"), [(64, 4), (512, 8)])
def test_winning_one_s_own_query(n, d):
    """P_V and A_V in the bins of the bound, by quadrature in the norm and the angle."""
    moments = binned_moments(n, d, n)
    alone, wins = _given_self_win(moments)
    u, wu = alignments(d, 600)
    mass = np.where(u > 0, 0.0, 1.0)
    for i in (len(alone) // 3, len(alone) // 2, 2 * len(alone) // 3):
        r, weights = between(math.sqrt(moments.edges[i]), math.sqrt(moments.edges[i + 1]), 12)
        weights = weights * 2 * r * chi2.pdf(r * r, d)
        x = np.abs(r[:, None] * u)
        half = ndtr(-x) / 2 + owens_t(x, np.tan(np.arccos(np.abs(u))))
        mass = np.where(u > 0, half, 1 - half)
        value = weights @ (np.maximum(1 - mass - ndtr(-r)[:, None] / 2, 0) ** (n - 1) @ wu)
        assert value * (1 - 2e-2) <= wins[i] <= value * (1 + 1e-9)
        exact = weights @ ndtr(r) ** (n - 1)
        assert exact * (1 - 1e-9) <= alone[i] <= exact * (1 + 1e-2)


@pytest.mark.parametrize("most", [3, 10, 40])
def test_few_bins_make_a_bound_looser_never_wrong(most):
    """Any bins give true statements: hardly any are allowed here."""
    binned_moments.cache_clear()
    try:
        with (
            mock.patch.object(norm_conditioned, "_FIRST_BINS", most),
            mock.patch.object(norm_conditioned, "_ROUNDS", 0),
        ):
            enclosure = enclose_norm_conditioned(512, 16)
            narrower = self_query_barrier(512, 16)
    finally:
        binned_moments.cache_clear()
    assert 0 <= enclosure.lower <= 192.23814
    assert 192.16406 <= narrower <= enclosure.upper * (1 + 1e-12)
    assert 192.23813 <= enclosure.upper <= 512
