"""``rankbound verify``: judge the claims at one sequence length."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.claims import REGISTRY
from rankbound.cli.options import Between, Whole, Writable, no_cache, write_whole
from rankbound.cli.streams import CannotWriteError, emit, is_terminal
from rankbound.errors import invalid
from rankbound.setting import MAX_HEAD_DIM, MAX_KEYS

if TYPE_CHECKING:
    from rankbound.verify.report import Report


class _ClaimId(click.ParamType):  # type: ignore[type-arg]
    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in REGISTRY:
            return str(value)
        near = difflib.get_close_matches(value, REGISTRY, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(REGISTRY)}"
        return self.fail(str(invalid("--claim", value, "the id of a claim", remedy)), param, ctx)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nClaims:\n" + "\n".join(f"  {claim_id}" for claim_id in REGISTRY),
)
@click.option(
    "--n",
    "n_keys",
    type=Whole(1, MAX_KEYS, "give the sequence length, for example --n 512"),
    required=True,
    help="Sequence length: the number of keys, and of queries.",
)
@click.option(
    "--head-dim",
    "head_dims",
    type=Whole(1, MAX_HEAD_DIM, "give the dimension of a head, for example --head-dim 64"),
    multiple=True,
    help="Head dimension; repeatable. Default: 8 to 12 from 1 to max(128, min(2n, 10^6)).",
)
@click.option("--claim", "claims", type=_ClaimId(), multiple=True, help="Judge this claim; repeatable. Default: all.")
@click.option(
    "--seed",
    type=Whole(0, 2**64 - 1, "give a seed, for example --seed 0"),
    default=0,
    show_default=True,
    help="Seed of the simulation.",
)
@click.option(
    "--level",
    type=Between(1e-300, 0.5, "give a small probability, for example --level 1e-3"),
    default=1e-3,
    show_default=True,
    help="Family-wise error of the whole run.",
)
@click.option(
    "--budget",
    type=Between(0, 1e6, "give seconds, for example --budget 5"),
    default=5.0,
    show_default=True,
    help="Seconds of simulation, turned into replicates by a fixed table, so that the clock changes no result.",
)
@click.option(
    "--replicates",
    type=Whole(1, 10**9, "omit it to have --budget decide"),
    help="Replicates per head dimension, instead of --budget.",
)
@click.option(
    "--threads",
    type=Whole(1, 4096, "omit it to use every core"),
    help="Threads of the simulation; the result does not depend on it. Default: every core.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option("--details", is_flag=True, help="In the table, show the evidence on claims that hold too.")
@click.option("--output", type=Writable(), help="Write the result to this file, not to standard output.")
@no_cache
def verify(
    n_keys: int,
    head_dims: tuple[int, ...],
    claims: tuple[str, ...],
    seed: int,
    level: float,
    budget: float,
    replicates: int | None,
    threads: int | None,
    format_: str,
    details: bool,
    output: Path | None,
) -> int:
    """Judge claims about the rank of random attention at one sequence length.

    Three independent witnesses are asked about every claim: a derivation checked step by step, certified numbers, and a
    simulation. Exit code: 0 every verdict is as the registry expects, 1 some verdict is not, 2 usage, 3
    undecided within the budget, 4 internal error, 130 interrupted.
    """
    from rankbound.verify.judge import judge
    from rankbound.verify.run import JudgementInterrupted

    started = time.perf_counter()
    try:
        with _progress() as progress:
            report = judge(
                n_keys,
                head_dims or None,
                claims=claims or None,
                level=level,
                budget=budget,
                replicates=replicates,
                rng=seed,
                workers=threads,
                progress=progress,
            )
    except JudgementInterrupted as interrupted:
        # An earlier result in --output is worth more than half of a new one.
        emit(_rendered(interrupted.report, format_, details=details, to_file=False))
        click.echo("rankbound: interrupted; what was decided so far is above, and is not reproducible", err=True)
        return int(interrupted.report.exit_code)
    text = _rendered(report, format_, details=details, to_file=output is not None)
    if output is None:
        emit(text)
    else:
        try:
            write_whole(output, text)
        except OSError as error:
            raise CannotWriteError(str(output), error) from None
    for note in _notes(report):
        click.echo(f"rankbound: {note}", err=True)
    if is_terminal(sys.stderr):
        click.echo(f"rankbound: {time.perf_counter() - started:.1f} s", err=True)
    return int(report.exit_code)


def _rendered(report: Report, format_: str, *, details: bool, to_file: bool) -> str:
    if format_ == "json":
        return report.to_json()
    from rankbound.verify import render

    if format_ == "markdown":
        return render.to_markdown(report)
    on_terminal = is_terminal(sys.stdout) and not to_file
    width = min(shutil.get_terminal_size().columns, 110) if on_terminal else 80
    return render.to_terminal(report, width=width, colour=on_terminal and _wants_colour(), details=details)


def _wants_colour() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _notes(report: Report) -> list[str]:
    """Say on standard error why the exit code is not 0."""
    return [
        f"{j.claim.id} is {j.verdict}, expected {j.claim.expected}"
        for j in report.judgements
        if j.verdict is not j.claim.expected
    ]


def _progress() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, nothing elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(None)
    from rankbound.cli.progress import bar

    return bar()
