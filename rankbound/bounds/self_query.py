r"""A better barrier for narrow heads: condition on who wins the query that points at key 1.

The norm-conditioned barrier (T6) is Jensen's inequality given ``|k_1|``. In few dimensions the pick probability ``p``
of key 1 still varies a lot given the norm, and much of that is whether another key reaches farther in key 1's own
direction. Let V be the event that none does: key 1 wins the query parallel to it. For every bin B of the norm
and all ``0 <= a_c <= a_v``, since a concave function lies below its tangents,

    E[h(p); B] <= E[h(a_v) + h'(a_v)(p - a_v); B, V] + E[h(a_c) + h'(a_c)(p - a_c); B, not V]
                = t_c P_B + (t_v - t_c) P_V + h'(a_c) A_B - (h'(a_c) - h'(a_v)) A_V,      t = h(a) - a h'(a) >= 0,

with ``P_B, A_B`` as in T6, ``P_V = P(B, V)`` and ``A_V = E[p; B, V]``. As ``t`` grows with ``a`` and ``h'`` falls,
upper ends of the first three and a lower end of ``A_V`` suffice; with ``a_v = A_V/P_V`` and ``a_c = (A_B - A_V)/(P_B -
P_V)`` it is Jensen's inequality given the norm and V, which is never worse than T6.

**What V costs.** Given ``r = |k_1|``, V has probability ``Phi(r)^(n-1)``. And key 1 wins both the query parallel to it
and one at an angle ``a`` exactly when it wins two queries in whose plane it lies, at the angles 0 and ``a`` from them:

    E[p; V | r] = E_a[(1 - K(r, 0) - K(r, a))^(n-1)],    K(r, 0) = Q(r)/2,

with the half wedges ``K`` of :mod:`rankbound.bounds.wedge`: a sum over one angle, not two. Between nodes in ``s = r^2``
and ``a`` the power is bounded from below by its interpolation less ``h^2/8`` times its largest second derivative.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from flint import arb

from rankbound.bounds.alignment import hat_weights
from rankbound.bounds.balls import Ball, float_above, working_precision
from rankbound.bounds.mills import ERROR, Floats, mills_ratio, normal_density
from rankbound.bounds.norm_conditioned import binned_moments, enclose_from_moments
from rankbound.bounds.norm_masses import interval_hats
from rankbound.bounds.norm_moments import NormMoments
from rankbound.bounds.occupancy import hit_probability
from rankbound.bounds.one_thread import one_blas_thread
from rankbound.bounds.wedge import mesh_of_angles, wedge_masses
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

_CUTS = 4  # cells per bin of the norm
_BLOCK = 64
_WIDEST = 1500.0  # squared norm up to which Mills' ratio is tabled; V is all but impossible in such wide heads


def self_query_barrier(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return a proved upper bound on E[rank] that beats the norm-conditioned barrier in narrow heads.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    float
        Rounded up. 13% below the norm-conditioned barrier at (512, 4), 1.8% at (512, 8), 0.03% at (512, 16), and equal
        to it in wide heads.
        ``inf`` at ``head_dim`` 1 and 2 and for fewer than three keys, where E[rank] is known.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n < 3 or d < 3:
        return math.inf
    moments = binned_moments(n, d, m)
    if moments.edges[-1] > _WIDEST:
        return enclose_from_moments(moments, m).upper
    alone, wins = _given_self_win(moments)
    with working_precision(96 + n.bit_length() + m.bit_length()):
        terms = [
            _term(float(key), float(win), float(lone), float(won), m)
            for key, win, lone, won in zip(moments.key_high, moments.win_high, alone, wins, strict=True)
        ]
        return float_above(n * sum(terms, arb(0)))


def _term(key: float, win: float, alone: float, won: float, m: int) -> Ball:
    """Return the upper bound of one bin as a ball, from ``P_B, A_B, P_V`` (upper ends) and ``A_V`` (lower end)."""
    if win <= 0 or key <= 0:
        return arb(0)
    first = min(won / alone, 1.0) if alone > 0 else 0.0
    rest = min(max(win - won, 0.0) / max(key - alone, 1e-300), 1.0)
    if not 0 < rest < first:  # nothing to be gained from V
        share = arb(win) / arb(key)
        return (key * hit_probability(share, m)).upper() if share < 1 else arb(key)
    slope_first, start_first = _tangent(first, m)
    slope_rest, start_rest = _tangent(rest, m)
    bound = start_rest * key + (start_first - start_rest) * alone + slope_rest * win - (slope_rest - slope_first) * won
    return bound.upper() if bound.is_finite() and bound < key else arb(key)


def _tangent(a: float, m: int) -> tuple[Ball, Ball]:
    """Return ``h'(a)`` and ``h(a) - a h'(a)``, for a float in (0, 1]."""
    if a >= 1:
        return arb(0), arb(1)
    slope = m * ((-arb(a)).log1p() * (m - 1)).exp()
    return slope, hit_probability(arb(a), m) - a * slope


@one_blas_thread
def _given_self_win(moments: NormMoments) -> tuple[Floats, Floats]:
    """Return upper bounds of ``P_V`` and lower bounds of ``A_V`` in the bins of ``moments``; shape (bins,)."""
    n, d, edges = moments.n_keys, moments.head_dim, moments.edges
    pieces = [np.linspace(a, b, _CUTS, endpoint=False) for a, b in itertools.pairwise(edges[1:])]
    s = np.append(np.concatenate(pieces), edges[-1])
    padded = np.concatenate([s[:1], s, s[-1:]])
    quarter = mesh_of_angles(n)
    weights = hat_weights(d, quarter)
    blocks = range(0, len(s), _BLOCK)
    won = np.concatenate([_wins(n, padded[i : i + _BLOCK + 2], quarter, weights) for i in blocks])
    alone = _alone(n, padded)
    low, high = interval_hats(d, s)
    cells_won = sum(np.where(f >= 0, a, b) * f for a, b, f in zip(low, high, (won[:-1], won[1:]), strict=True))
    cells_alone = high[0] * alone[:-1] + high[1] * alone[1:]
    # The first bin and the last are left out: V may always or never happen there.
    bins_won = np.concatenate([[0.0], np.maximum(cells_won.reshape(-1, _CUTS).sum(axis=1), 0.0), [0.0]])
    bins_alone = np.concatenate([[np.inf], cells_alone.reshape(-1, _CUTS).sum(axis=1), [np.inf]])
    return np.minimum(bins_alone * (1 + 1e-9), moments.key_high), np.minimum(bins_won * (1 - 1e-9), moments.win_high)


def _alone(n: int, padded: Floats) -> Floats:
    """Return upper nodal values of ``Phi(sqrt(s))^(n-1)`` at the inner nodes of ``padded``."""
    s, closer = padded[1:-1], padded[:-2]
    gap = np.maximum(padded[2:] - s, s - closer)
    rho, least = np.sqrt(s), np.sqrt(closer)
    bend = normal_density(least) * (least + 1 / least) / (4 * closer)
    tail = mills_ratio(rho) * normal_density(rho) * (1 - 8 * ERROR)
    result: Floats = np.exp((n - 1) * np.log1p(gap**2 / 8 * bend - tail)) * (1 + 1e-9)
    return result


def _wins(n: int, padded: Floats, quarter: int, weights: Floats) -> Floats:
    """Return lower nodal values of ``E[p; V | r]`` at the inner nodes of ``padded``, angles above pi/2 left out.

    At an angle ``a``, with ``x = r cos a``, ``b = r sin a`` and ``G = 1 - K(r, 0) - K(r, a)``: ``-dG/da <= phi(x) (b +
    0.4)``, ``dG/ds <= (cos a phi(x) + phi(r)/2) / (2r)``, ``G`` is concave in ``a``, and its second derivative in ``s``
    is at most ``0.1 cos a phi(r) / s``; each factor is taken where it is largest around the node.
    """
    step = math.pi / 2 / quarter
    low, high = wedge_masses(padded, quarter)
    r = np.sqrt(padded)[:, None]
    half = mills_ratio(r) * normal_density(r) / 2
    value = np.exp((n - 1) * np.log1p(-np.minimum(half * (1 + 8 * ERROR) + high[:, quarter:], 1 - 1e-9))[1:-1])
    log_most = np.log1p(-(half * (1 - 8 * ERROR) + low[:, quarter:]))[2:]  # one node farther out, and one angle less
    power = np.exp((n - 3) * np.concatenate([log_most[:, :1], log_most[:, :-1]], axis=1))
    angle = step * np.arange(quarter + 1)
    before, after = np.maximum(angle - step, 0.0), np.minimum(angle + step, math.pi / 2)
    near, far = r[:-2], r[2:]
    gap = np.maximum(padded[2:] - padded[1:-1], padded[1:-1] - padded[:-2])[:, None]
    density = np.exp(-0.5 * (near * np.maximum(np.cos(after), 0.0)) ** 2) / math.sqrt(2 * math.pi)
    centre = np.exp(-0.5 * near**2) / math.sqrt(2 * math.pi)
    turn = density * (far * np.sin(after) + 0.4)
    rise = (density * np.cos(before) + centre / 2) / (2 * near)
    pairs = float(n - 1) * (n - 2)
    bend = step**2 / 8 * pairs * power * turn**2
    bend += gap**2 / 8 * power * (pairs * rise**2 + (n - 1) * 0.1 * np.cos(before) * centre / near**2)
    lowered = value * (1 - 1e-9) - bend * (1 + 1e-9)
    result: Floats = np.maximum(lowered, 0.0) @ weights + np.minimum(lowered, 0.0) @ (weights * (1 + 1e-8) + 1e-20)
    return result
