"""Hardmax has a single 1 in every row, and else 0; what has not is likely to be something else, which is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from rankbound.testing.any_array import read_matrices
from rankbound.testing.failures import failed, shown_place, shown_row

__all__ = ["assert_hardmax", "check_hardmax"]

_ABOUT = 0.02  # how far a sum may be from 1, in any precision, to be told from one that is not meant to be 1


def assert_hardmax(matrix: object, *, seed: object = None) -> None:
    """Assert that every row of attention has a single 1 and else 0.

    Parameters
    ----------
    matrix : array (..., n_queries, n_keys)
        Of any framework, real numbers or booleans; batch and head axes may come first.
    seed : object, optional
        What the matrix was drawn with: a failure shows it.

    Raises
    ------
    AssertionError
        Which row is the first that is not hardmax, what it holds, how many there are, and the likely cause: normalised
        over the wrong axis, a mask that leaves a query no key, ties, dropout, softmax instead of hardmax, or scores.
    ValueError
        If it is no array of real numbers with two axes at least.
    """
    __tracebackhide__ = True
    check_hardmax(read_matrices("matrix", matrix), "assert_hardmax", name="matrix", seed=seed)


def check_hardmax(array: npt.NDArray[Any], assertion: str, *, name: str, seed: object) -> None:
    """Do what :func:`assert_hardmax` does, under the name of another assertion."""
    __tracebackhide__ = True
    ones = (array == 1).sum(axis=-1)
    wrong = (ones != 1) | (((array != 0) & (array != 1)).any(axis=-1))
    if not wrong.any():
        return
    where = tuple(np.argwhere(wrong)[0])
    row = array[where]
    matrix = shown_place(name, where[:-1])
    lines = {
        "measured": f"{shown_row(row)}, with {int(ones[where])} of {row.size} entries 1 and a sum of {_sum(row):.4g}",
        "bound": "a single 1, and else 0",
        "wrong rows": f"{int(wrong.sum())} of {wrong.size}",
        "likely cause": likely_cause(array, row),
        "inspect": f"print({shown_place(name, where)})",
    }
    raise failed(assertion, f"row {int(where[-1])} of {matrix} is not hardmax", lines, seed=seed)


def likely_cause(array: npt.NDArray[Any], row: npt.NDArray[Any]) -> str:
    """Return what makes a row like this one, in an array like this one."""
    values = row.astype(np.float64)
    if np.isnan(values).any():
        return (
            "a mask that leaves this query no key (the softmax of nothing but -inf is NaN), or exp beyond all floats"
            if np.isnan(values).all()
            else "NaN among the scores, or exp beyond all floats: take the largest score of a row from the others first"
        )
    if np.isinf(values).any():
        return "scores with their mask, or an overflow: nothing has been normalised"
    axis = _normalised_axis(array)
    if axis is not None:
        meant = "the queries" if axis == -2 else "a batch or head axis"
        return (
            f"softmax over the wrong axis: entries sum to 1 along axis {axis}, {meant}, and not along the keys, axis -1"
        )
    used = values[values != 0]
    if used.size == 0:
        return (
            "a mask that leaves this query no key, or comes after the softmax; in a part of a matrix, a mask that lets "
            "it look elsewhere; or a row that was never filled"
        )
    if (used < 0).any():
        return "scores, not attention: some are negative, so nothing has been normalised"
    total, even = _sum(row), bool((used == used[0]).all())
    if even and used.size > 1 and (used[0] == 1 or abs(total - 1) <= _ABOUT):
        share = "each is marked" if used[0] == 1 else "they share the row"
        return f"ties: {used.size} keys have the largest score, and {share}; take one of them, as argmax does"
    if used.size == 1:
        return f"scaled by {used[0]:.4g}, as dropout does (by 1/(1 - p)): test in evaluation mode"
    if abs(total - 1) <= _ABOUT:
        return "softmax, not hardmax: at any temperature above 0 it only comes near; take the argmax of each row"
    return "scores, not attention: the row does not sum to 1"


def _normalised_axis(array: npt.NDArray[Any]) -> int | None:
    """Return the axis along which entries sum to 1 where they do not along the last one; None if there is none.

    A single sum says nothing: that of two heads, one row and one key is 1 easily.
    """
    sums = {axis: _sum(array, axis) for axis in range(-1, -array.ndim - 1, -1)}
    found = [axis for axis, total in sums.items() if (np.abs(total - 1.0) <= _ABOUT).all()]
    return next((axis for axis in found if sums[axis].size > 1), None) if -1 not in found else None


def _sum(array: npt.NDArray[Any], axis: int | None = None) -> Any:
    with np.errstate(all="ignore"):  # infinities of both signs
        return array.sum(axis=axis, dtype=np.float64)
