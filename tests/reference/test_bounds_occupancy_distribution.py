"""The law of the occupancy number: enumeration, inclusion and exclusion, Stirling numbers, T4's reference values."""

from __future__ import annotations

import collections
import functools
import importlib
import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from rankbound.bounds import barrier, exact_barrier
from rankbound.verdict import Rigour

module = importlib.import_module("rankbound.bounds.occupancy_distribution")


def probability(n, m, k):
    """Return P(Occ = k) by inclusion and exclusion over which of the k cells are empty."""
    ways = sum((-1) ** j * math.comb(k, j) * (k - j) ** m for j in range(k + 1))
    return Fraction(math.comb(n, k) * ways, n**m)


@functools.cache
def law(n, m):
    """All of them, with the powers formed once."""
    most = min(n, m)
    powers = [j**m for j in range(most + 1)]
    total = n**m
    return tuple(
        Fraction(math.comb(n, k) * sum((-1) ** (k - j) * math.comb(k, j) * powers[j] for j in range(k + 1)), total)
        for k in range(most + 1)
    )


def variance(n, m):
    """T5's formula as it stands, at a precision that absorbs the cancellation."""
    with mpmath.workdps(60 + 6 * len(str(n)) + 2 * len(str(m))):
        x = mpmath.mpf(1) / n
        return n * (1 - x) ** m + n * (n - 1) * (1 - 2 * x) ** m - n**2 * (1 - x) ** (2 * m)


@pytest.mark.parametrize(("n", "m"), [(n, m) for n in range(1, 6) for m in range(1, 6)])
def test_exact_pmf_by_enumeration(n, m):
    counts = collections.Counter(len(set(cells)) for cells in itertools.product(range(n), repeat=m))
    assert module.exact_pmf(n, n_queries=m) == tuple(Fraction(counts[k], n**m) for k in range(min(n, m) + 1))


@pytest.mark.parametrize(("n", "m"), [(7, 9), (9, 7), (20, 3), (3, 20), (40, 40)])
def test_exact_pmf_by_stirling_numbers(n, m):
    """P(Occ = k) = n!/(n-k)! S(m, k) / n^m, with SymPy's Stirling numbers."""
    stirling = sympy.functions.combinatorial.numbers.stirling
    expected = (Fraction(math.perm(n, k) * int(stirling(m, k)), n**m) for k in range(min(n, m) + 1))
    assert module.exact_pmf(n, n_queries=m) == tuple(expected)


SIZES = [(1, 1), (1, 7), (7, 1), (2, 2), (3, 2), (5, 9), (9, 5), (64, 64), (512, 512), (30, 900), (900, 30), (2, 3000)]


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_the_law_contains_the_exact_one(n, m):
    occupancy = module.occupancy_law(n, n_queries=m)
    exact = law(n, m)
    assert occupancy.lower.shape == occupancy.upper.shape == (min(n, m) + 1,)
    for k, value in enumerate(exact):
        lower, upper = float(occupancy.lower[k]), float(occupancy.upper[k])
        assert Fraction(lower) <= value <= Fraction(upper), k
        if value > Fraction(1, 10**250):
            assert upper - lower <= (6 * m + 20) * 2.0**-53 * upper
        assert occupancy.probability(k).lower == lower
        assert occupancy.probability(k).upper == upper
    assert occupancy.upper[0] == 0
    mean = sum(k * value for k, value in enumerate(exact))
    assert mean == exact_barrier(n, n_queries=m)
    assert occupancy.mean == barrier(n, n_queries=m)
    spread = sum(k * k * value for k, value in enumerate(exact)) - mean**2
    assert Fraction(occupancy.variance.lower) <= spread <= Fraction(occupancy.variance.upper)


@pytest.mark.parametrize(("n", "m"), [(64, 64), (512, 512), (30, 900), (900, 30)])
def test_the_tails_contain_the_exact_ones(n, m):
    occupancy = module.occupancy_law(n, n_queries=m)
    exact = law(n, m)
    tail = Fraction(0)
    for k in reversed(range(len(exact))):
        tail += exact[k]
        enclosure = occupancy.upper_tail(k)
        assert Fraction(enclosure.lower) <= tail <= Fraction(enclosure.upper), k
        if tail > Fraction(1, 10**250):
            assert enclosure.width <= (6 * m + 40) * 2.0**-53 * enclosure.upper
    assert occupancy.upper_tail(len(exact)).upper == 0 == occupancy.probability(len(exact)).upper
    assert occupancy.upper_tail(1).lower == occupancy.upper_tail(0).lower == 1


def test_what_underflows_is_not_claimed_to_be_zero():
    """All 512 balls in one cell: 512^-511, far below the smallest float."""
    occupancy = module.occupancy_law(512)
    assert occupancy.lower[1] == 0
    assert 0 < occupancy.upper[1] < 1e-250


