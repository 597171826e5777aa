"""Steps that both theorems about head_dim ~ c log n begin with: truncation at a radius, and the two tails.

``log(n)`` enters only at the end; until then ``L`` stands for any positive number.
"""

from typing import Any

import sympy as sp

from proofs.language import KEYS, Below, Claim, E, NormalTail, eq, le, lt, prob_at_least, prob_below
from proofs.model import (
    ChiSquare,
    KeyNorm2,
    NormalMax,
    Rank,
    Score,
    WinnerNorm2,
    chance,
    d,
    hit,
    i,
    j,
    m,
    n,
    over_keys,
    t,
    x,
)
from proofs.records import Step

a = sp.Symbol("a", positive=True)
s = sp.Symbol("s", positive=True)
u = sp.Symbol("u", positive=True)
q = sp.Symbol("q", positive=True)
p = sp.Symbol("p", real=True)

ROOT = sp.sqrt(2 * sp.pi)
MEAN = E(Rank(n, n, d))


def rate(value: Any) -> Any:
    """Return the Chernoff exponent of chi-square, ``value - 1 - log(value)``."""
    return value - 1 - sp.log(value)


_far = 1 - Below(KeyNorm2(j, n, d), x)
_near = Below(KeyNorm2(j, n, d), x)
_h = 1 - (1 - chance(j)) ** m
_unit = (le(0, p), le(p, 1))
TRUNCATION = Claim(le(E(Rank(n, m, d)), n * prob_at_least(ChiSquare(d), x) + m * prob_below(WinnerNorm2(n, m, d), x)))
_keys_near = over_keys(chance(j) * _near)
_most = Claim(le(chance(j), 1))

TRUNCATION_STEPS = (
    Step(
        "bernoulli in p",
        Claim(le(1 - (1 - p) ** m, m * p), _unit),
        "derivatives",
        args={"variable": p, "left": 0, "order": 2},
        because="1 - (1 - p)^m is concave with slope m at 0",
    ),
    Step("a hit is at most 1", Claim(le(hit(i, j), 1)), "sign"),
    Step("mean hit", Claim(le(E(hit(i, j), KEYS), 1)), "expectation", ("a hit is at most 1",), {"given": KEYS}),
    Step("chance at most 1", _most, "rewrite", ("mean hit", "assumption:identical-queries.chance"), {"base": True}),
    Step(
        "bernoulli",
        Claim(le(_h, m * chance(j))),
        "specialise",
        ("bernoulli in p", "chance at most 1"),
        {"put": {p: chance(j)}},
    ),
    Step("missed at least 0", Claim(le(0, (1 - p) ** m), _unit), "sign"),
    Step("h at most 1 in p", Claim(le(1 - (1 - p) ** m, 1), _unit), "combination", ("missed at least 0",)),
    Step(
        "h at most 1", Claim(le(_h, 1)), "specialise", ("h at most 1 in p", "chance at most 1"), {"put": {p: chance(j)}}
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
        Claim(le(E(Rank(n, m, d)), over_keys(E(_far)) + m * E(_keys_near))),
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
        Claim(eq(E(over_keys(hit(0, j) * _near), KEYS), over_keys(E(hit(0, j), KEYS) * _near))),
        "identity",
    ),
    Step(
        "near chance",
        Claim(eq(E(over_keys(hit(0, j) * _near), KEYS), _keys_near)),
        "rewrite",
        ("near winner given keys", "first query"),
    ),
    Step(
        "near chance mean", Claim(eq(E(over_keys(hit(0, j) * _near)), E(_keys_near))), "expectation", ("near chance",)
    ),
    Step(
        "near winner",
        Claim(eq(E(over_keys(hit(0, j) * _near)), prob_below(WinnerNorm2(n, m, d), x))),
        "expectation",
        ("assumption:gaussian-queries-and-keys.winner",),
    ),
    Step(
        "winner",
        Claim(eq(E(_keys_near), prob_below(WinnerNorm2(n, m, d), x))),
        "combination",
        ("near chance mean", "near winner"),
        {"weights": (-1, 1)},
    ),
    Step(
        "truncation",
        TRUNCATION,
        "rewrite",
        ("truncate mean", "assumption:gaussian-queries-and-keys.radius", "winner"),
        {"base": True},
    ),
)

