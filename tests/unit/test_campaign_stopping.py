"""When a cell has enough: the decision is that of the interval, and it always falls."""

from __future__ import annotations

import math
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from montecarlo import confidence_interval
from montecarlo import stopping as module
from montecarlo.blocks import horizon_for
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
    for half_width in (1e-9, 1e-30):
        assert HalfWidth(half_width).state(cell, np.ones(16, np.int64)) is State.REACHED
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


def test_a_guess_is_what_the_formula_of_the_half_width_solves():
    """The half-width that the formula has at the guessed number is the wanted one, and not so one replicate before."""
    drawn, goal = ranks(500), HalfWidth(0.01)
    for cell in (CELL, replace(CELL, n_queries=25, error=1e-6)):
        needed, variance = goal.expected(cell, drawn), float(drawn.var())

        def half_width(count, cell=cell, variance=variance):
            level, most = math.log(2 / cell.error), min(cell.n_keys, cell.n_queries)
            return math.sqrt(2 * level * variance / count + (0.55 * (most - 1) * level / count) ** 2) / cell.n_keys

        assert half_width(needed) <= 0.01 < half_width(needed - 1)
        assert cell.about(drawn) == pytest.approx(half_width(500), rel=1e-12)
    assert goal.expected(CELL, drawn[:1]) == CELL.horizon
    assert goal.expected(CELL, drawn[:2]) != CELL.horizon


@pytest.mark.parametrize("horizon", [100, 2000])
def test_a_cell_contains_two_points_if_its_interval_does(horizon):
    cell = replace(CELL, horizon=horizon)
    for drawn in (ranks(400), 41 - ranks(400), ranks(400) // 6 + 1):
        lower, upper = confidence_interval(drawn, lower=1, upper=40, error=1e-2, horizon=horizon)
        middle, near = (lower + upper) / 2, 1e-6
        for low, high, inside in [
            (lower + near, upper - near, True),
            (lower - near, upper - near, False),
            (lower + near, upper + near, False),
            (lower - near, upper + near, False),
            (middle, middle, True),
        ]:
            assert cell.contains(low, high, drawn) is inside


@pytest.mark.parametrize("turned", [False, True])
def test_an_interval_that_lies_more_to_one_side_of_the_mean_counts_by_its_length(turned):
    """Rare large ranks: the interval reaches further up than down, so that half its length is not its reach."""
    drawn = np.where(np.random.default_rng(4).uniform(size=1000) < 0.03, 12, 2).astype(np.int64)
    drawn = 41 - drawn if turned else drawn
    cell = replace(CELL, horizon=300, block=20)
    for count in range(20, 1001, 20):
        goal = HalfWidth(1.001 * cell.length(drawn[:count]) / 2 / 40)
        assert goal.state(cell, drawn[:count]) is State.REACHED, count
        assert HalfWidth(goal.half_width * 0.99).state(cell, drawn[:count]) is not State.REACHED, count


def test_a_target_that_is_met_exactly_is_met():
    drawn = ranks(1000)
    half_width = CELL.length(drawn) / 80
    assert 2.0 * (half_width * 40) == CELL.length(drawn)
    assert HalfWidth(half_width).state(CELL, drawn) is State.REACHED


def test_a_cell_is_begun_with_the_horizon_of_its_goal():
    assert HalfWidth(0.01).horizon(40, 25, 5, 1e-2) == horizon_for(0.01, 40, 5, 25, 1e-2)
    assert CELL.sizes == (40, 40, 5)
    assert replace(CELL, n_queries=25).most == 25


def test_whether_a_cell_has_stalled_is_asked_right_after_each_doubling_and_at_no_other_block():
    """Ranks that jump right after the first doubling exclude every value; that is seen at the next doubling."""
    cell, drawn = replace(CELL, block=200), np.concatenate([ranks(4000), np.full(4200, 40)]).astype(np.int64)
    assert cell.length(drawn[:4200]) == 39
    states = {count: HalfWidth(1e-3).state(cell, drawn[:count]) for count in range(200, 8201, 200)}
    assert [count for count, state in states.items() if state is State.STALLED] == [8000]


def test_a_doubling_is_compared_with_the_half_before_it():
    """After the horizon, nothing that narrows the interval; from a third of the ranks on it has become narrower."""
    drawn = np.concatenate([ranks(2000), np.tile([1, 40, 1, 40, 1], 400)]).astype(np.int64)
    assert CELL.length(drawn) > 0.95 * CELL.length(drawn[:2000])
    assert CELL.length(drawn) < 0.95 * CELL.length(drawn[:1333])
    assert HalfWidth(1e-3).state(CELL, drawn) is State.STALLED


def test_an_honest_sequence_with_a_wide_interval_does_not_stall():
    cell, drawn = replace(CELL, horizon=100, block=10), ranks(1600)
    assert cell.length(drawn[:200]) > 1
    states = [HalfWidth(1e-4).state(cell, drawn[:count]) for count in range(10, 1601, 10)]
    assert set(states) == {State.UNFINISHED}


ONE_OF_TWO = "expected one of the two, the other None; omit one of them"
MATRICES = "expected an integer from 1 to 9007199254740992; give the number of matrices to draw at each setting"
SHARE = "expected a number in (0, 1); give a share of n_keys, for example 1e-3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, None), f"(replicates, half_width) = (None, None): {ONE_OF_TWO}"),
        ((5, 0.1), f"(replicates, half_width) = (5, 0.1): {ONE_OF_TWO}"),
        ((0, None), f"replicates = 0: {MATRICES}"),
        ((2.0, None), f"replicates = 2.0: {MATRICES}"),
        ((2**53 + 1, None), f"replicates = 9007199254740993: {MATRICES}"),
        ((None, 0.0), f"half_width = 0.0: {SHARE}"),
        ((None, 1.0), f"half_width = 1.0: {SHARE}"),
        ((None, float("nan")), f"half_width = nan: {SHARE}"),
        ((None, "x"), f"half_width = 'x': {SHARE}"),
    ],
)
def test_a_goal_is_one_of_two(arguments, message):
    with pytest.raises(ValueError, match="expected") as caught:
        goal_of(*arguments)
    assert str(caught.value) == message
    assert goal_of(1, None) == Replicates(1)
    assert goal_of(2**53, None) == Replicates(2**53)
    assert goal_of(None, 0.1) == HalfWidth(0.1)
