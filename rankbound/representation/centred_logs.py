"""C log P, its singular values, and how far its floats may be from the truth.

``C = I - 11^T/n`` takes the mean from each column. What softmax makes of scores S has C log P = C S.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from flint import arb, fmpq

from rankbound.bounds.balls import Ball, working_precision
from rankbound.bounds.one_thread import one_blas_thread
from rankbound.representation.matrices import AttentionMatrix, Matrix

UNIT = 2.0**-53
"""Largest relative error of one rounded operation in float64."""

_BITS = 64
_ACCURATE = 58  # bits of a logarithm, relative or absolute, which these bounds build upon


@dataclass(frozen=True, slots=True, eq=False)
class CentredLogs:
    """``C log P = left @ diag(singular_values) @ right.T``, in floats.

    Attributes
    ----------
    attention : AttentionMatrix
        P.
    logs, centred : ndarray of shape (n, n)
        log P, and C log P.
    left, singular_values, right : ndarray
        Singular vectors as columns, ``(n, n)``, and the ``n`` values, falling; the last is 0 but for rounding.
    """

    attention: AttentionMatrix
    logs: Matrix
    centred: Matrix
    left: Matrix
    singular_values: Matrix
    right: Matrix


def centre(matrix: Matrix) -> Matrix:
    """Return ``C @ matrix``: each column less its mean."""
    centred: Matrix = matrix - matrix.mean(axis=0)
    return centred


@one_blas_thread
def decompose(attention: AttentionMatrix) -> CentredLogs:
    """Return C log P and its singular value decomposition, by LAPACK."""
    logs = np.log(attention.floats)
    centred = centre(logs)
    try:
        left, values, right = scipy.linalg.svd(centred, lapack_driver="gesdd")
    except np.linalg.LinAlgError:  # divide and conquer may fail where plain QR iteration does not
        left, values, right = scipy.linalg.svd(centred, lapack_driver="gesvd")
    return CentredLogs(attention, logs, centred, left, values, right.T)


def gamma(operations: int) -> float:
    """Return the relative error of a sum of so many rounded products, in any order (Higham 2002, section 3.1)."""
    return 1.01 * operations * UNIT  # 1/(1 - operations UNIT) < 1.01 below 2^46 operations


def enclosed_centred_logs(attention: AttentionMatrix) -> tuple[Matrix, Matrix]:
    """Return floats and radii: each entry of C log P is within the radius of its float.

    So are those of every other matrix whose entries agree with P's to its precision. Logarithms are Arb's; the rest are
    errors of rounding, counted.
    """
    logs = _logs(attention)
    centred = logs - logs.mean(axis=0)
    # What is taken from a column is not quite its mean, and the difference is rounded; a logarithm moves by no more
    # than 1.01 times the relative change of its argument.
    means = gamma(len(logs) + 2) * np.abs(logs).mean(axis=0)
    of_logs = 2.0**-51 * np.abs(logs) + 2.0**-_ACCURATE
    radii = of_logs + of_logs.mean(axis=0) + 2 * UNIT * np.abs(centred) + means + 2.02 * attention.precision
    return centred, radii * 1.01


def _logs(attention: AttentionMatrix) -> Matrix:
    """Return log P within 2^-51 relatively plus 2^-58; of rationals up to a constant in each column, as C ignores."""
    rows: Iterable[Iterable[object]] = attention.floats.tolist()
    if attention.exact is not None:
        rows = ((fmpq(v.numerator, v.denominator) for v in row) for row in attention.exact)
    with working_precision(_BITS):
        return np.array([_logs_of(row) for row in rows])


def _logs_of(values: Iterable[object]) -> list[float]:
    balls = list(map(arb.log, map(arb, values)))  # twice as fast as a comprehension, for millions of them
    if min(map(arb.rel_accuracy_bits, balls)) >= _ACCURATE:
        return list(map(float, balls))
    return [_to_float(ball) for ball in balls]


def _to_float(ball: Ball) -> float:
    if ball.rel_accuracy_bits() < _ACCURATE and not ball.rad() < 2.0**-_ACCURATE:
        return float("nan")  # which no certificate survives
    return float(ball)
