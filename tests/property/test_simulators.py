"""Every simulator against its definition, replicate by replicate; and what it draws, in law, against what is proved.

A test in law raises a false alarm with probability at most 1e-9 an example: 1e-7 a run in the short profile, and 2e-6
in the thorough one. Where two roundings of one replicate are compared, see ``test_kernels_and_twins.py``.
"""

from __future__ import annotations

import math
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from amount import amount
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import softmax

import montecarlo
from montecarlo import algorithms
from montecarlo.compression import compressed_layout, make_triangular
from montecarlo.generator import fill_chi, fill_normals
from montecarlo.layout import unpacked
from montecarlo.plain import plain_hardmax, plain_line_rank, plain_planar_rank, plain_vectors, plain_words
from montecarlo.plain_tokens import PlainDraws, plain_tokens
from montecarlo.plain_variants import plain_scores, plain_visible
from montecarlo.regions import UNCOMPRESSED_HEAD_DIM, applicable
from montecarlo.seeding import Law, derive_key
from montecarlo.softmax import KEYS, QUERIES, least_tolerance
from montecarlo.streams import Part
from montecarlo.variants import variant_key
from rankbound import MLA, Setting
from rankbound.bounds import exact_pmf
from rankbound.testing import (
    assert_mean_rank,
    attention_settings,
    head_dims,
    key_matrices,
    query_laws,
    sequence_lengths,
)

SEEDS = st.integers(0, 2**32 - 1)
SMALL = sequence_lengths(max_value=60)
FALSE_ALARM = 1e-9


# Replicate by replicate


def plain_ranks(algorithm, n_keys, head_dim, replicates, n_queries, seed):
    """Return what ``sample_ranks`` should, without a kernel."""
    sizes = (n_queries, n_keys, head_dim)
    key, ranks = derive_key(algorithms.LAWS[algorithm], sizes, seed), []
    for replicate in range(replicates):
        if algorithm in ("line", "planar"):
            twin = plain_line_rank if algorithm == "line" else plain_planar_rank
            ranks.append(twin(plain_words(key, 0, replicate, 1024), n_keys, n_queries))
        else:
            vectors = plain_vectors(key, sizes, replicate, compressed=head_dim > UNCOMPRESSED_HEAD_DIM)
            ranks.append(np.unique(plain_hardmax(*vectors)).size)
    return ranks


@amount(30)
@given(SMALL, head_dims(max_value=100), SMALL, SEEDS)
def test_ranks_by_every_algorithm(n_keys, head_dim, n_queries, seed):
    for algorithm in applicable(head_dim):
        options = {"n_queries": n_queries, "rng": seed, "algorithm": algorithm, "workers": 1}
        found = montecarlo.sample_ranks(n_keys, head_dim, 3, **options).tolist()
        assert found == plain_ranks(algorithm, n_keys, head_dim, 3, n_queries, seed)


@amount(20)
@given(SMALL, head_dims(max_value=40), SEEDS)
def test_estimates_and_campaigns_are_of_the_ranks_that_are_drawn(n_keys, head_dim, seed):
    ranks = montecarlo.sample_ranks(n_keys, head_dim, 8, rng=seed, workers=1)
    estimate = montecarlo.estimate_rank(n_keys, head_dim, replicates=8, rng=seed, workers=1)
    assert estimate.mean == pytest.approx(ranks.mean(), rel=1e-15)
    assert estimate.replicates == 8
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "runs.sqlite"
        [cell] = montecarlo.run_campaign(n_keys, head_dim, store=store, replicates=8, rng=seed, workers=1)
        assert montecarlo.read_ranks(store, n_keys, head_dim).tolist() == ranks.tolist()
        assert cell == montecarlo.read_campaign(store)[0]


@amount(30)
@given(st.integers(1, 20), st.integers(1, 20), head_dims(max_value=30), SEEDS)
def test_from_weights_the_rank_is_the_occupancy(n_keys, n_queries, head_dim, seed):
    pairs = montecarlo.sample_rank_and_occupancy(n_keys, head_dim, 3, n_queries=n_queries, rng=seed)
    assert (pairs[:, 0] == pairs[:, 1]).all()
    assert ((pairs >= 1) & (pairs <= min(n_keys, n_queries))).all()


def check_softmax(found, at, values, tolerance):
    """Compare one numerical rank with singular values that another route has found."""
    assert found.largest[at] == pytest.approx(values[0], rel=1e-6)
    near = np.abs(values / (tolerance * values[0]) - 1.0).min() < 1e-2  # the other route rounds elsewhere
    if not (near or found.ambiguous[at]):
        assert found.ranks[at] == (values > tolerance * values[0]).sum()
    if found.certified[at]:
        assert found.ranks[at] == found.hardmax_ranks[at], "T1 and V5"


TEMPERATURES, TOLERANCES = st.sampled_from([0.01, 0.1, 1.0, 5.0]), st.sampled_from([1e-6, 1e-3, 0.1])


