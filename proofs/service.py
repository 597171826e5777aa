"""Checking under a time limit that really ends: one worker process, killed when a theorem takes too long.

What the same program checked before is found on disk (:mod:`proofs.cache`); where that is everything, no worker starts.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from proofs import cache
from proofs.catalogue import known_id
from proofs.records import UNDECIDED, Derivation
from proofs.worker import BOOT
from rankbound.errors import check_real

_START_LIMIT = 60.0
"""Seconds a worker may take to import SymPy and the theorems; it takes about one."""


class _Worker:
    """One worker process and the thread that reads from it."""

    def __init__(self) -> None:
        path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - a string is what sys.path holds
        # Its own session: a Ctrl-C at the terminal reaches the parent only, which then closes the pipe.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", BOOT, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        stream = self._process.stdout
        if stream is not None:
            for line in stream:
                self._lines.put(line)
        self._lines.put(None)

    def ask(self, name: str) -> None:
        """Send an id; a worker that is gone is noticed by :meth:`answer`."""
        stream = self._process.stdin
        if stream is not None:
            try:
                stream.write(json.dumps(name) + "\n")
                stream.flush()
            except OSError:
                return

    def answer(self, limit: float) -> dict[str, Any] | None:
        """Return the next message, or ``None`` if the worker ended.

        Raises
        ------
        TimeoutError
            When ``limit`` seconds pass first.
        """
        try:
            line = self._lines.get(timeout=max(limit, 0.0))
        except queue.Empty:
            raise TimeoutError from None
        if line is None:
            return None
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:  # the last line of a worker that died while writing
            return None
        return message

    def kill(self) -> None:
        """End the process; safe to call from another thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and leave nothing behind."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # a line that the dead worker never read
                    continue


