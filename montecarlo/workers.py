"""Replicates in chunks, over threads or over an executor that the caller brings."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
import numpy.typing as npt

from rankbound.errors import check_integer, invalid

Progress = Callable[[int, int], None]
"""Called in the calling thread with the number of replicates that are done, and of all."""


def available_processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_chunks(
    task: Callable[..., npt.NDArray[np.int64]],
    arguments: tuple[Any, ...],
    *,
    first: int,
    replicates: int,
    chunk: int,
    workers: int | Executor | None,
    progress: Progress | None,
) -> list[npt.NDArray[np.int64]]:
    """Return ``task(*arguments, start, count, stop)`` for consecutive chunks of replicates, in order.

    Parameters
    ----------
    task : callable
        Must be picklable if ``workers`` is an executor of processes.
    arguments : tuple
        What comes before the replicates.
    first, replicates, chunk : int
        Replicates ``first`` to ``first + replicates - 1``, at most ``chunk`` of them a task.
    workers : int, Executor or None
        Threads of a pool that lives as long as this call, or the caller's executor, which is left open.
    progress : callable or None
        Called after every chunk.

    Raises
    ------
    ValueError
        If ``workers`` is neither an integer of at least 1 nor an executor.

    Notes
    -----
    Whatever ends the wait (Ctrl-C above all) cancels the chunks that have not started and sets ``stop``, which running
    threads look at between small pieces of work, so that nothing is waited for longer than that.
    """
    executor, own = _executor(workers)
    stop = np.zeros(1, np.uint8)
    futures: dict[Future[npt.NDArray[np.int64]], int] = {}
    try:
        for start in range(first, first + replicates, chunk):
            count = min(chunk, first + replicates - start)
            futures[executor.submit(task, *arguments, start, count, stop)] = count
        done = 0
        for future in as_completed(futures):
            future.result()
            done += futures[future]
            if progress is not None:
                progress(done, replicates)
        return [future.result() for future in futures]
    except BaseException:
        stop[0] = 1
        for future in futures:
            future.cancel()
        raise
    finally:
        if own:
            executor.shutdown(wait=True, cancel_futures=True)


def _executor(workers: object) -> tuple[Executor, bool]:
    """Return the executor, and whether it is ours to shut down."""
    if isinstance(workers, Executor):
        return workers, False
    if workers is None:
        return ThreadPoolExecutor(available_processors()), True
    if isinstance(workers, (bool, float, str)):
        raise invalid("workers", workers, "an integer of at least 1 or an Executor", "omit it to use every processor")
    count = check_integer("workers", workers, minimum=1, remedy="omit it to use every processor, or give an Executor")
    return ThreadPoolExecutor(count), True
