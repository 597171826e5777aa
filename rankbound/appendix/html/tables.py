"""Tables and figures, as HTML."""

from __future__ import annotations

from rankbound.appendix.document import Column, Figure, Inlines, Table
from rankbound.appendix.html.displays import scroller
from rankbound.appendix.html.pictures import inline_svg
from rankbound.appendix.html.scope import Scope, element, link
from rankbound.appendix.html.words import words_of
from rankbound.errors import check_name


def table_of(table: Table, scope: Scope) -> str:
    """Return a table in a box of its own that scrolls; the caption stays in sight, the notes stand below.

    One with running text in its cells does not scroll on a phone: there, cells stand below each other, each with the
    head of its column. Browsers would no longer take it for a table then, so that its parts have their roles written.
    """
    stacks = any(column.wide for column in table.columns)
    caption = f'<caption><span class="caption">{_caption(table.label, table.caption, scope)}</span></caption>'
    heads = "".join(
        element("th", words_of(column.head, scope), scope="col", class_=_class(column), role="columnheader")
        for column in table.columns
    )
    rows = "\n".join(element("tr", _row(row, table.columns, scope, stacks), role="row") for row in table.rows)
    whole = (
        f'\n{caption}\n<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'\n<tbody role="rowgroup">\n{rows}\n</tbody>\n'
    )
    box = scroller(
        element("table", whole, role="table", class_="stacks" if stacks else None),
        scope.name_of(table.label),
        "tabular",
    )
    notes = "".join(f"\n{element('p', words_of(note, scope))}" for note in table.notes)
    below = f'\n<div class="notes">{notes}\n</div>' if notes else ""
    return element("div", f"\n{box}{below}\n", class_="table", id=table.label)


def figure_of(figure: Figure, scope: Scope) -> str:
    """Return a figure with its picture in it, on white paper in the dark too."""
    pictures = scope.document.pictures
    picture = pictures[check_name("picture", figure.picture, pictures)]
    prefix = f"{figure.label.replace(':', '-')}--"
    box = scroller(inline_svg(picture.svg, prefix, figure.description), scope.name_of(figure.label), "picture")
    caption = element("figcaption", _caption(figure.label, figure.caption, scope), id=f"{figure.label}:caption")
    return element(
        "figure",
        f"\n{box}\n{caption}\n",
        role="group",
        id=figure.label,
        aria_labelledby=f"{figure.label}:caption",
    )


def _caption(label: str, caption: Inlines, scope: Scope) -> str:
    name = scope.name_of(label)
    number = link(label, name, "number") if scope.links else name
    return f"<strong>{number}.</strong> {words_of(caption, scope)}"


def _row(row: tuple[Inlines, ...], columns: tuple[Column, ...], scope: Scope, stacks: bool) -> str:
    """Return the cells of a row; in a table that ``stacks``, those after the first begin with the head of the column.

    Readers that speak know that head by themselves.
    """
    cells = []
    for index, (cell, column) in enumerate(zip(row, columns, strict=True)):
        words = words_of(cell, scope)
        if index == 0:
            cells.append(element("th", words, scope="row", class_=_class(column), role="rowheader"))
            continue
        if stacks:
            head = element("span", words_of(column.head, scope.unlinked()), class_="head", aria_hidden="true")
            words = head + element("div", words)
        cells.append(element("td", words, class_=_class(column), role="cell"))
    return "".join(cells)


def _class(column: Column) -> str | None:
    names = [name for name, holds in (("right", column.flush == "right"), ("wide", column.wide)) if holds]
    return " ".join(names) or None
