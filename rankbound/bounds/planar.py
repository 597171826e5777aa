"""The expected rank at head dimension 2, to ten digits (T11).

**A count of corners.** A query picks the key that is extreme in its direction, so the winning keys are the corners of
the convex hull of the keys, and a corner wins a query with probability t/(2 pi), ``t`` its exterior angle. Hence
E[rank] is the integral over ``0 < t < pi`` of ``h(t/(2 pi)) f(t)``, ``h(p) = 1 - (1-p)^m`` and ``f`` the mean number of
corners per unit of exterior angle. (Twice integrated by parts it is the formula with ``w(t)``, whose terms cancel.)

**Their law.** Put the corner, key 1, at distance ``r`` from the origin; its two edges have outer normals at angles
``a_1 = t/2 + s`` and ``a_2 = t/2 - s`` to either side of the direction of the corner. An edge carries another key with
density ``J(r, a) = q N(-r sin a)``, ``q = exp(-r^2/2)/(2 pi)``, where ``N(z) = int_0^oo u exp(-zu - u^2/2) du =
1 - z M(z)`` and ``M`` is Mills' ratio; the other ``n-3`` keys avoid the outside, of measure ``K(r, a_1) + K(r, a_2)``
with ``dK/da = J`` and ``K(r, -pi/2) = 0``, the part beyond either edge being cut at the outward radial ray. So

    f(t) = n(n-1)(n-2) int_0^oo r exp(-r^2/2) int_{-pi}^pi J J' (1 - K - K')^(n-3) ds dr.

It is evaluated through ``K(r, a) + K(r, -a) = Q(r cos a)`` (a half-plane), ``Q`` the normal tail, so that nothing
cancels: only ``M(r cos a)``, ``N(r sin a)`` and ``K(r, -a)``, ``0 <= a <= pi/2``, are interpolated.

**What is enclosed.** All functions are entire, so that Gauss-Legendre panels in ``r`` and ``t`` and the trapezoidal
rule in ``s`` converge geometrically, with a known bound from a bound of the integrand off the real axis, in one
variable at a time (Trefethen 2013, theorems 8.2 and 19.3; Trefethen and Weideman 2014, theorem 3.2). That comes from

    |N(z)| <= N(Re z),    |K(r, a+d) - K(r, a)| <= |d| sup |J|,    |dK/dr| <= exp(Im(r)^2/2) q |cos a| M(-r sin a)

(``r`` its real part on the right) and from ``|1 - K - d| <= exp(|d| - K)`` for real ``K <= 1``, monotone in ``a``, in
cells. Where
the integrand is negligible (large ``r``, small ``r``, large ``a``) the same bound says how negligible. Rounding is
counted to first order, twice over; NumPy's elementary functions are assumed to be accurate to a relative 2^-45.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import arb

from rankbound.bounds.balls import working_precision
from rankbound.bounds.mills import Floats, mills_ratio, mills_slope
from rankbound.bounds.occupancy import barrier
from rankbound.bounds.one_thread import one_blas_thread
from rankbound.bounds.planar_envelope import CELLS, Envelope
from rankbound.bounds.polynomials import chebyshev_basis, chebyshev_points, legendre_rule
from rankbound.enclosure import Enclosure
from rankbound.errors import invalid
from rankbound.setting import check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_FUNCTION = 2.0**-45  # assumed relative error of exp, log1p, expm1, sin and cos
_UNIT = 2.0**-53
_ROOT_2PI = math.sqrt(2 * math.pi)
_TOLERANCE = 3e-12  # absolute error that each rule is allowed in each panel
_SLICES = 24
_TIP = 0.012  # longest panel at t = 0
_CHUNK = 120_000  # numbers in one array


@one_blas_thread
def planar_rank(n_keys: int, *, n_queries: int | None = None) -> Enclosure:
    """Enclose E[rank] at ``head_dim = 2``.

    Parameters
    ----------
    n_keys, n_queries : int
        ``n``, at least 3, and ``m``, at least 1; ``m = n`` unless given.

    Returns
    -------
    Enclosure
        Of relative width below 1e-9: the widest seen is 7.4e-10, at ``n = 10^18``, ``m = 2``. The width is an outcome
        and not an input: it would be larger where the bounds on the error are. One to three seconds.

    Raises
    ------
    ValueError
        If a size is not an integer in its range; for one or two keys E[rank] has a closed form in every dimension.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if n < 3:
        remedy = "use expected_rank, which is exact for one and two keys"
        raise invalid("n_keys", n, "at least 3 keys", remedy)
    if m == 1:
        return Enclosure(1.0, 1.0, Rigour.EXACT, "one query")
    value, error = _corners(n, m)
    most = barrier(n, n_queries=m).upper
    low, high = max(value - error, 1.0), min(value + error, most)
    if not low <= high:  # nothing is known but what always holds
        low, high = 1.0, most
    return Enclosure(low, high, Rigour.ENCLOSED, "planar corners by exterior angle")


