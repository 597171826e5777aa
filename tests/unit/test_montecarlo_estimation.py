"""Estimates are functions of the sampled ranks and of nothing else."""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import montecarlo
from montecarlo import estimation


@pytest.fixture
def _small_blocks(monkeypatch):
    monkeypatch.setattr(estimation, "block_replicates", lambda *sizes: 25)


def test_mean_variance_and_interval_are_those_of_the_samples():
    estimate = montecarlo.estimate_rank(40, 5, replicates=301, n_queries=30, rng=9, error=0.01)
    ranks = montecarlo.sample_ranks(40, 5, 301, n_queries=30, rng=9)
    assert estimate.mean == statistics.mean(ranks.tolist())
    assert estimate.variance == statistics.variance(ranks.tolist())
    interval = montecarlo.confidence_interval(ranks, lower=1, upper=30, error=0.01, horizon=301)
    assert (estimate.lower, estimate.upper) == interval
    assert (estimate.n_keys, estimate.n_queries, estimate.head_dim) == (40, 30, 5)
    assert (estimate.replicates, estimate.error) == (301, 0.01)
    assert (estimate.half_width, estimate.reached) == (None, True)
    assert estimate == montecarlo.estimate_rank(40, 5, replicates=301, n_queries=30, rng=9, error=0.01, workers=1)


