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

from rankbound.verdict import Outcome, Verdict
from rankbound.verify.saturation_table import RIGHT, columns, notes, rows

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
    console.print(Text(_title(report), style="bold"))
    if run.variant:
        console.print(Text(f"{run.variant}."))
    if report.interrupted:
        console.print(Text("Interrupted, so not reproducible.", style="bold"))
    for heading, judgements in report.groups.items():
        console.print()
        console.print(Text(f"{heading} ({len(judgements)} of {len(report.judgements)})", style="bold"))
        console.print(_overview(judgements))
        for line in _beyond(judgements):
            console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print()
    console.print(_saturation(report))
    for line in notes(report):
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
    for assumed, ids in _vacuous(judgements).items():
        entry = Text(", ".join(ids), style="bold")
        entry.append(f": assume{'s' * (len(ids) == 1)} {assumed}", style="not bold")
        table.add_row(Text(f"  {Verdict.VACUOUS}", style=_COLOUR[Verdict.VACUOUS]), entry)
    for judgement in judgements:
        if judgement.verdict is Verdict.VACUOUS:
            continue
        entry = Text(judgement.claim.id, style="bold")
        entry.append(f": {judgement.claim.brief or judgement.claim.statement}", style="not bold")
        if judgement.instead:
            entry.append(f". Instead: {judgement.instead.split('; ')[0]}", style="not bold")
        table.add_row(Text(f"  {judgement.verdict}", style=_COLOUR[judgement.verdict]), entry)
    return table


def _vacuous(judgements: Sequence[Judgement]) -> dict[str, list[str]]:
    """Return the ids of vacuous claims by the assumptions that they have and the setting breaks."""
    found: dict[str, list[str]] = {}
    for judgement in judgements:
        if judgement.verdict is Verdict.VACUOUS:
            found.setdefault("; ".join(judgement.broken), []).append(judgement.claim.id)
    return found


def _beyond(judgements: Sequence[Judgement]) -> list[str]:
    """Return what simulation shows of claims whose assumptions are broken."""
    return [
        f"{judgement.claim.id}: {evidence.detail}."
        for judgement in judgements
        if judgement.verdict is Verdict.VACUOUS
        for evidence in judgement.evidence
        if evidence.outcome is Outcome.ILLUSTRATES
    ]


def _title(report: Report) -> str:
    run = report.settings
    kind = "softmax" if run.setting.temperature else "hardmax"
    return f"rankbound {run.version}: random {kind} attention, {run.sizes}"


def to_markdown(report: Report) -> str:
    """Return the report as a Markdown document."""
    run = report.settings
    lines = [f"# {_title(report)}", ""]
    if run.variant:
        lines += [f"{run.variant}.", ""]
    if report.interrupted:
        lines += ["Interrupted, so not reproducible.", ""]
    for heading, judgements in report.groups.items():
        lines += [f"**{heading} ({len(judgements)} of {len(report.judgements)})**", ""]
        for assumed, ids in _vacuous(judgements).items():
            names = ", ".join(f"`{id_}`" for id_ in ids)
            lines.append(f"- {Verdict.VACUOUS} {names}: assume{'s' * (len(ids) == 1)} {assumed}")
        lines += [f"- {line}" for line in _beyond(judgements)]
        for judgement in judgements:
            if judgement.verdict is Verdict.VACUOUS:
                continue
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
    lines += ["## Saturation", "", _markdown_row(columns(report))]
    lines.append(_markdown_row(["---:" if column in RIGHT else "---" for column in columns(report)]))
    lines += [_markdown_row(row) for row in rows(report)]
    for note in notes(report):
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


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _saturation(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns(report):
        table.add_column(Text(column), justify="right" if column in RIGHT else "left", overflow="fold")
    for row in rows(report):
        table.add_row(*(Text(cell) for cell in row))
    return table


def _how_to_repeat(report: Report) -> str:
    if report.settings.command.startswith("("):
        return "No command line repeats this run:"
    return "To run it in full:" if report.interrupted else "To repeat this run, bit for bit:"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
