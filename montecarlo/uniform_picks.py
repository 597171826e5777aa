"""Wide heads with orthonormal tokens: every query picks one of the keys that it sees, all alike."""

from __future__ import annotations

import numpy as np

from montecarlo.layout import Integers
from montecarlo.streams import Draws, Part
from montecarlo.tokens import Tokens
from montecarlo.visibility import View
from rankbound.setting import Setting

__all__ = ["picks", "picks_apply"]


def picks_apply(setting: Setting, tokens: Tokens, view: View) -> bool:
    """Whether scores are independent: distinct tokens are orthonormal, and no two scanned queries are the same."""
    if not setting.is_wide or tokens.factor is not None or tokens.signs is not None:
        return False
    return tokens.ids is None or view.queries is not None


def picks(view: View, draws: Draws, head: int) -> Integers:
    """Return the column that each query picks.

    A number is uniform on the multiples of 2^-53, so of n keys each is picked with a probability within 2^-53 of 1/n.
    """
    units = draws.units(Part.SCORES, head, view.n_queries)
    if view.low is None or view.high is None:
        found = (units * view.n_keys).astype(np.int64)
    elif view.table.size == 0:
        found = view.low + (units * (view.high - view.low)).astype(np.int64)
    else:
        counts = np.cumsum(view.table, axis=1)
        wanted = (units * counts[:, -1]).astype(np.int64) + 1
        found = (counts < wanted[:, None]).sum(axis=1)
    columns = view.columns[found]
    return columns if view.queries is None else columns[view.queries]