def _corners(n: int, m: int) -> tuple[float, float]:
    """Return the integral of ``h f`` as computed, and a bound on its error."""
    log_n = math.log(n)
    # Keys beyond the last radius: n exp(-r^2/2) in the mean.
    half_squares = np.linspace(0.0, log_n + 25.5, math.ceil((log_n + 25.5) / 2.5))
    edges = np.sqrt(2 * half_squares)
    value, error = 0.0, 2 * n * math.exp(-(float(edges[-1]) ** 2) / 2)
    for low, high in itertools.pairwise(edges.tolist()):
        part, doubt = _panel(n, m, low, high)
        value, error = value + part, error + doubt
    return value, error + 1e-14 * value


def _panel(n: int, m: int, low: float, high: float) -> tuple[float, float]:
    """Return the contribution of corners at distances between ``low`` and ``high``, and a bound on its error."""
    weight = _number(n) * math.exp(-low * low / 2) * -math.expm1(-(high * high - low * low) / 2)  # of all radii
    slices = np.linspace(low, high, _SLICES + 1)
    envelope = Envelope(n, slices[:-1], slices[1:])
    real = envelope.angular(0.0, 0.0).max(axis=0)
    whole = weight * 2 * math.pi**2 * math.exp(min(float(real.max()), 600.0))
    if whole < _TOLERANCE:
        return 0.0, whole
    # Where the larger angle exceeds the reach, the integrand is below what the tolerance allows.
    beyond = np.maximum.accumulate(real[::-1])[::-1]
    negligible = np.flatnonzero(beyond < math.log(_TOLERANCE / (weight * 2 * math.pi**2)))
    error, reach, last_angle = 0.0, math.pi / 2, math.pi
    if negligible.size and negligible[0] < 0.75 * CELLS:
        error = weight * 2 * math.pi**2 * math.exp(float(beyond[negligible[0]]))
        reach = float(negligible[0]) / CELLS * math.pi / 2
        last_angle = 2 * reach
    strips = np.minimum(np.geomspace(0.35, 2.5, 11) / (1 + high * high / 2), 0.75)
    bounds = np.array([envelope.angular(strip, 0.0).max() for strip in strips])
    steps, doubt_s = _trapezoidal(weight * last_angle * 4 * math.pi, strips, bounds)
    lean = strips / 2 if reach == math.pi / 2 else np.full(strips.size, _TIP / 6)
    bounds = np.array([envelope.angular(strip, shift).max() for strip, shift in zip(strips, lean, strict=True)])
    t, t_weight, doubt_t = _angle_nodes(m, last_angle, weight * 2 * math.pi, strips, bounds)
    r, r_weight, doubt_r = _radius_nodes(n, low, high)
    part, rounding = _quadrature(n, _Grid(t, t_weight, steps, reach), r, r_weight)
    return part, error + doubt_s + doubt_t + doubt_r + rounding


def _number(n: int) -> float:
    return float(n) * float(n - 1) * float(n - 2)


def _trapezoidal(scale: float, strips: Floats, bounds: Floats) -> tuple[int, float]:
    """Return the number of steps around the circle, and ``scale sup|f| / (e^(N strip) - 1)``, the error it leaves."""
    excess = np.maximum(math.log(scale / _TOLERANCE) + bounds, 1.0)
    counts = 2 * np.ceil(excess / strips / 2)
    best = int(np.argmin(counts))
    return int(counts[best]), 2 * math.exp(math.log(scale) + float(bounds[best] - counts[best] * strips[best]))


