"""Moments of the squared largest of n normals: close to powers of 2 log n."""

import sympy as sp

from proofs.language import All, Below, Claim, E, le, lt, prob_below
from proofs.literature_pairs import theta
from proofs.model import IDEAL, NormalMax, k, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate, gaussian_maximum
from proofs.theorems.gaussian_maximum import ROOT

r = sp.Symbol("r", positive=True)
"""The square root of log n, in the end."""
_z, _q = sp.Symbol("z", nonnegative=True), sp.Symbol("q", nonnegative=True)
_half = sp.Rational(1, 2)

_M = NormalMax(n)
_load = _M**2 + 1
LEVEL = 2 * r**2 + 4 * r + 1
"""What ``M^2 + 1`` seldom exceeds."""
_theta = (1 - 1 / r) / 2
EXCESS = 15 * n * sp.exp(-(r**2)) / r
SHORTFALL = 7 * sp.exp(r**2) / (n * r)
_far, _few = le(3, r), le(k, 8)
_low = (2 * r - 1) / sp.sqrt(2)
_below = prob_below(_M, _low)
_upper = Claim(le(E((_load / LEVEL) ** k), 1 + EXCESS), (_far, _few))
_lower = Claim(le((2 * r**2 - 2 * r) * (1 - SHORTFALL), E(_M**2)), (_far,))
_statement = All((_upper, _lower))
_over, _under = le(1, _q), le(_q, 1)
_grown = sp.exp(_theta * LEVEL * (_q - 1))
_pointwise = le(_q**k, 1 + _grown)
_rare = sp.exp(2 - r - r**2)
_mean_exponential = E(sp.exp(_theta * _M**2))

