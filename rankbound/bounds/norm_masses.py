r"""Where a key's norm lies, given how much of it lies in a plane: weights that integrate over both.

Split a key's squared norm ``s = |k|^2 ~ chi^2_d`` into ``w ~ chi^2_2`` in a plane and ``z ~ chi^2_(d-2)`` orthogonal
to it. As ``w`` has no memory, with ``Q_d`` the upper tail of chi^2_d,

    E[(w-a)^+^j / j!; s > b] = 2^j e^(-a/2) Q_(d+2j)(b-a),

and an integral of a function of ``w`` that is linear between nodes needs only second differences of the case ``j = 1``
(the others serve what lies outside the nodes, and the curvature in between). The tails are finite sums of positive
terms. In very many dimensions, where the sums would be long, ``z`` hardly varies over the few units that ``w`` does:
there a Taylor expansion of the probability that ``s`` lies in a bin takes their place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from flint import arb

from rankbound.bounds.balls import Ball, float_above, float_below, working_precision
from rankbound.bounds.mills import ELEMENTARY, LARGEST, Floats, mills_ratio

_LONGEST_SUM = 1000  # head dimension up to which tails of chi-square are summed


@dataclass(frozen=True, slots=True)
class NormMasses:
    """Weights with ``sum_c hat[B, c] f(w_c) = E[f(w); s in B]`` for ``f`` linear between the nodes ``w_c``.

    Attributes
    ----------
    hat_low, hat_high : array of shape (bins, nodes)
        Bounds of the weights, for ``w`` within the nodes.
    before, after : array of shape (bins,)
        Upper bounds of the probabilities that ``w`` lies below the first node, or above the last, and ``s`` in the bin.
    bubble_low, bubble_high : array of shape (bins, nodes - 1)
        Bounds of ``E[(w - w_c)(w_(c+1) - w); w_c < w < w_(c+1), s in B]``.
    """

    hat_low: Floats
    hat_high: Floats
    before: Floats
    after: Floats
    bubble_low: Floats
    bubble_high: Floats


def norm_masses(head_dim: int, edges: Floats, w: Floats) -> NormMasses:
    """Return the weights for the bins ``(edges[i], edges[i+1])`` of the squared norm; the last reaches to infinity.

    Parameters
    ----------
    head_dim : int
        At least 2.
    edges : array of shape (bins,)
        Lower ends of the bins, ascending from 0.
    w : array of shape (nodes,)
        Nodes for the squared norm in the plane, ascending, nonnegative.
    """
    if head_dim <= _LONGEST_SUM:
        return _by_differences(head_dim, edges, w)
    return _by_expansion(head_dim, edges, w)


def _by_differences(d: int, edges: Floats, w: Floats) -> NormMasses:
    moments, size = [], np.zeros((len(edges), len(w)))
    for j, (below, above, error) in enumerate(_three_tails(d, (edges[:, None] - w) / 2)):
        moments.append(2**j * np.exp(-0.5 * w) * _of_bins(below, above))
        size = np.maximum(size, error + np.concatenate([error[1:], np.zeros_like(error[:1])]))
    level, first, second = moments
    blur = 4 * np.exp(-0.5 * w) * (1e-12 + 2e-15 * d) * size + 16 * ELEMENTARY * first
    gap = np.diff(w)
    ramp = (first[:, :-1] - first[:, 1:]) / gap  # E[min(1, (w - w_c)/gap)^+; s in B]
    ramp_blur = (blur[:, :-1] + blur[:, 1:]) / gap
    hat = np.concatenate([level[:, :1], ramp], axis=1) - np.concatenate([ramp, level[:, -1:]], axis=1)
    hat_blur = np.concatenate([blur[:, :1], ramp_blur], axis=1) + np.concatenate([ramp_blur, blur[:, -1:]], axis=1)
    # (w-a)(b-w) on (a, b) is (b-a)((w-a)^+ + (w-b)^+) - (w-a)^+^2 + (w-b)^+^2.
    bubble = gap * (first[:, :-1] + first[:, 1:]) - 2 * (second[:, :-1] - second[:, 1:])
    bubble_blur = (gap + 4) * (blur[:, :-1] + blur[:, 1:])
    key_low, key_high = chi2_tails(d, edges)
    before = np.maximum(key_high - np.append(key_low[1:], 0.0) - level[:, 0] + blur[:, 0], 0.0)
    return NormMasses(
        np.maximum(hat - hat_blur, 0.0),
        np.maximum(hat + hat_blur, 0.0),
        before,
        level[:, -1] + blur[:, -1],
        np.maximum(bubble - bubble_blur, 0.0),
        np.maximum(bubble + bubble_blur, 0.0),
    )


def _of_bins(below: Floats, above: Floats) -> Floats:
    """Return the probability of each bin from those of both sides of its edges.

    The smaller tails are subtracted, so that what bins in either tail have in common does not drown them. The last bin
    reaches to infinity.
    """
    next_below = np.concatenate([below[1:], np.ones_like(below[:1])])
    next_above = np.concatenate([above[1:], np.zeros_like(above[:1])])
    left = next_below < 0.5
    return np.maximum(np.where(left, next_below - below, above - next_above), 0.0)


def _three_tails(dof: int, x: Floats) -> list[tuple[Floats, Floats, Floats]]:
    """Return ``P(chi^2_k <= 2x)``, ``P(chi^2_k > 2x)`` and the scale of their errors, for ``k = dof, dof+2, dof+4``.

    Both are accurate to ``1e-12 + 2e-15 dof`` times the third, which is the first below the median and the second above
    it, or rather the one of the two that was summed; and they are exact for ``x <= 0``.
    """
    half = dof / 2
    terms = [_poisson_like(half + j, x) for j in (0, 1)]  # P(chi^2_k > 2x) - P(chi^2_(k-2) > 2x)
    left = x < half
    lowest, highest = np.zeros_like(x), np.zeros_like(x)
    inside = left & (x > 0)
    lowest[inside] = lower_tail(dof + 4, x[inside])
    highest[~left] = upper_tail(dof, x[~left])
    below = [lowest + terms[1] + terms[0], lowest + terms[1], lowest]
    above = [highest, highest + terms[0], highest + terms[0] + terms[1]]
    pairs = []
    for low, high in zip(below, above, strict=True):
        low, high = np.minimum(low, 1.0), np.minimum(high, 1.0)
        pairs.append((np.where(left, low, 1 - high), np.where(left, 1 - low, high), np.where(left, low, high)))
    return pairs


def lower_tail(dof: int, x: Floats) -> Floats:
    """Return ``P(chi^2_dof <= 2x)`` for ``x <= dof/2``, to a relative ``1e-12 + 2e-15 dof`` down to 1e-290.

    The sum of ``x^(k+j) e^-x / Gamma(k+j+1)`` over ``j >= 0``, ``k = dof/2``, cut off where what follows, at most a
    geometric series, is below 1e-17 of it.
    """
    k = dof / 2
    total = np.ones_like(x)
    term = np.ones_like(x)
    largest = float(np.max(x, initial=0.0))
    j, size = k, 1.0
    while size > 1e-17 * (1 - largest / (j + 1)) and size > 0:
        j += 1
        size *= largest / j
        term *= x / j
        total += term
    return total * _poisson_like(k, x)


def upper_tail(dof: int, x: Floats) -> Floats:
    """Return ``P(chi^2_dof > 2x)`` for ``x >= dof/2``, to a relative ``1e-12 + 2e-15 dof`` down to 1e-290.

    A finite sum: of ``x^j e^-x / Gamma(j+1)`` over ``j = dof/2 - 1, dof/2 - 2, ...``, down to 0, or to 1/2 if ``dof``
    is odd and the complementary error function stands for the rest.
    """
    top = dof / 2 - 1
    j = top - math.floor(top)
    total = np.ones_like(x)
    while j < top:
        j += 1
        total = total * (j / x) + 1
    total = total * _poisson_like(top, x) if dof >= 2 else np.zeros_like(x)
    if dof % 2:
        root = np.minimum(np.sqrt(2 * x), LARGEST)
        total = total + 2 / math.sqrt(2 * math.pi) * mills_ratio(root) * np.exp(-np.minimum(x, 745.0))
    return total


def _poisson_like(a: float, x: Floats) -> Floats:
    """Return ``x^a e^-x / Gamma(a+1)``, 0 for ``x <= 0``, to a relative 1e-11 where it exceeds 1e-290; ``a >= 0``."""
    if a == 0:
        return np.where(x > 0, np.exp(-np.minimum(np.maximum(x, 0.0), 745.0)), 0.0)
    ratio = np.maximum(x, 1e-300) / a
    excess = (x - a) / a
    log_ratio = np.where(ratio < 0.5, np.log(ratio), np.log1p(np.maximum(excess, -0.6)))
    log_value = a * (log_ratio - excess) + _log_peak(a)
    return np.where(x > 0, np.exp(np.maximum(log_value, -745.0)), 0.0)


@lru_cache(maxsize=256)
def _log_peak(a: float) -> float:
    """Return ``log(a^a e^-a / Gamma(a+1))``, correctly rounded but for the last place."""
    with working_precision(256):
        value = arb(a)
        return float((value * value.log() - value - (value + 1).lgamma()).mid())


def interval_hats(dof: int, s: Floats) -> tuple[Floats, Floats]:
    """Return bounds of ``E[1 - u]`` and ``E[u]``, ``u`` the place of a chi-square variable in an interval.

    Parameters
    ----------
    dof : int
        Degrees of freedom, at least 2.
    s : array of shape (cells + 1,)
        Ends of the intervals, ascending, positive; ``u`` runs from 0 to 1 in each, and outside of it nothing counts.

    Returns
    -------
    low, high : arrays of shape (2, cells)
        By Gauss-Legendre quadrature with 16 points: the ellipse of parameter 4 around an interval of half-width r lies
        within 2.2 r of its middle, where the density is at most ``(1 + (2r/s)^2)^(dof/4)`` times that at the real part.
        To a relative 1e-9; intervals as close to 0 as their width get the trivial bounds.
    """
    half, middle = np.diff(s) / 2, (s[1:] + s[:-1]) / 2
    nodes, weights = np.polynomial.legendre.leggauss(16)
    a = dof / 2 - 1
    mass = half[:, None] * weights * 0.5 * _poisson_like(a, (middle[:, None] + half[:, None] * nodes) / 2)
    place = (1 + nodes) / 2
    values = np.stack([(mass * (1 - place)).sum(axis=1), (mass * place).sum(axis=1)])
    least = middle - 2.2 * half
    apart = least > 0.1 * s[:-1]
    safe = np.where(apart, least, s[:-1])
    peak = np.clip(2 * a, safe, middle + 2.2 * half)  # where the density is largest on the extended interval
    most = 0.5 * _poisson_like(a, peak / 2) * np.exp(a / 2 * np.log1p((2 * half / safe) ** 2))
    error = 1e-9 * values + 64 / 15 * half * 3 * most * 4.0**-30 / (1 - 4.0**-2)
    whole = np.where(apart, 0.0, 1.0)
    return np.where(apart, np.maximum(values - error, 0.0), 0.0), np.where(apart, values + error, whole)


def _by_expansion(d: int, edges: Floats, w: Floats) -> NormMasses:
    """Expand the probability that ``s`` is in a bin around each node, to second order; ``d`` above 1000."""
    k = d - 2
    density, tail = _orthogonal(k, edges, w)
    mass = _steps(tail)  # P(s in B | w)
    slope = np.abs(_steps(density))
    curvature = 0.52 / (k - 2)  # twice the largest |f'|, see _orthogonal
    gap = np.diff(w)
    level, first, second = np.exp(-0.5 * w), 2 * np.exp(-0.5 * w), 4 * np.exp(-0.5 * w)
    ramp = (first[:-1] - first[1:]) / gap
    hat = np.concatenate([level[:1], ramp]) - np.concatenate([ramp, level[-1:]])
    hat_error = 4e-14 * (first / np.minimum(np.append(gap, gap[-1]), np.insert(gap, 0, gap[0])))
    # Within e^(+-gap) of a symmetric hat, whose variance is gap^2/6, the mean is off by at most half that variance.
    left, right = np.insert(gap, 0, 0.0), np.append(gap, 0.0)
    even = np.abs(left - right) < 1e-9
    variance = np.where(even, np.exp(left) * (left**2 / 6), np.maximum(left, right) ** 2)
    offset = np.where(even, variance / 2 + 1e-9, np.maximum(left, right))
    spread = slope * offset + curvature * variance + 1e-12
    wide = np.maximum(left, right)
    around = slope * wide + curvature * wide**2 + 1e-12
    bubble = gap * (first[:-1] + first[1:]) - 2 * (second[:-1] - second[1:])
    bubble_error = 4e-14 * (gap * first[:-1] + 4 * second[:-1])
    return NormMasses(
        np.maximum(hat - hat_error, 0) * np.maximum(mass - spread, 0),
        (hat + hat_error) * (mass + spread),
        -np.expm1(-0.5 * w[0]) * np.minimum(mass[:, 0] + (slope[:, 0] + curvature * w[0]) * w[0] + 1e-12, 1.0),
        np.full(len(edges), math.exp(-0.5 * w[-1]) * (1 + 1e-9)),
        np.maximum(bubble - bubble_error, 0) * np.maximum(mass - around, 0)[:, :-1],
        (bubble + bubble_error) * (mass + around)[:, :-1],
    )


def _steps(values: Floats) -> Floats:
    """Return each row less the next, the last one less nothing."""
    result: Floats = values - np.concatenate([values[1:], np.zeros_like(values[:1])])
    return result


def _orthogonal(k: int, edges: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return density and tail of chi^2_k at ``edges[:, None] - w``, absolute error below 5e-13; ``k`` at least 998.

    The density ``f`` is at most ``1/(2 sqrt(pi (k-2)))`` (Stirling's bound on its mode) and falls at least like
    ``e^(-u^2/(4 max(z, k-2)))`` at ``z = k-2+u``; with ``f' = f ((k-2)/z - 1)/2`` that gives ``|f'| <= 0.26/(k-2)``
    for ``z >= (k-2)/2``, and below that ``f`` is less than 1e-40. The tail is anchored in ball arithmetic at the first
    node and continued by six-point Gauss-Legendre quadrature: within a distance of 2, ``f`` stays below ``4/sqrt(k)``,
    so that intervals of length 1/4 or less (ellipse of parameter 30) add less than 1e-15 each.
    """
    half = k / 2 - 1
    density = 0.5 * _poisson_like(half, (edges[:, None] - w) / 2)
    low = edges < k / 2  # P(chi^2_k < k/2) < 1e-80
    nodes, weights = np.polynomial.legendre.leggauss(6)
    gap = np.diff(w)
    inside = w[:-1, None] + gap[:, None] * (nodes + 1) / 2
    steps = np.empty((len(edges), len(gap)))
    for i, edge in enumerate(edges):
        values = 0.5 * _poisson_like(half, (edge - inside) / 2)
        steps[i] = gap / 2 * (values @ weights)
    with working_precision(96):
        start = [
            1.0 if flat else _midpoint(chi2_above(arb(edge) - arb(w[0]), k))
            for edge, flat in zip(edges, low, strict=True)
        ]
    tail = np.array(start)[:, None] + np.concatenate([np.zeros((len(edges), 1)), np.cumsum(steps, axis=1)], axis=1)
    density[low] = 0.0
    tail[low] = 1.0
    return density, np.minimum(tail, 1.0)


def _midpoint(probability: Ball) -> float:
    """Return the middle of a ball of radius below 1e-13, NaN (unknown) for any other."""
    return float(probability.mid()) if probability.rad() < arb("1e-13") else math.nan


def chi2_above(x: Ball, dof: int) -> Ball:
    """Enclose ``P(chi^2_dof > x)`` for ``x > 0``; the trivial [0, 1] where Arb's upper gamma function gives up."""
    value = (x / 2).gamma_upper(arb(dof) / 2, regularized=1)
    return value if value.is_finite() else arb(0).union(arb(1))


def chi2_tails(dof: int, edges: Floats) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of ``P(chi^2_dof > edges)``, by ball arithmetic; shape (bins,)."""
    low, high = np.ones(len(edges)), np.ones(len(edges))
    with working_precision(64 + dof.bit_length()):
        for i, edge in enumerate(edges):
            if edge > 0:
                ball = chi2_above(arb(float(edge)), dof)
                low[i], high[i] = max(float_below(ball), 0.0), min(float_above(ball), 1.0)
    return low, high
