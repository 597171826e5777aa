"""The bet against dominance: fair under the occupancy law, exactly; what it says step by step; its extremes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankbound import bounds
from rankbound.claims.dominance import dominance_test, log_capital

SHIFTS = [2.0**power for power in range(-7, 2)]


def by_definition(ranks, barrier, variance):
    """The average of the products, one factor after the other, in Python floats."""
    capitals, found = [1.0] * len(SHIFTS), []
    for rank in ranks:
        for k, shift in enumerate(SHIFTS):
            theta = math.log(1 + shift / math.sqrt(variance))
            capitals[k] *= math.exp(theta * (rank - barrier) - variance * (math.exp(theta) - 1 - theta))
        found.append(sum(capitals) / len(capitals))
    return found


@pytest.mark.parametrize("n", [2, 5, 40, 300])
def test_one_bet_is_fair_or_worse_under_the_occupancy_law(n):
    """The mean factor, summed exactly over the law, is at most 1; for the smallest bets it is also close to it."""
    law = bounds.occupancy_law(n)
    barrier, variance = law.mean.upper, law.variance.upper
    factors = [math.exp(log_capital(np.array([float(k)]), barrier=barrier, variance=variance)[0]) for k in range(n + 1)]
    mean = math.fsum(p * factor for p, factor in zip(law.upper, factors, strict=True))
    assert 0.9 < mean <= 1 + 1e-12
    one_more = math.fsum(p * factors[min(k + 1, n)] for k, p in enumerate(law.lower))
    assert one_more > 1.01  # a rank larger by 1 would be noticed in the end


def test_the_capital_is_that_of_the_definition():
    ranks = np.random.default_rng(4).integers(300, 350, 60).astype(float)
    barrier, variance = bounds.barrier(512).upper, bounds.occupancy_variance(512).upper
    found = np.exp(log_capital(ranks, barrier=barrier, variance=variance))
    assert found == pytest.approx(by_definition(ranks, barrier, variance), rel=1e-5)
    test = dominance_test(ranks, barrier=barrier, variance=variance, error=0.01)
    assert test.evidence == pytest.approx(math.log(max(1.0, *found)), abs=1e-5)
    assert test.replicates == 60


def test_ranks_above_the_barrier_refute_and_ranks_at_it_do_not():
    barrier, variance = bounds.barrier(512).upper, bounds.occupancy_variance(512).upper
    at, above = np.full(2000, math.floor(barrier)), np.full(2000, math.ceil(barrier * 1.01))
    assert not dominance_test(at, barrier=barrier, variance=variance, error=0.5).refutes
    assert dominance_test(above, barrier=barrier, variance=variance, error=1e-12).refutes
    # What was refuted stays so, whatever comes later.
    assert dominance_test(
        np.concatenate([above, at[:50] - 300]), barrier=barrier, variance=variance, error=1e-9
    ).refutes


def test_where_the_occupancy_number_is_a_constant_one_rank_decides():
    common = {"barrier": 1.0, "variance": 0.0, "error": 1e-9}
    assert not dominance_test([1, 1, 1], **common).refutes
    assert dominance_test([1, 2, 1], **common).evidence == math.inf
    assert dominance_test([], **common).evidence == 0.0
