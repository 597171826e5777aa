"""Ranks of attention as people build it: masks, heads that share keys, latents, positions, inputs and weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling
from montecarlo.choosing import Chooser, Stopped
from montecarlo.head_vectors import has_positions, heads_of, tokens_of
from montecarlo.joint_rank import rank_of_concatenation, rank_of_sum
from montecarlo.layout import Integers
from montecarlo.one_blas_thread import one_blas_thread
from montecarlo.planning import MEMORY_CEILING
from montecarlo.sampling import simulate
from montecarlo.seeding import Law, Seed, derive_key
from montecarlo.streams import Draws
from montecarlo.tiling import STATE
from montecarlo.uniform_picks import picks, picks_apply
from montecarlo.visibility import View, view_of
from montecarlo.workers import Progress, map_chunks
from rankbound.errors import check_integer, invalid
from rankbound.frozen_array import FrozenArray
from rankbound.setting import Setting

__all__ = [
    "VariantRanks",
    "check_memory",
    "chooser_for",
    "sample_variant_ranks",
    "variant_choices",
    "variant_key",
    "variant_memory",
    "variant_seconds",
    "warm_up",
]

_CHUNK_SECONDS = 0.1

# Nominal seconds of one core: a head, a normal, a multiplication of a product, of a score, and a score.
_HEAD, _NORMAL, _PRODUCT, _SCORED, _SCORE = 1e-4, 3e-9, 0.05e-9, 0.02e-9, 0.1e-9

LARGEST_JOINT = 4096
"""Queries and keys at most for ranks over several heads."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VariantRanks:
    """Ranks of hardmax attention matrices, one row a replicate.

    Attributes
    ----------
    setting : Setting
        As given.
    per_head : int64 array (replicates, n_heads)
        Rank of the matrix of each head.
    of_sum : int64 array (replicates,), or None
        Rank of the sum of the matrices of all heads; None without ``joint``.
    of_concatenation : int64 array (replicates,), or None
        Rank of the matrices side by side, ``[A_1 A_2 ...]``; likewise.
    """

    setting: Setting
    per_head: npt.NDArray[np.int64]
    of_sum: npt.NDArray[np.int64] | None
    of_concatenation: npt.NDArray[np.int64] | None


def variant_key(setting: Setting, rng: Seed) -> npt.NDArray[np.uint64]:
    """Return the key under which replicates of a setting are drawn: the same at every temperature and tolerance."""
    fields = {name: value for name, value in setting.to_dict().items() if name not in ("temperature", "tolerance")}
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).digest()
    words = np.frombuffer(digest, "<u8").tolist()
    return derive_key(Law.VARIANT, (setting.n_queries, setting.n_keys, *words), rng)


def _depth(setting: Setting) -> int:
    """Return the components of a query, at most."""
    return setting.width if setting.is_wide else int(setting.head_dim)


def variant_memory(setting: Setting) -> int:
    """Return about the bytes that a replicate needs: tokens, weights, queries and keys; no matrix of scores."""
    n, width, depth = setting.n_tokens, setting.width, _depth(setting)
    law = setting.input_law.law
    gaussian = setting.weights in ("gaussian", "tied")
    ranks = [setting.mla.q_lora_rank, setting.mla.kv_lora_rank] if setting.mla else []
    size = width if not gaussian else min(n, width)
    tokens = 0 if law in ("orthonormal", "duplicated", "antipodal") and gaussian else 2 * n * size
    square = size * size if setting.is_wide and tokens else 0
    weights = size * max([*ranks, 0 if setting.is_wide else depth])
    latents = 2 * n * sum(ranks) + depth * sum(ranks)
    vectors = 5 * n * min(depth, max(size, depth if setting.rope_base else 1))
    if setting.is_wide and law == "orthonormal":  # picks, of one query after the other: no vectors and no scores
        vectors = setting.n_queries * setting.n_keys if isinstance(setting.mask, FrozenArray) else 0
    return 8 * (tokens + square + 2 * weights + latents + vectors) + (4 * STATE + 64) * n


