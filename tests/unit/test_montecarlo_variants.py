"""What the samplers of variants promise: reproducibility, memory, misuse, ties, the ideal setting, softmax."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import montecarlo
from montecarlo.layout import Layout, packed
from montecarlo.masked_scan import masked_scan
from montecarlo.packing import pack_rows
from montecarlo.plain_variants import plain_scores, plain_variant_choices, plain_visible
from montecarlo.scan import UNRESOLVED, Scratch
from montecarlo.variants import _draw, variant_key
from rankbound import MLA, Inputs, Setting, preset

LATENT = MLA(q_lora_rank=20, kv_lora_rank=10, nope_head_dim=6, rope_head_dim=4)


def square(n, **fields):
    return Setting(**{"n_queries": n, "n_keys": n, "head_dim": 8} | fields)


VARIANTS = {
    "causal": square(50, mask="causal"),
    "window, shared keys": square(50, mask="window", window=7, inputs="gaussian", n_heads=4, n_kv_heads=2),
    "wide": square(50, head_dim=math.inf, mask="causal"),
    "wide zipf": square(50, head_dim=math.inf, inputs="zipf"),
    "latent": square(50, head_dim=10, mask="causal", mla=LATENT, n_heads=2, inputs="ar1"),
    "uniform": square(50, weights="uniform", rope_base=1e4),
    "ideal": square(50),
}
OF_ALL = pytest.mark.parametrize("setting", VARIANTS.values(), ids=VARIANTS)


def arrays(ranks):
    return ranks.per_head, ranks.of_sum, ranks.of_concatenation


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(arrays(a), arrays(b), strict=True))


@OF_ALL
def test_results_do_not_depend_on_workers_or_on_how_they_are_asked_for(setting):
    whole = montecarlo.sample_variant_ranks(setting, 40, rng=5, workers=1)
    assert same(whole, montecarlo.sample_variant_ranks(setting, 40, rng=5, workers=3))
    with ThreadPoolExecutor(2) as pool:
        assert same(whole, montecarlo.sample_variant_ranks(setting, 40, rng=5, workers=pool))
    parts = [
        montecarlo.sample_variant_ranks(setting, count, rng=5, first_replicate=first)
        for first, count in ((0, 7), (7, 0), (7, 33))
    ]
    for i in range(3):
        assert np.array_equal(arrays(whole)[i], np.concatenate([arrays(part)[i] for part in parts]))
    assert not same(whole, montecarlo.sample_variant_ranks(setting, 40, rng=6))


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "ideal"])
def test_ranks_are_those_of_the_definition(name):
    setting = VARIANTS[name]
    found = montecarlo.sample_variant_ranks(setting, 3, rng=2)
    key = variant_key(setting, 2)
    for replicate in range(3):
        choices = plain_variant_choices(setting, key, replicate)
        matrices = [montecarlo.attention_matrix(one, setting.n_keys) for one in choices]
        assert found.per_head[replicate].tolist() == [montecarlo.exact_rank(one) for one in matrices]
        assert found.of_sum[replicate] == montecarlo.exact_rank(sum(matrices))
        assert found.of_concatenation[replicate] == montecarlo.exact_rank(np.concatenate(matrices, axis=1))


def test_the_ideal_setting_has_the_ranks_of_sample_ranks():
    found = montecarlo.sample_variant_ranks(Setting(n_queries=30, n_keys=40, head_dim=5, embed_dim=99), 50, rng=3)
    assert np.array_equal(found.per_head[:, 0], montecarlo.sample_ranks(40, 5, 50, n_queries=30, rng=3))
    assert np.array_equal(found.of_sum, found.per_head[:, 0])


def test_temperature_does_not_change_what_is_drawn():
    cold = square(30, inputs="gaussian", mask="causal", temperature=0.5, tolerance=1e-6)
    assert variant_key(cold, 1).tolist() == variant_key(square(30, inputs="gaussian", mask="causal"), 1).tolist()


def test_joint_ranks_can_be_left_out():
    setting = VARIANTS["window, shared keys"]
    alone = montecarlo.sample_variant_ranks(setting, 5, joint=False)
    assert alone.of_sum is None
    assert alone.of_concatenation is None
    both = montecarlo.sample_variant_ranks(setting, 5)
    assert np.array_equal(alone.per_head, both.per_head)
    assert (both.of_concatenation >= both.per_head.max(axis=1)).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: montecarlo.sample_variant_ranks("gpt2", 3), "setting = 'gpt2': expected a Setting"),
        (lambda: montecarlo.sample_variant_ranks(square(4, mask="causal"), -1), "replicates = -1"),
        (
            lambda: montecarlo.sample_variant_ranks(square(4, mask="causal"), 1, first_replicate=-1),
            "first_replicate = -1",
        ),
        (lambda: montecarlo.sample_variant_ranks(square(4, mask="causal"), 1, workers=0), "workers = 0"),
        (lambda: montecarlo.sample_variant_ranks(square(4, mask="causal"), 1, rng=-1), "rng = -1"),
        (
            lambda: montecarlo.sample_variant_ranks(square(4, temperature=1.0, tolerance=0.1), 1),
            "temperature = 1.0: expected 0 for hardmax",
        ),
        (
            lambda: montecarlo.sample_variant_ranks(square(10**6, inputs="gaussian", mask="causal"), 1),
            "expected a replicate of at most 8 GiB",
        ),
        (
            lambda: montecarlo.sample_variant_ranks(square(5000, mask="causal", n_heads=2), 1, joint=True),
            "joint = True",
        ),
        (lambda: montecarlo.sample_variant_softmax(square(4, mask="causal"), 1), "temperature = 0.0"),
        (lambda: montecarlo.sample_variant_softmax(3, 1), "setting = 3"),
        (
            lambda: montecarlo.sample_variant_softmax(square(4, mask="causal", temperature=1.0, tolerance=1e-18), 1),
            "tolerance = 1e-18: expected at least",
        ),
        (
            lambda: montecarlo.sample_variant_softmax(square(20_000, mask="causal", temperature=1.0, tolerance=0.1), 1),
            "expected a replicate of at most 8 GiB",
        ),
    ],
)
def test_misuse_is_one_clear_line(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mask", ["causal", "window"])
def test_memory_does_not_grow_with_the_scores(mask):
    setting = square(3000, mask=mask)
    montecarlo.sample_variant_ranks(square(40, mask=mask), 1)
    tracemalloc.start()
    try:
        montecarlo.sample_variant_ranks(setting, 1, workers=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 1.5 * montecarlo.variant_memory(setting) + 2**20
    assert peak < 4 * 3000**2 / 8  # an eighth of a score in single precision


def test_picks_in_the_limit_of_wide_heads_need_next_to_no_memory():
    setting = square(100_000, mask="causal", head_dim=math.inf)
    assert montecarlo.variant_memory(setting) < 2**27
    tracemalloc.start()
    try:
        found = montecarlo.sample_variant_ranks(setting, 1, workers=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= montecarlo.variant_memory(setting)
    assert abs(found.per_head[0, 0] - 50_000) < 1000


def test_progress_and_an_exception_end_a_run():
    seen = []
    montecarlo.sample_variant_ranks(VARIANTS["causal"], 20, progress=lambda *now: seen.append(now))
    assert seen[-1] == (20, 20)

    def interrupt(*progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        montecarlo.sample_variant_ranks(square(600, mask="causal"), 20_000, progress=interrupt)


def test_a_set_stop_flag_ends_a_run():
    for setting in (square(300, mask="causal"), square(300, inputs="gaussian")):
        key, stop, results = variant_key(setting, 0), np.ones(1, np.uint8), []
        assert len(_draw(key, setting, False, 0, 5, stop)) == 0
        stop[0] = 0
        thread = threading.Thread(
            target=lambda s=setting, k=key, flag=stop, r=results: r.append(_draw(k, s, False, 0, 10**6, flag))
        )
        thread.start()
        thread.join(0.2)
        stop[0] = 1
        thread.join(5.0)
        assert not thread.is_alive()
        assert np.array_equal(
            results[0][:3], _draw(key, setting, False, 0, 3, np.zeros(1, np.uint8))[: len(results[0])]
        )


# The masked scan on given vectors ------------------------------------------------------------------------------------


def scanned(queries, keys, low, high, mask):
    layout = Layout.of(len(queries), len(keys), queries.shape[1])
    choices = np.full(len(queries), -2, np.int64)
    assert masked_scan(
        packed(queries, layout.queries),
        packed(keys, layout.keys),
        layout.queries.table,
        layout.keys.table,
        len(queries),
        len(keys),
        low,
        high,
        mask,
        *Scratch(layout).arrays(),
        np.zeros(1, np.uint8),
        choices,
    )
    return choices


NO_MASK = np.empty((0, 0), bool)


@pytest.mark.parametrize(
    ("m", "n", "d"), [(1, 1, 1), (12, 32, 3), (13, 33, 5), (70, 200, 17), (300, 41, 4), (40, 4200, 8)]
)
def test_any_ranges_and_masks(m, n, d):
    rng = np.random.default_rng([m, n, d])
    queries, keys = rng.standard_normal((m, d)), rng.standard_normal((n, d))
    low = rng.integers(0, n, m)
    high = low + 1 + rng.integers(0, n, m) % (n - low)
    scores, j = queries @ keys.T, np.arange(n)
    visible = (low[:, None] <= j) & (j < high[:, None])
    expected = np.where(visible, scores, -np.inf).argmax(axis=1)
    assert np.array_equal(scanned(queries, keys, low, high, NO_MASK), expected)
    assert np.array_equal(scanned(queries, keys, np.zeros(m, np.int64), np.full(m, n), visible), expected)
    sparse = visible & (rng.random((m, n)) < 0.3)
    sparse[np.arange(m), low] = True
    expected = np.where(sparse, scores, -np.inf).argmax(axis=1)
    assert np.array_equal(scanned(queries, keys, low, high, sparse), expected)


def test_equal_keys_go_to_the_lowest_index_and_other_ties_are_reported():
    rng = np.random.default_rng(0)
    keys = np.repeat(rng.standard_normal((10, 4)), 7, axis=0)[rng.permutation(70)]
    queries = rng.standard_normal((50, 4))
    low, high = np.zeros(50, np.int64), 1 + rng.integers(0, 70, 50)
    visible = np.arange(70) < high[:, None]
    scores = np.where(visible, np.einsum("ic,jc->ij", queries, keys), -np.inf)
    assert np.array_equal(scanned(queries, keys, low, high, NO_MASK), scores.argmax(axis=1))
    across = np.array([[1.0, 0.0], [1.0, 1.0], [0.5, 2.0]])  # the first two tie for a query along the first axis
    found = scanned(np.array([[1.0, 0.0], [0.0, 1.0]]), across, np.zeros(2, np.int64), np.full(2, 3), NO_MASK)
    assert found.tolist() == [UNRESOLVED, 2]


def test_ties_of_different_keys_go_to_the_lowest_index_too():
    tokens = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    # A query of zeros ties with all keys: row 3 picks key 0.
    setting = Setting(n_queries=4, n_keys=4, head_dim=2, inputs=tokens, mask="causal")
    key = variant_key(setting, 0)
    assert plain_variant_choices(setting, key, 0)[0, 3] == 0
    assert montecarlo.sample_variant_ranks(setting, 5).per_head.max() <= 4


def test_near_ties_are_decided_as_in_exact_arithmetic():
    # Keys that differ by one unit in the last place of float64, far below what single precision can tell.
    n, d = 64, 6
    rng = np.random.default_rng(1)
    tokens = np.repeat(rng.standard_normal((1, d)), n, axis=0)
    tokens[:, 0] += 2.0**-45 * rng.permutation(n)
    setting = Setting(n_queries=n, n_keys=n, head_dim=d, inputs=tokens, weights="gaussian", mask="causal")
    key = variant_key(setting, 0)
    from montecarlo.exact import best_keys
    from montecarlo.head_vectors import heads_of, tokens_of
    from montecarlo.streams import Draws
    from montecarlo.variants import chooser_for, variant_choices

    draws = Draws(key, 0)
    drawn = tokens_of(setting, draws)
    queries, keys = next(heads_of(setting, drawn, draws))
    queries, keys = drawn.expanded(queries), drawn.expanded(keys)
    found = next(variant_choices(setting, Draws(key, 0), chooser_for(setting, np.zeros(1, np.uint8))))
    assert found.tolist() == [best_keys(queries[i], keys[: i + 1])[0] for i in range(n)]


@pytest.mark.parametrize(("count", "width", "depth"), [(1, 12, 1), (12, 12, 3), (13, 12, 3), (65, 32, 7)])
def test_packing_is_that_of_the_layout(count, width, depth):
    layout = Layout.of(count, count, depth)
    blocks = layout.queries if width == 12 else layout.keys
    matrix = np.random.default_rng(0).standard_normal((2 * count, depth))[::2]
    out = np.full(blocks.size, np.nan)
    pack_rows(matrix, blocks.table, blocks.width, out)
    assert np.array_equal(out, packed(matrix, blocks))


ON_ANOTHER_PROCESSOR = """
import json, sys, math
from montecarlo import microkernel, sample_variant_ranks
from rankbound import Setting
answer = []
for fields in ({"mask": "causal"}, {"mask": "window", "window": 20}, {"mask": "causal", "head_dim": math.inf}):
    setting = Setting(**{"n_queries": 150, "n_keys": 150, "head_dim": 5} | fields)
    answer.append(sample_variant_ranks(setting, 20, rng=3).per_head.tolist())
