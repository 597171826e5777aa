"""How a failed assertion reads: one line that says what is wrong, then one line for each thing there is to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Lines", "failed", "shown_place", "shown_row"]

Lines = dict[str, str]
"""What there is to know, each under its name: ``measured``, ``bound``, ``cause``, ``seed``, ``inspect`` and others."""

_SHOWN = 8  # entries of a row


def failed(assertion: str, what: str, lines: Lines, *, seed: object = None) -> AssertionError:
    """Build (not raise) the error of an assertion; the seed, if there is one, stands above the last line."""
    if seed is not None:
        *others, last = lines.items()
        lines = dict([*others, ("seed", " ".join(repr(seed).split())), last])
    width = max(map(len, lines))
    return AssertionError("\n".join([f"{assertion}: {what}", *(f"  {k:<{width}}  {v}" for k, v in lines.items())]))


def shown_row(row: npt.NDArray[Any]) -> str:
    """Return the first entries of a row, to four digits."""
    entries = [f"{float(entry):.4g}" for entry in row[:_SHOWN]]
    return f"[{', '.join(entries)}{', ...' if row.size > _SHOWN else ''}]"


def shown_place(name: str, index: Sequence[int | np.integer[Any]]) -> str:
    """Return ``name[i, j]``; the name alone without an index."""
    return f"{name}[{', '.join(str(int(i)) for i in index)}]" if len(index) else name
