"""Each assumption is needed: without it the conclusion fails in an exact setting, and the kernel rejects the proof."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.cases.picks import rank_of_picks
from proofs.cases.reading import read
from proofs.dropped import MAY_STILL_HOLD, settings, tied_weights
from proofs.model import ASSUMPTIONS, IDEAL, Token, barrier_of
from proofs.theorems import library

EVERY = proofs.assumption_counterexamples()
IDS = [one.id for one in EVERY]
RAISING = [one for one in EVERY if one.theorems and one.dropped != "one-pick-per-row"]
TRIED = {"x": (1, 2), "t": (0,), "v": (1,), "theta": (1,), "j": range(2), "k": range(3)}


@pytest.fixture(scope="module")
def done():
    found = {}
    for name in sorted({name for one in EVERY for name in one.theorems}):
        kernel.check(library()[name], library(), done=found)
    return found


@pytest.mark.parametrize("one", EVERY, ids=IDS)
def test_the_expected_rank_is_derived(one):
    assert one.derive() == one.expected_rank
    if one.again is not None:
        assert sp.simplify(one.again() - one.expected_rank) == 0


@pytest.mark.parametrize("one", RAISING, ids=lambda one: one.id)
def test_the_barrier_is_exceeded(one):
    assert one.stated == barrier_of(sp.Integer(2), sp.Integer(2)) == sp.Rational(3, 2)
    assert (one.expected_rank - one.stated).is_positive


@pytest.mark.parametrize(
    ("one", "name"),
    [(one, name) for one in RAISING for name in one.theorems],
    ids=lambda value: getattr(value, "id", value),
)
def test_the_conclusion_fails(one, name):
    """The theorem's own statement, read in the setting."""
    outcomes = {case.part: case.outcome for case in read(library()[name], one.model, TRIED)}
    if name == "norm-conditioned-barrier" and "fails" not in outcomes.values():
        first, _, third = library()[name].statement.parts[:3]  # together they bound the mean by the barrier
        assert first.conclusion.rhs == third.conclusion.lhs
        assert third.conclusion.rhs == library()["barrier"].statement.parts[2].conclusion.rhs
    else:
        assert "fails" in outcomes.values()


def test_a_lower_rank_contradicts_no_bound():
    (lower,) = proofs.assumption_counterexamples()[3:4]
    assert lower.id == "duplicated-tokens"
    assert lower.theorems == ()
    assert (lower.stated - lower.expected_rank).is_positive


def test_two_ones_in_a_row():
    (one,) = proofs.assumption_counterexamples("rank-is-occupancy")
    assert one.derive() == 1
    assert one.stated == 2  # both columns hold a 1


@pytest.mark.parametrize(
    ("name", "assumption"), sorted({(name, one.dropped) for one in EVERY for name in one.theorems})
)
def test_the_kernel_rejects_the_proof_without_the_assumption(done, name, assumption):
    theorem = library()[name]
    assert done[name].status == "checked"
    assert assumption in theorem.assumptions
    rest = tuple(other for other in theorem.assumptions if other != assumption)
    without = dataclasses.replace(theorem, assumptions=rest)
    earlier = {needed: done[needed] for needed in theorem.depends_on}
    assert kernel.check(without, library(), done=earlier).status != "checked"


def test_every_assumption_on_queries_and_weights_is_dropped_once():
    needed = {"one-pick-per-row", "independent-queries", "identical-queries", *IDEAL}
    assert {one.dropped for one in EVERY} == needed == set(MAY_STILL_HOLD)
    assert needed <= set(ASSUMPTIONS)


def test_of_the_queries_only_the_dropped_assumption_fails():
    (shared,) = settings.shared_coin().laws
    assert shared.is_identical()
    assert not shared.is_independent()
    (assigned,) = settings.assigned().laws
    assert assigned.is_independent()
    assert not assigned.is_identical()


def test_of_opposite_tokens_only_the_gram_matrix_is_wrong():
    tokens = np.array([[1], [-1]])
    assert (tokens @ tokens.T).tolist() == [[1, -1], [-1, 1]]
    (law,) = settings.opposite_tokens().laws
    assert law.patterns == {(0, 1): Fraction(1, 2), (1, 0): Fraction(1, 2)}


def test_skewed_weights_have_the_moments_that_are_assumed():
    """All that the assumptions grant holds, and what the ideal setting says of moments; only the law is not normal."""
    model = settings.skewed_weights()
    theorem = library()["ideal-setting"]
    moments = list(read(theorem, model, model.ranges))
    assert [case.part for case in moments] == [1, 2, 3]
    assert all(case.holds and case.rung == "exact" for case in moments)
    for name in IDEAL:
        for claim in ASSUMPTIONS[name].grants.values():
            (case,) = read(dataclasses.replace(theorem, statement=claim), model, model.ranges)
            assert case.holds, claim.text()


def test_skewed_weights_make_dependent_queries_without_ties():
    model = settings.skewed_weights()
    assert {abs(value) for value in model.entry} == {Fraction(2), Fraction(1, 2)}
    picks = model.picks()
    assert sum(law.weight for law in picks.laws) == 1
    assert all(not law.is_independent() for law in picks.laws)
    assert any(not law.is_identical() for law in picks.laws)


@pytest.mark.parametrize(
    ("head_dim", "expected"),
    [(1, sp.Rational(3, 2)), (2, 1 + 1 / sp.sqrt(2)), (3, sp.Rational(3, 2) + 1 / sp.pi), (4, 1 + 5 * sp.sqrt(2) / 8)],
)
def test_tied_weights_by_two_routes(head_dim, expected):
    """At head_dim 1 the barrier is met, above it exceeded."""
    assert sp.simplify(tied_weights.by_eigenvalues(head_dim) - expected) == 0
    assert sp.simplify(tied_weights.by_length(head_dim) - expected) == 0


@pytest.mark.parametrize("head_dim", [2, 5, 16])
def test_tied_weights_by_the_beta_law(head_dim):
    from scipy.special import betainc

    share = (2 - math.sqrt(2)) / 4
    expected = 2 - 2 * betainc(head_dim / 2, head_dim / 2, share)
    assert float(tied_weights.by_eigenvalues(head_dim)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_tied_weights_on_a_line_change_nothing(size):
    """What MAY_STILL_HOLD says of head_dim 1: all orders and signs of keys that are the queries too."""
    ranks = []
    for order in itertools.permutations(range(1, size + 1)):
        for signs in itertools.product((1, -1), repeat=size):
            keys = [sign * key for sign, key in zip(signs, order, strict=True)]
            ranks.append(rank_of_picks(tuple(keys.index(max(keys) if key > 0 else min(keys)) for key in keys)))
    assert Fraction(sum(ranks), len(ranks)) == 2 - Fraction(2) ** (1 - size)


def test_different_chances_only_raise_the_rank():
    """What MAY_STILL_HOLD says of identical queries: against independent queries with the averages of the chances."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        chances = rng.dirichlet(np.ones(4), size=3)
        mean = chances.mean(axis=0)
        assert (1 - np.prod(1 - chances, axis=0)).sum() >= (1 - (1 - mean) ** 3).sum() - 1e-12, "seed 3"


def test_the_token_head_is_the_one_of_the_assumption():
    assert any(claim.conclusion.has(Token) for claim in ASSUMPTIONS["orthonormal-tokens"].grants.values())


def test_misuse():
    with pytest.raises(ValueError, match="did you mean 'barrier'"):
        proofs.assumption_counterexamples("barier")
    assert proofs.assumption_counterexamples("chernoff-rate") == ()
