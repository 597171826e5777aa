"""What ``rankbound sweep`` found: as rows, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shutil
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rankbound.cli.streams import is_terminal

if TYPE_CHECKING:
    from montecarlo import CampaignCell
    from rankbound.enclosure import Enclosure

SCHEMA = "rankbound.sweep/1"

_PERCENTAGES = (1, 5, 25, 50, 75, 95, 99)

COLUMNS = (
    "n_keys",
    "n_queries",
    "head_dim",
    "replicates",
    "mean",
    "lower",
    "upper",
    "error",
    "half_width",
    "variance",
    *(f"quantile_{percentage:02}" for percentage in _PERCENTAGES),
    "target_half_width",
    "reached",
    "horizon",
    "block",
    "seed",
    "streams",
    "rankbound",
    "certified_lower",
    "certified_upper",
    "certified_rigour",
)
"""Names of the columns of a CSV file and of the members of a cell in JSON."""

Certified = dict[tuple[int, int, int], "Enclosure"]
"""Proved intervals for E[rank] by ``(n_keys, n_queries, head_dim)``."""


def sizes_of(cell: CampaignCell) -> tuple[int, int, int]:
    """Return ``(n_keys, n_queries, head_dim)``."""
    return cell.estimate.n_keys, cell.estimate.n_queries, cell.estimate.head_dim


def _record(cell: CampaignCell, certified: Certified) -> dict[str, Any]:
    estimate = cell.estimate
    proved = certified.get(sizes_of(cell))
    values = (
        *sizes_of(cell),
        estimate.replicates,
        estimate.mean,
        estimate.lower,
        estimate.upper,
        estimate.error,
        cell.attained_half_width,
        estimate.variance,
        *(estimate.quantiles[percentage / 100] for percentage in _PERCENTAGES),
        estimate.half_width,
        None if estimate.half_width is None else estimate.reached,
        estimate.horizon,
        cell.block,
        cell.seed,
        cell.streams,
        list(cell.versions),
        *((None, None, None) if proved is None else (proved.lower, proved.upper, str(proved.rigour))),
    )
    return dict(zip(COLUMNS, values, strict=True))


def to_json(cells: Sequence[CampaignCell], certified: Certified) -> str:
    """Return the cells as a document of the schema ``rankbound.sweep/1``."""
    document = {"schema": SCHEMA, "cells": [_record(cell, certified) for cell in cells]}
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def to_csv(cells: Sequence[CampaignCell], certified: Certified) -> str:
    """Return a line of names and a line for each cell; what is not known is empty, several versions have spaces."""
    page = io.StringIO()
    writer = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for cell in cells:
        record = _record(cell, certified)
        reached = {True: "true", False: "false", None: ""}[record["reached"]]
        writer.writerow(record | {"reached": reached, "rankbound": " ".join(record["rankbound"])})
    return page.getvalue()


def to_table(cells: Sequence[CampaignCell], certified: Certified, store: str) -> str:
    """Return the cells for people to read: at most 80 columns wide, but on a wider terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from rankbound import __version__

    on_terminal = is_terminal(sys.stdout)
    colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    page = io.StringIO()
    console = Console(
        file=page,
        width=min(shutil.get_terminal_size().columns, 110) if on_terminal else 80,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(Text(f"rankbound {__version__}: random hardmax attention, {_named(store, cells)}", style="bold"))
    console.print()
    square = all(cell.estimate.n_keys == cell.estimate.n_queries for cell in cells)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("n", *(() if square else ("queries",)), "head_dim", "replicates"):
        table.add_column(Text(name), justify="right", overflow="fold")
    for name in ("E[rank]/n", "interval", *(["certified"] if certified else [])):
        table.add_column(Text(name), overflow="fold")
    for cell in cells:
        table.add_row(*(Text(text) for text in _row(cell, certified, square)))
    if cells:
        console.print(table)
    for note in _notes(cells, certified):
        console.print(Text(note))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _named(store: str, cells: Sequence[CampaignCell]) -> str:
    return f"{store}, seed {cells[0].seed}" if cells else f"{store} (empty)"


def _row(cell: CampaignCell, certified: Certified, square: bool) -> list[str]:
    n, m, d = sizes_of(cell)
    estimate = cell.estimate
    digits = max(4, 1 - math.floor(math.log10(cell.attained_half_width))) if cell.attained_half_width else 4
    share = estimate.mean / n
    mean = f"{share:.{digits}f}" if share >= 1e-3 else f"{share:.2e}"
    row = [str(n), *([] if square else [str(m)]), str(d), str(estimate.replicates), mean]
    row.append(_interval(estimate.lower, estimate.upper, n, digits))
    proved = certified.get((n, m, d))
    if proved is not None:
        row.append(_interval(proved.lower, proved.upper, n, digits))
    return row


def _interval(lower: float, upper: float, n: int, digits: int) -> str:
    """Return an interval for E[rank] as one for E[rank]/n, rounded outward."""
    scale = 10**digits
    low = math.floor(Fraction(lower) * scale / n)
    high = math.ceil(Fraction(upper) * scale / n)
    return f"[{_decimal(low, digits)}, {_decimal(high, digits)}]"


def _decimal(scaled: int, digits: int) -> str:
    """Return ``scaled / 10**digits``, which is positive, exactly."""
    text = str(scaled).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}"


def _notes(cells: Sequence[CampaignCell], certified: Certified) -> list[str]:
    if not cells:
        return ["Nothing has been drawn yet."]
    error, count = cells[0].estimate.error, len(cells)
    notes = [
        f"Each interval fails to hold with probability at most {error:g}, at whatever number of replicates it is "
        f"looked at; any of the {count} with at most {min(1.0, count * error):.2g}."
        if count > 1
        else f"The interval fails to hold with probability at most {error:g}, however many replicates there are."
    ]
    stalled = [cell for cell in cells if not cell.estimate.reached]
    if stalled:
        places = ", ".join(f"(n {c.estimate.n_keys}, head_dim {c.estimate.head_dim})" for c in stalled)
        notes.append(
            f"Not reached at {places}, and more replicates would not help: a store begun for this target, or with "
            "another seed, may."
        )
    apart = [cell for cell in cells if _contradicts(cell, certified)]
    if apart:
        places = ", ".join(f"(n {c.estimate.n_keys}, head_dim {c.estimate.head_dim})" for c in apart)
        notes.append(f"The experiment and the certified interval exclude each other at {places}.")
    elif certified:
        notes.append("Certified intervals are proved; the experiment agrees with every one of them.")
    return notes


def _contradicts(cell: CampaignCell, certified: Certified) -> bool:
    proved = certified.get(sizes_of(cell))
    return proved is not None and (cell.estimate.lower > proved.upper or cell.estimate.upper < proved.lower)
