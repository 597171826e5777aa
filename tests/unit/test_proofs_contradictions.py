"""Conditions that exclude each other are found, and those that a point satisfies are not blamed."""

from __future__ import annotations

import pytest
import sympy as sp

from proofs import counterexamples
from proofs.counterexamples import contradiction
from proofs.language import eq, le, lt
from proofs.model import d, m, n, x

y = sp.Symbol("y", real=True)
z = sp.Symbol("z", positive=True)

EXCLUDE_EACH_OTHER = [
    (lt(x, 0), lt(0, x)),
    (le(1, x), le(x, sp.Rational(1, 2))),
    (le(z, 0),),
    (le(n, 0),),
    (le(2, m), le(m, 1)),
    (le(n + 1, d), le(d, n)),
    (le(100, x), le(x, y), le(y, 99)),
    (eq(x, 1), le(x, 0)),
]
TOGETHER = [
    (),
    (le(1, x), le(x, 1)),
    (lt(0, x), lt(x, sp.Rational(1, 500))),
    (le(2 * m - 2, n), le(2, m)),
    (le(100, x), le(x**4, y * z), le(y, 1)),
    (lt(0, 1 - 2 * sp.sqrt(z) / sp.sqrt(d)), le(64 * z, d)),
    (sp.Ne(x, 1, evaluate=False), le(1, x)),
    (le(x, -1),),  # no power of ten: signs are asked
    (lt(1, x), lt(x, 2), lt(y, x - 1)),
]


@pytest.mark.parametrize("where", EXCLUDE_EACH_OTHER, ids=str)
def test_what_excludes_each_other_is_named(where):
    assert contradiction(where) in {f"{one.lhs} {one.rel_op} {one.rhs}" for one in where}


@pytest.mark.parametrize("where", TOGETHER, ids=str)
def test_what_goes_together_is_not_blamed(where):
    assert contradiction(where) == ""


@pytest.mark.parametrize("where", [*EXCLUDE_EACH_OTHER, *TOGETHER], ids=str)
def test_looking_for_a_point_first_changes_no_answer(where, monkeypatch):
    quick = contradiction(where)
    monkeypatch.setattr(counterexamples, "_is_met_somewhere", lambda _: False)
    assert contradiction(where) == quick


def test_the_search_for_a_point_ends():
    many = [sp.Symbol(f"v{i}", real=True) for i in range(12)]
    never = tuple(lt(one, -1) for one in many)
    assert not counterexamples._is_met_somewhere(never)
    assert not counterexamples._is_met_somewhere((lt(sum(many), -1),))
