"""The rules in `proofs.rules.squeeze` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    accepts_fewer,
    refuses,
    s,
)

from proofs.language import (
    Claim,
    Lim,
    eq,
    le,
    lt,
)
from proofs.model import (
    c,
    chance,
    j,
    n,
    x,
)
from proofs.rules import squeeze

RULES = {rule.name: rule for rule in squeeze.RULES}


def squeezed(value, below, above, *where):
    return Claim(le(below, value), where), Claim(le(value, above), where)


# rule, claim, premises, args
TRUE = [
    (
        "limit-with-rate",
        Claim(eq(Lim((n + 1) / n, n), 1)),
        (Claim(lt(1 - c / n, (n + 1) / n)), Claim(le((n + 1) / n, 1 + sp.log(n) / sp.sqrt(n)), (le(40, n),))),
        {},
    ),
]

FALSE = [
    ("limit-with-rate", Claim(eq(Lim(1 + 1 / n, n), 0)), squeezed(1 + 1 / n, 0, 2), {}),
    ("limit-with-rate", Claim(eq(Lim((-1) ** n, n), 0)), squeezed((-1) ** n, -1, 1), {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), -1)), squeezed(1 / n, -1, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim(n**x, n), 0)), squeezed(n**x, 0, n**x), {}),
    ("limit-with-rate", Claim(eq(Lim(sp.log(n), n), 0)), squeezed(sp.log(n), 0, sp.log(n) ** 2 / sp.log(n)), {}),
    ("limit-with-rate", Claim(eq(Lim(n, n), 0)), squeezed(n, 0, 9 / n, le(n, 3)), {}),
    ("limit-with-rate", Claim(eq(Lim(n, n), 0)), squeezed(n, 0, 9 / n, eq(n, 3)), {}),
    ("limit-with-rate", Claim(eq(Lim(s, n), 0)), squeezed(s, 0, 1 / n, le(n * s, 1)), {}),  # s is fixed
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), 1 / n)), squeezed(1 / n, 1 / n, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n, n), 0)), squeezed(1 / n, 0, 1 / n)[::-1], {}),
    ("limit-with-rate", Claim(eq(Lim(1 / n + x, n), 0)), squeezed(1 / n, 0, 1 / n), {}),
    ("limit-with-rate", Claim(eq(Lim((x + x**2 / n) / x, n), 1)), squeezed(1 + x / n, 1, 1 + x / n), {}),  # 0/0
    ("limit-with-rate", Claim(eq(Lim(chance(j) / n, n), 0)), squeezed(chance(j) / n, 0, 1 / n), {}),
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
