"""Settings above the barrier, and any number of queries: what is taken by definition, and that false variants fail.

Samples have fixed seeds; means are compared at 5 standard errors, so that a test of a true claim fails for less than
one seed in a million.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import sympy as sp

import montecarlo
import proofs
from proofs import kernel
from proofs.dropped import tied_weights
from proofs.language import All, Claim, eq, le, lt
from proofs.model import ASSUMPTIONS
from proofs.theorems import library
from proofs.theorems.normal_against_chi_square import THEOREM as AGAINST
from rankbound import Setting

ERRORS, SAMPLE = 5, 40_000
NEW = ("cross-attention", "antipodal-tokens-exceed", "tied-setting", "normal-against-chi-square", "tied-weights-exceed")


def tied_pair(seed, head_dim):
    """Keys, which are the queries too, of two orthonormal tokens with weights drawn as they are defined."""
    rng = np.random.default_rng(seed)
    tokens = np.linalg.qr(rng.standard_normal((5, 5)))[0][:2]
    return tokens @ rng.standard_normal((SAMPLE, 5, head_dim)), rng


@pytest.mark.parametrize("head_dim", [1, 2, 5])
def test_what_is_granted_of_normal_keys(head_dim):
    """The parts ``mirror`` and ``along`` of the assumption ``normal-keys``, for either key."""
    keys, rng = tied_pair(head_dim, head_dim)
    normal, chi_square = rng.standard_normal(SAMPLE), rng.chisquare(head_dim, SAMPLE)
    below = np.mean(chi_square < normal**2)
    error = ERRORS * np.sqrt(0.5 / SAMPLE)
    products = np.einsum("re,re->r", keys[:, 0], keys[:, 1])
    for one in (0, 1):
        squares = np.einsum("re,re->r", keys[:, one], keys[:, one])
        assert abs(np.mean(squares < products) - np.mean(products < -squares)) < error
        assert abs(np.mean(squares**2 < products**2) - below) < error


@pytest.mark.parametrize("head_dim", [1, 2, 5])
def test_no_two_scores_of_a_row_are_equal(head_dim):
    keys, rng = tied_pair(head_dim + 10, head_dim)
    tied = keys @ keys.transpose(0, 2, 1)
    query, key = rng.standard_normal((2, SAMPLE, 1, head_dim))
    opposite = np.concatenate([query, -query], 1) @ np.concatenate([key, -key], 1).transpose(0, 2, 1)
    for scores in (tied, opposite):
        assert (scores[:, :, 0] != scores[:, :, 1]).all()
        assert (scores.argmax(2) == (scores[:, :, 0] < scores[:, :, 1])).all()
    assert (opposite.argmax(2).sum(1) == 1).all()


def stated(name, part):
    return proofs.theorem(name).statement.parts[part - 1].conclusion


@pytest.mark.parametrize(("part", "head_dim"), [(2, 1), (3, 2)])
@pytest.mark.thorough
def test_the_values_are_those_found_from_the_definition(part, head_dim):
    value = stated("tied-weights-exceed", part).rhs
    assert sp.simplify(tied_weights.by_length(head_dim) - value) == 0
    drawn = montecarlo.sample_variant_ranks(Setting(n_queries=2, n_keys=2, head_dim=head_dim, weights="tied"), SAMPLE)
    ranks = drawn.per_head[:, 0]
    assert abs(ranks.mean() - float(value)) < ERRORS * np.sqrt(0.25 / SAMPLE)


def test_opposite_tokens_always_have_rank_2():
    setting = Setting(n_queries=2, n_keys=2, head_dim=3, inputs="antipodal")
    assert (montecarlo.sample_variant_ranks(setting, 1000).per_head == 2).all()


@pytest.mark.parametrize("name", NEW)
def test_each_assumption_is_needed(checked_theorems, name):
    theorem = library()[name]
    assert checked_theorems[name].status == "checked"
    for assumption in theorem.assumptions:
        rest = tuple(one for one in theorem.assumptions if one != assumption)
        found = kernel.check(dataclasses.replace(theorem, id="without", assumptions=rest), library())
        assert found.status == "rejected", assumption


def test_assumptions_that_exclude_each_other_are_never_made_together():
    apart = {"antipodal-tokens": {"orthonormal-tokens"}, "tied-weights": {"independent-weights"}}
    for theorem in library().values():
        for one, others in apart.items():
            assert one not in theorem.assumptions or not others & set(theorem.assumptions), theorem.id


def test_what_holds_for_normal_keys_is_not_granted_without_tied_weights():
    theorem = library()["tied-weights-exceed"]
    assert ASSUMPTIONS["normal-keys"].by == "tied-setting"
    rest = tuple(name for name in theorem.depends_on if name != "tied-setting")
    found = kernel.check(dataclasses.replace(theorem, id="without", depends_on=rest), library())
    assert found.status == "rejected"


WRONG = [
    ("cross-attention", "below", lambda r: lt(r.rhs, r.lhs)),
    ("cross-attention", "above", lambda r: le(r.lhs, r.rhs - sp.Rational(1, 100))),
    ("cross-attention", "by 1/e", lambda r: le(r.lhs, r.rhs - sp.Rational(1, 100))),
    ("cross-attention", "at most the keys", lambda r: le(r.lhs, r.rhs - 1)),
    ("cross-attention", "at most the queries", lambda r: le(r.lhs, r.rhs - 1)),
    ("cross-attention", "all keys", lambda r: eq(r.lhs, r.rhs - 1)),
    ("cross-attention", "share", lambda r: eq(r.lhs, 1 - 1 / sp.E)),
    ("antipodal-tokens-exceed", "always", lambda r: eq(r.lhs, 1)),
    ("antipodal-tokens-exceed", "mean", lambda r: eq(r.lhs, sp.Rational(3, 2))),
    ("antipodal-tokens-exceed", "by sign 1 1", lambda r: eq(r.lhs, 1 - r.rhs)),
    ("antipodal-tokens-exceed", "opposite query", lambda r: eq(r.lhs, -r.rhs)),
    ("normal-against-chi-square", "bell", lambda r: eq(r.lhs, sp.Rational(1, 2))),
    ("normal-against-chi-square", "chance in two dimensions", lambda r: eq(r.lhs, sp.Rational(1, 4))),
    ("normal-against-chi-square", "one dimension more", lambda r: le(r.rhs, r.lhs)),
    ("normal-against-chi-square", "chance by moments", lambda r: le(r.lhs, r.rhs / 2)),
    ("tied-weights-exceed", "not both", lambda r: le(r.lhs, -1)),
    ("tied-weights-exceed", "law", lambda r: eq(r.lhs, r.rhs / 2)),
    ("tied-weights-exceed", "mean at 1", lambda r: eq(r.lhs, 2)),
    ("tied-weights-exceed", "mean at 2", lambda r: eq(r.lhs, sp.Rational(7, 4))),
    ("tied-weights-exceed", "grows", lambda r: le(r.rhs, r.lhs)),
    ("tied-weights-exceed", "limit", lambda r: eq(r.lhs, sp.Rational(3, 2))),
]


@pytest.mark.parametrize(("name", "step", "change"), WRONG, ids=[f"{name}, {step}" for name, step, _ in WRONG])
def test_a_false_variant_of_a_step_is_not_accepted(name, step, change):
    theorem = library()[name]
    (right,) = (one for one in theorem.steps if one.name == step)
    assert kernel.check_step(right, theorem, library()).status == "accepted"
    wrong = dataclasses.replace(right, claim=Claim(change(right.claim.conclusion), right.claim.where))
    assert kernel.check_step(wrong, theorem, library()).status != "accepted"


@pytest.mark.parametrize("step", ["exceeds", "least"])
def test_on_a_line_tied_weights_do_not_exceed_the_barrier(step):
    """Without head_dim >= 2 the claims are false at head_dim 1."""
    theorem = library()["tied-weights-exceed"]
    (right,) = (one for one in theorem.steps if one.name == step)
    wrong = dataclasses.replace(right, claim=Claim(right.claim.conclusion, right.claim.where[1:]))
    assert kernel.check_step(wrong, theorem, library()).status != "accepted"


def test_the_excess_over_the_exponential_cannot_be_smaller_than_half_of_1_over_e():
    """n/(n - 1) tends to 1, and the bound with 1/(2 e) alone fails at two keys and two queries."""
    relation = stated("cross-attention", 3)
    theorem = proofs.theorem("cross-attention")
    (n,) = (one for one in relation.free_symbols if str(one) == "n")
    tight = le(relation.lhs, relation.rhs - n / (2 * sp.E * (n - 1)) + 1 / (2 * sp.E))
    wrong = dataclasses.replace(theorem, statement=All((Claim(tight, theorem.statement.parts[2].where),)))
    assert any(case.outcome == "fails" for case in proofs.small_cases(wrong))


@pytest.mark.parametrize("part", [1, 2, 4, 5])
def test_chances_agree_with_samples(part):
    """The parts on numbers, at one and two degrees of freedom and more, in a sample of normals."""
    rng = np.random.default_rng(part)
    normals = rng.standard_normal((SAMPLE, 9)) ** 2
    relation = AGAINST.statement.parts[part - 1].conclusion
    for freedom in {1: (1,), 2: (2,)}.get(part, (2, 3, 8)):
        found = np.mean(normals[:, 1 : 1 + freedom].sum(1) < normals[:, 0])
        error = ERRORS * np.sqrt(0.25 / SAMPLE)
        if part <= 2:
            assert abs(found - float(relation.rhs)) < error
        else:
            (d,) = (one for one in relation.free_symbols if str(one) == "d")
            assert found <= float(relation.rhs.subs(d, freedom)) + error
