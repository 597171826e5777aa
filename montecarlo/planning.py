"""What a replicate costs, and how many of them a budget in seconds buys.

The table is fixed: constants measured once on the reference machine (two cores of an Intel Xeon of the Emerald Rapids
generation, AVX-512), never the clock of the machine at hand, so that a budget means the same replicates everywhere and
a result never depends on how fast it was obtained. On a slower machine a budget of five seconds takes longer than five
seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import NormalDist

from montecarlo.regions import UNCOMPRESSED_HEAD_DIM, algorithm_for
from montecarlo.tiling import COLUMNS, ROWS, STATE
from rankbound.errors import check_real
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = [
    "MAX_REPLICATES",
    "MEMORY_LIMIT",
    "affordable_replicates",
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

# Seconds of one core. By scan: a replicate, a normal, a chi on the diagonal, a query, a score, a multiplication in a
# score, a key and a component of a key put in order. By words: a replicate, and what each factor of e in the keys adds.
_REPLICATE = 0.5e-6
_NORMAL = 2.7e-9
_DIAGONAL = 100e-9
_QUERY = 35e-9
_SCORE = 0.085e-9
_PRODUCT = 0.0145e-9
_SORTED_KEY, _SORTED_COMPONENT = 4.5e-9, 2.5e-9
_LINE = 0.22e-6
_PLANAR, _PLANAR_GROWTH = 0.4e-6, 0.8e-6


def _padded_sizes(n_keys: int, head_dim: int, n_queries: int) -> tuple[int, int, int]:
    """Return the queries, keys and components that are drawn for a scan."""
    depth = head_dim if head_dim <= UNCOMPRESSED_HEAD_DIM else min(head_dim, n_keys, n_queries)
    return -(-n_queries // ROWS) * ROWS, -(-n_keys // COLUMNS) * COLUMNS, depth


def _scanned_share(n_keys: int, head_dim: int) -> float:
    """Return about the share of the keys that a panel meets before none that is left can win.

    The last of its queries to be done has a best score (of a unit query) that n normal numbers exceed with a
    probability of about 1/13, the first of thirteen; keys longer than that are scanned. The share of those is by the
    approximation of Wilson and Hilferty for chi-square.
    """
    if n_keys <= ROWS + 1:
        return 1.0
    normal = NormalDist()
    squared = normal.inv_cdf(1.0 - math.log(ROWS + 1.0) / n_keys) ** 2
    spread = 2.0 / (9.0 * head_dim)
    return min(1.0, normal.cdf((1.0 - spread - (squared / head_dim) ** (1.0 / 3.0)) / math.sqrt(spread)))


def core_seconds(n_keys: int, head_dim: int, n_queries: int, algorithm: str | None = None) -> float:
    """Return the seconds that one core of the reference machine needs for a replicate, by the fixed table."""
    algorithm = algorithm or algorithm_for(n_keys, head_dim)
    if algorithm == "line":
        return _LINE
    if algorithm == "planar":
        return _PLANAR + _PLANAR_GROWTH * math.log(n_keys)
    queries, keys, depth = _padded_sizes(n_keys, head_dim, n_queries)
    numbers, products, diagonal = (queries + keys) * depth, queries * keys * depth, 0
    if head_dim > UNCOMPRESSED_HEAD_DIM:  # one side is triangular
        fewer = min(n_keys, n_queries)
        numbers -= depth * depth // 2
        diagonal = depth
        products = int(products * (1.0 - depth / (2.0 * fewer)))
    scores, sorting = float(queries * keys), 0.0
    if algorithm == "pruned":
        share = min(1.0, _scanned_share(n_keys, head_dim) + COLUMNS / keys)
        scores, products = share * scores, int(share * products)
        sorting = keys * (_SORTED_KEY + _SORTED_COMPONENT * depth)
    drawn = _NORMAL * numbers + _DIAGONAL * diagonal + sorting
    return _REPLICATE + drawn + _QUERY * queries + _SCORE * scores + _PRODUCT * products


def simulation_memory(n_keys: int, head_dim: int, n_queries: int | None = None, *, algorithm: str | None = None) -> int:
    """Return the bytes that a replicate needs, at most: O((n_queries + n_keys) min(head_dim, n_queries, n_keys)).

    Parameters and errors are those of :func:`simulation_cost`, and ``algorithm`` is that of
    :func:`montecarlo.sample_ranks`; nothing is allocated. Each worker needs that much.
    """
    n_keys = check_n_keys(n_keys)
    n_queries, head_dim = check_n_queries(n_queries, n_keys), check_head_dim(head_dim)
    if (algorithm or algorithm_for(n_keys, head_dim)) in ("line", "planar"):
        return 2**21  # rows of random words, for some hundreds of replicates
    queries, keys, depth = _padded_sizes(n_keys, head_dim, n_queries)
    return 12 * depth * (queries + keys) + (4 * STATE + 24) * queries + 32 * keys


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
    fit = {d: cost[d] for d in plan if simulation_memory(n_keys, d, n_queries) <= MEMORY_LIMIT}
    return plan | affordable_replicates(fit, budget)


def affordable_replicates(cost: Mapping[int, float], budget: float) -> dict[int, int]:
    """Share a budget among head dimensions as :func:`planned_replicates` does, given what a replicate costs at each."""
    candidates = sorted(cost, key=lambda d: (cost[d], d))
    while candidates:
        shares = _shared_out(candidates, cost, budget)
        if shares[candidates[-1]] >= MINIMUM:
            return dict.fromkeys(cost, 0) | shares
        candidates.pop()
    return dict.fromkeys(cost, 0)


def _shared_out(head_dims: list[int], cost: Mapping[int, float], budget: float) -> dict[int, int]:
    """Share ``budget`` by the square root of the cost, cheapest first, so that what a capped one leaves is used."""
    shares = {}
    weights = [math.sqrt(cost[head_dim]) for head_dim in head_dims]
    for position, head_dim in enumerate(head_dims):
        share = budget * weights[position] / math.fsum(weights[position:])
        shares[head_dim] = min(MAX_REPLICATES, int(share / cost[head_dim]))
        budget -= shares[head_dim] * cost[head_dim]
    return shares
