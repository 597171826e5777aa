"""Enclosures by ball arithmetic (Arb) of what is made from rationals, e, pi, exp, log and powers, and their signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from proofs.ball_use import note

Box = Mapping[Any, tuple[Any, Any]]
"""A closed interval, by its two rational ends, for each symbol."""


def constant_sign(expr: Any) -> str | None:
    """Return the sign of a number built from rationals, e, pi, exp, log and roots, by ball arithmetic."""
    for precision in (64, 256, 1024):
        ball = enclose(expr, precision)
        if ball is not None and ball > 0:
            return "+"
        if ball is not None and ball < 0:
            return "-"
    return None


def enclose(expr: Any, precision: int, box: Box | None = None) -> Any:
    """Return a ball that contains every value of ``expr`` on ``box``, or ``None``.

    A ball also says that ``expr`` is defined everywhere on the box. ``None`` comes of a word that Arb does not know, a
    symbol that the box does not bound, and an operand that may be outside the domain of its operation or is not finite.
    """
    import flint

    note()
    with flint.ctx.workprec(precision):
        values = {symbol: _hull(low, high, flint) for symbol, (low, high) in (box or {}).items()}
        ball = _ball(expr, values, flint)
        return ball if ball is not None and ball.is_finite() else None


def _rational(value: Any, flint: Any) -> Any:
    return flint.arb(flint.fmpq(int(value.p), int(value.q)))


def _hull(low: Any, high: Any, flint: Any) -> Any:
    """Return a ball with both ends in it: a ball is convex, so it holds all between them."""
    return _rational(low, flint).union(_rational(high, flint))


def _ball(expr: Any, values: Mapping[Any, Any], flint: Any) -> Any:
    if expr in values:
        return values[expr]
    if not isinstance(expr, (sp.Rational, sp.NumberSymbol, sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log)):
        return None
    if expr.is_Rational:
        return _rational(expr, flint)
    if expr == sp.pi:
        return flint.arb.pi()
    if expr == sp.E:
        return flint.arb(1).exp()
    parts: list[Any] = [_ball(arg, values, flint) for arg in expr.args]
    if not parts or any(part is None or not part.is_finite() for part in parts):
        return None
    if expr.is_Add:
        return sum(parts[1:], parts[0])
    if expr.is_Mul:
        result = parts[0]
        for part in parts[1:]:
            result = result * part
        return result
    if expr.is_Pow:  # before exp: to SymPy a power of e that was left unevaluated is an exp, but it has two arguments
        if expr.exp.is_Integer and parts[0].contains(0):
            return _whole_power(parts[0], int(expr.exp)) if expr.exp >= 0 else None
        if expr.exp.is_Integer:
            return parts[0] ** int(expr.exp)
        return parts[0] ** parts[1] if parts[0] > 0 else None
    if isinstance(expr, sp.log):
        return parts[0].log() if len(parts) == 1 and parts[0] > 0 else None
    return parts[0].exp() if isinstance(expr, sp.exp) else None


def _whole_power(base: Any, exponent: int) -> Any:
    """Return a power of a ball with 0 in it, where Arb's goes through log: odd powers increase, even ones in |x|."""
    if exponent % 2:
        return (base.lower() ** exponent).union(base.upper() ** exponent)
    return (base.abs_upper() ** exponent).union(0)
