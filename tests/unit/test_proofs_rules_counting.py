"""The rules in `proofs.rules.counting` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    BALL,
    COUNT,
    ROWS,
    accepts_fewer,
    refuses,
)

from proofs.language import (
    Claim,
    E,
    MatrixRank,
    eq,
    le,
)
from proofs.model import (
    Entry,
    MaskedEntry,
    MaskedRank,
    Rank,
    UniformPick,
    d,
    hit,
    i,
    j,
    k,
    l,
    m,
    masked_hit,
    n,
    over_keys,
    w,
    x,
)
from proofs.rules import counting

RULES = {rule.name: rule for rule in counting.RULES}
GRAM = sp.Sum(Entry(i, j, n, m, d) * Entry(i, l, n, m, d), ROWS)
OTHER = sp.KroneckerDelta(UniformPick(i, n), l)
MASKED_COUNT = sp.Sum(masked_hit(i, j), (i, 0, n - 1))
MASKED_GRAM = sp.Sum(MaskedEntry(i, j, n, w, d) * MaskedEntry(i, l, n, w, d), (i, 0, n - 1))
EMPTY = sp.Product(1 - BALL, ROWS)
SAME = sp.KroneckerDelta(j, l)

# rule, claim, premises, args
TRUE = [
    ("delta-cases", Claim(eq(hit(i, j) * hit(i, l), SAME * hit(i, j))), (), {}),
    (
        "gram-rank",
        Claim(eq(Rank(n, m, d), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(GRAM, SAME * COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",
        Claim(eq(MaskedRank(n, w, d), over_keys(1 - sp.KroneckerDelta(MASKED_COUNT, 0)))),
        (Claim(eq(MASKED_GRAM, SAME * MASKED_COUNT)),),
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
    (
        "factorials",
        Claim(eq(sp.factorial(n - k), (n - k) * sp.factorial(n - k - 1)), (le(k + 1, n),)),
        (),
        {"base": n - k - 1},
    ),
]

FALSE = [
    (
        "delta-cases",  # in a matrix a delta is not one number: rank I + rank(J - I) is 2 n
        Claim(
            eq(
                MatrixRank(SAME, j, l, n, n) + MatrixRank(1 - SAME, j, l, n, n),
                MatrixRank(0, j, l, n, n) + MatrixRank(1, j, l, n, n),
            )
        ),
        (),
        {},
    ),
    ("delta-cases", Claim(eq(hit(i, j) * hit(i, l), hit(i, j))), (), {}),
    ("delta-cases", Claim(eq(E(hit(i, j)) ** 2, E(hit(i, j)))), (), {}),
    (
        "gram-rank",
        Claim(eq(Rank(n, m, d), over_keys(sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(GRAM, SAME * COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",  # the Gram matrix of the masked matrix gives no rank of the other
        Claim(eq(Rank(n, n, d), over_keys(1 - sp.KroneckerDelta(MASKED_COUNT, 0)))),
        (Claim(eq(MASKED_GRAM, SAME * MASKED_COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",  # the window of another matrix
        Claim(eq(MaskedRank(n, n, d), over_keys(1 - sp.KroneckerDelta(MASKED_COUNT, 0)))),
        (Claim(eq(MASKED_GRAM, SAME * MASKED_COUNT)),),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",  # a row is left out
        Claim(eq(MaskedRank(n, w, d), over_keys(1 - sp.KroneckerDelta(sp.Sum(masked_hit(i, j), (i, 0, n - 2)), 0)))),
        (
            Claim(
                eq(
                    sp.Sum(MASKED_GRAM.function, (i, 0, n - 2)),
                    SAME * sp.Sum(masked_hit(i, j), (i, 0, n - 2)),
                )
            ),
        ),
        {"columns": (j, l)},
    ),
    (
        "gram-rank",  # the premise says nothing about what is off the diagonal
        Claim(eq(Rank(n, m, d), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(sp.Sum(Entry(i, j, n, m, d) ** 2, ROWS), COUNT)),),
        {"columns": (j, j)},
    ),
    ("delta-cases", Claim(eq(n, n)), (), {}),  # nothing is compared
    (
        "gram-rank",  # the rank of another matrix
        Claim(eq(MatrixRank(SAME, j, l, n, n), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
        (Claim(eq(GRAM, SAME * COUNT)),),
        {"columns": (j, l)},
    ),
    *(
        (
            "gram-rank",
            Claim(eq(Rank(n, m, d), over_keys(1 - sp.KroneckerDelta(COUNT, 0)))),
            (premise,),
            {"columns": columns},
        )
        for premise, columns in (
            (Claim(eq(GRAM.xreplace({l: k + 1}), sp.KroneckerDelta(j, k + 1) * COUNT)), (j, k + 1)),  # not any column
            (Claim(eq(Rank(n, m, d), SAME * COUNT)), (j, l)),  # not the Gram matrix
            (Claim(eq(GRAM, SAME * COUNT + 1)), (j, l)),  # not diagonal
            (Claim(eq(GRAM, SAME * COUNT), (le(j, l),)), (j, l)),  # for some columns only
        )
    ),
    *(
        (
            "square-of-sum",
            Claim(eq(base**2, over_keys(sp.Sum(merged, (other, 0, n - 1))))),
            (),
            {"sum": base, "other": other, "merged": merged},
        )
        for base, other, merged in (
            (over_keys(k + hit(i, j)), k, (k + hit(i, j)) * (k + hit(i, k))),  # the second index has a meaning already
            (over_keys(hit(i, j)), l, hit(i, j) * hit(i, l)),  # no products
            (
                over_keys(sp.Product(1 - hit(i, j), (i, 0, j))),  # products over ranges of their own
                l,
                sp.Product((1 - hit(i, j)) * (1 - hit(i, l)), (i, 0, j)),
            ),
        )
    ),
    *(
        (
            "double-sum",
            Claim(eq(over_keys(sp.Sum(body, (second, 0, n - 1))), right), where),
            (),
            {"first": j, "second": second, "number": n, "body": body},
        )
        for second, body, right, where in (
            (j, sp.Integer(1), n**2, ()),  # one index for both
            (l, SAME * j, n * j, ()),  # the terms depend on the index
            (l, 1 + SAME, 2 * n + n * (n - 1), (le(1, l),)),  # a condition on what is bound
        )
    ),
    (
        "binomial",
        Claim(eq(sp.binomial(x, k), sp.factorial(x) / sp.factorial(k) / sp.factorial(x - k)), (le(k, x),)),
        (),
        {},
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
