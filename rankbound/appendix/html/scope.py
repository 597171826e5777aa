"""What the writers of words and blocks have to know of the page around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import quote

from rankbound.appendix.document import Document
from rankbound.appendix.numbering import names_of, numbers_of
from rankbound.errors import check_name

_WIDTH = 34.0  # em of a formula beside no indentation: page.css gives a line of text 37
_NARROWEST = 12.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What is around a block.

    ``names`` are the words of references by label, ``numbers`` the numbers, ``targets`` the labels that stand in the
    page and can be linked to; ``works`` are the numbers of the bibliography by key. ``level`` is that of the next
    heading, ``width`` the width for formulas in em. Words without ``links`` become a link themselves.
    """

    document: Document
    names: dict[str, str]
    numbers: dict[str, str]
    targets: frozenset[str]
    works: dict[str, int]
    level: int = 2
    width: float = _WIDTH
    links: bool = True

    def below(self) -> Scope:
        """Return the scope of what stands under a heading."""
        return replace(self, level=min(self.level + 1, 6))

    def indented(self, by: float = 2.5) -> Scope:
        """Return the scope of what is indented by some em."""
        return replace(self, width=max(self.width - by, _NARROWEST))

    def unlinked(self) -> Scope:
        """Return the scope of words that shall contain no links."""
        return replace(self, links=False)

    def name_of(self, label: str) -> str:
        """Return how a reference is written, or raise the ``ValueError`` that says that the label is unknown."""
        return self.names[check_name("label", label, self.names)]

    def number_of(self, key: str) -> int:
        """Return the number of a work, or raise the ``ValueError`` that says that the key is unknown."""
        return self.works[check_name("key", key, self.works)]


def scope_of(document: Document, targets: Iterable[str]) -> Scope:
    """Return the scope of a page in which the labels ``targets`` stand."""
    works = {work.key: number for number, work in enumerate(document.works, 1)}
    return Scope(document, names_of(document), numbers_of(document), frozenset(targets), works)


def element(tag: str, content: str, **attributes: Any) -> str:
    """Return an element; ``class_`` stands for ``class``, ``aria_label`` for ``aria-label``, None for no attribute."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{content}</{tag}>"


def link(label: str, content: str, class_: str | None = None, **attributes: str) -> str:
    """Return a link within the page."""
    return element("a", content, class_=class_, href=f"#{quote(label, safe=':-._~')}", **attributes)
