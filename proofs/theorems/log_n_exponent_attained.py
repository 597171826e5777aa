"""At head_dim = ceil(c log n) the expected rank is at least n^(e(c) - o(1)): the lower half.

``log(n)`` and the balance of the two tails enter late; until then ``L`` stands for any positive number and ``q`` for
the square of the least cosine of an aligned query, 1 - exp(-2/c) in the end.
"""

from typing import Any

import sympy as sp

from proofs.language import Claim, E, LimInf, NormalTail, le, lt, prob_at_least
from proofs.model import IDEAL, ChiSquare, Rank, c, d, k, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import aligned_lower_bound, balance_equation, chi_square_window, cosine_tail, occupancy_from_below
from proofs.theorems.aligned_lower_bound import ALIGNED_CHANCE, u
from proofs.theorems.chernoff_rate import rate
from proofs.theorems.cosine_tail import aligned_bound, eta, q
from proofs.theorems.gaussian_maximum import ROOT
from proofs.theorems.log_n_exponent import BALANCE, EXPONENT, MEAN_AT

L = sp.Symbol("L", positive=True)
a = cosine_tail.a
f, h, v, w = (sp.Symbol(name, real=True) for name in "fhvw")
z = sp.Symbol("z", nonnegative=True)

HALF = sp.Rational(1, 2)
SHARE = 1 - sp.exp(-2 / c)
"""The squared cosine of the queries that pick a long key."""

_small, _narrow, _far, _two = lt(eta, HALF), lt(q, 1), lt(c * q, 2), le(2, n)
_sizes = (le(c * L, d), le(d, c * L + 1))
_spread = (le(1, c * L), le(8, c * eta**2 * L))
_aligned = ALIGNED_CHANCE.xreplace({u: sp.sqrt(q)})
_near = le(1, q * (1 + eta) * c * L)

# P(chi^2_d >= 2 (1 + eta) L / q): at such a length the score is at least sqrt(2 (1 + eta) L).
_y = 2 / (c * q)
_level = 2 * (1 + eta) * L / q
_stretched = _y * (1 + eta) * (1 + 2 * eta)
_long = prob_at_least(ChiSquare(d), _level)
_beyond = (_stretched - 1) * c * eta * L / 2
_exponent_exact = -(c * L + 1) * rate(_stretched) / 2 - _beyond
_exponent_bound = -(c * L + 1) * (_stretched - 1 - sp.log(_y)) / 2 - _beyond
_long_bound = sp.exp(_exponent_bound) / 2

_phi = (1 - NormalTail(sp.sqrt(2 * (1 + eta) * L))) ** (n - 1)

_dim = sp.ceiling(c * sp.log(n))
_put = {L: sp.log(n), d: _dim}


def _at_n(value: Any) -> Any:
    return value.xreplace(_put)


# The number of queries aligned with key 0 is at least n to a power that the condition keeps from being positive.
_rare = le(1 + c / 2 * sp.log(1 - q), 0)
_power = 1 + c / 2 * sp.log(1 - q) - c * q * eta
_root = _at_n(sp.sqrt(q * (1 + eta) * c * L))
_queries = sp.exp(_power * sp.log(n)) / (4 * ROOT * _root)
_large = (_two, *(_at_n(one) for one in (*_spread, _near)), le(1, eta * sp.log(n)))
_region = (_narrow, _rare, _small, _far)
_aligned_n, _long_n, _phi_n, _long_bound_n = (_at_n(one) for one in (_aligned, _long, _phi, _long_bound))
_picked, _picked_n = (n * chance / (1 + n * chance) for chance in (_aligned, _aligned_n))
_factors = (le(f, x), le(h, v), le(HALF, w), le(0, x), le(0, h))
_bound = n * (_queries / 2) * _long_bound_n / 2

_growth = LimInf(sp.log(MEAN_AT) / sp.log(n), n)
_exponent = 1 + _power - c / 2 * (_stretched - 1 - sp.log(_y)) - (_stretched - 1) * c * eta / 2
_statement = Claim(le(EXPONENT, _growth))

