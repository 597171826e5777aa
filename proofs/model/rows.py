"""Assumptions on the rows of the attention matrix, and the models of independent picks."""

from __future__ import annotations

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import KEYS, TRIVIAL, Claim, E, Independent, eq, le
from proofs.model.picks import (
    Entry,
    MaskedEntry,
    Occupied,
    Pick,
    SoftEntry,
    UniformPick,
    WindowOccupied,
    WindowPick,
    chance,
    hit,
    masked_hit,
    occupied,
    over_keys,
    used,
    window_hit,
)
from proofs.model.symbols import d, i, j, m, n, w
from proofs.records import Assumption

ONE_PICK = Assumption(
    "one-pick-per-row",
    "Each row of the attention matrix has a single 1, in the column of the key that the query picks (hardmax).",
    {
        "entries": Claim(eq(Entry(i, j, n, m, d), hit(i, j))),
        "one": Claim(eq(over_keys(hit(i, j)), 1)),
    },
)


SOFTMAX = Assumption(
    "softmax-rows",
    "Beside the attention matrix there is one of nonnegative entries whose rows sum to 1: softmax at any temperature. "
    "The key that a query picks is the column of the 1 in its row of the attention matrix (hardmax).",
    {"sum": Claim(eq(over_keys(SoftEntry(i, j, n, m, d)), 1))},
    implies=("one-pick-per-row",),
)


INDEPENDENT_QUERIES = Assumption(
    "independent-queries",
    "Given the keys, the picks of the queries are independent.",
    {"independent": Claim(Independent(Pick(i, n, m, d), i, Str(KEYS)))},
    implies=("one-pick-per-row",),
)


IDENTICAL_QUERIES = Assumption(
    "identical-queries",
    "Given the keys, every query has the same chance to pick a given key.",
    {"chance": Claim(eq(E(hit(i, j), KEYS), chance(j)))},
    implies=("one-pick-per-row",),
)


UNIFORM = Assumption(
    "uniform-occupancy",
    "The limit model: independent picks, uniform over the keys.",
    {
        "independent": Claim(Independent(UniformPick(i, n), i, Str(TRIVIAL))),
        "chance": Claim(eq(E(sp.KroneckerDelta(UniformPick(i, n), j)), 1 / n), (le(j, n - 1),)),
        "count": Claim(eq(Occupied(n, m), occupied(sp.KroneckerDelta(UniformPick(i, n), j)))),
    },
)


MASKED = Assumption(
    "one-pick-per-masked-row",
    "There are as many queries as keys, and query i sees the last w of the keys 0..i (a sliding window; for w = n all "
    "of them, the causal mask). Each row of the masked attention matrix has a single 1, in the column of the key with "
    "the largest score among those that the query sees (hardmax).",
    {"entries": Claim(eq(MaskedEntry(i, j, n, w, d), masked_hit(i, j)))},
)


UNIFORM_WINDOW = Assumption(
    "uniform-window-picks",
    "The limit model with a mask: independent picks, that of query i uniform over the last w of the keys 0..i, or over "
    "all of them if there are fewer.",
    {
        "independent": Claim(Independent(WindowPick(i, w), i, Str(TRIVIAL))),
        "early": Claim(eq(E(window_hit(i, j)), 1 / (i + 1)), (le(j, i), le(i, w - 1))),
        "chance": Claim(eq(E(window_hit(i, j)), 1 / w), (le(j, i), le(w - 1, i), le(i, j + w - 1))),
        "later": Claim(eq(window_hit(i, j), 0), (le(i + 1, j),)),
        "earlier": Claim(eq(window_hit(i, j), 0), (le(j + w, i),)),
        "count": Claim(eq(WindowOccupied(n, w), used(window_hit(i, j)))),
    },
)
