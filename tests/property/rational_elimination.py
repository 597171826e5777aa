"""The rank of a matrix by elimination over the rationals, which the tests of ranks compare with."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np


def exact_rank(matrix: Any) -> int:
    """Return the rank of a matrix of rational numbers, or of floats as the rational numbers that they are."""
    rows = [[Fraction(x.item() if isinstance(x, np.generic) else x) for x in row] for row in matrix]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank
