"""Bets against a certified mean: that ranks lie below it, that they lie above it, that they exceed the barrier.

The first two are those of the confidence sequence of Waudby-Smith and Ramdas (:mod:`montecarlo.confidence`), the third
is the bet against dominance by the occupancy number (:mod:`rankbound.claims.dominance`). If what is certified holds of
the law of the ranks, each capital is a non-negative supermartingale that starts at 1, or at every moment at most one:
by Ville's inequality it ever reaches ``1/p`` with a probability of at most ``p``. The level is divided evenly among
the bets, and a p-value is multiplied by their number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from montecarlo import excess_evidence
from rankbound.claims.dominance import dominance_test
from rankbound.testing.certified_ranks import CertifiedRank

__all__ = ["TOO_HIGH", "TOO_LOW", "UNDOMINATED", "Bets", "placed"]

TOO_LOW, TOO_HIGH, UNDOMINATED = "below what is certified", "above what is certified", "above the barrier"

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bets:
    """What came of the bets on ranks from 1 to ``most``.

    Attributes
    ----------
    evidence : dict from str to float
        The logarithm of the largest capital, rounded down, by what was bet on.
    level : float
        The probability that any of them refutes what is true.
    """

    evidence: dict[str, float]
    level: float

    @property
    def best(self) -> str:
        """The bet that gained most."""
        return max(self.evidence, key=lambda name: self.evidence[name])

    @property
    def log_p(self) -> float:
        """The logarithm of the p-value of all bets together, at most 0."""
        return min(0.0, math.log(len(self.evidence)) - self.evidence[self.best])

    @property
    def refutes(self) -> bool:
        """Whether the p-value is at most the level."""
        return self.log_p <= math.log(self.level)


def placed(ranks: Ranks, certified: CertifiedRank, most: int, *, level: float, horizon: int) -> Bets:
    """Place the bets that there are on ranks from 1 to ``most``."""
    evidence = {}
    known, barrier = certified.mean, certified.barrier
    error = interval_error(certified, level)
    if known is not None:
        evidence[TOO_LOW] = excess_evidence(-known.lower, -ranks, lower=-most, upper=-1, error=error, horizon=horizon)
    upper = known if known is not None else barrier
    if upper is not None:
        evidence[TOO_HIGH] = excess_evidence(upper.upper, ranks, lower=1, upper=most, error=error, horizon=horizon)
    if barrier is not None:
        test = dominance_test(ranks, barrier=barrier.upper, variance=certified.variance, error=level)
        evidence[UNDOMINATED] = test.evidence
    return Bets(evidence, level)


def interval_error(certified: CertifiedRank, level: float) -> float:
    """Return the error of the confidence interval that is made of the bets on too low and on too high ranks."""
    bets = 3 if certified.mean is not None and certified.barrier is not None else 2
    return 2.0 * level / bets
