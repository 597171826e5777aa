"""Hardmax by scanning the keys in single precision, with a proof that the answer is that of exact arithmetic.

**The screen.** Scores are formed in float32 (:mod:`montecarlo.microkernel`). Let u = 2^-24 and c the number of
components. Rounding the components and c fused multiply-adds change the score of a query and a key by at most g times
the product of their lengths, g = (c + 2) u / (1 - (c + 2) u), by the Cauchy-Schwarz inequality (Higham, "Accuracy and
Stability of Numerical Algorithms", 2nd ed., 2002, section 3.1). So a key whose score stays more than 2 g times the
length of the query times that of the longest key below the best score is not the best. If one key is left, it is the
answer. Else the scores of those left are formed again in float64, with the same bound for u = 2^-53; if two keys are
still left, the query is reported as unresolved, and whoever called compares them exactly (:mod:`montecarlo.exact`).

**Pruning.** In few dimensions most keys are too short to win. The keys are put in descending order of their length, up
to the grain of a bucket sort; after each tile of keys, a panel of queries is done with once the best score of every one
of them exceeds its length times the longest length that is still to come, by more than the rounding error.

The n x n scores are never in memory: it is O((n_queries + n_keys) components).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo._jit import inlined, kernel, wide_vectors
from montecarlo.layout import Floats, Integers, Layout
from montecarlo.microkernel import COLUMNS_AT_ONCE, LANES, ROWS_AT_ONCE, close, largest, score_part
from montecarlo.tiling import COLUMNS, ROWS, SLOTS, STATE

__all__ = ["UNRESOLVED", "Scratch", "scan"]

UNRESOLVED = -1
"""What stands for the choice of a query for which float64 does not tell which key is best."""

_BLOCK = 2**17
"""Numbers in a block of tiles that all panels meet before the next one: half a MiB, for the second-level cache."""

_SINGLE, _DOUBLE = 2.0**-24, 2.0**-53
_OUTWARD = 1.0 + 1e-4
"""Covers what is rounded in the bounds themselves, and underflow in single precision of components below 2^-100."""

Singles = npt.NDArray[np.float32]


def _aligned(size: int) -> Singles:
    """Return an uninitialised array that begins at a multiple of 64 bytes, as loads of whole vectors like it."""
    raw = np.empty(4 * size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + 4 * size].view(np.float32)


class Scratch:
    """Working memory of :func:`scan` for one layout; a thread needs its own."""

    __slots__ = ("first", "keys", "queries", "state")

    def __init__(self, layout: Layout) -> None:
        self.queries = _aligned(layout.queries.size)
        self.keys = _aligned(layout.keys.size)
        self.state = _aligned(layout.queries.table.shape[0] * ROWS * STATE)
        self.first = _aligned(2 * COLUMNS)  # added to scores: for a tile of keys, and for the last one
        self.first[:] = 0.0
        past = layout.keys.count - (layout.keys.table.shape[0] - 1) * COLUMNS
        self.first[COLUMNS + past :] = -np.inf

    def arrays(self) -> tuple[Singles, Singles, Singles, Singles]:
        """Return the arrays in the order in which :func:`scan` takes them."""
        return self.queries, self.keys, self.state, self.first


@inlined
def _take(vectors: Any, table: Any, width: Any, narrow: Any, squared: Any, sums: Any) -> Any:
    """Round vectors to single precision, and fill ``squared`` (vectors of all blocks) with their squared lengths.

    Components are taken two at a time, because twice twelve numbers fill vectors of eight and twelve do not.
    """
    wide_vectors()
    two = 2 * width
    for block in range(table.shape[0]):
        start, size = table[block, 0], table[block, 1] * width
        for i in range(two):
            sums[i] = 0.0
        for at in range(start, start + size - width, two):
            for i in range(two):
                x = vectors[at + i]
                narrow[at + i] = np.float32(x)
                sums[i] += x * x
        if size % two:
            at = start + size - width
            for i in range(width):
                x = vectors[at + i]
                narrow[at + i] = np.float32(x)
                sums[i] += x * x
        for i in range(width):
            squared[block * width + i] = sums[i] + sums[width + i]


@inlined
def _by_length(squared: Any, n_keys: Any, longest: Any, order: Any, ends: Any) -> Any:
    """Fill ``order`` with the keys in descending order of squared length, up to the width of a bucket."""
    buckets = ends.size - 1
    scale = buckets / longest if longest > 0.0 else 0.0
    for bucket in range(buckets + 1):
        ends[bucket] = 0
    for key in range(n_keys):
        ends[min(buckets - 1, int((longest - squared[key]) * scale)) + 1] += 1
    for bucket in range(buckets):
        ends[bucket + 1] += ends[bucket]
    for key in range(n_keys):
        bucket = min(buckets - 1, int((longest - squared[key]) * scale))
        order[ends[bucket]] = key
        ends[bucket] += 1
    for position in range(n_keys, order.size):
        order[position] = position


@inlined
def _arrange(wide: Any, order: Any, depth: Any, narrow: Any) -> Any:
    """Put keys of one depth into ``narrow`` in the given order."""
    for tile in range(order.size // COLUMNS):
        for column in range(COLUMNS):
            key = order[tile * COLUMNS + column]
            source = (key // COLUMNS) * depth * COLUMNS + key % COLUMNS
            target = tile * depth * COLUMNS + column
            for component in range(depth):
                narrow[target + component * COLUMNS] = np.float32(wide[source + component * COLUMNS])


@inlined
def _key(state: Any, at: Any, slot: Any) -> Any:
    """Return the place of the key that has the largest score of a slot."""
    mark = int(state[at + 2 * SLOTS + slot])  # twice the tile, and which vector of the part
    part, lane = slot // LANES, slot % LANES
    return (mark // 2) * COLUMNS + part * COLUMNS_AT_ONCE + (mark % 2) * LANES + lane


@inlined
def _again(
    queries: Any,
    keys: Any,
    panels: Any,
    tiles: Any,
    row: Any,
    n_keys: Any,
    state: Any,
    at: Any,
    limit: Any,
    order: Any,
    sums: Any,
) -> Any:
    """Return the best key of a query by scores in float64, and how far the best score of any other is below its score.

    Where no second score of a slot reaches ``limit``, only the largest ones that do can be the best: those few keys
    are scored. Else all keys are.
    """
    wide_vectors()
    hidden = False
    for slot in range(SLOTS):
        hidden = hidden or state[at + SLOTS + slot] >= limit
    best, second, where = -np.inf, -np.inf, 0
    panel, lane = row // ROWS, row % ROWS
    start = panels[panel, 0] + lane
    if not hidden:
        for slot in range(SLOTS):
            if state[at + slot] < limit:
                continue
            key = order[_key(state, at, slot)]
            tile, column = key // COLUMNS, key % COLUMNS
            score = 0.0
            for component in range(min(panels[panel, 1], tiles[tile, 1])):
                score += queries[start + component * ROWS] * keys[tiles[tile, 0] + component * COLUMNS + column]
            if score > best:
                second, best, where = best, score, key
            elif score > second:
                second = score
        return where, best - second
    for tile in range(tiles.shape[0]):
        for column in range(COLUMNS):
            sums[column] = 0.0
        for component in range(min(panels[panel, 1], tiles[tile, 1])):
            x = queries[start + component * ROWS]
            here = tiles[tile, 0] + component * COLUMNS
            for column in range(COLUMNS):
                sums[column] += x * keys[here + column]
        for column in range(min(COLUMNS, n_keys - tile * COLUMNS)):
            if sums[column] > best:
                second, best, where = best, sums[column], tile * COLUMNS + column
            elif sums[column] > second:
                second = sums[column]
    return where, best - second


@kernel
def scan(
    queries: Floats,
    keys: Floats,
    panels: Integers,
    tiles: Integers,
    n_queries: int,
    n_keys: int,
    prune: bool,
    narrow_queries: Singles,
    narrow_keys: Singles,
    state: Singles,
    first: Singles,
    stop: npt.NDArray[np.uint8],
    choices: Integers,
    ranks: Integers,
) -> int:
    """Choose a key for every query of some replicates, and count the distinct ones.

    Parameters
    ----------
    queries, keys : float64 arrays (replicates, size)
        As :class:`montecarlo.layout.Layout` says; padding anything finite.
    panels, tiles : int64 arrays (blocks, 2)
        The tables of that layout.
    n_queries, n_keys : int
        How many of them count.
    prune : bool
        Whether to take the keys in descending order of length; all must have one depth. The answer is the same.
    narrow_queries, narrow_keys, state, first : float32 arrays
        From :meth:`Scratch.arrays`.
    stop : uint8 array (1,)
        When another thread sets it, the kernel returns after the current panel.
    choices : int64 array (replicates, n_queries)
        Receives the index of each query's best key, or ``UNRESOLVED``.
    ranks : int64 array (replicates,)
        Receives the number of distinct choices, or ``UNRESOLVED`` if a choice is.

    Returns
    -------
    int
        Replicates that are done: all, unless stopped.
    """
    wide_vectors()
    n_panels, n_tiles = panels.shape[0], tiles.shape[0]
    depth = max(panels[n_panels - 1, 1], tiles[n_tiles - 1, 1])
    error = (depth + 2) * _SINGLE / max(1.0 - (depth + 2) * _SINGLE, 1e-3)
    error_of_double = (depth + 2) * _DOUBLE / (1.0 - (depth + 2) * _DOUBLE)
    query_lengths, key_lengths = np.empty(n_panels * ROWS), np.empty(n_tiles * COLUMNS)
    order = np.arange(n_tiles * COLUMNS)
    ends = np.empty((4 * n_tiles if prune else 0) + 1, np.int64)
    to_come = np.full(n_tiles + 1, np.inf)  # the longest length from a tile on
    not_done = np.empty(n_panels, np.int64)  # the first row of a panel that may still change
    sums = np.empty(2 * COLUMNS)
    seen = np.full(n_keys, -1, np.int64)
    tiles_a_block = max(1, _BLOCK // (COLUMNS * depth))
    for replicate in range(queries.shape[0]):
        q, k = queries[replicate], keys[replicate]
        _take(q, panels, ROWS, narrow_queries, query_lengths, sums)
        for row in range(query_lengths.size):
            query_lengths[row] = np.sqrt(query_lengths[row])
        _take(k, tiles, COLUMNS, narrow_keys, key_lengths, sums)
        longest = 0.0
        for key in range(n_keys):
            longest = max(longest, key_lengths[key])
        if prune:
            _by_length(key_lengths, n_keys, longest, order, ends)
            _arrange(k, order, depth, narrow_keys)
            to_come[n_tiles] = 0.0
            for tile in range(n_tiles - 1, -1, -1):
                most = 0.0
                for column in range(min(COLUMNS, n_keys - tile * COLUMNS)):
                    most = max(most, key_lengths[order[tile * COLUMNS + column]])
                to_come[tile] = max(to_come[tile + 1], np.sqrt(most))
        longest = np.sqrt(longest)
        slack = error * longest * _OUTWARD
        for at in range(0, state.size, STATE):
            for slot in range(2 * SLOTS):
                state[at + slot] = -np.inf
            for slot in range(2 * SLOTS, STATE):
                state[at + slot] = 0.0
        for panel in range(n_panels):
            not_done[panel] = panel * ROWS
        for start in range(0, n_tiles, tiles_a_block):
            for panel in range(n_panels):
                if stop[0]:
                    return replicate
                row, end = not_done[panel], min((panel + 1) * ROWS, n_queries)
                tile, last = start, min(start + tiles_a_block, n_tiles)
                while row < end and tile < last:
                    components = min(panels[panel, 1], tiles[tile, 1])
                    for part in range(0, ROWS, ROWS_AT_ONCE):
                        for columns in range(0, COLUMNS, COLUMNS_AT_ONCE):
                            score_part(
                                narrow_queries,
                                panels[panel, 0] + part,
                                narrow_keys,
                                tiles[tile, 0] + columns,
                                components,
                                first,
                                (COLUMNS if tile == n_tiles - 1 else 0) + columns,
                                state,
                                (panel * ROWS + part) * STATE + columns // 2,
                                np.float32(2 * tile),
                            )
                    tile += 1
                    if prune:
                        length = (to_come[tile] + slack) * _OUTWARD
                        while row < end and largest(state, row * STATE) > query_lengths[row] * length:
                            row += 1
                not_done[panel] = row
        rank = 0
        for row in range(n_queries):
            at = row * STATE
            # The second term is what rounding the limit itself to single precision may add to it.
            limit = np.float32(float(largest(state, at)) - (2.0 * slack + _SINGLE * longest) * query_lengths[row])
            near = close(state, at, limit)
            choice = order[_key(state, at, near % SLOTS)]
            if near // SLOTS != 1:
                if stop[0]:
                    return replicate
                choice, gap = _again(q, k, panels, tiles, row, n_keys, state, at, limit, order, sums)
                if not gap > 2.0 * error_of_double * longest * query_lengths[row] * _OUTWARD:
                    choice = UNRESOLVED
            choices[replicate, row] = choice
            if choice == UNRESOLVED:
                rank = UNRESOLVED
            elif rank != UNRESOLVED and seen[choice] != replicate:
                seen[choice] = replicate
                rank += 1
        ranks[replicate] = rank
    return int(queries.shape[0])
