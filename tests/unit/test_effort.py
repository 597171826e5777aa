"""Where replicates go."""

from __future__ import annotations

import inspect

import pytest

from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour
from rankbound.verify import effort
from rankbound.verify.effort import Standing, first_round, next_block
from rankbound.verify.spending import Spending


def standing(head_dim, *, replicates=100, cost=1e-3, interval=(90.0, 110.0), certified=(99.0, 101.0)):
    return Standing(head_dim, replicates, cost, *interval, Enclosure(*certified, Rigour.ENCLOSED, "planted"))


def test_half_is_shared_out_beforehand():
    assert first_round({64: 101, 4: 20, 1024: 0, 2: 10}) == {2: 10, 4: 16, 64: 51}
    assert list(first_round({64: 100, 4: 100})) == [4, 64]


def test_a_block_goes_where_the_rest_of_the_budget_resolves_most():
    sharp, blunt = standing(64), standing(16, certified=(90.0, 110.0))
    assert next_block([blunt, sharp], 1.0, 10_000) == (64, 100)
    assert next_block([standing(64, cost=0.05), standing(32, cost=1e-4)], 1.0, 10_000) == (32, 100)
    # The first block is as large as what was drawn, but not more than the budget, or the most, allows.
    assert next_block([standing(64)], 0.05, 10_000) == (64, 50)
    assert next_block([standing(64)], 1.0, 130) == (64, 30)


def test_a_contradiction_is_decided_and_gets_no_more():
    apart = standing(64, interval=(102.0, 104.0))
    assert apart.decided
    assert standing(64, interval=(90.0, 98.9)).decided
    assert not standing(64, interval=(101.0, 104.0)).decided
    assert next_block([apart], 10.0, 10_000) is None
    assert next_block([apart, standing(16)], 10.0, 10_000)[0] == 16


def test_what_cannot_be_paid_for_is_not_begun():
    assert next_block([standing(64)], 0.015, 10_000) is None
    assert next_block([standing(64, replicates=10_000)], 1.0, 10_000) is None
    assert next_block([], 1.0, 10_000) is None


def test_the_budget_is_never_exceeded_and_the_end_is_reached():
    left, replicates, rounds = 3.0, {16: 40, 64: 40, 256: 40}, 0
    cost = {16: 2e-4, 64: 1e-3, 256: 5e-3}
    while True:
        now = [
            standing(d, replicates=r, cost=cost[d], interval=(100 - 400 / r, 100 + 400 / r))
            for d, r in replicates.items()
        ]
        block = next_block(now, left, 5000)
        if block is None:
            break
        replicates[block[0]] += block[1]
        left -= block[1] * cost[block[0]]
        rounds += 1
        assert left >= 0
    assert rounds < 60
    assert left < 16 * max(cost.values())
    assert max(replicates.values()) <= 5000


def test_no_clock_decides():
    assert "time" not in inspect.getsource(effort).replace("times", "")


@pytest.mark.parametrize(
    ("level", "head_dims", "controls"), [(1e-3, 12, 4), (0.05, 1, 0), (1e-300, 30, 4), (0.5, 0, 0)]
)
def test_the_level_is_never_overspent(level, head_dims, controls):
    spending = Spending(level, head_dims, controls)
    assert spending.tests == 2 * head_dims + controls + 1
    assert spending.each * spending.tests <= level
    assert spending.each == pytest.approx(level / spending.tests, rel=1e-12)
