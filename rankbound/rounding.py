"""Show a number rounded in the direction that keeps what is said of it true."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

_SMALL = Decimal("0.001")  # below it four decimals would show next to nothing


def floor_text(value: float, digits: int) -> str:
    """Return ``value`` to ``digits`` significant digits, rounded down: what is at least ``value`` is at least this."""
    return _text(value, digits, ROUND_FLOOR)


def ceiling_text(value: float, digits: int) -> str:
    """Return ``value`` to ``digits`` significant digits, rounded up: what is at most ``value`` is at most this."""
    return _text(value, digits, ROUND_CEILING)


def floor_share(value: float, whole: int) -> str:
    """Return ``value / whole``, both positive, for a table: four decimals, or three digits if small; rounded down."""
    return _share(value, whole, ROUND_FLOOR)


def ceiling_share(value: float, whole: int) -> str:
    """Return ``value / whole`` as :func:`floor_share` does, rounded up."""
    return _share(value, whole, ROUND_CEILING)


def _share(value: float, whole: int, rounding: str) -> str:
    share = Context(prec=60, rounding=rounding).divide(Decimal(value), Decimal(whole))
    if share < _SMALL:
        return f"{share.quantize(Decimal(1).scaleb(share.adjusted() - 2), rounding=rounding):.2e}"
    return f"{share.quantize(Decimal('0.0001'), rounding=rounding):f}"


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
