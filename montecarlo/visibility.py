"""Which keys a query sees, and which tokens are the same: what is left to scan of a head of a variant.

Equal tokens give equal keys, so their scores tie, and a hardmax takes the lowest index among equals. Without a mask,
or with a causal one, the first of them is visible whenever any of them is: keys are scanned once a distinct token, in
the order of their first places. Under other masks all tokens are scanned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from montecarlo.layout import Floats, Integers
from montecarlo.tokens import Tokens
from rankbound.frozen_array import FrozenArray
from rankbound.setting import Setting

__all__ = ["View", "ranges_of", "view_of", "visible_table"]

Booleans = npt.NDArray[np.bool_]
NO_TABLE = np.empty((0, 0), np.bool_)


@dataclass(frozen=True, slots=True)
class View:
    """How the rows that heads come with are scanned, and what becomes of the choices.

    Attributes
    ----------
    n_queries, n_keys : int
        How many are scanned.
    query_rows, key_rows : int64 array, or None
        Which rows those are; None if they are the first.
    query_signs, key_signs : float64 array, or None
        What they are multiplied by.
    low, high : int64 array (queries scanned,), or None
        The keys that each sees, of those that are scanned; None if all do all.
    table : bool array (queries scanned, keys scanned)
        Which of them each sees; empty if ``low`` and ``high`` say it all.
    columns : int64 array
        Which column of the attention matrix each scanned key is.
    queries : int64 array (n_queries,), or None
        Which scanned query each query is; None if the ``i``-th is.
    """

    n_queries: int
    n_keys: int
    query_rows: Integers | None
    key_rows: Integers | None
    query_signs: Floats | None
    key_signs: Floats | None
    low: Integers | None
    high: Integers | None
    table: Booleans
    columns: Integers
    queries: Integers | None


def ranges_of(setting: Setting) -> tuple[Integers | None, Integers | None, Booleans]:
    """Return the first key that each query sees, one past the last, and the table of an explicit mask."""
    n = setting.n_queries
    if setting.mask == "none":
        return None, None, NO_TABLE
    if isinstance(setting.mask, FrozenArray):
        return np.zeros(n, np.int64), np.full(n, setting.n_keys, np.int64), setting.mask.array
    high = np.arange(1, n + 1)
    low = np.zeros(n, np.int64) if setting.window is None else np.maximum(0, high - setting.window)
    return low, high, NO_TABLE


def visible_table(setting: Setting) -> Booleans | None:
    """Return which keys each query sees, as a table; None if all see all."""
    low, high, table = ranges_of(setting)
    if low is None or high is None:
        return None
    if table.size:
        return table
    keys = np.arange(setting.n_keys)
    return (low[:, None] <= keys) & (keys < high[:, None])


def view_of(setting: Setting, tokens: Tokens, *, by_token: bool) -> View:
    """Return the view of the heads whose rows are a row a distinct token, or ``by_token`` a row a token."""
    low, high, table = ranges_of(setting)
    m, n = setting.n_queries, setting.n_keys
    asking, asked = np.arange(m), np.arange(n)
    ids, signs = (None, None) if by_token else (tokens.ids, tokens.signs)
    if ids is None:
        return View(m, n, None, None, None, None, low, high, table, asked, None)
    if signs is not None or setting.mask not in ("none", "causal"):
        of_queries, of_keys = (None if signs is None else signs[:some] for some in (m, n))
        return View(m, n, ids[:m], ids[:n], of_queries, of_keys, low, high, table, asked, None)
    distinct, first = np.unique(ids[:n], return_index=True)
    order = np.argsort(first)
    columns, key_rows = first[order], distinct[order]
    if setting.mask == "none":
        rows, places = np.unique(ids[:m], return_inverse=True)
        return View(
            rows.size, key_rows.size, rows, key_rows, None, None, None, None, table, columns, places.reshape(-1)
        )
    seen = np.searchsorted(columns, asking, side="right")
    return View(m, key_rows.size, ids[:m], key_rows, None, None, np.zeros_like(seen), seen, table, columns, None)
