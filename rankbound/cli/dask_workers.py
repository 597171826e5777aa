"""An executor of Dask's, for ``rankbound sweep --dask``: processes of this machine, or workers of a cluster."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import click

from rankbound.errors import invalid

_PATIENCE = 20  # seconds until a scheduler that does not answer counts as absent


class DaskAddress(click.ParamType):  # type: ignore[type-arg]
    """``local``, or the address of a scheduler."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address, or fail with one line."""
        address = str(value)
        kind, separator, rest = address.partition("://")
        if address != "local" and not (separator and kind in ("tcp", "tls", "ucx", "ws", "wss") and rest):
            expected = "'local' or the address of a scheduler"
            self.fail(str(invalid("--dask", address, expected, "for example --dask tcp://127.0.0.1:8786")), param, ctx)
        return address


class Watched(Executor):
    """An executor of a client of Dask's whose futures fail when the scheduler is lost; they would be pending for good.

    Use as a context: watching ends with it.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)  # pure: what failed would not be tried again
        self._pending: set[Future[Any]] = set()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand a task to the cluster."""
        if self._client.status == "closed":
            raise BrokenExecutor("the scheduler is gone")
        future = self._executor.submit(task, *args, **kwargs)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop watching; the cluster is not touched."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(1.0):
            if self._client.status == "closed":  # by itself, after it has tried to connect again
                for future in list(self._pending):
                    with suppress(InvalidStateError):
                        future.set_exception(BrokenExecutor("the scheduler is gone"))


@contextmanager
def dask_executor(address: str, workers: int | None) -> Iterator[tuple[Executor, int]]:
    """Connect to a cluster, or start one of processes here, and yield its executor and a number of blocks in flight.

    Parameters
    ----------
    address : str
        ``"local"``, or the address of a scheduler.
    workers : int or None
        Processes to start for ``"local"``, of one thread each; as many as this process has processors if omitted.

    Raises
    ------
    ValueError
        If the library is not installed, or there is no scheduler at the address.
    """
    try:
        import distributed
    except ImportError:
        remedy = 'install it: pip install "rankbound[dask]"'
        raise invalid("--dask", address, "the library distributed, which is not installed", remedy) from None
    from montecarlo.workers import available_processors

    for name in list(logging.root.manager.loggerDict):  # each would comment on workers that come and go
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        place: Any = address
        if address == "local":
            place = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers or available_processors(),
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            )
        try:
            client = stack.enter_context(distributed.Client(place, timeout=_PATIENCE, set_as_default=False))
        except (OSError, ValueError) as problem:
            why = (str(problem).splitlines() or ["no answer"])[0].lower()
            expected = f"the address of a running scheduler ({why})"
            raise invalid("--dask", address, expected, "start one (dask scheduler), or give local") from None
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            remedy = f"start some: dask worker {address}"
            raise invalid("--dask", address, "a scheduler with at least one worker", remedy) from None
        threads = sum(client.nthreads().values())
        # Twice as many blocks as threads, so that none waits for this process.
        yield stack.enter_context(Watched(client)), 2 * threads
