"""The length of the key that a query picks, as a mean over the length of one key; and chi-square under a tilt."""

from typing import Any

import sympy as sp

from proofs.language import KEYS, NORM, All, Below, Claim, E, eq, le, lt
from proofs.model import (
    IDEAL,
    ChiSquare,
    KeyNorm2,
    NormalMax,
    Radius,
    WinnerNorm2,
    chance,
    d,
    hit,
    i,
    j,
    k,
    m,
    n,
    over_keys,
    t,
    x,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G

s = sp.Symbol("s", positive=True)

_near = Below(KeyNorm2(j, n, d), x)
_near_first = Below(KeyNorm2(0, n, d), x)
_short = Below(Radius(d) ** 2, x)
_winner = E(Below(WinnerNorm2(n, m, d), x))
_C = ChiSquare(d)
LONGER = NormalMax(n) ** 2 + ChiSquare(d - 1)
"""The squared length of the key that a query picks: its score squared, and what is across the query."""


def tilt(factor: Any, value: Any) -> Any:
    """Return the density of ``C / factor`` in terms of that of ``C``, chi-square with ``d`` degrees of freedom."""
    return sp.exp((1 - factor) / 2 * value + sp.Rational(1, 2) * d * sp.log(factor))


_weight = Claim(eq(n * E(G * _short), E(Below(LONGER, x))))
_below, _scaled, _density = Below(_C, x), Below(_C, s * x), tilt(s, _C)
_exists = 1 - Below(_C, 0)
_above_tilt = Claim(le(E(_density * _below), E(_scaled)), (lt(s, 1),))
_below_tilt = Claim(le(E(_scaled), E(_density * _below)), (lt(s, 1),))
_statement = All((_weight, _above_tilt, _below_tilt))

THEOREM = Theorem(
    id="winner-weight",
    title="The length of the winner, and a tilt of chi-square",
    prose=(
        "With R the length of a key and g(R) as in norm-conditioned-barrier: n E[g(R); R^2 < x] = P(M^2 + "
        "chi^2_(d-1) < x), M the largest of n standard normals, independent of chi-square. For C ~ chi^2_d and 0 < s "
        "< 1: E[w(C); C < x] = P(C < s x), w(v) = s^(d/2) exp((1 - s) v / 2)."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(d, "head dimension"),
        Variable(x, "a squared length"),
        Variable(s, "a factor"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "norm-conditioned-barrier"),
    steps=(
        Step(
            "first query",
            Claim(eq(E(hit(0, j), KEYS), chance(j))),
            "specialise",
            ("assumption:identical-queries.chance",),
            {"put": {i: 0}},
        ),
        Step(
            "near hit",
            Claim(eq(E(hit(0, j), KEYS) * _near, chance(j) * _near)),
            "combination",
            ("first query",),
            {"weights": (_near,)},
        ),
        Step("near hits", Claim(eq(E(hit(0, j) * _near), E(chance(j) * _near))), "expectation", ("near hit",)),
        Step("linearity", Claim(eq(E(over_keys(hit(0, j) * _near)), over_keys(E(hit(0, j) * _near)))), "identity"),
        Step(
            "winner",
            Claim(eq(E(over_keys(hit(0, j) * _near)), _winner)),
            "expectation",
            ("assumption:gaussian-queries-and-keys.winner",),
        ),
        Step(
            "by the first key",
            Claim(eq(E(over_keys(hit(0, j) * _near)), n * E(chance(0) * _near_first))),
            "rewrite",
            ("linearity", "near hits", "assumption:gaussian-queries-and-keys.alike-lengths"),
        ),
        Step(
            "length",
            Claim(eq(E(chance(0) * _near_first), E(chance(0) * _short))),
            "rewrite",
            ("assumption:gaussian-queries-and-keys.length",),
        ),
        Step(
            "chance given length",
            Claim(eq(E(chance(0), NORM) * _short, G * _short)),
            "combination",
            ("theorem:norm-conditioned-barrier#5",),
            {"weights": (_short,)},
        ),
        Step("chance by g", Claim(eq(E(chance(0) * _short), E(G * _short))), "expectation", ("chance given length",)),
        Step(
            "weight",
            _weight,
            "combination",
            ("by the first key", "winner", "length", "chance by g", "cite:winner-decomposition"),
            {"weights": (-1, 1, -n, -n, 1)},
        ),
        Step(
            "scaling",
            Claim(
                eq(
                    E(_exists * _scaled),
                    sp.exp(sp.Rational(1, 2) * d * sp.log(s)) * E(sp.exp(-(s - 1) / 2 * _C) * _exists * _below),
                )
            ),
            "specialise",
            ("cite:chi-square-scaling",),
            {"put": {k: d, t: 0}},
        ),
        Step(
            "scaling of the density",
            Claim(eq(E(_exists * _scaled), E(_density * _exists * _below))),
            "rewrite",
            ("scaling",),
            {"base": True},
        ),
        Step("nonnegative", Claim(le(Below(_C, 0), 0)), "event-cases"),
        Step("an indicator", Claim(le(0, Below(_C, 0))), "sign"),
        *(
            step
            for name, part, known in (
                ("density", _density * _below, ("scaling of the density",)),
                ("scaled", _scaled, ()),
            )
            for step in (
                Step(
                    f"{name} up",
                    Claim(le(part, _exists * part)),
                    "combination",
                    ("nonnegative",),
                    {"weights": (part,)},
                ),
                Step(
                    f"{name} down",
                    Claim(le(_exists * part, part)),
                    "combination",
                    ("an indicator",),
                    {"weights": (part,)},
                ),
                Step(f"{name} up, mean", Claim(le(E(part), E(_exists * part))), "expectation", (f"{name} up", *known)),
                Step(
                    f"{name} down, mean", Claim(le(E(_exists * part), E(part))), "expectation", (f"{name} down", *known)
                ),
            )
        ),
        Step(
            "tilt from above",
            _above_tilt,
            "combination",
            ("density up, mean", "scaling of the density", "scaled down, mean"),
            {"weights": (1, -1, 1)},
        ),
        Step(
            "tilt from below",
            _below_tilt,
            "combination",
            ("scaled up, mean", "scaling of the density", "density down, mean"),
        ),
        Step("statement", _statement, "conjunction", ("weight", "tilt from above", "tilt from below")),
    ),
)
