"""The table of a report, head dimension by head dimension, and what its numbers are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rankbound.rounding import ceiling_share, ceiling_text, floor_share, floor_text
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    from rankbound.enclosure import Enclosure
    from rankbound.verify.report import Report
    from rankbound.verify.spending import Spending

__all__ = ["RIGHT", "columns", "notes", "rows"]

RIGHT = ("head_dim", "replicates")
"""Heads of columns whose cells are flush right."""


def columns(report: Report) -> list[str]:
    """Return the heads of the table: without enclosures where none is known for the setting."""
    known = ["E[rank]/n", "rung"] if report.has_enclosures else []
    return ["head_dim", *known, "experiment: mean [interval]", "replicates"]


def rows(report: Report) -> list[list[str]]:
    """Return the cells of the table, a row a head dimension."""
    n = report.settings.n_keys
    found = []
    for d in report.settings.head_dims:
        point = report.findings.certified.get(d)
        estimate = report.findings.estimates.get(d)
        row = [str(d)]
        if point is not None:
            value = point.expected_rank
            if value.rigour is Rigour.EXACT:
                row.append(f"{(value.lower + value.upper) / 2 / n:.6g}")
            else:
                row.append(f"[{floor_share(value.lower, n)}, {ceiling_share(value.upper, n)}]")
            row.append(str(value.rigour))
        elif report.has_enclosures:
            row += ["not reached", ""]
        if estimate is None:
            row += ["not simulated", "0"]
        else:
            interval = f"[{floor_share(estimate.lower, n)}, {ceiling_share(estimate.upper, n)}]"
            row += [f"{_mean(estimate.mean / n)} {interval}", str(estimate.replicates)]
        found.append(row)
    return found


def _mean(share: float) -> str:
    return f"{share:.4f}" if share >= 1e-3 else f"{share:.2e}"


def notes(report: Report) -> list[str]:
    """Say what the table's numbers are worth: rungs, the division of the level, the power, what was left out."""
    run, barrier = report.settings, report.findings.barrier
    name, whose = report.findings.barrier_name, "" if report.has_enclosures else " of the ideal setting"
    rungs = "Enclosures are rounded outward, exact values to 6 digits."
    if not report.has_enclosures:
        rungs = "No enclosure of E[rank] is known for this setting."
    value, share = _barrier(barrier, run.n_keys)
    said = [f"Barrier{whose} {name} = {value}, {name}/n = {share} ({barrier.rigour}). {rungs}"]
    if run.setting.temperature:
        said.append(
            f"The rank at a temperature is a numerical one: singular values above {run.setting.tolerance:g} times the "
            "largest (float)."
        )
    if report.findings.wide is not None:
        wide, n = report.findings.wide, run.n_keys
        said.append(
            f"In the limit of wide heads: {_mean(wide.mean / n)} [{floor_share(wide.lower, n)}, "
            f"{ceiling_share(wide.upper, n)}], {wide.ranks.size} replicates."
        )
    if report.findings.estimates or report.findings.wide is not None:
        power = f" {_power(report)}" if run.spending.bets else ""
        said.append(f"{_division(run.spending)}{power}")
    return said + _skipped(report)


def _barrier(barrier: Enclosure, n: int) -> tuple[str, str]:
    """Return the barrier and its share: to 6 digits where it is exact, else as intervals, rounded outward."""
    low, high = barrier.lower, barrier.upper
    if barrier.rigour is Rigour.EXACT:
        return f"{low:.6g}", _share(low / n)
    return (
        f"[{floor_text(low, 7)}, {ceiling_text(high, 7)}]",
        f"[{floor_share(low, n)}, {ceiling_share(high, n)}]",
    )


def _share(share: float) -> str:
    return f"{share:.6f}" if share >= 1e-3 else f"{share:.5e}"


def _division(spending: Spending) -> str:
    parts = [f"{spending.head_dims} interval{'s' * (spending.head_dims != 1)}"] if spending.head_dims else []
    if spending.bets:
        parts.append("as many bets against dominance")
    if spending.controls:
        parts.append(f"{spending.controls} small cases with a known answer")
    if spending.own:
        parts.append(f"{spending.own} for one claim alone")
    if spending.bets:
        parts.append("a bet on all together")
    tests = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return (
        f"Family-wise level {spending.level:g} = {spending.tests} x {spending.each:.2g}, set aside for {tests}; each "
        "holds at all numbers of replicates at once, and all claims share them."
    )


def _power(report: Report) -> str:
    found = report.detectable
    if found is None:
        return "No ranks like those drawn would have refuted the barrier."
    name = report.findings.barrier_name
    return f"Ranks {100 * found[1]:.2g}% above {name} on average would have refuted it (at head_dim {found[0]})."


def _skipped(report: Report) -> list[str]:
    """Say once for each reason which head dimensions were not simulated."""
    reasons: dict[str, list[str]] = {}
    for d, reason in report.findings.skipped.items():
        reasons.setdefault(reason, []).append(str(d))
    return [f"Not simulated at head_dim {', '.join(dims)}: {reason}." for reason, dims in reasons.items()]
