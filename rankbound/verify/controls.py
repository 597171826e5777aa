"""Simulations whose answer is known beforehand, done before the others: a check of the experiment itself."""

from __future__ import annotations

from rankbound.claims.record import Control

CONTROLS = (
    (3, 1, "line"),
    (3, 2, "planar"),
    (300, 2, "planar"),
    (8, 2, "pruned"),
    (300, 2, "pruned"),
    (3, 1, "dense"),
    (300, 2, "dense"),
    (2, 5, "dense"),
    (40, 10**9, "dense"),
)
"""Numbers of keys, head dimensions and algorithms with which a rank is simulated whose mean is known to eight digits.

At head_dim 1 and 2, and for two keys, in closed form or by an integral; at head_dim 10^9 from the bounds on both sides,
which meet there. Small ones, where one query or key more or less counts, and some with more keys than are handled at a
time. Every algorithm that draws ranks has its own: each could be wrong by itself.
"""

CONTROLLED = "expected-rank-enclosure"
"""The claim that the controls test."""

_REPLICATES = 2000
_FIRST = 2**40  # far from the replicates of the run, which may be at the same sizes; each control has others


def draw_control(number: int, *, seed: int, error: float) -> Control:
    """Simulate the control of that number, with replicates of its own.

    Parameters
    ----------
    number : int
        In :data:`CONTROLS`, from 0.
    seed : int
        Of the run.
    error : float
        Probability that its confidence interval misses.
    """
    import montecarlo
    from rankbound import bounds

    n_keys, head_dim, algorithm = CONTROLS[number]
    ranks = montecarlo.sample_ranks(
        n_keys,
        head_dim,
        _REPLICATES,
        rng=seed,
        first_replicate=_FIRST + number * _REPLICATES,
        algorithm=algorithm,
    )
    estimate = montecarlo.summarise_ranks(ranks, n_keys, head_dim, error=error, horizon=_REPLICATES)
    return Control(bounds.expected_rank(n_keys, head_dim), estimate, ranks, algorithm)
