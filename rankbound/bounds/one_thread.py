"""Matrix products that give the same bytes whatever the number of threads.

BLAS splits a product among the threads it is given, and how it does decides how sums are rounded. The bounds hold
either way, but a number that is certified should not depend on how many processors there are: here there is one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")

_TURN = threading.RLock()  # the limit belongs to the process: two threads that set and restore it would mix it up


def one_blas_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Let BLAS use one thread while ``function`` runs; the caller's setting is restored afterwards."""

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with _TURN, _controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited


@cache
def _controller() -> ThreadpoolController:
    import scipy.linalg  # noqa: F401  # SciPy has a BLAS of its own, which is found only once it is loaded

    return ThreadpoolController()
