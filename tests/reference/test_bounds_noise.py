"""The lower bound's four steps, each against a computation of its own.

``S(rho)``, the chance that key 1 wins in two directions of cosine ``rho``, is an integral of the bivariate normal law:
``S = int int phi2 Phi2^{n-1}``. For ``rho >= 0`` both are mixtures over a shared normal ``z``, which turns them into
matrix products on a grid; for ``rho < 0`` the second score is reflected.
"""

from __future__ import annotations

import math
from functools import cache

import mpmath
import numpy as np
import pytest
from flint import arb
from scipy.special import ndtr

from rankbound.bounds import noise_stability, noise_stability_bound
from rankbound.bounds.balls import float_above, float_below, working_precision

gauss_legendre = cache(np.polynomial.legendre.leggauss)
COSINES = [0.02, 0.1, 0.3, 0.6, 0.85, 0.95]


def stability(n, rho):
    """Return S(rho) by the trapezoidal rule, which converges geometrically for these densities; |rho| <= 0.95."""
    size, sign = abs(rho), math.copysign(1.0, rho)
    x = np.arange(-9, 9.001, 0.06)
    root, rest = math.sqrt(size), math.sqrt(1 - size)
    z_weight = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * 0.06
    first = (x[:, None] - root * x[None, :]) / rest
    second = (x[:, None] - sign * root * x[None, :]) / rest

    def mixture(f):
        return (f(first) * z_weight) @ f(second).T

    density = mixture(lambda v: np.exp(-v * v / 2) / math.sqrt(2 * math.pi) / rest)
    cdf = np.clip(mixture(ndtr), 0, 1)
    return float((density * cdf ** (n - 1)).sum() * 0.06**2)


def test_the_reference_itself():
    """n = 1: always; n = 2: the quadrant probability 1/4 + arcsin(rho)/(2 pi); rho = 0: independent, 1/n^2."""
    for rho in [*COSINES, *(-c for c in COSINES), 0.0]:
        assert abs(stability(1, rho) - 1) < 1e-12
        assert abs(stability(2, rho) - (0.25 + math.asin(rho) / (2 * math.pi))) < 1e-12
    for n in (2, 3, 8, 50):
        assert abs(stability(n, 0.0) - 1 / n**2) < 1e-12


def excess(n, rho):
    return math.expm1(2 * math.log(n) * rho / (1 + rho)) / 2


@pytest.mark.parametrize("n", [2, 3, 4, 8, 64])
def test_the_steps_of_the_argument(n):
    tolerance = 1e-12
    even = {}
    for rho in COSINES:
        plus, minus = stability(n, rho), stability(n, -rho)
        assert plus <= n ** (-2 / (1 + rho)) + tolerance, "hypercontractivity"
        assert minus <= 1 / n**2 + tolerance, "Slepian"
        even[rho] = (plus + minus) / 2 - 1 / n**2
        assert even[rho] >= -tolerance, "the even part has non-negative weights"
        assert n**2 * even[rho] <= excess(n, rho) + n**2 * tolerance
    for rho in COSINES:
        for s in COSINES:
            if rho <= s:
                assert even[rho] <= (rho / s) ** 2 * even[s] + tolerance, "every power is at least the second"


def exceedance(n, d, nodes):
    """Return the piecewise majorant of n q - 1, in the cosine rho instead of the angle, and the corner s it uses."""
    s = min(0.8 / math.log(n), 0.9)
    constant = 2 * math.gamma(d / 2) / (math.sqrt(math.pi) * math.gamma((d - 1) / 2))
    points, weights = gauss_legendre(nodes)

    def density(rho):
        return constant * (1 - rho * rho) ** ((d - 3) / 2)

    low, wl = (points + 1) / 2 * s, weights * s / 2
    # rho = 1 - v^2 takes the singularity of the density at 1 away for d = 2, and leaves a polynomial factor above.
    v, wv = (points + 1) / 2 * math.sqrt(1 - s), weights * math.sqrt(1 - s) / 2
    high = 1 - v * v
    inner = excess(n, s) / s**2 * float(wl @ (density(low) * low**2))
    outer = float(wv @ (2 * v * density(high) * np.expm1(2 * math.log(n) * high / (1 + high)) / 2))
    return inner + outer


