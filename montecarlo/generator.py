"""Counter-based random numbers: Threefry4x64-20, normals by Box and Muller, chi by Marsaglia and Tsang.

Threefry (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) is a keyed bijection of
256-bit counters with additions, rotations and exclusive-ors only. Word ``i`` of anything is a function of (key, stream,
replicate, i): nothing is stepped, so replicates can be computed in any order, by any thread, without a state and
without a cost for seeding. The constants below are those of Threefish-256 (Ferguson et al., "The Skein hash function
family", version 1.3, 2010, tables 3 and 4).

Normals are obtained by the transform of Box and Muller (Ann. Math. Statist. 29, 1958) from one uniform of 53 bits for
the radius and one of 55 for the direction, so the largest magnitude that can occur is sqrt(106 log 2) = 8.57; a
standard normal exceeds that with probability 1.0e-17.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo._jit import fused, inlined, kernel, square_root, wide_vectors
from montecarlo.elementary import TO_UNIT, direction, log, log_of_ratio

__all__ = ["LANES", "fill_chi", "fill_normals", "fill_words"]

LANES = 64
"""Blocks that are computed side by side; part of the definition of the order of the normals."""

_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
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
def _unit(word: Any) -> Any:
    """Return a uniform number in (0, 1], a multiple of 2^-53."""
    return fused(float(word >> np.uint64(11)), TO_UNIT, TO_UNIT)


@inlined
def _box_muller(first: Any, second: Any) -> Any:
    """Turn two random words into two independent standard normals: a radius over sqrt(2), and a direction."""
    radius = square_root(-log(_unit(first)))
    a, b = direction(second)
    return radius * a, radius * b


@kernel
def fill_words(key: Words, stream: int, first: int, out: Words) -> None:
    """Fill each row of ``out`` with random words, a function of ``(key, stream, replicate)`` and position alone.

    Parameters
    ----------
    key : uint64 array (4,)
        The key of the law, the sizes and the seed.
    stream, first : int
        Which of the independent sequences under that key, and the replicate of the first row; both non-negative.
    out : uint64 array (replicates, any length)
        Position ``p = 4 LANES g + LANES i + lane`` of row ``r`` holds word ``i`` (0 to 3) of Threefry4x64-20 at the
        counter ``(LANES g + lane, first + r, stream, 0)``: neighbours come from different blocks, so that they can be
        computed and stored side by side. A shorter row holds the beginning of a longer one.
    """
    wide_vectors()
    width = 4 * LANES
    some = np.empty(width, np.uint64)
    k0, k1, k2, k3 = key[0], key[1], key[2], key[3]
    c2, zero = np.uint64(stream), np.uint64(0)
    for row in range(out.shape[0]):
        c1 = np.uint64(first + row)
        for group in range((out.shape[1] + width - 1) // width):
            for lane in range(LANES):
                x0, x1, x2, x3 = _threefry(np.uint64(group * LANES + lane), c1, c2, zero, k0, k1, k2, k3)
                some[lane] = x0
                some[LANES + lane] = x1
                some[2 * LANES + lane] = x2
                some[3 * LANES + lane] = x3
            start = group * width
            for i in range(min(width, out.shape[1] - start)):
                out[row, start + i] = some[i]


@kernel
def fill_normals(key: Words, stream: int, first: int, out: Floats) -> None:
    """Fill each row of ``out`` with independent standard normals, functions of ``(key, stream, replicate)``.

    Parameters
    ----------
    key : uint64 array (4,)
        The key of the law, the sizes and the seed.
    stream, first : int
        Which of the independent sequences under that key, and the replicate of the first row; both non-negative.
    out : float64 array (replicates, any length)
        In the order of the words of :func:`fill_words`: words ``2 i`` and ``2 i + 1`` of a block (``i`` is 0 or 1) give
        its normals ``2 i`` and ``2 i + 1``. A shorter row holds the beginning of a longer one.
    """
    wide_vectors()
    width = 4 * LANES
    some = np.empty(width, np.float64)
    k0, k1, k2, k3 = key[0], key[1], key[2], key[3]
    c2, zero = np.uint64(stream), np.uint64(0)
    for row in range(out.shape[0]):
        c1 = np.uint64(first + row)
        for group in range((out.shape[1] + width - 1) // width):
            for lane in range(LANES):
                x0, x1, x2, x3 = _threefry(np.uint64(group * LANES + lane), c1, c2, zero, k0, k1, k2, k3)
                z0, z1 = _box_muller(x0, x1)
                z2, z3 = _box_muller(x2, x3)
                some[lane] = z0
                some[LANES + lane] = z1
                some[2 * LANES + lane] = z2
                some[3 * LANES + lane] = z3
            start = group * width
            for i in range(min(width, out.shape[1] - start)):
                out[row, start + i] = some[i]


@inlined
def _log_minus(v: Any) -> Any:
    """Return log(v) - (v - 1) for v > 0, without cancellation near v = 1."""
    w = v - 1.0
    s = w / (v + 1.0)
    if abs(s) > 0.17:
        return log(v) - w
    return (log_of_ratio(s) - 2.0 * s) - w * s  # 2 s - w = -w s


@kernel
def fill_chi(key: Words, stream: int, first: int, largest: int, out: Floats) -> None:
    """Fill each row of ``out`` with independent chi variables of ``largest``, ``largest - 1``, ... degrees of freedom.

    Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Trans. Math. Softw. 26, 2000: a candidate
    of a normal and a uniform number is accepted with a probability above 0.95. With one degree: the magnitude of a
    normal.

    Parameters
    ----------
    key : uint64 array (4,)
        The key of the law, the sizes and the seed.
    stream, first : int
        Which of the independent sequences under that key, and the replicate of the first row; both non-negative.
    largest : int
        Degrees of freedom of the first column, at least ``out.shape[1]``.
    out : float64 array (replicates, columns)
        Attempt ``t`` for column ``i`` of row ``r`` uses the block of words at the counter ``(i, first + r, stream,
        t)``.
    """
    k0, k1, k2, k3 = key[0], key[1], key[2], key[3]
    for row in range(out.shape[0]):
        for i in range(out.shape[1]):
            degrees = float(largest - i)
            d = 0.5 * degrees - 1.0 / 3.0
            c = 1.0 / math.sqrt(9.0 * d) if d > 0.0 else 0.0
            attempt = np.uint64(0)
            while True:
                x0, x1, x2, _ = _threefry(
                    np.uint64(i), np.uint64(first + row), np.uint64(stream), attempt, k0, k1, k2, k3
                )
                attempt += np.uint64(1)
                z, _ = _box_muller(x0, x1)
                if degrees == 1.0:
                    out[row, i] = abs(z)
                    break
                v = 1.0 + c * z
                if v <= 0.0:
                    continue
                v = v * v * v
                if log(_unit(x2)) < 0.5 * z * z + d * _log_minus(v):
                    out[row, i] = math.sqrt(2.0 * d * v)
                    break
