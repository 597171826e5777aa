"""Mills' ratio of the normal law in float64, with a proved error: what the compiled sums are made of.

``M(z) = Q(z)/phi(z)``, the upper normal tail over the density, is completely monotone: its derivatives alternate in
sign. So do the terms of its Taylor series to the right of any point, and what a truncated series leaves out is at most
its next term. Values and derivatives at equally spaced points come from ball arithmetic, where ``M' = zM - 1`` and
``M^(k+1) = z M^(k) + k M^(k-1)``; in between, nine terms leave less than 1e-16 of the value.

Everything here is accurate to a relative ``ERROR``. That, and everything else computed in float64, rests on elementary
functions of NumPy accurate to a relative ``ELEMENTARY``, 16 units in the last place: NumPy means to keep within 4, and
the tests measure them against ball arithmetic.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from flint import arb
from numpy.typing import NDArray

from rankbound.bounds.balls import working_precision

Floats = NDArray[np.float64]

ELEMENTARY = 2.0**-48
"""Relative error granted to ``exp``, ``log``, ``log1p``, ``expm1``, ``sin`` and ``cos`` of NumPy."""

ERROR = 1e-12
"""Relative error of the functions of this module, elementary functions included."""

TABLE_ERROR = 2.0**-50
"""Relative error of :func:`mills_ratio` and :func:`mills_slope`, which use no elementary function."""

LARGEST = 40.0
"""Largest argument of the functions of this module."""

_STEP = 1 / 32
_TERMS = 9


@lru_cache(maxsize=1)
def _taylor() -> Floats:
    """Return the Taylor coefficients of ``M``: row ``k`` holds ``M^(k)(j/32)/k!`` for ``j = 0, 1, ...``."""
    points = int(LARGEST / _STEP) + 2
    table = np.empty((_TERMS + 1, points))
    with working_precision(192):  # the recurrence loses about 5 bits a step at the far end
        root = (arb.pi() / 2).sqrt()
        root2 = arb(2).sqrt()
        for j in range(points):
            z = arb(j) / 32
            derivatives = [root * (z * z / 2).exp() * (z / root2).erfc()]
            derivatives.append(z * derivatives[0] - 1)
            for k in range(1, _TERMS):
                derivatives.append(z * derivatives[k] + k * derivatives[k - 1])
            table[:, j] = [float(value.mid()) / math.factorial(k) for k, value in enumerate(derivatives)]
    return table


def mills_ratio(z: Floats) -> Floats:
    """Return ``M(z) = Q(z)/phi(z)`` for ``0 <= z <= 40``, to a relative ``TABLE_ERROR``."""
    index = (z * 32).astype(np.intp)
    shift = z - index * _STEP
    table = _taylor()
    value: Floats = table[_TERMS - 1][index]
    for row in table[_TERMS - 2 :: -1]:
        value *= shift
        value += row[index]
    return value


def mills_slope(z: Floats) -> Floats:
    """Return ``-M'(z) = 1 - z M(z)`` for ``0 <= z <= 40``, to a relative ``TABLE_ERROR``; decreasing and convex."""
    index = (z * 32).astype(np.intp)
    shift = z - index * _STEP
    table = _taylor()
    value: Floats = -_TERMS * table[_TERMS][index]
    for k in range(_TERMS - 1, 0, -1):
        value *= shift
        value -= k * table[k][index]
    return value


def normal_density(x: Floats) -> Floats:
    """Return ``phi(x)``, for ``|x| <= 37`` to a relative ``ERROR``."""
    return np.exp(-0.5 * x * x) * (1 / math.sqrt(2 * math.pi))


def upper_tail(x: Floats) -> Floats:
    """Return ``Q(x) = P(N > x)`` for ``0 <= x <= 37``, to a relative ``ERROR``."""
    return mills_ratio(x) * normal_density(x)
