"""The expected number of vertices of a Gaussian polytope, against other integrals and against hulls."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.spatial import ConvexHull

from rankbound.bounds import attainable
from rankbound.bounds.attainable import attainable_rank, expected_vertices, internal_angle
from rankbound.bounds.balls import working_precision
from rankbound.verdict import Rigour

HIDDEN = 1e-9  # false alarms, of each random test


def gaussian_mean(function, end=14, parts=8):
    """Return the mean of a function of a standard normal by the trapezoidal rule, and what halving the step changed."""
    step = mpmath.mpf(1) / parts
    terms = [mpmath.npdf(i * step) * function(i * step) for i in range(-parts * end, parts * end + 1)]
    fine, coarse = step * mpmath.fsum(terms), 2 * step * mpmath.fsum(terms[::2])
    return fine, abs(fine - coarse)


@pytest.mark.parametrize(("n", "d", "value"), [(8, 2, 5.0465316892), (64, 3, 19.037282327), (512, 3, 32.479187158)])
def test_known_values(n, d, value):
    enclosure = attainable_rank(n, d)
    assert abs(enclosure.lower - value) < 1e-9
    assert enclosure.width < 1e-9
    assert enclosure.rigour is Rigour.ENCLOSED


@pytest.mark.parametrize("n", [4, 8, 100, 10**4])
def test_the_plane_and_space(n):
    with mpmath.workdps(25):
        plane, doubt = gaussian_mean(lambda x: mpmath.ncdf(x / mpmath.sqrt(2)) ** (n - 2), parts=16)
        enclosure = attainable_rank(n, 2)
        assert enclosure.lower - n * n * doubt <= n * (n - 1) * plane <= enclosure.upper + n * n * doubt
        mean, doubt = gaussian_mean(lambda x: mpmath.ncdf(x / mpmath.sqrt(3)) ** (n - 3), parts=16)
        enclosure = attainable_rank(n, 3)
        space = 2 + math.comb(n, 3) * mean
        assert enclosure.lower - n**3 * doubt <= space <= enclosure.upper + n**3 * doubt
        assert n**3 * doubt < 1e-9 * space


@pytest.mark.parametrize(("n", "d"), [(9, 4), (20, 5)])
def test_the_general_formula_on_the_imaginary_axis(n, d):
    """The sum as it is printed, with erfi: another line of integration than the one under test."""
    with mpmath.workdps(40):
        total = slack = mpmath.mpf(0)
        for size in range(d, 0, -2):
            root = mpmath.sqrt(size)
            inner, doubt = gaussian_mean(
                lambda x, root=root, size=size: mpmath.re(
                    (0.5 + mpmath.erfi(x / root / mpmath.sqrt(2)) * 0.5j) ** (size - 1)
                ),
                end=14 * math.ceil(root),
            )
            outer, doubt2 = gaussian_mean(lambda x, root=root, size=size: mpmath.ncdf(x / root) ** (n - size))
            total += 2 * math.comb(n, size) * size * inner * outer
            slack += 2 * math.comb(n, size) * size * (doubt + doubt2)
        enclosure = attainable_rank(n, d)
        assert slack < 1e-9
        assert enclosure.lower - slack <= total <= enclosure.upper + slack


def test_angles_of_the_regular_simplices():
    with working_precision(100):
        assert abs(float(internal_angle(3)) - 1 / 6) < 1e-14
        tetrahedron = (3 * math.acos(1 / 3) - math.pi) / (4 * math.pi)
        assert abs(float(internal_angle(4)) - tetrahedron) < 1e-14


@pytest.mark.parametrize("d", [2, 3, 4, 5, 8, 11])
def test_a_simplex_has_d_plus_1_vertices(d):
    """The formula itself at n = d + 1, which the public function answers without it."""
    with working_precision(128):
        value = expected_vertices(d + 1, d)
        assert value.overlaps(value * 0 + d + 1)
        assert float(value.rad()) < 1e-10
    for n in (1, d, d + 1):
        enclosure = attainable_rank(n, d)
        assert (enclosure.lower, enclosure.upper, enclosure.rigour) == (n, n, Rigour.EXACT)


@pytest.mark.parametrize(("n", "d", "replicates"), [(30, 2, 3000), (25, 3, 3000), (14, 4, 2000), (12, 6, 1000)])
def test_against_hulls(n, d, replicates):
    seed = 20
    rng = np.random.default_rng(seed)
    counts = [len(ConvexHull(rng.standard_normal((n, d))).vertices) for _ in range(replicates)]
    margin = (n - d - 1) * math.sqrt(math.log(2 / HIDDEN) / (2 * replicates))  # Hoeffding
    enclosure = attainable_rank(n, d)
    assert enclosure.lower - margin <= np.mean(counts) <= enclosure.upper + margin, f"seed {seed}"


@pytest.mark.parametrize("n", [12, 10**18])
@pytest.mark.parametrize("d", [2, 3, 10])
def test_widths_and_order(n, d):
    enclosure = attainable_rank(n, d)
    assert enclosure.width <= 1e-9 * enclosure.lower
    assert d + 1 <= enclosure.lower
    assert enclosure.upper <= n
    assert attainable_rank(n, max(d // 2, 1)).upper < enclosure.lower  # a projection has fewer vertices


def test_one_dimension_and_wide_heads():
    assert attainable_rank(10**18, 1) == attainable_rank(3, 1)
    assert attainable_rank(3, 1).upper == attainable_rank(3, 1).lower == 2
    wide = attainable_rank(10**6, 21)
    assert (wide.lower, wide.upper) == (22, 10**6)  # given up, and says so


def test_an_error_of_a_millionth_is_caught(scaled_integrands):
    honest = attainable_rank(64, 3)
    for factor in (1 - 1e-6, 1 + 1e-6):
        with scaled_integrands(attainable, factor):
            planted = attainable_rank(64, 3)
        assert planted.upper < honest.lower or planted.lower > honest.upper


@pytest.mark.parametrize("bad", [0, -1, 2.0, True, "8", None, 10**19])
def test_bad_sizes(bad):
    with pytest.raises(ValueError, match=r"^n_keys = .*; give the number of keys"):
        attainable_rank(bad, 2)
    with pytest.raises(ValueError, match=r"^head_dim = .*; give the dimension"):
        attainable_rank(8, bad)
