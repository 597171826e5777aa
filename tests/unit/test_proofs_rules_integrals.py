"""The rules in `proofs.rules.integrals` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    UNIT,
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
    Below,
    Claim,
    Density,
    E,
    Integral,
    NormalTail,
    eq,
    le,
)
from proofs.model import (
    Cosine,
    d,
    n,
    t,
    x,
)
from proofs.rules import integrals

RULES = {rule.name: rule for rule in integrals.RULES}
UNIT_INTEGRAL = (v, 0, 1)
BELL = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
NORMAL_LAW = Claim(eq(E(Below(M, t)), 1 - NormalTail(t)))
NORMAL_DENSITY = Claim(Density(M, BELL, x))
COSINE, EVEN = Cosine(d), Claim(Density(Cosine(d), sp.Rational(1, 2), x, -1, 1))

# rule, claim, premises, args
TRUE = [
    ("reflection", Claim(eq(Integral(BELL * NormalTail(x) ** 2, x), Integral(BELL * NormalTail(-x) ** 2, x))), (), {}),
    (
        "fundamental-theorem",
        Claim(eq(Integral(v ** (n - 1), *UNIT_INTEGRAL), 1 / n)),
        (),
        {"antiderivative": v**n / n},
    ),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), 1)), (), {"antiderivative": -NormalTail(x)}),
    (
        "fundamental-theorem",
        Claim(eq(Integral(1 / x, x, s, p), sp.log(p) - sp.log(s)), (le(s, p),)),
        (),
        {"antiderivative": sp.log(x)},
    ),
    (
        "substitution",
        Claim(eq(Integral(BELL * (1 - NormalTail(x)) ** 3, x), Integral(v**3, *UNIT_INTEGRAL))),
        (),
        {"put": 1 - NormalTail(x)},
    ),
    (
        "substitution",  # decreasing, so the ends change places
        Claim(eq(Integral(-x * sp.exp(x**2), x, -1, 0), Integral(sp.exp(v) / 2, *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    (
        "integral-linearity",
        Claim(eq(Integral(n * x**2 - x / p, x, 0, 1), n * Integral(v**2, *UNIT_INTEGRAL) - Integral(x, x, 0, 1) / p)),
        (),
        {},
    ),
    (
        "integral-comparison",
        Claim(le(Integral(x**2, x, 0, 1), Integral(v, *UNIT_INTEGRAL))),
        (Claim(le(x**2, x), UNIT),),
        {},
    ),
    ("integral-comparison", Claim(le(0, Integral(BELL, x))), (Claim(le(0, BELL)),), {}),
    ("density-from-law", NORMAL_DENSITY, (NORMAL_LAW,), {}),
    (
        "density-from-law",
        Claim(Density(M, n * BELL * (1 - NormalTail(x)) ** (n - 1), x)),
        (Claim(eq(E(Below(M, t)), (1 - NormalTail(t)) ** n)),),
        {},
    ),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(v**2 * BELL.xreplace({x: v}), v))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(s * COSINE**2), Integral(s * x**2 / 2, x, -1, 1))), (EVEN,), {}),
]

FALSE = [
    ("reflection", Claim(eq(Integral(BELL * NormalTail(x), x), Integral(BELL * NormalTail(x) ** 2, x))), (), {}),
    ("reflection", Claim(eq(Integral(BELL * x, x), Integral(BELL * x, x))), (), {}),  # true, but not by this rule
    ("reflection", Claim(eq(Integral(x, x, 0, 1), Integral(-x, x, 0, 1))), (), {}),
    ("reflection", Claim(eq(Integral(x, x), Integral(-x, x))), (), {}),  # neither converges
    ("fundamental-theorem", Claim(eq(Integral(v**2, *UNIT_INTEGRAL), 1)), (), {"antiderivative": v**3 / 3}),
    ("fundamental-theorem", Claim(eq(Integral(v**2, *UNIT_INTEGRAL), 1)), (), {"antiderivative": v**3}),
    ("fundamental-theorem", Claim(eq(Integral(1 / x**2, x, -1, 1), -2)), (), {"antiderivative": -1 / x}),
    ("fundamental-theorem", Claim(eq(Integral(1 / x**2, x, 0, 1), 0)), (), {"antiderivative": -1 / x}),
    ("fundamental-theorem", Claim(eq(Integral(x, x, 1, 0), -sp.Rational(1, 2))), (), {"antiderivative": x**2 / 2}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": sp.ceiling(x)}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": E(Below(M, x))}),
    ("fundamental-theorem", Claim(eq(Integral(0, x, 0, 1), 1)), (), {"antiderivative": Integral(x, v, 0, 1)}),
    ("fundamental-theorem", Claim(eq(Integral(0, x), -1)), (), {"antiderivative": NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), -1)), (), {"antiderivative": NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(BELL, x), 0)), (), {"antiderivative": x - NormalTail(x)}),
    ("fundamental-theorem", Claim(eq(Integral(x * BELL, x), 0)), (), {"antiderivative": -BELL}),  # no limits known
    ("fundamental-theorem", Claim(eq(Integral(0, x), 0)), (), {"antiderivative": x / x**2}),
    ("fundamental-theorem", Claim(eq(Integral(x, x, 0, x), x**2 / 2)), (), {"antiderivative": x**2 / 2}),
    (
        "fundamental-theorem",  # the range may run backwards
        Claim(eq(Integral(x, x, s, p), (p**2 - s**2) / 2)),
        (),
        {"antiderivative": x**2 / 2},
    ),
    (
        "substitution",  # not monotone: the image of [-1, 1] is [0, 1]
        Claim(eq(Integral(2 * x**3, x, -1, 1), Integral(v, v, 1, 1))),
        (),
        {"put": x**2},
    ),
    (
        "substitution",  # without the derivative
        Claim(eq(Integral((1 - NormalTail(x)) ** 3 * x * BELL, x), Integral(v**3, *UNIT_INTEGRAL))),
        (),
        {"put": 1 - NormalTail(x)},
    ),
    (
        "substitution",  # a decreasing one gives the sign
        Claim(eq(Integral(x * sp.exp(x**2), x, -1, 0), Integral(sp.exp(v) / 2, *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    ("substitution", Claim(eq(Integral(2 * x, x, 0, 1), Integral(1, v, 0, 2))), (), {"put": x**2}),
    ("substitution", Claim(eq(Integral(2 * x, x, 0, 1), Integral(2 * v, *UNIT_INTEGRAL))), (), {"put": x**2}),
    ("substitution", Claim(eq(Integral(v, *UNIT_INTEGRAL), Integral(v, v, 0, 2))), (), {"put": v + x}),
    ("substitution", Claim(eq(Integral(v * x, x, 0, 1), Integral(v, *UNIT_INTEGRAL))), (), {"put": x}),
    ("substitution", Claim(eq(Integral(0, x, 0, 1), Integral(1, *UNIT_INTEGRAL))), (), {"put": sp.ceiling(x)}),
    ("substitution", Claim(eq(Integral(0, x), Integral(1, *UNIT_INTEGRAL))), (), {"put": 1 - NormalTail(x)}),
    (
        "substitution",  # the integrand is not bounded at the image of 0
        Claim(eq(Integral(2, x, 0, 1), Integral(1 / sp.sqrt(v), *UNIT_INTEGRAL))),
        (),
        {"put": x**2},
    ),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), Integral(x, x, 0, 1) ** 2)), (), {}),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), Integral(x**2, x, 0, 2))), (), {}),
    ("integral-linearity", Claim(eq(Integral(2 * x, x, 0, 1), Integral(x, x, 0, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(x * s, x, 0, 1), s * Integral(x, x, 0, 1) + s)), (), {}),
    ("integral-linearity", Claim(eq(Integral(x**2, x, 0, 1), x * Integral(x, x, 0, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(1 / v, v, -1, 1), Integral(1 / x, x, -1, 1))), (), {}),
    ("integral-linearity", Claim(eq(Integral(1 / x, x, 0, 1), Integral(v / v**2, *UNIT_INTEGRAL))), (), {}),
    ("integral-linearity", Claim(eq(0, 1)), (), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x, 0, 2), Integral(x, x, 0, 2))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), Integral(x**2, x, 0, 1))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x, 0, 1), Integral(x, x, 0, 2))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x**2, x), Integral(x, x))), (Claim(le(x**2, x), UNIT),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), v)), (Claim(le(x, v)),), {}),
    ("integral-comparison", Claim(le(Integral(x, x, 0, 1), Integral(v, v, 0, 1) - 1)), (Claim(le(x, x)),), {}),
    (
        "integral-comparison",  # known at one x only
        Claim(le(Integral(2, x, 0, 1), Integral(x, x, 0, 1)), (le(2, x),)),
        (Claim(le(2, x), (le(2, x),)),),
        {},
    ),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t)), 1 - NormalTail(t)), (le(0, t),)),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, s)), 1 - NormalTail(s))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t), KEYS), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(C, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M + t, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(1 - Below(M, t)), 1 - NormalTail(t))),), {}),
    ("density-from-law", NORMAL_DENSITY, (Claim(eq(E(Below(M, t)), 1 - NormalTail(2 * t))),), {}),
    ("density-from-law", Claim(Density(M, sp.Integer(0), x)), (Claim(eq(E(Below(M, t)), sp.ceiling(t))),), {}),
    ("density-from-law", Claim(Density(M, sp.Integer(0), x)), (Claim(eq(E(Below(M, t)), E(Below(M, t)))),), {}),
    ("density-from-law", Claim(Density(M, BELL, x, -1, 1)), (NORMAL_LAW,), {}),
    ("density-from-law", Claim(Density(M, -BELL, x)), (NORMAL_LAW,), {}),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(x * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(M**2), Integral(x**2 * BELL, x, -1, 1))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(M**2, KEYS), Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(C * M**2), C * Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(Below(M, 0)), Integral(BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(E(M) ** 2), Integral(x**2 * BELL, x))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(v * M), Integral(v**2 * BELL.xreplace({x: v}), v))), (NORMAL_DENSITY,), {}),
    ("mean-as-integral", Claim(eq(E(1 / COSINE), Integral(1 / x / 2, x, -1, 1))), (EVEN,), {}),
    ("mean-as-integral", Claim(eq(E(COSINE), Integral(x / 2, x, -1, 1))), (Claim(EVEN.conclusion, (le(3, d),)),), {}),
    (
        "mean-as-integral",  # the premise's x is a parameter
        Claim(eq(E(M), Integral(x**2 * BELL, x))),
        (Claim(Density(M, x * BELL.xreplace({x: v}), v)),),
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
