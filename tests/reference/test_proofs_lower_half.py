"""The lower half of the exponent against exact probabilities: the formal statements' own sides, evaluated by mpmath."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

import proofs
from proofs.language import E
from proofs.literature import LITERATURE, scale
from proofs.model import c, d, k, m, n, t, x
from proofs.theorems import aligned_lower_bound, chi_square_window, cosine_tail

DIGITS = 30
DIMENSIONS = (1, 2, 3, 16, 64)


def phi_bar(value):
    return mpmath.erfc(value / mpmath.sqrt(2)) / 2


def chi_square_below(degrees, value):
    """P(chi^2_degrees < value), from the incomplete gamma function."""
    if degrees == 0 or value <= 0:
        return mpmath.mpf(value > 0)
    return mpmath.gammainc(mpmath.mpf(degrees) / 2, 0, mpmath.mpf(value) / 2, regularized=True)


def cosine_above(dim, level):
    """P(cos > level) for a uniform direction: the squared cosine is Beta(1/2, (dim - 1)/2)."""
    if dim == 1:
        return mpmath.mpf(mpmath.mpf(level) < 1) / 2
    half = mpmath.mpf(1) / 2
    return mpmath.betainc(half, half * (dim - 1), mpmath.mpf(level) ** 2, 1, regularized=True) / 2


def number(expr, values, chances=None):
    """Evaluate one side of a formal statement: random heads by ``chances``, symbols by ``values``."""
    from proofs.language import NormalTail

    expr = expr.xreplace({head: sp.Float(str(chance), DIGITS) for head, chance in (chances or {}).items()})
    expr = expr.xreplace({symbol: sp.nsimplify(value, rational=True) for symbol, value in values.items()})
    tails = {
        tail: sp.Float(str(phi_bar(mpmath.mpf(str(tail.args[0].evalf(DIGITS))))), DIGITS)
        for tail in expr.atoms(NormalTail)
    }
    return mpmath.mpf(str(expr.xreplace(tails).evalf(DIGITS)))


def only(expr):
    """The one expectation in an expression."""
    (head,) = expr.atoms(E)
    return head


@pytest.mark.parametrize("degrees", DIMENSIONS)
@pytest.mark.parametrize("factor", ["0.3", "1.7"])
def test_scaling_of_chi_square(degrees, factor):
    """The citation's two sides by quadrature of the density."""
    left, right = LITERATURE["chi-square-scaling"].claim.conclusion.args
    with mpmath.workdps(DIGITS):
        s, low, high = mpmath.mpf(factor), mpmath.mpf(degrees) / 2 + 1, mpmath.mpf(degrees) + 4
        half = mpmath.mpf(degrees) / 2

        def density(value):
            return value ** (half - 1) * mpmath.exp(-value / 2) / (2**half * mpmath.gamma(half))

        exact = chi_square_below(degrees, s * high) - chi_square_below(degrees, s * low)
        tilted = mpmath.quad(lambda value: mpmath.exp(-(s - 1) / 2 * value) * density(value), [low, high])
        values = {k: degrees, scale: factor, t: str(low), x: str(high)}
        assert number(left, values, {only(left): exact}) == pytest.approx(float(exact), rel=1e-20)
        assert abs(number(right, values, {only(right): tilted}) - exact) < mpmath.mpf(10) ** -20
        mean = mpmath.quad(lambda value: value * density(value), [0, degrees, 40 + 8 * degrees])
        square = mpmath.quad(lambda value: value**2 * density(value), [0, degrees, 40 + 8 * degrees])
    first, second, *_ = LITERATURE["chi-square-moments"].claim.parts
    assert float(first.conclusion.rhs.subs(k, degrees)) == pytest.approx(float(mean), rel=1e-5)
    assert float(second.conclusion.rhs.subs(k, degrees)) == pytest.approx(float(square), rel=1e-5)


