"""Ranks at head_dim 1, from signs alone.

A positive query picks the largest key, a negative one the smallest: with two keys or more the rank is 2, unless all
queries have one sign.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from montecarlo._jit import kernel
from montecarlo.planar import MORE_WORDS

__all__ = ["line_ranks"]

_NONE, _ALL = np.uint64(0), np.uint64(2**64 - 1)


@kernel
def line_ranks(words: npt.NDArray[np.uint64], n_keys: int, n_queries: int, ranks: npt.NDArray[np.int64]) -> None:
    """Fill ``ranks`` with ranks at head_dim 1, one a row of ``words``: each bit is the sign of a query.

    Parameters
    ----------
    words : uint64 array (replicates, words a replicate)
        Random words; a row of four is too short for one replicate in 2^255.
    n_keys, n_queries : int
        At least 1.
    ranks : int64 array (replicates,)
        Receives the ranks, and :data:`montecarlo.planar.MORE_WORDS` where a row is too short to tell.
    """
    for row in range(words.shape[0]):
        same = _ALL if words[row, 0] & np.uint64(1) else _NONE
        left = n_queries
        ranks[row] = 1 if n_keys == 1 else MORE_WORDS
        for i in range(words.shape[1]):
            if ranks[row] != MORE_WORDS:
                break
            counted = _ALL if left >= 64 else (np.uint64(1) << np.uint64(left)) - np.uint64(1)
            left -= 64
            if (words[row, i] ^ same) & counted:
                ranks[row] = 2
            elif left <= 0:
                ranks[row] = 1
