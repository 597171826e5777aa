"""``rankbound theorems``: the theorems, their proofs step by step, and what came of checking them."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.cli import options
from rankbound.cli.files import write_result
from rankbound.cli.streams import emit, is_terminal
from rankbound.cli.types import OfKind, TheoremId
from rankbound.verify.calculus import ExitCode
from rankbound.witnesses import ensure_own

if TYPE_CHECKING:
    from proofs import Derivation, OpenQuestion


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("ids", metavar="[ID]...", type=TheoremId(), nargs=-1)
@click.option(
    "--check",
    is_flag=True,
    help="Check anew what is asked for, say how long it took, and answer with an exit code.",
)
@options.format_of("text", "json", "latex", more="; JSON and LaTeX have every theorem in full")
@click.option(
    "--graph",
    type=OfKind((".svg", ".dot", ".html"), "theorems.html"),
    help="Draw into this file as well what rests on what: all theorems, or each ID and what it rests on. It ends in "
    ".svg, .dot or .html (the kind).",
)
@options.no_cache
def theorems(ids: tuple[str, ...], check: bool, format_: str, graph: Path | None) -> int:
    """Print the theorems and whether their proofs are checked; with an ID, that one in full, step by step.

    An ID may also be that of an open question, neither proved nor refuted; the list ends with these.

    A status is never set by hand: it is what came of checking every step. An outcome may be one that the very same
    program wrote down before; --check checks anew, and also reads each statement at small sizes, where every
    probability is found by enumeration or exact integration. Exit code with --check: 0 every theorem asked for is
    checked, 1 one is rejected, has gaps or fails at a small size, 3 one is undecided or open. Without it: 0. In any
    case: 2 usage, 4 internal error, 130 interrupted.
    """
    ensure_own("proofs")
    import proofs

    asked = [name for name in dict.fromkeys(ids) if name in proofs.open_question_ids()]
    names = tuple(name for name in dict.fromkeys(ids) if name not in asked) if ids else proofs.theorem_ids()
    questions = {name: proofs.open_question(name) for name in (asked if ids else proofs.open_question_ids())}
    bearing = tuple(name for question in questions.values() for name in question.known)
    drawn = _with_all_they_rest_on((*names, *bearing)) if graph is not None else {}
    if format_ == "text" and not ids:
        found = _derivations(names, anew=check)
        text = _listing(found, questions)
    else:
        # With those that they lean on: these are checked first anyhow.
        records = {name: proofs.theorem(name) for name in names}
        wanted = {*names, *drawn}.union(*(record.depends_on for record in records.values()))
        found = _derivations([name for name in proofs.theorem_ids() if name in wanted], anew=check)
        text = _in_full(records, found, questions, format_)
    if graph is not None:
        _draw(graph, drawn, found, questions)
    emit(text)
    if not check:
        return ExitCode.AS_EXPECTED
    for name, derivation in found.items():
        reason = f": {derivation.detail}" if derivation.detail else ""
        click.echo(f"rankbound: {name}: {derivation.status} in {derivation.seconds:.2f} s{reason}", err=True)
    for name in asked:
        click.echo(f"rankbound: {name}: open, there is no proof to check", err=True)
    return _exit_code({found[name].status for name in names} | {_small_cases(name) for name in names} | {*asked})


def _with_all_they_rest_on(names: Iterable[str]) -> dict[str, Any]:
    """Return the records of theorems and of everything they rest on, in the order of reading."""
    import proofs
    from rankbound.theorem_graph import with_all_above

    return with_all_above(names, {name: proofs.theorem(name) for name in proofs.theorem_ids()})


def _draw(
    path: Path, records: Mapping[str, Any], found: Mapping[str, Derivation], questions: Mapping[str, OpenQuestion]
) -> None:
    """Write the graph of theorems into a file, of the kind that its ending names."""
    from rankbound.theorem_graph import graph_of, to_dot, to_html, to_svg

    kinds = {".svg": to_svg, ".dot": to_dot, ".html": to_html}
    write_result(path, kinds[path.suffix.lower()](graph_of(records, found, questions)))


def _small_cases(name: str) -> str:
    """Read a theorem's statement at small sizes, say what came of it, and return the status that this amounts to."""
    import proofs

    cases = proofs.small_cases(name)
    if not cases:
        return "checked"
    for case in cases:
        if not case.holds:
            click.echo(f"rankbound: {name}: part {case.part} {case.outcome} for {case.setting}: {case.finds}", err=True)
    outcomes = [case.outcome for case in cases]
    rungs = [case.rung for case in cases if case.holds]
    held = ", ".join(f"{rungs.count(rung)} {rung}" for rung in dict.fromkeys(rungs))
    click.echo(f"rankbound: {name}: {len(rungs)} of {len(cases)} small cases hold ({held})", err=True)
    return "rejected" if "fails" in outcomes else "undecided" if "undecided" in outcomes else "checked"


def _exit_code(statuses: set[str]) -> ExitCode:
    if statuses & {"rejected", "partial"}:
        return ExitCode.UNEXPECTED
    return ExitCode.AS_EXPECTED if statuses <= {"checked"} else ExitCode.UNDECIDED


def _derivations(names: Iterable[str], *, anew: bool) -> dict[str, Derivation]:
    """Check theorems, or recall what came of it; with a bar on a terminal while that takes time."""
    import proofs
    from rankbound.verify.run import DERIVATION_LIMIT

    checks = proofs.start_checks(names, time_limit=DERIVATION_LIMIT, anew=anew)
    try:
        if is_terminal(sys.stderr) and not checks.done():
            from rankbound.cli.progress import bar

            with bar() as advance:
                while not checks.done():
                    advance(*checks.progress())
                    time.sleep(0.05)
        return checks.result()
    finally:
        checks.cancel()


def _listing(found: Mapping[str, Derivation], questions: Mapping[str, OpenQuestion]) -> str:
    from rankbound.cli.theorem_pages import listing

    return listing(found, questions, width=_width(), colour=_wants_colour())


def _in_full(
    records: Mapping[str, Any],
    found: Mapping[str, Derivation],
    questions: Mapping[str, OpenQuestion],
    format_: str,
) -> str:
    statuses = {name: derivation.status for name, derivation in found.items()}
    if format_ == "latex":
        from proofs.latex import PREAMBLE, question_to_latex, theorem_to_latex

        needs = "".join(f"%   {line}\n" for line in PREAMBLE.splitlines())
        blocks = [theorem_to_latex(record, found[name], statuses) for name, record in records.items()]
        blocks += map(question_to_latex, questions.values())
        return "\n".join([f"% The preamble of a document that takes this in:\n{needs}", *blocks])
    from rankbound.cli.theorem_pages import document, entry, in_full, question_entry, question_in_full

    entries = [entry(record, found[name], statuses) for name, record in records.items()]
    if format_ == "json":
        asked = [question_entry(question) for question in questions.values()]
        return json.dumps(document(entries, asked), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    width, colour = _width(), _wants_colour()
    pages = [in_full(one, width=width, colour=colour) for one in entries]
    pages += [question_in_full(question_entry(one), width=width, colour=colour) for one in questions.values()]
    return "\n".join(pages)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 110) if is_terminal(sys.stdout) else 80


def _wants_colour() -> bool:
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
