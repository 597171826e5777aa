"""A document in Typst's markup."""

from __future__ import annotations

from importlib.resources import files

from rankbound.appendix.document import Blocks, Document, Work
from rankbound.appendix.entries import address_of, entry_of
from rankbound.appendix.targets import Targets, targets_of, work_label
from rankbound.appendix.typst.blocks import Writer
from rankbound.appendix.typst.inlines import line
from rankbound.appendix.typst.words import string

STYLE = files("rankbound.appendix.typst").joinpath("style.typ").read_text("utf-8")
"""The functions that the markup of a document or fragment is written in."""


def to_source(document: Document) -> str:
    """Return a document as one file of Typst, which finds its pictures as ``figures/NAME.pdf``.

    Raises
    ------
    ValueError
        If a label stands twice, or something refers to what the document does not contain.
    """
    targets = targets_of(document)
    start = f"#show: appendix.with(title: {string(document.title)}, language: {string(document.language)})"
    parts = [STYLE.rstrip(), start, Writer(targets).blocks((*document.lead, *document.sections))]
    if document.works:
        entries = "\n".join(_entry(work, targets) for work in document.works)
        parts.append(f"#references[\n{entries}\n]")
    return "\n\n".join(part for part in parts if part) + "\n"


def fragment(blocks: Blocks, document: Document) -> str:
    """Return some blocks of a document in Typst's markup, for a document that imports everything from :data:`STYLE`.

    Numbers are those of the document; a reference to something outside of the blocks is no link.

    Raises
    ------
    ValueError
        If a label stands twice or the blocks do not belong to the document.
    """
    return Writer(targets_of(document, blocks)).blocks(blocks) + "\n"


def _entry(work: Work, targets: Targets) -> str:
    words = line(entry_of(work), targets)
    address = address_of(work)
    link = f" #link({string(address)})" if address else ""
    return f"#entry({targets.work(work.key)}, {string(work_label(work.key))})[{words}{link}]"
