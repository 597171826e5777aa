"""A document as Markdown with pictures beside it, as GitHub shows it.

Formulas stand in the line as ``$`...`$`` and on lines of their own in fences marked ``math``: in these, unlike between
bare dollar signs, underscores, asterisks and backslashes reach the formula as they were written.
"""

from __future__ import annotations

from rankbound.appendix.document import Blocks, Document, Work
from rankbound.appendix.entries import address_of, entry_of
from rankbound.appendix.markdown.blocks import Writer, picture_path
from rankbound.appendix.markdown.inlines import anchor, line
from rankbound.appendix.markdown.words import escape, guarded
from rankbound.appendix.targets import Targets, targets_of, work_label

__all__ = ["fragment", "to_files"]


def to_files(document: Document) -> dict[str, bytes]:
    """Return ``appendix.md`` and its pictures, ``figures/NAME.svg``.

    Raises
    ------
    ValueError
        If a label stands twice, or something refers to what the document does not contain.
    """
    targets = targets_of(document)
    parts = [f"# {escape(document.title)}", Writer(targets).blocks((*document.lead, *document.sections))]
    if document.works:
        entries = "\n".join(_entry(work, targets) for work in document.works)
        parts.append(f"## References\n\n{entries}")
    text = "\n\n".join(part for part in parts if part) + "\n"
    pictures = {picture_path(name): picture.svg for name, picture in sorted(document.pictures.items())}
    return {"appendix.md": text.encode(), **pictures}


def fragment(blocks: Blocks, document: Document) -> str:
    """Return some blocks of a document in Markdown.

    Numbers are those of the document; a reference to something outside of the blocks is no link.

    Raises
    ------
    ValueError
        If a label stands twice or the blocks do not belong to the document.
    """
    return Writer(targets_of(document, blocks)).blocks(blocks) + "\n"


def _entry(work: Work, targets: Targets) -> str:
    address = address_of(work)
    words = guarded(line(entry_of(work), targets)) + (f" <{address}>" if address else "")
    return f"{targets.work(work.key)}. {anchor(work_label(work.key))}{words}"
