"""How theorems, steps and derivations show in a notebook: HTML with formulas for MathJax, and LaTeX.

Formulas stand in elements of the class ``math``, where both Jupyter and Sphinx look for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.open_questions import OpenQuestion
    from proofs.records import Derivation, Step, Theorem

_TABLE = 'class="rankbound-derivation" style="text-align: left"'


def statement_to_latex(claim: Any) -> str:
    """Return a claim, or several, as displayed LaTeX."""
    from proofs.latex import claim_to_latex

    rows = r" \\ ".join(claim_to_latex(part) for part in getattr(claim, "parts", (claim,)))
    return rf"$$\begin{{gathered}} {rows} \end{{gathered}}$$"


def theorem_to_html(theorem: Theorem) -> str:
    """Return a theorem: title, statement in words and in formulas, what it assumes and what it leans on."""
    from proofs.latex import notation_of, to_latex

    pieces = [
        '<div class="rankbound-theorem">',
        f"<p><strong>{escape(theorem.title)}</strong> (<code>{escape(theorem.id)}</code>)</p>",
        f"<p>{escape(theorem.prose)}</p>",
    ]
    if theorem.establishes == "negation":
        pieces.append("<p>What is proved is the negation of the reading that the id names.</p>")
    pieces += [
        "<p>Formally, for all values of the variables:</p>",
        f'<div class="math">{escape(statement_to_latex(theorem.statement), quote=False)}</div>',
        _said("Variables", (f"{_math(to_latex(one.symbol))}, {escape(one.meaning)}" for one in theorem.variables)),
        _said(
            "Notation", (f"{_math(letter)}, {_words(meaning)}" for letter, meaning in notation_of([theorem.statement]))
        ),
        _said("Assumes", _codes(theorem.assumptions)),
        _said("Rests on", _codes(theorem.depends_on)),
        _said("Not carried", map(escape, theorem.gaps)),
        f"<p>A proof of {_number_of_steps(theorem)}; <code>proofs.check({escape(theorem.id)!r})</code> checks it.</p>",
        "</div>",
    ]
    return "\n".join(filter(None, pieces))


def question_to_html(question: OpenQuestion) -> str:
    """Return an open question: statement in words and in formulas, what is known and what speaks for it."""
    from proofs.latex import to_latex

    known = (f"<code>{escape(name)}</code>: {escape(words)}" for name, words in question.known.items())
    pieces = [
        '<div class="rankbound-question">',
        f"<p><strong>{escape(question.title)}</strong> (<code>{escape(question.id)}</code>): "
        f"<strong>{escape(question.status)}</strong></p>",
        f"<p>{escape(question.prose)}</p>",
        f'<div class="math">{escape(statement_to_latex(question.statement), quote=False)}</div>',
        _said("Variables", (f"{_math(to_latex(one.symbol))}, {escape(one.meaning)}" for one in question.variables)),
        _said("Assumes", _codes(question.assumptions)),
        _said("Known", known),
        *(f"<p>Evidence: {escape(text)}</p>" for text in question.evidence),
        "</div>",
    ]
    return "\n".join(filter(None, pieces))


def step_to_html(step: Step) -> str:
    """Return a step: its claim in formulas, the rule and the premises."""
    reason = f": {escape(step.because)}" if step.because else ""
    premises = f" from {', '.join(_codes(step.premises))}" if step.premises else ""
    return (
        f'<div class="rankbound-step"><p><strong>{escape(step.name)}</strong></p>\n'
        f'<div class="math">{escape(statement_to_latex(step.claim), quote=False)}</div>\n'
        f"<p>by the rule <code>{escape(step.rule)}</code>{premises}{reason}</p></div>"
    )


def derivation_to_html(derivation: Derivation) -> str:
    """Return the outcome of a check: the status, every step with its own, and what all rests on."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(step.name)}</td><td><code>{escape(step.claim)}</code></td>"
        f"<td><code>{escape(step.rule)}</code></td><td>{escape(step.status)}</td></tr>"
        for number, step in enumerate(derivation.steps, 1)
    )
    detail = f": {escape(derivation.detail)}" if derivation.detail else ""
    pieces = [
        '<div class="rankbound-derivation">',
        f"<p><strong>{escape(derivation.title)}</strong> (<code>{escape(derivation.theorem)}</code>): "
        f"<strong>{escape(derivation.status)}</strong>{detail}</p>",
        f"<p>{escape(derivation.statement)}</p>",
        f"<details><summary>{_number_of_steps(derivation)}</summary><table {_TABLE}><thead><tr><th></th><th>step</th>"
        f"<th>claim</th><th>rule</th><th>outcome</th></tr></thead><tbody>{rows}</tbody></table></details>",
    ]
    for kind, title in (("assumption", "Assumes"), ("theorem", "Rests on"), ("citation", "Cites"), ("gap", "Gaps")):
        names = [item.text if kind == "gap" else item.name for item in derivation.ledger if item.kind == kind]
        pieces.append(_said(title, map(escape, names) if kind == "gap" else _codes(names)))
    return "\n".join(filter(None, [*pieces, "</div>"]))


def _said(title: str, items: Iterable[str]) -> str:
    listed = "; ".join(items)
    return f"<p>{title}: {listed}.</p>" if listed else ""


def _codes(names: Iterable[str]) -> Iterable[str]:
    return (f"<code>{escape(name)}</code>" for name in names)


def _number_of_steps(shown: Theorem | Derivation) -> str:
    return f"{len(shown.steps)} step{'s' if len(shown.steps) != 1 else ''}"


def _math(latex: str) -> str:
    return rf'<span class="math">\({escape(latex, quote=False)}\)</span>'


def _words(text: str) -> str:
    """Return text in LaTeX, with formulas in it, as HTML."""
    pieces = text.split("$")
    return "".join(
        _math(piece) if place % 2 else escape(re.sub(r"\\([{}&#_%])", r"\1", piece))
        for place, piece in enumerate(pieces)
    )
