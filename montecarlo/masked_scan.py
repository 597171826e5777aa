"""Hardmax under a mask, by scanning the visible keys in single precision, with the proof of :mod:`montecarlo.scan`.

A tile of keys that no query of a panel sees is skipped; one that all of them see whole is scored as there; in any
other, minus infinity is added to the scores of what is not seen (adding it, or zero, rounds nothing). So the bounds on
the rounding errors are the same, and a causal mask costs about half of no mask, a window its share of the keys.

Keys that are the same vector tie exactly, and often where tokens are repeated. The lowest index among them is the
answer, so only keys that differ from the best one count as its rivals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from montecarlo._jit import inlined, kernel, wide_vectors
from montecarlo.layout import Floats, Integers
from montecarlo.microkernel import COLUMNS_AT_ONCE, LANES, ROWS_AT_ONCE, close, largest, score_part, score_part_masked
from montecarlo.scan import UNRESOLVED
from montecarlo.tiling import COLUMNS, ROWS, SLOTS, STATE

__all__ = ["masked_scan"]

_BLOCK = 2**17
_SINGLE, _DOUBLE = 2.0**-24, 2.0**-53
_OUTWARD = 1.0 + 1e-4
"""As in :mod:`montecarlo.scan`."""

Singles = npt.NDArray[np.float32]


@inlined
def _take(vectors: Any, table: Any, width: Any, narrow: Any, lengths: Any) -> Any:
    """Round vectors to single precision, and fill ``lengths`` (vectors of all blocks)."""
    wide_vectors()
    for block in range(table.shape[0]):
        start, depth = table[block, 0], table[block, 1]
        for lane in range(width):
            lengths[block * width + lane] = 0.0
        for component in range(depth):
            at = start + component * width
            for lane in range(width):
                x = vectors[at + lane]
                narrow[at + lane] = np.float32(x)
                lengths[block * width + lane] += x * x
        for lane in range(width):
            lengths[block * width + lane] = np.sqrt(lengths[block * width + lane])


@inlined
def _sees(low: Any, high: Any, mask: Any, row: Any, key: Any) -> Any:
    """Whether a query sees a key."""
    return low[row] <= key and key < high[row] and (mask.shape[0] == 0 or mask[row, key])


@inlined
def _fill_bias(low: Any, high: Any, mask: Any, first_row: Any, end: Any, tile: Any, bias: Any) -> Any:
    """Fill ``bias`` for a panel and a tile; return 0 if nothing is seen, 2 if everything is, else 1."""
    seen = 0
    start = tile * COLUMNS
    for lane in range(ROWS):
        row, at = first_row + lane, lane * COLUMNS
        for column in range(COLUMNS):
            bias[at + column] = -np.inf
        if row >= end:
            continue
        first, last = max(low[row] - start, 0), min(high[row] - start, COLUMNS)
        if mask.shape[0] == 0:
            for column in range(first, last):
                bias[at + column] = 0.0
            seen += max(last - first, 0)
        else:
            for column in range(first, last):
                if mask[row, start + column]:
                    bias[at + column] = 0.0
                    seen += 1
    return 0 if seen == 0 else 2 if seen == ROWS * COLUMNS else 1


@inlined
def _score(queries: Any, keys: Any, q: Any, tiles: Any, depth: Any, key: Any) -> Any:
    """Return a score in float64; equal keys give equal ones."""
    k = tiles[key // COLUMNS, 0] + key % COLUMNS
    score = 0.0
    for component in range(depth):
        score += queries[q + component * ROWS] * keys[k + component * COLUMNS]
    return score


@inlined
def _same(keys: Any, tiles: Any, depth: Any, a: Any, b: Any) -> Any:
    """Whether two keys are the same vector."""
    i, j = tiles[a // COLUMNS, 0] + a % COLUMNS, tiles[b // COLUMNS, 0] + b % COLUMNS
    same = True
    for component in range(depth):
        same = same and keys[i + component * COLUMNS] == keys[j + component * COLUMNS]
    return same


@kernel
def masked_scan(
    queries: Floats,
    keys: Floats,
    panels: Integers,
    tiles: Integers,
    n_queries: int,
    n_keys: int,
    low: Integers,
    high: Integers,
    mask: npt.NDArray[np.bool_],
    narrow_queries: Singles,
    narrow_keys: Singles,
    state: Singles,
    zero: Singles,
    stop: npt.NDArray[np.uint8],
    choices: Integers,
) -> bool:
    """Choose a visible key for every query.

    Parameters
    ----------
    queries, keys : float64 arrays (size,)
        As :class:`montecarlo.layout.Layout` says, neither side triangular.
    panels, tiles : int64 arrays (blocks, 2)
        The tables of that layout.
    n_queries, n_keys : int
        How many of them count.
    low, high : int64 arrays (n_queries,)
        Query ``i`` sees keys ``low[i]`` to ``high[i] - 1``, at least one.
    mask : bool array (n_queries, n_keys)
        Of those, the keys for which it is True, at least one; all if the mask is empty (no row).
    narrow_queries, narrow_keys, state, zero : float32 arrays
        From :meth:`montecarlo.scan.Scratch.arrays`.
    stop : uint8 array (1,)
        When another thread sets it, the kernel returns after the current panel.
    choices : int64 array (n_queries,)
        Receives the lowest index of each query's best key, or ``UNRESOLVED`` where float64 does not tell.

    Returns
    -------
    bool
        Whether it is done: unless stopped.
    """
    wide_vectors()
    n_panels, n_tiles = panels.shape[0], tiles.shape[0]
    depth = tiles[n_tiles - 1, 1]
    error = (depth + 2) * _SINGLE / max(1.0 - (depth + 2) * _SINGLE, 1e-3)
    error_of_double = (depth + 2) * _DOUBLE / (1.0 - (depth + 2) * _DOUBLE)
    query_lengths, key_lengths = np.empty(n_panels * ROWS), np.empty(n_tiles * COLUMNS)
    bias = np.empty(ROWS * COLUMNS, np.float32)
    _take(queries, panels, ROWS, narrow_queries, query_lengths)
    _take(keys, tiles, COLUMNS, narrow_keys, key_lengths)
    longest = 0.0
    for key in range(n_keys):
        longest = max(longest, key_lengths[key])
    slack = error * longest * _OUTWARD
    for at in range(0, state.size, STATE):
        for slot in range(2 * SLOTS):
            state[at + slot] = -np.inf
        for slot in range(2 * SLOTS, STATE):
            state[at + slot] = 0.0
    tiles_a_block = max(1, _BLOCK // (COLUMNS * depth))
    for start in range(0, n_tiles, tiles_a_block):
        for panel in range(n_panels):
            if stop[0]:
                return False
            first_row, end = panel * ROWS, min((panel + 1) * ROWS, n_queries)
            lowest, highest, common_low, common_high = n_keys, 0, 0, n_keys
            for row in range(first_row, end):
                lowest, highest = min(lowest, low[row]), max(highest, high[row])
                common_low, common_high = max(common_low, low[row]), min(common_high, high[row])
            last = min(start + tiles_a_block, (highest + COLUMNS - 1) // COLUMNS)
            for tile in range(max(start, lowest // COLUMNS), last):
                whole = mask.shape[0] == 0 and common_low <= tile * COLUMNS and (tile + 1) * COLUMNS <= common_high
                seen = 2 if whole else _fill_bias(low, high, mask, first_row, end, tile, bias)
                if seen == 0:
                    continue
                for part in range(0, ROWS, ROWS_AT_ONCE):
                    for columns in range(0, COLUMNS, COLUMNS_AT_ONCE):
                        q, k = panels[panel, 0] + part, tiles[tile, 0] + columns
                        at, place = (first_row + part) * STATE + columns // 2, np.float32(2 * tile)
                        if seen == 2:
                            score_part(narrow_queries, q, narrow_keys, k, depth, zero, columns, state, at, place)
                        else:
                            shift = part * COLUMNS + columns
                            score_part_masked(narrow_queries, q, narrow_keys, k, depth, bias, shift, state, at, place)
    for row in range(n_queries):
        if stop[0]:
            return False
        at = row * STATE
        limit = np.float32(float(largest(state, at)) - (2.0 * slack + _SINGLE * longest) * query_lengths[row])
        near = close(state, at, limit)
        if near // SLOTS == 1:
            slot = near % SLOTS
            mark = int(state[at + 2 * SLOTS + slot])
            choices[row] = (mark // 2) * COLUMNS + (slot // LANES) * COLUMNS_AT_ONCE + (mark % 2) * LANES + slot % LANES
            continue
        # Several may be the best: all visible keys again, in float64.
        q = panels[row // ROWS, 0] + row % ROWS
        best, choice = -np.inf, 0
        for key in range(low[row], high[row]):
            if _sees(low, high, mask, row, key):
                score = _score(queries, keys, q, tiles, depth, key)
                if score > best:
                    best, choice = score, key
        choices[row] = choice
        reach = best - 2.0 * error_of_double * longest * query_lengths[row] * _OUTWARD
        for key in range(low[row], high[row]):
            if key != choice and _sees(low, high, mask, row, key):
                score = _score(queries, keys, q, tiles, depth, key)
                if score >= reach and not _same(keys, tiles, depth, key, choice):
                    choices[row] = UNRESOLVED
    return True
