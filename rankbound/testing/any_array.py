"""Read an array of any framework as NumPy's, without importing that framework.

What an array offers decides: tensors of PyTorch are detached from the graph and copied to the CPU by their own methods,
everything else speaks through ``__array__`` or DLPack. Floats of 16 bits and fewer that NumPy lacks are widened, which
changes no value; how precisely they are known is kept beside them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rankbound.errors import invalid

__all__ = ["Given", "read_array", "read_matrices"]

_NARROW = {
    "bfloat16": 2.0**-7,
    "float8_e3m4": 2.0**-4,
    "float8_e4m3": 2.0**-3,
    "float8_e4m3b11fnuz": 2.0**-3,
    "float8_e4m3fn": 2.0**-3,
    "float8_e4m3fnuz": 2.0**-3,
    "float8_e5m2": 2.0**-2,
    "float8_e5m2fnuz": 2.0**-2,
}
"""Floats that NumPy lacks, and the distance from 1 to the next one."""

_ON_THE_CPU = 1
"""As DLPack numbers devices."""

_SHORT = ("int2", "int4", "uint2", "uint4")
"""Integers that NumPy lacks."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What was given.

    Attributes
    ----------
    array : ndarray
        Of booleans, integers, floats or, where they are welcome, objects. Not empty.
    precision : float
        Distance from 1 to the next number of the type that was given; 0 for what is exact.
    """

    array: npt.NDArray[Any]
    precision: float


def read_array(name: str, value: object, *, objects: bool = False) -> Given:
    """Return an array of real numbers, whoever made it.

    Parameters
    ----------
    name : str
        What it is called in error messages.
    value : array
        Of NumPy, PyTorch, JAX, CuPy or any library whose arrays have ``__array__`` or ``__dlpack__``, wherever they
        live; numbers in nested lists, and lists of such arrays.
    objects : bool
        Whether Python objects (fractions, say) are welcome.

    Raises
    ------
    ValueError
        In one line: nothing that can be read, no numbers, complex numbers, masked entries, or no entry.
    """
    given = _read(name, value)
    _check(name, value, given.array, objects)
    return given


def read_matrices(name: str, value: object) -> npt.NDArray[Any]:
    """Return matrices, the last two axes of an array of real numbers; raise ``ValueError`` if there are fewer."""
    array = read_array(name, value).array
    if array.ndim < 2:
        remedy = "the last two axes are queries and keys; put batch and heads before them"
        raise invalid(f"{name}.shape", array.shape, "at least two axes", remedy)
    return array


def _check(name: str, value: object, array: npt.NDArray[Any], objects: bool) -> None:
    if array.dtype.kind not in ("biufO" if objects else "biuf"):
        remedy = {
            "c": "take the real part",
            "O": f"a {_described(value)} is no array of numbers: convert it to one (sparse ones to dense)",
        }.get(array.dtype.kind, "convert the entries to float64")
        raise invalid(f"{name}.dtype", str(array.dtype), "real numbers", remedy)
    if array.size == 0:
        raise invalid(f"{name}.shape", array.shape, "at least one entry", "give an array that is not empty")


def _read(name: str, value: object) -> Given:
    if isinstance(value, np.ma.MaskedArray):
        raise invalid(name, _described(value), "an array without masked entries", "fill them first")
    if isinstance(value, (list, tuple)):
        parts = [_read(name, part) for part in value] if _holds_arrays(value) else []
        try:
            whole = _widened(np.asarray([part.array for part in parts] if parts else value))
        except ValueError:
            raise invalid(name, value, "an array", "give rows, and matrices, of equal length") from None
        return Given(whole.array, max([whole.precision, *(part.precision for part in parts)]))
    if not isinstance(value, np.ndarray) and (hasattr(value, "__array__") or hasattr(value, "__dlpack__")):
        return _from_framework(name, value)
    return _widened(np.asarray(value))


def _widened(array: npt.NDArray[Any]) -> Given:
    """Return an array in a type of NumPy's own, as JAX has others, with its precision."""
    kind = array.dtype.name
    if kind in _NARROW:
        return Given(array.astype(np.float32), _NARROW[kind])
    if kind in _SHORT:
        return Given(array.astype(np.int8), 0.0)
    return Given(array, float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0)


def _holds_arrays(value: object) -> bool:
    """Whether the first thing that is no list is an array of some framework."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return hasattr(value, "__dlpack__") or (hasattr(value, "__array__") and not isinstance(value, np.generic))


def _from_framework(name: str, value: Any) -> Given:
    array = value
    try:
        for step in ("detach", "resolve_neg", "cpu"):  # of PyTorch: out of the graph, with its sign, to the CPU
            array = getattr(array, step)() if callable(getattr(array, step, None)) else array
        kind = str(getattr(array, "dtype", "")).rpartition(".")[2]  # "bfloat16" for torch.bfloat16
        if kind in _NARROW and callable(getattr(array, "float", None)):
            return Given(_through_protocol(array.float()), _NARROW[kind])
        return _widened(_through_protocol(array))
    except Exception as error:  # whatever a framework raises: it is said in one line
        said = " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__
        remedy = f"{said}; copy it to the CPU, as a dense array of numbers, outside of compiled functions"
        raise invalid(name, _described(value), "an array that can be read on the CPU", remedy) from None


def _through_protocol(array: Any) -> npt.NDArray[Any]:
    if not hasattr(array, "__array__"):
        return np.from_dlpack(array, device="cpu")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of how a framework implements __array__
            return np.asarray(array)
    except Exception:
        if not hasattr(array, "__dlpack__") or array.__dlpack_device__()[0] == _ON_THE_CPU:
            raise  # as a fake or a masked tensor does: its memory does not hold its entries
        return np.from_dlpack(array, device="cpu")  # CuPy refuses __array__, and copies through DLPack


def _described(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
