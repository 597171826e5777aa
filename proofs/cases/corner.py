"""In the plane, the chance that a query picks one of three keys, given that key's length: its two moments as series.

Key 0 lies at distance ``r`` from the origin, and the directions from it to the two other keys are independent. Their
angles are those of ``N - r e``, ``N`` standard normal, with Fourier coefficients (Watson, A Treatise on the Theory of
Bessel Functions, 2nd ed., 1944, section 13.3: Weber's integral)

    c_k = exp(-r^2/2) int_0^inf s exp(-s^2/2) I_k(r s) ds = (r/sqrt 2)^k Gamma(k/2 + 1) / k! 1F1(k/2; k+1; -r^2/2)

up to a sign that is the same for both. With ``a`` the angle between the two directions, key 0 is picked with chance
``p = (pi - a) / (2 pi)``, and the Fourier series of ``p`` and ``p^2`` in ``a`` give

    E[p] = 1/4 + (2/pi^2) sum over odd k of (c_k/k)^2,      E[p^2] = 1/12 + (1/pi^2) sum over k >= 1 of (c_k/k)^2.

As ``|I_k(z)| <= I_k(|z|)`` and ``c_k <= 1`` for real ``r``, ``|c_k^2| <= exp(2 y^2)`` for complex ``r`` with imaginary
part ``y``. This bounds derivatives, and so what a wide ball around ``r`` adds; and since ``I_k`` decreases in ``k``,
what is left of the sums.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import flint

_MOST_TERMS = 80
_ENOUGH = flint.arb(2) ** -50


def chance_moment(power: int, length: Any) -> Any:
    """Return the mean of the chance of key 0 (``power`` 1) or of its square (``power`` 2), given its length."""
    length = flint.acb(length)
    at = length.mid()
    growth, total, k = (2 * at.imag**2).exp(), flint.acb(0), 1
    while True:
        if power == 2 or k % 2 == 1:
            total += coefficient_square(k, at) / (k * k)
        # What is left is at most this, as the sum of 1/k^2 beyond k is less than 1/k.
        left = growth * coefficient_square(k, flint.acb(abs(at))).real / k
        if left < _ENOUGH or k == _MOST_TERMS:
            break
        k += 1
    weight = 2 / flint.arb.pi() ** 2 / power
    first = flint.arb(1) / (4 if power == 1 else 12)
    # The weights of all terms add up to 1/4 and 1/6.
    return first + weight * (total + _disc(left)) + _around(length, at) / (4 if power == 1 else 6)


def coefficient_square(k: int, length: Any) -> Any:
    """Return the square of the ``k``-th Fourier coefficient."""
    half = length * length / 2
    return half**k * (_scale(k) * flint.acb(-half).hypgeom_1f1(flint.arb(k) / 2, k + 1)) ** 2


@cache
def _scale(k: int) -> Any:
    return (flint.arb(k) / 2 + 1).gamma() / flint.arb(k + 1).gamma()


def _around(length: Any, at: Any) -> Any:
    """Return a ball around 0 that holds how much a function bounded by exp(2 y^2) differs from its value at ``at``.

    Cauchy's estimate on circles of radius 1/2 bounds the derivative.
    """
    radius = abs(length - at).upper()
    height = abs(at.imag) + radius + flint.arb(1) / 2
    return _disc(2 * radius * (2 * height**2).exp())


def _disc(radius: Any) -> Any:
    bound = flint.arb(0, radius.upper())
    return flint.acb(bound, bound)
