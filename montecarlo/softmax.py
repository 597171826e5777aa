"""Numerical rank of softmax attention at a temperature, beside the hardmax rank of the same queries and keys.

Softmax attention is P = softmax(Q K^T / (temperature sqrt(head_dim))), row by row: temperature 1 is the attention of
transformers, and as the temperature goes to 0 each row goes to the indicator of its best key, which is hardmax. Its
rank is full for almost all weights, so what is counted is singular values above a stated share of the largest.

How sure the count is can be read off every replicate. Weyl's inequality turns errors of the matrix into errors of its
singular values; a replicate with a singular value that close to the tolerance is marked as ambiguous. And if the
largest weight of row i is 1 - eps_i, then P is within delta = sqrt(2 sum eps_i^2) of the hardmax matrix A, whose
singular values are at least 1 or 0: if delta < 1/2, exactly rank(A) singular values of P exceed any number between
delta and 1 - delta.
"""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling
from montecarlo.generator import fill_normals
from montecarlo.one_blas_thread import one_blas_thread
from montecarlo.seeding import Law, Seed, derive_key
from montecarlo.softmax_rows import softmax_rows
from montecarlo.spectrum import EPS, count_singular_values
from montecarlo.workers import Progress, map_chunks
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["SoftmaxRanks", "least_tolerance", "softmax_cost", "softmax_memory", "softmax_numerical_ranks"]

QUERIES, KEYS = 0, 1
"""Streams of the generator."""

MEMORY_CEILING = 8 * 2**30
"""Bytes a replicate may need."""

_STACK_BYTES = 32 * 2**20
_STACK_SECONDS = 0.2
_COLDEST, _HOTTEST = 1e-100, 1e100

# Nominal seconds of one core: a matrix, a normal, a multiplication in a score, a weight, a step of the singular values.
_MATRIX, _NORMAL, _PRODUCT, _WEIGHT, _STEP = 1e-5, 1e-8, 1e-10, 6e-8, 3.3e-10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SoftmaxRanks:
    """Numerical ranks of softmax attention matrices, one entry a replicate.

    Attributes
    ----------
    ranks : int64 array (replicates,)
        Number of singular values that exceed ``tolerance`` times the largest.
    gaps : float64 array (replicates,)
        The spectral gap at the rank: the last singular value that is kept over the first that is dropped; infinite if
        none is dropped, or only ones that are zero within rounding error. Near 1 the rank is an accident of the
        tolerance.
    ambiguous : bool array (replicates,)
        Whether a singular value lies within rounding error of the tolerance: then the rank may be off.
    hardmax_ranks : int64 array (replicates,)
        Rank of the hardmax matrix of the same queries and keys.
    largest : float64 array (replicates,)
        The largest singular value.
    deviations : float64 array (replicates,)
        Upper bounds on the distance, in spectral norm, between the softmax and the hardmax matrix.
    temperature, tolerance : float
        As given.
    n_keys, n_queries, head_dim : int
        The setting.
    """

    ranks: npt.NDArray[np.int64]
    gaps: Floats
    ambiguous: npt.NDArray[np.bool_]
    hardmax_ranks: npt.NDArray[np.int64]
    largest: Floats
    deviations: Floats
    temperature: float
    tolerance: float
    n_keys: int
    n_queries: int
    head_dim: int

    @property
    def certified(self) -> npt.NDArray[np.bool_]:
        """Where the deviation proves that the numerical rank is the hardmax rank; bool array (replicates,)."""
        threshold = self.tolerance * self.largest
        within = (self.deviations < threshold) & (threshold < 1.0 - self.deviations)
        return within & ~self.ambiguous


def softmax_memory(n_keys: int, head_dim: int, n_queries: int | None = None) -> int:
    """Return about the bytes that a replicate needs: the matrix seven times, and its queries and keys.

    Parameters
    ----------
    n_keys, head_dim : int
        At least 1.
    n_queries : int, optional
        At least 1; as many as keys if omitted.

    Raises
    ------
    ValueError
        If a size is not a positive integer.
    """
    n_keys = check_n_keys(n_keys)
    head_dim, n_queries = check_head_dim(head_dim), check_n_queries(n_queries, n_keys)
    return 8 * (7 * n_queries * n_keys + (n_queries + n_keys) * head_dim)


def softmax_cost(n_keys: int, head_dim: int, n_queries: int | None = None) -> float:
    """Return the nominal seconds of one core for a replicate, by a fixed table; arguments as :func:`softmax_memory`."""
    n_keys = check_n_keys(n_keys)
    head_dim, n_queries = check_head_dim(head_dim), check_n_queries(n_queries, n_keys)
    entries = float(n_queries) * n_keys
    normals = float(n_queries + n_keys) * head_dim
    return _MATRIX + _NORMAL * normals + entries * (_PRODUCT * head_dim + _WEIGHT + _STEP * min(n_queries, n_keys))


def least_tolerance(n_keys: int, n_queries: int) -> float:
    """Return the least relative tolerance that float64 can resolve for matrices of this shape."""
    return max(n_keys, n_queries) * EPS


