"""What is given: an attention matrix and inputs, checked, and turned into the convention of columns.

In the convention ``"columns"`` a query is a column: inputs are ``embed_dim x n`` and attention is column-stochastic.
In the convention ``"rows"``, PyTorch's, both are transposed. The weights are the same in either.
"""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rankbound.errors import invalid

Convention = Literal["columns", "rows"]
Matrix = NDArray[np.float64]

CONVENTIONS: tuple[Convention, ...] = ("columns", "rows")

_COARSE = 1 / 16
"""Sums further from 1 than this need more than that rounding could explain it: that those across are no better."""


@dataclass(frozen=True, slots=True, eq=False)
class AttentionMatrix:
    """A positive column-stochastic matrix.

    Attributes
    ----------
    floats : ndarray of shape (n, n)
        The matrix in float64.
    exact : tuple of tuples of Fraction, or None
        Where rationals were given: positive numbers that are the matrix up to a positive factor for each column.
    precision : float
        How precisely the entries are known, relatively: the unit of the given dtype, 0 for rationals.
    """

    floats: Matrix
    exact: tuple[tuple[Fraction, ...], ...] | None
    precision: float

    @property
    def n(self) -> int:
        """Number of tokens."""
        return len(self.floats)


def check_convention(value: object) -> Convention:
    """Return the convention, or raise the ``ValueError`` that names the two there are."""
    for known in CONVENTIONS:
        if value == known:
            return known
    remedy = 'take "columns" where each column sums to 1 (the paper), "rows" where each row does (PyTorch)'
    raise invalid("convention", value, '"columns" or "rows"', remedy)


def read_attention(values: ArrayLike, convention: Convention, *, precision: float = 0.0) -> AttentionMatrix:
    """Check a positive stochastic matrix and return it in the convention of columns.

    Parameters
    ----------
    values : array_like of shape (n, n)
        Floats, or ``Fraction``: each column (row) sums to 1, floats up to rounding. Or integers: positive counts, each
        column (row) of which is divided by its sum.
    convention : {"columns", "rows"}
        What sums to 1.
    precision : float
        How precisely floats are known, relatively, where that is less than their dtype says: they were converted.
    """
    given = _square(values)
    if convention == "rows":
        given = given.T
    if given.dtype.kind in "iuO":
        return _read_exact(given, convention)
    precision = max(float(np.finfo(given.dtype).eps), float(np.finfo(np.float64).eps), precision)
    floats = np.array(given, dtype=np.float64, order="C")
    _check_positive(floats, convention)
    _check_sums(floats, precision, convention)
    return AttentionMatrix(floats, None, precision)


def read_inputs(values: ArrayLike | None, n: int, convention: Convention) -> Matrix | None:
    """Check inputs for ``n`` tokens and return them as ``embed_dim x n``; ``None`` (the identity) stays.

    That their columns are linearly independent is left to whoever factorises them.
    """
    if values is None:
        return None
    given = _array("X", values)
    if given.dtype.kind not in "fiu" or given.ndim != 2 or given.size == 0:
        remedy = 'give embed_dim x n numbers for convention="columns", n x embed_dim for "rows"'
        raise invalid("X", _described(given), "a matrix of real numbers", remedy)
    inputs = np.array(given.T if convention == "rows" else given, dtype=np.float64)
    embed_dim, columns = inputs.shape
    shape = "embed_dim x n" if convention == "columns" else "n x embed_dim"
    if columns != n:
        remedy = "transpose it, or pass the other convention" if embed_dim == n else "give one token for each"
        raise invalid("X", _described(given), f"{shape} with n = {n}, as P has it", remedy)
    if not np.isfinite(inputs).all():
        place = _place(np.argwhere(~np.isfinite(inputs))[0], convention)
        raise invalid(f"X{place}", float(inputs[~np.isfinite(inputs)][0]), "a finite number", "mend the inputs")
    if embed_dim < n:
        remedy = (
            f"{n} vectors of {embed_dim} numbers are linearly dependent, whatever they are: widen the embedding to at "
            f"least {n}, or take at most {embed_dim} tokens"
        )
        raise invalid("embed_dim", embed_dim, f"at least n = {n} (X must have linearly independent tokens)", remedy)
    return inputs


