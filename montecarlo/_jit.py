"""The one place where kernels are compiled: JIT options, and what happens when the cache cannot be written.

Rules for kernels, all of them learnt from Numba's issue tracker:

* serial and ``nogil``: parallelism is threads over replicates from outside, because Numba's own parallel loops are
  neither reproducible with a seed nor cached reliably;
* a kernel calls only kernels of its own file: the cache on disk is invalidated by the time stamp of *one* source file,
  so a kernel that called into another file would keep an old copy of it after an edit;
* ``error_model="numpy"``: a test for division by zero in a loop would keep the loop from being vectorised;
* of the fast-math flags only ``contract`` (fused multiply-add, which rounds once instead of twice), and only where the
  result is a comparison of scores. Random numbers are generated without it, so that they are the same bits on every
  processor.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def _compile(function: Callable[P, R], **options: object) -> Callable[P, R]:
    settings = {"nogil": True, "error_model": "numpy", **options}
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, **settings)(function))
    except RuntimeError:  # no folder that the cache could be written to: compile in every process instead
        return cast("Callable[P, R]", numba.njit(cache=False, **settings)(function))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function``: every floating-point operation is rounded as written."""
    return _compile(function)


def contracted_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function``, letting a product and a sum become one fused multiply-add."""
    return _compile(function, fastmath={"contract"})


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a helper that kernels of the same file call; it becomes part of them and is never cached by itself."""
    return cast("Callable[P, R]", numba.njit(forceinline=True, error_model="numpy")(function))


_KERNELS = 2


def call_compiling(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function whose kernels may have to be compiled first; that they cannot be cached is not an error.

    Numba compiles a kernel, keeps it, and then writes it to the cache, so after a failed write (a full disk) the next
    call finds the kernel and goes on. ``function`` must be one that can be called again, and use two kernels at most.
    """
    for _ in range(_KERNELS):
        with contextlib.suppress(OSError):
            return function(*args, **kwargs)
    return function(*args, **kwargs)
