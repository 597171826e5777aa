"""``rankbound verify``: judge the claims at one sequence length."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.claims import REGISTRY
from rankbound.cli import options
from rankbound.cli.files import write_result
from rankbound.cli.setting_options import as_usage_error, attention_from, attention_options
from rankbound.cli.streams import emit, is_terminal
from rankbound.cli.types import ClaimId, Writable
from rankbound.verdict import Verdict

if TYPE_CHECKING:
    from rankbound.verify.report import Report


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nClaims:\n" + "\n".join(f"  {claim_id}" for claim_id in REGISTRY),
)
@options.seq_len
@attention_options
@options.head_dims()
@click.option(
    "--claim",
    "claims",
    type=ClaimId(),
    multiple=True,
    help="Judge this claim; repeatable. Default: all that are about such attention.",
)
@options.seed()
@options.level
@options.budget(
    "Seconds of simulation", default=None, most=1e6, more=" Default: 5; more where a replicate of a variant takes long."
)
@options.replicates("Replicates per head dimension, instead of --budget.")
@options.workers("--threads")
@options.format_of("table", "json", "markdown", "html", more="; HTML unfolds to the derivations and has a plot")
@click.option("--details", is_flag=True, help="In the table, show the evidence on claims that hold too.")
@click.option("--output", type=Writable(), help="Write the result to this file, not to standard output.")
@options.no_cache
def verify(
    n_keys: int | None,
    head_dims: tuple[int, ...],
    claims: tuple[str, ...],
    seed: int,
    level: float,
    budget: float | None,
    replicates: int | None,
    threads: int | None,
    format_: str,
    details: bool,
    output: Path | None,
    **asked: Any,
) -> int:
    """Judge claims about the rank of random attention at one sequence length.

    Three independent witnesses are asked about every claim: a derivation checked step by step, certified numbers, and a
    simulation. Where the attention asked for breaks an assumption of a claim, the claim says nothing, and the report
    which assumption that is. Exit code: 0 every verdict is as the registry expects, 1 some verdict is not, 2 usage, 3
    undecided within the budget, 4 internal error, 130 interrupted.
    """
    from rankbound.verify.grid import default_head_dims
    from rankbound.verify.judge import judge
    from rankbound.verify.run import JudgementInterrupted

    started = time.perf_counter()
    try:
        attention, words = attention_from(n_keys, 1, **asked)
        if not head_dims and asked["preset"] is None:
            head_dims = default_head_dims(attention if isinstance(attention, int) else attention.n_keys)
        with _progress() as progress:
            report = judge(
                attention,
                head_dims or None,
                options=words,
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
    except ValueError as problem:
        raise as_usage_error(problem) from None
    text = _rendered(report, format_, details=details, to_file=output is not None)
    if output is None:
        emit(text)
    else:
        write_result(output, text)
    for note in _notes(report):
        click.echo(f"rankbound: {note}", err=True)
    if is_terminal(sys.stderr):
        click.echo(f"rankbound: {time.perf_counter() - started:.1f} s", err=True)
    return int(report.exit_code)


def _rendered(report: Report, format_: str, *, details: bool, to_file: bool) -> str:
    if format_ == "json":
        return report.to_json()
    if format_ == "html":
        from rankbound.appendix.reporting import report_to_html

        return report_to_html(report)
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
        if j.verdict not in (j.claim.expected, Verdict.VACUOUS)
    ]


def _progress() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, nothing elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(None)
    from rankbound.cli.progress import bar

    return bar()
