"""E[rank] at head dimension 2, against closed forms, other coordinates, its limits and simulation."""

from __future__ import annotations

import itertools
import math
from functools import cache
from unittest import mock

import mpmath
import numpy as np
import pytest
from scipy.special import erfcx, ndtr, owens_t

from rankbound.bounds import barrier, planar
from rankbound.bounds.mills import mills_ratio, mills_slope
from rankbound.bounds.planar import planar_rank
from rankbound.bounds.planar_envelope import CELLS, Envelope
from rankbound.bounds.polynomials import chebyshev_basis
from rankbound.verdict import Rigour

PAIRS = [(4, 4), (5, 5), (6, 2), (512, 512), (10**6, 10**6), (10**15, 10**15)]


@cache
def enclosed(n, m):
    return planar_rank(n, n_queries=m)


def rank_of_three(m):
    """Return E[rank] for three keys: ``3 E h(1/2 - A/(2 pi))``, ``A`` the angle between two of correlation 1/2.

    Fisher's density of ``A`` (1915), its inner integral in closed form.
    """

    def term(angle):
        c = mpmath.cos(angle) / 2
        s = mpmath.sqrt(1 - c * c)
        density = mpmath.mpf(3) / (4 * mpmath.pi) * (1 / s**2 + (mpmath.pi - mpmath.acos(c)) * c / s**3)
        chance = mpmath.mpf(1) / 2 - angle / (2 * mpmath.pi)
        return density * -mpmath.expm1(m * mpmath.log1p(-chance))

    edge = [mpmath.pi * (1 - mpmath.mpf(10) ** -k) for k in range(19)]
    return 3 * mpmath.quad(term, [*edge, mpmath.pi])


def rank_by_orthants(n, m, nodes):
    """E[D] = m - (n m(m-1)/(2 pi)) int (1-t/(2 pi))^(m-2) w(t) dt, w from the bivariate normal cdf by Owen's T."""

    def phi2(x, y, rho):
        s = np.sqrt(1 - rho * rho)
        crossing = np.where(x * y > 0, 0.0, 0.5)
        return ndtr(x) / 2 + ndtr(y) / 2 - owens_t(x, (y / x - rho) / s) - owens_t(y, (x / y - rho) / s) - crossing

    points, weights = np.polynomial.legendre.leggauss(nodes)
    t, wt = (points + 1) / 2 * math.pi, weights * math.pi / 2
    r, wr = (points + 1) / 2 * 9, weights * 9 / 2
    turn = (np.arange(4 * nodes) + 0.5) / (4 * nodes) * 2 * math.pi
    w = np.zeros_like(t)
    for i, apart in enumerate(t):
        x, y = np.outer(r, np.cos(turn)), np.outer(r, np.cos(apart - turn))
        w[i] = (wr * r * np.exp(-r * r / 2)) @ (phi2(x, y, math.cos(apart)) ** (n - 1)).mean(axis=1)
    return m - n * m * (m - 1) / (2 * math.pi) * float(wt @ ((1 - t / (2 * math.pi)) ** (m - 2) * w))


def corners(n):
    """Return the limit of many queries, E f_0 = n (n-1) int phi(x) Phi(x/sqrt 2)^(n-2) dx (Renyi and Sulanke 1963)."""
    root = mpmath.sqrt(2)
    terms = [mpmath.npdf(x / 64) * mpmath.ncdf(x / 64 / root) ** (n - 2) for x in map(mpmath.mpf, range(-896, 897))]
    fine, coarse = mpmath.fsum(terms) / 64, mpmath.fsum(terms[::2]) / 32
    assert abs(fine - coarse) < 1e-12 * fine
    return n * (n - 1) * fine


def test_known_values():
    for n, value, digit in ((3, 2.000917448724, 1e-12), (512, 10.65010442801, 1e-11)):
        enclosure = enclosed(n, n)
        assert enclosure.lower - digit <= value <= enclosure.upper + digit
        assert enclosure.rigour is Rigour.ENCLOSED


@pytest.mark.parametrize("m", [2, 3, 10, 1000, 10**9, 10**18])
def test_three_keys(m):
    with mpmath.workdps(30):
        value = rank_of_three(m)
    enclosure = planar_rank(3, n_queries=m)
    assert enclosure.lower <= value <= enclosure.upper
    assert enclosure.width < 1e-9 * enclosure.lower


