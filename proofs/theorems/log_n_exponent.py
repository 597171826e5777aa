"""At head_dim = ceil(c log n) the expected rank is at most n^(e(c) + o(1)) with e(c) < 1: the upper half.

``log(n)`` enters late; until then ``L`` stands for any positive number. The levels ``y`` and ``w`` are free until both
tails have an exponent, and only then put where the two agree.
"""

import sympy as sp

from proofs.language import All, Below, Claim, E, LimSup, eq, le, lt, prob_at_least, prob_below, substitute
from proofs.model import IDEAL, ChiSquare, NormalMax, Rank, c, d, k, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import balance_equation, chernoff_rate, chi_square_tails
from proofs.theorems.chernoff_rate import rate
from proofs.theorems.gaussian_maximum import ROOT, a, b

__all__ = ["AT_LEAST", "BALANCE", "EXPONENT", "MEAN_AT", "THEOREM", "rate"]

L = sp.Symbol("L", positive=True)
y = chi_square_tails.y
w = chi_square_tails.w
z = sp.Symbol("z", positive=True)
eta = sp.Symbol("eta", positive=True)
g = sp.Symbol("g", real=True)

BALANCE = balance_equation.LEVEL.xreplace({balance_equation.s: 2 / c})
"""The level, in multiples of c log n, at which a key counts as long: the two tails have one exponent there."""
EXPONENT = 1 - c / 2 * rate(BALANCE)
_steep = (1 / w - 1) / 2

_mean = E(Rank(n, n, d))
_M, _C = NormalMax(n), ChiSquare(d - 1)
_long = prob_at_least(ChiSquare(d), c * y * L)
_short = prob_below(_C, (c * y - z) * L)
_low_maximum = prob_below(_M, sp.sqrt(z * L))

_long_bound = sp.exp(sp.log(y) / 2 - c / 2 * rate(y) * L)
_short_bound = sp.exp(-sp.log(w) / 2 + (-c / 2 * rate(w) + _steep * (c * (y - w) - z)) * L)
_maximum_bound = sp.exp(
    a * sp.log(a) - a + a * sp.log(2 * ROOT) + a / 2 * (sp.log(z) + sp.log(L)) - a * (sp.log(n) - z * L / 2)
)
_levels = (lt(1, y), lt(w, 1))
_sizes = (le(c * L, d), le(d, c * L + 1))
_wide = le(1, z * L)
_bound = n * _long_bound + n * _maximum_bound + n * _short_bound
_finite = Claim(le(_mean, _bound), (*_levels, *_sizes, _wide))

_dim = sp.ceiling(c * sp.log(n))
MEAN_AT = E(Rank(n, n, _dim))
_from_two = le(2, n)
_finite_n = Claim(le(MEAN_AT, _bound.xreplace({L: sp.log(n)})), (*_levels, le(1, z * sp.log(n)), _from_two))
AT_LEAST = Claim(le(1, MEAN_AT), (_from_two,))

_growth = LimSup(sp.log(MEAN_AT) / sp.log(n), n)
_exponents = (
    le(1 - c / 2 * rate(y), g),
    le(1 - a * (1 - z / 2), g),
    le(1 - c / 2 * rate(w) + _steep * (c * (y - w) - z), g),
)
_low = y - 2 / c
_balanced = (lt(1, y), lt(0, _low), lt(_low, 1), lt(0, rate(y)), eq(rate(_low), rate(y)))
_with_slack = 1 - c / 2 * rate(y) + _steep.xreplace({w: _low}) * eta
_near_two = lt(eta, 2)
_at_balance = {y: BALANCE}
_limit = Claim(le(_growth, EXPONENT))
_below_one = Claim(lt(EXPONENT, 1))
_statement = All((_limit, _below_one, AT_LEAST))

