"""Ranks at head_dim 2 in law, in time that hardly grows with the number of keys and queries.

Which key a query picks depends on its direction only: the winners are the vertices of the convex hull of the keys, and
a vertex wins the directions of its normal cone; the angles of the cones add up to a full turn. So the rank is the
number of cones that at least one of ``n_queries`` uniform directions hits.

*Keys by descending length.* Half the squared length of a planar normal vector is exponential. The cumulative
probability of the longest of ``n`` is ``V^(1/n)``, that of the next, given the longest, is its product with
``W^(1/(n-1))``, and so on, with independent uniform ``V``, ``W``, ...; directions are uniform and independent of
lengths. A key no longer than the radius of a disc around the origin that lies in the hull of those before it is no
vertex, and neither is any later one: some tens of keys decide at any size.

*Hits.* The numbers of queries in the cones are multinomial: binomials one after the other, by inversion where the mean
is below ten, elsewhere by transformed rejection (Hoermann, "The generation of binomial random variates", J. Stat.
Comput. Simul. 46, 1993, algorithm BTRS). Beyond a variance of 10^10, where the logarithms of its acceptance test lose
their digits, a normal number is rounded: the distribution functions differ by less than 1e-5 (Berry and Esseen), and
what that changes for a rank is how many queries are left to the other cones, by about one in 10^10.

A replicate uses random words from the beginning of a row, as many as it needs; one that needs more than a row is
reported and has to be done again with a longer row, which begins with the same words.

The angles of the cones and the logarithms of the binomials come from the mathematical library of the platform. Where
two libraries differ in the last bit, so may a rank, with a probability of about 1e-14 a replicate; everywhere else
ranks are the same on all platforms.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo._jit import fused, inlined, kernel, square_root
from montecarlo.elementary import direction, log

__all__ = ["MORE_WORDS", "planar_ranks"]

MORE_WORDS = -1
"""What stands for a rank for which a row had too few words."""

_LEAST, _CHECK = 32, 8
"""Keys before the first look at whether those so far decide, and between two looks."""

_MOST_BY_INVERSION = 200
"""A binomial number of mean below ten exceeds this with a probability below 1e-180; rounding might lead here too."""

_NORMAL_VARIANCE = 1e10
_TO_UNIT = 2.0**-52
_TURN = 2.0 * math.pi
_ROOT_2 = math.sqrt(2.0)

Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


@inlined
def _unit(word: Any) -> Any:
    """Return a uniform number in (0, 1), an odd multiple of 2^-53."""
    return (float(word >> np.uint64(12)) + 0.5) * _TO_UNIT


@inlined
def _one_minus_exp(x: Any) -> Any:
    """Return 1 - exp(-x) for x >= 0, with a small relative error."""
    if x > 0.03:
        return -math.expm1(-x)
    # Of the series in x, what follows these terms is less than 1e-16 of the first.
    p = fused(-1.0 / 40320.0, x, 1.0 / 5040.0)
    p = fused(p, x, -1.0 / 720.0)
    p = fused(p, x, 1.0 / 120.0)
    p = fused(p, x, -1.0 / 24.0)
    p = fused(p, x, 1.0 / 6.0)
    p = fused(p, x, -0.5)
    return fused(p * x, x, x)


@inlined
def _hull(x: Any, y: Any, known: Any, first: Any, count: Any, order: Any, hull: Any) -> Any:
    """Put the vertices of the hull of ``count`` points into ``hull``, counterclockwise, and return how many they are.

    Andrew's monotone chains: the lower one from left to right, then the upper one back. ``order`` has the vertices of
    the hull of the first ``first`` points from left to right already, ``known`` of them, and receives those of all: a
    point that is no vertex never becomes one.
    """
    for i in range(first, count):
        j = known
        while j > 0 and x[order[j - 1]] > x[i]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
        known += 1
    size = 0
    for i in range(known):
        p = order[i]
        while size >= 2:
            a, b = hull[size - 2], hull[size - 1]
            if (x[b] - x[a]) * (y[p] - y[a]) > (y[b] - y[a]) * (x[p] - x[a]):
                break
            size -= 1
        hull[size] = p
        size += 1
    right = size - 1  # the last vertex of the lower chain, the one furthest to the right
    for i in range(known - 2, -1, -1):
        p = order[i]
        while size >= right + 2:
            a, b = hull[size - 2], hull[size - 1]
            if (x[b] - x[a]) * (y[p] - y[a]) > (y[b] - y[a]) * (x[p] - x[a]):
                break
            size -= 1
        hull[size] = p
        size += 1
    size -= 1  # the first point closes the chain
    low, high = 0, size - 1  # both chains from left to right: the lower one forwards, the upper one backwards
    for i in range(size):
        if high <= right or (low <= right and x[hull[low]] <= x[hull[high]]):
            order[i] = hull[low]
            low += 1
        else:
            order[i] = hull[high]
            high -= 1
    return size


@inlined
def _inradius(x: Any, y: Any, size: Any, hull: Any) -> Any:
    """Return the radius of the largest disc around the origin in the hull; negative if the origin is outside."""
    least = np.inf
    for i in range(size):
        a, b = hull[i], hull[i + 1 if i + 1 < size else 0]
        u, v = x[b] - x[a], y[b] - y[a]
        least = min(least, (x[a] * v - y[a] * u) / math.sqrt(u * u + v * v))
    return least


@inlined
def _binomial(n: Any, p: Any, words: Any, row: Any, used: Any) -> Any:
    """Return a binomial number and how many words are used by then; the number is negative if they run out."""
    flipped = p > 0.5
    q = 1.0 - p
    if flipped:
        p, q = q, p
    width = words.shape[1]
    found = -1
    if n * p < 10.0:
        if used < width:
            left = 1.0 - _unit(words[row, used])
            used += 1
            found, chance, odds = 0, math.exp(n * math.log(q)), p / q
            while left >= chance and found < min(n, _MOST_BY_INVERSION):
                left -= chance
                chance *= odds * (n - found) / (found + 1.0)
                found += 1
    elif n * p * q > _NORMAL_VARIANCE:
        if used + 2 <= width:
            radius = math.sqrt(-2.0 * math.log(_unit(words[row, used])))
            z = radius * math.cos(_TURN * _unit(words[row, used + 1]))
            used += 2
            found = int(min(float(n), max(0.0, math.floor(n * p + math.sqrt(n * p * q) * z + 0.5))))
    else:
        deviation = math.sqrt(n * p * q)
        b = 1.15 + 2.53 * deviation
        a = -0.0873 + 0.0248 * b + 0.01 * p
        alpha, squeeze = (2.83 + 5.1 / b) * deviation, 0.92 - 4.2 / b
        mode = math.floor((n + 1) * p)
        level = math.lgamma(mode + 1.0) + math.lgamma(n - mode + 1.0)
        while used + 2 <= width:
            u, v = _unit(words[row, used]) - 0.5, _unit(words[row, used + 1])
            used += 2
            edge = 0.5 - abs(u)
            if edge <= 0.0:
                continue
            k = math.floor((2.0 * a / edge + b) * u + n * p + 0.5)
            if k < 0 or k > n:
                continue
            if edge >= 0.07 and v <= squeeze:
                found = int(k)
                break
            bound = level - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0) + (k - mode) * math.log(p / q)
            if math.log(v * alpha / (a / (edge * edge) + b)) <= bound:
                found = int(k)
                break
    if found >= 0 and flipped:
        found = n - found
    return found, used


@kernel
def planar_ranks(words: Words, n_keys: int, n_queries: int, ranks: Integers) -> None:
    """Fill ``ranks`` with ranks at head_dim 2, one a row of ``words``.

    Parameters
    ----------
    words : uint64 array (replicates, words a replicate)
        Independent uniform words; 256 are enough for nearly every replicate.
    n_keys, n_queries : int
        At least 1.
    ranks : int64 array (replicates,)
        Receives the ranks, and :data:`MORE_WORDS` where the row is too short.
    """
    most = words.shape[1] // 2
    x, y = np.empty(most), np.empty(most)
    order, hull = np.empty(most, np.int64), np.empty(most + 1, np.int64)
    for row in range(words.shape[0]):
        ranks[row] = MORE_WORDS
        count, known, used, size, decided = 0, 0, 0, 0, False
        exhausted = 0.0  # minus the logarithm of the cumulative probability
        while not decided and count < n_keys and used + 2 <= words.shape[1]:
            exhausted -= log(_unit(words[row, used])) / (n_keys - count)
            length = square_root(-log(_one_minus_exp(exhausted)))
            if count >= _LEAST and count % _CHECK == 0:
                size = _hull(x, y, size, known, count, order, hull)
                known = count
                decided = _inradius(x, y, size, hull) >= length * _ROOT_2
            first, second = direction(words[row, used + 1])
            used += 2  # those of a key that decides are used too: its length has been looked at
            if decided:
                break
            x[count], y[count] = length * first, length * second
            count += 1
        if not decided:
            if count < n_keys:
                continue  # the words ran out
            size = _hull(x, y, size, known, count, order, hull) if count > 2 else count
        left, rest, rank = n_queries, _TURN, 0
        for i in range(size):
            hits = left
            if i + 1 < size:
                turn = math.pi
                if size > 2:
                    a, b, c = hull[i - 1 if i else size - 1], hull[i], hull[i + 1]
                    u, v, s, t = x[b] - x[a], y[b] - y[a], x[c] - x[b], y[c] - y[b]
                    turn = math.atan2(u * t - v * s, u * s + v * t)
                hits, used = _binomial(left, min(1.0, turn / rest), words, row, used)
                rest -= turn
            if hits < 0:
                rank = MORE_WORDS
                break
            rank += hits > 0
            left -= hits
            if left == 0:
                break
        ranks[row] = rank
