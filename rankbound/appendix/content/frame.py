"""What stands before the theorems: what this is, the notation, and the assumptions with where they are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from proofs import Derivation, OpenQuestion, Theorem


_WAYS = {
    "rule": "by exact calculation alone",
    "ball arithmetic": "with the sign of a number found in ball arithmetic",
    "citation": "with a result of the literature that is named",
}


def lead(material: Material) -> Blocks:
    """Return what the appendix is, in a few sentences, and a box for everything in it that is not proved."""
    theorems, found = material.theorems, material.derivations
    blocks: list[Block] = []
    if theorems:
        blocks.append(said(_tally([found[name] for name in theorems]), _further(material)))
    doubtful = [name for name in theorems if found[name].status != "checked"]
    doubts = [
        sentence((Reference(label_of(name)),), f" is {found[name].status}: ", inlines(found[name].detail))
        for name in doubtful
    ]
    doubts += [sentence((Reference(label_of(name)),), " is open.") for name in material.questions]
    if doubts:
        blocks.append(Notice("Not everything here is proved", (Items(tuple((Paragraph(one),) for one in doubts)),)))
    return tuple(blocks)


def _tally(derivations: Sequence[Derivation]) -> str:
    """Return how many steps there are, and what carried how many of those that were accepted."""
    steps = [step for one in derivations for step in one.steps]
    carriers = Counter(step.carrier for step in steps if step.status == "accepted")
    ways = [f"{carriers[carrier]} {words}" for carrier, words in _WAYS.items() if carriers[carrier]]
    checked = "every step" if carriers.total() == len(steps) else f"{carriers.total()} of the steps"
    theorems = counted(len(derivations), "theorem")
    return (
        f"{theorems} with {counted(len(steps), 'step')} of proof. A program checked {checked}: {', '.join(ways)}. The "
        "mark at the end of a step says which of these carried it."
    )


def _further(material: Material) -> str:
    """Say of what the theorems rest on that is not printed, and what carried that."""
    others = [one for name, one in material.derivations.items() if name not in material.theorems]
    if not others or not material.theorems:
        return ""
    steps = [step for one in others for step in one.steps]
    carriers = Counter(step.carrier for step in steps if step.status == "accepted")
    ways = [f"{carriers[carrier]} {words}" for carrier, words in _WAYS.items() if carriers[carrier]]
    more, number = counted(len(others), "theorem"), counted(len(steps), "step")
    return f" The proofs rest on {more} more, not printed here, with {number}: {', '.join(ways)}."


def notation(material: Material) -> Section:
    """Return the letters of the theorems, and what each stands for."""
    told: list[Theorem | OpenQuestion] = [*material.theorems.values(), *material.questions.values()]
    claims = [claim for one in told for claim in _claims(one)]
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
    return Section("sec:notation", (Text("Notation"),), (first, *_letters(claims)))


def letters_of(stated: Theorem | OpenQuestion) -> Blocks:
    """Return the letters of one theorem or question, for where it stands alone."""
    found = _letters(_claims(stated))
    return (said("Here, with indices from 0:"), *found) if found else ()


def _claims(stated: Theorem | OpenQuestion) -> list[Any]:
    return [stated.statement, *(step.claim for step in getattr(stated, "steps", ()))]


def _letters(claims: list[Any]) -> Blocks:
    from proofs.latex.meaning import meanings_of

    entries = tuple(((Math(letters),), described(meaning)) for letters, meaning in meanings_of(claims))
    return (Definitions(entries),) if entries else ()


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
        "Apart from conditions within a statement, every hypothesis of a theorem is one of those in ",
        (Reference(table.label),),
        "; a proof uses no other.",
    )
    return Section("sec:assumptions", (Text("Assumptions"),), (words, table))
