"""The file in which a campaign keeps its ranks: one SQLite database, one transaction a block.

A block is in the file as a whole or not at all, whatever ends the process. The rollback journal is used, not the
write-ahead log: between two blocks the store is a single file, which can be copied and read from a folder that cannot
be written to. ``synchronous=EXTRA`` is FULL and waits for the folder as well, so that a block that was reported stays
after a loss of power too.

Who writes holds the lock of the file ``STORE.lock`` (the operating system's, which ends with the process however that
ends, so there is never anything to clean up). SQLite's own lock would not do: held over a whole sweep it would keep
readers out. Readers need none, and see what was written when they began.
"""

from __future__ import annotations

import importlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt

from montecarlo import STREAMS
from montecarlo.stopping import Cell
from rankbound.errors import invalid

__all__ = ["SCHEMA", "Origin", "Store", "StoreBusyError", "StoreError", "reading", "writing"]

SCHEMA = 1
"""Version of the tables below; kept in SQLite's ``user_version``."""

APPLICATION = 0x524E4B42
"""SQLite's ``application_id`` of a store: "RNKB"."""

_PATIENCE = 60.0  # seconds that one side waits for the other's transaction, which takes milliseconds
_MAGIC = b"SQLite format 3\0"
_TABLES = (
    "CREATE TABLE origin (seed TEXT NOT NULL, error REAL NOT NULL, streams INTEGER NOT NULL, rankbound TEXT NOT NULL)",
    "CREATE TABLE cells (id INTEGER PRIMARY KEY, n_keys INTEGER NOT NULL, n_queries INTEGER NOT NULL,"
    " head_dim INTEGER NOT NULL, horizon INTEGER NOT NULL, block INTEGER NOT NULL,"
    " UNIQUE (n_keys, n_queries, head_dim))",
    "CREATE TABLE blocks (cell INTEGER NOT NULL REFERENCES cells, first INTEGER NOT NULL, replicates INTEGER NOT NULL,"
    " rankbound TEXT NOT NULL, ranks BLOB NOT NULL, PRIMARY KEY (cell, first))",
)
_VERSION: str = importlib.import_module("rankbound").__version__

Sizes = tuple[int, int, int]


class StoreError(Exception):
    """A store cannot be used as asked; the message is one line that says why and what to do. No file is harmed."""


class StoreBusyError(StoreError):
    """Another campaign is writing to the store."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What all blocks of a store have in common.

    ``seed`` and ``streams`` (:data:`montecarlo.STREAMS`) say which ranks they are, ``error`` is the error of the
    interval at each cell, fixed when the store was begun, and ``rankbound`` the version that began it.
    """

    seed: int
    error: float
    streams: int
    rankbound: str


