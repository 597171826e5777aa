"""The rules in `proofs.rules.ranks` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import accepts_fewer, q, refuses

from proofs.language import Claim, MatrixRank, eq, le, lt
from proofs.model import (
    HeadKey,
    HeadQuery,
    LogSingularValue,
    Score,
    a,
    b,
    c,
    centred_log_share,
    d,
    e,
    i,
    j,
    l,
    n,
    x,
)
from proofs.rules import ranks

RULES = {rule.name: rule for rule in ranks.RULES}
TERMS = sp.Sum(HeadKey(j, e) * HeadQuery(l, e), (e, 0, d - 1))
FULL = TERMS + sp.KroneckerDelta(j, l)
SAME = sp.KroneckerDelta(j, l)
ONE = sp.Sum(x, (e, 0, 0))
NEAR = {"terms": TERMS, "row": j, "column": l, "place": q, "size": n}


def rank(entry, rows=n, columns=n):
    """The rank of a matrix with rows j and columns l."""
    return MatrixRank(entry, j, l, rows, columns)


def distance(size=n):
    """The squared distance of the sum of products from the centred log P."""
    return sp.Sum(sp.Sum((centred_log_share(j, l) - TERMS) ** 2, (l, 0, size - 1)), (j, 0, size - 1))


def tail(first, power=2):
    """The sum of the powers of the singular values from one on."""
    return sp.Sum(LogSingularValue(q, n) ** power, (q, first, n))


def entries(left, right, *where):
    """The premise that says what the entries are."""
    return (Claim(eq(left, right), where),)


# rule, claim, premises, args
TRUE = [
    ("rank-of-sum", Claim(le(rank(TERMS), d)), entries(TERMS, TERMS), {"terms": TERMS}),
    (
        "rank-of-sum",  # the entries are known in the matrix alone
        Claim(le(rank(HeadKey(j, l)), d)),
        entries(HeadKey(j, l), TERMS, le(j, n - 1), le(l, n - 1)),
        {"terms": TERMS},
    ),
    ("rank-of-sum", Claim(le(rank(FULL), rank(SAME) + d)), entries(FULL, FULL), {"terms": TERMS, "rest": SAME}),
    ("rank-of-sum", Claim(le(rank(x, 3, n), 1)), entries(x, ONE), {"terms": ONE}),
    ("rank-of-identity", Claim(eq(rank(c * SAME), n)), (), {}),
    ("rank-of-identity", Claim(eq(rank(x * SAME), n), (lt(x, 0),)), (), {}),
    ("low-rank-distance", Claim(le(tail(d + 1), distance()), (le(d, n),)), entries(TERMS, TERMS), NEAR),
]

FALSE = [
    ("rank-of-sum", Claim(le(rank(TERMS), d - 1)), entries(TERMS, TERMS), {"terms": TERMS}),
    ("rank-of-sum", Claim(le(d, rank(TERMS))), entries(TERMS, TERMS), {"terms": TERMS}),
    ("rank-of-sum", Claim(eq(rank(TERMS), d)), entries(TERMS, TERMS), {"terms": TERMS}),
    ("rank-of-sum", Claim(le(rank(FULL), d)), entries(FULL, FULL), {"terms": TERMS}),
    ("rank-of-sum", Claim(le(rank(FULL), d)), entries(FULL, FULL), {"terms": TERMS, "rest": SAME}),
    ("rank-of-sum", Claim(le(rank(FULL), rank(SAME))), entries(FULL, FULL), {"terms": TERMS, "rest": SAME}),
    ("rank-of-sum", Claim(le(rank(FULL, n, d), rank(SAME) + d)), entries(FULL, FULL), {"terms": TERMS, "rest": SAME}),
    (
        "rank-of-sum",  # not known in the last row
        Claim(le(rank(HeadKey(j, l)), d)),
        entries(HeadKey(j, l), TERMS, le(j, n - 2), le(l, n - 1)),
        {"terms": TERMS},
    ),
    (
        "rank-of-sum",  # not known in every column
        Claim(le(rank(HeadKey(j, l)), d)),
        entries(HeadKey(j, l), TERMS, le(l, j)),
        {"terms": TERMS},
    ),
    (
        "rank-of-sum",  # a term that is no product of a row's number and a column's
        Claim(le(rank(sp.Sum(HeadKey(j, l), (e, 0, 0))), 1)),
        entries(sp.Sum(HeadKey(j, l), (e, 0, 0)), sp.Sum(HeadKey(j, l), (e, 0, 0))),
        {"terms": sp.Sum(HeadKey(j, l), (e, 0, 0))},
    ),
    (
        "rank-of-sum",  # two products in one term
        Claim(le(rank(HeadKey(j, l)), 1)),
        entries(HeadKey(j, l), sp.Sum(HeadKey(j, e) + HeadQuery(l, e), (e, 0, 0))),
        {"terms": sp.Sum(HeadKey(j, e) + HeadQuery(l, e), (e, 0, 0))},
    ),
    (
        "rank-of-sum",  # the number of terms depends on the row
        Claim(le(rank(HeadKey(j, l)), 1)),
        entries(HeadKey(j, l), sp.Sum(HeadQuery(l, e), (e, 0, j))),
        {"terms": sp.Sum(HeadQuery(l, e), (e, 0, j))},
    ),
    (
        "rank-of-sum",  # of another matrix
        Claim(le(rank(HeadKey(j, l)), d)),
        entries(HeadKey(l, j), TERMS),
        {"terms": TERMS},
    ),
    (
        "rank-of-sum",  # about one row: j has a value
        Claim(le(MatrixRank(HeadKey(a, b), a, b, n, n), d)),
        entries(HeadKey(j, l), TERMS),
        {"terms": TERMS},
    ),
    (
        "rank-of-sum",  # a range that may run backwards
        Claim(le(rank(HeadKey(j, l)), d - i)),
        entries(HeadKey(j, l), sp.Sum(HeadKey(j, e) * HeadQuery(l, e), (e, i, d - 1))),
        {"terms": sp.Sum(HeadKey(j, e) * HeadQuery(l, e), (e, i, d - 1))},
    ),
    (
        "rank-of-sum",  # chance
        Claim(le(rank(HeadKey(j, l)), 1)),
        entries(HeadKey(j, l), sp.Sum(Score(0, n, d), (e, 0, 0))),
        {"terms": sp.Sum(Score(0, n, d), (e, 0, 0))},
    ),
    ("rank-of-identity", Claim(eq(rank(c * SAME), n - 1)), (), {}),
    ("rank-of-identity", Claim(eq(rank(x * SAME), n)), (), {}),  # x may be 0
    ("rank-of-identity", Claim(eq(rank(j * SAME), n)), (), {}),  # the first row is 0
    ("rank-of-identity", Claim(eq(rank(c + SAME), n)), (), {}),
    ("rank-of-identity", Claim(eq(rank(c * SAME, n, d), n)), (), {}),
    ("rank-of-identity", Claim(eq(rank(c * sp.KroneckerDelta(j, a)), n)), (), {}),
    ("rank-of-identity", Claim(eq(rank(c), n)), (), {}),
    ("low-rank-distance", Claim(le(tail(d), distance()), (le(d, n),)), entries(TERMS, TERMS), NEAR),
    ("low-rank-distance", Claim(le(tail(d + 1), distance())), entries(TERMS, TERMS), NEAR),  # d may exceed n
    ("low-rank-distance", Claim(le(tail(d + 1, 1), distance()), (le(d, n),)), entries(TERMS, TERMS), NEAR),
    ("low-rank-distance", Claim(le(distance(), tail(d + 1)), (le(d, n),)), entries(TERMS, TERMS), NEAR),
    ("low-rank-distance", Claim(le(2 * tail(d + 1), distance()), (le(d, n),)), entries(TERMS, TERMS), NEAR),
    ("low-rank-distance", Claim(le(tail(d + 1), distance(n - 1)), (le(d, n),)), entries(TERMS, TERMS), NEAR),
    ("low-rank-distance", Claim(le(tail(d + 1), distance()), (le(d, n),)), entries(FULL, FULL), NEAR),
    (
        "low-rank-distance",  # not known in the last row
        Claim(le(tail(d + 1), distance().xreplace({TERMS: HeadKey(j, l)})), (le(d, n),)),
        entries(HeadKey(j, l), TERMS, le(j, n - 2)),
        NEAR,
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
