"""The chance that chi-square is below the square of an independent standard normal variable."""

from typing import Any

import sympy as sp

from proofs.calculus import normal_density
from proofs.language import All, Below, Claim, Density, E, Integral, NormalTail, eq, le, lt
from proofs.literature_pairs import narrow
from proofs.model import ChiSquare, NormalMax, d, k, x
from proofs.records import Step, Theorem, Variable

z = sp.Symbol("z", real=True)
u = sp.Symbol("u", nonnegative=True)

_M, _C = NormalMax(1), ChiSquare(d)
_event = Below(_C, _M**2)
_decay = sp.exp(-(_M**2) / 2)
_bell = sp.exp(-(x**2)) / sp.sqrt(2 * sp.pi)
AT_TWO = 1 - 1 / sp.sqrt(2)


def below(freedom: Any) -> Any:
    """Return the chance that a chi-square variable is below the square of a standard normal one."""
    return E(Below(ChiSquare(freedom), _M**2))


def _moments(value: Any, square: Any) -> Any:
    """Return what is at least 1 where a nonnegative value is below the square."""
    return sp.Rational(9, 8) * (value - d) ** 2 / d**2 + sp.Rational(3, 2) * square / d


_at_one = Claim(eq(below(1), sp.Rational(1, 2)))
_at_two = Claim(eq(below(2), AT_TWO))
_falls = Claim(le(below(d + 1), below(d)))
_most = Claim(le(below(d), AT_TWO), (le(2, d),))
_rate = Claim(le(below(d), sp.Rational(15, 4) / d))
_statement = All((_at_one, _at_two, _falls, _most, _rate))


def _mixed(
    name: str, left: Any, right: Any, premise: str, where: tuple[Any, ...] = (), weight: int = 1
) -> tuple[Step, ...]:
    """Return the steps from an inequality of means for every number to that with a normal variable in its place."""
    return (
        Step(
            f"{name}, at a number",
            Claim(le(E(left), E(right)), where),
            "combination",
            (premise,),
            {"weights": (weight,)},
        ),
        Step(
            name,
            Claim(le(*(E(side.xreplace({z: _M})) for side in (left, right))), where),
            "mixture-over-maximum",
            (f"{name}, at a number",),
            {"variable": z, "maximum": _M, "left": left, "right": right},
        ),
    )


THEOREM = Theorem(
    id="normal-against-chi-square",
    title="The square of a normal variable against chi-square",
    prose=(
        "With Z standard normal and independent of chi^2_d: P(chi^2_d < Z^2) is 1/2 for d = 1 and 1 - 1/sqrt(2) for "
        "d = 2, does not increase with d, and is at most 15/(4 d)."
    ),
    statement=_statement,
    variables=(Variable(d, "degrees of freedom"),),
    assumptions=(),
    steps=(
        # Two dimensions: the mean of exp(-Z^2/2).
        Step(
            "law of the normal",
            Claim(Density(_M, normal_density(x), x)),
            "density-from-law",
            ("cite:standard-normal#1",),
        ),
        Step(
            "mean decay",
            Claim(eq(E(_decay), Integral(_bell, x))),
            "mean-as-integral",
            ("law of the normal",),
        ),
        Step(
            "bell",
            Claim(eq(Integral(_bell, x), 1 / sp.sqrt(2))),
            "fundamental-theorem",
            args={"antiderivative": -NormalTail(sp.sqrt(2) * x) / sp.sqrt(2)},
        ),
        Step(
            "exponential law",
            Claim(eq(E(Below(ChiSquare(2), z**2)), 1 - sp.exp(-(z**2) / 2))),
            "specialise",
            ("cite:chi-square-by-freedom#1",),
            {"put": {x: z**2}},
        ),
        *_mixed("two dimensions from above", Below(ChiSquare(2), z**2), 1 - sp.exp(-(z**2) / 2), "exponential law"),
        *_mixed(
            "two dimensions from below",
            1 - sp.exp(-(z**2) / 2),
            Below(ChiSquare(2), z**2),
            "exponential law",
            weight=-1,
        ),
        Step(
            "two dimensions by decay",
            Claim(eq(below(2), E(1 - _decay))),
            "antisymmetry",
            ("two dimensions from above", "two dimensions from below"),
        ),
        Step(
            "chance in two dimensions",
            _at_two,
            "combination",
            ("two dimensions by decay", "mean decay", "bell"),
            {"weights": (1, -1, -1)},
        ),
        *(
            step
            for name, many, few, where in (
                ("one dimension more", d + 1, d, ()),
                ("from two dimensions on", d, sp.Integer(2), (le(2, d),)),
            )
            for step in (
                Step(
                    f"{name}, at a level",
                    Claim(le(E(Below(ChiSquare(many), z**2)), E(Below(ChiSquare(few), z**2))), where),
                    "specialise",
                    ("cite:chi-square-by-freedom#2",),
                    {"put": {d: many, narrow: few, x: z**2}},
                ),
                *_mixed(name, Below(ChiSquare(many), z**2), Below(ChiSquare(few), z**2), f"{name}, at a level", where),
            )
        ),
        Step("most", _most, "combination", ("from two dimensions on", "chance in two dimensions")),
        # Many dimensions: where C < Z^2, one of (C - d)^2 and Z^2 is large.
        Step(
            "by moments of one", Claim(le(1, _moments(u, u))), "sign", because="it exceeds 1 by (3 u - d)^2 / (8 d^2)"
        ),
        Step("below", Claim(lt(u, z), (lt(u, z),)), "sign"),
        Step(
            "by moments",
            Claim(le(1, _moments(u, z)), (lt(u, z),)),
            "combination",
            ("by moments of one", "below"),
            {"weights": (1, sp.Rational(3, 2) / d)},
        ),
        Step(
            "two ways on the event",
            Claim(le(_event, _event * _moments(_C, _M**2))),
            "on-events",
            ("by moments",),
            {"events": (_event,), "put": {u: _C, z: _M**2}},
        ),
        Step("no negative moments", Claim(le(0, _moments(_C, _M**2))), "sign"),
        Step(
            "two ways",
            Claim(le(_event, _moments(_C, _M**2))),
            "combination",
            ("two ways on the event", "no negative moments"),
            {"weights": (1, 1 - _event)},
        ),
        Step(
            "mean of two ways",
            Claim(
                le(
                    below(d),
                    sp.Rational(9, 8) * (E(_C**2) - 2 * d * E(_C) + d**2) / d**2 + sp.Rational(3, 2) * E(_M**2) / d,
                )
            ),
            "expectation",
            ("two ways",),
        ),
        *(
            Step(
                f"moment {order}",
                Claim(eq(E(_C**order), value)),
                "specialise",
                (f"cite:chi-square-moments#{order}",),
                {"put": {k: d}},
            )
            for order, value in ((1, d), (2, d**2 + 2 * d))
        ),
        Step(
            "chance by moments",
            _rate,
            "rewrite",
            ("mean of two ways", "moment 2", "moment 1", "cite:standard-normal#3"),
            {"base": True},
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                "cite:chi-square-by-freedom#3",
                "chance in two dimensions",
                "one dimension more",
                "most",
                "chance by moments",
            ),
        ),
    ),
)
