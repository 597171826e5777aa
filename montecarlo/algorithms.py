"""Drawing ranks: a run of replicates by each of the algorithms of :mod:`montecarlo.regions`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from montecarlo.compression import compressed_layout, make_triangular
from montecarlo.exact import best_keys
from montecarlo.generator import fill_chi, fill_normals, fill_words
from montecarlo.layout import Integers, Layout, unpacked
from montecarlo.line import line_ranks
from montecarlo.planar import MORE_WORDS, planar_ranks
from montecarlo.regions import UNCOMPRESSED_HEAD_DIM
from montecarlo.scan import UNRESOLVED, Scratch, scan
from montecarlo.seeding import Law

__all__ = ["LAWS", "Sizes", "draw"]

Sizes = tuple[int, int, int]
"""``(n_queries, n_keys, head_dim)``."""

LAWS = {
    "line": Law.RANKS_BY_SIGNS,
    "planar": Law.RANKS_BY_CONES,
    "pruned": Law.RANKS_BY_SCAN,
    "dense": Law.RANKS_BY_SCAN,
}
"""Under which key each draws: those that draw the same numbers share one."""

QUERIES, KEYS, DIAGONAL = 0, 1, 2
"""Streams of the generator."""

_BATCH_BYTES = 2**20
"""Vectors of so many bytes are drawn at a time, if that is more than one replicate: they stay in the cache."""

_WORDS = 256
"""Words a replicate at first; a replicate that runs out of them gets four times as many."""

_REPLICATES_AT_ONCE = 512

Words = npt.NDArray[np.uint64]
Stop = npt.NDArray[np.uint8]


def draw(algorithm: str, key: Words, sizes: Sizes, first: int, count: int, stop: Stop) -> Integers:
    """Return the ranks of the replicates ``first`` to ``first + count - 1`` under ``key``.

    Parameters
    ----------
    algorithm : str
        One that is applicable (:func:`montecarlo.regions.applicable`).
    key : uint64 array (4,)
        From :func:`montecarlo.seeding.derive_key`.
    sizes : tuple of int
        ``(n_queries, n_keys, head_dim)``.
    first, count : int
        Which replicates.
    stop : uint8 array (1,)
        Set by another thread to give up early; what is returned then is shorter.
    """
    if algorithm == "line":
        return _from_words(line_ranks, key, sizes, first, count, stop)
    if algorithm == "planar":
        return _from_words(planar_ranks, key, sizes, first, count, stop)
    return _by_scan(key, sizes, first, count, stop, prune=algorithm == "pruned")


def _from_words(
    kernel: Callable[[Words, int, int, Integers], None], key: Words, sizes: Sizes, first: int, count: int, stop: Stop
) -> Integers:
    """Draw ranks with a kernel that takes a row of random words a replicate."""
    n_queries, n_keys, _ = sizes
    ranks = np.empty(count, np.int64)
    words = np.empty((min(count, _REPLICATES_AT_ONCE), _WORDS), np.uint64)
    for start in range(0, count, words.shape[0]):
        if stop[0]:
            return ranks[:start]
        part = ranks[start : start + words.shape[0]]
        fill_words(key, 0, first + start, words[: part.size])
        kernel(words[: part.size], n_keys, n_queries, part)
        for i in np.flatnonzero(part == MORE_WORDS).tolist():
            width = _WORDS
            while part[i] == MORE_WORDS:
                width *= 4
                row = np.empty((1, width), np.uint64)
                fill_words(key, 0, first + start + i, row)
                kernel(row, n_keys, n_queries, part[i : i + 1])
    return ranks


def _by_scan(key: Words, sizes: Sizes, first: int, count: int, stop: Stop, *, prune: bool) -> Integers:
    """Draw vectors, scan them, and count the keys that were chosen."""
    n_queries, n_keys, head_dim = sizes
    side = None
    if head_dim <= UNCOMPRESSED_HEAD_DIM:
        layout = Layout.of(n_queries, n_keys, head_dim)
    else:
        layout, side = compressed_layout(n_queries, n_keys, head_dim)
    batch = max(1, min(count, _BATCH_BYTES // (8 * (layout.queries.size + layout.keys.size))))
    queries, keys = np.empty((batch, layout.queries.size)), np.empty((batch, layout.keys.size))
    diagonal = np.empty((batch, layout.depth if side else 0))
    choices = np.empty((batch, n_queries), np.int64)
    scratch = Scratch(layout).arrays()
    ranks = np.empty(count, np.int64)
    for start in range(0, count, batch):
        part = ranks[start : start + batch]
        q, k, chi = queries[: part.size], keys[: part.size], diagonal[: part.size]
        fill_normals(key, QUERIES, first + start, q)
        fill_normals(key, KEYS, first + start, k)
        if side:
            fill_chi(key, DIAGONAL, first + start, head_dim, chi)
            vectors, blocks = (k, layout.keys) if side == "keys" else (q, layout.queries)
            make_triangular(vectors, blocks.table, blocks.width, chi)
        done = scan(
            q, k, layout.queries.table, layout.keys.table, n_queries, n_keys, prune, *scratch, stop, choices, part
        )
        if done < part.size:
            return ranks[: start + done]
        for i in np.flatnonzero(part == UNRESOLVED).tolist():
            part[i] = _resolved(
                unpacked(q[i], layout.queries, layout.depth), unpacked(k[i], layout.keys, layout.depth), choices[i]
            )
    return ranks


def _resolved(queries: npt.NDArray[np.float64], keys: npt.NDArray[np.float64], choices: Integers) -> int:
    """Return the rank of a replicate in which float64 left a doubt."""
    chosen = {
        best_keys(queries[i], keys)[0] if choice == UNRESOLVED else choice for i, choice in enumerate(choices.tolist())
    }
    return len(chosen)