json.dump([microkernel.LANES, answer], sys.stdout)
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names features of one family of processors")
@pytest.mark.parametrize(
    ("lanes", "features"),
    [(8, "+sse2,+sse4.1,+avx,+avx2,+fma"), (4, "+sse2")],
)
@pytest.mark.thorough  # kernels are compiled twice; test_montecarlo_sampling.py does so with those of the ideal setting
def test_same_ranks_on_processors_with_shorter_vectors(lanes, features, tmp_path):
    other = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": features, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", ON_ANOTHER_PROCESSOR]
    answers = [
        json.loads(subprocess.run(command, check=True, capture_output=True, env=os.environ | changed).stdout)
        for changed in ({}, other)
    ]
    assert answers[1][0] == lanes
    assert answers[0][1] == answers[1][1]


# Softmax -------------------------------------------------------------------------------------------------------------

HEATED = {
    "causal": {"mask": "causal"},
    "array mask": {"mask": np.eye(24, dtype=bool) | np.tri(24, dtype=bool).T},
    "shared keys": {"inputs": "gaussian", "n_heads": 4, "n_kv_heads": 2, "mask": "window", "window": 5},
    "wide": {"head_dim": math.inf, "inputs": "simplex"},
    "latent": {"head_dim": 10, "mla": LATENT, "mask": "causal"},
    "duplicated": {"inputs": "duplicated"},
}


