"""Misuse of a bound is one line that names argument, value and expectation; sizes may be NumPy integers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankbound import bounds

BAD = [0, -3, 1.5, 512.0, True, math.nan, "512", None, 10**19, [512], 1j, np.float64(512)]

# Every argument that is a size, as (function, arguments before it, its name, arguments after it).
SIZES = [
    (bounds.barrier, "n_keys", lambda f, v: f(v)),
    (bounds.barrier, "n_queries", lambda f, v: f(8, n_queries=v)),
    (bounds.exact_barrier, "n_keys", lambda f, v: f(v)),
    (bounds.exact_barrier, "n_queries", lambda f, v: f(8, n_queries=v)),
    (bounds.barrier_margins, "n_keys", lambda f, v: f(v)),
    (bounds.limiting_line, "n_keys", lambda f, v: f(v)),
    (bounds.certified_head_dim, "n_keys", lambda f, v: f(v, 1.0)),
    *[
        (function, name, call)
        for function in (
            bounds.expected_rank,
            bounds.saturation_point,
            bounds.norm_conditioned_barrier,
            bounds.enclose_norm_conditioned,
            bounds.norm_conditioned_gap,
            bounds.noise_stability_bound,
        )
        for name, call in (
            ("n_keys", lambda f, v: f(v, 4)),
            ("head_dim", lambda f, v: f(8, v)),
            ("n_queries", lambda f, v: f(8, 4, n_queries=v)),
        )
    ],
]


@pytest.mark.parametrize(("function", "name", "call"), SIZES, ids=lambda x: getattr(x, "__name__", str(x)))
def test_bad_sizes(function, name, call):
    for value in BAD:
        if name == "n_queries" and value is None:
            call(function, value)  # as many queries as keys
            continue
        with pytest.raises(ValueError, match=rf"^{name} = .+: expected an integer from 1 to 10*; .+$") as caught:
            call(function, value)
        assert repr(value) in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("c", [0, -1, 9e-4, 1.1e6, math.nan, math.inf, True, "1", None, 1j])
def test_bad_ratio(c):
    with pytest.raises(ValueError, match=r"^c = .+: expected a number in \[0.001, 1e\+06\]; .+$"):
        bounds.rank_exponent(c)


def test_the_ends_of_the_ratio_are_allowed():
    assert 0 < bounds.rank_exponent(1e-3).lower < bounds.rank_exponent(1e6).upper < 1


def test_numpy_integers_are_sizes():
    plain = bounds.expected_rank(64, 4, n_queries=32)
    assert bounds.expected_rank(np.int64(64), np.uint8(4), n_queries=np.int32(32)) == plain
    assert bounds.barrier(np.int16(64)) == bounds.barrier(64)


def test_keyword_only_options():
    with pytest.raises(TypeError):
        bounds.expected_rank(64, 4, 32)
    with pytest.raises(TypeError):
        bounds.barrier(64, 32)
