"""The rank in the plane: the directions that pick a key form an arc, and the angle between two queries measures it."""

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import KEYS, NORM, PAIR, All, Below, BivariateBelow, Claim, E, Independent, Integral, eq, le
from proofs.model import (
    IDEAL,
    Cosine,
    QueryCosine,
    QueryTurn,
    Radius,
    Rank,
    Score,
    SecondCosine,
    SecondScore,
    both_pick,
    chance,
    d,
    j,
    m,
    n,
    x,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G

_v = sp.Symbol("v", real=True)
_plane = {d: sp.Integer(2)}
_two = (le(2, n),)
_many = (le(2, m),)
_arc = (le(0, _v), le(_v, sp.Rational(1, 2)))
_p, _both, _turn = chance(0).xreplace(_plane), both_pick(0).xreplace(_plane), QueryTurn(2)
_first, _second = Radius(2) * Cosine(2), Radius(2) * SecondCosine(2)
_below = Below(Score(j, n, 2), _first) * Below(SecondScore(j, n, 2), _second)
_others = (j, 1, n - 1)
_each = BivariateBelow(_first, _second, QueryCosine(2)) ** (n - 1)
_rank = Rank(n, m, 2)
_part = (1 - _turn) ** (m - 2)

# The mean of f(x) = (1 - x)^(m-2) over an arc of length v, where the tail is (v - x)^2.
_f, _tail = (1 - x) ** (m - 2), (_v - x) ** 2
_slope = Integral(-(m - 2) * (1 - x) ** (m - 3) * _tail, x, 0, _v)
_primitive = (
    (m - 2) / m * (1 - x) ** m
    - 2 * (m - 2) / (m - 1) * (1 - _v) * (1 - x) ** (m - 1)
    + (1 - _v) ** 2 * (1 - x) ** (m - 2)
)


def _missing(length: Any) -> Any:
    """Return ``2 / (m (m - 1))`` times what ``1 - (1 - p)^m`` lacks of ``m p``."""
    return 2 * (m * length - 1 + (1 - length) ** m) / (m * (m - 1))


_sizes = (*_two, *_many)
_pairs = Claim(eq(E(_both * _part, KEYS), _missing(_p)), _sizes)
_by_pairs = Claim(eq(E(_rank), m - n * m * (m - 1) / 2 * E(_both * _part)), _sizes)
_by_integral = Claim(eq(E(_rank), m - n * m * (m - 1) / 2 * E(_part * _each)), _sizes)
_statement = All((_pairs, _by_pairs, _by_integral))

THEOREM = Theorem(
    id="planar-rank",
    title="The rank in the plane",
    prose=(
        "At head_dim 2, with n, m >= 2 and p the chance of key 0 given the keys, let tau be the angle between two "
        "queries in turns (0 to 1/2). The directions that pick key 0 form an arc of p <= 1/2 turns (the exterior angle "
        "of the keys' hull there), and E[(1 - tau)^(m-2); both pick key 0 | keys] = 2 (m p - 1 + (1 - p)^m) / "
        "(m (m-1)). Hence E[rank] = m - n m (m-1)/2 E[(1 - tau)^(m-2); both pick key 0] = m - n m (m-1)/2 "
        "E[(1 - tau)^(m-2) Phi2(R u1, R u2; rho)^(n-1)], where R is the length of a key, u1 and u2 its cosines with "
        "the two queries, rho the cosine between these and Phi2 the bivariate normal distribution function."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(m, "number of queries")),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "norm-conditioned-barrier", "one-dimensional-rank"),
    steps=(
        Step(
            "antiderivative",
            Claim(
                eq(_slope, _primitive.xreplace({x: _v}) - _primitive.xreplace({x: sp.Integer(0)})),
                (*_many, *_arc),
            ),
            "fundamental-theorem",
            args={"antiderivative": _primitive},
        ),
        Step(
            "mean over an arc",
            Claim(eq(_v**2 + _slope, _missing(_v)), (*_many, *_arc)),
            "combination",
            ("antiderivative",),
        ),
        Step(
            "chance at most 1/2",
            Claim(le(_p, sp.Rational(1, 2)), _two),
            "specialise",
            ("theorem:one-dimensional-rank#1",),
            {"put": {d: 2, j: 0}},
        ),
        Step(
            "pairs on an arc",
            _pairs,
            "mean-by-tails",
            ("cite:points-on-an-arc", "mean over an arc", "chance at most 1/2"),
            {
                "weight": _both,
                "quantity": _turn,
                "most": _p,
                "function": _f,
                "mass": _tail,
                "level": x,
                "point": _v,
            },
        ),
        Step(
            "pairs",
            Claim(eq(E(_both * _part), E(_missing(_p))), _sizes),
            "expectation",
            ("pairs on an arc",),
        ),
        Step(
            "one key",
            Claim(eq(E(_rank), n * E(1 - (1 - _p) ** m))),
            "specialise",
            ("theorem:norm-conditioned-barrier#4",),
            {"put": {d: 2}},
        ),
        Step(
            "chance of a length",
            Claim(eq(E(_p, NORM), G.xreplace(_plane))),
            "specialise",
            ("theorem:norm-conditioned-barrier#5",),
            {"put": {d: 2}},
        ),
        Step(
            "chance given length",
            Claim(eq(E(_p), E(G.xreplace(_plane)))),
            "expectation",
            ("chance of a length",),
        ),
        Step(
            "mean of g",
            Claim(eq(E(G.xreplace(_plane)), 1 / n)),
            "specialise",
            ("theorem:norm-conditioned-barrier#2",),
            {"put": {d: 2}},
        ),
        Step(
            "by pairs",
            _by_pairs,
            "combination",
            ("one key", "pairs", "chance given length", "mean of g"),
            {"weights": (1, n * m * (m - 1) / 2, n * m, n * m)},
        ),
        Step(
            "both win",
            Claim(eq(_both, sp.Product(_below, _others))),
            "specialise",
            ("assumption:gaussian-queries-and-keys.both-win",),
            {"put": {d: 2}},
            "every other key scores less than key 0 along both queries",
        ),
        Step(
            "pair given directions",
            Claim(eq(E(_both, PAIR), E(sp.Product(_below, _others), PAIR))),
            "expectation",
            ("both win",),
            {"given": PAIR},
        ),
        Step(
            "independent keys",
            Claim(Independent(sp.Tuple(Score(j, n, 2), SecondScore(j, n, 2)), j, Str(PAIR))),
            "specialise",
            ("cite:scores-along-two-directions#1",),
            {"put": {d: 2}},
        ),
        Step(
            "other scores",
            Claim(eq(E(sp.Product(_below, _others), PAIR), sp.Product(E(_below, PAIR), _others))),
            "independence",
            ("independent keys",),
        ),
        Step(
            "one other key",
            Claim(eq(E(_below, PAIR), BivariateBelow(_first, _second, QueryCosine(2))), (le(1, j),)),
            "specialise",
            ("cite:scores-along-two-directions#2",),
            {"put": {d: 2}},
        ),
        Step(
            "pair of scores",
            Claim(eq(E(_both, PAIR), _each)),
            "rewrite",
            ("pair given directions", "other scores", "one other key"),
        ),
        Step(
            "part of a pair",
            Claim(eq(_part * E(_both, PAIR), _part * _each), _many),
            "combination",
            ("pair of scores",),
            {"weights": (_part,)},
        ),
        Step(
            "mean of a pair",
            Claim(eq(E(_both * _part), E(_part * _each)), _many),
            "expectation",
            ("part of a pair",),
            because="the angle between the queries is known with their directions",
        ),
        Step(
            "rank",
            _by_integral,
            "combination",
            ("by pairs", "mean of a pair"),
            {"weights": (1, -n * m * (m - 1) / 2)},
        ),
        Step("statement", _statement, "conjunction", ("pairs on an arc", "by pairs", "rank")),
    ),
)
