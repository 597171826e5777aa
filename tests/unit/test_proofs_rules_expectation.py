"""The rules in `proofs.rules.expectation` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    GAUSS,
    IID,
    MISS,
    MOST,
    ROWS,
    TOTAL,
    C,
    M,
    accepts_fewer,
    p,
    refuses,
    v,
)

from proofs.language import (
    KEYS,
    PAIR,
    Below,
    Claim,
    E,
    eq,
    le,
)
from proofs.literature import LITERATURE
from proofs.model import (
    QueryCosine,
    Radius,
    Score,
    SecondScore,
    chance,
    d,
    hit,
    i,
    j,
    k,
    m,
    n,
    over_keys,
    x,
)
from proofs.rules import expectation

RULES = {rule.name: rule for rule in expectation.RULES}
CONCAVE = {"function": 1 - (1 - v) ** m, "variable": v, "point": chance(j)}
SUMMED = {**CONCAVE, "over": (j, 0, n - 1)}
H_SUM = over_keys(1 - (1 - chance(j)) ** m)
PAIRED = LITERATURE["scores-along-two-directions"].claim.parts[0]
PAIRS = sp.Product(Below(Score(j, n, d), Radius(d)) * Below(SecondScore(j, n, d), QueryCosine(d)), (j, 1, n - 1))
SHIFTED = sp.Product(Below(Score(j, n, d), x) * Below(SecondScore(j + 1, n, d), x), (j, 1, n - 1))


def at(value):
    return n * (1 - (1 - value) ** m)


# rule, claim, premises, args
TRUE = [
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
]

FALSE = [
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
