"""All mutants of steps and theorems judged in worker processes, each within a time limit that really ends.

A worker stops itself by a timer; one that does not, because it is inside a call that no signal interrupts, is killed
by the parent, which starts another that goes on after that mutant.
"""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from proofs.mutation.judge import KILLED, PASSED, SAME, UNDECIDED
from proofs.records import Step, Theorem

TIME_LIMIT, _TRUTH_LIMIT, _TRIAL_LIMIT, _GRACE, _START, _PAUSE = 2.0, 10.0, 4.0, 30.0, 120.0, 5.0
STEP, WHOLE = "step", "whole"
Unit = tuple[str, str]
"""A theorem and one of its steps, or a theorem and nothing: the mutants of the theorem itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one mutant.

    Attributes
    ----------
    theorem, step, kind, what : str
        The mutant.
    outcome : str
        ``"killed"``, ``"undecided"``, ``"accepted"`` or ``"no mutant"``.
    detail : str
        What the kernel said.
    reason : str
        Of a mutant that was not killed: why it is true, if a reason was found.
    failure : str
        Of a mutant that was not killed and has no reason: a point at which it is false, if one was found.
    points : int
        At how many points it was tried.
    claim : str
        What the mutant claims.
    seconds : float
        What the kernel needed.
    every : int
        How the mutant was sampled: one in so many of its step were looked at.
    """

    theorem: str
    step: str
    kind: str
    what: str
    outcome: str
    detail: str
    reason: str = ""
    failure: str = ""
    points: int = 0
    claim: str = ""
    seconds: float = 0.0
    every: int = 1


def units(library: Mapping[str, Theorem]) -> list[Unit]:
    """Return every step of every theorem, and every theorem; a step that two theorems share comes once."""
    found: list[Unit] = []
    seen = set()
    for theorem in library.values():
        for step in theorem.steps:
            key = _signature(theorem, step)
            if key not in seen:
                seen.add(key)
                found.append((theorem.id, step.name))
        found.append((theorem.id, ""))
    return found


def _signature(theorem: Theorem, step: Step) -> Any:
    """Return what decides the outcome of a step's mutants: the step, and the claims that they may name."""
    claims = {other.name: other.claim for other in theorem.steps}
    names = [other.name for other in theorem.steps]
    before = tuple((name, claims[name]) for name in names[: names.index(step.name)])
    return step.claim, step.rule, step.premises, str(sorted(step.args.items(), key=str)), before, theorem.assumptions


def run(
    chosen: Iterable[Unit],
    *,
    workers: int = 2,
    every: int = 1,
    report: Callable[[Unit, list[Verdict], float], None] | None = None,
) -> list[Verdict]:
    """Judge the mutants of the units, in the order of the units.

    Parameters
    ----------
    chosen : iterable of (str, str)
        From :func:`units`.
    workers : int
        How many processes.
    every : int, optional
        Of each unit only every so manieth mutant.
    report : callable, optional
        Called with each unit that is done, its verdicts and the seconds it took.
    """
    todo = list(chosen)
    found: dict[Unit, list[Verdict]] = {unit: [] for unit in todo}
    queue = list(reversed(todo))
    crew = [_Worker(every) for _ in range(max(1, min(workers, len(todo))))]
    try:
        for worker in crew:
            worker.next(queue)
        seen = time.monotonic()
        while any(worker.unit for worker in crew):
            busy = {worker.pipe: worker for worker in crew if worker.unit}
            ready = wait(list(busy), timeout=0.5)
            before, seen = seen, time.monotonic()
            for worker in crew:  # while this process is stopped, so are the others
                worker.deadline += max(0.0, seen - before - _PAUSE)
            for pipe in ready:
                worker = busy[pipe]  # type: ignore[index]
                message = worker.receive()
                if isinstance(message, Verdict) and worker.unit:
                    found[worker.unit].append(message)
                elif message is None and worker.unit:
                    if report:
                        report(worker.unit, found[worker.unit], time.monotonic() - worker.begun)
                    worker.next(queue)
            for worker in crew:
                if worker.unit and time.monotonic() > worker.deadline:
                    found[worker.unit].append(worker.give_up())
    finally:
        for worker in crew:
            worker.end()
    return [verdict for unit in todo for verdict in found[unit]]


