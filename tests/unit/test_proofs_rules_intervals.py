"""The rules in `proofs.rules.intervals` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    M,
    accepts_fewer,
    p,
    refuses,
    s,
    v,
)

from proofs.language import (
    Below,
    Claim,
    E,
    le,
    lt,
)
from proofs.model import (
    n,
    x,
)
from proofs.rules import intervals

RULES = {rule.name: rule for rule in intervals.RULES}
FROM_0 = {"variable": s, "left": 0}
UP, UP2 = Claim(lt(0, 1)), Claim(lt(0, 2))
GROW = (sp.exp(s) - 1) / s
GROWS = Claim(lt(0, ((s - 1) * sp.exp(s) + 1) / s**2))
HOLE = (lt(0, v), sp.Ne(v, 1, evaluate=False))

# rule, claim, premises, args
TRUE = [
    ("increasing-from-limit", Claim(le(1, GROW)), (GROWS, Claim(le(1 - s, GROW))), FROM_0),  # undefined at 0
    ("increasing-from-limit", Claim(lt(1, GROW)), (GROWS, Claim(lt(1 - s, GROW))), FROM_0),
]

FALSE = [
    ("increasing-from-limit", Claim(le(1, s)), (UP, Claim(le(0, s))), FROM_0),  # tends to -1
    ("increasing-from-limit", Claim(le(0, s + x)), (UP, Claim(le(0, s))), FROM_0),  # tends to x
    ("increasing-from-limit", Claim(le(1, 2 * s)), (UP2, Claim(le(1 - 2 * sp.ceiling(s), 2 * s))), FROM_0),  # a jump
    ("increasing-from-limit", Claim(le(0, -1 / s)), (Claim(lt(0, 1 / s**2)), Claim(le(0, 1))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s)), (UP, Claim(le(2, 2 * s), (lt(1, s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s), (lt(1, s),)), (UP, Claim(le(2, 2 * s), (lt(1, s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s), (lt(2, 2 * s),)), (UP, Claim(le(2, 2 * s), (lt(2, 2 * s),))), FROM_0),
    ("increasing-from-limit", Claim(le(2, s)), (UP, Claim(le(2, 2 * s))), {"variable": s, "left": -1}),
    (
        "increasing-from-limit",
        Claim(lt(0, v), (le(0, v),)),
        (UP, Claim(le(0, v), (le(0, v),))),
        {**FROM_0, "variable": v},
    ),
    ("increasing-from-limit", Claim(le(2, n), (lt(0, n),)), (UP, Claim(le(2, 2 * n))), {**FROM_0, "variable": n}),
    ("increasing-from-limit", Claim(lt(p, p)), (Claim(le(0, 0)), Claim(le(-s, 0))), FROM_0),  # not strict
    ("increasing-from-limit", Claim(le(1, GROW)), (Claim(le(0, GROW)), Claim(le(1 - s, GROW))), FROM_0),
    (
        "increasing-from-limit",
        Claim(le(1, GROW)),
        (Claim(le(0, -GROWS.conclusion.rhs)), Claim(le(1 - s, GROW))),
        FROM_0,
    ),
    (
        "increasing-from-limit",  # a hole at 1, beyond which the function is negative
        Claim(le(0, 1 / (1 - v)), HOLE),
        (Claim(lt(0, 1 / (1 - v) ** 2), HOLE), Claim(le(1, 1 / (1 - v)), HOLE)),
        {**FROM_0, "variable": v},
    ),
    (
        "increasing-from-limit",  # a jump at 1
        Claim(le(0, s - 2 * sp.floor(s)), (lt(s, 2),)),
        (UP, Claim(le(0, s - 2 * sp.floor(s)), (lt(s, 2),))),
        FROM_0,
    ),
    (
        "increasing-from-limit",  # as steep as it is, it jumps down where M lies
        Claim(le(0, s - 2 * E(Below(M, s)))),
        (UP, Claim(le(-s, s - 2 * E(Below(M, s))))),
        FROM_0,
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
