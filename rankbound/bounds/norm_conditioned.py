"""The norm-conditioned barrier U(n, d) of T6, enclosed through finitely many probabilities.

**From above.** Let ``p_1`` be the probability, given the keys, that a query picks key 1, so that E[rank] = n E[h(p_1)]
with ``h(p) = 1 - (1-p)^m`` concave. Cut the norm ``|k_1|`` into bins B. Jensen inside each bin gives

    E[rank] <= U <= n sum_B P_B h(g_B),    P_B = P(|k_1| in B),    g_B = A_B / P_B,    A_B = E[p_1; |k_1| in B].

Any bins give a valid bound, and the loss falls with the square of their width. Each term ``P h(A/P)`` increases in both
P and A, so upper ends of enclosures of the two suffice (:mod:`rankbound.bounds.norm_moments`), and the choice of the
bins (made in plain floats) cannot spoil it.

**From below.** U = n E[h(g(R))] with ``g(r)``, the probability that a key of norm r is picked, nondecreasing (at score
``+-x``, ``x = r|u|``, it is the mean of ``Phi(x)^{n-1}`` and ``Phi(-x)^{n-1}``, whose sum increases with x). So inside
a bin ``g`` lies between the averages ``g_B`` of its two neighbours, and there ``h`` lies above its chord, whose mean
over the bin is known: that bounds U from below, with about twelve times the loss of the upper end.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from flint import arb
from scipy.special import ndtri

from rankbound.bounds.balls import Ball, float_above, float_below, working_precision
from rankbound.bounds.mills import Floats
from rankbound.bounds.norm_moments import NormMoments, norm_moments
from rankbound.bounds.occupancy import hit_probability
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_FIRST_BINS = 40
_MOST_BINS = 320
_ROUNDS = 4
_LEFT_OPEN = 6e-4  # relative distance between the two ends that the bins may leave; the upper end's loss is 1/13 of it


def norm_conditioned_barrier(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> float:
    """Return a proved upper bound on E[rank]: the upper end of :func:`enclose_norm_conditioned`, same arguments."""
    return enclose_norm_conditioned(n_keys, head_dim, n_queries=n_queries).upper


def enclose_norm_conditioned(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> Enclosure:
    """Enclose the norm-conditioned barrier U(n, d), an upper bound on E[rank] (T6).

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.

    Returns
    -------
    Enclosure
        Of U, which is at most the barrier. For as many queries as keys, up to 10^15, and ``head_dim`` at least 3, the
        upper end is within 2e-4 of U, relatively, and the lower end within 4e-3; the upper end may exceed the barrier
        by as much when the head is very wide. Wider, and as true, at the far ends of the sizes.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n == 1:
        return Enclosure(1.0, 1.0, Rigour.EXACT, "one key")
    return enclose_from_moments(binned_moments(n, d, m), m)


def enclose_from_moments(moments: NormMoments, m: int) -> Enclosure:
    """Enclose U for ``m`` queries, given the moments in bins."""
    n = moments.n_keys
    with working_precision(64 + n.bit_length() + moments.head_dim.bit_length()):
        masses = [
            (arb(float(a)).union(arb(float(b))), arb(float(c)).union(arb(float(d))))
            for a, b, c, d in zip(moments.key_low, moments.key_high, moments.win_low, moments.win_high, strict=True)
        ]
        upper = n * sum((_jensen(p, w, m) for p, w in masses), arb(0))
        lower = n * sum(_chords(masses, m), arb(0))
        return Enclosure(max(float_below(lower), 0.0), float_above(upper), Rigour.ENCLOSED, "norm-conditioned, in bins")


@lru_cache(maxsize=4)
def binned_moments(n: int, d: int, m: int) -> NormMoments:
    """Return the moments in bins of the norm that suit U with ``m`` queries; ``n`` at least 2.

    Bins of equal width come first, and are cut where they leave much open: the difference between a bin's Jensen bound
    and its chord.
    """
    start, end = _range_of_norms(n, d, m)
    moments = norm_moments(n, d, np.append(0.0, np.linspace(start, end, _FIRST_BINS) ** 2))
    for _ in range(_ROUNDS):
        open_ = _left_open(moments, m)
        if float(open_.sum()) <= 1.5 * _LEFT_OPEN * _jensen_total(moments, m):
            break
        moments = norm_moments(n, d, finer_edges(moments.edges, open_, _LEFT_OPEN * _jensen_total(moments, m)))
    return moments


