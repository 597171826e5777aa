"""The theorems on narrow heads, facets and compression against other routes: samples, quadrature, known values.

Samples have fixed seeds. What a theorem takes by definition is looked at in every one of them; a mean is compared at 5
standard errors, so that a test of a true statement fails for less than one seed in a million.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy import integrate, special, stats
from scipy.spatial import ConvexHull

from proofs.language import All, E, Integral, NormalTail
from proofs.literature import LITERATURE, outer_angle
from proofs.model import Rank, d, m, n
from proofs.theorems import library
from proofs.theorems.one_dimensional_rank import RANK
from rankbound.bounds import expected_rank

ERRORS = 5


def part(theorem, number):
    statement = library()[theorem].statement
    return (statement.parts if isinstance(statement, All) else (statement,))[number - 1]


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def picks(queries, keys):
    return np.argmax(queries @ keys.swapaxes(-1, -2), axis=-1)


def ranks(picked):
    ordered = np.sort(picked, axis=-1)
    return 1 + (np.diff(ordered, axis=-1) > 0).sum(axis=-1)


def near(sample, expected):
    sample = np.asarray(sample, dtype=float)
    assert abs(sample.mean() - expected) < ERRORS * sample.std(ddof=1) / math.sqrt(len(sample)), sample.mean()


def value(expr, sizes):
    """Evaluate the integrals of a formula by adaptive quadrature, and the rest of it in floats."""
    expr = expr.xreplace({symbol: sp.Integer(size) for symbol, size in sizes.items()})
    found = {one: sp.Float(_integral(one)) for one in expr.atoms(Integral)}
    return float(expr.xreplace(found))


def _integral(expr):
    function, variable = expr.args
    plain = sp.lambdify(variable, function, [{"NormalTail": lambda t: special.ndtr(-t)}, "numpy"])
    return integrate.quad(plain, -10, 10, epsabs=1e-14, epsrel=1e-13, limit=400)[0]


# On a line, and two keys.


@pytest.mark.parametrize(("keys", "head_dim"), [(2, 1), (5, 1), (2, 3), (6, 2), (4, 7)])
def test_what_opposite_queries_pick(keys, head_dim):
    all_keys, queries = draw(1, 400, keys, head_dim), draw(2, 400, 20, head_dim)
    picked, opposite = picks(queries, all_keys), picks(-queries, all_keys)
    assert np.all(picked != opposite)
    if head_dim == 1:
        ends = [all_keys[..., 0].argmax(axis=1)[:, None], all_keys[..., 0].argmin(axis=1)[:, None]]
        for key in range(keys):
            assert np.all(
                (picked == key).astype(int) + (opposite == key) == sum((end == key).astype(int) for end in ends)
            )


def test_one_key_has_no_opposite():
    """The condition n >= 2 is needed: with one key every query and its opposite pick it."""
    assert np.all(picks(draw(3, 5, 4, 2), draw(4, 5, 1, 2)) == 0)
    assert RANK.subs(m, 3) == Fraction(7, 4)  # and the rank is 1


@pytest.mark.parametrize(("keys", "queries", "head_dim"), [(4, 3, 1), (9, 5, 1), (2, 4, 2), (2, 6, 8)])
def test_the_law_of_the_rank_by_simulation(keys, queries, head_dim):
    sample = ranks(picks(draw(5, 20000, queries, head_dim), draw(6, 20000, keys, head_dim)))
    assert set(sample) <= {1, 2}
    near(sample, float(RANK.subs(m, queries)))
    near(sample == 1, 2.0 ** (1 - queries))


@pytest.mark.parametrize(("keys", "head_dim"), [(3, 2), (8, 3), (5, 40)])
def test_no_key_has_a_chance_above_a_half(keys, head_dim):
    """Given the keys the chances are those of cones; estimated from a hundred thousand queries."""
    for seed in range(5):
        picked = picks(draw(100 + seed, 100000, head_dim), draw(200 + seed, keys, head_dim))
        chances = np.bincount(picked, minlength=keys) / len(picked)
        assert chances.max() <= 0.5 + ERRORS * 0.5 / math.sqrt(len(picked))
        for queries in (2, 5):
            given = (1 - (1 - chances) ** queries).sum()
            assert given >= float(RANK.subs(m, queries)) - 0.02


# The plane.


def planar(keys, queries, nodes=40):
    """The formula of the theorem by quadrature in polar coordinates; Owen's function gives the bivariate normal."""
    turn, turn_weight = np.polynomial.legendre.leggauss(nodes)
    angle, angle_weight = (turn + 1) * math.pi / 2, turn_weight / 2  # uniform between 0 and a half turn
    length, length_weight = np.polynomial.legendre.leggauss(nodes)
    length, length_weight = (length + 1) * 5, length_weight * 5
    length_weight = length_weight * length * np.exp(-(length**2) / 2)
    around = (np.arange(4 * nodes) + 0.5) * 2 * math.pi / (4 * nodes)
    total = 0.0
    for between, weight in zip(angle, angle_weight, strict=True):
        first, second = length[:, None] * np.cos(around), length[:, None] * np.cos(between - around)
        both = (special.ndtr(first) + special.ndtr(second)) / 2 - np.where(first * second < 0, 0.5, 0)
        both -= special.owens_t(first, np.tan(around)) + special.owens_t(second, np.tan(between - around))
        mean = (length_weight[:, None] * np.clip(both, 0, 1) ** (keys - 1)).sum() / (4 * nodes)
        total += weight * (1 - between / (2 * math.pi)) ** (queries - 2) * mean
    return queries - keys * queries * (queries - 1) / 2 * total


