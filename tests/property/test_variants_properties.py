"""Hypothesis on variants: any setting that is accepted can be drawn, by its definition too, and ranks are ranks."""

from __future__ import annotations

import json
import math

import numpy as np
from amount import amount
from hypothesis import given
from hypothesis import strategies as st

import montecarlo
from montecarlo.joint_rank import rank_of_concatenation, rank_of_sum
from montecarlo.plain_variants import plain_scores, plain_variant_choices, plain_visible
from montecarlo.streams import Draws
from montecarlo.variants import chooser_for, variant_choices, variant_key
from rankbound import MLA, Inputs, Setting
from rankbound.inputs import INPUT_LAWS
from rankbound.setting import MASKS, WEIGHTS
from rankbound.testing import attention_settings

small = st.integers(1, 12)


@st.composite
def fields(draw):
    """Fields of a setting, most of which go together."""
    n_keys = draw(st.integers(1, 40))
    law = draw(st.sampled_from([*INPUT_LAWS]))
    embed_dim = draw(st.none() | st.integers(1, 60))
    seed = draw(st.integers(0, 99))
    chosen = {
        "n_keys": n_keys,
        "n_queries": draw(st.none() | st.integers(1, 40)),
        "head_dim": draw(st.integers(1, 30) | st.just(math.inf)),
        "mask": draw(st.sampled_from(MASKS)),
        "inputs": law,
        "weights": draw(st.sampled_from(WEIGHTS)),
        "embed_dim": embed_dim,
        "n_heads": draw(st.sampled_from([1, 2, 4])),
        "n_kv_heads": draw(st.sampled_from([None, 1, 2])),
        "rope_base": draw(st.none() | st.just(1e4)),
    }
    rng = np.random.default_rng(seed)
    if chosen["mask"] == "window":
        chosen["window"] = draw(small)
    if draw(st.booleans()):
        rows = chosen["n_queries"] or n_keys
        mask = rng.random((rows, n_keys)) < 0.4
        mask[:, 0] = True
        chosen |= {"mask": mask, "window": None}
    if law == "array":
        tokens = rng.integers(-2, 3, (max(n_keys, chosen["n_queries"] or 1), embed_dim or 5))
        chosen["inputs"] = tokens
    elif law == "duplicated":
        chosen["inputs"] = Inputs(law=law, distinct=draw(small))
    if draw(st.integers(0, 3)) == 0:
        latent = MLA(
            q_lora_rank=draw(small),
            kv_lora_rank=draw(small),
            nope_head_dim=draw(small),
            rope_head_dim=draw(st.sampled_from([0, 2, 4])),
            norm=draw(st.booleans()),
        )
        chosen |= {"mla": latent, "head_dim": latent.head_dim, "n_kv_heads": None}
    return chosen


def accepted(chosen):
    """Return the setting, or what is wrong with it."""
    try:
        return Setting(**chosen)
    except ValueError as problem:
        return str(problem)


@amount(40)
@given(fields())
def test_a_setting_is_refused_in_one_line_or_can_be_drawn(chosen):
    setting = accepted(chosen)
    if isinstance(setting, str):
        assert ": expected " in setting
        assert "\n" not in setting
        return
    assert json.loads(setting.to_json()) == setting.to_dict()
    assert Setting(**chosen) == setting
    assert hash(Setting(**chosen)) == hash(setting)
    found = montecarlo.sample_variant_ranks(setting, 2, rng=1, workers=1)
    most = min(setting.n_queries, setting.n_keys)
    assert ((found.per_head >= 1) & (found.per_head <= most)).all()
    assert (found.of_concatenation >= found.per_head.max(axis=1)).all()
    assert (found.of_concatenation <= 1 + (found.per_head - 1).sum(axis=1)).all()
    assert (found.of_concatenation <= setting.n_queries).all()
    assert (found.of_sum <= np.minimum(found.of_concatenation, most)).all()


@amount(100)
@given(
    attention_settings(
        n_keys=st.integers(1, 40),
        n_queries=st.none() | st.integers(1, 40),
        head_dim=st.integers(1, 30) | st.just(math.inf),
        temperature=0.0,
    )
)
def test_choices_are_those_of_the_definition(setting):
    if setting.input_law.array is not None:
        return  # tokens of small integers: scores of different keys tie, and rounding in the definition decides
    key = variant_key(setting, 7)
    fast = np.array(list(variant_choices(setting, Draws(key, 1), chooser_for(setting, np.zeros(1, np.uint8)))))
    plain = plain_variant_choices(setting, key, 1)
    for head, query in np.argwhere(fast != plain):
        # Equal tokens turned by positions have scores that tie by symmetry: there rounding decides, and nothing else.
        assert setting.rope_base is not None
        row = plain_scores(setting, key, 1)[head][query]
        assert abs(row[fast[head, query]] - row[plain[head, query]]) <= 1e-12 * np.abs(row).max()
    assert plain_visible(setting)[np.arange(setting.n_queries), fast].all()


@amount(100)
@given(st.integers(1, 5), st.integers(1, 25), st.integers(1, 25), st.integers(0, 2**32 - 1))
def test_ranks_over_heads_are_exact(heads, n_queries, n_keys, seed):
    choices = np.random.default_rng(seed).integers(0, n_keys, (heads, n_queries))
    matrices = [montecarlo.attention_matrix(one, n_keys) for one in choices]
    assert rank_of_sum(choices, n_keys) == montecarlo.exact_rank(sum(matrices))
    assert rank_of_concatenation(choices, n_keys) == montecarlo.exact_rank(np.concatenate(matrices, axis=1))
