"""A sequential test of the barrier: ranks that exceed it too often are evidence, at whatever moment one looks.

Under the claim *occupancy-dominance*, for every ``head_dim`` and all keys, the rank is stochastically dominated by the
occupancy number ``Occ``, the number of occupied cells when ``m`` balls fall uniformly into ``n`` cells. ``Occ`` has the
law of a sum of independent Bernoulli variables, its mean is the barrier ``b``, and with ``sigma^2`` its variance
Bennett's inequality gives, for every ``theta >= 0``,

    E exp(theta (rank - b)) <= E exp(theta (Occ - b)) <= exp(psi(theta)),   psi(theta) = sigma^2 (e^theta - 1 - theta).

So the product of ``exp(theta (rank_r - b) - psi(theta))`` over replicates is a non-negative supermartingale that starts
at 1, and so is an average of such products over several ``theta``. It is the capital of a gambler who bets that ranks
exceed the barrier; by Ville's inequality it *ever* reaches ``1/error`` with probability at most ``error``, however
often one looks and whatever decides when to stop. (Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform Chernoff bounds
via nonnegative supermartingales", Probability Surveys 17, 2020; Bennett, J. Amer. Statist. Assoc. 57, 1962.)

The best bet against ranks whose mean lies ``s`` standard deviations above the barrier is ``theta = log(1 + s/sigma)``.
Nobody knows ``s`` beforehand, so the capital is divided evenly among a few, a factor of two apart; that costs a factor
of their number at most, once. The test is the judge's: the experiment only hands over ranks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SHIFTS = tuple(2.0**power for power in range(-7, 2))
"""Excesses bet on, in standard deviations of the occupancy number."""

_SLACK = 2.0**-40
"""Relative error granted to sums of up to 4096 terms, and in proportion to longer ones: twice their worst rounding."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DominanceTest:
    """What the test says after all replicates of one head dimension.

    Attributes
    ----------
    evidence : float
        The largest capital reached so far, as a natural logarithm, rounded down.
    error : float
        Probability that a true claim is ever refuted.
    replicates : int
        How many ranks were looked at.
    """

    evidence: float
    error: float
    replicates: int

    @property
    def refutes(self) -> bool:
        """Whether the capital has reached ``1/error``."""
        return self.evidence >= -math.log(self.error)


def dominance_test(ranks: npt.ArrayLike, *, barrier: float, variance: float, error: float) -> DominanceTest:
    """Test that ranks are dominated by the occupancy number.

    Parameters
    ----------
    ranks : array (replicates,)
        In the order in which they were drawn.
    barrier, variance : float
        Mean and variance of the occupancy number, rounded up.
    error : float
        Probability with which a true claim may be refuted, at any moment, between 0 and 1.
    """
    observed = np.asarray(ranks, dtype=np.float64)
    evidence = float(log_capital(observed, barrier=barrier, variance=variance).max(initial=0.0))
    return DominanceTest(evidence, error, observed.size)


def log_capital(ranks: Floats, *, barrier: float, variance: float) -> Floats:
    """Return the logarithm of the capital after each replicate, rounded down; the arguments are as above."""
    excess = np.cumsum(ranks - barrier)
    if variance <= 0.0:  # the occupancy number is a constant
        return np.where(np.maximum.accumulate(ranks) > barrier, math.inf, 0.0)
    time = np.arange(1.0, ranks.size + 1.0)
    moved = np.cumsum(np.abs(ranks) + barrier)
    deviation = math.sqrt(variance)
    total = np.full(ranks.size, -math.inf)
    slack = _SLACK * max(1.0, ranks.size / 4096)
    for shift in _SHIFTS:
        theta = math.log1p(shift / deviation)
        cost = variance * (math.expm1(theta) - theta) * (1.0 + 2.0**-30)  # cancellation at small theta
        total = np.logaddexp(total, theta * excess - time * cost - slack * theta * moved)
    return total - math.log(len(_SHIFTS)) - slack