CASES = [(2, 2), (3, 2), (3, 3), (8, 3), (64, 4), (512, 16), (512, 128), (10**6, 64), (10**9, 5), (10**15, 100)]


def even_part_is_contained(n, d):
    value = exceedance(n, d, 400)
    error = 10 * abs(value - exceedance(n, d, 300)) + 1e-12 * value
    assert error < 1e-9 * value
    with working_precision(64 + n.bit_length() + d.bit_length()):
        ball = noise_stability.stability_excess(arb(n).log(), d, arb(1) / 2)
        low, high = float_below(ball), float_above(ball)
    assert high - low <= 1e-9 * value
    return low - error <= value <= high + error


@pytest.mark.parametrize(("n", "d"), CASES)
def test_the_integral_over_the_cosine(n, d):
    assert even_part_is_contained(n, d)


def test_an_error_of_1e_6_in_the_integrand_is_caught(scaled_integrands):
    for factor in (1 + 1e-6, 1 - 1e-6):
        for case in CASES:
            with scaled_integrands(noise_stability, factor):
                assert not even_part_is_contained(*case), case
    with scaled_integrands(noise_stability, 1.0):
        assert all(even_part_is_contained(*case) for case in CASES)


@pytest.mark.parametrize(("n", "d"), [(3, 2), (3, 3), (8, 3), (8, 8), (32, 5)])
def test_the_probability_that_two_queries_agree_is_below_the_bound_used(n, d):
    """q = n E[S(rho)] by quadrature over the cosine, its even part only, as rho and -rho are equally likely."""
    constant = 2 * math.gamma(d / 2) / (math.sqrt(math.pi) * math.gamma((d - 1) / 2))
    # Up to 0.95 by Gauss-Legendre; beyond, S lies between S(0.95) and 1/n, S(-rho) between 0 and S(-0.95).
    points, weights = np.polynomial.legendre.leggauss(12)
    rho, wr = (points + 1) / 2 * 0.95, weights * 0.95 / 2
    middle = sum(
        w * constant * (1 - r * r) ** ((d - 3) / 2) * (stability(n, r) + stability(n, -r)) / 2
        for r, w in zip(rho, wr, strict=True)
    )
    with mpmath.workdps(20):
        beyond = float(constant * mpmath.quad(lambda a: mpmath.sin(a) ** (d - 2), [0, mpmath.acos(0.95)]))
    low = n * (middle + beyond * stability(n, 0.95) / 2)
    high = n * (middle + beyond * (1 / n + stability(n, -0.95)) / 2)
    with working_precision(96):
        used = float_above((1 + noise_stability.stability_excess(arb(n).log(), d, arb(1) / 2)) / n)
    assert 1 / n - 1e-9 <= low <= high
    assert high <= used
    if n == 3 and d == 2:  # the triangle's angles, see test_bounds_small_ranks
        assert low - 1e-6 <= 0.38566375 <= high + 1e-6


def test_the_bound_is_the_collision_bound_it_says_it_is():
    """psi(q) = (1-(1-q)^m)/q recomputed from the float above q; never below 2 - 2^(1-m)."""
    for n, d, m in ((8, 3, 8), (512, 64, 512), (512, 64, 7), (4096, 1000, 10**6), (10**6, 10**5, 10**6)):
        q = (1 + exceedance(n, d, 400)) / n if d < 300 else None
        bound = noise_stability_bound(n, d, n_queries=m)
        assert bound >= 2 - 2.0 ** (1 - m) - 1e-15
        if q is not None:
            psi = -math.expm1(m * math.log1p(-q)) / q
            assert abs(bound - max(psi, 2 - 2.0 ** (1 - m))) <= 1e-9 * psi
