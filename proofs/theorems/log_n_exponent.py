"""At head_dim = ceil(c log n) the expected rank is at most n^(e(c) + o(1)) with e(c) < 1: the upper half."""

import sympy as sp

from proofs.language import All, Below, Claim, E, LimSup, eq, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, Rank, WinnerNorm2, c, d, k, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_pieces import (
    MAXIMUM_STEPS,
    MEAN,
    ROOT,
    TRUNCATION_STEPS,
    L,
    a,
    b,
    rate,
    s,
    y,
)

w = sp.Symbol("w", positive=True)
z = sp.Symbol("z", positive=True)
v = sp.Symbol("v", positive=True)
eta = sp.Symbol("eta", positive=True)
theta = sp.Symbol("theta", nonnegative=True)

HALF = sp.Rational(1, 2)
BALANCE = (2 / c) / (1 - sp.exp(-2 / c))
EXPONENT = 1 - c / 2 * rate(BALANCE)
_y_of_s = s / (1 - sp.exp(-s))
_tilt_up, _tilt_down = (1 - 1 / y) / 2, (1 / w - 1) / 2

# P(chi^2_d >= c y L), tilted by 1 - 2 theta = 1/y, for d <= c L + 1.
_upper = prob_at_least(ChiSquare(d), c * y * L)
_far = sp.exp(sp.log(y) / 2 - c / 2 * rate(y) * L)
_not_wide = (lt(1, y), le(d, c * L + 1))
_far_exponent = -_tilt_up * c * y * L + d / 2 * sp.log(y)

# P(chi^2_(d-1) < (c w + 2 - z) L), tilted by 1 + 2 theta = 1/w, for d >= c L.
_x_down = (c * w + 2 - z) * L
_lower = prob_below(ChiSquare(d - 1), _x_down)
_near = sp.exp(-sp.log(w) / 2 + (-c / 2 * rate(w) + _tilt_down * (2 - z)) * L)
_not_narrow = (lt(w, 1), le(c * L, d))
_near_exponent = _tilt_down * _x_down + (d - 1) / 2 * sp.log(w)

# P(M < sqrt(z L)) for the largest M of n normals.
_small = sp.exp(
    a * sp.log(a) - a + a * sp.log(2 * ROOT) + a / 2 * sp.log(z) + a / 2 * sp.log(L) - a * (sp.log(n) - z * L / 2)
)
_wide = le(1, z * L)

_M, _C = NormalMax(n), ChiSquare(d - 1)
_w_of_y = y - 2 / c
_near_y = _near.xreplace({w: _w_of_y})
_order = c * rate(y) / (2 - z)
_small_y = _small.xreplace({a: _order})
_region = (lt(1, y), lt(0, _w_of_y), lt(_w_of_y, 1), lt(0, rate(y)), lt(z, 2))
_sizes = (le(c * L, d), le(d, c * L + 1), _wide)
_finite = Claim(le(MEAN, n * _far + n * _small_y + n * _near_y), (*_region, *_sizes))

_dim = sp.ceiling(c * sp.log(n))
_put = {L: sp.log(n), d: _dim}
MEAN_AT = E(Rank(n, n, _dim))
_from_two = (le(2, n),)
_finite_n = Claim(
    le(MEAN_AT, _finite.conclusion.rhs.xreplace({L: sp.log(n)})), (*_region, le(1, z * sp.log(n)), le(2, n))
)
AT_LEAST = Claim(le(1, MEAN_AT), _from_two)
_growth = LimSup(sp.log(MEAN_AT) / sp.log(n), n)
_balanced = eq(rate(_w_of_y), rate(y))
_slack_z = Claim(le(_growth, 1 - c / 2 * rate(y) + (1 / _w_of_y - 1) / 2 * (2 - z)), (*_region, _balanced))
_at = {y: BALANCE}
_slack_c = Claim(le(_growth, EXPONENT + (1 / (BALANCE - 2 / c) - 1) / 2 * (2 - z)), (lt(z, 2),))
_slack_eta = Claim(le(_growth, EXPONENT + (1 / (BALANCE - 2 / c) - 1) / 2 * eta), (lt(eta, 2),))
_limit = Claim(le(_growth, EXPONENT))
_below_one = Claim(lt(EXPONENT, 1))
_statement = All((_limit, _below_one, AT_LEAST))

_TAILS = (
    Step(
        "far tail",
        Claim(le(_upper, sp.exp(-_tilt_up * c * y * L) * sp.exp(d / 2 * sp.log(y))), (lt(1, y),)),
        "specialise",
        ("cite:chi-square-upper-tail",),
        {"put": {theta: _tilt_up, x: c * y * L}},
        "the tilt that minimises the bound at d = c L",
    ),
    Step("far exponent", Claim(le(_far_exponent, sp.log(y) / 2 - c / 2 * rate(y) * L), _not_wide), "sign"),
    Step(
        "far exponential",
        Claim(le(sp.exp(_far_exponent), _far), _not_wide),
        "monotone",
        ("far exponent",),
        {"function": "exp"},
    ),
    Step("far", Claim(le(_upper, _far), _not_wide), "combination", ("far tail", "far exponential")),
    Step(
        "near tail",
        Claim(le(_lower, sp.exp(_tilt_down * _x_down) * sp.exp((d - 1) / 2 * sp.log(w))), (lt(w, 1),)),
        "specialise",
        ("cite:chi-square-lower-tail",),
        {"put": {theta: _tilt_down, x: _x_down, k: d - 1}},
    ),
    Step(
        "near exponent",
        Claim(le(_near_exponent, -sp.log(w) / 2 + (-c / 2 * rate(w) + _tilt_down * (2 - z)) * L), _not_narrow),
        "sign",
    ),
    Step(
        "near exponential",
        Claim(le(sp.exp(_near_exponent), _near), _not_narrow),
        "monotone",
        ("near exponent",),
        {"function": "exp"},
    ),
    Step("near", Claim(le(_lower, _near), _not_narrow), "combination", ("near tail", "near exponential")),
    Step(
        "small maximum",
        Claim(le(prob_below(NormalMax(n), sp.sqrt(z * L)), _small), (_wide,)),
        "specialise",
        ("maximum",),
        {"put": {b: sp.sqrt(z * L)}},
    ),
)

