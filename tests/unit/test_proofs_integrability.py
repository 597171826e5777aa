"""Which expectations may be spoken of: with an infinite one as a number, 1 < 0 would be derivable."""

from __future__ import annotations

import pytest
import sympy as sp

from proofs import kernel
from proofs.language import ALIGNED, KEYS, NORM, Below, Claim, E, NormalTail, eq, le
from proofs.model import ChiSquare, Cosine, NormalMax, PickChance, Radius, Rank, Score, d, hit, i, j, m, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import library, mixed_tilt

LIBRARY = library()
C = ChiSquare(d)
SCORE = Score(j, n, d)
R = Radius(d)
x = sp.Symbol("x", real=True)
y = sp.Symbol("y", real=True)
v = sp.Symbol("v", nonnegative=True)
s = sp.Symbol("s", positive=True)


def status(*steps):
    variables = tuple(Variable(symbol, "") for symbol in steps[-1].claim.free_symbols)
    theorem = Theorem("tried", "", "", steps[-1].claim, variables, ("gaussian-queries-and-keys",), steps, ("barrier",))
    return kernel.check(theorem, LIBRARY).status


EXISTS = {
    "a polynomial": E(C**3 * R + SCORE),
    "a root": E(sp.sqrt(C)),
    "a power of a probability": E((1 - NormalTail(SCORE)) ** (n - 1)),
    "a function of a quantity that takes finitely many values": E(sp.exp(s * Rank(n, m, d))),
    "an exponential that is at most 1": E(sp.exp(-s * C)),
    "an exponential up to a bound": E(sp.exp(s * C) * Below(C, x) * (1 - Below(C, y))),
    "an exponential up to a bound on the square": E(sp.exp(s * R**2) * Below(R**2, x)),
    "a factor that is known": E(sp.exp(R**2) * hit(i, j), NORM),
}
DOES_NOT = {
    "an exponential": E(sp.exp(C)),
    "an exponential from a bound on": E(sp.exp(C) * (1 - Below(C, x))),
    "an exponential up to a bound that varies": E(sp.exp(C) * Below(C, R)),
    "an exponential of two variables, one up to a bound": E(sp.exp(C * R**2) * Below(C, x)),
    "an exponential up to a bound on another square": E(sp.exp(C) * Below(R**2, x)),
    "an exponential from a bound on the square on": E(sp.exp(R**2) * (1 - Below(R**2, x))),
    "an exponential up to a bound on a root": E(sp.exp(C) * Below(1 / C, x)),
    "a reciprocal": E(1 / NormalTail(SCORE)),
    "a factor that is known to the inner mean only": E(E(sp.exp(R**2) * hit(i, j), NORM)),
    "a function of a mean": E(sp.exp(E(C, KEYS))),
    "a power that varies": E((1 + C) ** C),
}


@pytest.mark.parametrize("name", EXISTS)
def test_a_mean_that_exists(name):
    assert status(Step("same", Claim(eq(EXISTS[name], EXISTS[name])), "identity")) == "checked"


@pytest.mark.parametrize("name", DOES_NOT)
def test_a_mean_that_may_not_exist(name):
    assert status(Step("same", Claim(eq(DOES_NOT[name], DOES_NOT[name])), "identity")) == "rejected"


def test_an_infinite_mean_has_no_lower_bounds():
    event = 1 - Below(C, y)
    steps = (
        Step("order", Claim(le(y, v), (le(y, v),)), "sign"),
        Step("exp", Claim(le(sp.exp(y), sp.exp(v)), (le(y, v),)), "monotone", ("order",), {"function": "exp"}),
        Step(
            "where it is large",
            Claim(le(event * sp.exp(y), event * sp.exp(C))),
            "on-events",
            ("exp",),
            {"events": (event,), "put": {v: C}},
        ),
        Step("everywhere", Claim(le(event * sp.exp(y), sp.exp(C))), "combination", ("where it is large",)),
    )
    assert status(*steps) == "checked"
    markov = Step("markov", Claim(le(E(event) * sp.exp(y), E(sp.exp(C)))), "expectation", ("everywhere",))
    assert status(*steps, markov) == "rejected"


def test_premises_may_bound_a_part():
    ratio = 1 / (1 + C)
    bounds = (Step("from", Claim(le(0, ratio)), "sign"), Step("to", Claim(le(ratio, 1)), "sign"))
    claim = Claim(le(1, E(2 - ratio)))
    least = Step("least", Claim(le(1, 2 - ratio)), "combination", ("to",))
    assert status(*bounds, least, Step("mean", claim, "expectation", ("least", "from", "to"))) == "checked"
    assert status(*bounds, least, Step("mean", claim, "expectation", ("least", "to"))) == "rejected"


def test_a_mean_given_one_thing_is_not_known_given_another():
    other = E(PickChance(0, n, d), ALIGNED)
    assert status(Step("known", Claim(eq(E(other, KEYS), other)), "identity")) == "rejected"
    other = E(Cosine(d), KEYS)
    assert status(Step("known", Claim(eq(E(other, ALIGNED), other)), "identity")) == "rejected"


@pytest.mark.parametrize("weight", ["0.1", "1e400", "zoo", "x", "exp(1)"])
def test_no_argument_is_read_as_a_formula(weight):
    tiny = sp.Rational(1, 10**40)
    hypothesis = Step("hypothesis", Claim(eq(x, 1), (eq(x, 1),)), "sign")
    nearly = Claim(eq(x / 10, sp.Rational(1, 10) + tiny), (eq(x, 1),))
    assert (
        status(hypothesis, Step("false", nearly, "combination", ("hypothesis",), {"weights": (weight,)})) == "rejected"
    )


def test_a_rule_that_bounds_a_mean_shows_that_it_is_finite():
    """The mean of a tilt whose factor varies: its shape shows no bound, but the rule that compares it does."""
    mean = E(mixed_tilt.MIXED * Below(R**2, mixed_tilt.x))
    assert status(Step("same", Claim(eq(mean, mean)), "identity")) == "rejected"
    theorem = LIBRARY["mixed-tilt"]
    (step,) = (one for one in theorem.steps if one.rule == "mixture-over-maximum")
    assert step.claim.conclusion.lhs == mean
    assert kernel.check_step(step, theorem, LIBRARY).status == "accepted"


def test_the_right_side_of_such_a_rule_must_be_finite_by_itself():
    """For every b the mean of exp(b C), C < x, is a number; nothing says so of exp(M C), C < x."""
    score, maximum = sp.Symbol("b", real=True), NormalMax(n)
    right = sp.exp(score * C) * Below(C, x)
    known = Step("known", Claim(le(E(0 * C), E(right))), "sign")
    args = {"variable": score, "maximum": maximum, "left": sp.Integer(0), "right": right}
    claim = Claim(le(0, E(right.xreplace({score: maximum}))))
    assert status(known, Step("mixture", claim, "mixture-over-maximum", ("known",), args)) == "rejected"
