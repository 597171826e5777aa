"""The rules in `proofs.rules.convexity` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    MOST,
    accepts_fewer,
    alpha,
    beta,
    gamma,
    q,
    refuses,
)

from proofs.language import (
    Claim,
    le,
)
from proofs.model import (
    chance,
    j,
    x,
)
from proofs.rules import convexity

RULES = {rule.name: rule for rule in convexity.RULES}
MIXED = (le(0, x), le(x, 1), le(0, gamma), le(gamma, 1))
CHORD = {"function": alpha**q, "variable": alpha, "first": x, "second": chance(j), "weight": gamma}
ON_CHORD = (1 - gamma) * x + gamma * chance(j)
CUBES = le(((1 - gamma) * x + gamma * beta) ** 3, (1 - gamma) * x**3 + gamma * beta**3)

# rule, claim, premises, args
TRUE = [
    ("convex-combination", Claim(le(ON_CHORD**q, (1 - gamma) * x**q + gamma * chance(j) ** q), MIXED), (MOST,), CHORD),
    (
        "convex-combination",
        Claim(
            le((1 - gamma) * sp.log(x) + gamma * sp.log(2), sp.log((1 - gamma) * x + 2 * gamma)), (le(1, x), *MIXED[1:])
        ),
        (),
        {**CHORD, "function": sp.log(alpha), "second": 2, "low": 1, "high": 2, "shape": "concave"},
    ),
]

FALSE = [
    ("convex-combination", Claim(le(ON_CHORD**q, (1 - gamma) * x**q + gamma * chance(j) ** q), MIXED), (), CHORD),
    (
        "convex-combination",  # beyond the two points the function is above its chord
        Claim(le(ON_CHORD**2, (1 - gamma) * x**2 + gamma * chance(j) ** 2), (*MIXED[:2], le(0, gamma))),
        (MOST,),
        {**CHORD, "function": alpha**2},
    ),
    (
        "convex-combination",
        Claim(le((1 - gamma) * x**2 + gamma * chance(j) ** 2, ON_CHORD**2), MIXED),
        (MOST,),
        {**CHORD, "function": alpha**2, "shape": "concave"},
    ),
    (
        "convex-combination",  # the cube is concave below 0
        Claim(CUBES, (le(-1, x), *MIXED[1:], le(-1, beta), le(beta, 1))),
        (),
        {**CHORD, "function": alpha**3, "second": beta, "low": -1},
    ),
    (
        "convex-combination",  # a condition on the function's own variable says nothing about the points
        Claim(CUBES, (le(-1, x), *MIXED[1:], le(-1, beta), le(beta, 1), le(0, alpha))),
        (),
        {**CHORD, "function": alpha**3, "second": beta, "low": -1},
    ),
    (
        "convex-combination",  # constant between the whole numbers, and convex nowhere near them
        Claim(le(sp.ceiling(x / 2), (1 - gamma) * sp.ceiling(x) + gamma * sp.ceiling(0)), MIXED),
        (),
        {**CHORD, "function": sp.ceiling(alpha), "second": 0, "weight": sp.Rational(1, 2)},
    ),
    (
        "convex-combination",  # convex inside, with a jump at the end
        Claim(le(1 - 0**gamma, gamma), MIXED),
        (),
        {**CHORD, "function": 1 - 0**alpha, "first": 0, "second": 1},
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
