"""The saturation window against other routes: quadrature of the limit law, exact chi-square laws, certified numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import mpmath
import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.language import Claim, E
from proofs.model import NormalMax, d, n
from proofs.theorems import (
    library,
    window_error,
    window_expansion,
    window_limit,
    window_necessary,
    window_rate,
    winner_weight,
)
from rankbound import bounds

REFERENCE = {"0.1": 0.597182, "0.5": 0.487571, "1": 0.391513, "2": 0.266116, "5": 0.097920, "10": 0.022071}
"""MATH.md's values of F, to six digits."""


def limit_law(ratio):
    """F by the trapezoidal rule in the normal variable, which converges geometrically."""
    root, step = mpmath.sqrt(2 * ratio), mpmath.mpf(1) / 64
    values = (step * place for place in range(-64 * 12, 64 * 12 + 1))
    return step * mpmath.fsum(-mpmath.expm1(-mpmath.exp(root * z - ratio)) * mpmath.npdf(z) for z in values)


def formal(expr, ratio):
    """The formal F as a function of the normal variable, by the same rule."""
    (mean,) = expr.atoms(E)
    name = sp.Symbol("z", real=True)
    function = sp.lambdify(name, mean.value.xreplace({NormalMax(1): name, window_expansion.lam: ratio}), "mpmath")
    return mpmath.quad(lambda z: function(z) * mpmath.npdf(z), mpmath.linspace(-12, 12, 25))


@pytest.mark.parametrize("ratio", REFERENCE)
def test_the_limit_law_is_that_of_the_reference_values(ratio):
    value = limit_law(mpmath.mpf(ratio))
    assert float(value) == pytest.approx(REFERENCE[ratio], abs=6e-7)
    assert float(formal(window_expansion.WINDOW, sp.Rational(ratio))) == pytest.approx(float(value), abs=1e-12)
    enclosure = bounds.window(float(ratio))
    assert enclosure.lower - 1e-15 <= float(value) <= enclosure.upper + 1e-15


def number(expr, values):
    return float(expr.xreplace({symbol: sp.sympify(value) for symbol, value in values.items()}).evalf(30))


@pytest.mark.parametrize("ratio", ["1/1000", "1/100", "1/12", "1/2", "1", "3"])
def test_the_expansion_encloses_the_limit_law(ratio):
    ratio = sp.Rational(ratio)
    value = float(limit_law(mpmath.mpf(ratio.p) / ratio.q))
    upper, lower, above, below, strict = proofs.theorem("window-expansion").statement.parts
    at = {window_expansion.lam: ratio}
    assert number(lower.conclusion.lhs, at) <= value <= number(upper.conclusion.rhs, at)
    assert value <= number(strict.conclusion.rhs, at) < 1 - math.exp(-1)
    if ratio <= sp.Rational(1, 12):
        assert number(below.conclusion.lhs, at) <= value <= number(above.conclusion.rhs, at)
        assert number(above.conclusion.rhs, at) - number(below.conclusion.lhs, at) <= 7.1 * float(ratio) ** 2
    if ratio <= sp.Rational(1, 100):  # the bounds have the right second order: 1/(2 e)
        width = number(upper.conclusion.rhs, at) - number(lower.conclusion.lhs, at)
        assert width < float(ratio) ** 2


def chi_square_below(degrees, value):
    return mpmath.gammainc(mpmath.mpf(degrees) / 2, 0, mpmath.mpf(value) / 2, regularized=True)


def density(degrees, value):
    half = mpmath.mpf(degrees) / 2
    return value ** (half - 1) * mpmath.exp(-value / 2) / (2**half * mpmath.gamma(half))


@pytest.mark.parametrize("degrees", [3, 16, 100])
@pytest.mark.parametrize("factor", ["0.4", "0.9"])
def test_a_tilt_is_a_scaling(degrees, factor):
    """The second and third part of winner-weight, by quadrature of the chi-square density."""
    tilt = sp.lambdify(
        winner_weight.x, winner_weight.tilt(sp.Rational(factor), winner_weight.x).xreplace({d: degrees}), "mpmath"
    )
    level = degrees + 5
    ends = mpmath.linspace(mpmath.mpf(10) ** -30, level, 12)
    found = mpmath.quad(lambda value: tilt(value) * density(degrees, value), ends)
    assert float(found) == pytest.approx(float(chi_square_below(degrees, mpmath.mpf(factor) * level)), rel=1e-9)


