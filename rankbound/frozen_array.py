"""An array that cannot change, known by its content: what a frozen setting keeps of an array of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["FrozenArray"]


class FrozenArray:
    """A read-only copy of an array; equal to another one, and hashed, by type, shape and content.

    Attributes
    ----------
    array : array
        Read-only, in C order.
    sha256 : str
        Hexadecimal digest of the content, little-endian, in C order.
    """

    __slots__ = ("array", "sha256")

    array: npt.NDArray[Any]
    sha256: str

    def __init__(self, array: npt.NDArray[Any]) -> None:
        import hashlib

        import numpy as np

        copy: npt.NDArray[Any] = np.array(array, order="C")
        copy.setflags(write=False)
        little = copy.astype(copy.dtype.newbyteorder("<"), copy=False)
        object.__setattr__(self, "array", copy)
        object.__setattr__(self, "sha256", hashlib.sha256(little.tobytes()).hexdigest())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a FrozenArray does not change: {name} cannot be set")

    def __reduce__(self) -> tuple[type[FrozenArray], tuple[npt.NDArray[Any]]]:
        return FrozenArray, (self.array,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FrozenArray) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.sha256, self.array.shape, str(self.array.dtype)))

    def __repr__(self) -> str:
        return f"FrozenArray({self.array.dtype}, shape {self.array.shape}, sha256 {self.sha256[:12]})"

    def to_dict(self) -> dict[str, Any]:
        """Return type, shape and digest: what a document says of an array instead of its content."""
        return {"sha256": self.sha256, "shape": list(self.array.shape), "dtype": str(self.array.dtype)}


def frozen_matrix(name: str, value: Any, shape: tuple[int | None, int | None], *, boolean: bool) -> FrozenArray:
    """Return ``value`` as a frozen float64 or boolean matrix, or raise the ``ValueError`` that says why it is none.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    value : array-like
        Anything NumPy makes a matrix of; a boolean one may be given as integers that are 0 or 1.
    shape : tuple
        Rows and columns that it must have; None leaves one free.
    boolean : bool
        Whether it must be boolean; else it must have finite real entries.
    """
    import numpy as np

    from rankbound.errors import invalid

    if isinstance(value, FrozenArray):
        value = value.array
    try:
        given = np.asarray(value)
    except ValueError:
        raise invalid(name, value, "a matrix", "give rows of equal length") from None
    if given.ndim != 2 or given.size == 0:
        raise invalid(f"{name}.shape", given.shape, "a matrix with an entry", "give one row a vector")
    wanted = tuple(here if here is not None else is_ for here, is_ in zip(shape, given.shape, strict=True))
    if given.shape != wanted:
        raise invalid(f"{name}.shape", given.shape, f"{wanted}", "give as many rows and columns as the setting says")
    if boolean:
        return FrozenArray(_boolean(name, given))
    if given.dtype.kind not in "biuf":
        raise invalid(f"{name}.dtype", str(given.dtype), "real numbers", "convert the entries to float64")
    with np.errstate(over="ignore"):
        matrix = given.astype(np.float64)
    bad = np.argwhere(~np.isfinite(matrix))
    if bad.size:
        row, column = (int(i) for i in bad[0])
        found = float(matrix[row, column])
        raise invalid(f"{name}[{row}, {column}]", found, "finite entries", "remove or replace NaN and infinite entries")
    return FrozenArray(matrix)


def _boolean(name: str, given: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    import numpy as np

    from rankbound.errors import invalid

    if given.dtype.kind not in "biu" or not np.isin(given, (0, 1)).all():
        remedy = "give True where a query sees a key; an additive mask of 0 and -inf is compared with 0 first"
        raise invalid(f"{name}.dtype", str(given.dtype), "booleans", remedy)
    return given.astype(np.bool_)
