"""The barrier: the expected number of occupied cells when every query picks a key uniformly (T2, T3)."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from rankbound.bounds.balls import (
    Ball,
    enclose,
    enclose_fraction,
    float_above,
    float_below,
    from_fraction,
    working_precision,
)
from rankbound.enclosure import Enclosure
from rankbound.errors import invalid
from rankbound.setting import check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_EXACT_WORK = 100_000  # n_queries * bits of n_keys up to which the rational is formed: well under a millisecond
_LARGEST_EXACT = 10**7


def barrier(n_keys: int, *, n_queries: int | None = None) -> Enclosure:
    """Enclose the barrier ``n (1 - (1 - 1/n)^m)``, which E[rank] never exceeds whatever the head dimension.

    Parameters
    ----------
    n_keys, n_queries : int
        ``n`` and ``m``, at least 1; ``m = n`` unless given.

    Returns
    -------
    Enclosure
        Rung ``exact``, its ends neighbouring floats, where the rational is small enough to be formed; rung ``enclosed``
        and relative width below 1e-15 elsewhere.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.

    Notes
    -----
    For every fixed set of keys, queries drawn independently from one law pick key ``j`` with probability ``p_j``, the
    expected number of picked keys is ``sum_j 1 - (1 - p_j)^m``, and that is concave in ``p``.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if m * n.bit_length() <= _EXACT_WORK:
        return enclose_fraction(exact_barrier(n, n_queries=m), "occupancy, exact rational")
    most = enclose_fraction(Fraction(min(n, m)), "").upper
    with working_precision(128 + m.bit_length()):
        value = barrier_ball(n, m)
        return Enclosure(
            float_below(value), min(float_above(value), most), Rigour.ENCLOSED, "occupancy, ball arithmetic"
        )


def exact_barrier(n_keys: int, *, n_queries: int | None = None) -> Fraction:
    """Return the barrier ``n (1 - (1 - 1/n)^m)`` as a rational of about ``2 m log2(n)`` bits, at most 2 10^7 of them.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1, or the rational would be larger than that.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    if m * n.bit_length() > _LARGEST_EXACT:
        expected = f"sizes with n_queries log2(n_keys) up to {_LARGEST_EXACT}"
        raise invalid("(n_keys, n_queries)", (n, m), expected, "use barrier, which encloses it")
    return n * (1 - Fraction(n - 1, n) ** m)


def barrier_ball(n: int, m: int) -> Ball:
    """Return the barrier as a ball at the current precision."""
    return n * hit_probability(arb(1) / n, m)


def hit_probability(p: Ball, m: int) -> Ball:
    """Return ``h(p) = 1 - (1-p)^m``, the probability that one of ``m`` queries picks a key of probability ``p``.

    Accurate relative to the result when ``p`` is tiny, and 1 at ``p = 1``, where the logarithm would not be finite.
    """
    if p == 1:
        return arb(1)
    return -((-p).log1p() * m).expm1()


def barrier_margins(n_keys: int) -> tuple[Enclosure, Enclosure]:
    """Enclose how far the barrier with ``n_queries = n_keys`` lies inside T3.

    Returns
    -------
    tuple of Enclosure
        ``b(n) - ((1-1/e) n + 1/(2e))``, positive and about ``5/(24 e n)``, and ``((1-1/e) n + 1/e) - b(n)``, positive
        for ``n > 1`` and exactly 0 at ``n = 1``. Each has relative width below 1e-12: they are formed before rounding,
        since the ends of T3 and the barrier are the same float from about ``n = 1e8`` on.
    """
    n = check_n_keys(n_keys)
    with working_precision(160 + 3 * n.bit_length()):
        inverse_e = arb(-1).exp()
        excess = barrier_ball(n, n) - (1 - inverse_e) * n
        above = enclose(excess - inverse_e / 2, Rigour.ENCLOSED, "b(n) - (1-1/e) n - 1/(2e)")
        if n == 1:
            return above, Enclosure(0.0, 0.0, Rigour.EXACT, "b(1) = 1 = (1-1/e) + 1/e")
        return above, enclose(inverse_e - excess, Rigour.ENCLOSED, "(1-1/e) n + 1/e - b(n)")


def limiting_line(n_keys: int, *, constant: Fraction = Fraction(0)) -> Enclosure:
    """Enclose ``(1-1/e) n + constant/e``: the barrier's leading term, and with 1/2 and 1 the two ends of T3."""
    n = check_n_keys(n_keys)
    with working_precision(128 + n.bit_length()):
        inverse_e = arb(-1).exp()
        line = (1 - inverse_e) * n + from_fraction(constant) * inverse_e
        return enclose(line, Rigour.ENCLOSED, "(1-1/e) n + constant/e")


def limiting_share(n_keys: int, n_queries: int) -> Enclosure:
    """Enclose ``n (1 - exp(-m/n))``, which the barrier of ``n`` keys and ``m`` queries exceeds by at most ``1/e``."""
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    with working_precision(128 + n.bit_length() + m.bit_length()):
        return enclose(-n * (-arb(m) / n).expm1(), Rigour.ENCLOSED, "n (1 - exp(-m/n))")
