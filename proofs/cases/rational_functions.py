"""Rational functions of a few unknown chances, over the rationals, with exact means where they are polynomials."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy.polys.domains import QQ
from sympy.polys.fields import field

from proofs.cases.evaluation import common, weighted

_FIELD, *_UNKNOWNS = field("v,v2,w", QQ)
_RING = _FIELD.ring


class RationalFunction:
    """A rational function in lowest terms; fractions are constant ones."""

    __slots__ = ("element",)

    def __init__(self, element: Any) -> None:
        self.element = element

    @classmethod
    def of(cls, value: Any) -> RationalFunction:
        """Return the constant function of a fraction, or the function itself."""
        if isinstance(value, cls):
            return value
        return cls(_FIELD(QQ(value.numerator, value.denominator)))

    def __add__(self, other: Any) -> RationalFunction:
        return RationalFunction(self.element + self.of(other).element)

    __radd__ = __add__

    def __mul__(self, other: Any) -> RationalFunction:
        return RationalFunction(self.element * self.of(other).element)

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> RationalFunction:
        return RationalFunction(self.element - self.of(other).element)

    def __rsub__(self, other: Any) -> RationalFunction:
        return self.of(other) - self

    def __pow__(self, exponent: int) -> RationalFunction:
        return RationalFunction(self.element**exponent) if exponent else self.of(Fraction(1))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (RationalFunction, Fraction, int)):
            return NotImplemented
        return bool(self.element == self.of(other).element)

    def __hash__(self) -> int:
        return hash(self.element)

    def __str__(self) -> str:
        return str(self.element)

    def constant(self) -> Fraction | None:
        """Return the value of a constant function, ``None`` for any other."""
        top, bottom = self.element.numer, self.element.denom
        return _fraction(top.LC / bottom.LC) if top.is_ground and bottom.is_ground else None

    def integral(self, low: Any, high: Any) -> Any:
        """Return the integral over ``v`` of a polynomial in it, ``None`` for any other function.

        The ends are fractions or balls, and so is the integral.
        """
        top, bottom = self.element.numer, self.element.denom
        if not bottom.is_ground or any(powers[1] or powers[2] for powers in top.itermonoms()):
            return None
        low, high = common([low, high])
        terms = [
            (_fraction(coefficient / bottom.LC) / (power + 1), high ** (power + 1) - low ** (power + 1))
            for (power, *_), coefficient in top.iterterms()
        ]
        return weighted(terms) if terms else Fraction(0)


V, V2, W = (RationalFunction(unknown) for unknown in _UNKNOWNS)
"""Three unknown chances."""


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))
