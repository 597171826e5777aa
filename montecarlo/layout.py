"""How matrices lie in memory: queries in panels of twelve, keys in tiles of thirty-two, component by component.

Component ``c`` of the twelve queries of a panel are neighbours, then come those of component ``c + 1``; so for the
thirty-two keys of a tile. Where one side is triangular (:mod:`montecarlo.compression`), its vector ``j`` ends with
component ``j``, and a panel or tile with the last component of its last row.

A layout is part of the definition of the random streams: the normals fill it in its order. So it is the same on every
processor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from montecarlo.tiling import COLUMNS, ROWS

__all__ = ["Blocks", "Floats", "Integers", "Layout", "packed", "unpacked"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """One side: ``count`` vectors in blocks of ``width``.

    ``table`` is an int64 array (blocks, 2): where a block starts in the flat array of ``size`` numbers, and its depth
    (how many components it has).
    """

    count: int
    width: int
    table: Integers
    size: int


def _blocks(count: int, width: int, depth: int, triangular: bool) -> Blocks:
    number = -(-count // width)
    depths = np.full(number, depth, np.int64)
    if triangular:
        depths = np.minimum(depths, width * np.arange(1, number + 1))
    starts = np.concatenate([[0], np.cumsum(width * depths)])
    return Blocks(count, width, np.stack([starts[:-1], depths], axis=1), int(starts[-1]))


@dataclass(frozen=True, slots=True)
class Layout:
    """Both sides, and the number of components that they share."""

    queries: Blocks
    keys: Blocks
    depth: int

    @classmethod
    def of(cls, n_queries: int, n_keys: int, depth: int, *, triangular: str | None = None) -> Layout:
        """Lay out ``depth`` components of queries and keys; ``triangular`` names the triangular side, if any."""
        return cls(
            _blocks(n_queries, ROWS, depth, triangular == "queries"),
            _blocks(n_keys, COLUMNS, depth, triangular == "keys"),
            depth,
        )


def packed(matrix: Floats, blocks: Blocks) -> Floats:
    """Return the rows of ``matrix`` (count, depth), none of them triangular, as ``blocks`` lays them out."""
    depth = matrix.shape[1]
    padded = np.zeros((blocks.table.shape[0] * blocks.width, depth))
    padded[: blocks.count] = matrix
    return np.ascontiguousarray(padded.reshape(-1, blocks.width, depth).swapaxes(1, 2)).reshape(-1)


def unpacked(flat: Floats, blocks: Blocks, depth: int) -> Floats:
    """Return the vectors that ``flat`` holds as rows of a matrix (count, depth), zero where a block is less deep."""
    rows = np.zeros((blocks.table.shape[0], blocks.width, depth))
    for block, (start, deep) in enumerate(blocks.table.tolist()):
        rows[block, :, :deep] = flat[start : start + blocks.width * deep].reshape(deep, blocks.width).T
    return rows.reshape(-1, depth)[: blocks.count]
