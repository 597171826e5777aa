"""Estimates are functions of the sampled ranks and of nothing else."""

from __future__ import annotations

import dataclasses
import statistics

import numpy as np
import pytest

import montecarlo


def test_mean_variance_and_interval_are_those_of_the_samples():
    estimate = montecarlo.estimate_rank(40, 5, replicates=301, n_queries=30, rng=9, error=0.01)
    ranks = montecarlo.sample_ranks(40, 5, 301, n_queries=30, rng=9)
    assert estimate.mean == statistics.mean(ranks.tolist())
    assert estimate.variance == statistics.variance(ranks.tolist())
    interval = montecarlo.confidence_interval(ranks, lower=1, upper=30, error=0.01, horizon=301)
    assert (estimate.lower, estimate.upper) == interval
    assert (estimate.n_keys, estimate.n_queries, estimate.head_dim) == (40, 30, 5)
    assert (estimate.replicates, estimate.error) == (301, 0.01)
    assert estimate == montecarlo.estimate_rank(40, 5, replicates=301, n_queries=30, rng=9, error=0.01, workers=1)


def test_an_estimate_is_frozen():
    estimate = montecarlo.estimate_rank(5, 2, replicates=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        estimate.mean = 3.0


def test_one_replicate_has_no_variance_and_one_key_no_width():
    assert montecarlo.estimate_rank(8, 2, replicates=1).variance is None
    certain = montecarlo.estimate_rank(1, 2, replicates=5)
    assert (certain.mean, certain.lower, certain.upper, certain.variance) == (1.0, 1.0, 1.0, 0.0)


def test_progress_is_reported_and_changes_nothing():
    calls = []
    shown = montecarlo.estimate_rank(512, 64, replicates=700, progress=lambda *call: calls.append(call))
    assert shown == montecarlo.estimate_rank(512, 64, replicates=700)
    assert calls[-1] == (700, 700)
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})
    assert len(calls) > 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"replicates": 0}, "replicates = 0"),
        ({"replicates": 5, "error": 1}, "error = 1"),
        ({"replicates": 5, "rng": -1}, "rng"),
    ],
)
def test_bad_input_is_one_clear_line(options, words):
    with pytest.raises(ValueError, match="expected") as caught:
        montecarlo.estimate_rank(8, 2, **options)
    assert words in str(caught.value)


def test_ranks_drawn_in_parts_are_summarised_as_if_drawn_at_once():
    parts = [montecarlo.sample_ranks(24, 3, 40, rng=5), montecarlo.sample_ranks(24, 3, 60, rng=5, first_replicate=40)]
    whole = montecarlo.estimate_rank(24, 3, replicates=100, rng=5, error=0.01)
    assert montecarlo.summarise_ranks(np.concatenate(parts), 24, 3, error=0.01, horizon=100) == whole


@pytest.mark.parametrize("ranks", [[], [0], [25], [1.5], [[1]], ["a"], [True]])
def test_only_ranks_are_summarised(ranks):
    with pytest.raises(ValueError, match="expected"):
        montecarlo.summarise_ranks(ranks, 24, 3)
