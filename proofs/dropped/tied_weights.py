"""W_q = W_k with two orthonormal tokens, so that query i is key i: the exact expected rank at every head dimension.

The rank is 1 if k_0.k_1 > |k_0|^2, when query 0 picks key 1 as query 1 does, or if k_0.k_1 > |k_1|^2; otherwise each
query picks its own key and the rank is 2. The two events exclude each other: together they would give
|k_0 - k_1|^2 < 0. They have one chance, found here in two ways.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


def by_eigenvalues(head_dim: int) -> Any:
    """Return E[rank] from the law of a quadratic form.

    Each coordinate adds ``x (y - x)`` to ``k_0.k_1 - |k_0|^2``, a quadratic form in two independent normals with
    eigenvalues ``a > 0 > -b``: in rotated coordinates ``a u^2 - b v^2``. So the chance is that ``a |u|^2 > b |v|^2``
    for independent normal vectors: that ``v`` holds less than ``a / (a + b)`` of ``|u|^2 + |v|^2``. With that share
    written ``sin(t/2)^2``, ``t`` has a density in proportion to ``sin(t)^(head_dim - 1)`` on ``(0, pi)``.
    """
    x, y = sp.symbols("x y", real=True)
    form = sp.hessian(x * (y - x), (x, y)) / 2
    (a,) = (value for value in form.eigenvals() if value.is_positive)
    (b,) = (-value for value in form.eigenvals() if value.is_negative)
    last = sp.acos(sp.radsimp(1 - 2 * a / (a + b)))
    t = sp.Symbol("t", real=True)
    density = sp.sin(t) ** (head_dim - 1)
    return _expected_rank(sp.integrate(density, (t, 0, last)) / sp.integrate(density, (t, 0, sp.pi)))


def by_length(head_dim: int) -> Any:
    """Return E[rank] by conditioning on the length of ``k_0``: ``k_0.k_1 / |k_0|`` is standard normal given it."""
    r = sp.Symbol("r", positive=True)
    density = r ** (head_dim - 1) * sp.exp(-(r**2) / 2)
    tail = sp.erfc(r / sp.sqrt(2)) / 2
    return _expected_rank(sp.integrate(density * tail, (r, 0, sp.oo)) / sp.integrate(density, (r, 0, sp.oo)))


def _expected_rank(chance: Any) -> Any:
    return sp.radsimp(sp.expand(2 - 2 * chance))
