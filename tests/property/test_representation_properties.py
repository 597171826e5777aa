"""What holds for every positive matrix: the head's own attention comes back, and no head does better than it should."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from amount import amount
from hypothesis import assume, given
from hypothesis import strategies as st
from rational_elimination import exact_rank
from scipy.special import softmax

from rankbound import min_head_dim, represent, same_heads, to_head_size, unattainable_attention
from rankbound.representation import MultiHeadLayer
from rankbound.representation.exponents import coprime_base, log_rank_at_most
from rankbound.testing import assert_representable, stochastic_matrices
from rankbound.verdict import Rigour

SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed, n, spread):
    rng = np.random.default_rng(seed)
    return rng, softmax(spread * rng.standard_normal((n, n)), axis=0)


@given(SEEDS, st.integers(1, 9), st.integers(0, 4), st.integers(1, 12), st.floats(0.01, 30))
def test_errors_are_in_their_order(seed, n, wider, head_dim, spread):
    rng, P = drawn(seed, n, spread)
    X = rng.standard_normal((n + wider, n))
    found = represent(P, X, head_dim)
    assert found.log_error >= found.eckart_young - found.tolerance
    assert found.log_error <= found.eckart_young + found.tolerance
    assert found.matrix_error <= found.matrix_bound + found.tolerance
    assert found.exact or head_dim < n - 1
    assert abs(found.P_hat.sum(axis=0) - 1).max() < 1e-13


@given(SEEDS, st.integers(2, 8), st.integers(1, 8), st.floats(0.1, 3))
def test_what_a_head_makes_is_within_its_reach(seed, n, head_dim, spread):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, n))
    W_q, W_k = spread * rng.standard_normal((2, head_dim, n))
    P = softmax((W_k @ X).T @ (W_q @ X) / math.sqrt(head_dim), axis=0)
    if P.min() < 1e-290:
        return
    assert represent(P, None, head_dim).exact
    least = min_head_dim(P)
    assert least.lower <= min(head_dim, n - 1)
    assert least.lower <= least.rank <= least.upper


@given(stochastic_matrices(positive=True), st.integers(1, 12))
def test_errors_are_in_their_order_without_inputs_too(matrix, head_dim):
    found = represent(matrix.array, None, head_dim)
    assert abs(found.log_error - found.eckart_young) <= found.tolerance
    assert found.matrix_error <= found.matrix_bound + found.tolerance
    assert found.exact or head_dim < matrix.n_keys - 1
    assert abs(found.P_hat.sum(axis=0) - 1).max() < 1e-13


@given(stochastic_matrices(positive=True, n_keys=st.integers(2, 8)), st.data())
def test_neither_scaling_nor_reordering_tokens_changes_the_least_head_dim(matrix, data):
    P = matrix.array
    order = data.draw(st.permutations(range(len(P))))
    one, other = min_head_dim(P), min_head_dim(P[np.ix_(order, order)])
    assert one.value == other.value
    assert min_head_dim(P.T, convention="rows").value == one.value


@given(st.integers(2, 6), st.data())
def test_of_counts_everything_that_is_said_is_true(n, data):
    small = st.integers(1, 12)
    counts = data.draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=n, max_size=n))
    found = min_head_dim(counts)
    logs = np.log(np.array(counts, dtype=float))
    rank = np.linalg.matrix_rank(logs - logs[0], tol=1e-9)
    assert found.lower <= rank <= found.upper
    assert found.rank == rank
    columns = [sum(row[j] for row in counts) for j in range(n)]
    fractions = [[Fraction(value, columns[j]) for j, value in enumerate(row)] for row in counts]
    same = min_head_dim(fractions)
    assert (same.lower, same.rank, same.upper) == (found.lower, found.rank, found.upper)


@given(st.lists(st.integers(1, 10**30), max_size=8))
def test_a_coprime_base_makes_up_each_number(numbers):
    base = coprime_base(numbers, most=100)
    assert all(math.gcd(a, b) == 1 for i, a in enumerate(base) for b in base[:i])
    for number in numbers:
        for factor in base:
            while number % factor == 0:
                number //= factor
        assert number == 1


@given(st.integers(3, 9), st.data())
def test_an_unattainable_matrix_has_the_rank_that_it_should(n, data):
    head_dim = data.draw(st.integers(1, n - 2))
    found = unattainable_attention(n, head_dim)
    assert found.check()
    assert log_rank_at_most(found.P) == head_dim + 1
    assert min_head_dim(found.P).lower == head_dim + 1


@given(SEEDS, st.integers(1, 3), st.integers(1, 3), st.integers(0, 4))
def test_padding_is_exact(seed, heads, head_dim, more):
    rng = np.random.default_rng(seed)
    wide, tall = (heads, head_dim, heads * head_dim), (heads, heads * head_dim, head_dim)
    layer = MultiHeadLayer(
        W_q=rng.standard_normal(wide), W_k=rng.standard_normal(wide), W_v=rng.standard_normal(wide),
        W_o=rng.standard_normal(tall),
    )  # fmt: skip
    padded = to_head_size(layer, head_dim + more)
    assert same_heads(layer, padded)
    bent = MultiHeadLayer(
        W_q=padded.W_q, W_k=padded.W_k + 1, W_v=padded.W_v, W_o=padded.W_o,
        query_scale_squared=padded.query_scale_squared,
    )  # fmt: skip
    assert not same_heads(layer, bent)


@amount(60)
@given(st.integers(2, 6), st.data())
def test_a_planted_rank_is_the_least_head_dim_exactly(n, data):
    """B1, in rationals: P_ij ~ prod_k p_k^(u_ik v_kj) with primes p_k, so C log P = sum_k log p_k (C u_k) v_k.

    Where the r columns C u_k and the r rows v_k are independent its rank is r: a head of dimension r has this
    attention, and one of r - 1 has not, however the numbers are given.
    """
    r = data.draw(st.integers(1, n - 1))
    small = st.integers(0, 3)
    u = data.draw(st.lists(st.lists(small, min_size=r, max_size=r), min_size=n, max_size=n))
    v = data.draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=r, max_size=r))
    centred = [
        [Fraction(x) - Fraction(sum(column), n) for x, column in zip(row, zip(*u, strict=True), strict=True)]
        for row in u
    ]
    assume(exact_rank(centred) == exact_rank(v) == r)
    primes = (2, 3, 5, 7, 11)[:r]
    counts = [[math.prod(p ** (u[i][k] * v[k][j]) for k, p in enumerate(primes)) for j in range(n)] for i in range(n)]
    found = min_head_dim(counts)
    assert (found.lower, found.rank, found.upper, found.rigour) == (r, r, r, Rigour.EXACT)
    assert_representable(np.array(counts, dtype=object), r)
    assert represent(counts, None, r).exact
    if r > 1:
        with pytest.raises(AssertionError, match="assert_representable"):
            assert_representable(np.array(counts, dtype=object), r - 1)
        narrow = represent(counts, None, r - 1)
        assert not narrow.exact
        assert narrow.eckart_young > 0


@amount(60)
@given(stochastic_matrices(positive=True, n_keys=st.integers(2, 8)), st.integers(1, 6), SEEDS, st.floats(1e-3, 3))
def test_no_head_comes_closer_in_centred_logits(matrix, head_dim, seed, step):
    """B2: the distance is the root of the squares of the singular values left out, and no other head has less."""
    n, P = matrix.n_keys, matrix.array
    centre = np.eye(n) - 1 / n
    logs = centre @ np.log(P)
    values = np.linalg.svd(logs, compute_uv=False)
    found = represent(P, None, head_dim)
    allowed = found.tolerance + 1e-12 * values[0]
    assert abs(found.eckart_young - math.sqrt((values[head_dim:] ** 2).sum())) <= allowed
    rng = np.random.default_rng(seed)
    W_q, W_k = (W + step * rng.standard_normal(W.shape) for W in (found.W_q, found.W_k))
    other = centre @ (W_k.T @ W_q) / math.sqrt(head_dim)
    assert np.linalg.norm(logs - other) >= found.eckart_young - allowed
    assert np.linalg.norm(P - found.P_hat) <= found.log_error / 2 + allowed


@pytest.mark.parametrize("large", [2**62, 2**63, 2**64, 2**200])
def test_counts_stay_exact_whatever_their_size(large):
    """Of 1 and 2^63 NumPy makes floats."""
    found = min_head_dim([[large, 1, 1], [1, large, 1], [1, 1, 1]])
    assert (found.lower, found.rank, found.upper, found.rigour) == (2, 2, 2, Rigour.EXACT)
