"""Rows of a matrix put into the layout of the scan, into memory that is there already."""

from __future__ import annotations

from montecarlo._jit import kernel
from montecarlo.layout import Floats, Integers

__all__ = ["pack_rows"]


@kernel
def pack_rows(matrix: Floats, table: Integers, width: int, out: Floats) -> None:
    """Fill ``out`` with the rows of ``matrix`` as :func:`montecarlo.layout.packed` lays them out, padding zero.

    Parameters
    ----------
    matrix : float64 array (count, depth)
        Any strides.
    table, width
        Of :class:`montecarlo.layout.Blocks`, not triangular.
    out : float64 array (size,)
        Of those blocks.
    """
    count, depth = matrix.shape
    for block in range(table.shape[0]):
        start = table[block, 0]
        for lane in range(width):
            row = block * width + lane
            if row < count:
                for component in range(depth):
                    out[start + component * width + lane] = matrix[row, component]
            else:
                for component in range(depth):
                    out[start + component * width + lane] = 0.0
