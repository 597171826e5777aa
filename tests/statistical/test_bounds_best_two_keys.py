"""The gap below the norm-conditioned barrier, step by step, against plain simulation.

Each comparison is one-sided with an exact binomial (Clopper-Pearson) or Hoeffding limit at error 1e-6, so that a test
here fails by chance less than once in a hundred thousand runs; seeds are fixed, and printed on failure.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta

from rankbound.bounds import enclose_norm_conditioned, expected_rank, norm_conditioned_gap

ERROR = 1e-6
SIZES = [(3, 2), (4, 3), (8, 4), (16, 16), (32, 64)]


def upper_ends(n: int, d: int, draws: int, seed: int) -> tuple[float, float]:
    """Return lower confidence limits of P(two queries agree on the ordered best two keys) and on the best key."""
    rng = np.random.default_rng(seed)
    keys = rng.standard_normal((draws, n, d))
    queries = rng.standard_normal((draws, d, 2))
    order = np.argsort(keys @ queries, axis=1)
    best_two = int((order[:, -2:, 0] == order[:, -2:, 1]).all(axis=1).sum())
    best = int((order[:, -1, 0] == order[:, -1, 1]).sum())
    return tuple(float(beta.ppf(ERROR, k, draws - k + 1)) if k else 0.0 for k in (best_two, best))


@pytest.mark.parametrize(("n", "d"), SIZES)
def test_two_queries_agree_on_the_best_two_keys_no_more_often_than_bounded(n, d):
    agreement, _ = upper_ends(n, d, 200_000 // n, seed=n * 1000 + d)
    m = n
    bound = norm_conditioned_gap(n, d) / (m * (m - 1) / 2)
    assert agreement <= bound
    # And the bound is not an empty one: at these wide enough heads it is a probability.
    assert d <= 4 or bound < 1


@pytest.mark.parametrize(("n", "d", "m"), [(8, 4, 8), (16, 16, 5), (16, 16, 40), (32, 64, 32)])
def test_the_mean_rank_lies_in_the_enclosure(n, d, m):
    draws = 40_000
    rng = np.random.default_rng([n, d, m])
    ranks = np.empty(draws)
    for i in range(draws):
        scores = rng.standard_normal((m, d)) @ rng.standard_normal((d, n))
        ranks[i] = len(np.unique(scores.argmax(axis=1)))
    radius = (min(n, m) - 1) * math.sqrt(math.log(2 / ERROR) / (2 * draws))  # Hoeffding
    enclosure = expected_rank(n, d, n_queries=m)
    assert ranks.mean() - radius <= enclosure.upper
    assert ranks.mean() + radius >= enclosure.lower
    # The gap as a whole, with the barrier it is subtracted from.
    conditioned = enclose_norm_conditioned(n, d, n_queries=m)
    assert ranks.mean() + radius >= conditioned.lower - norm_conditioned_gap(n, d, n_queries=m)


def test_the_variance_argument_on_exact_pick_probabilities():
    """E[Var(p_1 given k_1)] <= (n-1) E[P(2 best, 1 second)^2], on exact probabilities.

    In two dimensions both are angles. The difference is clearly positive; its mean over 4000 sets of keys, each
    with the
    same 2000 equally spaced directions, is compared with 0 through a margin of 6 standard errors (false alarm 1e-9).
    """
    n, sets, directions = 5, 4000, 2000
    rng = np.random.default_rng(7)
    angles = 2 * np.pi * (np.arange(directions) + 0.5) / directions
    queries = np.stack([np.cos(angles), np.sin(angles)])
    first_key = np.array([1.3, 0.0])  # given: only its norm matters
    picked, overtaken = np.empty(sets), np.empty(sets)
    for i in range(sets):
        keys = np.vstack([first_key, rng.standard_normal((n - 1, 2))])
        order = np.argsort(keys @ queries, axis=0)
        picked[i] = (order[-1] == 0).mean()
        overtaken[i] = sum(((order[-1] == j) & (order[-2] == 0)).mean() ** 2 for j in range(1, n))
    squares = (picked - picked.mean()) ** 2
    difference = overtaken - squares
    assert difference.mean() > 6 * difference.std() / math.sqrt(sets)
