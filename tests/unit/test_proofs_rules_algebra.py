"""The rules in `proofs.rules.algebra` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    BALL,
    MOST,
    UNIT,
    accepts_fewer,
    p,
    refuses,
    s,
    v,
)

from proofs.language import (
    KEYS,
    All,
    Claim,
    E,
    eq,
    le,
    lt,
)
from proofs.model import (
    chance,
    hit,
    i,
    j,
    m,
    n,
    over_keys,
    x,
)
from proofs.rules import algebra

RULES = {rule.name: rule for rule in algebra.RULES}


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
    (
        "two-sides",
        Claim(le(0, v**2)),
        (Claim(le(0, v**2), (lt(0, v),)), Claim(le(0, v**2), (lt(v, 0),))),
        {},
    ),  # not at 0
    ("specialise", Claim(le(1, 2 * n)), (Claim(le(1, 2 * n)),), {"put": {n + 1: n}}),  # no variable
    ("specialise", Claim(le(0, -1 + n)), (Claim(le(0, n + j)),), {"put": {j: sp.Integer(-1)}}),  # j is not negative
    ("specialise", Claim(le(0, p - 1)), (Claim(le(0, p)),), {"put": {p: p - 1}}),  # p is positive
    ("specialise", Claim(le(1, n / 2)), (Claim(le(1, n)),), {"put": {n: n / 2}}),  # n is whole
    ("specialise", Claim(le(0, v - 1)), (Claim(lt(0, v)),), {}),  # another relation
    ("sum-both-sides", Claim(eq(over_keys(chance(j)), n)), (MOST,), {"over": (j, 0, n - 1)}),  # no equation
    (
        "sum-both-sides",  # -2 <= -1, and the product of two of these is 4 <= 1
        Claim(le(sp.Product(-2, (j, 0, n - 1)), sp.Product(-1, (j, 0, n - 1)))),
        (Claim(le(-2, -1)),),
        {"over": (j, 0, n - 1), "kind": sp.Product},
    ),
    ("sum-both-sides", Claim(le(over_keys(chance(j)), n)), (MOST,), {"over": (j, 0, n - 1), "kind": sp.Max}),
    (
        "sum-both-sides",  # the condition is on an index outside
        Claim(le(over_keys(chance(j)), n), (le(j, 3),)),
        (Claim(MOST.conclusion, (le(j, 3),)),),
        {"over": (j, 0, n - 1)},
    ),
    ("integer-cases", Claim(le(1, x)), (Claim(le(1, x), (le(2, x),)), Claim(le(1, 1))), {"variable": x}),
    (
        "integer-cases",  # nothing is said of 1 to m - 1
        Claim(le(m, n), (le(1, n),)),
        (Claim(le(m, n), (le(2, n), le(m, n))), Claim(le(m, 1))),
        {"variable": n},
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