@pytest.mark.parametrize(("n", "m"), [(4, 4), (8, 3), (30, 2)])
def test_other_coordinates(n, m):
    coarse, fine = (rank_by_orthants(n, m, nodes) for nodes in (40, 60))
    doubt = 4 * abs(fine - coarse)  # the rule converges as a power of the nodes: corners of the domain
    assert doubt < 1e-4
    enclosure = enclosed(n, m)
    assert enclosure.lower - doubt <= fine <= enclosure.upper + doubt


@pytest.mark.parametrize("n", [3, 6, 10**9])
def test_one_query_picks_one_key(n):
    """The integral itself at m = 1: the exterior angles sum to a full turn, whatever the law of the corners."""
    value, error = planar._corners(n, 1)
    assert abs(value - 1) <= error
    assert error < 2e-9
    enclosure = planar_rank(n, n_queries=1)
    assert (enclosure.lower, enclosure.upper, enclosure.rigour) == (1, 1, Rigour.EXACT)


@pytest.mark.parametrize("n", [4, 10**12])
def test_many_queries_find_every_corner(n):
    with mpmath.workdps(30):
        value = corners(n)
    enclosure = planar_rank(n, n_queries=10**18)
    assert enclosure.lower * (1 - 1e-12) <= value <= enclosure.upper * (1 + 1e-12)


@pytest.mark.parametrize(("n", "m"), PAIRS)
def test_widths(n, m):
    enclosure = enclosed(n, m)
    assert enclosure.width <= 1e-9 * enclosure.lower
    assert enclosure.lower >= 1
    assert enclosure.upper <= barrier(n, n_queries=m).upper


def test_more_queries_find_more():
    ranks = [planar_rank(5, n_queries=m) for m in (1, 2, 3, 10**6)]
    assert all(few.upper < many.lower for few, many in itertools.pairwise(ranks))


