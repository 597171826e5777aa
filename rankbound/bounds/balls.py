"""Ball arithmetic (Arb, through python-flint) in the few forms the bounds need.

A ball is a number with a rigorous error radius. Comparing balls says nothing when they overlap, so no bound here
branches on a comparison for its validity; and a ball that is not finite means "unknown" and becomes an infinite end.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import flint
from flint import acb, arb, fmpq

from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour

Ball = Any  # flint.arb, which carries no types

_ONE_THREAD = threading.RLock()


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Set the precision within a ``with`` block, and restore the caller's afterwards; one thread at a time.

    Arb's precision belongs to the process, so that another thread would otherwise compute at this one's.
    """
    with _ONE_THREAD, flint.ctx.workprec(bits):
        yield


def float_above(ball: Ball) -> float:
    """Return a float at least as large as every number in ``ball``; ``inf`` when the ball is not finite."""
    if not ball.is_finite():
        return math.inf
    return math.nextafter(float(ball.upper()), math.inf)


def float_below(ball: Ball) -> float:
    """Return a float at most as large as every number in ``ball``; ``-inf`` when the ball is not finite."""
    if not ball.is_finite():
        return -math.inf
    return math.nextafter(float(ball.lower()), -math.inf)


def integrate(integrand: Callable[[Ball, bool], Ball], low: Ball, high: Ball, *, smallest: Ball) -> Ball:
    """Enclose the integral of a real function that is meromorphic around ``[low, high]``.

    Arb's adaptive Gauss-Legendre quadrature: the enclosure is rigorous whatever the tolerances, which only say when to
    stop, at a relative 2^-40 or at the absolute error ``smallest``.
    """
    try:
        return acb.integral(integrand, acb(low), acb(high), rel_tol=arb(2) ** -40, abs_tol=smallest).real
    except SystemError as error:
        # The quadrature does not stop at an exception in the integrand (a KeyboardInterrupt above all), and wraps it.
        cause: BaseException = error
        while isinstance(cause, SystemError) and (cause.__cause__ or cause.__context__) is not None:
            cause = cause.__cause__ or cause.__context__ or cause
        raise cause from None


def from_fraction(value: Fraction) -> Ball:
    """Return a ball that contains the rational ``value``."""
    return arb(fmpq(value.numerator, value.denominator))


def enclose(ball: Ball, rigour: Rigour, method: str) -> Enclosure:
    """Turn ``ball`` into an :class:`Enclosure`, rounding its ends outward."""
    return Enclosure(float_below(ball), float_above(ball), rigour, method)


def enclose_fraction(value: Fraction, method: str) -> Enclosure:
    """Turn a rational into an :class:`Enclosure`: a point when it is a float, else its two neighbours."""
    nearest = float(value)  # correctly rounded
    if Fraction(nearest) == value:
        return Enclosure(nearest, nearest, Rigour.EXACT, method)
    if Fraction(nearest) < value:
        return Enclosure(nearest, math.nextafter(nearest, math.inf), Rigour.EXACT, method)
    return Enclosure(math.nextafter(nearest, -math.inf), nearest, Rigour.EXACT, method)
