"""A document as one file of HTML, and some of its blocks as a piece of HTML for another page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html import escape
from importlib.resources import files

from rankbound.appendix.document import Blocks, Citation, Document, Fold, Section, Statement
from rankbound.appendix.html.blocks import html_of
from rankbound.appendix.html.scope import Scope, element, link, scope_of
from rankbound.appendix.html.words import words_of
from rankbound.appendix.html.works import works_of
from rankbound.appendix.numbering import numbers_of
from rankbound.errors import invalid

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_WORKS = "references"  # the anchor of the bibliography; labels have a prefix, so that none is this one


def to_files(document: Document, *, name: str = "appendix.html") -> dict[str, bytes]:
    """Return a document as one page that loads nothing.

    Parameters
    ----------
    document : Document
    name : str, optional
        What the file is called.

    Returns
    -------
    dict of str to bytes
        The name and the page in UTF-8: HTML that is also well-formed XML, the same bytes for the same document.

    Raises
    ------
    ValueError
        If a label or a key is unknown or stands twice, a formula is outside the dialect, a picture is missing or is
        not plain SVG, or ``name`` is no name of a file that ends in ``.html``.
    """
    if not name.endswith(".html") or "/" in name or "\\" in name:
        raise invalid("name", name, "a file's name that ends in .html", "give it without a folder, as in appendix.html")
    return {name: _page(document).encode("utf-8")}


def fragment(blocks: Blocks, document: Document) -> str:
    """Return some blocks of a document as HTML for the body of another page.

    Numbers are those of the whole document. References lead to what is among the blocks, and are words otherwise; the
    works that are cited follow as a list. The highest heading is an ``h2``. Without ``page.css`` all is there, in the
    style of the other page.

    Parameters
    ----------
    blocks : tuple of Block
        Blocks of the document, its sections included.
    document : Document

    Raises
    ------
    ValueError
        As for :func:`to_files`.
    """
    scope = scope_of(document, numbers_of(Document("", blocks, ())))
    cited = set(_cited(blocks))
    works = [work for work in document.works if work.key in cited]
    listed = f'\n<section aria-label="References">\n{works_of(works, scope)}\n</section>' if works else ""
    return f'<div class="appendix" lang="{escape(document.language)}">\n{html_of(blocks, scope)}{listed}\n</div>\n'


def _page(document: Document) -> str:
    scope = scope_of(document, numbers_of(document))
    style = files("rankbound.appendix.html").joinpath("page.css").read_text("utf-8")
    language, title = escape(document.language), escape(document.title, quote=False)
    contents = _contents(document, scope)
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="{_POLICY}" />
<title>{title}</title>
<link rel="icon" href="data:," />
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<nav class="aside" aria-label="Contents">
<p class="title">Contents</p>
{contents}
</nav>
<main class="appendix" id="text">
<h1>{title}</h1>
<nav class="folded-away" aria-label="Contents">
<details>
<summary>Contents</summary>
{contents}
</details>
</nav>
{html_of((*document.lead, *document.sections), scope)}
{_bibliography(document, scope)}</main>
</body>
</html>
"""


def _contents(document: Document, scope: Scope) -> str:
    """Return the table of contents: sections, the statements in them, and the bibliography as its last entry."""
    works = link(_WORKS, "References")
    last = [element("li", works)] if document.works else []
    return element("ol", "".join([*_entries(document.sections, scope.unlinked()), *last]), role="list")


def _entries(blocks: Blocks, scope: Scope) -> Iterator[str]:
    """Yield the entries of blocks in the order of reading; a statement in a fold has one too, and opens it."""
    for block in blocks:
        if isinstance(block, Section):
            number = element("span", scope.numbers[block.label], class_="number")
            inner = "".join(_entries(block.content, scope))
            nested = element("ol", inner, role="list") if inner else ""
            yield element("li", link(block.label, f"{number} {words_of(block.title, scope)}") + nested)
        elif isinstance(block, Statement):
            number = element("span", scope.name_of(block.label), class_="number")
            title = words_of(block.title, scope) or element("code", escape(block.id, quote=False))
            yield element("li", link(block.label, f"{number} {title}"), class_="stated")
        elif isinstance(block, Fold):
            yield from _entries(block.content, scope)


def _bibliography(document: Document, scope: Scope) -> str:
    if not document.works:
        return ""
    heading = f'<h2 id="{_WORKS}:title">References</h2>'
    listed = works_of(document.works, scope)
    return f'<section id="{_WORKS}" aria-labelledby="{_WORKS}:title">\n{heading}\n{listed}\n</section>\n'


def _cited(node: object) -> Iterator[str]:
    """Yield the keys of all citations within blocks."""
    if isinstance(node, Citation):
        yield node.key
    elif isinstance(node, tuple):
        for part in node:
            yield from _cited(part)
    elif is_dataclass(node):
        for one in fields(node):
            yield from _cited(getattr(node, one.name))
