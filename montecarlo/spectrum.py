"""Numerical rank of a stack of matrices: singular values above a share of the largest, and how sure that is."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

__all__ = ["EPS", "count_singular_values"]

EPS = 2.0**-52

Floats = npt.NDArray[np.float64]


def count_singular_values(
    matrices: Floats, tolerance: float, errors: Floats
) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.bool_], Floats]:
    """Count, for each matrix, the singular values above ``tolerance`` times the largest.

    Parameters
    ----------
    matrices : float64 array (count, rows, columns)
        None of them zero.
    tolerance : float
        Between 0 and 1.
    errors : float64 array (count,)
        Bounds, in spectral norm, on how far each matrix is from the one that is meant. What LAPACK adds is taken as
        ``max(rows, columns) * 2**-52`` times the largest singular value (Anderson et al., LAPACK Users' Guide, 3rd
        edition, section 4.9).

    Returns
    -------
    ranks : int64 array (count,)
    gaps : float64 array (count,)
        The last singular value above over the first below; infinite if there is none, or only ones that are zero within
        those errors.
    ambiguous : bool array (count,)
        Whether a singular value is closer to the threshold than the errors may have moved it (Weyl's inequality).
    largest : float64 array (count,)
    """
    values = cast("Floats", np.linalg.svd(matrices, compute_uv=False))
    largest = values[:, 0]
    threshold = tolerance * largest
    ranks = (values > threshold[:, None]).sum(axis=1)
    margin = (errors + max(matrices.shape[1:]) * EPS * largest) * (1.0 + tolerance)
    ambiguous = (np.abs(values - threshold[:, None]) <= margin[:, None]).any(axis=1)
    padded = np.concatenate([values, np.zeros((len(values), 1))], axis=1)
    kept, dropped = (np.take_along_axis(padded, at[:, None], axis=1)[:, 0] for at in (ranks - 1, ranks))
    gaps: Floats = np.full(len(values), np.inf)
    np.divide(kept, dropped, out=gaps, where=dropped > margin)
    return ranks.astype(np.int64), gaps, ambiguous, largest
