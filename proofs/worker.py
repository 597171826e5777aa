"""The process that checks theorems: ids arrive as JSON lines on stdin, derivations leave as JSON lines on stdout.

Each step is announced before it is checked. The process ends when its stdin closes, in the middle of a check if need
be, so it cannot outlive the process that started it.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proofs import cache  # before the rules and theorems are loaded: it notes the state of the sources
from proofs.records import Derivation, Step, Theorem

BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from proofs.worker import main; main()"
"""What the interpreter runs: the parent's search path first, so that the same ``proofs`` is found."""


def main() -> None:
    """Serve until stdin closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; it closes the pipe
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()

    from proofs.kernel import check
    from proofs.theorems import library

    theorems = {name: _announced(theorem) for name, theorem in library().items()}
    done: dict[str, Derivation] = {}
    heads = {
        theorem.id: [theorem.title, theorem.prose, theorem.statement.text(), theorem.establishes]
        for theorem in theorems.values()
    }
    _say({"heads": heads})
    while True:
        name = asked.get()
        derivation = done[name] if name in done else check(theorems[name], theorems, done=done)
        _say(
            {
                "derivation": derivation.to_json(),
                "seconds": [step.seconds for step in derivation.steps],
                "program": cache.program(),
            }
        )


class _Announced(tuple[Step, ...]):
    """Steps of a theorem, each of which is announced when it is its turn."""

    theorem: str

    def __iter__(self) -> Iterator[Step]:
        for step in super().__iter__():
            _say({"step": [self.theorem, step.name]})
            yield step


def _announced(theorem: Theorem) -> Theorem:
    steps = _Announced(theorem.steps)
    steps.theorem = theorem.id
    return replace(theorem, steps=steps)


def _listen(asked: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        asked.put(json.loads(line))
    os._exit(0)


def _say(message: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except OSError:  # nobody listens any more
        os._exit(0)
