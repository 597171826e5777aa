"""The rules in `proofs.rules.sums` accept true steps and refuse false ones."""

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
    E,
    eq,
    le,
)
from proofs.model import (
    Rank,
    Token,
    a,
    b,
    d,
    hit,
    i,
    j,
    k,
    l,
    m,
    n,
    w,
    x,
)
from proofs.rules import sums

RULES = {rule.name: rule for rule in sums.RULES}
SUM = {"body": x * hit(i, j), "over": (ROWS,)}
DELTA = {"sum": sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), "at": b}
FOUR = sp.Sum(j**k, (j, 1, 4))
PLANE = {"body": i * j, "first": (i, 0, 2), "second": (j, 0, n - 1)}

# rule, claim, premises, args
TRUE = [
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
    (
        "sum-split",
        Claim(
            eq(MISS, sp.Product(1 - hit(i, j), (i, 0, k - 1)) * sp.Product(1 - hit(i, j), (i, k, m - 1))), (le(k, m),)
        ),
        (),
        {"sum": MISS, "last": k - 1},
    ),
    ("written-out", Claim(eq(sp.Product(j, (j, k, k + 1)), k * (k + 1))), (), {"sum": sp.Product(j, (j, k, k + 1))}),
    ("written-out", Claim(eq(FOUR, 1 + 2**k + 3**k + 4**k)), (), {"sum": FOUR}),
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k + 1)), (le(k, n + 1),)), (), {}),
    ("mean-of-sum", Claim(eq(E(x * COUNT), sp.Sum(E(x * hit(i, j)), ROWS))), (Claim(eq(x * COUNT, x * COUNT)),), SUM),
    (
        "delta-sum",
        Claim(eq(sp.Sum(Token(i, a) * sp.KroneckerDelta(a, b), (a, 0, w - 1)), Token(i, b)), (le(b, w - 1),)),
        (),
        DELTA,
    ),
]

FALSE = [
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
    ("written-out", Claim(eq(FOUR, 1 + 2**k + 3**k)), (), {"sum": FOUR}),
    ("written-out", Claim(eq(sp.Product(j, (j, k, k + 1)), 2 * k + 1)), (), {"sum": sp.Product(j, (j, k, k + 1))}),
    ("written-out", Claim(eq(sp.Product(j, (j, k, k + 1)), k**2)), (), {"sum": sp.Product(j, (j, k, k + 1))}),
    ("written-out", Claim(eq(sp.Product(j, (j, k, n)), k)), (), {"sum": sp.Product(j, (j, k, n))}),  # of any length
    # The index takes no negative values.
    ("written-out", Claim(eq(sp.Sum(j, (j, -1, 0)), -1)), (), {"sum": sp.Sum(j, (j, -1, 0))}),
    (
        "sum-split",  # one factor twice
        Claim(
            eq(MISS, sp.Product(1 - hit(i, j), (i, 0, k)) * sp.Product(1 - hit(i, j), (i, k, m - 1))), (le(k, m - 1),)
        ),
        (),
        {"sum": MISS, "last": k},
    ),
    (
        "sum-split",  # beyond the range
        Claim(eq(MISS, sp.Product(1 - hit(i, j), (i, 0, k)) * sp.Product(1 - hit(i, j), (i, k + 1, m - 1)))),
        (),
        {"sum": MISS, "last": k},
    ),
    (
        "sum-split",  # a product is not the sum of its parts
        Claim(
            eq(MISS, sp.Product(1 - hit(i, j), (i, 0, k - 1)) + sp.Product(1 - hit(i, j), (i, k, m - 1))), (le(k, m),)
        ),
        (),
        {"sum": MISS, "last": k - 1},
    ),
    ("written-out", Claim(eq(COUNT, hit(0, j))), (), {"sum": COUNT}),
    ("written-out", Claim(eq(sp.Sum(j, (j, 2, 1)), 0)), (), {"sum": sp.Sum(j, (j, 2, 1))}),
    ("written-out", Claim(eq(sp.Sum(1 / k, (l, 0, 1)), 2 / k)), (), {"sum": sp.Sum(1 / k, (l, 0, 1))}),  # k may be 0
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k))), (), {}),
    ("equal-factors", Claim(eq(sp.Product(x, (j, k, n)), x ** (n - k + 1))), (), {}),  # the range may run backwards
    ("equal-factors", Claim(eq(sp.Product(j, (j, 0, n)), j ** (n + 1))), (), {}),
    ("equal-factors", Claim(eq(sp.Sum(x, (j, 0, n)), x ** (n + 1))), (), {}),
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
    # A product is no sum, though both run over one range.
    (
        "sum-split",
        Claim(eq(MISS, sp.Sum(1 - hit(i, j), (i, 0, k - 1)) + sp.Sum(1 - hit(i, j), (i, k, m - 1))), (le(k, m),)),
        (),
        {"sum": MISS, "last": k - 1},
    ),
    ("written-out", Claim(eq(sp.Product(k + j, (j, 1, 2)), 2 * k + 3)), (), {"sum": sp.Product(k + j, (j, 1, 2))}),
    (
        "delta-sum",
        Claim(eq(sp.Product(*DELTA["sum"].args), Token(i, b)), (le(b, w - 1),)),
        (),
        {**DELTA, "sum": sp.Product(*DELTA["sum"].args)},
    ),
    ("equal-factors", Claim(eq(sp.Product(x, (j, 1, Rank(n, m, d))), x ** Rank(n, m, d))), (), {}),  # a random number
    (
        "sum-exchange",  # a range that may run backwards
        Claim(eq(sp.Sum(sp.Sum(i * j, (i, 2, k)), (j, 0, n - 1)), sp.Sum(sp.Sum(i * j, (j, 0, n - 1)), (i, 2, k)))),
        (),
        {**PLANE, "first": (i, 2, k)},
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
