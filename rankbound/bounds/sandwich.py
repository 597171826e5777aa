"""A proved interval around E[rank]: exact where a closed form is known, else the best bound from either side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from rankbound.bounds.balls import enclose_fraction
from rankbound.bounds.noise_stability import noise_stability_bound
from rankbound.bounds.norm_conditioned import enclose_norm_conditioned
from rankbound.bounds.occupancy import barrier
from rankbound.bounds.top_two import norm_conditioned_gap
from rankbound.enclosure import Enclosure
from rankbound.setting import MAX_HEAD_DIM, check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour


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
        (T11: ``2 - 2^(1-m)``); elsewhere ``enclosed``: above by the norm-conditioned barrier U (T6), below by the
        better of U less the gap it can leave and noise stability. The gap is below 1% of U from about ``head_dim = 16
        log(n)`` on for n = 4096, and 40 log(n) for n = 512; the enclosure is loose at narrower heads.

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
    gap = norm_conditioned_gap(n, d, n_queries=m)
    ceiling = barrier(n, n_queries=m).upper
    # The bins need not be finer than the gap, by half.
    conditioned = enclose_norm_conditioned(n, d, n_queries=m, width=min(max(gap / ceiling / 2, 2.4e-4), 1.2e-3))
    if n == 1:
        value = Enclosure(1.0, 1.0, Rigour.EXACT, "one key")
    elif d == 1 or n == 2:
        value = _two_keys(m, "one-dimensional rank" if d == 1 else "two keys")
    else:
        agreeing = noise_stability_bound(n, d, n_queries=m)
        close = math.nextafter(conditioned.lower - gap, -math.inf)
        below = "noise stability" if agreeing >= close else "best two keys"
        value = Enclosure(
            max(agreeing, close),
            min(conditioned.upper, ceiling),
            Rigour.ENCLOSED,
            f"{below} below, norm-conditioned barrier above",
        )
    return SaturationPoint(d, value, conditioned.upper)


def certified_head_dim(n_keys: int, threshold: float, *, most: int = MAX_HEAD_DIM) -> int | None:
    """Return a head dimension at which E[rank] certainly exceeds ``threshold``, ``None`` when none up to ``most`` does.

    It is the smallest power of two at which the lower bound alone says so, not the smallest head dimension for which it
    is true; and nothing is claimed about larger heads (whether E[rank] increases with ``head_dim`` is not proved).
    """
    n = check_n_keys(n_keys)
    if not barrier(n).upper > threshold:
        return None
    head_dim = 1
    while head_dim <= most:
        if noise_stability_bound(n, head_dim) > threshold:
            return head_dim
        head_dim *= 2
    return None


def _two_keys(m: int, method: str) -> Enclosure:
    """Enclose ``2 - 2^(1-m)``, the expected rank when only two keys can be picked, each with probability 1/2."""
    if m <= 4096:
        return enclose_fraction(2 - Fraction(2, 2**m), method)
    return Enclosure(math.nextafter(2.0, 0.0), 2.0, Rigour.EXACT, method)  # no float lies between it and 2
