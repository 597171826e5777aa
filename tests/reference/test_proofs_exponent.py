"""The derived exponent of the rank at head_dim = ceil(c log n), against mpmath."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

import proofs
from proofs.model import c
from proofs.theorems import balance_equation, chernoff_rate, chi_square_tails, gaussian_maximum
from proofs.theorems.log_n_exponent import BALANCE, EXPONENT

DIGITS = 40
VALUES = [("1/2", 0.5825), ("1", 0.7628), ("2", 0.8767), ("5", 0.9501)]
RATIOS = [mpmath.mpf(10) ** (mpmath.mpf(k) / 4) for k in range(-8, 33)]  # from 1/100 to 10^8


@pytest.fixture(autouse=True)
def forty_digits():
    with mpmath.workdps(DIGITS):
        yield


def rate(v):
    return v - 1 - mpmath.log(v)


def level(ratio):
    """The level at which the two exponents balance, from a bracket and not by the formula."""
    gap = 2 / ratio
    low, high = max(gap, mpmath.mpf(1)), 1 + gap

    def excess(y):  # decreasing in y: the derivative is 1/y - 1/(y - gap)
        return rate(y - gap) - rate(y)

    return mpmath.findroot(excess, (low + (high - low) / 2**20, high), solver="anderson", tol=mpmath.mpf(10) ** -60)


def at(expression, ratio):
    """Evaluate an expression in c at ``ratio``, with digits to spare for what cancels."""
    with mpmath.workdps(3 * DIGITS):
        return +sp.lambdify(c, expression, "mpmath")(ratio)


@pytest.mark.parametrize(("ratio", "value"), VALUES)
def test_known_values(ratio, value):
    assert abs(at(EXPONENT, mpmath.mpf(sp.Rational(ratio).p) / sp.Rational(ratio).q) - value) < 5e-5


@pytest.mark.parametrize("ratio", [mpmath.mpf(k) / 8 for k in (2, 4, 8, 16, 40, 800)])
def test_the_balance_is_what_a_root_finder_finds(ratio):
    found = level(ratio)
    assert abs(at(BALANCE, ratio) - found) < mpmath.mpf(10) ** -30
    assert abs(at(EXPONENT, ratio) - (1 - ratio / 2 * rate(found))) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("ratio", [mpmath.mpf(k) / 8 for k in (2, 4, 8, 16, 40)])
def test_the_balance_is_the_only_one(ratio):
    gap = 2 / ratio
    grid = [gap + mpmath.mpf(10) ** (mpmath.mpf(k) / 10) for k in range(-200, 60)]
    signs = [mpmath.sign(rate(y - gap) - rate(y)) for y in grid]
    changes = [k for k in range(len(grid) - 1) if signs[k] != signs[k + 1]]
    assert len(changes) == 1
    assert grid[changes[0]] <= at(BALANCE, ratio) <= grid[changes[0] + 1]


def test_the_expansion_holds_on_both_sides():
    lower, upper = (part.conclusion for part in proofs.theorem("log-n-exponent-expansion").statement.parts)
    assert lower.rhs == upper.lhs == EXPONENT
    for ratio in RATIOS:
        assert at(lower.lhs, ratio) < at(EXPONENT, ratio) < at(upper.rhs, ratio)


def test_the_expansion_is_sharp_to_its_order():
    """The lower side is right to order c^-3, and the upper side's constant 1/72 is the limit's: it cannot be less."""
    for ratio in RATIOS[-12:]:
        scaled = (at(EXPONENT, ratio) - at(1 - 1 / (4 * c), ratio)) * ratio**3
        assert abs(scaled - mpmath.mpf(1) / 72) < 1 / ratio


@pytest.mark.parametrize("v", [mpmath.mpf(k) / 16 for k in (1, 4, 15, 17, 24, 32, 160)])
def test_the_rate(v):
    stated = sp.lambdify(chernoff_rate.v, chernoff_rate.rate(chernoff_rate.v), "mpmath")(v)
    assert abs(stated - rate(v)) < mpmath.mpf(10) ** -35
    assert rate(v) > 0
    assert v < 1 or rate(v) <= (v - 1) ** 2


@pytest.mark.parametrize("r", [1, 5, 30])
@pytest.mark.parametrize("multiple", [mpmath.mpf(11) / 10, mpmath.mpf(2), mpmath.mpf(5)])
def test_the_tails_of_chi_square(r, multiple):
    upper, lower = (part.conclusion.rhs for part in proofs.theorem("chi-square-tails").statement.parts)
    names = chi_square_tails
    for freedom in range(1, r + 2):
        bound = sp.lambdify((names.r, names.y), upper, "mpmath")(r, multiple)
        assert mpmath.gammainc(mpmath.mpf(freedom) / 2, r * multiple / 2, regularized=True) <= bound
    for freedom in (r - 1, r, r + 3):
        for extra in (mpmath.mpf(-1) / 10, mpmath.mpf(0), mpmath.mpf(2)):
            bound = sp.lambdify((names.r, names.w, names.h), lower, "mpmath")(r, 1 / multiple, extra)
            threshold = max(r / multiple + extra, 0)
            exact = mpmath.gammainc(mpmath.mpf(freedom) / 2, 0, threshold / 2, regularized=True) if freedom else 1
            assert exact <= bound


@pytest.mark.parametrize("n", [1, 10, 10**6])
@pytest.mark.parametrize("b", [mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(4)])
def test_the_largest_of_n_normals(n, b):
    exponential, power = (part.conclusion.rhs for part in proofs.theorem("gaussian-maximum").statement.parts)
    names = gaussian_maximum
    exact = mpmath.ncdf(b) ** n
    bound = sp.lambdify((names.n, names.b), exponential, "mpmath")(n, b)
    assert exact <= bound
    for order in (mpmath.mpf(1) / 2, 1, 3):
        assert bound <= sp.lambdify((names.n, names.b, names.a), power, "mpmath")(n, b, order)


@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 5), (20, 20)])
def test_truncation_at_one_dimension(n, m):
    """At head_dim 1 a query picks the largest or the least key, the winner's length is |M|, and all is explicit."""
    expected = 2 - mpmath.mpf(2) ** (1 - m)
    for k in range(1, 60):
        radius = mpmath.mpf(k) / 10
        beyond = 2 * mpmath.ncdf(-radius)
        shorter = mpmath.ncdf(radius) ** n - mpmath.ncdf(-radius) ** n
        assert expected <= n * beyond + m * shorter


def test_the_balance_equation_of_the_record_is_the_one_solved_here():
    unique, *_ = proofs.theorem("balance-equation").statement.parts
    assert unique.conclusion.rhs.xreplace({balance_equation.s: 2 / c}) == BALANCE
    assert 1 - c / 2 * chernoff_rate.rate(BALANCE) == EXPONENT
    derived = proofs.derive("log-n-exponent")
    for ratio in RATIOS[::5]:
        assert abs(at(derived, ratio) - at(EXPONENT, ratio)) < mpmath.mpf(10) ** -30
