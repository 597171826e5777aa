"""`assert_mean_rank`: how often it fails on what is true, and that planted bugs are found and named."""

from __future__ import annotations

import math
import re
import shlex
import subprocess
import sys

import assertion_error
import numpy as np
import pytest
from scipy import stats

import montecarlo
from rankbound import MLA, Setting, bounds
from rankbound.testing import assert_mean_rank
from rankbound.testing.bets_on_the_mean import TOO_HIGH, TOO_LOW, UNDOMINATED, placed
from rankbound.testing.certified_ranks import certified_rank_of

SEED = 5


def ideal(n, head_dim, n_queries=None, **others):
    return Setting(n_keys=n, n_queries=n_queries, head_dim=head_dim, **others)


def failure(samples, setting, **options) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_mean_rank(samples, setting, **options)
    return str(caught.value)


def fails(samples, setting, **options) -> bool:
    try:
        assert_mean_rank(samples, setting, **options)
    except AssertionError:
        return True
    return False


def attention(rng, n, head_dim, replicates, *, n_queries=None, shared=False):
    """The ideal setting, plainly: X is the identity, so queries and keys are the rows of the weights."""
    m = n if n_queries is None else n_queries
    keys = rng.standard_normal((replicates, n, head_dim))
    queries = keys[:, :m] if shared else rng.standard_normal((replicates, m, head_dim))
    picked = np.argmax(queries @ keys.transpose(0, 2, 1), axis=-1)
    return np.eye(n, dtype=np.int8)[picked]


# What is true.


@pytest.mark.parametrize("truth", assertion_error.TRUTHS)
def test_the_rate_of_false_alarms_is_below_the_level(truth):
    """500 calls at level 0.1. With a rate of 0.1 more than 80 failures have a probability below 1e-5."""
    calls, level = 500, 0.1
    count = assertion_error.false_alarms(truth, calls, SEED, level=level)
    most = int(stats.binom.isf(1e-5, calls, level))
    assert count <= most, f"{count} of {calls}, seed {SEED}"


def test_too_lenient_bets_would_be_noticed(monkeypatch):
    """The same count, were the capital of each bet squared."""
    honest = placed

    def greedy(*given, **options):
        found = honest(*given, **options)
        return type(found)({name: 2 * log for name, log in found.evidence.items()}, found.level)

    monkeypatch.setattr("rankbound.testing.rank_on_average.placed", greedy)
    assert assertion_error.false_alarms("n = 8, wide heads", 500, SEED, level=0.1) > 80


@pytest.mark.parametrize(
    "setting",
    [
        ideal(12, 4),
        ideal(12, 4, 30),
        ideal(12, 4, 5),
        ideal(12, 1),
        ideal(12, 2),
        ideal(12, math.inf),
        ideal(12, 4, rope_base=1e4),
        ideal(12, math.inf, mask="causal"),
        ideal(12, math.inf, mask="window", window=4),
        ideal(12, 4, mla=MLA(q_lora_rank=3, kv_lora_rank=5, nope_head_dim=4, rope_head_dim=0, norm=False)),
        ideal(12, 4, inputs=np.eye(12)),
    ],
    ids=lambda setting: ", ".join(setting.departures) or f"{setting.n_queries} queries, head_dim {setting.head_dim}",
)
def test_ranks_of_the_setting_pass(setting):
    ranks = montecarlo.sample_variant_ranks(setting, 400, rng=SEED).per_head[:, 0]
    assert assert_mean_rank(ranks, setting) is None
    certified = certified_rank_of(setting)
    if certified.mean is not None:
        assert certified.mean.width < 0.2 * certified.mean.lower  # it says something


def test_matrices_of_a_plain_simulator_pass():
    matrices = attention(np.random.default_rng(SEED), 16, 8, 600)
    assert_mean_rank(matrices, ideal(16, 8))
    assert_mean_rank(matrices.reshape(300, 2, 16, 16), ideal(16, 8, n_heads=2))


def test_one_key_or_one_query_leaves_nothing_to_chance():
    assert_mean_rank([1, 1], ideal(1, 4))
    assert_mean_rank([1], ideal(7, 4, 1))
    assert "samples[1] = 2" in failure([1, 2], ideal(7, 4, 1))


