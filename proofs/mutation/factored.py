"""A small expression as a product, if it is one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

_MOST_OPERATIONS, _HIGHEST = 40, 12


@lru_cache(maxsize=10000)
def factored(expr: Any) -> Any:
    """Return the expression factored, or as it is if it is large or its powers are high, for that takes too long."""
    powers = [one.exp for one in expr.atoms(sp.Pow) if one.exp.is_Rational]
    if expr.count_ops() > _MOST_OPERATIONS or any(max(abs(one.p), one.q) > _HIGHEST for one in powers):
        return expr
    try:
        return sp.factor(sp.expand(expr))
    except sp.PolynomialError:
        return expr
