"""Truncation at a radius: a long key counts at most once, a short one only as often as it wins."""

import sympy as sp

from proofs.language import KEYS, All, Below, Claim, E, eq, le, prob_at_least, prob_below
from proofs.model import (
    IDEAL,
    ChiSquare,
    KeyNorm2,
    NormalMax,
    Rank,
    WinnerNorm2,
    chance,
    d,
    hit,
    i,
    j,
    m,
    n,
    over_keys,
    x,
)
from proofs.records import Step, Theorem, Variable

p = sp.Symbol("p", real=True)

_mean = E(Rank(n, m, d))
_near = Below(KeyNorm2(j, n, d), x)
_far = 1 - _near
_h = 1 - (1 - chance(j)) ** m
_unit = (le(0, p), le(p, 1))
_keys_near = over_keys(chance(j) * _near)
_wins_near = over_keys(hit(0, j) * _near)
_winner = prob_below(WinnerNorm2(n, m, d), x)
_long = n * prob_at_least(ChiSquare(d), x)

_by_winner = Claim(le(_mean, _long + m * _winner))
_by_maximum = Claim(le(_mean, _long + m * prob_below(NormalMax(n) ** 2 + ChiSquare(d - 1), x)))
_statement = All((_by_winner, _by_maximum))

THEOREM = Theorem(
    id="truncation-bound",
    title="Truncation at a radius",
    prose=(
        "For every x: E[rank] <= n P(chi^2_d >= x) + m P(|winner|^2 < x), where the winner is the key that a query "
        "picks; and E[rank] <= n P(chi^2_d >= x) + m P(M^2 + chi^2_(d-1) < x), where M, the largest of n independent "
        "standard normals, and chi^2_(d-1) are independent."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(x, "a squared length"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier"),
    steps=(
        Step("a hit is at most 1", Claim(le(hit(i, j), 1)), "sign"),
        Step("mean hit", Claim(le(E(hit(i, j), KEYS), 1)), "expectation", ("a hit is at most 1",), {"given": KEYS}),
        Step(
            "chance at most 1",
            Claim(le(chance(j), 1)),
            "rewrite",
            ("mean hit", "assumption:identical-queries.chance"),
            {"base": True},
        ),
        Step("h at most 1 in p", Claim(le(1 - (1 - p) ** m, 1), _unit), "sign"),
        Step(
            "h at most 1",
            Claim(le(_h, 1)),
            "specialise",
            ("h at most 1 in p", "chance at most 1"),
            {"put": {p: chance(j)}},
        ),
        Step(
            "bernoulli in p",
            Claim(le(1 - (1 - p) ** m, m * p), _unit),
            "derivatives",
            args={"variable": p, "left": 0, "order": 2},
            because="1 - (1 - p)^m is concave with slope m at 0",
        ),
        Step(
            "bernoulli",
            Claim(le(_h, m * chance(j))),
            "specialise",
            ("bernoulli in p", "chance at most 1"),
            {"put": {p: chance(j)}},
        ),
        Step(
            "truncate",
            Claim(le(_h, _far + m * chance(j) * _near)),
            "combination",
            ("h at most 1", "bernoulli"),
            {"weights": (_far, _near)},
            "1 on far keys, m p on near ones",
        ),
        Step(
            "truncate sum",
            Claim(le(over_keys(_h), over_keys(_far + m * chance(j) * _near))),
            "sum-both-sides",
            ("truncate",),
            {"over": (j, 0, n - 1)},
        ),
        Step(
            "truncate given keys",
            Claim(le(E(Rank(n, m, d), KEYS), over_keys(_far) + m * _keys_near)),
            "combination",
            ("truncate sum", "theorem:barrier#1"),
        ),
        Step(
            "truncate mean",
            Claim(le(_mean, over_keys(E(_far)) + m * E(_keys_near))),
            "expectation",
            ("truncate given keys",),
        ),
        Step(
            "first query",
            Claim(eq(E(hit(0, j), KEYS), chance(j))),
            "specialise",
            ("assumption:identical-queries.chance",),
            {"put": {i: 0}},
        ),
        Step(
            "near winner given keys",
            Claim(eq(E(_wins_near, KEYS), over_keys(E(hit(0, j), KEYS) * _near))),
            "identity",
        ),
        Step(
            "near chance",
            Claim(eq(E(_wins_near, KEYS), _keys_near)),
            "rewrite",
            ("near winner given keys", "first query"),
        ),
        Step("near chance mean", Claim(eq(E(_wins_near), E(_keys_near))), "expectation", ("near chance",)),
        Step(
            "near winner",
            Claim(eq(E(_wins_near), _winner)),
            "expectation",
            ("assumption:gaussian-queries-and-keys.winner",),
        ),
        Step(
            "winner",
            Claim(eq(E(_keys_near), _winner)),
            "combination",
            ("near chance mean", "near winner"),
            {"weights": (-1, 1)},
        ),
        Step(
            "by the winner",
            _by_winner,
            "rewrite",
            ("truncate mean", "assumption:gaussian-queries-and-keys.radius", "winner"),
            {"base": True},
        ),
        Step(
            "by the maximum",
            _by_maximum,
            "combination",
            ("by the winner", "cite:winner-decomposition"),
            {"weights": (1, m)},
        ),
        Step("statement", _statement, "conjunction", ("by the winner", "by the maximum")),
    ),
)
