"""Every rule accepts a true step and refuses false ones; refusing is what makes acceptance mean something."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.core.symbol import Str

from proofs.language import (
    KEYS,
    PAIR,
    TRIVIAL,
    Alike,
    All,
    Below,
    Claim,
    Density,
    E,
    Eventually,
    Exists,
    Independent,
    Integral,
    Lim,
    LimInf,
    LimSup,
    NormalTail,
    PicksConverge,
    PoissonBinomial,
    StandardNormals,
    eq,
    le,
    lt,
    prob_at_least,
)
from proofs.literature import LITERATURE
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    Cosine,
    Entry,
    KeyCoordinate,
    KeyFactor,
    KeyFrame,
    KeyNorm2,
    NormalMax,
    Occupied,
    Pick,
    PickChance,
    QueryCoordinate,
    QueryCosine,
    QueryTurn,
    QueryWeight,
    Radius,
    Rank,
    ReducedKey,
    RotatedQuery,
    Score,
    SecondScore,
    Token,
    UniformPick,
    a,
    b,
    both_pick,
    c,
    chance,
    d,
    e,
    f,
    hit,
    i,
    j,
    k,
    l,
    m,
    n,
    occupied,
    over_keys,
    t,
    w,
    x,
)
from proofs.rules import RULES
from proofs.rules.base import Refused, Unknown
from proofs.theorems import chance_grows_with_length, library
from proofs.theorems.norm_conditioned_barrier import G

p = sp.Symbol("p", positive=True)
s = sp.Symbol("s", positive=True)
v = sp.Symbol("v", real=True)
ROWS = (i, 0, m - 1)
UNIT = (lt(0, x), lt(x, 1))
FROM_0 = {"variable": s, "left": 0}
UP, UP2 = Claim(lt(0, 1)), Claim(lt(0, 2))
GROW = (sp.exp(s) - 1) / s
GROWS = Claim(lt(0, ((s - 1) * sp.exp(s) + 1) / s**2))
HOLE = (lt(0, v), sp.Ne(v, 1, evaluate=False))
GAUSS = ASSUMPTIONS["gaussian-queries-and-keys"].grants
IID = ASSUMPTIONS["independent-queries"].grants
MISS = sp.Product(1 - hit(i, j), ROWS)
GRAM = sp.Sum(Entry(i, j, n, m, d) * Entry(i, l, n, m, d), ROWS)
COUNT = sp.Sum(hit(i, j), ROWS)
BALL = sp.KroneckerDelta(UniformPick(i, n), j)
OTHER = sp.KroneckerDelta(UniformPick(i, n), l)
EMPTY = sp.Product(1 - BALL, ROWS)
SAME = sp.KroneckerDelta(j, l)
IS_ONE, IS_TWO = (sp.KroneckerDelta(Rank(n, m, d), value) for value in (1, 2))
FROM_ONE, TO_TWO = Claim(le(1, Rank(n, m, d))), Claim(le(Rank(n, m, d), 2))
CONVERGE = Claim(PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d))
RANK = Claim(eq(Rank(n, m, d), occupied(hit(i, j))))
OCCUPIED = Claim(eq(Occupied(n, m), occupied(BALL)))
MEAN = E(Rank(n, n, d))
GROWTH = LimSup(sp.log(MEAN) / sp.log(n), n)
ONE = Claim(le(1, MEAN))
LOWER = LimInf(sp.log(MEAN) / sp.log(n), n)
AT_MOST_N = Claim(le(MEAN, n))
M, C = NormalMax(n), ChiSquare(d)
HIGH, LONG = 1 - Below(M, p), 1 - Below(Radius(d), p)
SQUARES = Claim(le(p**2, v**2), (le(p, v),))
ON_HIGH = {"events": (HIGH,), "put": {v: M}}
LENGTH = Claim(le(p**2, v), (eq(v, x**2), le(p, x)))
ON_LONG = {"events": (LONG,), "put": {v: KeyNorm2(0, n, d), x: Radius(d)}}
SQUARES_DOWN = Claim(lt(-(v**2), -(p**2)), (lt(-v, -p),))
TOTAL = Claim(eq(over_keys(chance(j)), 1))
MOST = Claim(le(chance(j), 1))
CONCAVE = {"function": 1 - (1 - v) ** m, "variable": v, "point": chance(j)}
SUMMED = {**CONCAVE, "over": (j, 0, n - 1)}
H_SUM = over_keys(1 - (1 - chance(j)) ** m)
UNIFORM = ASSUMPTIONS["uniform-occupancy"].grants
alpha, beta, gamma = sp.symbols("alpha beta gamma", real=True)
q = sp.Symbol("q", integer=True, positive=True)
TRANSFORM = Claim(
    le(
        (gamma * alpha + (1 - gamma) * beta) ** q + ((1 - gamma) * alpha + gamma * beta) ** q,
        alpha**q + beta**q,
    ),
    tuple(one for symbol in (alpha, beta, gamma) for one in (le(0, symbol), le(symbol, 1))),
)
TRANSFORMS = (
    RANK,
    OCCUPIED,
    IID["independent"],
    UNIFORM["independent"],
    ASSUMPTIONS["identical-queries"].grants["chance"],
    TOTAL,
    UNIFORM["chance"],
    TRANSFORM,
)
SQUARED = Radius(d) ** 2
SAME_LAW = Claim(eq(E(Below(SQUARED, x)), E(Below(C, x))))
DECAY = {"function": sp.exp(-sp.exp(v)), "variable": v, "level": x}
CLOSE = Claim(le(E(Below(C, x)), E(Below(M, x)) + p))
G_NEAR, G_KEPT = n * G * Below(SQUARED, x), n * G * sp.exp(-n * G)
BY_LENGTH = {"level": x, "chance": G, "rate": n}
CLOSE_BY_LENGTH = Claim(le(E(G_NEAR), E(2 * G_NEAR) + p))
KEPT = Claim(le(E(G_KEPT), E(2 * G_KEPT) + p), (le(3, d),))
GROWS_WITH_LENGTH = library()["chance-grows-with-length"].statement
COSINE_IS_FREE = LITERATURE["query-along-key"].claim.parts[0]
THRESHOLD = {"threshold": x, "first": alpha, "second": beta, "weight": gamma, "power": q}
DOMINATED = Claim(le(E(1 - Below(Rank(n, m, d), x), KEYS), prob_at_least(Occupied(n, m), x)))
BERNOULLIS = (
    Claim(PoissonBinomial(Occupied(n, m))),
    Claim(eq(E(Occupied(n, m)), n)),
    Claim(eq(E(Occupied(n, m) ** 2) - E(Occupied(n, m)) ** 2, c)),
)
MIXED = (le(0, x), le(x, 1), le(0, gamma), le(gamma, 1))
CHORD = {"function": alpha**q, "variable": alpha, "first": x, "second": chance(j), "weight": gamma}
ON_CHORD = (1 - gamma) * x + gamma * chance(j)
CUBES = le(((1 - gamma) * x + gamma * beta) ** 3, (1 - gamma) * x**3 + gamma * beta**3)
PAIRED = LITERATURE["scores-along-two-directions"].claim.parts[0]
PAIRS = sp.Product(Below(Score(j, n, d), Radius(d)) * Below(SecondScore(j, n, d), QueryCosine(d)), (j, 1, n - 1))
SHIFTED = sp.Product(Below(Score(j, n, d), x) * Below(SecondScore(j + 1, n, d), x), (j, 1, n - 1))
ODDS = sp.Sum(x * (2 * k + 1), (k, 0, n - 1))
BERNOULLI, AFTER = le(1 + k * s, (1 + s) ** k), le(1 + (k + 1) * s, (1 + s) ** (k + 1))
SQUARE_BELOW = le(k**2, 2**k)
SUM = {"body": x * hit(i, j), "over": (ROWS,)}
DELTA = {"sum": sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), "at": b}
WEIGHTS = ASSUMPTIONS["gaussian-weights"].grants
FRAME, FRAMES = KeyFrame(w, e, a, d, w), ASSUMPTIONS["key-frames"].grants
READ = tuple(
    Claim(eq(one, two), where)
    for one, two, where in (
        (RotatedQuery(i, e, d, w), sp.Sum(QueryCoordinate(i, a, w) * FRAME, (a, 0, d - 1)), (le(e, d - 1),)),
        (RotatedQuery(i, e, d, w), sp.Sum(QueryCoordinate(i, a, w) * FRAME, (a, 1, d - 1)), (le(e, d - 1),)),
    )
)
ROTATED = Claim(StandardNormals(RotatedQuery(i, e, d, w), ReducedKey(j, e, d, w), i, j, e, w - 1, d - 1))
FACTORS = Claim(StandardNormals(RotatedQuery(i, e, d, w), KeyFactor(j, e, d, w), i, j, e, w - 1, d - 1))
REDUCED = sp.Sum(ReducedKey(j, e, d, w) ** 2, (e, 2, d - 1))
CHI = (le(2, d), le(j, w - 1))
TURN, LENGTH_OF_ARC = QueryTurn(2), PickChance(0, n, 2)
PAIR_OF_0 = both_pick(0).xreplace({d: sp.Integer(2)})
ON_ARC, HALF_TURN = LITERATURE["points-on-an-arc"].claim, (le(0, v), le(v, sp.Rational(1, 2)))
OVER_ARC = {
    "weight": PAIR_OF_0,
    "quantity": TURN,
    "most": LENGTH_OF_ARC,
    "function": x**2,
    "mass": (v - x) ** 2,
    "level": x,
    "point": v,
}
SECOND_MOMENT = Claim(eq(Integral(2 * x * (v - x) ** 2, x, 0, v), v**4 / 6), HALF_TURN)
SHORT_ARC = Claim(le(LENGTH_OF_ARC, sp.Rational(1, 2)), (le(2, n),))
PAIR_MOMENT = Claim(eq(E(PAIR_OF_0 * TURN**2, KEYS), LENGTH_OF_ARC**4 / 6), (le(2, n),))
BY_TAILS = (ON_ARC, SECOND_MOMENT, SHORT_ARC)
FOUR = sp.Sum(j**k, (j, 1, 4))
PLANE = {"body": i * j, "first": (i, 0, 2), "second": (j, 0, n - 1)}
NORMALS = Claim(StandardNormals(QueryCoordinate(i, e, w), KeyCoordinate(j, e, w), i, j, e, w - 1))
ROWS_OF_W = (le(i, w - 1), le(l, w - 1))
MOMENTS = (
    WEIGHTS["queries"],
    WEIGHTS["keys"],
    ASSUMPTIONS["independent-weights"].grants["product"],
    Claim(
        eq(E(QueryCoordinate(i, e, w) * QueryCoordinate(l, f, w)), sp.KroneckerDelta(i, l) * sp.KroneckerDelta(e, f)),
        ROWS_OF_W,
    ),
    Claim(
        eq(E(KeyCoordinate(j, e, w) * KeyCoordinate(l, f, w)), sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f)),
        (le(j, w - 1), le(l, w - 1)),
    ),
    Claim(eq(E(QueryCoordinate(i, e, w) * KeyCoordinate(l, f, w)), 0)),
)

UNIT_INTEGRAL = (v, 0, 1)
BELL = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
NORMAL_LAW = Claim(eq(E(Below(M, t)), 1 - NormalTail(t)))
NORMAL_DENSITY = Claim(Density(M, BELL, x))
COSINE, EVEN = Cosine(d), Claim(Density(Cosine(d), sp.Rational(1, 2), x, -1, 1))


def at(value):
    return n * (1 - (1 - value) ** m)


def squeezed(value, below, above, *where):
    return Claim(le(below, value), where), Claim(le(value, above), where)


# rule, claim, premises, args
TRUE = [
    ("identity", Claim(eq((x + 1) ** 2, x**2 + 2 * x + 1)), (), {}),
    ("identity", Claim(eq((1 - 1 / n) ** (m + 1), (n - 1) / n * (1 - 1 / n) ** m), (le(2, n),)), (), {}),
    ("identity", Claim(eq(E(E(hit(i, j), KEYS)), E(hit(i, j)))), (), {}),
    ("identity", Claim(eq(sp.log(s / (1 - sp.exp(-s))) - sp.log(s / (sp.exp(s) - 1)), s)), (), {}),
    ("rewrite", Claim(eq(x**2 + 1, (p + 1) ** 2 + 1)), (Claim(eq(x, p + 1)),), {}),
    ("rewrite", Claim(le(p, 3)), (Claim(le(x, 3)), Claim(eq(x, p))), {"base": True}),
    ("rewrite", Claim(eq(over_keys(E(BALL)), 1)), (Claim(eq(E(BALL), 1 / n), (le(j, n - 1),)),), {}),
    ("specialise", Claim(lt(0, 1 / n - 1 / n**2), (le(2, n),)), (Claim(lt(0, x - x**2), UNIT),), {"put": {x: 1 / n}}),
    ("conjunction", All((Claim(le(0, p)), Claim(lt(0, p)))), (Claim(lt(0, p)), Claim(le(0, p))), {}),
    ("sum-both-sides", Claim(le(over_keys(chance(j)), n)), (MOST,), {"over": (j, 0, n - 1)}),
    ("power-as-exponential", Claim(eq(sp.exp(n * sp.log(1 - 1 / n)), (1 - 1 / n) ** n), (le(2, n),)), (), {}),
    ("integer-cases", Claim(le(1, n)), (Claim(le(1, n), (le(2, n),)), Claim(le(1, 1))), {"variable": n}),
    ("integer-at-one", Claim(eq(n**2, n), (le(n, 1),)), (Claim(eq(1, 1)),), {"variable": n}),
    ("two-sides", Claim(le(0, v**2)), (Claim(le(0, v**2), (le(0, v),)), Claim(le(0, v**2), (le(v, 0),))), {}),
    ("sign", Claim(lt(0, x * (1 - x)), UNIT), (), {}),
    ("sign", Claim(lt(sp.Rational(63, 100), 1 - 1 / sp.E)), (), {}),
    ("sign", Claim(eq(sp.log(s), p), (eq(s - sp.log(s), s - p),)), (), {}),
    ("sign", Claim(lt(0, E((1 - NormalTail(M)) ** n, KEYS))), (), {}),
    ("sign", Claim(le(0, E(sp.Product(hit(i, j), ROWS), KEYS))), (), {}),
    ("sign", Claim(lt(0, sp.Product(1 + chance(j), (j, 1, n - 1)))), (), {}),
    ("combination", Claim(lt(x, 2)), (Claim(lt(x, 1)),), {}),
    ("combination", Claim(eq(x, 2)), (Claim(eq(x, 1 + p)), Claim(eq(p, 1))), {"weights": (1, 1)}),
    ("monotone", Claim(lt(sp.exp(x), sp.exp(p))), (Claim(lt(x, p)),), {"function": "exp"}),
    ("monotone", Claim(le(sp.log(s), sp.log(p))), (Claim(le(s, p)),), {"function": "log"}),
    ("monotone", Claim(le(s**3, p**3)), (Claim(le(s, p)),), {"function": "power", "exponent": 3}),
    ("derivatives", Claim(lt(1 - sp.exp(-s), s)), (), {"variable": s, "left": 0, "order": 2}),
    ("increasing-from-limit", Claim(le(1, GROW)), (GROWS, Claim(le(1 - s, GROW))), FROM_0),  # undefined at 0
    ("increasing-from-limit", Claim(lt(1, GROW)), (GROWS, Claim(lt(1 - s, GROW))), FROM_0),
    ("expectation", Claim(le(E(hit(i, j), KEYS), 1)), (Claim(le(hit(i, j), 1)),), {"given": KEYS}),
    (
        "independence",
        Claim(eq(E(MISS, KEYS), sp.Product(E(1 - hit(i, j), KEYS), ROWS))),
        (IID["independent"],),
        {},
    ),
    ("independence", Claim(eq(E(PAIRS, PAIR), sp.Product(E(PAIRS.function, PAIR), *PAIRS.limits))), (PAIRED,), {}),
    ("jensen-sum", Claim(le(H_SUM, at(1 / n))), (TOTAL, MOST), SUMMED),
    (
        "jensen-mean",
        Claim(le(E(1 - (1 - chance(j)) ** m), 1 - (1 - E(chance(j))) ** m)),
        (MOST,),
        CONCAVE,
    ),
    ("alike", Claim(eq(E(chance(j) ** 2), E(chance(0) ** 2)), (le(j, n - 1),)), (GAUSS["alike"],), {}),
    (
        "events",
        Claim(le(Below(M**2 + C, x), Below(M, p) + Below(C, x - p**2))),
        (),
        {"weights": {M: M + p, C: 1}},
    ),
    ("convex-combination", Claim(le(ON_CHORD**q, (1 - gamma) * x**q + gamma * chance(j) ** q), MIXED), (MOST,), CHORD),
    (
        "convex-combination",
        Claim(
            le((1 - gamma) * sp.log(x) + gamma * sp.log(2), sp.log((1 - gamma) * x + 2 * gamma)), (le(1, x), *MIXED[1:])
        ),
        (),
        {**CHORD, "function": sp.log(alpha), "second": 2, "low": 1, "high": 2, "shape": "concave"},
    ),
    ("telescoping", Claim(eq(ODDS, n**2 * x)), (), {"sum": ODDS, "primitive": k**2 * x}),
    (
        "end-term",
        Claim(eq(ODDS, x + sp.Sum(x * (2 * k + 1), (k, 1, n - 1)))),
        (),
        {"of": ODDS},
    ),
    (
        "end-term",
        Claim(eq(MISS, (1 - hit(m - 1, j)) * sp.Product(1 - hit(i, j), (i, 0, m - 2)))),
        (),
        {"of": MISS, "end": "last"},
    ),
    ("induction", Claim(BERNOULLI), (Claim(le(1, 1)), Claim(AFTER, (BERNOULLI,))), {"variable": k, "start": 0}),
    (
        "induction",
        Claim(SQUARE_BELOW, (le(4, k),)),
        (Claim(le(16, 16)), Claim(le((k + 1) ** 2, 2 ** (k + 1)), (SQUARE_BELOW, le(4, k)))),
        {"variable": k, "start": 4},
    ),
    ("delta-cases", Claim(eq(hit(i, j) * hit(i, l), SAME * hit(i, j))), (), {}),
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(COUNT, 0), 1 - MISS)), (), {}),
    ("union-contains", Claim(le(hit(0, j), 1 - MISS)), (), {}),
    (
        "sum-exchange",
        Claim(eq(sp.Sum(sp.Sum(i * j, (i, 0, 2)), (j, 0, n - 1)), sp.Sum(sp.Sum(i * j, (j, 0, n - 1)), (i, 0, 2)))),
        (),
        PLANE,
    ),
    (
        "sum-split",
        Claim(eq(COUNT, sp.Sum(hit(i, j), (i, 0, k - 1)) + sp.Sum(hit(i, j), (i, k, m - 1))), (le(k, m),)),
        (),
        {"sum": COUNT, "last": k - 1},
    ),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"]), {}),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI), (ROTATED,), {}),
    ("written-out", Claim(eq(FOUR, 1 + 2**k + 3**k + 4**k)), (), {"sum": FOUR}),
    ("mean-by-tails", PAIR_MOMENT, BY_TAILS, OVER_ARC),
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k + 1)), (le(k, n + 1),)), (), {}),
    ("reflection", Claim(eq(Integral(BELL * NormalTail(x) ** 2, x), Integral(BELL * NormalTail(-x) ** 2, x))), (), {}),
    ("union-at-most", Claim(le(1 - MISS, 1)), (Claim(le(hit(i, j), 1)),), {}),
    ("union-at-most", Claim(le(1 - MISS, x), (le(1, x),)), (Claim(le(hit(i, j), x), (le(1, x),)),), {}),
    ("two-values", Claim(eq(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, TO_TWO), {}),
    ("two-values", Claim(eq(IS_TWO, Rank(n, m, d) - 1)), (FROM_ONE, TO_TWO), {}),
    (
        "antisymmetry",
        Claim(eq(x, 1), (le(x, 1), le(1, x))),
        (Claim(le(x, 1), (le(x, 1),)), Claim(le(1, x), (le(1, x),))),
        {},
    ),
    (
        "gram-rank",
        Claim(eq(Rank(n, m, d), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(GRAM, SAME * COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "square-of-sum",
        Claim(eq(over_keys(EMPTY) ** 2, over_keys(sp.Sum(sp.Product((1 - BALL) * (1 - OTHER), ROWS), (l, 0, n - 1))))),
        (),
        {"sum": over_keys(EMPTY), "other": l, "merged": sp.Product((1 - BALL) * (1 - OTHER), ROWS)},
    ),
    (
        "double-sum",
        Claim(eq(over_keys(sp.Sum((1 + SAME) ** m, (l, 0, n - 1))), n * 2**m + n * (n - 1))),
        (),
        {"first": j, "second": l, "number": n, "body": (1 + SAME) ** m},
    ),
    (
        "binomial",
        Claim(eq(sp.binomial(n, k), sp.factorial(n) / sp.factorial(k) / sp.factorial(n - k)), (le(k, n),)),
        (),
        {},
    ),
    ("mean-of-sum", Claim(eq(E(x * COUNT), sp.Sum(E(x * hit(i, j)), ROWS))), (Claim(eq(x * COUNT, x * COUNT)),), SUM),
    (
        "delta-sum",
        Claim(eq(sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), Token(i, b)), (le(b, w - 1),)),
        (),
        DELTA,
    ),
    ("uncorrelated-normals", NORMALS, MOMENTS, {"other": (l, f)}),
    (
        "factorials",
        Claim(eq(sp.factorial(n - k), (n - k) * sp.factorial(n - k - 1)), (le(k + 1, n),)),
        (),
        {"base": n - k - 1},
    ),
    ("t-transforms", DOMINATED, TRANSFORMS, THRESHOLD),
    (
        "monotone-mean",
        Claim(le(E(sp.exp(s * Rank(n, m, d)), KEYS), E(sp.exp(s * Occupied(n, m))))),
        (DOMINATED,),
        {"function": sp.exp(s * v), "variable": v, "threshold": x},
    ),
    (
        "bounded-differences",
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-2 * s**2 / m))),
        (OCCUPIED, UNIFORM["independent"], Claim(eq(E(Occupied(n, m)), n))),
        {"excess": s},
    ),
    (
        "bernstein",
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-(s**2) / (2 * (p + s / 3)))), (le(c, p),)),
        BERNOULLIS,
        {"excess": s, "variance": p},
    ),
    ("clt-picks", CONVERGE, (GAUSS["query-moments"], GAUSS["key-moments"]), {}),
    ("limit-of-mean", Claim(eq(Lim(E(Rank(n, m, d) ** 2), d), E(Occupied(n, m) ** 2))), (CONVERGE, RANK, OCCUPIED), {}),
    ("limit-algebra", Claim(eq(Lim(MEAN**2, d), n**2)), (Claim(eq(Lim(MEAN, d), n)),), {}),
    ("exists-from-limit", Claim(Exists(d, lt(n - 1, MEAN))), (Claim(eq(Lim(MEAN, d), n)), Claim(lt(n - 1, n))), {}),
    ("power-log-limit", Claim(eq(Lim(sp.log(n) ** 3 / sp.sqrt(n), n), 0)), (), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, 7 * sp.exp(c * sp.log(n)) * sp.log(n) ** 2)), ONE), {}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (lt(s, 2),)),), {"slack": s}),
    ("exponent-below-one", Claim(eq(Lim(MEAN / n, n), 0)), (Claim(le(GROWTH, c)), Claim(lt(c, 1)), ONE), {}),
    (
        "uniformly-eventually",
        Claim(Eventually(n, d, le(d, sp.log(n)), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, 1 / n), (le(d, sp.log(n)), le(3, n))), Claim(eq(Lim(1 / n, n), 0))),
        {},
    ),
    (
        "limit-with-rate",
        Claim(eq(Lim((n + 1) / n, n), 1)),
        (Claim(lt(1 - c / n, (n + 1) / n)), Claim(le((n + 1) / n, 1 + sp.log(n) / sp.sqrt(n)), (le(40, n),))),
        {},
    ),
    (
        "ball-bisection",
        Claim(lt(sp.log(x), x - sp.Rational(1, 2)), (le(sp.Rational(1, 9), x),)),
        (Claim(lt(sp.log(x), x - sp.Rational(1, 2)), (lt(3, x),)),),
        {"variable": x},
    ),
    (
        "fundamental-theorem",
        Claim(eq(Integral(v ** (n - 1), *UNIT_INTEGRAL), 1 / n)),
        (),
        {"antiderivative": v**n / n},
    ),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), 1)), (), {"antiderivative": -NormalTail(x)}),
    (
        "fundamental-theorem",
        Claim(eq(Integral(1 / x, x, s, p), sp.log(p) - sp.log(s)), (le(s, p),)),
        (),
        {"antiderivative": sp.log(x)},
    ),
    (
        "substitution",
        Claim(eq(Integral(BELL * (1 - NormalTail(x)) ** 3, x), Integral(v**3, *UNIT_INTEGRAL))),
        (),
        {"put": 1 - NormalTail(x)},
    ),
    (
        "substitution",  # decreasing, so the ends change places
        Claim(eq(Integral(-x * sp.exp(x**2), x, -1, 0), Integral(sp.exp(v) / 2, *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    (
        "integral-linearity",
        Claim(eq(Integral(n * x**2 - x / p, x, 0, 1), n * Integral(v**2, *UNIT_INTEGRAL) - Integral(x, x, 0, 1) / p)),
        (),
        {},
    ),
    (
        "integral-comparison",
        Claim(le(Integral(x**2, x, 0, 1), Integral(v, *UNIT_INTEGRAL))),
        (Claim(le(x**2, x), UNIT),),
        {},
    ),
    ("integral-comparison", Claim(le(0, Integral(BELL, x))), (Claim(le(0, BELL)),), {}),
    ("density-from-law", NORMAL_DENSITY, (NORMAL_LAW,), {}),
    (
        "density-from-law",
        Claim(Density(M, n * BELL * (1 - NormalTail(x)) ** (n - 1), x)),
        (Claim(eq(E(Below(M, t)), (1 - NormalTail(t)) ** n)),),
        {},
    ),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(v**2 * BELL.xreplace({x: v}), v))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(s * COSINE**2), Integral(s * x**2 / 2, x, -1, 1))), (EVEN,), {}),
    (
        "monotone",
        Claim(le((1 - x) ** (n - 1), (2 - x) ** (n - 1)), UNIT),
        (Claim(le(1 - x, 2 - x)),),
        {"function": "power", "exponent": n - 1},
    ),
    ("on-events", Claim(le(HIGH * p**2, HIGH * M**2)), (SQUARES,), ON_HIGH),
    ("on-events", Claim(le(LONG * p**2, LONG * KeyNorm2(0, n, d))), (LENGTH, GAUSS["length"]), ON_LONG),
    (
        "event-inclusion",
        Claim(le(Below(-M, -p), Below(-(M**2), -(p**2)))),
        (SQUARES_DOWN,),
        {"events": (Below(-M, -p),), "put": {v: M}},
    ),
    (
        "event-inclusion",
        Claim(le(HIGH * Below(C, x), 1 - Below(M**2, p**2))),
        (SQUARES,),
        {"events": (HIGH, Below(C, x)), "put": {v: M}},
    ),
    ("event-cases", Claim(le(1 - (M - x) ** 2 / p**2, (1 - Below(M, x - p)) * Below(M, x + p))), (), {}),
    ("event-cases", Claim(le(1 - Below(C, p), C / p)), (), {}),
    (
        "exponent-from-below",
        Claim(le(c, LOWER)),
        (Claim(le(7 * sp.exp(c * sp.log(n)) / sp.log(n) ** 2, MEAN), (le(2, n),)), AT_MOST_N),
        {},
    ),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(s, 2),)),), {"slack": s}),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LOWER))),
        {},
    ),
    ("sign", Claim(lt(0, sp.exp(x * sp.log(x - 1))), (lt(1, x),)), (), {}),
    (
        "same-law",
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (SAME_LAW,),
        {"function": sp.exp(-v), "variable": v},
    ),
    ("layer-cake", Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)), (CLOSE,), DECAY),
    (
        "layer-cake",  # with weights
        Claim(le(E(3 * sp.exp(-sp.exp(C))), E(C * sp.exp(-sp.exp(M))) + p)),
        (Claim(le(E(3 * Below(C, x)), E(C * Below(M, x)) + p)),),
        DECAY,
    ),
    ("layers-by-length", KEPT, (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE), BY_LENGTH),
]

FALSE = [
    ("identity", Claim(eq((x + 1) ** 2, x**2 + 1)), (), {}),
    ("identity", Claim(eq(E(hit(i, j) ** 2), E(hit(i, j)) ** 2)), (), {}),
    ("identity", Claim(eq(sp.sqrt(v**2), v)), (), {}),
    ("identity", Claim(eq((1 - 1 / n) ** m, (1 - 1 / (n + 1)) ** m)), (), {}),
    ("identity", Claim(eq(x / x**2, 1 / x)), (), {}),  # undefined at 0
    ("rewrite", Claim(eq(x**2, p)), (Claim(eq(x, p)),), {}),
    ("rewrite", Claim(lt(p, 3)), (Claim(le(x, 3)), Claim(eq(x, p))), {"base": True}),
    ("rewrite", Claim(eq(sp.Sum(E(BALL), (j, 0, 2 * n - 1)), 2)), (Claim(eq(E(BALL), 1 / n), (le(j, n - 1),)),), {}),
    ("specialise", Claim(lt(0, n - n**2)), (Claim(lt(0, x - x**2), UNIT),), {"put": {x: n}}),
    ("specialise", Claim(le(1, x)), (Claim(le(1, n)),), {"put": {n: x}}),  # x is no positive integer
    (
        "specialise",  # a value that varies with chance may not enter an expectation from outside
        Claim(eq(E(hit(i, j) * chance(j)), E(hit(i, j)) * chance(j))),
        (Claim(eq(E(hit(i, j) * x), E(hit(i, j)) * x)),),
        {"put": {x: chance(j)}},
    ),
    ("specialise", Claim(le(over_keys(j), 5)), (Claim(le(over_keys(x), 5)),), {"put": {x: j}}),  # capture
    ("conjunction", All((Claim(le(0, p)), Claim(lt(1, p)))), (Claim(le(0, p)),), {}),
    ("sum-both-sides", Claim(le(over_keys(chance(j)), n - 1)), (MOST,), {"over": (j, 0, n - 1)}),
    ("power-as-exponential", Claim(eq(sp.exp(n * sp.log(x)), x**n)), (), {}),
    ("integer-cases", Claim(le(2, n)), (Claim(le(2, n), (le(2, n),)), Claim(le(1, 1))), {"variable": n}),
    ("integer-cases", Claim(le(3, n)), (Claim(le(3, n), (le(3, n),)), Claim(le(3, 3))), {"variable": n}),
    ("integer-at-one", Claim(eq(n**2, n)), (Claim(eq(1, 1)),), {"variable": n}),
    ("integer-at-one", Claim(eq(x**2, x), (le(x, 1),)), (Claim(eq(1, 1)),), {"variable": x}),
    ("integer-at-one", Claim(eq(n**2, 2 * n), (le(n, 1),)), (Claim(eq(1, 1)),), {"variable": n}),
    ("two-sides", Claim(le(0, v)), (Claim(le(0, v), (le(0, v),)), Claim(le(0, v), (le(1, v),))), {}),
    ("sign", Claim(lt(0, x * (1 - x))), (), {}),
    ("sign", Claim(lt(0, 4 * (2 * k + 2 * l) ** n / 3)), (), {}),  # k = l = 0, which SymPy denies
    ("sign", Claim(lt(0, 4 * (2 * UniformPick(0, 2) + 2 * UniformPick(1, 2)) ** 2 / 3)), (), {}),
    ("sign", Claim(lt(0, x * (2**n * k + 2 * l) / 3), (lt(0, x),)), (), {}),
    ("sign", Claim(lt(0, x * (1 - x)), (le(0, x), lt(x, 1))), (), {}),
    ("sign", Claim(lt(sp.Rational(64, 100), 1 - 1 / sp.E)), (), {}),
    ("sign", Claim(lt(0, sp.log(s))), (), {}),
    ("sign", Claim(eq(x, p)), (), {}),
    ("sign", Claim(eq(x, p), (le(x, p),)), (), {}),
    ("sign", Claim(eq(x, p), (eq(x, p + 1),)), (), {}),
    ("combination", Claim(lt(x, 1)), (Claim(le(x, 1)),), {}),
    ("combination", Claim(le(-x, -1)), (Claim(le(x, 1)),), {"weights": (-1,)}),
    ("combination", Claim(le(x, 1)), (Claim(le(x, 2)),), {}),
    ("combination", Claim(le(x, 1), ()), (Claim(le(x, 1), (le(0, x),)),), {}),
    ("monotone", Claim(lt(sp.exp(p), sp.exp(x))), (Claim(lt(x, p)),), {"function": "exp"}),
    ("monotone", Claim(le(x**2, v**2)), (Claim(le(x, v)),), {"function": "power", "exponent": 2}),
    ("monotone", Claim(le(sp.log(x), sp.log(p))), (Claim(le(x, p)),), {"function": "log"}),
    ("monotone", Claim(le(NormalTail(x), NormalTail(p))), (Claim(le(x, p)),), {"function": "normal-tail"}),
    ("derivatives", Claim(lt(s, 1 - sp.exp(-s))), (), {"variable": s, "left": 0, "order": 2}),
    ("derivatives", Claim(lt(0, sp.log(s))), (), {"variable": s, "left": 0, "order": 1}),
    ("derivatives", Claim(le(sp.floor(s), 0)), (), {"variable": s, "left": 0, "order": 1}),
    ("derivatives", Claim(lt(0, s**2), (le(0, s),)), (), {"variable": s, "left": 5, "order": 1}),
    ("increasing-from-limit", Claim(le(1, s)), (UP, Claim(le(0, s))), FROM_0),  # tends to -1
    ("increasing-from-limit", Claim(le(0, s + x)), (UP, Claim(le(0, s))), FROM_0),  # tends to x
    ("increasing-from-limit", Claim(le(1, 2 * s)), (UP2, Claim(le(1 - 2 * sp.ceiling(s), 2 * s))), FROM_0),  # a jump
    ("increasing-from-limit", Claim(le(0, -1 / s)), (Claim(lt(0, 1 / s**2)), Claim(le(0, 1))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s)), (UP, Claim(le(2, 2 * s), (lt(1, s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s), (lt(1, s),)), (UP, Claim(le(2, 2 * s), (lt(1, s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s), (lt(2, 2 * s),)), (UP, Claim(le(2, 2 * s), (lt(2, 2 * s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s)), (UP, Claim(le(2, 2 * s))), {"variable": s, "left": -1}),
    (
        "increasing-from-limit",
        Claim(lt(0, v), (le(0, v),)),
        (UP, Claim(le(0, v), (le(0, v),))),
        {**FROM_0, "variable": v},
    ),
    ("increasing-from-limit", Claim(le(2, n), (lt(0, n),)), (UP, Claim(le(2, 2 * n))), {**FROM_0, "variable": n}),
    ("increasing-from-limit", Claim(lt(p, p)), (Claim(le(0, 0)), Claim(le(-s, 0))), FROM_0),  # not strict
    ("increasing-from-limit", Claim(le(1, GROW)), (Claim(le(0, GROW)), Claim(le(1 - s, GROW))), FROM_0),
    (
        "increasing-from-limit",
        Claim(le(1, GROW)),
        (Claim(le(0, -GROWS.conclusion.rhs)), Claim(le(1 - s, GROW))),
        FROM_0,
    ),
    (
        "increasing-from-limit",  # a hole at 1, beyond which the function is negative
        Claim(le(0, 1 / (1 - v)), HOLE),
        (Claim(lt(0, 1 / (1 - v) ** 2), HOLE), Claim(le(1, 1 / (1 - v)), HOLE)),
        {**FROM_0, "variable": v},
    ),
    (
        "increasing-from-limit",  # a jump at 1
        Claim(le(0, s - 2 * sp.floor(s)), (lt(s, 2),)),
        (UP, Claim(le(0, s - 2 * sp.floor(s)), (lt(s, 2),))),
        FROM_0,
    ),
    (
        "increasing-from-limit",  # as steep as it is, it jumps down where M lies
        Claim(le(0, s - 2 * E(Below(M, s)))),
        (UP, Claim(le(-s, s - 2 * E(Below(M, s))))),
        FROM_0,
    ),
    ("expectation", Claim(le(E(hit(i, j), KEYS), 0)), (Claim(le(hit(i, j), 1)),), {"given": KEYS}),
    ("expectation", Claim(le(E(hit(i, j)), chance(j))), (Claim(eq(E(hit(i, j), KEYS), chance(j))),), {}),
    (
        "independence",  # independent given the keys, not without them
        Claim(eq(E(MISS), sp.Product(E(1 - hit(i, j)), ROWS))),
        (IID["independent"],),
        {},
    ),
    (
        "independence",  # factors share query 0
        Claim(
            eq(
                E(sp.Product(hit(i, j) + hit(0, j), ROWS), KEYS),
                sp.Product(E(hit(i, j) + hit(0, j), KEYS), ROWS),
            )
        ),
        (IID["independent"],),
        {},
    ),
    ("jensen-sum", Claim(le(H_SUM, at(1 / (n + 1)))), (TOTAL, MOST), SUMMED),
    ("jensen-sum", Claim(le(H_SUM, at(1 / n))), (MOST,), SUMMED),
    ("jensen-sum", Claim(le(H_SUM, at(1 / n))), (TOTAL,), SUMMED),
    (
        "jensen-sum",  # the points are in [0, 1] for positive indices, and the sum begins at 0
        Claim(le(sp.Sum(-((1 - 4 / (k + 1) ** 2) ** 3), (k, 0, 1)), sp.Rational(27, 4))),
        (Claim(eq(sp.Sum(1 - 4 / (k + 1) ** 2, (k, 0, 1)), -3)), Claim(le(0, 1 - 4 / (n + 1) ** 2))),
        {"function": -(v**3), "variable": v, "point": 1 - 4 / (n + 1) ** 2, "over": (n, 0, 1)},
    ),
    ("jensen-sum", Claim(le(over_keys(chance(j) ** 2), 1 / n)), (TOTAL, MOST), {**SUMMED, "function": v**2}),
    ("jensen-mean", Claim(le(E(chance(j) ** 2), E(chance(j)) ** 2)), (MOST,), {**CONCAVE, "function": v**2}),
    ("jensen-mean", Claim(le(E(sp.sin(chance(j))), sp.sin(E(chance(j))))), (MOST,), {**CONCAVE, "function": sp.sin(v)}),
    ("alike", Claim(eq(E(chance(j)), E(chance(0)))), (GAUSS["alike"],), {}),
    ("alike", Claim(eq(E(j * chance(j)), 0), (le(j, n - 1),)), (GAUSS["alike"],), {}),
    ("alike", Claim(eq(E(chance(j) * chance(1)), E(chance(0) * chance(1))), (le(j, n - 1),)), (GAUSS["alike"],), {}),
    ("events", Claim(le(Below(M**2 + C, x), Below(M, p))), (), {"weights": {M: M + p}}),
    ("events", Claim(le(Below(M**2, p**2), Below(M, -p))), (), {"weights": {M: M - p}}),
    ("delta-cases", Claim(eq(hit(i, j) * hit(i, l), hit(i, j))), (), {}),
    ("delta-cases", Claim(eq(E(hit(i, j)) ** 2, E(hit(i, j)))), (), {}),
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(COUNT, 0), MISS)), (), {}),
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(sp.Sum(x * i, ROWS), 0), 1 - sp.Product(1 - x * i, ROWS))), (), {}),
    ("union-contains", Claim(le(1 - hit(0, j), 1 - MISS)), (), {}),
    (
        "sum-exchange",  # one range depends on the other
        Claim(eq(sp.Sum(sp.Sum(i * j, (i, 0, j)), (j, 0, n - 1)), sp.Sum(sp.Sum(i * j, (j, 0, n - 1)), (i, 0, j)))),
        (),
        {**PLANE, "first": (i, 0, j)},
    ),
    (
        "sum-exchange",
        Claim(
            eq(sp.Sum(sp.Sum(i**2 * j, (i, 0, 2)), (j, 0, n - 1)), sp.Sum(sp.Sum(i**2 * j, (j, 0, 2)), (i, 0, n - 1)))
        ),
        (),
        {**PLANE, "body": i**2 * j},
    ),
    (
        "sum-split",  # one term twice
        Claim(eq(COUNT, sp.Sum(hit(i, j), (i, 0, k)) + sp.Sum(hit(i, j), (i, k, m - 1))), (le(k, m - 1),)),
        (),
        {"sum": COUNT, "last": k},
    ),
    (
        "sum-split",  # beyond the range
        Claim(eq(COUNT, sp.Sum(hit(i, j), (i, 0, k)) + sp.Sum(hit(i, j), (i, k + 1, m - 1)))),
        (),
        {"sum": COUNT, "last": k},
    ),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["factor"]), {}),
    # The factor's rows are not normal: a key is read in a basis of which it is part.
    ("rotated-normals", FACTORS, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["factor"]), {}),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], READ[1], FRAMES["reduced"]), {}),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["complete"], READ[0], FRAMES["reduced"]), {}),
    ("rotated-normals", ROTATED, (ROTATED, FRAMES["orthonormal"], READ[0], FRAMES["reduced"]), {}),
    (
        "rotated-normals",  # one coordinate more than the basis has
        Claim(ROTATED.conclusion.func(*ROTATED.conclusion.args[:-1], d)),
        (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"]),
        {},
    ),
    (
        "rotated-normals",  # the bases are orthonormal for few keys only
        ROTATED,
        (
            NORMALS,
            Claim(FRAMES["orthonormal"].conclusion, (*FRAMES["orthonormal"].where, le(l, 3))),
            FRAMES["query"],
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # orthonormal are the bases of another head dimension
        ROTATED,
        (
            NORMALS,
            Claim(
                FRAMES["orthonormal"].conclusion.func(
                    sp.Sum(KeyFrame(l, e, a, d + 1, w) * KeyFrame(l, f, a, d + 1, w), (a, 0, d - 1)),
                    sp.KroneckerDelta(e, f),
                    evaluate=False,
                ),
                FRAMES["orthonormal"].where,
            ),
            FRAMES["query"],
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # the queries' basis is made of one key more than are known to be independent of them
        ROTATED,
        (
            NORMALS,
            Claim(FRAMES["orthonormal"].conclusion, FRAMES["orthonormal"].where[1:]),
            Claim(
                eq(
                    RotatedQuery(i, e, d, w),
                    sp.Sum(QueryCoordinate(i, a, w) * KeyFrame(w + 1, e, a, d, w), (a, 0, d - 1)),
                ),
                FRAMES["query"].where,
            ),
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # the basis of key j has key j in it
        ROTATED,
        (
            NORMALS,
            FRAMES["orthonormal"],
            FRAMES["query"],
            Claim(
                eq(
                    ReducedKey(j, e, d, w),
                    sp.Sum(KeyCoordinate(j, a, w) * KeyFrame(j + 1, e, a, d, w), (a, 0, d - 1)),
                ),
                FRAMES["reduced"].where,
            ),
        ),
        {},
    ),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 1), x))), CHI), (ROTATED,), {}),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI[:1]), (ROTATED,), {}),
    (
        "mean-by-tails",
        Claim(eq(E(PAIR_OF_0 * TURN**2, KEYS), LENGTH_OF_ARC**4 / 5), PAIR_MOMENT.where),
        BY_TAILS,
        OVER_ARC,
    ),
    ("mean-by-tails", Claim(PAIR_MOMENT.conclusion), BY_TAILS, OVER_ARC),  # with one key there is no arc
    (
        "mean-by-tails",  # nothing is known of the function beyond a quarter turn
        PAIR_MOMENT,
        (ON_ARC, Claim(SECOND_MOMENT.conclusion, (le(0, v), le(v, sp.Rational(1, 4)))), SHORT_ARC),
        OVER_ARC,
    ),
    (
        "mean-by-tails",  # the tail is known for long angles only
        PAIR_MOMENT,
        (Claim(ON_ARC.conclusion, (*ON_ARC.where, le(1, x))), SECOND_MOMENT, SHORT_ARC),
        OVER_ARC,
    ),
    (
        "mean-by-tails",  # an integral over something else
        PAIR_MOMENT,
        (ON_ARC, Claim(eq(Integral(2 * x * (v - x), x, 0, v), v**3 / 3), HALF_TURN), SHORT_ARC),
        OVER_ARC,
    ),
    (
        "mean-by-tails",  # 0 at 0 is forgotten: the function is 1 + x^2
        Claim(eq(E(PAIR_OF_0 * (1 + TURN**2), KEYS), LENGTH_OF_ARC**4 / 6), PAIR_MOMENT.where),
        BY_TAILS,
        {**OVER_ARC, "function": 1 + x**2},
    ),
    (
        "mean-by-tails",  # a weight that may be negative
        Claim(eq(E((PAIR_OF_0 - 1) * TURN**2, KEYS), LENGTH_OF_ARC**4 / 6), PAIR_MOMENT.where),
        (
            Claim(
                eq(E((PAIR_OF_0 - 1) * (1 - Below(TURN, x)), KEYS), ON_ARC.conclusion.rhs),
                ON_ARC.where,
            ),
            SECOND_MOMENT,
            SHORT_ARC,
        ),
        {**OVER_ARC, "weight": PAIR_OF_0 - 1},
    ),
    (
        "mean-by-tails",  # a cosine may be negative, so that its tails from 0 on do not tell its mean
        Claim(eq(E(PAIR_OF_0 * QueryCosine(2) ** 2, KEYS), LENGTH_OF_ARC**4 / 6), PAIR_MOMENT.where),
        (Claim(ON_ARC.conclusion.xreplace({TURN: QueryCosine(2)}), ON_ARC.where), SECOND_MOMENT, SHORT_ARC),
        {**OVER_ARC, "quantity": QueryCosine(2)},
    ),
    (
        "mean-by-tails",  # the greatest value is not known given the keys
        Claim(eq(E(PAIR_OF_0 * TURN**2, KEYS), Radius(2) ** 4 / 6), PAIR_MOMENT.where),
        (
            Claim(
                eq(E(PAIR_OF_0 * (1 - Below(TURN, x))), (Radius(2) - x) ** 2 * (1 - Below(Radius(2), x))), ON_ARC.where
            ),
            SECOND_MOMENT,
            Claim(le(Radius(2), sp.Rational(1, 2)), (le(2, n),)),
        ),
        {**OVER_ARC, "most": Radius(2)},
    ),
    (
        "mean-by-tails",  # not smooth at 0, where its derivative is
        Claim(eq(E(PAIR_OF_0 * sp.log(TURN), KEYS), LENGTH_OF_ARC), PAIR_MOMENT.where),
        (ON_ARC, Claim(eq(Integral((v - x) ** 2 / x, x, 0, v), v), HALF_TURN), SHORT_ARC),
        {**OVER_ARC, "function": sp.log(x)},
    ),
    ("written-out", Claim(eq(FOUR, 1 + 2**k + 3**k)), (), {"sum": FOUR}),
    ("written-out", Claim(eq(COUNT, hit(0, j))), (), {"sum": COUNT}),
    ("written-out", Claim(eq(sp.Sum(j, (j, 2, 1)), 0)), (), {"sum": sp.Sum(j, (j, 2, 1))}),
    ("written-out", Claim(eq(sp.Sum(1 / k, (l, 0, 1)), 2 / k)), (), {"sum": sp.Sum(1 / k, (l, 0, 1))}),  # k may be 0
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k))), (), {}),
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k + 1))), (), {}),  # the range may run backwards
    ("equal-factors", Claim(eq(sp.Product(j, (j, 0, n)), j ** (n + 1))), (), {}),
    ("equal-factors", Claim(eq(sp.Sum(x, (j, 0, n)), x ** (n + 1))), (), {}),
    ("reflection", Claim(eq(Integral(BELL * NormalTail(x), x), Integral(BELL * NormalTail(x) ** 2, x))), (), {}),
    ("reflection", Claim(eq(Integral(BELL * x, x), Integral(BELL * x, x))), (), {}),  # true, but not by this rule
    ("reflection", Claim(eq(Integral(x, x, 0, 1), Integral(-x, x, 0, 1))), (), {}),
    ("reflection", Claim(eq(Integral(x, x), Integral(-x, x))), (), {}),  # neither converges
    (
        "chi-square-sum",  # no squares
        Claim(eq(E(Below(sp.Sum(ReducedKey(j, e, d, w), (e, 2, d - 1)), x)), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # of other variables
        Claim(eq(E(Below(sp.Sum(KeyFactor(j, e, d, w) ** 2, (e, 2, d - 1)), x)), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # beyond the coordinates
        Claim(eq(E(Below(sp.Sum(ReducedKey(j, e, d, w) ** 2, (e, 1, d)), x)), E(Below(ChiSquare(d), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # the level depends on chance
        Claim(eq(E(Below(REDUCED, Radius(d))), E(Below(ChiSquare(d - 2), Radius(d)))), CHI),
        (ROTATED,),
        {},
    ),
    ("union-at-most", Claim(le(1 - MISS, x)), (Claim(le(hit(i, j), 1)),), {}),
    ("union-at-most", Claim(le(1 - MISS, 0)), (Claim(le(hit(i, j), 0), (le(m, i),)),), {}),  # known for other rows only
    ("union-at-most", Claim(le(1 - MISS, hit(i, j))), (Claim(le(hit(i, j), hit(i, j))),), {}),  # varies with the row
    (
        "union-at-most",  # one row at least must be there
        Claim(le(1 - sp.Product(1 - hit(i, j), (i, 0, m - 2)), -(x**2))),
        (Claim(le(hit(i, j), -(x**2))),),
        {},
    ),
    ("union-at-most", Claim(le(1 - sp.Product(1 - 2 * hit(i, j), ROWS), 2)), (Claim(le(2 * hit(i, j), 2)),), {}),
    ("two-values", Claim(eq(IS_ONE, Rank(n, m, d) - 1)), (FROM_ONE, TO_TWO), {}),
    ("two-values", Claim(eq(IS_TWO, 2 - Rank(n, m, d))), (FROM_ONE, TO_TWO), {}),
    ("two-values", Claim(eq(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, Claim(le(Rank(n, m, d), 3))), {}),
    ("two-values", Claim(eq(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, Claim(le(Rank(n, m, d), 2), (le(n, 2),))), {}),
    ("two-values", Claim(eq(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, Claim(le(Rank(n + 1, m, d), 2))), {}),
    (
        "two-values",  # no whole number
        Claim(eq(sp.KroneckerDelta(ChiSquare(d), 1), 2 - ChiSquare(d))),
        (Claim(le(1, ChiSquare(d))), Claim(le(ChiSquare(d), 2))),
        {},
    ),
    ("two-values", Claim(le(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, TO_TWO), {}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(le(x, 1)), Claim(le(x, 1))), {}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(lt(x, 1)), Claim(le(1, x))), {}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(le(x, 1)), Claim(le(1, x), (le(2, x),))), {}),
    ("antisymmetry", Claim(eq(x, 2)), (Claim(le(x, 1)), Claim(le(1, x))), {}),
    ("union-contains", Claim(le(hit(0, j), 1 - sp.Product(1 - hit(i, j), (i, 0, m - 2)))), (), {}),
    (
        "gram-rank",
        Claim(eq(Rank(n, m, d), over_keys(sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(GRAM, SAME * COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",  # the premise says nothing about what is off the diagonal
        Claim(eq(Rank(n, m, d), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(sp.Sum(Entry(i, j, n, m, d) ** 2, ROWS), COUNT)),),
        {"columns": (j, j)},
    ),
    (
        "square-of-sum",
        Claim(eq(over_keys(EMPTY) ** 2, over_keys(sp.Sum(sp.Product(1 - BALL, ROWS), (l, 0, n - 1))))),
        (),
        {"sum": over_keys(EMPTY), "other": l, "merged": sp.Product(1 - BALL, ROWS)},
    ),
    (
        "double-sum",
        Claim(eq(over_keys(sp.Sum((1 + SAME) ** m, (l, 0, n - 1))), n * 2**m + n**2)),
        (),
        {"first": j, "second": l, "number": n, "body": (1 + SAME) ** m},
    ),
    (
        "binomial",
        Claim(eq(sp.binomial(n, k), sp.factorial(n) / sp.factorial(k) / sp.factorial(n - k))),
        (),
        {},
    ),
    ("convex-combination", Claim(le(ON_CHORD**q, (1 - gamma) * x**q + gamma * chance(j) ** q), MIXED), (), CHORD),
    (
        "convex-combination",  # beyond the two points the function is above its chord
        Claim(le(ON_CHORD**2, (1 - gamma) * x**2 + gamma * chance(j) ** 2), (*MIXED[:2], le(0, gamma))),
        (MOST,),
        {**CHORD, "function": alpha**2},
    ),
    (
        "convex-combination",
        Claim(le((1 - gamma) * x**2 + gamma * chance(j) ** 2, ON_CHORD**2), MIXED),
        (MOST,),
        {**CHORD, "function": alpha**2, "shape": "concave"},
    ),
    (
        "convex-combination",  # the cube is concave below 0
        Claim(CUBES, (le(-1, x), *MIXED[1:], le(-1, beta), le(beta, 1))),
        (),
        {**CHORD, "function": alpha**3, "second": beta, "low": -1},
    ),
    (
        "convex-combination",  # a condition on the function's own variable says nothing about the points
        Claim(CUBES, (le(-1, x), *MIXED[1:], le(-1, beta), le(beta, 1), le(0, alpha))),
        (),
        {**CHORD, "function": alpha**3, "second": beta, "low": -1},
    ),
    (
        "convex-combination",  # constant between the whole numbers, and convex nowhere near them
        Claim(le(sp.ceiling(x / 2), (1 - gamma) * sp.ceiling(x) + gamma * sp.ceiling(0)), MIXED),
        (),
        {**CHORD, "function": sp.ceiling(alpha), "second": 0, "weight": sp.Rational(1, 2)},
    ),
    (
        "convex-combination",  # convex inside, with a jump at the end
        Claim(le(1 - 0**gamma, gamma), MIXED),
        (),
        {**CHORD, "function": 1 - 0**alpha, "first": 0, "second": 1},
    ),
    (
        "independence",  # the first score of one key and the second of the next
        Claim(eq(E(SHIFTED, PAIR), sp.Product(E(SHIFTED.function, PAIR), *SHIFTED.limits))),
        (PAIRED,),
        {},
    ),
    (
        "independence",  # given the keys alone the two directions are common to all scores
        Claim(eq(E(PAIRS, KEYS), sp.Product(E(PAIRS.function, KEYS), *PAIRS.limits))),
        (PAIRED,),
        {},
    ),
    (
        "independence",  # a score times the mean of the other is no product of the pairs
        Claim(eq(E(PAIRS, PAIR), sp.Product(E(PAIRS.function.args[0], PAIR), *PAIRS.limits))),
        (PAIRED,),
        {},
    ),
    (
        "jensen-mean",  # concave inside, with a jump at 0
        Claim(le(E(0 ** chance(j)), 0 ** E(chance(j)))),
        (MOST,),
        {"function": 0**v, "variable": v, "point": chance(j)},
    ),
    (
        "end-term",  # the range may be empty
        Claim(eq(sp.Sum(x * k, (k, 1, n - 1)), x + sp.Sum(x * k, (k, 2, n - 1)))),
        (),
        {"of": sp.Sum(x * k, (k, 1, n - 1))},
    ),
    ("end-term", Claim(eq(ODDS, x + sp.Sum(x * (2 * k + 1), (k, 0, n - 1)))), (), {"of": ODDS}),
    (
        "end-term",  # the first number of the range is called like the index of the inner sum
        Claim(
            eq(
                sp.Sum(2 * sp.Sum(i * l, (l, 0, m)), (i, k, k + m)),
                2 * sp.Sum(l * l, (l, 0, m)) + sp.Sum(2 * sp.Sum(i * l, (l, 0, m)), (i, k + 1, k + m)),
            )
        ),
        (),
        {"of": sp.Sum(2 * sp.Sum(i * k, (k, 0, m)), (i, k, k + m))},
    ),
    (
        "telescoping",
        Claim(
            eq(
                sp.Sum(2 * sp.Sum(l, (l, 0, m)), (i, k, k + m)),
                2 * (k + m + 1) * sp.Sum(l, (l, 0, m)) - 2 * sp.Sum(l * l, (l, 0, m)),
            )
        ),
        (),
        {"sum": sp.Sum(2 * sp.Sum(l, (l, 0, m)), (i, k, k + m)), "primitive": 2 * sp.Sum(i * k, (k, 0, m))},
    ),
    ("end-term", Claim(eq(ODDS, x * sp.Sum(x * (2 * k + 1), (k, 1, n - 1)))), (), {"of": ODDS}),
    ("end-term", Claim(eq(MISS, 1 - hit(0, j) + sp.Product(1 - hit(i, j), (i, 1, m - 1)))), (), {"of": MISS}),
    ("telescoping", Claim(eq(ODDS, (n + 1) ** 2 * x)), (), {"sum": ODDS, "primitive": k**2 * x}),
    ("telescoping", Claim(eq(ODDS, n**2 * x + n)), (), {"sum": ODDS, "primitive": k**2 * x + k}),
    (
        "telescoping",  # at n = 1 the range has -1 members
        Claim(eq(sp.Sum(2 * k + 1, (k, 2, n - 1)), n**2 - 4)),
        (),
        {"sum": sp.Sum(2 * k + 1, (k, 2, n - 1)), "primitive": k**2},
    ),
    (
        "telescoping",  # the primitive is not defined at 3
        Claim(eq(sp.Sum(-1 / ((k - 3) * (k - 2)), (k, 0, n - 1)), 1 / (n - sp.Integer(3)) + sp.Rational(1, 3))),
        (),
        {"sum": sp.Sum(-1 / ((k - 3) * (k - 2)), (k, 0, n - 1)), "primitive": 1 / (k - sp.Integer(3))},
    ),
    ("telescoping", Claim(eq(ODDS, n**2 * x), (le(k, 3),)), (), {"sum": ODDS, "primitive": k**2 * x}),
    (
        "induction",  # all horses have one colour: the step fails at the start
        Claim(le(k, 0)),
        (Claim(le(0, 0)), Claim(le(k + 1, 0), (le(k, 0), le(1, k)))),
        {"variable": k, "start": 0},
    ),
    ("induction", Claim(le(k, 0)), (Claim(le(1, 0)), Claim(le(k + 1, 0), (le(k, 0),))), {"variable": k, "start": 1}),
    ("induction", Claim(le(2, q)), (Claim(le(2, 2)), Claim(le(2, q + 1))), {"variable": q, "start": 2}),
    (
        "induction",
        Claim(le(k, 0)),
        (Claim(le(0, 0)), Claim(le(k + 1, 0), (le(k + 1, 0),))),
        {"variable": k, "start": 0},
    ),
    ("induction", Claim(le(1, q)), (Claim(le(1, 0)), Claim(le(1, q + 1))), {"variable": q, "start": 0}),
    ("induction", Claim(le(s, 1)), (Claim(le(1, 1)), Claim(le(s + 1, 1), (le(s, 1),))), {"variable": s, "start": 1}),
    (
        "induction",  # what leaves out a number of the domain says nothing after it
        Claim(le(k, 0), (le(0, k), le(k, 9))),
        (Claim(le(0, 0)), Claim(le(k + 1, 0), (le(k, 0),))),
        {"variable": k, "start": 0},
    ),
    (
        "induction",  # the start is known only where x is 0
        Claim(eq(x * k, 0)),
        (Claim(eq(0, 0), (eq(x, 0),)), Claim(eq(x * (k + 1), 0), (eq(x * k, 0),))),
        {"variable": k, "start": 0},
    ),
    ("sign", Claim(lt(0, E(chance(j)))), (), {}),
    ("sign", Claim(lt(0, hit(i, j))), (), {}),
    ("sign", Claim(lt(0, E(sp.Product(hit(i, j), ROWS)))), (), {}),
    ("sign", Claim(le(sp.Product(-NormalTail(i * x), ROWS), 0)), (), {}),  # with an even number of factors
    ("sign", Claim(eq(sp.Product(sp.Integer(0), (i, 1, m - 1)), 0)), (), {}),  # with no factor
    ("mean-of-sum", Claim(eq(E(COUNT), sp.Sum(E(hit(i, j)), ROWS) + 1)), (Claim(eq(COUNT, COUNT)),), SUM),
    (
        "mean-of-sum",  # the number of terms depends on chance
        Claim(eq(E(sp.Sum(x, (i, 0, Rank(n, m, d)))), sp.Sum(E(x), (i, 0, Rank(n, m, d))))),
        (Claim(eq(sp.Sum(x, (i, 0, Rank(n, m, d))), sp.Sum(x, (i, 0, Rank(n, m, d))))),),
        {"body": x, "over": ((i, 0, Rank(n, m, d)),)},
    ),
    (
        "delta-sum",  # the inner sum's index is called like the place
        Claim(
            eq(
                sp.Sum(sp.Sum(Token(a, k), (k, 0, w - 1)) * sp.KroneckerDelta(a, b), (a, 0, w - 1)),
                sp.Sum(Token(k, k), (k, 0, w - 1)),
            ),
            (le(b, w - 1),),
        ),
        (),
        {"sum": sp.Sum(sp.Sum(Token(a, b), (b, 0, w - 1)) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), "at": b},
    ),
    (
        "delta-sum",  # b may lie beyond the range
        Claim(eq(sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), Token(i, b))),
        (),
        DELTA,
    ),
    (
        "delta-sum",
        Claim(eq(sp.Sum(Token(i, a) + sp.KroneckerDelta(a, b), (a, 0, w - 1)), Token(i, b)), (le(b, w - 1),)),
        (),
        {**DELTA, "sum": sp.Sum(Token(i, a) + sp.KroneckerDelta(a, b), (a, 0, w - 1))},
    ),
    ("uncorrelated-normals", NORMALS, (*MOMENTS[:2], MOMENTS[3], *MOMENTS[3:]), {"other": (l, f)}),
    ("uncorrelated-normals", NORMALS, (*MOMENTS[:5], Claim(eq(E(QueryCoordinate(i, e, w)), 0))), {"other": (l, f)}),
    (
        "uncorrelated-normals",  # the covariances are known for positive indices only
        NORMALS,
        [
            Claim(one.conclusion.xreplace({l: n}), tuple(condition.xreplace({l: n}) for condition in one.where))
            for one in MOMENTS
        ],
        {"other": (n, f)},
    ),
    (
        "uncorrelated-normals",  # the covariance is known for the first w only
        Claim(StandardNormals(QueryCoordinate(i, e, w), KeyCoordinate(j, e, w), i, j, e, w)),
        MOMENTS,
        {"other": (l, f)},
    ),
    (
        "uncorrelated-normals",  # linear for one query only
        NORMALS,
        (
            Claim(eq(QueryCoordinate(0, e, w), sp.Sum(Token(0, a, w) * QueryWeight(a, e), (a, 0, w - 1)))),
            *MOMENTS[1:],
        ),
        {"other": (l, f)},
    ),
    (
        "factorials",  # 0! is not 0 (-1)!
        Claim(eq(sp.factorial(n - k), (n - k) * sp.factorial(n - k - 1)), (le(k, n),)),
        (),
        {"base": n - k - 1},
    ),
    (
        "factorials",
        Claim(eq(sp.factorial(n - k), (n - k + 1) * sp.factorial(n - k - 1)), (le(k + 1, n),)),
        (),
        {"base": n - k - 1},
    ),
    *(
        ("t-transforms", DOMINATED, (*TRANSFORMS[:place], wrong, *TRANSFORMS[place + 1 :]), THRESHOLD)
        for place, wrong in (
            (0, OCCUPIED),
            (1, Claim(eq(Occupied(n, m), occupied(BALL) + 1))),
            (2, UNIFORM["independent"]),
            (3, IID["independent"]),
            (4, Claim(eq(E(hit(i, j), KEYS), chance(j) * i))),  # rows with chances of their own
            (5, Claim(eq(over_keys(chance(j)), 2))),
            (6, Claim(eq(E(BALL), 1 / m))),
            (6, Claim(eq(E(BALL), 1 / n), (le(j, n - 2),))),
            (7, Claim(le(TRANSFORM.conclusion.rhs, TRANSFORM.conclusion.lhs), TRANSFORM.where)),
            (7, Claim(TRANSFORM.conclusion, (*TRANSFORM.where, le(alpha, beta)))),
        )
    ),
    (
        "t-transforms",  # the other way round
        Claim(le(prob_at_least(Occupied(n, m), x), E(1 - Below(Rank(n, m, d), x), KEYS))),
        TRANSFORMS,
        THRESHOLD,
    ),
    (
        "t-transforms",  # one threshold is not the other
        Claim(le(E(1 - Below(Rank(n, m, d), x), KEYS), prob_at_least(Occupied(n, m), x + 1))),
        TRANSFORMS,
        THRESHOLD,
    ),
    (
        "monotone-mean",
        Claim(le(E(sp.exp(-s * Rank(n, m, d)), KEYS), E(sp.exp(-s * Occupied(n, m))))),
        (DOMINATED,),
        {"function": sp.exp(-s * v), "variable": v, "threshold": x},
    ),
    (
        "monotone-mean",
        Claim(le(E(sp.exp(x * Rank(n, m, d)), KEYS), E(sp.exp(x * Occupied(n, m))))),
        (DOMINATED,),
        {"function": sp.exp(x * v), "variable": v, "threshold": x},
    ),
    (
        "monotone-mean",
        Claim(le(E(Rank(n, m, d) * chance(0), KEYS), E(Occupied(n, m) * chance(0)))),
        (DOMINATED,),
        {"function": v * chance(0), "variable": v, "threshold": x},
    ),
    (
        "monotone-mean",  # one threshold is not all of them
        Claim(le(E(Rank(n, m, d), KEYS), E(Occupied(n, m)))),
        (Claim(DOMINATED.conclusion, (le(x, 1),)),),
        {"function": v, "variable": v, "threshold": x},
    ),
    (
        "monotone-mean",  # an infinite mean bounds nothing
        Claim(le(E(sp.exp(ChiSquare(d))), E(sp.exp(ChiSquare(d + 1))))),
        (Claim(le(prob_at_least(ChiSquare(d), x), prob_at_least(ChiSquare(d + 1), x))),),
        {"function": sp.exp(v), "variable": v, "threshold": x},
    ),
    (
        "bounded-differences",
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-3 * s**2 / m))),
        (OCCUPIED, UNIFORM["independent"], Claim(eq(E(Occupied(n, m)), n))),
        {"excess": s},
    ),
    (
        "bounded-differences",  # below the mean
        Claim(le(prob_at_least(Occupied(n, m), n + x), sp.exp(-2 * x**2 / m))),
        (OCCUPIED, UNIFORM["independent"], Claim(eq(E(Occupied(n, m)), n))),
        {"excess": x},
    ),
    (
        "bounded-differences",  # independent given the keys only
        Claim(le(prob_at_least(Rank(n, m, d), n + s), sp.exp(-2 * s**2 / m))),
        (RANK, IID["independent"], Claim(eq(E(Rank(n, m, d)), n))),
        {"excess": s},
    ),
    (
        "bernstein",  # less than the variance
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-(s**2) / (2 * (p + s / 3)))), (le(p, c),)),
        BERNOULLIS,
        {"excess": s, "variance": p},
    ),
    (
        "bernstein",
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-(s**2) / (2 * (p + s / 4)))), (le(c, p),)),
        BERNOULLIS,
        {"excess": s, "variance": p},
    ),
    (
        "bernstein",  # of another variable
        Claim(le(prob_at_least(Rank(n, m, d), n + s), sp.exp(-(s**2) / (2 * (p + s / 3)))), (le(c, p),)),
        BERNOULLIS,
        {"excess": s, "variance": p},
    ),
    ("clt-picks", CONVERGE, (GAUSS["query-moments"],), {}),
    ("clt-picks", CONVERGE, (GAUSS["key-moments"], GAUSS["query-moments"]), {}),
    ("limit-of-mean", Claim(eq(Lim(E(Rank(n, m, d)), d), E(Occupied(n, m) + 1))), (CONVERGE, RANK, OCCUPIED), {}),
    ("limit-of-mean", Claim(eq(Lim(E(d * Rank(n, m, d)), d), E(d * Occupied(n, m)))), (CONVERGE, RANK, OCCUPIED), {}),
    (
        "limit-of-mean",  # the rank less 5 may be negative: it is -1 if the rank is 4
        Claim(eq(Lim(E(sp.KroneckerDelta(Rank(n, m, d) - 5, -1)), d), 0)),
        (
            CONVERGE,
            Claim(eq(Rank(n, m, d) - 5, RANK.conclusion.rhs - 5)),
            Claim(eq(Occupied(n, m) - 5, OCCUPIED.conclusion.rhs - 5)),
        ),
        {},
    ),
    ("limit-algebra", Claim(eq(Lim(MEAN**2, d), n)), (Claim(eq(Lim(MEAN, d), n)),), {}),
    ("limit-algebra", Claim(eq(Lim(d * MEAN, d), d * n)), (Claim(eq(Lim(MEAN, d), n)),), {}),
    ("exists-from-limit", Claim(Exists(d, lt(n, MEAN))), (Claim(eq(Lim(MEAN, d), n)), Claim(lt(n - 1, n))), {}),
    ("power-log-limit", Claim(eq(Lim(sp.log(n) ** 3, n), 0)), (), {}),
    ("power-log-limit", Claim(eq(Lim(sp.exp((c - 1) * sp.log(n)), n), 0)), (), {}),
    ("power-log-limit", Claim(eq(Lim(sp.sin(n) / n, n), 0)), (), {}),
    ("exponent", Claim(le(GROWTH, c / 2)), (Claim(le(MEAN, sp.exp(c * sp.log(n)))), ONE), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, sp.exp(c * sp.log(n))), (le(n, 9),)), ONE), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, sp.exp(c * sp.log(n))), (eq(9, n),)), ONE), {}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (lt(1, s),)),), {"slack": s}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (eq(s, 1),)),), {"slack": s}),
    ("vanishing-slack", Claim(le(x, 0)), (Claim(le(x, 1 / s), (lt(s, 2),)),), {"slack": s}),
    ("exponent-below-one", Claim(eq(Lim(MEAN / n, n), 0)), (Claim(le(GROWTH, c)), Claim(lt(c, 2)), ONE), {}),
    (
        "uniformly-eventually",  # the bound must not depend on d
        Claim(Eventually(n, d, le(d, sp.log(n)), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, d / n), (le(d, sp.log(n)),)), Claim(eq(Lim(d / n, n), 0))),
        {},
    ),
    (
        "uniformly-eventually",  # nor hold only where n is large against d
        Claim(Eventually(n, d, le(d, n), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, 1 / n), (le(d, sp.log(n)),)), Claim(eq(Lim(1 / n, n), 0))),
        {},
    ),
    ("limit-with-rate", Claim(eq(Lim(1 + 1 / n, n), 0)), squeezed(1 + 1 / n, 0, 2), {}),
    ("limit-with-rate", Claim(eq(Lim((-1) ** n, n), 0)), squeezed((-1) ** n, -1, 1), {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), -1)), squeezed(1 / n, -1, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim(n**x, n), 0)), squeezed(n**x, 0, n**x), {}),
    ("limit-with-rate", Claim(eq(Lim(sp.log(n), n), 0)), squeezed(sp.log(n), 0, sp.log(n) ** 2 / sp.log(n)), {}),
    ("limit-with-rate", Claim(eq(Lim(n, n), 0)), squeezed(n, 0, 9 / n, le(n, 3)), {}),
    ("limit-with-rate", Claim(eq(Lim(n, n), 0)), squeezed(n, 0, 9 / n, eq(n, 3)), {}),
    ("limit-with-rate", Claim(eq(Lim(s, n), 0)), squeezed(s, 0, 1 / n, le(n * s, 1)), {}),  # s is fixed
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), 1 / n)), squeezed(1 / n, 1 / n, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), 0)), squeezed(1 / n, 0, 1 / n)[::-1], {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n + x, n), 0)), squeezed(1 / n, 0, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim((x + x**2 / n) / x, n), 1)), squeezed(1 + x / n, 1, 1 + x / n), {}),  # 0/0
    ("limit-with-rate", Claim(eq(Lim(chance(j) / n, n), 0)), squeezed(chance(j) / n, 0, 1 / n), {}),
    ("ball-bisection", Claim(lt(0, x), (le(0, x), le(x, 1))), (), {"variable": x}),  # false at 0
    ("ball-bisection", Claim(le(0, 1 / x), (le(-1, x), le(x, 1))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(sp.log(x), 1), (le(-1, x), le(x, 1))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(sp.log(x), x - 1), (le(2, x), le(x, 3))), (), {"variable": s}),
    ("ball-bisection", Claim(lt(sp.log(x), x - 1), (le(sp.Rational(1, 2), x), le(x, 3))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(0, 3 - x), (le(2, x),)), (), {"variable": x}),  # a half-line
    ("ball-bisection", Claim(lt(0, 3 - x), (le(2, x),)), (Claim(lt(0, 3 - x), (le(x, 2),)),), {"variable": x}),
    ("ball-bisection", Claim(lt(0, 3 - x + v), (le(1, x), le(x, 2))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(8, sp.Pow(sp.E, x)), (le(1, x), le(x, 2))), (), {"variable": x}),
    ("sign", Claim(lt(8, sp.Pow(sp.E, 2, evaluate=False))), (), {}),  # to SymPy an exp whose first argument is e
    (
        "monotone",  # 1 < 1 at n = 1
        Claim(lt((1 - x) ** (n - 1), (2 - x) ** (n - 1)), UNIT),
        (Claim(lt(1 - x, 2 - x)),),
        {"function": "power", "exponent": n - 1},
    ),
    ("fundamental-theorem", Claim(eq(Integral(v**2, *UNIT_INTEGRAL), 1)), (), {"antiderivative": v**3 / 3}),
    ("fundamental-theorem", Claim(eq(Integral(v**2, *UNIT_INTEGRAL), 1)), (), {"antiderivative": v**3}),
    ("fundamental-theorem", Claim(eq(Integral(1 / x**2, x, -1, 1), -2)), (), {"antiderivative": -1 / x}),
    ("fundamental-theorem", Claim(eq(Integral(1 / x**2, x, 0, 1), 0)), (), {"antiderivative": -1 / x}),
    ("fundamental-theorem", Claim(eq(Integral(x, x, 1, 0), -sp.Rational(1, 2))), (), {"antiderivative": x**2 / 2}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": sp.ceiling(x)}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": E(Below(M, x))}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": Integral(x, v, 0, 1)}),
    ("fundamental-theorem", Claim(eq(Integral(0, x), -1)), (), {"antiderivative": NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), -1)), (), {"antiderivative": NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), 0)), (), {"antiderivative": x - NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(x * BELL, x), 0)), (), {"antiderivative": -BELL}),  # no limits known
    ("fundamental-theorem", Claim(eq(Integral(0, x), 0)), (), {"antiderivative": x / x**2}),
    ("fundamental-theorem", Claim(eq(Integral(x, x, 0, x), x**2 / 2)), (), {"antiderivative": x**2 / 2}),
    (
        "fundamental-theorem",  # the range may run backwards
        Claim(eq(Integral(x, x, s, p), (p**2 - s**2) / 2)),
        (),
        {"antiderivative": x**2 / 2},
    ),
    (
        "substitution",  # not monotone: the image of [-1, 1] is [0, 1]
        Claim(eq(Integral(2 * x**3, x, -1, 1), Integral(v, v, 1, 1))),
        (),
        {"put": x**2},
    ),
    (
        "substitution",  # without the derivative
        Claim(eq(Integral((1 - NormalTail(x)) ** 3 * x * BELL, x), Integral(v**3, *UNIT_INTEGRAL))),
        (),
        {"put": 1 - NormalTail(x)},
    ),
    (
        "substitution",  # a decreasing one gives the sign
        Claim(eq(Integral(x * sp.exp(x**2), x, -1, 0), Integral(sp.exp(v) / 2, *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    ("substitution", Claim(eq(Integral(2 * x, x, 0, 1), Integral(1, v, 0, 2))), (), {"put": x**2}),
    ("substitution", Claim(eq(Integral(2 * x, x, 0, 1), Integral(2 * v, *UNIT_INTEGRAL))), (), {"put": x**2}),
    ("substitution", Claim(eq(Integral(v, *UNIT_INTEGRAL), Integral(v, v, 0, 2))), (), {"put": v + x}),
    ("substitution", Claim(eq(Integral(v * x, x, 0, 1), Integral(v, *UNIT_INTEGRAL))), (), {"put": x}),
    ("substitution", Claim(eq(Integral(0, x, 0, 1), Integral(1, *UNIT_INTEGRAL))), (), {"put": sp.ceiling(x)}),
    ("substitution", Claim(eq(Integral(0, x), Integral(1, *UNIT_INTEGRAL))), (), {"put": 1 - NormalTail(x)}),
    (
        "substitution",  # the integrand is not bounded at the image of 0
        Claim(eq(Integral(2, x, 0, 1), Integral(1 / sp.sqrt(v), *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), Integral(x, x, 0, 1) ** 2)), (), {}),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), Integral(x**2, x, 0, 2))), (), {}),
    ("integral-linearity", Claim(eq(Integral(2 * x, x, 0, 1), Integral(x, x, 0, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(x * s, x, 0, 1), s * Integral(x, x, 0, 1) + s)), (), {}),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), x * Integral(x, x, 0, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(1 / v, v, -1, 1), Integral(1 / x, x, -1, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(1 / x, x, 0, 1), Integral(v / v**2, *UNIT_INTEGRAL))), (), {}),
    ("integral-linearity", Claim(eq(0, 1)), (), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x, 0, 2), Integral(x, x, 0, 2))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), Integral(x**2, x, 0, 1))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x, 0, 1), Integral(x, x, 0, 2))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x), Integral(x, x))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), v)), (Claim(le(x, v)),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), Integral(v, v, 0, 1) - 1)), (Claim(le(x, x)),), {}),
    (
        "integral-comparison",  # known at one x only
        Claim(le(Integral(2, x, 0, 1), Integral(x, x, 0, 1)), (le(2, x),)),
        (Claim(le(2, x), (le(2, x),)),),
        {},
    ),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t)), 1 - NormalTail(t)), (le(0, t),)),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, s)), 1 - NormalTail(s))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t), KEYS), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(C, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M + t, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(1 - Below(M, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t)), 1 - NormalTail(2 * t))),), {}),
    ("density-from-law", Claim(Density(M, sp.Integer(0), x)), (Claim(eq(E(Below(M, t)), sp.ceiling(t))),), {}),
    ("density-from-law", Claim(Density(M, sp.Integer(0), x)), (Claim(eq(E(Below(M, t)), E(Below(M, t)))),), {}),
    ("density-from-law", Claim(Density(M, BELL, x, -1, 1)), (NORMAL_LAW,), {}),
    ("density-from-law", Claim(Density(M, -BELL, x)), (NORMAL_LAW,), {}),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(x * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(x**2 * BELL, x, -1, 1))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(M**2, KEYS), Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(C * M**2), C * Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(Below(M, 0)), Integral(BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(E(M) ** 2), Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(v * M), Integral(v**2 * BELL.xreplace({x: v}), v))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(1 / COSINE), Integral(1 / x / 2, x, -1, 1))), (EVEN,), {}),
    ("mean-as-integral", Claim(eq(E(COSINE), Integral(x / 2, x, -1, 1))), (Claim(EVEN.conclusion, (le(3, d),)),), {}),
    (
        "mean-as-integral",  # the premise's x is a parameter
        Claim(eq(E(M), Integral(x**2 * BELL, x))),
        (Claim(Density(M, x * BELL.xreplace({x: v}), v)),),
        {},
    ),
    ("on-events", Claim(le(p**2, M**2)), (SQUARES,), ON_HIGH),  # without the event
    ("on-events", Claim(le(Below(M, p) * p**2, Below(M, p) * M**2)), (SQUARES,), {**ON_HIGH, "events": (Below(M, p),)}),
    (
        "on-events",  # the event is about something else
        Claim(le((1 - Below(C, p)) * p**2, (1 - Below(C, p)) * M**2)),
        (SQUARES,),
        {**ON_HIGH, "events": (1 - Below(C, p),)},
    ),
    (
        "on-events",  # a mean is no larger where the variable is large
        Claim(le(HIGH * p**2, HIGH * E(M) ** 2)),
        (SQUARES,),
        {**ON_HIGH, "put": {v: E(M)}},
    ),
    (
        "on-events",  # for every number, almost surely, is not for a random number
        Claim(le(HIGH * Below(M, M), HIGH * 0)),
        (Claim(le(Below(v, M), 0), (le(p, v),)),),
        ON_HIGH,
    ),
    ("on-events", Claim(le(HIGH * M, HIGH * M**2)), (Claim(le(s, s**2), (le(1, s),)),), {**ON_HIGH, "put": {s: M}}),
    (
        "on-events",  # a limit of a random quantity
        Claim(le(HIGH * Lim(M / q, q), HIGH * 0)),
        (Claim(le(Lim(v / q, q), 0), (le(p, v),)),),
        ON_HIGH,
    ),
    (
        "on-events",  # the fact holds for some values only
        Claim(le(LONG * p**2, LONG * KeyNorm2(0, n, d))),
        (LENGTH, Claim(GAUSS["length"].conclusion, (le(2, d),))),
        ON_LONG,
    ),
    (
        "event-inclusion",  # where -M is small, M^2 is large, not the other way round
        Claim(le(Below(-(M**2), -(p**2)), Below(-M, -p))),
        (SQUARES_DOWN,),
        {"events": (Below(-(M**2), -(p**2)),), "put": {v: M}},
    ),
    (
        "event-inclusion",  # M = p is in the event on the left alone
        Claim(le(HIGH, Below(-(M**2), -(p**2)))),
        (SQUARES_DOWN,),
        {"events": (HIGH,), "put": {v: M}},
    ),
    (
        "event-inclusion",  # an event more on the right
        Claim(le(HIGH, (1 - Below(M**2, p**2)) * Below(C, x))),
        (SQUARES,),
        ON_HIGH,
    ),
    ("event-cases", Claim(le(1 - (M - x) ** 2 / p**2, Below(M, x + p / 2))), (), {}),
    ("event-cases", Claim(le(1 - Below(M, p), M / p)), (), {}),  # M may be negative
    ("event-cases", Claim(le(E(1 - Below(M, p)), M / p)), (), {}),
    ("event-cases", Claim(le(Below(M, x), Below(M, x - p))), (), {}),
    ("event-cases", Claim(le(Below(M, x) * Below(C, x), 0)), (), {}),
    ("event-cases", Claim(le(Below(Below(M, x), 1), Below(M, x))), (), {}),
    (
        "exponent-from-below",
        Claim(le(2 * c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN), (le(2, n),)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # the bound is negative
        Claim(le(c, LOWER)),
        (Claim(le(-sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # or may be
        Claim(le(c, LOWER)),
        (Claim(le(x * sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # 2^n against n^c
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)) - 2 ** (-n), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # a difference of growing terms
        Claim(le(1, LOWER)),
        (Claim(le(n - sp.sqrt(n) * sp.log(n) * 100, MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # the bound holds for small n only
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN), (le(n, 9),)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # nothing keeps the lower limit finite
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), Claim(le(MEAN, 2**n))),
        {},
    ),
    (
        "exponent-from-below",  # what is bounded above is something else
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), Claim(le(MEAN / 2, n))),
        {},
    ),
    (
        "exponent-from-below",  # an upper limit says less
        Claim(le(c, GROWTH)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(1, s),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (eq(s, 1),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(s, x),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(0, x)), (Claim(le(-1 / s, x), (lt(s, 2),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(1, x)), (Claim(le(sp.ceiling(s), x), (lt(s, 2),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x + s), (lt(s, 2),)),), {"slack": s}),
    (
        "limit-from-both-sides",  # the premises the wrong way round
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(c, GROWTH)), Claim(le(LOWER, c))),
        {},
    ),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c / 2, LOWER))),
        {},
    ),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LimInf(MEAN, n)))),
        {},
    ),
    (
        "limit-from-both-sides",  # under conditions that the claim does not have
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LOWER), (lt(c, 1),))),
        {},
    ),
    ("sign", Claim(lt(0, sp.exp(x * sp.log(x - 1))), (lt(0, x),)), (), {}),  # not defined everywhere
    (
        "same-law",  # another function on the other side
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-2 * C)))),
        (SAME_LAW,),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # at some levels only
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(SAME_LAW.conclusion, (le(0, x),)),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # at different levels
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(eq(E(Below(SQUARED, x)), E(Below(C, 2 * x)))),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # a law given the keys
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(eq(E(Below(SQUARED, x), KEYS), E(Below(C, x)))),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # a function that depends on chance otherwise: the two need not have one joint law
        Claim(eq(E(SQUARED * Radius(d)), E(C * Radius(d)))),
        (SAME_LAW,),
        {"function": v * Radius(d), "variable": v},
    ),
    ("layer-cake", Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))))), (CLOSE,), DECAY),  # nothing to spare
    (
        "layer-cake",  # an increasing function
        Claim(le(E(1 - sp.exp(-sp.exp(C))), E(1 - sp.exp(-sp.exp(M))) + p)),
        (CLOSE,),
        {**DECAY, "function": 1 - sp.exp(-sp.exp(v))},
    ),
    (
        "layer-cake",  # up to 2
        Claim(le(E(2 * sp.exp(-sp.exp(C))), E(2 * sp.exp(-sp.exp(M))) + p)),
        (CLOSE,),
        {**DECAY, "function": 2 * sp.exp(-sp.exp(v))},
    ),
    (
        "layer-cake",  # above 1 where the variable is negative
        Claim(le(E(sp.exp(-C)), E(sp.exp(-M)) + p)),
        (CLOSE,),
        {**DECAY, "function": sp.exp(-v)},
    ),
    (
        "layer-cake",  # at some levels only
        Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)),
        (Claim(CLOSE.conclusion, (le(0, x),)),),
        DECAY,
    ),
    (
        "layer-cake",  # an error that grows with the level
        Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + x)),
        (Claim(le(E(Below(C, x)), E(Below(M, x)) + x)),),
        DECAY,
    ),
    (
        "layer-cake",  # a weight that may be negative
        Claim(le(E(M * sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)),
        (Claim(le(E(M * Below(C, x)), E(Below(M, x)) + p)),),
        DECAY,
    ),
    (
        "layers-by-length",  # at head_dim 1 and 2 nothing says that the chance grows
        Claim(KEPT.conclusion),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # exp(n G) increases
        Claim(le(E(n * G * sp.exp(n * G)), 2 * E(n * G * sp.exp(n * G)) + p), (le(3, d),)),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE),
        {**BY_LENGTH, "rate": -n},
    ),
    (
        "layers-by-length",  # the shorter key has the larger chance
        KEPT,
        (
            CLOSE_BY_LENGTH,
            Claim(le(GROWS_WITH_LENGTH.conclusion.rhs, GROWS_WITH_LENGTH.conclusion.lhs), GROWS_WITH_LENGTH.where),
            COSINE_IS_FREE,
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # for lengths up to 1 only
        KEPT,
        (
            CLOSE_BY_LENGTH,
            Claim(
                GROWS_WITH_LENGTH.conclusion,
                (*GROWS_WITH_LENGTH.where, le(chance_grows_with_length.s, 1)),
            ),
            COSINE_IS_FREE,
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # another variable is independent of the keys
        KEPT,
        (
            CLOSE_BY_LENGTH,
            GROWS_WITH_LENGTH,
            Claim(eq(E(Below(QueryCosine(d), t), KEYS), E(Below(QueryCosine(d), t)))),
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # the law of the cosine is only named
        KEPT,
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, Claim(eq(E(Below(-Cosine(d), t), KEYS), E(Below(-Cosine(d), t), KEYS)))),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # the premise is about the length, the claim about another variable
        Claim(le(E(C * sp.exp(-n * G)), E(2 * C * sp.exp(-n * G)) + p), (le(3, d),)),
        (Claim(le(E(C * Below(C, x)), E(2 * C * Below(C, x)) + p)), GROWS_WITH_LENGTH, COSINE_IS_FREE),
        BY_LENGTH,
    ),
]


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), TRUE, ids=[case[0] for case in TRUE])
def test_accepts_a_true_step(rule, claim, premises, args):
    assert RULES[rule].apply(claim, list(premises), args)


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), FALSE, ids=[case[0] for case in FALSE])
def test_does_not_accept_a_false_step(rule, claim, premises, args):
    with pytest.raises((Refused, Unknown)):
        RULES[rule].apply(claim, list(premises), args)


@pytest.mark.parametrize("cases", [TRUE, FALSE], ids=["true", "false"])
def test_every_rule_is_tried(cases):
    assert {case[0] for case in cases} == set(RULES)


def test_every_rule_says_why_it_is_sound_and_cites_what_exists():
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert set(rule.cites) <= set(LITERATURE)


def test_dropping_a_premise_is_never_accepted():
    for rule, claim, premises, args in TRUE:
        for place in range(len(premises)):
            fewer = [*premises[:place], *premises[place + 1 :]]
            with pytest.raises((Refused, Unknown, KeyError, IndexError, ValueError)):
                RULES[rule].apply(claim, fewer, args)


def test_heads_stay_apart():
    assert Independent(Pick(i, n, m, d), i, Str(KEYS)) != Independent(Pick(i, n, m, d), i, Str(TRIVIAL))
    assert Alike(PickChance(j, n, d), j, n - 1) != Alike(PickChance(j, n, d), j, n)
    assert t not in E(hit(i, j)).free_symbols
