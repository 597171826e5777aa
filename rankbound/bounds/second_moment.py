r"""The second-moment lower bound L(n, d) of T7, in bins of the norm.

With ``p`` the probability, given the keys, that a query picks key 1, E[rank] = n E[h(p)] = n E[p psi(p)], and
``psi(p) = (1-(1-p)^m)/p = sum_{i<m} (1-p)^i`` is convex and decreasing. Jensen's inequality in each bin ``B`` of
``|k_1|``, with the weight ``p``, gives

    E[rank] >= n sum_B A_B psi(T_B / A_B),    A_B = E[p; |k_1| in B],    T_B = E[p^2; |k_1| in B].

Each term increases in ``A_B`` and decreases in ``T_B``, so that a lower end of the one and an upper end of the other
(:mod:`rankbound.bounds.norm_moments`) suffice. It is the best bound that these two numbers allow: a ``p`` that is
either 0 or ``T_B / A_B`` attains it.
"""

from __future__ import annotations

import numpy as np
from flint import arb

from rankbound.bounds.balls import Ball, float_below, working_precision
from rankbound.bounds.mills import Floats
from rankbound.bounds.norm_conditioned import binned_moments, finer_edges
from rankbound.bounds.norm_moments import NormMoments, agreement, norm_moments
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

_LOSS = 5e-5  # relative loss that the bins may cause, about
_ROUNDS = 3


def second_moment_bound(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return a proved lower bound on E[rank], close to it once ``head_dim`` is a few times ``log(n_keys)``.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    float
        Positive, rounded down; within 5e-4 (relatively) of the bound with infinitely many bins from ``head_dim = 64``
        on, and within 5e-3 below that. 0 at ``head_dim`` 1 and 2 and for fewer than three keys, where E[rank] is known.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n < 3 or d < 3:
        return 0.0
    moments = binned_moments(n, d, m)
    for _ in range(_ROUNDS):
        together = agreement(moments)
        loss, total = _loss(moments, together, m)
        if float(loss.sum()) <= 1.5 * _LOSS * total:
            break
        moments = norm_moments(n, d, finer_edges(moments.edges, loss, _LOSS * total))
    return _bound(moments, agreement(moments), m)


def _loss(moments: NormMoments, together: Floats, m: int) -> tuple[Floats, float]:
    """Estimate what Jensen's inequality loses in each bin, and the sum that it is a part of, in plain floats."""
    win = np.maximum(moments.win_low, 1e-300)
    q = np.clip(together / win, 1e-300, 1.0)
    between = np.concatenate([q[:1], np.sqrt(q[:-1] * q[1:]), q[-1:]])

    def psi(p: Floats) -> Floats:
        result: Floats = -np.expm1(m * np.log1p(-np.minimum(p, 1 - 1e-16))) / p
        return result

    # Over a bin, the mean of a convex function exceeds the function of the mean by a sixth of this second difference.
    bend = np.abs(psi(between[:-1]) + psi(between[1:]) - 2 * psi(q)) / 6
    return moments.win_low * bend, float((moments.win_low * psi(q)).sum())


def _bound(moments: NormMoments, together: Floats, m: int) -> float:
    n = moments.n_keys
    with working_precision(64 + n.bit_length() + m.bit_length()):
        terms = [
            _jensen(arb(float(win)), arb(float(both)), m)
            for win, both in zip(moments.win_low, together, strict=True)
            if win > 0
        ]
        return max(float_below(n * sum(terms, arb(0))), 0.0)


def _jensen(win: Ball, both: Ball, m: int) -> Ball:
    """Return ``A psi(T/A)`` for exact ``A > 0`` and ``T``; ``A`` itself, as ``psi >= 1``, where ``T >= A``."""
    q = both / win
    if not q < 1:
        return win
    return win * (-((-q).log1p() * m).expm1() / q)
