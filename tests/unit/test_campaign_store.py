"""The file that keeps the ranks: whole blocks or none, one experiment a file, one writer at a time."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest

import montecarlo
from montecarlo import StoreBusyError, StoreError
from montecarlo.stopping import Cell
from montecarlo.store import reading, writing

CELL = Cell(n_keys=300, n_queries=300, head_dim=2, error=1e-3, horizon=100, block=50)
BIG = Cell(n_keys=10**18, n_queries=2**40, head_dim=10**10, error=1e-3, horizon=2**62, block=16)


def ranks(count: int, seed: int = 0, most: int = 300) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, most + 1, count)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


@pytest.fixture
def filled(path):
    """A store with two blocks of one cell."""
    with writing(path, seed=7, error=None) as opened:
        opened.append(CELL, 0, ranks(50))
        opened.append(CELL, 50, ranks(20, 1))
    return path


def change(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("most", [1, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**40])
def test_ranks_come_back_as_they_were(path, most):
    drawn = np.concatenate([ranks(49, most=most), [most]])
    with writing(path, seed=None, error=None) as opened:
        opened.append(BIG, 0, drawn)
    with reading(path) as opened:
        assert opened.cells() == (BIG,)
        found, versions = opened.ranks(BIG)
        assert opened.counts() == {BIG.sizes: (1, 50)}
    assert found.dtype == np.int64
    assert np.array_equal(found, drawn)
    assert versions == (__import__("rankbound").__version__,)


def test_a_store_is_one_file_of_a_few_bytes_a_rank(path):
    with writing(path, seed=None, error=None) as opened:
        opened.append(CELL, 0, ranks(100_000))
    assert {file.name for file in path.parent.iterdir()} == {"runs.sqlite", "runs.sqlite.lock"}
    assert path.stat().st_size < 2 * 100_000
    assert Path(f"{path}.lock").stat().st_size < 100


def test_a_store_knows_its_origin(filled):
    with reading(filled) as opened:
        origin = opened.origin
        assert [cell.sizes for cell in opened.cells()] == [(300, 300, 2)]
    assert (origin.seed, origin.error, origin.streams) == (7, 1e-3, montecarlo.STREAMS)
    with writing(filled, seed=7, error=1e-3) as opened, reading(filled) as meanwhile:
        assert meanwhile.origin == opened.origin == origin


def test_seeds_of_any_size_are_kept(path):
    with writing(path, seed=2**200, error=0.25):
        pass
    with reading(path) as opened:
        assert (opened.origin.seed, opened.origin.error, opened.cells()) == (2**200, 0.25, ())


@pytest.mark.parametrize(
    ("statement", "asked", "said"),
    [
        (None, {"seed": 8, "error": None}, "has seed 7, not 8"),
        (None, {"seed": None, "error": 1e-2}, "has intervals of error 0.001, not 0.01"),
        ("UPDATE origin SET streams = streams - 1", {"seed": 7, "error": None}, "holds ranks of random streams"),
        ("PRAGMA user_version = 99", {"seed": 7, "error": None}, "has schema 99"),
        ("PRAGMA application_id = 5", {"seed": 7, "error": None}, "is not a store of rankbound"),
    ],
)
def test_another_experiment_is_refused_and_the_store_untouched(filled, statement, asked, said):
    if statement:
        change(filled, statement)
    before = filled.read_bytes()
    with pytest.raises(StoreError, match=said) as caught, writing(filled, **asked):
        pytest.fail("opened")
    assert "\n" not in str(caught.value)
    assert filled.read_bytes() == before


def test_ranks_of_other_streams_can_be_read(filled):
    change(filled, "UPDATE origin SET streams = 1")
    with reading(filled) as opened:
        assert opened.origin.streams == 1
        assert opened.ranks(CELL)[0].size == 70


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"n_keys,head_dim\n", "is not an SQLite file"),
        (b"SQLite format 3\0", "damaged|not a store"),
        (b"SQLite format 3\0" + bytes(5000), "damaged|not a store"),
    ],
)
def test_what_is_no_store_is_refused_and_untouched(path, content, said):
    path.write_bytes(content)
    for way in (lambda: reading(path), lambda: writing(path, seed=None, error=None)):
        with pytest.raises(StoreError, match=said), way():
            pytest.fail("opened")
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_something_else_is_refused(path):
    change(path, "CREATE TABLE mine (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store of rankbound"), writing(path, seed=None, error=None):
        pytest.fail("opened")
    assert path.read_bytes() == before


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_store_is_refused(path, part):
    with writing(path, seed=None, error=None) as opened:
        for first in range(0, 20_000, 2000):
            opened.append(CELL, first, ranks(2000))
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    for way in (lambda: reading(path), lambda: writing(path, seed=None, error=None)):
        with pytest.raises(StoreError, match="is damaged"), way():
            pytest.fail("opened")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blocks SET ranks = x'00' WHERE first = 50",
        "UPDATE blocks SET ranks = substr(ranks, 1, 12) WHERE first = 50",
        "UPDATE blocks SET ranks = 'text' WHERE first = 50",
        "UPDATE blocks SET replicates = 19 WHERE first = 50",
        "UPDATE blocks SET first = 60 WHERE first = 50",
        "DELETE FROM blocks WHERE first = 0",
        "UPDATE cells SET n_keys = 5, n_queries = 5",
    ],
)
def test_blocks_that_do_not_fit_are_noticed(filled, statement):
    change(filled, statement)
    with reading(filled) as opened:
        (cell,) = opened.cells()
        with pytest.raises(StoreError, match="is damaged"):
            opened.ranks(cell)


def test_there_must_be_a_store_to_read(path, tmp_path):
    for place, said in ((path, "there is no store"), (tmp_path, "is a folder"), ("/dev/null", "is no regular file")):
        with pytest.raises(StoreError, match=said), reading(place):
            pytest.fail("opened")
    assert not path.exists()


@pytest.mark.parametrize("store", ["", 5, None])
def test_a_store_has_a_name(store):
    with pytest.raises(ValueError, match="store = "), reading(store):
        pytest.fail("opened")


@pytest.mark.parametrize("place", ["/proc/x.sqlite", "/sys/x.sqlite"])
def test_where_nothing_can_be_written_it_says_so(place):
    with pytest.raises(StoreError, match="cannot write to") as caught, writing(place, seed=None, error=None):
        pytest.fail("opened")
    assert "intact" not in str(caught.value)


def test_a_missing_folder_is_named_and_not_made(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "no" / "such", tmp_path / "file"):
        with pytest.raises(StoreError) as caught, writing(folder / "x.sqlite", seed=None, error=None):
            pytest.fail("opened")
        said = f"cannot write to {folder / 'x.sqlite'}: there is no folder {folder}; make it or choose another place"
        assert str(caught.value) == said
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_read_only_folder_is_readable(filled):
    folder = filled.parent
    Path(f"{filled}.lock").unlink()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("permission bits do not bind this user")
        with reading(filled) as opened:
            assert opened.ranks(CELL)[0].size == 70
        with pytest.raises(StoreError, match="cannot write to"), writing(filled, seed=None, error=None):
            pytest.fail("opened")
    finally:
        folder.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("pragma", ["max_page_count = 1", "query_only = ON"])
def test_a_block_that_cannot_be_written_leaves_the_others(filled, pragma):
    """A full disk, and a file that turns out to be read-only, as SQLite reports them."""
    drawn = ranks(20_000)
    with writing(filled, seed=None, error=None) as opened:
        opened._connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(StoreError, match=r"cannot write to .* \(what it holds is intact\)$") as caught:
            opened.append(CELL, 70, drawn)
        assert opened.ranks(CELL)[0].size == 70
    assert "\n" not in str(caught.value)
    with writing(filled, seed=None, error=None) as opened:
        opened.append(CELL, 70, drawn)
        assert opened.ranks(CELL)[0].size == 20_070


def test_half_a_block_is_never_there(filled):
    other = Cell(n_keys=4, n_queries=4, head_dim=1, error=1e-3, horizon=5, block=16)
    with writing(filled, seed=None, error=None) as opened:
        opened._connection.execute("DROP TABLE blocks")
        with pytest.raises(StoreError, match="cannot use"):
            opened.append(other, 0, ranks(4, most=4))
        assert [cell.sizes for cell in opened.cells()] == [CELL.sizes]  # the cell went with its block


def test_one_writer_at_a_time_and_readers_meanwhile(filled):
    with writing(filled, seed=None, error=None) as opened:
        with pytest.raises(StoreBusyError, match="another sweep is writing"), writing(filled, seed=None, error=None):
            pytest.fail("opened")
        with reading(filled) as meanwhile:
            opened_before = meanwhile.ranks(CELL)[0]
        opened.append(CELL, 70, ranks(5, 2))
        with reading(filled) as meanwhile:
            assert np.array_equal(meanwhile.ranks(CELL)[0], np.concatenate([opened_before, ranks(5, 2)]))
    with writing(filled, seed=None, error=None):
        pass
