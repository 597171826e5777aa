"""The law of the rank in the limit of wide heads, and tails that hold for every head dimension (T4, T5).

``Occ`` is the number of occupied cells when ``m`` balls fall independently and uniformly into ``n`` cells. It is the
limit law of the rank as ``head_dim`` grows, and for every ``head_dim`` and every fixed set of keys it dominates the
rank stochastically, so that its upper tails bound those of the rank.

**The law.** A ball falls into one of ``k`` occupied cells with probability ``k/n``, so that

    P_{i+1}(k) = P_i(k) k/n + P_i(k-1) (n-k+1)/n:

nothing is subtracted. In floats each of the two terms carries, relative to its exact value, one rounding of the ratio,
one of the product and one of the sum, and errors that come in with ``P_i`` stay relative. So after ``m`` steps every
``P(k)`` is off by a factor between ``(1-u)^{3m}`` and ``(1+u)^{3m}``, ``u = 2^-53``, as long as nothing underflows.
Nothing does: values below 1e-280 are set to 0 after each step, and the others stay above 1e-280 / MAX_KEYS. What is set
to 0 takes only mass away, all that mass spreads without growing, and so the upper ends allow for 1e-280 at each of at
most ``m min(m, n)`` times.

**Sum of Bernoullis.** The generating polynomial ``G_i`` of the law after ``i`` balls obeys
``G_{i+1} = (x/n) (1-x)^{n+1} (G_i (1-x)^{-n})'``. If ``G_i`` has only real roots, all at most 0, then by Rolle's
theorem (between them, and between the least and minus infinity while the degree is below ``n``) so has ``G_{i+1}``.
A polynomial with real roots, none positive, and sum of coefficients 1 is a product of factors ``1 - q + q x``:
``Occ`` has the law of a sum of independent Bernoulli variables (Vatutin and Mikhailov, 1982).
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb
from numpy.typing import NDArray

from rankbound.bounds.balls import (
    Ball,
    enclose_fraction,
    float_above,
    float_below,
    from_fraction,
    working_precision,
)
from rankbound.bounds.occupancy import barrier, barrier_ball
from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import MAX_KEYS, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_MOST_QUERIES = 100_000  # the recurrence takes about a second there
# n_queries min(n_keys, n_queries), times the 64-bit words of n_keys^n_queries: half a second
_MOST_EXACT_WORK = 150_000_000
_UNIT_ROUNDOFF = 2.0**-53
_DROPPED = 1e-280  # and 1e-280 / MAX_KEYS is still a normal float


@dataclass(frozen=True, slots=True, eq=False)
class OccupancyLaw:
    """The law of the number of occupied cells, every probability enclosed.

    Attributes
    ----------
    n_keys, n_queries : int
        Cells and balls.
    mean, variance : Enclosure
        Relative width below 1e-14.
    lower, upper : ndarray of float64, shape (min(n_keys, n_queries) + 1,), read-only
        ``lower[k] <= P(Occ = k) <= upper[k]``, with relative width below ``(6 n_queries + 20) 2^-53`` wherever
        ``P(Occ = k)`` exceeds 1e-250.
    """

    n_keys: int
    n_queries: int
    mean: Enclosure
    variance: Enclosure
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def probability(self, cells: int) -> Enclosure:
        """Enclose ``P(Occ = cells)``, ``cells`` an integer of at least 0 (else ``ValueError``)."""
        k = _check_cells(cells)
        if k >= self.lower.size:
            return Enclosure(0.0, 0.0, Rigour.EXACT, "more cells than balls or keys")
        return Enclosure(float(self.lower[k]), float(self.upper[k]), Rigour.ENCLOSED, "occupancy recurrence")

    def upper_tail(self, cells: int) -> Enclosure:
        """Enclose ``P(Occ >= cells)``, ``cells`` an integer of at least 0 (else ``ValueError``).

        The sum over the tail or 1 less the sum over the rest, whichever is sharper at each end. The sums are correctly
        rounded (``math.fsum``), then moved outward by one float.
        """
        k = _check_cells(cells)
        if k >= self.lower.size:
            return Enclosure(0.0, 0.0, Rigour.EXACT, "more cells than balls or keys")
        if k <= 1:
            return Enclosure(1.0, 1.0, Rigour.EXACT, "a ball occupies a cell")
        least = max(_sum_below(self.lower[k:]), math.nextafter(1 - _sum_above(self.upper[:k]), -math.inf), 0.0)
        most = min(_sum_above(self.upper[k:]), math.nextafter(1 - _sum_below(self.lower[:k]), math.inf), 1.0)
        return Enclosure(least, most, Rigour.ENCLOSED, "occupancy recurrence, summed")


@dataclass(frozen=True, slots=True)
class RankTailBound:
    """Upper bounds on ``P(rank >= barrier + excess)`` for one replicate, valid for every ``head_dim`` and all keys.

    Each is a float, rounded up, at most 1.

    Attributes
    ----------
    n_keys, n_queries, excess : int, int, float
        What was asked.
    occupancy : float or None
        ``P(Occ >= barrier + excess)`` by dominance, the sharpest: it is attained as ``head_dim`` grows. ``None`` where
        the recurrence would be too long (more than 100 000 queries).
    bernstein : float
        ``exp(-t^2 / (2 (Var Occ + t/3)))``, ``t`` the excess.
    bounded_differences : float
        ``exp(-2 t^2 / n_queries)``.
    """

    n_keys: int
    n_queries: int
    excess: float
    occupancy: float | None
    bernstein: float
    bounded_differences: float

    @property
    def best(self) -> float:
        """The least of the bounds that there are."""
        return min(1.0 if self.occupancy is None else self.occupancy, self.bernstein, self.bounded_differences)


def occupancy_law(n_keys: int, *, n_queries: int | None = None) -> OccupancyLaw:
    """Return the law of the number of occupied cells: of the rank, in the limit of wide heads (T5).

    Parameters
    ----------
    n_keys, n_queries : int
        Cells and balls, at least 1; ``n_queries = n_keys`` unless given, and at most 100 000.

    Returns
    -------
    OccupancyLaw
        With enclosed mean, variance and probabilities. Takes 3 ms at 512 cells and balls, about 1.3 s at 100 000.

    Raises
    ------
    ValueError
        If a size is not an integer in its range.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if m > _MOST_QUERIES:
        remedy = "barrier, occupancy_variance and rank_tail_bound remain available at any size"
        raise invalid("n_queries", m, f"at most {_MOST_QUERIES} for the whole law", remedy)
    lower, upper = _enclosed_probabilities(n, m)
    return OccupancyLaw(n, m, barrier(n, n_queries=m), occupancy_variance(n, n_queries=m), lower, upper)


