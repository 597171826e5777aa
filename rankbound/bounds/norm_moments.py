r"""Moments of the probability ``p`` that a query picks key 1, in bins of the norm of that key.

For a bin ``B`` of ``|k_1|`` the three numbers that bounds on E[rank] need are

    P_B = P(|k_1| in B),    A_B = E[p; |k_1| in B],    T_B = E[p^2; |k_1| in B],

the last being the probability that two queries both pick key 1 and its norm lies in B. With ``w`` the squared length of
key 1's projection on a plane that contains one query, or two, each is an expectation over ``w`` and the bin: of 1, of
``Y(w)`` (:mod:`rankbound.bounds.win_probability`), of ``Y2(w)``, the average over the angle of the queries and over the
direction of key 1 in their plane (:mod:`rankbound.bounds.wedge`, :mod:`rankbound.bounds.alignment`). ``Y`` and ``Y2``
do not know the bin; the joint law of ``w`` and the bin (:mod:`rankbound.bounds.norm_masses`) does not know ``n``.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from flint import arb

from rankbound.bounds.alignment import spline_weights
from rankbound.bounds.balls import float_above, float_below, working_precision
from rankbound.bounds.mills import Floats
from rankbound.bounds.norm_masses import NormMasses, chi2_tails, norm_masses
from rankbound.bounds.one_thread import one_blas_thread
from rankbound.bounds.wedge import FEW_KEYS, PairGrid, pair_grid, small_pair_values
from rankbound.bounds.win_probability import WinGrid, win_grid

_ROUNDING = 4e-9  # relative error of everything that is rounded in T_B


@dataclass(frozen=True, slots=True)
class NormMoments:
    """Moments in the bins ``(edges[i], edges[i+1])`` of the squared norm, the last one reaching to infinity.

    ``key_low <= P_B <= key_high`` and ``win_low <= A_B <= win_high``; the joint law that they came from is kept for the
    second moment. All arrays have shape (bins,).
    """

    n_keys: int
    head_dim: int
    edges: Floats
    key_low: Floats
    key_high: Floats
    win_low: Floats
    win_high: Floats
    masses: NormMasses | None


@one_blas_thread
def norm_moments(n_keys: int, head_dim: int, edges: Floats) -> NormMoments:
    """Return ``P_B`` and ``A_B`` from both sides; ``n_keys`` at least 2.

    ``A_B`` is known to about 1e-4 of itself in the bins that matter, and the widths of all bins add up to less than
    2e-4 of ``sum A_B = 1/n``.
    """
    key_low, key_high = chi2_tails(head_dim, edges)
    masses = None
    if head_dim == 1:
        win_low, win_high = _wins_on_a_line(n_keys, edges)
    else:
        grid = win_grid(n_keys)
        masses = norm_masses(head_dim, edges, grid.w)
        win_low, win_high = _wins(grid, masses)
    return NormMoments(
        n_keys,
        head_dim,
        edges,
        np.maximum(key_low - np.append(key_high[1:], 0.0), 0.0),
        np.maximum(key_high - np.append(key_low[1:], 0.0), 0.0),
        win_low,
        win_high,
        masses,
    )


def _wins(grid: WinGrid, masses: NormMasses) -> tuple[Floats, Floats]:
    """Return bounds of ``E[Y(w); s in B]`` from the nodal values and the second derivative."""
    widen = 1e-12 * (masses.hat_high @ grid.high)
    bent_most = np.maximum(grid.bend_high, 0.0), np.minimum(grid.bend_high, 0.0)
    bent_least = np.maximum(grid.bend_low, 0.0), np.minimum(grid.bend_low, 0.0)
    low = masses.hat_low @ grid.low - (masses.bubble_high @ bent_most[0] + masses.bubble_low @ bent_most[1]) / 2
    high = masses.hat_high @ grid.high - (masses.bubble_low @ bent_least[0] + masses.bubble_high @ bent_least[1]) / 2
    high += masses.before * grid.high[0] + masses.after
    return np.maximum(low - widen, 0.0), high + widen


def _wins_on_a_line(n: int, edges: Floats) -> tuple[Floats, Floats]:
    """Return bounds of ``A_B`` on a line: the winner's norm is below r with probability ``Phi(r)^n - Phi(-r)^n``."""
    with working_precision(96 + n.bit_length()):
        scores = [arb(float(edge)).sqrt() / arb(2).sqrt() for edge in edges]
        below = [(((-x).erfc() / 2).log() * n).exp() - ((x.erfc() / 2).log() * n).exp() for x in scores] + [arb(1)]
        shares = [(high - low) / n for low, high in itertools.pairwise(below)]
        return (
            np.array([max(float_below(share), 0.0) for share in shares]),
            np.array([max(float_above(share), 0.0) for share in shares]),
        )


@one_blas_thread
def agreement(moments: NormMoments) -> Floats:
    """Return upper bounds on ``T_B``, above it by about 3e-4 of itself; shape (bins,). ``head_dim`` is at least 3."""
    n, d, masses = moments.n_keys, moments.head_dim, moments.masses
    if masses is None:
        raise ValueError(f"head_dim = {d}: expected at least 2, as two queries need a plane; the rank is known exactly")
    values = _pair_values(n, d)
    total = (masses.hat_high @ values + masses.before * values[0] + masses.after) * (1 + _ROUNDING)
    if n >= FEW_KEYS:  # one of the two queries has a negative score: all other n - 1 keys are below it
        total += moments.key_high * 2.0 ** (1 - min(n, 1000))
    result: Floats = np.minimum(total, moments.win_high)  # nobody agrees more often than one query picks the key
    return result


@lru_cache(maxsize=16)
def _pair_values(n: int, head_dim: int) -> Floats:
    """Return upper nodal values of ``Y2(w)``; shape (rows,)."""
    return small_pair_values(n, head_dim) if n < FEW_KEYS else _from_products(pair_grid(n), head_dim)


def _from_products(grid: PairGrid, head_dim: int) -> Floats:
    """Return upper nodal values of ``Y2(w)``; shape (rows,).

    ``(1-kk')^(n-1)`` is bounded by the terms of its binomial expansion up to an even one, each a product of two
    one-angle factors: what follows is an alternating sum of matrix products.
    """
    reach = (grid.factor.shape[1] - 1) // 2
    weights, cut = spline_weights(head_dim, grid.quarter, 2 * reach)
    padded = np.concatenate([np.zeros(2 * reach), weights[1:]])  # no weight at negative angles but for t = -step
    padded[2 * reach - 1] = weights[0]
    hankel = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)[: 2 * reach + 1]
    # Of two angles that sum to t >= -step, at most one is negative: pairs of negative ones need not be formed.
    mixed, positive = 2 * hankel[:reach, reach:], hankel[reach:, reach:]
    values = np.zeros(len(grid.w))
    size = np.zeros(len(grid.w))
    factor = grid.factor
    coefficient = 1.0
    for k in range(_terms(grid.n_keys)):
        inner = factor[:, :reach] @ mixed + factor[:, reach:] @ positive
        product = np.einsum("ri,ri->r", inner, factor[:, reach:])
        values += coefficient * product
        size += abs(coefficient) * product
        coefficient *= -(grid.n_keys - 1 - k) / (k + 1)
        factor = factor * grid.ratio
    scale = grid.step / (2 * math.pi)
    return (values + 1e-11 * size) * scale + grid.beyond + cut


def _terms(n: int) -> int:
    """Return how many terms, an odd number, of the expansion of ``(1-kk')^(n-1)``, about ``1 - 1/n``, are worth it."""
    if n > 10**5:
        return 1
    return 3 if n >= 256 else 7
