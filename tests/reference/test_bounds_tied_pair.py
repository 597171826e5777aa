"""Two tokens with tied weights, against closed forms, SciPy's F distribution and quadrature."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from scipy import integrate, stats

from rankbound.bounds import barrier, limiting_share, tied_pair_rank


def test_closed_forms():
    assert Fraction(3, 2) in tied_pair_rank(1)
    assert abs(tied_pair_rank(2).lower - (1 + math.sqrt(0.5))) < 1e-14
    assert abs(tied_pair_rank(3).lower - (2 - (0.5 - 1 / math.pi))) < 1e-14


@pytest.mark.parametrize("head_dim", [1, 2, 3, 8, 64, 1000])
def test_the_mean_by_the_f_distribution(head_dim):
    value = tied_pair_rank(head_dim)
    assert abs(value.lower - (2 - stats.f.sf(head_dim, 1, head_dim))) < 1e-11
    assert value.width < 1e-14


def test_the_mean_by_quadrature():
    def longer(z):
        return 2 * stats.norm.pdf(z) * stats.chi2.cdf(z * z, 5)

    together = integrate.quad(longer, 0, 20, epsabs=1e-13)[0]
    assert abs(tied_pair_rank(5).lower - (2 - together)) < 1e-11


def test_it_grows_to_two():
    values = [tied_pair_rank(d) for d in (1, 2, 3, 10, 30)]
    last = tied_pair_rank(10**10)
    assert all(low.upper < high.lower for low, high in itertools.pairwise(values))
    assert 2 - 1e-9 < last.lower <= last.upper == 2.0


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 7), (64, 16), (512, 2048), (10**9, 3 * 10**9)])
def test_the_barrier_exceeds_the_share_by_at_most_1_over_e(n, m):
    line, b = limiting_share(n, m), barrier(n, n_queries=m)
    assert line.lower < b.upper
    assert b.lower - line.upper <= 1 / math.e
    assert abs(line.lower / n - (1 - math.exp(-m / n))) < 1e-14
