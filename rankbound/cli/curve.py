"""``rankbound curve``: certified intervals around E[rank] along the head dimensions, as a table, JSON or a picture."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.cli import options
from rankbound.cli.files import write_result
from rankbound.cli.streams import emit, is_terminal
from rankbound.pictures.curve import LEVEL, Curve, curve_of, denser
from rankbound.verify.grid import default_head_dims

if TYPE_CHECKING:
    from rankbound.bounds.sandwich import SaturationPoint
    from rankbound.enclosure import Enclosure


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@options.n_keys
@options.n_queries
@options.head_dims(", about 30 with --plot")
@options.plot("the curve", "curve.svg")
@options.replicates(
    "Simulate so many attention matrices per head dimension as well, where that is feasible.",
    flag="--experiment",
    example=200,
)
@options.seed()
@options.table_or_json
@options.no_cache
def curve(
    n_keys: int,
    n_queries: int | None,
    head_dims: tuple[int, ...],
    plot: Path | None,
    replicates: int | None,
    seed: int,
    format_: str,
) -> int:
    """Print how the expected rank approaches the barrier as the head dimension grows.

    At each head dimension, an interval that is proved to contain the expected rank; with --experiment, next to it what
    simulation finds, and with --plot a picture of both. Nothing is claimed about head dimensions in between.
    """
    m = n_keys if n_queries is None else n_queries
    dims = tuple(sorted(set(head_dims))) or default_head_dims(n_keys)
    drawn = dims if plot is None or head_dims else denser(n_keys, dims)
    with _progress() as progress:
        found = curve_of(n_keys, m, drawn, replicates=replicates or 0, simulated=dims, seed=seed, progress=progress)
    if plot is not None:
        from rankbound.pictures.saturation import saturation_picture

        write_result(plot, saturation_picture(found, plot.suffix.lower().removeprefix(".")))
    emit(_to_json(found, seed) if format_ == "json" else _to_table(found, seed))
    return 0


def _to_json(found: Curve, seed: int) -> str:
    points = []
    for point in found.points:
        value = point.expected_rank
        row: dict[str, Any] = {
            "head_dim": point.head_dim,
            "lower": value.lower,
            "upper": value.upper,
            "rigour": value.rigour,
            "method": value.method,
        }
        if point.head_dim in found.estimates:
            estimate = found.estimates[point.head_dim]
            row["experiment"] = {
                name: getattr(estimate, name) for name in ("mean", "lower", "upper", "replicates", "error")
            } | {"seed": seed}
        elif point.head_dim in found.skipped:
            row["skipped"] = found.skipped[point.head_dim]
        points.append(row)
    document = {
        "schema": "rankbound.curve/1",
        "n_keys": found.n_keys,
        "n_queries": found.n_queries,
        "barrier": {"lower": found.barrier.lower, "upper": found.barrier.upper},
        "points": points,
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _to_table(found: Curve, seed: int) -> str:
    import io

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
    sizes = f"n = {found.n_keys}"
    if found.n_queries != found.n_keys:
        sizes += f", {found.n_queries} queries"
    console.print(Text(f"rankbound {__version__}: random hardmax attention, {sizes}", style="bold"))
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text("head_dim"), justify="right", overflow="fold")
    for name in ("E[rank]/n", "% of barrier", "rung", *(["experiment: mean [interval]"] if found.estimates else [])):
        table.add_column(Text(name), overflow="fold")
    for point in found.points:
        table.add_row(*(Text(cell) for cell in _row(found, point)))
    console.print(table)
    for note in _notes(found, seed):
        console.print(Text(note))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _row(found: Curve, point: SaturationPoint) -> list[str]:
    from rankbound.rounding import ceiling_share, floor_share
    from rankbound.verdict import Rigour

    n, value = found.n_keys, point.expected_rank
    share = f"[{floor_share(value.lower, n)}, {ceiling_share(value.upper, n)}]"
    if value.rigour is Rigour.EXACT:
        share = f"{(value.lower + value.upper) / 2 / n:.6g}"
    low, high = percentages(value, found.barrier)
    row = [str(point.head_dim), share, f"[{low}, {high}]", str(value.rigour)]
    if point.head_dim in found.estimates:
        estimate = found.estimates[point.head_dim]
        mean = estimate.mean / n
        shown = f"{mean:.4f}" if mean >= 1e-3 else f"{mean:.2e}"
        row.append(f"{shown} [{floor_share(estimate.lower, n)}, {ceiling_share(estimate.upper, n)}]")
    elif found.estimates:
        row.append("")
    return row


def percentages(value: Enclosure, barrier: Enclosure) -> tuple[str, str]:
    """Return the interval as a percentage of the barrier, to two decimals, rounded outward; at most 100 (T2)."""
    low = math.floor(10_000 * Fraction(value.lower) / Fraction(barrier.upper))
    high = min(math.ceil(10_000 * Fraction(value.upper) / Fraction(barrier.lower)), 10_000)
    return f"{low / 100:.2f}", f"{high / 100:.2f}"


def _notes(found: Curve, seed: int) -> list[str]:
    barrier = found.barrier
    notes = [
        f"barrier/n = {barrier.lower / found.n_keys:.6g} ({barrier.rigour}); intervals are rounded outward, exact "
        "values to 6 digits; nothing is claimed about other head_dims"
    ]
    if found.estimates:
        some = next(iter(found.estimates.values()))
        count = len(found.estimates)
        what = "its interval fails" if count == 1 else f"their {count} intervals fail to hold together"
        notes.append(
            f"{some.replicates} replicates per head_dim, seed {seed}; {what} with probability at most {LEVEL:g} "
            f"({some.error:.2g} error each)"
        )
    reasons: dict[str, list[str]] = {}
    for d, reason in found.skipped.items():
        reasons.setdefault(reason, []).append(str(d))
    notes += [f"Not simulated at head_dim {', '.join(dims)}: {reason}." for reason, dims in reasons.items()]
    return notes


def _progress() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, silence elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(lambda done, doing: None)
    from rankbound.cli.progress import bar

    return bar()
