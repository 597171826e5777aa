"""The limit law in the window falls from 1 - 1/e like lambda/e: Taylor's formula with explicit remainders."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, eq, le
from proofs.model import NormalMax, t
from proofs.records import Step, Theorem, Variable

lam = sp.Symbol("lambda", nonnegative=True)
v = sp.Symbol("v", nonnegative=True)
w = sp.Symbol("w", positive=True)
y = sp.Symbol("y", positive=True)
z = sp.Symbol("z", nonnegative=True)

THIRD = sp.Rational(1, 3)
_E = sp.exp(-1)
SLOPE = sp.sqrt(2 * lam)
WEIGHT = sp.exp(SLOPE * NormalMax(1) - lam)
"""``n`` times the chance of a random key, in the limit: log-normal with mean 1."""
WINDOW = E(1 - sp.exp(-WEIGHT))
"""``F(lambda)``, written with the largest of one standard normal variable, which is a standard normal variable."""


def _cubic(value: Any) -> Any:
    """Return Taylor's polynomial of degree 3 of ``1 - exp(-w)`` at 1, with ``value = w - 1``."""
    return 1 - _E + _E * (value - value**2 / 2 + value**3 / 6)


def _moment(order: int) -> Any:
    """Return the mean of the weight's power, ``exp((order^2 - order) lambda)``."""
    return sp.exp((order**2 - order) * lam)


_powers = {order: sp.exp(-order * lam) * E(sp.exp(order * SLOPE * NormalMax(1))) for order in (1, 2, 3, 4)}
_above_one, _below_one = (le(1, w),), (le(w, 1),)
_over = le(1 - sp.exp(-w), _cubic(w - 1))
_under = le(_cubic(w - 1) - (w - 1) ** 4 / 24, 1 - sp.exp(-w))
_third = _moment(3) - 3 * _moment(2) + 2
_fourth = _moment(4) - 4 * _moment(3) + 6 * _moment(2) - 3
_main = 1 - _E + _E * (-(_moment(2) - 1) / 2 + _third / 6)
_upper = Claim(le(WINDOW, _main))
_lower = Claim(le(_main - _fourth / 24, WINDOW))
_small = (le(12 * lam, 1),)
_linear = 1 - _E - _E * lam
_linear_above = Claim(le(WINDOW, _linear + 2 * lam**2), _small)
_linear_below = Claim(le(_linear - 5 * lam**2, WINDOW), _small)
_strict = Claim(le(WINDOW, 1 - _E - _E * (1 - sp.exp(-lam / 4))))
_statement = All((_upper, _lower, _linear_above, _linear_below, _strict))
_half_power = sp.exp((SLOPE * NormalMax(1) - lam) / 2)
_from_one = _E * (2 - y**2) + _E * (y - 1) ** 2 / 2
_root_bound = le(_from_one, sp.exp(-(y**2)))

