"""What ``rankbound theorems`` prints: the list of theorems, and a theorem in full as plain data and as text."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from rankbound import __version__

if TYPE_CHECKING:
    from proofs import Derivation, OpenQuestion, Theorem
    from proofs.records import Variable

SCHEMA = "rankbound.theorems/1"

_COLOUR = {"checked": "green", "partial": "yellow", "undecided": "yellow", "rejected": "red"}
"""Every outcome of a check, best first."""

_TYPES = {
    (True, "positive"): "positive integer",
    (True, "nonnegative"): "integer, at least 0",
    (True, None): "integer",
    (False, "positive"): "positive number",
    (False, "nonnegative"): "number, at least 0",
    (False, None): "real number",
}

_LEDGER = {
    "theorem": "Rests on theorems",
    "rule": "Rests on rules",
    "citation": "Rests on the literature",
    "library": "Rests on software",
    "gap": "Not carried",
}


_NO_BREAK = "\N{NO-BREAK SPACE}"


def document(entries: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the JSON document about theorems and open questions, as :func:`entry` and :func:`question_entry` give."""
    statuses = [one["status"] for one in entries]
    return {
        "schema": SCHEMA,
        "version": __version__,
        "summary": {"theorems": len(entries)} | {name: statuses.count(name) for name in _COLOUR},
        "theorems": list(entries),
        "open_questions": list(questions),
    }


def entry(theorem: Theorem, derivation: Derivation, statuses: Mapping[str, str]) -> dict[str, Any]:
    """Return everything about a theorem as plain data.

    Parameters
    ----------
    theorem : Theorem
    derivation : Derivation
        The outcome of checking it.
    statuses : mapping of str to str
        The outcomes for the theorems it leans on.
    """
    because = {step.name: step.because for step in theorem.steps}
    checked = derivation.to_json()
    return {
        "id": theorem.id,
        "title": theorem.title,
        "status": derivation.status,
        "detail": derivation.detail,
        "establishes": derivation.establishes,
        "statement": theorem.prose,
        "formal": [part.text() for part in getattr(theorem.statement, "parts", (theorem.statement,))],
        "variables": _variables(theorem.variables),
        "steps": [
            {"number": number, **step, "because": because.get(step["name"], "")}
            for number, step in enumerate(checked["steps"], 1)
        ],
        "ledger": [
            {**item, "status": statuses[item["name"]] if item["kind"] == "theorem" else None}
            for item in checked["ledger"]
        ],
        "references": list(theorem.references),
    }


def question_entry(question: OpenQuestion) -> dict[str, Any]:
    """Return everything about an open question as plain data."""
    from proofs.model import ASSUMPTIONS

    return {
        "id": question.id,
        "title": question.title,
        "status": question.status,
        "statement": question.prose,
        "formal": question.statement.text(),
        "variables": _variables(question.variables),
        "assumptions": [{"name": name, "text": ASSUMPTIONS[name].text} for name in question.assumptions],
        "known": [{"theorem": name, "says": words} for name, words in question.known.items()],
        "evidence": list(question.evidence),
    }


def _variables(variables: Iterable[Variable]) -> list[dict[str, str]]:
    return [{"name": str(one.symbol), "type": _type_of(one.symbol), "meaning": one.meaning} for one in variables]


def _type_of(symbol: Any) -> str:
    sign = "positive" if symbol.is_positive else "nonnegative" if symbol.is_nonnegative else None
    return _TYPES[bool(symbol.is_integer), sign]


