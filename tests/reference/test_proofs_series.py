"""The proved series of the barrier against exact rationals, an enclosure of e by another library, and the series."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp
from mpmath import iv

import proofs
from proofs.model import n

SIZES = range(1, 201)
THEOREM = proofs.theorem("barrier-series")
LOWER, UPPER, STRICT, EQUAL, DECREASING, LIMIT = (part.conclusion for part in THEOREM.statement.parts)
OVER_E = sp.Symbol("over_e")


def barrier(size):
    """n (1 - (1 - 1/n)^n), exactly."""
    return size * (1 - Fraction(size - 1, size) ** size)


def coefficients(number):
    """Return those of exp(-x/2 - x^2/3 - x^3/4 - ...) = e (1 - x)^(1/x), from k E_k = sum of j L_j E_(k-j)."""
    log = [Fraction(0)] + [Fraction(-1, power + 1) for power in range(1, number)]
    found = [Fraction(1)]
    for power in range(1, number):
        found.append(sum(j * log[j] * found[power - j] for j in range(1, power + 1)) / power)
    return found


def over_e(expr, size):
    """Write a side of the statement at n = ``size`` as p + q/e and return the fractions p and q."""
    value = sp.Poly(expr.xreplace({n: sp.Integer(size)}).xreplace({sp.exp(-1): OVER_E}), OVER_E)
    assert value.degree() <= 1
    return tuple(Fraction(int(value.nth(k).p), int(value.nth(k).q)) for k in (0, 1))


def enclosed(exact, multiple=Fraction(0)):
    """exact + multiple / e, between two floats of 60 digits."""
    iv.dps = 60
    return iv.mpf(exact.numerator) / exact.denominator + iv.mpf(multiple.numerator) / multiple.denominator / iv.e


def test_the_values_lie_between_the_proved_bounds():
    for size in SIZES:
        value = barrier(size)
        assert over_e(LOWER.rhs, size) == over_e(UPPER.lhs, size) == (value, 0)
        below, above = over_e(LOWER.lhs, size), over_e(UPPER.rhs, size)
        assert enclosed(*below).b < enclosed(value).a
        if size > 1:
            assert enclosed(value).b < enclosed(*above).a
        else:
            assert above == (value, 0)
        for bound in (below, above):
            assert enclosed(*bound).delta < iv.mpf(10) ** -55 * size
            assert abs(enclosed(*bound) - enclosed(value)).b < iv.mpf(1) / 28 / size**5  # K/e = 0.0343...


def test_the_statement_is_that_of_the_series():
    found = [-one for one in coefficients(7)[1:]]
    powers = sp.Poly(sp.expand((LOWER.lhs - (1 - sp.exp(-1)) * n) * sp.E).xreplace({n: 1 / OVER_E}), OVER_E)
    assert [Fraction(int(one.p), int(one.q)) for one in powers.all_coeffs()[::-1]] == found[:5]
    remainder = sp.expand((UPPER.rhs - LOWER.lhs) * sp.E * n**5)
    assert Fraction(int(remainder.p), int(remainder.q)) == 1 - sum(found[:5]) == Fraction(215, 2304)
    assert (STRICT.lhs, STRICT.rhs) == (EQUAL.lhs, EQUAL.rhs) == (UPPER.lhs, UPPER.rhs)


def test_the_further_coefficients_have_one_sign_and_make_up_the_remainder():
    found = coefficients(200)
    assert all(one < 0 for one in found[1:])
    # (1 - x)^(1/x) is 0 at 1, and (1 - x) + (1 - x)^2 log(1 - x) near it, so the k-th is near -2e/k^3
    assert 0 < sum(found) < Fraction(1, 10**4)
    assert found[199] * 199**3 == pytest.approx(-2 * 2.718281828, rel=0.1)


def test_the_excess_decreases_to_its_limit():
    limit = over_e(LIMIT.rhs, 1)
    excess = [enclosed(barrier(size) - size, Fraction(size)) for size in SIZES]
    assert all(second.b < first.a for first, second in pairwise(excess))
    assert all(enclosed(*limit).b < value.a for value in excess)
    assert (excess[-1] - enclosed(*limit)).b < enclosed(Fraction(5, 24 * 200)).a
    for size in (1, 2, 50):
        (after, over_after), (before, over_before) = over_e(DECREASING.lhs, size), over_e(DECREASING.rhs, size)
        assert (after, over_after) == (barrier(size + 1) - (size + 1), size + 1)
        assert (before, over_before) == (barrier(size) - size, size)


def test_a_wider_or_narrower_remainder():
    """The remainder is the least: with less of it the bound fails at n = 1, and none at all fails for every n."""
    for size in SIZES:
        value, (exact, multiple) = barrier(size), over_e(LOWER.lhs, size)
        less = multiple + Fraction(214, 2304) / size**5
        assert (enclosed(exact, less).b < enclosed(value).a) == (size == 1)