def test_simulation():
    """Empirical Bernstein bound (Maurer and Pontil 2009, theorem 4), false alarm below 1e-9."""
    seed, replicates, n, m = 11, 20_000, 30, 100
    rng = np.random.default_rng(seed)
    ranks = []
    for _ in range(20):
        keys, queries = (rng.standard_normal((replicates // 20, size, 2)) for size in (n, m))
        winners = (queries @ keys.transpose(0, 2, 1)).argmax(axis=2)
        ranks.append(np.bitwise_count(np.bitwise_or.reduce(np.int64(1) << winners, axis=1)))
    ranks = np.concatenate(ranks).astype(float)
    deep = math.log(4 / 1e-9)
    margin = math.sqrt(2 * ranks.var(ddof=1) * deep / replicates) + 7 * (n - 1) * deep / (3 * (replicates - 1))
    enclosure = enclosed(n, m)
    assert margin < 0.2
    assert enclosure.lower - margin <= ranks.mean() <= enclosure.upper + margin, f"seed {seed}"


def test_a_finer_rule_agrees():
    """Nodes for a hundredth of the tolerance, in wider panels: overlapping, so the errors are not underestimated."""
    for n, m in ((4, 4), (10**6, 10**6)):
        honest = enclosed(n, m)
        with mock.patch.object(planar, "_TOLERANCE", 3e-14):
            finer = planar_rank(n, n_queries=m)
        middle = (finer.lower + finer.upper) / 2
        assert honest.lower <= middle <= honest.upper


def test_an_error_of_a_millionth_is_caught():
    n = 4
    honest, number, mills = enclosed(n, n), planar._number, planar.mills_ratio
    with mock.patch.object(planar, "_number", lambda size: number(size) * (1 + 1e-6)):
        assert planar_rank(n).lower > honest.upper
    with mock.patch.object(planar, "mills_ratio", lambda z: mills(z) * (1 - 1e-6)):
        planted = planar_rank(n)
    assert planted.upper < honest.lower or planted.lower > honest.upper


SIXTY = np.polynomial.legendre.leggauss(60)


def density(r, angle):
    """J(r, a) in closed form, at complex arguments too."""
    z = -r * np.sin(angle)
    return np.exp(-r * r / 2) / (2 * math.pi) * (1 - z * math.sqrt(math.pi / 2) * erfcx(z / math.sqrt(2)))


def outside(r, angle):
    """K(r, a): J integrated from -pi/2, to the right end along a straight line, by Gauss-Legendre quadrature."""
    points, weights = SIXTY
    span = (angle + math.pi / 2) / 2
    return span * (weights @ density(r, span * (points + 1) - math.pi / 2))


def test_the_envelope_bounds_the_integrand_off_the_real_axis():
    """Random complex displacements of one variable at a time, within the strip and on its edge."""
    seed = 5
    rng = np.random.default_rng(seed)
    edges = np.linspace(0, math.pi / 2, CELLS + 1)
    closest = math.inf
    for trial in range(300):
        n = int(rng.choice([3, 10, 300, 10**6]))
        low = rng.uniform(0.0, 5.5)
        strip = rng.uniform(0.01, 0.3)
        r, t, s = rng.uniform(low, low + 0.1), rng.uniform(0, math.pi), rng.uniform(0, math.pi)
        shift = 1j * strip * rng.choice([-1.0, 1.0]) * rng.choice([0.5, 1.0])
        envelope = Envelope(n, np.array([low]), np.array([low + 0.1]))
        first, second = t / 2 + s, t / 2 - s
        radius, a, b = [
            (r, first + shift, second - shift),
            (r, first + shift, second + shift),
            (r + shift, first, second),
        ][trial % 3]
        bound = envelope.radial(strip) if trial % 3 == 2 else envelope.angular(strip, 0.0)
        avoided = 1 - outside(radius, a) - outside(radius, b)
        value = math.log(abs(density(radius, a) * density(radius, b))) + (n - 3) * math.log(abs(avoided))
        mirrored = first if first < math.pi / 2 else abs(math.pi - first)
        cell = min(int(np.searchsorted(edges, mirrored, side="right")) - 1, CELLS - 1)
        assert value <= bound[0, cell] + 1e-9, f"seed {seed}, trial {trial}"
        closest = min(closest, bound[0, cell] - value)
    assert closest < 1  # the bound is not idle


def test_the_interpolated_functions():
    radii = np.array([0.3, 2.0, 5.0, 9.0])
    for reach in (0.4, math.pi / 2):
        series = planar._series(radii, reach, 1e-14)
        folded = np.linspace(0, reach, 7)
        basis = chebyshev_basis(2 * folded / reach - 1, series.side.shape[1])
        for i, r in enumerate(radii):
            scale = math.exp(-r * r / 2) / (2 * math.pi)
            tail = math.sqrt(math.pi / 2) * erfcx(r * np.cos(folded) / math.sqrt(2))
            side = np.array([float(outside(r, -a)) for a in folded]) / scale
            # The references are good to 1e-13: erfcx to 2e-16, of which 1 - z M(z) loses a factor r^2.
            np.testing.assert_allclose(series.tail[i] @ basis[:-1], tail, rtol=series.tail_error + 1e-13)
            np.testing.assert_allclose(
                series.edge[i] @ basis[:-1], density(r, -folded) / scale, rtol=series.edge_error + 1e-13
            )
            np.testing.assert_allclose(series.side[i] @ basis, side, atol=(series.side_error + 1e-13) * side[0])
        assert max(series.tail_error, series.side_error) < 1e-11
        assert series.edge_error < 1e-10


def test_the_mills_table():
    z = np.concatenate([np.linspace(0, 19.99, 300), np.arange(320) / 16, np.arange(1, 321) / 16 - 1e-12])
    mills, edge = mills_ratio(z), mills_slope(z)
    with mpmath.workdps(40):
        for x, first, second in zip(z, mills, edge, strict=True):
            exact = mpmath.sqrt(mpmath.pi / 2) * mpmath.exp(mpmath.mpf(x) ** 2 / 2) * mpmath.erfc(x / mpmath.sqrt(2))
            assert abs(first / exact - 1) < 2**-50
            assert abs(second / (1 - x * exact) - 1) < 2**-50


@pytest.mark.parametrize("bad", [0, 1, 2, -3, 3.0, True, "3", None, 10**19])
def test_bad_sizes(bad):
    with pytest.raises(ValueError, match=r"^n_keys = .*: expected .*; "):
        planar_rank(bad)


@pytest.mark.parametrize("bad", [0, -1, 2.0, False, "3", 10**19])
def test_bad_numbers_of_queries(bad):
    with pytest.raises(ValueError, match=r"^n_queries = .*: expected .*; "):
        planar_rank(3, n_queries=bad)
