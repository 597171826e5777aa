"""What is certain at ``head_dim = ceil(c log(n))``: the share of the barrier there, and the exponent it tends to (T8).

At fixed ``c`` the exponent ``e(c)`` of ``E[rank] = n^{e(c) + o(1)}`` is below 1, so that ``E[rank]/n -> 0``. That is a
statement about the limit. The share ``U/n`` along growing ``n`` bounds ``E[rank]/n`` at each ``n``, and illustrates it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from rankbound.bounds.balls import Ball, float_above, float_below, working_precision
from rankbound.bounds.growth_exponent import rank_exponent
from rankbound.bounds.norm_conditioned import enclose_norm_conditioned
from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer, check_real, invalid

_MOST_KEYS = 10**15
_MOST_BITS = 1 << 14


@dataclass(frozen=True, slots=True)
class LogScalePoint:
    """One point of the curve ``head_dim = ceil(c log(n_keys))``.

    Attributes
    ----------
    n_keys, c, head_dim : int, float, int
        ``head_dim`` is the ceiling of the exact product of the float ``c`` and the natural logarithm.
    share : Enclosure
        ``U(n_keys, head_dim) / n_keys``, the norm-conditioned barrier (T6): an upper bound on ``E[rank] / n_keys``.
    exponent : Enclosure
        ``e(c)``, the limit of ``log E[rank] / log n_keys`` at this ``c``; it says nothing about one ``n_keys``.
    """

    n_keys: int
    c: float
    head_dim: int
    share: Enclosure
    exponent: Enclosure


def log_scale(n_keys: int, c: float) -> LogScalePoint:
    """Return what is certain at ``head_dim = ceil(c log(n_keys))``.

    Parameters
    ----------
    n_keys : int
        From 2 to 10^15.
    c : float
        From 1e-3 to 1e6.

    Returns
    -------
    LogScalePoint
        ``share`` is as sharp as :func:`rankbound.bounds.enclose_norm_conditioned`, ``exponent`` as
        :func:`rankbound.bounds.rank_exponent`.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    head_dim = log_head_dim(n_keys, c)
    n, ratio = int(n_keys), float(c)
    rank = enclose_norm_conditioned(n, head_dim)
    with working_precision(128):
        share = Enclosure(
            max(float_below(arb(rank.lower) / n), 0.0), float_above(arb(rank.upper) / n), rank.rigour, rank.method
        )
    return LogScalePoint(n, ratio, head_dim, share, rank_exponent(ratio))


def log_head_dim(n_keys: int, c: float) -> int:
    """Return ``ceil(c log(n_keys))``, exactly; same arguments as :func:`log_scale`.

    ``log(n)`` is transcendental for every integer ``n >= 2`` (Lindemann) and a float is rational, so the product is
    never an integer, and enough precision separates it from both neighbours.
    """
    remedy = "give the number of keys (the sequence length)"
    n = check_integer("n_keys", n_keys, minimum=2, maximum=_MOST_KEYS, remedy=remedy)
    remedy = "give head_dim / log(n_keys)"
    ratio = check_real("c", c, above=1e-3, below=1e6, inclusive=(True, True), remedy=remedy)
    bits = 128
    while bits <= _MOST_BITS:
        with working_precision(bits):
            ceiling: Ball = (arb(ratio) * arb(n).log()).ceil().unique_fmpz()
        if ceiling is not None:
            return int(ceiling)
        bits *= 2
    raise invalid("c", c, "a ratio whose product with log(n_keys) is no integer to thousands of bits", "give another c")
