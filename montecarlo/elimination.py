"""The exact rank of an integer matrix, by elimination: nothing is assumed about where the matrix comes from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rankbound.errors import check_integer, invalid

__all__ = ["attention_matrix", "exact_rank"]

_PRIME = 2**31 - 1
"""A product of two residues fits into 62 bits."""


def attention_matrix(choices: npt.ArrayLike, n_keys: int) -> npt.NDArray[np.int64]:
    """Return the hardmax attention matrix: row ``i`` is the indicator of ``choices[i]``.

    Parameters
    ----------
    choices : integer array (n_queries,)
        From 0 to ``n_keys - 1``, as :func:`montecarlo.hardmax` returns them.
    n_keys : int
        At least 1.

    Returns
    -------
    int64 array (n_queries, n_keys)
        Zeros and ones, a single one in each row.

    Raises
    ------
    ValueError
        If ``choices`` is not a non-empty vector of integers in that range.
    """
    n_keys = check_integer("n_keys", n_keys, minimum=1, remedy="give the number of columns")
    chosen = np.asarray(choices)
    if chosen.ndim != 1 or chosen.size == 0 or chosen.dtype.kind not in "iu":
        raise invalid("choices", choices, "a non-empty vector of integers", "give the index of one key a query")
    if int(chosen.min()) < 0 or int(chosen.max()) >= n_keys:
        wrong = int(chosen.min()) if int(chosen.min()) < 0 else int(chosen.max())
        raise invalid("choices", wrong, f"indices from 0 to {n_keys - 1}", "give the index of one key a query")
    matrix = np.zeros((chosen.size, n_keys), np.int64)
    matrix[np.arange(chosen.size), chosen] = 1
    return matrix


def exact_rank(matrix: npt.ArrayLike) -> int:
    """Return the rank over the rationals of an integer matrix. Exact, always.

    The rank modulo a prime is a lower bound (a minor that does not vanish modulo the prime does not vanish), the number
    of non-zero rows or columns an upper bound. Where they meet, that is the rank; where they do not, fraction-free
    elimination over the integers (Bareiss, Math. Comp. 22, 1968) decides.

    Parameters
    ----------
    matrix : integer or boolean array (rows, columns)
        Any size, also with no row or no column. The fallback takes O(rows columns rank) operations on integers of up to
        ``rank log2(rank max^2) / 2`` bits (Hadamard): meant for at most a few hundred rows or columns.

    Raises
    ------
    ValueError
        If ``matrix`` is not a matrix of integers. Floats are refused, whole numbers too.
    """
    given = np.asarray(matrix)
    if given.ndim != 2:
        raise invalid("matrix.ndim", given.ndim, "2", "give a matrix")
    if given.dtype.kind not in "biu":
        raise invalid("matrix.dtype", str(given.dtype), "an integer type", "a rank is exact for integer entries only")
    if given.dtype.kind == "b":
        given = given.astype(np.int64)
    nonzero = given[(given != 0).any(axis=1)]
    nonzero = nonzero[:, (nonzero != 0).any(axis=0)]
    lower, upper = _rank_modulo_prime(nonzero), min(nonzero.shape)
    return lower if lower == upper else _rank_over_integers(nonzero)


def _rank_modulo_prime(matrix: npt.NDArray[np.integer]) -> int:
    """Gaussian elimination over the field of ``_PRIME`` elements."""
    rest = (
        np.mod(matrix, matrix.dtype.type(_PRIME)).astype(np.int64)
        if matrix.dtype.itemsize > 4
        else (np.mod(matrix.astype(np.int64), _PRIME))
    )
    rank = 0
    for column in range(rest.shape[1]):
        candidates = np.flatnonzero(rest[rank:, column])
        if candidates.size == 0:
            continue
        pivot = rank + int(candidates[0])
        rest[[rank, pivot]] = rest[[pivot, rank]]
        rest[rank] = rest[rank] * pow(int(rest[rank, column]), -1, _PRIME) % _PRIME
        below = rank + 1 + np.flatnonzero(rest[rank + 1 :, column])
        rest[below] = (rest[below] - rest[below, column][:, None] * rest[rank] % _PRIME) % _PRIME
        rank += 1
        if rank == rest.shape[0]:
            break
    return rank


def _rank_over_integers(matrix: npt.NDArray[np.integer]) -> int:
    """Bareiss' elimination over Python integers: every division is exact, entries are minors of the matrix."""
    rows = [[int(entry) for entry in row] for row in matrix]
    rank, previous = 0, 1
    for column in range(matrix.shape[1]):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column]
            rows[i] = [(head[column] * x - factor * y) // previous for x, y in zip(rows[i], head, strict=True)]
        previous = head[column]
        rank += 1
        if rank == len(rows):
            break
    return rank
