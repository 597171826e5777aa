"""Show a number rounded in the direction that keeps what is said of it true."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def floor_text(value: float, digits: int) -> str:
    """Return ``value`` to ``digits`` significant digits, rounded down: what is at least ``value`` is at least this."""
    return _text(value, digits, ROUND_FLOOR)


def ceiling_text(value: float, digits: int) -> str:
    """Return ``value`` to ``digits`` significant digits, rounded up: what is at most ``value`` is at most this."""
    return _text(value, digits, ROUND_CEILING)


def _text(value: float, digits: int, rounding: str) -> str:
    exact = Decimal(value)
    if exact == 0:
        return "0"
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), rounding=rounding)
    plain = -5 < rounded.adjusted() < 15
    if not plain:
        return f"{rounded:.{digits - 1}e}"
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