def variant_seconds(setting: Setting) -> float:
    """Return about the seconds of one core that the hardmax matrices of a replicate take, by a fixed table."""
    n, m, depth = setting.n_keys, setting.n_queries, min(_depth(setting), setting.width)
    ranks = setting.mla.q_lora_rank + setting.mla.kv_lora_rank if setting.mla else 0
    drawn = setting.width * (depth + ranks)
    return setting.n_heads * (
        _HEAD
        + _NORMAL * drawn
        + _PRODUCT * (n + m) * min(setting.width, n) * (depth + ranks)
        + float(m) * n * (_SCORE + _SCORED * depth)
    )


def variant_choices(
    setting: Setting, draws: Draws, chooser: Chooser, views: dict[str, View] | None = None
) -> Iterator[Integers]:
    """Yield, for each head of a replicate, the column that each query picks.

    Parameters
    ----------
    setting : Setting
        Any; its temperature does not matter.
    draws : Draws
        The numbers of the replicate.
    chooser : Chooser
        Of this thread.
    views : dict, optional
        Where the view is kept from one replicate of this setting to the next, if it is the same for all.
    """
    tokens = tokens_of(setting, draws)
    by_token = has_positions(setting)
    view = views.get("all") if views else None
    if view is None:
        view = view_of(setting, tokens, by_token=by_token)
        if views is not None and (tokens.ids is None or by_token or setting.input_law.law != "zipf"):
            views["all"] = view
    if picks_apply(setting, tokens, view):
        for head in range(setting.n_heads):
            yield picks(view, draws, head)
        return
    for queries, keys in heads_of(setting, tokens, draws):
        yield chooser.choices(queries, keys, view)


def chooser_for(setting: Setting, stop: npt.NDArray[np.uint8]) -> Chooser:
    """Return a chooser for the heads of a setting."""
    return Chooser(stop, any_size=setting.input_law.law in ("array", "clustered"))


def _draw(
    key: npt.NDArray[np.uint64], setting: Setting, joint: bool, first: int, count: int, stop: npt.NDArray[np.uint8]
) -> npt.NDArray[np.int64]:
    """Return a row a replicate: the rank of each head, and with ``joint`` of their sum and of their concatenation."""
    chooser, views = chooser_for(setting, stop), dict[str, View]()
    rows = np.empty((count, setting.n_heads + 2 * joint), np.int64)
    with one_blas_thread():
        for i in range(count):
            if stop[0]:
                return rows[:i]
            kept = []
            try:
                for head, choices in enumerate(variant_choices(setting, Draws(key, first + i), chooser, views)):
                    rows[i, head] = np.count_nonzero(np.bincount(choices, minlength=1))
                    if joint:
                        kept.append(choices)
            except Stopped:
                return rows[:i]
            if joint:
                together = np.stack(kept)
                rows[i, -2] = rank_of_sum(together, setting.n_keys)
                rows[i, -1] = rank_of_concatenation(together, setting.n_keys)
    return rows


