"""What stands before the theorems: what this is, the notation, and the assumptions with where they are used."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rankbound.appendix.content.theorems import label_of
from rankbound.appendix.content.words import counted, described, listed, said, sentence
from rankbound.appendix.document import (
    Block,
    Blocks,
    Code,
    Column,
    Definitions,
    Items,
    Math,
    Notice,
    Paragraph,
    Reference,
    Section,
    Table,
    Text,
)
from rankbound.appendix.material import Material
from rankbound.appendix.prose import inlines


def lead(material: Material) -> Blocks:
    """Return what the appendix is, in a few sentences, and a box for everything in it that is not proved."""
    theorems, found = material.theorems, material.derivations
    blocks: list[Block] = []
    if theorems:
        carriers = Counter(step.carrier for name in theorems for step in found[name].steps if step.status == "accepted")
        steps = sum(len(found[name].steps) for name in theorems)
        accepted = carriers.total()
        checked = "A program checked every step" if accepted == steps else f"A program accepted {accepted} of the steps"
        blocks.append(
            said(
                f"{counted(len(theorems), 'theorem')} with {counted(steps, 'step')} of proof. {checked}: "
                f"{carriers['rule']} by exact calculation alone, {carriers['ball arithmetic']} with the sign of a "
                f"number found in ball arithmetic, {carriers['citation']} with a result of the literature that is "
                "named. The mark at the end of a step says which of these carried it."
            )
        )
    doubtful = [name for name in theorems if found[name].status != "checked"]
    doubts = [
        sentence((Reference(label_of(name)),), f" is {found[name].status}: ", inlines(found[name].detail))
        for name in doubtful
    ]
    doubts += [sentence((Reference(label_of(name)),), " is open.") for name in material.questions]
    if doubts:
        blocks.append(Notice("Not everything here is proved", (Items(tuple((Paragraph(one),) for one in doubts)),)))
    return tuple(blocks)


def notation(material: Material) -> Section:
    """Return the letters of the theorems, and what each stands for."""
    from proofs.latex.meaning import meanings_of

    claims: list[Any] = [
        claim for one in material.theorems.values() for claim in (one.statement, *(s.claim for s in one.steps))
    ]
    claims += [question.statement for question in material.questions.values()]
    entries = tuple(((Math(letters),), described(meaning)) for letters, meaning in meanings_of(claims))
    first = said(
        "Queries and keys are numbered from 0. There are ",
        (Math("n"),),
        " keys and ",
        (Math("m"),),
        " queries, as many as keys unless both letters occur, and ",
        (Math("d"),),
        " is the head dimension. Where the parameters of a quantity are these letters themselves, they are left out. "
        "Log is the natural logarithm.",
    )
    return Section("sec:notation", (Text("Notation"),), (first, *((Definitions(entries),) if entries else ())))


def assumptions(material: Material) -> Section | None:
    """Return the assumptions, each with the theorems that use it, or nothing where none is made."""
    from proofs.model import ASSUMPTIONS

    users: dict[str, list[str]] = {}
    for name in material.theorems:
        for item in material.derivations[name].ledger:
            if item.kind == "assumption":
                users.setdefault(item.name, []).append(name)
    for name, question in material.questions.items():
        for assumed in question.assumptions:
            users.setdefault(assumed, []).append(name)
    if not users:
        return None
    rows = tuple(
        (
            (Code(name),),
            inlines(ASSUMPTIONS[name].text if name in ASSUMPTIONS else "an assumption of its own"),
            listed((Reference(label_of(one)),) for one in used),
        )
        for name, used in users.items()
    )
    columns = (
        Column((Text("assumption"),)),
        Column((Text("what is assumed"),), wide=True),
        Column((Text("used by"),), wide=True),
    )
    table = Table("tab:assumptions", (Text("Assumptions, and the theorems whose derivations use them"),), columns, rows)
    words = said(
        "Every hypothesis of a theorem is one of those in ", (Reference(table.label),), "; a proof uses no other."
    )
    return Section("sec:assumptions", (Text("Assumptions"),), (words, table))
