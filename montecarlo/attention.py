"""Hardmax attention of given queries and keys: which key each query picks, ties, and the rank; exact."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from montecarlo._jit import call_compiling
from montecarlo.exact import best_keys
from montecarlo.layout import Floats, Integers, Layout, packed
from montecarlo.regions import worth_pruning
from montecarlo.scan import UNRESOLVED, Scratch, scan
from montecarlo.tiling import MOST_KEYS
from rankbound.errors import invalid

__all__ = ["hardmax", "hardmax_rank"]


def _checked(name: str, value: npt.ArrayLike) -> Floats:
    """Return ``value`` as a float64 matrix with finite entries, or raise the ``ValueError`` that says why not."""
    remedy = "give one row a vector and one column a component"
    try:
        given = np.asarray(value)
    except ValueError:
        raise invalid(name, value, "a matrix", "give rows of equal length") from None
    if given.ndim != 2:
        raise invalid(f"{name}.ndim", given.ndim, "2", remedy)
    if given.size == 0:
        raise invalid(f"{name}.shape", given.shape, "at least one row and one column", remedy)
    if given.dtype.kind not in "iuf":
        raise invalid(f"{name}.dtype", str(given.dtype), "real numbers", "convert the entries to float64")
    with np.errstate(over="ignore"):  # of a wider type, reported below
        matrix = given.astype(np.float64)
    if not np.isfinite(matrix).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(matrix))[0])
        found = float(matrix[row, column])
        raise invalid(f"{name}[{row}, {column}]", found, "finite entries", "remove or replace NaN and infinite entries")
    return matrix


def _scaled(matrix: Floats, largest: Floats) -> Floats:
    """Return ``matrix`` times the power of two that brings ``largest`` between 1/2 and 1; zero stays zero."""
    exponents = np.frexp(largest)[1]
    with np.errstate(under="ignore"):
        return np.ldexp(matrix, -exponents)


def _choose(queries: npt.ArrayLike, keys: npt.ArrayLike) -> tuple[Integers, int]:
    """Return each query's key, and the number of queries for which more than one key is best."""
    q, k = _checked("queries", queries), _checked("keys", keys)
    (n_queries, head_dim), n_keys = q.shape, k.shape[0]
    if k.shape[1] != head_dim:
        remedy = "queries and keys must have one head_dim"
        raise invalid("keys.shape", k.shape, f"{head_dim} columns, as queries have", remedy)
    if n_keys > MOST_KEYS:
        raise invalid("keys.shape", k.shape, f"at most {MOST_KEYS} rows", "split the keys")
    layout = Layout.of(n_queries, n_keys, head_dim)
    # Powers of two change no comparison, and nothing overflows: one for each query, and one for all keys.
    scaled_queries = packed(_scaled(q, np.abs(q).max(axis=1, keepdims=True)), layout.queries)
    scaled_keys = packed(_scaled(k, np.abs(k).max()), layout.keys)
    choices, ranks = np.empty((1, n_queries), np.int64), np.empty(1, np.int64)
    call_compiling(
        scan,
        scaled_queries[np.newaxis],
        scaled_keys[np.newaxis],
        layout.queries.table,
        layout.keys.table,
        n_queries,
        n_keys,
        worth_pruning(n_keys, head_dim),
        *Scratch(layout).arrays(),
        np.zeros(1, np.uint8),
        choices,
        ranks,
    )
    ties = 0
    for query in np.flatnonzero(choices[0] == UNRESOLVED).tolist():
        best = best_keys(q[query], k)
        choices[0, query] = best[0]
        ties += len(best) > 1
    return choices[0], ties


@overload
def hardmax(queries: npt.ArrayLike, keys: npt.ArrayLike, *, return_ties: Literal[False] = False) -> Integers: ...


@overload
def hardmax(queries: npt.ArrayLike, keys: npt.ArrayLike, *, return_ties: Literal[True]) -> tuple[Integers, int]: ...


def hardmax(
    queries: npt.ArrayLike, keys: npt.ArrayLike, *, return_ties: bool = False
) -> Integers | tuple[Integers, int]:
    """Return, for every query, the index of the key with the largest score.

    Exact for the numbers given, once they are float64: scores are compared as in exact arithmetic, whatever their
    size. They are formed in single precision first and again, in float64 and then exactly, where a proved bound on the
    rounding error leaves a doubt.

    Parameters
    ----------
    queries : array (n_queries, head_dim)
        Finite real numbers; other types than float64 are converted to it first.
    keys : array (n_keys, head_dim)
        Likewise.
    return_ties : bool
        Whether to return the number of ties too.

    Returns
    -------
    int64 array (n_queries,)
        ``argmax_j queries[i] . keys[j]``, the lowest index among equal scores.
    int
        Only with ``return_ties``: the number of queries whose largest score is attained by more than one key.

    Raises
    ------
    ValueError
        If an array is not a non-empty matrix of finite real numbers, or if the head dimensions differ.
    """
    choices, ties = _choose(queries, keys)
    return (choices, ties) if return_ties else choices


def hardmax_rank(queries: npt.ArrayLike, keys: npt.ArrayLike) -> int:
    """Return the rank of the hardmax attention matrix of ``queries`` and ``keys``, exactly.

    Every row of that matrix has a single one, so its rank is the number of its non-zero columns: the number of
    distinct keys that :func:`hardmax` returns. Arguments and errors are those of :func:`hardmax`.

    Returns
    -------
    int
        From 1 to ``min(n_queries, n_keys)``.
    """
    return int(np.unique(_choose(queries, keys)[0]).size)
