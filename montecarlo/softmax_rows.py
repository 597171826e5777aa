"""Softmax of scores row by row, with bounds on its rounding errors and on its distance from hardmax."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from montecarlo.spectrum import EPS

__all__ = ["softmax_rows"]

_UNDERFLOW = 1e-150
"""More than all exponentials that came out as zero; its square is not zero."""

Floats = npt.NDArray[np.float64]


def softmax_rows(
    queries: Floats, keys: Floats, scale: float, visible: npt.NDArray[np.bool_] | None = None
) -> tuple[Floats, npt.NDArray[np.int64], Floats, Floats]:
    """Return the softmax of ``queries @ keys.T / scale`` row by row, for a stack, and how far it is from what.

    Parameters
    ----------
    queries : float64 array (count, n_queries, head_dim)
    keys : float64 array (count, n_keys, head_dim)
    scale : float
        Positive.
    visible : bool array (n_queries, n_keys), optional
        Which keys each query sees, one at least; the weights of the others are zero. All if omitted.

    Returns
    -------
    weights : float64 array (count, n_queries, n_keys)
        The largest entry of each row is subtracted before the exponential, so nothing overflows.
    choices : int64 array (count, n_queries)
        The largest score of each row, the lowest index among equals.
    errors : float64 array (count,)
        Bounds on the Frobenius norm of the difference to the exact softmax of the same queries and keys.
    deviations : float64 array (count,)
        Bounds on the Frobenius norm of the difference of that to the indicators of ``choices``.
    """
    n_keys, head_dim = keys.shape[1:]
    scores = queries @ keys.transpose(0, 2, 1)
    if visible is not None:
        scores[:, ~visible] = -np.inf
    choices = scores.argmax(axis=2)
    best = choices[:, :, None]
    exponents = (scores - np.take_along_axis(scores, best, axis=2)) / scale
    # What a difference of two scores may be off by: products and sums, the difference, the division.
    lengths = np.linalg.norm(queries, axis=2) * np.linalg.norm(keys, axis=2).max(axis=1)[:, None]
    off = (head_dim + 4) * EPS * lengths / scale
    weights = np.exp(exponents)
    np.put_along_axis(weights, best, 0.0, axis=2)
    rest = weights.sum(axis=2)  # what is not on the best key, without the cancellation of 1 - max
    most = np.exp(np.minimum(exponents + 2.0 * off[:, :, None], 0.0))
    np.put_along_axis(most, best, 0.0, axis=2)
    at_most = most.sum(axis=2)
    at_most /= 1.0 + at_most
    np.put_along_axis(weights, best, 1.0, axis=2)
    weights /= (1.0 + rest)[:, :, None]
    # Exponents off by x change each weight by a factor of at most e^(2x), and the best one by what the others do.
    growth = np.expm1(2.0 * np.minimum(off, 1.0))
    moved = np.where(off < 1.0, growth * np.minimum(2.0 * rest / (1.0 + rest), 1.0), 2.0 * at_most)
    rounded = (n_keys + 16) * EPS * np.linalg.norm(weights, axis=2)
    errors = np.sqrt(((moved + rounded) ** 2).sum(axis=1))
    deviations = np.sqrt(2.0 * ((at_most + _UNDERFLOW) ** 2).sum(axis=1))
    outward = 1.0 + 8.0 * EPS * (n_keys + queries.shape[1])
    return weights, choices, errors * outward, deviations * outward
