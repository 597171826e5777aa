"""Confidence sequences for the mean of bounded observations, by betting.

The hedged capital process of Waudby-Smith and Ramdas ("Estimating means of bounded random variables by betting", J. R.
Stat. Soc. B 86, 2024, section 4): for each candidate mean m one gambler bets that the observations lie above m and
another that they lie below. If m is the mean, both capitals are non-negative martingales that start at 1, so by Ville's
inequality each ever reaches 2 / error with probability at most error / 2. Candidates at which a capital has reached
that are excluded, for good. No normal approximation, no assumption on the variance, and valid at any stopping time.

The bets are predictable plug-ins (equation 26 there), truncated so that a single observation costs at most 98% of a
of a capital. Truncated bets make each capital monotone in m, so what is excluded is an interval at either end, found by
bisection. Every rounding goes outward: the capital must exceed its threshold by a bound on the error of the sum, and
the end that is returned is one that was excluded.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from rankbound.errors import check_integer, check_real, invalid

__all__ = ["confidence_interval", "confidence_sequence", "excess_evidence", "excludes_up_to"]

_STAKE = 0.98
"""Largest part of a capital ever at risk. Any value below 1 is valid; ranks vary little and reward a high one."""

_GRID = 1024
"""Candidates that a sequence tests, evenly spaced over the range."""

_LEAST_ERROR = 1e-307
"""Below, the threshold ``2 / error`` is beyond the floats, and bets on infinity are worth nothing."""

_STEPS = 48
_ULP = 2.0**-52

Floats = npt.NDArray[np.float64]


def confidence_interval(
    samples: npt.ArrayLike, *, lower: float, upper: float, error: float, horizon: int | None = None
) -> tuple[float, float]:
    """Return the interval that the confidence sequence has reached after all ``samples``.

    Parameters
    ----------
    samples : array (n,)
        Observations in the order in which they were made, each from ``lower`` to ``upper``, with a common conditional
        mean given those before (independent and identically distributed ones have).
    lower, upper : float
        The range that observations cannot leave; known beforehand, not read off the samples.
    error : float
        Probability that the sequence *ever* excludes the mean, from 1e-307 to 1: 1e-3 for a level of 99.9%.
    horizon : int, optional
        Number of observations at which the interval is wanted to be narrowest. It must have been fixed before the first
        observation; the interval is valid at every other number too, and goes on narrowing beyond. Omitted, the bets
        favour no number.

    Returns
    -------
    tuple of float
        Ends between ``lower`` and ``upper``, which themselves are returned if there are no samples, or if by now every
        candidate is excluded (an event of probability at most ``error``, in which nothing can be said).

    Raises
    ------
    ValueError
        If an observation is not a finite number in the range, or an argument is not what is said above.
    """
    scaled, lower, upper, error, horizon = _checked(samples, lower, upper, error, horizon)
    if scaled.size == 0 or lower == upper:
        return lower, upper
    bets = _bets(scaled, error, horizon)
    below = _excluded_below(scaled, bets, error)
    above = 1.0 - _excluded_below(1.0 - scaled, bets, error)
    return (lower, upper) if below >= above else _unscaled(below, above, lower, upper)


def excludes_up_to(
    value: float, samples: npt.ArrayLike, *, lower: float, upper: float, error: float, horizon: int | None = None
) -> bool:
    """Whether the sequence has excluded every mean up to ``value``, as :func:`confidence_interval` would find.

    The other arguments and the errors are those of :func:`confidence_interval`. The answer is ``True`` only if the
    interval begins above ``value``; for a ``value`` within rounding of its beginning it may be ``False``. This needs
    one pass over the samples, where the interval needs about a hundred.
    """
    found = excess_evidence(value, samples, lower=lower, upper=upper, error=error, horizon=horizon)
    return found > math.log(2.0 / error)


def excess_evidence(
    value: float, samples: npt.ArrayLike, *, lower: float, upper: float, error: float, horizon: int | None = None
) -> float:
    """Return the logarithm of the largest capital so far that has bet on a mean above ``value``, rounded down.

    The bets, the other arguments and the errors are those of :func:`confidence_interval`. Whatever ``error`` was, if
    the mean is at most ``value``, the probability that this ever reaches ``log(1/p)`` is at most ``p``; the interval
    begins above ``value`` where it exceeds ``log(2/error)``. At least 0; infinite for a ``value`` below ``lower``,
    where no mean can be.
    """
    scaled, lower, upper, error, horizon = _checked(samples, lower, upper, error, horizon)
    remedy = "give the mean that is bet against"
    value = check_real("value", value, above=-math.inf, below=math.inf, inclusive=(True, True), remedy=remedy)
    if value < lower:
        return math.inf
    if scaled.size == 0 or value >= upper:
        return 0.0
    outward = 16.0 * _ULP * (1.0 + max(abs(lower), abs(upper)) / (upper - lower))
    point = (value - lower) / (upper - lower) + outward
    capital, slack = _capitals(scaled, _bets(scaled, error, horizon), point)
    return max(0.0, float(capital.max()) - slack)


def confidence_sequence(
    samples: npt.ArrayLike, *, lower: float, upper: float, error: float, horizon: int | None = None
) -> Floats:
    """Return the whole sequence of intervals: row ``t`` is what is known after ``t + 1`` samples.

    Arguments and errors are those of :func:`confidence_interval`, and the probability that any row excludes the mean is
    at most ``error``. Candidates are tested on a fixed grid of 1024 points, so the ends lie up to a thousandth of the
    range further out than those of :func:`confidence_interval`; the beginning of a longer sequence is the sequence of
    the beginning.

    Returns
    -------
    float64 array (n, 2)
        Lower and upper ends, each row within the one before, except that every row is the whole range once every
        candidate is excluded.
    """
    scaled, lower, upper, error, horizon = _checked(samples, lower, upper, error, horizon)
    rows = np.empty((scaled.size, 2))
    if scaled.size == 0 or lower == upper:
        rows[:] = lower, upper
        return rows
    bets = _bets(scaled, error, horizon)
    below = _excluded_below_at_all_times(scaled, bets, error)
    above = 1.0 - _excluded_below_at_all_times(1.0 - scaled, bets, error)
    rows[:] = [
        (lower, upper) if low >= high else _unscaled(low, high, lower, upper)
        for low, high in zip(below.tolist(), above.tolist(), strict=True)
    ]
    return rows


def _checked(
    samples: npt.ArrayLike, lower: object, upper: object, error: object, horizon: object
) -> tuple[Floats, float, float, float, int | None]:
    """Return the samples scaled to [0, 1], and the other arguments as what they should be."""
    infinity = math.inf
    low = check_real("lower", lower, above=-infinity, below=infinity, remedy="give the least possible observation")
    high = check_real(
        "upper", upper, above=low, below=infinity, inclusive=(True, False), remedy="give the largest observation"
    )
    remedy = "give a probability, for example 1e-3"
    level = check_real("error", error, above=_LEAST_ERROR, below=1.0, inclusive=(True, False), remedy=remedy)
    if horizon is not None:
        horizon = check_integer("horizon", horizon, minimum=1, remedy="omit it, or give the planned number of samples")
    given = np.asarray(samples)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "biuf"):
        raise invalid("samples", samples, "a vector of real numbers", "give one number an observation")
    values = given.astype(np.float64)
    outside = np.flatnonzero(~((values >= low) & (values <= high)))  # catches NaN too
    if outside.size:
        where = int(outside[0])
        raise invalid(
            f"samples[{where}]", float(values[where]), f"a number from {low:g} to {high:g}", "widen lower or upper"
        )
    scaled = np.zeros_like(values) if low == high else np.clip((values - low) / (high - low), 0.0, 1.0)
    return scaled, low, high, level, horizon


def _unscaled(below: float, above: float, lower: float, upper: float) -> tuple[float, float]:
    """Map a part of [0, 1] to the range, outward by more than all roundings of the scaling could amount to."""
    slack = 8.0 * _ULP * max(abs(lower), abs(upper))
    length = upper - lower
    return max(lower, lower + below * length - slack), min(upper, lower + above * length + slack)


def _bets(scaled: Floats, error: float, horizon: int | None) -> Floats:
    """Return the bets before truncation; each depends on earlier observations only."""
    time = np.arange(1.0, scaled.size + 1.0)
    mean = (0.5 + np.cumsum(scaled)) / (time + 1.0)
    variance = (0.25 + np.cumsum((scaled - mean) ** 2)) / (time + 1.0)
    known = np.concatenate([[0.25], variance[:-1]])
    pace: Floats = time * np.log1p(time) if horizon is None else np.maximum(time, float(horizon))
    return np.sqrt(2.0 * math.log(2.0 / error) / (known * pace))


def _capitals(scaled: Floats, bets: Floats, mean: float) -> tuple[Floats, float]:
    """Return the logarithm of the capital betting on more than ``mean`` at all times, and a bound on its error."""
    stakes = bets if mean == 0.0 else np.minimum(bets, _STAKE / mean)
    gains = np.log1p(stakes * (scaled - mean))
    return np.cumsum(gains), float(4.0 * _ULP * (gains.size + 4) * (1.0 + np.abs(gains).sum()))


def _excluded_below(scaled: Floats, bets: Floats, error: float) -> float:
    """Return the largest candidate, up to bisection, that is excluded at some time from below; 0 if there is none."""
    threshold = math.log(2.0 / error)

    def excluded(mean: float) -> bool:
        capital, slack = _capitals(scaled, bets, mean)
        return bool(capital.max() > threshold + slack)

    if not excluded(0.0):
        return 0.0
    low, high = 0.0, 1.0  # at 1 no observation gains anything
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excluded(middle) else (low, middle)
    return low


def _excluded_below_at_all_times(scaled: Floats, bets: Floats, error: float) -> Floats:
    """Return, for all times, the largest candidate of the grid that has been excluded from below by then."""
    threshold = math.log(2.0 / error)
    bounds = np.zeros(scaled.size)
    for point in range(1, _GRID):
        capital, slack = _capitals(scaled, bets, point / _GRID)
        reached = np.flatnonzero(capital > threshold + slack)
        if reached.size == 0:
            break  # capitals decrease with the candidate: no larger one is excluded either
        bounds[reached[0] :] = point / _GRID
    return bounds
