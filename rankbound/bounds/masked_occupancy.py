"""The number of picked keys under a mask in the limit of wide heads, where a query picks among the keys it sees (V2).

**Causal mask.** Query ``i`` (from 0) picks one of the keys 0 to ``i``, each with probability ``1/(i+1)``. When ``k``
keys are picked already, it picks one of those with probability ``k/(i+1)``, so that

    P_{i+1}(k) = P_i(k) k/(i+1) + P_i(k-1) (i-k+2)/(i+1),

the recurrence of occupancy with as many cells as there are balls so far: nothing is subtracted, and the error bounds of
:mod:`rankbound.bounds.occupancy_distribution` hold as they stand. ``n! P_n(k)`` are Eulerian numbers; mean and variance
are ``(n+1)/2`` and, for ``n >= 2``, ``(n+1)/12``.

**Sliding window.** Query ``i`` picks one of the last ``w`` of the keys 0 to ``i``. Key ``j`` is seen by the queries
``j`` to ``min(j+w, n) - 1``; those before ``w`` leave it with probability ``i/(i+1)``, whose product telescopes, and
the others with ``1 - 1/w``. From ``n >= 2w - 2`` on the sum over keys is ``(n-2w+2)(1-q^w) + 3 w q^w``, ``q = 1 - 1/w``
(for ``w >= 2``); here it is summed for every ``n``.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import arb
from numpy.typing import NDArray

from rankbound.bounds.balls import (
    enclose_fraction,
    float_above,
    float_below,
    from_fraction,
    working_precision,
)
from rankbound.bounds.occupancy_distribution import OccupancyLaw, carried
from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer, invalid
from rankbound.setting import MAX_KEYS, check_n_keys
from rankbound.verdict import Rigour

__all__ = ["causal_occupancy_law", "window_occupancy_mean"]

_MOST_KEYS = 20_000  # the recurrence takes about a quarter of a second there
_WIDEST = 10**6


def causal_occupancy_law(n_keys: int) -> OccupancyLaw:
    """Return the law of the number of keys picked under a causal mask, in the limit of wide heads.

    Parameters
    ----------
    n_keys : int
        Number of keys and of queries, from 1 to 20 000.

    Returns
    -------
    OccupancyLaw
        With ``n_queries = n_keys``; mean and variance on the rung ``exact``.

    Raises
    ------
    ValueError
        If the size is not an integer in that range.
    """
    n = check_n_keys(n_keys)
    if n > _MOST_KEYS:
        remedy = "mean and variance are (n + 1)/2 and (n + 1)/12 at any size"
        raise invalid("n_keys", n, f"at most {_MOST_KEYS} for the whole law", remedy)

    def ratios(ball: int, low: int, end: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        occupied = np.arange(low, end, dtype=np.float64)
        return occupied / (ball + 1), (ball + 1 - occupied) / (ball + 1)

    lower, upper = carried(n, n, ratios)
    mean = enclose_fraction(Fraction(n + 1, 2), "causal mask, wide heads")
    variance = enclose_fraction(Fraction(n + 1 if n > 1 else 0, 12), "causal mask, wide heads")
    return OccupancyLaw(n, n, mean, variance, lower, upper)


def window_occupancy_mean(n_keys: int, window: int) -> Enclosure:
    """Enclose the mean number of keys picked through a sliding window, in the limit of wide heads.

    Parameters
    ----------
    n_keys : int
        Number of keys and of queries, from 1 to 10^18.
    window : int
        Keys that a query sees, at most: from 1 to 10^18. A window shorter than ``n_keys`` may have up to 10^6 keys.

    Returns
    -------
    Enclosure
        Rung ``exact`` where the window hides nothing that a causal mask shows (``(n+1)/2``) or has one key (``n``);
        else relative width below 1e-14.

    Raises
    ------
    ValueError
        If a size is not an integer in its range.
    """
    n = check_n_keys(n_keys)
    w = check_integer("window", window, minimum=1, maximum=MAX_KEYS, remedy="give the number of keys that a query sees")
    if w >= n:
        return enclose_fraction(Fraction(n + 1, 2), "causal mask, wide heads")
    if w == 1:
        return enclose_fraction(Fraction(n), "each query picks its own key")
    if w > _WIDEST:
        raise invalid("window", w, f"at most {_WIDEST}, or as many as keys", "give a shorter window")
    with working_precision(128 + 2 * n.bit_length()):
        stay = from_fraction(Fraction(w - 1, w))
        powers = [arb(1)]
        for _ in range(w):
            powers.append(powers[-1] * stay)
        missed = arb(0)
        for j in [*range(min(w - 1, n)), *range(max(w - 1, n - w + 1), n)]:  # the keys near the ends
            last = min(j + w, n) - 1
            early = min(last, w - 1)  # the last query that sees all keys before it
            telescoped = Fraction(j, early + 1) if j <= early else Fraction(1)
            missed += from_fraction(telescoped) * powers[last - max(early, j - 1)]
        missed += max(0, n - 2 * w + 2) * powers[w]
        value = n - missed
        return Enclosure(
            float_below(value), min(float_above(value), float(n)), Rigour.ENCLOSED, "window, ball arithmetic"
        )
