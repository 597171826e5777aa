"""Strategies of sizes, keys, queries and probabilities draw what their docstrings say, and each kind of it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from drawn_examples import drawn, seen
from hypothesis import given
from hypothesis import strategies as st

import rankbound.testing as rt
from rankbound.testing.keys import KEY_KINDS
from rankbound.testing.probabilities import VECTOR_KINDS
from rankbound.testing.queries import QUERY_LAWS
from rankbound.testing.stochastic import MATRIX_KINDS

KEYS = {"integers", "ordinary", "duplicate", "collinear", "norm-ratio", "subnormal", "convex"}
DTYPES = st.sampled_from(["float64", "float32"])


def rational(matrix):
    return [[Fraction(float(x)) for x in row] for row in matrix]


# Sizes


@given(st.data(), st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 8))
def test_sizes_are_within_their_bounds(data, low, more, step):
    length = data.draw(rt.sequence_lengths(min_value=low, max_value=low + more))
    assert low <= length <= low + more
    head_dim = data.draw(rt.head_dims(min_value=low, max_value=low + more + step, multiple_of=step))
    assert low <= head_dim <= low + more + step
    assert head_dim % step == 0


def test_sizes_are_spread_over_the_magnitudes_and_powers_of_two_are_frequent():
    lengths = drawn(rt.sequence_lengths(max_value=2**20 - 1), 400)
    assert len({n.bit_length() for n in lengths}) > 16
    next_to = {n for k in range(4, 20) for n in (2**k - 1, 2**k, 2**k + 1)}
    assert len(next_to & set(lengths)) > len(next_to) / 2, "by chance 1 in 100"


# Keys


@given(rt.key_matrices(dtype="float64") | rt.key_matrices(dtype="float32"))
def test_keys_are_finite_and_of_their_shape(keys):
    array = keys.array
    assert array.shape == (keys.n_keys, keys.head_dim)
    assert array.dtype == keys.dtype
    assert np.isfinite(array).all()
    assert array.flags.writeable
    assert array.flags.c_contiguous
    assert 1 <= keys.n_keys <= 12
    assert 1 <= keys.head_dim <= 8


@given(rt.key_matrices(kinds="integers"))
def test_integer_keys(keys):
    assert np.isin(keys.array, np.arange(-2, 3)).all()


@given(rt.key_matrices(kinds="duplicate"))
def test_duplicate_keys(keys):
    assert keys.n_keys >= 2
    assert len(np.unique(keys.array, axis=0)) <= keys.n_keys // 2


@given(rt.key_matrices(kinds="collinear", n_keys=st.integers(2, 20)))
def test_collinear_keys_are_on_a_line_exactly(keys):
    assert abs(keys.array).max() <= 15
    first, *rest = (row - keys.array[0] for row in keys.array.astype(int))
    assert not first.any()
    along = next((row for row in rest if row.any()), first)
    for row in rest:
        assert (np.outer(row, along) == np.outer(along, row)).all()


@given(DTYPES.flatmap(lambda dtype: rt.key_matrices(kinds="norm-ratio", dtype=dtype)))
def test_norms_are_as_far_apart_as_they_should_be(keys):
    end = 200 if keys.dtype == "float64" else 30
    exponents = np.frexp(abs(keys.array).max(axis=1))[1]
    assert exponents.min() == -end
    assert exponents.max() == end
    with np.errstate(all="raise"):
        assert np.isfinite(keys.array @ keys.array.T).all(), "no score overflows"


@given(DTYPES.flatmap(lambda dtype: rt.key_matrices(kinds="subnormal", dtype=dtype)))
def test_subnormal_keys(keys):
    limit = -1022 if keys.dtype == "float64" else -126
    subnormal = (keys.array != 0) & (abs(keys.array) < math.ldexp(1.0, limit))
    assert subnormal[0].all()
    assert (subnormal | (abs(keys.array) > 1e-30)).all()


@given(rt.key_matrices(kinds="convex", head_dim=st.integers(2, 6)))
def test_every_key_in_convex_position_has_a_query_that_picks_it(keys):
    array = keys.array.astype(int)
    queries = np.zeros_like(array)
    queries[:, 0], queries[:, 1] = 2 * array[:, 0], -1
    scores = queries @ array.T
    others = scores - np.diag(np.full(len(array), 10**9))
    assert (np.diag(scores) > others.max(axis=1)).all()


def test_every_kind_of_keys_occurs():
    assert set(KEY_KINDS) == KEYS
    for strategy in (rt.key_matrices(), rt.key_matrices(n_keys=5, head_dim=st.integers(2, 3))):
        assert seen(strategy, lambda keys: keys.kind, KEYS) == KEYS
    single = KEYS - {"duplicate", "norm-ratio"}
    assert seen(rt.key_matrices(n_keys=1, head_dim=1), lambda keys: keys.kind, single) == single


def test_lines_of_keys_go_through_the_origin_or_not():
    plane = rt.key_matrices(kinds="collinear", n_keys=4, head_dim=2)
    assert seen(plane, lambda keys: int(np.linalg.matrix_rank(keys.array)), {1, 2}) >= {1, 2}


# Probabilities


@given(rt.probability_vectors())
def test_probabilities_are_correctly_rounded(vector):
    exact = vector.fractions
    assert sum(exact) == 1
    assert vector.array.dtype == np.float64
    assert vector.array.tolist() == [float(p) for p in exact]
    total = sum(Fraction(p) for p in vector.array.tolist())
    assert abs(total - 1) <= Fraction(len(exact), 2**54)


@given(rt.probability_vectors(exact=True, positive=True, size=st.integers(2, 5)))
def test_exact_positive_vectors(vector):
    assert 2 <= len(vector) <= 5
    assert all(type(p) is Fraction and p > 0 for p in vector)
    assert sum(vector) == 1


@given(st.data(), st.booleans(), st.integers(1, 15))
def test_each_kind_of_probability_vector(data, positive, size):
    def weights(kind):
        return data.draw(rt.probability_vectors(kinds=kind, size=size, positive=positive)).weights

    least = int(positive)
    assert all(least <= w <= 20 for w in weights("counts"))
    assert weights("uniform") == (1,) * size
    near = weights("near-uniform")
    assert any(all(abs(w - 2**k) <= 1 for w in near) for k in range(20, 101))
    *rest, top = sorted(weights("near-degenerate"))
    assert top in [2**k for k in range(20, 101)]
    assert all(least <= w <= 3 for w in rest)
    assert any(rest) or size == 1
    assert sorted(weights("geometric")) == [2**k for k in range(size)]
    if not positive:
        assert sorted(weights("degenerate")) == [0] * (size - 1) + [1]


def extreme(vector):
    """Return what a vector looks like in float64."""
    array = vector.array
    if array.max() == 1:
        return "degenerate" if array.min() == 0 and (array > 0).sum() == 1 else "degenerate but for rounding"
    if array.max() > 1 - 1e-5:
        return "nearly degenerate"
    if np.ptp(array) == 0:
        return "uniform" if len(set(vector.weights)) == 1 else "uniform but for rounding"
    return "nearly uniform" if np.ptp(array) < 1e-5 else "other"


def test_vectors_degenerate_and_nearly_so_occur():
    vectors = rt.probability_vectors(size=st.integers(2, 9))
    wanted = {"degenerate", "degenerate but for rounding", "nearly degenerate", "other"}
    wanted |= {"uniform", "uniform but for rounding", "nearly uniform"}
    assert seen(vectors, extreme, wanted) == wanted
    assert len(VECTOR_KINDS) == 6


# Laws of queries


@given(rt.query_laws(), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_queries_are_of_their_law(law, n_queries, number):
    queries = law.draw(n_queries, rng=number)
    assert queries.shape == (n_queries, law.head_dim)
    assert queries.dtype == np.float64
    assert np.isfinite(queries).all()
    assert np.array_equal(queries, law.draw(n_queries, rng=np.random.default_rng(number)))
    if law.kind in ("constant", "signs"):
        assert (abs(queries) == 1).all()
    if law.kind == "constant":
        assert (queries == queries[0]).all()
    if law.kind == "one-hot":
        assert (abs(queries).sum(axis=1) == 1).all()
    if law.kind == "integers":
        assert np.isin(queries, np.arange(-2, 3)).all()
    if law.kind == "sphere":
        assert abs((queries**2).sum(axis=1) - 1).max() < 1e-14
    if law.kind == "line":
        assert np.linalg.matrix_rank(queries) == 1


@pytest.mark.parametrize(
    ("kind", "mean", "variance"),
    [
        ("gaussian", 0, 1),
        ("signs", 0, 1),
        ("integers", 0, 2),
        ("one-hot", 0, 1 / 2),
        ("line", 0, 1),
        ("shifted", 10, 1),
    ],
)
def test_first_component_of_a_law_has_its_moments(kind, mean, variance):
    """Six standard errors of 10,000 draws, from a fixed seed: false alarms below 1e-7 had it been another."""
    first = rt.QueryLaw(kind=kind, head_dim=2).draw(10_000, rng=7)[:, 0]
    assert abs(first.mean() - mean) < 6 * math.sqrt(variance / 1e4)
    assert abs(first.var() - variance) < 6 * math.sqrt(2 * variance**2 / 1e4) + 0.01


def test_heavy_tails_are_heavy():
    """P(|Cauchy| > 1) = 1/2 and P(|Cauchy| > 12.7) = 0.05; five standard errors of 10,000 draws."""
    first = abs(rt.QueryLaw(kind="heavy-tailed", head_dim=1).draw(10_000, rng=7))
    assert abs((first > 1).mean() - 0.5) < 5 * 0.005
    assert abs((first > 12.7062).mean() - 0.05) < 5 * 0.0022


def test_every_query_law_occurs():
    assert seen(rt.query_laws(), lambda law: law.kind, set(QUERY_LAWS)) == set(QUERY_LAWS)
    assert len(QUERY_LAWS) == 9


# Stochastic matrices


@given(
    st.sampled_from(["columns", "rows"]).flatmap(
        lambda convention: rt.stochastic_matrices(convention=convention, n_queries=st.integers(1, 6))
    )
)
def test_matrices_are_stochastic(matrix):
    array = matrix.array if matrix.convention == "rows" else matrix.array.T
    assert array.shape == (matrix.n_queries, matrix.n_keys)
    assert array.dtype == np.float64
    assert ((array >= 0) & (array <= 1)).all()
    for row in rational(array):
        assert abs(sum(row) - 1) <= Fraction(matrix.n_keys, 2**52)
    if matrix.kind in ("hard", "sparse"):
        assert matrix.n_keys == 1 or (array == 0).any()
    else:
        assert array.min() > 1e-300
    if matrix.kind == "hard":
        assert np.isin(array, (0, 1)).all()
    if matrix.kind == "uniform":
        assert (array == array[0, 0]).all()
    if matrix.kind == "peaked" and matrix.n_keys > 1:
        assert (np.sort(array, axis=1)[:, -2] == np.sort(array, axis=1)[:, -1] * 2.0**-40).all()
    if matrix.kind == "low-rank" and matrix.n_keys > 2:
        logs = np.log(array)
        assert np.linalg.matrix_rank(logs - logs[:, :1], tol=1e-9) <= 1


def test_every_kind_of_matrix_occurs():
    assert seen(rt.stochastic_matrices(), lambda one: one.kind, set(MATRIX_KINDS)) == set(MATRIX_KINDS)
    assert len(MATRIX_KINDS) == 8
    assert all((one.array > 0).all() for one in drawn(rt.stochastic_matrices(positive=True)))
    assert all((one.array == 0).any() for one in drawn(rt.stochastic_matrices(positive=False)))
    assert {one.array.shape for one in drawn(rt.stochastic_matrices(n_queries=2, n_keys=3))} == {(3, 2)}
    assert all(one.n_queries == one.n_keys for one in drawn(rt.stochastic_matrices()))
