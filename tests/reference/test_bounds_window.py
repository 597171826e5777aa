"""The log^2 window: E over Z by the trapezoidal rule at 40 digits, and the quick rules against U again."""

from __future__ import annotations

import functools
import importlib
import itertools
import math

import mpmath
import numpy as np
import pytest
from flint import arb
from scipy.special import log_ndtr, ndtri
from scipy.stats import chi

from rankbound.bounds import barrier, enclose_norm_conditioned, norm_conditioned_barrier
from rankbound.verdict import Rigour

module = importlib.import_module("rankbound.bounds.saturation_window")


def trapezoid(lambda_, intervals, ratio=1):
    """``E[1 - exp(-ratio exp(sqrt(2 lambda) Z - lambda))]`` as it is defined, over ``Z`` around ``sqrt(lambda/2)``.

    There ``phi(z) min(1, e^y)`` has its bulk, and 14.5 to either side less than ``e^-100`` of it is left.
    """
    scale = mpmath.sqrt(2 * mpmath.mpf(lambda_))
    low, step = scale / 2 - mpmath.mpf(29) / 2, mpmath.mpf(29) / intervals
    nodes = (low + i * step for i in range(intervals + 1))
    return step * mpmath.fsum(
        mpmath.npdf(z) * -mpmath.expm1(-ratio * mpmath.exp(scale * z - scale**2 / 2)) for z in nodes
    )


