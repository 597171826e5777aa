"""A key's chance given its length is, from above, a mixture of tilts over the largest of n normals."""

from typing import Any

import sympy as sp

from proofs.language import Below, Claim, E, eq, le, lt, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, Radius, d, n, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.window_upper import LAW
from proofs.theorems.winner_weight import LONGER, s, tilt

low = sp.Symbol("l", positive=True)
"""A squared length that the part of a key across the query seldom stays below."""
b = sp.Symbol("b", real=True)
_v, _y = sp.Symbol("v", real=True), sp.Symbol("y", real=True)

_C, _D, _R2, _M = ChiSquare(d), ChiSquare(d - 1), Radius(d) ** 2, NormalMax(n)


def factor(score: Any) -> Any:
    """Return the factor of the tilt that stands for winners of a score: ``1 / (1 + (score^2 + 1) / low)``."""
    return 1 / (1 + (score**2 + 1) / low)


MIXED = tilt(factor(_M), _R2)
_at = factor(b)
_weighted = tilt(_at, _R2) * Below(_R2, x)
_either = Below(b**2 + _D, x) + Below(_D, low)
_far = 1 - Below(_D, low)
_apart = (le(low, _v), lt(_v, _at * x))
STATEMENT = Claim(le(E(MIXED * Below(_R2, x)), n * E(G * Below(_R2, x)) + prob_below(_D, low)))

THEOREM = Theorem(
    id="mixed-tilt",
    title="A key's chance given its length against a mixture of tilts",
    prose=(
        "With R the length of a key, g(R) as in norm-conditioned-barrier, M the largest of n standard normals, "
        "independent of R, and w(v) = s^(d/2) exp((1 - s) v/2), s = 1/(1 + (M^2 + 1)/l), l > 0: for every x, E[w(R^2); "
        "R^2 < x] <= n E[g(R); R^2 < x] + P(chi^2_(d-1) < l)."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys"),
        Variable(d, "head dimension"),
        Variable(x, "a squared length"),
        Variable(low, "a squared length that the part of a key across a query seldom stays below"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "norm-conditioned-barrier", "winner-weight"),
    steps=(
        *LAW,
        Step(
            "a single key",
            Claim(eq(E(Below(_R2, x)), E(Below(NormalMax(1) ** 2 + _D, x)))),
            "specialise",
            ("theorem:winner-weight#1",),
            {"put": {n: 1}},
            "the winner among one key is that key",
        ),
        Step(
            "across",
            Claim(le(Below(NormalMax(1) ** 2 + _D, x), Below(_D, x))),
            "events",
            args={"weights": {_D: 1}},
        ),
        Step(
            "across, mean",
            Claim(le(E(Below(NormalMax(1) ** 2 + _D, x)), E(Below(_D, x)))),
            "expectation",
            ("across",),
        ),
        Step(
            "one degree less",
            Claim(le(E(Below(_C, x)), E(Below(_D, x)))),
            "combination",
            ("law of R^2", "a single key", "across, mean"),
            {"weights": (-1, 1, 1)},
        ),
        Step(
            "one degree less, scaled",
            Claim(le(E(Below(_C, _at * x)), E(Below(_D, _at * x)))),
            "specialise",
            ("one degree less",),
            {"put": {x: _at * x}},
        ),
        Step("at least l", Claim(_apart[0], _apart), "sign"),
        Step("below s x", Claim(_apart[1], _apart), "sign"),
        Step(
            "short enough",
            Claim(lt(b**2 + _v, x), _apart),
            "combination",
            ("below s x", "at least l"),
            {"weights": (1 / _at, (b**2 + 1) / low)},
            "x > v/s = v + v (b^2 + 1)/l >= v + b^2 + 1",
        ),
        Step(
            "far enough",
            Claim(le(_far * Below(_D, _at * x), Below(b**2 + _D, x))),
            "event-inclusion",
            ("short enough",),
            {"events": (_far, Below(_D, _at * x)), "put": {_v: _D}},
        ),
        Step(
            "cases",
            Claim(le(Below(_D, _at * x), _far * Below(_D, _at * x) + Below(_D, low))),
            "event-cases",
        ),
        Step(
            "either",
            Claim(le(Below(_D, _at * x), _either)),
            "combination",
            ("far enough", "cases"),
        ),
        Step("either, mean", Claim(le(E(Below(_D, _at * x)), E(_either))), "expectation", ("either",)),
        Step("factor", Claim(lt(_at, 1)), "sign"),
        Step(
            "tilt",
            Claim(le(E(tilt(_at, _C) * Below(_C, x)), E(Below(_C, _at * x)))),
            "specialise",
            ("theorem:winner-weight#2", "factor"),
            {"put": {s: _at}},
        ),
        Step(
            "law of R^2 at t",
            Claim(eq(E(Below(_R2, t)), E(Below(_C, t)))),
            "specialise",
            ("law of R^2",),
            {"put": {x: t}},
        ),
        Step(
            "tilt by law",
            Claim(eq(E(_weighted), E(tilt(_at, _C) * Below(_C, x)))),
            "same-law",
            ("law of R^2 at t",),
            {"function": tilt(_at, _y) * Below(_y, x), "variable": _y},
        ),
        Step(
            "at one score",
            Claim(le(E(_weighted), E(_either))),
            "combination",
            ("tilt by law", "tilt", "one degree less, scaled", "either, mean"),
        ),
        Step(
            "at the winner's score",
            Claim(le(E(MIXED * Below(_R2, x)), E(Below(LONGER, x)) + prob_below(_D, low))),
            "mixture-over-maximum",
            ("at one score",),
            {"variable": b, "maximum": _M, "left": _weighted, "right": _either},
        ),
        Step(
            "mixed",
            STATEMENT,
            "combination",
            ("at the winner's score", "theorem:winner-weight#1"),
            {"weights": (1, -1)},
        ),
    ),
)