_LONG = (
    Step("many", Claim(_spread[0], _spread), "sign"),
    Step("spread", Claim(_spread[1], _spread), "sign"),
    Step(
        "width",
        Claim(le(4 * (c * L + 1), (c * eta * L) ** 2), _spread),
        "combination",
        ("spread", "many"),
        {"weights": (c * L, 4)},
    ),
    Step("stretch", Claim(le(_y, _stretched)), "sign"),
    Step("far", Claim(_far, (_far,)), "sign"),
    Step("above the mean", Claim(lt(1, _y), (_far,)), "combination", ("far",), {"weights": (1 / (c * q),)}),
    Step("stretched", Claim(le(1, _stretched), (_far,)), "combination", ("stretch", "above the mean")),
    Step("small", Claim(_small, (_small,)), "sign"),
    Step("enough degrees", Claim(_sizes[0], _sizes), "sign"),
    Step(
        "level",
        Claim(le(_level, _stretched * (d - c * eta * L)), (*_sizes, _small)),
        "combination",
        ("enough degrees", "small"),
        {"weights": (_stretched, 2 * _y * (1 + eta) * c * L * eta)},
        "(1 + 2 eta) (1 - eta) >= 1",
    ),
    Step(
        "long, by the rate",
        Claim(le(sp.exp(_exponent_exact) / 2, _long), (*_sizes, *_spread, _small, _far)),
        "specialise",
        ("theorem:chi-square-window#2", "width", "level", "stretched"),
        {
            "put": {
                k: d,
                chi_square_window.r: c * L + 1,
                chi_square_window.s: _stretched,
                chi_square_window.h: c * eta * L,
                chi_square_window.LEVEL: _level,
            }
        },
    ),
    Step("logarithm", Claim(le(sp.log(_y), sp.log(_stretched))), "monotone", ("stretch",), {"function": "log"}),
    Step(
        "exponent",
        Claim(le(_exponent_bound, _exponent_exact)),
        "combination",
        ("logarithm",),
        {"weights": ((c * L + 1) / 2,)},
    ),
    Step(
        "exponential",
        Claim(le(sp.exp(_exponent_bound), sp.exp(_exponent_exact))),
        "monotone",
        ("exponent",),
        {"function": "exp"},
    ),
    Step(
        "long",
        Claim(le(_long_bound, _long), (*_sizes, *_spread, _small, _far)),
        "combination",
        ("long, by the rate", "exponential"),
        {"weights": (1, HALF)},
    ),
    Step(
        "long at n", Claim(le(_long_bound_n, _long_n), (*_large, _small, _far)), "specialise", ("long",), {"put": _put}
    ),
    Step("positive", Claim(le(0, _long_bound)), "sign"),
    Step("positive at n", Claim(le(0, _long_bound_n), (_two,)), "specialise", ("positive",), {"put": {L: sp.log(n)}}),
)

_ALIGNED = (
    Step("wide enough", Claim(le(4, c * eta**2 * L), _spread), "combination", ("spread",)),
    Step(
        "aligned",
        Claim(le(aligned_bound(c * L), _aligned), (_narrow, _sizes[1], *_spread, _near)),
        "specialise",
        ("theorem:cosine-tail#2", "wide enough"),
        {"put": {cosine_tail.r: c * L}},
    ),
    Step(
        "aligned at n",
        Claim(le(_at_n(aligned_bound(c * L)), _aligned_n), (_narrow, *_large)),
        "specialise",
        ("aligned",),
        {"put": _put},
    ),
    Step(
        "aligned queries",
        Claim(le(_queries, n * _aligned_n), (_narrow, *_large)),
        "combination",
        ("aligned at n",),
        {"weights": (n,)},
    ),
    Step("decay", Claim(le(sp.exp(-z), 1)), "sign"),
    Step("square", Claim(le(1, a**2), (le(1, a**2),)), "sign"),
    Step(
        "root",
        Claim(le(1, a), (le(1, a**2),)),
        "monotone",
        ("square",),
        {"function": "power", "exponent": HALF},
    ),
    Step(
        "quotient",
        Claim(le(sp.exp(-z) / (4 * ROOT * a), 1), (le(1, a**2),)),
        "combination",
        ("decay", "root"),
        {"weights": (1 / (4 * ROOT * a), 1 / a)},
    ),
    Step("rare", Claim(_rare, (_narrow, _rare)), "sign"),
    Step(
        "rarer",
        Claim(le(0, -_power * sp.log(n)), (_narrow, _rare, _two)),
        "combination",
        ("rare",),
        {"weights": (sp.log(n),)},
    ),
    Step(
        "at most one query",
        Claim(le(_queries, 1), (_narrow, _rare, *_large)),
        "specialise",
        ("quotient", "rarer"),
        {"put": {z: -_power * sp.log(n), a: _root}},
    ),
    Step(
        "picked at n",
        Claim(le(_queries / 2, _picked_n), (_narrow, _rare, *_large)),
        "specialise",
        ("theorem:occupancy-from-below#2", "aligned queries", "at most one query"),
        {"put": {occupancy_from_below.f: _queries, occupancy_from_below.q: n * _aligned_n}},
    ),
    Step("picked nonnegative", Claim(le(0, _picked_n), (_two,)), "sign"),
)

