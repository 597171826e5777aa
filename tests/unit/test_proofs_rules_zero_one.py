"""The rules in `proofs.rules.zero_one` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    COUNT,
    MISS,
    ROWS,
    accepts_fewer,
    refuses,
)

from proofs.language import (
    Claim,
    eq,
    le,
)
from proofs.model import (
    ChiSquare,
    Rank,
    d,
    hit,
    i,
    j,
    m,
    n,
    x,
)
from proofs.rules import zero_one

RULES = {rule.name: rule for rule in zero_one.RULES}
IS_ONE, IS_TWO = (sp.KroneckerDelta(Rank(n, m, d), value) for value in (1, 2))
FROM_ONE, TO_TWO = Claim(le(1, Rank(n, m, d))), Claim(le(Rank(n, m, d), 2))

# rule, claim, premises, args
TRUE = [
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(COUNT, 0), 1 - MISS)), (), {}),
    ("union-contains", Claim(le(hit(0, j), 1 - MISS)), (), {}),
    ("union-at-most", Claim(le(1 - MISS, 1)), (Claim(le(hit(i, j), 1)),), {}),
    ("union-at-most", Claim(le(1 - MISS, x), (le(1, x),)), (Claim(le(hit(i, j), x), (le(1, x),)),), {}),
    ("two-values", Claim(eq(IS_ONE, 2 - Rank(n, m, d))), (FROM_ONE, TO_TWO), {}),
    ("two-values", Claim(eq(IS_TWO, Rank(n, m, d) - 1)), (FROM_ONE, TO_TWO), {}),
]

FALSE = [
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(COUNT, 0), MISS)), (), {}),
    ("zero-one-sum", Claim(eq(1 - sp.KroneckerDelta(sp.Sum(x * i, ROWS), 0), 1 - sp.Product(1 - x * i, ROWS))), (), {}),
    ("union-contains", Claim(le(1 - hit(0, j), 1 - MISS)), (), {}),
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
    ("union-contains", Claim(le(hit(0, j), 1 - sp.Product(1 - hit(i, j), (i, 0, m - 2)))), (), {}),
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
