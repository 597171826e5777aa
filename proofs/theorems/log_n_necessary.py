"""Saturation needs a head dimension of order log n: below c log n with c < 2 the rank is a vanishing part of n."""

import sympy as sp

from proofs.language import Below, Claim, E, Eventually, Lim, eq, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, Rank, c, d, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate, chi_square_tails
from proofs.theorems.chernoff_rate import rate
from proofs.theorems.gaussian_maximum import ROOT, a, b

L = sp.Symbol("L", positive=True)
z = sp.Symbol("z", positive=True)
delta = sp.Symbol("delta", positive=True)

_mean = E(Rank(n, n, d))
_M, _C = NormalMax(n), ChiSquare(d - 1)
_long = prob_at_least(ChiSquare(d), z * L)
_low_maximum = prob_below(_M, sp.sqrt(z * L))
_short = prob_below(_M**2 + _C, z * L)

_long_bound = sp.exp(sp.log(z / c) / 2 - c / 2 * rate(z / c) * L)
_maximum_bound = sp.exp(-1 + sp.log(2 * ROOT) + (sp.log(z) + sp.log(L)) / 2 - sp.log(n) + z * L / 2)
_bound = _long_bound + _maximum_bound
_apart, _few, _wide = lt(c, z), le(d, c * L), le(1, z * L)
_finite = Claim(le(_mean / n, _bound), (_apart, _few, _wide))

_between = 1 + c / 2
"""A level between c and 2, at which both terms vanish."""
_bound_n = _bound.xreplace({L: sp.log(n), z: _between})
_below_two = lt(c, 2)
_narrow = le(d, c * sp.log(n))
_finite_n = Claim(le(_mean / n, _bound_n), (_below_two, _narrow, le(1, _between * sp.log(n)), le(2, n)))
_vanishes = Claim(eq(Lim(_bound_n, n), 0), (_below_two,))
STATEMENT = Claim(Eventually(n, d, _narrow, lt(_mean / n, delta)), (_below_two,))

THEOREM = Theorem(
    id="log-n-necessary",
    title="Saturation needs head_dim of order log n",
    prose=(
        "With as many queries as keys: for every 0 < c < 2 and every delta > 0 there is n0 such that for all n >= n0 "
        "and every head_dim <= c log n, E[rank] / n < delta. So E[rank] / n stays away from 0 along a sequence, and in "
        "particular reaches 1 - 1/e, only if head_dim > c log n from some point on."
    ),
    statement=STATEMENT,
    variables=(Variable(c, "any number below 2"), Variable(delta, "any positive number")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "chernoff-rate",
        "chi-square-tails",
        "gaussian-maximum",
        "truncation-bound",
    ),
    steps=(
        Step(
            "long",
            Claim(le(_long, _long_bound), (_apart, _few)),
            "specialise",
            ("theorem:chi-square-tails#1",),
            {"put": {chi_square_tails.r: c * L, chi_square_tails.y: z / c}},
        ),
        Step(
            "low maximum",
            Claim(le(_low_maximum, _maximum_bound), (_wide,)),
            "specialise",
            ("theorem:gaussian-maximum#2",),
            {"put": {a: 1, b: sp.sqrt(z * L)}},
        ),
        Step(
            "winner events",
            Claim(le(Below(_M**2 + _C, b**2), Below(_M, b))),
            "events",
            args={"weights": {_M: _M + b}},
            because="the winner is at least as long as its score",
        ),
        Step(
            "winner mean", Claim(le(E(Below(_M**2 + _C, b**2)), prob_below(_M, b))), "expectation", ("winner events",)
        ),
        Step(
            "short",
            Claim(le(_short, _low_maximum)),
            "specialise",
            ("winner mean",),
            {"put": {b: sp.sqrt(z * L)}},
        ),
        Step(
            "two terms",
            Claim(le(_mean, n * _long + n * _short)),
            "specialise",
            ("theorem:truncation-bound#2",),
            {"put": {m: n, x: z * L}},
        ),
        Step(
            "finite bound",
            _finite,
            "combination",
            ("two terms", "long", "short", "low maximum"),
            {"weights": (1 / n, 1, 1, 1)},
        ),
        Step("finite bound in n", _finite_n, "specialise", ("finite bound",), {"put": {L: sp.log(n), z: _between}}),
        Step(
            "rate between",
            Claim(lt(0, rate(_between / c)), (_below_two,)),
            "specialise",
            ("theorem:chernoff-rate#2",),
            {"put": {chernoff_rate.v: _between / c}},
        ),
        Step("bound vanishes", _vanishes, "power-log-limit", ("rate between",)),
        Step("statement", STATEMENT, "uniformly-eventually", ("finite bound in n", "bound vanishes")),
    ),
)
