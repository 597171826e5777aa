"""Faults of the simulator: queries and keys are changed after they are drawn, or the count is exchanged."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

import numpy as np
from scipy.special import ndtr
from threadpoolctl import threadpool_limits

from montecarlo import sampling

_fill, _count, _now = sampling.fill_normals, sampling.dense_rank, threading.local()


@contextmanager
def simulator(edit=None, *, fill=_fill, count=_count) -> Iterator[None]:
    """Change queries and keys between drawing and counting by ``edit(queries, keys, rng)``, or exchange either.

    Threads of the simulation share the processors; matrix products start none of their own.
    """

    def filled(key, stream, replicate, out):
        _now.replicate = replicate
        fill(key, stream, replicate, out)

    def counted(queries, keys, n_queries, *rest):
        if edit is not None:
            edit(queries[:n_queries], keys, np.random.default_rng(_now.replicate))
        return count(queries, keys, n_queries, *rest)

    with mock.patch.multiple(sampling, fill_normals=filled, dense_rank=counted), threadpool_limits(1):
        yield


def _copy_the_one_before(queries, keys, rng):
    rows = 1 + np.flatnonzero(rng.random(len(queries) - 1) < 0.01)
    queries[rows] = queries[rows - 1]


def _aim_at_the_first_key(queries, keys, rng):
    real = queries[0] != 0.0  # the others are padding
    queries[rng.random(len(queries)) < 0.01] = np.where(real, keys[0, :, 0], 0.0)


def _are_the_keys(queries, keys, rng):
    rows = keys.transpose(0, 2, 1).reshape(-1, keys.shape[1])[: len(queries)]
    queries[:] = np.where(queries[0] != 0.0, rows, 0.0)


def _repeat_the_first_half(queries, keys, rng):
    half = len(queries) // 2
    queries[half : 2 * half] = queries[:half]


def _lose_a_component(queries, keys, rng):
    queries[:, 0] = 0.0


def _uniform(values):
    values[:] = math.sqrt(12.0) * (ndtr(values) - 0.5)


def _unit_length(queries, keys, rng):
    keys /= np.sqrt((keys[:, queries[0] != 0.0] ** 2).sum(axis=1, keepdims=True))


def _stretch_the_first_tile(queries, keys, rng):
    keys[0] *= 1.05


def _lose_the_end_of_each_tile(queries, keys, rng):
    keys[:, :, -1] = 0.0


def _by_scores(change):
    """Return a count of distinct choices whose scores are changed before they are compared."""

    def count(queries, keys, n_queries, n_keys, *_):
        rows = keys.transpose(0, 2, 1).reshape(-1, keys.shape[1])[:n_keys]
        return np.unique(change(queries[:n_queries] @ rows.T).argmax(axis=1)).size

    return count


def _overflowing(scores):
    """Scores of projections by 32 too large each, as in half precision."""
    scores *= 1024.0
    scores[scores > 65504.0] = math.inf
    return scores


def _bfloat16(scores):
    bits = scores.astype(np.float32).view(np.uint32)
    return ((bits + np.uint32(0x8000)) & np.uint32(0xFFFF0000)).view(np.float32)


def _one_more(most, queries, keys, n_queries, n_keys, *rest):
    rank = _count(queries, keys, n_queries, n_keys, *rest)
    return min(rank + 1, n_keys) if most else rank + 1


EXPERIMENT = {
    "copied-queries": ("1% of the queries copy the one before", partial(simulator, _copy_the_one_before)),
    "aimed-queries": ("1% of the queries equal the first key", partial(simulator, _aim_at_the_first_key)),
    "queries-are-keys": ("query i equals key i: one projection in place of two", partial(simulator, _are_the_keys)),
    "one-stream": (
        "queries and keys are made of the same random numbers, in different order",
        partial(simulator, fill=lambda key, stream, replicate, out: _fill(key, sampling.KEYS, replicate, out)),
    ),
    "repeated-half": ("the second half of the queries repeats the first", partial(simulator, _repeat_the_first_half)),
    "keys-drawn-once": (
        "every replicate has the keys of the first",
        partial(simulator, fill=lambda key, stream, r, out: _fill(key, stream, r * (stream != sampling.KEYS), out)),
    ),
    "one-replicate": (
        "every replicate is the first",
        partial(simulator, fill=lambda key, stream, replicate, out: _fill(key, stream, 0, out)),
    ),
    "replicates-twice": (
        "every replicate is drawn twice in a row",
        partial(simulator, fill=lambda key, stream, replicate, out: _fill(key, stream, replicate // 2, out)),
    ),
    "lost-component": ("one component of each query is zero: head_dim - 1", partial(simulator, _lose_a_component)),
    "uniform-keys": (
        "entries of keys are uniform, of variance 1",
        partial(simulator, lambda queries, keys, rng: _uniform(keys)),
    ),
    "uniform-queries": (
        "entries of queries are uniform, of variance 1",
        partial(simulator, lambda queries, keys, rng: _uniform(queries[:, queries[0] != 0.0])),
    ),
    "clipped-keys": (
        "entries of keys are clipped at 3 standard deviations",
        partial(simulator, lambda queries, keys, rng: np.clip(keys, -3.0, 3.0, out=keys)),
    ),
    "unit-keys": ("keys are scaled to length 1", partial(simulator, _unit_length)),
    "stretched-keys": ("the first 256 keys are 5% longer", partial(simulator, _stretch_the_first_tile)),
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
        partial(simulator, count=lambda q, k, n_queries, *rest: _count(q, k, max(1, n_queries - 1), *rest)),
    ),
    "key-lost": (
        "the last key is never chosen",
        partial(simulator, count=lambda q, k, m, n_keys, *rest: _count(q, k, m, max(1, n_keys - 1), *rest)),
    ),
    "tile-ends-lost": ("the last of every 256 keys is never chosen", partial(simulator, _lose_the_end_of_each_tile)),
    "one-too-many": ("one more than the rank is reported, up to n", partial(simulator, count=partial(_one_more, True))),
    "one-too-many-unchecked": (
        "one more than the rank is reported, also where that is n + 1",
        partial(simulator, count=partial(_one_more, False)),
    ),
}