# What is not.


def test_queries_shared_with_keys_are_found():
    matrices = attention(np.random.default_rng(SEED), 16, 8, 100, shared=True)
    message = failure(matrices, ideal(16, 8), seed=SEED)
    assert "ranks are above the barrier too often for n_keys 16, n_queries 16, head_dim 8" in message
    assert "W_q shared with W_k" in message
    assert "seed          5" in message
    assert message.endswith("rankbound simulate --n 16 --head-dim 8 --replicates 100 --seed 5")
    assert "python -m rankbound bound --n 16 --head-dim 8\n" in message


def test_one_query_less_is_found_and_named():
    samples = attention(np.random.default_rng(SEED), 8, 2, 1500, n_queries=7).any(axis=1).sum(axis=1)
    message = failure(samples, ideal(8, 2), seed=SEED)
    assert "ranks are too low" in message
    assert "fewer queries" in message
    assert "agrees with   n_queries = 7" in message
    p = float(re.search(r"p-value +at most (\S+), of 3 bets together", message)[1])
    assert 0 < p <= 1e-6


def test_one_query_more_is_found_and_named():
    samples = attention(np.random.default_rng(SEED), 8, 2, 2500, n_queries=9).any(axis=1).sum(axis=1)
    message = failure(np.minimum(samples, 8), ideal(8, 2))
    assert "ranks are too high" in message
    assert "n_queries = 9" in message
    assert "seed" not in message


def test_half_the_head_dim_is_found_and_named():
    message = failure(montecarlo.sample_ranks(64, 8, 400, rng=SEED), ideal(64, 16))
    assert "agrees with   head_dim = 8, the rest as it is" in message


@pytest.mark.parametrize(
    ("seen", "law", "shown", "named"),
    [
        (5, {"mask": "window", "window": 4}, ", mask window, window 4", ["window = 5"]),
        (3, {"mask": "window", "window": 4}, ", mask window, window 4", ["window = 3"]),
        (32, {"mask": "window", "window": 4}, ", mask window, window 4", ["mask = causal"]),
        (4, {"mask": "causal"}, ", mask causal", []),
        (32, {}, "", []),
    ],
)
def test_another_mask_is_found_and_named(seen, law, shown, named):
    """Scores are independent, as in the limit of wide heads; a query sees the last ``seen`` keys up to its own."""
    scores = np.random.default_rng(SEED).standard_normal((1000, 32, 32))
    distance = np.arange(32)[:, None] - np.arange(32)
    picks = np.where((distance >= 0) & (distance < seen), scores, -np.inf).argmax(axis=-1)
    message = failure(np.eye(32)[picks], ideal(32, math.inf, **law))
    assert re.search(r"for n_keys 32, n_queries 32, head_dim inf(.*)\n", message)[1] == shown
    assert ("another mask (one key more or less, say)" in message) == bool(law)
    assert re.findall(r"agrees with +(.*), the rest as it is", message) == named


def test_one_token_less_under_a_causal_mask_is_named():
    """A strict mask has the mean of one token less; so have 15 tokens."""
    scores = np.random.default_rng(SEED).standard_normal((1000, 15, 15))
    picks = np.where(np.tri(15, dtype=bool), scores, -np.inf).argmax(axis=-1)
    ranks = [len(set(row)) for row in picks.tolist()]
    message = failure(ranks, ideal(16, math.inf, mask="causal"))
    assert "agrees with   n_queries = 15 and n_keys = 15, the rest as it is" in message


def test_one_key_less_is_named_in_the_limit_of_wide_heads_too():
    picks = np.random.default_rng(SEED).integers(0, 7, (2000, 8))
    assert "agrees with   n_keys = 7, the rest as it is" in failure(
        [len(set(r)) for r in picks.tolist()], ideal(8, math.inf)
    )


