"""How far the norm-conditioned barrier can lie above E[rank]: two queries that agree on their best two keys.

**The gap is a variance.** Given the norm of key 1, ``p_1`` still depends on the other keys. With ``g`` its conditional
mean, ``h(p) >= h(g) + h'(g)(p-g) - (m(m-1)/2)(p-g)^2``, since ``|h''| <= m(m-1)``. Taking means,

    U - E[rank] = n E[ h(g) - h(p_1) ] <= (m(m-1)/2) n E[ Var(p_1 | k_1) ].

**The variance is a coincidence.** Leaving key ``j`` out raises ``p_1`` by the probability that a query ranks ``j``
first and 1 second. By the Efron-Stein inequality (Boucheron, Lugosi and Massart 2013, theorem 3.1, with the value
without key ``j`` as the approximation that ignores it), ``Var(p_1 | k_1)`` is at most the sum over ``j`` of the mean
square of that probability, and a square is two independent queries doing the same. There are ``n(n-1)`` ordered pairs
of keys, so

    U - E[rank] <= (m(m-1)/2) q_2,    q_2 = P(two queries agree on which key is best and which is second).

**The coincidence is noise stability.** Ranking key 2 first and key 1 second has Gaussian measure ``a = 1/(n(n-1))`` in
the ``n`` scores, so ``q_2 = a E[S(rho)]/a^2`` is bounded as in :mod:`rankbound.bounds.noise_stability`, with
``|S(-rho)| <= S(rho)`` for the odd terms, whose expansion has nonnegative weights. The result is about 1/2 for wide
heads (m = n), and o(U) as soon as ``d / log n`` grows: there the norm-conditioned barrier is the expected rank, to
first order.
"""

from __future__ import annotations

import math

from flint import arb

from rankbound.bounds.balls import float_above, working_precision
from rankbound.bounds.noise_stability import stability_excess
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries


def norm_conditioned_gap(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return a proved upper bound on ``U(n, d) - E[rank]``, the gap that the norm-conditioned barrier leaves.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    float
        Positive, rounded up; ``inf`` at ``head_dim = 1`` and for fewer than three keys, where exact values are known.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if d == 1 or n <= 2:
        return math.inf
    with working_precision(64 + 2 * n.bit_length() + 2 * m.bit_length() + d.bit_length()):
        pairs = arb(n) * (n - 1)
        return float_above(arb(m) * (m - 1) / (2 * pairs) * (1 + stability_excess(pairs.log(), d, arb(1))))
