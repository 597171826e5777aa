"""The series of the barrier: its coefficients as moments of a positive weight, its remainder against the barrier."""

from __future__ import annotations

import importlib
import itertools
import math
from fractions import Fraction

import mpmath
import pytest

from rankbound.bounds import exact_barrier
from rankbound.verdict import Rigour

module = importlib.import_module("rankbound.bounds.barrier_expansion")

SIZES = [1, 2, 3, 4, 10, 64, 512, 4096, 10**6, 10**12, 10**18]
TERMS = [1, 2, 3, 4, 7, 20, 100]


def reference_barrier(n):
    with mpmath.workdps(120):
        return n * (1 - (1 - mpmath.mpf(1) / n) ** n)


def test_the_coefficients_of_the_literature():
    expected = (Fraction(1, 2), Fraction(5, 24), Fraction(5, 48), Fraction(337, 5760), Fraction(137, 3840))
    assert module.series_coefficients(5) == expected


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 17, 60, 101])
def test_the_coefficients_are_moments_of_a_positive_weight(k):
    """Step 3 of the proof, by quadrature: the rational and the integral share nothing but the function."""
    with mpmath.workdps(40):

        def weight(s):
            return (1 - s) ** s * s**-s * mpmath.sin(mpmath.pi * s) * s ** (k - 1)

        nodes = [0, mpmath.mpf(1) / 4, mpmath.mpf(1) / 2, mpmath.mpf(3) / 4, 1]
        coarse, fine = (mpmath.e / mpmath.pi * mpmath.quad(weight, nodes, maxdegree=degree) for degree in (6, 8))
        assert abs(coarse - fine) <= mpmath.mpf(10) ** -25 * fine
        coefficient = module.series_coefficients(k)[-1]
        value = mpmath.mpf(coefficient.numerator) / coefficient.denominator
        assert abs(value - fine) <= 1000 * abs(coarse - fine) + mpmath.mpf(10) ** -30 * fine


def test_the_coefficients_are_positive_decrease_and_sum_to_less_than_one():
    coefficients = module.series_coefficients(101)
    assert all(a > b > 0 for a, b in itertools.pairwise(coefficients))
    assert Fraction(999, 1000) < sum(coefficients) < 1


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("terms", TERMS)
def test_the_interval_contains_the_barrier_and_is_about_as_wide_as_the_next_term(n, terms):
    enclosure = module.barrier_series(n, terms=terms)
    with mpmath.workdps(120):
        assert enclosure.lower <= reference_barrier(n) <= enclosure.upper
    following = float(module.series_coefficients(terms + 1)[-1] / Fraction(n) ** terms) / math.e
    rounding = 4 * math.ulp(enclosure.upper)
    assert following - rounding <= enclosure.width <= following * (1 + (terms + 1) / n) + rounding
    assert enclosure.rigour is Rigour.ENCLOSED


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 30])
def test_the_partial_sum_is_below_and_the_next_one_nearer(n):
    """The sign of the remainder, against the exact rational barrier."""
    value = exact_barrier(n)
    lowers = [module.barrier_series(n, terms=terms).lower for terms in range(1, 15)]
    assert all(Fraction(lower) < value for lower in lowers)
    assert lowers == sorted(lowers)


def test_default_is_four_terms():
    assert module.barrier_series(10) == module.barrier_series(10, terms=4)


@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_a_wrong_coefficient_is_caught(monkeypatch, index):
    """A relative error of 1e-6 in any of the first four coefficients leaves the barrier outside at some small n."""
    right = module.series_coefficients

    def wrong(terms):
        values = list(right(terms))
        values[index] *= Fraction(10**6 + 1, 10**6)
        return tuple(values)

    monkeypatch.setattr(module, "series_coefficients", wrong)
    missed = []
    for n in (2, 3, 4, 10, 64):
        enclosure = module.barrier_series(n, terms=100)
        missed.append(not enclosure.lower <= reference_barrier(n) <= enclosure.upper)
    assert any(missed)


@pytest.mark.parametrize("n", [0, -1, 1.0, True, 10**18 + 1, "512", None])
def test_a_size_that_is_none(n):
    with pytest.raises(ValueError, match=r"^n_keys = .*: expected .*; .*$"):
        module.barrier_series(n)


@pytest.mark.parametrize("terms", [0, -1, 4.0, True, 102, None])
def test_terms_out_of_range(terms):
    with pytest.raises(ValueError, match=r"^terms = .*: expected .*; .*$"):
        module.barrier_series(512, terms=terms)
    with pytest.raises(ValueError, match=r"^terms = .*: expected .*; .*$"):
        module.series_coefficients(terms)
