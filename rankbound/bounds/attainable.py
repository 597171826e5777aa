"""The attainable rank: how many keys can win at all (T12).

A key can win for some query only if it is a vertex of the convex hull of the keys, so the expected number of vertices
bounds E[rank] for every number of queries, and is its limit as their number grows. For ``n > d`` Gaussian points

    E f_0 = 2 sum over l = d, d-2, ... >= 1 of  C(n,l) l gamma_{l-1}(-1/l) gamma_{n-l}(1/l),
    gamma_k(r) = int phi(x) Phi(sqrt(r) x)^k dx

(Affentranger and Schneider 1992; Kabluchko and Zaporozhets 2020). ``gamma_{l-1}(-1/l)``, with ``Phi(iy) = 1/2 +
(i/2) erfi(y/sqrt 2)``, is the angle at a vertex of the regular simplex with ``l`` vertices, as a share of the full one,
and ``gamma_{n-l}(1/l)`` the external angle of a face of ``l`` vertices in the one with ``n``. Every term is positive.

Both integrands are entire and are integrated by Arb between finite ends. The internal angle is taken along the line
``x/sqrt(l) = y + ib`` through the saddle point, where little cancels: it is the integral over real ``y`` of
``sqrt(l/(2 pi)) exp(l u^2/2) Phi(u)^(l-1)``, ``u = -b + iy``. What lies outside the ends is bounded through
``|Phi(-b + iy)| <= exp(y^2/2) Phi(-b)``, and on the real line through ``Phi <= 1`` and ``Phi`` increasing.
"""

from __future__ import annotations

import math
from fractions import Fraction

from flint import acb, arb
from scipy.special import ndtri

from rankbound.bounds.balls import Ball, enclose_fraction, float_above, float_below, integrate, working_precision
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim, check_n_keys
from rankbound.verdict import Rigour

_WIDEST = 20  # head dimension up to which the sum is formed: about 4 s


def attainable_rank(n_keys: int, head_dim: int) -> Enclosure:
    """Enclose the expected number of keys that some query can pick, an upper bound on E[rank] for all ``n_queries``.

    Parameters
    ----------
    n_keys, head_dim : int
        Sizes ``n`` and ``d``, at least 1.

    Returns
    -------
    Enclosure
        Rung ``exact`` for ``n <= d + 1`` (all keys) and for ``d = 1`` (two). Otherwise of relative width below 1e-9 up
        to ``head_dim = 20``, in time that grows with it; for wider heads ``[d + 1, n]``, which is true and says little:
        there the barrier is the better bound anyhow.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    if n <= d + 1:
        return enclose_fraction(Fraction(n), "all keys are vertices")
    if d == 1:
        return Enclosure(2.0, 2.0, Rigour.EXACT, "two ends of an interval")
    fewest, most = enclose_fraction(Fraction(d + 1), "").lower, enclose_fraction(Fraction(n), "").upper
    if d > _WIDEST:
        return Enclosure(fewest, most, Rigour.ENCLOSED, "a polytope has more than d vertices, and at most n")
    with working_precision(80 + n.bit_length()):
        value = expected_vertices(n, d)
        low, high = max(float_below(value), fewest), min(float_above(value), most)
        return Enclosure(low, high, Rigour.ENCLOSED, "vertices of a Gaussian polytope")


def expected_vertices(n: int, d: int) -> Ball:
    """Enclose ``E f_0`` for ``n > d`` points, at the current precision."""
    return 2 * sum((internal_angle(size) * weighted_external_angle(n, size) for size in range(d, 0, -2)), arb(0))


def internal_angle(size: int) -> Ball:
    """Enclose ``gamma_{l-1}(-1/l)``: the angle at a vertex of the regular simplex with ``l = size`` vertices."""
    if size <= 2:
        return arb(1) / size
    root2 = arb(2).sqrt()
    shift = arb(math.sqrt(size - 1))  # near the saddle point; any value is valid
    end = arb(11)
    peak = (size * shift * shift / 2).exp() * ((shift / root2).erfc() / 2) ** (size - 1)

    def integrand(y: Ball, _analytic: bool) -> Ball:
        u = acb(0, 1) * y - shift
        return ((-u / root2).erfc() / 2) ** (size - 1) * (u * u * size / 2).exp() / peak

    scale = 2 * peak * (arb(size) / (2 * arb.pi())).sqrt()
    inside = scale * integrate(integrand, arb(0), end, smallest=arb(2) ** -60)
    beyond = peak * arb(size).sqrt() * (end / root2).erfc()
    return inside + beyond.union(-beyond)


def weighted_external_angle(n: int, size: int) -> Ball:
    """Enclose ``C(n,l) l gamma_{n-l}(1/l)``, ``l = size < n``."""
    weight = arb(size)
    for i in range(size):
        weight = weight * (n - i) / (i + 1)
    log_weight = float(weight.log())
    root2 = arb(2).sqrt()
    end = arb(math.sqrt(2 * (log_weight + 60) / size))
    needed = (log_weight + 60) / (n - size)  # -log Phi(start), for the part below the start to be negligible
    start = -end
    if needed < 0.5:
        start = arb(float(-ndtri(-math.expm1(-needed))))
    scale = weight * (arb(size) / (2 * arb.pi())).sqrt()

    def integrand(u: Ball, _analytic: bool) -> Ball:
        return scale * ((-u / root2).erfc() / 2) ** (n - size) * (-u * u * size / 2).exp()

    inside = integrate(integrand, start, end, smallest=arb(2) ** -60)
    above = weight * (end * arb(size).sqrt() / root2).erfc() / 2
    below = weight * ((-start / root2).erfc() / 2) ** (n - size)
    if needed >= 0.5:
        below = above
    return inside + (above + below).union(arb(0))
