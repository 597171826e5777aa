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


SQUARE = np.ones((4, 4), bool)
BLIND = np.array([[True] * 4, [False] * 4, [True] * 4, [True] * 4])
LATENT = MLA(q_lora_rank=3, kv_lora_rank=2, nope_head_dim=2, rope_head_dim=2)

BAD = [
    ({"mask": "causl"}, "mask = 'causl'", "did you mean 'causal'?"),
    ({"mask": 3}, "mask.shape = ()", "a matrix"),
    ({"mask": BLIND}, "mask[1] = 'all False'", "a key in every row"),
    ({"mask": SQUARE[:3]}, "mask.shape = (3, 4)", "(4, 4)"),
    ({"mask": np.ones((4, 4))}, "mask.dtype = 'float64'", "booleans"),
    ({"mask": 2 * np.ones((4, 4), int)}, "mask.dtype", "booleans"),
    ({"mask": "causal", "n_queries": 3}, "n_queries = 3", "as many as keys with a causal mask"),
    ({"mask": "window", "window": 0}, "window = 0", "at least 1|from 1"),
    ({"mask": "window", "window": 2.0}, "window = 2.0", "an integer"),
    ({"mask": "causal", "window": 3}, "window = 3", "None without mask='window'"),
    ({"inputs": "simplx"}, "inputs = 'simplx'", "did you mean 'simplex'?"),
    ({"inputs": "array"}, "inputs = 'array'", "one of"),
    ({"inputs": np.full((4, 2), np.nan)}, "inputs.array[0, 0] = nan", "finite"),
    ({"inputs": np.full((4, 2), 1e200)}, "inputs.array = 1e+200", "at most 1e+100"),
    ({"inputs": np.ones((3, 2))}, "inputs.shape = (3, 2)", "(4, 2)"),
    ({"inputs": np.ones((4, 2)), "embed_dim": 3}, "embed_dim = 3", "2, the columns of inputs"),
    ({"inputs": [[1.0], [1.0, 2.0]]}, "inputs.array = ", "a matrix"),
    ({"inputs": np.array([["a"]] * 4)}, "inputs.array.dtype", "real numbers"),
    ({"inputs": "antipodal", "n_keys": 5, "n_queries": 5}, "n_keys = 5", "an even number"),
    ({"inputs": "simplex", "n_keys": 1, "n_queries": 1}, "n_keys = 1", "at least 2"),
    ({"inputs": Inputs(law="duplicated", distinct=5)}, "inputs.distinct = 5", "from 1 to 4"),
    ({"inputs": Inputs(law="ar1", correlation=1.0)}, "inputs.correlation = 1.0", "(-1, 1)"),
    ({"inputs": Inputs(law="zipf", vocabulary=0)}, "inputs.vocabulary = 0", "from 1"),
    ({"inputs": Inputs(law="clustered", spread=-1.0)}, "inputs.spread = -1.0", "[0, 1e+100)"),
    ({"embed_dim": 3}, "embed_dim = 3", "at least 4 with inputs 'orthonormal'"),
    ({"embed_dim": 0, "inputs": "gaussian"}, "embed_dim = 0", "from 1"),
    ({"weights": "Tied"}, "weights = 'Tied'", "did you mean 'tied'?"),
    ({"n_heads": 4, "n_kv_heads": 3}, "n_kv_heads = 3", "a divisor of n_heads = 4"),
    ({"n_heads": 0}, "n_heads = 0", "from 1"),
    ({"n_heads": 2, "n_kv_heads": 1, "weights": "tied"}, "n_kv_heads = 1", "2 with weights 'tied'"),
    ({"mla": LATENT, "head_dim": 3}, "head_dim = 3", "4, mla.nope_head_dim + mla.rope_head_dim"),
    ({"mla": "deepseek"}, "mla = 'deepseek'", "an MLA or None"),
    ({"mla": LATENT, "n_heads": 2, "n_kv_heads": 1}, "n_kv_heads = 1", "2 with mla"),
    ({"mla": LATENT, "weights": "tied"}, "weights = 'tied'", "with mla"),
    ({"rope_base": 1e4, "head_dim": 3}, "head_dim = 3", "an even number with RoPE"),
    ({"rope_base": 0.0}, "rope_base = 0.0", "(1e-200, "),
    ({"rope_base": 5e-324}, "rope_base = 5e-324", "(1e-200, "),  # whose powers overflow
    (
        {"rope_base": 1e4, "head_dim": 2, "mla": MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=2)},
        "rope_base = 10000.0",
        "None with mla.rope_head_dim = 0",
    ),
    ({"temperature": math.nan, "tolerance": 0.1}, "temperature = nan", "[0, 1e+100]"),
    ({"temperature": -1.0, "tolerance": 0.1}, "temperature = -1.0", "[0, 1e+100]"),
    ({"temperature": 1.0}, "tolerance = None", "(0, 1)"),
    ({"tolerance": 0.1}, "tolerance = 0.1", "None for hardmax"),
    ({"head_dim": math.inf, "weights": "tied"}, "head_dim = inf", "a finite one"),
    ({"head_dim": math.inf, "rope_base": 1e4, "inputs": "gaussian"}, "head_dim = inf", "a finite one with RoPE"),
    ({"head_dim": -math.inf}, "head_dim = -inf", "an integer"),
]


@pytest.mark.parametrize(("fields", "named", "expected"), BAD, ids=[f"{i}" for i in range(len(BAD))])
def test_what_does_not_go_together_is_one_clear_line(fields, named, expected):
    with pytest.raises(ValueError, match=": expected ") as caught:
        Setting(**{"n_queries": 4, "n_keys": 4, "head_dim": 4} | fields)
    message = str(caught.value)
    assert message.startswith(named)
    assert any(words in message for words in expected.split("|"))
    assert "\n" not in message


@pytest.mark.parametrize(
    ("law", "given"), [("zipf", "rank"), ("orthonormal", "distinct"), ("ar1", "array"), ("array", "spread")]
)
def test_a_parameter_that_a_law_does_not_have_is_refused(law, given):
    with pytest.raises(ValueError, match=rf"^inputs.{given} = .*: expected None; the law '{law}' has "):
        Inputs(law=law, **{given: 2})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"q_lora_rank": 0}, "mla.q_lora_rank = 0"),
        ({"rope_head_dim": 3}, "mla.rope_head_dim = 3: expected an even number"),
        ({"rope_head_dim": -2}, "mla.rope_head_dim = -2"),
        ({"norm": 1}, "mla.norm = 1"),
    ],
)
def test_bad_latents_are_named(fields, named):
    with pytest.raises(ValueError, match=": expected ") as caught:
        MLA(**{"q_lora_rank": 3, "kv_lora_rank": 2, "nope_head_dim": 2} | fields)
    assert str(caught.value).startswith(named)


def test_defaults_are_filled_in():
    setting = Setting(n_queries=None, n_keys=8, head_dim=4, mask="window", n_heads=6, inputs="duplicated", mla=LATENT)
    assert (setting.n_queries, setting.window, setting.n_kv_heads, setting.rope_base) == (8, 64, 6, 1e4)
    assert setting.input_law == Inputs(law="duplicated", distinct=4)
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
    latent = json.loads(Setting(n_queries=4, n_keys=4, head_dim=4, mla=LATENT).to_json())["mla"]
    assert MLA(**latent) == LATENT


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
