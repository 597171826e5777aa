"""The kernels once more in plain NumPy, written to be read and to test them against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from montecarlo.generator import LANES

__all__ = ["plain_hardmax", "plain_normals", "plain_words"]

_ROTATIONS = ((14, 16), (52, 57), (23, 40), (5, 37), (25, 33), (46, 12), (58, 22), (32, 32))
_PARITY = 0x1BD11BDAA9FC1A22


def plain_words(
    key: npt.NDArray[np.uint64], counter: tuple[npt.NDArray[np.uint64], int, int, int]
) -> npt.NDArray[np.uint64]:
    """Return Threefry4x64-20 of many counters that differ in their first word.

    Parameters
    ----------
    key : uint64 array (4,)
        The key.
    counter : tuple
        The first word, a uint64 array (blocks,), and the other three.

    Returns
    -------
    uint64 array (blocks, 4)
        The output of each block.
    """
    parity = np.uint64(_PARITY) ^ key[0] ^ key[1] ^ key[2] ^ key[3]
    schedule = [*key, parity]
    blocks = counter[0].size
    x = [counter[0], *(np.full(blocks, word, np.uint64) for word in counter[1:])]
    for turn in range(21):
        if turn % 4 == 0:  # a multiple of the key goes in before every fourth round, and once after the last
            injection = turn // 4
            x = [x[i] + schedule[(injection + i) % 5] for i in range(4)]
            x[3] = x[3] + np.uint64(injection)
        if turn == 20:
            break
        left, right = (np.uint64(bits) for bits in _ROTATIONS[turn % 8])
        a, b, c, d = x
        a, c = a + b, c + d
        b = ((b << left) | (b >> (np.uint64(64) - left))) ^ a
        d = ((d << right) | (d >> (np.uint64(64) - right))) ^ c
        x = [a, d, c, b]
    return np.stack(x, axis=1)


def plain_normals(key: npt.NDArray[np.uint64], stream: int, replicate: int, size: int) -> npt.NDArray[np.float64]:
    """Return what :func:`montecarlo.generator.fill_normals` writes, up to a few units in the last place."""
    groups = -(-size // (4 * LANES))
    words = plain_words(key, (np.arange(groups * LANES, dtype=np.uint64), replicate, stream, 0))
    first, second = words[:, 0::2], words[:, 1::2]
    uniform = ((first >> np.uint64(11)).astype(np.float64) + 1.0) * 2.0**-53
    turn = (second >> np.uint64(62)).astype(np.float64)
    fraction = ((second << np.uint64(2)) >> np.uint64(11)).astype(np.float64) * 2.0**-53 - 0.5
    # The kernel's quarter turns for the two top bits 0, 1, 2, 3 are (c, s), (-s, c), (-c, -s), (s, -c).
    radius, angle = np.sqrt(-2.0 * np.log(uniform)), (turn + fraction) * (np.pi / 2.0)
    normals = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(groups, LANES, 4)
    return np.swapaxes(normals, 1, 2).reshape(-1)[:size]


def plain_hardmax(queries: npt.NDArray[np.float64], keys: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the argmax of each row of scores, with the whole score matrix in memory; lowest index among equals."""
    choices: npt.NDArray[np.int64] = np.argmax(queries @ keys.T, axis=1)
    return choices
