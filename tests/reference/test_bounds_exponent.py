"""The exponent e(c) from the balance of two large deviations, solved numerically instead of in closed form."""

from __future__ import annotations

import itertools

import mpmath
import pytest

from rankbound.bounds import rank_exponent


def by_balance(c):
    """Balance P(chi^2_d > rho log n) against P(2 log n + chi^2_d < rho log n), d = c log n, by bisection on rho."""
    with mpmath.workdps(60):
        c = mpmath.mpf(c)

        def rate(x):  # Cramer's rate of chi^2_d at x d, per log n
            return c / 2 * (x - 1 - mpmath.log(x))

        low, high = max(c, mpmath.mpf(2)), c + 2  # the upper tail's rate is 0 at the lower end or below the other's
        for _ in range(220):
            middle = (low + high) / 2
            if middle > 2 and rate(middle / c) > rate((middle - 2) / c):
                high = middle
            else:
                low = middle
        return 1 - rate((low + high) / 2 / c)


@pytest.mark.parametrize("c", [0.05, 0.5, 1, 2, 5, 37.5, 1000])
def test_exponent_by_balance(c):
    enclosure = rank_exponent(c)
    with mpmath.workdps(60):
        assert enclosure.lower <= by_balance(c) <= enclosure.upper
    assert enclosure.width < 1e-15
    assert enclosure.lower > 0
    assert enclosure.upper < 1


@pytest.mark.parametrize(("c", "digits"), [(0.5, 0.5825), (1, 0.7628), (2, 0.8767), (5, 0.9501)])
def test_published_digits(c, digits):
    assert abs(rank_exponent(c).lower - digits) <= 5e-5


@pytest.mark.parametrize("c", [10.0, 100.0, 1e3, 1e4, 1e6])
def test_expansion_for_large_c(c):
    """1 - e(c) = 1/(4c) - 1/(72 c^3) + ...: with u = 1/c, y = u e^u / sinh u, y - 1 - ln y = u^2/2 - u^4/36 + ...."""
    enclosure = rank_exponent(c)
    with mpmath.workdps(50):
        error = abs(1 - by_balance(c) - 1 / (4 * mpmath.mpf(c)))
        assert error <= mpmath.mpf(c) ** -3 / 50
    assert abs(1 - enclosure.lower - 1 / (4 * c)) <= c**-3 / 50 + 1e-15
    assert enclosure.upper < 1


def test_the_whole_range_is_below_one_and_increasing():
    values = [rank_exponent(10.0 ** (k / 4)) for k in range(-12, 25)]
    assert all(v.upper < 1 for v in values)
    assert all(a.upper < b.lower for a, b in itertools.pairwise(values))
