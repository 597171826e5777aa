"""When a cell of a campaign has enough replicates: a number of them, or a half-width of the interval.

The decision is a function of the ranks drawn so far alone, so it is the same whoever drew them and however often the
run was interrupted. The interval is that of a confidence sequence, so it holds at whatever number of replicates the
decision falls (:mod:`montecarlo.confidence`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from montecarlo.blocks import horizon_for
from montecarlo.confidence import confidence_interval, excludes_up_to
from rankbound.errors import check_integer, check_real, invalid

__all__ = ["Cell", "Goal", "HalfWidth", "Replicates", "State", "goal_of"]

_LITTLE = 0.95
"""A doubling of the replicates that leaves more than this of the interval's length brings no target nearer."""

Ranks = npt.NDArray[np.int64]


class State(Enum):
    """How far a cell is."""

    UNFINISHED = "unfinished"
    REACHED = "reached"
    STALLED = "stalled"


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting of a campaign, with what was fixed before its first replicate.

    ``error`` is the probability that the confidence sequence ever excludes the expected rank, ``horizon`` the number of
    replicates at which it is to be narrowest, ``block`` the number of replicates between two looks at it.
    """

    n_keys: int
    n_queries: int
    head_dim: int
    error: float
    horizon: int
    block: int

    @property
    def sizes(self) -> tuple[int, int, int]:
        """``(n_keys, n_queries, head_dim)``, by which cells are told apart and sorted."""
        return self.n_keys, self.n_queries, self.head_dim

    @property
    def most(self) -> int:
        """The largest possible rank."""
        return min(self.n_keys, self.n_queries)

    def length(self, ranks: Ranks) -> float:
        """Return the length of the interval for the expected rank after ``ranks``."""
        lower, upper = confidence_interval(ranks, lower=1, upper=self.most, error=self.error, horizon=self.horizon)
        return upper - lower

    def contains(self, low: float, high: float, ranks: Ranks) -> bool:
        """Whether the interval after ``ranks`` contains ``low`` and ``high``: two passes, where the ends need 100."""
        return not (
            self._excludes_up_to(low, ranks) or self._excludes_up_to(1 + self.most - high, 1 + self.most - ranks)
        )

    def _excludes_up_to(self, value: float, ranks: Ranks) -> bool:
        return excludes_up_to(value, ranks, lower=1, upper=self.most, error=self.error, horizon=self.horizon)

    def about(self, ranks: Ranks) -> float:
        """Return about the half-width of the interval for E[rank]/n_keys, by the formula of ``montecarlo.blocks``."""
        level = math.log(2.0 / self.error) / ranks.size
        return math.sqrt(2.0 * level * float(ranks.var()) + (0.55 * (self.most - 1) * level) ** 2) / self.n_keys


@dataclass(frozen=True, slots=True)
class Replicates:
    """So many replicates, fixed beforehand."""

    replicates: int

    def horizon(self, n_keys: int, n_queries: int, head_dim: int, error: float) -> int:
        """Return the horizon of a cell that is begun for this goal."""
        return self.replicates

    def state(self, cell: Cell, ranks: Ranks) -> State:
        """Judge what has been drawn, after every block."""
        return State.REACHED if ranks.size >= self.replicates else State.UNFINISHED

    def expected(self, cell: Cell, ranks: Ranks) -> int:
        """Return how many replicates there will be in the end."""
        return self.replicates


@dataclass(frozen=True, slots=True)
class HalfWidth:
    """Replicates until the interval for E[rank]/n_keys is at most this to either side of its middle."""

    half_width: float

    def horizon(self, n_keys: int, n_queries: int, head_dim: int, error: float) -> int:
        """Return the horizon of a cell that is begun for this goal."""
        return horizon_for(self.half_width, n_keys, head_dim, n_queries, error)

    def state(self, cell: Cell, ranks: Ranks) -> State:
        """Judge what has been drawn, after every block."""
        if ranks.size == 0:
            return State.UNFINISHED
        wanted, middle = self.half_width * cell.n_keys, float(ranks.mean())
        # An interval that contains two points is no shorter than their distance; most looks end with that.
        surely_longer = cell.most > 1 and cell.contains(middle - wanted, middle + wanted, ranks)
        if not surely_longer and cell.length(ranks) <= 2.0 * wanted:
            return State.REACHED
        return State.STALLED if _has_stalled(cell, ranks) else State.UNFINISHED

    def expected(self, cell: Cell, ranks: Ranks) -> int:
        """Guess how many replicates there will be in the end; no result depends on it."""
        if ranks.size < 2:
            return cell.horizon
        level, wanted, variance = math.log(2.0 / cell.error), self.half_width * cell.n_keys, float(ranks.var())
        return math.ceil(level * (variance + math.hypot(variance, 0.55 * (cell.most - 1) * wanted)) / wanted**2)


Goal = Replicates | HalfWidth


def goal_of(replicates: object, half_width: object) -> Goal:
    """Return the goal that one of the two arguments gives, or raise ``ValueError`` unless exactly one is given."""
    if (replicates is None) == (half_width is None):
        both = (replicates, half_width)
        raise invalid("(replicates, half_width)", both, "one of the two, the other None", "omit one of them")
    if half_width is None:
        remedy = "give the number of matrices to draw at each setting"
        return Replicates(check_integer("replicates", replicates, minimum=1, maximum=2**53, remedy=remedy))
    remedy = "give a share of n_keys, for example 1e-3"
    return HalfWidth(check_real("half_width", half_width, above=0.0, below=1.0, remedy=remedy))


def _has_stalled(cell: Cell, ranks: Ranks) -> bool:
    """Whether the last doubling of the replicates, past the horizon, has narrowed the interval by next to nothing.

    So it is when the sequence has excluded every value (an event of probability at most ``error``, after which the
    interval is the whole range for good), and when the horizon was too near by far for the target. Asked at the first
    block past each doubling only.
    """
    doublings = math.floor(math.log2(ranks.size / cell.horizon)) if ranks.size >= 2 * cell.horizon else 0
    if doublings == 0 or ranks.size - cell.block >= cell.horizon << doublings:
        return False
    return cell.length(ranks) > _LITTLE * cell.length(ranks[: ranks.size // 2])