def test_a_wrong_law_is_found_where_only_the_barrier_or_a_limit_is_certified():
    latents = ideal(12, 4, mla=MLA(q_lora_rank=3, kv_lora_rank=5, nope_head_dim=4, rope_head_dim=0, norm=False))
    message = failure(np.full(50, 12), latents)
    assert "the barrier, E[rank] <= " in message
    assert message.splitlines()[0].endswith("for n_keys 12, n_queries 12, head_dim 4, mla")
    causal = ideal(12, math.inf, mask="causal")
    assert "E[rank] in [6.5, 6.5] (exact: causal mask, wide heads)" in failure(np.full(200, 8), causal)
    window = ideal(40, math.inf, mask="window", window=4)
    message = failure(np.full(200, 20), window)
    assert "window_occupancy_mean(40, 4)" in message
    assert message.splitlines()[0].endswith("for n_keys 40, n_queries 40, head_dim inf, mask window, window 4")


def test_the_planned_number_of_samples_is_what_counts():
    """Where the interval for 700 planned samples and that for as many as there are do not agree."""
    known, planned, level = bounds.expected_rank(8, 2), 700, 1e-4
    ranks = montecarlo.sample_ranks(8, 2, 1500, n_queries=7, rng=SEED)

    def misses(size, horizon):
        common = {"lower": -8, "upper": -1, "error": 2 * level / 3, "horizon": horizon}
        return montecarlo.excludes_up_to(-known.lower, -ranks[:size], **common)

    differing = [size for size in range(100, 1500, 10) if misses(size, planned) != misses(size, size)]
    assert differing
    for size in differing[:3]:
        found = [
            horizon for horizon in (None, planned) if fails(ranks[:size], ideal(8, 2), level=level, horizon=horizon)
        ]
        assert found == ([planned] if misses(size, planned) else [None])


@pytest.mark.parametrize(
    "setting",
    [
        ideal(12, 4, 5),
        ideal(12, math.inf),
        ideal(12, math.inf, mask="causal"),
        ideal(12, math.inf, mask="window", window=4),
    ],
    ids=lambda setting: ", ".join(setting.departures) or "ideal",
)
def test_the_commands_of_a_failure_run(setting):
    most = min(setting.n_keys, setting.n_queries)
    message = failure(np.full(60, most), setting, seed=3)
    commands = re.findall(r"^  (?:inspect|compare) +(.*)$", message, flags=re.MULTILINE)
    assert len(commands) == (2 if setting.is_ideal else 1)
    for command in commands:
        program, *words = shlex.split(command)
        words = words if program == "python" else ["-m", "rankbound", *words]
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
        assert done.stdout


def test_each_bet_wins_where_it_should():
    setting = ideal(8, 2)
    certified = certified_rank_of(setting)

    def bets(rank):
        return placed(np.full(500, rank), certified, 8, level=1e-6, horizon=500)

    assert bets(2).best == TOO_LOW
    assert bets(5).evidence[TOO_HIGH] > 20 > bets(5).evidence[UNDOMINATED]
    assert bets(8).evidence[UNDOMINATED] > 20
    assert bets(2).refutes
    assert bets(2).log_p == pytest.approx(math.log(3) - bets(2).evidence[TOO_LOW])


@pytest.mark.parametrize("planned", [None, 700])
def test_the_verdict_is_that_of_the_confidence_interval(planned):
    """Whether the interval shown misses the certified one, and whether the assertion fails on its account."""
    known = bounds.expected_rank(8, 2)
    ranks = montecarlo.sample_ranks(8, 2, 4000, n_queries=7, rng=SEED)
    outcomes = set()
    for size in range(100, 1500, 200):
        given = ranks[:size]
        ends = montecarlo.confidence_interval(given, lower=1, upper=8, error=2e-4 / 3, horizon=planned or size)
        apart = ends[1] < known.lower or ends[0] > known.upper
        outcomes.add(apart)
        if apart:
            failure(given, ideal(8, 2), level=1e-4, horizon=planned)
        else:
            assert_mean_rank(given, ideal(8, 2), level=1e-4, horizon=planned)
    assert outcomes == {True, False}


# Misuse.

