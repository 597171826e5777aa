"""When a cell has enough: the decision is that of the interval, and it always falls."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from montecarlo import confidence_interval
from montecarlo import stopping as module
from montecarlo.stopping import Cell, HalfWidth, Replicates, State, goal_of

CELL = Cell(n_keys=40, n_queries=40, head_dim=5, error=1e-2, horizon=2000, block=100)


def ranks(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).binomial(39, 0.4, count).astype(np.int64) + 1


def plain_state(goal: HalfWidth, cell: Cell, drawn: np.ndarray) -> State:
    """What the interval itself says."""
    lower, upper = confidence_interval(drawn, lower=1, upper=cell.most, error=cell.error, horizon=cell.horizon)
    return State.REACHED if (upper - lower) / 2 / cell.n_keys <= goal.half_width else State.UNFINISHED


@pytest.mark.parametrize("half_width", [0.3, 0.05, 0.02, 0.009])
def test_the_target_is_reached_at_the_first_block_whose_interval_is_short_enough(half_width):
    drawn, goal = ranks(4000), HalfWidth(half_width)
    states = [goal.state(CELL, drawn[:count]) for count in range(CELL.block, 4001, CELL.block)]
    assert states == [plain_state(goal, CELL, drawn[:count]) for count in range(CELL.block, 4001, CELL.block)]
    assert State.REACHED in states


def test_most_looks_do_without_the_interval():
    drawn, goal = ranks(4000), HalfWidth(0.007)
    with mock.patch.object(Cell, "length", autospec=True, side_effect=Cell.length) as length:
        for count in range(CELL.block, 4001, CELL.block):
            if goal.state(CELL, drawn[:count]) is State.REACHED:
                break
    assert count > 12 * CELL.block
    assert length.call_count <= 4


def test_a_fixed_number_is_a_fixed_number():
    goal = Replicates(150)
    assert [goal.state(CELL, ranks(count)) for count in (0, 100, 149, 150, 200)] == [State.UNFINISHED] * 3 + [
        State.REACHED
    ] * 2
    assert goal.horizon(40, 40, 5, 1e-2) == goal.expected(CELL, ranks(100)) == 150


def test_where_only_one_rank_is_possible_one_block_is_enough():
    cell = Cell(n_keys=9, n_queries=1, head_dim=3, error=1e-3, horizon=1, block=16)
    assert HalfWidth(1e-9).state(cell, np.ones(16, np.int64)) is State.REACHED
    assert HalfWidth(1e-9).state(cell, np.ones(0, np.int64)) is State.UNFINISHED


def test_a_sequence_that_has_excluded_every_value_ends_the_cell():
    """Ranks whose mean changes exclude everything, as happens with honest ones with probability at most ``error``."""
    drawn = np.concatenate([np.full(2000, 5), np.full(8000, 35)]).astype(np.int64)
    assert CELL.length(drawn) == 39  # the whole range: nothing is known any more
    states = [HalfWidth(1e-3).state(CELL, drawn[:count]) for count in range(CELL.block, 10_001, CELL.block)]
    assert states.index(State.STALLED) == 2 * CELL.horizon // CELL.block - 1
    assert State.REACHED not in states


def test_an_honest_sequence_does_not_stall():
    cell, drawn, goal = replace(CELL, horizon=10_000), ranks(41_000), HalfWidth(1e-4)
    counts = range(cell.block, 41_000, cell.block)
    looks = []

    def stalled(*given):
        looks.append(module_stalled(*given))
        return looks[-1]

    module_stalled = module._has_stalled
    with mock.patch.object(module, "_has_stalled", side_effect=stalled):
        assert {goal.state(cell, drawn[:count]) for count in counts} == {State.UNFINISHED}
    assert looks == [False] * len(counts)


@pytest.mark.parametrize("half_width", [0.03, 0.01])
def test_the_guess_of_what_is_needed_is_about_right(half_width):
    drawn, goal = ranks(20_000), HalfWidth(half_width)
    counts = range(CELL.block, 20_001, CELL.block)
    needed = next(count for count in counts if goal.state(CELL, drawn[:count]) is State.REACHED)
    assert 0.5 * needed - CELL.block < goal.expected(CELL, drawn[: needed // 2]) < 2 * needed
    assert goal.expected(CELL, drawn[:0]) == CELL.horizon
    assert 0.5 * half_width < CELL.about(drawn[:needed]) < 1.5 * half_width


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((None, None), "(replicates, half_width) = (None, None)"),
        ((5, 0.1), "(replicates, half_width) = (5, 0.1)"),
        ((0, None), "replicates = 0"),
        ((2.0, None), "replicates = 2.0"),
        ((None, 0.0), "half_width = 0.0"),
        ((None, 1.0), "half_width = 1.0"),
        ((None, float("nan")), "half_width = nan"),
        ((None, "x"), "half_width = 'x'"),
    ],
)
def test_a_goal_is_one_of_two(arguments, named):
    with pytest.raises(ValueError, match="expected") as caught:
        goal_of(*arguments)
    assert str(caught.value).startswith(named)
    assert goal_of(5, None) == Replicates(5)
    assert goal_of(None, 0.1) == HalfWidth(0.1)