class Store:
    """An open store."""

    def __init__(self, place: Path, connection: sqlite3.Connection) -> None:
        self.place = place
        self._connection = connection
        self.origin = self._origin()

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells in the order of their sizes."""
        with _reported(self.place):
            rows = self._connection.execute(
                "SELECT n_keys, n_queries, head_dim, horizon, block FROM cells ORDER BY n_keys, n_queries, head_dim"
            ).fetchall()
        if not all(isinstance(number, int) and number >= 1 for row in rows for number in row):
            raise _damaged(self.place, "its list of settings")
        return tuple(Cell(n, m, d, self.origin.error, horizon, block) for n, m, d, horizon, block in rows)

    def counts(self) -> dict[Sizes, tuple[int, int]]:
        """Return the blocks and the replicates of each cell."""
        with _reported(self.place):
            rows = self._connection.execute(
                "SELECT n_keys, n_queries, head_dim, count(*), sum(replicates)"
                " FROM cells JOIN blocks ON blocks.cell = cells.id GROUP BY cells.id"
            ).fetchall()
        return {(n, m, d): (blocks, replicates) for n, m, d, blocks, replicates in rows}

    def ranks(self, cell: Cell) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
        """Return the ranks of a cell in the order of the replicates, and the versions of rankbound that drew them."""
        with _reported(self.place):
            rows = self._connection.execute(
                "SELECT first, replicates, rankbound, ranks FROM blocks JOIN cells ON blocks.cell = cells.id"
                " WHERE n_keys = ? AND n_queries = ? AND head_dim = ? ORDER BY first",
                cell.sizes,
            ).fetchall()
        parts, drawn = [np.empty(0, np.int64)], 0
        for first, replicates, _, packed in rows:
            ranks = _unpacked(packed, replicates)
            if first != drawn or ranks is None or ranks.min() < 1 or ranks.max() > cell.most:
                raise _damaged(self.place, f"the block of {cell.sizes} from replicate {first}")
            parts.append(ranks)
            drawn += replicates
        return np.concatenate(parts), tuple(sorted({row[2] for row in rows}))

    def append(self, cell: Cell, first: int, ranks: npt.NDArray[np.int64]) -> None:
        """Write a block, and the cell with its first block, in one transaction."""
        with _reported(self.place), _transaction(self._connection):
            if first == 0:
                self._connection.execute(
                    "INSERT INTO cells (n_keys, n_queries, head_dim, horizon, block) VALUES (?, ?, ?, ?, ?)",
                    (*cell.sizes, cell.horizon, cell.block),
                )
            self._connection.execute(
                "INSERT INTO blocks SELECT id, ?, ?, ?, ? FROM cells"
                " WHERE n_keys = ? AND n_queries = ? AND head_dim = ?",
                (first, ranks.size, _VERSION, _packed(ranks), *cell.sizes),
            )

    def _origin(self) -> Origin:
        with _reported(self.place):
            if self._connection.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                raise StoreError(f"{self.place} is not a store of rankbound: name another file")
            (schema,) = self._connection.execute("PRAGMA user_version").fetchone()
            if schema != SCHEMA:
                raise StoreError(
                    f"{self.place} has schema {schema}, and this version of rankbound ({_VERSION}) has {SCHEMA}: use "
                    "the version that wrote it, or begin another store"
                )
            if self._connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _damaged(self.place, "SQLite's check fails")
            row = self._connection.execute("SELECT * FROM origin").fetchone()
        try:
            seed, error, streams, version = row
            origin = Origin(int(seed), float(error), int(streams), str(version))
        except (TypeError, ValueError):  # the seed is text: a byte of it may be no digit any more
            raise _damaged(self.place, f"its origin, {row}") from None
        if origin.seed < 0 or not 0 < origin.error < 1:
            raise _damaged(self.place, f"its origin, {row}")
        return origin


@contextmanager
def reading(store: str | PathLike[str]) -> Iterator[Store]:
    """Open a store to read it as it is now, whoever is writing to it and whatever seed it has.

    Raises
    ------
    StoreError
        If there is none, or it is damaged, or of another schema.
    """
    place = _place(store)
    if not place.exists():
        raise StoreError(f"there is no store {place}: check the name, or give sizes to begin one")
    # Opened for writing, where that is allowed: what a killed writer left half done can only be undone so.
    with closing(_connected(place, "rw")) as connection:
        with _reported(place):
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
        yield Store(place, connection)


@contextmanager
def writing(
    store: str | PathLike[str], *, seed: int | None, error: float | None, wait: bool = False
) -> Iterator[Store]:
    """Open a store to add to it, or begin it.

    Parameters
    ----------
    store : path
        The file.
    seed, error : int and float, or None
        What its origin must say; what a new store has. ``None`` takes what is there, or 0 and 1e-3.
    wait : bool
        Whether to wait until another campaign has done with it.

    Raises
    ------
    StoreBusyError
        If another campaign is writing to it and ``wait`` is false.
    StoreError
        If it cannot be read or written, or has another origin; it is left as it is.
    """
    from filelock import FileLock, Timeout

    place = _place(store)
    if _has_content(place):
        with reading(place) as opened:  # before anything is touched
            _agree(opened, seed, error)
    elif not place.parent.is_dir():
        raise StoreError(f"cannot write to {place}: there is no folder {place.parent}; make it or choose another place")
    lock = FileLock(f"{place}.lock", timeout=-1 if wait else 0)
    try:
        with TemporaryFile(dir=place.parent):  # the lock would make folders, and take a refusal for another's lock
            pass
        lock.acquire()
    except Timeout:
        raise StoreBusyError(
            f"another sweep is writing to {place}: wait until it has ended, or name another store"
        ) from None
    except OSError as problem:
        raise _unwritable(place, problem.strerror or str(problem)) from None
    try:
        with closing(_connected(place, "rwc")) as connection:
            with _reported(place):
                connection.execute("PRAGMA synchronous = EXTRA")
                if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    _begin(connection, Origin(seed or 0, 1e-3 if error is None else error, STREAMS, _VERSION))
            opened = Store(place, connection)
            _agree(opened, seed, error)
            yield opened
    finally:
        lock.release()


def _agree(opened: Store, seed: int | None, error: float | None) -> None:
    """Refuse what would mix two experiments in one store."""
    origin, place = opened.origin, opened.place
    if origin.streams != STREAMS:
        raise StoreError(
            f"{place} holds ranks of random streams {origin.streams} (rankbound {origin.rankbound}), and this version "
            f"({_VERSION}) draws {STREAMS}: begin another store, or use that version; it can still be exported"
        )
    if seed is not None and seed != origin.seed:
        raise StoreError(f"{place} has seed {origin.seed}, not {seed}: use that seed, or begin another store")
    if error is not None and error != origin.error:
        raise StoreError(
            f"{place} has intervals of error {origin.error:g}, not {error:g}: use that error, or begin another store "
            "(an error chosen after the ranks were seen would not be kept)"
        )


def _place(store: object) -> Path:
    if not isinstance(store, (str, PathLike)) or not fspath(store):
        raise invalid("store", store, "the name of a file", "give one, for example runs.sqlite")
    place = Path(fspath(store)).resolve()
    if place.exists() and not place.is_file():
        what = "a folder: name a file in it" if place.is_dir() else "no regular file: name another"
        raise StoreError(f"{place} is {what}")
    return place


def _has_content(place: Path) -> bool:
    """Whether there is a file with something in it that is not half of a transaction."""
    return place.exists() and place.stat().st_size > 0 and not Path(f"{place}-journal").exists()


def _connected(place: Path, mode: str) -> sqlite3.Connection:
    try:
        if _has_content(place):
            with place.open("rb") as file:
                if file.read(len(_MAGIC)) != _MAGIC:
                    raise StoreError(f"{place} is not an SQLite file: name another file")
        uri = f"{place.as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise StoreError(f"cannot open {place}: {reason.lower()}; choose another place") from None


def _begin(connection: sqlite3.Connection, origin: Origin) -> None:
    with _transaction(connection):
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        for table in _TABLES:
            connection.execute(table)
        row = (str(origin.seed), origin.error, origin.streams, origin.rankbound)
        connection.execute("INSERT INTO origin VALUES (?, ?, ?, ?)", row)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _reported(place: Path) -> Iterator[None]:
    """Turn what SQLite says into one line."""
    try:
        yield
    except UnicodeDecodeError as problem:  # of text that SQLite has found, or of what its check says about it
        raise _damaged(place, str(problem)) from None
    except sqlite3.DatabaseError as problem:
        name = getattr(problem, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "decode to UTF-8" in str(problem):
            raise _damaged(place, str(problem)) from None
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise _unwritable(place, str(problem)) from None
        raise StoreError(f"cannot use {place}: {problem}; nothing of it is lost") from None


def _damaged(place: Path, why: str) -> StoreError:
    return StoreError(f"{place} is damaged ({why}): restore a copy, or begin another store")


def _unwritable(place: Path, why: str) -> StoreError:
    kept = " (what it holds is intact)" if place.exists() else ""
    return StoreError(f"cannot write to {place}: {why.lower()}; make room or choose another place{kept}")


def _packed(ranks: npt.NDArray[np.int64]) -> bytes:
    """Return ranks as little-endian integers, as narrow as the largest allows, compressed; that adds a checksum."""
    kind = np.min_scalar_type(int(ranks.max())).newbyteorder("<")
    return zlib.compress(ranks.astype(kind).tobytes())


def _unpacked(packed: bytes, replicates: int) -> npt.NDArray[np.int64] | None:
    """Return what :func:`_packed` was given, or ``None`` if this is not what it returned."""
    if not isinstance(replicates, int) or replicates < 1:  # a column of SQLite holds anything
        return None
    try:
        data = zlib.decompress(packed)
    except (zlib.error, TypeError):
        return None
    width, rest = divmod(len(data), replicates)
    return np.frombuffer(data, f"<u{width}").astype(np.int64) if not rest and width in (1, 2, 4, 8) else None
