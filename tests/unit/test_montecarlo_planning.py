"""Budgets become replicates by a fixed table, before anything is drawn."""

from __future__ import annotations

import math

import pytest

from montecarlo import planned_replicates, planning, simulation_cost
from montecarlo.compression import compressed_layout
from montecarlo.layout import Layout
from montecarlo.scan import Scratch

PLAN = {2: 12_344, 64: 1_352, 1024: 619}
GRID = (1, 2, 4, 8, 16, 32, 39, 64, 128, 256, 512, 1024)


def spent(n_keys, plan):
    return sum(count * simulation_cost(n_keys, head_dim) for head_dim, count in plan.items())


def test_the_budget_is_spent_and_not_exceeded():
    plan = planned_replicates(512, GRID, budget=1)
    assert list(plan) == list(GRID)
    assert 0.95 < spent(512, plan) <= 1.0
    assert all(planning.MINIMUM <= count <= planning.MAX_REPLICATES for count in plan.values())


def test_the_plan_is_a_fixed_table():
    # Written down, so that a change of the constants, which changes every result of a budget, does not go unnoticed.
    assert planned_replicates(512, (2, 64, 1024), budget=1) == PLAN


def test_what_cannot_be_paid_goes_to_the_others():
    plan = planned_replicates(4096, (16, 8192), budget=1)
    assert plan == {16: planned_replicates(4096, (16,), budget=1)[16], 8192: 0}


def test_what_a_capped_one_leaves_goes_to_the_others():
    alone = planned_replicates(512, (64,), budget=1)[64]
    assert planned_replicates(512, (64, 1), budget=1)[64] > alone / 2


def test_too_small_a_budget_buys_nothing():
    assert planned_replicates(512, GRID, budget=0) == dict.fromkeys(GRID, 0)
    assert planned_replicates(512, GRID, budget=1e-6) == dict.fromkeys(GRID, 0)


def test_sizes_beyond_simulation_cost_nothing_to_plan():
    assert planned_replicates(10**9, GRID[2:], budget=1e30) == dict.fromkeys(GRID[2:], 0)
    assert math.isfinite(simulation_cost(10**9, 10**9))
    assert planning.simulation_memory(10**9, 3) > planning.MEMORY_LIMIT


def test_at_head_dim_1_and_2_any_size_can_be_simulated():
    assert planned_replicates(10**15, (1, 2, 3), budget=0.1).keys() == {1, 2, 3}
    plan = planned_replicates(10**15, (1, 2, 3), budget=0.1)
    assert plan[3] == 0 < planning.MINIMUM <= plan[2]


def test_cost_grows_with_every_size():
    assert simulation_cost(512, 64) < simulation_cost(1024, 64) < simulation_cost(1024, 128)
    assert simulation_cost(512, 64, 512) == simulation_cost(512, 64) < simulation_cost(512, 64, 600)
    assert simulation_cost(512, 2) < simulation_cost(4096, 2) < simulation_cost(512, 3) < simulation_cost(4096, 3)


def test_beyond_n_the_head_dimension_costs_nothing():
    assert simulation_cost(512, 512) == simulation_cost(512, 10**9) < 2 * simulation_cost(512, 256)
    assert planning.simulation_memory(512, 512) == planning.simulation_memory(512, 10**9)


def test_the_scanned_share_is_near_what_was_counted():
    """Counted in blocks of twelve queries: the share of the keys that is scanned before none that is left can win."""
    counted = {(4096, 4): 0.05, (4096, 8): 0.26, (4096, 12): 0.61, (16384, 4): 0.017, (16384, 8): 0.13}
    for (n_keys, head_dim), share in counted.items():
        assert planning._scanned_share(n_keys, head_dim) == pytest.approx(share, rel=0.35)
    assert planning._scanned_share(13, 5) == 1.0


@pytest.mark.parametrize(("n_keys", "head_dim", "n_queries"), [(300, 3, 300), (700, 40, 90), (90, 200, 700), (1, 1, 9)])
def test_memory_covers_what_a_replicate_allocates(n_keys, head_dim, n_queries):
    if head_dim <= planning.UNCOMPRESSED_HEAD_DIM:
        layout = Layout.of(n_queries, n_keys, head_dim)
    else:
        layout, _ = compressed_layout(n_queries, n_keys, head_dim)
    arrays = sum(array.nbytes for array in Scratch(layout).arrays())
    vectors = 8 * (layout.queries.size + layout.keys.size)
    per_query_and_key = 8 * n_queries + 8 * n_keys  # choices, marks
    taken = planning.simulation_memory(n_keys, head_dim, n_queries)
    assert arrays + vectors + per_query_and_key <= taken + 4096


def test_repetitions_count_once():
    assert planned_replicates(512, [8, 8, 16], budget=1) == planned_replicates(512, [8, 16], budget=1)
    assert planned_replicates(512, [], budget=1) == {}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: planned_replicates(0, [1], budget=1), "n_keys = 0"),
        (lambda: planned_replicates(5, [0], budget=1), "head_dim = 0"),
        (lambda: planned_replicates(5, [1], budget=-1), "budget = -1"),
        (lambda: planned_replicates(5, [1], budget=math.inf), "budget = inf"),
        (lambda: planned_replicates(5, [1], budget=math.nan), "budget = nan"),
        (lambda: planned_replicates(5, [1], n_queries=0, budget=1), "n_queries = 0"),
        (lambda: simulation_cost(5, 1.0), "head_dim = 1.0"),
        (lambda: planning.simulation_memory(0, 1), "n_keys = 0"),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
