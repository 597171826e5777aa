r"""The angle of two queries: weights that integrate an interpolated function over it.

The angle ``t`` of two independent uniform directions has density proportional to ``sin^(d-2) t`` on ``(0, pi)``. A
function of two angles ``a`` and ``b = t - a`` that is bilinear between nodes of a grid is, integrated over ``a`` for
fixed ``t``, a cubic spline in ``t`` whose coefficients are the antidiagonal sums of the nodal values. So only the
integrals of the density against cubic B-splines are needed. They come from Gauss-Legendre quadrature, whose error on
an interval of half-width ``r`` is at most ``(64/15) r M R^(2-2N) / (1 - R^-2)`` for an integrand bounded by ``M`` in
the ellipse of parameter ``R`` around it (Trefethen 2013, theorem 19.3), and here ``|sin z|^2 = sin^2 + sinh^2``.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from flint import arb

from rankbound.bounds.balls import float_above, float_below, working_precision
from rankbound.bounds.mills import ELEMENTARY, Floats

_NODES = 64
_ELLIPSE = 2.0
_FAR = 250.0  # (d-2) times the squared distance from a right angle beyond which the density is cut off


def spline_weights(head_dim: int, quarter: int, last: int) -> tuple[Floats, float]:
    """Return upper bounds on the expectations of B-splines of the angle, and on the probability that was cut off.

    Parameters
    ----------
    head_dim : int
        Dimension of the space, at least 2.
    quarter : int
        Number of steps ``h`` in a right angle.
    last : int
        Index of the last node, at most ``2 quarter``.

    Returns
    -------
    weights : array of shape (last + 2,)
        Bounds on ``E[B((t - kh)/h); 0 < t < pi]`` for ``k = -1, ..., last``; ``B`` is the cubic B-spline of integral
        1; to a relative 1e-9 or an absolute 1e-26.
    cut : float
        Bound on the probability of the angles that they leave out.
    """
    h = math.pi / 2 / quarter
    offset, weight = _density(head_dim, quarter)
    # offset is t - pi/2; the cell and the place in it come from it, since pi/2 is a node.
    place = offset / h
    cell = np.floor(place).astype(np.intp)
    u = place - cell
    cell += quarter
    pieces = ((1 - u) ** 3, (3 * u - 6) * u * u + 4, ((3 - 3 * u) * u + 3) * u + 1, u**3)
    sums = np.zeros(2 * quarter + 4)  # nodes -1, ..., 2 quarter + 2
    for shift, piece in enumerate(pieces):
        np.add.at(sums, cell + shift, weight * np.maximum(piece, 0.0) / 6)
    sums = sums * (1 + 4096 * ELEMENTARY) + quadrature_error(head_dim, quarter)
    cut = 0.0 if (head_dim - 2) * (math.pi / 2) ** 2 <= _FAR else 4 * math.sqrt(head_dim) * math.exp(-_FAR / 2)
    return sums[: last + 2], cut


def hat_weights(head_dim: int, quarter: int) -> Floats:
    """Return lower bounds on the expectations of hat functions of the angle of two random directions.

    Parameters
    ----------
    head_dim : int
        Dimension of the space, at least 2.
    quarter : int
        Number of steps ``h`` in a right angle.

    Returns
    -------
    array of shape (quarter + 1,)
        Bounds on ``E[max(0, 1 - |t - kh|/h); t < pi/2]`` for ``k = 0, ..., quarter``, to a relative 1e-9.
    """
    offset, weight = _density(head_dim, quarter)
    place = offset[offset < 0] / (math.pi / 2 / quarter) + quarter
    weight = weight[offset < 0]
    cell = np.minimum(np.floor(place).astype(np.intp), quarter - 1)
    sums = np.zeros(quarter + 1)
    np.add.at(sums, cell, weight * np.maximum(cell + 1 - place, 0.0))
    np.add.at(sums, cell + 1, weight * np.maximum(place - cell, 0.0))
    return np.maximum(sums * (1 - 4096 * ELEMENTARY) - quadrature_error(head_dim, quarter), 0.0)


@lru_cache(maxsize=64)
def _density(head_dim: int, quarter: int) -> tuple[Floats, Floats]:
    """Return nodes ``t - pi/2`` and weights that integrate against the law of the angle, cell by cell."""
    h = math.pi / 2 / quarter
    reach = math.pi / 2
    if head_dim > 2:
        reach = min(reach, math.sqrt(_FAR / (head_dim - 2)))
    edges = np.minimum(h * np.arange(math.ceil(reach / h) + 1), reach)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(edges) / 2
    offset = ((edges[1:] + edges[:-1]) / 2)[:, None] + half[:, None] * nodes
    log_density = (head_dim - 2) * np.log1p(-2 * np.sin(offset / 2) ** 2) - _log_total(head_dim)
    mass = half[:, None] * weights * np.exp(log_density)
    offset = np.concatenate([-offset[::-1, ::-1], offset]).ravel()
    mass = np.concatenate([mass[::-1, ::-1], mass]).ravel()
    return offset, mass


@lru_cache(maxsize=64)
def _log_total(head_dim: int) -> float:
    """Return a lower bound on ``log int_0^pi sin^(d-2)``, accurate to 1e-15."""
    with working_precision(160 + head_dim.bit_length()):
        d = arb(head_dim)
        return float_below(arb.pi().log() / 2 + ((d - 1) / 2).lgamma() - (d / 2).lgamma())


def quadrature_error(head_dim: int, quarter: int) -> float:
    """Bound the quadrature error of any one weight."""
    h = math.pi / 2 / quarter
    reach = math.pi / 2 if head_dim == 2 else min(math.pi / 2, math.sqrt(_FAR / (head_dim - 2)))
    with working_precision(96):
        half = arb(min(h, reach)) / 2
        tall = half * (_ELLIPSE - 1 / _ELLIPSE) / 2
        log_most = arb(head_dim - 2) / 2 * (1 + tall.sinh() ** 2).log() - arb(_log_total(head_dim))
        most = 8 * log_most.exp()  # a B-spline's pieces stay below 8 in the ellipse
        return float_above(arb(64) / 15 * half * most * arb(_ELLIPSE) ** (2 - 2 * _NODES) / (1 - arb(_ELLIPSE) ** -2))
