"""The exponent of the rank at head_dim = ceil(c log n), from the two tails that meet there.

With ``R^2 = r log n`` the truncation bound has two terms: ``n P(chi^2_d >= R^2)`` and the chance of a short winner.
Cramer's theorem for chi-square with ``d ~ c log n`` gives both exponents; the level ``r`` at which they agree is found
here by bisection, and the exponent there is compared with the formula of the statement.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from proofs.cases.evaluation import ball

_STEPS = 100


def chi_square_rate(level: Any) -> Any:
    """Return Cramer's rate of chi-square with one degree of freedom at a level, the supremum being at its root."""
    tilt = (1 - 1 / level) / 2  # the derivative of t level + log(1 - 2 t) / 2 vanishes here
    return tilt * level + (1 - 2 * tilt).log() / 2


def balanced_level(distance: Any) -> Any:
    """Return the level ``y > 1`` at which the rates at ``y`` and ``y - distance`` agree, by bisection.

    The difference of the rates grows with the level: where it is shown negative the root lies above, where it is
    shown positive, below.
    """
    shift = ball(distance)

    def gap(level: Any) -> Any:
        return chi_square_rate(ball(level)) - chi_square_rate(ball(level) - shift)

    low, high = _dyadic_above(max(shift, flint.arb(1))), _dyadic_above(shift) + 1
    for _ in range(_STEPS):
        middle = (low + high) / 2
        sign = gap(middle)
        if sign < 0:
            low = middle
        elif sign > 0:
            high = middle
        else:
            break
    return ball(low).union(ball(high))


def _dyadic_above(value: Any) -> Fraction:
    top = value.upper()
    mantissa, power = top.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(power)


def exponent(c: Fraction) -> Any:
    """Return the exponent at which the two terms of the truncation bound agree."""
    level = balanced_level(Fraction(2) / c)
    return 1 - ball(c) * chi_square_rate(level)
