"""Weight matrices by their laws, and how the variance of each depends on the sizes."""

from __future__ import annotations

import math

import numpy as np

from montecarlo.layout import Floats
from montecarlo.streams import Draws

__all__ = ["SEES_GRAM_ONLY", "weight_matrix"]

SEES_GRAM_ONLY = ("gaussian", "tied", "orthogonal")
"""Laws that a rotation of the tokens does not change."""


def weight_matrix(law: str, draws: Draws, part: int, head: int, shape: tuple[int, int], width: int) -> Floats:
    """Draw a weight matrix.

    Parameters
    ----------
    law : str
        One of :data:`rankbound.setting.WEIGHTS`.
    draws, part, head
        Whose numbers it takes.
    shape : tuple
        Rows and columns that are needed. All ``width`` rows for the laws with independent entries that are not normal;
        the first rows, if fewer, for the others.
    width : int
        Rows of the whole matrix.
    """
    rows, columns = shape
    if law in ("gaussian", "tied"):
        return draws.normals(part, head, shape)
    if law == "orthogonal":
        tall = draws.normals(part, head, (max(width, columns), min(width, columns)))
        q, r = np.linalg.qr(tall)
        q = q * np.where(np.diagonal(r) < 0.0, -1.0, 1.0)
        return np.ascontiguousarray((q if width >= columns else q.T)[:rows])
    bound = {
        "uniform": math.sqrt(3.0),
        "xavier": math.sqrt(6.0 / (width + columns)),
        "kaiming": math.sqrt(6.0 / width),
    }[law]
    return bound * (2.0 * draws.units(part, head, rows * columns).reshape(shape) - 1.0)
