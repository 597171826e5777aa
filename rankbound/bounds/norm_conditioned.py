"""Upper bound on E[rank] from the law of a key's norm (T6), as finitely many enclosed probabilities.

The bound in one paragraph. Let ``p_1`` be the probability, given the keys, that a query picks key 1, so that
E[rank] = n E[h(p_1)] with ``h(p) = 1 - (1-p)^m`` concave. Cut the norm ``|k_1|`` into bins B. Jensen inside each bin
gives

    E[rank] <= n sum_B P(|k_1| in B) h( P(|winner| in B) / (n P(|k_1| in B)) ),

because P(key 1 is picked and |k_1| in B) is, by symmetry between the keys, 1/n of the probability that the *winning*
key's norm lies in B. The norm of a key is chi_d; the winner's satisfies ``|winner|^2 = M^2 + chi^2_{d-1}`` with ``M``
the largest of n standard normals, independent. Any bins give a valid bound; the infimum over all of them is the
integral U of T6, and the loss falls with the square of the bin width. Each term ``P h(W/(nP))`` increases in both P and
W, so upper ends of enclosures of the two probabilities suffice, and the choice of the bins (made in plain floats)
cannot spoil it.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass

from flint import acb, arb
from scipy.special import ndtri

from rankbound.bounds.balls import Ball, float_above, working_precision
from rankbound.bounds.occupancy import hit_probability
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

_MOST_BINS = 160
_FIRST_BINS = 24
_LOSS = 1e-4  # estimated loss against U, relative, at which splitting bins stops
_NEGLIGIBLE = 1e-25  # P(M > cut); widens the enclosure of a cdf by no more than this


def norm_conditioned_barrier(
    n_keys: int, head_dim: int, *, n_queries: int | None = None, loss: float = _LOSS, most_bins: int = _MOST_BINS
) -> float:
    """Return a proved upper bound on E[rank]: T6 in bins.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        Sizes, at least 1; ``n_queries = n_keys`` unless given.
    loss : float
        Bins are split until the estimated excess over the integral U(n, d) is this small, relative to U.
    most_bins : int
        And at most until there are so many. Neither affects validity.

    Returns
    -------
    float
        At least U(n, d) of T6, and so at least E[rank]; rounded up. U is at most the barrier; this number, which the
        bins put slightly above U, may exceed it by a relative ``loss`` when the head is very wide.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    with working_precision(64 + n.bit_length() + d.bit_length()):
        return float_above(n * _sum_over_bins(n, d, m, loss, most_bins))


@dataclass(frozen=True, slots=True)
class _Edge:
    """A norm, the probability that a key's norm exceeds it, and that the winner's does not."""

    norm: float
    key_above: Ball
    winner_below: Ball


def _sum_over_bins(n: int, d: int, m: int, loss: float, most_bins: int) -> Ball:
    """Return an upper bound on ``sum_B P h(W/(nP))`` over bins that are split where it gains most.

    A smooth function's loss to Jensen falls fourfold when a bin is halved, so the gain of a split tells what is still
    to be gained from each half: about a sixth of it. The bin with the largest such estimate is split next.
    """

    def edge(norm: float) -> _Edge:
        return _Edge(norm, _chi2_above(arb(norm) ** 2, d), winner_norm_cdf(arb(norm), n, d))

    def term(low: _Edge, high: _Edge) -> Ball:
        return _bin_term(low.key_above - high.key_above, high.winner_below - low.winner_below, n, m)

    start, end = _range_of_norms(n, d)
    edges = [edge(start + (end - start) * i / _FIRST_BINS) for i in range(_FIRST_BINS + 1)]
    below = _bin_term(1 - edges[0].key_above, edges[0].winner_below, n, m)
    above = _bin_term(edges[-1].key_above, 1 - edges[-1].winner_below, n, m)
    bins = [(-math.inf, low.norm, low, high, term(low, high)) for low, high in itertools.pairwise(edges)]
    heapq.heapify(bins)
    while len(bins) < most_bins:
        estimates = [-b[0] for b in bins]
        if sum(estimates) <= loss * sum(float(b[4]) for b in bins):
            break
        _, _, low, high, value = heapq.heappop(bins)
        middle = edge((low.norm + high.norm) / 2)
        left, right = term(low, middle), term(middle, high)
        remaining = max(float(value - left - right), 0.0) / 6
        heapq.heappush(bins, (-remaining, low.norm, low, middle, left))
        heapq.heappush(bins, (-remaining, middle.norm, middle, high, right))
    return sum((b[4] for b in bins), below + above)


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
        excess = n * (cut / root2).erfc() / 2
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

    tolerance = arb(2) ** -40
    inside = scale * acb.integral(integrand, acb(0), acb(angle), rel_tol=tolerance, abs_tol=tolerance**3).real
    if not both_tails:
        inside -= arb(0).union(arb(2) ** -min(n, 4096))
    return inside + beyond


def _chi2_above(x: Ball, dof: int) -> Ball:
    """Enclose ``P(chi^2_dof > x)`` for ``x > 0``; the trivial [0, 1] where Arb's upper gamma function gives up."""
    value = (x / 2).gamma_upper(arb(dof) / 2, regularized=1)
    return value if value.is_finite() else arb(0).union(arb(1))


def _bin_term(key_mass: Ball, winner_mass: Ball, n: int, m: int) -> Ball:
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


def _range_of_norms(n: int, d: int) -> tuple[float, float]:
    """Return norms below which hardly a winner lies, and above which hardly a key does (plain floats).

    Both tails of chi^2_d at distance ``2 sqrt(d t) + 2t`` have probability at most ``e^-t`` (Laurent and Massart, 2000,
    lemma 1). Both ends leave out at most ``e^-12 / n``, since U/n itself is of order ``1/n`` when the head is small.
    """
    deep = 12 + math.log(n)
    least_maximum = max(-float(ndtri(-math.expm1(-deep / n))), 0.0)  # P(M < least_maximum) = e^-deep
    lowest = max(d - 1 - 2 * math.sqrt(deep * d), 0.0) + least_maximum**2
    highest = d + 2 * math.sqrt(d * deep) + 2 * deep
    return math.sqrt(max(lowest, 0.02)), math.sqrt(highest)
