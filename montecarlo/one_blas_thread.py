"""One BLAS thread while a task runs: the parallelism is over replicates, and a number must not depend on the threads.

BLAS splits a product among the threads it is given, and how it does decides how sums are rounded. The limit belongs to
the process, and OpenBLAS 0.3.31 was seen to ignore threads that set it after another did, so the thread that hands out
the tasks goes inside before they do and leaves after them; a task in another process sets its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

__all__ = ["one_blas_thread"]

_turn = threading.Lock()
_inside: list[Any] = []
"""What the first of the threads that are inside has set, for the last one to restore."""

_count = [0]


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let BLAS use one thread while any thread is inside; the caller's setting is restored when the last has left."""
    with _turn:
        if _count[0] == 0:
            _inside.append(_controller().limit(limits=1, user_api="blas"))
        _count[0] += 1
    try:
        yield
    finally:
        with _turn:
            _count[0] -= 1
            if _count[0] == 0:
                _inside.pop().restore_original_limits()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks for the libraries that NumPy has loaded