@pytest.mark.parametrize(("n", "m", "cells"), [(1000, 1500, (777, 850)), (1500, 1000, (730, 800))])
def test_a_larger_law_at_single_points(n, m, cells):
    occupancy = module.occupancy_law(n, n_queries=m)
    for k in cells:
        value = probability(n, m, k)
        enclosure = occupancy.probability(k)
        assert Fraction(enclosure.lower) <= value <= Fraction(enclosure.upper)
        assert enclosure.width <= (6 * m + 20) * 2.0**-53 * enclosure.upper or value < Fraction(1, 10**250)


@pytest.mark.parametrize(("n", "m"), [(20_000, 20_000), (10**18, 3000), (40, 50_000)])
def test_the_mass_and_the_moments_of_a_large_law(n, m):
    occupancy = module.occupancy_law(n, n_queries=m)
    cells = np.arange(occupancy.lower.size)
    slack = (6 * m + 40) * 2.0**-53
    assert math.fsum(occupancy.lower) <= 1 <= math.fsum(occupancy.upper) <= 1 + slack
    assert math.fsum(cells * occupancy.lower) * (1 - 1e-15) <= occupancy.mean.upper
    assert math.fsum(cells * occupancy.upper) * (1 + 1e-15) >= occupancy.mean.lower
    assert math.fsum(cells * occupancy.upper) <= occupancy.mean.upper * (1 + slack)


VARIANCES = [(2, 2), (2, 1000), (3, 2), (512, 512), (10**6, 10**6), (10**18, 10**18), (10**18, 2), (10**18, 10**9)]


