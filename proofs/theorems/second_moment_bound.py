"""The second-moment bound: two queries that pick one key, given its length, bound the expected rank from below."""

from typing import Any

import sympy as sp

from proofs.language import KEYS, NORM, PAIR, All, Below, BivariateBelow, Claim, E, eq, le, lt
from proofs.model import (
    IDEAL,
    Cosine,
    QueryCosine,
    Radius,
    Rank,
    Score,
    SecondCosine,
    SecondScore,
    both_pick,
    chance,
    d,
    j,
    l,
    m,
    n,
    over_keys,
    t,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.occupancy_tangent import a, p, psi, slope, x

_v, _r = sp.Symbol("v", real=True), sp.Symbol("r", real=True)
_first, _second = Radius(d) * Cosine(d), Radius(d) * SecondCosine(d)
_below = Below(Score(j, n, d), _first) * Below(SecondScore(j, n, d), _second)
_others = (j, 1, n - 1)
S = E(BivariateBelow(_first, _second, QueryCosine(d)) ** (n - 1), NORM)
"""The chance that queries 0 and 1 both pick key 0, given the length of that key."""

_p, _both, _rank = chance(0), both_pick(0), Rank(n, m, d)
_mean, _square = E(_p, NORM), E(_p**2, NORM)
_picked = 1 - (1 - _p) ** m
_within = Below(Radius(d), t) * (1 - Below(Radius(d), _r))
_unit = (le(0, a), le(a, 1))


def _tangent(at: Any) -> Any:
    return _p * psi(at) + slope(at) * _p * (at - _p)


_ratio = S / G
_bound = Claim(le(n * E(G * psi(_ratio)), E(_rank)))
_closed = Claim(eq(S * G * psi(_ratio), G**2 * (1 - (1 - _ratio) ** m)))
_positive, _at_most = Claim(lt(0, S)), Claim(le(S, G))
_is_square, _is_pair = Claim(eq(_square, S)), Claim(eq(E(_both, NORM), S))
_agree = Claim(eq(E(sp.Sum(both_pick(l), (l, 0, n - 1))), n * E(S)))
_interval = Claim(
    le(psi(a) * E(_within * G) + slope(a) * (a * E(_within * G) - E(_within * S)), E(_within * _picked)), _unit
)
_statement = All((_bound, _closed, _positive, _at_most, _is_square, _is_pair, _agree, _interval))

THEOREM = Theorem(
    id="second-moment-bound",
    title="The second-moment bound",
    prose=(
        "With R the length of a key, u1 and u2 its cosines with two independent queries and rho the cosine between "
        "these, let g(R) be as in norm-conditioned-barrier and s(R) = E[Phi2(R u1, R u2; rho)^(n-1) | R], Phi2 the "
        "bivariate normal distribution function. Then E[rank] >= n E[g psi(s/g)], where psi(x) is the sum of "
        "(1 - x)^k over k < m and g psi(s/g) = (g^2/s) (1 - (1 - s/g)^m), as 0 < s <= g. With p the chance of key 0 "
        "given all keys, s(R) = E[p^2 | R] is the chance, given R, that two queries both pick key 0; two queries agree "
        "with chance n E[s]. For lengths r <= R < t, with indicator W, and any a in [0, 1]: E[W (1 - (1 - p)^m)] >= "
        "psi(a) E[W g] + psi'(a) (E[W s] - a E[W g])."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(a, "where the tangent is taken; E[W s] / E[W g] is best"),
        Variable(_r, "the least length of the interval"),
        Variable(t, "the length where it ends"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "agreement-bound",
        "occupancy-tangent",
        "norm-conditioned-barrier",
    ),
    steps=(
        Step(
            "pair given keys",
            Claim(eq(E(_both, KEYS), _p**2)),
            "specialise",
            ("theorem:agreement-bound#9",),
            {"put": {j: 0}},
        ),
        Step(
            "pair given length",
            Claim(eq(E(_both, NORM), _square)),
            "expectation",
            ("pair given keys",),
            {"given": NORM},
            "what is known of all keys includes the length of key 0",
        ),
        Step(
            "pair given directions",
            Claim(eq(E(_both, PAIR), E(sp.Product(_below, _others), PAIR))),
            "expectation",
            ("assumption:gaussian-queries-and-keys.both-win",),
            {"given": PAIR},
            "every other key scores less than key 0 along both queries",
        ),
        Step(
            "other scores",
            Claim(eq(E(sp.Product(_below, _others), PAIR), sp.Product(E(_below, PAIR), _others))),
            "independence",
            ("cite:scores-along-two-directions#1",),
        ),
        Step(
            "pair of scores",
            Claim(eq(E(_both, PAIR), BivariateBelow(_first, _second, QueryCosine(d)) ** (n - 1))),
            "rewrite",
            ("pair given directions", "other scores", "cite:scores-along-two-directions#2"),
        ),
        Step("s of a pair", _is_pair, "expectation", ("pair of scores",), {"given": NORM}),
        Step("s", _is_square, "combination", ("pair given length", "s of a pair"), {"weights": (-1, 1)}),
        Step("chance at most 1", Claim(le(_p, 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
        Step(
            "jensen",
            Claim(le(E(-(_p**2), NORM), -(_mean**2))),
            "jensen-mean",
            ("chance at most 1",),
            {"function": -(_v**2), "variable": _v, "point": _p, "given": NORM},
        ),
        Step(
            "spread",
            Claim(le(-S, -(G**2))),
            "rewrite",
            ("jensen", "s", "theorem:norm-conditioned-barrier#5"),
            {"base": True},
        ),
        Step(
            "s is positive", _positive, "combination", ("spread",), because="so is g, and the mean square exceeds g^2"
        ),
        Step("square of the chance", Claim(le(_p**2, _p)), "combination", ("chance at most 1",), {"weights": (_p,)}),
        Step("mean square", Claim(le(_square, _mean)), "expectation", ("square of the chance",), {"given": NORM}),
        Step(
            "s at most g",
            _at_most,
            "rewrite",
            ("mean square", "s", "theorem:norm-conditioned-barrier#5"),
            {"base": True},
        ),
        Step("ratio at least 0", Claim(le(0, _ratio)), "combination", ("s is positive",), {"weights": (1 / G,)}),
        Step("ratio at most 1", Claim(le(_ratio, 1)), "combination", ("s at most g",), {"weights": (1 / G,)}),
        Step(
            "tangent",
            Claim(le(_tangent(_ratio), _picked)),
            "specialise",
            ("theorem:occupancy-tangent#1", "chance at most 1", "ratio at least 0", "ratio at most 1"),
            {"put": {p: _p, a: _ratio}},
        ),
        Step(
            "mean tangent",
            Claim(le(psi(_ratio) * _mean + slope(_ratio) * (_ratio * _mean - _square), E(_picked, NORM))),
            "expectation",
            ("tangent",),
            {"given": NORM},
        ),
        Step(
            "given length",
            Claim(le(G * psi(_ratio), E(_picked, NORM))),
            "rewrite",
            ("mean tangent", "s", "theorem:norm-conditioned-barrier#5"),
            {"base": True},
            "the tangent is taken at s/g, where its slope does not count",
        ),
        Step(
            "in the mean",
            Claim(le(E(G * psi(_ratio)), E(_picked))),
            "expectation",
            ("given length", "ratio at least 0", "ratio at most 1"),
            because="the expectation exists since 0 < s/g <= 1",
        ),
        Step(
            "bound",
            _bound,
            "combination",
            ("in the mean", "theorem:norm-conditioned-barrier#4"),
            {"weights": (n, -1)},
        ),
        Step(
            "geometric sum",
            Claim(eq(_ratio * psi(_ratio), 1 - (1 - _ratio) ** m)),
            "specialise",
            ("theorem:occupancy-tangent#2",),
            {"put": {x: _ratio}},
        ),
        Step("closed form", _closed, "combination", ("geometric sum",), {"weights": (G**2,)}),
        Step(
            "agreement of a pair",
            Claim(eq(E(both_pick(j)), E(chance(j) ** 2))),
            "expectation",
            ("theorem:agreement-bound#9",),
        ),
        Step(
            "same law",
            Claim(eq(E(chance(j) ** 2), E(_p**2)), (le(j, n - 1),)),
            "alike",
            ("assumption:gaussian-queries-and-keys.alike",),
        ),
        Step("mean of s", Claim(eq(E(_p**2), E(S))), "expectation", ("s",)),
        Step(
            "linearity",
            Claim(eq(E(sp.Sum(both_pick(l), (l, 0, n - 1))), over_keys(E(both_pick(j))))),
            "identity",
        ),
        Step(
            "agreement",
            _agree,
            "rewrite",
            ("linearity", "agreement of a pair", "same law", "mean of s"),
        ),
        Step(
            "tangent at a",
            Claim(le(_tangent(a), _picked), _unit),
            "specialise",
            ("theorem:occupancy-tangent#1", "chance at most 1"),
            {"put": {p: _p}},
        ),
        Step(
            "within",
            Claim(le(_within * _tangent(a), _within * _picked), _unit),
            "combination",
            ("tangent at a",),
            {"weights": (_within,)},
        ),
        Step(
            "mean within",
            Claim(
                le(
                    psi(a) * E(_within * _p) + slope(a) * (a * E(_within * _p) - E(_within * _p**2)),
                    E(_within * _picked),
                ),
                _unit,
            ),
            "expectation",
            ("within",),
        ),
        Step(
            "g within",
            Claim(eq(_within * _mean, _within * G)),
            "combination",
            ("theorem:norm-conditioned-barrier#5",),
            {"weights": (_within,)},
        ),
        Step("s within", Claim(eq(_within * _square, _within * S)), "combination", ("s",), {"weights": (_within,)}),
        Step("mean g within", Claim(eq(E(_within * _p), E(_within * G))), "expectation", ("g within",)),
        Step("mean s within", Claim(eq(E(_within * _p**2), E(_within * S))), "expectation", ("s within",)),
        Step(
            "interval",
            _interval,
            "rewrite",
            ("mean within", "mean g within", "mean s within"),
            {"base": True},
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("bound", "closed form", "s is positive", "s at most g", "s", "s of a pair", "agreement", "interval"),
        ),
    ),
)
