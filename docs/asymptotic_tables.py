"""The tables of docs/asymptotics.md: statements about limits beside certified numbers, and how fast they come together.

Run as ``python docs/asymptotic_tables.py``; it takes minutes and prints the tables in Markdown. Every row has an
enclosure of a quantity and of what a statement says of it; the last column is the *observed rate*, the exponent ``r``
with which their difference shrinks like ``scale^-r`` from the first row to this one, as far as the enclosures tell.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from rankbound import bounds
from rankbound.enclosure import Enclosure

LENGTHS = tuple(2**power for power in range(6, 39, 4))
"""n from 2^6 to 2^38, as far as both bounds are computed in seconds a row."""
Interval = tuple[float, float]
_ROOM = 1e-14  # relative; covers the rounding of the few float operations after the enclosures


@dataclass(frozen=True, slots=True)
class Row:
    """``what`` names the row; ``scale`` is the quantity in whose powers the rate is measured."""

    what: tuple[str, ...]
    value: Interval
    stated: Interval
    scale: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows about one statement. ``theorem`` is its id; ``rate`` says what is stated of the difference."""

    theorem: str
    heads: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    digits: int
    scale: str
    rate: str


def minus(one: Interval, other: Interval) -> Interval:
    """Return the difference of two intervals, with room for rounding."""
    room = _ROOM * max(map(abs, (*one, *other)))
    return one[0] - other[1] - room, one[1] - other[0] + room


def observed_rate(first: Row, later: Row) -> Interval | None:
    """Return the exponent of the difference between two rows, or ``None`` if its sign is not certain in both."""
    sizes = [sorted(map(abs, minus(row.value, row.stated))) for row in (first, later)]
    if any(low * high <= 0 for low, high in (minus(row.value, row.stated) for row in (first, later))):
        return None
    growth = math.log(later.scale / first.scale)
    return math.log(sizes[0][0] / sizes[1][1]) / growth, math.log(sizes[0][1] / sizes[1][0]) / growth


def outward(interval: Interval, digits: int) -> str:
    """Return an interval rounded outward, as one number where both ends are it."""
    scale = 10**digits
    low, high = math.floor(interval[0] * scale) / scale, math.ceil(interval[1] * scale) / scale
    return f"[{low:.{digits}f}, {high:.{digits}f}]"


def ends(value: Enclosure, factor: float = 1.0) -> Interval:
    """Return the ends of an enclosure times a positive factor."""
    return value.lower * factor, value.upper * factor


@cache
def rank(n: int, head_dim: int) -> Enclosure:
    """Return the enclosure of the expected rank of as many queries as keys."""
    return bounds.expected_rank(n, head_dim)


def power(n: int) -> str:
    """Return a power of 2 as it is written."""
    return f"2^{n.bit_length() - 1}"


def exponents(c: float) -> Iterator[Row]:
    """``log E[rank] / log n`` beside ``e(d / log n)`` at ``d = ceil(c log n)``."""
    for n in LENGTHS:
        scale = math.log(n)
        head_dim = math.ceil(c * scale)
        value = rank(n, head_dim)
        found = math.log(value.lower) / scale, math.log(value.upper) / scale
        yield Row((power(n), str(head_dim)), found, ends(bounds.rank_exponent(head_dim / scale)), scale)


def windows(ratio: float) -> Iterator[Row]:
    """``E[rank] / n`` beside ``F(log^2 n / d)`` at ``d = ceil(log^2 n / ratio)``."""
    for n in LENGTHS:
        square = math.log(n) ** 2
        head_dim = math.ceil(square / ratio)
        yield Row(
            (power(n), str(head_dim)),
            ends(rank(n, head_dim), 1 / n),
            ends(bounds.window(square / head_dim)),
            math.log(n),
        )


def deficits() -> Iterator[Row]:
    """``(b(n) - E[rank]) e d / (n log^2 n)`` beside 1 at ``d = ceil(log^3 n)``."""
    for n in LENGTHS:
        head_dim = math.ceil(math.log(n) ** 3)
        unit = n * math.log(n) ** 2 / (math.e * head_dim)
        low, high = minus(ends(bounds.barrier(n)), ends(rank(n, head_dim)))
        yield Row((power(n), str(head_dim)), (low / unit, high / unit), (1.0, 1.0), math.log(n))


def small_heads() -> Iterator[Row]:
    """``E[rank] / n`` beside 0 at ``d = floor(1.9 log n)``."""
    for n in LENGTHS:
        head_dim = math.floor(1.9 * math.log(n))
        yield Row((power(n), str(head_dim)), ends(rank(n, head_dim), 1 / n), (0.0, 0.0), float(n))


