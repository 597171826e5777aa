"""The rank in the window up to errors that vanish; how large the largest of n normals is enters here."""

import sympy as sp

from proofs.language import All, Claim, NormalTail, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, NormalMax, d, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import gaussian_maximum, maximum_above, window_rate
from proofs.theorems.gaussian_maximum import ROOT
from proofs.theorems.window_error import L, top
from proofs.theorems.window_expansion import WINDOW, lam
from proofs.theorems.window_rate import HIGH, LOW, SMALL, VERY_LOW

_z = sp.Symbol("z", nonnegative=True)

_ORDER = 60
_r = sp.sqrt(L)
_two, _four = le(2, n), le(4, L)
_low, _high = prob_below(NormalMax(n), LOW), prob_at_least(NormalMax(n), HIGH)
_very_low = prob_below(NormalMax(n), VERY_LOW)
_missed = (1 - NormalTail(VERY_LOW)) ** (n - 1)

_low_bound = 4 * sp.sqrt(2) * ROOT * sp.exp(-sp.Rational(3, 4)) * sp.exp(L) / (n * _r)
_high_bound = 2 * n * sp.exp(-L) / L
VERY_LOW_BOUND = sp.exp(
    _ORDER * sp.log(_ORDER) - _ORDER - _ORDER * (sp.log(n) - 19 * L / 20 - sp.log(2 * ROOT) - sp.log(VERY_LOW))
)
ABOVE = _low_bound + SMALL + 2 / n
_pairs = (n - 1) * sp.exp(-sp.Rational(38, 11) * L) + 4 * VERY_LOW_BOUND + sp.exp(-3 * L)
BELOW = _low_bound + _high_bound + SMALL + 4 * top**2 / L + top / L**2 + n * (n - 1) / 2 * _pairs
_upper = Claim(le(window_rate.SHARE, WINDOW + ABOVE), window_rate.DOMAIN)
_lower = Claim(le(WINDOW - BELOW, window_rate.SHARE), window_rate.DOMAIN)

_rare = Claim(le(_very_low, VERY_LOW_BOUND), (_four,))
_statement = All((_upper, _lower, _rare))

_SCORES = (
    Step("square", Claim(le(_z**2, 2 * sp.exp(_z))), "derivatives", args={"variable": _z, "left": 0, "order": 3}),
    Step("square of the root", Claim(le(L, 2 * sp.exp(_r))), "specialise", ("square",), {"put": {_z: _r}}),
    Step(
        "decay",
        Claim(le(sp.exp(-_r), 2 / L)),
        "combination",
        ("square of the root",),
        {"weights": (sp.exp(-_r) / L,)},
    ),
    Step("four", Claim(_four, (_four,)), "sign"),
    Step(
        "root of 4",
        Claim(le(2, _r), (_four,)),
        "monotone",
        ("four",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    Step("low score", Claim(lt(0, LOW), (_four,)), "combination", ("root of 4",), {"weights": (sp.sqrt(2),)}),
    Step(
        "square of the low score",
        Claim(le(1, LOW**2), (_four,)),
        "combination",
        ("root of 4",),
        {"weights": (2 * _r + 2,)},
    ),
    Step(
        "low",
        Claim(le(_low, sp.exp(-1) * 2 * ROOT * LOW * sp.exp(L - _r + sp.Rational(1, 4)) / n), (_four,)),
        "specialise",
        ("theorem:gaussian-maximum#2", "low score", "square of the low score"),
        {"put": {gaussian_maximum.a: 1, gaussian_maximum.b: LOW}},
    ),
    Step(
        "low, bound",
        Claim(le(_low, _low_bound), (_four,)),
        "combination",
        ("low", "decay"),
        {"weights": (1, sp.exp(-sp.Rational(3, 4)) * 2 * ROOT * sp.sqrt(2) * _r * sp.exp(L) / n)},
    ),
    Step(
        "high",
        Claim(le(_high, n * sp.exp(-L - _r - 4 * top - sp.Rational(1, 2)))),
        "specialise",
        ("theorem:maximum-above#1",),
        {"put": {maximum_above.b: HIGH}},
    ),
    Step("margin", Claim(le(sp.exp(-4 * top - sp.Rational(1, 2)), 1)), "sign"),
    Step(
        "high, bound",
        Claim(le(_high, _high_bound)),
        "combination",
        ("high", "margin", "decay"),
        {"weights": (1, n * sp.exp(-L - _r), n * sp.exp(-L))},
    ),
    Step(
        "very low",
        _rare,
        "specialise",
        ("theorem:gaussian-maximum#2",),
        {"put": {gaussian_maximum.a: _ORDER, gaussian_maximum.b: VERY_LOW}},
    ),
    Step(
        "missed",
        Claim(le(_missed, 2 * _very_low), (_four,)),
        "specialise",
        ("theorem:maximum-above#2",),
        {"put": {maximum_above.b: VERY_LOW}},
    ),
    Step(
        "missed, bound",
        Claim(le(_missed, 2 * VERY_LOW_BOUND), (_four,)),
        "combination",
        ("missed", "very low"),
        {"weights": (1, 2)},
    ),
    Step("two", Claim(_two, (_two,)), "sign"),
    Step("last", Claim(le(1 / (n - 1), 2 / n), (_two,)), "combination", ("two",), {"weights": (1 / (n * (n - 1)),)}),
    Step(
        "upper",
        _upper,
        "combination",
        ("theorem:window-rate#1", "low, bound", "last"),
    ),
    Step(
        "lower",
        _lower,
        "combination",
        ("theorem:window-rate#2", "low, bound", "high, bound", "missed, bound"),
        {"weights": (1, 1, 1, n * (n - 1))},
    ),
)

THEOREM = Theorem(
    id="window-scores",
    title="The rank in the window, up to errors that vanish",
    prose=(
        "Under the conditions of window-rate: E[rank]/n <= F(lambda) + p + e + 2/n, and E[rank]/n >= F(lambda) - p - "
        "2 n exp(-L)/L - e - 4 T^2/L - T/L^2 - (n (n - 1)/2) B, where p = 8 sqrt(pi) exp(-3/4) exp(L)/(n sqrt(L)), e "
        "is as there, and B = (n - 1) exp(-38L/11) + 4v + exp(-3L); v = (60/(e l))^60, l = n exp(-19L/20)/(2 sqrt(2 "
        "pi) z), bounds P(M < z), M the largest of n standard normals and z = sqrt(1.9 L), for L >= 4."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(L, "log n, in the end"),
        Variable(lam, "about L^2/d"),
        Variable(top, "at least lambda and L^2/d"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "gaussian-maximum", "maximum-above", "window-rate"),
    steps=(*_SCORES, Step("statement", _statement, "conjunction", ("upper", "lower", "very low"))),
)
