"""Heads of width c log(n): the ceiling at many digits, the share by another quadrature of T6 and by T13's numbers."""

from __future__ import annotations

import functools
import importlib
import itertools
import math

import mpmath
import numpy as np
import pytest
from scipy.special import log_ndtr
from scipy.stats import chi

module = importlib.import_module("rankbound.bounds.log_heads")


leggauss = functools.cache(np.polynomial.legendre.leggauss)


def share_by_quadrature(n, d, nodes):
    """``E_R[h(g(R))]``, ``g(r) = E_u[Phi(r u)^(n-1)]``, ``u = sin t`` of density proportional to ``cos^(d-2) t``.

    For ``n >= 50``: the scores left out, beyond 10 and below 0, win with a probability of less than 1e-13.
    """
    x, weight = leggauss(nodes)
    x, weight = (x + 1) / 2, weight / 2
    low, high = chi.ppf(1e-15, d), chi.isf(1e-15, d)
    norm = (low + (high - low) * x)[:, None]
    reach = np.arcsin(np.minimum(1, 10 / norm))
    angle = reach * x
    constant = math.exp(math.lgamma(d / 2) - math.lgamma((d - 1) / 2)) / math.sqrt(math.pi)
    direction = constant * weight * reach * np.cos(angle) ** (d - 2)
    picked = (direction * np.exp((n - 1) * log_ndtr(norm * np.sin(angle)))).sum(axis=1)
    density = chi.pdf(norm[:, 0], d) * weight * (high - low)
    return float(density @ -np.expm1(n * np.log1p(-picked)))


@pytest.mark.parametrize(("n", "c"), [(50, 1), (512, 0.5), (512, 5), (10**4, 1.0), (10**6, 1.0)])
def test_share_by_another_quadrature(n, c):
    point = module.log_scale(n, c)
    coarse, fine = (share_by_quadrature(n, point.head_dim, nodes) for nodes in (200, 280))
    error = 10 * abs(coarse - fine) + 1e-11
    assert error <= 1e-8
    assert point.share.lower - error <= fine <= point.share.upper + error
    assert point.share.width <= 2e-3 * point.share.upper


T13 = [(64, 0.95, 4, 21.308646), (512, 2.5, 16, 192.23814), (512, 10.2, 64, 279.09937), (4096, 7.6, 64, 1924.8521)]


@pytest.mark.parametrize(("n", "c", "head_dim", "value"), [*T13, (10**6, 9.2, 128, 391645.49)])
def test_share_at_the_reference_values(n, c, head_dim, value):
    point = module.log_scale(n, c)
    assert (point.n_keys, point.c, point.head_dim) == (n, c, head_dim)
    assert point.share.lower * n <= value * (1 + 1e-7)
    assert point.share.upper * n >= value * (1 - 1e-7)


@pytest.mark.parametrize(("c", "value"), [(0.5, 0.5825), (1, 0.7628), (2, 0.8767), (5, 0.9501)])
def test_exponent(c, value):
    exponent = module.log_scale(16, c).exponent
    assert exponent.lower == pytest.approx(value, abs=5e-5)
    with mpmath.workdps(40):
        y = (mpmath.mpf(2) / c) / (1 - mpmath.exp(-mpmath.mpf(2) / c))
        assert exponent.lower <= 1 - (mpmath.mpf(c) / 2) * (y - 1 - mpmath.log(y)) <= exponent.upper
    assert exponent.width <= 1e-15


def test_the_ceiling_next_to_an_integer():
    """Ratios within one float of ``k / log(n)``: a ceiling of floats is wrong at many of them."""
    wrong = 0
    for n in (2, 3, 512, 10**6, 10**15):
        for k in range(1, 60):
            nearest = k / math.log(n)
            for c in (nearest, math.nextafter(nearest, 0), math.nextafter(nearest, math.inf)):
                with mpmath.workdps(60):
                    expected = int(mpmath.ceil(mpmath.mpf(c) * mpmath.log(n)))
                assert module.log_head_dim(n, c) == expected
                wrong += math.ceil(c * math.log(n)) != expected
    assert wrong > 100


def test_the_ends_of_the_range():
    assert module.log_head_dim(2, 1e-3) == 1
    with mpmath.workdps(60):
        assert module.log_head_dim(10**15, 1e6) == int(mpmath.ceil(10**6 * mpmath.log(10**15)))
    point = module.log_scale(10**15, 0.5)
    assert 0 < point.share.lower <= point.share.upper < 1.2e-6
    assert point.share.width <= 0.01 * point.share.upper


def test_the_share_falls_along_n_at_fixed_c():
    """An illustration of T8, not a proof: the statement is about the limit."""
    shares = [module.log_scale(n, 1.0).share for n in (16, 256, 4096)]
    assert all(later.upper < earlier.lower for earlier, later in itertools.pairwise(shares))


@pytest.mark.parametrize("n", [0, 1, -3, 2.0, True, "2", 10**15 + 1])
def test_a_size_that_is_none(n):
    with pytest.raises(ValueError, match=r"^n_keys = .*: expected .*; .*$"):
        module.log_scale(n, 1.0)


@pytest.mark.parametrize("c", [0, -1, 9e-4, 1.1e6, math.inf, math.nan, True, "1"])
def test_a_ratio_out_of_range(c):
    with pytest.raises(ValueError, match=r"^c = .*: expected .*; .*$"):
        module.log_scale(512, c)
