"""An upper bound for the rank of C log P, exact, where P is rational.

Write the numerators and denominators of P as products of powers of numbers b > 1, no two of which share a factor. Then
log P is the sum of ``log(b) E_b``, where E_b holds the exponents of b in P: integers. So the rank of C log P is
at most the rank of all the C E_b side by side, or one above the other, or the sum of their ranks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flint import fmpz_mat

_MOST_ENTRIES = 2_000_000  # of all the matrices of exponents together


def log_rank_at_most(counts: Sequence[Sequence[Fraction]]) -> int:
    """Return a number that the rank of C log P does not exceed, for P given by rationals up to factors of columns.

    At most ``n - 1``, and that where there are too many factors to look at.
    """
    n = len(counts)
    ceiling = n - 1
    distinct = {value for row in counts for value in row}
    numbers = {part for value in distinct for part in (value.numerator, value.denominator)}
    base = coprime_base(numbers, most=_MOST_ENTRIES // n**2)
    if base is None:
        return ceiling
    exponents = {v: [_exponent(v.numerator, b) - _exponent(v.denominator, b) for b in base] for v in distinct}
    blocks = [_differences([[exponents[v][k] for v in row] for row in counts]) for k in range(len(base))]
    if not blocks or n == 1:
        return 0
    side_by_side = [[entry for block in blocks for entry in block[i]] for i in range(n - 1)]
    above_each_other = [row for block in blocks for row in block]
    ranks = (fmpz_mat(side_by_side).rank(), fmpz_mat(above_each_other).rank())
    return int(min(ceiling, *ranks, sum(fmpz_mat(block).rank() for block in blocks)))


def coprime_base(numbers: Iterable[int], *, most: int) -> list[int] | None:
    """Return numbers above 1 without common factors, of which each given one is a product; None if over ``most``."""
    waiting = sorted({number for number in numbers if number > 1}, reverse=True)
    base: list[int] = []
    while waiting:
        number = waiting.pop()
        for i, other in enumerate(base):
            shared = math.gcd(number, other)
            if shared > 1:
                del base[i]
                # Their product is now smaller by a factor of ``shared``, so that this comes to an end.
                waiting += [part for part in (number // shared, other // shared, shared) if part > 1]
                break
        else:
            base.append(number)
            if len(base) > most:
                return None
    return sorted(base)


def _exponent(number: int, factor: int) -> int:
    exponent = 0
    while number % factor == 0:
        number //= factor
        exponent += 1
    return exponent


def _differences(rows: list[list[int]]) -> list[list[int]]:
    """Return the rows less the first: as C does, this takes away what is constant in each column, and nothing else."""
    return [[a - b for a, b in zip(row, rows[0], strict=True)] for row in rows[1:]]
