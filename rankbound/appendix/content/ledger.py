"""What all derivations rest on: the ledger of trust, as tables, and as a picture what rests on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rankbound.appendix.content.theorems import label_of
from rankbound.appendix.content.words import codes, counted, ended, listed, said, sentence
from rankbound.appendix.document import (
    Block,
    Citation,
    Code,
    Column,
    Figure,
    Inlines,
    Items,
    Paragraph,
    Reference,
    Section,
    Table,
    Text,
    Work,
)
from rankbound.appendix.prose import inlines
from rankbound.appendix.works import WORK_OF_PACKAGE, mentions, work_of

if TYPE_CHECKING:
    from proofs.records import Derivation, LedgerItem
    from rankbound.appendix.material import Material

_PACKAGES = ("sympy", "python-flint")  # that the kernel calculates with

GRAPH = "graph"
"""Name of the picture."""


def ledger(material: Material) -> Section | None:
    """Return the section of everything that the derivations rest on, or nothing where there is none."""
    if not material.theorems:
        return None
    content: list[Block] = [
        said(
            "A derivation is worth what it rests on. The rules below are the only ways in which a step may follow from "
            "others, and a program holds each step against the one that it names. Results of the literature are taken "
            "as they stand, and the software as it is."
        ),
        _rules(material),
    ]
    literature = _literature(material)
    content += [] if literature is None else [literature]
    elsewhere = _theorems_elsewhere(material)
    content += [] if elsewhere is None else [elsewhere]
    software = sorted({item.name for found in _own(material) for item in found if item.kind == "library"})
    cited = listed(((Citation(WORK_OF_PACKAGE[name].key),) for name in _PACKAGES), last=" and ")
    content.append(said("Software relied on for calculations: ", codes(software), ", of ", cited, "."))
    gaps = [
        sentence((Reference(label_of(name)),), ": ", inlines(item.text))
        for name in material.theorems
        for item in material.derivations[name].ledger
        if item.kind == "gap"
    ]
    if gaps:
        content += [said("Not carried out:"), Items(tuple((Paragraph(one),) for one in gaps))]
    content.append(_graph())
    return Section("sec:ledger", (Text("What all this rests on"),), tuple(content))


def works(material: Material) -> tuple[Work, ...]:
    """Return the works that the document cites, in alphabetical order of their keys."""
    found = {work.key: work for name in material.theorems for work in works_of(material.derivations[name])}
    if material.theorems:
        found |= {WORK_OF_PACKAGE[name].key: WORK_OF_PACKAGE[name] for name in _PACKAGES}
    return tuple(found[key] for key in sorted(found, key=str.lower))


def works_of(derivation: Derivation) -> tuple[Work, ...]:
    """Return the works of the literature that a derivation rests on."""
    from proofs.literature import LITERATURE

    names = [item.name for item in derivation.ledger if item.kind == "citation"]
    return tuple({work.key: work for name in names for work in work_of(LITERATURE[name].reference)}.values())


def _own(material: Material) -> Iterable[tuple[LedgerItem, ...]]:
    return (material.derivations[name].ledger for name in material.theorems)


def _uses(material: Material, kind: str) -> dict[str, list[str]]:
    """Return what of a kind the theorems rest on, each with the theorems that do."""
    users: dict[str, list[str]] = {}
    for name in material.theorems:
        for item in material.derivations[name].ledger:
            if item.kind == kind:
                users.setdefault(item.name, []).append(name)
    return users


def _users(names: Iterable[str]) -> Inlines:
    return listed((Reference(label_of(name)),) for name in names)


def _rules(material: Material) -> Table:
    """Return the table of all rules, those too that only theorems use on which the printed ones rest."""
    texts: dict[str, str] = {}
    here: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for name, found in material.derivations.items():
        for item in found.ledger:
            if item.kind == "rule":
                texts[item.name] = item.text
                (here if name in material.theorems else elsewhere)[item.name] += 1
    rows = tuple(
        ((Code(name),), inlines(texts[name]), (Text(str(here[name])),), (Text(str(elsewhere[name])),))
        for name in sorted(texts)
    )
    columns = (
        Column((Text("rule"),)),
        Column((Text("what it allows"),), wide=True),
        Column((Text("here"),), "right"),
        Column((Text("beneath"),), "right"),
    )
    words = (
        "The rules of inference: how many of the theorems that are printed here use each, and how many of those "
        "beneath, on which these rest"
    )
    return Table("tab:rules", (Text(words),), columns, rows)


def _literature(material: Material) -> Table | None:
    from proofs.literature import LITERATURE

    rows = []
    for name, users in sorted(_uses(material, "citation").items()):
        item = LITERATURE[name]
        rows.append(((Code(name),), sentence(_mentioned(item.reference), " ", inlines(item.why)), _users(users)))
    columns = (
        Column((Text("result"),)),
        Column((Text("where it is proved, and why it applies"),), wide=True),
        Column((Text("used by"),), wide=True),
    )
    caption = (Text("Results of the literature, directly or through a theorem that is rested on"),)
    return Table("tab:literature", caption, columns, tuple(rows)) if rows else None


def _mentioned(reference: str) -> Inlines:
    """Return a reference with its works cited by key: "[4], section I.7: what is said there."."""
    parts = []
    for one in mentions(reference):
        place = f", {one.place}" if one.place else ""
        spoken = sentence(": ", inlines(one.said)) if one.said else ()
        parts.append(sentence(f"{one.lead} " if one.lead else "", (Citation(one.work.key),), place, spoken))
    return sentence(listed(parts, between="; "), ".") if parts else inlines(ended(reference))


def _theorems_elsewhere(material: Material) -> Paragraph | None:
    """Say on which theorems the proofs rest that are not in the document, and what came of checking these."""
    names = [name for name in material.derivations if name not in material.theorems]
    if not names:
        return None
    found = material.derivations
    checked = [name for name in names if found[name].status == "checked"]
    others = [sentence((Code(name),), f" ({found[name].status})") for name in names if name not in checked]
    steps = counted(sum(len(found[name].steps) for name in checked), "step")
    rest: list[str | Inlines] = [" Not checked: ", listed(others), "."] if others else []
    known: list[str | Inlines] = [f" Checked, with {steps} of proof: ", codes(checked), "."] if checked else []
    parts: list[str | Inlines] = [
        f"The proofs rest on {counted(len(names), 'theorem')} more, which the option ",
        (Code("--lemmas"),),
        " prints too.",
        *known,
        *rest,
    ]
    return said(*parts)


def _graph() -> Figure:
    return Figure(
        "fig:graph",
        (Text("What rests on what: each theorem stands below those that its proof uses."),),
        GRAPH,
        "A layered graph of boxes, one for a theorem, with arrows from each theorem to those whose proofs rest on it. "
        "The text names these theorems too.",
    )
