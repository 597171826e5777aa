"""The rules in `proofs.rules.layers` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    C,
    M,
    accepts_fewer,
    p,
    refuses,
    s,
    v,
)

from proofs.language import (
    KEYS,
    NORM,
    Below,
    Claim,
    E,
    eq,
    le,
)
from proofs.literature import LITERATURE
from proofs.model import (
    Cosine,
    QueryCosine,
    Radius,
    d,
    n,
    t,
    x,
)
from proofs.rules import layers
from proofs.theorems import chance_grows_with_length, library
from proofs.theorems.norm_conditioned_barrier import G

RULES = {rule.name: rule for rule in layers.RULES}
SQUARED = Radius(d) ** 2
SAME_LAW = Claim(eq(E(Below(SQUARED, x)), E(Below(C, x))))
DECAY = {"function": sp.exp(-sp.exp(v)), "variable": v, "level": x}
CLOSE = Claim(le(E(Below(C, x)), E(Below(M, x)) + p))
G_NEAR, G_KEPT = n * G * Below(SQUARED, x), n * G * sp.exp(-n * G)
BY_LENGTH = {"level": x, "chance": G, "rate": n}
LOWERED = E(G.value - 5, NORM)
CLOSE_BY_LENGTH = Claim(le(E(G_NEAR), E(2 * G_NEAR) + p))
KEPT = Claim(le(E(G_KEPT), E(2 * G_KEPT) + p), (le(3, d),))
BY_POWER = {"level": x, "chance": G, "power": n - 1}
OTHERS_MISS = n * G * (1 - G) ** (n - 1)
MISSED_BY_OTHERS = Claim(le(E(OTHERS_MISS), E(2 * OTHERS_MISS) + p), (le(3, d),))
GROWS_WITH_LENGTH = library()["chance-grows-with-length"].statement
COSINE_IS_FREE = LITERATURE["query-along-key"].claim.parts[0]

# rule, claim, premises, args
TRUE = [
    (
        "same-law",
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (SAME_LAW,),
        {"function": sp.exp(-v), "variable": v},
    ),
    ("layer-cake", Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)), (CLOSE,), DECAY),
    (
        "layer-cake",  # with weights
        Claim(le(E(3 * sp.exp(-sp.exp(C))), E(C * sp.exp(-sp.exp(M))) + p)),
        (Claim(le(E(3 * Below(C, x)), E(C * Below(M, x)) + p)),),
        DECAY,
    ),
    ("layers-by-length", KEPT, (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE), BY_LENGTH),
    (
        "layers-by-length",
        MISSED_BY_OTHERS,
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE, Claim(le(G, 1))),
        BY_POWER,
    ),
]

FALSE = [
    (
        "layers-by-length",  # a chance of up to 2: (1 - G)^2 need not decrease
        Claim(MISSED_BY_OTHERS.conclusion.xreplace({(1 - G) ** (n - 1): (1 - G) ** 2}), (le(3, d),)),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE, Claim(le(G, 2))),
        {**BY_POWER, "power": 2},
    ),
    (
        "layers-by-length",  # (1 - G)^(-2) increases
        Claim(MISSED_BY_OTHERS.conclusion.xreplace({(1 - G) ** (n - 1): (1 - G) ** -2}), (le(3, d),)),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE, Claim(le(G, 1))),
        {**BY_POWER, "power": -2},
    ),
    (
        "layers-by-length",  # a mean that may be negative
        Claim(MISSED_BY_OTHERS.conclusion.xreplace({G: LOWERED}), (le(3, d),)),
        (
            Claim(CLOSE_BY_LENGTH.conclusion.xreplace({G: LOWERED})),
            Claim(GROWS_WITH_LENGTH.conclusion, GROWS_WITH_LENGTH.where),
            COSINE_IS_FREE,
            Claim(le(LOWERED, 1)),
        ),
        {**BY_POWER, "chance": LOWERED},
    ),
    (
        "same-law",  # another function on the other side
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-2 * C)))),
        (SAME_LAW,),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # at some levels only
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(SAME_LAW.conclusion, (le(0, x),)),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # at different levels
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(eq(E(Below(SQUARED, x)), E(Below(C, 2 * x)))),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # a law given the keys
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(eq(E(Below(SQUARED, x), KEYS), E(Below(C, x)))),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # a function that depends on chance otherwise: the two need not have one joint law
        Claim(eq(E(SQUARED * Radius(d)), E(C * Radius(d)))),
        (SAME_LAW,),
        {"function": v * Radius(d), "variable": v},
    ),
    ("layer-cake", Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))))), (CLOSE,), DECAY),  # nothing to spare
    (
        "layer-cake",  # an increasing function
        Claim(le(E(1 - sp.exp(-sp.exp(C))), E(1 - sp.exp(-sp.exp(M))) + p)),
        (CLOSE,),
        {**DECAY, "function": 1 - sp.exp(-sp.exp(v))},
    ),
    (
        "layer-cake",  # up to 2
        Claim(le(E(2 * sp.exp(-sp.exp(C))), E(2 * sp.exp(-sp.exp(M))) + p)),
        (CLOSE,),
        {**DECAY, "function": 2 * sp.exp(-sp.exp(v))},
    ),
    (
        "layer-cake",  # above 1 where the variable is negative
        Claim(le(E(sp.exp(-C)), E(sp.exp(-M)) + p)),
        (CLOSE,),
        {**DECAY, "function": sp.exp(-v)},
    ),
    (
        "layer-cake",  # at some levels only
        Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)),
        (Claim(CLOSE.conclusion, (le(0, x),)),),
        DECAY,
    ),
    (
        "layer-cake",  # an error that grows with the level
        Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + x)),
        (Claim(le(E(Below(C, x)), E(Below(M, x)) + x)),),
        DECAY,
    ),
    (
        "layer-cake",  # a weight that may be negative
        Claim(le(E(M * sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + p)),
        (Claim(le(E(M * Below(C, x)), E(Below(M, x)) + p)),),
        DECAY,
    ),
    (
        "layers-by-length",  # at head_dim 1 and 2 nothing says that the chance grows
        Claim(KEPT.conclusion),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # exp(n G) increases
        Claim(le(E(n * G * sp.exp(n * G)), 2 * E(n * G * sp.exp(n * G)) + p), (le(3, d),)),
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, COSINE_IS_FREE),
        {**BY_LENGTH, "rate": -n},
    ),
    (
        "layers-by-length",  # the shorter key has the larger chance
        KEPT,
        (
            CLOSE_BY_LENGTH,
            Claim(le(GROWS_WITH_LENGTH.conclusion.rhs, GROWS_WITH_LENGTH.conclusion.lhs), GROWS_WITH_LENGTH.where),
            COSINE_IS_FREE,
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # for lengths up to 1 only
        KEPT,
        (
            CLOSE_BY_LENGTH,
            Claim(
                GROWS_WITH_LENGTH.conclusion,
                (*GROWS_WITH_LENGTH.where, le(chance_grows_with_length.s, 1)),
            ),
            COSINE_IS_FREE,
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # another variable is independent of the keys
        KEPT,
        (
            CLOSE_BY_LENGTH,
            GROWS_WITH_LENGTH,
            Claim(eq(E(Below(QueryCosine(d), t), KEYS), E(Below(QueryCosine(d), t)))),
        ),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # the law of the cosine is only named
        KEPT,
        (CLOSE_BY_LENGTH, GROWS_WITH_LENGTH, Claim(eq(E(Below(-Cosine(d), t), KEYS), E(Below(-Cosine(d), t), KEYS)))),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # the premise is about the length, the claim about another variable
        Claim(le(E(C * sp.exp(-n * G)), E(2 * C * sp.exp(-n * G)) + p), (le(3, d),)),
        (Claim(le(E(C * Below(C, x)), E(2 * C * Below(C, x)) + p)), GROWS_WITH_LENGTH, COSINE_IS_FREE),
        BY_LENGTH,
    ),
    (
        "layers-by-length",  # exp(-n (G - 5)) is not at most 1
        Claim(le(*(E(weight * G * sp.exp(-n * LOWERED)) + more for weight, more in ((n, 0), (2 * n, p)))), (le(3, d),)),
        (
            CLOSE_BY_LENGTH,
            Claim(
                le(*(E(side.value - 5) for side in GROWS_WITH_LENGTH.conclusion.args)),
                GROWS_WITH_LENGTH.where,
            ),
            COSINE_IS_FREE,
        ),
        {**BY_LENGTH, "chance": LOWERED},
    ),
    (
        "same-law",  # at positive levels only
        Claim(eq(E(sp.exp(-SQUARED)), E(sp.exp(-C)))),
        (Claim(eq(E(Below(SQUARED, s)), E(Below(C, s)))),),
        {"function": sp.exp(-v), "variable": v},
    ),
    (
        "same-law",  # a mean given the keys is chance too
        Claim(eq(E(SQUARED * E(SQUARED, KEYS)), E(C * E(SQUARED, KEYS)))),
        (SAME_LAW,),
        {"function": v * E(SQUARED, KEYS), "variable": v},
    ),
    (
        "layer-cake",  # increases, then decreases
        Claim(le(E(1 / (1 + C**2)), E(1 / (1 + M**2)) + p)),
        (CLOSE,),
        {**DECAY, "function": 1 / (1 + v**2)},
    ),
    (
        "layer-cake",  # a slack that depends on chance
        Claim(le(E(sp.exp(-sp.exp(C))), E(sp.exp(-sp.exp(M))) + C)),
        (Claim(le(E(Below(C, x)), E(Below(M, x)) + C)),),
        DECAY,
    ),
    (
        "layer-cake",  # a mean is subtracted
        Claim(le(E(sp.exp(-sp.exp(C))), p - E(sp.exp(-sp.exp(M))))),
        (Claim(le(E(Below(C, x)), p - E(Below(M, x)))),),
        DECAY,
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
