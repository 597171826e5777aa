"""Hardmax of all scores by a tiled product with a running argmax; the score matrix is never in memory.

A block of queries meets one tile of keys after another. The scores of the block against the tile are accumulated over
the head dimension in a small scratch array, four queries by four components at a time in a loop over contiguous keys,
which is the shape that a compiler turns into fused multiply-adds on full vectors; then each score is compared with the
best so far of its lane. Memory is O((n_queries + n_keys) head_dim).

Scores are rounded in float64: two keys whose scores for one query differ by less than about head_dim 2**-52 of the
score's size may be told apart differently than by exact arithmetic, or than by another order of summation. For normal
queries and keys that happens with a probability of about 1e-15 n_keys a query: never, in practice. Equal keys have
equal scores, whatever their positions, because every key goes through the same sequence of operations.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling, contracted_kernel
from rankbound.errors import invalid

__all__ = ["TILE", "dense_rank", "hardmax", "hardmax_rank", "key_buffer", "query_buffer"]

TILE = 256
"""Keys a tile: a row of scores is then 2 KiB, and a loop over it long enough to pay for its start."""

_LANES = 16
_PIECES = TILE // _LANES
_BLOCK = 16
"""Queries a block: their scores against a tile, 36 KiB, stay in the first-level cache."""

_DEPTH = 256
"""Components a pass: so much of a tile of keys, 512 KiB, stays in the second-level cache."""

_STEP = 4
"""Queries and components that one pass over a tile handles; both are padded to a multiple of it."""

_BEST, _WHERE = TILE, TILE + _LANES
_ROW = TILE + 2 * _LANES

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def _padded(size: int, unit: int) -> int:
    return -(-size // unit) * unit


def query_buffer(n_queries: int, head_dim: int) -> Floats:
    """Return an uninitialised array (queries, components), each padded to a multiple of four."""
    return np.empty((_padded(n_queries, _STEP), _padded(head_dim, _STEP)))


def key_buffer(n_keys: int, head_dim: int) -> Floats:
    """Return an uninitialised array (tiles, components, TILE): key ``j`` is ``[j // TILE, :, j % TILE]``."""
    return np.empty((_padded(n_keys, TILE) // TILE, _padded(head_dim, _STEP), TILE))


@contracted_kernel
def dense_rank(
    queries: Floats,
    keys: Floats,
    n_queries: int,
    n_keys: int,
    stop: npt.NDArray[np.uint8],
    choices: Integers,
    seen: npt.NDArray[np.uint8],
) -> int:
    """Choose a key for every query, and count the keys that were chosen.

    Parameters
    ----------
    queries : float64 array
        Of the shape of :func:`query_buffer`; padding components are zero, padding queries anything finite.
    keys : float64 array
        Of the shape of :func:`key_buffer`; all padding anything finite.
    n_queries, n_keys : int
        How many of them count.
    stop : uint8 array (1,)
        When another thread sets it, the kernel returns -1 after the current block of queries.
    choices : int64 array (at least as many as padded queries)
        Receives the index of each query's best key, the lowest index among equals.
    seen : uint8 array (n_keys,)
        Scratch.

    Returns
    -------
    int
        The number of distinct chosen keys, or -1 if stopped.
    """
    rows_in_all, depth = queries.shape
    scratch = np.empty((_BLOCK, _ROW))  # a row: the scores of a tile, the best score of each lane, and its place
    for block in range(0, rows_in_all, _BLOCK):
        if stop[0]:
            return -1
        rows = min(_BLOCK, rows_in_all - block)
        for row in range(rows):
            for lane in range(_LANES):
                scratch[row, _BEST + lane] = -np.inf
                scratch[row, _WHERE + lane] = 0.0
        for tile in range(keys.shape[0]):
            for row in range(rows):
                for j in range(TILE):
                    scratch[row, j] = 0.0
            for start in range(0, depth, _DEPTH):
                end = min(start + _DEPTH, depth)
                for row in range(0, rows, _STEP):
                    q = block + row
                    a, b, c, d = queries[q], queries[q + 1], queries[q + 2], queries[q + 3]
                    for k in range(start, end, _STEP):
                        a0, a1, a2, a3 = a[k], a[k + 1], a[k + 2], a[k + 3]
                        b0, b1, b2, b3 = b[k], b[k + 1], b[k + 2], b[k + 3]
                        c0, c1, c2, c3 = c[k], c[k + 1], c[k + 2], c[k + 3]
                        d0, d1, d2, d3 = d[k], d[k + 1], d[k + 2], d[k + 3]
                        for j in range(TILE):
                            x0, x1 = keys[tile, k, j], keys[tile, k + 1, j]
                            x2, x3 = keys[tile, k + 2, j], keys[tile, k + 3, j]
                            scratch[row, j] = scratch[row, j] + a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
                            scratch[row + 1, j] = scratch[row + 1, j] + b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
                            scratch[row + 2, j] = scratch[row + 2, j] + c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3
                            scratch[row + 3, j] = scratch[row + 3, j] + d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3
            if (tile + 1) * TILE > n_keys:
                for row in range(rows):
                    for j in range(n_keys - tile * TILE, TILE):
                        scratch[row, j] = -np.inf
            first_piece = float(tile * _PIECES)  # places are whole numbers in float64, so that one mask serves both
            for row in range(rows):
                for lane in range(_LANES):
                    best, where = scratch[row, _BEST + lane], scratch[row, _WHERE + lane]
                    for piece in range(_PIECES):
                        score = scratch[row, piece * _LANES + lane]
                        better = score > best
                        best = score if better else best
                        where = first_piece + piece if better else where
                    scratch[row, _BEST + lane], scratch[row, _WHERE + lane] = best, where
        for row in range(rows):
            top, choice = -np.inf, n_keys
            for lane in range(_LANES):
                score, key = scratch[row, _BEST + lane], int(scratch[row, _WHERE + lane]) * _LANES + lane
                if score > top or (score == top and key < choice):
                    top, choice = score, key
            choices[block + row] = choice
    for key in range(n_keys):
        seen[key] = 0
    distinct = 0
    for query in range(n_queries):
        if seen[choices[query]] == 0:
            seen[choices[query]] = 1
            distinct += 1
    return distinct


def _checked(name: str, value: npt.ArrayLike) -> Floats:
    """Return ``value`` as a float64 matrix with finite entries, or raise the ``ValueError`` that says why not."""
    remedy = "give one row a vector and one column a component"
    try:
        given = np.asarray(value)
    except ValueError:
        raise invalid(name, value, "a matrix", "give rows of equal length") from None
    if given.ndim != 2:
        raise invalid(f"{name}.ndim", given.ndim, "2", remedy)
    if given.size == 0:
        raise invalid(f"{name}.shape", given.shape, "at least one row and one column", remedy)
    if given.dtype.kind not in "iuf":
        raise invalid(f"{name}.dtype", str(given.dtype), "real numbers", "convert the entries to float64")
    matrix = given.astype(np.float64)
    if not np.isfinite(matrix).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        found = float(matrix[row, column])
        raise invalid(f"{name}[{row}, {column}]", found, "finite entries", "remove or replace NaN and infinite entries")
    return matrix


def _choose(queries: npt.ArrayLike, keys: npt.ArrayLike) -> tuple[Integers, int]:
    q, k = _checked("queries", queries), _checked("keys", keys)
    (n_queries, head_dim), n_keys = q.shape, k.shape[0]
    if k.shape[1] != head_dim:
        remedy = "queries and keys must have one head_dim"
        raise invalid("keys.shape", k.shape, f"{head_dim} columns, as queries have", remedy)
    with np.errstate(over="ignore"):
        largest = float(np.abs(q).max() * np.abs(k).max() * head_dim)
    if not math.isfinite(largest):
        raise invalid("queries @ keys.T", largest, "scores within the range of float64", "scale queries or keys down")
    padded_queries = query_buffer(n_queries, head_dim)
    padded_queries[:] = 0.0
    padded_queries[:n_queries, :head_dim] = q
    padded_keys = key_buffer(n_keys, head_dim)
    padded_keys[:] = 0.0
    for tile in range(padded_keys.shape[0]):
        part = k[tile * TILE : (tile + 1) * TILE]
        padded_keys[tile, :head_dim, : part.shape[0]] = part.T
    choices = np.empty(padded_queries.shape[0], np.int64)
    seen, stop = np.empty(n_keys, np.uint8), np.zeros(1, np.uint8)
    distinct = call_compiling(dense_rank, padded_queries, padded_keys, n_queries, n_keys, stop, choices, seen)
    return choices[:n_queries], int(distinct)


def hardmax(queries: npt.ArrayLike, keys: npt.ArrayLike) -> Integers:
    """Return, for every query, the index of the key with the largest score.

    Parameters
    ----------
    queries : array (n_queries, head_dim)
        Finite real numbers.
    keys : array (n_keys, head_dim)
        Finite real numbers.

    Returns
    -------
    int64 array (n_queries,)
        ``argmax_j queries[i] . keys[j]``, the lowest index among equal scores. Scores are rounded in float64 (see the
        module's description for what that can change).

    Raises
    ------
    ValueError
        If an array is not a non-empty matrix of finite real numbers, if the head dimensions differ, or if a score
        could overflow.
    """
    return _choose(queries, keys)[0]


def hardmax_rank(queries: npt.ArrayLike, keys: npt.ArrayLike) -> int:
    """Return the rank of the hardmax attention matrix of ``queries`` and ``keys``.

    Every row of that matrix has a single one, so its rank is the number of its non-zero columns: the number of
    distinct keys that :func:`hardmax` returns. Arguments and errors are those of :func:`hardmax`.

    Returns
    -------
    int
        From 1 to ``min(n_queries, n_keys)``.
    """
    return _choose(queries, keys)[1]
