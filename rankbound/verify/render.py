"""A report for people: on a terminal, and in Markdown. JSON is :meth:`rankbound.verify.report.Report.to_json`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from rankbound.rounding import ceiling_share, floor_share
from rankbound.verdict import Rigour, Verdict

if TYPE_CHECKING:
    from rankbound.verify.report import Judgement, Report
    from rankbound.verify.spending import Spending

_COLOUR = {
    Verdict.PROVED: "bold green",
    Verdict.CERTIFIED: "bold green",
    Verdict.CONSISTENT: "bold cyan",
    Verdict.REFUTED: "bold magenta",
    Verdict.INCONCLUSIVE: "bold yellow",
    Verdict.VACUOUS: "dim",
    Verdict.CONFLICT: "bold white on red",
}


_DETAILED = (Verdict.REFUTED, Verdict.CONFLICT, Verdict.INCONCLUSIVE)
"""Verdicts whose evidence is shown in any case."""


def to_terminal(report: Report, *, width: int, colour: bool, details: bool = False) -> str:
    """Return the report as text for a terminal ``width`` columns wide, with escape codes only if ``colour``.

    The evidence on claims that hold is shown only with ``details``.
    """
    page = io.StringIO()
    _print(report, _console(page, width, colour=colour), details=details)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def to_html(report: Report) -> str:
    """Return the report as a fragment of HTML, for notebooks: the text of the terminal, in colour."""
    console = _console(io.StringIO(), 100, colour=True, record=True)
    _print(report, console, details=True)
    return str(console.export_html(inline_styles=True, code_format=_HTML, theme=DEFAULT_TERMINAL_THEME))


_HTML = '<pre class="rankbound-report" style="line-height: 1.25; white-space: pre; overflow-x: auto">{code}</pre>'


def _console(page: io.StringIO, width: int, *, colour: bool, record: bool = False) -> Console:
    return Console(
        file=page,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        force_jupyter=False,  # else Rich would show in a notebook what it should only return
        record=record,
    )


def _print(report: Report, console: Console, *, details: bool) -> None:
    run = report.settings
    console.print(Text(f"rankbound {run.version}: random hardmax attention, n = {run.n_keys}", style="bold"))
    if report.interrupted:
        console.print(Text("Interrupted, so not reproducible.", style="bold"))
    for heading, judgements in report.groups.items():
        console.print()
        console.print(Text(f"{heading} ({len(judgements)} of {len(report.judgements)})", style="bold"))
        console.print(_overview(judgements))
    console.print()
    console.print(_saturation(report))
    for line in _notes(report):
        console.print(Text(line))
    shown = [j for group in report.groups.values() for j in group if details or j.verdict in _DETAILED]
    of_what = "" if details else " on what does not hold or is not settled"
    if shown:
        console.print()
        console.print(Text(f"The evidence{of_what}", style="bold"))
    for judgement in shown:
        console.print()
        _print_judgement(console, judgement)
    if len(shown) < len(report.judgements):
        console.print()
        console.print(Text("--details shows the evidence on what holds too."))
    console.print()
    console.print(Text(_how_to_repeat(report)))
    console.print(Text(f"  {run.command}"), soft_wrap=True)


def _overview(judgements: Sequence[Judgement]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=15)
    table.add_column(overflow="fold")
    for judgement in judgements:
        entry = Text(judgement.claim.id, style="bold")
        entry.append(f": {judgement.claim.brief or judgement.claim.statement}", style="not bold")
        if judgement.instead:
            entry.append(f". Instead: {judgement.instead.split('; ')[0]}", style="not bold")
        table.add_row(Text(f"  {judgement.verdict}", style=_COLOUR[judgement.verdict]), entry)
    return table


def to_markdown(report: Report) -> str:
    """Return the report as a Markdown document."""
    run = report.settings
    lines = [f"# rankbound {run.version}: random hardmax attention, n = {run.n_keys}", ""]
    if report.interrupted:
        lines += ["Interrupted, so not reproducible.", ""]
    for heading, judgements in report.groups.items():
        lines += [f"**{heading} ({len(judgements)} of {len(report.judgements)})**", ""]
        for judgement in judgements:
            claim = judgement.claim
            instead = f". Instead: {judgement.instead.split('; ')[0]}" if judgement.instead else ""
            lines.append(f"- {judgement.verdict} `{claim.id}`: {claim.brief or claim.statement}{instead}")
        lines.append("")
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
        if judgement.instead:
            lines += [f"What holds instead: {judgement.instead}.", ""]
    lines += [
        "## Saturation",
        "",
        "| head_dim | E[rank]/n | rung | experiment | replicates |",
        "| ---: | --- | --- | --- | ---: |",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in _rows(report)]
    for note in _notes(report):
        lines += ["", note]
    lines.append("")
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
    if judgement.instead:
        console.print(Padding(Text(f"Holds instead: {judgement.instead}."), (0, 0, 0, 2)))


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


def _notes(report: Report) -> list[str]:
    """Say what the table's numbers are worth: rungs, the division of the level, the power, what was left out."""
    run, barrier = report.settings, report.findings.barrier
    notes = [
        f"Barrier b(n) = {barrier.lower:.6g}, b(n)/n = {barrier.lower / run.n_keys:.6f} ({barrier.rigour}). Enclosures "
        "are rounded outward, exact values to 6 digits."
    ]
    if report.findings.estimates:
        notes.append(f"{_division(run.spending)} {_power(report)}")
    return notes + _skipped(report)


def _division(spending: Spending) -> str:
    plural = "s" * (spending.head_dims != 1)
    tests = f"{spending.head_dims} interval{plural}, as many bets against dominance, "
    tests += f"{spending.controls} small cases with a known answer " if spending.controls else ""
    tests += "and a bet on all together"
    return (
        f"Family-wise level {spending.level:g} = {spending.tests} x {spending.each:.2g}, set aside for {tests}; each "
        "holds at all numbers of replicates at once, and all claims share them."
    )


def _power(report: Report) -> str:
    found = report.detectable
    if found is None:
        return "No ranks like those drawn would have refuted the barrier."
    return f"Ranks {100 * found[1]:.2g}% above b(n) on average would have refuted it (at head_dim {found[0]})."


def _skipped(report: Report) -> list[str]:
    """Say once for each reason which head dimensions were not simulated."""
    reasons: dict[str, list[str]] = {}
    for d, reason in report.findings.skipped.items():
        reasons.setdefault(reason, []).append(str(d))
    return [f"Not simulated at head_dim {', '.join(dims)}: {reason}." for reason, dims in reasons.items()]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
