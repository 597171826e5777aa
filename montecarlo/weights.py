"""The definition, taken literally: scores X W_q W_k^T X^T with Gaussian weights, in plain NumPy.

This is what the fast simulator is tested against, so it shares nothing with it: neither kernel nor random numbers
(NumPy's Philox here, our Threefry there) nor the step from weights to iid queries and keys.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from montecarlo.elimination import attention_matrix, exact_rank
from montecarlo.seeding import Law, Seed, derive_key
from rankbound.errors import check_integer
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["sample_rank_and_occupancy", "sample_ranks_from_weights"]

LARGEST = 2048
"""Queries, keys and model dimension at most: this is a reference, not a simulator."""

LARGEST_ELIMINATION = 256
"""Queries and keys at most where every matrix is eliminated."""

_REMEDY = "use sample_ranks for larger sizes"


def _choices(
    law: Law, n_queries: int, n_keys: int, head_dim: int, model_dim: int, replicates: int, rng: Seed
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield, for each replicate, the key that each query attends to."""
    key = derive_key(law, (n_queries, n_keys, head_dim, model_dim), rng)
    for replicate in range(replicates):
        draw = np.random.Generator(np.random.Philox(key=key[:2], counter=[0, 0, replicate, 0]))
        # Orthonormal rows: the Q factor of a Gaussian matrix, transposed.
        tokens = np.linalg.qr(draw.standard_normal((model_dim, max(n_queries, n_keys))))[0].T
        w_q = draw.standard_normal((model_dim, head_dim))
        w_k = draw.standard_normal((model_dim, head_dim))
        scores = (tokens[:n_queries] @ w_q) @ (tokens[:n_keys] @ w_k).T
        yield np.argmax(scores, axis=1)


def _sizes(
    n_keys: object, n_queries: object, head_dim: object, model_dim: object, replicates: object, largest: int
) -> tuple[int, int, int, int, int]:
    keys = check_n_keys(n_keys)
    queries = check_n_queries(n_queries, keys)
    check_integer("n_keys", keys, minimum=1, maximum=largest, remedy=_REMEDY)
    check_integer("n_queries", queries, minimum=1, maximum=largest, remedy=_REMEDY)
    tokens = max(queries, keys)
    model = check_integer(
        "model_dim",
        tokens if model_dim is None else model_dim,
        minimum=tokens,
        maximum=LARGEST,
        remedy="orthonormal tokens need at least as many dimensions as there are tokens",
    )
    count = check_integer("replicates", replicates, minimum=0, remedy="give the number of matrices to draw")
    return queries, keys, check_head_dim(head_dim), model, count


def sample_ranks_from_weights(
    n_tokens: int, head_dim: int, replicates: int, *, model_dim: int | None = None, rng: Seed = None
) -> npt.NDArray[np.int64]:
    """Draw X, W_q and W_k, form the scores, take each row's argmax and count the columns that were hit.

    Parameters
    ----------
    n_tokens : int
        Rows of X, which are orthonormal (uniformly distributed); from 1 to 2048.
    head_dim : int
        Columns of W_q and of W_k, whose entries are independent standard normals; at least 1.
    replicates : int
        At least 0.
    model_dim : int, optional
        Columns of X, from ``n_tokens`` to 2048; ``n_tokens`` if omitted. The law of the ranks does not depend on it.
    rng : int, SeedSequence or Generator, optional
        As for :func:`montecarlo.sample_ranks`. The first replicates of a longer run are those of a shorter one.

    Returns
    -------
    int64 array (replicates,)
        Ranks, from 1 to ``n_tokens``.

    Raises
    ------
    ValueError
        If a size or the seed is not what is said above.
    """
    n_queries, n_keys, head_dim, model_dim, replicates = _sizes(
        n_tokens, None, head_dim, model_dim, replicates, LARGEST
    )
    matrices = _choices(Law.RANKS_FROM_WEIGHTS, n_queries, n_keys, head_dim, model_dim, replicates, rng)
    return np.array([np.unique(choices).size for choices in matrices], np.int64)


def sample_rank_and_occupancy(
    n_keys: int, head_dim: int, replicates: int, *, n_queries: int | None = None, rng: Seed = None
) -> npt.NDArray[np.int64]:
    """Draw attention matrices from weights and return, for each, its rank and the number of its chosen keys.

    The two are obtained in unrelated ways: the rank by elimination on the matrix itself
    (:func:`montecarlo.exact_rank`), the number of chosen keys by counting.

    Parameters
    ----------
    n_keys, n_queries : int
        From 1 to 256; as many queries as keys if ``n_queries`` is omitted. Queries and keys are the first rows of one
        X with orthonormal rows, times W_q and W_k.
    head_dim : int
        At least 1.
    replicates : int
        At least 0.
    rng : int, SeedSequence or Generator, optional
        As for :func:`montecarlo.sample_ranks`.

    Returns
    -------
    int64 array (replicates, 2)
        Columns: rank, number of distinct chosen keys.

    Raises
    ------
    ValueError
        If a size or the seed is not what is said above.
    """
    queries, keys, head_dim, model_dim, replicates = _sizes(
        n_keys, n_queries, head_dim, None, replicates, LARGEST_ELIMINATION
    )
    matrices = _choices(Law.RANK_AND_OCCUPANCY, queries, keys, head_dim, model_dim, replicates, rng)
    pairs = [(exact_rank(attention_matrix(choices, keys)), np.unique(choices).size) for choices in matrices]
    return np.array(pairs, np.int64).reshape(-1, 2)
