"""Enclosures of E[rank] against plain simulation, where no closed form is known; n_queries other than n_keys too.

The rank lies between 1 and min(n, m), so Hoeffding's inequality bounds the error of a mean without any assumption:
each of the cases below raises a false alarm with probability at most 1e-9. The seed is fixed, and printed on failure.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankbound.bounds import expected_rank, noise_stability_bound, norm_conditioned_gap

FALSE_ALARM = 1e-9
SEED = 20240229
CASES = [(4, 2, 4), (8, 3, 8), (8, 3, 30), (16, 4, 6), (30, 2, 100), (64, 8, 16), (64, 64, 64)]


def mean_rank(n, d, m, replicates):
    rng = np.random.default_rng([SEED, n, d, m])
    total = 0
    for _ in range(replicates // 500):
        keys = rng.standard_normal((500, n, d), dtype=np.float32)
        queries = rng.standard_normal((500, m, d), dtype=np.float32)
        picks = np.sort((queries @ keys.transpose(0, 2, 1)).argmax(axis=2), axis=1)
        total += 500 + int((np.diff(picks, axis=1) > 0).sum())
    return total / replicates


@pytest.mark.parametrize(("n", "d", "m"), CASES)
def test_the_mean_rank_is_inside(n, d, m):
    replicates = 1000 if n * d > 2000 else 10_000
    slack = (min(n, m) - 1) * math.sqrt(math.log(2 / FALSE_ALARM) / (2 * replicates))
    mean = mean_rank(n, d, m, replicates)
    enclosure = expected_rank(n, d, n_queries=m)
    says = f"seed {SEED}: mean {mean} +- {slack}, enclosure {enclosure}"
    assert enclosure.lower - slack <= mean <= enclosure.upper + slack, says
    assert noise_stability_bound(n, d, n_queries=m) <= mean + slack, says
    assert enclosure.upper - mean <= norm_conditioned_gap(n, d, n_queries=m) + 0.01 * enclosure.upper + slack, says
