"""Runs in blocks: how many replicates a block has, and how many a target for the interval is likely to need.

Both are functions of the sizes and the target alone, by fixed tables and formulas, so that where a run stops never
depends on the machine, the clock or the number of workers. The second decides where the bets of a confidence sequence
are strongest: a poor guess costs replicates, and nothing else, because the sequence is valid whatever the guess was.
"""

from __future__ import annotations

import math

from montecarlo.planning import core_seconds
from rankbound.errors import check_real
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["MOST_IN_A_BLOCK", "block_replicates", "guessed_variance", "horizon_for"]

LEAST_IN_A_BLOCK = 16
MOST_IN_A_BLOCK = 20_000

_BLOCK_SECONDS = 0.5
"""Of one core, by the fixed table of costs: at least so often is there an interval to look at, or a block to keep."""

_LARGEST_HORIZON = 2**62

_PRUDENCE = 1.5
"""Factor on the guessed variance: of two horizons, the one too far costs less than the one too near."""


def block_replicates(n_keys: int, head_dim: int, n_queries: int | None = None) -> int:
    """Return the number of replicates in a block: about half a nominal second of one core, from 16 to 20000.

    Parameters
    ----------
    n_keys, head_dim : int
        At least 1.
    n_queries : int, optional
        At least 1; as many as keys if omitted.

    Raises
    ------
    ValueError
        If a size is not a positive integer.
    """
    n_keys = check_n_keys(n_keys)
    seconds = core_seconds(n_keys, check_head_dim(head_dim), check_n_queries(n_queries, n_keys))
    return max(LEAST_IN_A_BLOCK, min(MOST_IN_A_BLOCK, int(_BLOCK_SECONDS / seconds)))


def guessed_variance(n_keys: int, head_dim: int, n_queries: int | None = None) -> float:
    """Guess the variance of the rank, to a factor of about three; parameters and errors as :func:`block_replicates`.

    Two regimes, joined harmonically. In wide heads keys are chosen about equally often and the variance is about that
    of the number of occupied cells when ``n_queries`` balls fall into ``n_keys`` cells, somewhat more where keys are
    chosen unequally. In narrow heads few keys are chosen at all, and the variance grows with a power of log n that
    rises with the head dimension; the powers and the constants are fitted to simulations.
    """
    n_keys = check_n_keys(n_keys)
    head_dim, n_queries = check_head_dim(head_dim), check_n_queries(n_queries, n_keys)
    fewer, ratio = min(n_keys, n_queries), n_queries / n_keys
    empty = math.exp(-ratio)
    occupancy = n_keys * empty * (-math.expm1(-ratio) - ratio * empty)
    excess = max(ratio, 1.0 / ratio) - 1.0
    wide = max(occupancy, 0.13 * fewer / (1.0 + excess * head_dim / 100.0))
    if head_dim == 1:
        return min(0.25, wide)
    power = min(1.3 * (head_dim - 2), 200.0)
    narrow = 0.5 * math.log1p(n_keys) * (1.0 + math.log(n_keys) / 3.0) ** power
    return float(wide * narrow / (wide + narrow))


def horizon_for(half_width: float, n_keys: int, head_dim: int, n_queries: int, error: float) -> int:
    """Return the number of replicates at which an interval for E[rank]/n_keys is likely to reach ``half_width``.

    Parameters
    ----------
    half_width : float
        Half the wanted length of the interval for E[rank] / n_keys; above 0.
    n_keys, head_dim, n_queries : int
        At least 1.
    error : float
        Error probability of the confidence sequence, between 0 and 1.

    Returns
    -------
    int
        At least 1, to two digits, rounded upwards: to be given to :func:`montecarlo.confidence_interval` as the
        ``horizon``.

    Raises
    ------
    ValueError
        If an argument is not what is said above.

    Notes
    -----
    With L = log(2 / error), N replicates, the variance v and the range R of the rank, the half-width w of the betting
    interval is close to sqrt(2 L v / N + (0.55 R L / N)**2): the second term is what is paid for not knowing the
    variance beforehand, and dominates for the first few hundred replicates; at twelve sizes, three levels and up to
    20000 replicates, measured half-widths were 0.6 to 1.32 times that. This solves for N, with v taken as 1.5 times the
    guess above: a target that is reached a little before the horizon costs less than one that is missed there.
    """
    n_keys = check_n_keys(n_keys)
    half_width = check_real(
        "half_width", half_width, above=0.0, below=math.inf, remedy="give a share of n_keys, for example 1e-3"
    )
    error = check_real("error", error, above=0.0, below=1.0, remedy="give a probability, for example 1e-3")
    variance = _PRUDENCE * guessed_variance(n_keys, head_dim, n_queries)
    reach = min(n_keys, n_queries) - 1
    level, wanted = math.log(2.0 / error), half_width * n_keys
    if 2.0 * wanted >= reach:
        return 1
    try:
        needed = level * (variance + math.hypot(variance, 0.55 * reach * wanted)) / wanted**2
    except (OverflowError, ZeroDivisionError):
        return _LARGEST_HORIZON
    return _rounded_up(min(needed, float(_LARGEST_HORIZON)))


def _rounded_up(number: float) -> int:
    """Round up to two digits, so that the last bits of a logarithm do not decide."""
    whole = math.ceil(number)
    unit = 10 ** max(0, len(str(whole)) - 2)
    return int(min(-(-whole // unit) * unit, _LARGEST_HORIZON))
