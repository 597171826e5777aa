"""Integrals with proved error bounds (Arb), and what lies beyond a far end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint

Function = Callable[[Any], Any]
_PRECISION = 64
_TOLERANCE = (flint.arb(2) ** -46).mid()
_EVALUATIONS, _INNER_EVALUATIONS = 5000, 200
FAR = 9
"""Lengths beyond this have a chance below 1e-15 in the dimensions used here; what lies beyond is bounded."""


def integral(function: Function, low: Any, high: Any, *, inner: bool = False) -> Any:
    """Return a ball around the integral of a function that is analytic where its values are finite.

    An inner integral, whose parameters may be wide balls, stops early: Arb's ball is then wide, not wrong.
    """
    most = _INNER_EVALUATIONS if inner else _EVALUATIONS
    raised: list[Exception] = []

    def guarded(at: Any, _: bool) -> Any:  # no exception may pass through Arb
        try:
            return flint.acb("nan") if raised else function(at)
        except Exception as error:
            raised.append(error)
            return flint.acb("nan")

    with flint.ctx.workprec(_PRECISION):
        found = flint.acb.integral(guarded, low, high, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE, eval_limit=most)
    if raised:
        raise raised[0]
    return found


def mean_over_angle(function: Function, head_dim: int) -> Any:
    """Return the mean of a function of the angle between a fixed direction and a uniform one."""
    pi = flint.arb.pi()
    if head_dim == 2:
        return integral(function, 0, pi, inner=True) / pi
    power = head_dim - 2
    return integral(lambda at: at.sin() ** power * function(at), 0, pi, inner=True) / _total_angle(head_dim)


def _total_angle(head_dim: int) -> Any:
    """Return the integral of the (head_dim - 2)-nd power of the sine over (0, pi): sqrt(pi) Gamma ratio."""
    half = flint.arb(head_dim) / 2
    return flint.arb.pi().sqrt() * (half - flint.arb(1) / 2).gamma() / half.gamma()


def mean_over_length(function: Function, beyond: Any, head_dim: int) -> Any:
    """Return the mean of a function of the length of a standard normal vector; ``beyond`` contains it past ``FAR``."""
    half = flint.arb(head_dim) / 2
    scale = flint.arb(2) ** (1 - half) / half.gamma()
    near = integral(lambda at: at ** (head_dim - 1) * (-at * at / 2).exp() * function(at), 0, FAR)
    return scale * near + beyond * flint.arb(FAR * FAR / 2).gamma_upper(half) / half.gamma()


def normal_tail(at: Any) -> Any:
    """Return the probability that a standard normal variable is at least ``at``."""
    return (at / flint.arb(2).sqrt()).erfc() / 2