@pytest.mark.parametrize(("n", "m"), [*VARIANCES, (10**9, 10**18 // 10**7), (10**17, 10**18)])
def test_variance(n, m):
    enclosure = module.occupancy_variance(n, n_queries=m)
    value = variance(n, m)
    assert enclosure.lower <= value <= enclosure.upper
    assert 0 < enclosure.width <= 1e-14 * enclosure.upper
    assert enclosure.rigour is Rigour.ENCLOSED


def test_variance_at_the_ends():
    assert module.occupancy_variance(1, n_queries=9).upper == 0
    assert module.occupancy_variance(9, n_queries=1).upper == 0
    tiny = module.occupancy_variance(2, n_queries=10**18)  # about 2^(1 - 10^18)
    assert tiny.lower == 0 < tiny.upper < 1e-300
    assert module.occupancy_variance(512).lower == pytest.approx(49.79, abs=0.005)
    rate = module.occupancy_variance(10**18).lower / 10**18
    assert rate == pytest.approx(math.exp(-1) - 2 * math.exp(-2), rel=1e-14)


@pytest.mark.parametrize(
    ("excess", "occupancy", "bernstein", "differences"), [(20, 2.6e-3, 2.9e-2, 0.21), (40, 7.0e-9, 3.1e-6, 1.9e-3)]
)
def test_reference_tails_at_512(excess, occupancy, bernstein, differences):
    bound = module.rank_tail_bound(512, excess)
    threshold = math.ceil(exact_barrier(512) + excess)
    tail = sum(law(512, 512)[threshold:])
    assert tail <= Fraction(bound.occupancy) <= tail * (1 + Fraction(1, 10**11))
    with mpmath.workdps(40):
        square = mpmath.mpf(excess) ** 2
        for value, formula in (
            (bound.bernstein, mpmath.exp(-square / (2 * (variance(512, 512) + mpmath.mpf(excess) / 3)))),
            (bound.bounded_differences, mpmath.exp(-2 * square / 512)),
        ):
            assert formula <= value <= formula * (1 + mpmath.mpf(10) ** -14)
    for value, printed in ((bound.occupancy, occupancy), (bound.bernstein, bernstein)):
        assert value == pytest.approx(printed, rel=0.03)
    assert bound.bounded_differences == pytest.approx(differences, rel=0.03)
    assert bound.best == bound.occupancy


@pytest.mark.parametrize(("n", "m"), [(3, 4), (4, 3), (4, 4), (2, 5)])
@pytest.mark.parametrize("excess", [0, 1e-9, 0.25, 0.5, 1, 1.5])
def test_the_bounds_hold_for_every_law_of_the_pick(n, m, excess):
    """Rows that pick key j with probability p_j, enumerated: uniform is the worst of them."""
    bound = module.rank_tail_bound(n, excess, n_queries=m)
    threshold = exact_barrier(n, n_queries=m) + Fraction(excess)
    weights = [[1] * n, [3, *[2] * (n - 1)], list(range(1, n + 1)), [9, *[1] * (n - 1)]]
    for weight in weights:
        share = [Fraction(w, sum(weight)) for w in weight]
        tail = sum(
            math.prod(share[j] for j in picks)
            for picks in itertools.product(range(n), repeat=m)
            if len(set(picks)) >= threshold
        )
        assert tail <= Fraction(bound.best)
        if weight == weights[0]:
            assert Fraction(bound.occupancy) - tail <= Fraction(1, 10**14)


def test_tails_at_extreme_sizes():
    huge = module.rank_tail_bound(10**18, 1e10)
    assert huge.occupancy is None
    assert 0 < huge.best == huge.bernstein < huge.bounded_differences < 1
    beyond = module.rank_tail_bound(10**18, 1e18)
    assert beyond.occupancy == 0 == beyond.best  # more than there are keys
    assert beyond.bernstein > 0
    at_zero = module.rank_tail_bound(512, 0)
    assert at_zero.bernstein == at_zero.bounded_differences == 1 > at_zero.occupancy > 0.4
    assert module.rank_tail_bound(1, 0).best == 1


@pytest.mark.parametrize(("n", "m"), [(3, 2), (3, 3), (4, 7), (6, 5), (8, 8)])
def test_the_generating_polynomial_has_only_real_roots(n, m):
    x = sympy.symbols("x")
    coefficients = [sympy.Rational(p.numerator, p.denominator) for p in module.exact_pmf(n, n_queries=m)]
    polynomial = sympy.Poly(coefficients[::-1], x)
    assert polynomial.count_roots() == polynomial.degree() == min(n, m)
    assert polynomial.count_roots(0, None) == 1  # the root 0; the others are negative


@pytest.mark.parametrize("which", [0, 1])
def test_a_wrong_ratio_is_caught(monkeypatch, which):
    right = module._ratios

    def wrong(n, most):
        ratios = right(n, most)
        ratios[which][most // 2] *= 1 + 1e-6
        return ratios

    monkeypatch.setattr(module, "_ratios", wrong)
    occupancy = module.occupancy_law(64)
    exact = law(64, 64)
    assert any(
        not Fraction(float(occupancy.lower[k])) <= p <= Fraction(float(occupancy.upper[k])) for k, p in enumerate(exact)
    )


def test_the_arrays_are_read_only():
    occupancy = module.occupancy_law(8)
    with pytest.raises(ValueError, match="read-only"):
        occupancy.lower[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        occupancy.upper[0] = 1


ONE_LINE = r"^\(?n_(keys|queries).* = .*: expected .*; .*$"


@pytest.mark.parametrize("function", [module.occupancy_law, module.exact_pmf, module.occupancy_variance])
@pytest.mark.parametrize("size", [0, -1, 5.0, True, "5", 10**18 + 1])
def test_a_size_that_is_none(function, size):
    with pytest.raises(ValueError, match=ONE_LINE):
        function(size)
    with pytest.raises(ValueError, match=ONE_LINE):
        function(5, n_queries=size)
    with pytest.raises(ValueError, match=ONE_LINE):
        module.rank_tail_bound(size, 1)


def test_too_large_says_what_remains():
    with pytest.raises(ValueError, match=r"^n_queries = 100001: .*; barrier, occupancy_variance and rank_tail_bound"):
        module.occupancy_law(100_001)
    with pytest.raises(ValueError, match=r"^\(n_keys, n_queries\) = \(2000, 2000\): expected .*; use occupancy_law"):
        module.exact_pmf(2000)


@pytest.mark.parametrize("excess", [-1, math.nan, math.inf, True, "1", 2e18])
def test_an_excess_out_of_range(excess):
    with pytest.raises(ValueError, match=r"^excess = .*: expected .*; .*$"):
        module.rank_tail_bound(512, excess)


@pytest.mark.parametrize("cells", [-1, 1.0, True, None])
def test_cells_out_of_range(cells):
    occupancy = module.occupancy_law(8)
    with pytest.raises(ValueError, match=r"^cells = .*: expected .*; .*$"):
        occupancy.upper_tail(cells)
    with pytest.raises(ValueError, match=r"^cells = .*: expected .*; .*$"):
        occupancy.probability(cells)


def test_an_exact_excess_is_not_rounded_past_the_rank_it_asks_for():
    """P(rank >= k) at k - b(n), a rational: the bound is that of at least k occupied cells, not of k + 1."""
    for n, m in ((5, 2), (3, 6), (3, 9), (8, 5)):
        for k in range(1, min(n, m) + 1):
            excess = k - exact_barrier(n, n_queries=m)
            if excess >= 0:
                tail = sum(law(n, m)[k:])
                bound = Fraction(module.rank_tail_bound(n, excess, n_queries=m).occupancy)
                assert tail <= bound <= tail * (1 + Fraction(1, 10**12))
