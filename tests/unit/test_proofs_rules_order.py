"""The rules in `proofs.rules.order` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    ROWS,
    UNIT,
    M,
    accepts_fewer,
    p,
    refuses,
    s,
    v,
)

from proofs.language import (
    KEYS,
    Claim,
    E,
    NormalTail,
    eq,
    le,
    lt,
)
from proofs.model import (
    UniformPick,
    chance,
    hit,
    i,
    j,
    k,
    l,
    m,
    n,
    over_keys,
    x,
)
from proofs.rules import order

RULES = {rule.name: rule for rule in order.RULES}


# rule, claim, premises, args
TRUE = [
    ("sign", Claim(lt(0, x * (1 - x)), UNIT), (), {}),
    ("sign", Claim(lt(sp.Rational(63, 100), 1 - 1 / sp.E)), (), {}),
    ("sign", Claim(eq(sp.log(s), p), (eq(s - sp.log(s), s - p),)), (), {}),
    ("sign", Claim(lt(0, E((1 - NormalTail(M)) ** n, KEYS))), (), {}),
    ("sign", Claim(le(0, E(sp.Product(hit(i, j), ROWS), KEYS))), (), {}),
    ("sign", Claim(lt(0, sp.Product(1 + chance(j), (j, 1, n - 1)))), (), {}),
    ("combination", Claim(lt(x, 2)), (Claim(lt(x, 1)),), {}),
    ("combination", Claim(eq(x, 2)), (Claim(eq(x, 1 + p)), Claim(eq(p, 1))), {"weights": (1, 1)}),
    ("monotone", Claim(lt(sp.exp(x), sp.exp(p))), (Claim(lt(x, p)),), {"function": "exp"}),
    ("monotone", Claim(le(sp.log(s), sp.log(p))), (Claim(le(s, p)),), {"function": "log"}),
    ("monotone", Claim(le(s**3, p**3)), (Claim(le(s, p)),), {"function": "power", "exponent": 3}),
    ("derivatives", Claim(lt(1 - sp.exp(-s), s)), (), {"variable": s, "left": 0, "order": 2}),
    (
        "antisymmetry",
        Claim(eq(x, 1), (le(x, 1), le(1, x))),
        (Claim(le(x, 1), (le(x, 1),)), Claim(le(1, x), (le(1, x),))),
        {},
    ),
    (
        "monotone",
        Claim(le((1 - x) ** (n - 1), (2 - x) ** (n - 1)), UNIT),
        (Claim(le(1 - x, 2 - x)),),
        {"function": "power", "exponent": n - 1},
    ),
    ("sign", Claim(lt(0, sp.exp(x * sp.log(x - 1))), (lt(1, x),)), (), {}),
]

FALSE = [
    ("sign", Claim(lt(0, x * (1 - x))), (), {}),
    ("sign", Claim(lt(0, 4 * (2 * k + 2 * l) ** n / 3)), (), {}),  # k = l = 0, which SymPy denies
    ("sign", Claim(lt(0, 4 * (2 * UniformPick(0, 2) + 2 * UniformPick(1, 2)) ** 2 / 3)), (), {}),
    ("sign", Claim(lt(0, x * (2**n * k + 2 * l) / 3), (lt(0, x),)), (), {}),
    ("sign", Claim(lt(0, x * (1 - x)), (le(0, x), lt(x, 1))), (), {}),
    ("sign", Claim(lt(sp.Rational(64, 100), 1 - 1 / sp.E)), (), {}),
    ("sign", Claim(lt(0, sp.log(s))), (), {}),
    ("sign", Claim(eq(x, p)), (), {}),
    ("sign", Claim(eq(x, p), (le(x, p),)), (), {}),
    ("sign", Claim(eq(x, p), (eq(x, p + 1),)), (), {}),
    ("combination", Claim(lt(x, 1)), (Claim(le(x, 1)),), {}),
    ("combination", Claim(le(-x, -1)), (Claim(le(x, 1)),), {"weights": (-1,)}),
    ("combination", Claim(le(x, 1)), (Claim(le(x, 2)),), {}),
    ("combination", Claim(le(x, 1), ()), (Claim(le(x, 1), (le(0, x),)),), {}),
    ("monotone", Claim(lt(sp.exp(p), sp.exp(x))), (Claim(lt(x, p)),), {"function": "exp"}),
    ("monotone", Claim(le(x**2, v**2)), (Claim(le(x, v)),), {"function": "power", "exponent": 2}),
    ("monotone", Claim(le(sp.log(x), sp.log(p))), (Claim(le(x, p)),), {"function": "log"}),
    ("monotone", Claim(le(NormalTail(x), NormalTail(p))), (Claim(le(x, p)),), {"function": "normal-tail"}),
    ("derivatives", Claim(lt(s, 1 - sp.exp(-s))), (), {"variable": s, "left": 0, "order": 2}),
    ("derivatives", Claim(lt(0, sp.log(s))), (), {"variable": s, "left": 0, "order": 1}),
    ("derivatives", Claim(le(sp.floor(s), 0)), (), {"variable": s, "left": 0, "order": 1}),
    ("derivatives", Claim(lt(0, s**2), (le(0, s),)), (), {"variable": s, "left": 5, "order": 1}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(le(x, 1)), Claim(le(x, 1))), {}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(lt(x, 1)), Claim(le(1, x))), {}),
    ("antisymmetry", Claim(eq(x, 1)), (Claim(le(x, 1)), Claim(le(1, x), (le(2, x),))), {}),
    ("antisymmetry", Claim(eq(x, 2)), (Claim(le(x, 1)), Claim(le(1, x))), {}),
    ("sign", Claim(lt(0, E(chance(j)))), (), {}),
    ("sign", Claim(lt(0, hit(i, j))), (), {}),
    ("sign", Claim(lt(0, E(sp.Product(hit(i, j), ROWS)))), (), {}),
    ("sign", Claim(le(sp.Product(-NormalTail(i * x), ROWS), 0)), (), {}),  # with an even number of factors
    ("sign", Claim(eq(sp.Product(sp.Integer(0), (i, 1, m - 1)), 0)), (), {}),  # with no factor
    ("sign", Claim(lt(8, sp.Pow(sp.E, 2, evaluate=False))), (), {}),  # to SymPy an exp whose first argument is e
    (
        "monotone",  # 1 < 1 at n = 1
        Claim(lt((1 - x) ** (n - 1), (2 - x) ** (n - 1)), UNIT),
        (Claim(lt(1 - x, 2 - x)),),
        {"function": "power", "exponent": n - 1},
    ),
    ("sign", Claim(lt(0, sp.exp(x * sp.log(x - 1))), (lt(0, x),)), (), {}),  # not defined everywhere
    ("monotone", Claim(le(sp.cosh(v), sp.cosh(p))), (Claim(le(v, p)),), {"function": "cosh"}),
    ("derivatives", Claim(le(0, over_keys(s - j))), (), {"variable": s, "left": 0, "order": 1}),  # false for large n
    ("derivatives", Claim(le(sp.Rational(1, 10**9), s)), (), {"variable": s, "left": 0, "order": 1}),  # false near 0
    ("derivatives", Claim(le(0, s * (10**9 - s))), (), {"variable": s, "left": 0, "order": 1}),  # false far out
    ("derivatives", Claim(le(0, p - s), (le(s * p, 1),)), (), {"variable": s, "left": 0, "order": 1}),  # s = 2, p = 1/2
    (
        "derivatives",  # false at the closed right end
        Claim(lt(0, (s - 10**9) ** 2), (le(s, 10**9),)),
        (),
        {"variable": s, "left": 0, "order": 1},
    ),
    (
        "derivatives",  # false at the closed left end
        Claim(lt(0, (v - 10**9) ** 2), (le(10**9, v),)),
        (),
        {"variable": v, "left": 10**9, "order": 2},
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
