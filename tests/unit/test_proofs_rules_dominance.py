"""The rules in `proofs.rules.dominance` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    BALL,
    IID,
    OCCUPIED,
    RANK,
    TOTAL,
    accepts_fewer,
    alpha,
    beta,
    gamma,
    p,
    q,
    refuses,
    s,
    v,
)

from proofs.language import (
    KEYS,
    Below,
    Claim,
    E,
    PoissonBinomial,
    eq,
    le,
    prob_at_least,
)
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    Occupied,
    Rank,
    c,
    chance,
    d,
    hit,
    i,
    j,
    m,
    n,
    occupied,
    over_keys,
    x,
)
from proofs.rules import dominance

RULES = {rule.name: rule for rule in dominance.RULES}
UNIFORM = ASSUMPTIONS["uniform-occupancy"].grants
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
THRESHOLD = {"threshold": x, "first": alpha, "second": beta, "weight": gamma, "power": q}
DOMINATED = Claim(le(E(1 - Below(Rank(n, m, d), x), KEYS), prob_at_least(Occupied(n, m), x)))
BERNOULLIS = (
    Claim(PoissonBinomial(Occupied(n, m))),
    Claim(eq(E(Occupied(n, m)), n)),
    Claim(eq(E(Occupied(n, m) ** 2) - E(Occupied(n, m)) ** 2, c)),
)

# rule, claim, premises, args
TRUE = [
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
]

FALSE = [
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
    *(  # counts of something else
        ("t-transforms", DOMINATED, (Claim(wrong), *TRANSFORMS[1:]), THRESHOLD)
        for wrong in (
            eq(Rank(n, m, d), n),
            eq(Rank(n, m, d), sp.Sum(hit(0, j), (j, 0, n - 1))),
            eq(Rank(n, m, d), sp.Sum(sp.Product(1 - hit(i, j), (i, 0, m - 1)), (j, 0, n - 1))),
            eq(Rank(n, m, d), sp.Sum(1 - sp.Product(1 - hit(i, j), (i, 1, m - 1)), (j, 0, n - 1))),
        )
    ),
    (
        "t-transforms",
        DOMINATED,
        (RANK, Claim(eq(Occupied(n, m), occupied(BALL).xreplace({m: q}))), *TRANSFORMS[2:]),
        {},
    ),
    ("t-transforms", DOMINATED, (*TRANSFORMS[:2], RANK, *TRANSFORMS[3:]), THRESHOLD),
    *(  # the last premise is about other numbers than two chances and a weight
        ("t-transforms", DOMINATED, TRANSFORMS, {**THRESHOLD, name: wrong})
        for name, wrong in (("second", alpha), ("first", p), ("power", gamma + q), ("power", v))
    ),
    (
        "t-transforms",  # for some thresholds only
        Claim(DOMINATED.conclusion, (le(1, x),)),
        TRANSFORMS,
        THRESHOLD,
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
    *(  # not the chances to reach every threshold
        (
            "monotone-mean",
            Claim(le(E(Rank(n, m, d), KEYS), E(Occupied(n, m)))),
            (Claim(wrong),),
            {"function": v, "variable": v, "threshold": threshold},
        )
        for wrong, threshold in (
            (le(E(Rank(n, m, d), KEYS), E(Occupied(n, m))), x),
            (DOMINATED.conclusion, s),
            (DOMINATED.conclusion.xreplace({x: p}), p),
        )
    ),
    *(  # the function's variable has a sign, or is that of a condition
        (
            "monotone-mean",
            Claim(le(E(Rank(n, m, d) ** 2, KEYS), E(Occupied(n, m) ** 2)), where),
            (DOMINATED,),
            {"function": variable**2, "variable": variable, "threshold": x},
        )
        for variable, where in ((p, ()), (v, (le(0, v),)))
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
        "bounded-differences",  # the mean of something else
        Claim(le(prob_at_least(Occupied(n, m), n + s), sp.exp(-2 * s**2 / m))),
        (OCCUPIED, UNIFORM["independent"], Claim(eq(E(Rank(n, m, d)), n))),
        {"excess": s},
    ),
    *(
        (
            "bernstein",
            Claim(
                le(prob_at_least(Occupied(n, m), n + excess), sp.exp(-(excess**2) / (2 * (most + excess / 3)))), where
            ),
            premises,
            {"excess": excess, "variance": most},
        )
        for premises, excess, most, where in (
            ((OCCUPIED, *BERNOULLIS[1:]), s, p, (le(c, p),)),  # not known to be a sum of independent variables
            ((*BERNOULLIS[:2], BERNOULLIS[1]), s, p, (le(c, p),)),  # no variance
            ((*BERNOULLIS[:2], Claim(eq(BERNOULLIS[2].conclusion.lhs, 0))), sp.Integer(0), sp.Integer(0), ()),  # 0/0
        )
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
]


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), TRUE, ids=[case[0] for case in TRUE])
def test_accepts_a_true_step(rule, claim, premises, args):
    assert RULES[rule].apply(claim, list(premises), args)


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), FALSE, ids=[case[0] for case in FALSE])
def test_does_not_accept_a_false_step(rule, claim, premises, args):
    assert refuses(RULES[rule], claim, premises, args)


@pytest.mark.parametrize("cases", [TRUE, FALSE], ids=["true", "false"])
def test_every_rule_is_tried(cases):
    assert {case[0] for case in cases} == set(RULES)


def test_dropping_a_premise_is_never_accepted():
    for rule, claim, premises, args in TRUE:
        assert not accepts_fewer(RULES[rule], claim, premises, args)
