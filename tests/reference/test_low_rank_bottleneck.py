"""The low-rank bottleneck: attention matrices with known answers, and answers obtained by another route."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
from scipy.special import softmax

from rankbound import min_head_dim, represent, unattainable_attention
from rankbound.verdict import Rigour

N = 12
SEEDS = range(5)


def random_attention(n, seed):
    P = np.random.default_rng(seed).exponential(size=(n, n)) + 1e-6
    return P / P.sum(axis=0)


def centred(logits):
    return logits - logits.mean(axis=0)


@pytest.mark.parametrize("head_dim", [11, 12, 13, 40])
@pytest.mark.parametrize("seed", SEEDS)
def test_from_n_minus_1_on_every_matrix_is_reached(seed, head_dim):
    P, X = random_attention(N, seed), np.random.default_rng([seed, 1]).standard_normal((16, N))
    found = represent(P, X, head_dim)
    assert found.exact
    assert found.W_q.shape == found.W_k.shape == (head_dim, 16)
    # computed anew, as the paper writes it
    attained = softmax((found.W_k @ X).T @ (found.W_q @ X) / math.sqrt(head_dim), axis=0)
    assert np.linalg.norm(attained - P) < 1e-12
    assert np.linalg.norm(centred(np.log(attained)) - centred(np.log(P))) < 1e-12
    assert np.linalg.norm(found.P_hat - P) < 1e-12
    assert found.eckart_young == 0


@pytest.mark.parametrize("head_dim", [10, 6, 3, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_below_the_error_is_that_of_eckart_and_young(seed, head_dim):
    P, X = random_attention(N, seed), np.random.default_rng([seed, 1]).standard_normal((16, N))
    found = represent(P, X, head_dim)
    scores = (found.W_k @ X).T @ (found.W_q @ X) / math.sqrt(head_dim)
    with mpmath.workdps(30):  # the singular values from elsewhere, in 30 digits
        logs = mpmath.matrix([[mpmath.log(mpmath.mpf(float(v))) for v in row] for row in P])
        for j in range(N):
            mean = mpmath.fsum(logs[i, j] for i in range(N)) / N
            for i in range(N):
                logs[i, j] -= mean
        values = mpmath.svd_r(logs, compute_uv=False)
        expected = float(mpmath.sqrt(mpmath.fsum(values[k] ** 2 for k in range(head_dim, N))))
    assert np.linalg.norm(centred(scores) - centred(np.log(P))) == pytest.approx(expected, abs=1e-10)
    assert found.log_error == pytest.approx(expected, abs=1e-10)
    assert found.eckart_young == pytest.approx(expected, abs=1e-10)
    assert not found.exact
    assert np.linalg.norm(found.P_hat - P) <= found.log_error / 2


def test_no_other_weights_come_closer():
    """Descent from perturbed and from random weights ends no lower, and from the random ones close to as low."""
    n, head_dim = 6, 2
    P, X = random_attention(n, 7), scipy.linalg.qr(np.random.default_rng(8).standard_normal((n, n)))[0]
    best = represent(P, X, head_dim)
    target = centred(np.log(P))

    def loss(flat):
        W_q, W_k = flat.reshape(2, head_dim, n)
        keys, queries = W_k @ X, W_q @ X
        off = centred(keys.T @ queries / math.sqrt(head_dim)) - target
        slope = 2 * off / math.sqrt(head_dim)
        gradient = [keys @ slope @ X.T, queries @ slope.T @ X.T]
        return np.sum(off**2), np.concatenate([part.ravel() for part in gradient])

    found = np.concatenate([best.W_q.ravel(), best.W_k.ravel()])
    value, gradient = loss(found)
    assert value == pytest.approx(best.eckart_young**2, rel=1e-12)
    assert np.linalg.norm(gradient) < 1e-9  # 1e-12 of what the gradient is elsewhere
    rng = np.random.default_rng(9)
    starts = [found + 0.1 * rng.standard_normal(found.size) for _ in range(3)]
    starts += [rng.standard_normal(found.size) for _ in range(6)]
    options = {"maxiter": 300}
    ends = [scipy.optimize.minimize(loss, s, jac=True, method="L-BFGS-B", options=options).fun for s in starts]
    assert min(ends) >= value * (1 - 1e-9)
    assert min(ends[3:]) <= value * (1 + 1e-4)  # descent does work here


def test_closest_in_logits_is_not_closest_in_the_matrix():
    """The documentation says how far descent got, and that the logits paid for it."""
    n, head_dim = 6, 2
    P = np.random.default_rng(7).exponential(size=(n, n))
    P /= P.sum(axis=0)
    best = represent(P, None, head_dim)

    def scores(flat):
        W_q, W_k = flat.reshape(2, head_dim, n)
        return W_k.T @ W_q / math.sqrt(head_dim)

    def error(flat):
        return np.sum((softmax(scores(flat), axis=0) - P) ** 2)

    start = np.concatenate([best.W_q.ravel(), best.W_k.ravel()])
    found = scipy.optimize.minimize(error, start, options={"maxiter": 300}).x
    assert best.matrix_error == pytest.approx(0.79, abs=0.005)
    assert math.sqrt(error(start)) == pytest.approx(best.matrix_error, rel=1e-9)
    assert math.sqrt(error(found)) < 0.4  # 0.27 where this was written
    assert np.linalg.norm(centred(scores(found)) - centred(np.log(P))) > best.log_error


@pytest.mark.parametrize("rank", [1, 2, 5, 10])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_head_dim_of_scores_of_known_rank(rank, seed):
    rng = np.random.default_rng([seed, rank])
    P = softmax(rng.standard_normal((N, rank)) @ rng.standard_normal((rank, N)), axis=0)
    found = min_head_dim(P)
    assert found.value == found.rank == found.lower == rank
    assert found.upper == N - 1
    assert found.rigour is Rigour.FLOAT
    assert found.gap > 1e6
    assert represent(P, None, rank).exact
    assert rank == 1 or not represent(P, None, rank - 1).exact


def test_almost_every_matrix_needs_n_minus_1_and_that_is_proved():
    for n in (1, 2, 3, 12, 64):
        found = min_head_dim(random_attention(n, n))
        assert (found.lower, found.upper, found.rigour) == (n - 1, n - 1, Rigour.EXACT)
        assert found.value == max(1, n - 1)


def test_the_singular_values_are_those_of_an_independent_svd():
    P = random_attention(N, 3)
    values = scipy.linalg.svdvals(centred(np.log(P)))
    assert min_head_dim(P).singular_values == pytest.approx(values[:-1], rel=1e-10)


def test_counts_are_exact_however_close_to_a_smaller_rank():
    """Rank 2 but for one count in 10^30 (far below float64): proved all the same, and rank 2 is proved without it."""
    equal = min_head_dim([[1, 3, 9], [2, 6, 18], [32, 96, 288]])  # each column is a multiple of (1, 2, 32)
    assert (equal.rank, equal.rigour) == (1, Rigour.EXACT)
    powers = [[2 ** (10 * a * b) * 3 ** (7 * (c * d)) for b, d in ((1, 2), (3, 1), (2, 5), (1, 1))] for a, c in
              ((1, 0), (0, 1), (2, 3), (1, 4))]  # fmt: skip
    two = min_head_dim(powers)
    assert (two.rank, two.lower, two.upper, two.rigour) == (2, 2, 2, Rigour.EXACT)
    big = [[value * 10**30 for value in row] for row in powers]
    big[3][3] += 1
    three = min_head_dim(big)
    assert (three.rank, three.lower, three.upper, three.rigour) == (3, 3, 3, Rigour.EXACT)
    assert "elimination" in three.method


def test_fractions_and_floats_agree():
    exact = unattainable_attention(7, 3).P
    from_fractions = min_head_dim(exact)
    from_floats = min_head_dim(np.array(exact, dtype=float))
    assert (from_fractions.rank, from_fractions.rigour) == (4, Rigour.EXACT)
    assert (from_floats.rank, from_floats.lower, from_floats.rigour) == (4, 4, Rigour.FLOAT)
    assert from_fractions.singular_values[:4] == pytest.approx(from_floats.singular_values[:4], rel=1e-12)


@pytest.mark.parametrize("n", [3, 4, 7, 12])
def test_an_unattainable_matrix_for_each_head_dim_up_to_n_minus_2(n):
    for head_dim in range(1, n - 1):
        found = unattainable_attention(n, head_dim)
        assert found.check()
        P = np.array(found.P, dtype=float)
        assert min_head_dim(found.P).value == head_dim + 1
        best = represent(P, None, head_dim)
        assert not best.exact
        assert represent(P, None, head_dim + 1).exact
        # the distance, in closed form, is what Eckart and Young say in floats
        assert best.log_error == pytest.approx(found.distance.lower, rel=1e-12)
        assert found.distance.width < 1e-14
        # the minor, from its definition and in floats
        logs = np.log(P)
        sub = (logs - logs[found.reference_row])[np.ix_(found.rows, found.columns)]
        assert np.linalg.det(sub) == pytest.approx(found.minor.lower, rel=1e-10)
        assert 0 < found.minor.lower <= math.log(2) ** (head_dim + 1) * (1 + 1e-15)


def test_tampered_certificates_fail():
    from dataclasses import replace

    found = unattainable_attention(5, 2)
    assert found.check()
    zero = ((1, 0, 0), (0, 1, 0), (0, 0, 0))
    flat = tuple(tuple(Fraction(1, 5) for _ in range(5)) for _ in range(5))
    for change in (
        {"exponents": zero},
        {"P": flat},
        {"head_dim": 3},
        {"rows": (0, 1, 1)},
        {"columns": (0, 1, 3)},
        {"P": tuple(tuple(-value for value in row) for row in found.P)},
        {"P": tuple(tuple(2 * value for value in row) for row in found.P)},
    ):
        assert not replace(found, **change).check()
