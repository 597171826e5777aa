"""The scan on given vectors: against NumPy, its bounds on rounding against exact scores, and with a bound too small.

A bound that is too small shows only on vectors that come close to it, so those are built here. They show it: a copy of
the module with a smaller bound picks the wrong key of them.
"""

from __future__ import annotations

import importlib.util
import threading
from fractions import Fraction
from pathlib import Path

import numba
import numpy as np
import pytest

from montecarlo import scan as honest
from montecarlo.layout import Layout, packed
from montecarlo.microkernel import COLUMNS, COLUMNS_AT_ONCE, ROWS, ROWS_AT_ONCE, STATE, largest, score_part
from montecarlo.plain import plain_hardmax
from montecarlo.scan import UNRESOLVED, Scratch

U = 2.0**-24
"""Half the distance from 1 to the next number in single precision."""


def laid_out(matrix, blocks):
    """Like ``packed``, also where ``blocks`` are triangular."""
    rows = np.zeros((blocks.table.shape[0] * blocks.width, matrix.shape[1]))
    rows[: blocks.count] = matrix
    parts = np.split(rows, blocks.table.shape[0])
    return np.concatenate([part[:, :deep].T.ravel() for part, (_, deep) in zip(parts, blocks.table, strict=True)])


def scanned(layout, queries, keys, *, prune, module=honest, stop=0):
    """Scan flat vectors (replicates, size); return choices, ranks and the number of replicates that are done."""
    replicates = queries.shape[0]
    choices = np.full((replicates, layout.queries.count), -2, np.int64)
    ranks = np.full(replicates, -2, np.int64)
    done = module.scan(
        queries,
        keys,
        layout.queries.table,
        layout.keys.table,
        layout.queries.count,
        layout.keys.count,
        prune,
        *Scratch(layout).arrays(),
        np.full(1, stop, np.uint8),
        choices,
        ranks,
    )
    return choices, ranks, done


def choose(queries, keys, *, prune, module=honest):
    """Return the choices for two matrices."""
    layout = Layout.of(len(queries), len(keys), queries.shape[1])
    flat = packed(queries, layout.queries)[np.newaxis], packed(keys, layout.keys)[np.newaxis]
    choices, ranks, done = scanned(layout, *flat, prune=prune, module=module)
    assert done == 1
    assert ranks[0] == (UNRESOLVED if (choices == UNRESOLVED).any() else np.unique(choices).size)
    return choices[0].tolist()


SHAPES = [
    (1, 1, 1),
    (1, 5, 3),
    (5, 1, 2),
    (11, 31, 2),
    (12, 32, 3),
    (13, 33, 4),
    (24, 64, 1),
    (25, 65, 16),
    (7, 95, 255),
    (36, 700, 256),
    (4, 40, 513),
    (3, 20, 1030),
    (14, 20_000, 8),
    (14, 140_000, 1),
    (3000, 50, 6),
]
"""(n_queries, n_keys, components): the edges of panels and tiles, and more than 2^17 numbers in the keys."""

both_ways = pytest.mark.parametrize("prune", [False, True], ids=["dense", "pruned"])


@both_ways
@pytest.mark.parametrize(("n_queries", "n_keys", "head_dim"), SHAPES)
def test_choices_are_the_plain_argmax(n_queries, n_keys, head_dim, prune):
    rng = np.random.default_rng([n_queries, n_keys, head_dim])
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    assert choose(queries, keys, prune=prune) == plain_hardmax(queries, keys).tolist()


@pytest.mark.parametrize("side", ["queries", "keys"])
@pytest.mark.parametrize(
    ("n_queries", "n_keys", "depth"),
    [(1, 1, 1), (13, 33, 13), (33, 13, 13), (40, 40, 29), (300, 700, 300), (90, 70, 65)],
)
def test_triangular_layouts(side, n_queries, n_keys, depth):
    rng = np.random.default_rng([n_queries, n_keys, depth])
    layout = Layout.of(n_queries, n_keys, depth, triangular=side)
    matrices = {"queries": rng.normal(size=(n_queries, depth)), "keys": rng.normal(size=(n_keys, depth))}
    matrices[side] = np.tril(matrices[side])
    flat = laid_out(matrices["queries"], layout.queries), laid_out(matrices["keys"], layout.keys)
    choices, _, _ = scanned(layout, *(x[np.newaxis] for x in flat), prune=False)
    assert choices[0].tolist() == plain_hardmax(matrices["queries"], matrices["keys"]).tolist()


