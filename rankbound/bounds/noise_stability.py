"""Lower bound on E[rank] from how rarely two queries agree.

**Two queries and the rank.** With ``p_j`` the probability, given the keys, that a query picks key ``j``, and
``psi(p) = (1-(1-p)^m)/p = sum_{i<m} (1-p)^i``, which is convex and decreasing,

    E[rank] = E sum_j p_j psi(p_j) >= psi(q),    q = E sum_j p_j^2 = P(two queries pick the same key),

by Jensen for the weights ``E p_j``, which sum to 1 (T7 with a single bin). A bound above on ``q`` is all that is
needed.

**Agreement as noise stability.** Given two queries at cosine ``rho``, the keys' two scores are iid pairs of standard
normals with correlation ``rho``. The event A that key 1 has the largest of ``n`` scores has Gaussian measure ``1/n``,
so ``P(both pick key 1) = sum_k rho^k W_k`` with weights ``W_k >= 0`` of its Hermite expansion, ``W_0 = 1/n^2``. Over
two random queries ``rho`` is symmetric, so only even ``k`` remain. For ``0 <= rho < 1`` that even part beyond ``W_0``
is

    even(rho) = (S(rho) + S(-rho))/2 - W_0 <= (n^{-2/(1+rho)} - n^{-2})/2 =: n^{-2} H(rho),

since ``S(rho) <= n^{-2/(1+rho)}`` (hypercontractivity: small sets are not noise-stable; O'Donnell 2014, chapter 11)
and ``S(-rho) <= W_0`` (negatively correlated Gaussians: Slepian's inequality). Finally ``even(rho) <= (rho/s)^2
even(s)`` for ``rho <= s``, each power being at least the second, which takes the place of ``H`` at small ``rho``, where
``H`` is only linear. Hence ``n q <= 1 + E[min(H(rho), (rho/s)^2 H(s))]`` for every ``s``, one enclosed integral over
the angle.
"""

from __future__ import annotations

from flint import arb

from rankbound.bounds.balls import Ball, float_below, integrate, working_precision
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries


def noise_stability_bound(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return a proved lower bound on E[rank], sharp as ``head_dim / log^2 n_keys`` grows.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    float
        At least ``2 - 2^{1-m}`` for ``n >= 2`` (see below), rounded down.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.

    Notes
    -----
    For ``n >= 2`` no key can win in two opposite directions, so every ``p_j <= 1/2``, all queries pick one key with
    probability ``sum_j p_j^m <= 2^{1-m}``, and E[rank] >= 2 - 2^{1-m}. It is attained at ``head_dim = 1``, and is the
    better of the two bounds when the head is small.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n == 1:
        return 1.0
    with working_precision(64 + n.bit_length() + m.bit_length() + d.bit_length()):
        floor = max(1.0, float_below(2 - arb(2) ** (1 - min(m, 4096))))
        if d == 1:
            return floor
        agreement = ((1 + stability_excess(arb(n).log(), d, arb(1) / 2)) / n).upper()
        if not agreement.is_finite() or not agreement < 1:
            return floor
        return max(floor, float_below(-((-agreement).log1p() * m).expm1() / agreement))


def stability_excess(log_inverse_measure: Ball, d: int, weight: Ball) -> Ball:
    """Enclose ``E[G(|rho|)]``, which bounds ``E[S(rho)]/a^2 - 1`` from above.

    ``G(rho) = (rho/s)^2 H(s)`` for ``rho <= s`` and ``H(rho)`` beyond, for an ``s`` chosen here.

    Parameters
    ----------
    log_inverse_measure : ball
        ``log(1/a)``, where ``a`` is the Gaussian measure of the event, at most 1/2.
    d : int
        Dimension of the two random directions whose cosine is ``rho``; at least 2.
    weight : ball
        ``H(rho) = weight (a^(-2 rho/(1+rho)) - 1)``: 1/2 where ``S(-rho) <= a^2`` is known, 1 where only
        ``S(-rho) <= S(rho)`` is.
    """

    def excess(rho: Ball) -> Ball:
        return weight * ((2 * log_inverse_measure * rho / (1 + rho)).exp() - 1)

    # (e^x - 1)/x^2 is least near x = 1.6; any value in (0, 1] keeps the bound valid.
    s = arb(min(0.8 / float(log_inverse_measure), 0.9))
    slope = excess(s) / s**2
    corner = s.asin()
    right = arb.pi() / 2
    density = 2 * (arb(d) / 2).lgamma().exp() / (arb.pi().sqrt() * (arb(d - 1) / 2).lgamma().exp())

    def near(t: Ball, _analytic: bool) -> Ball:
        return t.cos() ** (d - 2) * t.sin() ** 2

    def far(t: Ball, _analytic: bool) -> Ball:
        return t.cos() ** (d - 2) * excess(t.sin())

    inside = integrate(near, arb(0), corner, smallest=arb(2) ** -120)
    outside = integrate(far, corner, right, smallest=arb(2) ** -90)
    return density * (slope * inside + outside)
