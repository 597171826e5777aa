"""The table that confronts the statements about n -> infinity with certified numbers along n.

Run as ``python docs/asymptotic_tables.py``; it prints the table of docs/asymptotics.md. Each row takes a statement's
own sequence of head dimensions, the certified enclosure of E[rank] there, and what the statement says of the limit.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

from rankbound import bounds
from rankbound.enclosure import Enclosure

LENGTHS = tuple(2**power for power in range(6, 41, 4))
"""n from 2^6 to 2^38, as far as both bounds are computed in seconds a row."""
Row = tuple[str, ...]


def _outward(low: float, high: float, digits: int = 4) -> str:
    """Return an interval rounded outward."""
    scale = 10**digits
    return f"[{math.floor(low * scale) / scale:.{digits}f}, {math.ceil(high * scale) / scale:.{digits}f}]"


def _rank(n: int, head_dim: int) -> Enclosure:
    return bounds.expected_rank(n, head_dim)


def exponent(n: int) -> Row:
    """``log E[rank] / log n`` at ``ceil(log n)`` tends to ``e(1)``."""
    head_dim = math.ceil(math.log(n))
    value = _rank(n, head_dim)
    scale = math.log(n)
    return str(head_dim), _outward(math.log(value.lower) / scale, math.log(value.upper) / scale)


def window(n: int, ratio: float) -> Row:
    """``E[rank] / n`` at ``ceil(log^2 n / lambda)`` tends to ``F(lambda)``."""
    head_dim = math.ceil(math.log(n) ** 2 / ratio)
    value = _rank(n, head_dim)
    return str(head_dim), _outward(value.lower / n, value.upper / n)


def deficit(n: int) -> Row:
    """``(b(n) - E[rank]) e d / (n log^2 n)`` at ``d = ceil(log^3 n)`` tends to 1."""
    head_dim = math.ceil(math.log(n) ** 3)
    value, barrier = _rank(n, head_dim), bounds.barrier(n)
    scale = math.e * head_dim / math.log(n) ** 2
    low, high = (barrier.lower - value.upper) / n * scale, (barrier.upper - value.lower) / n * scale
    return str(head_dim), _outward(max(low, 0.0), high)


def rows() -> Iterator[Row]:
    """Yield the cells of each row."""
    for n in LENGTHS:
        cells = (exponent(n), window(n, 1.0), window(n, 0.1), deficit(n))
        yield f"2^{n.bit_length() - 1}", *(f"{value} (d = {head_dim})" for head_dim, value in cells)


def main() -> None:
    """Print the table in Markdown."""
    limits = (
        f"e(1) = {bounds.rank_exponent(1.0).lower:.4f}",
        *(f"F({ratio}) = {bounds.window(ratio).lower:.4f}" for ratio in (1.0, 0.1)),
        "1",
    )
    heads = (
        "n",
        "log E[rank] / log n, d = ceil(log n)",
        "E[rank]/n, d = ceil(log^2 n)",
        "E[rank]/n, d = ceil(10 log^2 n)",
        "(b(n) - E[rank]) e d / (n log^2 n), d = ceil(log^3 n)",
    )
    for cells in (heads, ("---",) * len(heads), *rows(), ("limit", *limits)):
        sys.stdout.write("| " + " | ".join(cells) + " |\n")


if __name__ == "__main__":
    main()
