"""The shape of the blocks in which vectors are laid out and scanned."""

from __future__ import annotations

__all__ = ["COLUMNS", "MOST_KEYS", "ROWS", "SLOTS", "STATE"]

ROWS = 12
"""Queries a panel."""

COLUMNS = 32
"""Keys a tile."""

MOST_KEYS = 2**23 * COLUMNS
"""Twice the number of tiles has to be exact in single precision; a replicate with more keys takes far over 8 GiB."""

SLOTS = 16
STATE = 3 * SLOTS
"""Numbers kept for a query: the largest score of each slot, the second largest, and the place of the largest."""
