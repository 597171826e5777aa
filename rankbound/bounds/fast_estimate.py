"""The bounds of T6 and T7 in plain floats, in milliseconds: for exploring, never for proving.

The same two integrals as the enclosures, by other means: Gauss-Legendre quadrature in the norm and in the angle for U,
and for L the agreement of two queries from an interpolation between 140 distances. Nothing here is rounded in a
direction or widened by an error; the result is of a type of its own, with names of its own, so that it cannot be taken
for an :class:`rankbound.enclosure.Enclosure`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import gammaln, log_ndtr, ndtri
from scipy.stats import chi2

from rankbound.bounds.alignment import spline_weights
from rankbound.bounds.mills import Floats
from rankbound.bounds.one_thread import one_blas_thread
from rankbound.bounds.wedge import FEW_KEYS, rows, small_pair_values, wedge_masses
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_NORMS = 320
_ANGLES = 48
_TURN = 0.1


@dataclass(frozen=True, slots=True)
class ApproximateBounds:
    """Floating-point values of a lower and an upper bound on E[rank]; neither is proved to bound anything.

    Attributes
    ----------
    second_moment : float
        L(n, d) of T7, and from below ``2 - 2^(1-m)``.
    norm_conditioned : float
        U(n, d) of T6, or the barrier where that is smaller.
    rigour : Rigour
        Always ``FLOAT``.
    """

    second_moment: float
    norm_conditioned: float
    rigour: Rigour = Rigour.FLOAT


@one_blas_thread
def expected_rank_float(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> ApproximateBounds:
    """Estimate the bounds of T7 and T6 on E[rank] in plain floating-point arithmetic.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    ApproximateBounds
        Each usually within 1e-3 of the bound it stands for, relatively; compare :func:`rankbound.expected_rank`, which
        proves what it says. At ``head_dim = 2`` the lower bound is only ``2 - 2^(1-m)``.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    floor = 2 - math.ldexp(1.0, 1 - min(m, 1000))
    if n == 1:
        return ApproximateBounds(1.0, 1.0)
    if n == 2 or d == 1:
        return ApproximateBounds(floor, max(floor, norm_conditioned_float(n, d, n_queries=m)))
    norms, weights = _norms(n, d, m)
    mean = _means(n, d, norms)
    upper = min(n * float(weights @ _hits(mean, m)), n * float(_hits(np.array(1 / n), m)))
    if d == 2:
        return ApproximateBounds(floor, upper)
    w, log_pairs = _log_pairs(n, d)
    square = np.minimum(_given_norm(d, norms, w, log_pairs), mean)
    used = mean > 0
    q = np.maximum(square[used] / mean[used], mean[used])
    lower = n * float((weights[used] * mean[used]) @ (_hits(q, m) / q))
    return ApproximateBounds(min(max(lower, floor), upper), upper)


