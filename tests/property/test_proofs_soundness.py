"""What the normal form and the sign engine accept is true at rational points drawn at random."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from amount import amount
from hypothesis import given
from hypothesis import strategies as st

import proofs
from proofs.language import le, lt
from proofs.normal import equal, rational
from proofs.signs import bounds, sign
from rankbound.testing import probability_vectors

x = sp.Symbol("x", real=True)
y = sp.Symbol("y", positive=True)
LEAVES = st.sampled_from([x, y, sp.Integer(1), sp.Integer(2), sp.Integer(-1), sp.Rational(1, 3)])


def grow(children):
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda pair: pair[0] + pair[1]),
        pairs.map(lambda pair: pair[0] * pair[1]),
        pairs.map(lambda pair: pair[0] - pair[1]),
        children.map(lambda child: child**2),
        children.map(lambda child: 1 / (child**2 + 1)),
    )


EXPRESSIONS = st.recursive(LEAVES, grow, max_leaves=7)
POINTS = st.lists(
    st.tuples(st.fractions(-3, 3, max_denominator=9), st.fractions(Fraction(1, 20), 4, max_denominator=20)),
    min_size=3,
    max_size=5,
)
DOMAINS = st.sampled_from(
    [
        (),
        (le(0, x),),
        (lt(0, x), lt(x, 1)),
        (le(1, y),),
        (le(x, y),),
        (lt(y, 2), le(-1, x), le(x, 1)),
    ]
)


def number(value):
    return sp.Rational(value.numerator, value.denominator)


def holds(condition, at):
    gap = (condition.rhs - condition.lhs).xreplace(at)
    return gap > 0 if isinstance(condition, sp.Lt) else gap >= 0


@amount(80)
@given(EXPRESSIONS, POINTS)
def test_the_normal_form_keeps_the_value(expression, points):
    form = rational(expression)
    for first, second in points:
        at = {x: number(first), y: number(second)}
        assert form.xreplace(at) == expression.xreplace(at)


@amount(80)
@given(EXPRESSIONS, EXPRESSIONS, POINTS)
def test_equal_means_equal(first, second, points):
    if equal(first, second):
        for left, right in points:
            at = {x: number(left), y: number(right)}
            assert first.xreplace(at) == second.xreplace(at)


@amount(120)
@given(EXPRESSIONS, DOMAINS, POINTS)
def test_a_sign_is_right_wherever_the_conditions_hold(expression, where, points):
    found = sign(expression, where)
    for first, second in points:
        at = {x: number(first), y: number(second)}
        if found is None or not all(holds(condition, at) for condition in where):
            continue
        value = expression.xreplace(at)
        allowed = {"+": value > 0, "0+": value >= 0, "0": value == 0, "0-": value <= 0, "-": value < 0}
        assert allowed[found], (expression, where, found, at)


def test_the_sign_engine_does_decide_something():
    assert sign(x * (1 - x), (lt(0, x), lt(x, 1))) == "+"
    assert sign(y**3 - 3 * y + 3) == "+"
    assert sign(1 / (1 + x**2) - 1) == "0-"
    assert sign(x) is None
    assert bounds(y, (le(2, y),))[0] == [(2, False), (0, True)]


@amount(40)
@given(
    st.integers(1, 40),
    probability_vectors(size=st.integers(1, 8), exact=True),
)
def test_the_conditional_expectation_never_exceeds_the_barrier(n_queries, p):
    given_keys = GIVEN(len(p), n_queries, p)
    barrier = BARRIER(Fraction(len(p)), n_queries)
    assert 1 <= given_keys <= barrier
    assert (given_keys == barrier) == (n_queries == 1 or len(set(p)) == 1)


N, M = sp.symbols("n m", integer=True, positive=True)
BARRIER = sp.lambdify((N, M), proofs.derive("barrier"), "math")
GIVEN = sp.lambdify((N, M, sp.IndexedBase("p", real=True)), proofs.derive("barrier", given_keys=True), "math")