def softmax_numerical_ranks(
    n_keys: int,
    head_dim: int,
    replicates: int,
    *,
    temperature: float,
    tolerance: float,
    n_queries: int | None = None,
    rng: Seed = None,
    workers: int | Executor | None = None,
    first_replicate: int = 0,
    progress: Progress | None = None,
) -> SoftmaxRanks:
    """Draw softmax attention matrices and count their singular values above a relative tolerance.

    The matrices are softmax(Q K^T / (temperature sqrt(head_dim))), row by row, with iid standard normal queries and
    keys. The same seed and sizes give the same queries and keys at every temperature and tolerance, so that these can
    be compared matrix by matrix; they are not those of :func:`montecarlo.sample_ranks`.

    Parameters
    ----------
    n_keys, head_dim : int
        At least 1.
    replicates : int
        How many matrices, at least 0.
    temperature : float
        From 1e-100 to 1e100; 1 is standard attention, towards 0 it becomes hardmax.
    tolerance : float
        Share of the largest singular value above which one counts: below 1, and at least
        ``max(n_queries, n_keys) * 2**-52``, for below that float64 sees nothing but its own rounding.
    n_queries : int, optional
        At least 1; as many as keys if omitted.
    rng : int, SeedSequence or Generator, optional
        The seed; :data:`montecarlo.DEFAULT_SEED` if omitted.
    workers : int or concurrent.futures.Executor, optional
        Threads, or an executor of the caller's; as many threads as this process has processors if omitted. The
        matrices of a stack go to LAPACK one after another, with one BLAS thread, so results do not depend on this.
    first_replicate : int
        Index of the first replicate, to continue a run.
    progress : callable, optional
        Called in this thread as ``progress(done, replicates)`` after every stack of matrices.

    Returns
    -------
    SoftmaxRanks
        Queries and keys are the same everywhere; singular values depend in their last bits on the LAPACK at hand,
        which can change a rank only where ``ambiguous`` says so.

    Raises
    ------
    ValueError
        If an argument is not what is said above, or one replicate needs more than 8 GiB.

    Notes
    -----
    What counts as rounding error of a singular value is the sum of two: a bound on the distance between the matrix that
    was formed and the softmax of the same float64 queries and keys in exact arithmetic (errors of the scores, of the
    exponentials and of the sums, each bounded to first order by its number of operations), and
    ``max(n_queries, n_keys) * 2**-52`` times the largest singular value for LAPACK, as its users' guide has it.
    """
    n_keys = check_n_keys(n_keys)
    sizes = (check_n_queries(n_queries, n_keys), n_keys, check_head_dim(head_dim))
    remedy = "give the number of matrices to draw"
    replicates = check_integer("replicates", replicates, minimum=0, maximum=2**62, remedy=remedy)
    remedy = "give the number of replicates that are already drawn"
    first = check_integer("first_replicate", first_replicate, minimum=0, maximum=2**62, remedy=remedy)
    remedy = "give 1 for standard attention; hardmax itself is montecarlo.sample_ranks"
    temperature = check_real(
        "temperature", temperature, above=_COLDEST, below=_HOTTEST, inclusive=(True, True), remedy=remedy
    )
    memory = softmax_memory(n_keys, sizes[2], sizes[0])
    if memory > MEMORY_CEILING:
        expected = f"a replicate of at most {MEMORY_CEILING >> 30} GiB"
        remedy = f"choose smaller sizes: this needs {memory / 2**30:.3g} GiB"
        raise invalid("(n_queries, n_keys, head_dim)", sizes, expected, remedy)
    least = least_tolerance(n_keys, sizes[0])
    remedy = "give a share of the largest singular value that float64 can resolve, for example 1e-6"
    tolerance = check_real("tolerance", tolerance, above=least, below=1.0, inclusive=(True, False), remedy=remedy)
    key = derive_key(Law.SOFTMAX, sizes, rng)
    seconds = softmax_cost(n_keys, sizes[2], sizes[0])
    stack = max(1, min(_STACK_BYTES // memory, int(_STACK_SECONDS / seconds)))
    # Compiling happens here, once, in the calling thread: Numba's cache does not like concurrent first calls.
    call_compiling(fill_normals, key, QUERIES, 0, np.empty((1, 1)))
    with one_blas_thread():
        parts = map_chunks(
            cast("Any", _stack),
            (key, sizes, temperature, tolerance),
            first=first,
            replicates=replicates,
            chunk=stack,
            workers=workers,
            progress=progress,
        )
    columns = np.concatenate([np.empty((0, 6)), *parts]).T
    return SoftmaxRanks(
        ranks=columns[0].astype(np.int64),
        gaps=columns[1].copy(),
        ambiguous=columns[2] > 0.0,
        hardmax_ranks=columns[3].astype(np.int64),
        largest=columns[4].copy(),
        deviations=columns[5].copy(),
        temperature=temperature,
        tolerance=tolerance,
        n_keys=n_keys,
        n_queries=sizes[0],
        head_dim=sizes[2],
    )


def _stack(
    key: npt.NDArray[np.uint64],
    sizes: tuple[int, int, int],
    temperature: float,
    tolerance: float,
    first: int,
    count: int,
    stop: npt.NDArray[np.uint8],
) -> Floats:
    """Return a row a replicate: rank, gap, whether it is ambiguous, hardmax rank, largest singular value, deviation."""
    if stop[0]:
        return np.empty((0, 6))
    n_queries, n_keys, head_dim = sizes
    flat_queries, flat_keys = np.empty((count, n_queries * head_dim)), np.empty((count, n_keys * head_dim))
    fill_normals(key, QUERIES, first, flat_queries)
    fill_normals(key, KEYS, first, flat_keys)
    queries, keys = flat_queries.reshape(count, n_queries, head_dim), flat_keys.reshape(count, n_keys, head_dim)
    with one_blas_thread():
        weights, choices, errors, deviations = softmax_rows(queries, keys, temperature * math.sqrt(head_dim))
        ranks, gaps, ambiguous, largest = count_singular_values(weights, tolerance, errors)
    hardmax_ranks = 1 + np.count_nonzero(np.diff(np.sort(choices, axis=1), axis=1), axis=1)
    return np.stack([ranks, gaps, ambiguous, hardmax_ranks, largest, deviations], axis=1)
