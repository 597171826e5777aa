"""How certified numbers and intervals are written: every digit that is shown is right, ends are rounded outward."""

from __future__ import annotations

import math
from decimal import Decimal

from rankbound.appendix.document import Inlines, Text
from rankbound.enclosure import Enclosure
from rankbound.rounding import ceiling_text, floor_text

_LEAST, _MOST = 5, 12  # significant digits of an end


def interval(lower: float, upper: float) -> str:
    """Return ``[lower, upper]``, rounded outward, with two digits more than the ends have in common.

    One number stands alone where both ends are the same and have at most 12 digits; ``inf`` stands as it is.
    """
    if lower == upper and len(Decimal(lower).normalize().as_tuple().digits) <= _MOST:
        return floor_text(lower, _MOST)
    digits = _digits(lower, upper)
    low = floor_text(lower, digits) if math.isfinite(lower) else str(lower)
    high = ceiling_text(upper, digits) if math.isfinite(upper) else str(upper)
    return f"[{low}, {high}]"


def enclosed(value: Enclosure) -> Inlines:
    """Return an enclosure as the cell of a table."""
    return (Text(interval(value.lower, value.upper)),)


def _digits(lower: float, upper: float) -> int:
    largest = max(abs(lower), abs(upper))
    if lower == upper:
        return _MOST
    if not math.isfinite(largest) or not math.isfinite(upper - lower):
        return _LEAST
    return min(max(math.ceil(math.log10(largest / (upper - lower))) + 1, _LEAST), _MOST)