def test_an_estimate_is_frozen_and_hashable():
    estimate = montecarlo.estimate_rank(5, 2, replicates=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        estimate.mean = 3.0
    assert hash(estimate) == hash(montecarlo.estimate_rank(5, 2, replicates=3))


def test_one_replicate_has_no_variance_and_one_key_no_width():
    assert montecarlo.estimate_rank(8, 2, replicates=1).variance is None
    certain = montecarlo.estimate_rank(1, 2, replicates=5)
    assert (certain.mean, certain.lower, certain.upper, certain.variance) == (1.0, 1.0, 1.0, 0.0)
    assert set(certain.quantiles.values()) == {1}


@pytest.mark.parametrize("replicates", [1, 2, 3, 20, 100, 101, 1234])
def test_quantiles_invert_the_empirical_distribution_function(replicates):
    ranks = np.random.default_rng(replicates).integers(1, 60, replicates)
    estimate = montecarlo.summarise_ranks(ranks, 64, 3)
    assert list(estimate.quantiles) == [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    ordered = sorted(ranks.tolist())
    for (level, rank), percentage in zip(estimate.quantiles.items(), (1, 5, 25, 50, 75, 95, 99), strict=True):
        assert rank == ordered[-(-percentage * replicates // 100) - 1]
        assert type(rank) is int
        assert (ranks <= rank).mean() >= level > (ranks < rank).mean() - 1e-12


def test_counts_are_a_histogram():
    ranks = montecarlo.sample_ranks(24, 4, 400, rng=3)
    counts = montecarlo.summarise_ranks(ranks, 24, 4).counts
    assert dict(counts) == Counter(ranks.tolist())
    assert [rank for rank, _ in counts] == sorted(rank for rank, _ in counts)


@pytest.mark.usefixtures("_small_blocks")
def test_progress_is_reported_and_changes_nothing():
    calls = []
    shown = montecarlo.estimate_rank(64, 16, replicates=333, progress=lambda *call: calls.append(call))
    assert shown == montecarlo.estimate_rank(64, 16, replicates=333)
    assert [done for done, _, _ in calls] == [50, 100, 150, 200, 250, 300, 333]
    assert {planned for _, planned, _ in calls} == {333}
    assert calls[-1][2] == (shown.lower, shown.upper)
    for _, _, (lower, upper) in calls:
        assert 1 <= lower <= upper <= 64


TARGET = {"half_width": 0.02, "n_queries": 20, "rng": 4, "error": 0.01}


def test_a_target_is_reached_and_stops_the_run():
    calls = []
    estimate = montecarlo.estimate_rank(24, 4, **TARGET, progress=lambda *call: calls.append(call))
    assert estimate.reached
    assert estimate.half_width == 0.02
    assert estimate.upper - estimate.lower <= 2 * 0.02 * 24
    assert estimate.replicates == calls[-1][0]
    assert all(upper - lower > 2 * 0.02 * 24 for _, _, (lower, upper) in calls[:-1])
    assert all(planned == max(done, estimate.horizon) for done, planned, _ in calls)


def test_where_a_run_to_a_target_stops_does_not_depend_on_who_works():
    alone = montecarlo.estimate_rank(24, 4, **TARGET, workers=1)
    assert montecarlo.estimate_rank(24, 4, **TARGET, workers=3) == alone
    with ThreadPoolExecutor(2) as executor:
        assert montecarlo.estimate_rank(24, 4, **TARGET, workers=executor) == alone


def test_the_replicates_of_a_run_to_a_target_are_the_first_ones():
    estimate = montecarlo.estimate_rank(24, 4, **TARGET)
    ranks = montecarlo.sample_ranks(24, 4, estimate.replicates, n_queries=20, rng=4)
    same = montecarlo.summarise_ranks(ranks, 24, 4, n_queries=20, error=0.01, horizon=estimate.horizon)
    assert dataclasses.replace(same, half_width=0.02) == estimate


def test_a_target_out_of_reach_is_said_to_be_so():
    estimate = montecarlo.estimate_rank(24, 4, **TARGET, max_replicates=40)
    assert not estimate.reached
    assert (estimate.replicates, estimate.horizon) == (40, 40)
    assert estimate.upper - estimate.lower > 2 * 0.02 * 24


def test_a_run_whose_plan_was_far_off_gives_up(monkeypatch):
    monkeypatch.setattr(estimation, "horizon_for", lambda *target: 2)
    estimate = montecarlo.estimate_rank(24, 4, **TARGET)
    assert not estimate.reached
    assert estimate.replicates == 40


def test_a_target_that_the_range_meets_is_reached_at_once():
    assert montecarlo.estimate_rank(8, 3, half_width=0.5).replicates == 16
    assert montecarlo.estimate_rank(1, 3, half_width=1e-9).reached


def test_a_generator_is_used_once():
    first, second = np.random.default_rng(5), np.random.default_rng(5)
    estimate = montecarlo.estimate_rank(24, 4, half_width=0.05, rng=first)
    ranks = montecarlo.sample_ranks(24, 4, estimate.replicates, rng=second)
    assert estimate.counts == montecarlo.summarise_ranks(ranks, 24, 4).counts
    assert first.random() == second.random()


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("target", [{"replicates": 400}, {"half_width": 0.01}])
def test_ctrl_c_keeps_what_is_there(target):
    def interrupt(done: int, planned: int, interval: object) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(montecarlo.EstimateInterrupted) as caught:
        montecarlo.estimate_rank(24, 4, **target, rng=6, progress=interrupt)
    estimate = caught.value.estimate
    assert estimate.replicates == 100
    assert not (estimate.half_width and estimate.reached)
    ranks = montecarlo.sample_ranks(24, 4, 100, rng=6)
    same = montecarlo.summarise_ranks(ranks, 24, 4, horizon=estimate.horizon)
    assert (estimate.mean, estimate.lower, estimate.upper) == (same.mean, same.lower, same.upper)


def test_ctrl_c_before_anything_is_there_is_plain(monkeypatch):
    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(estimation, "sample_ranks", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        montecarlo.estimate_rank(24, 4, replicates=100)
    assert not isinstance(caught.value, montecarlo.EstimateInterrupted)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"replicates": 0}, "replicates = 0"),
        ({"replicates": 5, "error": 1}, "error = 1"),
        ({"replicates": 5, "rng": -1}, "rng"),
        ({"replicates": 5, "workers": 0}, "workers = 0"),
        ({}, "(replicates, half_width) = (None, None)"),
        ({"replicates": 5, "half_width": 0.1}, "(replicates, half_width) = (5, 0.1)"),
        ({"half_width": 0.0}, "half_width = 0.0"),
        ({"half_width": -1}, "half_width = -1"),
        ({"half_width": 0.1, "max_replicates": 0}, "max_replicates = 0"),
        ({"replicates": 5, "max_replicates": 9}, "max_replicates = 9"),
    ],
)
def test_bad_input_is_one_clear_line(options, words):
    with pytest.raises(ValueError, match="expected") as caught:
        montecarlo.estimate_rank(8, 2, **options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ranks_drawn_in_parts_are_summarised_as_if_drawn_at_once():
    parts = [montecarlo.sample_ranks(24, 3, 40, rng=5), montecarlo.sample_ranks(24, 3, 60, rng=5, first_replicate=40)]
    whole = montecarlo.estimate_rank(24, 3, replicates=100, rng=5, error=0.01)
    assert montecarlo.summarise_ranks(np.concatenate(parts), 24, 3, error=0.01, horizon=100) == whole


@pytest.mark.parametrize("ranks", [[], [0], [25], [1.5], [[1]], ["a"], [True]])
def test_only_ranks_are_summarised(ranks):
    with pytest.raises(ValueError, match="expected"):
        montecarlo.summarise_ranks(ranks, 24, 3)
