"""The literal reference, and the experiment that compares rank and occupancy."""

from __future__ import annotations

import numpy as np
import pytest

import montecarlo


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    longer = montecarlo.sample_ranks_from_weights(12, 3, 20, rng=4)
    assert longer.dtype == np.int64
    assert (montecarlo.sample_ranks_from_weights(12, 3, 7, rng=4) == longer[:7]).all()
    assert montecarlo.sample_ranks_from_weights(12, 3, 0).shape == (0,)
    assert ((longer >= 1) & (longer <= 12)).all()


def test_seeds_and_sizes_give_other_replicates():
    base = montecarlo.sample_ranks_from_weights(24, 3, 20)
    assert (base == montecarlo.sample_ranks_from_weights(24, 3, 20, rng=0)).all()
    assert (base != montecarlo.sample_ranks_from_weights(24, 3, 20, rng=1)).any()
    assert (base != montecarlo.sample_ranks_from_weights(24, 3, 20, model_dim=30)).any()


@pytest.mark.parametrize(("n_keys", "n_queries", "head_dim"), [(1, None, 1), (20, None, 3), (9, 31, 5), (31, 9, 40)])
def test_rank_and_occupancy_agree(n_keys, n_queries, head_dim):
    pairs = montecarlo.sample_rank_and_occupancy(n_keys, head_dim, 15, n_queries=n_queries, rng=2)
    assert pairs.shape == (15, 2)
    assert pairs.dtype == np.int64
    assert (pairs[:, 0] == pairs[:, 1]).all()


def test_no_replicates_keep_their_shape():
    assert montecarlo.sample_rank_and_occupancy(5, 2, 0).shape == (0, 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: montecarlo.sample_ranks_from_weights(0, 2, 1), "n_keys = 0"),
        (lambda: montecarlo.sample_ranks_from_weights(5000, 2, 1), "n_keys = 5000"),
        (lambda: montecarlo.sample_ranks_from_weights(5, 2, 1, model_dim=4), "model_dim = 4"),
        (lambda: montecarlo.sample_ranks_from_weights(5, 2, 1, rng=-3), "rng = -3"),
        (lambda: montecarlo.sample_ranks_from_weights(5, 2, -1), "replicates = -1"),
        (lambda: montecarlo.sample_rank_and_occupancy(257, 2, 1), "n_keys = 257"),
        (lambda: montecarlo.sample_rank_and_occupancy(5, 0, 1), "head_dim = 0"),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
