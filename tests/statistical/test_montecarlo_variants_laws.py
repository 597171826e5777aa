"""Laws of variants against exact ones, reference numbers and literal simulations in NumPy that share nothing with them.

Every test has a fixed seed. Tests against an exact mean or law, and those of two samples, have a false-alarm rate of
1e-6 each (4.9 standard errors, or a p-value). Reference numbers come with their own tolerance, which is added.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import montecarlo
from rankbound import MLA, Inputs, Setting

SIGMAS = 4.9
FALSE_ALARM = 1e-6


def square(n, **fields):
    return Setting(**{"n_queries": n, "n_keys": n, "head_dim": math.inf} | fields)


def ranks(setting, replicates):
    return montecarlo.sample_variant_ranks(setting, replicates, rng=11, joint=False).per_head[:, 0]


def standard_error(sample):
    return float(sample.std(ddof=1) / math.sqrt(sample.size))


def eulerian(n):
    row = [1]
    for size in range(2, n + 1):
        row = [(k + 1) * (row[k] if k < len(row) else 0) + (size - k) * (row[k - 1] if k else 0) for k in range(size)]
    return row


def test_causal_rank_in_wide_heads_is_eulerian():
    sample = ranks(square(512, mask="causal"), 20_000)
    assert abs(sample.mean() - 256.5) < SIGMAS * math.sqrt(42.75 / sample.size)
    # Nearly normal: the variance of the sample variance is 2 sigma^4 / replicates up to a share 0.01 of it.
    assert abs(sample.var(ddof=1) - 42.75) < SIGMAS * 42.75 * math.sqrt(2.02 / sample.size)
    small = ranks(square(6, mask="causal"), 50_000)
    observed = np.bincount(small, minlength=7)[1:]
    expected = np.array(eulerian(6)) / math.factorial(6) * small.size
    assert stats.chisquare(observed, expected).pvalue > FALSE_ALARM


@pytest.mark.parametrize(("n", "w", "mean"), [(512, 64, 315.193), (100, 10, None)])
def test_window_rank_in_wide_heads(n, w, mean):
    q = 1.0 - 1.0 / w
    exact = (n - 2 * w + 2) * (1.0 - q**w) + 3 * w * q**w
    if mean is not None:
        assert abs(exact - mean) < 5e-4
    sample = ranks(square(n, mask="window", window=w), 20_000)
    assert abs(sample.mean() - exact) < SIGMAS * standard_error(sample)


def test_repeated_tokens_count_once_and_ties_go_to_the_lowest_index():
    # 64 tokens, each of 32 orthonormal ones twice: equal queries pick the same of 32 different keys, the first copy.
    sample = ranks(square(64, inputs="duplicated"), 20_000)
    exact = 32 * (1.0 - (31 / 32) ** 32)
    assert abs(exact - 20.40) < 0.1
    assert abs(sample.mean() - exact) < SIGMAS * standard_error(sample)


def test_antipodal_tokens_on_a_line_always_have_rank_two():
    assert (ranks(square(2, head_dim=1, inputs="antipodal"), 5000) == 2).all()


@pytest.mark.parametrize(
    ("setting", "reference", "within", "replicates"),
    [
        (
            square(64, head_dim=32, mla=MLA(q_lora_rank=384, kv_lora_rank=128, nope_head_dim=32, norm=False)),
            35.68,
            0.05,
            20_000,
        ),
        (square(4, inputs="simplex"), 3.163, 0.01, 100_000),
        (square(64, head_dim=32, weights="tied"), 63.998, 0.005, 50_000),
    ],
    ids=["latent", "simplex", "tied"],
)
def test_reference_numbers(setting, reference, within, replicates):
    sample = ranks(setting, replicates)
    assert abs(sample.mean() - reference) < within + SIGMAS * standard_error(sample)


# Literal simulations -------------------------------------------------------------------------------------------------


def normed(x):
    return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + 1e-6)


def turned(x, base):
    half = x.shape[1] // 2
    angles = np.outer(np.arange(len(x)), base ** (-np.arange(half) / half))
    pairs = (x[:, :half] + 1j * x[:, half:]) * np.exp(1j * angles)
    return np.concatenate([pairs.real, pairs.imag], axis=1)


def lower(n):
    return np.where(np.tri(n, dtype=bool), 0.0, -np.inf)


def causal(rng):
    q, k = rng.standard_normal((2, 40, 4))
    return (q @ k.T + lower(40)).argmax(axis=1)


def window_with_rope(rng):
    x = rng.standard_normal((40, 10))
    for i in range(1, 40):
        x[i] = 0.9 * x[i - 1] + math.sqrt(1.0 - 0.81) * x[i]
    q, k = (turned(x @ rng.standard_normal((10, 6)), 50.0) for _ in range(2))
    band = np.where(np.tri(40, dtype=bool) & ~np.tri(40, k=-8, dtype=bool), 0.0, -np.inf)
    return (q @ k.T + band).argmax(axis=1)


def latents(rng):
    x = normed(rng.standard_normal((40, 60)))
    c_q, c_k = (normed(x @ rng.standard_normal((60, rank))) for rank in (50, 12))
    content = (c_q @ rng.standard_normal((50, 14))) @ (c_k @ rng.standard_normal((12, 14))).T
    place = turned(c_q @ rng.standard_normal((50, 4)), 1e4) @ turned(x @ rng.standard_normal((60, 4)), 1e4).T
    return (content + place + lower(40)).argmax(axis=1)


def zipf(rng):
    weights = np.arange(1.0, 31.0) ** -1.0
    x = rng.standard_normal((30, 50))[rng.choice(30, 40, p=weights / weights.sum())]
    _, first = np.unique(x, axis=0, return_inverse=True)  # equal tokens have equal keys: any of them counts once
    scores = (x @ rng.standard_normal((50, 5))) @ (x @ rng.standard_normal((50, 5))).T
    return first.reshape(-1)[scores.argmax(axis=1)]


def orthogonal(rng):
    x = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 25))
    w_q, w_k = (np.linalg.qr(rng.standard_normal((25, 7)))[0] for _ in range(2))
    return ((x @ w_q) @ (x @ w_k).T).argmax(axis=1)


def uniform(rng):
    x = np.linalg.qr(rng.standard_normal((44, 40)))[0].T
    w_q, w_k = rng.uniform(-1, 1, (2, 44, 3))
    return ((x @ w_q) @ (x @ w_k).T).argmax(axis=1)


def clustered_in_wide_heads(rng):
    x = rng.standard_normal((5, 30))[np.arange(40) % 5] + 0.3 * rng.standard_normal((40, 30))
    return (x @ rng.standard_normal((30, 30)) @ x.T).argmax(axis=1)


LITERAL = {
    causal: square(40, head_dim=4, mask="causal"),
    window_with_rope: square(
        40,
        head_dim=6,
        mask="window",
        window=8,
        rope_base=50.0,
        embed_dim=10,
        inputs=Inputs(law="ar1", correlation=0.9),
    ),
    latents: square(
        40,
        head_dim=18,
        mask="causal",
        inputs="gaussian",
        embed_dim=60,
        mla=MLA(q_lora_rank=50, kv_lora_rank=12, nope_head_dim=14, rope_head_dim=4),
        rope_base=1e4,
    ),
    zipf: square(40, head_dim=5, inputs=Inputs(law="zipf", vocabulary=30, exponent=1.0), embed_dim=50),
    orthogonal: square(40, head_dim=7, inputs=Inputs(law="low-rank", rank=3), embed_dim=25, weights="orthogonal"),
    uniform: square(40, head_dim=3, embed_dim=44, weights="uniform"),
    clustered_in_wide_heads: square(40, inputs=Inputs(law="clustered", clusters=5, spread=0.3), embed_dim=30),
}


SLOW = (zipf, latents, orthogonal, uniform)


@pytest.mark.parametrize(
    "literal",
    [pytest.param(one, id=one.__name__, marks=pytest.mark.thorough if one in SLOW else ()) for one in LITERAL],
)
def test_two_samples_of_one_law(literal):
    rng = np.random.default_rng(5)
    plain = np.array([np.unique(literal(rng)).size for _ in range(3000)])
    fast = ranks(LITERAL[literal], 20_000)
    table = np.array([np.bincount(sample, minlength=41) for sample in (plain, fast)])
    common = table.sum(axis=0) >= 100  # where both samples are large enough for chi-square; the rest together
    cells = np.column_stack([table[:, common], table[:, ~common].sum(axis=1)])
    cells = cells[:, cells.sum(axis=0) > 0]
    assert stats.chi2_contingency(cells).pvalue > FALSE_ALARM


@pytest.mark.thorough
def test_shared_keys_make_heads_dependent_and_ranks_over_heads_have_their_law():
    setting = Setting(n_queries=20, n_keys=20, head_dim=2, n_heads=4, n_kv_heads=1)
    found = montecarlo.sample_variant_ranks(setting, 8000, rng=3)
    rng, sums, sides = np.random.default_rng(1), [], []
    for _ in range(500):
        keys = rng.standard_normal((20, 2))
        choices = np.array([(rng.standard_normal((20, 2)) @ keys.T).argmax(axis=1) for _ in range(4)])
        matrices = [montecarlo.attention_matrix(one, 20) for one in choices]
        sums.append(montecarlo.exact_rank(sum(matrices)))
        sides.append(montecarlo.exact_rank(np.concatenate(matrices, axis=1)))
    for plain, fast in ((np.array(sums), found.of_sum), (np.array(sides), found.of_concatenation)):
        error = math.hypot(standard_error(plain), standard_error(fast))
        assert abs(plain.mean() - fast.mean()) < SIGMAS * error
    separate = montecarlo.sample_variant_ranks(Setting(n_queries=20, n_keys=20, head_dim=2, n_heads=4), 8000, rng=3)
    assert separate.of_sum.mean() > found.of_sum.mean() + 1.0  # few keys can be picked by any head where they share
