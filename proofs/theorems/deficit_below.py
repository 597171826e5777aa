"""What the rank lacks of the barrier is at least the mean of a polynomial in the largest of n normals."""

from typing import Any

import sympy as sp

from proofs.language import NORM, Below, Claim, E, eq, le
from proofs.model import IDEAL, ChiSquare, NormalMax, Radius, Rank, chance, d, j, k, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate, missed_expansion, tilt_moments
from proofs.theorems.deficit_above import DEFICIT
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.tilt_moments import log_weight, mean_bound, slope
from proofs.theorems.window_upper import BASE, LAW, POINT, POWERS
from proofs.theorems.winner_weight import LONGER

_b, _p, _v, _z = (sp.Symbol(name, real=True) for name in "bpvz")
_y = sp.Symbol("h", real=True)

_two = le(2, n)
_times = sp.Symbol("k", positive=True)
_C, _D, _R2, _M = ChiSquare(d), ChiSquare(d - 1), Radius(d) ** 2, NormalMax(n)
_log, _zero = sp.log(1 - 1 / n), sp.Integer(0)
OTHERS = (1 - 1 / n) ** (n - 1)
_inverse = eq(_times * OTHERS, 1)


def _zeta(value: Any) -> Any:
    """Return the logarithm of the weight at a squared length."""
    return log_weight(value, d, _zero, slope)


def _at(value: Any) -> Any:
    """Return ``exp(1 - w)`` at a squared length."""
    return sp.exp(1 - sp.exp(_zeta(value)))


_w = sp.exp(_v)
_f = sp.exp(1 - _w)
_step = (_w - 1) / (n - 1)
_chances = le(_p, 1)
_square = 2 - 1 / n - _v - (sp.Rational(1, 2) + missed_expansion.SQUARE / n) * _v**2
_pointwise = le(OTHERS * (_square - n * _p * _f), (1 - _p) ** n)
BOUND = mean_bound(sp.Integer(1), d - 1, slope * (_M**2 - 1) / 2, slope)
_at_number = mean_bound(sp.Integer(1), d - 1, slope * (_b**2 - 1) / 2, slope)
_loss = slope**2 * d / 4 + missed_expansion.SQUARE * slope**2 * d / (2 * n)
STATEMENT = Claim(le(OTHERS * (1 - _loss - E(BOUND)), DEFICIT), (_two,))

_TANGENT = (
    *POWERS,
    Step("chances", Claim(_chances, (_chances,)), "sign"),
    Step(
        "power at an exponential",
        Claim(
            le(sp.exp((n - 1) * _z) * (n * (1 - _p) - (n - 1) * sp.exp(_z)), (1 - _p) ** n),
            (_chances,),
        ),
        "specialise",
        ("powers at n", "chances"),
        {"put": {BASE: sp.exp(_z), POINT: 1 - _p}},
    ),
    Step(
        "power at the point",
        Claim(
            le(
                sp.exp((n - 1) * _log) * _f * (n * (1 - _p) - (n - 1) ** 2 / n * sp.exp(-_step)),
                (1 - _p) ** n,
            ),
            (_two, _chances),
        ),
        "specialise",
        ("power at an exponential",),
        {"put": {_z: _log - _step}},
    ),
    Step("others", Claim(eq(sp.exp((n - 1) * _log), OTHERS), (_two,)), "power-as-exponential"),
    Step(
        "exponential",
        Claim(le(0, sp.exp(_w - 1) - _w)),
        "specialise",
        ("theorem:chernoff-rate#1",),
        {"put": {chernoff_rate.v: sp.exp(_w - 1)}},
    ),
    Step("once", Claim(le(_w * _f, 1)), "combination", ("exponential",), {"weights": (_f,)}),
)

_STEP = (
    Step("two", Claim(_two, (_two,)), "sign"),
    Step(
        "least step",
        Claim(le(-1, _step), (_two,)),
        "combination",
        ("two",),
        {"weights": (1 / (n - 1),)},
    ),
    Step(
        "step",
        Claim(le(sp.exp(-_step), 1 - _step + _step**2), (_two,)),
        "specialise",
        ("theorem:missed-expansion#4", "least step"),
        {"put": {missed_expansion.lead: _step}},
    ),
    Step(
        "tangent",
        Claim(_pointwise, (_two, _chances)),
        "combination",
        ("power at the point", "others", "step", "once", "theorem:missed-expansion#2", "theorem:missed-expansion#3"),
        {
            "weights": (
                1,
                _f * (n * (1 - _p) - (n - 1) ** 2 / n * sp.exp(-_step)),
                OTHERS * _f * (n - 1) ** 2 / n,
                OTHERS / n,
                OTHERS,
                OTHERS / n,
            )
        },
        "a tangent of the power, with the exponential of (w - 1)/(n - 1) expanded",
    ),
)

_below = Below(_R2, x)
_at_key = _square.xreplace({_v: _zeta(_R2)})
_moment = {power: E(_C**power) for power in (1, 2)}
_mean_square = (
    2
    - 1 / n
    - slope * (_moment[1] - d) / 2
    - (sp.Rational(1, 2) + missed_expansion.SQUARE / n) * slope**2 * (_moment[2] - 2 * d * _moment[1] + d**2) / 4
)
_won = n * E(G * sp.exp(-sp.exp(_zeta(_R2))))
_at_winner = sp.exp(-sp.exp(_zeta(LONGER)))
_at_score = sp.exp(1 - sp.exp(_zeta(_b**2 + _D)))

