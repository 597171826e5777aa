"""An interval of floats that is proved to contain a real number."""

from __future__ import annotations

import math
import numbers
import re
from dataclasses import dataclass

from rankbound.verdict import Rigour

_DIGITS = 10  # of an end that is shown


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

    def _repr_html_(self) -> str:
        """Return the interval for a notebook, which calls this; its ends are rounded outward once more."""
        from html import escape

        lower, upper = self._ends()
        return (
            f'<span class="rankbound-enclosure">[{lower}, {upper}] &nbsp;<small>{self.rigour}, by '
            f"{escape(self.method)}</small></span>"
        )

    def _repr_latex_(self) -> str:
        """Return the interval for a notebook, which calls this where it writes LaTeX."""
        lower, upper = (re.sub(r"e([+-]?)0*(\d+)$", _power_of_ten, end) for end in self._ends())
        ends = rf"{lower},\; {upper}".replace("inf", r"\infty")
        return rf"$\left[{ends}\right]$ ({self.rigour})"

    def _ends(self) -> tuple[str, str]:
        from rankbound.rounding import ceiling_text, floor_text

        lower, upper = self.lower, self.upper
        return (
            floor_text(lower, _DIGITS) if math.isfinite(lower) else str(lower),
            ceiling_text(upper, _DIGITS) if math.isfinite(upper) else str(upper),
        )

    def __contains__(self, value: object) -> bool:
        return isinstance(value, numbers.Real) and not value < self.lower and bool(value <= self.upper)


def _power_of_ten(exponent: re.Match[str]) -> str:
    return rf" \times 10^{{{exponent[1].removeprefix('+')}{exponent[2]}}}"