@one_blas_thread
def norm_conditioned_float(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return U(n, d) of T6, or the barrier where that is smaller, as a plain float; arguments as above."""
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n == 1:
        return 1.0
    norms, weights = _norms(n, d, m)
    return min(n * float(weights @ _hits(_means(n, d, norms), m)), n * float(_hits(np.array(1 / n), m)))


def _hits(p: Floats, m: int) -> Floats:
    result: Floats = -np.expm1(m * np.log1p(-np.minimum(p, 1 - 1e-16)))
    return result


def _norms(n: int, d: int, m: int) -> tuple[Floats, Floats]:
    """Return nodes and weights for expectations over the norm of a key, as far out as one key in 1e6 n lies."""
    low = math.sqrt(max(float(chi2.ppf(1e-9, d)), 1e-12))
    high = math.sqrt(float(chi2.isf(1e-6 / n, d)))
    nodes, weights = np.polynomial.legendre.leggauss(_NORMS // 16)
    edges = np.linspace(low, high, 17)
    half = np.diff(edges) / 2
    norms = ((edges[1:] + edges[:-1]) / 2)[:, None] + half[:, None] * nodes
    density = 2 * norms * np.exp(chi2.logpdf(norms**2, d))
    return norms.ravel(), (half[:, None] * weights * density).ravel()


def _means(n: int, d: int, norms: Floats) -> Floats:
    """Return ``g(r)``, the probability that a key of norm ``r`` is picked, at each norm."""
    if d == 1:
        result: Floats = (np.exp((n - 1) * log_ndtr(norms)) + np.exp((n - 1) * log_ndtr(-norms))) / 2
        return result
    lowest = 0.0 if n < 64 else max(float(-ndtri(min(40 / n, 0.5))), 0.0)
    nodes, weights = np.polynomial.legendre.leggauss(_ANGLES)
    widest = np.arccos(np.minimum(lowest / norms, 1.0))
    # The density of the angle is cut where it is below e^-40 of its peak at a right angle.
    narrowest = np.maximum(math.pi / 2 - math.sqrt(80 / (d - 1.9)), 0.0)
    narrowest = np.minimum(narrowest, widest)
    half = (widest - narrowest)[:, None] / 4
    offsets = np.concatenate([(nodes + 1) * 1.0, (nodes + 1) + 2.0])
    angles = narrowest[:, None] + half * offsets
    log_density = (d - 2) * np.log(np.maximum(np.sin(angles), 1e-300))
    log_density += gammaln(d / 2) - gammaln((d - 1) / 2) - 0.5 * math.log(math.pi)
    x = norms[:, None] * np.cos(angles)
    won = np.exp((n - 1) * log_ndtr(x) + log_density)
    if n < 64:
        won += np.exp((n - 1) * log_ndtr(-x) + log_density)
    share: Floats = (half * np.tile(weights, 2) * won).sum(axis=1)
    return share


def _log_pairs(n: int, d: int) -> tuple[Floats, Floats]:
    """Return squared distances, and the logarithm of the chance that two queries agree on a key so far out."""
    extreme = max(float(-ndtri(min(0.7 / n, 0.4))), 0.5)
    low = max(float(-ndtri(min(40 / n, 0.5))), 0.05) ** 2
    w = np.linspace(low, 4 * extreme**2 + 30, 140)
    quarter = max(math.ceil(math.pi / 2 * (extreme**2 + 3) / _TURN), 48)
    if n < FEW_KEYS:
        return rows(n), np.log(np.maximum(small_pair_values(n, d), 1e-300))
    below, above = wedge_masses(w, quarter)
    share = np.where(np.arange(2 * quarter + 1) < quarter, 2 / 3, 1 / 3)  # Simpson's rule
    mass = below * share + above * (1 - share)
    factor = np.exp((n - 1) * np.log1p(-mass))
    ratio = mass / (1 - mass)
    weights, _ = spline_weights(d, quarter, 2 * quarter)
    values = np.zeros(len(w))
    padded = np.concatenate([np.zeros(2 * quarter), weights[1:], np.zeros(2 * quarter)])
    hankel = np.lib.stride_tricks.sliding_window_view(padded, 2 * quarter + 1)[: 2 * quarter + 1]
    coefficient = 1.0
    for k in range(7 if n < 10**5 else 1):  # the others are of order 1/n
        values += coefficient * np.einsum("ri,ri->r", factor @ hankel, factor)
        coefficient *= -(n - 1 - k) / (k + 1)
        factor = factor * ratio
    step = math.pi / 2 / quarter
    return w, np.log(np.maximum(values * step / (2 * math.pi), 1e-300))


def _given_norm(d: int, norms: Floats, w: Floats, log_pairs: Floats) -> Floats:
    """Return the chance that two queries agree on a key of each norm ``r``: ``w/r^2`` is a Beta(1, d/2-1) variable."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    edges = np.array([0.0, 2, 5, 10, 20, 40, 80])
    half = np.diff(edges) / 2
    y = (((edges[1:] + edges[:-1]) / 2)[:, None] + half[:, None] * nodes).ravel()
    mass = (half[:, None] * weights).ravel() * np.exp(-y)
    squared = norms[:, None] ** 2 * -np.expm1(-y / (d / 2 - 1))
    curve = CubicSpline(w, log_pairs)
    value = np.where(squared < w[0], 0.0, np.exp(np.minimum(curve(np.clip(squared, w[0], w[-1])), 0.0)))
    result: Floats = value @ mass
    return result
