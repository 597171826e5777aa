"""``rankbound.represent`` and ``rankbound.min_head_dim``: conventions, shapes, and each way of misuse."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import softmax

from rankbound import min_head_dim, represent, unattainable_attention
from rankbound.representation import certified_rank
from rankbound.representation.centred_logs import decompose, enclosed_centred_logs
from rankbound.representation.matrices import read_attention
from rankbound.verdict import Rigour

RNG = np.random.default_rng(5)
X = RNG.standard_normal((9, 6))
P = softmax(RNG.standard_normal((6, 6)), axis=0)


def changed(matrix, index, value):
    other = np.array(matrix, dtype=float)
    other[index] = value
    return other


def test_rows_are_pytorchs():
    columns, rows = represent(P, X, 4), represent(P.T, X.T, 4, convention="rows")
    assert np.array_equal(rows.W_q, columns.W_q)
    assert np.array_equal(rows.W_k, columns.W_k)
    assert np.array_equal(rows.P_hat, columns.P_hat.T)
    tokens = X.T  # n x embed_dim, as PyTorch has it
    attained = softmax((tokens @ rows.W_q.T) @ (tokens @ rows.W_k.T).T / math.sqrt(4), axis=1)
    assert attained == pytest.approx(rows.P_hat, abs=1e-13)
    assert min_head_dim(P.T, convention="rows").value == min_head_dim(P).value == 5


def test_without_inputs_they_are_the_identity():
    one, other = represent(P, None, 3), represent(P, np.eye(6), 3)
    assert one.P_hat == pytest.approx(other.P_hat, abs=1e-13)
    assert one.embed_dim == one.n == 6
    assert one.condition == other.condition == 1


def test_more_rows_than_needed_are_zero():
    found = represent(P, X, 20)
    assert found.W_q.shape == (20, 9)
    assert not found.W_q[6:].any()
    assert not found.W_k[6:].any()
    assert found.exact


def test_the_answer_says_what_it_is():
    found = represent(P, X, 2)
    assert found.rigour is Rigour.FLOAT
    assert not found.exact
    assert found.matrix_bound == found.log_error / 2
    assert found.matrix_error == pytest.approx(np.linalg.norm(found.P_hat - P), rel=1e-12)
    assert found.condition > 1
    assert 0 < found.tolerance < 1e-10
    assert found.singular_values.shape == (5,)
    with pytest.raises(AttributeError):
        found.exact = True


def test_ill_conditioned_inputs_widen_the_tolerance_and_not_the_claim():
    skewed = X * np.logspace(0, -9, 6)
    found = represent(P, skewed, 5)
    assert found.condition > 1e8
    assert found.log_error <= found.tolerance
    assert found.tolerance < 1e-3
    assert not represent(P, skewed, 4).exact
    hopeless = represent(P, X * np.logspace(0, -13, 6), 5)
    assert hopeless.tolerance > 1e-3
    assert not hopeless.exact


@pytest.mark.parametrize("scale", [1e-200, 1e-20, 1e20, 1e200])
def test_the_scale_of_the_inputs_does_not_matter(scale):
    assert represent(P, scale * X, 5).P_hat == pytest.approx(P, abs=1e-12)


def test_extreme_attention_is_reached():
    sharp = softmax(np.diag(np.full(6, 600.0)), axis=0)
    found = represent(sharp, X, 5)
    assert sharp.min() < 1e-250
    assert found.exact
    assert found.P_hat == pytest.approx(sharp, abs=1e-9)


def test_single_precision_is_taken_at_its_word():
    rank_two = softmax(RNG.standard_normal((6, 2)) @ RNG.standard_normal((2, 6)), axis=0)
    found = min_head_dim(rank_two.astype(np.float32))
    assert (found.value, found.lower, found.upper) == (2, 2, 5)
    assert 1e-7 < found.tolerance < 1e-4
    assert represent(rank_two.astype(np.float32), X, 5).exact


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_every_float_is_taken(dtype):
    given = softmax(np.random.default_rng(2).standard_normal((6, 6)), axis=0).astype(dtype)
    assert represent(given, X.astype(dtype), 5).exact
    assert min_head_dim(given).value == 5


def test_counts_and_fractions():
    counts = [[3, 1, 1], [1, 2, 1], [1, 1, 5]]
    fractions = [[Fraction(value, sum(row[j] for row in counts)) for j, value in enumerate(line)] for line in counts]
    for given in (counts, np.array(counts), fractions, np.array(fractions)):
        assert min_head_dim(given).rigour is Rigour.EXACT
        assert represent(given, None, 2).P_hat == pytest.approx(np.array(fractions, dtype=float), abs=1e-14)
    transposed = [list(column) for column in zip(*fractions, strict=True)]
    assert min_head_dim(transposed, convention="rows").value == 2


def test_uniform_attention_needs_a_head_of_dimension_1():
    found = min_head_dim([[1] * 4] * 4)
    assert (found.value, found.rank, found.lower, found.upper) == (1, 0, 0, 0)
    assert found.rigour is Rigour.EXACT
    assert found.gap == math.inf
    assert represent(np.full((4, 4), 0.25), None, 1).exact


def test_one_token():
    assert represent([[1.0]], [[2.0]], 1).exact
    assert min_head_dim([[1.0]]).value == 1


@pytest.mark.parametrize(
    ("given", "convention", "said"),
    [
        (P.T, "columns", r'^P = a matrix whose rows sum to 1: expected columns that do; pass convention="rows"'),
        (P, "rows", r'^P = a matrix whose columns sum to 1: expected rows that do; pass convention="columns"'),
        (
            [[Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 3), Fraction(2, 3)]],
            "columns",
            r"^P = a matrix whose rows sum",
        ),
        ([[Fraction(1, 2)] * 2, [Fraction(1, 3)] * 2], "columns", r"^sum of column 0 of P = 5/6: expected 1; divide"),
        (changed(P, (2, 1), 0.0), "columns", r"^P\[2, 1\] = 0\.0: expected a positive number; softmax gives no zeros"),
        (changed(P, (2, 1), -0.1), "columns", r"^P\[2, 1\] = -0\.1: expected a positive number"),
        (changed(P.T, (1, 2), 0.0), "rows", r"^P\[1, 2\] = 0\.0: expected a positive"),
        (changed(P, (0, 3), math.nan), "columns", r"^P\[0, 3\] = nan: expected a positive number; mend"),
        (changed(P, (0, 3), math.inf), "columns", r"^P\[0, 3\] = inf: expected a positive number; mend"),
        (2 * P, "columns", r"^sum of column \d of P = [\d.]+: expected 1; divide each column by its sum$"),
        (2 * P.T, "rows", r"^sum of row \d of P = [\d.]+: expected 1; divide each row by its sum$"),
        ([[2, 0], [1, 1]], "columns", r"^P\[0, 1\] = 0: expected a positive number"),
        ([[2, -3], [1, 1]], "columns", r"^P\[0, 1\] = -3: expected a positive number"),
        ([[Fraction(1, 2), 0.5], [0.5, 0.5]], "columns", r"^P\[0, 1\] = 0\.5: expected a Fraction or an integer"),
        (P[:5], "columns", r"^P = 'float64 of shape \(5, 6\)': expected a square matrix"),
        (P[0], "columns", r"^P = .*: expected a square matrix"),
        (np.empty((0, 0)), "columns", r"^P = .*: expected a square matrix"),
        ([[1.0], [0.5, 0.5]], "columns", r"^P = .*: expected a matrix; give rows of the same length"),
        (P + 0j, "columns", r"^P = 'complex128 of shape \(6, 6\)': expected floats"),
        ([["a"]], "columns", r"^P = .*: expected floats"),
        ([[True]], "columns", r"^P = 'bool of shape \(1, 1\)': expected floats"),
        (P, "diagonals", r"^convention = 'diagonals': expected \"columns\" or \"rows\"; take"),
    ],
)
def test_matrices_that_are_refused(given, convention, said):
    for call in (
        lambda: min_head_dim(given, convention=convention),
        lambda: represent(given, None, 2, convention=convention),
    ):
        with pytest.raises(ValueError, match=said) as caught:
            call()
        assert "\n" not in str(caught.value)
        assert re.search(": expected .*; ", str(caught.value))


@pytest.mark.parametrize(
    ("inputs", "convention", "said"),
    [
        (X[:5], "columns", r"^embed_dim = 5: expected at least n = 6 .*widen the embedding to at least 6, or take at"),
        (X[:5].T, "rows", r"^embed_dim = 5: expected at least n = 6"),
        (np.hstack([X[:, :5], X[:, :1]]), "columns", r"^X = '9 x 6': expected linearly independent tokens"),
        (np.zeros((9, 6)), "columns", r"^X = '9 x 6': expected linearly independent tokens"),
        (X.T, "columns", r"^X = 'float64 of shape \(6, 9\)': expected embed_dim x n with n = 6.*; transpose it"),
        (X, "rows", r"^X = 'float64 of shape \(9, 6\)': expected n x embed_dim with n = 6.*; transpose it"),
        (np.ones((9, 7)), "columns", r"^X = .*: expected embed_dim x n with n = 6, as P has it; give one token for"),
        (changed(X, (8, 2), math.nan), "columns", r"^X\[8, 2\] = nan: expected a finite number"),
        (changed(X.T, (2, 8), -math.inf), "rows", r"^X\[2, 8\] = -inf: expected a finite number"),
        (X[0], "columns", r"^X = .*: expected a matrix of real numbers"),
        (X * 1j, "columns", r"^X = .*: expected a matrix of real numbers"),
        ([[1.0], [1.0, 2.0]], "columns", r"^X = .*: expected a matrix; give rows of the same length"),
    ],
)
def test_inputs_that_are_refused(inputs, convention, said):
    with pytest.raises(ValueError, match=said) as caught:
        represent(P if convention == "columns" else P.T, inputs, 3, convention=convention)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("head_dim", [0, -1, 2.0, True, "3", None, 10**9])
def test_head_dims_that_are_refused(head_dim):
    with pytest.raises(ValueError, match=r"^head_dim = .*: expected an integer from 1 to \d+; .* n - 1 = 5 always"):
        represent(P, X, head_dim)


@pytest.mark.parametrize(
    ("n", "head_dim", "said"), [(2, 1, "^n = 2"), (5, 4, "^head_dim = 4: .* 1 to 3"), (5, 0, "^hea")]
)
def test_where_there_is_no_unattainable_matrix(n, head_dim, said):
    with pytest.raises(ValueError, match=said):
        unattainable_attention(n, head_dim)


def test_a_planted_error_in_the_singular_vectors_costs_the_certificate_and_not_the_truth():
    logs = decompose(read_attention(P, "columns"))
    floats, radii = enclosed_centred_logs(logs.attention)
    left, right = logs.left, logs.right
    assert certified_rank.rank_at_least(floats, radii, left[:, :5], right[:, :5]) == 5
    assert certified_rank.rank_at_least(floats, radii, left, right) == 5  # never 6: the matrix has rank 5
    assert certified_rank.rank_at_least(floats, radii, right[:, :5], left[:, :5]) < 5
    assert certified_rank.rank_at_least(floats, radii * np.nan, left[:, :5], right[:, :5]) == 0
    smallest = logs.singular_values[4]
    assert certified_rank.rank_at_least(floats, radii + smallest, left[:, :5], right[:, :5]) < 5


def test_the_enclosed_logs_contain_those_of_every_neighbour():
    exact = [[Fraction(2**70 + 1, 2**70) if i == j == 0 else Fraction(1 + i * j) for j in range(4)] for i in range(4)]
    floats, radii = enclosed_centred_logs(read_attention(P, "columns"))
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = np.log(P * (1 + np.finfo(float).eps * rng.choice([-1, 0, 1], size=P.shape)))
        assert (np.abs(other - other.mean(axis=0) - floats) <= radii).all()
    assert radii.max() < 1e-14
    column = sum(row[0] for row in exact)
    assert column.denominator > 1
    given = [[value / sum(row[j] for row in exact) for j, value in enumerate(line)] for line in exact]
    floats, radii = enclosed_centred_logs(read_attention(given, "columns"))
    assert np.isfinite(floats).all()
    assert radii.max() < 1e-14
