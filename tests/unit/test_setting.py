"""A setting is validated once, and frozen."""

from __future__ import annotations

import dataclasses
import math

import pytest

from rankbound.setting import MAX_HEAD_DIM, MAX_KEYS, Setting, check_head_dim, check_n_keys, check_n_queries

BAD_SIZES = [0, -3, 1.5, 512.0, True, math.nan, "512", None, 10**19]


def test_valid_settings():
    setting = Setting(n_queries=3, n_keys=5, head_dim=2)
    assert (setting.n_queries, setting.n_keys, setting.head_dim) == (3, 5, 2)
    assert (setting.mask, setting.inputs, setting.weights, setting.temperature) == (
        "none",
        "orthonormal",
        "gaussian",
        0,
    )
    largest = Setting(n_queries=MAX_KEYS, n_keys=MAX_KEYS, head_dim=MAX_HEAD_DIM)
    assert largest.n_keys == 10**18


@pytest.mark.parametrize("value", BAD_SIZES)
@pytest.mark.parametrize("name", ["n_keys", "head_dim", "n_queries"])
def test_a_bad_size_is_named(name, value):
    sizes = {"n_queries": 4, "n_keys": 4, "head_dim": 4} | {name: value}
    if name == "n_queries" and value is None:
        assert Setting(**sizes).n_queries == 4  # None means as many as keys
        return
    with pytest.raises(ValueError, match=rf"^{name} = .*: expected an integer from 1 to 10*; .+$") as caught:
        Setting(**sizes)
    assert repr(value) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("mask", "causal"), ("inputs", "simplex"), ("weights", "tied"), ("temperature", 1.0), ("temperature", math.nan)],
)
def test_a_law_that_is_not_implemented_is_refused(name, value):
    with pytest.raises(ValueError, match=rf"^{name} = "):
        Setting(n_queries=4, n_keys=4, head_dim=4, **{name: value})


def test_a_setting_is_frozen_and_hashable():
    setting = Setting(n_queries=4, n_keys=4, head_dim=4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setting.n_keys = 5
    assert setting == Setting(n_queries=4, n_keys=4, head_dim=4)
    assert len({setting, Setting(n_queries=4, n_keys=4, head_dim=4)}) == 1


def test_the_single_checks():
    assert check_n_keys(1) == 1
    assert check_head_dim(MAX_HEAD_DIM) == MAX_HEAD_DIM
    assert check_n_queries(None, 7) == 7
    assert check_n_queries(3, 7) == 3
    with pytest.raises(ValueError, match="head_dim"):
        check_head_dim(MAX_HEAD_DIM + 1)
