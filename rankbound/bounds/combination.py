"""The best of the proved bounds on E[rank] from either side: exact where a closed form is known."""

from __future__ import annotations

import math
from fractions import Fraction

from rankbound.bounds.attainable import attainable_rank
from rankbound.bounds.balls import enclose_fraction
from rankbound.bounds.noise_stability import noise_stability_bound
from rankbound.bounds.norm_conditioned import enclose_norm_conditioned
from rankbound.bounds.occupancy import barrier
from rankbound.bounds.planar import planar_rank
from rankbound.bounds.second_moment import second_moment_bound
from rankbound.bounds.self_query import self_query_barrier
from rankbound.bounds.top_two import norm_conditioned_gap
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour


def combine(n: int, d: int, m: int) -> tuple[Enclosure, float]:
    """Enclose E[rank] for valid sizes, and return the upper bound of T6 beside it."""
    conditioned = enclose_norm_conditioned(n, d, n_queries=m)
    known = _known(n, d, m)
    if known is not None:
        return known, conditioned.upper
    above = _upper_bounds(n, d, m, conditioned)
    below = {
        "second moment": second_moment_bound(n, d, n_queries=m),
        "best two keys": math.nextafter(conditioned.lower - norm_conditioned_gap(n, d, n_queries=m), -math.inf),
        "noise stability": noise_stability_bound(n, d, n_queries=m),
    }
    best_above = min(above, key=lambda name: above[name])
    best_below = max(below, key=lambda name: below[name])
    method = f"{best_below} below, {best_above} above"
    return Enclosure(below[best_below], above[best_above], Rigour.ENCLOSED, method), conditioned.upper


def upper_bound(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return the upper end of :func:`expected_rank` alone, at a fraction of its cost; same arguments and errors."""
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    known = _known(n, d, m)
    if known is not None:
        return known.upper
    return min(_upper_bounds(n, d, m, enclose_norm_conditioned(n, d, n_queries=m)).values())


def _known(n: int, d: int, m: int) -> Enclosure | None:
    """Return E[rank] where there is a formula for it."""
    if n == 1:
        return Enclosure(1.0, 1.0, Rigour.EXACT, "one key")
    if m == 1:
        return Enclosure(1.0, 1.0, Rigour.EXACT, "one query")
    if d == 1 or n == 2:
        return _two_keys(m, "one-dimensional rank" if d == 1 else "two keys")
    return planar_rank(n, n_queries=m) if d == 2 else None


def _two_keys(m: int, method: str) -> Enclosure:
    """Enclose ``2 - 2^(1-m)``, the expected rank when only two keys can be picked, each with probability 1/2."""
    if m <= 4096:
        return enclose_fraction(2 - Fraction(2, 2**m), method)
    return Enclosure(math.nextafter(2.0, 0.0), 2.0, Rigour.EXACT, method)  # no float lies between it and 2


def _upper_bounds(n: int, d: int, m: int, conditioned: Enclosure) -> dict[str, float]:
    """Return proved upper bounds by name."""
    bounds = {"norm-conditioned barrier": conditioned.upper, "barrier": barrier(n, n_queries=m).upper}
    if d <= 2 * math.log(n) + 8:  # beyond it, the last digits at most are gained
        bounds["self-query barrier"] = self_query_barrier(n, d, n_queries=m)
    if d <= (min(0.4 * math.log(n) + 1, 14) if m <= 4 * n else 12):  # elsewhere it is above, and costs more and more
        bounds["attainable rank"] = attainable_rank(n, d).upper
    return bounds
