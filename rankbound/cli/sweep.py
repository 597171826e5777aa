"""``rankbound sweep``: simulate a grid of sizes into a store, go on where it stopped, and export what is there."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.cli import options
from rankbound.cli.dask_workers import DaskAddress, dask_executor
from rankbound.cli.files import write_result
from rankbound.cli.number_lists import Wholes
from rankbound.cli.of_preset import of_preset
from rankbound.cli.streams import emit, is_terminal
from rankbound.cli.sweep_progress import Advance, reporter, watched
from rankbound.cli.sweep_report import Certified, sizes_of, to_csv, to_json, to_table
from rankbound.cli.types import Between, OfKind
from rankbound.setting import MAX_HEAD_DIM, MAX_KEYS
from rankbound.verify.calculus import ExitCode

if TYPE_CHECKING:
    from montecarlo import CampaignCell

_EXPORTS = {".csv": to_csv, ".json": to_json}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", type=click.Path(path_type=str), help="The file that keeps the ranks (SQLite).")
@click.option(
    "--preset",
    "preset_name",
    help="Instead of a store and a grid: the attention of a published model (gpt2, llama-3-8b, deepseek-v3).",
)
@click.option("--vary", help="With --preset: what is varied (head-dim, n, heads, inputs).")
@click.option(
    "--scale",
    type=Between(1e-9, 1.0, "give a factor, for example --scale 0.125"),
    help="With --preset: multiplies the number of tokens and every dimension. Default: 1.",
)
@click.option(
    "--heads",
    type=Wholes(2**16, "1,4,12"),
    multiple=True,
    help="With --preset: the number of heads, or with --vary heads several.",
)
@click.option(
    "--n",
    "n_keys",
    type=Wholes(MAX_KEYS, "512,4096"),
    multiple=True,
    help="Numbers of keys: a list of numbers and of ranges FIRST:LAST:log (powers of two, and both ends) or "
    "FIRST:LAST:STEP. Without --n and --head-dim nothing is drawn: what the store has is shown.",
)
@click.option(
    "--head-dim",
    "head_dims",
    type=Wholes(MAX_HEAD_DIM, "1:1024:log"),
    multiple=True,
    help="Head dimensions, as for --n. Each is combined with each number of keys.",
)
@options.n_queries
@click.option(
    "--half-width",
    type=Between(1e-9, 0.999, "give a share of n, for example --half-width 5e-4"),
    help="Draw until the interval for E[rank]/n extends so far to either side.",
)
@options.replicates("Draw so many matrices at each setting instead.", most=10**12)  # a sweep may take weeks
@options.error(
    "Probability that one setting's interval fails, at any number of replicates; the store keeps it. That any of "
    "K fails is at most K times as likely: for 99.9% over a grid of 20, give 5e-5. Default: the store's, or 1e-3.",
    default=None,
)
@options.seed("; the store keeps it. Default: the store's, or 0", default=None)
@options.workers(what="Threads, or with --dask local processes")
@click.option(
    "--dask",
    type=DaskAddress(),
    help="Draw on a cluster of Dask's: the address of its scheduler, such as tcp://HOST:8786, or local to start one of "
    "processes here. Needs rankbound[dask].",
)
@click.option("--wait", is_flag=True, help="Wait while another sweep writes to the store, instead of giving up.")
@click.option("--certified", is_flag=True, help="Show the proved interval beside each estimate.")
@click.option(
    "--export",
    type=OfKind(tuple(_EXPORTS), "runs.csv"),
    help="Write the result into this file as well; it ends in .csv or .json.",
)
@options.plot("the estimates over the proved intervals", "sweep.svg")
@options.format_of("table", "json", "csv")
@options.no_cache
def sweep(
    store: str | None,
    preset_name: str | None,
    n_keys: tuple[tuple[int, ...], ...],
    head_dims: tuple[tuple[int, ...], ...],
    certified: bool,
    export: Path | None,
    plot: Path | None,
    format_: str,
    **asked: Any,
) -> int:
    """Simulate a grid of sizes into a file, and say what is in it.

    Every finished block of matrices is written at once. A sweep that was interrupted, by force too, goes on where it
    stopped when the same command is given again, and ends with the same numbers. One sweep at a time writes to a store;
    showing, exporting and drawing what is in it works meanwhile.

    With --preset and --vary the attention of a published model at a random initialisation is drawn instead, with one
    thing varied, and nothing is kept.
    """
    from rankbound.witnesses import ensure_own

    ensure_own("montecarlo")
    import montecarlo

    grid = _flat(n_keys), _flat(head_dims)
    name = click.get_current_context().find_root().info_name
    if preset_name is not None:
        if store is not None or certified:
            raise click.UsageError(
                "--store and --certified are for grids of the ideal setting: leave them out with --preset"
            )
        return of_preset(preset_name, *grid, plot=plot, export=export, format_=format_, **asked)
    given = [option for option in ("vary", "scale", "heads") if asked.pop(option)]
    if given:
        raise click.UsageError(f"--{given[0]} is for --preset: expected it with the name of a model; add --preset gpt2")
    if store is None:
        raise click.MissingParameter(
            param=next(one for one in click.get_current_context().command.params if one.name == "store")
        )
    _check_usage(grid, asked)
    try:
        cells = () if grid[0] else _read(store, asked["seed"])
        with watched() as advance:
            if grid[0]:
                cells = _drawn(store, grid, asked, advance)
            proved = _certified([sizes_of(cell) for cell in cells], advance) if certified else {}
            picture = None if plot is None else _picture(cells, plot, advance)
    except (montecarlo.StoreError, montecarlo.WorkersError) as problem:
        click.echo(f"{name}: error: {problem}", err=True)
        return ExitCode.USAGE
    except KeyboardInterrupt:
        click.echo(f"{name}: interrupted; {_kept(store)}", err=True)
        return ExitCode.INTERRUPTED
    if plot is not None and picture is not None:
        write_result(plot, picture)
    if export is not None:
        write_result(export, _EXPORTS[export.suffix.lower()](cells, proved))
    emit(to_table(cells, proved, store) if format_ == "table" else _EXPORTS[f".{format_}"](cells, proved))
    return ExitCode.UNDECIDED if any(not cell.estimate.reached for cell in cells) else ExitCode.AS_EXPECTED


def _flat(lists: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(sorted(set(itertools.chain.from_iterable(lists))))


def _check_usage(grid: tuple[tuple[int, ...], tuple[int, ...]], asked: dict[str, Any]) -> None:
    """Refuse options that do not go together."""
    if bool(grid[0]) != bool(grid[1]):
        raise click.UsageError(
            "expected --n and --head-dim together, or neither to show what the store has; add the other"
        )
    goals = [f"--{name.replace('_', '-')}" for name in ("half_width", "replicates") if asked[name] is not None]
    if not grid[0]:
        given = [name for name in ("n_queries", "error", "workers", "dask", "wait") if asked[name]]
        if goals or given:
            first = [*goals, *("--" + name.removeprefix("n_") for name in given)][0]
            raise click.UsageError(f"{first} is for drawing: expected --n and --head-dim with it; add the sizes")
    elif len(goals) != 1:
        found = " and ".join(goals) or "neither"
        raise click.UsageError(
            f"expected one of --half-width and --replicates, not {found}; say how much is to be drawn"
        )
    if asked["dask"] not in (None, "local") and asked["workers"]:
        raise click.UsageError("--workers is for threads and --dask local: a cluster has its own; leave it out")


def _drawn(
    store: str, grid: tuple[tuple[int, ...], tuple[int, ...]], asked: dict[str, Any], advance: Advance
) -> tuple[CampaignCell, ...]:
    """Run the campaign, on the workers that were asked for."""
    import montecarlo

    def run(workers: Any, in_flight: int | None, wait: bool) -> tuple[CampaignCell, ...]:
        return montecarlo.run_campaign(
            *grid,
            store=store,
            half_width=asked["half_width"],
            replicates=asked["replicates"],
            n_queries=asked["n_queries"],
            rng=asked["seed"],
            error=asked["error"],
            workers=workers,
            in_flight=in_flight,
            wait=wait,
            progress=reporter(advance, asked["half_width"]),
        )

    def run_or_wait(workers: Any, in_flight: int | None) -> tuple[CampaignCell, ...]:
        try:
            return run(workers, in_flight, False)
        except montecarlo.StoreBusyError:
            if not asked["wait"]:
                raise
        advance(0.0, "waiting for another sweep")
        if not is_terminal(sys.stderr):
            click.echo(f"another sweep is writing to {store}: waiting until it has ended", err=True)
        return run(workers, in_flight, True)

    try:
        if asked["dask"] is None:
            return run_or_wait(asked["workers"], None)
        advance(0.0, "connecting to Dask")
        with dask_executor(asked["dask"], asked["workers"]) as (executor, in_flight):
            return run_or_wait(executor, in_flight)
    except ValueError as problem:  # what the option types cannot know: a replicate that needs too much memory
        if ": expected " not in str(problem):
            raise
        raise click.UsageError(str(problem)) from None


def _read(store: str, seed: int | None) -> tuple[CampaignCell, ...]:
    import montecarlo

    cells = montecarlo.read_campaign(store)
    if cells and seed not in (None, cells[0].seed):
        click.echo(f"note: {store} has seed {cells[0].seed}, not {seed}", err=True)
    if cells and cells[0].streams != montecarlo.STREAMS:
        mine, theirs = montecarlo.STREAMS, cells[0].streams
        click.echo(f"note: {store} has ranks of random streams {theirs}; this version draws {mine}", err=True)
    return cells


def _kept(store: str) -> str:
    """Say what an interrupted sweep leaves, and how to go on."""
    from montecarlo import StoreError
    from montecarlo.store import reading

    try:
        with reading(store) as opened:
            counts = opened.counts().values()
    except StoreError:
        return "nothing was drawn yet"
    blocks, replicates = (sum(column) for column in zip((0, 0), *counts, strict=True))
    return f"{store} keeps {blocks} blocks ({replicates} replicates): the same command goes on from there"


def _certified(sizes: list[tuple[int, int, int]], advance: Advance) -> Certified:
    """Return the proved interval at each of the sizes."""
    from rankbound import bounds

    found = {}
    for i, (n, m, d) in enumerate(sizes):
        advance(i / len(sizes), f"enclosing E[rank] at n {n}, head_dim {d}")
        found[n, m, d] = bounds.expected_rank(n, d, n_queries=m)
    return found


def _picture(cells: tuple[CampaignCell, ...], plot: Path, advance: Advance) -> bytes:
    if not cells:
        raise click.UsageError(f"--plot = {str(plot)!r}: expected a store with something in it; draw something first")
    from rankbound.cli.sweep_plot import band_sizes, sweep_picture

    proved = _certified(band_sizes([sizes_of(cell) for cell in cells]), advance)
    return sweep_picture([cell.estimate for cell in cells], proved, plot.suffix.lower().removeprefix("."))