def exact_pmf(n_keys: int, *, n_queries: int | None = None) -> tuple[Fraction, ...]:
    """Return ``P(Occ = k)`` for ``k`` from 0 to ``min(n_keys, n_queries)`` as rationals, for small sizes.

    The number of ways to occupy ``k`` cells with ``i`` balls is carried from ``i`` to ``i + 1`` in integers.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1, or the integers would take more than about half a second (900 cells
        and 900 balls still pass).
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    most = min(m, n)
    if m * most * (1 + m * n.bit_length() // 64) > _MOST_EXACT_WORK:
        expected = "n_queries^2 min(n_keys, n_queries) log2(n_keys) up to about 9e9 (900 cells and 900 balls, say)"
        raise invalid("(n_keys, n_queries)", (n, m), expected, "use occupancy_law, which encloses the probabilities")
    ways = [1] + [0] * most
    for _ in range(m):
        ways = [0, *(k * ways[k] + (n - k + 1) * ways[k - 1] for k in range(1, most + 1))]
    total = n**m
    return tuple(Fraction(count, total) for count in ways)


def occupancy_variance(n_keys: int, *, n_queries: int | None = None) -> Enclosure:
    """Enclose the variance of the number of occupied cells, at any size.

    Parameters
    ----------
    n_keys, n_queries : int
        ``n`` and ``m``, from 1 to 10^18; ``m = n`` unless given.

    Returns
    -------
    Enclosure
        ``n q_1 (1 - q_1) - n (n-1) (q_1^2 - q_2)`` with ``q_1 = (1-1/n)^m`` and ``q_2 = (1-2/n)^m``; about
        ``(1/e - 2/e^2) n`` for ``m = n``. Exactly 0 for one cell or one ball. Relative width below 1e-14, unless the
        variance is not a normal float (a single cell stays empty with a probability below 1e-307).

    Raises
    ------
    ValueError
        If a size is not an integer in that range.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if n == 1 or m == 1:
        return enclose_fraction(Fraction(0), "always one occupied cell")
    # With two balls the variance is about 1/n, left over from terms of order n^2: 3 log2(n) bits cancel. The powers
    # lose another log2(m).
    with working_precision(128 + 4 * n.bit_length() + m.bit_length()):
        value = _variance_ball(n, m)
        return Enclosure(
            max(float_below(value), 0.0), float_above(value), Rigour.ENCLOSED, "occupancy, ball arithmetic"
        )


