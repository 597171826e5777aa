"""What a sweep over a published model found: as a table, as JSON, as CSV and as a picture."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from rankbound.cli.preset_sweep import Point

SCHEMA = "rankbound.preset-sweep/1"

COLUMNS = (
    "preset",
    "vary",
    "value",
    "n_keys",
    "n_queries",
    "head_dim",
    "n_heads",
    "replicates",
    "mean",
    "lower",
    "upper",
    "error",
    "of_sum",
    "of_concatenation",
    "seed",
)
"""Names of the columns of a CSV file; a point in JSON has them, and ``setting`` with every field."""

_TICKS = 9
"""Values that are named along the axis, at most."""

Made = dict[str, Any]
"""What was asked for: preset, vary, error and seed."""


def _record(point: Point, made: Made) -> dict[str, Any]:
    setting = point.setting
    told = {name: getattr(point, name) for name in ("value", "replicates", "mean", "lower", "upper")}
    sizes = {name: getattr(setting, name) for name in ("n_keys", "n_queries", "head_dim", "n_heads")}
    joint = {"of_sum": point.of_sum, "of_concatenation": point.of_concatenation}
    whole = made | told | sizes | joint
    return {name: whole[name] for name in COLUMNS}


def to_json(points: Sequence[Point], made: Made) -> str:
    """Return the points as a document of the schema ``rankbound.preset-sweep/1``."""
    told = [_record(point, made) | {"setting": point.setting.to_dict()} for point in points]
    return json.dumps({"schema": SCHEMA, "points": told}, indent=2, allow_nan=False) + "\n"


def to_csv(points: Sequence[Point], made: Made) -> str:
    """Return a line of names and a line for each point; what is not known is empty."""
    page = io.StringIO()
    writer = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_record(point, made) for point in points)
    return page.getvalue()


def to_table(points: Sequence[Point], made: Made) -> str:
    """Return the points for people to read."""
    from rankbound import __version__

    named = made["vary"] == "inputs"
    names = (*(("inputs",) if named else ()), "n", "head_dim", "heads", "replicates", "E[rank]/n", "interval")
    rows = [(*names, "sum/n", "side by side/n"), *(_row(point)[0 if named else 1 :] for point in points)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    title = f"rankbound {__version__}: random hardmax attention of the shape of {made['preset']}, seed {made['seed']}"
    body = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
    error = made["error"]
    notes = [
        f"E[rank] is the mean over the heads. Each interval fails to hold with probability at most {error:g}; any of",
        f"the {len(points)} with at most {min(1.0, len(points) * error):.2g}. The last two columns are means.",
    ]
    lines = [title, "", *body, "", *notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _row(point: Point) -> tuple[str, ...]:
    setting, n = point.setting, point.setting.n_keys
    joint = ("-" if x is None else f"{x / n:.4f}" for x in (point.of_sum, point.of_concatenation))
    interval = f"[{point.lower / n:.4f}, {point.upper / n:.4f}]"
    sizes = (str(n), str(setting.head_dim), str(setting.n_heads), str(point.replicates))
    return (point.value, *sizes, f"{point.mean / n:.4f}", interval, *joint)


def picture(points: Sequence[Point], made: Made, kind: str) -> bytes:
    """Return the picture as a file of ``kind`` ``"svg"``, ``"png"`` or ``"pdf"``."""
    from rankbound.pictures.style import rendered

    return rendered(lambda: _figure(points, made), kind)


def _figure(points: Sequence[Point], made: Made) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from rankbound.pictures.style import PADDING, WIDTH

    figure = Figure(figsize=(WIDTH, 2.6), layout=ConstrainedLayoutEngine(**PADDING))
    axes = figure.subplots()
    named = made["vary"] == "inputs"
    places: list[float] = [float(i) if named else float(point.value) for i, point in enumerate(points)]
    sizes = [point.setting.n_keys for point in points]
    means = [point.mean / n for point, n in zip(points, sizes, strict=True)]
    errors = [
        [max(0.0, (point.mean - point.lower) / n) for point, n in zip(points, sizes, strict=True)],
        [max(0.0, (point.upper - point.mean) / n) for point, n in zip(points, sizes, strict=True)],
    ]
    line = "" if named else "-"
    axes.errorbar(
        places,
        means,
        yerr=errors,
        fmt="o",
        linestyle=line,
        markersize=3.2,
        color="#0072B2",
        linewidth=0.6,
        capsize=1.5,
        label="a head",
    )
    several = any(point.setting.n_heads > 1 for point in points)
    for attribute, label, marker, colour in (
        ("of_sum", "sum of heads", "s", "#D55E00"),
        ("of_concatenation", "heads side by side", "^", "#009E73"),
    ):
        found = [getattr(point, attribute) for point in points]
        if several and None not in found:
            shares = [value / n for value, n in zip(found, sizes, strict=True)]
            axes.plot(
                places, shares, marker=marker, linestyle=line, markersize=3.2, color=colour, linewidth=0.6, label=label
            )
    axes.set_ylim(bottom=0)
    if named:
        axes.set_xticks(places, [point.value for point in points], rotation=40, ha="right")
    else:
        step = -(-len(points) // _TICKS)
        axes.set_xscale("log", base=2)
        axes.set_xticks(places[::step], [point.value for point in points[::step]])
        axes.minorticks_off()
        axes.set_xlabel({"head-dim": "head dimension", "n": "$n$", "heads": "heads"}[made["vary"]])
    axes.set_ylabel("rank$\\,/\\,n$")
    axes.legend(loc="best", title=made["preset"], title_fontsize=7.0)
    return figure
