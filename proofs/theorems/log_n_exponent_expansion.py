"""The exponent of the rank for wide heads: e(c) = 1 - 1/(4c) + O(c^-3), with both sides explicit for every c."""

import sympy as sp

from proofs.language import All, Claim, le
from proofs.model import c
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate
from proofs.theorems.balance_equation import LEVEL, s
from proofs.theorems.chernoff_rate import rate
from proofs.theorems.log_n_exponent import EXPONENT

p = sp.Symbol("p", real=True)
q = sp.Symbol("q", real=True)

_near = sp.exp(-s)
_share = 1 - _near
_rate = rate(LEVEL)
# With y the level: y' = a / (1 - exp(-s))^2 and 1 - 1/y = b / s, so that rate(y)' = a b / (s (1 - exp(-s))^2).
_a = 1 - (1 + s) * _near
_b = s - 1 + _near
_slope = _a * _b / (s * _share**2)
_gap = s - 2 + (s + 2) * _near
"""The difference of b and a; their sum is s (1 - exp(-s))."""
_most = s**2 * _share / 6

_lower = Claim(le(1 - 1 / (4 * c), EXPONENT))
_upper = Claim(le(EXPONENT, 1 - 1 / (4 * c) + 1 / (72 * c**3)))
_statement = All((_lower, _upper))
_in_s = {"variable": s, "left": 0}
_at = {"put": {s: 2 / c}}
_rate_at_c = _rate.xreplace({s: 2 / c})

THEOREM = Theorem(
    id="log-n-exponent-expansion",
    title="The exponent for wide heads",
    prose=(
        "For every c > 0 and e(c) = 1 - (c/2) (y - 1 - log y), y = (2/c) / (1 - exp(-2/c)): "
        "1 - 1/(4c) <= e(c) <= 1 - 1/(4c) + 1/(72 c^3). So e(c) = 1 - 1/(4c) + O(c^-3)."
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"),),
    assumptions=(),
    depends_on=("chernoff-rate", "balance-equation"),
    steps=(
        Step(
            "slope at most",
            Claim(le(_slope, s / 4)),
            "sign",
            because="4 a b <= (a + b)^2 = s^2 (1 - exp(-s))^2",
        ),
        Step("gap at least", Claim(le(0, _gap)), "derivatives", args={**_in_s, "order": 2}),
        Step("gap at most", Claim(le(_gap, _most)), "derivatives", args={**_in_s, "order": 3}),
        Step("squares", Claim(le(p**2, q**2), (le(0, p), le(p, q))), "sign"),
        Step(
            "square of gap",
            Claim(le(_gap**2, _most**2)),
            "specialise",
            ("squares", "gap at least", "gap at most"),
            {"put": {p: _gap, q: _most}},
        ),
        Step(
            "slope at least",
            Claim(le(s / 4 - s**3 / 144, _slope)),
            "combination",
            ("square of gap",),
            {"weights": (1 / (4 * s * _share**2),)},
            "(a + b)^2 - 4 a b = (b - a)^2",
        ),
        Step(
            "rate at least",
            Claim(le(0, _rate)),
            "specialise",
            ("theorem:chernoff-rate#1",),
            {"put": {chernoff_rate.v: LEVEL}},
        ),
        Step(
            "rate below a square",
            Claim(le(_rate, (LEVEL - 1) ** 2)),
            "specialise",
            ("theorem:chernoff-rate#3", "theorem:balance-equation#3"),
            {"put": {chernoff_rate.v: LEVEL}},
        ),
        Step(
            "square of level",
            Claim(le((LEVEL - 1) ** 2, s**2)),
            "specialise",
            ("squares", "theorem:balance-equation#3", "theorem:balance-equation#5"),
            {"put": {p: LEVEL - 1, q: s}},
            "1 < y and y - s < 1",
        ),
        Step("rate at most", Claim(le(_rate, s**2)), "combination", ("rate below a square", "square of level")),
        Step(
            "rate to second order",
            Claim(le(_rate, s**2 / 8)),
            "increasing-from-limit",
            ("slope at most", "rate at most"),
            _in_s,
            "both sides tend to 0 with s",
        ),
        Step(
            "rate to fourth order",
            Claim(le(s**2 / 8 - s**4 / 576, _rate)),
            "increasing-from-limit",
            ("slope at least", "rate at least"),
            _in_s,
        ),
        Step(
            "rate at most at c",
            Claim(le(_rate_at_c, 1 / (2 * c**2))),
            "specialise",
            ("rate to second order",),
            _at,
        ),
        Step(
            "rate at least at c",
            Claim(le(1 / (2 * c**2) - 1 / (36 * c**4), _rate_at_c)),
            "specialise",
            ("rate to fourth order",),
            _at,
        ),
        Step("lower", _lower, "combination", ("rate at most at c",), {"weights": (c / 2,)}),
        Step("upper", _upper, "combination", ("rate at least at c",), {"weights": (c / 2,)}),
        Step("statement", _statement, "conjunction", ("lower", "upper")),
    ),
)
