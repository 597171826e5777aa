"""A proved interval around E[rank], from the cache where it has been computed before."""

from __future__ import annotations

from dataclasses import dataclass

from rankbound.bounds import cache
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries


@dataclass(frozen=True, slots=True)
class SaturationPoint:
    """What is certain at one head dimension.

    ``expected_rank`` encloses E[rank]; ``norm_conditioned`` is the upper bound of T6 as computed, before the barrier or
    a closed form replaces it where they are better.
    """

    head_dim: int
    expected_rank: Enclosure
    norm_conditioned: float


def expected_rank(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> Enclosure:
    """Enclose E[rank] of random hardmax attention.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    Enclosure
        ``1 <= lower <= E[rank] <= upper <= barrier``. Rung ``exact`` at ``head_dim = 1`` and at ``n_keys <= 2``
        (T11: ``2 - 2^(1-m)``). At ``head_dim = 2`` the exact formula of T11, to a relative 1e-9. Elsewhere the better
        of several proved bounds on either side, named in ``method``: above the norm-conditioned barrier (T6), in narrow
        heads the self-query barrier and the attainable rank (T12), and the barrier (T2); below the second-moment bound
        (T7), and what the best two keys and noise stability give. The relative width (upper - lower)/lower is 2.6% at
        ``n_keys = 512, head_dim = 16``, 0.26% at 64 and 0.05% at 512.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    return saturation_point(n_keys, head_dim, n_queries=n_queries).expected_rank


def saturation_point(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> SaturationPoint:
    """Return the enclosure of E[rank] together with the bound of T6 that went into it (or was beaten)."""
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    known = cache.recall(n, d, m)
    if known is not None:
        return SaturationPoint(d, *known)
    from rankbound.bounds.combination import combine  # loads what an answer from the cache does not need

    point = SaturationPoint(d, *combine(n, d, m))
    cache.keep(n, d, m, point.expected_rank, point.norm_conditioned)
    return point
