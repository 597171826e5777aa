"""What the references of a document, or of some blocks of one, lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rankbound.appendix.document import Blocks, Citation, Document, Reference
from rankbound.appendix.numbering import names_of, numbers_of
from rankbound.errors import invalid


def work_label(key: str) -> str:
    """Return the label of an entry of the bibliography."""
    return f"work:{key}"


@dataclass(frozen=True, slots=True)
class Targets:
    """The numbers and names that a document gives, and which of them can be linked to from what is written.

    Blocks that are set alone keep the numbers which they have in the document; a reference out of them is its words
    without a link.
    """

    numbers: Mapping[str, str]
    names: Mapping[str, str]
    works: Mapping[str, int]
    linked: frozenset[str]
    works_are_linked: bool

    def number(self, label: str) -> str:
        """Return the number of what has a label; nothing for a fold.

        Raises
        ------
        ValueError
            If nothing in the document has it.
        """
        if label not in self.numbers:
            raise invalid("label", label, "a label of the document", "give blocks that belong to the document")
        return self.numbers[label]

    def reference(self, inline: Reference | Citation) -> tuple[str, str]:
        """Return the words of a reference, and the label to which it can be linked, or nothing.

        Raises
        ------
        ValueError
            If nothing that has a number has the label, or no work the key.
        """
        if isinstance(inline, Citation):
            return f"[{self.work(inline.key)}]", work_label(inline.key) if self.works_are_linked else ""
        return self.name(inline.label), inline.label if inline.label in self.linked else ""

    def name(self, label: str) -> str:
        """Return how a reference to a label is written.

        Raises
        ------
        ValueError
            If nothing that has a number has the label.
        """
        if label not in self.names:
            raise invalid(
                "reference", label, "the label of something with a number", "refer to what is in the document"
            )
        return self.names[label]

    def work(self, key: str) -> int:
        """Return the number, from 1, of an entry of the bibliography.

        Raises
        ------
        ValueError
            If the document does not list it.
        """
        if key not in self.works:
            raise invalid("citation", key, "the key of one of the document's works", "list the work")
        return self.works[key]


def targets_of(document: Document, blocks: Blocks | None = None) -> Targets:
    """Return the targets for a whole document, or for blocks of it that are set alone.

    Raises
    ------
    ValueError
        If a label stands twice.
    """
    numbers = numbers_of(document)
    inside = numbers if blocks is None else numbers_of(Document("", blocks, ()))
    return Targets(
        numbers,
        names_of(document),
        {work.key: number for number, work in enumerate(document.works, 1)},
        frozenset(inside),
        blocks is None,
    )