@pytest.mark.parametrize("degrees", [64, 256, 1024])
@pytest.mark.parametrize("ratio", ["1/2", "1"])
def test_the_tilted_share_is_near_the_limit_law(degrees, ratio):
    """window-limit: its two bounds contain the mean under chi-square, which is nearer to F than they say."""
    ratio = sp.Rational(ratio)
    upper, lower, positive = proofs.theorem("window-limit").statement.parts
    assert all(number(one.rhs - one.lhs, {d: degrees, window_expansion.lam: ratio}) >= 0 for one in positive.where)
    root = mpmath.sqrt(mpmath.mpf(ratio.p) / ratio.q / degrees)
    limit = limit_law(mpmath.mpf(ratio.p) / ratio.q)
    spread = mpmath.sqrt(2 * degrees)
    log_share = mpmath.mpf(degrees) / 2 * mpmath.log(1 - 2 * root)

    def picked(value):
        return -mpmath.expm1(-mpmath.exp(root * value + log_share)) * density(degrees, value)

    ends = [max(degrees + place * spread, mpmath.mpf(10) ** -20) for place in range(-10, 13)]
    share = mpmath.quad(picked, sorted(set(ends)))
    at = {d: degrees, window_expansion.lam: ratio}
    error = number(upper.conclusion.rhs - window_expansion.WINDOW, at)
    assert share <= limit + error
    assert share >= limit + number(lower.conclusion.lhs - window_expansion.WINDOW, at)
    assert abs(share - limit) < error / 4
    assert window_limit.TILT.xreplace(at).is_positive


def test_the_errors_of_the_window_vanish_as_stated():
    """The errors in window-rate fall like 1/sqrt(L) for fixed T, and its conditions can all be met."""
    errors = []
    for exponent in (4, 8, 16):
        values = {window_error.L: 10**exponent, window_error.top: sp.Rational(1, 10)}
        errors.append(number(window_rate.SMALL, values))
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.3)
    assert errors[1] / errors[2] == pytest.approx(1e4, rel=0.05)
    at = {n: 10**20, window_error.L: 64, window_error.top: sp.Rational(1, 10), window_expansion.lam: sp.Rational(1, 10)}
    at[d] = 40960
    for condition in window_rate.DOMAIN:
        gap = (condition.rhs - condition.lhs).xreplace(at)
        assert gap >= 0


@pytest.mark.parametrize("ratio", [1.0, 0.1])
def test_certified_ranks_fall_towards_the_limit(ratio):
    """At ceil(log^2 n / lambda) the certified share comes nearer to F along n, an illustration of the limit."""
    gaps = []
    for power in (10, 14, 18):
        length = 2**power
        value = bounds.expected_rank(length, math.ceil(math.log(length) ** 2 / ratio))
        middle = (value.lower + value.upper) / 2 / length
        assert (value.upper - value.lower) / length < 2e-3
        gaps.append(middle - bounds.window(ratio).lower)
    assert gaps[0] > gaps[1] > gaps[2] > 0


def changed(theorem, step, old, new):
    """The step with one part of its claim replaced."""
    (found,) = (one for one in theorem.steps if one.name == step)
    relation = found.claim.conclusion
    sides = [side.xreplace({old: new}) for side in relation.args]
    assert sides != list(relation.args)
    return replace(found, claim=Claim(relation.func(*sides, evaluate=False), found.claim.where))


LAM, MU = window_expansion.lam, window_necessary.mu
WRONG = [
    ("window-expansion", "linear above", 2 * LAM**2, LAM**2 / 3),
    ("window-expansion", "linear below", -5 * LAM**2, -(LAM**2) / 9),
    ("window-expansion", "strict", sp.exp(-LAM / 4), sp.exp(-LAM / 3)),
    ("winner-weight", "tilt from above", winner_weight.x * winner_weight.s, winner_weight.x * winner_weight.s / 2),
    ("saturation-window", "limit", sp.sqrt(MU), 2 * sp.sqrt(MU)),
    ("saturation-window", "shortfall", -5 * MU**2, -(MU**2) / 9),
    ("window-necessary", "wider heads", sp.exp(-MU / 4), sp.exp(-MU / 3)),
    ("window-deficit", "below", -2 * MU**2, -(MU**2)),
]


@pytest.mark.parametrize(("name", "step", "old", "new"), WRONG, ids=[f"{case[0]}: {case[1]}" for case in WRONG])
def test_another_constant_is_not_accepted(name, step, old, new):
    theorem = proofs.theorem(name)
    report = kernel.check_step(changed(theorem, step, old, new), theorem, library())
    assert report.status != "accepted"
