"""A setting is validated once, and frozen."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import pickle

import numpy as np
import pytest

import montecarlo
import rankbound
from rankbound.inputs import Inputs
from rankbound.latent_attention import MLA
from rankbound.setting import (
    MAX_HEAD_DIM,
    MAX_KEYS,
    Setting,
    check_head_dim,
    check_ideal,
    check_n_keys,
    check_n_queries,
)

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


LATENT = MLA(q_lora_rank=3, kv_lora_rank=2, nope_head_dim=2, rope_head_dim=2)


def test_defaults_are_filled_in():
    setting = Setting(n_queries=None, n_keys=8, head_dim=4, mask="window", n_heads=6, inputs="duplicated", mla=LATENT)
    assert (setting.n_queries, setting.window, setting.n_kv_heads, setting.rope_base) == (8, 64, 6, 1e4)
    assert setting.input_law == Inputs(law="duplicated", distinct=4)
    assert Setting(n_queries=4, n_keys=4, head_dim=4, inputs="simplex").input_law == Inputs(law="simplex")
    assert setting.width == 8
    assert Setting(n_queries=3, n_keys=8, head_dim=4, inputs=np.ones((8, 5))).width == 5


def test_arrays_are_copied_frozen_and_compared_by_content():
    mask, tokens = np.tri(4, dtype=bool), np.arange(8.0).reshape(4, 2)
    setting = Setting(n_queries=4, n_keys=4, head_dim=2, mask=mask, inputs=tokens)
    again = Setting(n_queries=4, n_keys=4, head_dim=2, mask=np.tri(4, dtype=int), inputs=tokens.astype(int))
    assert setting == again
    assert len({setting, again}) == 1
    assert setting.to_json() == again.to_json()
    assert pickle.loads(pickle.dumps(setting)) == setting
    tokens[0, 0] = 5.0
    other = Setting(n_queries=4, n_keys=4, head_dim=2, mask=mask, inputs=tokens)
    assert other != setting
    assert setting.input_law.array.array[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        setting.mask.array[0, 0] = False
    with pytest.raises(AttributeError, match="does not change"):
        setting.mask.sha256 = ""


def test_json_says_everything_and_arrays_by_their_digest():
    tokens = np.arange(8.0).reshape(4, 2)
    setting = Setting(n_queries=4, n_keys=4, head_dim=math.inf, mask=np.tri(4, dtype=bool), inputs=tokens)
    told = json.loads(setting.to_json())
    assert set(told) == {field.name for field in dataclasses.fields(Setting)}
    assert told["head_dim"] == "inf"
    assert told["mask"]["sha256"] == hashlib.sha256(np.tri(4, dtype=bool).tobytes()).hexdigest()
    assert told["inputs"] == {
        "law": "array",
        "array": {"sha256": hashlib.sha256(tokens.tobytes()).hexdigest(), "shape": [4, 2], "dtype": "float64"},
    }
    plain = Setting(n_queries=4, n_keys=4, head_dim=4, mla=LATENT)
    latent = json.loads(plain.to_json())["mla"]
    assert MLA(**latent) == LATENT
    assert plain.to_dict()["head_dim"] == 4
    assert plain.to_json() == json.dumps(plain.to_dict(), sort_keys=True)


def test_departures_name_the_fields_and_nothing_that_leaves_the_law_alone():
    assert Setting(n_queries=4, n_keys=4, head_dim=4, embed_dim=9).is_ideal
    variant = Setting(n_queries=4, n_keys=4, head_dim=math.inf, mask="causal", n_heads=2)
    assert variant.departures == ("head_dim", "mask", "n_heads", "n_kv_heads")
    assert check_ideal(Setting(n_queries=3, n_keys=4, head_dim=2), "the bound") == (3, 4, 2)
    with pytest.raises(ValueError, match=r"^setting = .*mask.*: expected the ideal setting: the bound knows no other"):
        check_ideal(Setting(n_queries=4, n_keys=4, head_dim=4, mask="causal"), "the bound")


@pytest.mark.parametrize("call", [montecarlo.sample_ranks, montecarlo.estimate_rank, rankbound.expected_rank])
def test_what_takes_sizes_does_not_take_a_setting(call):
    with pytest.raises((ValueError, TypeError)):
        call(Setting(n_queries=4, n_keys=4, head_dim=4, mask="causal"), 4)


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


@pytest.mark.parametrize(
    "fields",
    [
        {"n_heads": 65536},
        {"n_heads": 6, "n_kv_heads": 2},
        {"n_heads": 6, "n_kv_heads": 1},
        {"n_heads": 2, "weights": "tied"},
        {"mask": "window", "window": 1},
        {"mask": "causal", "weights": "orthogonal", "embed_dim": 4},
        {"inputs": "duplicated", "embed_dim": 2},
        {"inputs": "antipodal", "embed_dim": 2},
        {"inputs": "simplex", "embed_dim": 3},
        {"inputs": "gaussian", "embed_dim": 1},
        {"head_dim": math.inf, "rope_base": 1e4},
        {"head_dim": math.inf, "inputs": "gaussian"},
        {"head_dim": 2, "rope_base": 1e299},
        {"head_dim": 3, "mla": MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=1, rope_head_dim=2)},
        {"head_dim": 4, "mla": LATENT, "rope_base": 500.0, "weights": "kaiming"},
        {"head_dim": 2, "mla": MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=2)},
        {"temperature": 1e100, "tolerance": 0.999},
        {"temperature": 1e-300, "tolerance": 1e-300},
    ],
    ids=range(18),
)
def test_what_goes_together_is_kept_as_given(fields):
    setting = Setting(**{"n_queries": 4, "n_keys": 4, "head_dim": 4} | fields)
    for name, value in fields.items():
        kept = getattr(setting, name)
        assert (kept.law if isinstance(kept, Inputs) else kept) == value


def test_what_is_omitted_stays_omitted():
    setting = Setting(n_queries=4, n_keys=4, head_dim=2, mla=MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=2))
    assert (setting.window, setting.embed_dim, setting.rope_base, setting.tolerance) == (None, None, None, None)
    assert setting.temperature == 0.0
    assert setting.with_head_dim(5).mla.nope_head_dim == 5
    assert Setting(n_queries=4, n_keys=4, head_dim=3).with_head_dim(math.inf).is_wide


def test_integers_of_numpy_become_python_s():
    setting = Setting(
        n_queries=np.int64(4), n_keys=np.int32(4), head_dim=np.int8(4), n_heads=np.int8(2), embed_dim=np.int16(9)
    )
    sizes = (setting.n_queries, setting.n_keys, setting.head_dim, setting.n_heads, setting.n_kv_heads)
    assert sizes == (4, 4, 4, 2, 2)
    assert {type(size) for size in (*sizes, setting.embed_dim)} == {int}
    assert type(Setting(n_queries=4, n_keys=4, head_dim=4, mask="window", window=np.int8(2)).window) is int
    assert type(Setting(n_queries=4, n_keys=4, head_dim=4, rope_base=10_000).rope_base) is float
    assert type(Setting(n_queries=4, n_keys=4, head_dim=4, temperature=1, tolerance=0.5).temperature) is float