@amount(30)
@given(st.integers(1, 12), st.integers(1, 12), head_dims(max_value=30), TEMPERATURES, TOLERANCES, SEEDS)
def test_softmax_ranks(n_keys, n_queries, head_dim, temperature, tolerance, seed):
    options = {"temperature": temperature, "tolerance": tolerance, "n_queries": n_queries, "rng": seed, "workers": 1}
    found = montecarlo.softmax_numerical_ranks(n_keys, head_dim, 3, **options)
    key = derive_key(Law.SOFTMAX, (n_queries, n_keys, head_dim), seed)
    queries, keys = (np.empty((3, size * head_dim)) for size in (n_queries, n_keys))
    fill_normals(key, QUERIES, 0, queries)
    fill_normals(key, KEYS, 0, keys)
    for i in range(3):
        q, k = queries[i].reshape(-1, head_dim), keys[i].reshape(-1, head_dim)
        weights = softmax(q @ k.T / (temperature * math.sqrt(head_dim)), axis=1)
        check_softmax(found, i, np.linalg.svd(weights, compute_uv=False), tolerance)
        assert found.hardmax_ranks[i] == np.unique(plain_hardmax(q, k)).size


def scores_by_definition(setting, key, replicate):
    """Return the scores of each head; in the limit of wide heads the plain twin has but the place of the best."""
    if not setting.is_wide:
        return plain_scores(setting, key, replicate)
    draws = PlainDraws(key, replicate)
    factor, _ = plain_tokens(setting, draws, gram_only=True)
    shape = (factor.shape[1], factor.shape[1])
    return [factor @ draws.normals(Part.SCORES, head, *shape) @ factor.T for head in range(setting.n_heads)]


@amount(30)
@given(attention_settings(temperature=TEMPERATURES, tolerance=TOLERANCES), SEEDS)
def test_softmax_ranks_of_variants(setting, seed):
    assume(set(setting.departures) > {"temperature", "tolerance"})  # the others are those of the test above
    assert least_tolerance(setting.n_keys, setting.n_queries) < setting.tolerance
    found = montecarlo.sample_variant_softmax(setting, 2, rng=seed, workers=1)
    key, visible = variant_key(setting, seed), plain_visible(setting)
    scale = setting.temperature * (1.0 if setting.is_wide else math.sqrt(setting.head_dim))
    for replicate in range(2):
        for head, scores in enumerate(scores_by_definition(setting, key, replicate)):
            seen = scores[: setting.n_queries, : setting.n_keys]
            weights = softmax(np.where(visible, seen / scale, -np.inf), axis=1)
            check_softmax(found, (replicate, head), np.linalg.svd(weights, compute_uv=False), setting.tolerance)


# In law


def largest_gap(left, right):
    """Return the largest distance between the distribution functions of two samples."""
    both = np.sort(np.concatenate([left, right]))
    places = [np.searchsorted(np.sort(one), both, side="right") / len(one) for one in (left, right)]
    return abs(places[0] - places[1]).max()


def allowed_gap(count, error):
    """Return what two samples of ``count`` >= 458 from one law exceed with probability ``error`` at most.

    2 exp(-count x^2) for two samples of the same size (Wei and Dudley, 2012, "Two-sample Dvoretzky-Kiefer-Wolfowitz
    inequalities", theorem 1), whatever the law.
    """
    return math.sqrt(math.log(2 / error) / count)


def statistics(scores):
    """Return numbers of a score matrix that between them feel all of its entries."""
    flat = scores.reshape(len(scores), -1)
    return {
        "a corner": flat[:, -1],
        "squares": (flat**2).sum(axis=1),
        "fourth powers": (flat**4).sum(axis=1),
        "both ends": flat[:, 0] * flat[:, -1],
        "rank": np.array([np.unique(row).size for row in scores.argmax(axis=2)]),
    }


def scores_of_factors(seed, n_queries, n_keys, head_dim, count, degrees):
    """Return scores of G and the Bartlett factor, as the simulator draws them, with ``degrees`` for ``head_dim``."""
    layout, side = compressed_layout(n_queries, n_keys, head_dim)
    key = derive_key(Law.RANKS_BY_SCAN, (n_queries, n_keys, head_dim), seed)
    sides = {"queries": np.empty((count, layout.queries.size)), "keys": np.empty((count, layout.keys.size))}
    for stream, vectors in enumerate(sides.values()):
        fill_normals(key, stream, 0, vectors)
    diagonal, blocks = np.empty((count, layout.depth)), getattr(layout, side)
    fill_chi(key, 2, 0, degrees, diagonal)
    make_triangular(sides[side], blocks.table, blocks.width, diagonal)
    rows = [
        (unpacked(q, layout.queries, layout.depth), unpacked(k, layout.keys, layout.depth))
        for q, k in zip(*sides.values(), strict=True)
    ]
    return np.array([q @ k.T for q, k in rows])


