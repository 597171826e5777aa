"""Counter-based normal random numbers: Threefry4x64-20 and Box-Muller, as vectorised kernels.

Threefry (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) is a keyed bijection of
256-bit counters with additions, rotations and exclusive-ors only. Word ``i`` of anything is a function of (key, stream,
replicate, i): nothing is stepped, so replicates can be computed in any order, by any thread, without a state and
without a cost for seeding. The constants below are those of Threefish-256 (Ferguson et al., "The Skein hash function
family", version 1.3, 2010, tables 3 and 4).

Normals are obtained by the transform of Box and Muller (Ann. Math. Statist. 29, 1958) from one uniform of 53 bits for
the radius and one of 55 for the angle, so the largest magnitude that can occur is sqrt(106 log 2) = 8.57; a standard
normal exceeds that with probability 1.0e-17. The elementary functions are our own, because a call into a mathematical
library would stop the loop from being vectorised and would give other last bits on other systems.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo._jit import inlined, kernel

__all__ = ["LANES", "fill_normals", "fill_words"]

LANES = 64
"""Blocks that are computed side by side; part of the definition of the order of the normals."""

_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_TO_UNIT = 2.0**-53
_LOG_2 = math.log(2.0)
_SQRT_2 = math.sqrt(2.0)
_HALF_PI = math.pi / 2.0
# Taylor coefficients after the first: artanh in s**2, sine and cosine in x**2.
_A = tuple(1.0 / (2 * k + 1) for k in range(1, 13))
_S = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(1, 13))
_C = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(1, 13))
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE_BITS = np.int64(0x3FF0000000000000)

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


@inlined
def _mix(a: Any, b: Any, bits: Any) -> Any:
    """One MIX: add, rotate left by ``bits``, exclusive-or."""
    a = a + b
    b = ((b << bits) | (b >> (np.uint64(64) - bits))) ^ a
    return a, b


@inlined
def _four_rounds(x0: Any, x1: Any, x2: Any, x3: Any, r: Any) -> Any:
    """Four rounds with the rotations ``r``; the second partner alternates between neighbours, as in Threefish."""
    x0, x1 = _mix(x0, x1, r[0])
    x2, x3 = _mix(x2, x3, r[1])
    x0, x3 = _mix(x0, x3, r[2])
    x2, x1 = _mix(x2, x1, r[3])
    x0, x1 = _mix(x0, x1, r[4])
    x2, x3 = _mix(x2, x3, r[5])
    x0, x3 = _mix(x0, x3, r[6])
    x2, x1 = _mix(x2, x1, r[7])
    return x0, x1, x2, x3


_EVEN = tuple(np.uint64(bits) for bits in (14, 16, 52, 57, 23, 40, 5, 37))
_ODD = tuple(np.uint64(bits) for bits in (25, 33, 46, 12, 58, 22, 32, 32))


@inlined
def _threefry(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any, k2: Any, k3: Any) -> Any:
    """Return the four output words of Threefry4x64-20 for the counter ``c`` under the key ``k``."""
    k4 = _PARITY ^ k0 ^ k1 ^ k2 ^ k3
    x0, x1, x2, x3 = _four_rounds(c0 + k0, c1 + k1, c2 + k2, c3 + k3, _EVEN)
    x0, x1, x2, x3 = _four_rounds(x0 + k1, x1 + k2, x2 + k3, x3 + k4 + np.uint64(1), _ODD)
    x0, x1, x2, x3 = _four_rounds(x0 + k2, x1 + k3, x2 + k4, x3 + k0 + np.uint64(2), _EVEN)
    x0, x1, x2, x3 = _four_rounds(x0 + k3, x1 + k4, x2 + k0, x3 + k1 + np.uint64(3), _ODD)
    x0, x1, x2, x3 = _four_rounds(x0 + k4, x1 + k0, x2 + k1, x3 + k2 + np.uint64(4), _EVEN)
    return x0 + k0, x1 + k1, x2 + k2, x3 + k3 + np.uint64(5)


@inlined
def _series(c: Any, w: Any) -> Any:
    """Evaluate the polynomial with the twelve coefficients ``c`` at ``w`` (Horner)."""
    high = c[6] + w * (c[7] + w * (c[8] + w * (c[9] + w * (c[10] + w * c[11]))))
    return c[0] + w * (c[1] + w * (c[2] + w * (c[3] + w * (c[4] + w * (c[5] + w * high)))))


@inlined
def _minus_log(u: Any) -> Any:
    """Return -log(u) for 2**-53 <= u <= 1, to a few units in the last place.

    u = 2**e m with m in (1/sqrt 2, sqrt 2], and log m = 2 artanh s with s = (m - 1)/(m + 1), |s| < 0.1716: what the
    series leaves out after thirteen terms is below 1e-21. Near u = 1 the exponent is zero and the answer keeps its
    relative accuracy.
    """
    bits = np.float64(u).view(np.int64)
    exponent = (bits >> np.int64(52)) - np.int64(1023)
    m = np.int64((bits & _MANTISSA) | _ONE_BITS).view(np.float64)
    large = m > _SQRT_2
    m = 0.5 * m if large else m
    e = float(exponent + np.int64(1)) if large else float(exponent)
    s = (m - 1.0) / (m + 1.0)
    w = s * s
    return -(2.0 * (s + s * w * _series(_A, w)) + e * _LOG_2)


@inlined
def _box_muller(first: Any, second: Any) -> Any:
    """Turn two random words into two independent standard normals.

    The two top bits of ``second`` choose a quarter turn, the others an angle in [-pi/4, pi/4), for which the
    Taylor polynomials of sine and cosine are exact to better than the last bit.
    """
    u = (float(first >> np.uint64(11)) + 1.0) * _TO_UNIT
    radius = math.sqrt(2.0 * _minus_log(u))
    x = (float((second << np.uint64(2)) >> np.uint64(11)) * _TO_UNIT - 0.5) * _HALF_PI
    w = x * x
    sine = x + x * w * _series(_S, w)
    cosine = 1.0 + w * _series(_C, w)
    odd = (second >> np.uint64(62)) & np.uint64(1)
    flip = radius if second >> np.uint64(63) == np.uint64(0) else -radius
    a = cosine if odd == np.uint64(0) else -sine
    b = sine if odd == np.uint64(0) else cosine
    return flip * a, flip * b


@kernel
def fill_words(key: Words, stream: int, replicate: int, out: Words) -> None:
    """Fill ``out`` with the random words 0, 1, 2, ... of ``(key, stream, replicate)``.

    Parameters
    ----------
    key : uint64 array (4,)
        The key of the law, the sizes and the seed.
    stream, replicate : int
        Which of the independent sequences under that key; both non-negative.
    out : uint64 array (any length)
        Words ``4 b`` to ``4 b + 3`` are Threefry4x64-20 at the counter ``(b, replicate, stream, 0)``.
    """
    c1, c2, zero = np.uint64(replicate), np.uint64(stream), np.uint64(0)
    for block in range((out.size + 3) // 4):
        words = _threefry(np.uint64(block), c1, c2, zero, key[0], key[1], key[2], key[3])
        for i in range(min(4, out.size - 4 * block)):
            out[4 * block + i] = words[i]


@inlined
def _normal_group(key: Any, stream: Any, replicate: Any, group: Any, out: Any) -> None:
    """Fill ``out`` (4 LANES long) with the normals of the blocks ``group * LANES`` to ``group * LANES + LANES - 1``."""
    k0, k1, k2, k3 = key[0], key[1], key[2], key[3]
    for lane in range(LANES):
        x0, x1, x2, x3 = _threefry(
            np.uint64(group * LANES + lane), np.uint64(replicate), np.uint64(stream), np.uint64(0), k0, k1, k2, k3
        )
        z0, z1 = _box_muller(x0, x1)
        z2, z3 = _box_muller(x2, x3)
        out[lane] = z0
        out[LANES + lane] = z1
        out[2 * LANES + lane] = z2
        out[3 * LANES + lane] = z3


@kernel
def fill_normals(key: Words, stream: int, replicate: int, out: Floats) -> None:
    """Fill ``out`` with independent standard normals, a function of ``(key, stream, replicate)`` and position alone.

    Parameters
    ----------
    key : uint64 array (4,)
        The key of the law, the sizes and the seed.
    stream, replicate : int
        Which of the independent sequences under that key; both non-negative.
    out : float64 array (any length)
        Position ``p = 4 LANES g + LANES i + lane`` holds normal ``i`` (0 to 3) of block ``LANES g + lane``: neighbours
        come from different blocks, so that they can be computed and stored side by side. A shorter array holds the
        beginning of a longer one.
    """
    width = 4 * LANES
    group_of_normals = np.empty(width, np.float64)
    for group in range((out.size + width - 1) // width):
        _normal_group(key, stream, replicate, group, group_of_normals)
        start = group * width
        for i in range(min(width, out.size - start)):
            out[start + i] = group_of_normals[i]
