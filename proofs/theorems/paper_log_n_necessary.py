"""Saturation needs a head dimension of order log n: below c log n with c < 2 the rank is a vanishing part of n."""

import sympy as sp

from proofs.language import Below, Claim, E, Eventually, Lim, eq, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, WinnerNorm2, c, d, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_pieces import MAXIMUM_STEPS, MEAN, ROOT, TRUNCATION_STEPS, L, a, b, rate, y

z = sp.Symbol("z", positive=True)
v = sp.Symbol("v", positive=True)
delta = sp.Symbol("delta", positive=True)
theta = sp.Symbol("theta", nonnegative=True)

_tilt = (1 - 1 / y) / 2
_upper = prob_at_least(ChiSquare(d), c * y * L)
_far_exponent = -_tilt * c * y * L + d / 2 * sp.log(y)
_far = sp.exp(-c / 2 * rate(y) * L)
_not_wide = (lt(1, y), le(d, c * L))
_M, _C = NormalMax(n), ChiSquare(d - 1)
_small = sp.exp(-1 + sp.log(2 * ROOT) + (sp.log(z) + sp.log(L)) / 2 - sp.log(n) + z * L / 2)
_wide = le(1, z * L)

_between = 1 + c / 2
"""A level between c and 2, at which both tails vanish."""
_bound = (_far + _small).xreplace({y: z / c})
_finite = Claim(le(MEAN / n, _bound), (lt(c, z), le(d, c * L), _wide))
_bound_n = _bound.xreplace({L: sp.log(n), z: _between})
_narrow = le(d, c * sp.log(n))
_finite_n = Claim(le(MEAN / n, _bound_n), (lt(c, 2), _narrow, le(1, _between * sp.log(n)), le(2, n)))
_vanishes = Claim(eq(Lim(_bound_n, n), 0), (lt(c, 2),))
_statement = Claim(Eventually(n, d, _narrow, lt(MEAN / n, delta)), (lt(c, 2),))

THEOREM = Theorem(
    id="paper-log-n-necessary",
    title="Saturation needs head_dim of order log n",
    prose=(
        "With as many queries as keys: for every 0 < c < 2 and every delta > 0 there is n0 such that for all n >= n0 "
        "and every head_dim <= c log n, E[rank] / n < delta. So E[rank] / n stays away from 0 along a sequence, and in "
        "particular reaches 1 - 1/e, only if head_dim > c log n from some point on."
    ),
    statement=_statement,
    variables=(Variable(c, "any number below 2"), Variable(delta, "any positive number")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
    ),
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        *TRUNCATION_STEPS,
        *MAXIMUM_STEPS,
        Step(
            "far tail",
            Claim(le(_upper, sp.exp(-_tilt * c * y * L) * sp.exp(d / 2 * sp.log(y))), (lt(1, y),)),
            "specialise",
            ("cite:chi-square-upper-tail",),
            {"put": {theta: _tilt, x: c * y * L}},
        ),
        Step("far exponent", Claim(le(_far_exponent, -c / 2 * rate(y) * L), _not_wide), "sign"),
        Step(
            "far exponential",
            Claim(le(sp.exp(_far_exponent), _far), _not_wide),
            "monotone",
            ("far exponent",),
            {"function": "exp"},
        ),
        Step("far", Claim(le(_upper, _far), _not_wide), "combination", ("far tail", "far exponential")),
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
            "winner law",
            Claim(eq(prob_below(WinnerNorm2(n, m, d), b**2), E(Below(_M**2 + _C, b**2)))),
            "specialise",
            ("cite:winner-decomposition",),
            {"put": {x: b**2}},
        ),
        Step(
            "winner bound",
            Claim(le(prob_below(WinnerNorm2(n, m, d), b**2), prob_below(_M, b))),
            "combination",
            ("winner law", "winner mean"),
        ),
        Step(
            "winner at z",
            Claim(le(prob_below(WinnerNorm2(n, n, d), z * L), prob_below(_M, sp.sqrt(z * L)))),
            "specialise",
            ("winner bound",),
            {"put": {m: n, b: sp.sqrt(z * L)}},
        ),
        Step(
            "small maximum",
            Claim(le(prob_below(_M, sp.sqrt(z * L)), _small), (_wide,)),
            "specialise",
            ("maximum",),
            {"put": {a: 1, b: sp.sqrt(z * L)}},
        ),
        Step(
            "far at z",
            Claim(le(prob_at_least(ChiSquare(d), z * L), _far.xreplace({y: z / c})), (lt(c, z), le(d, c * L))),
            "specialise",
            ("far",),
            {"put": {y: z / c}},
        ),
        Step(
            "two terms",
            Claim(le(MEAN, n * prob_at_least(ChiSquare(d), z * L) + n * prob_below(WinnerNorm2(n, n, d), z * L))),
            "specialise",
            ("truncation",),
            {"put": {m: n, x: z * L}},
        ),
        Step(
            "finite bound",
            _finite,
            "combination",
            ("two terms", "far at z", "winner at z", "small maximum"),
            {"weights": (1 / n, 1, 1, 1)},
        ),
        Step("finite bound in n", _finite_n, "specialise", ("finite bound",), {"put": {L: sp.log(n), z: _between}}),
        Step(
            "rate positive",
            Claim(lt(0, rate(v)), (lt(1, v),)),
            "derivatives",
            args={"variable": v, "left": 1, "order": 1},
        ),
        Step(
            "rate between",
            Claim(lt(0, rate(_between / c)), (lt(c, 2),)),
            "specialise",
            ("rate positive",),
            {"put": {v: _between / c}},
        ),
        Step("bound vanishes", _vanishes, "power-log-limit", ("rate between",)),
        Step("statement", _statement, "uniformly-eventually", ("finite bound in n", "bound vanishes")),
    ),
)