def constants() -> Iterator[Row]:
    """``e (b(n) - (1 - 1/e) n)`` beside 1/2."""
    for n in LENGTHS[:4]:  # beyond, the difference drowns in the rounding of a barrier of this size
        low, high = minus(ends(bounds.barrier(n)), ((1 - math.exp(-1)) * n,) * 2)
        yield Row((power(n),), (low * math.e, high * math.e), (0.5, 0.5), float(n))


def wide_heads(n: int) -> Iterator[Row]:
    """``E[rank]`` beside ``b(n)`` as the head dimension grows."""
    for head_dim in (2**power for power in range(6, 23, 4)):
        yield Row((power(head_dim),), ends(rank(n, head_dim)), ends(bounds.barrier(n)), float(head_dim))


def small_ratios() -> Iterator[Row]:
    """``F(lambda)`` beside ``1 - 1/e - lambda/e`` as lambda falls."""
    for exponent in range(4, 17, 4):
        ratio = 2.0**-exponent
        line = 1 - (1 + ratio) / math.e
        yield Row((f"2^-{exponent}",), ends(bounds.window(ratio)), (line, line), 1 / ratio)


def wide_logs() -> Iterator[Row]:
    """``e(c)`` beside ``1 - 1/(4c)`` as c grows."""
    for exponent in range(0, 13, 3):
        c = 2.0**exponent
        yield Row((f"2^{exponent}",), ends(bounds.rank_exponent(c)), (1 - 1 / (4 * c),) * 2, c)


_ALONG = ("n", "d")
TABLES = (
    Table(
        "log-n-exponent-limit",
        (*_ALONG, "log E[rank] / log n", "e(d / log n)"),
        lambda: exponents(1.0),
        4,
        "log n",
        "tends to 0, at no stated rate",
    ),
    Table(
        "log-n-necessary",
        (*_ALONG, "E[rank] / n", "limit"),
        small_heads,
        5,
        "n",
        "tends to 0, at no stated rate; by `log-n-exponent-limit` the rate tends to 1 - e(1.9) = 0.1299 in n",
    ),
    Table(
        "saturation-window",
        (*_ALONG, "E[rank] / n", "F(log^2 n / d)"),
        lambda: windows(1.0),
        4,
        "log n",
        "at most of order (log n)^(-1/2)",
    ),
    Table(
        "saturation-window",
        (*_ALONG, "E[rank] / n", "F(log^2 n / d)"),
        lambda: windows(0.1),
        4,
        "log n",
        "at most of order (log n)^(-1/2)",
    ),
    Table(
        "rank-deficit",
        (*_ALONG, "(b(n) - E[rank]) e d / (n log^2 n)", "limit"),
        deficits,
        4,
        "log n",
        "at most of order log^2 n / d + (log n)^(-1/2), which is (log n)^(-1/2) here",
    ),
    Table(
        "barrier-constants",
        ("n", "e (b(n) - (1 - 1/e) n)", "limit"),
        constants,
        10,
        "n",
        "5/(24 n) + O(n^-2), a rate of 1 (`barrier-series`)",
    ),
    Table(
        "wide-head-limit",
        ("d", "E[rank] at n = 64", "b(64)"),
        lambda: wide_heads(64),
        6,
        "d",
        "tends to 0, at no stated rate; the bound by two agreeing queries is of order 1/d",
    ),
    Table(
        "window-expansion",
        ("lambda", "F(lambda)", "1 - 1/e - lambda/e"),
        small_ratios,
        12,
        "1/lambda",
        "between -5 lambda^2 and 2 lambda^2 for lambda up to 1/12: a rate of at least 2 as lambda falls",
    ),
    Table(
        "log-n-exponent-expansion",
        ("c", "e(c)", "1 - 1/(4c)"),
        wide_logs,
        14,
        "c",
        "between 0 and 1/(72 c^3): a rate of at least 3 as c grows",
    ),
)


def lines_of(table: Table) -> Iterator[str]:
    """Yield a table in Markdown, under a line that says what is stated of the difference."""
    yield f"**`{table.theorem}`.** Stated of the difference: {table.rate}.\n"
    yield "| " + " | ".join((*table.heads, "difference", f"observed rate in {table.scale}")) + " |"
    yield "| --- " * (len(table.heads) + 2) + "|"
    first: Row | None = None
    for row in table.rows():
        rate = observed_rate(first, row) if first is not None else None
        stated = outward(row.stated, table.digits) if row.stated[0] != row.stated[1] else f"{row.stated[0]:.10g}"
        difference = outward(minus(row.value, row.stated), table.digits)
        last = outward(rate, 2) if rate is not None else ""
        yield "| " + " | ".join((*row.what, outward(row.value, table.digits), stated, difference, last)) + " |"
        first = first or row


def main() -> None:
    """Print the tables."""
    for table in TABLES:
        sys.stdout.write("\n".join(lines_of(table)) + "\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
