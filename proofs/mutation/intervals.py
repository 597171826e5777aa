"""Intervals with open or closed, finite or infinite ends, and how they are added, multiplied and cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

Number = Fraction | float
"""An end: a fraction or an infinity."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers between two ends; ``open`` says which ends are left out."""

    low: Number
    high: Number
    open: tuple[bool, bool] = (False, False)

    def __add__(self, other: Interval) -> Interval:
        ends = (self.open[0] or other.open[0], self.open[1] or other.open[1])
        return Interval(self.low + other.low, self.high + other.high, ends)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.open[::-1])

    def __mul__(self, other: Interval) -> Interval:
        corners = []
        for one, one_open in zip((self.low, self.high), self.open, strict=True):
            for two, two_open in zip((other.low, other.high), other.open, strict=True):
                value = _times(one, two)
                missed = one_open or two_open
                if value == 0:  # 0 is reached if one factor reaches 0, whatever the other does
                    missed = not ((one == 0 and not one_open) or (two == 0 and not two_open))
                corners.append((value, missed))
        low, high = min(value for value, _ in corners), max(value for value, _ in corners)
        ends = tuple(all(missed for value, missed in corners if value == end) for end in (low, high))
        return Interval(low, high, (ends[0], ends[1]))

    @property
    def positive(self) -> bool:
        """Whether every number is above 0."""
        return self.low > 0 or (self.low == 0 and self.open[0])

    @property
    def nonnegative(self) -> bool:
        """Whether no number is below 0."""
        return self.low >= 0

    @property
    def sign(self) -> int | None:
        """1 if no number is below 0, -1 if none is above, else ``None``; 0 if all are 0."""
        if self.low == self.high == 0:
            return 0
        return 1 if self.low >= 0 else -1 if self.high <= 0 else None


ALL = Interval(-inf, inf, (True, True))
NONNEGATIVE, POSITIVE = Interval(Fraction(0), inf, (False, True)), Interval(Fraction(0), inf, (True, True))
UNIT = Interval(Fraction(0), Fraction(1))


def point(value: Any) -> Interval:
    """Return the interval of one rational number."""
    number = Fraction(int(value.p), int(value.q))
    return Interval(number, number)


def _times(one: Number, two: Number) -> Number:
    return Fraction(0) if 0 in (one, two) else one * two


def meet(one: Interval, two: Interval) -> Interval:
    """Return the numbers in both."""
    low, low_open = max((one.low, one.open[0]), (two.low, two.open[0]))
    high, high_closed = min((one.high, not one.open[1]), (two.high, not two.open[1]))
    return Interval(low, high, (low_open, not high_closed))
