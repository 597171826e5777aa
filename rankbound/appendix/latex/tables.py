"""Tables in LaTeX, in one column of the page or across both: split where they are long, since floats do not break."""

from __future__ import annotations

from collections.abc import Iterator

from rankbound.appendix.document import Column, Inlines, Table
from rankbound.appendix.latex.inlines import inline
from rankbound.appendix.latex.labels import References, name_of
from rankbound.appendix.shares import length_of, lines_in, shares_of, widths_of
from rankbound.errors import invalid

_COLUMN, _PAGE = 22.0, 38.0  # em at the size of tables: a column of the usual two, and the text of the narrowest page
_LEAST = 9.0  # em for a column of running text
_FEW = 3  # lines of running text in a cell, up to which a narrow column is enough
_LINES = 42  # of a page, for the rows of a table


def table(block: Table, references: References) -> list[str]:
    """Return the lines of a table: a float for every page that it needs, the caption and the label on the first.

    Raises
    ------
    ValueError
        If a row has not as many cells as there are columns.
    """
    for row in block.rows:
        if len(row) != len(block.columns):
            raise invalid("row", len(row), f"{len(block.columns)} cells", f"correct the table {block.label}")
    widths = widths_of(block)
    fixed = sum(width for width, column in zip(widths, block.columns, strict=True) if not column.wide)
    running = [width for width, column in zip(widths, block.columns, strict=True) if column.wide]
    natural = fixed + sum(max(_LEAST, width / _FEW) for width in running)
    name = "table" if natural <= _COLUMN else "table*"
    room = max(_LEAST * len(running), (_COLUMN if name == "table" else _PAGE) - fixed)
    shares = shares_of(block, room)
    lines = []
    parts = list(_parts(block, [room * share for share in shares]))
    for number, rows in enumerate(parts):
        if number:
            top = [rf"{{\small {references(block.label)} (continued)\par\smallskip}}"]
        else:
            top = [
                rf"\caption{{{inline(block.caption, references)}}}",
                rf"\rankboundlabel{{{name_of(block.label)}}}\par\smallskip",
            ]
        notes = block.notes if number == len(parts) - 1 else ()
        lines += [rf"\begin{{{name}}}[htbp]", r"\centering", *top, r"\rankboundtable"]
        lines += _tabular(block.columns, shares, rows, references)
        lines += [rf"\rankboundnotes{{{inline(note, references)}}}" for note in notes]
        lines += [rf"\end{{{name}}}"]
    return lines


def _parts(block: Table, rooms: list[float]) -> Iterator[list[tuple[Inlines, ...]]]:
    """Yield the rows that fit on a page each; ``rooms`` is how wide columns of running text are at least, in em."""
    rows: list[tuple[Inlines, ...]] = []
    lines = 0
    for row in block.rows:
        wide = [cell for cell, column in zip(row, block.columns, strict=True) if column.wide]
        needed = lines_in(list(map(length_of, wide)), rooms)
        if rows and lines + needed > _LINES:
            yield rows
            rows, lines = [], 0
        rows.append(row)
        lines += needed
    yield rows


def _tabular(
    columns: tuple[Column, ...], shares: tuple[float, ...], rows: list[tuple[Inlines, ...]], references: References
) -> list[str]:
    stretched = any(column.wide for column in columns)
    factors = iter(shares)  # tabularx wants the width of each as a multiple of their mean
    kinds = "".join(
        rf">{{\rankboundwide{{{next(factors) * len(shares):g}}}}}X" if column.wide else column.flush[0]
        for column in columns
    )
    begin = rf"\begin{{tabularx}}{{\linewidth}}{{@{{}}{kinds}@{{}}}}"
    if not stretched:
        begin = rf"\rankboundfit{{\begin{{tabular}}{{@{{}}{kinds}@{{}}}}"
    return [
        begin,
        r"\toprule",
        _row(tuple(column.head for column in columns), references) + r" \\",
        r"\midrule",
        *(_row(row, references) + (r" \\[2pt]" if stretched else r" \\") for row in rows),
        r"\bottomrule",
        r"\end{tabularx}" if stretched else r"\end{tabular}}",
    ]


def _row(cells: tuple[Inlines, ...], references: References) -> str:
    return " & ".join(inline(cell, references) for cell in cells)
