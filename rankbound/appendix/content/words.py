"""Pieces of sentences that several sections need."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rankbound.appendix.document import Code, Inlines, Paragraph, Text
from rankbound.appendix.prose import inlines


def described(meaning: str) -> Inlines:
    """Return a meaning as a docstring words it, formulas between double backquotes."""
    return inlines(re.sub(r"``(.+?)``", r"\1", meaning))


def said(*pieces: str | Inlines) -> Paragraph:
    """Return a paragraph of words and of other pieces in a line."""
    return Paragraph(sentence(*pieces))


def sentence(*pieces: str | Inlines) -> Inlines:
    """Join words and other pieces in a line."""
    return tuple(part for piece in pieces for part in ((Text(piece),) if isinstance(piece, str) else piece))


def listed(items: Iterable[Inlines], *, between: str = ", ", last: str | None = None) -> Inlines:
    """Return items in a row, with ``last`` before the last one, where that differs."""
    parts: list[Inlines] = []
    known = list(items)
    for place, item in enumerate(known):
        if place:
            parts.append((Text(last if last is not None and place == len(known) - 1 else between),))
        parts.append(item)
    return tuple(one for part in parts for one in part)


def codes(names: Iterable[str]) -> Inlines:
    """Return names of the program in a row."""
    return listed(((Code(name),) for name in names), last=" and ")


def ended(text: str) -> str:
    """Return a sentence with the full stop that it may lack."""
    return text if text.endswith((".", "?", "!", ".)")) else f"{text}."


def counted(number: int, thing: str, things: str = "") -> str:
    """Return ``1 step`` or ``3 steps``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}".replace(",", "\N{NARROW NO-BREAK SPACE}")
