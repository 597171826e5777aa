"""The rules in `proofs.rules.sequences` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    MISS,
    accepts_fewer,
    q,
    refuses,
    s,
)

from proofs.language import (
    Claim,
    eq,
    le,
)
from proofs.model import (
    hit,
    i,
    j,
    k,
    l,
    m,
    n,
    x,
)
from proofs.rules import sequences

RULES = {rule.name: rule for rule in sequences.RULES}
ODDS = sp.Sum(x * (2 * k + 1), (k, 0, n - 1))
BERNOULLI, AFTER = le(1 + k * s, (1 + s) ** k), le(1 + (k + 1) * s, (1 + s) ** (k + 1))
SQUARE_BELOW = le(k**2, 2**k)

# rule, claim, premises, args
TRUE = [
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
]

FALSE = [
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
