"""The head dimensions a run looks at by default."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankbound.verify.grid import default_head_dims


@given(st.integers(min_value=1, max_value=10**18))
def test_the_grid_has_what_it_promises(n):
    dims = default_head_dims(n)
    assert list(dims) == sorted(set(dims))
    assert {1, 16, 32, 64, 128} <= set(dims)
    assert {min(n, 10**6), min(2 * n, 10**6)} <= set(dims)
    assert max(1, math.ceil(math.log(n))) in dims
    assert max(dims) >= math.log(n) ** 2
    assert 6 <= len(dims) <= 13
    assert dims[0] == 1
    assert dims[-1] <= max(10**6, math.ceil(math.log(n) ** 2))
    assert all(type(d) is int for d in dims)


def test_the_grid_at_512():
    dims = default_head_dims(512)
    assert dims[-1] == 1024
    assert len(dims) == 12
    assert max(b / a for a, b in itertools.pairwise(dims)) <= 4


@pytest.mark.parametrize("value", [0, -3, 1.5, True, math.nan, "512", None, 10**19])
def test_bad_sizes_are_refused(value):
    with pytest.raises(ValueError, match=r"^n_keys = .*: expected an integer from 1 to"):
        default_head_dims(value)
