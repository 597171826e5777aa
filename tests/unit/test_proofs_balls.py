"""Balls contain what they enclose, and the rule that covers an interval with them says no more than they do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import flint
import pytest
import sympy as sp

import proofs
from proofs.constants import constant_sign, enclose
from proofs.language import Claim, le, lt
from proofs.model import n, x
from proofs.records import Step, Theorem, Variable
from proofs.rules import RULES
from proofs.rules.base import Refused, Unknown

s = sp.Symbol("s", positive=True)
v = sp.Symbol("v", real=True)
R = sp.Rational
LEAST = x * sp.log(x)  # -1/e, at 1/e
UNIT = (le(0, x), le(x, 1))
PLACE = (le(R(1, 10), x), le(x, 2))


def cover(claim, *premises, **args):
    return RULES["ball-bisection"].apply(claim, list(premises), {"variable": x, **args})


def number_of_balls(text):
    return int(text.split()[0])


def contains(ball, number):
    """Whether the rational is in the ball; in 4096 bits its own ball is too small to matter."""
    with flint.ctx.workprec(4096):
        return ball.contains(flint.arb(flint.fmpq(int(number.p), int(number.q))))


@pytest.mark.parametrize("precision", [16, 64, 256])
@pytest.mark.parametrize(("low", "high"), [(R(1, 3), R(2, 3)), (R(-1, 7), R(1, 7)), (R(1, 3), R(1, 3)), (0, R(22, 7))])
def test_the_ball_of_an_interval_contains_it_and_little_more(low, high, precision):
    low, high = sp.Rational(low), sp.Rational(high)
    ball = enclose(x, precision, {x: (low, high)})
    inside = [low + (high - low) * R(part, 16) for part in range(17)]
    assert all(contains(ball, point) for point in inside)
    assert float(ball.rad()) <= float(high - low) / 2 * (1 + 2.0**-8) + 2.0 ** (3 - precision)


FUNCTIONS = [
    x**2 - x,
    x**3,
    1 / (1 + x**2),
    sp.exp(-x) * x,
    sp.log(2 + x),
    (2 + x) ** R(1, 3),
    (2 + x) ** x,
    sp.pi ** (-x) + sp.E,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
@pytest.mark.parametrize(("low", "high"), [(R(-1), R(1)), (R(0), R(1, 3)), (R(-7, 8), R(-3, 4))])
def test_a_ball_contains_the_values_on_the_interval(function, low, high):
    ball = enclose(function, 64, {x: (low, high)})
    assert ball is not None
    for part in range(9):
        value = enclose(function.xreplace({x: low + (high - low) * R(part, 8)}), 192)
        assert ball.contains(value)


@pytest.mark.parametrize("function", [1 / x, sp.log(x), sp.sqrt(x), x**x, x ** (-2), sp.sin(x), x + v, sp.oo * x])
def test_what_may_be_undefined_on_the_interval_has_no_ball(function):
    assert enclose(function, 64, {x: (sp.Integer(-1), sp.Integer(1))}) is None


def test_an_interval_that_narrows_gives_a_ball_that_narrows():
    radii = [
        float(enclose(sp.exp(x) - x**2, 128, {x: (R(1, 2), R(1, 2) + R(1, 2**bits))}).rad()) for bits in range(0, 40, 4)
    ]
    assert all(second < first / 8 for first, second in pairwise(radii))


def test_a_power_of_e_that_sympy_left_alone_is_that_power():
    square = sp.Pow(sp.E, 2, evaluate=False)
    assert isinstance(square, sp.exp)
    assert constant_sign(square - 8) == "-"
    with pytest.raises((Refused, Unknown)):
        RULES["sign"].apply(Claim(lt(8, square)), (), {})
    assert RULES["sign"].apply(Claim(lt(square, 8)), (), {})


def test_the_cover_grows_as_the_margin_shrinks():
    loose, tight = (cover(Claim(lt(margin, LEAST), PLACE)) for margin in (R(-1, 2), R(-37, 100)))
    assert number_of_balls(loose) < number_of_balls(tight) < 100


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim(lt(0, x), UNIT), "not decided"),  # a zero at the end
        (Claim(le(0, x), UNIT), "not decided"),  # true, but strictness is all that balls show
        (Claim(le(0, (3 * x - 1) ** 2), UNIT), "not decided"),  # a zero inside
        (Claim(lt(0, 1 / x**2), (le(-1, x), le(x, 1))), "not decided"),  # a pole
        (Claim(lt(sp.log(x), 1), UNIT), "not decided"),  # undefined at 0
        (Claim(lt(sp.log(x), sp.log(x) + 1), UNIT), "not decided"),  # the sides cancel, and are undefined all the same
        (Claim(lt(0, sp.exp(10**9 * x) - sp.exp(10**9 * x) + 1 / sp.exp(sp.exp(10**9 * x))), UNIT), "not"),
    ],
)
def test_zeros_poles_and_what_is_not_finite_are_undecided(claim, reason):
    with pytest.raises(Unknown, match=reason):
        cover(claim, depth=12)


def test_what_is_false_on_a_box_is_refused():
    with pytest.raises(Refused, match="false for x from"):
        cover(Claim(lt(R(-3678, 10000), LEAST), PLACE))  # -1/e = -0.36787...
    with pytest.raises(Refused, match="false for x from"):
        cover(Claim(le(sp.exp(x), 1 + x), (le(R(1, 2), x), le(x, 3))))


def test_the_work_is_bounded():
    hopeless = Claim(lt(0, (x - R(1, 3)) ** 2 + R(1, 10**40)), UNIT)
    with pytest.raises(Unknown, match="64 boxes are not enough"):
        cover(hopeless, boxes=64, depth=64)
    with pytest.raises(Unknown):
        cover(hopeless)
    for wrong in ({"boxes": 10**9}, {"depth": 65}, {"precision": 10**6}, {"boxes": 0}, {"depth": True}, {"boxes": "9"}):
        with pytest.raises(Refused, match="not a whole number from 1"):
            cover(hopeless, **wrong)


TAIL = Claim(lt(sp.log(x), x), (le(5, x),))
HALF_LINE = Claim(lt(sp.log(x), x), (le(R(1, 2), x),))


def test_a_premise_takes_over_on_a_half_line():
    assert "from 1/2 to 5" in cover(HALF_LINE, TAIL)
    down = Claim(lt(0, x**2 + 1), (lt(x, -2),))
    up = Claim(lt(0, x**2 + 1), (le(3, x),))
    assert "from -2 to 3" in cover(Claim(lt(0, x**2 + 1)), up, down)


@pytest.mark.parametrize(
    "premises",
    [
        (),
        (Claim(le(sp.log(x), x), (le(5, x),)),),  # another relation
        (Claim(lt(sp.log(x), x), (le(5, x), le(x, 9))),),  # no half-line
        (Claim(lt(sp.log(x), x), (le(x, 5),)),),  # the wrong one
        (Claim(lt(sp.log(x), x), (sp.Eq(5, x, evaluate=False),)),),
        (Claim(lt(sp.log(x), x), (le(5, x), lt(0, v))),),  # perhaps for some v only
        (Claim(lt(sp.log(v), v), (le(5, v),)),),
        (Claim(lt(sp.log(x), x), (le(sp.E, x),)),),  # no rational end
    ],
)
def test_a_premise_that_does_not_cover_the_rest_is_refused(premises):
    with pytest.raises(Refused):
        cover(HALF_LINE, *premises)


@pytest.mark.parametrize(
    ("claim", "args"),
    [
        (Claim(lt(0, n + 1), (le(1, n), le(n, 2))), {"variable": n}),  # between 1 and 2 there is no integer
        (Claim(lt(0, 1 + x * v), UNIT), {}),
        (Claim(lt(0, 2 + sp.sin(x)), UNIT), {}),
        (Claim(lt(0, 1 + x), (le(0, x), le(x, v))), {}),
        (Claim(lt(0, 1 + x), (le(0, x), le(x**2, 1))), {}),
        (Claim(lt(0, 1 + x), (le(1, x), le(x, 0))), {}),
        (Claim(lt(0, 1 + s), (le(s, 0),)), {"variable": s}),
        (Claim(lt(0, 1 + x)), {}),
        (Claim(lt(0, 1 + x), UNIT), {"variable": "x"}),
        (Claim(lt(0, 1), UNIT), {}),
    ],
)
def test_what_is_no_interval_or_no_function_of_it_is_refused(claim, args):
    with pytest.raises(Refused):
        cover(claim, **args)


def test_the_type_of_the_variable_is_an_end():
    assert "from 0 to 1" in cover(Claim(lt(s, 1 + s**2), (lt(s, 1),)), variable=s)


def test_a_theorem_by_balls_and_a_tail():
    tail = Step(
        "tail",
        Claim(lt(x, sp.exp(x)), (lt(0, x),)),
        "derivatives",
        args={"variable": x, "left": 0, "order": 1},
    )
    whole = Claim(lt(x, sp.exp(x)), (le(-9, x),))
    theorem = Theorem(
        "by-balls",
        "",
        "",
        whole,
        (Variable(x, ""),),
        (),
        (tail, Step("whole", whole, "ball-bisection", ("tail",), {"variable": x})),
    )
    report = proofs.check(theorem)
    assert (report.status, report.steps[1].detail) == ("checked", report.steps[1].detail)
    assert ("library", "flint.arb") in {(item.kind, item.name) for item in report.ledger}
    false = Claim(lt(x, sp.exp(x) - 1), (le(-9, x),))
    step = replace(theorem.steps[1], claim=false)
    assert proofs.check(replace(theorem, statement=false, steps=(tail, step))).status == "rejected"
