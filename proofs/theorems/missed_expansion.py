"""Taylor's formula for the share of missed keys, exp(-c w), in the logarithm of w, with remainders for every w > 0."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, Integral, eq, le
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate

rate = sp.Symbol("c", positive=True)
v = sp.Symbol("v", real=True)
lead = sp.Symbol("x", real=True)
_u, _y = sp.Symbol("u", real=True), sp.Symbol("y", nonnegative=True)

QUARTIC, SQUARE = 8, 33
RATES = (le(rate, 2),)
_w = sp.exp(v)
MISSED = sp.exp(rate - rate * _w)
"""``exp(-c (w - 1))`` at ``w = exp(v)``."""
_one = MISSED.xreplace({rate: sp.Integer(1)})
CUBIC = 1 - rate * v + (rate**2 - rate) * v**2 / 2 + (3 * rate**2 - rate**3 - rate) * v**3 / 6
_upper = le(MISSED, CUBIC + QUARTIC * v**4)
_twice = le(2 - v - v**2 / 2, (1 + _w) * _one)
_spread = le((_w - 1) ** 2 * _one, SQUARE * v**2)
_two_terms = le(sp.exp(-lead), 1 - lead + lead**2)
_far = (le(-1, lead),)
_statement = All((Claim(_upper, RATES), Claim(_twice), Claim(_spread), Claim(_two_terms, _far)))


def _slopes(function: Any, order: int) -> list[Any]:
    found = [function]
    for _ in range(order):
        found.append(sp.diff(found[-1], v))
    return found


def _to_the_right(name: str, slopes: list[Any], where: tuple[Any, ...], last: str) -> list[Step]:
    """Return the steps from a derivative that is nonnegative to a function that is, both for ``v >= 0``."""
    steps, known = [], last
    for level in range(len(slopes) - 2, -1, -1):
        inside, here = slopes[level + 1].xreplace({v: _u}), f"{name}, derivative {level}"
        integral, start = Integral(inside, _u, 0, v), slopes[level].xreplace({v: sp.Integer(0)})
        steps += [
            Step(
                f"{here}, slope",
                Claim(le(0, inside), (*where, le(0, _u))),
                "specialise",
                (known,),
                {"put": {v: _u}},
            ),
            Step(
                f"{here}, rise",
                Claim(le(0, integral), (*where, le(0, v))),
                "integral-comparison",
                (f"{here}, slope",),
            ),
            Step(
                f"{here}, ends",
                Claim(eq(integral, slopes[level] - start), (*where, le(0, v))),
                "fundamental-theorem",
                args={"antiderivative": slopes[level].xreplace({v: _u})},
            ),
            Step(
                here,
                Claim(le(0, slopes[level]), (*where, le(0, v))),
                "combination",
                (f"{here}, rise", f"{here}, ends"),
            ),
        ]
        known = here
    return steps


def _from_derivative(name: str, relation: Any, order: int, where: tuple[Any, ...]) -> list[Step]:
    """Return the steps to a relation whose sides agree at 0 up to a derivative of even order.

    The step before them has the sign of that derivative of the right side minus the left.
    """
    steps = []
    for side, sign, domain in (("right", 1, le(0, v)), ("left", -1, le(v, 0))):
        slopes = _slopes((relation.rhs - relation.lhs).xreplace({v: sign * v}), order)
        start = f"{name}, {side}, derivative {order}"
        steps += [
            Step(
                start,
                Claim(le(0, slopes[order]), where),
                "specialise",
                (f"{name}, last derivative",),
                {"put": {v: sign * v}},
            ),
            *_to_the_right(f"{name}, {side}", slopes, where, start),
            Step(
                f"{name}, {side} of 0",
                Claim(le(0, relation.rhs - relation.lhs), (*where, domain)),
                "specialise",
                (f"{name}, {side}, derivative 0",),
                {"put": {v: sign * v}},
            ),
        ]
    return [
        *steps,
        Step(
            f"{name}, difference",
            Claim(le(0, relation.rhs - relation.lhs), where),
            "two-sides",
            (f"{name}, right of 0", f"{name}, left of 0"),
        ),
        Step(name, Claim(relation, where), "combination", (f"{name}, difference",)),
    ]


def _polynomial(name: str, polynomial: Any, factor: Any, at: Any, order: int) -> tuple[Step, ...]:
    """Return the steps to a bound on a polynomial times ``exp(-y)``, at ``y = at``."""
    return (
        Step(
            f"{name} in y",
            Claim(le(polynomial, factor * sp.exp(_y))),
            "derivatives",
            args={"variable": _y, "left": 0, "order": order},
        ),
        Step(
            f"{name} at the exponential",
            Claim(le(polynomial.xreplace({_y: at}), factor * sp.exp(at))),
            "specialise",
            (f"{name} in y",),
            {"put": {_y: at}},
        ),
    )


_fourth = _y**4 - 6 * _y**3 + 7 * _y**2 - _y
_second = _y**4 - 7 * _y**3 + 11 * _y**2 - 3 * _y
THEOREM = Theorem(
    id="missed-expansion",
    title="The share of missed keys in the logarithm of the weight",
    prose=(
        "For every real v, w = exp(v) and 0 < c <= 2: exp(-c (w - 1)) <= 1 - c v + (c^2 - c) v^2/2 + (3 c^2 - c^3 - "
        "c) v^3/6 + 8 v^4; 2 - v - v^2/2 <= (1 + w) exp(-(w - 1)); and (w - 1)^2 exp(-(w - 1)) <= 33 v^2. And exp(-x) "
        "<= 1 - x + x^2 for x >= -1."
    ),
    statement=_statement,
    variables=(
        Variable(v, "the logarithm of the weight"),
        Variable(rate, "a rate"),
        Variable(lead, "a number"),
    ),
    assumptions=(),
    depends_on=("chernoff-rate",),
    steps=(
        Step("rates", Claim(RATES[0], RATES), "sign"),
        Step(
            "rates, exponential", Claim(le(sp.exp(rate), sp.exp(2)), RATES), "monotone", ("rates",), {"function": "exp"}
        ),
        Step("number", Claim(le(24 * sp.exp(2), 24 * QUARTIC)), "sign"),
        *_polynomial("fourth", _fourth, 24, rate * _w, 5),
        Step(
            "missed, last derivative",
            Claim(le(0, _slopes(_upper.rhs - _upper.lhs, 4)[4]), RATES),
            "combination",
            ("fourth at the exponential", "rates, exponential", "number"),
            {"weights": (MISSED, 24, 1)},
        ),
        *_from_derivative("missed", _upper, 4, RATES),
        Step(
            "exponential",
            Claim(le(0, sp.exp(_w - 1) - _w)),
            "specialise",
            ("theorem:chernoff-rate#1",),
            {"put": {chernoff_rate.v: sp.exp(_w - 1)}},
        ),
        Step(
            "twice, last derivative",
            Claim(le(0, _slopes(_twice.rhs - _twice.lhs, 2)[2])),
            "combination",
            ("exponential",),
            {"weights": (_one,)},
            "1 - w^2 (2 - w) exp(1 - w), where w (2 - w) <= 1",
        ),
        *_from_derivative("twice", _twice, 2, ()),
        *_polynomial("second", _second, 24, _w, 5),
        Step("e", Claim(le(24 * sp.exp(1), 2 * SQUARE)), "sign"),
        Step(
            "spread, last derivative",
            Claim(le(0, _slopes(_spread.rhs - _spread.lhs, 2)[2])),
            "combination",
            ("second at the exponential", "e"),
            {"weights": (_one, 1)},
        ),
        *_from_derivative("spread", _spread, 2, ()),
        Step(
            "from 0 on",
            Claim(le(sp.exp(-_y), 1 - _y + _y**2)),
            "derivatives",
            args={"variable": _y, "left": 0, "order": 3},
        ),
        Step(
            "below 0, divided",
            Claim(le(1, sp.exp(-_y) * (1 + _y + _y**2)), (le(_y, 1),)),
            "derivatives",
            args={"variable": _y, "left": 0, "order": 1},
        ),
        Step(
            "below 0",
            Claim(le(sp.exp(_y), 1 + _y + _y**2), (le(_y, 1),)),
            "combination",
            ("below 0, divided",),
            {"weights": (sp.exp(_y),)},
        ),
        Step("right of 0", Claim(_two_terms, (*_far, le(0, lead))), "specialise", ("from 0 on",), {"put": {_y: lead}}),
        Step("left of 0", Claim(_two_terms, (*_far, le(lead, 0))), "specialise", ("below 0",), {"put": {_y: -lead}}),
        Step("two terms", Claim(_two_terms, _far), "two-sides", ("right of 0", "left of 0")),
        Step("statement", _statement, "conjunction", ("missed", "twice", "spread", "two terms")),
    ),
)