def rank_tail_bound(n_keys: int, excess: float | Fraction, *, n_queries: int | None = None) -> RankTailBound:
    """Bound ``P(rank >= b(n) + excess)`` for every head dimension and every fixed set of keys (T4).

    Parameters
    ----------
    n_keys, n_queries : int
        ``n`` and ``m``, at least 1; ``m = n`` unless given.
    excess : float or rational
        ``t``, how far above the barrier ``n (1 - (1-1/n)^m)``; from 0 to 10^18. Whether the rank can reach ``b(n) + t``
        may hang on its last digit: give ``k - exact_barrier(n)`` to ask for a rank of at least ``k``.

    Returns
    -------
    RankTailBound
        Three upper bounds, for a single replicate: they say nothing about the largest of many.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Given the keys, the rank is the number of distinct keys picked by ``m`` independent queries. It is dominated by
    ``Occ``, whose law makes the first bound. For a sum of independent variables within 1 of their means, Bernstein's
    inequality is ``P(S - E S >= t) <= exp(-t^2 / (2 (v + t/3)))`` with ``v`` the variance (Boucheron, Lugosi and
    Massart, 2013, section 2.8), which applies to ``Occ`` (see the module) and through it to the rank. One query changes
    the rank by at most 1 and ``E[rank | keys] <= b(n)``: bounded differences give the third (the same, section 6.1).
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    remedy = "give how far above the barrier the rank is to lie"
    t = check_real("excess", excess, above=0, below=MAX_KEYS, inclusive=(True, True), remedy=remedy)
    exact = Fraction(excess) if isinstance(excess, numbers.Rational) else Fraction(t)
    with working_precision(192 + 4 * n.bit_length() + m.bit_length()):
        distance = from_fraction(exact)
        square = distance**2
        variance = arb(0) if 1 in (n, m) else _variance_ball(n, m)
        bernstein = float_above((-square / (2 * (variance + distance / 3))).exp()) if exact > 0 else 1.0
        differences = float_above((-2 * square / m).exp())
        threshold = int((barrier_ball(n, m) + distance).lower().ceil().unique_fmpz())  # the rank is an integer
    return RankTailBound(n, m, t, _dominating_tail(n, m, threshold), min(bernstein, 1.0), min(differences, 1.0))


def _dominating_tail(n: int, m: int, threshold: int) -> float | None:
    """Return an upper bound on ``P(Occ >= threshold)``; ``None`` where the law is out of reach."""
    if threshold > min(n, m):
        return 0.0
    if m > _MOST_QUERIES:
        return None
    return occupancy_law(n, n_queries=m).upper_tail(threshold).upper


def _variance_ball(n: int, m: int) -> Ball:
    """Return the variance as a ball at the current precision, ``n`` and ``m`` at least 2."""
    one_empty = (m * (-arb(1) / n).log1p()).exp()
    two_empty = (m * (-arb(2) / n).log1p()).exp() if n > 2 else arb(0)
    return n * one_empty * (1 - one_empty) - arb(n) * (n - 1) * (one_empty**2 - two_empty)


def _enclosed_probabilities(n: int, m: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lower and upper ends of ``P(Occ = k)`` for ``k`` from 0 to ``min(m, n)``, as the module explains."""
    stay, move = _ratios(n, min(m, n))
    return carried(m, min(m, n), lambda _, low, end: (stay[low:end], move[low:end]))


Ratios = Callable[[int, int, int], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""For ball ``i`` (from 0) and ``k`` occupied cells, ``k`` from ``low`` to ``end - 1``: the probabilities that it leaves
``k`` cells occupied, and that it makes them ``k + 1``; each a rational rounded once."""


def carried(m: int, most: int, ratios: Ratios) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lower and upper ends of the law of the occupied cells after ``m`` balls, from 0 to ``most`` cells.

    The first ball occupies a cell. What a later one does depends on its number and on how many are occupied only.
    """
    low, band = 1, np.ones(1)  # after the first ball; band[j] belongs to low + j cells, the others to no mass
    for ball in range(1, m):
        stay, move = ratios(ball, low, low + band.size)
        following = np.zeros(band.size + 1)
        np.multiply(band, stay, out=following[:-1])
        following[1:] += band * move
        following[following < _DROPPED] = 0.0
        first, last = 0, following.size - 1
        while following[first] == 0.0:
            first += 1
        while following[last] == 0.0:
            last -= 1
        low, band = low + first, following[first : last + 1]
    result = np.zeros(most + 1)
    result[low : low + band.size] = band
    slack = (3 * m + 8) * _UNIT_ROUNDOFF  # eight more for (1 +- u)^{3m} against 1 +- 3 m u and the operations below
    lower = result * (1 - slack)
    upper = np.minimum(result * (1 + slack) + 2.0 * m * most * _DROPPED, 1.0)
    upper[0] = 0.0
    lower.flags.writeable = upper.flags.writeable = False
    return lower, upper


def _ratios(n: int, most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the probabilities that a ball leaves ``k`` cells occupied, or makes it ``k + 1``, ``k`` up to ``most``."""
    # Python divides integers of any size with a single rounding; NumPy's would first be rounded to floats.
    return np.array([k / n for k in range(most + 1)]), np.array([(n - k) / n for k in range(most + 1)])


def _check_cells(value: object) -> int:
    return check_integer("cells", value, minimum=0, remedy="give a number of occupied cells")


def _sum_above(values: NDArray[np.float64]) -> float:
    return math.nextafter(math.fsum(values), math.inf)


def _sum_below(values: NDArray[np.float64]) -> float:
    return math.nextafter(math.fsum(values), -math.inf)
