"""The float64 ingredients of the compiled sums, against ball arithmetic and mpmath: each within the error it claims."""

from __future__ import annotations

from functools import partial
from unittest import mock

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from rankbound.bounds import alignment, mills, norm_masses

POINTS = np.concatenate([np.linspace(0, 40, 401), np.geomspace(1e-9, 39.9, 200), np.arange(1, 40) / 32 + 1e-12])


def worst(values, references):
    """Return the largest relative distance of floats from balls."""
    with ctx.workprec(200):
        return max(float(abs(arb(float(v)) / r - 1).upper()) for v, r in zip(values, references, strict=True))


def mills_balls(points):
    with ctx.workprec(260):
        z = [arb(float(x)) for x in points]
        return [(arb.pi() / 2).sqrt() * (x * x / 2).exp() * (x / arb(2).sqrt()).erfc() for x in z]


def test_mills_ratio_and_its_slope():
    balls = mills_balls(POINTS)
    assert worst(mills.mills_ratio(POINTS), balls) <= mills.TABLE_ERROR
    with ctx.workprec(260):
        slopes = [1 - arb(float(x)) * m for x, m in zip(POINTS, balls, strict=True)]
    assert worst(mills.mills_slope(POINTS), slopes) <= mills.TABLE_ERROR


def test_normal_density_and_tail():
    x = POINTS[POINTS <= 37]
    with ctx.workprec(200):
        z = [arb(float(v)) for v in x]
        density = [(-v * v / 2).exp() / (2 * arb.pi()).sqrt() for v in z]
        tail = [(v / arb(2).sqrt()).erfc() / 2 for v in z]
    assert worst(mills.normal_density(x), density) <= mills.ERROR
    assert worst(mills.upper_tail(x), tail) <= mills.ERROR


def test_numpy_s_elementary_functions_keep_the_accuracy_that_is_relied_on():
    """Seeded arguments over the ranges in use; SIMD paths need arrays, so arrays they are."""
    rng = np.random.default_rng(5)
    size = 20_000
    cases = [
        (np.exp, rng.uniform(-700, 0, size), lambda x: x.exp()),
        (np.exp, -np.exp(rng.uniform(-30, 3, size)), lambda x: x.exp()),
        (np.log, np.exp(rng.uniform(-30, 30, size)), lambda x: x.log()),
        (np.log1p, -np.exp(rng.uniform(-80, -0.01, size)), lambda x: x.log1p()),
        (np.log1p, np.exp(rng.uniform(-40, 5, size)), lambda x: x.log1p()),
        (np.expm1, -np.exp(rng.uniform(-40, 3, size)), lambda x: x.expm1()),
        (np.sin, rng.uniform(1e-6, np.pi / 2, size), lambda x: x.sin()),
        (np.cos, rng.uniform(0, 1.55, size), lambda x: x.cos()),
    ]
    for function, arguments, ball in cases:
        values = function(arguments)
        with ctx.workprec(120):
            references = [ball(arb(float(x))) for x in arguments[::7]]
        assert worst(values[::7], references) <= mills.ELEMENTARY, function.__name__


@pytest.mark.parametrize("dof", [1, 2, 3, 4, 7, 16, 17, 64, 255, 1000, 1999])
def test_tails_of_chi_square(dof):
    x = np.concatenate(
        [np.array([0.01, 0.1, 0.4, 0.8, 1.0]) * dof / 2, dof / 2 + np.linspace(-3, 6, 9) * dof**0.5 + 0.5]
    )
    x = x[x > 0]
    claimed = 1e-12 + 2e-15 * dof
    below, above = x[x <= dof / 2], x[x >= dof / 2]
    with mpmath.workdps(30):
        half = mpmath.mpf(dof) / 2
        for values, exact in (
            (norm_masses.lower_tail(dof, below), [mpmath.gammainc(half, 0, float(v), regularized=True) for v in below]),
            (norm_masses.upper_tail(dof, above), [mpmath.gammainc(half, float(v), regularized=True) for v in above]),
        ):
            assert all(abs(float(v) / e - 1) <= claimed for v, e in zip(values, exact, strict=True) if e > 1e-290)