def listing(
    derivations: Mapping[str, Derivation], questions: Mapping[str, OpenQuestion], *, width: int, colour: bool
) -> str:
    """Return the table of all theorems, in the order given, and the open questions, as text ``width`` columns wide."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

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
    numbers = {name: number for number, name in enumerate(derivations, 1)}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text("#"), justify="right", overflow="fold")
    table.add_column(Text("theorem"), overflow="fold")
    table.add_column(Text("status"), no_wrap=True)
    table.add_column(Text("steps"), justify="right", no_wrap=True)
    table.add_column(Text("leans on"), overflow="fold", max_width=14)
    for name, found in derivations.items():
        used = sorted(numbers[item.name] for item in found.ledger if item.kind == "theorem")
        table.add_row(
            Text(str(numbers[name])),
            Text.assemble((name, "bold"), f"\n{found.title}"),
            Text(found.status, style=_COLOUR[found.status]),
            Text(str(len(found.steps))),
            Text(", ".join(map(str, used))),
        )
    console.print(Text(f"rankbound {__version__}: the theorems in the order of reading", style="bold"))
    console.print()
    console.print(table)
    console.print()
    for found in derivations.values():
        if found.status != "checked":
            console.print(Text(f"{found.theorem} is {found.status}: {found.detail}"))
    for question in questions.values():
        console.print(
            Text.assemble("Open: ", (question.id, "bold"), f", {question.title[0].lower()}{question.title[1:]}")
        )
    console.print(Text(f"{_summary(derivations)} One in full: rankbound theorems ID"))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _summary(derivations: Mapping[str, Derivation]) -> str:
    found = [derivation.status for derivation in derivations.values()]
    counts = ", ".join(f"{found.count(name)} {name}" for name in _COLOUR if name in found)
    return f"{len(found)} theorem{'s' if len(found) != 1 else ''}: {counts}."


def in_full(one: Mapping[str, Any], *, width: int, colour: bool) -> str:
    """Return a theorem, as :func:`entry` gives it, as text ``width`` columns wide, with escape codes if ``colour``."""
    page = _Page(width, colour)
    page.line(one["id"], bold=True)
    page.paragraph(one["title"])
    status = f"{one['status']}: {one['detail']}" if one["detail"] else one["status"]
    page.paragraph(status, fg=_COLOUR[one["status"]])
    if one["establishes"] == "negation":
        page.paragraph("What is proved is the negation of the reading that the id names.")
    page.line()
    page.paragraph(one["statement"])
    formal = [(f"({number})", _kept_together(part)) for number, part in enumerate(one["formal"], 1)]
    page.section("Formally, for all values of the variables", formal)
    page.section("Variables", [(each["name"], f"{each['meaning']} ({each['type']})") for each in one["variables"]])
    ledger = [(item["kind"], item["name"], _said(item)) for item in one["ledger"]]
    page.section("Assumptions", [("", f"{name}: {text}") for kind, name, text in ledger if kind == "assumption"])
    page.line()
    page.line(f"Proof in {len(one['steps'])} steps", bold=True)
    numbers = {step["name"]: f"({step['number']})" for step in one["steps"]}
    for step in one["steps"]:
        _print_step(page, step, numbers)
    for kind, title in _LEDGER.items():
        entries = [(name, text) for kind_, name, text in ledger if kind_ == kind]
        texts = [f"{name}: {text}" for name, text in entries]
        if kind == "library" and entries:  # there is nothing to say about each
            texts = [", ".join(name for name, _ in entries)]
        page.section(title, [("", text) for text in texts])
    page.section("See also", [("", reference) for reference in one["references"]])
    return page.text()


def question_in_full(one: Mapping[str, Any], *, width: int, colour: bool) -> str:
    """Return an open question, as :func:`question_entry` gives it, as text ``width`` columns wide."""
    page = _Page(width, colour)
    page.line(one["id"], bold=True)
    page.paragraph(one["title"])
    page.paragraph("open: neither proved nor refuted, as far as is known here", fg="yellow")
    page.line()
    page.paragraph(one["statement"])
    page.section("Formally, for all values of the variables", [("", _kept_together(one["formal"]))])
    page.section("Variables", [(each["name"], f"{each['meaning']} ({each['type']})") for each in one["variables"]])
    page.section("Assumptions", [("", f"{each['name']}: {each['text']}") for each in one["assumptions"]])
    page.section("Known", [("", f"{each['theorem']}: {each['says']}") for each in one["known"]])
    page.section("What speaks for it, without proving it", [("", text) for text in one["evidence"]])
    return page.text()


def _said(item: Mapping[str, Any]) -> str:
    through = f" (through {item['through']})" if item["through"] else ""
    return f"{item['status'] or item['text']}{through}"


def _print_step(page: _Page, step: Mapping[str, Any], numbers: Mapping[str, str]) -> None:
    reasons = [numbers.get(name, name) for name in step["premises"]]
    method = f" ({step['method']})" if step["method"] else ""
    page.item(f"({step['number']})", step["name"])
    page.paragraph(_kept_together(step["claim"]), 8, 10)
    page.paragraph(f"by {step['rule']}" + (f" from {', '.join(reasons)}" if reasons else ""), 8, 10)
    colour = None if step["status"] == "accepted" else "red"
    page.paragraph(f"{step['status']}{method}: {step['detail']}", 8, 10, fg=colour)
    if step["because"]:
        page.paragraph(f"because {step['because']}", 8, 10)


def _kept_together(formula: str) -> str:
    """Return a formula in which no line ends within a short pair of parentheses."""
    return re.sub(r"\([^()]{1,24}\)", lambda found: found.group().replace(" ", _NO_BREAK), formula)


class _Page:
    """Text in lines of limited width; nothing is left out, and a piece longer than a line goes on in the next."""

    def __init__(self, width: int, colour: bool) -> None:
        self._lines: list[str] = []
        self._width = max(width, 40)
        self._colour = colour

    def line(self, text: str = "", **style: Any) -> None:
        """Print a line as it is, in a style of click's."""
        self._lines.append(click.style(text, **style) if self._colour and style else text)

    def paragraph(
        self, text: str, indent: int = 2, hanging: int | None = None, *, label: str = "", **style: Any
    ) -> None:
        """Print a paragraph, the lines after the first with another indent."""
        first, other = " " * indent + label, " " * (indent if hanging is None else hanging)
        for line in textwrap.wrap(
            text, self._width, initial_indent=first, subsequent_indent=other, break_on_hyphens=False
        ):
            self.line(line.replace(_NO_BREAK, " "), **style)

    def item(self, label: str, text: str) -> None:
        """Print a paragraph, after its label if it has one."""
        if label:
            self.paragraph(text, 2, 8, label=f"{label:<5} ")
        else:
            self.paragraph(text, 2, 4)

    def section(self, title: str, items: Sequence[tuple[str, str]]) -> None:
        """Print a title and labelled paragraphs, or nothing if there are none."""
        if items:
            self.line()
            self.line(title, bold=True)
        for label, text in items:
            self.item(label, text)

    def text(self) -> str:
        """Return what was printed."""
        return "\n".join(self._lines) + "\n"
