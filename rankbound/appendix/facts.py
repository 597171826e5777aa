"""What a document says, thing by thing, in plain words: what a check compares, and names where it differs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rankbound.appendix.document import (
    Block,
    Citation,
    Code,
    Definitions,
    Display,
    Document,
    Emphasis,
    Figure,
    Fold,
    Inlines,
    Items,
    Listing,
    Math,
    Notice,
    Paragraph,
    Proof,
    Reference,
    Section,
    Statement,
    Strong,
    Table,
    Text,
)


def facts_of(document: Document) -> dict[str, str]:
    """Return what each labelled thing of a document says, by its name.

    Cells of tables, steps of proofs and pictures are things of their own; what a section says outside of these is one.
    """
    facts = {"title": document.title, "lead": _words(document.lead)}
    facts |= _facts(document.sections)
    facts |= {f"picture {name}": hashlib.sha256(one.svg).hexdigest() for name, one in document.pictures.items()}
    facts |= {f"work {work.key}": "; ".join(f"{k} = {v}" for k, v in work.fields.items()) for work in document.works}
    return facts


def _facts(blocks: Iterable[Block]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Table):
            heads = [words_of(column.head) for column in block.columns]
            facts[f"{block.label}, caption"] = words_of(block.caption)
            facts[f"{block.label}, notes"] = " ".join(map(words_of, block.notes))
            for row in block.rows:
                first = words_of(row[0])
                facts |= {
                    f"{block.label}, {first}, {head}": words_of(cell) for head, cell in zip(heads, row, strict=True)
                }
        elif isinstance(block, Proof):
            facts[f"proof {block.of}"] = _words(block.content)
            for number, step in enumerate(block.steps, 1):
                words = f"{step.name}: {_words(step.claim)} {words_of(step.reason)} [{step.carrier.value}]"
                facts[f"proof {block.of}, step {number}"] = words
        elif isinstance(block, (Section, Statement, Fold)):
            title = block.summary if isinstance(block, Fold) else block.title
            facts[block.label] = f"{words_of(title)}: {_words(block.content)}"
            facts |= _facts(block.content)
        elif isinstance(block, Figure):
            facts[block.label] = f"{words_of(block.caption)} {block.description}"
    return facts


def _words(blocks: Iterable[Block]) -> str:
    return " ".join(filter(None, map(_block_words, blocks)))


def _block_words(block: Block) -> str:
    if isinstance(block, Paragraph):
        return words_of(block.content)
    if isinstance(block, Display):
        return block.latex
    if isinstance(block, Items):
        return " ".join(map(_words, block.items))
    if isinstance(block, Definitions):
        return " ".join(f"{words_of(term)}: {words_of(meaning)}." for term, meaning in block.entries)
    if isinstance(block, Listing):
        return block.text
    if isinstance(block, Notice):
        return f"{block.title}: {_words(block.content)}"
    return ""  # a thing of its own


def words_of(content: Inlines) -> str:
    """Return what stands in a line as plain words, formulas in LaTeX and references by label."""
    return "".join(map(_inline_words, content))


def _inline_words(piece: object) -> str:
    match piece:
        case Text(words):
            return words
        case Math(latex):
            return latex
        case Code(text):
            return text
        case Emphasis(content) | Strong(content):
            return words_of(content)
        case Reference(label):
            return label
        case Citation(key):
            return f"[{key}]"
    raise TypeError(f"a line does not hold {type(piece).__name__}")
