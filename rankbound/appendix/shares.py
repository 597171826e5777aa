"""How the columns of running text in a table share the width that is left to them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from rankbound.appendix.document import Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Table, Text

_PARTS = 20  # the width is shared in so many parts
_APART = 1.2  # em, the space beside a column
_RAGGED = 1.0  # em, about what a line that is not justified leaves empty
_LETTER = 0.46  # em, the mean width
_REFERENCE = 6.5  # em, the longest, such as "Refutation 14"
_LONGEST = 12.0  # em, of words and formulas; longer ones are broken


def length_of(content: Inlines) -> float:
    """Return about how wide this is in one line, in em of its size."""
    return sum(map(_length, content))


def widths_of(table: Table) -> list[float]:
    """Return about how wide each column is without line breaks, in em, the space beside it included."""
    heads = tuple(column.head for column in table.columns)
    rows = (heads, *table.rows)
    return [_APART + max(length_of(cells[place]) for cells in rows) for place in range(len(heads))]


def shares_of(table: Table, room: float) -> tuple[float, ...]:
    """Return how much of ``room``, in em, each column of running text gets, as shares that add up to 1.

    Of all the ways to share by twentieths, no word sticks out of its column, if that can be; the table has the fewest
    lines then, and the shares are as even as can be.
    """
    places = [place for place, column in enumerate(table.columns) if column.wide]
    if len(places) < 2:
        return (1.0,) * len(places)
    heads = tuple(column.head for column in table.columns)
    words = [_APART + max(_longest(row[place]) for row in (heads, *table.rows)) for place in places]
    lengths = [[length_of(row[place]) for place in places] for row in table.rows]

    def cost(way: tuple[int, ...]) -> tuple[float, int, int, tuple[int, ...]]:
        widths = [room * part / _PARTS for part in way]
        beside = sum(max(0.0, word - width) for word, width in zip(words, widths, strict=True))
        return beside, sum(lines_in(row, widths) for row in lengths), max(way) - min(way), way

    return tuple(part / _PARTS for part in min(_ways(_PARTS, len(places)), key=cost))


def lines_in(lengths: Sequence[float], widths: Sequence[float]) -> int:
    """Return about how many lines a row needs whose cells have these lengths in columns of these widths, all in em."""
    pairs = zip(lengths, widths, strict=True)
    return max([1, *(math.ceil(length / max(1.0, width - _APART - _RAGGED)) for length, width in pairs)])


def _ways(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a number as a sum of so many positive ones."""
    if count == 1:
        yield (total,)
        return
    for first in range(1, total - count + 2):
        for others in _ways(total - first, count - 1):
            yield (first, *others)


def _longest(content: Inlines) -> float:
    """Return about how wide the widest word is."""
    return min(_LONGEST, max(map(_longest_word, content), default=0.0))


def _longest_word(piece: Inline) -> float:
    if isinstance(piece, Text):
        return max(map(len, piece.words.split()), default=0) * _LETTER
    if isinstance(piece, (Emphasis, Strong)):
        return _longest(piece.content)
    return _REFERENCE if isinstance(piece, Reference) else _length(piece)


def _length(piece: Inline) -> float:
    if isinstance(piece, Text):
        return _LETTER * len(piece.words)
    if isinstance(piece, Code):
        return 0.53 * len(piece.text)
    if isinstance(piece, Math):
        signs = re.sub(r"\\(left|right|mathbb|mathrm|text|frac)\b|[{}^_\s]", "", piece.latex)
        return 0.6 * len(re.sub(r"\\[A-Za-z]+", "x", signs))
    return length_of(piece.content) if isinstance(piece, (Emphasis, Strong)) else 5.0
