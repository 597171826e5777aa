"""The numbers of sections, statements, tables, figures and steps, for formats that do not count by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rankbound.appendix.document import (
    Block,
    Blocks,
    Document,
    Figure,
    Fold,
    Items,
    Notice,
    Proof,
    Section,
    Statement,
    Table,
)


def numbers_of(document: Document) -> dict[str, str]:
    """Return the number of everything that has a label: ``"2.1"`` for a section, ``"3"`` for a table.

    Sections are counted in each section, steps in each proof; statements, tables and figures through the document. A
    fold has none.

    Raises
    ------
    ValueError
        If a label stands twice.
    """
    numbers: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, number in _numbered((*document.lead, *document.sections), counts, ()):
        if label in numbers:
            raise ValueError(f"the label {label} stands twice in the document")
        numbers[label] = number
    return numbers


def names_of(document: Document) -> dict[str, str]:
    """Return how a reference to each label is written: ``"Theorem 3"``, ``"Section 2.1"``, ``"(4)"``.

    A fold is referred to by the words ``"above"`` or so in prose, never by number, and is left out.
    """
    numbers = numbers_of(document)
    kinds = {block.label: _kind_of(block) for block in blocks_of(document) if hasattr(block, "label")}
    names = {}
    for label, number in numbers.items():
        if label not in kinds:
            names[label] = f"({number})"  # a step
        elif kinds[label]:
            names[label] = f"{kinds[label]}\N{NO-BREAK SPACE}{number}"
    return names


def blocks_of(document: Document) -> Iterator[Block]:
    """Yield every block, those inside of others after these, in the order of reading."""
    yield from _all((*document.lead, *document.sections))


def _all(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        yield block
        for inside in _parts(block):
            yield from _all(inside)


def _parts(block: Block) -> tuple[Blocks, ...]:
    """Return the sequences of blocks that a block contains."""
    if isinstance(block, Items):
        return block.items
    if isinstance(block, Proof):
        return (block.content, *(step.claim for step in block.steps))
    return (block.content,) if isinstance(block, (Section, Statement, Fold, Notice)) else ()


def _kind_of(block: Any) -> str:
    names: Mapping[type, str] = {Section: "Section", Table: "Table", Figure: "Figure"}
    return str(block.kind) if isinstance(block, Statement) else names.get(type(block), "")


def _numbered(blocks: Blocks, counts: Counter[str], above: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    sections = 0
    for block in blocks:
        inner = above
        if isinstance(block, Section):
            sections += 1
            inner = (*above, sections)
            yield block.label, ".".join(map(str, inner))
        elif isinstance(block, (Statement, Table, Figure)):
            kind = type(block).__name__
            counts[kind] += 1
            yield block.label, str(counts[kind])
        elif isinstance(block, Fold):
            yield block.label, ""
        elif isinstance(block, Proof):
            yield from ((step.label, str(number)) for number, step in enumerate(block.steps, 1))
        for inside in _parts(block):
            yield from _numbered(inside, counts, inner)