def sample_variant_ranks(
    setting: Setting,
    replicates: int,
    *,
    joint: bool | None = None,
    rng: Seed = None,
    workers: int | Executor | None = None,
    first_replicate: int = 0,
    progress: Progress | None = None,
) -> VariantRanks:
    """Draw the hardmax attention matrices of a setting, and return their ranks.

    Scores are those of ``X W_q W_k^T X^T`` under the mask, drawn in law by matrices that are as small as the setting
    allows (docs/variants.md), and compared as in exact arithmetic for the queries and keys that were formed; equal
    scores go to the lowest index. Ranks over heads are exact too (:mod:`montecarlo.joint_rank`). The ideal setting is
    drawn by :func:`montecarlo.sample_ranks`, and gives the same ranks.

    Parameters
    ----------
    setting : Setting
        With temperature 0; :func:`montecarlo.sample_variant_softmax` is for others.
    replicates : int
        How many times weights, and tokens where they are random, are drawn; at least 0.
    joint : bool, optional
        Whether to return ranks over all heads too. If omitted, where there are at most 4096 queries and keys.
    rng : int, SeedSequence or Generator, optional
        The seed; :data:`montecarlo.DEFAULT_SEED` if omitted. Results are a function of it, of the setting and of the
        index of the replicate: not of the number of workers, and the first replicates of a longer run are those of a
        shorter one. Products of matrices are rounded by the BLAS at hand, so another machine may differ in the last
        bits of a score, and in a rank where they decide.
    workers : int or concurrent.futures.Executor, optional
        Threads, or an executor of the caller's; as many threads as this process has processors if omitted.
    first_replicate : int
        Index of the first replicate, to continue a run.
    progress : callable, optional
        Called in this thread as ``progress(done, replicates)``.

    Raises
    ------
    ValueError
        If an argument is not what is said above, or one replicate needs more than 8 GiB.
    """
    if not isinstance(setting, Setting):
        raise invalid("setting", setting, "a Setting", "build it with rankbound.Setting(...) or rankbound.preset(...)")
    if setting.temperature > 0.0:
        raise invalid("temperature", setting.temperature, "0 for hardmax", "use montecarlo.sample_variant_softmax")
    remedy = "give the number of times the weights are drawn"
    replicates = check_integer("replicates", replicates, minimum=0, maximum=2**62, remedy=remedy)
    remedy = "give the number of replicates that are already drawn"
    first = check_integer("first_replicate", first_replicate, minimum=0, maximum=2**62, remedy=remedy)
    largest = max(setting.n_queries, setting.n_keys)
    if joint and setting.n_heads > 1 and largest > LARGEST_JOINT:
        expected = f"False with more than {LARGEST_JOINT} queries or keys"
        raise invalid("joint", joint, expected, "ranks over heads are eliminated exactly: take fewer tokens")
    over_heads = setting.n_heads > 1 and largest <= LARGEST_JOINT and joint is not False
    if setting.is_ideal:
        ranks = simulate(
            setting.n_keys,
            setting.head_dim,
            replicates,
            n_queries=setting.n_queries,
            rng=rng,
            workers=workers,
            first_replicate=first,
            progress=progress,
        )
        return _collected(setting, ranks[:, None], joint)
    check_memory(setting)
    key = variant_key(setting, rng)
    # Compiling happens here, once, in the calling thread: Numba's cache does not like concurrent first calls.
    call_compiling(warm_up)
    with one_blas_thread():
        parts = map_chunks(
            _draw,
            (key, setting, over_heads),
            first=first,
            replicates=replicates,
            chunk=max(1, int(_CHUNK_SECONDS / variant_seconds(setting))),
            workers=workers,
            progress=progress,
        )
    columns = setting.n_heads + 2 * over_heads
    rows = np.concatenate([np.empty((0, columns), np.int64), *parts])
    return _collected(setting, rows, joint)


def check_memory(setting: Setting) -> None:
    """Raise ``ValueError`` if a replicate needs more than 8 GiB."""
    memory = variant_memory(setting)
    if memory > MEMORY_CEILING:
        expected = f"a replicate of at most {MEMORY_CEILING >> 30} GiB"
        sizes = setting.n_queries, setting.n_keys, setting.head_dim, setting.width
        remedy = f"choose smaller sizes: this needs {memory / 2**30:.3g} GiB"
        raise invalid("(n_queries, n_keys, head_dim, embed_dim)", sizes, expected, remedy)


def _collected(setting: Setting, rows: npt.NDArray[np.int64], joint: bool | None) -> VariantRanks:
    heads = setting.n_heads
    per_head = rows[:, :heads]
    if rows.shape[1] > heads:
        return VariantRanks(
            setting=setting, per_head=per_head, of_sum=rows[:, heads], of_concatenation=rows[:, heads + 1]
        )
    alone = per_head[:, 0] if heads == 1 and joint is not False else None
    return VariantRanks(setting=setting, per_head=per_head, of_sum=alone, of_concatenation=alone)


@cache
def warm_up() -> None:
    """Call every kernel that replicates may need."""
    key, stop = np.zeros(4, np.uint64), np.zeros(1, np.uint8)
    for mask in ("none", "causal"):
        setting = Setting(n_queries=2, n_keys=2, head_dim=3, mask=mask, n_heads=3)
        _draw(key, setting, True, 0, 1, stop)
    _draw(key, Setting(n_queries=2, n_keys=2, head_dim=float("inf"), mask="causal"), False, 0, 1, stop)
