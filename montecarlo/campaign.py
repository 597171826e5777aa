"""Campaigns: a grid of settings, each simulated block by block into a store until it has what was asked for.

What ends up in the store is a function of the seed, the sizes, the goal and what the store held before. Workers, kills
and resumes change nothing: a block is a fixed range of replicates, blocks of a cell are written in order, the goal is
judged after each, and blocks that were drawn beyond the one that reaches it are dropped.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from os import PathLike

import numpy as np
import numpy.typing as npt

from montecarlo import DEFAULT_SEED
from montecarlo.blocks import block_replicates
from montecarlo.campaign_records import CampaignCell, CampaignProgress, summarise_cell
from montecarlo.drawing import Crew
from montecarlo.planning import MEMORY_CEILING, core_seconds, simulation_memory
from montecarlo.stopping import Cell, Goal, HalfWidth, Replicates, State, goal_of
from montecarlo.store import Store, StoreError, reading, writing
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["read_campaign", "read_ranks", "run_campaign"]

_MOST_CELLS = 10_000

Sizes = tuple[int, int, int]


def run_campaign(
    n_keys: int | Iterable[int],
    head_dim: int | Iterable[int],
    *,
    store: str | PathLike[str],
    half_width: float | None = None,
    replicates: int | None = None,
    n_queries: int | None = None,
    rng: int | None = None,
    error: float | None = None,
    workers: int | Executor | None = None,
    in_flight: int | None = None,
    wait: bool = False,
    progress: Callable[[CampaignProgress], None] | None = None,
) -> tuple[CampaignCell, ...]:
    """Simulate every combination of sizes until it has what is asked for, and keep the ranks in a file.

    May be interrupted at any moment, by force too, and called again: it goes on where it stopped.

    Parameters
    ----------
    n_keys, head_dim : int or iterable of int
        At least 1 each; every one of the first is combined with every one of the second.
    store : path
        The SQLite file; begun if it does not exist.
    half_width : float
        Half-width of the interval for E[rank]/n_keys at which a setting is done, between 0 and 1.
    replicates : int
        Instead of ``half_width``: the number of matrices at which a setting is done, at least 1.
    n_queries : int, optional
        At least 1; as many as keys if omitted.
    rng : int, optional
        The seed, which must be the store's; if omitted the store's, and :data:`montecarlo.DEFAULT_SEED` for a new one.
    error : float, optional
        Probability that the interval of one setting ever excludes E[rank], which must be the store's; if omitted the
        store's, and 1e-3 for a new one. Each setting has its own: that of K of them one excludes, K times as much.
    workers : int or concurrent.futures.Executor, optional
        Threads, or an executor of the caller's (of threads, processes or other machines), which is left open; as many
        threads as this process has processors if omitted.
    in_flight : int, optional
        Blocks handed out at a time, at least 1: as many as there are threads if omitted, twice as many as this process
        has processors for an executor. It should be somewhat more than the workers of an executor.
    wait : bool
        Whether to wait while another campaign writes to the store.
    progress : callable, optional
        Called in this thread after every block.

    Returns
    -------
    tuple of CampaignCell
        The settings asked for, in ascending order of sizes. One that the store already had with more replicates than
        the goal needs is returned with all of them.

    Raises
    ------
    ValueError
        If an argument is not what is said above, or one replicate needs more than 8 GiB. Nothing is drawn then.
    StoreBusyError
        If another campaign is writing to the store and ``wait`` is false.
    StoreError
        If the store cannot be read or written, or was begun with another seed, error, or version of the streams. What
        it held before stays.
    WorkersError
        If the executor breaks, or a block fails on it again and again. What was written before stays.

    Notes
    -----
    The intervals are those of a confidence sequence, so they hold although the data decide where a setting stops. Its
    horizon (for ``half_width``, the number of replicates that a fixed formula expects; else ``replicates``) is written
    down with the first block and stays, whatever is asked for later.
    """
    goal = goal_of(replicates, half_width)
    grid = _grid(n_keys, head_dim, n_queries)
    seed = _seed(rng)
    if error is not None:
        error = check_real("error", error, above=0.0, below=1.0, remedy="give a probability, for example 1e-3")
    with Crew(workers, in_flight) as crew, writing(store, seed=seed, error=error, wait=wait) as opened:
        known = {cell.sizes: cell for cell in opened.cells()}
        cells = [known.get(sizes) or _begun(sizes, goal, opened.origin.error) for sizes in grid]
        run = _Run(opened, goal, cells, progress)
        crew.work(run, opened.origin.seed)
    return tuple(run.results[sizes] for sizes in grid)


def read_campaign(store: str | PathLike[str]) -> tuple[CampaignCell, ...]:
    """Return what a store says about every setting in it, in ascending order of sizes.

    A campaign may be writing to it meanwhile. A store of any seed can be read, and of other random streams.

    Raises
    ------
    StoreError
        If there is no store, or it is damaged, or of another schema.
    """
    with reading(store) as opened:
        found = [(cell, *opened.ranks(cell)) for cell in opened.cells()]
        origin = opened.origin
    return tuple(summarise_cell(cell, ranks, origin, versions) for cell, ranks, versions in found)


def read_ranks(
    store: str | PathLike[str], n_keys: int, head_dim: int, *, n_queries: int | None = None
) -> npt.NDArray[np.int64]:
    """Return the ranks that a store holds for one setting, in the order of the replicates.

    They are what ``sample_ranks(n_keys, head_dim, replicates, n_queries=n_queries, rng=seed)`` returns.

    Raises
    ------
    ValueError
        If a size is not a positive integer.
    StoreError
        If there is no store, or it is damaged, or of another schema, or does not have the setting.
    """
    n_keys = check_n_keys(n_keys)
    sizes = (n_keys, check_n_queries(n_queries, n_keys), check_head_dim(head_dim))
    with reading(store) as opened:
        for cell in opened.cells():
            if cell.sizes == sizes:
                return opened.ranks(cell)[0]
        raise StoreError(f"{opened.place} has nothing for (n_keys, n_queries, head_dim) = {sizes}: run a sweep over it")


class _Run:
    """The cells of one run: which block is to be drawn next, and what becomes of a block that was drawn."""

    def __init__(
        self, store: Store, goal: Goal, cells: list[Cell], progress: Callable[[CampaignProgress], None] | None
    ) -> None:
        self.results: dict[Sizes, CampaignCell] = {}
        self._store = store
        self._goal = goal
        self._progress = progress
        self._cells = cells
        self._have = {sizes: replicates for sizes, (_, replicates) in store.counts().items()}
        self._cost = {cell.sizes: core_seconds(cell.n_keys, cell.head_dim, cell.n_queries) for cell in cells}
        self._left = {cell.sizes: self._remaining(cell, cell.horizon) for cell in cells}
        self._drawn, self._seconds = 0, 0.0

    def cells(self) -> list[Cell]:
        """Return the cells in the order in which they are to be worked at."""
        return list(self._cells)

    def begin(self, cell: Cell) -> tuple[npt.NDArray[np.int64], int]:
        """Return the ranks that a cell has, and about how many it needs: no more if it is finished."""
        ranks, _ = self._store.ranks(cell)
        return ranks, self._judge(cell, ranks)

    def count(self, cell: Cell, first: int) -> int:
        """Return the replicates of the block that begins at ``first``: up to the next look, or up to the goal."""
        count = cell.block - first % cell.block
        return min(count, self._goal.replicates - first) if isinstance(self._goal, Replicates) else count

    def keep(self, cell: Cell, first: int, ranks: npt.NDArray[np.int64]) -> int:
        """Write a block, of which ``ranks`` are those of the cell so far, and return about how many it needs."""
        block = ranks[first:]
        self._store.append(cell, first, block)
        self._drawn += block.size
        self._seconds += block.size * self._cost[cell.sizes]
        needed = self._judge(cell, ranks)
        if self._progress is not None:
            self._progress(
                CampaignProgress(
                    cells_done=len(self.results),
                    cells=len(self._cells),
                    drawn=self._drawn,
                    n_keys=cell.n_keys,
                    n_queries=cell.n_queries,
                    head_dim=cell.head_dim,
                    half_width=cell.about(ranks),
                    drawn_seconds=self._seconds,
                    left_seconds=sum(self._left.values()),
                )
            )
        return needed

    def _judge(self, cell: Cell, ranks: npt.NDArray[np.int64]) -> int:
        self._have[cell.sizes] = ranks.size
        state = self._goal.state(cell, ranks)
        if state is State.UNFINISHED:
            needed = max(self._goal.expected(cell, ranks), ranks.size + 1)
            self._left[cell.sizes] = self._remaining(cell, needed)
            return needed
        versions = self._store.ranks(cell)[1]
        target = self._goal.half_width if isinstance(self._goal, HalfWidth) else None
        reached = state is State.REACHED
        self.results[cell.sizes] = summarise_cell(cell, ranks, self._store.origin, versions, target, reached=reached)
        self._left[cell.sizes] = 0.0
        return ranks.size

    def _remaining(self, cell: Cell, needed: int) -> float:
        return max(0, needed - self._have.get(cell.sizes, 0)) * self._cost[cell.sizes]


def _begun(sizes: Sizes, goal: Goal, error: float) -> Cell:
    n, m, d = sizes
    return Cell(n, m, d, error, goal.horizon(n, m, d, error), block_replicates(n, d, m))


def _grid(n_keys: object, head_dim: object, n_queries: object) -> list[Sizes]:
    """Return every combination of sizes once, in ascending order."""
    keys = [check_n_keys(n) for n in _several(n_keys)]
    dims = [check_head_dim(d) for d in _several(head_dim)]
    grid = sorted({(n, check_n_queries(n_queries, n), d) for n in keys for d in dims})
    if not 0 < len(grid) <= _MOST_CELLS:
        raise invalid(
            "(n_keys, head_dim)", f"{len(grid)} settings", f"1 to {_MOST_CELLS} settings", "choose other sizes"
        )
    for n, m, d in grid:
        memory = simulation_memory(n, d, m)
        if memory > MEMORY_CEILING:
            expected = f"a replicate of at most {MEMORY_CEILING >> 30} GiB"
            remedy = f"choose smaller sizes: this needs {memory / 2**30:.3g} GiB"
            raise invalid("(n_keys, n_queries, head_dim)", (n, m, d), expected, remedy)
    return grid


def _several(value: object) -> list[object]:
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return list(value)
    return [value]


def _seed(rng: object) -> int | None:
    if rng is None:
        return None
    if not isinstance(rng, numbers.Integral):
        raise invalid("rng", rng, "a non-negative integer", f"a store writes it down; omit it for seed {DEFAULT_SEED}")
    return check_integer("rng", rng, minimum=0, remedy="give a seed, for example 0")
