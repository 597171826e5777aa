"""What the rank lacks of the barrier is at most the mean of a polynomial in the largest of n normals, and a bit."""

from typing import Any

import sympy as sp

from proofs.language import NORM, Below, Claim, E, eq, le, prob_below
from proofs.literature_pairs import narrow
from proofs.model import IDEAL, ChiSquare, NormalMax, Radius, Rank, barrier_of, chance, d, j, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate, missed_expansion, tilt_moments
from proofs.theorems.mixed_tilt import MIXED, b, factor, low
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.tilt_moments import missed, tilt_bound
from proofs.theorems.variance_gap import SPREAD
from proofs.theorems.window_upper import BASE, LAW, POINT, POWERS
from proofs.theorems.winner_weight import tilt

_w, _p, _v = sp.Symbol("w", positive=True), sp.Symbol("p", real=True), sp.Symbol("v", real=True)
_z = sp.Symbol("z", real=True)

_two, _wide = le(2, n), le(3, d)
RATE = n / (n - 1)
_C, _D, _R2, _M = ChiSquare(d), ChiSquare(d - 1), Radius(d) ** 2, NormalMax(n)
_never = (1 - 1 / n) ** n
"""The chance that a key of chance ``1/n`` is not picked."""
_log = sp.log(1 - 1 / n)
_step = (_w - 1) / (n - 1)
_point = (1 - 1 / n) * sp.exp(-_step)
_others = (1 - G) ** (n - 1)
_at_score, _at_maximum = missed(RATE, factor(b), _R2), missed(RATE, factor(_M), _R2)
_short, _below = prob_below(_D, low), Below(_R2, x)
_at_number = tilt_bound(RATE, (b**2 + 1) / low, d)
BOUND = tilt_bound(RATE, (_M**2 + 1) / low, d)
NARROW_SPREAD = SPREAD.xreplace({d: narrow})
_narrower = le(narrow, d)
DEFICIT = (barrier_of(n, n) - E(Rank(n, n, d))) / n
STATEMENT = Claim(
    le(DEFICIT, _never * (E(BOUND) - 1) + _short + n * (n - 1) / 2 * narrow / d * NARROW_SPREAD),
    (_two, _wide, _narrower),
)

_TANGENT = (
    *POWERS,
    Step(
        "exponential",
        Claim(le(0, sp.exp(-_step) - 1 + _step), (_two,)),
        "specialise",
        ("theorem:chernoff-rate#1",),
        {"put": {chernoff_rate.v: sp.exp(-_step)}},
    ),
    Step(
        "point",
        Claim(le(1 - _w / n, _point), (_two,)),
        "combination",
        ("exponential",),
        {"weights": (1 - 1 / n,)},
    ),
    Step("p at most 1", Claim(le(_p, 1), (le(_p, 1),)), "sign"),
    Step(
        "power at an exponential",
        Claim(
            le((1 - _p) ** n + n * (sp.exp(_z) - 1 + _p) * (1 - _p) ** (n - 1), sp.exp(n * _z)),
            (le(_p, 1),),
        ),
        "specialise",
        ("powers at n", "p at most 1"),
        {"put": {BASE: 1 - _p, POINT: sp.exp(_z)}},
    ),
    Step(
        "power at the point",
        Claim(
            le(
                (1 - _p) ** n + n * (_point - 1 + _p) * (1 - _p) ** (n - 1),
                sp.exp(n * _log - n * _step),
            ),
            (_two, le(_p, 1)),
        ),
        "specialise",
        ("power at an exponential",),
        {"put": {_z: _log - _step}},
    ),
    Step(
        "never",
        Claim(eq(sp.exp(n * _log), _never), (_two,)),
        "power-as-exponential",
    ),
    Step(
        "tangent",
        Claim(
            le(
                (1 - _p) ** n + (n * _p - _w) * (1 - _p) ** (n - 1),
                _never * sp.exp(RATE - RATE * _w),
            ),
            (_two, le(_p, 1)),
        ),
        "combination",
        ("power at the point", "point", "never"),
        {"weights": (1, n * (1 - _p) ** (n - 1), sp.exp(RATE - RATE * _w))},
    ),
)

