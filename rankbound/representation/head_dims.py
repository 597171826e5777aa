"""How wide a head must be for a given attention matrix: the rank of C log P."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rankbound.bounds.one_thread import one_blas_thread
from rankbound.representation.centred_logs import CentredLogs, decompose, enclosed_centred_logs
from rankbound.representation.certified_rank import log_rank_at_least, rank_at_least
from rankbound.representation.exponents import log_rank_at_most
from rankbound.representation.matrices import Convention, Matrix, check_convention, read_attention
from rankbound.verdict import Rigour

_MOST_TOKENS_IN_BALLS = 40
_PRECISIONS = (128, 512, 2048)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MinHeadDim:
    """The least dimension of a head that produces P, with what is proved about it.

    Attributes
    ----------
    value : int
        The least head dimension: ``rank``, and at least 1.
    rank : int
        The rank of C log P: proved where ``lower == upper``, else the number of singular values above ``tolerance``.
    lower, upper : int
        ``lower <= rank of C log P <= upper``, proved. For floats ``lower`` holds for every matrix that agrees with P to
        the precision of its dtype, so that rounding alone does not raise it.
    singular_values : ndarray of shape (n - 1,)
        Of C log P, falling, in floats. The n-th is 0.
    tolerance : float
        What counts as 0 among them: what errors of the entries and of LAPACK may amount to.
    gap : float
        The last singular value that counts over the first that does not; infinite where none is left out or what is
        left out is 0.
    rigour : Rigour
        ``EXACT`` where ``lower == upper``, else ``FLOAT``.
    method : str
        How the two bounds were found.
    """

    value: int
    rank: int
    lower: int
    upper: int
    singular_values: Matrix
    tolerance: float
    gap: float
    rigour: Rigour
    method: str


def min_head_dim(P: ArrayLike, *, convention: Convention = "columns") -> MinHeadDim:
    """Return the least dimension of a head that produces P, for any linearly independent inputs.

    It is the rank of C log P, where C takes the mean from each column: at most n - 1, and n - 1 for almost every P.

    Parameters
    ----------
    P : array_like of shape (n, n)
        Positive, and column-stochastic (row-stochastic with ``convention="rows"``). Floats count as known to the
        precision of their dtype. ``Fraction`` and integers (counts, each column of which is divided by its sum) are
        exact, so that more can be proved.
    convention : {"columns", "rows"}
        What sums to 1.

    Returns
    -------
    MinHeadDim

    Raises
    ------
    ValueError
        For a matrix that is not positive, or not stochastic in this convention.

    Notes
    -----
    The lower bound is proved by enclosing logarithms with Arb and a matrix whose diagonal dominates, with each error of
    rounding counted; for rationals of up to 40 tokens, if that leaves a doubt, by elimination in balls of up to 2048
    bits. The upper bound is n - 1, or for rationals what the exponents of coprime
    factors of its entries give.
    """
    return counted(decompose(read_attention(P, check_convention(convention))))


@one_blas_thread
def counted(logs: CentredLogs) -> MinHeadDim:
    """Return what :func:`min_head_dim` does for what is already checked and decomposed."""
    attention, n = logs.attention, logs.attention.n
    values = logs.singular_values[: n - 1].copy()
    floats, radii = enclosed_centred_logs(attention)
    tolerance = float(np.linalg.norm(radii) + np.finfo(np.float64).eps * n * (values[0] if n > 1 else 0.0))
    seen = int((values > tolerance).sum())
    lower, upper = rank_at_least(floats, radii, logs.left[:, :seen], logs.right[:, :seen]), n - 1
    how = ["diagonal dominance"]
    above = "n - 1"
    if attention.exact is not None and lower < upper:
        upper, above = log_rank_at_most(attention.exact), "exponents of coprime factors"
        for bits in _PRECISIONS if n <= _MOST_TOKENS_IN_BALLS else ():
            if lower < upper:
                lower = max(lower, log_rank_at_least(attention.exact, bits=bits, enough=upper))
                how = [f"elimination at {bits} bits"]
    rank = min(max(seen, lower), upper)
    dropped = float(values[rank]) if rank < n - 1 else 0.0
    return MinHeadDim(
        value=max(rank, 1),
        rank=rank,
        lower=lower,
        upper=upper,
        singular_values=values,
        tolerance=tolerance,
        gap=float(values[rank - 1]) / dropped if rank and dropped else math.inf,
        rigour=Rigour.EXACT if lower == upper else Rigour.FLOAT,
        method=f"from below by {how[0]}, from above by {above}",
    )
