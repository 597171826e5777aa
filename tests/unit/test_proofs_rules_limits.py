"""The rules in `proofs.rules.limits` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    GAUSS,
    MEAN,
    OCCUPIED,
    RANK,
    accepts_fewer,
    refuses,
)

from proofs.language import (
    Claim,
    E,
    Exists,
    Lim,
    PicksConverge,
    eq,
    lt,
)
from proofs.model import (
    MaskedPick,
    Occupied,
    Pick,
    Rank,
    UniformPick,
    WindowPick,
    d,
    i,
    m,
    n,
    w,
)
from proofs.rules import limits

RULES = {rule.name: rule for rule in limits.RULES}
MASKED = Claim(PicksConverge(MaskedPick(i, n, w, d), WindowPick(i, w), i, d))
CONVERGE = Claim(PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d))

# rule, claim, premises, args
TRUE = [
    ("clt-picks", CONVERGE, (GAUSS["query-moments"], GAUSS["key-moments"]), {}),
    ("clt-picks", MASKED, (GAUSS["query-moments"], GAUSS["key-moments"]), {}),
    ("limit-of-mean", Claim(eq(Lim(E(Rank(n, m, d) ** 2), d), E(Occupied(n, m) ** 2))), (CONVERGE, RANK, OCCUPIED), {}),
    ("limit-algebra", Claim(eq(Lim(MEAN**2, d), n**2)), (Claim(eq(Lim(MEAN, d), n)),), {}),
    ("exists-from-limit", Claim(Exists(d, lt(n - 1, MEAN))), (Claim(eq(Lim(MEAN, d), n)), Claim(lt(n - 1, n))), {}),
]

FALSE = [
    # Picks under a mask are not uniform over all keys, nor those without a mask over a window, nor over another window.
    *(
        ("clt-picks", Claim(PicksConverge(before, after, i, d)), (GAUSS["query-moments"], GAUSS["key-moments"]), {})
        for before, after in (
            (MaskedPick(i, n, w, d), UniformPick(i, n)),
            (Pick(i, n, m, d), WindowPick(i, w)),
            (MaskedPick(i, n, w, d), WindowPick(i, w + 1)),
            (MaskedPick(i, n, w, d), WindowPick(i, n)),
        )
    ),
    ("clt-picks", MASKED, (GAUSS["query-moments"], GAUSS["query-moments"]), {}),
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