b = sp.Symbol("b", positive=True)
r = sp.Symbol("r", real=True)
_least = n * sp.exp(-(b**2) / 2) / (2 * b * ROOT)
_log_least = sp.log(n) - b**2 / 2 - sp.log(2 * ROOT) - sp.log(b)
_wide = (le(1, b**2),)
_below_max = prob_below(NormalMax(n), b)
_below_score = Below(Score(j, n, d), b)
_keys = (j, 0, n - 1)
_mills = b / (1 + b**2) * sp.exp(-(b**2) / 2) / ROOT
_tail = NormalTail(b)
_convex = le(0, s - 1 - sp.log(s))
MAXIMUM = Claim(le(_below_max, sp.exp(a * sp.log(a) - a - a * _log_least)), _wide)
"""The largest of n normals is below b only with small probability; ``a`` is free."""

MAXIMUM_STEPS = (
    Step("exp in q", Claim(le(1 - q, sp.exp(-q))), "derivatives", args={"variable": q, "left": 0, "order": 2}),
    Step("log from 1", Claim(_convex, (le(1, s),)), "derivatives", args={"variable": s, "left": 1, "order": 1}),
    Step(
        "log in r",
        Claim(le(0, -r - sp.log(1 - r)), (le(0, r), lt(r, 1))),
        "derivatives",
        args={"variable": r, "left": 0, "order": 1},
    ),
    Step("log to 1", Claim(_convex, (le(s, 1),)), "specialise", ("log in r",), {"put": {r: 1 - s}}),
    Step("log", Claim(_convex), "two-sides", ("log from 1", "log to 1"), because="s - 1 - log(s) >= 0"),
    Step("log of quotient", Claim(le(0, u / a - 1 - sp.log(u / a))), "specialise", ("log",), {"put": {s: u / a}}),
    Step(
        "exponent of u",
        Claim(le(-u, a * sp.log(a) - a - a * sp.log(u))),
        "combination",
        ("log of quotient",),
        {"weights": (a,)},
    ),
    Step(
        "exp of -u",
        Claim(le(sp.exp(-u), sp.exp(a * sp.log(a) - a - a * sp.log(u)))),
        "monotone",
        ("exponent of u",),
        {"function": "exp"},
        "exp(-u) decays faster than any power",
    ),
    Step(
        "maximum mean",
        Claim(eq(_below_max, E(sp.Product(_below_score, _keys)))),
        "specialise",
        ("assumption:gaussian-queries-and-keys.maximum",),
        {"put": {t: b}},
    ),
    Step(
        "scores independent",
        Claim(eq(E(sp.Product(_below_score, _keys)), sp.Product(E(_below_score), _keys))),
        "independence",
        ("cite:scores-along-direction#1",),
    ),
    Step(
        "score at b",
        Claim(eq(E(_below_score), 1 - _tail)),
        "specialise",
        ("cite:scores-along-direction#2",),
        {"put": {t: b}},
    ),
    Step(
        "maximum law",
        Claim(eq(_below_max, (1 - _tail) ** n)),
        "rewrite",
        ("maximum mean", "scores independent", "score at b"),
    ),
    Step("exp of tail", Claim(le(1 - _tail, sp.exp(-_tail))), "specialise", ("exp in q",), {"put": {q: _tail}}),
    Step(
        "exp of n tails",
        Claim(le((1 - _tail) ** n, sp.exp(-n * _tail))),
        "monotone",
        ("exp of tail",),
        {"function": "power", "exponent": n},
    ),
    Step("tail", Claim(le(_mills, _tail)), "specialise", ("cite:mills-ratio",), {"put": {t: b}}),
    Step("wide", Claim(le(1, b**2), _wide), "sign"),
    Step(
        "n tails",
        Claim(le(_least, n * _tail), _wide),
        "combination",
        ("tail", "wide"),
        {"weights": (n, n * sp.exp(-(b**2) / 2) / (2 * b * (1 + b**2) * ROOT))},
    ),
    Step("minus n tails", Claim(le(-n * _tail, -_least), _wide), "combination", ("n tails",)),
    Step(
        "exp of least",
        Claim(le(sp.exp(-n * _tail), sp.exp(-_least)), _wide),
        "monotone",
        ("minus n tails",),
        {"function": "exp"},
    ),
    Step(
        "power of least",
        Claim(le(sp.exp(-_least), sp.exp(a * sp.log(a) - a - a * _log_least))),
        "specialise",
        ("exp of -u",),
        {"put": {u: _least}},
    ),
    Step("maximum", MAXIMUM, "combination", ("maximum law", "exp of n tails", "exp of least", "power of least")),
)
L = sp.Symbol("L", positive=True)
y = sp.Symbol("y", positive=True)
