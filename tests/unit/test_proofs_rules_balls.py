"""The rules in `proofs.rules.balls` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    accepts_fewer,
    refuses,
    s,
    v,
)

from proofs.language import (
    Claim,
    le,
    lt,
)
from proofs.model import (
    x,
)
from proofs.rules import balls

RULES = {rule.name: rule for rule in balls.RULES}


# rule, claim, premises, args
TRUE = [
    (
        "ball-bisection",
        Claim(lt(sp.log(x), x - sp.Rational(1, 2)), (le(sp.Rational(1, 9), x),)),
        (Claim(lt(sp.log(x), x - sp.Rational(1, 2)), (lt(3, x),)),),
        {"variable": x},
    ),
]

FALSE = [
    ("ball-bisection", Claim(lt(0, x), (le(0, x), le(x, 1))), (), {"variable": x}),  # false at 0
    ("ball-bisection", Claim(le(0, 1 / x), (le(-1, x), le(x, 1))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(sp.log(x), 1), (le(-1, x), le(x, 1))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(sp.log(x), x - 1), (le(2, x), le(x, 3))), (), {"variable": s}),
    ("ball-bisection", Claim(lt(sp.log(x), x - 1), (le(sp.Rational(1, 2), x), le(x, 3))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(0, 3 - x), (le(2, x),)), (), {"variable": x}),  # a half-line
    ("ball-bisection", Claim(lt(0, 3 - x), (le(2, x),)), (Claim(lt(0, 3 - x), (le(x, 2),)),), {"variable": x}),
    ("ball-bisection", Claim(lt(0, 3 - x + v), (le(1, x), le(x, 2))), (), {"variable": x}),
    ("ball-bisection", Claim(lt(8, sp.Pow(sp.E, x)), (le(1, x), le(x, 2))), (), {"variable": x}),
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
