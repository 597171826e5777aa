"""The Chernoff exponent of chi-square, v - 1 - log(v): its sign, and a quadratic bound above 1."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, le, lt
from proofs.records import Step, Theorem, Variable

v = sp.Symbol("v", positive=True)
r = sp.Symbol("r", real=True)


def rate(value: Any) -> Any:
    """Return ``value - 1 - log(value)``."""
    return value - 1 - sp.log(value)


_above = (le(1, v),)
_nonnegative = Claim(le(0, rate(v)))
_positive = Claim(lt(0, rate(v)), (lt(1, v),))
_quadratic = Claim(le(rate(v), (v - 1) ** 2), _above)
_statement = All((_nonnegative, _positive, _quadratic))

THEOREM = Theorem(
    id="chernoff-rate",
    title="The Chernoff exponent of chi-square",
    prose="0 <= v - 1 - log v for v > 0, strictly for v > 1, and v - 1 - log v <= (v - 1)^2 for v >= 1.",
    statement=_statement,
    variables=(Variable(v, "a level, in multiples of the mean"),),
    assumptions=(),
    steps=(
        Step(
            "from 1",
            Claim(_nonnegative.conclusion, _above),
            "derivatives",
            args={"variable": v, "left": 1, "order": 1},
        ),
        Step(
            "log in r",
            Claim(le(0, -r - sp.log(1 - r)), (le(0, r), lt(r, 1))),
            "derivatives",
            args={"variable": r, "left": 0, "order": 1},
        ),
        Step("to 1", Claim(_nonnegative.conclusion, (le(v, 1),)), "specialise", ("log in r",), {"put": {r: 1 - v}}),
        Step("nonnegative", _nonnegative, "two-sides", ("from 1", "to 1")),
        Step("positive", _positive, "derivatives", args={"variable": v, "left": 1, "order": 1}),
        Step("quadratic", _quadratic, "derivatives", args={"variable": v, "left": 1, "order": 2}),
        Step("statement", _statement, "conjunction", ("nonnegative", "positive", "quadratic")),
    ),
)
