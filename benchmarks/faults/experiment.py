"""Faults of the simulator: queries and keys are changed after they are drawn, or the count is exchanged.

Those are planted in the plainest way of drawing ranks, at every head dimension: all vectors are drawn, and all keys are
scanned. The last ones are planted in the shortcuts, each in its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest import mock

import numpy as np
from scipy.special import ndtr
from threadpoolctl import threadpool_limits

from montecarlo import algorithms, sampling
from montecarlo.layout import Blocks, packed, unpacked

_fill, _scan = algorithms.fill_normals, algorithms.scan
_KEYS = algorithms.KEYS
_ALL_VECTORS = 2**16  # up to here no head dimension is compressed


@contextmanager
def simulator(edit=None, *, fill=_fill, count=None) -> Iterator[None]:
    """Change queries and keys between drawing and scanning by ``edit(queries, keys, rng)``, or exchange a step.

    ``fill`` draws the normals of a batch of replicates; ``count(queries, keys, scan)`` returns the rank of one
    replicate, where ``scan(queries, keys)`` is the honest count. Threads of the simulation share the processors; matrix
    products start none of their own.
    """

    def scanned(queries, keys, panels, tiles, n_queries, n_keys, *rest):
        ranks = rest[-1]
        depth = int(max(panels[-1, 1], tiles[-1, 1]))
        for i in range(queries.shape[0]):
            sides = (Blocks(n_queries, 12, panels, queries.shape[1]), Blocks(n_keys, 32, tiles, keys.shape[1]))
            q, k = (unpacked(flat[i], side, depth) for flat, side in zip((queries, keys), sides, strict=True))
            if edit is not None:
                edit(q, k, np.random.default_rng(np.abs(q[0]).view(np.uint64)))
            ranks[i] = count(q, k, _honest) if count else _honest(q, k)
        return queries.shape[0]

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(sampling, "algorithm_for", return_value="dense"))
        stack.enter_context(
            mock.patch.multiple(algorithms, fill_normals=fill, scan=scanned, UNCOMPRESSED_HEAD_DIM=_ALL_VECTORS)
        )
        stack.enter_context(threadpool_limits(1))
        yield


def _honest(queries, keys):
    """Count the distinct keys that the queries pick."""
    layout = algorithms.Layout.of(len(queries), len(keys), queries.shape[1])
    choices, ranks = np.empty((1, len(queries)), np.int64), np.empty(1, np.int64)
    _scan(
        packed(queries, layout.queries)[None],
        packed(keys, layout.keys)[None],
        layout.queries.table,
        layout.keys.table,
        len(queries),
        len(keys),
        False,
        *algorithms.Scratch(layout).arrays(),
        np.zeros(1, np.uint8),
        choices,
        ranks,
    )
    return np.unique(choices).size


def _copy_the_one_before(queries, keys, rng):
    rows = 1 + np.flatnonzero(rng.random(len(queries) - 1) < 0.01)
    queries[rows] = queries[rows - 1]


def _aim_at_the_first_key(queries, keys, rng):
    queries[rng.random(len(queries)) < 0.01] = keys[0]


def _are_the_keys(queries, keys, rng):
    queries[:] = keys[: len(queries)]


def _repeat_the_first_half(queries, keys, rng):
    half = len(queries) // 2
    queries[half : 2 * half] = queries[:half]


def _lose_a_component(queries, keys, rng):
    queries[:, 0] = 0.0


def _uniform(values):
    values[:] = math.sqrt(12.0) * (ndtr(values) - 0.5)


def _unit_length(queries, keys, rng):
    keys /= np.sqrt((keys**2).sum(axis=1, keepdims=True))


def _stretch_the_first_keys(queries, keys, rng):
    keys[:256] *= 1.05


def _lose_the_end_of_each_tile(queries, keys, rng):
    keys[31::32] = 0.0


def _by_scores(change):
    """Return a count of distinct choices whose scores are changed before they are compared."""

    def count(queries, keys, scan):
        return np.unique(change(queries @ keys.T).argmax(axis=1)).size

    return count


def _overflowing(scores):
    """Scores of projections by 32 too large each, as in half precision."""
    scores *= 1024.0
    scores[scores > 65504.0] = math.inf
    return scores


def _bfloat16(scores):
    bits = scores.astype(np.float32).view(np.uint32)
    return ((bits + np.uint32(0x8000)) & np.uint32(0xFFFF0000)).view(np.float32)


def _one_more(most, queries, keys, scan):
    rank = scan(queries, keys)
    return min(rank + 1, len(keys)) if most else rank + 1


def _another(change):
    """Return a way of filling rows whose key, stream or replicate ``change`` exchanges, replicate by replicate."""

    def fill(key, stream, first, out):
        for row in range(out.shape[0]):
            _fill(key, *change(stream, first + row), out[row : row + 1])

    return fill


# The shortcuts.


@contextmanager
def shortcut(name, change) -> Iterator[None]:
    """Have the algorithms use ``change(honest, ...)`` in place of the kernel of this name."""
    honest = getattr(algorithms, name)
    with mock.patch.object(algorithms, name, lambda *arguments: change(honest, *arguments)):
        yield


def _one_sign_less(honest, words, n_keys, n_queries, ranks):
    honest(words, n_keys, max(1, n_queries - 1), ranks)


def _one_direction_less(honest, words, n_keys, n_queries, ranks):
    honest(words, n_keys, max(1, n_queries * 19 // 20), ranks)


def _shorter_keys(honest, words, n_keys, n_queries, ranks):
    honest(words, max(1, n_keys // 2), n_queries, ranks)


def _one_degree_less(honest, key, stream, first, largest, out):
    honest(key, stream, first, max(largest - 1, out.shape[1]), out)


def _normal_diagonal(honest, key, stream, first, largest, out):
    _fill(key, stream, first, out)


def _long_keys_only(honest, queries, keys, panels, tiles, n_queries, n_keys, prune, *rest):
    """Scan half of the keys where they are sorted by length, as if the scan stopped too early."""
    if prune:
        depth = tiles[0, 1]
        for k in keys:
            tiled = k.reshape(-1, depth, 32)
            squared = (tiled**2).sum(axis=1).reshape(-1)[:n_keys]
            short = np.argsort(squared)[: n_keys // 2]
            tiled[short // 32, :, short % 32] = 0.0
    return honest(queries, keys, panels, tiles, n_queries, n_keys, prune, *rest)


EXPERIMENT = {
    "copied-queries": ("1% of the queries copy the one before", partial(simulator, _copy_the_one_before)),
    "aimed-queries": ("1% of the queries equal the first key", partial(simulator, _aim_at_the_first_key)),
    "queries-are-keys": ("query i equals key i: one projection in place of two", partial(simulator, _are_the_keys)),
    "one-stream": (
        "queries and keys are made of the same random numbers, in different order",
        partial(simulator, fill=_another(lambda stream, replicate: (_KEYS, replicate))),
    ),
    "repeated-half": ("the second half of the queries repeats the first", partial(simulator, _repeat_the_first_half)),
    "keys-drawn-once": (
        "every replicate has the keys of the first",
        partial(simulator, fill=_another(lambda stream, replicate: (stream, replicate * (stream != _KEYS)))),
    ),
    "one-replicate": (
        "every replicate is the first",
        partial(simulator, fill=_another(lambda stream, replicate: (stream, 0))),
    ),
    "replicates-twice": (
        "every replicate is drawn twice in a row",
        partial(simulator, fill=_another(lambda stream, replicate: (stream, replicate // 2))),
    ),
    "lost-component": ("one component of each query is zero: head_dim - 1", partial(simulator, _lose_a_component)),
    "uniform-keys": (
        "entries of keys are uniform, of variance 1",
        partial(simulator, lambda queries, keys, rng: _uniform(keys)),
    ),
    "uniform-queries": (
        "entries of queries are uniform, of variance 1",
        partial(simulator, lambda queries, keys, rng: _uniform(queries)),
    ),
    "clipped-keys": (
        "entries of keys are clipped at 3 standard deviations",
        partial(simulator, lambda queries, keys, rng: np.clip(keys, -3.0, 3.0, out=keys)),
    ),
    "unit-keys": ("keys are scaled to length 1", partial(simulator, _unit_length)),
    "stretched-keys": ("the first 256 keys are 5% longer", partial(simulator, _stretch_the_first_keys)),
    "overflow": (
        "scores are 1024 times as large, and infinite beyond 65504; of equal scores the first wins",
        partial(simulator, count=_by_scores(_overflowing)),
    ),
    "coarse-scores": (
        "scores are rounded to the 8 bits of bfloat16; of equal scores the first wins",
        partial(simulator, count=_by_scores(_bfloat16)),
    ),
    "query-lost": (
        "the last query is left out",
        partial(simulator, count=lambda q, k, scan: scan(q[: max(1, len(q) - 1)], k)),
    ),
    "key-lost": (
        "the last key is never chosen",
        partial(simulator, count=lambda q, k, scan: scan(q, k[: max(1, len(k) - 1)])),
    ),
    "tile-ends-lost": ("the last of every 32 keys is never chosen", partial(simulator, _lose_the_end_of_each_tile)),
    "one-too-many": ("one more than the rank is reported, up to n", partial(simulator, count=partial(_one_more, True))),
    "one-too-many-unchecked": (
        "one more than the rank is reported, also where that is n + 1",
        partial(simulator, count=partial(_one_more, False)),
    ),
    "line-query-lost": ("at head_dim 1 one query has no sign", partial(shortcut, "line_ranks", _one_sign_less)),
    "planar-queries-lost": (
        "at head_dim 2 one query of twenty is left out",
        partial(shortcut, "planar_ranks", _one_direction_less),
    ),
    "planar-keys-halved": (
        "at head_dim 2 the longest keys are those of half as many",
        partial(shortcut, "planar_ranks", _shorter_keys),
    ),
    "one-degree-less": (
        "where vectors are compressed, the diagonal has one degree of freedom too few",
        partial(shortcut, "fill_chi", _one_degree_less),
    ),
    "normal-diagonal": (
        "where vectors are compressed, the diagonal is normal like all else",
        partial(shortcut, "fill_chi", _normal_diagonal),
    ),
    "scan-cut-short": (
        "where keys are scanned by length, the shorter half is never chosen",
        partial(shortcut, "scan", _long_keys_only),
    ),
}
