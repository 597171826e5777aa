"""The norm-conditioned barrier U(n, d) of T6, enclosed through finitely many probabilities.

**From above.** Let ``p_1`` be the probability, given the keys, that a query picks key 1, so that E[rank] = n E[h(p_1)]
with ``h(p) = 1 - (1-p)^m`` concave. Cut the norm ``|k_1|`` into bins B. Jensen inside each bin gives

    E[rank] <= U <= n sum_B P_B h(g_B),    P_B = P(|k_1| in B),    g_B = W_B / (n P_B),    W_B = P(|winner| in B),

because P(key 1 is picked and |k_1| in B) is, by symmetry between the keys, 1/n of the probability that the *winning*
key's norm lies in B. The norm of a key is chi_d; the winner's satisfies ``|winner|^2 = M^2 + chi^2_{d-1}`` with ``M``
the largest of n standard normals, independent. Any bins give a valid bound, and the loss falls with the square of their
width. Each term ``P h(W/(nP))`` increases in both P and W, so upper ends of enclosures of the two probabilities
suffice, and the choice of the bins (made in plain floats) cannot spoil it.

**From below.** U = n E[h(g(R))] with ``g(r)``, the probability that a key of norm r is picked, nondecreasing (at score
``+-x``, ``x = r|u|``, it is the mean of ``Phi(x)^{n-1}`` and ``Phi(-x)^{n-1}``, whose sum increases with x). So inside
a bin ``g`` lies between the averages ``g_B`` of its two neighbours, and there ``h`` lies above its chord, whose mean
over the bin is known: that bounds U from below, with about twelve times the loss of the upper end.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from flint import acb, arb
from scipy.special import ndtri

from rankbound.bounds.balls import Ball, float_above, float_below, integrate, working_precision
from rankbound.bounds.occupancy import hit_probability
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_MOST_BINS = 400
_FIRST_BINS = 24
_WIDTH = 1.2e-3  # relative distance between the two ends at which splitting bins stops
_NEGLIGIBLE = 1e-25  # P(M > cut); widens the enclosure of a cdf by no more than this


def norm_conditioned_barrier(
    n_keys: int, head_dim: int, *, n_queries: int | None = None, width: float = _WIDTH, most_bins: int = _MOST_BINS
) -> float:
    """Return a proved upper bound on E[rank]: the upper end of :func:`enclose_norm_conditioned`, same arguments."""
    return enclose_norm_conditioned(n_keys, head_dim, n_queries=n_queries, width=width, most_bins=most_bins).upper


def enclose_norm_conditioned(
    n_keys: int, head_dim: int, *, n_queries: int | None = None, width: float = _WIDTH, most_bins: int = _MOST_BINS
) -> Enclosure:
    """Enclose the norm-conditioned barrier U(n, d), an upper bound on E[rank] (T6).

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.
    width : float
        Bins are halved until the two ends are this close, relative to the upper one, which is then within about a
        thirteenth of that of U.
    most_bins : int
        And at most until there are so many. Neither affects validity.

    Returns
    -------
    Enclosure
        Of U, which is at most the barrier; the upper end, which the bins put slightly above U, may exceed the barrier
        when the head is very wide.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    with working_precision(64 + n.bit_length() + d.bit_length()):
        edges = _refined_edges(n, d, m, width, most_bins)
        masses = _masses(edges)
        upper = n * sum((_jensen(p, w, n, m) for p, w in masses), arb(0))
        lower = n * sum(_chords(masses, n, m), arb(0))
        return Enclosure(max(float_below(lower), 0.0), float_above(upper), Rigour.ENCLOSED, "norm-conditioned, in bins")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A norm, the probability that a key's norm exceeds it, and that the winner's does not."""

    norm: float
    key_above: Ball
    winner_below: Ball


def _refined_edges(n: int, d: int, m: int, width: float, most_bins: int) -> list[_Edge]:
    """Return the edges between bins, ascending, after rounds of halving the bins that leave the most open.

    What a bin leaves open is the difference between its Jensen and its chord: a proved bound, never an extrapolation
    from what splitting it gained, which is nothing where ``h`` is saturated throughout its heavy end, however much is
    to be gained at the other.
    """

    def edge(norm: float) -> _Edge:
        return _Edge(norm, _chi2_above(arb(norm) ** 2, d), winner_norm_cdf(arb(norm), n, d))

    start, end = _range_of_norms(n, d, m)
    first = min(_FIRST_BINS, most_bins)
    edges = [edge(start + (end - start) * i / first) for i in range(first + 1)]
    while len(edges) <= most_bins:
        masses = _masses(edges)
        tops = [float(_jensen(p, w, n, m)) for p, w in masses]
        left_open = [max(top - float(chord), 0.0) for top, chord in zip(tops, _chords(masses, n, m), strict=True)]
        allowed = width * sum(tops)
        if sum(left_open) <= allowed:
            break
        share = max(allowed / len(edges), max(left_open[1:-1]) / 8)
        chosen = [i for i in range(1, len(edges)) if left_open[i] >= share][: most_bins + 1 - len(edges)]
        if not chosen:
            break
        edges = sorted([*edges, *(edge((edges[i - 1].norm + edges[i].norm) / 2) for i in chosen)], key=lambda e: e.norm)
    return edges


def _masses(edges: list[_Edge]) -> list[tuple[Ball, Ball]]:
    """Return ``(P_B, W_B)`` for each bin, from the one below the first edge to the one above the last."""
    key_above = [arb(1), *(e.key_above for e in edges), arb(0)]
    winner_below = [arb(0), *(e.winner_below for e in edges), arb(1)]
    return [
        (high_p - low_p, high_w - low_w)
        for (high_p, low_p), (low_w, high_w) in zip(
            itertools.pairwise(key_above), itertools.pairwise(winner_below), strict=True
        )
    ]


def _jensen(key_mass: Ball, winner_mass: Ball, n: int, m: int) -> Ball:
    """Return an upper bound on ``P h(W/(nP))`` from enclosures of ``P`` and ``W``; it is increasing in both."""
    if not (key_mass.is_finite() and winner_mass.is_finite()):
        return arb(1)  # no bin holds more than all the probability
    key_top, winner_top = key_mass.upper(), winner_mass.upper()
    if not (key_top > 0 and winner_top > 0):  # exact numbers, so this says that an upper end is at most 0
        return arb(0)
    share = winner_top / (n * key_top)
    if not share < 1:  # h <= 1, reached where a key in the bin would always win
        return key_top
    return (key_top * hit_probability(share, m)).upper()


def _chords(masses: list[tuple[Ball, Ball]], n: int, m: int) -> list[Ball]:
    """Return for each bin a lower bound on ``E[h(g(R)); R in B]``, from the chord of ``h`` between the neighbours."""
    averages = [_share(p, w, n) for p, w in masses]
    bounds = []
    for i, (key_mass, winner_mass) in enumerate(masses):
        least = averages[i - 1][0] if i > 0 else arb(0)
        most = averages[i + 1][1] if i + 1 < len(masses) else arb(1)
        low, high = hit_probability(least, m), hit_probability(most, m)
        value = arb("nan")
        if most > least:
            slope = (high - low) / (most - least)
            value = key_mass * (low - slope * least) + slope * winner_mass / n
        bounds.append(value.lower() if value.is_finite() and value > 0 else arb(0))
    return bounds


def _share(key_mass: Ball, winner_mass: Ball, n: int) -> tuple[Ball, Ball]:
    """Return exact numbers between which ``g_B = W/(nP)`` lies, within [0, 1]."""
    value = winner_mass / (n * key_mass)
    if not value.is_finite():
        return arb(0), arb(1)
    least, most = value.lower(), value.upper()
    return (least if least > 0 else arb(0)), (most if most < 1 else arb(1))


def winner_norm_cdf(r: Ball, n: int, d: int) -> Ball:
    """Enclose ``P(M^2 + chi^2_{d-1} <= r^2)``, ``M`` the largest of ``n`` standard normals, for ``r > 0``.

    Conditioning on ``chi^2_{d-1} = r^2 - x^2`` leaves the one-dimensional integral of
    ``2x f(r^2-x^2) (Phi(x)^n - Phi(-x)^n)`` over ``0 < x < r``, ``f`` the density of chi^2_{d-1}. With ``x = r sin t``
    the integrand is entire for every ``d >= 2``, so Arb's adaptive Gauss-Legendre quadrature encloses it. Beyond the
    cut where ``P(M > x)`` is negligible, the bracket lies in ``[1 - n Phi(-x), 1]`` and what is left is chi-square
    probability.
    """
    root2 = arb(2).sqrt()
    if d == 1:
        return ((-r / root2).erfc() / 2) ** n - ((r / root2).erfc() / 2) ** n
    cut = arb(float(-ndtri(_NEGLIGIBLE / n)))
    half_dof = arb(d - 1) / 2
    if cut < r:
        angle = (cut / r).asin()
        excess = max(n, 2) * (cut / root2).erfc() / 2
        beyond = (1 - _chi2_above(r * r - cut * cut, d - 1)) * (1 - excess).union(arb(1))
    else:
        angle = arb.pi() / 2
        beyond = arb(0)
    log_scale = arb(2).log() + (d - 1) * r.log() - r * r / 2 - half_dof * arb(2).log() - half_dof.lgamma()
    scale = log_scale.exp()
    both_tails = n <= 128  # beyond it Phi(-x)^n <= 2^-n for all x >= 0, which is enclosed instead
    radius = acb(r)

    def integrand(t: Ball, _analytic: bool) -> Ball:
        sine = t.sin()
        x = radius * sine
        power = ((-x / root2).erfc() / 2) ** n
        if both_tails:
            power -= ((x / root2).erfc() / 2) ** n
        return sine * t.cos() ** (d - 2) * (x * x / 2).exp() * power

    inside = scale * integrate(integrand, arb(0), angle, smallest=arb(2) ** -120)
    if not both_tails:
        inside -= arb(0).union(arb(2) ** -min(n, 4096))
    return inside + beyond


def _chi2_above(x: Ball, dof: int) -> Ball:
    """Enclose ``P(chi^2_dof > x)`` for ``x > 0``; the trivial [0, 1] where Arb's upper gamma function gives up."""
    value = (x / 2).gamma_upper(arb(dof) / 2, regularized=1)
    return value if value.is_finite() else arb(0).union(arb(1))


def _range_of_norms(n: int, d: int, m: int) -> tuple[float, float]:
    """Return norms below which hardly a winner lies, and above which hardly a key does (plain floats).

    Both tails of chi^2_d at distance ``2 sqrt(d t) + 2t`` have probability at most ``e^-t`` (Laurent and Massart, 2000,
    lemma 1). Both ends leave out at most ``e^-12 / max(n, m)``: in U, a winner's mass W counts up to ``m W``,
    and a key's mass P up to ``n P``.
    """
    deep = 12 + math.log(max(n, m))
    least_maximum = max(-float(ndtri(-math.expm1(-deep / n))), 0.0)  # P(M < least_maximum) = e^-deep
    lowest = max(d - 1 - 2 * math.sqrt(deep * d), 0.0) + least_maximum**2
    highest = d + 2 * math.sqrt(d * deep) + 2 * deep
    return math.sqrt(max(lowest, 0.02)), math.sqrt(highest)
