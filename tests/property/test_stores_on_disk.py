"""Ranks that a store holds come back as they were, block by block; what was damaged is refused in one line."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
from amount import amount
from hypothesis import given
from hypothesis import strategies as st

import montecarlo
from montecarlo.stopping import Cell
from montecarlo.store import StoreError, reading, writing


@contextlib.contextmanager
def folder():
    """Yield an empty folder; a fixture would be shared by all examples."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@amount(20)
@given(
    st.lists(st.lists(st.integers(1, 10**6), min_size=1, max_size=30), min_size=1, max_size=4), st.integers(0, 2**70)
)
def test_a_store_of_ranks(blocks, seed):
    cell = Cell(10**6, 10**6, 5, 1e-3, 100, 10)
    with folder() as place:
        first = 0
        for block in blocks:  # each by a process of its own, so to speak
            with writing(place / "runs.sqlite", seed=seed, error=1e-3) as store:
                store.append(cell, first, np.array(block))
            first += len(block)
        with reading(place / "runs.sqlite") as store:
            assert store.origin.seed == seed
            assert store.cells() == (cell,)
            assert store.counts() == {cell.sizes: (len(blocks), first)}
            assert store.ranks(cell)[0].tolist() == [rank for block in blocks for rank in block]


@amount(20)
@given(st.integers(0, 2**32 - 1), st.integers(0, 10**6), st.integers(0, 255))
def test_a_store_that_was_damaged_is_refused_or_says_the_same(seed, place_of_damage, byte):
    with folder() as place:
        store = place / "runs.sqlite"
        montecarlo.run_campaign(9, 3, store=store, replicates=20, rng=seed, workers=1)
        ranks = montecarlo.read_ranks(store, 9, 3).tolist()
        content = bytearray(store.read_bytes())
        content[place_of_damage % len(content)] = byte
        store.write_bytes(content)
        try:
            found = montecarlo.read_ranks(store, 9, 3).tolist()
        except StoreError as error:
            found, problem = ranks, str(error)
        else:
            problem = ""
        assert found == ranks
        assert "\n" not in problem


@pytest.mark.parametrize(
    "change",
    [
        "blocks SET replicates = 0",
        "blocks SET replicates = 'eight'",
        "blocks SET ranks = 'none'",
        "cells SET horizon = 0",
        "cells SET block = 'ten'",
        "blocks SET rankbound = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_store_whose_cells_were_damaged_says_so(tmp_path, change):
    place = tmp_path / "runs.sqlite"
    montecarlo.run_campaign(9, 3, store=place, replicates=8, rng=44, workers=1)
    with contextlib.closing(sqlite3.connect(place)) as connection, connection:
        connection.execute(f"UPDATE {change}")
    for use in (montecarlo.read_campaign, lambda store: montecarlo.read_ranks(store, 9, 3)):
        with pytest.raises(StoreError, match=r"runs\.sqlite is damaged") as caught:
            use(place)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", ["seed = '4x'", "seed = '-4'", "error = 'small'", "error = 7", "streams = 'two'"])
def test_a_store_whose_origin_was_damaged_says_so(tmp_path, change):
    place = tmp_path / "runs.sqlite"
    montecarlo.run_campaign(9, 3, store=place, replicates=8, rng=44, workers=1)
    with contextlib.closing(sqlite3.connect(place)) as connection, connection:
        connection.execute(f"UPDATE origin SET {change}")
    for use in (montecarlo.read_campaign, lambda store: montecarlo.run_campaign(9, 3, store=store, replicates=9)):
        with pytest.raises(StoreError, match=r"runs\.sqlite is damaged \(its origin"):
            use(place)
