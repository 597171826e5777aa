"""The rules in `proofs.rules.mixtures` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import C, M, accepts_fewer, refuses, s, v

from proofs.language import Below, Claim, E, le
from proofs.model import Radius, Score, d, n, x
from proofs.rules import mixtures

RULES = {rule.name: rule for rule in mixtures.RULES}
SQUARED = Radius(d) ** 2
LONGER_BELOW = Below(v**2 + C, x)
LONGER_MEAN = Claim(le(E(Below(M**2 + C, x)), E(Below(C, x))))
MIXTURE = {"variable": v, "maximum": M, "left": LONGER_BELOW, "right": Below(C, x)}

# rule, claim, premises, args
TRUE = [
    ("mixture-over-maximum", LONGER_MEAN, (Claim(le(E(LONGER_BELOW), E(Below(C, x)))),), MIXTURE),
    (
        "mixture-over-maximum",
        Claim(le(E(M**2 * SQUARED), E(M**2 * C)), (le(3, d),)),
        (Claim(le(E(v**2 * SQUARED), E(v**2 * C)), (le(2, d),)),),
        {**MIXTURE, "left": v**2 * SQUARED, "right": v**2 * C},
    ),
]

FALSE = [
    (
        "mixture-over-maximum",  # P(M = v) = 0 for every number v, but M = M
        Claim(le(E((1 - Below(M, M)) * (1 - Below(-M, -M))), 0)),
        (Claim(le(E((1 - Below(M, v)) * (1 - Below(-M, -v))), 0)),),
        {**MIXTURE, "left": (1 - Below(M, v)) * (1 - Below(-M, -v)), "right": sp.Integer(0)},
    ),
    (
        "mixture-over-maximum",  # the same of a score, of which nothing says that M is independent
        Claim(le(E((1 - Below(Score(0, n, d), M)) * (1 - Below(-Score(0, n, d), -M))), 0)),
        (Claim(le(E((1 - Below(Score(0, n, d), v)) * (1 - Below(-Score(0, n, d), -v))), 0)),),
        {
            **MIXTURE,
            "left": (1 - Below(Score(0, n, d), v)) * (1 - Below(-Score(0, n, d), -v)),
            "right": sp.Integer(0),
        },
    ),
    (
        "mixture-over-maximum",  # and chi-square in place of the maximum
        Claim(le(E((1 - Below(C, C)) * (1 - Below(-C, -C))), 0)),
        (Claim(le(E((1 - Below(C, v)) * (1 - Below(-C, -v))), 0)),),
        {**MIXTURE, "maximum": C, "left": (1 - Below(C, v)) * (1 - Below(-C, -v)), "right": sp.Integer(0)},
    ),
    (
        "mixture-over-maximum",  # known for negative numbers only
        Claim(le(E(Below(C, M)), 0)),
        (Claim(le(E(Below(C, v)), 0), (le(v, 0),)),),
        {**MIXTURE, "left": Below(C, v), "right": sp.Integer(0)},
    ),
    (
        "mixture-over-maximum",  # known for positive numbers only
        Claim(le(E(Below(C, -M)), 0)),
        (Claim(le(E(Below(C, -s)), 0)),),
        {**MIXTURE, "variable": s, "left": Below(C, -s), "right": sp.Integer(0)},
    ),
    (
        "mixture-over-maximum",  # the number is still there on the right
        Claim(le(E(Below(M**2 + C, x)), E(LONGER_BELOW))),
        (Claim(le(E(LONGER_BELOW), E(LONGER_BELOW))),),
        {**MIXTURE, "right": LONGER_BELOW},
    ),
    (
        "mixture-over-maximum",  # nothing keeps the left side from having no mean
        Claim(le(E(-M * C), E(-M * C))),
        (Claim(le(E(-v * C), E(-v * C))),),
        {**MIXTURE, "left": -v * C, "right": -v * C},
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