def finer_edges(edges: Floats, loss: Floats, allowed: float) -> Floats:
    """Cut bins of the squared norm so that ``loss``, with the cube of their widths, falls to ``allowed`` in all.

    Each bin is to lose about the same afterwards. The outer bins are not cut, and there are no more than 320 in all.
    """
    norms = np.sqrt(edges[1:])
    root = np.cbrt(np.nan_to_num(loss[1:-1]))
    total = max(float(root.sum()), 1e-300)
    cuts = np.maximum(np.ceil(root * math.sqrt(total / max(allowed, 1e-300))), 1)
    if cuts.sum() > _MOST_BINS:
        cuts = np.maximum(np.floor(root / total * (_MOST_BINS - len(cuts))), 1)
    cuts = np.nan_to_num(cuts, nan=1.0)
    finer = [np.linspace(a, b, int(c), endpoint=False) for a, b, c in zip(norms[:-1], norms[1:], cuts, strict=True)]
    return np.concatenate([[0.0], np.concatenate(finer) ** 2, [norms[-1] ** 2]])


def _hits(p: Floats, m: int) -> Floats:
    result: Floats = -np.expm1(m * np.log1p(-np.minimum(p, 1 - 1e-16)))
    return result


def _means(moments: NormMoments) -> tuple[Floats, Floats]:
    """Return ``P_B`` and about ``A_B / P_B``, nondecreasing; 0 for bins of which hardly anything is known."""
    key = np.maximum(moments.key_high, 1e-300)
    return key, np.maximum.accumulate(np.minimum(moments.win_low / key, 1.0))


def _jensen_total(moments: NormMoments, m: int) -> float:
    key, mean = _means(moments)
    return float((key * _hits(mean, m)).sum())


def _left_open(moments: NormMoments, m: int) -> Floats:
    """Return Jensen's bound less the chord between neighbouring bins, in plain floats; shape (bins,)."""
    key, mean = _means(moments)
    low = np.concatenate([[0.0], mean[:-1]])
    high = np.concatenate([mean[1:], [1.0]])
    slope = (_hits(high, m) - _hits(low, m)) / np.maximum(high - low, 1e-300)
    result: Floats = np.maximum(key * (_hits(mean, m) - _hits(low, m) - slope * (mean - low)), 0.0)
    return result


def _jensen(key_mass: Ball, win_mass: Ball, m: int) -> Ball:
    """Return an upper bound on ``P h(A/P)`` from enclosures of ``P`` and ``A``; it is increasing in both."""
    if not (key_mass.is_finite() and win_mass.is_finite()):
        return arb(1)  # no bin holds more than all the probability
    key_top, win_top = key_mass.upper(), win_mass.upper()
    if not (key_top > 0 and win_top > 0):  # exact numbers, so this says that an upper end is 0, or underflowed to it
        return m * arb("1e-320")
    share = win_top / key_top
    if not share < 1:  # h <= 1, reached where a key in the bin would always win
        return key_top
    return (key_top * hit_probability(share, m)).upper()


def _chords(masses: list[tuple[Ball, Ball]], m: int) -> list[Ball]:
    """Return for each bin a lower bound on ``E[h(g(R)); R in B]``, from the chord of ``h`` between the neighbours."""
    averages = [_share(p, w) for p, w in masses]
    bounds = []
    for i, (key_mass, win_mass) in enumerate(masses):
        least = averages[i - 1][0] if i > 0 else arb(0)
        most = averages[i + 1][1] if i + 1 < len(masses) else arb(1)
        low, high = hit_probability(least, m), hit_probability(most, m)
        value = arb("nan")
        if most > least:
            slope = (high - low) / (most - least)
            value = key_mass * (low - slope * least) + slope * win_mass
        bounds.append(value.lower() if value.is_finite() and value > 0 else arb(0))
    return bounds


def _share(key_mass: Ball, win_mass: Ball) -> tuple[Ball, Ball]:
    """Return exact numbers between which ``g_B = A/P`` lies, within [0, 1]."""
    value = win_mass / key_mass
    if not value.is_finite():
        return arb(0), arb(1)
    least, most = value.lower(), value.upper()
    return (least if least > 0 else arb(0)), (most if most < 1 else arb(1))


def _range_of_norms(n: int, d: int, m: int) -> tuple[float, float]:
    """Return norms below which hardly a winner lies, and above which hardly a key does (plain floats).

    Both tails of chi^2_d at distance ``2 sqrt(d t) + 2t`` have probability at most ``e^-t`` (Laurent and Massart, 2000,
    lemma 1). Both ends leave out at most ``e^-12 / max(n, m)``: in U, a winner's mass counts up to ``m`` times itself,
    and a key's mass up to ``n`` times.
    """
    deep = 12 + math.log(max(n, m))
    least_maximum = max(-float(ndtri(-math.expm1(-deep / n))), 0.0)  # P(M < least_maximum) = e^-deep
    lowest = max(d - 1 - 2 * math.sqrt(deep * d), 0.0) + least_maximum**2
    highest = d + 2 * math.sqrt(d * deep) + 2 * deep
    return math.sqrt(max(lowest, 0.02)), math.sqrt(highest)
