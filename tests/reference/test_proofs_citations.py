"""What is cited of pairs of scores, of caps, of chi-square and of planes, at edges: each formal claim against numbers.

Samples have fixed seeds; a mean is compared at 5 standard errors, so that a test of a true claim fails for less than
one seed in a million.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, special, stats

from proofs.language import All, Below, BivariateBelow, E, NormalTail
from proofs.literature import LITERATURE
from proofs.literature_pairs import correlation, share
from proofs.model import Height, PlaneDistance, d, k, t, x

ERRORS = 5
SAMPLE = 100_000


def part(citation, number=1):
    claim = LITERATURE[citation].claim
    return (claim.parts if isinstance(claim, All) else (claim,))[number - 1]


def formula(expr, *symbols):
    """An expression as a function of numbers; what is left of it must be free of chance."""
    return sp.lambdify(symbols, expr, [{"NormalTail": _tail}, "numpy"])


def _tail(value):
    return special.ndtr(-np.asarray(value))


def holds(claim, values):
    """Whether the conditions of a claim hold at numbers."""
    return all(bool(one.xreplace(values)) for one in claim.where)


def bivariate(first, second, between):
    if between == 1:
        return special.ndtr(min(first, second))
    if between == -1:
        return max(0.0, special.ndtr(first) - special.ndtr(-second))
    spread = math.sqrt(1 - between**2)

    def given(z):
        return stats.norm.pdf(z) * special.ndtr((second - between * z) / spread)

    return integrate.quad(given, -12, first, epsabs=1e-12, limit=200)[0]


@pytest.mark.parametrize("between", [-1, -0.9, 0, 0.4, 1])
def test_pairs_of_normals(between):
    tried = 0
    for first in (-3, -1, 0, 0.5, 2, 4):
        for second in (-2, 0, 1, 3):
            found = bivariate(first, second, between)
            for above in (0, 0.4, 1, 5):
                values = {x: sp.Rational(first), t: sp.Rational(second), correlation: sp.Rational(str(between))}
                values[share] = sp.Rational(str(above))
                for number in (1, 2, 3):
                    claim = part("bivariate-normal", number)
                    if not holds(claim, values):
                        continue
                    (pair,) = claim.conclusion.lhs.atoms(BivariateBelow)
                    assert claim.conclusion.lhs == pair
                    most = formula(claim.conclusion.rhs, x, t, correlation, share)(first, second, between, above)
                    assert found <= most + 1e-9
                    tried += number == 3
    assert tried >= 5


@pytest.mark.parametrize("dim", [1, 2, 3, 8, 100])
def test_caps(dim):
    claim = part("spherical-cap")
    assert not claim.where
    for far in (0, 1e-6, 0.1, 0.5, 0.9, 1, 1.001, 4):
        half = special.betainc((dim - 1) / 2, 0.5, 1 - far**2) / 2 if dim > 1 and far <= 1 else (far <= 1) / 2
        assert half <= formula(claim.conclusion.rhs, d, share)(dim, far) + 1e-15


@pytest.mark.parametrize("degrees", [1, 2, 3, 10, 400])
def test_chi_square_is_nearly_normal(degrees):
    upper, lower = part("chi-square-berry-esseen", 1), part("chi-square-berry-esseen", 2)
    (mean,) = upper.conclusion.lhs.atoms(E)
    assert lower.conclusion.rhs == mean
    levels = np.linspace(-12, 12, 4001)
    threshold = formula(mean.value.args[1], k, t)(degrees, levels)
    found = stats.chi2.cdf(threshold, degrees)
    assert np.all(found <= formula(upper.conclusion.rhs, k, t)(degrees, levels))
    assert np.all(found >= formula(lower.conclusion.lhs, k, t)(degrees, levels))
    assert abs(found - special.ndtr(levels)).max() > 0.1 / math.sqrt(degrees)  # the order is right


def test_the_third_moment_in_the_constant():
    third = 2 * integrate.quad(lambda z: abs(z * z - 1) ** 3 * stats.norm.pdf(z), 0, 40, points=[1], limit=400)[0]
    assert third < 8.7
    assert 0.4748 * 8.7 / 2**1.5 < 2


def directions(rng, count, dim, number):
    found = rng.standard_normal((count, number, dim))
    return found / np.linalg.norm(found, axis=2, keepdims=True)


@pytest.mark.parametrize("dim", [1, 2, 3, 10])
def test_a_key_along_two_queries(dim):
    rng = np.random.default_rng(50 + dim)
    keys, units = rng.standard_normal((SAMPLE, dim)), directions(rng, SAMPLE, dim, 2)
    scores = np.einsum("nd,nqd->nq", keys, units)
    between = np.clip((units[:, 0] * units[:, 1]).sum(axis=1), -1, 1)
    between = np.round(between) if dim == 1 else between
    claim = part("key-along-two-queries")
    for level in (0, 0.5, 1, 2):
        for above in (0, 0.3, 1, 1.5):
            found = (scores >= level).all(axis=1) & (between < above)
            most = formula(claim.conclusion.rhs, t, share)(level, above)
            assert found.mean() <= most + ERRORS * found.std() / math.sqrt(SAMPLE)
    # Given the key, the two scores are independent and alike: the product's mean is that of the square of one's mean.
    lengths = np.linalg.norm(keys, axis=1)
    for power in (0, 1, 4):
        one = mean_given_length(lengths, dim, power)
        gap = (special.ndtr(scores) ** power).prod(axis=1) - one**2
        for weight in (np.ones(SAMPLE), np.minimum(lengths, 2)):
            assert abs((gap * weight).mean()) <= ERRORS * (gap * weight).std() / math.sqrt(SAMPLE) + 1e-6


def mean_given_length(lengths, dim, power):
    """The mean of Phi(r u)^k over the cosine u, at many lengths r."""
    if dim == 1:
        return (special.ndtr(lengths) ** power + special.ndtr(-lengths) ** power) / 2
    nodes, weights = np.polynomial.legendre.leggauss(80)
    angles = (nodes + 1) * math.pi / 2
    weights = weights * np.sin(angles) ** (dim - 2)
    grid = np.linspace(0, lengths.max() + 0.01, 800)
    values = special.ndtr(grid[:, None] * np.cos(angles)) ** power @ weights / weights.sum()
    return np.interp(lengths, grid, values)


@pytest.mark.parametrize("dim", [1, 2, 3, 5])
def test_heights_over_a_plane(dim):
    """The distance of the plane and the other keys' heights over it are independent and normal, the sign included."""
    others, rng = 3, np.random.default_rng(60 + dim)
    keys = rng.standard_normal((20000, dim + others, dim))
    normals = np.ones((len(keys), 1))
    if dim > 1:
        differences = keys[:, 1:dim] - keys[:, :1]
        normals = np.linalg.svd(differences, full_matrices=True)[2][:, -1]
        normals = normals * np.sign(normals[:, :1])  # a rule for the sign that looks at the differences alone
    heights = np.einsum("nkd,nd->nk", keys, normals)
    assert np.allclose(heights[:, :dim], heights[:, :1])  # the first d keys lie in the plane
    distance = heights[:, 0] * math.sqrt(dim)
    first = part("heights-over-a-plane")
    assert first.conclusion == sp.Eq(E(Below(PlaneDistance(d), t)), 1 - NormalTail(t), evaluate=False)
    assert part("heights-over-a-plane", 2).conclusion.args[0].func is Height
    found = np.column_stack([distance, heights[:, dim:]])
    for column in found.T:
        assert stats.kstest(column, stats.norm.cdf).pvalue > 1e-6
    correlations = np.corrcoef(np.column_stack([found, found**2]).T)
    assert abs(correlations - np.eye(len(correlations))).max() < 6 / math.sqrt(len(keys))
    # A facet has the others on one side.
    for sign in (1, -1):
        below = (sign * heights[:, dim:] < sign * heights[:, :1]).all(axis=1)
        expected = integrate.quad(
            lambda z: stats.norm.pdf(z) * special.ndtr(z / math.sqrt(dim)) ** others, -12, 12, epsabs=1e-12
        )[0]
        assert abs(below.mean() - expected) < ERRORS * below.std() / math.sqrt(len(keys))
