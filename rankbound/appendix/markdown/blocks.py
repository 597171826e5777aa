"""Blocks in GitHub's Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

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
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.markdown.inlines import anchor, cell, line, marked, summary
from rankbound.appendix.markdown.words import escape, fence, guarded
from rankbound.appendix.targets import Targets

_MEASURE = 48.0  # em; about the width of GitHub's pages
_DEEPEST = 6  # level of heading that there is
_LISTS = (Items, Definitions)
_APART = "<!-- -->"  # between two lists, which would be one without


def picture_path(name: str) -> str:
    """Return where the text looks for a picture."""
    return f"figures/{name}.svg"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes blocks, each with an empty line before the next."""

    targets: Targets

    def blocks(self, blocks: Blocks) -> str:
        """Return some blocks."""
        parts = [self._block(block) for block in blocks]
        for number in range(1, len(blocks)):
            if isinstance(blocks[number], _LISTS) and isinstance(blocks[number - 1], (*_LISTS, Proof)):
                parts[number] = f"{_APART}\n\n{parts[number]}"
        return _stacked(*parts)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph():
                return guarded(self._line(block.content))
            case Display():
                return fence(to_latex(block.latex, width=_MEASURE), "math")
            case Listing():
                return fence(block.text, "text")
            case Items():
                marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1))
                return "\n".join(_item(mark, self.blocks(item)) for mark, item in zip(marks, block.items, strict=True))
            case Definitions():
                return "\n".join(f"- {guarded(self._line(term))}: {self._line(words)}" for term, words in block.entries)
            case Table():
                return self._table(block)
            case Figure():
                image = f"![{escape(block.description)}]({quote(picture_path(block.picture))})"
                return f"{image}\n\n{self._caption(block, 'Figure')}"
            case Notice():
                return _quoted(
                    f"[!WARNING]\n{marked(escape(block.title), '**', 'strong')}\n\n{self.blocks(block.content)}"
                )
            case Statement():
                head = f"**{escape(self.targets.name(block.label))}** ({self._line(block.title)}) · `{block.id}`"
                return _stacked(f"{anchor(block.label)}{head}", self.blocks(block.content))
            case Proof():
                return self._proof(block)
            case Fold():
                head = f"{anchor(block.label)}\n\n<details>\n<summary>{summary(block.summary, self.targets)}</summary>"
                return _stacked(head, self.blocks(block.content), "</details>")
            case Section():
                number = self.targets.number(block.label)
                level = min(number.count(".") + 2, _DEEPEST)
                head = f"{'#' * level} {anchor(block.label)}{number} {self._line(block.title)}"
                return _stacked(head, self.blocks(block.content))

    def _line(self, content: Inlines) -> str:
        return line(content, self.targets)

    def _caption(self, block: Table | Figure, kind: str) -> str:
        number = self.targets.number(block.label)
        return f"{anchor(block.label)}**{kind} {number}.** {self._line(block.caption)}"

    def _table(self, block: Table) -> str:
        rules = ("--:" if column.flush == "right" else ":--" for column in block.columns)
        rows = [self._row(column.head for column in block.columns), f"| {' | '.join(rules)} |"]
        rows += [self._row(row) for row in block.rows]
        notes = (guarded(self._line(note)) for note in block.notes)
        return _stacked(self._caption(block, "Table"), "\n".join(rows), *notes)

    def _row(self, cells: Iterable[Inlines]) -> str:
        return f"| {' | '.join(cell(content, self.targets) for content in cells)} |"

    def _proof(self, block: Proof) -> str:
        complete = all(step.carrier is not Carrier.UNCHECKED for step in block.steps)
        steps = "\n\n".join(_item(f"{self.targets.number(step.label)}.", self._step(step)) for step in block.steps)
        apart = _APART if steps and block.content and isinstance(block.content[-1], _LISTS) else ""
        head = f"*Proof of {escape(self.targets.name(block.of))}*"
        return _stacked(f"{head}.", self.blocks(block.content), apart, steps, "∎" if complete else "")

    def _step(self, step: Step) -> str:
        carrier = step.carrier.value
        mark = marked(carrier, "**", "strong") if step.carrier is Carrier.UNCHECKED else carrier
        head = f"{anchor(step.label)}{marked(escape(step.name), '*', 'em')} ({mark})"
        return _stacked(head, self.blocks(step.claim), guarded(self._line(step.reason)))


def _stacked(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _item(mark: str, content: str) -> str:
    """Return an item of a list: what is inside is indented by its mark."""
    indent = " " * (len(mark) + 1)
    lines = content.split("\n")
    return "\n".join([f"{mark} {lines[0]}", *(f"{indent}{line}" if line else "" for line in lines[1:])])


def _quoted(content: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in content.split("\n"))