class Checks:
    """Checks under way; :func:`start_checks` makes it."""

    def __init__(
        self, ids: tuple[str, ...], time_limit: float, known: dict[str, Derivation], place: Path | None
    ) -> None:
        self._ids = ids
        self._limit = time_limit
        self._found = known
        self._place = place
        self._at: tuple[str, ...] = ()
        self._heads: dict[str, list[str]] = {}
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        self._cancelled = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        atexit.register(self.cancel)
        nothing_to_do = len(known) == len(ids)
        self._thread.start()
        if nothing_to_do:
            self._thread.join()

    def done(self) -> bool:
        """Whether :meth:`result` would return at once."""
        return not self._thread.is_alive()

    def progress(self) -> tuple[float, str]:
        """Return the share of the theorems that is done, and what is being done."""
        doing = f"{self._at[0]}: {self._at[1]}" if self._at else "starting"
        return len(self._found) / max(len(self._ids), 1), doing

    def result(self) -> dict[str, Derivation]:
        """Wait for the checks and return the derivations by id, in the order asked.

        A Ctrl-C while waiting ends the worker and goes on as ``KeyboardInterrupt``.
        """
        try:
            while self._thread.is_alive():
                self._thread.join(0.2)  # in slices, so that Ctrl-C is seen on every platform
        except BaseException:
            self.cancel()
            raise
        if self._failure is not None:
            raise self._failure
        return {name: self._found[name] for name in self._ids}

    def cancel(self) -> None:
        """Kill the worker; what was not checked yet is undecided."""
        with self._lock:
            self._cancelled = True
            if self._worker is not None:
                self._worker.kill()
        self._thread.join()
        atexit.unregister(self.cancel)

    def _run(self) -> None:
        try:
            for name in self._ids:
                if name not in self._found:
                    self._found[name] = self._one(name)
        except BaseException as error:  # handed to the thread that asks for the result
            self._failure = error
        finally:
            self._end()
            atexit.unregister(self.cancel)

    def _end(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _one(self, name: str) -> Derivation:
        try:
            worker = self._ready()
            if worker is None:
                return self._undecided(name, "the check was cancelled")
            started = time.perf_counter()
            message = self._ask(worker, name)
        except TimeoutError:
            self._end()
            return self._undecided(name, f"stopped after the time limit of {self._limit:g} s{self._where(name)}")
        except OSError as error:
            return self._undecided(name, f"the worker process could not be started: {error}")
        if message is None:
            self._end()
            ended = f"the worker process ended unexpectedly{self._where(name)}"
            return self._undecided(name, "the check was cancelled" if self._cancelled else ended)
        derivation = Derivation.from_json(message["derivation"])
        if derivation.theorem != name:
            self._end()
            return self._undecided(name, f"the worker process answered about {derivation.theorem}")
        if self._place is not None:
            cache.keep(self._place, derivation, message["program"])
        steps = tuple(
            replace(step, seconds=spent) for step, spent in zip(derivation.steps, message["seconds"], strict=True)
        )
        return replace(derivation, steps=steps, seconds=time.perf_counter() - started)

    def _ask(self, worker: _Worker, name: str) -> dict[str, Any] | None:
        """Return what the worker finds out about a theorem, and note the steps that it announces until then."""
        self._at = ()
        worker.ask(name)
        deadline = time.monotonic() + self._limit
        while True:
            message = worker.answer(deadline - time.monotonic())
            if message is None or "step" not in message:
                return message
            self._at = tuple(message["step"])

    def _where(self, name: str) -> str:
        """Say at which step the worker was."""
        if not self._at:
            return ""
        theorem, step = self._at
        return f", at step {step!r}" + (f" of {theorem}" if theorem != name else "")

    def _ready(self) -> _Worker | None:
        """Return the worker, started if need be, or ``None`` once cancelled."""
        with self._lock:
            if self._cancelled:
                return None
            if self._worker is not None:
                return self._worker
            worker = self._worker = _Worker()
        message = worker.answer(_START_LIMIT)
        if message is None:
            if self._cancelled:
                return None
            raise OSError("it ended before it was ready")
        self._heads = message["heads"]
        return worker

    def _undecided(self, name: str, detail: str) -> Derivation:
        title, prose, formal, establishes = self._heads.get(name, [name, "", "", "claim"])
        return Derivation(name, title, prose, formal, establishes, UNDECIDED, detail, (), ())


def start_checks(ids: Iterable[str], *, time_limit: float, anew: bool = False) -> Checks:
    """Begin to check theorems in one worker process and return at once.

    Parameters
    ----------
    ids : iterable of str
        Ids of theorems; repeated ones count once.
    time_limit : float
        Seconds for one theorem with the theorems it leans on that were not checked before, not counting the start of
        the worker. When they pass the worker is killed, the theorem is undecided, and a new worker goes on.
    anew : bool, optional
        Check even what the same program checked before. Outcomes are kept for the next time in any case, unless the
        cache is switched off (:func:`rankbound.cache_store.disabled`), which is looked up in the calling thread.

    Returns
    -------
    Checks
        With ``result()``, which waits, ``done()``, ``progress()`` and ``cancel()``.

    Raises
    ------
    ValueError
        If an id is unknown or the limit is no positive number.
    """
    limit = check_real(
        "time_limit", time_limit, above=0.0, below=86400.0, remedy="give the seconds one theorem may take"
    )
    given = (ids,) if isinstance(ids, str) else tuple(ids)
    names = tuple(dict.fromkeys(known_id(name) for name in given))
    place = cache.place()
    recalled = {} if anew or place is None else {name: cache.recall(place, name) for name in names}
    known = {name: derivation for name, derivation in recalled.items() if derivation is not None}
    return Checks(names, limit, known, place)


def check_all(ids: Iterable[str], *, time_limit: float, anew: bool = False) -> dict[str, Derivation]:
    """Check theorems in one worker process, each under a time limit, and return the derivations by id.

    See :func:`start_checks` for the parameters; this waits for the result.
    """
    return start_checks(ids, time_limit=time_limit, anew=anew).result()
