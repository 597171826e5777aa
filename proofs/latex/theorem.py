"""A theorem and its proof in LaTeX, with what the proof rests on and whether it was checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from proofs.language import All, Claim
from proofs.latex.meaning import grouped, notation_of, parts_of, sets_of, variables_of
from proofs.latex.statements import claim_to_latex, conditions_to_latex, to_latex
from proofs.latex.words import escape
from proofs.model import ASSUMPTIONS
from proofs.open_questions import OpenQuestion
from proofs.records import ACCEPTED, CHECKED, Derivation, LedgerItem, Step, StepReport, Theorem

PREAMBLE = r"""\usepackage{amsmath, amssymb, amsthm}
\newtheorem{theorem}{Theorem}
\newtheorem{question}[theorem]{Open question}"""
"""What a document needs before it takes the output of :func:`theorem_to_latex` or :func:`question_to_latex`."""

_LONG = 75  # characters; a display that is longer is broken before its relation

_KINDS = {
    "assumption": "assumption",
    "theorem": "theorem",
    "rule": "rule",
    "citation": "literature",
    "library": "software",
    "gap": "not carried",
}


def theorem_to_latex(theorem: Theorem, derivation: Derivation, statuses: Mapping[str, str]) -> str:
    """Return a theorem, its proof and what the proof rests on, for a document with :data:`PREAMBLE`.

    Parameters
    ----------
    theorem : Theorem
    derivation : Derivation
        The outcome of checking it; unless it is ``"checked"`` the theorem says so.
    statuses : mapping of str to str
        The outcomes for the theorems it leans on.

    Raises
    ------
    TypeError
        If there is no notation for something in the theorem.
    """
    lines = [
        rf"\begin{{theorem}}[{{{escape(theorem.title)}}}]\label{{rankbound:{theorem.id}}}",
        *_warning(derivation),
        escape(theorem.prose),
        "",
        "Formally, for all values of the variables:",
        *_parts(theorem.statement),
        *_described("Variables", variables_of(theorem.variables)),
        *_described("Notation", notation_of([theorem.statement, *(step.claim for step in theorem.steps)])),
        *_assumptions(theorem),
        r"\end{theorem}",
        r"\begin{proof}",
        *_proof(theorem, derivation),
        r"\end{proof}",
        *_ledger(derivation, statuses),
    ]
    return "\n".join(lines) + "\n"


def question_to_latex(question: OpenQuestion) -> str:
    """Return an open question, what is known of it and what speaks for it, for a document with :data:`PREAMBLE`."""
    known = [rf"\item {escape(f'{name}: {words}')}" for name, words in question.known.items()]
    spoken = [rf"\item {escape(text)}" for text in question.evidence]
    lines = [
        rf"\begin{{question}}[{{{escape(question.title)}}}]\label{{rankbound:{question.id}}}",
        escape(question.prose),
        "",
        "Formally, for all values of the variables:",
        *_parts(question.statement),
        *_described("Variables", variables_of(question.variables)),
        *_described("Notation", notation_of([question.statement])),
        *_assumptions(question),
        r"\end{question}",
        *([r"\noindent Known:", r"\begin{itemize}", *known, r"\end{itemize}"] if known else []),
        *([r"\noindent What speaks for it, without proving it:", r"\begin{itemize}", *spoken, r"\end{itemize}"]),
    ]
    return "\n".join(lines) + "\n"


def _warning(derivation: Derivation) -> list[str]:
    if derivation.status == CHECKED:
        return []
    return [rf"\textbf{{Not proved: the derivation is {derivation.status}.}} {escape(derivation.detail)}", ""]


def _items(items: Iterable[tuple[str, str]]) -> list[str]:
    lines = [rf"\item[{label}] {text}" for label, text in items]
    return [r"\begin{enumerate}", *lines, r"\end{enumerate}"] if lines else []


def _parts(statement: Claim | All) -> list[str]:
    parts = parts_of(statement)
    if len(parts) == 1:
        return [_display(parts[0])]
    return _items((f"({number})", _display(part)) for number, part in enumerate(parts, 1))


def _display(claim: Claim) -> str:
    """Return a claim as a displayed formula, in lines where it is long."""
    whole = claim_to_latex(claim)
    if _width(whole) <= _LONG:
        return rf"\[ {whole} \]"
    rows = [to_latex(claim.conclusion)]
    left, right = getattr(claim.conclusion, "lhs", None), getattr(claim.conclusion, "rhs", None)
    if left is not None and _width(rows[0]) > _LONG:
        sign = rows[0].removeprefix(to_latex(left)).removesuffix(to_latex(right)).strip()
        rows = [to_latex(left), f"{sign} {to_latex(right)}"]
    rows += filter(None, [conditions_to_latex(claim)])
    return r"\begin{gather*} " + r" \\ ".join(rows) + r" \end{gather*}"


def _width(latex: str) -> int:
    """Return about how many characters a formula is wide."""
    return len(re.sub(r"\\(text|left|right|mathrm|frac)|[{}^_ ]", "", re.sub(r"\\[a-z]+(?<!frac)", "x", latex)))


def _described(title: str, items: list[tuple[str, str]]) -> list[str]:
    if not items:
        return []
    entries = (f"${letter}$" + (f", {meaning}" if meaning else "") for letter, meaning in items)
    return ["", rf"\emph{{{title}}}: {'; '.join(entries)}."]


def _assumptions(theorem: Theorem | OpenQuestion) -> list[str]:
    texts = [escape(ASSUMPTIONS[name].text) for name in theorem.assumptions if name in ASSUMPTIONS]
    return ["", r"\emph{Assumptions}: " + " ".join(texts)] if texts else []


def _proof(theorem: Theorem, derivation: Derivation) -> list[str]:
    numbers = {step.name: f"({number})" for number, step in enumerate(theorem.steps, 1)}
    reports = {report.name: report for report in derivation.steps}
    declared = {variable.symbol for variable in theorem.variables}
    others = sets_of(step.claim for step in theorem.steps)
    lines = _described("In the proof", grouped(symbol for symbol in others if symbol not in declared))
    names = [str(symbol) for symbol in others]
    twice = {symbol: text for symbol, text in others.items() if names.count(str(symbol)) > 1}
    steps = []
    for step in theorem.steps:
        shown = "The statement." if step.claim == theorem.statement and isinstance(step.claim, All) else _claim(step)
        here = [text for symbol, text in sets_of([step.claim]).items() if symbol in twice]
        where = f" Here ${', '.join(here)}$." if here else ""
        steps.append((numbers[step.name], f"{shown}{where} {_reason(step, numbers, reports.get(step.name))}"))
    return lines + _items(steps)


def _claim(step: Step) -> str:
    return rf"\emph{{{escape(step.name)}}}. " + " ".join(map(_display, parts_of(step.claim)))


def _reason(step: Step, numbers: Mapping[str, str], report: StepReport | None) -> str:
    reasons = [_premise(name, numbers) for name in step.premises]
    by = f"By the rule {escape(step.rule)}" + (f" from {', '.join(reasons)}" if reasons else "")
    why = f"{by}: {escape(step.because)}." if step.because else f"{by}."
    doubt = "" if report is not None and report.status == ACCEPTED else rf" \textbf{{{_doubt(report)}}}"
    return why + doubt


def _doubt(report: StepReport | None) -> str:
    return "Not checked." if report is None else f"This step is {report.status}: {escape(report.detail)}."


def _premise(name: str, numbers: Mapping[str, str]) -> str:
    kind, _, rest = name.partition(":")
    if not rest:
        return numbers.get(name, escape(name))
    source, _, part = rest.partition("#")
    kind = "the literature, " if kind == "cite" else f"the {kind} "
    return f"{kind}{escape(source)}" + (f" ({escape(part)})" if part else "")


def _through(entry: LedgerItem) -> str:
    return f" (through {entry.through})" if entry.through else ""


def _ledger(derivation: Derivation, statuses: Mapping[str, str]) -> list[str]:
    rows = []
    for kind, title in _KINDS.items():
        entries = [entry for entry in derivation.ledger if entry.kind == kind]
        texts = [escape(f"{entry.name}: {entry.text}{_through(entry)}") for entry in entries]
        if kind == "theorem":
            texts = [escape(f"{entry.name}: {statuses.get(entry.name, 'not checked')}") for entry in entries]
        if kind == "library" and entries:
            texts = [escape(", ".join(entry.name for entry in entries))]
        rows += [rf"\item \emph{{{title}}} {text}" for text in texts]
    listed = [r"\begin{itemize}", *rows, r"\end{itemize}"] if rows else []
    status = rf"\noindent Derivation: {derivation.status}, {len(derivation.steps)} steps. It rests on:"
    return [status, *listed]
