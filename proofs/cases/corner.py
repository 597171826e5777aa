"""In the plane, the chance that a query picks one of three keys, given that key's length: its two moments as series.

Key 0 lies at distance ``r`` from the origin, and the directions from it to the two other keys are independent. Their
angles are those of ``N - r e``, ``N`` standard normal, with Fourier coefficients (Watson, A Treatise on the Theory of
Bessel Functions, 2nd ed., 1944, section 13.3: Weber's integral)

    c_k = exp(-r^2/2) int_0^inf s exp(-s^2/2) I_k(r s) ds = (r/sqrt 2)^k Gamma(k/2 + 1) / k! 1F1(k/2; k+1; -r^2/2)

up to a sign that is the same for both. With ``a`` the angle between the two directions, key 0 is picked with chance
``p = (pi - a) / (2 pi)``, and the Fourier series of ``p`` and ``p^2`` in ``a`` give

    E[p] = 1/4 + (2/pi^2) sum over odd k of (c_k/k)^2,      E[p^2] = 1/12 + (1/pi^2) sum over k >= 1 of (c_k/k)^2.

``I_k`` decreases in ``k``, and ``|I_k(z)| <= I_k(|z|)``, which bounds what is left of the sums for complex ``r`` too.
"""

from __future__ import annotations

from typing import Any

import flint

_TERMS = 61


def chance_moment(power: int, length: Any) -> Any:
    """Return the mean of the chance of key 0 (``power`` 1) or of its square (``power`` 2), given its length."""
    pi = flint.arb.pi()
    terms = range(1, _TERMS, 2) if power == 1 else range(1, _TERMS)
    total = sum((coefficient_square(k, length) / (k * k) for k in terms), start=_rest(length))
    if power == 1:
        return flint.arb(1) / 4 + 2 / pi**2 * total
    return flint.arb(1) / 12 + total / pi**2


def coefficient_square(k: int, length: Any) -> Any:
    """Return the square of the ``k``-th Fourier coefficient."""
    half = length * length / 2
    index = flint.arb(k)
    scale = (index / 2 + 1).gamma() / (index + 1).gamma()
    return half**k * (scale * flint.acb(-half).hypgeom_1f1(index / 2, index + 1)) ** 2


def _rest(length: Any) -> Any:
    """Return a ball around 0 that holds the terms left out: the sum of 1/k^2 beyond K is less than 1/K."""
    size = abs(flint.acb(length))
    square = flint.acb(length * length).real
    last = coefficient_square(_TERMS, size).real
    bound = (size * size - square).exp() * last / (_TERMS - 1)
    radius = bound.abs_upper() if bound.is_finite() else flint.arb("inf")
    return flint.acb(flint.arb(0, radius), flint.arb(0, radius))