def test_the_plane_by_quadrature():
    """Three keys and queries by Fisher's law, two keys, the certified enclosures, and many keys."""
    assert abs(planar(3, 3) - 2.000917448724) < 1e-11
    assert abs(planar(2, 5) - (2 - 2.0**-4)) < 1e-11
    for keys, queries in ((8, 8), (40, 10)):
        found = expected_rank(keys, 2, n_queries=queries)
        assert found.lower - 1e-9 < planar(keys, queries) < found.upper + 1e-9
    assert abs(planar(512, 512, nodes=120) - 10.65010442801) < 1e-7


@pytest.mark.parametrize(("keys", "queries"), [(2, 2), (4, 3), (7, 5)])
def test_pairs_on_an_arc(keys, queries):
    """Both sides given the keys: the chances of exact arcs, and the angles of pairs of queries."""
    all_keys = draw(11, keys, 2)
    directions = draw(12, 200000, 2, 2)
    picked = picks(directions, all_keys)
    turns = np.arctan2(directions[..., 1], directions[..., 0]) / (2 * math.pi)
    apart = np.abs(turns[:, 0] - turns[:, 1])
    apart = np.minimum(apart, 1 - apart)
    chances = np.zeros(keys)
    if keys == 2:
        chances[:] = 0.5
    else:
        hull = ConvexHull(all_keys)
        normals = np.sort(np.arctan2(hull.equations[:, 1], hull.equations[:, 0]))
        edges = np.concatenate([normals, normals[:1] + 2 * math.pi])
        for start, end in pairwise(edges):
            middle = (start + end) / 2
            winner = picks(np.array([[math.cos(middle), math.sin(middle)]]), all_keys)[0]
            chances[winner] = (end - start) / (2 * math.pi)
    assert abs(chances.sum() - 1) < 1e-12
    for key in range(keys):
        both = np.all(picked == key, axis=1)
        p = chances[key]
        expected = 2 * (queries * p - 1 + (1 - p) ** queries) / (queries * (queries - 1))
        if p > 0.02:
            near(both * (1 - apart) ** (queries - 2), expected)
            near(both * (apart >= p / 3), (p - p / 3) ** 2)


# The hull of the keys.

KNOWN = [(8, 2, 5.0465316892), (64, 3, 19.037282327), (512, 3, 32.479187158)]


@pytest.mark.parametrize(("keys", "head_dim", "expected"), KNOWN)
def test_vertices_in_the_plane_and_in_space(keys, head_dim, expected):
    stated = part("attainable-rank", head_dim + 2)
    assert abs(value(stated.conclusion.rhs, {n: keys}) - expected) < 1e-8 * expected


@pytest.mark.parametrize(("keys", "head_dim"), [(3, 2), (7, 2), (6, 3), (7, 4), (8, 5)])
def test_facets_by_simulation(keys, head_dim):
    formula = part("gaussian-facets", 1).conclusion.rhs
    hulls = [ConvexHull(points) for points in draw(21, 1500, keys, head_dim)]
    stated = value(formula, {n: keys, d: head_dim})
    if keys == head_dim + 1:
        assert abs(stated - keys) < 1e-10
        assert {len(hull.simplices) for hull in hulls} == {keys}
    else:
        near([len(hull.simplices) for hull in hulls], stated)
    for hull in hulls[:200]:
        vertices, facets = len(hull.vertices), len(hull.simplices)
        assert head_dim != 2 or vertices == facets
        assert head_dim != 3 or facets == 2 * vertices - 4


def test_winners_are_vertices():
    for head_dim in (2, 3):
        for keys, queries in zip(draw(22, 100, 9, head_dim), draw(23, 100, 50, head_dim), strict=True):
            assert set(picks(queries, keys)) <= set(ConvexHull(keys).vertices)


def internal_angle(vertices):
    """The angle at a vertex of the regular simplex, as an integral along which the normal law is continued."""
    with mpmath.workdps(30):
        scale = mpmath.sqrt(mpmath.mpf(1) / (2 * vertices))

        def continued(y):
            return (mpmath.mpf(1) / 2 + mpmath.mpc(0, 1) / 2 * mpmath.erfi(y * scale)) ** (vertices - 1)

        found = mpmath.quad(lambda y: mpmath.npdf(y) * continued(y), [-12, -4, 0, 4, 12])
        assert abs(found.imag) < 1e-15
        return float(found.real)


def mean_vertices(keys, head_dim):
    return 2 * sum(
        math.comb(keys, faces) * faces * internal_angle(faces) * value(outer_angle(faces, n), {n: keys})
        for faces in range(head_dim, 0, -2)
    )