class _Worker:
    """One process, what it works on, and until when it may be silent."""

    def __init__(self, every: int) -> None:
        self._every = every
        self.unit: Unit | None = None
        self.begun = self.deadline = 0.0
        self._done = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self.deadline = time.monotonic() + _START

    def next(self, queue: list[Unit]) -> None:
        """Take the next unit, if there is one."""
        self.unit, self._done, self.begun = (queue.pop() if queue else None), 0, time.monotonic()
        if self.unit:
            self.pipe.send((*self.unit, self._every, 0))
            self.deadline = time.monotonic() + _START

    def receive(self) -> Any:
        """Return the next verdict, or ``None`` when the unit is done."""
        try:
            message = self.pipe.recv()
        except (EOFError, OSError):  # it died: the mutant it was at is undecided
            message = self.give_up()
        self._done += isinstance(message, Verdict)
        self.deadline = time.monotonic() + TIME_LIMIT + 2 * _TRUTH_LIMIT + _GRACE
        return message

    def give_up(self) -> Verdict:
        """Kill the process and go on after the mutant at which it got stuck."""
        theorem, step = self.unit or ("", "")
        self.end()
        self._start()
        self.pipe.send((theorem, step, self._every, self._done + 1))
        self._done += 1
        return Verdict(
            theorem, step, "", f"mutant {self._done}", UNDECIDED, "the process was killed", every=self._every
        )

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    """Judge units until the pipe closes."""
    from proofs.theorems import library

    theorems = library()
    while True:
        try:
            theorem, step, every, skip = pipe.recv()
        except (EOFError, OSError):
            return
        for verdict in _of_unit(theorem, step, theorems, every, skip):
            pipe.send(verdict)
        pipe.send(None)


def _of_unit(name: str, step: str, theorems: Mapping[str, Theorem], every: int, skip: int) -> Iterator[Verdict]:
    from proofs.mutation.mutants import step_mutants, theorem_mutants

    theorem = theorems[name]
    if step:
        original = next(one for one in theorem.steps if one.name == step)
        mutants = step_mutants(theorem, original)
    else:
        mutants = theorem_mutants(theorem)
    for mutant in itertools.islice(mutants, skip * every, None, every):
        yield replace(verdict_on(mutant, theorems), every=every)


def verdict_on(mutant: Any, theorems: Mapping[str, Theorem]) -> Verdict:
    """Judge one mutant in this process, and if it was not killed, look for a reason or a refutation."""
    from proofs.mutation.judge import TimeUp, judge, limited, original_step
    from proofs.mutation.trial import leans_on, try_claim
    from proofs.mutation.truth import reason

    started = time.perf_counter()
    try:
        with limited(TIME_LIMIT):
            outcome, detail = judge(mutant, theorems)
    except TimeUp:
        outcome, detail = UNDECIDED, f"stopped after {TIME_LIMIT:g} s"
    seconds = time.perf_counter() - started
    here = (mutant.theorem, mutant.step, mutant.kind, mutant.what, outcome, detail)
    if outcome == KILLED or not isinstance(mutant.after, Step):
        return Verdict(*here, seconds=seconds)
    theorem, why, trial = theorems[mutant.theorem], "", None
    claim = mutant.after.claim
    known = proved(theorem, mutant, theorems)
    try:
        with limited(_TRUTH_LIMIT if outcome == PASSED else TIME_LIMIT):
            why = "" if outcome == SAME else reason(original_step(theorem, mutant.step), mutant, known)
    except (TimeUp, Exception):  # a search for a reason that fails has found none
        why = ""
    if not why:
        try:
            with limited(_TRIAL_LIMIT):
                trial = try_claim(claim, leans_on(theorem, mutant.step, theorems))
        except (TimeUp, Exception):
            trial = None
    failure, points = (trial.failure, trial.points) if trial else ("", 0)
    return Verdict(*here, why, failure, points, claim.text(), seconds)


def proved(theorem: Theorem, mutant: Any, theorems: Mapping[str, Theorem]) -> dict[str, Any]:
    """Return the claims a reason may use: the other steps', and the mutant's premises from elsewhere."""
    from proofs.language import All
    from proofs.literature import LITERATURE
    from proofs.model import ASSUMPTIONS

    found = {step.name: step.claim for step in theorem.steps if step.name != mutant.step}
    for premise in mutant.after.premises:
        kind, _, rest = premise.partition(":")
        owner, _, number = rest.partition("#")
        if kind == "assumption":
            owner, _, grant = rest.partition(".")
            found[premise] = ASSUMPTIONS[owner].grants[grant]
        elif kind in ("theorem", "cite"):
            claim = theorems[owner].statement if kind == "theorem" else LITERATURE[owner].claim
            found[premise] = claim.parts[int(number) - 1] if number and isinstance(claim, All) else claim
    return found


__all__ = ["KILLED", "PASSED", "SAME", "UNDECIDED", "Unit", "Verdict", "proved", "run", "units", "verdict_on"]
