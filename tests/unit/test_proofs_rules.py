"""Every rule accepts a true step and refuses false ones; refusing is what makes acceptance mean something."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy.core.symbol import Str

from proofs.language import (
    KEYS,
    TRIVIAL,
    Alike,
    All,
    Below,
    Claim,
    E,
    Eventually,
    Exists,
    Independent,
    Lim,
    LimSup,
    NormalTail,
    PicksConverge,
    StandardNormals,
    eq,
    le,
    lt,
)
from proofs.literature import LITERATURE
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    Entry,
    KeyCoordinate,
    NormalMax,
    Occupied,
    Pick,
    PickChance,
    QueryCoordinate,
    Rank,
    Token,
    UniformPick,
    a,
    b,
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

p = sp.Symbol("p", positive=True)
s = sp.Symbol("s", positive=True)
v = sp.Symbol("v", real=True)
ROWS = (i, 0, m - 1)
UNIT = (lt(0, x), lt(x, 1))
GAUSS = ASSUMPTIONS["gaussian-queries-and-keys"].grants
IID = ASSUMPTIONS["independent-queries"].grants
MISS = sp.Product(1 - hit(i, j), ROWS)
GRAM = sp.Sum(Entry(i, j, n, m, d) * Entry(i, l, n, m, d), ROWS)
COUNT = sp.Sum(hit(i, j), ROWS)
BALL = sp.KroneckerDelta(UniformPick(i, n), j)
OTHER = sp.KroneckerDelta(UniformPick(i, n), l)
EMPTY = sp.Product(1 - BALL, ROWS)
SAME = sp.KroneckerDelta(j, l)
CONVERGE = Claim(PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d))
RANK = Claim(eq(Rank(n, m, d), occupied(hit(i, j))))
OCCUPIED = Claim(eq(Occupied(n, m), occupied(BALL)))
MEAN = E(Rank(n, n, d))
GROWTH = LimSup(sp.log(MEAN) / sp.log(n), n)
ONE = Claim(le(1, MEAN))
M, C = NormalMax(n), ChiSquare(d)
TOTAL = Claim(eq(over_keys(chance(j)), 1))
MOST = Claim(le(chance(j), 1))
CONCAVE = {"function": 1 - (1 - v) ** m, "variable": v, "point": chance(j)}
SUMMED = {**CONCAVE, "over": (j, 0, n - 1)}
H_SUM = over_keys(1 - (1 - chance(j)) ** m)
SUM = {"body": x * hit(i, j), "over": (ROWS,)}
DELTA = {"sum": sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), "at": b}
WEIGHTS = ASSUMPTIONS["gaussian-weights"].grants
NORMALS = Claim(StandardNormals(QueryCoordinate(i, e), KeyCoordinate(j, e), i, j, e))
MOMENTS = (
    WEIGHTS["queries"],
    WEIGHTS["keys"],
    ASSUMPTIONS["independent-weights"].grants["product"],
    Claim(eq(E(QueryCoordinate(i, e) * QueryCoordinate(l, f)), sp.KroneckerDelta(i, l) * sp.KroneckerDelta(e, f))),
    Claim(eq(E(KeyCoordinate(j, e) * KeyCoordinate(l, f)), sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f))),
    Claim(eq(E(QueryCoordinate(i, e) * KeyCoordinate(l, f)), 0)),
)


def at(value):
    return n * (1 - (1 - value) ** m)


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
    ("combination", Claim(lt(x, 2)), (Claim(lt(x, 1)),), {}),
    ("combination", Claim(eq(x, 2)), (Claim(eq(x, 1 + p)), Claim(eq(p, 1))), {"weights": (1, 1)}),
    ("monotone", Claim(lt(sp.exp(x), sp.exp(p))), (Claim(lt(x, p)),), {"function": "exp"}),
    ("monotone", Claim(le(sp.log(s), sp.log(p))), (Claim(le(s, p)),), {"function": "log"}),
    ("monotone", Claim(le(s**3, p**3)), (Claim(le(s, p)),), {"function": "power", "exponent": 3}),
    ("derivatives", Claim(lt(1 - sp.exp(-s), s)), (), {"variable": s, "left": 0, "order": 2}),
    ("expectation", Claim(le(E(hit(i, j), KEYS), 1)), (Claim(le(hit(i, j), 1)),), {"given": KEYS}),
    (
        "independence",
        Claim(eq(E(MISS, KEYS), sp.Product(E(1 - hit(i, j), KEYS), ROWS))),
        (IID["independent"],),
        {},
    ),
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
    ("delta-cases", Claim(eq(hit(i, j) * hit(i, l), SAME * hit(i, j))), (), {}),
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(COUNT, 0), 1 - MISS)), (), {}),
    ("union-contains", Claim(le(hit(0, j), 1 - MISS)), (), {}),
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
    ("sign", Claim(lt(0, x * (1 - x)), (le(0, x), lt(x, 1))), (), {}),
    ("sign", Claim(lt(sp.Rational(64, 100), 1 - 1 / sp.E)), (), {}),
    ("sign", Claim(lt(0, sp.log(s))), (), {}),
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
    ("mean-of-sum", Claim(eq(E(COUNT), sp.Sum(E(hit(i, j)), ROWS) + 1)), (Claim(eq(COUNT, COUNT)),), SUM),
    (
        "mean-of-sum",  # the number of terms depends on chance
        Claim(eq(E(sp.Sum(x, (i, 0, Rank(n, m, d)))), sp.Sum(E(x), (i, 0, Rank(n, m, d))))),
        (Claim(eq(sp.Sum(x, (i, 0, Rank(n, m, d))), sp.Sum(x, (i, 0, Rank(n, m, d))))),),
        {"body": x, "over": ((i, 0, Rank(n, m, d)),)},
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
    ("uncorrelated-normals", NORMALS, (*MOMENTS[:5], Claim(eq(E(QueryCoordinate(i, e)), 0))), {"other": (l, f)}),
    ("clt-picks", CONVERGE, (GAUSS["query-moments"],), {}),
    ("clt-picks", CONVERGE, (GAUSS["key-moments"], GAUSS["query-moments"]), {}),
    ("limit-of-mean", Claim(eq(Lim(E(Rank(n, m, d)), d), E(Occupied(n, m) + 1))), (CONVERGE, RANK, OCCUPIED), {}),
    ("limit-of-mean", Claim(eq(Lim(E(d * Rank(n, m, d)), d), E(d * Occupied(n, m)))), (CONVERGE, RANK, OCCUPIED), {}),
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
