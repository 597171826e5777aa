"""The bet on all head dimensions together: what it says step by step, whom it catches, and that order is respected."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankbound.claims.pooling import Sampled, pooled_evidence
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour


def sampled(ranks, lower, upper, most, first=0):
    known = Enclosure(lower, upper, Rigour.ENCLOSED, "planted")
    return Sampled(np.asarray(ranks), known, most, np.arange(first, first + len(ranks)))


def by_definition(samples):
    """Both gamblers, replicate by replicate, in Python floats."""
    moments = sorted((int(turn), k, i) for k, one in enumerate(samples) for i, turn in enumerate(one.turns))
    capital, best = {-1: 1.0, 1: 1.0}, 1.0
    past = {(k, side): [] for k in range(len(samples)) for side in (-1, 1)}
    for _, k, i in moments:
        one = samples[k]
        for side, bound, risk in (
            (-1, one.known.lower, one.most - one.known.lower),
            (1, one.known.upper, one.known.upper - 1),
        ):
            seen = past[k, side]
            mean = sum(seen) / (len(seen) + 1)
            square = sum(x * x for x in seen) / (len(seen) + 1)
            stake = min(max(mean / square, 0.0), 0.98 / risk) if square else 0.0
            excess = side * (one.ranks[i] - bound)
            capital[side] *= 1 + stake * excess
            seen.append(excess)
        best = max(best, (capital[-1] + capital[1]) / 2)
    return best


def test_the_capital_is_that_of_the_definition():
    rng = np.random.default_rng(9)
    samples = [
        sampled(rng.integers(1, 17, 60), 8.2, 8.4, 16),
        sampled(rng.integers(20, 33, 90), 26.0, 26.5, 32, first=200),
        sampled(rng.integers(1, 17, 30), 9.0, 9.0, 16, first=100),
    ]
    assert pooled_evidence(samples) == pytest.approx(math.log(by_definition(samples)), abs=1e-9)


def test_the_order_of_the_list_does_not_matter_but_that_of_the_draws_does():
    rng = np.random.default_rng(3)
    one, two = (sampled(rng.integers(1, 17, 80), 9.0, 9.2, 16, first=first) for first in (0, 80))
    assert pooled_evidence([one, two]) == pooled_evidence([two, one])
    later = Sampled(one.ranks, one.known, one.most, one.turns + 500)
    assert pooled_evidence([one, two]) != pooled_evidence([later, two])


@pytest.mark.parametrize("side", [-1, 1])
def test_small_disagreements_add_up(side):
    """Ranks 1% off at eight head dimensions: none shows it alone, all together do."""
    rng = np.random.default_rng(5)
    samples = []
    for k in range(8):
        mean = 280 + 4.0 * k
        ranks = np.rint(rng.normal(mean * (1 + 0.01 * side), 7, 400)).astype(int)
        samples.append(sampled(ranks, mean - 0.3, mean + 0.3, 512, first=400 * k))
    assert max(pooled_evidence([one]) for one in samples) < math.log(1e4)
    assert pooled_evidence(samples) > math.log(1e6)


def test_agreement_costs_nothing_and_proves_nothing():
    ranks = np.tile([279, 281], 500)
    assert pooled_evidence([sampled(ranks, 275, 285, 512)]) == 0.0
    assert pooled_evidence([]) == 0.0
    assert pooled_evidence([sampled(np.empty(0, int), 2, 3, 8)]) == 0.0
    assert pooled_evidence([sampled([1, 1], 1.0, 1.0, 1)]) == 0.0  # one key: there is nothing to bet on