def test_the_cited_angles():
    claims = LITERATURE["simplex-angles"].claim.parts
    for size, claim in enumerate(claims[1:], 1):
        assert abs(internal_angle(size) - float(claim.conclusion.rhs)) < 1e-12
    # The angle of the regular tetrahedron in closed form.
    assert abs(internal_angle(4) - (3 * math.acos(1 / 3) - math.pi) / (4 * math.pi)) < 1e-12


@pytest.mark.parametrize("head_dim", range(1, 9))
def test_the_cited_sum_for_a_simplex(head_dim):
    """All n = d + 1 keys are vertices: exact, and no part of what is cited."""
    assert abs(mean_vertices(head_dim + 1, head_dim) - (head_dim + 1)) < 1e-9


@pytest.mark.parametrize(("keys", "head_dim"), [(7, 4), (8, 5)])
def test_the_cited_sum_by_simulation(keys, head_dim):
    near([len(ConvexHull(points).vertices) for points in draw(24, 2000, keys, head_dim)], mean_vertices(keys, head_dim))


@pytest.mark.parametrize(("keys", "head_dim", "expected"), KNOWN)
def test_the_cited_sum_at_known_sizes(keys, head_dim, expected):
    assert abs(mean_vertices(keys, head_dim) - expected) < 1e-8 * expected


# Compression.


def frames(keys):
    """The bases of the Gram-Schmidt process on the first keys, for each number of them, completed by one rule."""
    found, dim = [], keys.shape[1]
    for number in range(len(keys) + 1):
        vectors: list[np.ndarray] = []
        for candidate in [*keys[:number], *np.eye(dim)]:
            rest = candidate - sum((candidate @ vector) * vector for vector in vectors)
            if len(vectors) < dim and np.linalg.norm(rest) > 1e-9:
                vectors.append(rest / np.linalg.norm(rest))
        found.append(np.array(vectors))
    return found


@pytest.mark.parametrize(("number", "dim"), [(3, 3), (3, 6), (6, 3), (1, 4), (5, 1)])
def test_the_factors(number, dim):
    """What the construction grants, and what follows for the scores, in every sample."""
    for seed in range(20):
        keys, queries = draw(300 + seed, number, dim), draw(400 + seed, number, dim)
        bases = frames(keys)
        last = bases[-1]
        for basis in bases:
            assert np.allclose(basis @ basis.T, np.eye(dim))
            assert np.allclose(basis.T @ basis, np.eye(dim))
        factor, rotated = keys @ last.T, queries @ last.T
        reduced = np.array([bases[row] @ keys[row] for row in range(number)])
        assert np.allclose(queries @ keys.T, rotated @ factor.T)
        for row in range(number):
            assert np.allclose(bases[row][:row], last[:row][: len(bases[row][:row])])
            assert np.allclose(factor[row, row + 1 :], 0)
            assert np.allclose(factor[row, :row], reduced[row, :row])
            if row < dim:
                assert factor[row, row] >= -1e-12
                assert np.isclose(factor[row, row] ** 2, (reduced[row, row:] ** 2).sum())
        by_another = np.abs(np.linalg.qr(keys.T)[1].T)
        assert np.allclose(np.abs(factor[:, : by_another.shape[1]]), by_another)


def test_the_laws_of_the_factors():
    """By Kolmogorov-Smirnov tests, each wrongly failing for one seed in a million, and by correlations."""
    number, dim, repeats = 4, 3, 3000
    factors, rotated, reduced = [], [], []
    for keys, queries in zip(draw(31, repeats, number, dim), draw(32, repeats, 2, dim), strict=True):
        bases = frames(keys)
        factors.append(keys @ bases[-1].T)
        rotated.append(queries @ bases[-1].T)
        reduced.append([bases[row] @ keys[row] for row in range(number)])
    factors, rotated, reduced = (np.array(one) for one in (factors, rotated, reduced))
    for row in range(dim):
        assert stats.kstest(factors[:, row, row] ** 2, stats.chi2(dim - row).cdf).pvalue > 1e-6
    normals = np.concatenate([rotated.reshape(repeats, -1), reduced.reshape(repeats, -1)], axis=1)
    for column in normals.T:
        assert stats.kstest(column, stats.norm.cdf).pvalue > 1e-6
    correlations = np.corrcoef(np.concatenate([normals, normals**2], axis=1).T)
    assert np.abs(correlations - np.eye(len(correlations))).max() < 6 / math.sqrt(repeats)
    # The factor itself is not normal on its diagonal, nor are its rows those of a basis that does not know the key.
    assert stats.kstest(factors[:, 0, 0], stats.norm.cdf).pvalue < 1e-6


def test_all_are_checked(checked_theorems):
    for name in ("one-dimensional-rank", "planar-rank", "gaussian-facets", "attainable-rank", "compression"):
        assert checked_theorems[name].status == "checked"


def test_the_words_are_those_of_the_statements():
    assert part("one-dimensional-rank", 5).conclusion.lhs == E(Rank(n, m, 1))
    assert part("gaussian-facets", 1).conclusion.has(NormalTail)