THEOREM = Theorem(
    id="window-expansion",
    title="The window's limit law for small lambda",
    prose=(
        "Let F(lambda) = E[1 - exp(-W)], W = exp(sqrt(2 lambda) Z - lambda), Z standard normal, lambda >= 0, and P = "
        "1 - 1/e - (exp(2 lambda) - 1)/(2e) + (exp(6 lambda) - 3 exp(2 lambda) + 2)/(6e). Then P - (exp(12 lambda) - "
        "4 exp(6 lambda) + 6 exp(2 lambda) - 3)/24 <= F(lambda) <= P; and for lambda <= 1/12, 1 - 1/e - lambda/e - 5 "
        "lambda^2 <= F(lambda) <= 1 - 1/e - lambda/e + 2 lambda^2. For every lambda, F(lambda) <= 1 - 1/e - (1 - "
        "exp(-lambda/4))/e."
    ),
    statement=_statement,
    variables=(Variable(lam, "log^2(n) / head_dim, in the limit"),),
    assumptions=(),
    steps=(
        *(
            step
            for name, value, where, quartic in (("above 1", 1 + v, (), 5), ("below 1", 1 - v, (le(v, 1),), 4))
            for step in (
                Step(
                    f"cubic {name}",
                    Claim(le(1 - sp.exp(-value), _cubic(value - 1)), where),
                    "derivatives",
                    args={"variable": v, "left": 0, "order": 4},
                ),
                Step(
                    f"quartic {name}",
                    Claim(le(_cubic(value - 1) - (value - 1) ** 4 / 24, 1 - sp.exp(-value)), where),
                    "derivatives",
                    args={"variable": v, "left": 0, "order": quartic},
                ),
            )
        ),
        Step("over above 1", Claim(_over, _above_one), "specialise", ("cubic above 1",), {"put": {v: w - 1}}),
        Step("over below 1", Claim(_over, _below_one), "specialise", ("cubic below 1",), {"put": {v: 1 - w}}),
        Step("over", Claim(_over), "two-sides", ("over above 1", "over below 1")),
        Step("under above 1", Claim(_under, _above_one), "specialise", ("quartic above 1",), {"put": {v: w - 1}}),
        Step("under below 1", Claim(_under, _below_one), "specialise", ("quartic below 1",), {"put": {v: 1 - w}}),
        Step("under", Claim(_under), "two-sides", ("under above 1", "under below 1")),
        Step(
            "over at W",
            Claim(le(1 - sp.exp(-WEIGHT), _cubic(WEIGHT - 1))),
            "specialise",
            ("over",),
            {"put": {w: WEIGHT}},
        ),
        Step(
            "under at W",
            Claim(le(_cubic(WEIGHT - 1) - (WEIGHT - 1) ** 4 / 24, 1 - sp.exp(-WEIGHT))),
            "specialise",
            ("under",),
            {"put": {w: WEIGHT}},
        ),
        *(
            Step(
                f"moment {order}",
                Claim(eq(E(sp.exp(order * SLOPE * NormalMax(1))), sp.exp(order**2 * lam))),
                "specialise",
                ("cite:standard-normal#2",),
                {"put": {t: order * SLOPE}},
            )
            for order in _powers
        ),
        Step(
            "mean over",
            Claim(
                le(
                    WINDOW,
                    1
                    - _E
                    + _E * (-(_powers[2] - 2 * _powers[1] + 1) / 2 + _powers[1] - 1)
                    + _E * (_powers[3] - 3 * _powers[2] + 3 * _powers[1] - 1) / 6,
                )
            ),
            "expectation",
            ("over at W", "moment 1", "moment 2", "moment 3"),
        ),
        Step("upper", _upper, "rewrite", ("mean over", "moment 1", "moment 2", "moment 3"), {"base": True}),
        Step(
            "mean under",
            Claim(
                le(
                    1
                    - _E
                    + _E * (-(_powers[2] - 2 * _powers[1] + 1) / 2 + _powers[1] - 1)
                    + _E * (_powers[3] - 3 * _powers[2] + 3 * _powers[1] - 1) / 6
                    - (_powers[4] - 4 * _powers[3] + 6 * _powers[2] - 4 * _powers[1] + 1) / 24,
                    WINDOW,
                )
            ),
            "expectation",
            ("under at W", "moment 1", "moment 2", "moment 3", "moment 4"),
        ),
        Step(
            "lower",
            _lower,
            "rewrite",
            ("mean under", "moment 1", "moment 2", "moment 3", "moment 4"),
            {"base": True},
        ),
        Step(
            "exp from below",
            Claim(le(1 + z + z**2 / 2, sp.exp(z))),
            "derivatives",
            args={"variable": z, "left": 0, "order": 3},
        ),
        Step(
            "exp from above",
            Claim(le(sp.exp(z) * (1 - z / 2), 1 + z / 2), (le(z, 1),)),
            "derivatives",
            args={"variable": z, "left": 0, "order": 2},
        ),
        Step(
            "exp by square",
            Claim(le(sp.exp(z), 1 + z + z**2), (le(z, 1),)),
            "combination",
            ("exp from above",),
            {"weights": (1 / (1 - z / 2),)},
        ),
        Step("small", Claim(_small[0], _small), "sign"),
        *(
            Step(
                f"small {factor}",
                Claim(le(factor * lam, 1), _small),
                "combination",
                ("small",),
                {"weights": (sp.Rational(factor, 12),)},
            )
            for factor in (2, 6, 12)
        ),
        *(
            Step(
                f"exp from below at {factor}",
                Claim(le(1 + factor * lam + (factor * lam) ** 2 / 2, sp.exp(factor * lam)), _small),
                "specialise",
                ("exp from below",),
                {"put": {z: factor * lam}},
            )
            for factor in (2, 6)
        ),
        *(
            Step(
                f"exp by square at {factor}",
                Claim(le(sp.exp(factor * lam), 1 + factor * lam + (factor * lam) ** 2), _small),
                "specialise",
                ("exp by square", f"small {factor}"),
                {"put": {z: factor * lam}},
            )
            for factor in (2, 6, 12)
        ),
        Step(
            "linear above",
            _linear_above,
            "combination",
            ("upper", "exp by square at 6", "exp from below at 2"),
            {"weights": (1, _E / 6, _E)},
        ),
        Step(
            "linear below",
            _linear_below,
            "combination",
            (
                "lower",
                "exp from below at 6",
                "exp by square at 2",
                "exp by square at 12",
                "exp from below at 6",
                "exp by square at 2",
            ),
            {"weights": (1, _E / 6, _E, THIRD / 8, THIRD / 2, THIRD * 3 / 4)},
        ),
        Step(
            "root above 1, shifted",
            Claim(le(_from_one.xreplace({y: 1 + v}), sp.exp(-((1 + v) ** 2)))),
            "derivatives",
            args={"variable": v, "left": 0, "order": 2},
        ),
        Step(
            "root above 1",
            Claim(_root_bound, (le(1, y),)),
            "specialise",
            ("root above 1, shifted",),
            {"put": {v: y - 1}},
        ),
        Step("square at most 1", Claim(le(0, 1 - y**2), (le(y, 1),)), "sign"),
        Step(
            "exp of the square",
            Claim(le(1 + (1 - y**2) + (1 - y**2) ** 2 / 2, sp.exp(1 - y**2)), (le(y, 1),)),
            "specialise",
            ("exp from below", "square at most 1"),
            {"put": {z: 1 - y**2}},
        ),
        Step(
            "root below 1",
            Claim(_root_bound, (le(y, 1),)),
            "combination",
            ("exp of the square",),
            {"weights": (_E,)},
            "(1 - y^2)^2 >= (1 - y)^2",
        ),
        Step("root", Claim(_root_bound), "two-sides", ("root above 1", "root below 1")),
        Step(
            "root at W",
            Claim(le(_from_one.xreplace({y: _half_power}), sp.exp(-WEIGHT))),
            "specialise",
            ("root",),
            {"put": {y: _half_power}},
        ),
        Step(
            "half moment",
            Claim(eq(E(sp.exp(SLOPE * NormalMax(1) / 2)), sp.exp(lam / 4))),
            "specialise",
            ("cite:standard-normal#2",),
            {"put": {t: SLOPE / 2}},
        ),
        Step(
            "mean root",
            Claim(
                le(
                    _E * (2 - _powers[1])
                    + _E * (_powers[1] - 2 * sp.exp(-lam / 2) * E(sp.exp(SLOPE * NormalMax(1) / 2)) + 1) / 2,
                    E(sp.exp(-WEIGHT)),
                )
            ),
            "expectation",
            ("root at W", "moment 1", "half moment"),
        ),
        Step(
            "mean root by moments",
            Claim(le(_E + _E * (1 - sp.exp(-lam / 4)), E(sp.exp(-WEIGHT)))),
            "rewrite",
            ("mean root", "moment 1", "half moment"),
            {"base": True},
        ),
        Step("strict", _strict, "combination", ("mean root by moments",)),
        Step("statement", _statement, "conjunction", ("upper", "lower", "linear above", "linear below", "strict")),
    ),
)
