"""How much a normal tail changes when its argument is shifted or stretched."""

import sympy as sp

from proofs.calculus import normal_density
from proofs.language import All, Claim, Integral, NormalTail, eq, le
from proofs.model import t
from proofs.records import Step, Theorem, Variable

u, v, x = (sp.Symbol(name, real=True) for name in "uvx")
y = sp.Symbol("y", real=True)
c = sp.Symbol("c", positive=True)
z = sp.Symbol("z", nonnegative=True)

_HALF = sp.Rational(1, 2)
_ordered, _stretched = (le(u, v),), (le(1, c),)
_shift = Claim(le(NormalTail(u) - NormalTail(v), (v - u) / 2), _ordered)
_up = Claim(le(NormalTail(t) - NormalTail(c * t), (c - 1) / 2), _stretched)
_down = Claim(le(NormalTail(c * t) - NormalTail(t), (c - 1) / 2), _stretched)
_statement = All((_shift, _up, _down))

_density_between = Integral(normal_density(x), x, u, v)
_speed = t * normal_density(t * y)
_moved = Integral(_speed, y, 1, c)
_back = Integral(-_speed, y, 1, c)
_gauss = sp.exp(-(t**2) * y**2 / 2)
_beyond = (le(1, y),)

THEOREM = Theorem(
    id="normal-shift",
    title="The normal tail under a shift and a stretch",
    prose=(
        "With Q the normal tail: Q(u) - Q(v) <= (v - u)/2 for u <= v, and |Q(t) - Q(c t)| <= (c - 1)/2 for every t "
        "and c >= 1."
    ),
    statement=_statement,
    variables=(
        Variable(u, "a level"),
        Variable(v, "a higher level"),
        Variable(t, "a level"),
        Variable(c, "a factor"),
    ),
    assumptions=(),
    steps=(
        Step("exp at most 1", Claim(le(sp.exp(-z), 1)), "sign"),
        Step("root", Claim(le(1 / sp.sqrt(2 * sp.pi), _HALF)), "sign"),
        Step(
            "decay",
            Claim(le(sp.exp(-z) / sp.sqrt(2 * sp.pi), _HALF)),
            "combination",
            ("exp at most 1", "root"),
            {"weights": (1 / sp.sqrt(2 * sp.pi), 1)},
        ),
        Step(
            "density at most 1/2",
            Claim(le(normal_density(x), _HALF)),
            "specialise",
            ("decay",),
            {"put": {z: x**2 / 2}},
        ),
        Step(
            "tails by integral",
            Claim(eq(_density_between, NormalTail(u) - NormalTail(v)), _ordered),
            "fundamental-theorem",
            args={"antiderivative": -NormalTail(x)},
        ),
        Step(
            "integral of density",
            Claim(le(_density_between, Integral(_HALF, x, u, v)), _ordered),
            "integral-comparison",
            ("density at most 1/2",),
        ),
        Step(
            "integral of 1/2",
            Claim(eq(Integral(_HALF, x, u, v), (v - u) / 2), _ordered),
            "fundamental-theorem",
            args={"antiderivative": x / 2},
        ),
        Step(
            "shift",
            _shift,
            "combination",
            ("tails by integral", "integral of density", "integral of 1/2"),
            {"weights": (-1, 1, 1)},
        ),
        Step("exp from below", Claim(le(1 + z, sp.exp(z))), "derivatives", args={"variable": z, "left": 0, "order": 2}),
        Step(
            "exp of square",
            Claim(le(1 + t**2 * y**2 / 2, sp.exp(t**2 * y**2 / 2))),
            "specialise",
            ("exp from below",),
            {"put": {z: t**2 * y**2 / 2}},
        ),
        Step("far", Claim(le(1, y**2), _beyond), "sign"),
        *(
            step
            for name, signed, integral, start, bound in (
                ("up", t, _moved, -NormalTail(t * y), _up),
                ("down", -t, _back, NormalTail(t * y), _down),
            )
            for step in (
                Step(f"{name}, square at 1", Claim(le(signed, 1 + t**2 / 2)), "sign"),
                Step(
                    f"{name}, square",
                    Claim(le(signed, 1 + t**2 * y**2 / 2), _beyond),
                    "combination",
                    (f"{name}, square at 1", "far"),
                    {"weights": (1, t**2 / 2)},
                ),
                Step(
                    f"{name}, exponential",
                    Claim(le(signed * _gauss, 1), _beyond),
                    "combination",
                    (f"{name}, square", "exp of square"),
                    {"weights": (_gauss, _gauss)},
                ),
                Step(
                    f"{name}, speed",
                    Claim(le(signed * normal_density(t * y), _HALF), _beyond),
                    "combination",
                    (f"{name}, exponential", "root"),
                    {"weights": (1 / sp.sqrt(2 * sp.pi), 1)},
                ),
                Step(
                    f"{name}, integral",
                    Claim(le(integral, Integral(_HALF, y, 1, c)), _stretched),
                    "integral-comparison",
                    (f"{name}, speed",),
                ),
                Step(
                    f"{name}, by the ends",
                    Claim(eq(integral, start.xreplace({y: c}) - start.xreplace({y: sp.Integer(1)})), _stretched),
                    "fundamental-theorem",
                    args={"antiderivative": start},
                ),
                Step(
                    f"{name}, length",
                    Claim(eq(Integral(_HALF, y, 1, c), (c - 1) / 2), _stretched),
                    "fundamental-theorem",
                    args={"antiderivative": y / 2},
                ),
                Step(
                    f"{name}, stretch",
                    bound,
                    "combination",
                    (f"{name}, integral", f"{name}, by the ends", f"{name}, length"),
                    {"weights": (1, -1, 1)},
                ),
            )
        ),
        Step("statement", _statement, "conjunction", ("shift", "up, stretch", "down, stretch")),
    ),
)
