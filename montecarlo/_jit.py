"""The one place where kernels are compiled: JIT options, and what happens when the cache cannot be written.

Rules for kernels, all of them learnt from Numba's issue tracker:

* serial and ``nogil``: parallelism is threads over replicates from outside, because Numba's own parallel loops are
  neither reproducible with a seed nor cached reliably;
* a kernel calls only kernels of its own file: the cache on disk is invalidated by the time stamp of *one* source file,
  so a kernel that called into another file would keep an old copy of it after an edit. What kernels do take from other
  files (the intrinsics here and in ``microkernel.py``, the constants of ``tiling.py``) is compiled into them: touch the
  files of the kernels after changing it;
* ``error_model="numpy"``: a test for division by zero in a loop would keep the loop from being vectorised;
* no fast-math flags: where a product and a sum are to be rounded once, :func:`fused` says so, and every processor
  gives the same bits;
* :func:`wide_vectors` at the top of a kernel whose loops gain from vectors of 512 bits, which LLVM shuns unless asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import llvmlite.ir as ir
import numba
from numba.core import types
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")


def _compile(function: Callable[P, R], **options: object) -> Callable[P, R]:
    if numba.config.DISABLE_JIT:
        raise RuntimeError("NUMBA_DISABLE_JIT = 1: expected 0, as kernels are vector instructions in part; unset it")
    settings = {"nogil": True, "error_model": "numpy", **options}
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, **settings)(function))
    except RuntimeError:  # no folder that the cache could be written to: compile in every process instead
        return cast("Callable[P, R]", numba.njit(cache=False, **settings)(function))


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function``: every floating-point operation is rounded as written."""
    return _compile(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a helper that kernels of the same file call; it becomes part of them and is never cached by itself."""
    return cast("Callable[P, R]", numba.njit(forceinline=True, error_model="numpy")(function))


@intrinsic  # type: ignore[untyped-decorator]
def wide_vectors(typing_context: Any) -> Any:
    """Let LLVM use vectors of 512 bits in the function that calls this, where the processor has them.

    For its tuning of recent Intel processors LLVM stops at 256 bits, because the first ones with wider vectors lowered
    their clock for them; the attribute is the one that Clang writes for ``-mprefer-vector-width=512``.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # ``set.add``: llvmlite's own ``add`` knows no attributes with a value.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic  # type: ignore[untyped-decorator]
def fused(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return ``a * b + c`` in float64, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@intrinsic  # type: ignore[untyped-decorator]
def square_root(typing_context: Any, a: Any) -> Any:
    """Return the square root of a float64 that is not negative, in a way that leaves loops vectorisable."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = builder.module.declare_intrinsic("llvm.sqrt", [ir.DoubleType()])
        return builder.call(function, arguments)

    return types.float64(types.float64), generate


_KERNELS = 4


def call_compiling(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function whose kernels may have to be compiled first; that they cannot be cached is not an error.

    Numba compiles a kernel, keeps it, and then writes it to the cache, so after a failed write (a full disk) the next
    call finds the kernel and goes on. ``function`` must be one that can be called again, and use four kernels at most.
    """
    for _ in range(_KERNELS):
        with contextlib.suppress(OSError):
            return function(*args, **kwargs)
    return function(*args, **kwargs)
