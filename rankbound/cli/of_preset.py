"""``rankbound sweep --preset``: the command, from its options to what it prints and writes."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import click

from rankbound.cli.files import write_result
from rankbound.cli.preset_sweep import affordable, measure, settings_for
from rankbound.cli.preset_sweep_report import picture, to_csv, to_json, to_table
from rankbound.cli.setting_options import as_usage_error
from rankbound.cli.streams import emit
from rankbound.cli.sweep_progress import watched
from rankbound.errors import invalid
from rankbound.verify.calculus import ExitCode

__all__ = ["of_preset"]

_WRITERS = {"json": to_json, "csv": to_csv, "table": to_table}


def of_preset(
    name: str,
    n_keys: tuple[int, ...],
    head_dims: tuple[int, ...],
    *,
    plot: Path | None,
    export: Path | None,
    format_: str,
    **asked: Any,
) -> int:
    """Draw the sweep, print what was found, and write it where that was asked for."""
    for option in ("n_queries", "half_width", "dask", "wait"):
        if asked[option]:
            flag = "--" + option.removeprefix("n_").replace("_", "-")
            raise click.UsageError(f"{flag} is for grids of the ideal setting: leave it out with --preset")
    vary = asked["vary"]
    if vary is None:
        raise click.UsageError("--preset needs --vary: expected head-dim, n, heads or inputs; add --vary head-dim")
    heads = tuple(sorted(set(itertools.chain.from_iterable(asked["heads"]))))
    lists = {"n": n_keys, "head-dim": head_dims, "heads": heads}
    made = {"preset": name, "vary": vary, "error": asked["error"] or 1e-3, "seed": asked["seed"] or 0}
    try:
        fixed = _fixed(vary, lists)
        settings = settings_for(name, vary, lists.get(vary, ()), scale=asked["scale"] or 1.0, **fixed)
        with watched() as advance:
            points = measure(
                settings,
                asked["replicates"] or affordable(settings),
                seed=made["seed"],
                error=made["error"],
                workers=asked["workers"],
                advance=advance,
            )
    except ValueError as problem:
        raise as_usage_error(problem) from None
    if plot is not None:
        write_result(plot, picture(points, made, plot.suffix.lower().removeprefix(".")))
    if export is not None:
        write_result(export, _WRITERS[export.suffix.lower().removeprefix(".")](points, made))
    emit(_WRITERS[format_](points, made))
    return ExitCode.AS_EXPECTED


def _fixed(vary: str, lists: dict[str, tuple[int, ...]]) -> dict[str, int]:
    """Return the fields that are the same for all settings, from the options of what is not varied."""
    fixed = {}
    for option, values in lists.items():
        if option == vary or not values:
            continue
        if option == "head-dim" or len(values) > 1:
            expected = "one number" if option != "head-dim" else "--vary head-dim with it"
            raise invalid(f"--{option}", ",".join(map(str, values)), expected, f"--vary {option} takes several")
        fixed[{"n": "n_keys", "heads": "n_heads"}[option]] = values[0]
    return fixed
