r"""How likely two queries are to pick one key, given where that key lies in their plane.

**One wedge.** Take two queries at angle ``t`` and look at the keys' projections on their plane, iid standard normal.
Key 1, at distance ``rho`` from the origin and at angles ``a`` and ``b`` from the two queries (``a + b = t``), wins both
when no other key lies above either of the two lines through key 1 that are perpendicular to the queries. The region
above the lines is a wedge with its apex at key 1. The ray from the origin through key 1 cuts it in two, and each half
knows only one of the queries: its Gaussian measure is a function ``K(rho, a)`` of two variables. So

    P(both queries pick key 1 | rho, a, b) = (1 - K(rho, a) - K(rho, b))^(n-1),

a bivariate normal probability without a bivariate normal distribution function. With ``x = rho cos a``,
``K(rho, a) = Q(x)/2 + T(x, tan a)``, ``T`` being Owen's function. Here ``K`` is accumulated from its derivative,

    dK/da = J(rho, a) = (1/2pi) e^(-rho^2/2) N(-rho sin a),    N = -M', M Mills' ratio,

over negative angles, where ``J`` is convex (``N`` is convex and decreasing, and ``sin`` is concave), so that the
midpoint rule stays below and the trapezoidal rule above; and ``K(rho, a) + K(rho, -a) = Q(rho cos a)`` gives the rest.

**An upper bound between the nodes.** In a cell of a grid in ``w = rho^2`` and ``a``, the function ``1 - K`` exceeds its
bilinear interpolation by at most ``h^2/8`` times the largest second derivative of ``K``, in each direction. Raise the
nodal values by that: the power ``n-1`` of a function that is linear in each variable is convex in each, so that the
interpolated powers bound the power. They are too large by the square of the mesh. As ``1-K-K' = (1-K)(1-K')(1-kk')``
with ``k = K/(1-K)``, and both factors increase with ``w`` (the nodes of a cell being raised alike), only products of
one-angle factors have to be summed. That is for many keys; for few, where ``kk'`` is not small, the power is formed for
each pair of angles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from rankbound.bounds.alignment import spline_weights
from rankbound.bounds.mills import ERROR, Floats, mills_ratio, mills_slope, normal_density

FEW_KEYS = 24
"""Number of keys from which winning with a negative score is negligible, and products of factors are accurate."""

_HOPELESS = 100.0  # expected number of keys beyond a score at which winning with it is out of the question
_DISTANT = 40.0  # log of the inverse probability that a key lies beyond the grid, past the fourth power of n
_FINE, _COARSE = 0.045, 0.25  # steps in w, where winning both is in question and beyond
_TURN = 0.033  # how far log n(1-Phi(rho cos a)) may move between neighbouring angles, about
_QUARTER_OF_FEW = 100  # steps in a right angle for few keys
_SAFE = 8 * ERROR


@dataclass(frozen=True, slots=True)
class PairGrid:
    """Nodal values whose interpolation bounds the probability that both queries pick key 1 from above.

    Attributes
    ----------
    n_keys : int
        Number of keys.
    w : array of shape (rows,)
        Squared distance ``rho^2`` of key 1 in the plane of the two queries, ascending.
    step : float
        Distance of neighbouring angles; pi/2 is ``quarter`` of them.
    quarter : int
        Number of steps in a right angle.
    factor : array of shape (rows, 2 reach + 1)
        Upper nodal values of ``(1-K)^(n-1)`` at the angles ``i step``, ``-reach <= i <= reach``.
    ratio : array of the same shape
        Lower bounds of ``K/(1-K)`` in all cells around a node.
    beyond : array of shape (rows,)
        Bounds the factor at every larger angle.
    """

    n_keys: int
    w: Floats
    step: float
    quarter: int
    factor: Floats
    ratio: Floats
    beyond: Floats


def rows(n: int) -> Floats:
    """Return the nodes in ``w = rho^2``: dense near 0 if keys so close can win, coarse where few keys lie."""
    extreme = _extreme_score(n)
    start = max(float(-ndtri(min(_HOPELESS / n, 0.5))), 0.0) ** 2
    wide = 2 * extreme**2  # where two queries at a right angle pick the same key
    middle = max(wide + 20, start + 20)
    end = max(4 * math.log(n) + _DISTANT, middle + 2)
    fine = _FINE if n >= FEW_KEYS else 2 * _FINE
    meshes = ((0.002, 0.3), (0.02, 2.0), (fine, wide + 10), (2 * fine, middle), (_COARSE, end))
    nodes = [np.array([start])]
    for step, until in meshes:
        last = float(nodes[-1][-1])
        if until > last:
            nodes.append(last + step * np.arange(1, math.ceil((until - last) / step) + 1))
    return np.concatenate(nodes)


def _extreme_score(n: int) -> float:
    """Return a typical largest score, a plain float: it only sets mesh sizes."""
    return max(float(-ndtri(min(0.7 / n, 0.4))), 0.5)


def mesh_of_angles(n: int) -> int:
    """Return a number of steps in a right angle that resolves ``(1-K)^(n-1)``.

    It falls over an angle of about ``1/x^2``, where ``x`` is a winning score.
    """
    return math.ceil(math.pi / 2 * (_extreme_score(n) ** 2 + 3) / _TURN)


@lru_cache(maxsize=2)
def pair_grid(n_keys: int) -> PairGrid:
    """Return the grid for ``n_keys``, at least ``FEW_KEYS``; it does not depend on the head dimension."""
    n = n_keys
    w = rows(n)
    quarter = mesh_of_angles(n)
    step = math.pi / 2 / quarter
    widest = math.acos(math.sqrt(float(w[0] / w[-1])))
    reach = min(quarter, math.ceil(widest / step) + 1)
    parts = []
    for padded in _blocks(w):
        low, high = wedge_masses(padded, quarter)
        low, high = _columns(low, quarter, reach + 1), _columns(high, quarter, reach + 1)
        excess = _excess(padded, low, high, step, reach)
        raised = (n - 1) * np.log1p(excess - low[1:-1, 1:-1])
        corner = low[2:, :-2]  # where K is least around a node
        beyond = np.exp((n - 1) * np.log1p(-corner[:, -1])) if reach < quarter else np.zeros(len(corner))
        parts.append((np.exp(raised), corner / (1 - corner), beyond))
    factor, ratio, beyond = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return PairGrid(n, w, step, quarter, factor, ratio, beyond)


def small_pair_values(n: int, head_dim: int) -> Floats:
    """Return upper nodal values of the chance that two queries agree on key 1, for few keys; shape (rows,).

    All positions of key 1 around the circle are summed, those with negative scores too. Angles are counted from the
    direction in which ``K`` vanishes: at ``g = a + pi/2``, ``K(-g) = -K(g)`` and ``K(2pi - g) = 1 - K(g)``.
    """
    quarter = _QUARTER_OF_FEW
    step = math.pi / 2 / quarter
    weights, cut = spline_weights(head_dim, quarter, 2 * quarter + 1)
    values = []
    for padded in _blocks(rows(n), 16):
        low, high = wedge_masses(padded, quarter)
        excess = _excess(
            padded, _columns(low, quarter, quarter + 1), _columns(high, quarter, quarter + 1), step, quarter
        )
        # Beyond pi, and below 0, -K'' and -dK/dw change sign: only the excess in w remains, of either sign.
        low, high = low[1:-1], high[1:-1]
        turned = 1 - high[:, -2::-1]  # angles beyond pi, to 2 pi
        mass = np.concatenate([-high[:, :0:-1], low, turned, 1 + low[:, 1:3]], axis=1)
        extra = np.concatenate([excess[:, :0:-1], excess, excess[:, -2::-1], excess[:, 1:3]], axis=1)
        share = extra - mass  # from -pi on
        total = np.zeros(len(share))
        for k in range(-1, 2 * quarter + 2):
            # Swapping the queries takes an angle to k + 2 quarter less it: half the circle does.
            first = np.arange((k + 1) // 2 + quarter, (k + 2) // 2 + 3 * quarter)
            inside = 1 + share[:, first + 2 * quarter] + share[:, k + 4 * quarter - first]
            powers = np.maximum(inside, 0.0) ** (n - 1)
            half = powers.sum(axis=1)
            if k % 2 == 0:  # both ends of the half circle are their own images
                half -= (powers[:, 0] + powers[:, -1]) / 2
            total += weights[k + 1] * 2 * half
        values.append(total)
    return np.concatenate(values) * (step / (2 * math.pi)) + cut


def _blocks(w: Floats, size: int = 64) -> list[Floats]:
    """Cut the rows into pieces that fit a cache, each with a neighbour at either end."""
    padded = np.concatenate([[max(2 * w[0] - w[1], 0.0)], w, [2 * w[-1] - w[-2]]])
    return [padded[i : i + size + 2] for i in range(0, len(w), size)]


def wedge_masses(w: Floats, quarter: int) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of ``K(sqrt(w), a)`` at the angles ``-pi/2, ..., pi/2``.

    Parameters
    ----------
    w : array of shape (rows,)
        Squared distances, ascending, below 1600.
    quarter : int
        Number of steps in a right angle.

    Returns
    -------
    tuple of arrays of shape (rows, 2 quarter + 1)
    """
    step = math.pi / 2 / quarter
    angles = step * np.arange(quarter + 1)
    rho = np.sqrt(w)[:, None]
    scale = np.exp(-0.5 * w)[:, None] * (step / (2 * math.pi))
    nodes = mills_slope(rho * np.sin(angles))
    middles = mills_slope(rho * np.sin(angles[:-1] + step / 2))
    below, above = np.zeros_like(nodes), np.zeros_like(nodes)  # of K at 0, -step, ..., -pi/2
    below[:, :-1] = np.cumsum(middles[:, ::-1], axis=1)[:, ::-1] * scale * (1 - _SAFE)
    above[:, :-1] = np.cumsum((nodes[:, 1:] + nodes[:, :-1])[:, ::-1], axis=1)[:, ::-1] * scale * (0.5 + _SAFE)
    x = rho * np.append(np.cos(angles[:-1]), 0.0)
    tail = mills_ratio(x) * normal_density(x)
    low = np.concatenate([below[:, :0:-1], np.maximum(tail * (1 - _SAFE) - above, 0.0)], axis=1)
    high = np.concatenate([above[:, :0:-1], tail * (1 + _SAFE) - below], axis=1)
    return np.maximum.accumulate(low[::-1], axis=0)[::-1], high  # K falls as w grows


