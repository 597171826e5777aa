"""What of a document goes on paper: everything but the figures whose pictures are for screens alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from rankbound.appendix.document import Blocks, Document, Figure, Picture, Section


def paged(document: Document) -> Document:
    """Return a document without the figures whose pictures have no PDF, and without these pictures.

    Figures are looked for where sections have them, which is the only place.
    """
    pictures = document.pictures
    return dataclasses.replace(
        document,
        lead=_without(document.lead, pictures),
        sections=tuple(_section(section, pictures) for section in document.sections),
        pictures={name: picture for name, picture in pictures.items() if picture.pdf is not None},
    )


def _section(section: Section, pictures: Mapping[str, Picture]) -> Section:
    return dataclasses.replace(section, content=_without(section.content, pictures))


def _without(blocks: Blocks, pictures: Mapping[str, Picture]) -> Blocks:
    kept = (block for block in blocks if not (isinstance(block, Figure) and pictures[block.picture].pdf is None))
    return tuple(_section(block, pictures) if isinstance(block, Section) else block for block in kept)
