"""The rules in `proofs.rules.growth` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    GROWTH,
    MEAN,
    accepts_fewer,
    p,
    refuses,
    s,
)

from proofs.language import (
    Claim,
    Eventually,
    Lim,
    eq,
    le,
    lt,
)
from proofs.model import (
    c,
    d,
    n,
    x,
)
from proofs.rules import growth

RULES = {rule.name: rule for rule in growth.RULES}
ONE = Claim(le(1, MEAN))

# rule, claim, premises, args
TRUE = [
    ("power-log-limit", Claim(eq(Lim(sp.log(n) ** 3 / sp.sqrt(n), n), 0)), (), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, 7 * sp.exp(c * sp.log(n)) * sp.log(n) ** 2)), ONE), {}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (lt(s, 2),)),), {"slack": s}),
    ("exponent-below-one", Claim(eq(Lim(MEAN / n, n), 0)), (Claim(le(GROWTH, c)), Claim(lt(c, 1)), ONE), {}),
    (
        "uniformly-eventually",
        Claim(Eventually(n, d, le(d, sp.log(n)), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, 1 / n), (le(d, sp.log(n)), le(3, n))), Claim(eq(Lim(1 / n, n), 0))),
        {},
    ),
]

FALSE = [
    ("power-log-limit", Claim(eq(Lim(sp.log(n) ** 3, n), 0)), (), {}),
    ("power-log-limit", Claim(eq(Lim(sp.exp((c - 1) * sp.log(n)), n), 0)), (), {}),
    ("power-log-limit", Claim(eq(Lim(sp.sin(n) / n, n), 0)), (), {}),
    ("exponent", Claim(le(GROWTH, c / 2)), (Claim(le(MEAN, sp.exp(c * sp.log(n)))), ONE), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, sp.exp(c * sp.log(n))), (le(n, 9),)), ONE), {}),
    ("exponent", Claim(le(GROWTH, c)), (Claim(le(MEAN, sp.exp(c * sp.log(n))), (eq(9, n),)), ONE), {}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (lt(1, s),)),), {"slack": s}),
    ("vanishing-slack", Claim(le(x, c)), (Claim(le(x, c + 3 * s), (eq(s, 1),)),), {"slack": s}),
    ("vanishing-slack", Claim(le(x, 0)), (Claim(le(x, 1 / s), (lt(s, 2),)),), {"slack": s}),
    ("exponent-below-one", Claim(eq(Lim(MEAN / n, n), 0)), (Claim(le(GROWTH, c)), Claim(lt(c, 2)), ONE), {}),
    (
        "uniformly-eventually",  # the bound must not depend on d
        Claim(Eventually(n, d, le(d, sp.log(n)), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, d / n), (le(d, sp.log(n)),)), Claim(eq(Lim(d / n, n), 0))),
        {},
    ),
    (
        "uniformly-eventually",  # nor hold only where n is large against d
        Claim(Eventually(n, d, le(d, n), lt(MEAN / n, p))),
        (Claim(le(MEAN / n, 1 / n), (le(d, sp.log(n)),)), Claim(eq(Lim(1 / n, n), 0))),
        {},
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
