"""How the family-wise level of a run is divided among its tests."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spending:
    """The level of a run, and what each test may spend of it.

    Every head dimension that is simulated has one or two tests: a confidence sequence for the expected rank, and, where
    the expected rank is known to lie in an interval, a bet against dominance by the occupancy number; all of them
    together then have one more, the pooled bet against those intervals. A small size at which the expected rank is
    known has one, a confidence sequence. Claims cost nothing, unless ranks are drawn for one alone (in the limit of
    wide heads, say): each is judged on these tests, and no true claim is refuted unless one of them fails. Looks cost
    nothing either: the tests hold at every number of replicates at once. What is left is to divide by their number.

    Attributes
    ----------
    level : float
        Probability that any of the tests fails, ever.
    head_dims, controls : int
        How many head dimensions, and how many small sizes, are simulated.
    bets : bool
        Whether there are bets against dominance and against intervals.
    own : int
        How many tests claims make of ranks that are drawn for them alone.
    """

    level: float
    head_dims: int
    controls: int
    bets: bool = True
    own: int = 0

    @property
    def dominance(self) -> int:
        """How many bets against dominance there are."""
        return self.head_dims * self.bets

    @property
    def tests(self) -> int:
        """How many tests there are."""
        return self.head_dims + self.dominance + self.controls + self.bets + self.own

    @property
    def each(self) -> float:
        """What each test may spend: the level over the number of tests, rounded down."""
        return self.level if self.tests <= 1 else math.nextafter(self.level / self.tests, 0.0)