@pytest.mark.parametrize("degrees", [*DIMENSIONS, 400])
@pytest.mark.parametrize("level", ["0.2", "0.7", "1", "1.5", "3"])
def test_window_of_chi_square(degrees, level):
    between, above, below = proofs.theorem("chi-square-window").statement.parts
    s, h = mpmath.mpf(level), 2 * mpmath.sqrt(degrees + 1)
    steep = abs(s - 1)
    values = {
        chi_square_window.s: level,
        chi_square_window.r: degrees + 1,
        chi_square_window.h: str(h),
        chi_square_window.z: str(steep),
        k: degrees,
    }
    low, high = s * (degrees - h), s * (degrees + h)
    with mpmath.workdps(150):  # some of these chances are below 1e-90
        to_low, to_high = chi_square_below(degrees, low), chi_square_below(degrees, high)
        assert 0 < number(between.conclusion.lhs, values) <= to_high - to_low
        if s >= 1:
            assert number(above.conclusion.lhs, values) <= 1 - to_low
        if s <= 1:
            assert number(below.conclusion.lhs, values) <= to_high


@pytest.mark.parametrize("dim", DIMENSIONS)
@pytest.mark.parametrize("level", ["0.1", "0.5", "0.9"])
def test_tail_of_the_cosine(dim, level):
    by_parts, explicit = proofs.theorem("cosine-tail").statement.parts
    exact = cosine_above(dim, level)
    u = mpmath.mpf(level)
    for along in (mpmath.mpf(1) / 2, mpmath.sqrt(dim) * u, mpmath.mpf(2)):
        across = along**2 * (1 / u**2 - 1)
        lhs = by_parts.conclusion.lhs
        near = {only(lhs): chi_square_below(dim - 1, across)}
        assert number(lhs, {cosine_tail.a: str(along)}, near) <= exact
    q, r = u**2, dim + 8 / u**2
    values = {cosine_tail.q: str(q), cosine_tail.r: str(r), cosine_tail.eta: str(2 / mpmath.sqrt(r))}
    assert q * r >= 1  # so that all conditions hold
    assert 0 < number(explicit.conclusion.lhs, values) <= exact


# The expected rank, from simulation (two standard errors added) or from the upper bound U.
SIZES = [(64, 4, 18.214), (512, 8, 126.5), (512, 16, 189.64), (512, 64, 278.75), (4096, 64, 1924.86)]


@pytest.mark.parametrize(("keys", "dim", "rank"), SIZES)
def test_the_finite_bound_is_below_the_rank(keys, dim, rank):
    lhs = proofs.theorem("aligned-lower-bound").statement.conclusion.lhs
    best = 0
    for cosine in ("0.15", "0.3", "0.45", "0.6", "0.75"):
        for length in ("0.8", "1", "1.2", "1.5"):
            r = mpmath.mpf(length) * mpmath.sqrt(dim)
            chances = {
                aligned_lower_bound.ALIGNED_CHANCE: cosine_above(dim, cosine),
                aligned_lower_bound.LONG_CHANCE: 1 - chi_square_below(dim, r**2),
            }
            values = {n: keys, m: keys, d: dim, aligned_lower_bound.r: str(r), aligned_lower_bound.u: cosine}
            found = number(lhs, values, chances)
            assert found <= rank
            best = max(best, found)
    assert best > 1  # more than E[rank] >= 1 says


@pytest.mark.parametrize("ratio", ["0.5", "1", "2", "5"])
def test_the_exponent_of_the_bound_tends_to_e(ratio):
    theorem = proofs.theorem("log-n-exponent-attained")
    (with_slack,) = (step.claim.conclusion.lhs for step in theorem.steps if step.name == "liminf with slack")
    limit = number(proofs.derive("log-n-exponent"), {c: ratio})
    assert number(theorem.statement.conclusion.lhs, {c: ratio}) == pytest.approx(float(limit), rel=1e-15)
    gaps = [limit - number(with_slack, {c: ratio, cosine_tail.eta: slack}) for slack in ("1e-2", "1e-4", "1e-6")]
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] < 1e-4