@both_ways
def test_replicates_do_not_touch_each_other(prune):
    rng = np.random.default_rng(2)
    layout = Layout.of(30, 100, 3)
    queries, keys = rng.normal(size=(20, layout.queries.size)), rng.normal(size=(20, layout.keys.size))
    keys[7] = 1.0  # all equal: unresolved
    choices, ranks, done = scanned(layout, queries, keys, prune=prune)
    assert done == 20
    for i in range(20):
        alone, rank, _ = scanned(layout, queries[i : i + 1], keys[i : i + 1], prune=prune)
        assert (choices[i] == alone[0]).all()
        assert ranks[i] == rank[0]
    assert (choices[7] == UNRESOLVED).all()
    assert ranks[7] == UNRESOLVED
    assert UNRESOLVED not in np.delete(ranks, 7)


@both_ways
@pytest.mark.parametrize("filling", [1e300, -1e300, 1.0, 0.0])
def test_padding_never_wins(prune, filling):
    rng = np.random.default_rng(3)
    queries, keys = rng.normal(size=(13, 2)), rng.normal(size=(33, 2)) - 5.0
    layout = Layout.of(13, 33, 2)
    flat = []
    for matrix, blocks in ((queries, layout.queries), (keys, layout.keys)):
        padding = packed(np.ones_like(matrix), blocks) == 0.0
        flat.append(np.where(padding, filling, packed(matrix, blocks))[np.newaxis])
    choices, _, _ = scanned(layout, *flat, prune=prune)
    assert choices[0].tolist() == plain_hardmax(queries, keys).tolist()


def test_a_set_stop_flag_ends_the_kernel_at_once():
    layout = Layout.of(8, 8, 4)
    arrays = np.ones((3, layout.queries.size)), np.ones((3, layout.keys.size))
    choices, ranks, done = scanned(layout, *arrays, prune=False, stop=1)
    assert done == 0
    assert (choices == -2).all()
    assert (ranks == -2).all()


@both_ways
def test_a_stop_flag_that_is_set_later_is_seen(prune):
    layout = Layout.of(20_000, 20_000, 16)  # some seconds
    rng = np.random.default_rng(5)
    stop, done = np.zeros(1, np.uint8), []

    def run():
        arrays = rng.normal(size=(1, layout.queries.size)), rng.normal(size=(1, layout.keys.size))
        started.set()
        tables = layout.queries.table, layout.keys.table
        for _ in range(1000):
            counts = (20_000, 20_000, prune, *Scratch(layout).arrays(), stop)
            done.append(honest.scan(*arrays, *tables, *counts, np.empty((1, 20_000), np.int64), np.empty(1, np.int64)))
            if done[-1] == 0:
                return

    started = threading.Event()
    thread = threading.Thread(target=run)
    thread.start()
    started.wait()
    thread.join(0.3)
    assert thread.is_alive()
    stop[0] = 1
    thread.join(2.0)
    assert not thread.is_alive()
    assert done[-1] == 0


@numba.njit
def _scores_of_a_tile(queries, keys, depth, first, state):
    for part in range(0, ROWS, ROWS_AT_ONCE):
        for columns in range(0, COLUMNS, COLUMNS_AT_ONCE):
            at = part * STATE + columns // 2
            score_part(queries, part, keys, columns, depth, first, columns, state, at, np.float32(0.0))
    found = np.empty(ROWS, np.float32)
    for row in range(ROWS):
        found[row] = largest(state, row * STATE)
    return found


def single_scores(queries, keys):
    """Return the scores (12, 32) of a panel and a tile as the screen forms them."""
    layout = Layout.of(ROWS, COLUMNS, queries.shape[1])
    q, k = packed(queries, layout.queries).astype(np.float32), packed(keys, layout.keys).astype(np.float32)
    scores = np.empty((ROWS, COLUMNS))
    for column in range(COLUMNS):  # all others are masked
        first = np.full(COLUMNS, -np.inf, np.float32)
        first[column] = 0.0
        state = np.full(ROWS * STATE, -np.inf, np.float32)
        scores[:, column] = _scores_of_a_tile(q, k, queries.shape[1], first, state)
    return scores


