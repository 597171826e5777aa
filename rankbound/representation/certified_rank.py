"""Lower bounds for the rank of a matrix that is known within radii, proved.

A matrix B is nonsingular if in each row the diagonal outweighs the rest (Levy and Desplanques). With B = U^T A V for
the floats U and V of a singular value decomposition, B is nearly diagonal; whatever U and V are, rank A >= rank B.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from rankbound.bounds.balls import Ball, working_precision
from rankbound.representation.centred_logs import gamma
from rankbound.representation.matrices import Matrix

_UNDERFLOW = 1e-290  # more than all that products below the smallest float can add up to


def rank_at_least(floats: Matrix, radii: Matrix, left: Matrix, right: Matrix) -> int:
    """Return a number that the rank of every matrix within ``radii`` of ``floats`` reaches.

    Parameters
    ----------
    floats, radii : ndarray of shape (n, n)
        The middles and the radii of the entries.
    left, right : ndarray of shape (n, k)
        Singular vectors as columns, approximately; ``k`` is the most that can come out. Nothing rests on them.

    Notes
    -----
    The products are rounded in float64, and each error is counted, to ``gamma`` times the product of absolute values.
    That holds for sums in any order, as every BLAS has them; only a BLAS that multiplies like Strassen would break it.
    """
    n = len(floats)
    half = floats @ right
    product = left.T @ half
    by_row = np.abs(right).sum(axis=1)
    error_of_half = gamma(n) * (np.abs(floats) @ by_row) + radii @ by_row
    errors = np.abs(left).T @ (error_of_half + gamma(n) * np.abs(half).sum(axis=1)) + _UNDERFLOW
    sizes = np.abs(product)
    diagonal = np.diagonal(sizes)
    totals = np.cumsum(sizes, axis=1)  # of the leading blocks: of B's first k rows and columns for each k
    for k in range(sizes.shape[1], 0, -1):
        beside = totals[:k, k - 1] - diagonal[:k]
        beside += gamma(2 * n) * totals[:k, k - 1]
        if (0.99 * diagonal[:k] > 1.01 * (beside + errors[:k])).all():
            return k
    return 0


def log_rank_at_least(counts: Sequence[Sequence[Fraction]], *, bits: int, enough: int) -> int:
    """Return a number that the rank of C log P reaches, for P given by rationals, by elimination in balls.

    Each pivot is a ball that does not contain 0, so that many rows are linearly independent. Stops at ``enough``.
    Costs about ``n^3`` operations on balls.
    """
    with working_precision(bits):
        logs = [[arb(fmpq(v.numerator, v.denominator)).log() for v in row] for row in counts]
        rows = [[value - first for value, first in zip(row, logs[0], strict=True)] for row in logs[1:]]
        found = 0
        while rows and found < enough:
            _, i, j = max((_surely(value), i, j) for i, row in enumerate(rows) for j, value in enumerate(row))
            pivot_row = rows.pop(i)
            pivot = pivot_row[j]
            if pivot.contains(0):  # so does a ball that is not finite
                break
            found += 1
            rows = [[a - row[j] / pivot * b for a, b in zip(row, pivot_row, strict=True)] for row in rows]
            for row in rows:
                del row[j]
        return found


def _surely(ball: Ball) -> float:
    """Return about how large the numbers in a ball are at least."""
    return float(ball.abs_lower()) if ball.is_finite() else -1.0
