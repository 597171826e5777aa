"""The law of the winning key's norm, and the upper bound made of it, against quadrature in other coordinates.

The code integrates over the largest score and cuts the key's norm into bins; here everything is an integral over a
key's own norm ``r`` and the cosine ``u`` between it and the query: ``g(r) = E_u[Phi(ru)^{n-1}]`` is the chance of
being picked, ``P(|winner| <= R) = n int_0^R f(r) g(r) dr`` and ``U = n E[h(g(|k|))]``. U is computed by the
trapezoidal rule in ``artanh u`` and ``log r`` at 30 digits, with its error measured on ``n E[g(|k|)] = 1``; the law of
the winner by Gauss-Legendre in floats, on two grids.
"""

from __future__ import annotations

import math
from functools import cache

import mpmath
import numpy as np
import pytest
from flint import arb
from scipy.special import gammainc, gammaln, log_ndtr, roots_legendre

from rankbound.bounds import enclose_norm_conditioned, norm_conditioned, norm_conditioned_barrier
from rankbound.bounds.balls import float_above, float_below, working_precision

DIGITS = 30


def directions(d, step):
    """Return nodes and weights for the first coordinate of a uniform unit vector, ``u = tanh t``, ``d >= 2``."""
    constant = mpmath.gamma(mpmath.mpf(d) / 2) / (mpmath.sqrt(mpmath.pi) * mpmath.gamma(mpmath.mpf(d - 1) / 2))
    last = int((mpmath.mpf(75) / (d - 1) + 2) / step)
    times = [k * step for k in range(-last, last + 1)]
    return [mpmath.tanh(t) for t in times], [step * constant * mpmath.sech(t) ** (d - 1) for t in times]


@cache
def upper_integral(n, d, m, step):
    """Return U(n, d) and n E[g], with steps ``step`` in ``artanh u`` and ``step/2`` in ``log r``."""
    step = mpmath.mpf(step)
    cosines, weights = directions(d, step)
    constant = mpmath.mpf(2) ** (1 - mpmath.mpf(d) / 2) / mpmath.gamma(mpmath.mpf(d) / 2)
    total, mass, step_r = mpmath.mpf(0), mpmath.mpf(0), step / 2
    k = int(-mpmath.mpf(DIGITS) * mpmath.log(10) / d / step_r)
    while k * step_r < mpmath.log(mpmath.sqrt(d) + 12):
        r = mpmath.exp(k * step_r)
        k += 1
        weight = step_r * constant * r**d * mpmath.exp(-r * r / 2)
        if weight < mpmath.mpf(10) ** -28:
            continue
        g = mpmath.fsum(w * mpmath.ncdf(r * u) ** (n - 1) for u, w in zip(cosines, weights, strict=True))
        total += weight * n * -mpmath.expm1(m * mpmath.log1p(-g))
        mass += weight * n * g
    return total, mass


@pytest.mark.parametrize(
    ("n", "d", "m", "step"),
    [
        (8, 3, 8, 0.2),
        (8, 3, 40, 0.2),
        (64, 4, 64, 0.125),
        (64, 16, 64, 0.06),
        (64, 16, 5, 0.06),
        (512, 16, 512, 0.06),
    ],
)
def test_upper_bound_contains_u_and_is_tight(n, d, m, step):
    with mpmath.workdps(DIGITS):
        u, mass = upper_integral(n, d, m, step)
        own_error = abs(mass - 1)
        assert own_error < mpmath.mpf(10) ** -6
        bound = norm_conditioned_barrier(n, d, n_queries=m)
        assert u * (1 - 10 * own_error) <= bound <= u * (1 + mpmath.mpf("3e-4"))
        enclosure = enclose_norm_conditioned(n, d, n_queries=m)
        assert enclosure.lower <= u * (1 + 10 * own_error)
        assert u <= enclosure.upper * (1 + 10 * own_error)
        assert enclosure.lower >= u * (1 - mpmath.mpf("4e-3"))  # the lower end loses about twelve times the loss, 1e-4


