"""Blocks of replicates handed out to workers, and taken back in order.

Blocks of several cells are drawn at the same time, and of one cell ahead of the decision whether they are needed; what
turns out not to be is dropped. A block is a pure function of the seed, the sizes and its place, so one that a lost
worker took along is drawn again, with the same ranks.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from types import TracebackType
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from montecarlo import STREAMS
from montecarlo.sampling import sample_ranks
from montecarlo.stopping import Cell
from montecarlo.workers import available_processors
from rankbound.errors import check_integer, invalid

__all__ = ["Crew", "Plan", "WorkersError", "draw_block"]

_TRIES = 4
"""How often a block is handed to an executor before its failure is final; workers come and go."""

_PIECES = 8
"""Parts of a block after each of which a thread looks whether it should stop."""

Ranks = npt.NDArray[np.int64]


class WorkersError(Exception):
    """The workers cannot go on; the message is one line that says why. What was written before stays."""


class Plan(Protocol):
    """What there is to draw, and what becomes of it."""

    def cells(self) -> list[Cell]:
        """Return the cells in the order in which they are to be worked at."""

    def begin(self, cell: Cell) -> tuple[Ranks, int]:
        """Return the ranks that a cell has already, and about how many it needs: as many if it is finished."""

    def count(self, cell: Cell, first: int) -> int:
        """Return the replicates of the block that begins at ``first``."""

    def keep(self, cell: Cell, first: int, ranks: Ranks) -> int:
        """Keep the ranks of a cell from ``first`` on, and return about how many it needs now."""


def draw_block(
    sizes: tuple[int, int, int],
    seed: int,
    first: int,
    count: int,
    streams: int,
    stop: threading.Event | None = None,
) -> Ranks:
    """Return the ranks of replicates ``first`` to ``first + count - 1``; what a worker runs, wherever it is.

    Raises
    ------
    WorkersError
        If this process draws other random streams than the one that asks, or ``stop`` was set meanwhile.
    """
    if streams != STREAMS:
        raise WorkersError(f"a worker has random streams {STREAMS}, not {streams}: install the same rankbound on all")
    n_keys, n_queries, head_dim = sizes
    piece = count if stop is None else max(1, count // _PIECES)
    parts = []
    for start in range(first, first + count, piece):
        if stop is not None and stop.is_set():
            raise WorkersError("the block is not needed any more")
        here = min(piece, first + count - start)
        parts.append(
            sample_ranks(n_keys, head_dim, here, n_queries=n_queries, rng=seed, workers=1, first_replicate=start)
        )
    return np.concatenate(parts)


class _Line:
    """A cell that is being worked at."""

    def __init__(self, cell: Cell, ranks: Ranks, needed: int) -> None:
        self.cell = cell
        self.ranks = ranks
        self.needed = needed
        self.asked = ranks.size
        self.waiting: dict[int, Ranks] = {}  # drawn before a block in front of them
        self.stop = threading.Event()

    @property
    def is_finished(self) -> bool:
        return self.needed <= self.ranks.size


class Crew:
    """Those who draw: threads of its own or an executor of the caller's.

    Parameters
    ----------
    workers : int, Executor or None
        As for :func:`montecarlo.run_campaign`.
    in_flight : int or None
        As there.
    """

    def __init__(self, workers: int | Executor | None, in_flight: int | None) -> None:
        self._own = not isinstance(workers, Executor)
        if isinstance(workers, Executor):
            self._executor, slots = workers, 2 * available_processors()
        else:
            if isinstance(workers, (float, str)):
                expected = "an integer of at least 1 or an Executor"
                raise invalid("workers", workers, expected, "omit it to use every processor")
            remedy = "omit it to use every processor, or give an Executor"
            slots = (
                available_processors()
                if workers is None
                else check_integer("workers", workers, minimum=1, remedy=remedy)
            )
            self._executor = ThreadPoolExecutor(slots)
        if in_flight is not None:
            slots = check_integer("in_flight", in_flight, minimum=1, remedy="omit it, or give a number of blocks")
        self._slots = slots
        self._pending: dict[Future[Ranks], tuple[_Line, int, int]] = {}
        self._tries: dict[tuple[Cell, int], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for future, (line, _, _) in self._pending.items():
            line.stop.set()
            future.cancel()
        if self._own:  # whoever pressed Ctrl-C does not wait for a replicate that takes minutes
            self._executor.shutdown(wait=kind is None, cancel_futures=True)

    def work(self, plan: Plan, seed: int) -> None:
        """Draw what ``plan`` needs until all its cells are finished.

        Raises
        ------
        WorkersError
            If the executor is broken, or a block fails again and again.
        """
        queue, lines = deque(plan.cells()), list[_Line]()
        while True:
            while len(self._pending) < self._slots:
                line = self._line_with_work(plan, queue, lines)
                if line is None:
                    break
                count = plan.count(line.cell, line.asked)
                self._hand_out(line, line.asked, count, seed)
                line.asked += count
            if not self._pending:
                return
            for future in wait(self._pending, return_when=FIRST_COMPLETED).done:
                if future in self._pending:  # not dropped a moment ago
                    self._take_back(future, plan, seed)
            lines = [line for line in lines if not line.is_finished]

    def _line_with_work(self, plan: Plan, queue: deque[Cell], lines: list[_Line]) -> _Line | None:
        for line in lines:
            ahead = line.asked - line.ranks.size
            wanted = line.asked < line.needed and ahead < self._slots * line.cell.block
            if wanted or ahead == 0:
                return line
        while queue:
            cell = queue.popleft()
            line = _Line(cell, *plan.begin(cell))
            if not line.is_finished:
                n_keys, n_queries, head_dim = cell.sizes
                # Compiles in this thread: Numba's cache does not like concurrent first calls.
                sample_ranks(n_keys, head_dim, 0, n_queries=n_queries, workers=1)
                lines.append(line)
                return line
        return None

    def _hand_out(self, line: _Line, first: int, count: int, seed: int) -> None:
        arguments = (line.cell.sizes, seed, first, count, STREAMS)
        try:
            # An event stays in this process, so only threads of our own get one.
            future = self._executor.submit(draw_block, *arguments, *([line.stop] if self._own else []))
        except Exception as problem:
            raise _lost(problem) from problem
        self._pending[future] = (line, first, count)

    def _take_back(self, future: Future[Ranks], plan: Plan, seed: int) -> None:
        line, first, count = self._pending.pop(future)
        try:
            line.waiting[first] = future.result()
        except WorkersError:
            raise
        except (Exception, CancelledError) as problem:  # an executor may raise anything for a worker that it lost
            if self._own:
                raise
            place = line.cell, first
            self._tries[place] = self._tries.get(place, 1) + 1
            if isinstance(problem, BrokenExecutor) or self._tries[place] > _TRIES:
                raise _lost(problem) from problem
            self._hand_out(line, first, count, seed)
        while not line.is_finished and line.ranks.size in line.waiting:
            have = line.ranks.size
            line.ranks = np.concatenate([line.ranks, line.waiting.pop(have)])
            line.needed = plan.keep(line.cell, have, line.ranks)
        if line.is_finished:
            self._drop(line)

    def _drop(self, line: _Line) -> None:
        line.stop.set()
        for future in [future for future, (of, _, _) in self._pending.items() if of is line]:
            del self._pending[future]
            future.cancel()


def _lost(problem: BaseException) -> WorkersError:
    reason = (str(problem).splitlines() or ["no message"])[0]
    return WorkersError(
        f"the workers cannot go on ({type(problem).__name__}: {reason}): start the sweep again to go on"
    )