def integers(matrix):
    """Return ``matrix`` times 2^200 in Python's integers; exact for entries of which none is below 2^-147."""
    scaled = [int(Fraction(x) * 2**200) for x in matrix.ravel().tolist()]
    return np.array(scaled, object).reshape(matrix.shape)


def share_of_the_bound(queries, keys):
    """Return the largest error of a score in single precision, in units of what the module claims at most."""
    depth = queries.shape[1]
    exact = integers(queries) @ integers(keys).T
    errors = integers(single_scores(queries, keys)) * 2**200 - exact
    error = np.abs(errors).astype(float) * 2.0**-400
    lengths = np.outer(np.linalg.norm(queries, axis=1), np.linalg.norm(keys, axis=1))
    gamma = (depth + 2) * U / (1.0 - (depth + 2) * U)
    return float((error / (gamma * lengths)).max())


def ramp(components, unit):
    """Return a query and two keys: the first key is best by four units of rounding, and rounding hides it.

    Each product after the first is half a unit in the last place of the sum so far. With the first key the sum stays
    where it is (a tie goes to the even neighbour); with the second it is a little more than that half, and the sum is
    rounded up every time. So one error is as large as the bound allows, less three of ``components + 2`` parts, and
    the other has the other sign.
    """
    split = int(-np.log2(unit)) // 2
    query = np.full(components, 2.0**-split)
    better, worse = np.full((2, components), unit * 2.0**split)
    query[0] = worse[0] = 1.0
    better[0] = 1.0 + 4.0 * unit
    worse[1:] *= 1.0 + 2.0**-18
    assert components < 2**18
    return query, better, worse


@pytest.mark.parametrize("depth", [1, 2, 3, 16, 100, 600])
def test_errors_in_single_precision_are_within_the_bound(depth):
    rng = np.random.default_rng(depth)

    def wild(*shape):
        return np.ldexp(rng.normal(size=shape), rng.integers(-40, 1, shape))

    for queries, keys in [
        (rng.normal(size=(ROWS, depth)), rng.normal(size=(COLUMNS, depth))),
        (rng.random((ROWS, depth)), rng.random((COLUMNS, depth))),
        (wild(ROWS, depth), wild(COLUMNS, depth)),
        # Rounding errors of one sign: halfway between two numbers of single precision.
        (1.0 + U * rng.integers(0, 2, (ROWS, depth)), 1.0 + U * rng.integers(0, 2, (COLUMNS, depth))),
    ]:
        share = share_of_the_bound(queries, keys)
        assert 0.0 < share <= 1.0