RANKS = np.full(100, 5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mask": "causal"}, "every query sees every key, but the mask is causal (of wide heads"),
        ({"weights": "tied"}, "W_q and W_k independent, with iid N(0, 1) entries, but the weights are tied"),
        ({"inputs": "gaussian"}, "X X^T = I, but the tokens have iid Gaussian entries"),
        ({"temperature": 1.0, "tolerance": 1e-6}, "but softmax at temperature 1"),
        (
            {"mla": MLA(q_lora_rank=3, kv_lora_rank=5, nope_head_dim=2, rope_head_dim=2, norm=False)},
            "but positions turn a part of queries and keys (RoPE)",
        ),
    ],
)
def test_where_nothing_is_certified_the_broken_assumption_is_named(changes, reason):
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        assert_mean_rank(RANKS, ideal(12, 4, **changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("samples", "options", "expected"),
    [
        (RANKS.astype(float), {}, "samples.dtype = 'float64': expected integers"),
        (RANKS.reshape(10, 10), {}, "samples.shape = (10, 10): expected (replicates,) for ranks"),
        (attention(np.random.default_rng(1), 12, 4, 3, n_queries=11), {}, "samples.shape = (3, 11, 12): expected"),
        (RANKS, {"level": 0}, "level = 0"),
        (RANKS, {"level": 1}, "level = 1"),
        (RANKS, {"horizon": 0}, "horizon = 0"),
        (np.full(1, 5), {}, "len(samples) = 1: expected enough to refute something at level 1e-06"),
        ([], {}, "samples.shape = (0,): expected at least one entry"),
    ],
)
def test_misuse_is_one_line(samples, options, expected):
    with pytest.raises(ValueError, match=re.escape(expected)) as caught:
        assert_mean_rank(samples, ideal(12, 4), **options)
    assert "\n" not in str(caught.value)


def test_heads_that_share_keys_are_refused():
    matrices = attention(np.random.default_rng(SEED), 12, 4, 100).reshape(50, 2, 12, 12)
    with pytest.raises(ValueError, match="ranks of heads that share keys are not independent"):
        assert_mean_rank(matrices, ideal(12, 4, n_heads=2, n_kv_heads=1))
    mla = MLA(q_lora_rank=1, kv_lora_rank=5, nope_head_dim=4, rope_head_dim=0, norm=False)
    with pytest.raises(ValueError, match="ranks of heads that share latents are not independent"):
        assert_mean_rank(matrices, ideal(12, 4, n_heads=2, mla=mla))
    assert_mean_rank(matrices[:, :1], ideal(12, 4, mla=mla), level=0.1)
    with pytest.raises(ValueError, match="expected a Setting"):
        assert_mean_rank(matrices, 12)


def test_heads_that_share_latents_are_not_independent():
    """Why: with one latent component two queries pick two keys where their signs differ, in every head alike."""
    mla = MLA(q_lora_rank=1, kv_lora_rank=5, nope_head_dim=4, rope_head_dim=0, norm=False)
    ranks = montecarlo.sample_variant_ranks(ideal(2, 4, n_heads=8, mla=mla), 50, rng=SEED).per_head
    assert (ranks == ranks[:, :1]).all()
    assert 1 < ranks.mean() < 2


@pytest.mark.parametrize("seed", [7, np.int64(7), True, "seven", -1])
def test_a_seed_of_the_command_is_one_that_it_takes(seed):
    command = failure(np.full(60, 12), ideal(12, 4), seed=seed).splitlines()[-1]
    assert command.endswith(" --seed 7" if seed == 7 else " --replicates 60")


def test_levels_and_ranks_beyond_the_numbers_are_refused():
    for least in (5e-324, 1e-310):
        with pytest.raises(ValueError, match=re.escape("level = ")):
            assert_mean_rank(RANKS, ideal(12, 4), level=least)
    assert "p-value" in failure(np.full(2000, 12), ideal(12, 4), level=1e-300)
    assert f"samples[1] = {2**63 - 1}" in failure(np.array([5, 2**64 - 1], np.uint64), ideal(12, 4))


@pytest.mark.parametrize("rank", [0, 13, -1])
def test_what_cannot_be_a_rank_is_a_failure(rank):
    message = failure([5, 5, rank], ideal(12, 4))
    assert f"samples[2] = {rank}" in message
    assert "from 1 to min(n_queries, n_keys) = 12" in message


def test_matrices_that_are_not_hardmax_are_a_failure_with_its_cause():
    soft = np.full((3, 12, 12), 1 / 12)
    assert "row 0 of samples[0] is not hardmax" in failure(soft, ideal(12, 4))
