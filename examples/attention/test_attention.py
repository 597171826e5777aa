"""What attention must do whatever its weights are, and what it does with random ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankbound import Setting
from rankbound.testing import (
    assert_hardmax,
    assert_rank_bound,
    assert_representable,
    attention_inputs,
    head_dims,
    sequence_lengths,
)

SHARP = 1e-30  # a temperature: softmax is hardmax there, unless two scores are equal
SEEDS = st.integers(0, 999)
MASKS = st.sampled_from([{}, {"causal": True}, {"window": 1}, {"window": 3}])


def normal_weights(seed, embed_dim, width):
    """Return W_q and W_k of all heads, standard normal."""
    return np.random.default_rng(seed).standard_normal((2, embed_dim, width))


@given(x=attention_inputs(), mask=MASKS, seed=SEEDS)
def test_hardmax_picks_one_key(attention, x, mask, seed):
    """Whatever the tokens: some are equal, and so are the scores of their keys."""
    heads = attention(*normal_weights(seed, x.embed_dim, 6), n_heads=2, **mask)
    assert_hardmax(heads(x.array, temperature=0))


@given(x=attention_inputs(laws="gaussian"), mask=MASKS, seed=SEEDS)
def test_the_sharpest_softmax_is_hardmax(attention, x, mask, seed):
    """Softmax picks nothing, but near temperature 0 it does; this is the code that production runs."""
    heads = attention(*normal_weights(seed, x.embed_dim, 6), n_heads=2, **mask)
    assert_hardmax(heads(x.array, temperature=SHARP))


@given(x=attention_inputs(), seed=SEEDS)
def test_no_token_looks_ahead(attention, x, seed):
    """Among themselves, the first tokens pick as if there were no others: each corner of the matrix is hardmax."""
    heads = attention(*normal_weights(seed, x.embed_dim, 6), n_heads=2, causal=True)
    weights = heads(x.array, temperature=0)
    for n in range(1, x.n_tokens + 1):
        assert_hardmax(weights[:, :n, :n])


@given(distinct=st.integers(1, 4), n=sequence_lengths(max_value=16), seed=SEEDS)
def test_equal_tokens_look_at_the_same(attention, distinct, n, seed):
    """Integers, so that scores which are equal are so in floating point too."""
    x = np.eye(distinct)[np.arange(n) % distinct]
    heads = attention(*np.random.default_rng(seed).integers(-9, 10, (2, distinct, 6)), n_heads=2)
    assert_rank_bound(heads(x, temperature=0), bound=distinct)


@given(n=sequence_lengths(max_value=16), head_dim=head_dims(max_value=4), seed=SEEDS)
def test_scores_have_the_rank_of_a_head(attention, n, head_dim, seed):
    """No head has attention that is too rich for its dimension."""
    heads = attention(*normal_weights(seed, n, 2 * head_dim), n_heads=2)
    assert_representable(heads(np.eye(n)), head_dim, convention="rows")


@pytest.mark.parametrize("head_dim", [16, 2])
def test_rank_of_random_heads(attention, head_dim, rank_checker):
    """Each with weights of its own: the mean of their ranks is certified, and rank_checker knows what chance does."""
    heads = (attention(*normal_weights(seed, 8, 2 * head_dim), n_heads=2) for seed in range(3000))
    weights = [head(np.eye(8), temperature=0) for head in heads]
    rank_checker(weights, Setting(n_queries=8, n_keys=8, head_dim=head_dim, n_heads=2))


@pytest.mark.parametrize(
    ("mask", "law"),
    [({"causal": True}, {"mask": "causal"}), ({"window": 4}, {"mask": "window", "window": 4})],
    ids=["causal", "window"],
)
def test_rank_under_a_mask(attention, mask, law, rank_checker):
    """It is certified where scores are independent, the limit of wide heads. Identity for W_q makes them that."""
    heads = (attention(np.eye(32), normal_weights(seed, 32, 32)[1], **mask) for seed in range(2000))
    weights = [head(np.eye(32), temperature=0) for head in heads]
    rank_checker(weights, Setting(n_queries=32, n_keys=32, head_dim=math.inf, **law))