def test_upper_bound_at_reference_numbers():
    """(512, 64) and (4096, 64), known to ten digits."""
    for n, d, u in ((512, 64, 279.09937), (4096, 64, 1924.8521), (10**6, 128, 391645.49)):
        enclosure = enclose_norm_conditioned(n, d, width=1e-4)
        assert u * (1 - 1e-8) <= enclosure.upper <= u * (1 + 5e-5)
        assert u * (1 - 5e-4) <= enclosure.lower <= u * (1 + 1e-8)


def test_a_smaller_width_tightens_the_bound():
    with mpmath.workdps(DIGITS):
        u = float(upper_integral(64, 16, 64, 0.06)[0])
    loose, tight = (norm_conditioned_barrier(64, 16, width=width, most_bins=2000) for width in (1e-3, 1e-5))
    assert u * (1 - 1e-7) <= tight <= loose
    assert tight <= u * (1 + 1e-5)


# (n, d, r): small and large, and both sides of n = 128, where the code changes how it treats Phi(-x)^n.
CASES = [
    (1, 3, 1.7),
    (2, 2, 1.3),
    (3, 2, 2.0),
    (8, 3, 2.5),
    (64, 4, 3.1),
    (128, 16, 4.9),
    (129, 16, 4.9),
    (512, 64, 8.4),
    (4096, 64, 8.6),
    (10**6, 3, 5.5),
    (10**6, 128, 12.0),
]


gauss_legendre = cache(roots_legendre)


def by_norm_and_angle(n, d, r, nodes):
    """Return ``n int_0^r f(x) E_u[Phi(xu)^{n-1}] dx``, Gauss-Legendre in the norm x and the angle arccos(u)."""
    points, weights = gauss_legendre(nodes)
    x, wx = (points + 1) / 2 * r, weights * r / 2
    angle, wa = (points + 1) / 2 * math.pi, weights * math.pi / 2
    log_f = (1 - d / 2) * math.log(2) - gammaln((d - 1) / 2) - math.log(math.pi) / 2 + (d - 1) * np.log(x) - x * x / 2
    exponent = (n - 1) * log_ndtr(np.outer(x, np.cos(angle))) + (d - 2) * np.log(np.sin(angle)) + log_f[:, None]
    return n * float(wx @ np.exp(exponent) @ wa)


@cache
def winner_reference(n, d, r):
    """Return the value and a bound on its error: the change under refinement, and rounding carried by the power n."""
    value = by_norm_and_angle(n, d, r, 900)
    change = abs(value - by_norm_and_angle(n, d, r, 600))
    return value, 10 * change + value * 2.0**-52 * (n + 200)


def winner_is_contained(n, d, r):
    """Say whether the enclosure of P(|winner| <= r) is narrow and agrees with the reference."""
    value, error = winner_reference(n, d, r)
    with working_precision(64 + n.bit_length() + d.bit_length()):
        ball = norm_conditioned.winner_norm_cdf(arb(r), n, d)
        low, high = float_below(ball), float_above(ball)
    assert high - low <= 1e-11 * value
    return low - error <= value <= high + error


@pytest.mark.parametrize(("n", "d", "r"), CASES)
def test_winner_norm_cdf_contains_the_reference(n, d, r):
    value, error = winner_reference(n, d, r)
    assert 0.01 < value < 0.9999
    assert error < 2e-9 * value
    assert winner_is_contained(n, d, r)


def test_an_error_of_1e_6_in_the_integrand_is_caught(scaled_integrands):
    for factor in (1 + 1e-6, 1 - 1e-6):
        for case in CASES:
            with scaled_integrands(norm_conditioned, factor):
                assert not winner_is_contained(*case), case
    with scaled_integrands(norm_conditioned, 1.0):
        assert all(winner_is_contained(*case) for case in CASES)