_MEAN = (
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
    Step("inverse", Claim(_inverse, (_two, _inverse)), "sign"),
    Step(
        "tangent, divided",
        Claim(le(_square - n * _p * _f, _times * (1 - _p) ** n), (_two, _chances, _inverse)),
        "combination",
        ("tangent", "inverse"),
        {"weights": (_times, n * _p * _f - _square)},
    ),
    Step(
        "tangent at the key",
        Claim(le(_at_key - n * G * _at(_R2), _times * (1 - G) ** n), (_two, _inverse)),
        "specialise",
        ("tangent, divided", "g at most 1"),
        {"put": {_p: G, _v: _zeta(_R2)}},
    ),
    Step(
        "mean tangent, divided",
        Claim(le(E(_at_key) - sp.exp(1) * _won, _times * E((1 - G) ** n)), (_two, _inverse)),
        "expectation",
        ("tangent at the key",),
    ),
    Step(
        "mean tangent",
        Claim(le(E(_at_key) - sp.exp(1) * _won, E((1 - G) ** n) / OTHERS), (_two,)),
        "specialise",
        ("mean tangent, divided",),
        {"put": {_times: 1 / OTHERS}},
    ),
    *LAW,
    Step(
        "square by law",
        Claim(eq(E(_at_key), E(_square.xreplace({_v: _zeta(_C)}))), (_two,)),
        "same-law",
        ("law of R^2",),
        {"function": _square.xreplace({_v: _zeta(_y)}), "variable": _y},
    ),
    Step(
        "square by moments",
        Claim(eq(E(_square.xreplace({_v: _zeta(_C)})), _mean_square), (_two,)),
        "identity",
    ),
    *(
        Step(
            f"moment {order}",
            Claim(eq(_moment[order], value)),
            "specialise",
            (f"cite:chi-square-moments#{order}",),
            {"put": {k: d}},
        )
        for order, value in ((1, d), (2, d**2 + 2 * d))
    ),
    Step(
        "square",
        Claim(
            eq(
                E(_at_key),
                2 - 1 / n - (sp.Rational(1, 2) + missed_expansion.SQUARE / n) * slope**2 * d / 2,
            ),
            (_two,),
        ),
        "rewrite",
        ("square by law", "square by moments", "moment 1", "moment 2"),
    ),
    Step(
        "by any length",
        Claim(le(E(n * G * _below), E(Below(LONGER, x)))),
        "combination",
        ("theorem:winner-weight#1",),
    ),
    Step(
        "at the winner",
        Claim(le(E(n * G * sp.exp(-sp.exp(_zeta(_R2)))), E(_at_winner))),
        "layer-cake",
        ("by any length",),
        {"function": sp.exp(-sp.exp(_zeta(_y))), "variable": _y, "level": x},
        "exp(-w) decreases with the length",
    ),
    Step(
        "at a score",
        Claim(le(E(_at_score), _at_number), (_two,)),
        "specialise",
        ("theorem:tilt-moments#1", "two"),
        {
            "put": {
                k: d - 1,
                missed_expansion.rate: 1,
                tilt_moments.mean: slope * (_b**2 - 1) / 2,
            }
        },
    ),
    Step(
        "at the winner's score",
        Claim(le(E(_at_score.xreplace({_b: _M})), E(BOUND)), (_two,)),
        "mixture-over-maximum",
        ("at a score",),
        {"variable": _b, "maximum": _M, "left": _at_score, "right": _at_number},
    ),
    Step(
        "barrier",
        Claim(le(E(Rank(n, n, d)), n * E(1 - (1 - G) ** n))),
        "specialise",
        ("theorem:norm-conditioned-barrier#1",),
        {"put": {m: n}},
    ),
    Step(
        "deficit",
        STATEMENT,
        "combination",
        (
            "barrier",
            "mean tangent",
            "square",
            "at the winner",
            "at the winner's score",
        ),
        {"weights": (1 / n, OTHERS, -OTHERS, OTHERS * sp.exp(1), OTHERS)},
    ),
)

THEOREM = Theorem(
    id="deficit-below",
    title="The deficit from below, at finite n",
    prose=(
        "With as many queries as keys, n >= 2, b(n) = n (1 - (1 - 1/n)^n), y >= 0 and d the head_dim: (b(n) - "
        "E[rank])/n >= (1 - 1/n)^(n-1) (1 - y^2 d/4 - 33 y^2 d/(2n) - E[B]), where B is the bound 1 - m_1 + m_3/6 + 8 "
        "m_4 of tilt-moments with c = 1, k = d - 1 and u = y (M^2 - 1)/2, M the largest of n standard normals."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(slope, "twice the slope of the logarithm of a weight"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "chernoff-rate",
        "norm-conditioned-barrier",
        "winner-weight",
        "missed-expansion",
        "tilt-moments",
    ),
    steps=(*_TANGENT, *_STEP, *_MEAN),
)
