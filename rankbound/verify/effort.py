"""Where the next replicates go: first to where the experiment is undecided, by earlier results alone, never the clock.

A confidence sequence may be looked at as often as one likes, so replicates can be shared out while they come in. Half
the budget is shared out beforehand. Then the experiment is *decided* at a head dimension if its interval lies apart
from the certified one: the two contradict each other, and more replicates would not change that. At the others they
could. Each block goes to the head dimension at which all that is left could detect the smallest disagreement, relative
to the rank: where the two intervals would be narrowest together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rankbound.enclosure import Enclosure

_LEAST_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one head dimension has come.

    ``cost`` is in nominal seconds a replicate, ``lower`` and ``upper`` are the ends of the confidence interval.
    """

    head_dim: int
    replicates: int
    cost: float
    lower: float
    upper: float
    certified: Enclosure

    @property
    def decided(self) -> bool:
        """Whether the two intervals lie apart."""
        return self.lower > self.certified.upper or self.upper < self.certified.lower

    def resolution(self, more: int) -> float:
        """Return the width of both intervals together, relative to the rank, if ``more`` replicates were drawn.

        Confidence intervals of few replicates shrink in proportion to their number: the range of the ranks, not their
        variance, is what makes them wide.
        """
        interval = (self.upper - self.lower) * self.replicates / (self.replicates + more)
        return (interval + self.certified.upper - self.certified.lower) / self.certified.lower


def first_round(plan: Mapping[int, int]) -> dict[int, int]:
    """Return half of the planned replicates at each head dimension, in ascending order; not fewer than a block."""
    return {d: max(min(plan[d], _LEAST_BLOCK), math.ceil(plan[d] / 2)) for d in sorted(plan) if plan[d]}


def next_block(standings: Iterable[Standing], left: float, most: int) -> tuple[int, int] | None:
    """Return a head dimension and how many replicates more it gets, or ``None`` when nothing more is to be done.

    Parameters
    ----------
    standings : iterable of Standing
        Of the head dimensions that were simulated.
    left : float
        Nominal seconds that are left.
    most : int
        Replicates that a head dimension may have in all.
    """
    open_ = []
    for now in standings:
        affordable = min(most - now.replicates, int(left / now.cost))
        if not now.decided and affordable >= _LEAST_BLOCK:
            open_.append((now.resolution(affordable), now.head_dim, min(affordable, max(now.replicates, _LEAST_BLOCK))))
    return min(open_)[1:] if open_ else None
