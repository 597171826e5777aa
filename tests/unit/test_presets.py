"""Presets have the published dimensions, and shrink together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from rankbound import MLA, PRESETS, Setting, preset


def test_dimensions_are_those_published():
    gpt2 = preset("gpt2")
    assert (gpt2.n_keys, gpt2.embed_dim, gpt2.head_dim, gpt2.n_heads, gpt2.n_kv_heads) == (1024, 768, 64, 12, 12)
    assert gpt2.embed_dim == gpt2.n_heads * gpt2.head_dim
    llama = preset("llama-3-8b")
    assert (llama.n_keys, llama.embed_dim, llama.head_dim, llama.n_heads, llama.n_kv_heads) == (8192, 4096, 128, 32, 8)
    assert llama.rope_base == 500_000.0
    deepseek = preset("deepseek-v3")
    assert (deepseek.n_keys, deepseek.embed_dim, deepseek.n_heads, deepseek.head_dim) == (4096, 7168, 128, 192)
    assert deepseek.mla == MLA(q_lora_rank=1536, kv_lora_rank=512, nope_head_dim=128, rope_head_dim=64)
    assert all(one.source for one in PRESETS.values())


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("scale", [1.0, 0.5, 1 / 3, 0.1, 1e-6])
def test_scale_shrinks_every_dimension_and_no_number_of_heads(name, scale):
    whole, part = preset(name), preset(name, scale=scale)
    sizes = [(whole.n_keys, part.n_keys), (whole.embed_dim, part.embed_dim)]
    if whole.mla is None:
        sizes.append((whole.head_dim, part.head_dim))
    else:
        pairs = zip(dataclasses.astuple(whole.mla)[:4], dataclasses.astuple(part.mla)[:4], strict=True)
        sizes.extend(pairs)
        assert part.head_dim == part.mla.nope_head_dim + part.mla.rope_head_dim
    for before, after in sizes:
        assert after == max(1, round(before * scale)) or abs(after - before * scale) <= max(2, 1)
    assert (part.n_heads, part.n_kv_heads, part.mask) == (whole.n_heads, whole.n_kv_heads, "causal")
    if scale == 1.0:
        assert part == whole


def test_fields_can_be_changed():
    one = preset("llama-3-8b", n_keys=64, n_heads=1, inputs="zipf")
    assert (one.n_queries, one.n_keys, one.n_heads, one.n_kv_heads) == (64, 64, 1, 1)
    assert preset("llama-3-8b", n_heads=8).n_kv_heads == 2
    tokens = np.ones((5, 3))
    assert preset("gpt2", n_keys=5, inputs=tokens).embed_dim == 3
    assert isinstance(preset("gpt2", scale=0.1, mask="none", head_dim=float("inf")), Setting)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: preset("gpt-2"),
            "preset = 'gpt-2': expected one of 'gpt2', 'llama-3-8b', 'deepseek-v3'; did you mean",
        ),
        (lambda: preset("lama-3-8B"), "did you mean 'llama-3-8b'?"),
        (lambda: preset("gpt2", scale=0.0), "scale = 0.0"),
        (lambda: preset("gpt2", scale=2), "scale = 2"),
        (lambda: preset("gpt2", heads=3), "field = 'heads': expected one of"),
        (lambda: preset("llama-3-8b", n_heads=6), "n_heads = 6: expected 4 query heads to a key head"),
        (lambda: preset("gpt2", n_heads="many"), "n_heads = 'many'"),
        (lambda: preset("gpt2", inputs="orthonormal"), "embed_dim = 768: expected at least 1024"),
    ],
)
def test_what_is_wrong_is_one_clear_line(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