_FINITE = (
    Step(
        "long",
        Claim(le(_long, _long_bound), (lt(1, y), _sizes[1])),
        "specialise",
        ("theorem:chi-square-tails#1",),
        {"put": {chi_square_tails.r: c * L}},
    ),
    Step(
        "short",
        Claim(le(_short, _short_bound), (lt(w, 1), _sizes[0])),
        "specialise",
        ("theorem:chi-square-tails#2",),
        {"put": {k: d - 1, chi_square_tails.r: c * L, chi_square_tails.h: (c * (y - w) - z) * L}},
    ),
    Step(
        "low maximum",
        Claim(le(_low_maximum, _maximum_bound), (_wide,)),
        "specialise",
        ("theorem:gaussian-maximum#2",),
        {"put": {b: sp.sqrt(z * L)}},
    ),
    Step(
        "winner events",
        Claim(le(Below(_M**2 + _C, x), Below(_M, b) + Below(_C, x - b**2))),
        "events",
        args={"weights": {_M: _M + b, _C: 1}},
        because="M >= b and C >= x - b^2 give M^2 + C >= x",
    ),
    Step(
        "winner mean",
        Claim(le(E(Below(_M**2 + _C, x)), prob_below(_M, b) + prob_below(_C, x - b**2))),
        "expectation",
        ("winner events",),
    ),
    Step(
        "three terms",
        Claim(
            le(
                E(Rank(n, m, d)),
                n * prob_at_least(ChiSquare(d), x) + m * (prob_below(_M, b) + prob_below(_C, x - b**2)),
            )
        ),
        "combination",
        ("theorem:truncation-bound#2", "winner mean"),
        {"weights": (1, m)},
    ),
    Step(
        "three terms at the levels",
        Claim(le(_mean, n * _long + n * (_low_maximum + _short))),
        "specialise",
        ("three terms",),
        {"put": {m: n, x: c * y * L, b: sp.sqrt(z * L)}},
    ),
    Step(
        "finite bound",
        _finite,
        "combination",
        ("three terms at the levels", "long", "low maximum", "short"),
        {"weights": (1, n, n, n)},
    ),
)

_at = {"put": {balance_equation.s: 2 / c}}
_above, _positive, _below, _rate, _balance = (Claim(substitute(one, _at_balance)) for one in _balanced)
_BALANCE = (
    Step("y above 1", _above, "specialise", ("theorem:balance-equation#3",), _at),
    Step("w above 0", _positive, "specialise", ("theorem:balance-equation#4",), _at),
    Step("w below 1", _below, "specialise", ("theorem:balance-equation#5",), _at),
    Step("balance", _balance, "specialise", ("theorem:balance-equation#2",), _at),
    Step(
        "rate at y",
        _rate,
        "specialise",
        ("theorem:chernoff-rate#2", "y above 1"),
        {"put": {chernoff_rate.v: BALANCE}},
    ),
    Step("exponent below 1", _below_one, "combination", ("rate at y",), {"weights": (c / 2,)}),
)

THEOREM = Theorem(
    id="log-n-exponent",
    title="The exponent of the rank at head_dim = ceil(c log n): upper half",
    prose=(
        "With as many queries as keys and head_dim = ceil(c log n), c > 0 fixed: limsup log E[rank] / log n <= e(c) = "
        "1 - (c/2) (y - 1 - log y), y = (2/c) / (1 - exp(-2/c)), and e(c) < 1. (The upper half: that e(c) is attained "
        "is log-n-exponent-attained. E[rank] >= 1 for n >= 2, so the logarithm is defined.)"
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"), Variable(n, "number of keys and of queries")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "chernoff-rate",
        "chi-square-tails",
        "gaussian-maximum",
        "truncation-bound",
        "balance-equation",
    ),
    steps=(
        *_FINITE,
        *_BALANCE,
        Step("finite bound in n", _finite_n, "specialise", ("finite bound",), {"put": {L: sp.log(n), d: _dim}}),
        Step("at least 1", AT_LEAST, "specialise", ("theorem:barrier#5",), {"put": {m: n, d: _dim}}),
        Step(
            "limsup at any levels",
            Claim(le(_growth, g), (*_levels, *_exponents)),
            "exponent",
            ("finite bound in n", "at least 1"),
            because="each of the three terms is n to one of the exponents, up to powers of log(n)",
        ),
        Step(
            "limsup at balanced levels",
            Claim(le(_growth, _with_slack), (*_balanced, _near_two)),
            "specialise",
            ("limsup at any levels",),
            {"put": {w: _low, z: 2 - eta, a: c * rate(y) / eta, g: _with_slack}},
            "the order a makes the maximum's term as small as the other two",
        ),
        Step(
            "limsup with slack",
            Claim(le(_growth, _with_slack.xreplace(_at_balance)), (_near_two,)),
            "specialise",
            ("limsup at balanced levels", "y above 1", "w above 0", "w below 1", "rate at y", "balance"),
            {"put": _at_balance},
        ),
        Step("limsup", _limit, "vanishing-slack", ("limsup with slack",), {"slack": eta}),
        Step("statement", _statement, "conjunction", ("limsup", "exponent below 1", "at least 1")),
    ),
)