@pytest.mark.parametrize("depth", [30, 200, 1000])
def test_the_bound_is_attained_nearly(depth):
    query, better, worse = ramp(depth, U)
    query[0] += U  # halfway, and rounded down
    better[0] = 1.0 + U
    share = share_of_the_bound(np.tile(query, (ROWS, 1)), np.tile([better, worse], (COLUMNS // 2, 1)))
    assert (depth - 1.0) / (depth + 2.0) <= share <= 1.0


def planted(tmp_path: Path, factor: float):
    """Return the module of the scan with bounds ``factor`` times as large."""
    source = Path(honest.__file__).read_text()
    line = "_SINGLE, _DOUBLE = 2.0**-24, 2.0**-53\n"
    assert source.count(line) == 1
    path = tmp_path / "planted_scan.py"
    path.write_text(source.replace(line, line.replace("2.0", f"{factor} * 2.0")))
    spec = importlib.util.spec_from_file_location("planted_scan", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=[0.95, pytest.param(0.5, marks=pytest.mark.thorough)])
def dishonest(request, tmp_path_factory):
    """The scan with bounds that are a twentieth too small, or half as large as they must be."""
    return request.param, planted(tmp_path_factory.mktemp("planted"), request.param)


@both_ways
@pytest.mark.parametrize("swapped", [False, True])
def test_the_bound_in_single_precision_is_needed_in_full(dishonest, prune, swapped):
    query, better, worse = ramp(400, U)
    keys = np.array([worse, better] if swapped else [better, worse])
    expected = int(swapped)
    assert choose(query[np.newaxis], keys, prune=prune) == [expected]
    assert choose(query[np.newaxis], keys, prune=prune, module=dishonest[1]) == [1 - expected]


@both_ways
def test_the_bound_in_double_precision_is_needed_in_full(dishonest, prune):
    query, better, worse = ramp(400, 2.0**-53)
    keys = np.array([better, worse])
    assert choose(query[np.newaxis], keys, prune=prune) == [UNRESOLVED]
    assert choose(query[np.newaxis], keys, prune=prune, module=dishonest[1]) == [1]


def test_the_bound_is_needed_where_the_scan_stops_early(dishonest):
    # The first tile: one key whose score is rounded up, and others that point away. The best one is just behind.
    query, better, worse = ramp(6000, U)
    keys = np.array([worse, *np.tile(-better, (COLUMNS - 1, 1)), better])
    assert choose(query[np.newaxis], keys, prune=True) == [COLUMNS]
    factor, module = dishonest
    assert factor > 0.6 or choose(query[np.newaxis], keys, prune=True, module=module) == [0]


@both_ways
def test_keys_with_equal_images_in_single_precision_are_told_apart(prune):
    rng = np.random.default_rng(6)
    n_keys = 200
    keys = np.tile(rng.normal(size=(1, 5)), (n_keys, 1)) * (1.0 + 2.0**-40 * rng.permutation(n_keys)[:, None])
    assert (keys.astype(np.float32) == keys.astype(np.float32)[0]).all()
    queries = rng.normal(size=(40, 5))
    expected = [int(np.argmax(keys[:, 0] / keys[0, 0] * np.sign(keys[0] @ query))) for query in queries]
    assert len(set(expected)) == 2
    assert choose(queries, keys, prune=prune) == expected


@both_ways
@pytest.mark.parametrize("places", [(3, 35), (35, 3), (0, 16), (16, 0), (8, 0), (5, 6), (31, 63), (63, 64)])
def test_two_keys_that_single_precision_confounds_are_seen_wherever_they_are(prune, places):
    # In two slots of what is kept of a query or in one, in one tile or in two.
    best, nearly = places
    keys = np.tile([-1.0, -2.0, -3.0], (70, 1))
    keys[best], keys[nearly] = [1.0, 2.0, 3.0 + 2.0**-40], [1.0, 2.0, 3.0]
    assert choose(np.ones((13, 3)), keys, prune=prune) == [best] * 13


def test_stopping_early_loses_no_winner():
    rng = np.random.default_rng(7)
    directions = rng.normal(size=(500, 4))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    queries = rng.normal(size=(50, 4))
    one_long = directions.copy()
    one_long[437] *= 50.0
    short_tail = directions * np.where(np.arange(500) % 7 == 0, 1.0, 1e-6)[:, None]
    lengths = {
        "equal": directions,
        "one long": one_long,
        "one long, pointing away": np.where(np.arange(500)[:, None] == 3, -50.0 * queries.mean(axis=0), directions),
        "most short": short_tail,
        "ascending": directions * np.arange(1, 501)[:, None],
        "doubling": directions * np.ldexp(1.0, np.arange(500) // 12)[:, None],
    }
    for name, keys in lengths.items():
        assert choose(queries, keys, prune=True) == plain_hardmax(queries, keys).tolist(), name
    some_zero = queries * (np.arange(50) % 3 > 0)[:, None]
    expected = np.where(np.arange(50) % 3 > 0, plain_hardmax(queries, one_long), UNRESOLVED)
    assert choose(some_zero, one_long, prune=True) == expected.tolist()


@both_ways
def test_all_scores_negative_or_zero(prune):
    rng = np.random.default_rng(8)
    direction = rng.normal(size=6)
    queries = direction + 0.1 * rng.normal(size=(30, 6))
    keys = -(direction + 0.1 * rng.normal(size=(100, 6)))
    assert (queries @ keys.T < 0.0).all()
    assert choose(queries, keys, prune=prune) == plain_hardmax(queries, keys).tolist()
    assert choose(queries, np.zeros((5, 6)), prune=prune) == [UNRESOLVED] * 30
    assert choose(queries, np.zeros((1, 6)), prune=prune) == [0] * 30
