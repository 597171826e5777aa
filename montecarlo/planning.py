"""What a replicate costs, and how many of them a budget in seconds buys.

The table is fixed: constants measured once on the reference machine (two cores of an AMD EPYC of the Zen 5 generation,
AVX-512), never the clock of the machine at hand, so that a budget means the same replicates everywhere and a result
never depends on how fast it was obtained. On a slower machine a budget of five seconds takes longer than five seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from rankbound.errors import check_real
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = [
    "MAX_REPLICATES",
    "MEMORY_LIMIT",
    "core_seconds",
    "planned_replicates",
    "simulation_cost",
    "simulation_memory",
]

WORKERS = 2
"""Processors of the reference machine; a nominal second is a second of all of them."""

MINIMUM = 16
"""Replicates a head dimension: fewer say next to nothing."""

MAX_REPLICATES = 20_000
"""Replicates a head dimension that a budget buys at most: more narrow the interval by little."""

MEMORY_LIMIT = 512 * 2**20
"""Bytes a replicate may need before it counts as beyond simulation."""

MEMORY_CEILING = 8 * 2**30
"""Bytes a replicate may need at all; beyond it :func:`montecarlo.sample_ranks` refuses before it allocates anything."""

# Seconds of one core: a replicate, a normal, a score, a multiplication in a score.
_REPLICATE = 14e-6
_NORMAL = 1.8e-9
_SCORE = 0.105e-9
_PRODUCT = 0.028e-9
_TILE, _STEP = 256, 4


def _padded_sizes(n_keys: int, head_dim: int, n_queries: int) -> tuple[int, int, int]:
    return -(-n_queries // _STEP) * _STEP, -(-n_keys // _TILE) * _TILE, -(-head_dim // _STEP) * _STEP


def core_seconds(n_keys: int, head_dim: int, n_queries: int) -> float:
    """Return the seconds that one core of the reference machine needs for a replicate, by the fixed table."""
    queries, keys, depth = _padded_sizes(n_keys, head_dim, n_queries)
    normals = (queries + keys) * depth
    return _REPLICATE + _NORMAL * normals + queries * keys * (_SCORE + _PRODUCT * depth)


def simulation_memory(n_keys: int, head_dim: int, n_queries: int | None = None) -> int:
    """Return the bytes that a replicate needs: O((n_queries + n_keys) head_dim).

    Parameters and errors are those of :func:`simulation_cost`; nothing is allocated. Each worker needs that much.
    """
    n_keys = check_n_keys(n_keys)
    queries, keys, depth = _padded_sizes(n_keys, check_head_dim(head_dim), check_n_queries(n_queries, n_keys))
    return 8 * depth * (queries + keys) + 8 * queries + keys


def simulation_cost(n_keys: int, head_dim: int, n_queries: int | None = None) -> float:
    """Return the nominal seconds of a replicate: on the reference machine, with both its cores at work.

    Parameters
    ----------
    n_keys, head_dim : int
        At least 1.
    n_queries : int, optional
        At least 1; as many as keys if omitted.

    Returns
    -------
    float
        Positive; by a fixed table, so the same everywhere. Nothing is allocated or run.

    Raises
    ------
    ValueError
        If a size is not a positive integer.
    """
    n_keys = check_n_keys(n_keys)
    return core_seconds(n_keys, check_head_dim(head_dim), check_n_queries(n_queries, n_keys)) / WORKERS


def planned_replicates(
    n_keys: int, head_dims: Iterable[int], *, n_queries: int | None = None, budget: float
) -> dict[int, int]:
    """Turn a budget in seconds into replicates for each head dimension, before anything is drawn.

    A head dimension's share is proportional to the square root of what a replicate costs there, which for means of
    equal variance makes the sum of the variances least. One whose share does not pay for 16 replicates gets none, the
    most expensive first, and its share goes to the others; what is left by one that has reached 20000 replicates goes
    to the others too. A head dimension at which one replicate needs more than 512 MiB gets none.

    Parameters
    ----------
    n_keys : int
        At least 1.
    head_dims : iterable of int
        Each at least 1; repetitions count once.
    n_queries : int, optional
        At least 1; as many as keys if omitted.
    budget : float
        Nominal seconds for all of them together (:func:`simulation_cost`), at least 0.

    Returns
    -------
    dict
        Replicates by head dimension, in the order given.

    Raises
    ------
    ValueError
        If a size is not a positive integer or the budget is negative or not finite.
    """
    n_keys = check_n_keys(n_keys)
    n_queries = check_n_queries(n_queries, n_keys)
    budget = check_real(
        "budget", budget, above=0.0, below=float("inf"), inclusive=(True, False), remedy="give seconds, for example 5"
    )
    plan = {check_head_dim(head_dim): 0 for head_dim in head_dims}
    cost = {d: simulation_cost(n_keys, d, n_queries) for d in plan}
    fit = [d for d in plan if simulation_memory(n_keys, d, n_queries) <= MEMORY_LIMIT]
    candidates = sorted(fit, key=lambda d: (cost[d], d))
    while candidates:
        shares = _shared_out(candidates, cost, budget)
        if shares[candidates[-1]] >= MINIMUM:
            return plan | shares
        candidates.pop()
    return plan


def _shared_out(head_dims: list[int], cost: dict[int, float], budget: float) -> dict[int, int]:
    """Share ``budget`` by the square root of the cost, cheapest first, so that what a capped one leaves is used."""
    shares = {}
    weights = [math.sqrt(cost[head_dim]) for head_dim in head_dims]
    for position, head_dim in enumerate(head_dims):
        share = budget * weights[position] / math.fsum(weights[position:])
        shares[head_dim] = min(MAX_REPLICATES, int(share / cost[head_dim]))
        budget -= shares[head_dim] * cost[head_dim]
    return shares
