"""An interval of floats that is proved to contain a real number."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass

from rankbound.verdict import Rigour


@dataclass(frozen=True, slots=True)
class Enclosure:
    """``lower <= value <= upper``, proved, with both ends rounded outward to floats.

    Attributes
    ----------
    lower, upper : float
        The ends; ``upper`` may be ``inf`` when precision ran out, neither is ever NaN.
    rigour : Rigour
        ``EXACT`` when the value is known in closed form (the ends are then its neighbouring floats, or equal when it
        is a float itself), ``ENCLOSED`` otherwise.
    method : str
        How the ends were obtained, for example ``"noise-stability | norm-conditioned-barrier"``.
    """

    lower: float
    upper: float
    rigour: Rigour
    method: str

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:  # false for NaN too
            raise ValueError(f"an enclosure needs lower <= upper, got [{self.lower!r}, {self.upper!r}]")
        if self.rigour not in (Rigour.EXACT, Rigour.ENCLOSED):
            raise ValueError(f"an enclosure stands on the rung exact or enclosed, not {self.rigour}")

    @property
    def width(self) -> float:
        """``upper - lower``, rounded up."""
        return math.nextafter(self.upper - self.lower, math.inf) if self.upper > self.lower else 0.0

    def __contains__(self, value: object) -> bool:
        return isinstance(value, numbers.Real) and not value < self.lower and bool(value <= self.upper)
