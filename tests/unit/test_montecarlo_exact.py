"""The last resort: scores in exact arithmetic, against fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from montecarlo.exact import best_keys


def by_fractions(query, keys):
    scores = [sum(Fraction(x) * Fraction(y) for x, y in zip(query, key, strict=True)) for key in keys.tolist()]
    return [index for index, score in enumerate(scores) if score == max(scores)]


@pytest.mark.parametrize("head_dim", [1, 2, 7, 40])
@pytest.mark.parametrize("spread", [0, 30, 1000])
def test_best_keys_are_those_of_fractions(head_dim, spread):
    rng = np.random.default_rng([head_dim, spread])

    def drawn(*shape):
        numbers = np.ldexp(rng.normal(size=shape), rng.integers(-spread, spread + 1, shape))
        return np.where(rng.random(shape) < 0.1, 0.0, numbers)

    for _ in range(20):
        query, keys = drawn(head_dim), drawn(12, head_dim)
        keys[7] = keys[3]
        keys[11, 0] = -keys[11, 0]
        assert best_keys(query, keys) == by_fractions(query.tolist(), keys)


def test_every_key_is_best_for_a_query_of_zeros():
    assert best_keys(np.zeros(3), np.arange(12.0).reshape(4, 3)) == [0, 1, 2, 3]
    assert best_keys(np.array([-0.0, 0.0]), np.array([[-1.0, 1.0], [1e308, -1e308]])) == [0, 1]


def test_the_ends_of_the_range_of_float64():
    least, most = 2.0**-1074, float(np.finfo(float).max)
    # least^2 is 2^-2148, most^2 nearly 2^2048; both matter next to numbers that cancel.
    keys = np.array([[most, -most, 0.0], [most, -most, least], [-most, most, least], [0.0, 0.0, 2 * least]])
    assert best_keys(np.array([most, most, least]), keys) == [3]
    assert best_keys(np.array([most, most, -least]), keys) == [0]
    assert best_keys(np.array([least, 0.0, 0.0]), keys) == [0, 1]


def test_equal_scores_of_different_keys_tie_and_only_those():
    keys = np.array([[0.1, 0.2], [0.2, 0.1], [0.3, 0.0], [0.0, 0.3]])
    # 0.1 + 0.2 in float64 is 0.30000000000000004, and the exact sum of these two numbers lies above 0.3 too.
    assert best_keys(np.ones(2), keys) == [0, 1]
    assert best_keys(-np.ones(2), keys) == [2, 3]
