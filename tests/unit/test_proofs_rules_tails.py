"""The rules in `proofs.rules.tails` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    accepts_fewer,
    refuses,
    v,
)

from proofs.language import (
    KEYS,
    Below,
    Claim,
    E,
    Integral,
    eq,
    le,
)
from proofs.literature import LITERATURE
from proofs.model import (
    PickChance,
    QueryCosine,
    QueryTurn,
    Radius,
    both_pick,
    d,
    k,
    n,
    x,
)
from proofs.rules import tails

RULES = {rule.name: rule for rule in tails.RULES}
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

# rule, claim, premises, args
TRUE = [
    ("mean-by-tails", PAIR_MOMENT, BY_TAILS, OVER_ARC),
]

FALSE = [
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
    (
        "mean-by-tails",  # the tail is known at whole levels only
        PAIR_MOMENT,
        (Claim(ON_ARC.conclusion.xreplace({x: k}), (le(2, n),)), SECOND_MOMENT, SHORT_ARC),
        {**OVER_ARC, "level": k, "function": k**2, "mass": (v - k) ** 2},
    ),
    (
        "mean-by-tails",  # a function that varies with chance
        Claim(eq(E(PAIR_OF_0 * QueryCosine(2) * TURN**2, KEYS), QueryCosine(2) * LENGTH_OF_ARC**4 / 6), (le(2, n),)),
        BY_TAILS,
        {**OVER_ARC, "function": QueryCosine(2) * x**2},
    ),
    (
        "mean-by-tails",  # the integral is not known where the greatest value may be
        PAIR_MOMENT,
        (
            ON_ARC,
            Claim(SECOND_MOMENT.conclusion, (*HALF_TURN, sp.Ne(v, sp.Rational(1, 3), evaluate=False))),
            SHORT_ARC,
        ),
        OVER_ARC,
    ),
    ("mean-by-tails", PAIR_MOMENT, BY_TAILS[:2], OVER_ARC),  # nothing is said of the greatest value
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
