"""Chebyshev polynomials for interpolation and Gauss-Legendre rules for quadrature, from ball arithmetic."""

from __future__ import annotations

from functools import cache

import numpy as np
from flint import arb

from rankbound.bounds.balls import working_precision
from rankbound.bounds.mills import Floats


def chebyshev_basis(x: Floats, size: int) -> Floats:
    """Return the first Chebyshev polynomials at ``x``, one row each."""
    rows = np.empty((size, x.size))
    rows[0], rows[1] = 1.0, x
    for k in range(2, size):
        np.multiply(rows[k - 1], 2 * x, out=rows[k])
        rows[k] -= rows[k - 2]
    return rows


@cache
def chebyshev_points(size: int) -> tuple[Floats, Floats]:
    """Return the extrema of the last polynomial, and the matrix from values there to coefficients (correct to 4 u)."""
    last = size - 1
    with working_precision(80):
        cosine = np.array([float((arb.pi() * j / last).cos().mid()) for j in range(2 * last)])
    index = np.arange(size)
    ends = np.where((index == 0) | (index == last), 0.5, 1.0)
    return cosine[:size], cosine[np.outer(index, index) % (2 * last)] * ends[:, None] * ends * (2 / last)


@cache
def legendre_rule(points: int) -> tuple[Floats, Floats]:
    """Return the nodes and weights of Gauss-Legendre quadrature on ``[0, 1]``, correctly rounded but for a unit."""
    with working_precision(80):
        rule = [arb.legendre_p_root(points, k, weight=True) for k in reversed(range(points))]
        nodes = np.array([float(((1 + x) / 2).mid()) for x, _ in rule])
        return nodes, np.array([float((w / 2).mid()) for _, w in rule])
