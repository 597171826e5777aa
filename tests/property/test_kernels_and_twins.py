"""Every compiled kernel does what plain NumPy does, on the same random words or the same vectors.

Twins round differently, so a choice between scores that agree to the last few bits may differ. Of normal vectors that
happens to a query of 40 keys once in 10^12 or so: a run of this file raises a false alarm less than once in 10^6.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
from amount import amount
from hypothesis import given
from hypothesis import strategies as st

import montecarlo
from montecarlo.compression import compressed_layout, make_triangular
from montecarlo.generator import fill_chi, fill_normals, fill_words
from montecarlo.layout import Layout, packed, unpacked
from montecarlo.line import line_ranks
from montecarlo.masked_scan import masked_scan
from montecarlo.modular_rank import prime, rank_modulo
from montecarlo.packing import pack_rows
from montecarlo.plain import (
    plain_chi,
    plain_hardmax,
    plain_line_rank,
    plain_normals,
    plain_planar_rank,
    plain_words,
)
from montecarlo.planar import MORE_WORDS, planar_ranks
from montecarlo.scan import UNRESOLVED, Scratch, scan
from rankbound.testing import sequence_lengths

SEEDS = st.integers(0, 2**32 - 1)
KEYS = st.tuples(*[st.integers(0, 2**64 - 1)] * 4).map(lambda words: np.array(words, np.uint64))
STREAMS, FIRST = st.integers(0, 2**40), st.integers(0, 2**62)
SMALL = sequence_lengths(max_value=40)
GOING_ON = np.zeros(1, np.uint8)

TESTED = {
    "fill_chi",
    "fill_normals",
    "fill_words",
    "line_ranks",
    "make_triangular",
    "masked_scan",
    "pack_rows",
    "planar_ranks",
    "rank_modulo",
    "scan",
}
"""The kernels that a test below is about."""


def test_no_kernel_is_left_out():
    found = set()
    for source in Path(montecarlo.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "kernel" in map(ast.unparse, node.decorator_list):
                found.add(node.name)
    assert found == TESTED


# Random numbers


@amount(60)
@given(KEYS, STREAMS, FIRST, st.integers(0, 300), st.integers(1, 3))
def test_words(key, stream, first, size, rows):
    out = np.empty((rows, size), np.uint64)
    fill_words(key, stream, first, out)
    assert all((out[row] == plain_words(key, stream, first + row, size)).all() for row in range(rows))


@amount(60)
@given(KEYS, STREAMS, FIRST, st.integers(0, 300))
def test_normals(key, stream, first, size):
    out = np.empty((2, size))
    fill_normals(key, stream, first, out)
    for row in range(2):  # a few units in the last place of the radius, which is at most 8.57
        np.testing.assert_allclose(
            out[row], plain_normals(key, stream, first + row, size), rtol=0, atol=16 * 2.0**-52 * 8.57
        )


@amount(40)
@given(KEYS, STREAMS, FIRST, sequence_lengths(max_value=10**5), st.data())
def test_chi(key, stream, first, largest, data):
    columns = data.draw(st.integers(1, min(largest, 50)))
    out = np.empty((2, columns))
    fill_chi(key, stream, first, largest, out)
    for row in range(2):
        np.testing.assert_allclose(out[row], plain_chi(key, stream, first + row, largest, columns), rtol=1e-13, atol=0)


# Layouts


@amount(40)
@given(SEEDS, SMALL, SMALL, st.integers(1, 60))
def test_the_triangular_factor(seed, n_queries, n_keys, head_dim):
    layout, side = compressed_layout(n_queries, n_keys, head_dim)
    blocks = layout.queries if side == "queries" else layout.keys
    rng = np.random.default_rng(seed)
    before, diagonal = rng.normal(size=(2, blocks.size)), rng.random((2, layout.depth))
    after = before.copy()
    make_triangular(after, blocks.table, blocks.width, diagonal)
    for replicate in range(2):
        expected = np.tril(unpacked(before[replicate], blocks, layout.depth))
        np.fill_diagonal(expected, diagonal[replicate])
        assert (unpacked(after[replicate], blocks, layout.depth) == expected).all()


@amount(40)
@given(SEEDS, SMALL, st.integers(1, 20), st.sampled_from(["queries", "keys"]), st.integers(1, 3))
def test_packing(seed, count, depth, side, stride):
    blocks = getattr(Layout.of(count, count, depth), side)
    matrix = np.random.default_rng(seed).normal(size=(stride * count, depth))[::stride]
    out = np.full(blocks.size, np.nan)
    pack_rows(matrix, blocks.table, blocks.width, out)
    assert (out == packed(matrix, blocks)).all()
    assert (unpacked(out, blocks, depth) == matrix).all()


# Ranks from words, and of matrices


@amount(60)
@given(SEEDS, st.integers(1, 4), st.integers(1, 9), st.integers(1, 256), st.sampled_from([0.0, 1e-2, 0.5]))
def test_ranks_on_a_line(seed, rows, n_keys, n_queries, share):
    bits = np.random.default_rng(seed).random((rows, 256)) < share  # mostly one sign: the rank is 1 now and then
    words = np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    ranks = np.empty(rows, np.int64)
    line_ranks(words, n_keys, n_queries, ranks)
    assert ranks.tolist() == [plain_line_rank(row, n_keys, n_queries) for row in words]


@amount(40)
@given(KEYS, FIRST, sequence_lengths(max_value=4096), sequence_lengths(max_value=4096))
def test_ranks_in_the_plane(key, first, n_keys, n_queries):
    words, ranks = np.empty((2, 1024), np.uint64), np.empty(2, np.int64)
    fill_words(key, 0, first, words)
    planar_ranks(words, n_keys, n_queries, ranks)
    assert (ranks != MORE_WORDS).all()
    assert ranks.tolist() == [plain_planar_rank(row, n_keys, n_queries) for row in words]


def plain_rank_modulo(matrix, p):
    """Rank modulo p by elimination in Python's integers."""
    rows, rank = [list(map(int, row)) for row in matrix], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][column], -1, p)
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] * inverse
            rows[i] = [(x - factor * y) % p for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


@amount(60)
@given(SEEDS, *[st.integers(1, 12)] * 3, st.sampled_from([2, 3, 101, prime(0), prime(9)]))
def test_ranks_modulo_a_prime(seed, rows, columns, inner, p):
    rng = np.random.default_rng(seed)
    product = rng.integers(0, p, (rows, inner)).astype(object) @ rng.integers(0, p, (inner, columns)).astype(object)
    matrix = (product % p).astype(np.float64)
    rank = plain_rank_modulo(matrix, p)
    assert rank <= min(rows, columns, inner)
    assert rank_modulo(matrix.copy(), float(p)) == rank


# Scans


def vectors(seed, n_queries, n_keys, head_dim, copies):
    """Normal queries and keys; with copies, a key may stand in several places."""
    rng = np.random.default_rng(seed)
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    return queries, keys[rng.integers(0, 1 + n_keys // 2, n_keys)] if copies else keys


@amount(60)
@given(SEEDS, SMALL, sequence_lengths(max_value=300), st.integers(1, 40), st.booleans(), st.booleans())
def test_the_scan(seed, n_queries, n_keys, head_dim, copies, prune):
    queries, keys = vectors(seed, n_queries, n_keys, head_dim, copies)
    layout = Layout.of(n_queries, n_keys, head_dim)
    choices, ranks = np.full((1, n_queries), -2, np.int64), np.full(1, -2, np.int64)
    both = packed(queries, layout.queries)[None], packed(keys, layout.keys)[None]
    tables, scratch = (layout.queries.table, layout.keys.table), Scratch(layout).arrays()
    assert scan(*both, *tables, n_queries, n_keys, prune, *scratch, GOING_ON, choices, ranks) == 1
    expected = plain_hardmax(queries, keys)
    twice = np.array([(keys == key).all(axis=1).sum() > 1 for key in keys])[expected]
    expected[twice] = UNRESOLVED  # left to exact arithmetic
    assert choices[0].tolist() == expected.tolist()
    assert ranks[0] == (UNRESOLVED if twice.any() else np.unique(expected).size)


@amount(60)
@given(SEEDS, SMALL, sequence_lengths(max_value=300), st.integers(1, 20), st.booleans(), st.booleans())
def test_the_masked_scan(seed, n_queries, n_keys, head_dim, copies, sparse):
    queries, keys = vectors(seed, n_queries, n_keys, head_dim, copies)
    rng = np.random.default_rng(seed + 1)
    low = rng.integers(0, n_keys, n_queries)
    high = low + 1 + rng.integers(0, n_keys, n_queries) % (n_keys - low)
    visible = (low[:, None] <= np.arange(n_keys)) & (np.arange(n_keys) < high[:, None])
    if sparse:
        visible &= rng.random(visible.shape) < 0.3
        visible[np.arange(n_queries), low] = True
    layout, choices = Layout.of(n_queries, n_keys, head_dim), np.full(n_queries, -2, np.int64)
    both = packed(queries, layout.queries), packed(keys, layout.keys)
    tables, mask = (layout.queries.table, layout.keys.table), visible if sparse else np.empty((0, 0), np.bool_)
    scratch = Scratch(layout).arrays()
    assert masked_scan(*both, *tables, n_queries, n_keys, low, high, mask, *scratch, GOING_ON, choices)
    scores = np.where(visible, np.einsum("ic,jc->ij", queries, keys), -np.inf)  # the same sum for equal keys
    assert choices.tolist() == scores.argmax(axis=1).tolist()