_PRODUCT = (
    Step("power", Claim(le(-eta * sp.log(n), -1), _large), "sign"),
    Step(
        "few scores",
        Claim(le(sp.exp(-eta * sp.log(n)), sp.exp(-1)), _large),
        "monotone",
        ("power",),
        {"function": "exp"},
    ),
    Step("1/e", Claim(le(sp.exp(-1), HALF)), "sign"),
    Step(
        "no other score",
        Claim(le(HALF, _phi_n), _large),
        "combination",
        ("theorem:gaussian-maximum-above", "few scores", "1/e"),
    ),
    Step(
        "aligned bound",
        Claim(le(n * _picked * _long * _phi, E(Rank(n, n, d))), (_two,)),
        "specialise",
        ("theorem:aligned-lower-bound",),
        {"put": {m: n, aligned_lower_bound.r: sp.sqrt(_level), u: sp.sqrt(q)}},
    ),
    Step(
        "aligned bound at n",
        Claim(le(n * _picked_n * _long_n * _phi_n, MEAN_AT), (_two,)),
        "specialise",
        ("aligned bound",),
        {"put": _put},
    ),
    *(Step(f"factor {place}", Claim(one, (one,)), "sign") for place, one in enumerate(_factors[:3], 1)),
    Step(
        "factors",
        Claim(le(f * h / 2, x * v * w), _factors),
        "combination",
        ("factor 1", "factor 2", "factor 3"),
        {"weights": (h / 2, x / 2, x * v)},
    ),
    Step(
        "factors at n",
        Claim(le(_queries / 2 * _long_bound_n / 2, _picked_n * _long_n * _phi_n), (*_large, *_region)),
        "specialise",
        ("factors", "picked at n", "long at n", "no other score", "picked nonnegative", "positive at n"),
        {"put": {f: _queries / 2, h: _long_bound_n, x: _picked_n, v: _long_n, w: _phi_n}},
    ),
    Step(
        "bound",
        Claim(le(_bound, MEAN_AT), (*_large, *_region)),
        "combination",
        ("aligned bound at n", "factors at n"),
        {"weights": (1, n)},
    ),
)

_LIMIT = (
    Step(
        "barrier",
        Claim(le(MEAN_AT, n * (1 - (1 - 1 / n) ** n)), (_two,)),
        "specialise",
        ("theorem:barrier#3",),
        {"put": {m: n, d: _dim}},
    ),
    Step("missed", Claim(le(0, (1 - 1 / n) ** n), (_two,)), "sign"),
    Step("at most n", Claim(le(MEAN_AT, n), (_two,)), "combination", ("barrier", "missed"), {"weights": (1, n)}),
    Step("liminf at any share", Claim(le(_exponent, _growth), _region), "exponent-from-below", ("bound", "at most n")),
    Step("share below 1", Claim(lt(SHARE, 1)), "sign"),
    Step(
        "level above 1",
        Claim(lt(1, BALANCE)),
        "specialise",
        ("theorem:balance-equation#3",),
        {"put": {balance_equation.s: 2 / c}},
    ),
    Step("far at the balance", Claim(lt(c * SHARE, 2)), "combination", ("level above 1",), {"weights": (c * SHARE,)}),
    Step(
        "liminf with slack",
        Claim(le(_exponent.xreplace({q: SHARE}), _growth), (_small,)),
        "specialise",
        ("liminf at any share", "share below 1", "far at the balance"),
        {"put": {q: SHARE}},
    ),
    Step("liminf", _statement, "vanishing-slack-below", ("liminf with slack",), {"slack": eta}),
)

THEOREM = Theorem(
    id="log-n-exponent-attained",
    title="The exponent of the rank at head_dim = ceil(c log n): lower half",
    prose=(
        "With as many queries as keys and head_dim = ceil(c log n), c > 0 fixed: liminf log E[rank] / log n >= e(c) = "
        "1 - (c/2) (y - 1 - log y), y = (2/c) / (1 - exp(-2/c))."
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"),),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "occupancy-from-below",
        "aligned-lower-bound",
        "cosine-tail",
        "chi-square-window",
        "gaussian-maximum-above",
        "balance-equation",
    ),
    steps=(*_LONG, *_ALIGNED, *_PRODUCT, *_LIMIT),
)
