"""Panels and tiles: where a number of a matrix is in memory."""

from __future__ import annotations

import numpy as np
import pytest

from montecarlo.layout import Layout, packed, unpacked
from montecarlo.microkernel import COLUMNS, ROWS

EDGES = [(1, 1, 1), (11, 31, 2), (12, 32, 3), (13, 33, 7), (25, 64, 1), (100, 300, 600)]


@pytest.mark.parametrize(("n_queries", "n_keys", "depth"), EDGES)
def test_component_by_component_within_a_block(n_queries, n_keys, depth):
    layout = Layout.of(n_queries, n_keys, depth)
    assert layout.depth == depth
    for blocks, count, width in ((layout.queries, n_queries, ROWS), (layout.keys, n_keys, COLUMNS)):
        matrix = np.random.default_rng(count).normal(size=(count, depth))
        flat = packed(matrix, blocks)
        assert flat.shape == (blocks.size,)
        assert (unpacked(flat, blocks, depth) == matrix).all()
        for row in {0, count // 2, count - 1}:
            start, deep = blocks.table[row // width]
            assert deep == depth
            assert (flat[start + row % width : start + width * depth : width] == matrix[row]).all()
        padding = np.ones(flat.size, bool)
        padding[np.flatnonzero(packed(np.ones_like(matrix), blocks))] = False
        assert not flat[padding].any()


@pytest.mark.parametrize("side", ["queries", "keys"])
@pytest.mark.parametrize(("count", "depth"), [(1, 1), (12, 12), (13, 13), (40, 33), (65, 64), (100, 5)])
def test_a_triangular_side_ends_a_block_with_the_diagonal_of_its_last_row(side, count, depth):
    layout = Layout.of(count + 3, count + 3, depth, triangular=side)
    blocks, other = (layout.queries, layout.keys) if side == "queries" else (layout.keys, layout.queries)
    assert (other.table[:, 1] == depth).all()
    starts, depths = blocks.table.T
    assert depths.tolist() == [min(depth, (i + 1) * blocks.width) for i in range(len(depths))]
    assert starts.tolist() == [0, *np.cumsum(blocks.width * depths)[:-1].tolist()]
    assert blocks.size == blocks.width * depths.sum()
    flat = np.arange(1.0, blocks.size + 1)
    rows = unpacked(flat, blocks, depth)
    for row in range(blocks.count):
        deep = depths[row // blocks.width]
        assert np.count_nonzero(rows[row]) == deep  # zeros where there is nothing
        assert deep >= min(depth, row + 1)