@pytest.mark.parametrize("temperature", [0.05, 1.0])
@pytest.mark.parametrize("fields", HEATED.values(), ids=HEATED)
def test_softmax_ranks_are_those_of_the_definition(fields, temperature):
    setting = square(24, temperature=temperature, tolerance=1e-3, **fields)
    found = montecarlo.sample_variant_softmax(setting, 3, rng=4)
    assert np.array_equal(found.ranks, montecarlo.sample_variant_softmax(setting, 3, rng=4, workers=1).ranks)
    cold = montecarlo.sample_variant_ranks(square(24, **fields), 3, rng=4, joint=False)
    assert np.array_equal(found.hardmax_ranks, cold.per_head)
    key, visible = variant_key(setting, 4), plain_visible(setting)
    scale = temperature * (1.0 if setting.is_wide else math.sqrt(setting.head_dim))
    for replicate in range(3):
        for head, scores in enumerate(plain_scores(setting, key, replicate)):
            exponents = np.where(visible, scores / scale, -np.inf)
            weights = np.exp(exponents - exponents.max(axis=1, keepdims=True))
            weights /= weights.sum(axis=1, keepdims=True)
            values = np.linalg.svd(weights, compute_uv=False)
            assert found.largest[replicate, head] == pytest.approx(values[0], rel=1e-9)
            if not found.ambiguous[replicate, head]:
                near = np.abs(values / (1e-3 * values[0]) - 1.0).min() < 1e-6  # the definition rounds elsewhere
                assert near or found.ranks[replicate, head] == (values > 1e-3 * values[0]).sum()