def _gauss_count(half: Floats, rho: Floats, log_bounds: Floats) -> tuple[Floats, Floats]:
    """Return the least numbers of Gauss-Legendre points that meet the tolerance, and bounds on the errors left.

    In the ellipses of parameters ``rho`` (columns) around a panel of half-width ``half`` (rows) the integrand is at
    most ``exp(log_bounds)`` (Trefethen 2013, theorem 19.3); the best ellipse is chosen for each panel.
    """
    one_point = np.log(64 / 15 * half) + log_bounds - np.log1p(-(rho**-2.0))
    points = 1 + np.ceil(np.maximum(one_point - math.log(_TOLERANCE), 0) / (2 * np.log(rho)))
    best = (np.arange(len(points)), np.argmin(points, axis=1))
    return points[best], 1.01 * np.exp((one_point - 2 * (points - 1) * np.log(rho))[best])


def _angle_nodes(m: int, last: float, scale: float, strips: Floats, bounds: Floats) -> tuple[Floats, Floats, float]:
    """Return nodes and weights for ``0 < t < last`` (the weights contain ``h``), and a bound on the error.

    Equal panels, as many as need the fewest nodes; the first is cut further, geometrically towards the scale ``1/m``
    of ``h``. An ellipse with ``rho <= 3`` exceeds its panel ``[t, 4t]`` by at most ``t`` to the left, so that
    ``|1 - t/(2 pi)| <= 1`` there; the one of ``[0, t]`` reaches ``-t/3``.
    """

    def plan(count: int) -> tuple[Floats, Floats, Floats]:
        cuts = [0.0, min(40.0 / m, _TIP, last / count / 2)]
        while cuts[-1] < last / count / 4:
            cuts.append(4 * cuts[-1])
        ends = np.array(cuts + [last * i / count for i in range(1, count + 1)])
        half = np.diff(ends)[:, None] / 2
        rho = np.minimum(2 * strips / half + np.hypot(1, 2 * strips / half), 3.0)
        log_largest = np.full(half.shape, math.log(2 * scale))
        log_largest[0] = math.log(scale * (1 + math.exp(m * cuts[1] / (6 * math.pi))))
        return ends, *_gauss_count(half, rho, bounds + log_largest)

    ends, points, left = min((plan(count) for count in range(1, 13)), key=lambda panels: panels[1].sum())
    rules = [
        (start, end - start, *legendre_rule(int(k))) for start, end, k in zip(ends[:-1], ends[1:], points, strict=True)
    ]
    t = np.concatenate([start + width * x for start, width, x, _ in rules])
    weight = np.concatenate([width * w for _, width, _, w in rules])
    return t, -np.expm1(m * np.log1p(-t / (2 * math.pi))) * weight, float(left.sum())


def _radius_nodes(n: int, low: float, high: float) -> tuple[Floats, Floats, float]:
    """Return nodes and weights for ``low < r < high`` (they contain all that depends on r alone), and the error."""
    centre, half = (low + high) / 2, (high - low) / 2
    strips = np.geomspace(0.2, 1.5, 7) / math.hypot(1, centre)
    log_bounds = []
    for strip in strips:
        cuts = np.linspace(-1.0, 1.0, _SLICES + 1) * math.hypot(half, strip) + centre
        # The integral over the circle is even in r, and so is the bound.
        nearest = np.where(cuts[:-1] * cuts[1:] < 0, 0.0, np.minimum(np.abs(cuts[:-1]), np.abs(cuts[1:])))
        farthest = np.maximum(np.abs(cuts[:-1]), np.abs(cuts[1:]))
        bound = Envelope(n, nearest, farthest).radial(float(strip)).max(axis=1)
        log_bounds.append((bound + np.log(farthest + strip) + (strip**2 - nearest**2) / 2).max())
    rho = strips / half + np.hypot(1, strips / half)
    log_scale = math.log(2 * math.pi**2 * _number(n))
    points, error = _gauss_count(np.array([[half]]), rho[None], np.array(log_bounds)[None] + log_scale)
    x, w = legendre_rule(int(points[0]))
    r = low + (high - low) * x
    return r, (high - low) * w * _number(n) * r * np.exp(-r * r / 2), float(error[0])


