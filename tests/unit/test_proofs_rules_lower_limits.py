"""The rules in `proofs.rules.lower_limits` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    GROWTH,
    MEAN,
    accepts_fewer,
    refuses,
    s,
)

from proofs.language import (
    Claim,
    Lim,
    LimInf,
    eq,
    le,
    lt,
)
from proofs.model import (
    c,
    n,
    x,
)
from proofs.rules import lower_limits

RULES = {rule.name: rule for rule in lower_limits.RULES}
LOWER = LimInf(sp.log(MEAN) / sp.log(n), n)
AT_MOST_N = Claim(le(MEAN, n))

# rule, claim, premises, args
TRUE = [
    (
        "exponent-from-below",
        Claim(le(c, LOWER)),
        (Claim(le(7 * sp.exp(c * sp.log(n)) / sp.log(n) ** 2, MEAN), (le(2, n),)), AT_MOST_N),
        {},
    ),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(s, 2),)),), {"slack": s}),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LOWER))),
        {},
    ),
]

FALSE = [
    (
        "exponent-from-below",
        Claim(le(2 * c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN), (le(2, n),)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # the bound is negative
        Claim(le(c, LOWER)),
        (Claim(le(-sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # or may be
        Claim(le(c, LOWER)),
        (Claim(le(x * sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # 2^n against n^c
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)) - 2 ** (-n), MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # a difference of growing terms
        Claim(le(1, LOWER)),
        (Claim(le(n - sp.sqrt(n) * sp.log(n) * 100, MEAN)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # the bound holds for small n only
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN), (le(n, 9),)), AT_MOST_N),
        {},
    ),
    (
        "exponent-from-below",  # nothing keeps the lower limit finite
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), Claim(le(MEAN, 2**n))),
        {},
    ),
    (
        "exponent-from-below",  # what is bounded above is something else
        Claim(le(c, LOWER)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), Claim(le(MEAN / 2, n))),
        {},
    ),
    (
        "exponent-from-below",  # an upper limit says less
        Claim(le(c, GROWTH)),
        (Claim(le(sp.exp(c * sp.log(n)), MEAN)), AT_MOST_N),
        {},
    ),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(1, s),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (eq(s, 1),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x), (lt(s, x),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(0, x)), (Claim(le(-1 / s, x), (lt(s, 2),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(1, x)), (Claim(le(sp.ceiling(s), x), (lt(s, 2),)),), {"slack": s}),
    ("vanishing-slack-below", Claim(le(c, x)), (Claim(le(c - 3 * s, x + s), (lt(s, 2),)),), {"slack": s}),
    (
        "limit-from-both-sides",  # the premises the wrong way round
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(c, GROWTH)), Claim(le(LOWER, c))),
        {},
    ),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c / 2, LOWER))),
        {},
    ),
    (
        "limit-from-both-sides",
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LimInf(MEAN, n)))),
        {},
    ),
    (
        "limit-from-both-sides",  # under conditions that the claim does not have
        Claim(eq(Lim(sp.log(MEAN) / sp.log(n), n), c)),
        (Claim(le(GROWTH, c)), Claim(le(c, LOWER), (lt(c, 1),))),
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