def spline(t, k, h):
    """The cubic B-spline of integral h, as the convolution of two hats, by its pieces."""
    u = abs(t / h - k)
    if u >= 2:
        return mpmath.mpf(0)
    return (2 - u) ** 3 / 6 if u >= 1 else mpmath.mpf(2) / 3 - u * u + u**3 / 2


ANGLES = [(2, 6), (3, 10), (4, 10), (16, 40), (300, 40), (10**5, 100), (10**9, 300)]


def weights_are_right(head_dim, quarter):
    """Compare all weights above 1e-12 with mpmath: upper bounds, by less than 3e-9."""
    weights, cut = alignment.spline_weights(head_dim, quarter, 2 * quarter)
    hats = alignment.hat_weights(head_dim, quarter)
    right = 0 <= cut < 1e-40
    with mpmath.workdps(30):
        h = mpmath.pi / 2 / quarter
        total = (
            mpmath.sqrt(mpmath.pi) * mpmath.gamma(mpmath.mpf(head_dim - 1) / 2) / mpmath.gamma(mpmath.mpf(head_dim) / 2)
        )
        scale = 1 / mpmath.sqrt(mpmath.mpf(head_dim))

        def expectation(function, low, high):
            low, high = max(low, mpmath.mpf(0)), min(high, mpmath.pi)
            cuts = [low, high, *(mpmath.pi / 2 + j * scale for j in range(-12, 13, 2))]
            cuts += [j * h for j in range(int(low / h), int(high / h) + 2)]
            cuts = sorted(c for c in cuts if low <= c <= high)
            return mpmath.quad(lambda t: function(t) * mpmath.sin(t) ** (head_dim - 2), cuts) / total

        for k in {0, 1, quarter // 2, quarter - 1, quarter, quarter + 1, 2 * quarter}:
            value = expectation(lambda t, k=k: spline(t, k, h), (k - 2) * h, (k + 2) * h)
            if value > 1e-12:
                right &= bool(value <= weights[k + 1] <= value * (1 + mpmath.mpf("3e-9")))
            if k <= quarter:
                value = expectation(lambda t, k=k: 1 - abs(t / h - k), (k - 1) * h, min((k + 1) * h, mpmath.pi / 2))
                if k < quarter and value > 1e-12:
                    both = mpmath.mpf(0)
                    for low in (k - 1, k):
                        both += expectation(lambda t, k=k: 1 - abs(t / h - k), low * h, (low + 1) * h)
                    right &= bool(both * (1 - mpmath.mpf("3e-9")) <= hats[k] <= both)
    return right


@pytest.mark.parametrize(("head_dim", "quarter"), ANGLES)
def test_weights_of_the_angle_of_two_queries(head_dim, quarter):
    assert weights_are_right(head_dim, quarter)


def test_an_error_of_1e_6_in_the_law_of_the_angle_is_caught():
    honest = alignment._density
    for factor in (1 + 1e-6, 1 - 1e-6):
        planted = partial(lambda by, d, q: (honest(d, q)[0], honest(d, q)[1] * by), factor)
        with mock.patch.object(alignment, "_density", planted):
            assert not weights_are_right(16, 40)


def joint_reference(d, low, high, function):
    """E[function(w); s in (low, high)], with w ~ chi^2_2 and s - w ~ chi^2_(d-2) independent, by mpmath."""

    def inside(w):
        def tail(b):
            return mpmath.gammainc(mpmath.mpf(d - 2) / 2, max(b - w, 0) / 2, regularized=True) if b < mpmath.inf else 0

        return function(w) * mpmath.exp(-w / 2) / 2 * (tail(low) - tail(high))

    return inside


MASSES = [(3, 1.0, 3.0), (3, 8.0, 9.0), (4, 6.0, 7.5), (16, 9.0, 11.0), (16, 30.0, mpmath.inf), (64, 55.0, 57.0)]


def masses_are_right(d, low, high):
    w = np.concatenate([[0.4], 0.4 + np.cumsum(np.tile([0.1, 0.1, 0.05, 0.2], 12))])
    edges = np.array([0.0, low] + ([high] if high < mpmath.inf else []))
    masses = norm_masses.norm_masses(d, edges, w)
    right = True
    with mpmath.workdps(25):
        for c in (1, 7, 30):
            a, b, e = (mpmath.mpf(float(x)) for x in w[c - 1 : c + 2])
            cuts = sorted({a, b, e, *(x for x in (mpmath.mpf(low), mpmath.mpf(high)) if a < x < e)})
            hat = joint_reference(
                d, low, high, lambda x, a=a, b=b, e=e: (x - a) / (b - a) if x < b else (e - x) / (e - b)
            )
            value = mpmath.quad(hat, cuts)
            bubble = joint_reference(d, low, high, lambda x, b=b, e=e: (x - b) * (e - x))
            curved = mpmath.quad(bubble, [x for x in cuts if x >= b])
            if value > 1e-15:
                right &= bool(masses.hat_low[1, c] <= value <= masses.hat_high[1, c])
                right &= bool(masses.hat_high[1, c] - masses.hat_low[1, c] <= 2e-6 * value)
                right &= bool(masses.bubble_low[1, c] <= curved <= masses.bubble_high[1, c])
    return right


@pytest.mark.parametrize(("d", "low", "high"), MASSES)
def test_joint_law_of_the_norm_and_its_part_in_a_plane(d, low, high):
    assert masses_are_right(d, low, high)


def test_an_error_of_1e_6_in_the_law_of_the_norm_is_caught():
    honest = norm_masses._poisson_like
    for factor in (1 + 1e-6, 1 - 1e-6):
        planted = partial(lambda by, a, x: honest(a, x) * by, factor)
        with mock.patch.object(norm_masses, "_poisson_like", planted):
            assert not all(masses_are_right(*case) for case in MASSES)


def test_all_that_a_key_can_do_adds_up():
    for d in (2, 3, 64, 2000, 2001, 10**7):
        edges = np.append(0.0, d + np.linspace(-3, 4, 9) * (2 * d) ** 0.5 + 3)
        masses = norm_masses.norm_masses(d, edges[edges >= 0], np.linspace(0.5, 40, 200))
        low = masses.hat_low.sum() + 1 - np.exp(-0.25)
        high = masses.hat_high.sum() + masses.before.sum() + masses.after.sum()
        assert 1 - 2e-3 <= low <= 1 + 1e-12
        assert 1 - 1e-12 <= high <= 1 + 2e-3


def test_the_expansion_for_many_dimensions_agrees_with_the_differences():
    """At 2000 dimensions both apply; their intervals must meet, bin by bin and node by node."""
    w = np.concatenate([np.arange(1, 40, 0.1), np.arange(40, 70, 0.5)])
    edges = np.append(0.0, np.linspace(1600, 2500, 20))
    one, other = norm_masses._by_differences(2000, edges, w), norm_masses._by_expansion(2000, edges, w)
    for low, high in (("hat_low", "hat_high"), ("bubble_low", "bubble_high")):
        assert (getattr(one, low) <= getattr(other, high) + 1e-15).all()
        assert (getattr(other, low) <= getattr(one, high) + 1e-15).all()
    heavy = one.hat_high.sum(axis=1) > 1e-3
    assert (other.hat_high.sum(axis=1) <= other.hat_low.sum(axis=1) * (1 + 3e-3))[heavy].all()


@pytest.mark.parametrize("dof", [2, 3, 8, 64, 900])
def test_hats_of_a_chi_square_variable(dof):
    s = dof * np.array([0.8, 0.81, 0.83, 0.9, 0.93, 1.0, 1.05])
    low, high = norm_masses.interval_hats(dof, s)
    with mpmath.workdps(25):
        constant = mpmath.mpf(2) ** (mpmath.mpf(dof) / 2) * mpmath.gamma(mpmath.mpf(dof) / 2)
        for i in range(len(s) - 1):
            a, b = mpmath.mpf(float(s[i])), mpmath.mpf(float(s[i + 1]))

            def density(x):
                return x ** (mpmath.mpf(dof) / 2 - 1) * mpmath.exp(-x / 2) / constant

            cuts = mpmath.linspace(a, b, 6)
            whole = mpmath.quad(density, cuts)
            first = (mpmath.quad(lambda x: x * density(x), cuts) - a * whole) / (b - a)
            for row, value in enumerate((whole - first, first)):
                assert low[row, i] <= value <= high[row, i]
                assert high[row, i] - low[row, i] <= 4e-9 * value + 1e-14
