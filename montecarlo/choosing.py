"""The key that each query of a head picks, as in exact arithmetic, whichever keys it sees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from montecarlo.exact import best_keys
from montecarlo.layout import Floats, Integers, Layout
from montecarlo.masked_scan import masked_scan
from montecarlo.packing import pack_rows
from montecarlo.regions import worth_pruning
from montecarlo.scan import UNRESOLVED, Scratch, scan
from montecarlo.visibility import View

__all__ = ["Chooser", "Stopped"]


class Stopped(Exception):  # noqa: N818  (not an error)
    """Another thread has set the stop flag."""


class Chooser:
    """Scans heads; keeps its working memory from one head to the next. A thread needs its own."""

    def __init__(self, stop: npt.NDArray[np.uint8], *, any_size: bool = False) -> None:
        """Take the stop flag, and whether vectors may be so long or so short that they must be scaled to be scanned."""
        self._stop = stop
        self._any_size = any_size
        self._shape = (0, 0, 0)
        self._keys: tuple[Floats, View] | None = None

    def _prepare(self, n_queries: int, n_keys: int, depth: int) -> None:
        if self._shape != (n_queries, n_keys, depth):
            self._shape = (n_queries, n_keys, depth)
            self._layout = Layout.of(n_queries, n_keys, depth)
            self._scratch = Scratch(self._layout).arrays()
            self._packed_queries = np.empty(self._layout.queries.size)
            self._packed_keys = np.empty(self._layout.keys.size)
            self._ranks = np.empty(1, np.int64)
            self._keys = None

    def choices(self, queries: Floats, keys: Floats, view: View) -> Integers:
        """Return the column that each query picks, the lowest among equal scores.

        Parameters
        ----------
        queries, keys : float64 arrays (rows, components)
            Of a head.
        view : View
            Which rows are scanned, and what is visible.

        Raises
        ------
        Stopped
            If the stop flag is set meanwhile.
        """
        n_queries, n_keys = view.n_queries, view.n_keys
        self._prepare(n_queries, n_keys, queries.shape[1])
        layout = self._layout
        rows = _rows(queries, n_queries, view.query_rows, view.query_signs)
        if self._any_size:  # powers of two change no comparison: one for each query, and one for all keys
            rows = _scaled(rows, np.abs(rows).max(axis=1, keepdims=True))
        pack_rows(rows, layout.queries.table, layout.queries.width, self._packed_queries)
        if self._keys is None or self._keys[0] is not keys or self._keys[1] is not view:
            self._key_rows = _rows(keys, n_keys, view.key_rows, view.key_signs)
            if self._any_size:
                self._key_rows = _scaled(self._key_rows, np.abs(self._key_rows).max())
            pack_rows(self._key_rows, layout.keys.table, layout.keys.width, self._packed_keys)
            self._keys = keys, view
        found = np.empty(n_queries, np.int64)
        q, k, table = self._packed_queries, self._packed_keys, (layout.queries.table, layout.keys.table)
        if view.low is None or view.high is None:
            prune, one = worth_pruning(n_keys, queries.shape[1]), found[np.newaxis]
            both = q[np.newaxis], k[np.newaxis]
            done = bool(scan(*both, *table, n_queries, n_keys, prune, *self._scratch, self._stop, one, self._ranks))
        else:
            low, high, mask = view.low, view.high, view.table
            done = masked_scan(q, k, *table, n_queries, n_keys, low, high, mask, *self._scratch, self._stop, found)
        if not done:
            raise Stopped
        if found.min() == UNRESOLVED:  # rarely
            for i in np.flatnonzero(found == UNRESOLVED).tolist():
                seen = _seen(view, i, n_keys)
                found[i] = seen[best_keys(rows[i], self._key_rows[seen])[0]]
        columns = view.columns[found]
        return columns if view.queries is None else columns[view.queries]


def _rows(matrix: Floats, count: int, rows: Integers | None, signs: Floats | None) -> Floats:
    matrix = matrix[:count] if rows is None else matrix[rows]
    return matrix if signs is None else matrix * signs[:, None]


def _scaled(matrix: Floats, largest: Floats) -> Floats:
    """Return ``matrix`` times the power of two that brings ``largest`` between 1/2 and 1; zero stays zero."""
    with np.errstate(under="ignore"):
        return np.ldexp(matrix, -np.frexp(largest)[1])


def _seen(view: View, query: int, n_keys: int) -> Integers:
    """Return the scanned keys that a scanned query sees."""
    if view.low is None or view.high is None:
        return np.arange(n_keys)
    keys = np.arange(view.low[query], view.high[query])
    return keys[view.table[query, keys]] if view.table.size else keys