def test_a_cold_softmax_is_certified_to_have_the_hardmax_rank():
    found = montecarlo.sample_variant_softmax(square(24, mask="causal", temperature=1e-6, tolerance=0.1), 20)
    assert found.certified.mean() > 0.9
    assert np.array_equal(found.ranks[found.certified], found.hardmax_ranks[found.certified])
    # Equal tokens share the weight at any temperature: no certificate.
    found = montecarlo.sample_variant_softmax(square(24, inputs="duplicated", temperature=1e-6, tolerance=0.1), 5)
    assert not found.certified.any()


def test_softmax_of_the_ideal_setting_is_the_one_that_was_there():
    found = montecarlo.sample_variant_softmax(square(20, temperature=1.0, tolerance=1e-6), 6, rng=2)
    before = montecarlo.softmax_numerical_ranks(20, 8, 6, temperature=1.0, tolerance=1e-6, rng=2)
    assert np.array_equal(found.ranks[:, 0], before.ranks)
    assert np.array_equal(found.certified[:, 0], before.certified)


def test_a_small_preset_of_each_model_runs():
    for name in ("gpt2", "llama-3-8b", "deepseek-v3"):
        setting = preset(name, scale=1 / 32, n_keys=24)
        found = montecarlo.sample_variant_ranks(setting, 2)
        assert found.per_head.shape == (2, setting.n_heads)
        assert (found.of_concatenation <= 24).all()


def test_zipf_tokens_repeat():
    setting = square(60, head_dim=math.inf, inputs=Inputs(law="zipf", vocabulary=5, exponent=0.0))
    assert montecarlo.sample_variant_ranks(setting, 50).per_head.max() <= 5
