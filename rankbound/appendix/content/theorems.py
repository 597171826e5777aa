"""A theorem and its proof, step by step, with how each step was checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rankbound.appendix.content.words import codes, ended, listed, said, sentence
from rankbound.appendix.document import (
    Block,
    Blocks,
    Carrier,
    Citation,
    Code,
    Display,
    Emphasis,
    Inlines,
    Items,
    Math,
    Notice,
    Paragraph,
    Proof,
    Reference,
    Statement,
    Step,
    Strong,
    Text,
)
from rankbound.appendix.prose import inlines
from rankbound.appendix.works import work_of

if TYPE_CHECKING:
    from proofs import Derivation, OpenQuestion, Theorem
    from proofs.records import StepReport

_CARRIERS = {"rule": Carrier.EXACT, "ball arithmetic": Carrier.BALLS, "citation": Carrier.CITED}


def label_of(name: str) -> str:
    """Return the label of a theorem or question."""
    return f"thm:{name}"


def step_label(theorem: str, number: int) -> str:
    """Return the label of a step of a proof, counted from 1."""
    return f"step:{theorem}:{number}"


def reference_to(name: str, included: Iterable[str]) -> Inlines:
    """Return a reference to a theorem: by number where the document has it, else by its id."""
    return (Reference(label_of(name)),) if name in included else (Code(name),)


def stated(theorem: Theorem, derivation: Derivation) -> Statement:
    """Return the statement of a theorem in words and in formulas, with a box if it is not proved.

    Parameters
    ----------
    theorem : Theorem
    derivation : Derivation
        The outcome of checking it.
    """
    refutes = theorem.establishes == "negation"
    content: list[Block] = [*_doubts(derivation), Paragraph(inlines(theorem.prose))]
    if refutes:
        content.append(said("What is proved is the negation of the reading that the name stands for."))
    content += [said("In formulas, for all values of the variables:"), *_parts(theorem.statement)]
    content += _conditions(theorem)
    kind = "Refutation" if refutes else "Theorem"
    return Statement(label_of(theorem.id), kind, inlines(theorem.title), theorem.id, tuple(content))


def proved(theorem: Theorem, derivation: Derivation, included: Iterable[str]) -> Proof:
    """Return the proof of a theorem, each step with its reason and how it was checked.

    Parameters
    ----------
    theorem : Theorem
    derivation : Derivation
        The outcome of checking it.
    included : iterable of str
        Ids of the theorems that the document has, to which it may refer by number.
    """
    from proofs.language import All
    from proofs.latex.meaning import grouped, sets_of

    numbers = {step.name: number for number, step in enumerate(theorem.steps, 1)}
    reports = {report.name: report for report in derivation.steps}
    declared = {variable.symbol for variable in theorem.variables}
    others = sets_of(step.claim for step in theorem.steps)
    names = [str(symbol) for symbol in others]
    twice = {symbol: text for symbol, text in others.items() if names.count(str(symbol)) > 1}
    bound = grouped(symbol for symbol in others if symbol not in declared)
    first = (
        [said("Where nothing else is said, ", listed([(Math(letters),) for letters, _ in bound]), ".")] if bound else []
    )
    steps = []
    for number, step in enumerate(theorem.steps, 1):
        if step.claim == theorem.statement and isinstance(step.claim, All):
            claim: Blocks = (said("The statement, all parts together."),)
        else:
            claim = _displayed(step.claim)
        here = [text for symbol, text in sets_of([step.claim]).items() if symbol in twice]
        if here:
            claim = (*claim, said("Here ", listed([(Math(text),) for text in here]), "."))
        report = reports.get(step.name)
        reason = _reason(step, theorem.id, numbers, included)
        carrier = _carrier(report)
        if carrier is Carrier.UNCHECKED:
            reason = (*reason, Text(" "), Strong((Text(_doubt(report)),)))
        steps.append(Step(step_label(theorem.id, number), step.name, claim, reason, carrier))
    return Proof(label_of(theorem.id), tuple(first), tuple(steps))


def asked(question: OpenQuestion, derivations: Mapping[str, Derivation], included: Iterable[str]) -> Statement:
    """Return an open question: what is asked, what is known of it and what speaks for it.

    Parameters
    ----------
    question : OpenQuestion
    derivations : mapping of id to Derivation
        The outcomes of checking the theorems that bear on it.
    included : iterable of str
        Ids of the theorems that the document has.
    """
    known = [
        sentence(reference_to(name, included), f" ({derivations[name].status}): ", inlines(ended(words)))
        for name, words in question.known.items()
    ]
    content: list[Block] = [
        Notice("Open: neither proved nor refuted", (Paragraph(inlines(question.prose)),)),
        said("In formulas, for all values of the variables:"),
        *_parts(question.statement),
        *_conditions(question),
    ]
    if known:
        content += [said("Known:"), Items(tuple((Paragraph(one),) for one in known))]
    if question.evidence:
        spoken = tuple((Paragraph(inlines(one)),) for one in question.evidence)
        content += [said("What speaks for it, without proving it:"), Items(spoken)]
    return Statement(label_of(question.id), "Question", inlines(question.title), question.id, tuple(content))


def _conditions(stated: Theorem | OpenQuestion) -> Blocks:
    """Return the variables of a statement with what they stand for, and what it assumes."""
    from proofs.latex.meaning import variables_of

    letters = [latex for latex, _ in variables_of(stated.variables)]
    variables = [
        sentence((Math(latex),), ", ", inlines(one.meaning))
        for latex, one in zip(letters, stated.variables, strict=True)
    ]
    blocks: list[Block] = []
    if variables:
        blocks.append(said((Emphasis((Text("Variables"),)),), ": ", listed(variables, between="; "), "."))
    if stated.assumptions:
        blocks.append(said((Emphasis((Text("Assumes"),)),), " ", codes(stated.assumptions), "."))
    return tuple(blocks)


def _doubts(derivation: Derivation) -> Blocks:
    if derivation.status == "checked":
        return ()
    why = Paragraph(inlines(ended(derivation.detail)) if derivation.detail else (Text("No reason was given."),))
    return (Notice(f"Not proved: the derivation is {derivation.status}", (why,)),)


def _parts(statement: Any) -> Blocks:
    from proofs.latex.meaning import parts_of

    parts = parts_of(statement)
    shown = _displayed(statement)
    return shown if len(parts) == 1 else (Items(tuple((one,) for one in shown), numbered=True),)


def _displayed(claim: Any) -> Blocks:
    from proofs.latex import claim_to_latex
    from proofs.latex.meaning import parts_of

    return tuple(Display(claim_to_latex(part)) for part in parts_of(claim))


def _reason(step: Any, theorem: str, numbers: Mapping[str, int], included: Iterable[str]) -> Inlines:
    premises = [_premise(name, theorem, numbers, included) for name in step.premises if not _assumed(name)]
    assumed = [name for name in map(_assumed, step.premises) if name]
    if assumed:
        word = "the assumption " if len(set(assumed)) == 1 else "the assumptions "
        premises.append(sentence(word, codes(dict.fromkeys(assumed))))
    origin = sentence(" from ", listed(premises)) if premises else ()
    why = sentence(": ", inlines(step.because)) if step.because else ()
    return sentence("By ", (Code(step.rule),), origin, why, ".")


def _premise(name: str, theorem: str, numbers: Mapping[str, int], included: Iterable[str]) -> Inlines:
    kind, _, rest = name.partition(":")
    if not rest:
        return (Reference(step_label(theorem, numbers[name])),) if name in numbers else (Code(name),)
    source, _, part = rest.partition("#")
    of_part = f" ({part})" if part else ""
    if kind == "theorem":
        return sentence(reference_to(source, included), of_part)
    return sentence((Code(source),), of_part, " ", _cited(source))


def _assumed(premise: str) -> str:
    """Return the id of the assumption that a premise is taken from, or nothing."""
    kind, _, rest = premise.partition(":")
    return rest.partition(".")[0] if kind == "assumption" else ""


def _cited(name: str) -> Inlines:
    from proofs.literature import LITERATURE

    return tuple(Citation(work.key) for work in work_of(LITERATURE[name].reference))


def _carrier(report: StepReport | None) -> Carrier:
    accepted = report is not None and report.status == "accepted"
    return _CARRIERS[report.carrier] if report is not None and accepted else Carrier.UNCHECKED


def _doubt(report: StepReport | None) -> str:
    return "Not checked." if report is None else ended(f"This step is {report.status}: {report.detail}")