def gaps(seed, n_queries, n_keys, head_dim, count, degrees=None):
    """Return, for each statistic, how far the factors and the product itself are apart."""
    rng = np.random.default_rng(seed)
    queries, keys = rng.normal(size=(count, n_queries, head_dim)), rng.normal(size=(count, n_keys, head_dim))
    direct = statistics(queries @ keys.transpose(0, 2, 1))
    drawn = statistics(scores_of_factors(seed, n_queries, n_keys, head_dim, count, degrees or head_dim))
    return {name: largest_gap(direct[name], drawn[name]) for name in direct}


@amount(10)
@given(SEEDS, st.integers(1, 5), st.integers(1, 5), head_dims(max_value=12))
def test_scores_of_factors_have_the_law_of_scores(seed, n_queries, n_keys, head_dim):
    """T14, on either side and whether or not head_dim exceeds the sizes; five statistics, 1500 replicates each."""
    found = gaps(seed, n_queries, n_keys, head_dim, 1500)
    assert max(found.values()) <= allowed_gap(1500, FALSE_ALARM / len(found)), found


def test_scores_of_a_wrong_factor_have_not():
    found = gaps(1, 2, 2, 2, 1500, degrees=3)
    assert max(found.values()) > allowed_gap(1500, FALSE_ALARM / len(found))


@amount(10)
@given(SEEDS, st.integers(1, 12), st.integers(1, 12), head_dims(min_value=17, max_value=40))
def test_ranks_of_wide_heads_have_the_law_of_the_definition(seed, n_queries, n_keys, head_dim):
    """T14 through the simulator: 800 ranks by factors against 800 of NumPy's normals, uncompressed."""
    rng = np.random.default_rng(seed)
    queries, keys = rng.normal(size=(800, n_queries, head_dim)), rng.normal(size=(800, n_keys, head_dim))
    direct = [np.unique(row).size for row in (queries @ keys.transpose(0, 2, 1)).argmax(axis=2)]
    drawn = montecarlo.sample_ranks(n_keys, head_dim, 800, n_queries=n_queries, rng=seed, workers=1)
    assert largest_gap(np.array(direct), drawn) <= allowed_gap(800, FALSE_ALARM)


CERTIFIED = {
    "ideal": {"mask": "none", "inputs": "orthonormal", "weights": "gaussian", "rope_base": None, "mla": None},
    "causal": {"mask": "causal", "head_dim": math.inf, "inputs": "orthonormal", "weights": "gaussian"},
    "window": {"mask": "window", "head_dim": math.inf, "inputs": "orthonormal", "weights": "gaussian"},
    "latents": {
        "mla": MLA(q_lora_rank=3, kv_lora_rank=2, nope_head_dim=4, rope_head_dim=0, norm=False),
        "n_queries": None,  # a barrier only: where it is next to the most there is, no ranks could refute it
        "inputs": "orthonormal",
        "mask": "none",
        "weights": "gaussian",
    },
}


@pytest.mark.parametrize("name", CERTIFIED)
@amount(5)
@given(st.data())
def test_simulated_ranks_have_the_mean_that_is_certified(name, data):
    """T2, T6, T7, T11, V1, V2, V4: samples of each head against its enclosure or its barrier."""
    options = {"temperature": 0.0, "n_keys": st.integers(1, 12), "n_queries": st.none() | st.integers(1, 12)}
    setting = data.draw(attention_settings(**options | CERTIFIED[name]))
    ranks = montecarlo.sample_variant_ranks(setting, 400, rng=data.draw(SEEDS), workers=1, joint=False).per_head
    for head in range(setting.n_heads):
        assert_mean_rank(ranks[:, head], setting, level=FALSE_ALARM / setting.n_heads)


def test_the_mean_of_a_law_that_breaks_an_assumption_is_noticed():
    """V3: tied weights."""
    tied = Setting(n_keys=20, n_queries=20, head_dim=20, weights="tied")
    ranks = montecarlo.sample_variant_ranks(tied, 150, rng=1, workers=1).per_head[:, 0]
    with pytest.raises(AssertionError):
        assert_mean_rank(ranks, Setting(n_keys=20, n_queries=20, head_dim=20), level=FALSE_ALARM)


@amount(20)
@given(st.data(), SEEDS, st.integers(1, 12))
def test_no_law_of_queries_beats_the_barrier_on_any_keys(data, seed, m):
    """T2 and T4 for every fixed K, ties and all: each tail of the rank is below that of the occupancy number.

    Hoeffding's inequality for each of the tails, 1000 replicates.
    """
    keys = data.draw(key_matrices())
    law = data.draw(query_laws(head_dim=keys.head_dim))
    picks = montecarlo.hardmax(law.draw(1000 * m, rng=seed), keys.array).reshape(1000, m)
    ranks = np.array([np.unique(row).size for row in picks])
    occupancy = exact_pmf(keys.n_keys, n_queries=m)
    slack = math.sqrt(math.log(len(occupancy) / FALSE_ALARM) / 2000)
    for k in range(len(occupancy)):
        assert (ranks >= k).mean() <= float(sum(occupancy[k:], Fraction(0))) + slack
