"""The low-rank bottleneck: what is cited and assumed against numbers, and false variants of its theorems."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.cases.evaluation import evaluate
from proofs.cases.heads import Agreeing, Head
from proofs.cases.log_numbers import Logs, exactly
from proofs.cases.reading import read
from proofs.cases.weights import matrix
from proofs.language import Claim, MatrixRank, eq, le
from proofs.literature import LITERATURE
from proofs.literature_matrices import LOG_RANK
from proofs.model import ASSUMPTIONS, OtherScore, a, b, d, n
from proofs.model.heads import OTHER, QUERY
from proofs.theorems import library
from rankbound import min_head_dim, represent, unattainable_attention
from rankbound.representation import fixed_only_layer, separation_from_standard

SEEDS = range(4)
TOKENS = matrix([[3, 0, 1], [0, 2, -1], [1, 1, 4]])
WIDE = Head(TOKENS, matrix([[0, 1, 0], [2, 0, 0], [0, 0, 1]]), 2)


def softmax(scores):
    """Column by column."""
    raised = np.exp(scores - scores.max(axis=0))
    return raised / raised.sum(axis=0)


def centred_log(shares):
    logs = np.log(shares)
    return logs - logs.mean(axis=0)


def outcomes(claim, model, ranges=None):
    """What becomes of a claim in a model, case by case."""
    theorem = dataclasses.replace(proofs.theorem("representation-threshold"), statement=claim)
    return {case.outcome for case in read(theorem, model, ranges)}


def part(name, number):
    return proofs.theorem(name).statement.parts[number - 1]


# What is cited.


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_of_low_rank_has_factors(seed):
    """rank-factorisation, with zeros where there are more columns than the rank."""
    rng = np.random.default_rng(seed)
    centred = centred_log(softmax(rng.standard_normal((5, 2)) @ rng.standard_normal((2, 5))))
    left, values, right = np.linalg.svd(centred)
    assert (values[2:] < 1e-12).all()
    for width in (2, 3):
        factors = left[:, :width] * values[:width] * (values[:width] > 1e-12), right[:width]
        assert np.allclose(factors[0] @ factors[1], centred)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_matrix_of_low_rank_is_nearer(seed):
    """eckart-young and singular-value-decomposition, in the words of the citation."""
    rng = np.random.default_rng(seed)
    centred = centred_log(softmax(rng.standard_normal((5, 5))))
    _, values, right = np.linalg.svd(centred)
    for rank in range(6):
        least = (values[rank:] ** 2).sum()
        truncated = centred @ right[:rank].T @ right[:rank]
        assert np.isclose(((centred - truncated) ** 2).sum(), least)
        assert np.allclose(truncated.sum(axis=0), 0)
        for _ in range(20):
            nearby = truncated if rank else np.zeros((5, 5))
            left, spread, back = np.linalg.svd(nearby + 0.1 * rng.standard_normal((5, 5)))
            other = left[:, :rank] * spread[:rank] @ back[:rank]
            assert ((centred - other) ** 2).sum() >= least - 1e-12


def test_the_citation_on_truncation_is_about_few_terms():
    (condition,) = LITERATURE["singular-value-decomposition"].claim.where
    assert condition == le(d, n)


# What is assumed.


@pytest.mark.parametrize("columns", [[[1, 0], [0, 1]], [[2, 1], [-3, 4]]])
def test_some_layers_agree(columns):
    """The assumption does not contradict itself."""
    for claim in ASSUMPTIONS["layers-agree"].grants.values():
        for seed in range(5):
            rng = np.random.default_rng(seed)
            drawn = (Fraction(int(value), 4) for value in rng.integers(-6, 7, 4))
            ranges = {str(symbol): [value] for symbol, value in zip((*QUERY, *OTHER), drawn, strict=True)}
            assert outcomes(claim, Agreeing(matrix(columns)), ranges) == {"holds"}


@dataclasses.dataclass(frozen=True)
class OtherForm(Agreeing):
    """The same values, and a form of rank 1."""

    def head(self, expr, env):
        return Fraction(1, 2) if isinstance(expr, OtherScore) else super().head(expr, env)


def test_layers_with_another_form_do_not_agree():
    ranges = {"x1": [Fraction(1)], "x2": [Fraction(0)], "y1": [Fraction(2)], "y2": [Fraction(0)]}
    claim = ASSUMPTIONS["layers-agree"].grants["first"]
    assert outcomes(claim, OtherForm(matrix([[1, 0], [0, 1]])), ranges) == {"fails"}


def test_tokens_in_the_cases_have_the_left_inverse():
    claim = ASSUMPTIONS["independent-tokens"].grants["left-inverse"]
    assert outcomes(claim, WIDE, {"i": range(3), "j": range(3)}) == {"holds"}
    assert outcomes(ASSUMPTIONS["column-stochastic"].grants["sum"], WIDE, {"l": range(3)}) == {"holds"}


def test_n_tokens_of_fewer_coordinates_have_no_left_inverse():
    """What the conditions of the assumption are for."""
    (*_, condition) = ASSUMPTIONS["independent-tokens"].grants["left-inverse"].where
    assert str(condition) == "n <= w"
    with pytest.raises(ZeroDivisionError):
        Head(matrix([[1, 0], [0, 1], [1, 1]]), WIDE.exponents, 1).left_inverse  # noqa: B018


# The statements, and what is near them and false.


def test_the_rank_of_the_head_is_the_threshold():
    reached = part("representation-threshold", 1)
    narrow = dataclasses.replace(WIDE, head_dim=1)
    ranges = dict.fromkeys("jl", range(3))
    assert outcomes(reached, WIDE, ranges) == {"holds"}
    assert outcomes(reached, narrow, ranges) == set()  # its condition does not hold
    looser = Claim(reached.conclusion, (le(LOG_RANK, d + 1), *reached.where[1:]))
    assert outcomes(looser, narrow, ranges) == {"fails"}


def test_the_root_of_the_head_dimension_is_needed():
    reached = part("representation-threshold", 1)
    less = reached.conclusion.xreplace({sp.sqrt(d): sp.Integer(1)})  # in the weights; it stays under the scores
    assert outcomes(Claim(eq(*less.args), reached.where), WIDE, dict.fromkeys("jl", range(3))) == {"fails"}


def test_n_minus_1_is_sharp():
    every, sharp = part("representation-threshold", 3).conclusion, part("representation-threshold", 4).conclusion
    assert outcomes(Claim(le(every.lhs, n - 2)), WIDE) == {"fails"}
    assert outcomes(Claim(le(n, sharp.rhs)), WIDE) == {"fails"}
    assert outcomes(Claim(eq(sharp.rhs, n - 1)), WIDE) == {"holds"}


def test_the_rank_of_attention_may_be_the_head_dimension():
    any_head = part("representation-threshold", 2).conclusion
    head = Head(matrix([[0]] * 6), matrix([[0] * 6] * 6), 4, in_logs=True)
    found = evaluate(any_head.lhs, head.sizes, head.head)
    assert 1 < found <= 4
    assert outcomes(Claim(le(any_head.lhs, d - 2)), head) == {"fails"}


@pytest.mark.parametrize(
    ("name", "step", "old", "new"),
    [
        ("representation-threshold", "every P", n - 1, n - 2),
        ("representation-threshold", "sharp", n - 1, n),
        ("representation-threshold", "any head", d, d - 1),
        ("representation-threshold", "reached", sp.sqrt(d), sp.Integer(1)),
        ("paper-representation", "statement", n, n - 2),
        ("paper-representation-full-rank", "statement", d + 1, d + 2),
        ("paper-representation-narrow", "missed", 2 / (n + 1), 1 / n),
    ],
)
def test_a_step_that_says_more_is_not_accepted(name, step, old, new):
    theorem = proofs.theorem(name)
    (found,) = (one for one in theorem.steps if one.name == step)
    relations = [
        one.func(*(side.xreplace({old: new}) for side in one.args), evaluate=False)
        for one in (*(found.claim.where), found.claim.conclusion)
    ]
    claim = Claim(relations[-1], tuple(relations[:-1]))
    assert claim != found.claim
    changed = dataclasses.replace(found, claim=claim)
    assert kernel.check_step(changed, theorem, library()).status != "accepted"


def test_what_they_rest_on(checked_theorems):
    for name, expected in {
        "representation-threshold": {"rank-of-sums", "rank-factorisation"},
        "best-approximation": {"eckart-young", "singular-value-decomposition"},
        "fixed-head-size": set(),
        "fixed-head-size-strict": {"rank-of-sums"},
        "paper-representation-narrow": set(),
    }.items():
        derivation = checked_theorems[name]
        assert derivation.status == "checked"
        assert {item.name for item in derivation.ledger if item.kind == "citation"} == expected


# Beside the numbers.


def test_the_sharp_matrix_beside_the_numbers():
    for size in (2, 3, 5):
        shares = [[Fraction(1 + (row == column), size + 1) for column in range(size)] for row in range(size)]
        assert min_head_dim(shares).value == size - 1
    for head_dim in (1, 2):  # the matrix of the representation package that a smaller head misses, by another way
        found = min_head_dim(unattainable_attention(4, head_dim).P)
        assert found.lower == head_dim + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_nearest_head_beside_the_numbers(seed):
    shares = softmax(np.random.default_rng(seed).standard_normal((4, 4)))
    for head_dim in (1, 2, 3):
        least = np.sqrt((np.linalg.svd(centred_log(shares), compute_uv=False)[head_dim:] ** 2).sum())
        assert np.isclose(represent(shares, None, head_dim).log_error, least, atol=1e-9)


def test_the_layer_is_separated_by_the_other_certificate_too():
    layer = fixed_only_layer(2, 2, 2)
    found = separation_from_standard(layer)
    assert found.separated
    assert found.rank_of_scores == 2


# The exact sums of logarithms by which the cases know ranks.


def test_sums_of_logarithms():
    value = Logs.of(Fraction(12, 5))
    assert dict(value.multiples) == {2: 2, 3: 1, 5: -1}
    assert value + Logs.of(Fraction(5, 12)) == Logs(())
    assert value.times(Fraction(0)) == Logs(())


@pytest.mark.parametrize(
    ("entry", "rank"),
    [
        (sp.log(2) * sp.KroneckerDelta(a, b), 3),
        (sp.log(2) * (a + 1) * b, 1),
        (sp.log(2**a) - sp.log(2) * a, 0),
        (sp.log((a + 1) * (b + 1)) - sp.log(b + 1) - sp.log(a + 1), 0),
        ((a + b) ** 2, 3),
        (sp.exp(sp.log(2) * a) * (1 + b), 1),
    ],
)
def test_ranks_by_elimination(entry, rank):
    assert exactly(MatrixRank(entry, a, b, 3, 3), {}, lambda expr, env: None) == rank
