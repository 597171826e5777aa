"""Ranks over heads against exact elimination and SymPy, and the certificate of the modular rank."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import montecarlo
from montecarlo import modular_rank
from montecarlo.joint_rank import rank_of_concatenation, rank_of_sum
from montecarlo.modular_rank import certified_rank, prime, rank_modulo


def matrices(choices, n_keys):
    return [montecarlo.attention_matrix(one, n_keys) for one in choices]


@pytest.mark.parametrize("heads", [1, 2, 3, 5])
@pytest.mark.parametrize("keys", [1, 2, 4, 12, 40])
@pytest.mark.parametrize("seed", range(6))
def test_ranks_over_heads_are_those_of_elimination(heads, keys, seed):
    rng = np.random.default_rng([heads, keys, seed])
    queries = int(rng.integers(1, 40))
    choices = rng.integers(0, keys, (heads, queries))
    found = matrices(choices, keys)
    assert rank_of_sum(choices, keys) == montecarlo.exact_rank(sum(found))
    assert rank_of_concatenation(choices, keys) == montecarlo.exact_rank(np.concatenate(found, axis=1))


def test_a_structured_case_in_which_nothing_peels():
    # Two heads that pick the two ends of the edges of a cycle: the sum is a circulant I + P, singular iff n is even.
    for n in (4, 5, 12, 13):
        choices = np.array([np.arange(n), (np.arange(n) + 1) % n])
        assert rank_of_sum(choices, n) == n - (n % 2 == 0)
        assert rank_of_concatenation(choices, n) == n
    for n in (4, 5):
        circulant = sum(matrices(np.array([np.arange(n), (np.arange(n) + 1) % n]), n))
        assert sympy.Matrix(circulant.tolist()).rank() == n - (n % 2 == 0)


@pytest.mark.parametrize("rank", [0, 1, 3, 10])
def test_a_deficient_matrix_is_certified(rank):
    rng = np.random.default_rng(rank)
    matrix = rng.integers(0, 3, (20, rank)) @ rng.integers(0, 3, (rank, 15))
    assert certified_rank(matrix) == montecarlo.exact_rank(matrix)


def test_one_prime_is_not_enough_where_it_lies(monkeypatch):
    # Planted: a "prime" 5 divides the determinant 5 of this matrix, and only the next one sees its rank.
    matrix = np.array([[1, 2], [0, 5]])
    assert rank_modulo(np.mod(matrix, 5).astype(float), 5.0) == 1
    monkeypatch.setattr(modular_rank, "prime", lambda index: [5, 7][index])
    assert certified_rank(matrix) == 2


def test_primes_are_the_largest_below_the_limit():
    found = [prime(i) for i in range(4)]
    expected, candidate = [], 2**26
    while len(expected) < 4:
        candidate = int(sympy.prevprime(candidate))
        expected.append(candidate)
    assert found == expected
