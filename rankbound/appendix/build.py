"""The document of an appendix, from what was gathered for it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from rankbound.appendix.content import frame, ledger, numbers, provenance
from rankbound.appendix.content.judgements import judgements
from rankbound.appendix.content.theorems import asked, proved, stated
from rankbound.appendix.content.words import counted
from rankbound.appendix.digest import digest_of
from rankbound.appendix.document import Block, Document, Picture, Section, Text

if TYPE_CHECKING:
    from rankbound.appendix.material import Material

CHECK = "rankbound appendix --check DIR"


def document_of(material: Material, *, versions: tuple[str, ...] | None = None, date: str | None = None) -> Document:
    """Return the document: notation, assumptions, theorems with proofs, verdicts, numbers, ledger, provenance.

    Parameters
    ----------
    material : Material
    versions, date : optional
        What it was made with and when, where that was elsewhere; unless given, those of this run.
    """
    included = (*material.theorems, *material.questions)
    sections = [
        frame.notation(material),
        frame.assumptions(material),
        _theorems(material, included),
        judgements(material.report, included),
        numbers.numbers(material),
        ledger.ledger(material),
    ]
    document = Document(
        title=title_of(material),
        lead=frame.lead(material),
        sections=tuple(section for section in sections if section is not None),
        works=ledger.works(material),
        pictures=pictures_of(material),
    )
    request = material.request
    keys, queries = counted(request.n_keys, "key"), counted(request.n_queries, "query", "queries")
    facts = [
        ("sizes", f"{keys}, {queries}, head dimensions {_row(request.head_dims)}"),
        ("experiment", _experiment(material)),
    ]
    last = provenance.provenance(
        f"{request.command} --output DIR", facts, digest_of(document), check=CHECK, versions=versions, date=date
    )
    return dataclasses.replace(document, sections=(*document.sections, last))


def title_of(material: Material) -> str:
    """Return the title of the document."""
    parts = ["derivation" if len(material.theorems) == 1 else "derivations"] if material.theorems else []
    parts += ["certified numbers", *(["experiment"] if material.request.has_experiment else [])]
    what = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    titles = [one.title for one in material.theorems.values()] + [one.title for one in material.questions.values()]
    return f"{titles[0] if len(titles) == 1 else 'The rank of random attention'}: {what}"


def pictures_of(material: Material) -> dict[str, Picture]:
    """Draw every picture of the document."""
    from rankbound.pictures.curve import curve_of_report
    from rankbound.pictures.occupancy_picture import occupancy_picture
    from rankbound.pictures.saturation import saturation_picture
    from rankbound.theorem_graph import graph_of, to_svg

    curve = curve_of_report(material.report, smooth=True)
    found = {}
    if curve is not None:
        found[numbers.SATURATION] = Picture(saturation_picture(curve, "svg"), saturation_picture(curve, "pdf"))
    if material.occupancy is not None:
        found[numbers.OCCUPANCY] = Picture(
            occupancy_picture(material.occupancy, "svg"), occupancy_picture(material.occupancy, "pdf")
        )
    if material.theorems:
        import proofs

        records = {name: proofs.theorem(name) for name in material.derivations}
        graph = graph_of(records, material.derivations, material.questions)
        found[ledger.GRAPH] = Picture(to_svg(graph).encode(), None)
    return found


def _theorems(material: Material, included: tuple[str, ...]) -> Section | None:
    blocks: list[Block] = []
    for name, theorem in material.theorems.items():
        derivation = material.derivations[name]
        blocks += [stated(theorem, derivation), proved(theorem, derivation, included)]
    blocks += [asked(question, material.derivations, included) for question in material.questions.values()]
    return Section("sec:theorems", (Text("Theorems and proofs"),), tuple(blocks)) if blocks else None


def _experiment(material: Material) -> str:
    request = material.request
    if not request.has_experiment:
        return "none"
    if request.replicates is not None:
        return f"{request.replicates} attention matrices at each head dimension, seed {request.seed}"
    return f"{request.budget:g} nominal seconds, turned into replicates by a fixed table, seed {request.seed}"


def _row(dims: tuple[int, ...]) -> str:
    return ", ".join(map(str, dims))
