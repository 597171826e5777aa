"""Ranks of random hardmax attention, drawn in law: iid standard normal queries and keys."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling
from montecarlo.algorithms import LAWS, draw
from montecarlo.planning import MEMORY_CEILING, core_seconds, simulation_memory
from montecarlo.regions import algorithm_for, applicable
from montecarlo.seeding import Seed, derive_key
from montecarlo.workers import Progress, map_chunks
from rankbound.errors import check_integer, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["sample_ranks", "simulate"]

_CHUNK_SECONDS = 0.1


def simulate(
    n_keys: object,
    head_dim: object,
    replicates: object,
    *,
    n_queries: object,
    rng: Seed,
    workers: int | Executor | None,
    first_replicate: object,
    progress: Progress | None,
    algorithm: str | None = None,
) -> npt.NDArray[np.int64]:
    """Validate, fan out and collect: :func:`sample_ranks` with a report of progress."""
    n_keys = check_n_keys(n_keys)
    sizes = (check_n_queries(n_queries, n_keys), n_keys, check_head_dim(head_dim))
    replicates = check_integer(
        "replicates", replicates, minimum=0, maximum=2**62, remedy="give the number of matrices to draw"
    )
    first = check_integer(
        "first_replicate",
        first_replicate,
        minimum=0,
        maximum=2**63 - 1 - replicates,
        remedy="give the number of replicates that are already drawn",
    )
    if algorithm is None:
        algorithm = algorithm_for(n_keys, sizes[2])
    elif algorithm not in applicable(sizes[2]):
        expected = f"one of {', '.join(repr(name) for name in applicable(sizes[2]))} at head_dim {sizes[2]}"
        raise invalid("algorithm", algorithm, expected, "omit it to use the one that is fastest")
    memory = simulation_memory(n_keys, sizes[2], sizes[0], algorithm=algorithm)
    if memory > MEMORY_CEILING:
        expected = f"a replicate of at most {MEMORY_CEILING >> 30} GiB"
        raise invalid(
            "(n_queries, n_keys, head_dim)",
            sizes,
            expected,
            f"choose smaller sizes: this needs {memory / 2**30:.3g} GiB",
        )
    key = derive_key(LAWS[algorithm], sizes, rng)
    chunk = max(1, int(_CHUNK_SECONDS / core_seconds(n_keys, sizes[2], sizes[0], algorithm)))
    # Compiling happens here, once, in the calling thread: Numba's cache does not like concurrent first calls.
    call_compiling(draw, algorithm, key, (1, 1, sizes[2]), 0, 1, np.zeros(1, np.uint8))
    parts = map_chunks(
        draw,
        (algorithm, key, sizes),
        first=first,
        replicates=replicates,
        chunk=chunk,
        workers=workers,
        progress=progress,
    )
    return np.concatenate([np.empty(0, np.int64), *parts])


def sample_ranks(
    n_keys: int,
    head_dim: int,
    replicates: int,
    *,
    n_queries: int | None = None,
    rng: Seed = None,
    workers: int | Executor | None = None,
    first_replicate: int = 0,
    algorithm: str | None = None,
) -> npt.NDArray[np.int64]:
    """Draw hardmax attention matrices and return their ranks.

    The matrix has the law of scores ``X W_q W_k^T X^T`` with ``X X^T = I`` and independent standard normal weights:
    rows of ``X W_q`` and of ``X W_k`` are then iid standard normal vectors. :mod:`montecarlo.regions` says how their
    hardmax ranks are drawn in law at which sizes. Exact up to the rounding of random numbers in float64: normals have a
    magnitude of at most 8.57 (a standard normal exceeds it with probability 1e-17), and scores are compared as in exact
    arithmetic (:mod:`montecarlo.scan`).

    Parameters
    ----------
    n_keys, head_dim : int
        At least 1.
    replicates : int
        How many matrices, at least 0.
    n_queries : int, optional
        At least 1; as many as keys if omitted.
    rng : int, SeedSequence or Generator, optional
        The seed (:func:`montecarlo.seeding.derive_key` says how it is used); :data:`montecarlo.DEFAULT_SEED` if
        omitted. Results are a function of it, of the sizes and of the index of the replicate alone: the same bits for
        any ``workers``, and the first replicates of a longer run are those of a shorter one.
    workers : int or concurrent.futures.Executor, optional
        Threads, or an executor of the caller's; as many threads as this process has processors if omitted.
    first_replicate : int
        Index of the first replicate, to continue a run. A ``Generator`` is advanced by every call, so a run that is to
        be continued needs an integer or a ``SeedSequence``.
    algorithm : str, optional
        One of those of :mod:`montecarlo.regions`, to test them against each other; the fastest if omitted.

    Returns
    -------
    int64 array (replicates,)
        Ranks, from 1 to ``min(n_queries, n_keys)``.

    Raises
    ------
    ValueError
        If a size, the seed or ``workers`` is not what is said above, or if one replicate needs more than 8 GiB
        (:func:`montecarlo.simulation_memory`).
    """
    return simulate(
        n_keys,
        head_dim,
        replicates,
        n_queries=n_queries,
        rng=rng,
        workers=workers,
        first_replicate=first_replicate,
        progress=None,
        algorithm=algorithm,
    )