def _array(name: str, values: object) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except ValueError:
        raise invalid(name, values, "a matrix", "give rows of the same length") from None


def _square(values: ArrayLike) -> NDArray[Any]:
    given = _array("P", values)
    if given.dtype.kind == "f" and not hasattr(values, "dtype"):
        # NumPy makes floats of whole numbers of which some fit int64 only and others uint64 only: counts stay exact.
        whole = np.asarray(values, dtype=object)
        if all(isinstance(value, numbers.Integral) for value in whole.flat):
            given = whole
    if given.ndim != 2 or given.shape[0] != given.shape[1] or given.size == 0:
        raise invalid("P", _described(given), "a square matrix, n x n", "give one attention matrix")
    if given.dtype.kind not in "fiuO":
        raise invalid("P", _described(given), "floats, fractions or integer counts", "convert it first")
    return given


def _described(given: NDArray[Any]) -> str:
    return f"{given.dtype} of shape {given.shape}"


def _read_exact(given: NDArray[Any], convention: Convention) -> AttentionMatrix:
    """Take integers as counts, and fractions as they are."""
    entries = [list(row) for row in given.tolist()]
    for i, row in enumerate(entries):
        for j, value in enumerate(row):
            if isinstance(value, bool) or not isinstance(value, numbers.Rational):
                place = _place((i, j), convention)
                raise invalid(f"P{place}", value, "a Fraction or an integer", "give floats only, or rationals only")
            if value <= 0:
                raise _not_positive(value, (i, j), convention)
    exact = tuple(tuple(Fraction(value) for value in row) for row in entries)
    sums = [sum(column, Fraction(0)) for column in zip(*exact, strict=True)]
    if any(value.denominator != 1 for row in exact for value in row):
        if any(total != 1 for total in sums) and all(sum(row) == 1 for row in exact):
            raise _other_way_round(convention)
        for j, total in enumerate(sums):
            if total != 1:
                raise _wrong_sum(str(total), j, convention)
    floats = np.array([[float(value / total) for value, total in zip(row, sums, strict=True)] for row in exact])
    _check_positive(floats, convention)  # a fraction may be too small for a float
    return AttentionMatrix(floats, exact, 0.0)


def _check_positive(floats: Matrix, convention: Convention) -> None:
    bad = ~(np.isfinite(floats) & (floats > 0))
    if not bad.any():
        return
    place = tuple(np.argwhere(bad)[0])
    value = float(floats[place])
    if np.isfinite(value):
        raise _not_positive(value, place, convention)
    raise invalid(f"P{_place(place, convention)}", value, "a positive number", "mend the matrix")


def _check_sums(floats: Matrix, precision: float, convention: Convention) -> None:
    """Check that each column sums to 1, up to the rounding of a softmax at the given precision."""
    allowed = (len(floats) + 4) * precision
    off = np.abs(floats.sum(axis=0) - 1)
    across = float(np.abs(floats.sum(axis=1) - 1).max())
    if off.max() <= allowed and not off.max() > max(_COARSE, 8.0 * across, 8.0 * precision):
        return
    if across <= allowed:
        raise _other_way_round(convention)
    worst = int(off.argmax())
    raise _wrong_sum(repr(float(floats[:, worst].sum())), worst, convention)


def _line(convention: Convention) -> str:
    return "column" if convention == "columns" else "row"


def _place(index: Any, convention: Convention) -> str:
    i, j = (int(k) for k in (index if convention == "columns" else tuple(index)[::-1]))
    return f"[{i}, {j}]"


def _not_positive(value: object, index: Any, convention: Convention) -> ValueError:
    remedy = "softmax gives no zeros and nothing negative: smooth the matrix first, or leave masked tokens out"
    return invalid(f"P{_place(index, convention)}", value, "a positive number", remedy)


def _wrong_sum(total: str, index: int, convention: Convention) -> ValueError:
    line = _line(convention)
    return ValueError(f"sum of {line} {index} of P = {total}: expected 1; divide each {line} by its sum")


def _other_way_round(convention: Convention) -> ValueError:
    mine, other = ("columns", "rows") if convention == "columns" else ("rows", "columns")
    return ValueError(
        f'P = a matrix whose {other} sum to 1: expected {mine} that do; pass convention="{other}", or transpose it'
    )
