"""How the level of a run is divided, and the simulations whose answer is known."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import montecarlo
from rankbound import bounds
from rankbound.verify import controls as module
from rankbound.verify.controls import CONTROLS, draw_control
from rankbound.verify.spending import Spending


@pytest.mark.parametrize(
    ("spending", "tests"),
    [
        (Spending(0.01, 4, 0), 4 + 4 + 1),
        (Spending(0.01, 4, 9), 4 + 4 + 9 + 1),
        (Spending(0.01, 4, 9, bets=False), 4 + 9),
        (Spending(0.01, 0, 0, bets=False), 0),
        (Spending(0.01, 1, 0, bets=False), 1),
        (Spending(0.01, 0, 0), 1),
        (Spending(0.01, 2, 1, bets=False, own=3), 2 + 1 + 3),
        (Spending(0.01, 1, 2, own=3), 1 + 1 + 2 + 1 + 3),
    ],
)
def test_every_test_has_its_share_and_together_they_spend_no_more_than_the_level(spending, tests):
    assert spending.tests == tests
    assert spending.dominance == (spending.head_dims if spending.bets else 0)
    exact = Fraction(0.01) / max(1, tests)
    assert Fraction(spending.each) <= exact
    assert spending.each >= math.nextafter(math.nextafter(float(exact), 0.0), 0.0)


def test_one_test_spends_the_whole_level():
    assert Spending(0.01, 1, 0, bets=False).each == Spending(0.01, 0, 0, bets=False).each == 0.01
    assert Spending(0.01, 1, 1, bets=False).each < 0.005


@pytest.mark.parametrize("number", [0, 3, 7])
def test_a_control_is_a_simulation_of_its_own_beside_the_known_mean(number, monkeypatch):
    monkeypatch.setattr(module, "_REPLICATES", 50)
    n_keys, head_dim, algorithm = CONTROLS[number]
    control = draw_control(number, seed=7, error=0.02)
    first = 2**40 + number * 50
    ranks = montecarlo.sample_ranks(n_keys, head_dim, 50, rng=7, first_replicate=first, algorithm=algorithm)
    assert np.array_equal(control.ranks, ranks)
    assert control.algorithm == algorithm
    assert control.known == bounds.expected_rank(n_keys, head_dim)
    assert control.estimate == montecarlo.summarise_ranks(ranks, n_keys, head_dim, error=0.02, horizon=50)