def test_an_error_in_the_law_of_the_key_is_caught():
    """P(chi^2_d > x) against Wallis' finite sums, which hold for whole d/2 and need no special function."""
    with working_precision(128):
        for d, x in ((2, 3.0), (4, 3.0), (16, 20.0), (64, 40.0), (128, 200.0)):
            ball = norm_conditioned._chi2_above(arb(x), d)
            with mpmath.workdps(40):
                half = mpmath.mpf(x) / 2
                value = mpmath.exp(-half) * mpmath.fsum(half**k / mpmath.factorial(k) for k in range(d // 2))
                assert float_below(ball) <= value <= float_above(ball)
            assert float_above(ball) - float_below(ball) <= 1e-15


@pytest.mark.parametrize("n", [1, 2, 5, 512, 10**9, 10**18])
def test_winner_in_one_dimension_is_the_largest_of_the_scores_in_modulus(n):
    """P(|M| <= r) = Phi(r)^n - Phi(-r)^n."""
    r = max(0.5, math.sqrt(2 * math.log(n)))
    with mpmath.workdps(60), working_precision(64 + n.bit_length()):
        value = mpmath.ncdf(r) ** n - mpmath.ncdf(-r) ** n
        ball = norm_conditioned.winner_norm_cdf(arb(r), n, 1)
        assert float_below(ball) <= value <= float_above(ball)
        assert float_above(ball) - float_below(ball) <= 1e-14 * float(value)


@pytest.mark.parametrize("d", [2, 3, 8, 64, 1000, 10**6])
def test_a_single_key_wins_and_has_its_own_law(d):
    """With n = 1, |winner| ~ chi_d: the code's quadrature against SciPy's incomplete gamma function."""
    for r in (math.sqrt(d) - 0.6, math.sqrt(d), math.sqrt(d) + 0.8):
        with working_precision(96):
            ball = norm_conditioned.winner_norm_cdf(arb(r), 1, d)
            low, high = float_below(ball), float_above(ball)
        value = float(gammainc(d / 2, r * r / 2))
        error = 1e-12 * value + 2.0**-52 * d * value  # the float r*r/2 is off by 2^-53, and the law is sqrt(d) steep
        assert low - error <= value <= high + error
        assert high - low <= 1e-11


def test_the_mass_of_the_winner_adds_up_to_one():
    """n E[g(R)] = 1: the cdf tends to 1, for n beyond any simulation too."""
    for n, d in ((2, 5), (512, 16), (10**6, 64), (10**15, 1000), (10**18, 2)):
        with working_precision(64 + n.bit_length() + d.bit_length()):
            far = arb(math.sqrt(d) + 3 * math.sqrt(2 * math.log(n)) + 12)
            ball = norm_conditioned.winner_norm_cdf(far, n, d)
            assert 1 - 1e-9 <= float_below(ball) <= 1 <= float_above(ball) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("n", "d"), [(10**6, 1), (10**18, 1), (10**18, 2), (10**18, 16), (10**15, 4), (10**12, 64), (512, 3)]
)
def test_the_enclosure_is_narrow_where_most_keys_never_win(n, d):
    """Narrow heads at great length: h is 0 over nearly all keys and saturated over the rest, within a single bin."""
    enclosure = enclose_norm_conditioned(n, d)
    assert enclosure.upper <= enclosure.lower * (1 + 1.5e-3)


@pytest.mark.parametrize("n", [3, 512, 10**6, 10**18])
def test_u_in_one_dimension(n):
    """d = 1: g(r) is the mean of Phi(r)^{n-1} and Phi(-r)^{n-1}."""
    with mpmath.workdps(50):
        middle = mpmath.sqrt(2 * mpmath.log(n))
        nodes = [mpmath.mpf(0), *(x for x in (middle + k * mpmath.mpf("0.5") for k in range(-4, 12)) if x > 0)]

        def term(r):
            g = (mpmath.ncdf(r) ** (n - 1) + mpmath.ncdf(-r) ** (n - 1)) / 2
            return 2 * n * mpmath.npdf(r) * -mpmath.expm1(n * mpmath.log1p(-g))

        value = mpmath.quad(term, nodes)
    enclosure = enclose_norm_conditioned(n, 1)
    assert enclosure.lower * (1 - 1e-12) <= value <= enclosure.upper * (1 + 1e-12)
    assert enclosure.upper <= value * (1 + 3e-4)
