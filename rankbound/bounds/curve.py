"""Certified numbers along the head dimensions: the saturation curve, and the head dimension that a target asks for."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from rankbound.bounds.combination import upper_bound
from rankbound.bounds.fast_estimate import norm_conditioned_float
from rankbound.bounds.noise_stability import noise_stability_bound
from rankbound.bounds.occupancy import barrier
from rankbound.bounds.sandwich import SaturationPoint, saturation_point
from rankbound.enclosure import Enclosure
from rankbound.errors import check_real, invalid
from rankbound.rounding import floor_text
from rankbound.setting import MAX_HEAD_DIM, check_head_dim, check_n_keys, check_n_queries

LARGEST_HEAD_DIM = 10**6
"""Largest head dimension that :func:`head_dim_for` looks at."""


@dataclass(frozen=True, slots=True)
class SaturationCurve:
    """Enclosures of E[rank] at several head dimensions, ascending, and the barrier that they approach."""

    n_keys: int
    n_queries: int
    points: tuple[SaturationPoint, ...]
    barrier: Enclosure


@dataclass(frozen=True, slots=True)
class HeadDimRange:
    """A head dimension that certainly reaches a share of the barrier, and a smaller one that certainly does not.

    Nothing is claimed about any other head dimension: that E[rank] increases with it is observed, not proved.

    Attributes
    ----------
    n_keys, n_queries : int
        Sizes.
    fraction : float
        The share of the barrier ``b`` that was asked for.
    reaches : int
        Here E[rank] is certainly at least ``fraction b``.
    expected_rank : Enclosure
        E[rank] there.
    falls_short : int or None
        The largest head dimension below ``reaches`` that was found where E[rank] is certainly less; ``None`` if none
        was.
    """

    n_keys: int
    n_queries: int
    fraction: float
    reaches: int
    expected_rank: Enclosure
    falls_short: int | None


def saturation_curve(n_keys: int, head_dims: Iterable[int], *, n_queries: int | None = None) -> SaturationCurve:
    """Enclose E[rank] at several head dimensions; what does not depend on them is computed once.

    Parameters
    ----------
    n_keys : int
        Number of keys, at least 1.
    head_dims : iterable of int
        Head dimensions, at least 1, in any order; repeated ones count once.
    n_queries : int, optional
        Number of queries, at least 1; as many as keys unless given.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1, or there is no head dimension.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    wanted = list(head_dims) if isinstance(head_dims, Iterable) else head_dims
    if not isinstance(wanted, list) or not wanted:
        raise invalid("head_dims", wanted, "at least one head dimension", "give for example [16, 32, 64, 128]")
    dims = sorted({check_head_dim(d) for d in wanted})
    points = tuple(saturation_point(n, d, n_queries=m) for d in dims)
    return SaturationCurve(n, m, points, barrier(n, n_queries=m))


def head_dim_for(n_keys: int, fraction: float, *, n_queries: int | None = None) -> HeadDimRange:
    """Find a head dimension at which E[rank] certainly reaches a share of the barrier, and one where it does not yet.

    Parameters
    ----------
    n_keys, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.
    fraction : float
        Share of the barrier, in (0, 1].

    Returns
    -------
    HeadDimRange
        The two are as close together as the enclosures allow; the search assumes that these grow with the head
        dimension, as they are seen to do, and each of the two answers is checked on its own. Both hold for every real
        number that is written as this ``fraction``.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1, if ``fraction`` is not in (0, 1], or if 10^6 does not certainly reach
        it, as at 1 but for one query and one or two keys.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    share = check_real(
        "fraction", fraction, above=0.0, below=1.0, inclusive=(False, True), remedy="give a share of the barrier"
    )
    limit = barrier(n, n_queries=m)
    most, least = min(math.nextafter(share, 2.0), 1.0), math.nextafter(share, 0.0)
    target, missed = Fraction(most) * Fraction(limit.upper), Fraction(least) * Fraction(limit.lower)

    @cache
    def guess(head_dim: int) -> float:
        return norm_conditioned_float(n, head_dim, n_queries=m)

    @cache
    def lower(head_dim: int) -> float:
        return saturation_point(n, head_dim, n_queries=m).expected_rank.lower

    @cache
    def upper(head_dim: int) -> float:
        return upper_bound(n, head_dim, n_queries=m)

    reaches = _first_at_least(target, lower, guess)
    if reaches is None:
        best = floor_text(math.nextafter(lower(LARGEST_HEAD_DIM) / limit.upper, 0.0), 6)
        expected = f"a share of the barrier that a head_dim up to {LARGEST_HEAD_DIM} certainly reaches"
        raise invalid("fraction", fraction, expected, f"at {LARGEST_HEAD_DIM} it is certainly {best}: ask for less")
    short = _first_at_least(missed, upper, guess)
    short = (reaches if short is None else min(short, reaches)) - 1
    certain = short >= 1 and Fraction(upper(short)) < missed
    value = saturation_point(n, reaches, n_queries=m).expected_rank
    return HeadDimRange(n, m, share, reaches, value, short if certain else None)


def _first_at_least(target: Fraction, bound: Callable[[int], float], guess: Callable[[int], float]) -> int | None:
    """Return a head dimension where ``bound >= target``, ``None`` if 10^6 is not one.

    It is the first one if ``bound`` increases. ``guess`` is cheap and about proportional to it: each round asks the
    bound where the guess, times their last ratio, meets the target, and closes in from both sides.
    """
    low, high = 0, LARGEST_HEAD_DIM  # the bound misses the target at low, and is to meet it at high
    if bound(high) < target:
        return None
    ratio = 1.0
    while high - low > 1:
        place = bisect_left(range(low + 1, high), float(target), key=lambda d: guess(d) * ratio) + low + 1
        place = min(max(place, low + 1), high - 1)
        ratio = bound(place) / guess(place)
        if bound(place) >= target:
            high = place
            if place - 1 > low and bound(place - 1) < target:  # the usual end
                low = place - 1
        else:
            low = place
    return high


def certified_head_dim(
    n_keys: int, threshold: float, *, n_queries: int | None = None, most: int = MAX_HEAD_DIM
) -> int | None:
    """Return a head dimension at which E[rank] certainly exceeds ``threshold``, ``None`` when none up to ``most`` does.

    It is the smallest power of two at which the lower bound alone says so, not the smallest head dimension for which it
    is true; and nothing is claimed about larger heads (whether E[rank] increases with ``head_dim`` is not proved).
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if not barrier(n, n_queries=m).upper > threshold:
        return None
    head_dim = 1
    while head_dim <= most:
        if noise_stability_bound(n, head_dim, n_queries=m) > threshold:
            return head_dim
        head_dim *= 2
    return None
