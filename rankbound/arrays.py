"""Read an array from a file that somebody made elsewhere: NumPy's, plain text, or safetensors."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rankbound.errors import invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEPARATOR = "::"
"""Stands between the name of a file and that of an array in it: ``weights.npz::tokens``."""

_DELIMITERS = {".txt": None, ".dat": None, ".csv": ",", ".tsv": "\t"}
ENDINGS = (".npy", ".npz", ".safetensors", *_DELIMITERS)
"""What names of files may end in."""


def load_array(source: str | Path, *, name: str, ndim: int = 2, booleans: bool = False) -> NDArray[Any]:
    """Return an array of real numbers from a file.

    Parameters
    ----------
    source : str or Path
        A file that ends in .npy, .npz, .safetensors (needs ``rankbound[models]``), .txt or .dat (numbers between
        blanks), .csv or .tsv. Where a file has several arrays, ``FILE::NAME`` says which.
    name : str
        What the array is called in error messages, such as ``"P"`` or ``"--inputs"``.
    ndim : int
        How many axes it must have.
    booleans : bool
        Whether booleans are welcome too.

    Returns
    -------
    ndarray
        Of integers, floats or, where they are welcome, booleans, in the dtype of the file; not empty. NaN and
        infinities are left to the caller.

    Raises
    ------
    ValueError
        In one line: no such file, not readable, of another kind than its ending says, pickled objects (which could run
        code and are never loaded), no numbers, another number of axes, or no array of that name.
    """
    text = str(source)
    file, _, member = text.partition(SEPARATOR)
    path = Path(file)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        expected = f"a file name that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise invalid(name, text, expected, "save the array as .npy, with numpy.save")
    if not path.is_file():
        problem = "it is a folder" if path.is_dir() else "there is no such file"
        raise invalid(name, text, "a file that can be read", f"{problem}: check the path")
    try:
        array = _READERS.get(ending, _read_text)(path, member, name)
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
        raise invalid(name, text, "a file that can be read", f"{problem}: check the path") from None
    if array.dtype.kind not in ("bfiu" if booleans else "fiu") or array.size == 0:
        remedy = "give an array of numbers that is not empty" if array.size == 0 else "convert it to float64 first"
        expected = "booleans or numbers" if booleans else "integers or floats"
        raise invalid(name, text, expected, f"it has {array.dtype} of shape {array.shape}: {remedy}")
    if array.ndim != ndim:
        remedy = f"its shape is {array.shape}: take one part of it, or reshape it"
        raise invalid(name, text, f"an array with {ndim} axes", remedy)
    return array


def _read_npy(path: Path, member: str, name: str) -> NDArray[Any]:
    import numpy as np

    _refuse_member(path, member, name)
    with path.open("rb") as stream:
        try:
            return np.lib.format.read_array(stream, allow_pickle=False)
        except (ValueError, EOFError, MemoryError) as error:
            raise _unreadable(path, name, ".npy", error) from None


def _read_npz(path: Path, member: str, name: str) -> NDArray[Any]:
    import numpy as np

    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.removesuffix(".npy") for entry in archive.namelist() if entry.endswith(".npy")]
            chosen = _choose(names, member, path, name)
            with archive.open(f"{chosen}.npy") as stream:
                return np.lib.format.read_array(stream, allow_pickle=False)
    except (zipfile.BadZipFile, zlib.error, EOFError, MemoryError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, name, ".npz", error) from None
    except ValueError as error:
        if ": expected " in str(error):
            raise
        raise _unreadable(path, name, ".npz", error) from None


def _read_safetensors(path: Path, member: str, name: str) -> NDArray[Any]:
    try:
        import safetensors
    except ModuleNotFoundError:
        remedy = "pip install 'rankbound[models]', or save the array as .npy"
        raise invalid(name, str(path), "safetensors installed, to read this file", remedy) from None
    try:
        with safetensors.safe_open(path, framework="np") as archive:
            chosen = _choose(list(archive.keys()), member, path, name)
            array: NDArray[Any] = archive.get_tensor(chosen)
            return array
    except (safetensors.SafetensorError, TypeError) as error:  # TypeError: a number format that NumPy does not have
        raise _unreadable(path, name, ".safetensors", error) from None


def _read_text(path: Path, member: str, name: str) -> NDArray[Any]:
    import numpy as np

    _refuse_member(path, member, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a file is empty is said by the caller
            return np.loadtxt(path, delimiter=_DELIMITERS[path.suffix.lower()], ndmin=2, encoding="utf-8")
    except (ValueError, MemoryError) as error:
        raise _unreadable(path, name, path.suffix.lower(), error) from None


_READERS: Mapping[str, Callable[[Path, str, str], NDArray[Any]]] = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".safetensors": _read_safetensors,
}


def _choose(names: list[str], member: str, path: Path, name: str) -> str:
    """Return the array that is meant: the one with this name, or the only one."""
    if member in names:
        return member
    if not member and len(names) == 1:
        return names[0]
    found = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else "none"
    remedy = f"name one as {path.name}{SEPARATOR}NAME; there is {found}"
    shown = f"{path}{SEPARATOR}{member}" if member else str(path)
    raise invalid(name, shown, "the name of an array in the file" if member else "a file with one array", remedy)


def _refuse_member(path: Path, member: str, name: str) -> None:
    if member:
        remedy = f"a {path.suffix.lower()} file has one array only: leave {SEPARATOR}{member} out"
        raise invalid(name, f"{path}{SEPARATOR}{member}", "a file name", remedy)


def _unreadable(path: Path, name: str, kind: str, error: Exception) -> ValueError:
    said = " ".join(str(error).split())
    if "pickle" in said:
        remedy = "it has pickled objects, which could run code and are never loaded: save plain numbers"
    else:
        remedy = f"it cannot be read ({said[:100] or type(error).__name__}): save it anew"
    return invalid(name, str(path), f"an array in {kind} format", remedy)
