"""What is called continuous, smooth or convergent is; derivatives are right; no false theorem is made of integrals."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from proofs import kernel
from proofs.calculus import derivative, discontinuity, divergence, end_values, normal_density, roughness
from proofs.language import Below, Claim, Density, E, Integral, Lim, NormalTail, bound_symbols, eq, le, lt
from proofs.literature import LITERATURE, alignment_density
from proofs.model import ChiSquare, NormalMax, Rank, d, j, n, x
from proofs.normal import equal
from proofs.records import Step, Theorem, Variable
from proofs.theorems import library

LIBRARY = library()
r = sp.Symbol("r", real=True)
y = sp.Symbol("y", real=True)
s = sp.Symbol("s", positive=True)
UNIT, OPEN = (le(0, x), le(x, 1)), (lt(0, x), lt(x, 1))
BELL = normal_density(x)
TAIL = NormalTail(x)
HEADS = {"NormalTail": lambda at: mpmath.erfc(at / mpmath.sqrt(2)) / 2}

SMOOTH = [
    x**3,
    x**3 / (1 + x**2),
    sp.exp(-x) * sp.log(1 + x),
    (1 + x) ** x,
    sp.sqrt(1 + x**2),
    TAIL,
    TAIL**2 * (1 - TAIL) ** 3,
    x * NormalTail(x**2 + 1),
    NormalTail(2 - 3 * x) / (1 + TAIL),
    NormalTail(NormalTail(x)) * TAIL,
    TAIL**TAIL,
    sp.log(NormalTail(x + 1)),
    sp.exp(x * NormalTail(-x)),
]


@pytest.mark.parametrize("function", SMOOTH, ids=str)
def test_a_derivative_is_that_of_the_function(function):
    assert roughness(function, x, OPEN) is None
    value, slope = (sp.lambdify(x, one, [HEADS, "mpmath"]) for one in (function, derivative(function, x)))
    with mpmath.workdps(40):
        for at in (mpmath.mpf(1) / 9, mpmath.mpf(1) / 2, mpmath.mpf(7) / 8):
            assert mpmath.almosteq(slope(at), mpmath.diff(value, at), 1e-20)


@pytest.mark.parametrize(
    ("function", "where"),
    [
        (1 / x, UNIT),
        (sp.log(x), UNIT),
        (sp.sqrt(x), (le(-1, x),)),
        (x**x, UNIT),
        (sp.ceiling(x), UNIT),
        (sp.KroneckerDelta(x, 1), UNIT),
        (sp.Sum(x**j, (j, 0, n)), UNIT),
        (E(Below(NormalMax(n), x)), UNIT),
        (sp.gamma(x), OPEN),
        (1 / (TAIL - sp.Rational(1, 4)), UNIT),
    ],
    ids=str,
)
def test_what_may_jump_is_not_called_continuous(function, where):
    assert discontinuity(function, x, where)
    assert roughness(function, x, where)


@pytest.mark.parametrize("function", [sp.sqrt(x), x ** (d - 1), (x**2 - 2 * x + 1) ** sp.Rational(1, 2)], ids=str)
def test_what_may_have_a_corner_at_an_end_is_continuous_there_and_not_smooth(function):
    assert discontinuity(function, x, UNIT) is None
    assert roughness(function, x, UNIT)


def test_the_limits_of_a_function_of_the_tail():
    assert end_values(x**2, x, (-s, 2), ()) == (s**2, 4)
    assert end_values((1 - TAIL) ** n, x, (), ()) == (0, 1)
    assert end_values(3 - NormalTail(sp.sqrt(2) * x) / 2, x, (), ()) == (sp.Rational(5, 2), 3)
    for function in (
        x,
        x * TAIL,
        1 / TAIL,
        sp.log(TAIL),
        BELL,
        NormalTail(-2 * x),
        NormalTail(x**2),
        NormalTail(r * x),
    ):
        assert end_values(function, x, (), ()) is None
    for function in (TAIL - NormalTail(2 * x), NormalTail(TAIL), sp.Integer(1), x * NormalTail(2 * x)):
        assert end_values(function, x, (), ()) is None


CONVERGENT = [
    Integral(x**2, x, 0, 1),
    Integral((1 - TAIL) ** (n - 1), x, -s, s),
    Integral(alignment_density(x, d + 2), x, -1, 1),
    Integral(x**4 * BELL * TAIL**2 + (1 - NormalTail(3 * x)) ** (n - 1) * sp.exp(-s * x**2), x),
    Integral(0, x),
]
DIVERGENT = [
    Integral(1 / x, x, 0, 1),
    Integral(1 / x**2, x, -1, 1),
    Integral(1, x, 1, 0),
    Integral(1, x, 0, r),
    Integral(1, x, 0, sp.log(r)),
    Integral(1 / r, x, 0, 1),
    Integral(x, x, 0, x),
    Integral(s, s, 0, 1),
    Integral(NormalMax(n), x, 0, 1),
    Integral(Integral(x * y, x, 0, 1), y, 0, 1),
    Integral(alignment_density(x, d), x, -1, 1),  # not bounded at d = 2
    Integral(1, x),
    Integral(TAIL, x),
    Integral(BELL + 1, x),
    Integral(BELL / TAIL, x),
    Integral(BELL * sp.exp(x), x),
    Integral(sp.exp(x**2), x),
    Integral(sp.exp(-r * x**2), x),
    Integral(sp.exp(-x), x),
    Integral(x**r * BELL, x),
]


@pytest.mark.parametrize("integral", CONVERGENT, ids=str)
def test_an_integral_that_converges(integral):
    assert divergence(integral, ()) is None


@pytest.mark.parametrize("integral", DIVERGENT, ids=str)
def test_an_integral_that_may_not_converge(integral):
    assert divergence(integral, ())
    assert checked(Step("same", Claim(eq(integral, integral)), "identity")).status != "checked"


def test_a_condition_on_the_variable_of_integration_is_no_help():
    assert "has a condition" in divergence(Integral(1 / x, x, -1, 1), (lt(0, x),))


def test_an_integral_binds_its_variable():
    integral = Integral(r * x, x, 0, s)
    assert integral.free_symbols == {r, s}
    assert bound_symbols(1 + integral) == bound_symbols(Density(NormalMax(n), BELL, x)) == {x}
    assert equal(integral, Integral(r * y, y, 0, s))
    assert not equal(integral, Integral(s * y, y, 0, s))
    for wrong in ((x, 1), (x, x, 0), (x, x, 0, 1, 2)):
        with pytest.raises(TypeError, match="two ends or none"):
            Integral(*wrong)


def checked(*steps):
    variables = tuple(Variable(symbol, "") for symbol in steps[-1].claim.free_symbols)
    assumptions = ("gaussian-queries-and-keys",)
    return kernel.check(Theorem("evil", "", "", steps[-1].claim, variables, assumptions, steps), LIBRARY)


HALF = Integral(x, x, 0, 1)
COSINE = LITERATURE["cosine-density"].claim.conclusion
CONDITIONAL = Claim(eq(x**2, 1), (eq(x**2, 1),))
FALSE = {
    "an integral in an expectation": (Step("only", Claim(eq(E(HALF), HALF)), "identity"),),
    "an integral in a limit": (Step("only", Claim(eq(Lim(HALF / n, n), 0)), "power-log-limit"),),
    "an integral in a sum": (Step("only", Claim(eq(sp.Sum(HALF, (j, 0, n - 1)), n * HALF)), "identity"),),
    "an integral in an exponential": (Step("only", Claim(eq(sp.exp(HALF), sp.exp(HALF))), "identity"),),
    "an integral in a condition": (Step("only", Claim(le(0, s), (le(HALF, s),)), "sign"),),
    "bound and free": (Step("only", Claim(eq(x * HALF, x * HALF)), "identity"),),
    "an end that depends on chance": (
        Step(
            "only",
            Claim(eq(Integral(1, x, 0, ChiSquare(d)), ChiSquare(d))),
            "fundamental-theorem",
            (),
            {"antiderivative": x},
        ),
    ),
    "SymPy's own integral": (Step("only", Claim(eq(sp.Integral(x, (x, 0, 1)), HALF)), "identity"),),
    "an equation used under the integral where it does not hold": (
        Step("known", CONDITIONAL, "sign"),
        Step("false", Claim(eq(Integral(x**2, x, 0, 1), Integral(1, x, 0, 1))), "rewrite", ("known",)),
    ),
    "an equation for the variable of integration": (
        Step("known", Claim(eq(x, 1), (eq(x, 1),)), "sign"),
        Step("false", Claim(eq(Integral(x**2, x, 0, 1), Integral(x, x, 0, 1))), "rewrite", ("known",)),
    ),
    "a value put in for the variable of integration": (
        Step("true", Claim(eq(HALF, sp.Rational(1, 2))), "fundamental-theorem", (), {"antiderivative": x**2 / 2}),
        Step("false", Claim(eq(Integral(2, x, 0, 1), sp.Rational(1, 2))), "specialise", ("true",), {"put": {x: 2}}),
    ),
    "a value with the variable of integration": (
        Step("true", Claim(eq(Integral(r, x, 0, 1), r)), "fundamental-theorem", (), {"antiderivative": r * x}),
        Step("false", Claim(eq(Integral(x, x, 0, 1), x)), "specialise", ("true",), {"put": {r: x}}),
    ),
    "ends in the wrong order": (
        Step("one", Claim(le(0, 1)), "sign"),
        Step("true", Claim(le(0, Integral(1, x, 0, s))), "integral-comparison", ("one",)),
        Step("false", Claim(le(0, Integral(1, x, 0, -s))), "specialise", ("true",), {"put": {s: -s}}),
    ),
    "the cosine's density in the plane": (Step("false", Claim(COSINE), "specialise", ("cite:cosine-density",)),),
    "the density of another variable": (
        Step(
            "false", Claim(Density(NormalMax(n), *COSINE.args[1:]), (le(3, d),)), "specialise", ("cite:cosine-density",)
        ),
    ),
    "a density that depends on chance": (
        Step(
            "false",
            Claim(COSINE.xreplace({d: Rank(n, n, d) + 3})),
            "specialise",
            ("cite:cosine-density",),
            {"put": {d: Rank(n, n, d) + 3}},
        ),
    ),
    "gamma at a pole": (Step("only", Claim(eq(sp.gamma(n - 1), sp.gamma(n - 1))), "identity"),),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_theorem_is_not_checked(name):
    report = checked(*FALSE[name])
    assert report.status in ("rejected", "undecided")
    assert [step.status for step in report.steps[:-1]] == ["accepted"] * (len(report.steps) - 1)
