"""A lower bound on the chance that chi-square is near a level far from its mean: Cramer's, made finite by tilting."""

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, E, eq, le, lt, prob_at_least, prob_below
from proofs.model import ChiSquare, k, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate
from proofs.theorems.chernoff_rate import rate

s = sp.Symbol("s", positive=True)
r = sp.Symbol("r", positive=True)
h = sp.Symbol("h", positive=True)
z = sp.Symbol("z", nonnegative=True)
v = sp.Symbol("v", nonnegative=True)
LEVEL = sp.Symbol("y", real=True)

_C = ChiSquare(k)
_window = (1 - Below(_C, k - h), Below(_C, k + h))
_near = _window[0] * _window[1]
_low, _high = s * (k - h), s * (k + h)
_scaled = E((1 - Below(_C, _low)) * Below(_C, _high))
_tilt = sp.exp(-(s - 1) / 2 * _C)
_least = sp.exp(-(s - 1) * k / 2 - z * h / 2)
_tilted = sp.exp(sp.Rational(1, 2) * k * sp.log(s))

_inside = (le(k - h, v), lt(v, k + h))
_steep = (le(s - 1, z), le(1 - s, z))
_exponent = Claim(le(-(s - 1) * k / 2 - z * h / 2, -(s - 1) / 2 * v), (*_inside, *_steep))
_spread = 1 - (_C - k) ** 2 / h**2
_by_moments = 1 - 2 * k / h**2


def window(steepness: Any) -> Any:
    """Return the lower bound on ``P(s (k - h) <= chi^2_k < s (k + h))``."""
    return sp.exp(-r * rate(s) / 2 - steepness * h / 2) / 2


_wide = (le(k, r), le(4 * r, h**2))
_between = Claim(le(window(z), _scaled), (*_steep, *_wide))
_above = Claim(le(window(s - 1), prob_at_least(_C, LEVEL)), (le(1, s), le(LEVEL, _low), *_wide))
_below = Claim(le(window(1 - s), prob_below(_C, LEVEL)), (le(s, 1), le(_high, LEVEL), *_wide))
_statement = All((_between, _above, _below))