class _Grid:
    """The pairs of angles of the corners' edges, with what depends on them alone.

    Angles are folded into ``[0, pi/2]``; ``K = sign (offset + half Q(r cos a) + side K(r, -a))`` at the folded one.
    """

    def __init__(self, t: Floats, t_weight: Floats, steps: int, reach: float) -> None:
        full = reach >= math.pi / 2
        s = np.arange(steps // 2 + 1) * (2 * math.pi / steps)
        s_weight = np.full(s.size, 4 * math.pi / steps)  # s and -s are alike
        s_weight[[0, -1]] /= 2
        first = t[:, None] / 2 + s
        second = t[:, None] / 2 - s
        kept = np.full(first.shape, True) if full else first <= reach
        self.reach = reach
        self.weight = (t_weight[:, None] * s_weight)[kept]
        self.angles = (first[kept], second[kept])


def _fold(angle: Floats, reach: float) -> tuple[Floats, npt.NDArray[np.bool_], Floats, Floats, Floats]:
    """Return the angle in ``[0, pi/2]``, whether its sine is positive, and the coefficients 1, Q, K(r, -a) of K."""
    if reach < math.pi / 2:
        outward = angle > 0
        return np.abs(angle), outward, np.zeros(1), outward.astype(float), np.where(outward, -1.0, 1.0)
    g = angle + math.pi / 2  # in [-pi/2, 2 pi]; K is odd in g and K(2 pi - g) = 1 - K(g)
    far = g > math.pi
    mirrored = np.where(far, 2 * math.pi - g, np.abs(g))
    outward = mirrored > math.pi / 2
    sign = np.where(far | (g < 0), -1.0, 1.0)
    half, side = np.where(outward, sign, 0.0), np.where(outward, -sign, sign)
    return np.abs(mirrored - math.pi / 2), outward, far.astype(float), half, side


@dataclass(frozen=True, slots=True)
class _Series:
    """Chebyshev coefficients, one row a radius, and relative errors of their sums (``side``: to its value at 0)."""

    tail: Floats  # M(r cos a)
    edge: Floats  # N(r sin a)
    side: Floats  # K(r, -a) / q
    tail_error: float
    edge_error: float
    side_error: float


def _series(r: Floats, reach: float, accuracy: float) -> _Series:
    """Interpolate in ``a`` on ``[0, reach]``, for each radius; 4 Lebesgue constants times ``accuracy`` is aimed at."""
    size = 12
    while (left := _interpolation_error(float(r.max()), reach, size)) > accuracy and size < 96:
        size += 4
    x, matrix = chebyshev_points(size)
    with working_precision(80):
        angles = [arb(float(angle)) for angle in (x + 1) * (reach / 2)]
        cosine = np.array([max(float(angle.cos().mid()), 0.0) for angle in angles])
        sine = np.array([float(angle.sin().mid()) for angle in angles])
    tail = mills_ratio(r[:, None] * cosine) @ matrix
    edge = mills_slope(r[:, None] * sine) @ matrix
    padded = np.concatenate([edge, np.zeros((r.size, 2))], axis=1)
    order = np.arange(1, size + 1)
    side = np.empty((r.size, size + 1))
    side[:, 1:] = -(reach / 2) * (padded[:, :-2] - padded[:, 2:]) / (2 * order)
    side[:, 1] -= (reach / 2) * padded[:, 0] / 2  # the first coefficient counts twice
    least_tail, least_edge = mills_ratio(r), mills_slope(r)
    start = least_tail * (_ROOT_2PI / 2)  # K(r, 0) / q
    side[:, 0] = start - side[:, 1:] @ (-1.0) ** order
    # The values at the nodes are accurate to 2^-50 and 2 (1.3 + r) units for their angle; the matrix, its product and
    # the sum over polynomials (Lebesgue constant below 4) to a unit a term; the k-th polynomial, by the three-term
    # recurrence, to 8 (k+2)^2 units, which includes its argument's error.
    node = 4 * (8 + 2 * (1.3 + float(r.max())) + 2 * size) * _UNIT + left
    degree = 8 * _UNIT * ((np.arange(size + 1) + 2.0) ** 2 + size)
    return _Series(
        tail,
        edge,
        side,
        float(((np.abs(tail) @ degree[:-1] + 1.3 * node) / least_tail).max()),
        float(((np.abs(edge) @ degree[:-1] + node) / least_edge).max()),
        float(((np.abs(side) @ degree + 2 * node) / start).max()),
    )


def _interpolation_error(radius: float, reach: float, size: int) -> float:
    """Bound the error of the interpolants of ``N(r sin a)`` and ``M(r cos a)`` (Trefethen 2013, theorem 8.2)."""
    rho = np.linspace(1.5, 8.0, 40)
    over = reach / 2 * ((rho + 1 / rho) / 2 - 1)
    lift = np.cosh(reach / 2 * (rho - 1 / rho) / 2)
    y = radius * np.sin(np.minimum(over, math.pi / 2)) * lift
    log_bound = np.log1p(y) + y * y / 2 + 2  # |M(-y)|, |N(-y)| <= 1.3 + sqrt(2 pi) (1+y) exp(y^2/2)
    log_error = math.log(4) + log_bound - (size - 1) * np.log(rho) - np.log(rho - 1)
    return math.exp(min(float(log_error[over < 1.5].min()), 0.0))


def _quadrature(n: int, grid: _Grid, r: Floats, r_weight: Floats) -> tuple[float, float]:
    """Sum the integrand over the nodes; return the sum and a bound on what rounding and interpolation did to it."""
    corners = n * math.exp(-(float(r[0]) ** 2) / 2)  # beyond the first radius, in the mean, there are fewer
    series = _series(r, grid.reach, min(2e-14 / min(corners, 20.0), 1e-9))
    others, power = float(n - 3), float(max(n - 4, 0))
    top = float(r.max())
    cap_error = _FUNCTION * (2 + top * top)
    density_error = 2 * (series.edge_error + cap_error + 4 * _FUNCTION)
    # Below pi/2, K = Q - K(r, -a) >= Q/2 and K + K' >= Q(r); beyond it six times as much is ample.
    measure_error = 2 * (series.tail_error + cap_error + 4 * _FUNCTION) + series.side_error + 2 * _FUNCTION * top**2
    if grid.reach == math.pi / 2:
        measure_error *= 6
    # Below this, powers of 1 - K - K' are negligible; above, they are not much changed by an error in K.
    floor = min(max(10 ** (-20 / max(power, 1.0)), 1e-9, 100 * power * measure_error), 0.5)
    plain = measure = most_j = most_k = 0.0
    scale = np.exp(-r * r / 2)[:, None] / (2 * math.pi)
    rows = max(1, _CHUNK // r.size)
    for start in range(0, grid.weight.size, rows):
        density, both = np.ones(1), np.zeros(1)
        for angles in grid.angles:
            folded, outward, offset, half, side = _fold(angles[start : start + rows], grid.reach)
            basis = chebyshev_basis(2 * folded / grid.reach - 1, series.side.shape[1])
            cap = np.exp(np.multiply.outer(r * r / -2, np.cos(folded) ** 2))
            carried = scale * (series.edge @ basis[:-1])
            carried += cap * np.multiply.outer(r, np.where(outward, np.sin(folded) / _ROOT_2PI, 0.0))
            density = density * carried
            most_j = max(most_j, float(carried.max()))
            cap *= (series.tail @ basis[:-1]) * (half / _ROOT_2PI)
            both = both + (offset + cap + scale * (series.side @ basis) * side)
        if n > 3:
            most_k = max(most_k, float(both.max()))
            density *= np.exp(power * np.log1p(-np.minimum(both, 1 - floor)))
        weight = grid.weight[start : start + rows]
        plain += float(r_weight @ (density @ weight))
        density *= both
        measure += float(r_weight @ (density @ weight))
    total = plain if n == 3 else plain - measure  # sums of J J' (1-K-K')^(n-4), times 1 and times K + K'
    # Nodes are rounded: angles by up to 16 u (folded ones 32 u), radii by 4 u of themselves, against the logarithmic
    # derivatives.
    angle_error = 16 * _UNIT * (grid.reach if grid.reach < math.pi / 2 else 2 * math.pi)
    node_error = 2 * angle_error * top * (top + 1.3) + 4 * _UNIT * (1 + 4 * top * top + 3 * top)
    sums = (2.0 * grid.weight.size + 2 * r.size + 64) * _UNIT * (plain + (measure if n > 3 else 0.0))
    error = (density_error + node_error + 8 * _FUNCTION) * total + sums
    if n > 3:
        error += others * measure * (measure_error + 2 * _FUNCTION + 20 * _UNIT * top * (top + 1))
        error += others * 2 * most_j * angle_error * plain
        error *= math.exp(min(power * measure_error * most_k / max(1 - most_k, floor), 600.0))
        if n > 4 and most_k > 1 - floor:
            error += 2 * most_j**2 * float(r_weight.sum()) * float(grid.weight.sum()) * floor**others
    return total, 2 * error
