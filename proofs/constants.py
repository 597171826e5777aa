"""Signs of numbers made from rationals, e, pi, exp, log and powers, by ball arithmetic (Arb)."""

from __future__ import annotations

from typing import Any

import sympy as sp


def constant_sign(expr: Any) -> str | None:
    """Return the sign of a number built from rationals, e, pi, exp, log and roots, by ball arithmetic."""
    for precision in (64, 256, 1024):
        ball = enclose(expr, precision)
        if ball is None:
            return None
        if ball > 0:
            return "+"
        if ball < 0:
            return "-"
    return None


def enclose(expr: Any, precision: int) -> Any:
    """Return a ball that contains the constant ``expr``, or ``None`` if it is none that Arb knows."""
    import flint

    with flint.ctx.workprec(precision):
        return _ball(expr, flint)


def _ball(expr: Any, flint: Any) -> Any:
    if not isinstance(expr, (sp.Rational, sp.NumberSymbol, sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log)):
        return None
    if expr.is_Rational:
        return flint.arb(flint.fmpq(int(expr.p), int(expr.q)))
    if expr == sp.pi:
        return flint.arb.pi()
    if expr == sp.E:
        return flint.arb(1).exp()
    parts: list[Any] = [_ball(arg, flint) for arg in expr.args]
    if not parts or any(part is None or not part.is_finite() for part in parts):
        return None
    if expr.is_Add:
        return sum(parts[1:], parts[0])
    if expr.is_Mul:
        result = parts[0]
        for part in parts[1:]:
            result = result * part
        return result
    if isinstance(expr, sp.exp):
        return parts[0].exp()
    if isinstance(expr, sp.log):
        return parts[0].log() if parts[0] > 0 else None
    if expr.is_Pow:
        if expr.exp.is_Integer and (expr.exp >= 0 or not parts[0].contains(0)):
            return parts[0] ** int(expr.exp)
        return parts[0] ** parts[1] if parts[0] > 0 else None
    return None