THEOREM = Theorem(
    id="chi-square-window",
    title="A lower bound on chi-square near any level",
    prose=(
        "For k <= r degrees of freedom, h^2 >= 4r, s > 0 and z >= |s - 1|: P(s (k - h) <= chi^2_k < s (k + h)) >= "
        "exp(-r (s - 1 - log s) / 2 - z h / 2) / 2. With z = |s - 1| this is therefore a lower bound on "
        "P(chi^2_k >= y) for s >= 1 and y <= s (k - h), and on P(chi^2_k < y) for s <= 1 and y >= s (k + h)."
    ),
    statement=_statement,
    variables=(
        Variable(k, "degrees of freedom"),
        Variable(r, "at least as many"),
        Variable(s, "a level, in multiples of the mean"),
        Variable(h, "half the width of the window, before scaling"),
        Variable(z, "at least the distance of s from 1"),
        Variable(LEVEL, "a level"),
    ),
    assumptions=(),
    depends_on=("chernoff-rate",),
    references=("Dembo and Zeitouni, Large Deviations Techniques and Applications (2nd ed., 1998), section 2.2",),
    steps=(
        Step("from left end", Claim(_inside[0], _inside), "sign"),
        Step("to right end", Claim(_inside[1], _inside), "sign"),
        Step(
            "exponent",
            _exponent,
            "combination",
            ("from left end", "to right end"),
            {"weights": ((z - s + 1) / 4, (z + s - 1) / 4)},
            "(s - 1) (v - k) <= z h",
        ),
        Step(
            "exponential",
            Claim(le(_least, sp.exp(-(s - 1) / 2 * v)), (*_inside, *_steep)),
            "monotone",
            ("exponent",),
            {"function": "exp"},
        ),
        Step(
            "tilt on the window",
            Claim(le(_near * _least, _near * _tilt), _steep),
            "on-events",
            ("exponential",),
            {"events": _window, "put": {v: _C}},
        ),
        Step("chebyshev", Claim(le(_spread, _near)), "event-cases", because="outside the window (C - k)^2 >= h^2"),
        Step(
            "tilt from below",
            Claim(le(_least * _spread, _near * _tilt), _steep),
            "combination",
            ("chebyshev", "tilt on the window"),
            {"weights": (_least, 1)},
        ),
        Step(
            "mean tilt",
            Claim(le(_least * (1 - (E(_C**2) - 2 * k * E(_C) + k**2) / h**2), E(_near * _tilt)), _steep),
            "expectation",
            ("tilt from below",),
        ),
        Step(
            "mean tilt by moments",
            Claim(le(_least * _by_moments, E(_near * _tilt)), _steep),
            "rewrite",
            ("mean tilt", "cite:chi-square-moments#2", "cite:chi-square-moments#1"),
            {"base": True},
        ),
        Step(
            "scaled",
            Claim(eq(_scaled, _tilted * E(_tilt * _near))),
            "specialise",
            ("cite:chi-square-scaling",),
            {"put": {t: k - h, x: k + h}},
        ),
        Step(
            "between by moments",
            Claim(le(_tilted * _least * _by_moments, _scaled), _steep),
            "combination",
            ("mean tilt by moments", "scaled"),
            {"weights": (_tilted, -1)},
        ),
        Step("degrees", Claim(le(k, r), _wide), "sign"),
        Step("width", Claim(le(4 * r, h**2), _wide), "sign"),
        Step(
            "half",
            Claim(le(sp.Rational(1, 2), _by_moments), _wide),
            "combination",
            ("degrees", "width"),
            {"weights": (2 / h**2, 1 / (2 * h**2))},
        ),
        Step("rate", Claim(le(0, rate(s))), "specialise", ("theorem:chernoff-rate#1",), {"put": {chernoff_rate.v: s}}),
        Step(
            "degrees times rate",
            Claim(le(0, (r - k) * rate(s) / 2), _wide),
            "combination",
            ("rate",),
            {"weights": ((r - k) / 2,)},
        ),
        Step(
            "exponent of the bound",
            Claim(le(-r * rate(s) / 2 - z * h / 2, -k * rate(s) / 2 - z * h / 2), _wide),
            "combination",
            ("degrees times rate",),
        ),
        Step(
            "bound",
            Claim(le(sp.exp(-r * rate(s) / 2 - z * h / 2), sp.exp(-k * rate(s) / 2 - z * h / 2)), _wide),
            "monotone",
            ("exponent of the bound",),
            {"function": "exp"},
        ),
        Step(
            "between",
            _between,
            "combination",
            ("between by moments", "half", "bound"),
            {"weights": (1, _tilted * _least, sp.Rational(1, 2))},
        ),
        Step(
            "steep above",
            Claim(le(window(s - 1), _scaled), (le(1, s), *_wide)),
            "specialise",
            ("between",),
            {"put": {z: s - 1}},
        ),
        Step(
            "below the window",
            Claim(le(Below(_C, LEVEL), Below(_C, _low)), (le(LEVEL, _low),)),
            "events",
            args={"weights": {_C: 1}},
        ),
        Step("below at most 1", Claim(le(Below(_C, _high), 1)), "sign"),
        Step(
            "above the level",
            Claim(le((1 - Below(_C, _low)) * Below(_C, _high), 1 - Below(_C, LEVEL)), (le(LEVEL, _low),)),
            "combination",
            ("below the window", "below at most 1"),
            {"weights": (1, 1 - Below(_C, _low))},
        ),
        Step(
            "chance above the level",
            Claim(le(_scaled, prob_at_least(_C, LEVEL)), (le(LEVEL, _low),)),
            "expectation",
            ("above the level",),
        ),
        Step("above", _above, "combination", ("steep above", "chance above the level")),
        Step(
            "steep below",
            Claim(le(window(1 - s), _scaled), (le(s, 1), *_wide)),
            "specialise",
            ("between",),
            {"put": {z: 1 - s}},
        ),
        Step(
            "below the end",
            Claim(le(Below(_C, _high), Below(_C, LEVEL)), (le(_high, LEVEL),)),
            "events",
            args={"weights": {_C: 1}},
        ),
        Step("low part nonnegative", Claim(le(0, Below(_C, _low) * Below(_C, _high))), "sign"),
        Step(
            "below the level",
            Claim(le((1 - Below(_C, _low)) * Below(_C, _high), Below(_C, LEVEL)), (le(_high, LEVEL),)),
            "combination",
            ("below the end", "low part nonnegative"),
        ),
        Step(
            "chance below the level",
            Claim(le(_scaled, prob_below(_C, LEVEL)), (le(_high, LEVEL),)),
            "expectation",
            ("below the level",),
        ),
        Step("below", _below, "combination", ("steep below", "chance below the level")),
        Step("statement", _statement, "conjunction", ("between", "above", "below")),
    ),
)
