"""The kernels once more in plain NumPy and SciPy, written to be read and to test them against.

They consume the same random words. Elementary functions are those of NumPy and SciPy, so numbers agree to the last few
bits, and ranks unless those bits decide.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull
from scipy.special import gammaln
from scipy.stats import binom

from montecarlo.compression import compressed_layout
from montecarlo.generator import LANES
from montecarlo.layout import Floats, Integers, Layout, unpacked

__all__ = [
    "plain_blocks",
    "plain_chi",
    "plain_hardmax",
    "plain_line_rank",
    "plain_normals",
    "plain_planar_rank",
    "plain_vectors",
    "plain_words",
]

Words = npt.NDArray[np.uint64]

_ROTATIONS = ((14, 16), (52, 57), (23, 40), (5, 37), (25, 33), (46, 12), (58, 22), (32, 32))
_PARITY = 0x1BD11BDAA9FC1A22


def plain_blocks(key: Words, counter: tuple[Words, int, int, int]) -> Words:
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


def _groups(key: Words, stream: int, replicate: int, size: int) -> Words:
    """Return the blocks (groups, LANES, 4) that a row of ``size`` entries is made from."""
    groups = -(-size // (4 * LANES))
    counters = np.arange(groups * LANES, dtype=np.uint64)
    return plain_blocks(key, (counters, replicate, stream, 0)).reshape(groups, LANES, 4)


def plain_words(key: Words, stream: int, replicate: int, size: int) -> Words:
    """Return the row of ``replicate`` that :func:`montecarlo.generator.fill_words` writes."""
    return np.swapaxes(_groups(key, stream, replicate, size), 1, 2).reshape(-1)[:size]


def _unit(words: Words) -> Floats:
    """Return uniform numbers in (0, 1]."""
    unit: Floats = ((words >> np.uint64(11)).astype(np.float64) + 1.0) * 2.0**-53
    return unit


def _directions(words: Words) -> tuple[Floats, Floats]:
    """Return the components of a unit vector for each word.

    The top bits are the signs of the cosine and of the sine; the next 53 are the place in a quarter turn.
    """
    signs = [1.0 - 2.0 * ((words >> np.uint64(bit)) & np.uint64(1)).astype(np.float64) for bit in (63, 62)]
    fraction = ((words << np.uint64(2)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    beyond = (fraction - 0.5) * (np.pi / 2.0)  # a quarter of pi; the sum would lose bits near the axes
    cosine, sine = np.cos(beyond) / math.sqrt(2.0), np.sin(beyond) / math.sqrt(2.0)
    return signs[0] * (cosine - sine), signs[1] * (cosine + sine)


def _pairs(first: Words, second: Words) -> tuple[Floats, Floats]:
    """Return two independent normals for each pair of words."""
    radius = np.sqrt(-2.0 * np.log(_unit(first)))
    across, up = _directions(second)
    return radius * across, radius * up


def plain_normals(key: Words, stream: int, replicate: int, size: int) -> Floats:
    """Return the row of ``replicate`` that :func:`montecarlo.generator.fill_normals` writes, up to a few last bits."""
    words = _groups(key, stream, replicate, size)
    normals = np.stack([*_pairs(words[..., 0], words[..., 1]), *_pairs(words[..., 2], words[..., 3])], axis=1)
    return normals.reshape(-1)[:size]


def plain_chi(key: Words, stream: int, replicate: int, largest: int, columns: int) -> Floats:
    """Return the row of ``replicate`` that :func:`montecarlo.generator.fill_chi` writes, up to a few last bits."""
    degrees = (largest - np.arange(columns)).astype(np.float64)
    chi, pending, attempt = np.empty(columns), np.arange(columns), 0
    while pending.size:
        words = plain_blocks(key, (pending.astype(np.uint64), replicate, stream, attempt))
        z, u = _pairs(words[:, 0], words[:, 1])[0], _unit(words[:, 2])
        one = degrees[pending] == 1.0
        d = np.where(one, 1.0, degrees[pending] / 2.0 - 1.0 / 3.0)
        v = np.maximum(1.0 + z / np.sqrt(9.0 * d), 0.0) ** 3
        log_v = np.log(v, out=np.full(v.size, -np.inf), where=v > 0.0)
        accepted = one | (np.log(u) < z * z / 2.0 + d * (log_v - (v - 1.0)))
        chi[pending[accepted]] = np.where(one, np.abs(z), np.sqrt(2.0 * d * v))[accepted]
        pending, attempt = pending[~accepted], attempt + 1
    return chi


def plain_vectors(
    key: Words, sizes: tuple[int, int, int], replicate: int, *, compressed: bool
) -> tuple[Floats, Floats]:
    """Return the queries and the keys whose scores a replicate of the scan compares, as rows of two matrices.

    Parameters
    ----------
    key : uint64 array (4,)
        Of the law of the scan.
    sizes : tuple of int
        ``(n_queries, n_keys, head_dim)``.
    replicate : int
        Which replicate.
    compressed : bool
        Whether one side is a Bartlett factor.
    """
    n_queries, n_keys, head_dim = sizes
    if compressed:
        layout, triangular = compressed_layout(n_queries, n_keys, head_dim)
    else:
        layout, triangular = Layout.of(n_queries, n_keys, head_dim), ""
    sides = {}
    for stream, (side, blocks) in enumerate((("queries", layout.queries), ("keys", layout.keys))):
        vectors = unpacked(plain_normals(key, stream, replicate, blocks.size), blocks, layout.depth)
        if side == triangular:
            vectors = np.tril(vectors)
            np.fill_diagonal(vectors, plain_chi(key, 2, replicate, head_dim, layout.depth))
        sides[side] = vectors
    return sides["queries"], sides["keys"]


def plain_hardmax(queries: Floats, keys: Floats) -> Integers:
    """Return the argmax of each row of scores, with the whole score matrix in memory; lowest index among equals."""
    choices: Integers = np.argmax(queries @ keys.T, axis=1)
    return choices


def plain_line_rank(words: Words, n_keys: int, n_queries: int) -> int:
    """Return what :func:`montecarlo.line.line_ranks` finds in a row of words that is long enough."""
    signs = np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little")[:n_queries]
    return min(n_keys, int(np.unique(signs).size))


def plain_planar_rank(words: Words, n_keys: int, n_queries: int) -> int:
    """Return what :func:`montecarlo.planar.planar_ranks` finds in a row of words that is long enough."""
    unit, used = ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52, 0
    across, up = _directions(words)
    points: list[tuple[float, float]] = []
    log_cumulative = 0.0
    while len(points) < n_keys:
        log_cumulative += math.log(unit[used]) / (n_keys - len(points))
        length = math.sqrt(-2.0 * math.log(-math.expm1(log_cumulative)))
        used += 2
        if len(points) >= 32 and len(points) % 8 == 0 and -ConvexHull(points).equations[:, 2].max() >= length:
            break  # a disc with this radius around the origin is in the hull
        points.append((length * across[used - 1], length * up[used - 1]))
    angles = _cone_angles(np.array(points))
    left, rank = n_queries, 0
    for i, angle in enumerate(angles):
        hits = left
        if i + 1 < len(angles):
            hits, used = _plain_binomial(left, angle / math.fsum(angles[i:]), unit, used)
        rank += hits > 0
        left -= hits
        if left == 0:
            break
    return rank


def _cone_angles(points: Floats) -> list[float]:
    """Return the angles of the normal cones of the hull, counterclockwise from its leftmost vertex."""
    if len(points) < 3:
        return [2.0 * math.pi / len(points)] * len(points)
    vertices = points[ConvexHull(points).vertices]
    corners = np.roll(vertices, -int(np.argmin(vertices[:, 0])), axis=0)
    edges = np.diff(corners, axis=0, append=corners[:1])
    directions = np.arctan2(edges[:, 1], edges[:, 0])  # of the edge that leaves each corner
    return [float(angle) for angle in (directions - np.roll(directions, 1)) % (2.0 * math.pi)]


def _plain_binomial(n: int, p: float, unit: Floats, used: int) -> tuple[int, int]:
    """Return a binomial number, and how many uniform numbers are used by then."""
    if p > 0.5:
        found, used = _plain_binomial(n, 1.0 - p, unit, used)
        return n - found, used
    if n * p < 10.0:
        return max(0, int(binom.ppf(1.0 - unit[used], n, p))), used + 1
    deviation = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    alpha, mode = (2.83 + 5.1 / b) * deviation, math.floor((n + 1) * p)

    def log_weight(k: int) -> float:
        return float(k * math.log(p) + (n - k) * math.log1p(-p) - gammaln(k + 1) - gammaln(n - k + 1))

    while True:
        u, v = float(unit[used]) - 0.5, float(unit[used + 1])
        used += 2
        edge = 0.5 - abs(u)
        if edge == 0.0:
            continue
        k = math.floor((2.0 * a / edge + b) * u + n * p + 0.5)
        if not 0 <= k <= n:
            continue
        squeezed = edge >= 0.07 and v <= 0.92 - 4.2 / b
        if squeezed or math.log(v * alpha / (a / edge**2 + b)) <= log_weight(k) - log_weight(mode):
            return k, used
