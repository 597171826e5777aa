"""Numerical rank of the softmax attention of a variant at a temperature, head by head."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling
from montecarlo.head_vectors import has_positions, heads_of, tokens_of
from montecarlo.layout import Floats
from montecarlo.one_blas_thread import one_blas_thread
from montecarlo.planning import MEMORY_CEILING
from montecarlo.seeding import Seed
from montecarlo.softmax import least_tolerance, softmax_memory, softmax_numerical_ranks
from montecarlo.softmax_rows import softmax_rows
from montecarlo.spectrum import count_singular_values
from montecarlo.streams import Draws
from montecarlo.variants import check_memory, chooser_for, variant_key, warm_up
from montecarlo.visibility import view_of, visible_table
from montecarlo.workers import Progress, map_chunks
from rankbound.errors import check_integer, invalid
from rankbound.setting import Setting

__all__ = ["VariantSoftmaxRanks", "sample_variant_softmax"]

_COLUMNS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VariantSoftmaxRanks:
    """Numerical ranks of softmax attention matrices: arrays (replicates, n_heads).

    Attributes
    ----------
    setting : Setting
        As given, with the temperature and the tolerance.
    ranks : int64 array
        Number of singular values that exceed the tolerance times the largest.
    gaps : float64 array
        The last singular value that is kept over the first that is dropped; infinite if none is dropped, or only ones
        that are zero within rounding error.
    ambiguous : bool array
        Whether a singular value lies within rounding error of the tolerance.
    hardmax_ranks : int64 array
        Rank of the hardmax matrix of the same queries and keys.
    largest : float64 array
        The largest singular value.
    deviations : float64 array
        Upper bounds on the distance, in spectral norm, between the softmax and the hardmax matrix.
    """

    setting: Setting
    ranks: npt.NDArray[np.int64]
    gaps: Floats
    ambiguous: npt.NDArray[np.bool_]
    hardmax_ranks: npt.NDArray[np.int64]
    largest: Floats
    deviations: Floats

    @property
    def certified(self) -> npt.NDArray[np.bool_]:
        """Where the deviation proves that the numerical rank is the hardmax rank; bool array (replicates, n_heads)."""
        threshold = (self.setting.tolerance or 0.0) * self.largest
        return (self.deviations < threshold) & (threshold < 1.0 - self.deviations) & ~self.ambiguous


def sample_variant_softmax(
    setting: Setting,
    replicates: int,
    *,
    rng: Seed = None,
    workers: int | Executor | None = None,
    first_replicate: int = 0,
    progress: Progress | None = None,
) -> VariantSoftmaxRanks:
    """Draw softmax attention matrices of a setting, and count their singular values above its relative tolerance.

    The matrices are ``softmax(scores / (temperature sqrt(head_dim)))`` row by row over the keys that the mask leaves;
    in the limit of wide heads the scores are already divided by ``sqrt(head_dim)``. Queries and keys are those of
    :func:`montecarlo.sample_variant_ranks` with the same seed, except where that draws only which score is best
    (orthonormal tokens in the limit of wide heads), and for the otherwise ideal setting, which is drawn by
    :func:`montecarlo.softmax_numerical_ranks`.

    Parameters
    ----------
    setting : Setting
        With a temperature above 0.
    replicates, rng, workers, first_replicate, progress
        As for :func:`montecarlo.sample_variant_ranks`.

    Raises
    ------
    ValueError
        If an argument is not what is said above, the tolerance is below what float64 can resolve
        (``max(n_queries, n_keys) * 2**-52``), or one replicate needs more than 8 GiB.
    """
    if not isinstance(setting, Setting):
        raise invalid("setting", setting, "a Setting", "build it with rankbound.Setting(...) or rankbound.preset(...)")
    if setting.temperature == 0.0 or setting.tolerance is None:
        remedy = "use montecarlo.sample_variant_ranks for hardmax"
        raise invalid("temperature", setting.temperature, "a number above 0", remedy)
    remedy = "give the number of times the weights are drawn"
    replicates = check_integer("replicates", replicates, minimum=0, maximum=2**62, remedy=remedy)
    remedy = "give the number of replicates that are already drawn"
    first = check_integer("first_replicate", first_replicate, minimum=0, maximum=2**62, remedy=remedy)
    least = least_tolerance(setting.n_keys, setting.n_queries)
    if setting.tolerance < least:
        remedy = "float64 sees nothing but its own rounding below"
        raise invalid("tolerance", setting.tolerance, f"at least {least:.3g} at these sizes", remedy)
    if set(setting.departures) <= {"temperature", "tolerance"}:
        return _of_ideal(setting, replicates, rng, workers, first, progress)
    depth = setting.width if setting.is_wide else int(setting.head_dim)
    memory = softmax_memory(setting.n_keys, depth, setting.n_queries)
    if memory > MEMORY_CEILING:
        expected = f"a replicate of at most {MEMORY_CEILING >> 30} GiB"
        remedy = f"choose smaller sizes: this needs {memory / 2**30:.3g} GiB"
        raise invalid("(n_queries, n_keys)", (setting.n_queries, setting.n_keys), expected, remedy)
    check_memory(setting)
    key = variant_key(setting, rng)
    call_compiling(warm_up)
    with one_blas_thread():
        parts = map_chunks(
            cast("Any", _draw),
            (key, setting),
            first=first,
            replicates=replicates,
            chunk=max(1, 2**18 // (setting.n_keys * setting.n_queries * setting.n_heads)),
            workers=workers,
            progress=progress,
        )
    table = np.concatenate([np.empty((0, setting.n_heads, _COLUMNS)), *parts])
    columns = [table[:, :, i].copy() for i in range(_COLUMNS)]
    return VariantSoftmaxRanks(
        setting=setting,
        ranks=columns[0].astype(np.int64),
        gaps=columns[1],
        ambiguous=columns[2] > 0.0,
        hardmax_ranks=columns[3].astype(np.int64),
        largest=columns[4],
        deviations=columns[5],
    )


def _draw(key: npt.NDArray[np.uint64], setting: Setting, first: int, count: int, stop: npt.NDArray[np.uint8]) -> Floats:
    """Return rank, gap, whether it is ambiguous, hardmax rank, largest singular value, deviation, for every head."""
    rows = np.empty((count, setting.n_heads, _COLUMNS))
    visible, by_token = visible_table(setting), has_positions(setting)
    scale = setting.temperature * (1.0 if setting.is_wide else math.sqrt(setting.head_dim))
    tolerance = setting.tolerance or 0.0
    chooser = chooser_for(setting, np.zeros(1, np.uint8))
    with one_blas_thread():
        for i in range(count):
            if stop[0]:
                return rows[:i]
            draws = Draws(key, first + i)
            tokens = tokens_of(setting, draws)
            view = view_of(setting, tokens, by_token=by_token)
            for head, (of_queries, of_keys) in enumerate(heads_of(setting, tokens, draws)):
                q, k = (one if by_token else tokens.expanded(one) for one in (of_queries, of_keys))
                q, k = q[: setting.n_queries], k[: setting.n_keys]
                weights, _, errors, deviations = softmax_rows(q[None], k[None], scale, visible)
                ranks, gaps, ambiguous, largest = count_singular_values(weights, tolerance, errors)
                hard = np.unique(chooser.choices(of_queries, of_keys, view)).size  # ties go to the lowest index
                rows[i, head] = ranks[0], gaps[0], ambiguous[0], hard, largest[0], deviations[0]
    return rows


def _of_ideal(
    setting: Setting,
    replicates: int,
    rng: Seed,
    workers: int | Executor | None,
    first: int,
    progress: Progress | None,
) -> VariantSoftmaxRanks:
    found = softmax_numerical_ranks(
        setting.n_keys,
        int(setting.head_dim),
        replicates,
        temperature=setting.temperature,
        tolerance=setting.tolerance or 0.0,
        n_queries=setting.n_queries,
        rng=rng,
        workers=workers,
        first_replicate=first,
        progress=progress,
    )
    return VariantSoftmaxRanks(
        setting=setting,
        ranks=found.ranks[:, None],
        gaps=found.gaps[:, None],
        ambiguous=found.ambiguous[:, None],
        hardmax_ranks=found.hardmax_ranks[:, None],
        largest=found.largest[:, None],
        deviations=found.deviations[:, None],
    )