_CHANCE = (
    Step("chance at most 1", Claim(le(chance(0), 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
    Step(
        "mean chance at most 1", Claim(le(E(chance(0), NORM), 1)), "expectation", ("chance at most 1",), {"given": NORM}
    ),
    Step(
        "g at most 1",
        Claim(le(G, 1)),
        "rewrite",
        ("mean chance at most 1", "theorem:norm-conditioned-barrier#5"),
        {"base": True},
    ),
    Step(
        "tangent at the key",
        Claim(le((1 - G) ** n + (n * G - MIXED) * _others, _never * _at_maximum), (_two,)),
        "specialise",
        ("tangent", "g at most 1"),
        {"put": {_p: G, _w: MIXED}},
    ),
    Step(
        "by any length",
        Claim(le(E(MIXED * _below), E(n * G * _below) + _short)),
        "combination",
        ("theorem:mixed-tilt",),
    ),
    Step(
        "by the chance",
        Claim(le(E(MIXED * _others), E(n * G * _others) + _short), (_two, _wide)),
        "layers-by-length",
        ("by any length", "theorem:chance-grows-with-length", "cite:query-along-key#1", "g at most 1"),
        {"level": x, "chance": G, "power": n - 1},
        "a longer key is picked more often, so that (1 - g(R))^(n-1) decreases with the length",
    ),
)


def _bounded(name: str, variable: Any, where: tuple[Any, ...]) -> tuple[Step, ...]:
    """Return the steps that keep ``exp(r - r w)`` between 0 and 8."""
    value = sp.exp(RATE - RATE * variable)
    return (
        Step(f"{name}, exponent", Claim(le(RATE - RATE * variable, 2), where), "combination", ("rate",)),
        Step(
            f"{name}, exponential",
            Claim(le(value, sp.exp(2)), where),
            "monotone",
            (f"{name}, exponent",),
            {"function": "exp"},
        ),
        Step(f"{name}, above", Claim(le(value, 8), where), "combination", (f"{name}, exponential", "number")),
        Step(f"{name}, below", Claim(le(0, value), where), "sign"),
    )


_tilts = {"length": tilt(factor(b), _R2), "law": tilt(factor(b), _C), "mixture": MIXED}
_RATE = (
    Step("two", Claim(_two, (_two,)), "sign"),
    Step("rate, below", Claim(le(1, RATE), (_two,)), "sign"),
    Step("rate", Claim(le(RATE, 2), (_two,)), "combination", ("two",), {"weights": (1 / (n - 1),)}),
    Step("number", Claim(le(sp.exp(2), 8)), "sign"),
    *(step for name, variable in _tilts.items() for step in _bounded(name, variable, (_two,))),
)

_MEAN = (
    Step(
        "mean tangent",
        Claim(
            le(
                E((1 - G) ** n) + n * E(G * _others) - E(MIXED * _others),
                _never * E(_at_maximum),
            ),
            (_two, _wide),
        ),
        "expectation",
        ("tangent at the key", "by the chance", "mixture, above", "mixture, below"),
    ),
    *LAW,
    Step(
        "missed by law",
        Claim(eq(E(_at_score), E(missed(RATE, factor(b), _C))), (_two,)),
        "same-law",
        ("law of R^2", "length, above", "length, below", "law, above", "law, below"),
        {"function": missed(RATE, factor(b), _v), "variable": _v},
    ),
    Step(
        "missed at a score",
        Claim(le(E(missed(RATE, factor(b), _C)), _at_number), (_two,)),
        "specialise",
        ("theorem:tilt-moments#2", "rate, below", "rate"),
        {"put": {missed_expansion.rate: RATE, tilt_moments.z: (b**2 + 1) / low}},
    ),
    Step(
        "length at a score",
        Claim(le(E(_at_score), _at_number), (_two,)),
        "combination",
        ("missed by law", "missed at a score"),
    ),
    Step(
        "missed at the maximum",
        Claim(le(E(_at_maximum), E(BOUND)), (_two,)),
        "mixture-over-maximum",
        ("length at a score",),
        {"variable": b, "maximum": _M, "left": _at_score, "right": _at_number},
    ),
)

_RANK = (
    Step(
        "gap",
        Claim(le(n * E(1 - (1 - G) ** n) - n * (n * (n - 1) / 2) * SPREAD, E(Rank(n, n, d)))),
        "specialise",
        ("theorem:variance-gap",),
        {"put": {m: n}},
    ),
    Step(
        "spread",
        Claim(le(SPREAD, narrow / d * NARROW_SPREAD), (_narrower,)),
        "combination",
        ("cite:noise-stability",),
        {"weights": (1 / d,)},
    ),
    Step(
        "deficit",
        STATEMENT,
        "combination",
        ("gap", "spread", "mean tangent", "by the chance", "missed at the maximum"),
        {"weights": (1 / n, n * (n - 1) / 2, 1, 1, _never)},
    ),
)

THEOREM = Theorem(
    id="deficit-above",
    title="The deficit from above, at finite n",
    prose=(
        "With as many queries as keys, n >= 2, head_dim d >= 3, D <= d, b(n) = n (1 - (1 - 1/n)^n), l > 0 and c = n/(n "
        "- 1): (b(n) - E[rank])/n <= (1 - 1/n)^n (E[B] - 1) + P(chi^2_(d-1) < l) + (n (n - 1)/2) (D/d) V, where B is "
        "the bound 1 + c p/4 + ... of tilt-moments at z = (M^2 + 1)/l, p = d z^2, M the largest of n standard normals, "
        "and V is E[s(R)] - E[g(R)^2] of variance-gap at head_dim D."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(narrow, "a head dimension, no larger"),
        Variable(low, "a squared length that the part of a key across a query seldom stays below"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "chernoff-rate",
        "norm-conditioned-barrier",
        "chance-grows-with-length",
        "variance-gap",
        "mixed-tilt",
        "tilt-moments",
    ),
    references=("O'Donnell, Analysis of Boolean Functions (2014)",),
    steps=(*_TANGENT, *_CHANCE, *_RATE, *_MEAN, *_RANK),
)
