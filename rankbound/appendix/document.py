"""What an appendix consists of before it is set in a format: frozen plain data, the same for every format.

Words are Unicode, formulas LaTeX as :mod:`proofs.latex` writes it. A *label* names what others refer to, and is unique
in a document: kebab-case, with a prefix for its kind (``sec:``, ``thm:``, ``tab:``, ``fig:``, ``step:``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

# In a line --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they stand; a no-break space is kept."""

    words: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula in the line."""

    latex: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name of the program, a command or a digest, in the letters of a typewriter; it may be broken if it is long."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words in italics."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Strong:
    """Words in bold letters."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference by label: ``Theorem 3``, ``Table 1``, ``Section 2``, or ``(4)`` for a step of a proof."""

    label: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to an entry of the bibliography by its key."""

    key: str


Inline: TypeAlias = Text | Math | Code | Emphasis | Strong | Reference | Citation
Inlines: TypeAlias = tuple[Inline, ...]

# Blocks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on lines of its own; each format breaks it to its width."""

    latex: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers (1), (2), ... if ``numbered``."""

    items: tuple[Blocks, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and what each stands for."""

    entries: tuple[tuple[Inlines, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``flush`` is ``"left"`` or ``"right"``, ``wide`` says that its cells are running text."""

    head: Inlines
    flush: str = "left"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; ``notes`` stand below it. The first cell of a row is its head."""

    label: str
    caption: Inlines
    columns: tuple[Column, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    notes: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the document, by its name, with a caption; ``description`` says in words what is to be seen."""

    label: str
    caption: Inlines
    picture: str
    description: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines to be typed or read as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A box that cannot be overlooked: what is not proved, or contradicts itself."""

    title: str
    content: Blocks


class Carrier(Enum):
    """How a step was checked, or that it was not; the value is the word that marks it."""

    EXACT = "exact"
    BALLS = "ball arithmetic"
    CITED = "cited"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered step of a proof.

    ``claim`` is what it says, ``reason`` why that follows, ``name`` what the proof calls it.
    """

    label: str
    name: str
    claim: Blocks
    reason: Inlines
    carrier: Carrier


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of a statement: what is said first, and its steps, numbered from 1."""

    of: str
    content: Blocks
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A theorem, or what else is stated with a number: ``kind`` is ``"Theorem"``, ``"Refutation"`` or ``"Question"``.

    ``id`` is the program's name for it. All kinds share one sequence of numbers.
    """

    label: str
    kind: str
    title: Inlines
    id: str
    content: Blocks


@dataclass(frozen=True, slots=True)
class Fold:
    """Something in short, which unfolds to the whole where a format can, and is a heading with the whole elsewhere."""

    label: str
    summary: Inlines
    content: Blocks


@dataclass(frozen=True, slots=True)
class Section:
    """A section, or inside of another a subsection."""

    label: str
    title: Inlines
    content: Blocks


Block: TypeAlias = (
    Paragraph | Display | Items | Definitions | Table | Figure | Listing | Notice | Proof | Statement | Fold | Section
)
Blocks: TypeAlias = tuple[Block, ...]

# The whole --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """An entry of the bibliography.

    ``kind`` is BibTeX's (``"article"``, ``"book"``, ``"misc"``, ...), ``fields`` maps BibTeX's fields to Unicode text
    (``author`` with `` and `` between names written "Family, Given").
    """

    key: str
    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, drawn once in each kind that formats take; without ``pdf`` it is for screens alone.

    Paged formats leave a figure out whose picture is for screens.
    """

    svg: bytes
    pdf: bytes | None

    @property
    def on_paper(self) -> bytes:
        """The picture in PDF; ``ValueError`` if it is for screens alone."""
        if self.pdf is None:
            raise ValueError("the picture is for screens alone: leave its figure out with rankbound.appendix.paged")
        return self.pdf


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    ``lead`` stands before the first section. ``works`` are in the order in which they are listed; ``pictures`` go by
    the names that figures use. ``language`` is that of the words.
    """

    title: str
    lead: Blocks
    sections: tuple[Section, ...]
    works: tuple[Work, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    language: str = "en"
