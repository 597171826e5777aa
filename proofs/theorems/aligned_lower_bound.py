"""A lower bound on the rank: a long key that enough queries are aligned with is picked by one of them."""

import sympy as sp

from proofs.language import ALIGNED, KEYS, Below, Claim, E, NormalTail, eq, le, prob_at_least
from proofs.model import (
    IDEAL,
    ChiSquare,
    Cosine,
    KeyNorm2,
    Radius,
    Rank,
    Score,
    chance,
    d,
    hit,
    i,
    j,
    m,
    n,
    t,
    x,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems import occupancy_from_below

r = sp.Symbol("r", positive=True)
u = sp.Symbol("u", positive=True)
_length = sp.Symbol("v", nonnegative=True)
_cosine = sp.Symbol("z", real=True)

_aligned = Below(-Cosine(d), -u)
_long = 1 - Below(Radius(d) ** 2, r**2)
ALIGNED_CHANCE = E(_aligned)
"""The chance that a query's cosine with key 0 exceeds ``u``."""
LONG_CHANCE = prob_at_least(ChiSquare(d), r**2)

_V = ALIGNED_CHANCE
_hit, _p = hit(0, 0), chance(0)
_along = Radius(d) * Cosine(d)
_all_below = sp.Product(Below(Score(j, n, d), _along), (j, 1, n - 1))
_phi = (1 - NormalTail(_along)) ** (n - 1)
_phi_at = (1 - NormalTail(r * u)) ** (n - 1)
_h_of = 1 - (1 - _p) ** m
_wins = E(_aligned * _hit, KEYS)
_weight = m / (1 + m * _V)
_by = n * _weight
_both = _long * _aligned

_two = le(2, n)
_meets = (le(r**2, _length**2), le(u, _cosine))

_statement = Claim(le(n * _weight * _V * LONG_CHANCE * _phi_at, E(Rank(n, m, d))), (_two,))

_ALIGNMENT = (
    Step("chance at most 1", Claim(le(_p, 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
    Step(
        "picked",
        Claim(le(m * _p / (1 + m * _p), 1 - (1 - _p) ** m)),
        "specialise",
        ("theorem:occupancy-from-below#1", "chance at most 1"),
        {"put": {occupancy_from_below.p: _p}},
    ),
    Step(
        "chance by hit",
        Claim(eq(E(_hit, KEYS), _p)),
        "specialise",
        ("assumption:identical-queries.chance",),
        {"put": {i: 0, j: 0}},
    ),
    Step("aligned at most 1", Claim(le(_aligned, 1)), "sign"),
    Step(
        "aligned hit is a hit",
        Claim(le(_aligned * _hit, _hit)),
        "combination",
        ("aligned at most 1",),
        {"weights": (_hit,)},
    ),
    Step(
        "aligned hits given keys",
        Claim(le(_wins, E(_hit, KEYS))),
        "expectation",
        ("aligned hit is a hit",),
        {"given": KEYS},
    ),
    Step(
        "at most the chance",
        Claim(le(_wins, _p)),
        "rewrite",
        ("aligned hits given keys", "chance by hit"),
        {"base": True},
    ),
    Step("a hit is at most 1", Claim(le(_hit, 1)), "sign"),
    Step(
        "aligned hit is aligned",
        Claim(le(_aligned * _hit, _aligned)),
        "combination",
        ("a hit is at most 1",),
        {"weights": (_aligned,)},
    ),
    Step(
        "aligned given keys",
        Claim(le(_wins, E(_aligned, KEYS))),
        "expectation",
        ("aligned hit is aligned",),
        {"given": KEYS},
    ),
    Step(
        "alignment is free",
        Claim(eq(E(_aligned, KEYS), _V)),
        "specialise",
        ("cite:query-along-key#1",),
        {"put": {t: -u}},
        "whatever the keys are",
    ),
    Step(
        "at most V",
        Claim(le(_wins, _V)),
        "rewrite",
        ("aligned given keys", "alignment is free"),
        {"base": True},
    ),
    Step(
        "picked by an aligned query",
        Claim(le(_weight * _wins, _h_of)),
        "combination",
        ("picked", "at most the chance", "at most V"),
        {"weights": (1, m / ((1 + m * _p) * (1 + m * _V)), m**2 * _p / ((1 + m * _p) * (1 + m * _V)))},
        "w <= p and w <= V give w / (1 + mV) <= p / (1 + mp)",
    ),
    Step(
        "picked by an aligned query, mean",
        Claim(le(_weight * E(_aligned * _hit), E(_h_of))),
        "expectation",
        ("picked by an aligned query",),
    ),
)

_LONG_KEY = (
    Step("long at most 1", Claim(le(_long, 1)), "sign"),
    Step(
        "long and aligned hit",
        Claim(le(_both * _hit, _aligned * _hit)),
        "combination",
        ("long at most 1",),
        {"weights": (_aligned * _hit,)},
    ),
    Step(
        "long and aligned hits",
        Claim(le(E(_both * _hit), E(_aligned * _hit))),
        "expectation",
        ("long and aligned hit",),
    ),
    Step(
        "hit given direction",
        Claim(eq(E(_hit, ALIGNED), E(_all_below, ALIGNED))),
        "expectation",
        ("assumption:gaussian-queries-and-keys.wins",),
        {"given": ALIGNED},
    ),
    Step(
        "other scores",
        Claim(eq(E(_all_below, ALIGNED), sp.Product(E(Below(Score(j, n, d), _along), ALIGNED), (j, 1, n - 1)))),
        "independence",
        ("cite:scores-along-direction#3",),
    ),
    Step(
        "chance given direction",
        Claim(eq(E(_hit, ALIGNED), _phi)),
        "rewrite",
        ("hit given direction", "other scores", "cite:scores-along-direction#4"),
    ),
    Step(
        "chance on the events",
        Claim(eq(_both * E(_hit, ALIGNED), _both * _phi)),
        "combination",
        ("chance given direction",),
        {"weights": (_both,)},
    ),
    Step(
        "hits by chance",
        Claim(eq(E(_both * _hit), E(_both * _phi))),
        "expectation",
        ("chance on the events",),
    ),
    Step("longer squared", Claim(le(r**2, _length**2), _meets), "sign"),
    Step(
        "longer",
        Claim(le(r, _length), _meets),
        "monotone",
        ("longer squared",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    Step("closer", Claim(le(u, _cosine), _meets), "sign"),
    Step(
        "larger score",
        Claim(le(r * u, _length * _cosine), _meets),
        "combination",
        ("longer", "closer"),
        {"weights": (u, _length)},
    ),
    Step(
        "tail of larger score",
        Claim(le(NormalTail(_length * _cosine), NormalTail(r * u)), _meets),
        "monotone",
        ("larger score",),
        {"function": "normal-tail"},
    ),
    Step(
        "one other score",
        Claim(le(1 - NormalTail(r * u), 1 - NormalTail(_length * _cosine)), _meets),
        "combination",
        ("tail of larger score",),
    ),
    Step(
        "all other scores",
        Claim(le(_phi_at, (1 - NormalTail(_length * _cosine)) ** (n - 1)), (*_meets, _two)),
        "monotone",
        ("one other score",),
        {"function": "power", "exponent": n - 1},
    ),
    Step(
        "chance where long and aligned",
        Claim(le(_both * _phi_at, _both * _phi), (_two,)),
        "on-events",
        ("all other scores",),
        {"events": (_long, _aligned), "put": {_length: Radius(d), _cosine: Cosine(d)}},
        "there key 0 has a score of at least r u",
    ),
    Step(
        "mean where long and aligned",
        Claim(le(E(_both) * _phi_at, E(_both * _phi)), (_two,)),
        "expectation",
        ("chance where long and aligned",),
    ),
    Step(
        "long, alignment is free",
        Claim(eq(_long * E(_aligned, KEYS), _long * _V)),
        "combination",
        ("alignment is free",),
        {"weights": (_long,)},
    ),
    Step("long and aligned", Claim(eq(E(_both), E(_long) * _V)), "expectation", ("long, alignment is free",)),
    Step(
        "squared length",
        Claim(eq(prob_at_least(KeyNorm2(0, n, d), r**2), LONG_CHANCE)),
        "specialise",
        ("assumption:gaussian-queries-and-keys.radius",),
        {"put": {j: 0, x: r**2}},
    ),
    Step(
        "length of key 0",
        Claim(eq(E(_long), LONG_CHANCE)),
        "rewrite",
        ("squared length", "assumption:gaussian-queries-and-keys.length"),
        {"base": True},
    ),
)

THEOREM = Theorem(
    id="aligned-lower-bound",
    title="A lower bound by one long key and the queries aligned with it",
    prose=(
        "For n >= 2 keys, m queries, every head_dim d and all r, u > 0: E[rank] >= n (mV / (1 + mV)) P(chi^2_d >= r^2) "
        "Phi(r u)^(n-1), where V = P(a query's cosine with key 0 exceeds u). (A key of length r or more is picked by "
        "a query aligned with it if no other of the n keys has a score above r u along that query.)"
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(r, "a length"),
        Variable(u, "a cosine"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier", "norm-conditioned-barrier", "occupancy-from-below"),
    steps=(
        *_ALIGNMENT,
        *_LONG_KEY,
        Step(
            "bound",
            _statement,
            "combination",
            (
                "theorem:norm-conditioned-barrier#4",
                "picked by an aligned query, mean",
                "long and aligned hits",
                "hits by chance",
                "mean where long and aligned",
                "long and aligned",
                "length of key 0",
            ),
            {"weights": (-1, n, _by, -_by, _by, -_by * _phi_at, -_by * _phi_at * _V)},
        ),
    ),
)