def _columns(values: Floats, quarter: int, reach: int) -> Floats:
    """Return the columns of the angles from ``-reach`` to ``reach`` steps; beyond a right angle the last one again."""
    wanted = np.clip(np.arange(-reach, reach + 1), -quarter, quarter) + quarter
    return values[:, wanted]


def _excess(w: Floats, low: Floats, high: Floats, step: float, reach: int) -> Floats:
    """Bound how far ``1 - K`` exceeds its bilinear interpolation in the cells around each inner node.

    At an angle ``a``, with ``x = rho cos a`` and ``b = rho sin a``, second derivatives of ``K`` are at most

        in a:  x (1+b^2) phi(x) for a >= 0,   x phi(rho)/2 for a <= 0,
        in w:  phi(x) cos a (x cos a + 1/rho + 1/2) / (4 rho^2), with phi(rho) in place of phi(x) for a <= 0,

    the latter also in absolute value. Each factor is taken where it is largest around the node. Across a cell of ``w``,
    ``1 - K`` does not exceed its interpolation by more than it rises, which says more where ``rho`` is small.
    """
    closer, farther = w[:-2, None], w[2:, None]
    gap = np.maximum(w[2:] - w[1:-1], w[1:-1] - w[:-2])[:, None]
    angle = step * np.arange(-reach, reach + 1)
    up = np.minimum(angle + step, math.pi / 2)
    most_cos = np.where(np.abs(angle) < step / 2, 1.0, np.cos(np.maximum(np.abs(angle) - step, 0.0)))
    least_cos = np.maximum(np.cos(up), 0.0)
    forward = up > step / 2
    density = np.where(forward, np.exp(-0.5 * closer * least_cos**2), np.exp(-0.5 * closer)) / math.sqrt(2 * math.pi)
    x = np.sqrt(farther) * most_cos
    b = np.sqrt(farther) * np.sin(up)
    in_angle = np.where(forward, x * (1 + b * b), x / 2) * density * (step * step / 8)
    inverse = 1 / np.sqrt(np.maximum(closer, 1e-12))
    in_w = density * most_cos * (x * most_cos + inverse + 0.5) * (inverse * gap) ** 2 / 32
    rise = np.maximum(high[1:-1, 1:-1] - low[2:, 1:-1], high[:-2, 1:-1] - low[1:-1, 1:-1])
    return (in_angle + np.minimum(in_w, rise)) * (1 + 1e-9)
