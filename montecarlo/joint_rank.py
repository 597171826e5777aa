"""Rank of the sum of the attention matrices of all heads, and of the matrices side by side; exact.

A column with one non-zero entry takes a row with it: the rank is one more than that of the matrix without both. The
same holds for a row with one non-zero entry. Hardmax matrices have many such columns, so little is left after that has
been done as often as it can be; that is eliminated (:mod:`montecarlo.modular_rank`). Side by side, the columns of each
matrix add up to the same vector of ones, so matrices of ranks r, s, ... have at most rank 1 + (r - 1) + (s - 1) + ...
"""

from __future__ import annotations

import numpy as np

from montecarlo.layout import Integers
from montecarlo.modular_rank import certified_rank

__all__ = ["rank_of_concatenation", "rank_of_sum"]


def rank_of_sum(choices: Integers, n_keys: int) -> int:
    """Return the rank of the sum of hardmax matrices.

    Parameters
    ----------
    choices : int64 array (heads, n_queries)
        The column of the one in each row of each matrix.
    n_keys : int
        Columns.
    """
    n = choices.shape[1]
    places = (np.arange(n) * n_keys + choices).reshape(-1)
    different, counts = np.unique(places, return_counts=True)
    return _rank(different // n_keys, different % n_keys, counts, min(n, n_keys))


def rank_of_concatenation(choices: Integers, n_keys: int) -> int:
    """Return the rank of hardmax matrices side by side, ``[A_1 A_2 ...]``; parameters as :func:`rank_of_sum`."""
    heads, n = choices.shape
    rows = np.tile(np.arange(n), heads)
    columns = (choices + n_keys * np.arange(heads)[:, None]).reshape(-1)
    bound = min(n, 1 + sum(np.unique(one).size - 1 for one in choices))
    return _rank(rows, columns, np.ones(rows.size, np.int64), bound)


def _rank(rows: Integers, columns: Integers, values: Integers, bound: int) -> int:
    """Return the rank, known to be at most ``bound``, of the matrix with these entries: no place twice, none zero."""
    rank = 0
    while rows.size:
        alone = np.bincount(columns)[columns] == 1
        if alone.any():
            done = np.unique(rows[alone])
            kept = ~np.isin(rows, done)
        else:
            alone = np.bincount(rows)[rows] == 1
            if not alone.any():
                break
            done = np.unique(columns[alone])
            kept = ~np.isin(columns, done)
        rank += done.size
        rows, columns, values = rows[kept], columns[kept], values[kept]
    if rows.size == 0:
        return rank
    left, i = np.unique(rows, return_inverse=True)
    right, j = np.unique(columns, return_inverse=True)
    core = np.zeros((left.size, right.size), np.int64)
    core[i.reshape(-1), j.reshape(-1)] = values
    return rank + certified_rank(core, bound - rank)
