"""E[rank] where it is known in closed form or by enumeration, inside its enclosure.

**Three keys, any head_dim.** A query sees only its projection on the plane through three keys, where it is isotropic,
so key 1 is picked with probability ``(pi - a)/(2 pi)``, ``a`` the triangle's angle there: the angle between two
Gaussian vectors of correlation 1/2. The density of the cosine of that angle is Fisher's law of the sample correlation
(1915). That gives E[rank] for every number of queries, and P(two queries agree).
"""

from __future__ import annotations

import math
from functools import cache

import mpmath
import numpy as np
import pytest

from rankbound.bounds import (
    barrier,
    enclose_norm_conditioned,
    expected_rank,
    noise_stability_bound,
    norm_conditioned_barrier,
    norm_conditioned_gap,
)
from rankbound.verdict import Rigour

HEAD_DIMS = [2, 3, 5, 16, 64, 500]
PLANAR = 2.000917448724
"""E[rank] for three keys and three queries in the plane, to 12 decimals."""


def triangle_law(head_dim, nodes=400):
    """Return the chances of key 1 and their weights, by Gauss-Legendre in the angle and the trapezoidal rule inside."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    angle, weights = (points + 1) / 2 * math.pi, weights * math.pi / 2
    step = 0.1 / math.sqrt(head_dim)
    t = np.arange(400) * step
    kernel = np.exp(-head_dim * np.log(np.cosh(t) - np.cos(angle)[:, None] / 2))
    kernel[:, 0] /= 2
    density = (head_dim - 1) / math.pi * 0.75 ** (head_dim / 2) * np.sin(angle) ** (head_dim - 2)
    return 0.5 - angle / (2 * math.pi), weights * density * kernel.sum(axis=1) * step


@cache
def three_keys(head_dim):
    chance, weight = triangle_law(head_dim)
    assert abs(weight.sum() - 1) < 1e-12
    assert abs(3 * (weight @ chance) - 1) < 1e-12
    return chance, weight


def rank_of_three(head_dim, m):
    chance, weight = three_keys(head_dim)
    return float(3 * (weight @ -np.expm1(m * np.log1p(-chance))))


def test_the_planar_value_by_two_routes():
    """Against the formula that counts, over the circle, in which arc two successive queries fall (n = m = 3, d = 2)."""
    assert abs(rank_of_three(2, 3) - PLANAR) < 1e-11
    # E[D] = m - n m(m-1)/(2 pi) int_0^pi (1 - t/(2 pi))^(m-2) w(t) dt, with w(t) the chance that key 1 wins in both of
    # two directions t apart: E (A - t)^+ / (2 pi), A = 2 pi p its cone's angle.
    chance, weight = three_keys(2)
    points, weights = np.polynomial.legendre.leggauss(300)
    t, wt = (points + 1) / 2 * math.pi, weights * math.pi / 2
    w = np.maximum(2 * math.pi * chance - t[:, None], 0) @ weight / (2 * math.pi)
    value = 3 - 9 / math.pi * float(wt @ ((1 - t / (2 * math.pi)) * w))
    assert abs(value - PLANAR) < 1e-4  # the kink of (A - t)^+ limits this rule, not the formula


def test_the_planar_value_by_orthant_integrals():
    """w(t) as an integral over key 1 of Phi2^(n-1), the bivariate normal cdf from SciPy's quadrature-free Owen's T."""
    from scipy.special import ndtr, owens_t

    def phi2(x, y, rho):
        """The bivariate normal cdf by Owen (1956), equation 3.1, for x, y != 0."""
        s = np.sqrt(1 - rho * rho)
        crossing = np.where(x * y > 0, 0.0, 0.5)
        return ndtr(x) / 2 + ndtr(y) / 2 - owens_t(x, (y / x - rho) / s) - owens_t(y, (x / y - rho) / s) - crossing

    points, weights = np.polynomial.legendre.leggauss(60)
    t, wt = (points + 1) / 2 * math.pi, weights * math.pi / 2
    r, wr = (points + 1) / 2 * 9, weights * 9 / 2
    turn = (np.arange(240) + 0.5) / 240 * 2 * math.pi  # periodic: the midpoint rule converges fast
    w = np.zeros_like(t)
    for i, apart in enumerate(t):
        x, y = np.outer(r, np.cos(turn)), np.outer(r, np.cos(apart - turn))
        w[i] = (wr * r * np.exp(-r * r / 2)) @ (phi2(x, y, math.cos(apart)) ** 2).mean(axis=1)
    value = 3 - 3 * 3 * 2 / (2 * math.pi) * float(wt @ ((1 - t / (2 * math.pi)) * w))
    assert abs(value - PLANAR) < 1e-6


@pytest.mark.parametrize("m", [1, 2, 3, 4, 10, 100])
@pytest.mark.parametrize("head_dim", HEAD_DIMS)
def test_three_keys(head_dim, m):
    value = rank_of_three(head_dim, m)
    enclosure = expected_rank(3, head_dim, n_queries=m)
    assert enclosure.lower - 1e-11 <= value <= enclosure.upper + 1e-11
    assert value <= norm_conditioned_barrier(3, head_dim, n_queries=m) + 1e-11
    assert enclosure.width <= min(1.0, 5 / head_dim)  # E[rho^2] = 1/head_dim governs the lower bound


@pytest.mark.parametrize("m", [2, 3, 4, 10])
@pytest.mark.parametrize("head_dim", HEAD_DIMS)
def test_the_gap_below_the_norm_conditioned_barrier(head_dim, m):
    """U - E[rank] <= the gap, and it is not idle: within a factor of the number of queries where the head is wide."""
    conditioned = enclose_norm_conditioned(3, head_dim, n_queries=m)
    gap = norm_conditioned_gap(3, head_dim, n_queries=m)
    value = rank_of_three(head_dim, m)
    assert conditioned.upper - value <= gap + 1e-4
    assert conditioned.lower - gap <= value + 1e-11
    assert gap <= m * (m - 1) / 12 * (1 + 40 / head_dim)


def test_the_coincidence_of_the_best_two_keys():
    """Three keys: q_2 = P(two queries agree on the best and the second) against the bound that the gap is made of.

    Which of three keys comes last is decided by the opposite query, so q_2 is found by counting in seeded draws; a
    count this far above its mean has probability below 1e-9 (Hoeffding).
    """
    rng = np.random.default_rng(7)
    draws = 200_000
    slack = math.sqrt(math.log(1e9) / (2 * draws))
    for head_dim in (2, 3, 8, 64):
        keys = rng.standard_normal((draws, 3, head_dim))
        orders = [
            np.argsort(np.einsum("rkd,rd->rk", keys, rng.standard_normal((draws, head_dim))), axis=1) for _ in range(2)
        ]
        agreeing = float((orders[0] == orders[1]).all(axis=1).mean())
        bound = norm_conditioned_gap(3, head_dim, n_queries=2)  # m(m-1)/2 = 1
        assert agreeing - slack <= bound, f"seed 7, head_dim {head_dim}"
        assert agreeing >= 1 / 6 - slack, f"seed 7, head_dim {head_dim}"


def test_the_bounds_at_three_keys_are_not_idle():
    """The two ends close on the value from both sides as the head widens, at m != n too."""
    for m in (3, 10):
        gaps = [
            (
                rank_of_three(d, m) - noise_stability_bound(3, d, n_queries=m),
                norm_conditioned_barrier(3, d, n_queries=m) - rank_of_three(d, m),
            )
            for d in HEAD_DIMS
        ]
        assert all(low >= 0 and high >= 0 for low, high in gaps)
        assert max(gaps[-1]) < 0.01


@pytest.mark.parametrize("m", [1, 2, 3, 10, 64, 1000, 5000, 10**18])
def test_one_dimension_and_two_keys(m):
    """2 - 2^(1-m): one query direction or its opposite; two keys, each the better with probability 1/2."""
    with mpmath.workdps(30):
        value = 2 - mpmath.mpf(2) ** (1 - min(m, 10**4))
        for n, d in ((2, 1), (2, 7), (3, 1), (512, 1), (10**18, 1), (2, 10**10)):
            enclosure = expected_rank(n, d, n_queries=m)
            assert enclosure.lower <= value + mpmath.mpf(10) ** -28
            assert value <= enclosure.upper + mpmath.mpf(10) ** -28
            assert enclosure.width <= 1e-15
            assert enclosure.rigour is Rigour.EXACT
            assert noise_stability_bound(n, d, n_queries=m) <= value
            assert norm_conditioned_barrier(n, d, n_queries=m) >= value


def test_one_key_and_one_query():
    for d in (1, 2, 10**6):
        assert expected_rank(1, d, n_queries=10**18).lower == expected_rank(1, d, n_queries=10**18).upper == 1
        assert expected_rank(10**9, d, n_queries=1).lower == 1
        assert expected_rank(10**9, d, n_queries=1).upper <= 1 + 1e-15


# n, head_dim, E[rank] known to lie between these: the second-moment and norm-conditioned integrals, ten digits each.
SANDWICH = [
    (64, 4, 16.668205, 21.308646),
    (512, 16, 187.49405, 192.23814),
    (512, 64, 278.47888, 279.09937),
    (4096, 64, 1922.7184, 1924.8521),
]


@pytest.mark.parametrize(("n", "d", "low", "high"), SANDWICH)
def test_close_to_the_second_moment_sandwich(n, d, low, high):
    enclosure = expected_rank(n, d)
    assert low * (1 - 5e-3) <= enclosure.lower <= high
    assert low <= enclosure.upper <= min(high * (1 + 2e-4), barrier(n).upper)


@pytest.mark.parametrize("n", [3, 8, 64, 512, 4096, 10**6, 10**12, 10**18])
def test_noise_stability_alone_is_within_five_percent_from_16_log2_n_on(n):
    head_dim = math.ceil(16 * math.log(n) ** 2)
    assert noise_stability_bound(n, head_dim) >= 0.95 * norm_conditioned_barrier(n, head_dim)
