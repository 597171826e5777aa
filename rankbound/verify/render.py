"""A report for people: on a terminal, and in Markdown. JSON is :meth:`rankbound.verify.report.Report.to_json`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rankbound.rounding import ceiling_share, floor_share
from rankbound.verdict import Rigour, Verdict

if TYPE_CHECKING:
    from rankbound.verify.report import Judgement, Report

_COLOUR = {
    Verdict.PROVED: "bold green",
    Verdict.CERTIFIED: "bold green",
    Verdict.CONSISTENT: "bold cyan",
    Verdict.REFUTED: "bold magenta",
    Verdict.INCONCLUSIVE: "bold yellow",
    Verdict.VACUOUS: "dim",
    Verdict.CONFLICT: "bold white on red",
}


def to_terminal(report: Report, *, width: int, colour: bool) -> str:
    """Return the report as text for a terminal ``width`` columns wide, with escape codes only if ``colour``."""
    page = io.StringIO()
    console = Console(
        file=page,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    run = report.settings
    console.print(Text(f"rankbound {run.version}: random hardmax attention, n = {run.n_keys}", style="bold"))
    console.print(Text(report.summary))
    console.print()
    for judgement in report.judgements:
        _print_judgement(console, judgement)
    console.print(_saturation(report))
    barrier = report.findings.barrier
    console.print(
        Text(
            f"barrier b(n)/n = {barrier.lower / run.n_keys:.6f} ({barrier.rigour}); enclosures are rounded outward, "
            "exact values to 6 digits; "
            f"{_level(report)}"
        )
    )
    for note in _skipped(report):
        console.print(Text(note))
    console.print()
    console.print(Text(_how_to_repeat(report)))
    console.print(Text(f"  {run.command}"), soft_wrap=True)
    lines = page.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def to_markdown(report: Report) -> str:
    """Return the report as a Markdown document."""
    run = report.settings
    lines = [f"# rankbound {run.version}: random hardmax attention, n = {run.n_keys}", "", report.summary, ""]
    for judgement in report.judgements:
        claim = judgement.claim
        lines += [f"## `{claim.id}`: {judgement.verdict}", ""]
        if claim.quote is not None:
            lines += [
                f"> {claim.quote}",
                "",
                f"{claim.source.work}, {claim.source.location}. Judged in this reading:",
                "",
            ]
        lines += [claim.statement + ".", "", "| witness | says | detail |", "| --- | --- | --- |"]
        lines += [f"| {e.witness} | {e.outcome} | {_cell(e.detail)} |" for e in judgement.evidence]
        lines.append("")
        if claim.corrected and judgement.verdict is Verdict.REFUTED:
            lines += [f"What holds instead: {claim.corrected}.", ""]
    barrier = report.findings.barrier
    lines += [
        "## Saturation",
        "",
        "| head_dim | E[rank]/n | rung | experiment | replicates |",
        "| ---: | --- | --- | --- | ---: |",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in _rows(report)]
    lines += ["", f"Barrier b(n)/n = {barrier.lower / run.n_keys:.6f} ({barrier.rigour}); {_level(report)}.", ""]
    for note in _skipped(report):
        lines += [note, ""]
    lines += [_how_to_repeat(report), "", f"    {run.command}", ""]
    return "\n".join(lines)


def _print_judgement(console: Console, judgement: Judgement) -> None:
    claim = judgement.claim
    heading = Table.grid(expand=True)
    heading.add_column(ratio=1)
    heading.add_column(justify="right")
    heading.add_row(Text(claim.id, style="bold"), Text(judgement.verdict, style=_COLOUR[judgement.verdict]))
    console.print(heading)
    if claim.quote is not None:
        console.print(Padding(Text(f'"{claim.quote}" ({claim.source.location})', style="italic"), (0, 0, 0, 2)))
        console.print(Padding(Text(f"Read as: {claim.statement}."), (0, 0, 0, 2)))
    else:
        console.print(Padding(Text(f"{claim.statement}."), (0, 0, 0, 2)))
    said = Table.grid(padding=(0, 1))
    said.add_column(width=12)
    said.add_column()
    for evidence in judgement.evidence:
        said.add_row(Text(f"  {evidence.witness}"), Text(f"{evidence.outcome}: {evidence.detail}"))
    console.print(said)
    if claim.corrected and judgement.verdict is Verdict.REFUTED:
        console.print(Padding(Text(f"Holds instead: {claim.corrected}."), (0, 0, 0, 2)))
    console.print()


def _saturation(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text("head_dim"), justify="right", overflow="fold")
    table.add_column(Text("E[rank]/n"), overflow="fold")
    table.add_column(Text("rung"), overflow="fold")
    table.add_column(Text("experiment: mean [interval]"), overflow="fold")
    table.add_column(Text("replicates"), justify="right", overflow="fold")
    for row in _rows(report):
        table.add_row(*(Text(cell) for cell in row))
    return table


def _rows(report: Report) -> list[tuple[str, str, str, str, str]]:
    n = report.settings.n_keys
    rows = []
    for d in report.settings.head_dims:
        point = report.findings.certified.get(d)
        estimate = report.findings.estimates.get(d)
        enclosure = "not reached"
        rung = ""
        if point is not None:
            value = point.expected_rank
            rung = str(value.rigour)
            if value.rigour is Rigour.EXACT:
                enclosure = f"{(value.lower + value.upper) / 2 / n:.6g}"
            else:
                enclosure = f"[{floor_share(value.lower, n)}, {ceiling_share(value.upper, n)}]"
        if estimate is None:
            rows.append((str(d), enclosure, rung, "not simulated", "0"))
        else:
            interval = f"[{floor_share(estimate.lower, n)}, {ceiling_share(estimate.upper, n)}]"
            rows.append((str(d), enclosure, rung, f"{_mean(estimate.mean / n)} {interval}", str(estimate.replicates)))
    return rows


def _mean(share: float) -> str:
    return f"{share:.4f}" if share >= 1e-3 else f"{share:.2e}"


def _how_to_repeat(report: Report) -> str:
    return "To run it in full:" if report.interrupted else "To repeat this run, bit for bit:"


def _level(report: Report) -> str:
    run = report.settings
    count = len(report.findings.estimates)
    if not count:
        return "nothing was simulated"
    what = "the interval fails" if count == 1 else f"the {count} intervals fail to hold together"
    return f"{what} with probability at most {run.level:g} ({run.interval_error:.2g} error each)"


def _skipped(report: Report) -> list[str]:
    """Say once for each reason which head dimensions were not simulated."""
    reasons: dict[str, list[str]] = {}
    for d, reason in report.findings.skipped.items():
        reasons.setdefault(reason, []).append(str(d))
    return [f"Not simulated at head_dim {', '.join(dims)}: {reason}." for reason, dims in reasons.items()]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
