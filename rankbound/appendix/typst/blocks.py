"""Blocks in Typst's markup: calls of the functions in ``style.typ``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rankbound.appendix.document import (
    Block,
    Blocks,
    Carrier,
    Definitions,
    Display,
    Figure,
    Fold,
    Inlines,
    Items,
    Listing,
    Notice,
    Paragraph,
    Proof,
    Section,
    Statement,
    Step,
    Table,
)
from rankbound.appendix.formulas import to_typst
from rankbound.appendix.shares import shares_of, widths_of
from rankbound.appendix.targets import Targets
from rankbound.appendix.typst.inlines import line
from rankbound.appendix.typst.words import escape, string

# In em, as style.typ has them: how wide lines are, and by how much those in a list and in a box are narrower.
_MEASURE, _LIST, _BOX = 41.0, 2.8, 2.0
_TABLE = _MEASURE / 0.9  # in em of the letters of a table


def picture_path(name: str) -> str:
    """Return where the markup looks for a picture."""
    return f"figures/{name}.pdf"


def _widths(table: Table) -> list[str]:
    """Return the widths of the columns: those of running text share what the others leave."""
    fixed = sum(width for width, column in zip(widths_of(table), table.columns, strict=True) if not column.wide)
    shares = iter(shares_of(table, max(_TABLE - fixed, _TABLE / 4)))
    return [f"{next(shares):g}fr" if column.wide else "auto" for column in table.columns]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes blocks where lines are ``width`` em wide, inside of ``depth`` sections."""

    targets: Targets
    width: float = _MEASURE
    depth: int = 0

    def blocks(self, blocks: Blocks) -> str:
        """Return the markup of some blocks, with an empty line between them."""
        return "\n\n".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph():
                return self._line(block.content)
            case Display():
                return to_typst(block.latex, display=True, width=self.width)
            case Listing():
                return f"#listing({string(block.text)})"
            case Items():
                return self._items(block)
            case Definitions():
                entries = (f"  ([{self._line(term)}], [{self._line(words)}]),\n" for term, words in block.entries)
                return f"#definitions(\n{''.join(entries)})"
            case Table():
                return self._table(block)
            case Figure():
                return self._figure(block)
            case Notice():
                return f"#notice({string(block.title)})[\n{self._narrower(_BOX).blocks(block.content)}\n]"
            case Statement():
                return self._statement(block)
            case Proof():
                return self._proof(block)
            case Fold():
                head = f"#fold({string(block.label)}, {self.depth + 1})[{self._line(block.summary)}]"
                return f"{head}\n\n{self._deeper(self.depth + 1).blocks(block.content)}"
            case Section():
                number = self.targets.number(block.label)
                head = f"#section({string(block.label)}, {string(number)})[{self._line(block.title)}]"
                return f"{head}\n\n{self._deeper(number.count('.') + 1).blocks(block.content)}"

    def _line(self, content: Inlines) -> str:
        return line(content, self.targets)

    def _narrower(self, by: float) -> Writer:
        return replace(self, width=self.width - by)

    def _deeper(self, depth: int) -> Writer:
        return replace(self, depth=depth)

    def _items(self, block: Items) -> str:
        inner = self._narrower(_LIST)
        items = "".join(f"  [{inner.blocks(item)}],\n" for item in block.items)
        start = '#enum(numbering: "(1)",' if block.numbered else "#list("
        tight = all(len(item) == 1 for item in block.items)
        return f"{start}{'' if tight else 'tight: false,'}\n{items})"

    def _table(self, block: Table) -> str:
        rows = (f"  {self._cells(row)},\n" for row in block.rows)
        return (
            f"#data-table({string(block.label)}, {string(self.targets.number(block.label))},\n"
            f"  caption: [{self._line(block.caption)}],\n"
            f"  columns: ({''.join(f'{width}, ' for width in _widths(block))}),\n"
            f"  flush: ({''.join(f'{column.flush}, ' for column in block.columns)}),\n"
            f"  head: ({self._cells(column.head for column in block.columns)},),\n"
            f"  notes: ({''.join(f'[{self._line(note)}], ' for note in block.notes)}),\n"
            f"{''.join(rows)})"
        )

    def _cells(self, cells: Iterable[Inlines]) -> str:
        return ", ".join(f"[{self._line(cell)}]" for cell in cells)

    def _figure(self, block: Figure) -> str:
        return (
            f"#picture({string(block.label)}, {string(self.targets.number(block.label))},\n"
            f"  {string(picture_path(block.picture))}, {string(block.description)})[{self._line(block.caption)}]"
        )

    def _statement(self, block: Statement) -> str:
        return (
            f"#statement({string(block.label)}, {self.depth + 1}, {string(block.kind)}, "
            f"{string(self.targets.number(block.label))}, {string(block.id)},\n"
            f"  [{self._line(block.title)}])[\n{self.blocks(block.content)}\n]"
        )

    def _proof(self, block: Proof) -> str:
        complete = all(step.carrier is not Carrier.UNCHECKED for step in block.steps)
        content = [self.blocks(block.content), *map(self._step, block.steps)]
        inside = "\n\n".join(part for part in content if part)
        return f"#proof([{escape(self.targets.name(block.of))}], {str(complete).lower()})[\n{inside}\n]"

    def _step(self, step: Step) -> str:
        head = f"#step({string(step.label)}, {self.targets.number(step.label)}, {string(step.name)}, "
        claim = self._narrower(_LIST).blocks(step.claim)
        return f"{head}{string(step.carrier.value)},\n  [{self._line(step.reason)}])[\n{claim}\n]"