_WINNER = (
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
        "winner bound",
        Claim(le(prob_below(WinnerNorm2(n, m, d), x), prob_below(_M, b) + prob_below(_C, x - b**2))),
        "combination",
        ("winner mean", "cite:winner-decomposition"),
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
        ("truncation", "winner bound"),
        {"weights": (1, m)},
    ),
    Step(
        "three terms at c",
        Claim(le(MEAN, n * _upper + n * (prob_below(_M, sp.sqrt(z * L)) + prob_below(_C, (c * y - z) * L)))),
        "specialise",
        ("three terms",),
        {"put": {m: n, x: c * y * L, b: sp.sqrt(z * L)}},
    ),
    Step(
        "near at y",
        Claim(le(prob_below(_C, (c * y - z) * L), _near_y), (*_region[1:3], _sizes[0])),
        "specialise",
        ("near",),
        {"put": {w: _w_of_y}},
    ),
    Step(
        "small at y",
        Claim(le(prob_below(_M, sp.sqrt(z * L)), _small_y), (*_region, _wide)),
        "specialise",
        ("small maximum",),
        {"put": {a: _order}},
        "the order that makes this term as small as the others",
    ),
    Step(
        "finite bound",
        _finite,
        "combination",
        ("three terms at c", "far", "small at y", "near at y"),
        {"weights": (1, n, n, n)},
    ),
)

_BALANCE = (
    Step("1 - exp(-s)", Claim(lt(1 - sp.exp(-s), s)), "derivatives", args={"variable": s, "left": 0, "order": 2}),
    Step("exp(s) - 1", Claim(lt(s, sp.exp(s) - 1)), "derivatives", args={"variable": s, "left": 0, "order": 2}),
    Step(
        "y above 1 in s", Claim(lt(1, _y_of_s)), "combination", ("1 - exp(-s)",), {"weights": (1 / (1 - sp.exp(-s)),)}
    ),
    Step("w above 0 in s", Claim(lt(0, _y_of_s - s)), "sign"),
    Step(
        "w below 1 in s",
        Claim(lt(_y_of_s - s, 1)),
        "combination",
        ("exp(s) - 1",),
        {"weights": (sp.exp(-s) / (1 - sp.exp(-s)),)},
    ),
    Step(
        "balance in s",
        Claim(eq(rate(_y_of_s - s), rate(_y_of_s))),
        "identity",
        because="the two exponents agree: w = y exp(-s)",
    ),
    Step(
        "rate positive", Claim(lt(0, rate(v)), (lt(1, v),)), "derivatives", args={"variable": v, "left": 1, "order": 1}
    ),
    Step("y above 1", Claim(lt(1, BALANCE)), "specialise", ("y above 1 in s",), {"put": {s: 2 / c}}),
    Step("w above 0", Claim(lt(0, BALANCE - 2 / c)), "specialise", ("w above 0 in s",), {"put": {s: 2 / c}}),
    Step("w below 1", Claim(lt(BALANCE - 2 / c, 1)), "specialise", ("w below 1 in s",), {"put": {s: 2 / c}}),
    Step(
        "balance", Claim(eq(rate(BALANCE - 2 / c), rate(BALANCE))), "specialise", ("balance in s",), {"put": {s: 2 / c}}
    ),
    Step("rate at y", Claim(lt(0, rate(BALANCE))), "specialise", ("rate positive", "y above 1"), {"put": {v: BALANCE}}),
    Step("exponent below 1", _below_one, "combination", ("rate at y",), {"weights": (c / 2,)}),
)

THEOREM = Theorem(
    id="log-n-exponent",
    title="The exponent of the rank at head_dim = ceil(c log n): upper half",
    prose=(
        "With as many queries as keys and head_dim = ceil(c log n), c > 0 fixed: limsup log E[rank] / log n <= e(c) = "
        "1 - (c/2) (y - 1 - log y), y = (2/c) / (1 - exp(-2/c)), and e(c) < 1. (Upper half only: that e(c) is attained "
        "is not part of this statement. E[rank] >= 1, so the logarithm is defined.)"
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"), Variable(n, "number of keys and of queries")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
    ),
    references=("Boucheron, Lugosi and Massart, Concentration Inequalities (2013)", "Gordon (1941)"),
    steps=(
        *TRUNCATION_STEPS,
        *MAXIMUM_STEPS,
        *_TAILS,
        *_WINNER,
        *_BALANCE,
        Step("finite bound in n", _finite_n, "specialise", ("finite bound",), {"put": _put}),
        Step("at least 1", AT_LEAST, "specialise", ("theorem:barrier#5",), {"put": {m: n, d: _dim}}),
        Step("limsup with slack", _slack_z, "exponent", ("finite bound in n", "at least 1")),
        Step(
            "limsup at y",
            _slack_c,
            "specialise",
            ("limsup with slack", "y above 1", "w above 0", "w below 1", "rate at y", "balance"),
            {"put": _at},
        ),
        Step("limsup with eta", _slack_eta, "specialise", ("limsup at y",), {"put": {z: 2 - eta}}),
        Step("limsup", _limit, "vanishing-slack", ("limsup with eta",), {"slack": eta}),
        Step("statement", _statement, "conjunction", ("limsup", "exponent below 1", "at least 1")),
    ),
)