def reference(lambda_, ratio=1):
    """Return the value and its error, from two grids that are fine enough for the strip where it is analytic."""
    with mpmath.workdps(40):
        intervals = 400 + math.ceil(120 * math.sqrt(2 * lambda_))
        coarse, fine = (trapezoid(lambda_, count, ratio) for count in (intervals, intervals * 5 // 4))
        return fine, abs(coarse - fine) + fine * mpmath.mpf(10) ** -30


LAMBDAS = [5e-324, 1e-300, 1e-9, 0.01, 0.1, 0.5, 1, 2, 5, 10, 22.950740817, 50, 200]


@pytest.mark.parametrize("lambda_", LAMBDAS)
def test_window_by_the_definition(lambda_):
    value, error = reference(lambda_)
    enclosure = module.window(lambda_)
    with mpmath.workdps(40):
        assert error <= value * mpmath.mpf(10) ** -20
        assert enclosure.lower - error <= value <= enclosure.upper + error
    assert enclosure.width <= 1e-12 * enclosure.lower
    assert enclosure.rigour is Rigour.ENCLOSED
    assert module._float_window(lambda_, 1.0) == pytest.approx(float(value), rel=1e-13, abs=0)


@pytest.mark.parametrize(
    ("lambda_", "printed"),
    [(0.1, 0.597182), (0.5, 0.487571), (1, 0.391513), (2, 0.266116), (5, 0.097920), (10, 0.022071)],
)
def test_window_at_the_reference_values(lambda_, printed):
    assert module.window(lambda_).lower == pytest.approx(printed, abs=5e-7)


def test_window_at_zero():
    enclosure = module.window(0)
    with mpmath.workdps(40):
        assert enclosure.lower < 1 - mpmath.exp(-1) < enclosure.upper
    assert enclosure.width <= 1e-15


@pytest.mark.parametrize("lambda_", [400, 1000, 2000, 2800, 2900, 2960, 3000, 1e4, 1e6, 1e308])
def test_window_far_out(lambda_):
    """``1 - c/lambda <= F e^{lambda/4} sqrt(lambda) <= 1``, ``c`` from the second moment (``1-x <= e^-x <= 1``)."""
    enclosure = module.window(lambda_)
    with mpmath.workdps(40):
        # int (1-exp(-e^y)) e^{-y/2} y^2 dy, by d^2/ds^2 of -Gamma(s) at s = -1/2, over 4 lambda and 2 sqrt(pi)
        second = -mpmath.diff(mpmath.gamma, mpmath.mpf(-1) / 2, 2) / (2 * mpmath.sqrt(mpmath.pi)) / 4
        most = mpmath.exp(-mpmath.mpf(lambda_) / 4) / mpmath.sqrt(lambda_)
        assert enclosure.lower <= most
        assert enclosure.upper >= most * (1 - second / lambda_)
    assert enclosure.lower >= 0
    if lambda_ <= 2800:
        assert enclosure.width <= 1e-12 * enclosure.lower
    assert enclosure.upper > 0


def test_window_decreases():
    values = [module.window(0.25 * i) for i in range(60)]
    assert all(b.upper < a.lower for a, b in itertools.pairwise(values))


@pytest.mark.parametrize("lambda_", [0.1, 1, 10, 50])
def test_a_relative_error_of_1e_6_in_the_integrand_is_caught(monkeypatch, lambda_):
    right = module._integrand
    monkeypatch.setattr(module, "_integrand", lambda y, scale: right(y, scale) * (1 + arb(1e-6)))
    value, error = reference(lambda_)
    enclosure = module.window(lambda_)
    with mpmath.workdps(40):
        assert value + error < enclosure.lower


@pytest.mark.parametrize("lambda_", [0.1, 1, 10])
def test_the_bound_on_the_tails_covers_what_is_cut_off(monkeypatch, lambda_):
    """Cut where much is left: the interval grows and still contains F."""
    reach = module._reach
    monkeypatch.setattr(module, "_reach", lambda lambda_, depth: reach(lambda_, 3.0))
    value, error = reference(lambda_)
    enclosure = module.window(lambda_)
    with mpmath.workdps(40):
        assert enclosure.lower <= value - error < value + error <= enclosure.upper
    assert 1e-3 < enclosure.width / enclosure.upper < 0.5


@pytest.mark.parametrize("lambda_", [-1e-9, -1, math.inf, -math.inf, math.nan, True, "1", None, 1j])
def test_a_lambda_out_of_range(lambda_):
    with pytest.raises(ValueError, match=r"^lambda_ = .*: expected a number in \[0, inf\); .*$"):
        module.window(lambda_)


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


WORST = [(512, 16), (4096, 32), (10**6, 64), (10**9, 128)]  # of their columns
MEASURED = [*WORST, (10**6, 16), (512, 64), (10**5, 256), (4096, 512), (10**9, 4096)]


@pytest.mark.parametrize(("n", "d"), MEASURED)
def test_the_quick_rules_err_as_measured(n, d):
    """Part of the table again, against U by a quadrature that is sharper than its enclosure, and against that too."""
    estimate, deficit = module.quick_rank(n, d), module.quick_deficit(n, d)
    assert estimate.rigour is deficit.rigour is Rigour.FLOAT
    coarse, fine = (share_by_quadrature(n, d, nodes) for nodes in (200, 280))
    assert abs(coarse - fine) <= 1e-8
    assert abs(estimate.value - fine) <= estimate.measured_error
    assert abs(deficit.value - (barrier(n).upper / n - fine)) <= deficit.measured_error
    if (n, d) in WORST:  # what is stated is not padded either
        assert abs(estimate.value - fine) >= 0.9 * estimate.measured_error
    enclosure = enclose_norm_conditioned(n, d)
    below, above = enclosure.lower / n - estimate.value, enclosure.upper / n - estimate.value
    assert max(below, -above) <= estimate.measured_error


@pytest.mark.parametrize(("n", "d", "m"), [(512, 64, 512), (10**6, 100, 10**6), (2000, 64, 500), (500, 64, 2000)])
def test_the_quick_rule_by_its_formula(n, d, m):
    estimate = module.quick_rank(n, d, n_queries=m).value
    lambda_ = float(ndtri(1 - 1 / n)) ** 4 / (4 * d)
    value, _ = reference(lambda_, ratio=mpmath.mpf(m) / n)
    with mpmath.workdps(40):
        correction = 1 - (1 - mpmath.mpf(1) / n) ** m - 1 + mpmath.exp(-mpmath.mpf(m) / n)
        assert abs(estimate - (value + correction)) <= 1e-11  # Phi^{-1}(1 - 1/n) loses digits as 1 - 1/n rounds


@pytest.mark.parametrize(("m", "limit"), [(2000, 0.017), (32000, 0.08)])
def test_other_numbers_of_queries_as_the_docstring_says(m, limit):
    n, d = 8000, 64
    estimate = module.quick_rank(n, d, n_queries=m)
    assert estimate.measured_error is None
    assert 1e-3 < abs(estimate.value - norm_conditioned_barrier(n, d, n_queries=m) / n) <= limit


def test_the_quick_rule_tends_to_the_barrier():
    assert module.quick_rank(2, 5).value == pytest.approx(0.75, rel=1e-15)
    assert module.quick_rank(512, 10**10).value == pytest.approx(barrier(512).lower / 512, rel=1e-7)
    assert module.quick_deficit(1, 1).value == 0
    assert module.quick_deficit(512, 64).value == math.log(512) ** 2 / (math.e * 64)


def test_outside_the_grid_nothing_is_said_to_be_measured():
    for n, d in [(511, 64), (10**9 + 1, 64), (512, 15), (512, 4097)]:
        assert module.quick_rank(n, d).measured_error is None
        assert module.quick_deficit(n, d).measured_error is None
    assert module.quick_rank(600, 100).measured_error == module.quick_rank(600, 64).measured_error


def test_an_estimate_is_no_enclosure():
    estimate = module.quick_rank(512, 64)
    assert not hasattr(estimate, "lower")
    assert not hasattr(estimate, "upper")
    with pytest.raises(TypeError):
        module.QuickRank(0.5, rigour=Rigour.ENCLOSED)


ONE_LINE = r"^(n_keys|head_dim|n_queries) = .*: expected .*; .*$"


@pytest.mark.parametrize("size", [0, -1, 5.0, True, "5", None])
def test_a_size_that_is_none(size):
    for function in (module.quick_rank, module.quick_deficit):
        with pytest.raises(ValueError, match=ONE_LINE):
            function(size, 64)
        with pytest.raises(ValueError, match=ONE_LINE):
            function(512, size)


@pytest.mark.parametrize("m", [0, 127, 2049, 512.0, True])
def test_numbers_of_queries_that_the_limit_does_not_cover(m):
    with pytest.raises(ValueError, match=ONE_LINE):
        module.quick_rank(512, 64, n_queries=m)


def test_one_key_is_no_case_for_the_quick_rule():
    with pytest.raises(ValueError, match=r"^n_keys = 1: expected at least 2; with one key the rank is 1$"):
        module.quick_rank(1, 64)