THEOREM = Theorem(
    id="maximum-moments",
    title="Moments of the largest of n normals",
    prose=(
        "For the largest M of n independent standard normals and r >= 3: E[((M^2 + 1)/(2 r^2 + 4 r + 1))^k] <= 1 + 15 "
        "n exp(-r^2)/r for whole k from 0 to 8, and E[M^2] >= (2 r^2 - 2 r) (1 - 7 exp(r^2)/(n r)). With r = "
        "sqrt(log n) this makes E[(M^2)^k] at most (2 log n)^k, and E[M^2] at least 2 log n, to first order."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of normals"),
        Variable(r, "the square root of log n, in the end"),
        Variable(k, "an order"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "chernoff-rate", "gaussian-maximum"),
    steps=(
        Step("few", Claim(_few, (_few,)), "sign"),
        Step("under", Claim(_under, (_under,)), "sign"),
        Step(
            "under, powers",
            Claim(le(_q**k, 1), (_under,)),
            "monotone",
            ("under",),
            {"function": "power", "exponent": k},
        ),
        Step("small", Claim(_pointwise, (_far, _few, _under)), "combination", ("under, powers",)),
        Step(
            "exponential",
            Claim(le(0, sp.exp(_q - 1) - _q)),
            "specialise",
            ("theorem:chernoff-rate#1",),
            {"put": {chernoff_rate.v: sp.exp(_q - 1)}},
        ),
        Step("by an exponential", Claim(le(_q, sp.exp(_q - 1))), "combination", ("exponential",)),
        Step(
            "powers by an exponential",
            Claim(le(_q**k, sp.exp(k * (_q - 1)))),
            "monotone",
            ("by an exponential",),
            {"function": "power", "exponent": k},
        ),
        Step("rate", Claim(le(8, _theta * LEVEL), (_far,)), "sign"),
        Step(
            "exponents",
            Claim(le(k * (_q - 1), _theta * LEVEL * (_q - 1)), (_far, _few, _over)),
            "combination",
            ("few", "rate"),
            {"weights": (_q - 1, _q - 1)},
        ),
        Step(
            "exponentials",
            Claim(le(sp.exp(k * (_q - 1)), _grown), (_far, _few, _over)),
            "monotone",
            ("exponents",),
            {"function": "exp"},
        ),
        Step(
            "large",
            Claim(_pointwise, (_far, _few, _over)),
            "combination",
            ("powers by an exponential", "exponentials"),
        ),
        Step("powers", Claim(_pointwise, (_far, _few)), "two-sides", ("large", "small")),
        Step(
            "at the maximum",
            Claim(le((_load / LEVEL) ** k, 1 + sp.exp(_theta * (_load - LEVEL))), (_far, _few)),
            "specialise",
            ("powers",),
            {"put": {_q: _load / LEVEL}},
        ),
        Step(
            "mean exponential",
            Claim(le(_mean_exponential, n * sp.sqrt(r)), (_far,)),
            "specialise",
            ("cite:maximum-of-squares",),
            {"put": {theta: _theta}},
        ),
        Step(
            "mean",
            Claim(le(E((_load / LEVEL) ** k), 1 + _rare * _mean_exponential), (_far, _few)),
            "expectation",
            ("at the maximum", "mean exponential"),
        ),
        Step("square", Claim(le(_z**2, 2 * sp.exp(_z))), "derivatives", args={"variable": _z, "left": 0, "order": 3}),
        Step("square at r", Claim(le(r**2, 2 * sp.exp(r))), "specialise", ("square",), {"put": {_z: r}}),
        Step(
            "decay", Claim(le(r * sp.exp(-r), 2 / r)), "combination", ("square at r",), {"weights": (sp.exp(-r) / r,)}
        ),
        Step("one", Claim(le(1, r), (_far,)), "sign"),
        Step("root", Claim(le(1, sp.sqrt(r)), (_far,)), "monotone", ("one",), {"function": "power", "exponent": _half}),
        Step("root at most r", Claim(le(sp.sqrt(r), r), (_far,)), "combination", ("root",), {"weights": (sp.sqrt(r),)}),
        Step("number", Claim(le(2 * sp.exp(2), 15)), "sign"),
        Step(
            "upper",
            _upper,
            "combination",
            ("mean", "mean exponential", "root at most r", "decay", "number"),
            {
                "weights": (
                    1,
                    _rare,
                    n * _rare,
                    n * sp.exp(2 - r**2),
                    n * sp.exp(-(r**2)) / r,
                )
            },
        ),
        Step("low score", Claim(lt(0, _low), (_far,)), "sign"),
        Step("low square", Claim(le(1, _low**2), (_far,)), "sign"),
        Step(
            "low",
            Claim(le(_below, sp.exp(-1) * 2 * ROOT * _low * sp.exp(r**2 - r + sp.Rational(1, 4)) / n), (_far,)),
            "specialise",
            ("theorem:gaussian-maximum#2", "low score", "low square"),
            {"put": {gaussian_maximum.a: 1, gaussian_maximum.b: _low}},
        ),
        Step("numbers", Claim(le(4 * sp.sqrt(2) * ROOT * sp.exp(-sp.Rational(3, 4)), 7)), "sign"),
        Step(
            "seldom low",
            Claim(le(_below, SHORTFALL), (_far,)),
            "combination",
            ("low", "decay", "numbers"),
            {
                "weights": (
                    1,
                    sp.exp(-sp.Rational(3, 4)) * 2 * ROOT * sp.sqrt(2) * sp.exp(r**2) / n,
                    sp.exp(r**2) / (n * r),
                )
            },
        ),
        Step("score", Claim(le((2 * r**2 - 2 * r) * (1 - Below(_M, _low)), _M**2), (_far,)), "event-cases"),
        Step(
            "mean score",
            Claim(le((2 * r**2 - 2 * r) * E(1 - Below(_M, _low)), E(_M**2)), (_far,)),
            "expectation",
            ("score",),
        ),
        Step(
            "lower",
            _lower,
            "combination",
            ("mean score", "seldom low"),
            {"weights": (1, 2 * r**2 - 2 * r)},
        ),
        Step("statement", _statement, "conjunction", ("upper", "lower")),
    ),
)
