"""The formats in which an appendix can be set, and the files of each."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from rankbound.appendix.document import Blocks, Document
from rankbound.appendix.paged import paged
from rankbound.errors import invalid

FORMATS = ("latex", "pdf", "html", "markdown")
"""Names of the formats."""

_HOME = {"latex": "latex", "pdf": "typst", "html": "html", "markdown": "markdown"}

_PAPER = ("latex", "pdf")

HOW_TO_SET_PDF = 'pip install "rankbound[report]"'
"""What installs the package typst, which sets PDF."""

FIRST_FILES = {
    "latex": ("appendix.tex", "main.tex", "rankbound-preamble.tex"),
    "pdf": ("appendix.pdf",),
    "html": ("appendix.html",),
    "markdown": ("appendix.md",),
}
"""Files that each format has in any case."""

_OWN = frozenset(name for names in FIRST_FILES.values() for name in names) | {"rankbound.bib"}


def usual_formats() -> tuple[str, ...]:
    """Return all formats that can be set here: PDF needs the extra ``report``."""
    return tuple(filter(can_be_set, FORMATS))


def can_be_set(name: str) -> bool:
    """Say whether what a format needs is installed."""
    return name != "pdf" or find_spec("typst") is not None


def files_of(document: Document, formats: Iterable[str]) -> dict[str, bytes]:
    """Return the files of a document in some formats, by path relative to its folder.

    Raises
    ------
    ValueError
        If PDF is asked for and the extra ``report`` is not installed; the message says how to install it.
    """
    files: dict[str, bytes] = {}
    for name in formats:
        files |= _writer(name).to_files(paged(document) if name in _PAPER else document)
    return files


def fragment_of(blocks: Blocks, document: Document, format_: str) -> str:
    """Return some blocks of a document alone, to be put into another: for ``"pdf"`` that is Typst's markup."""
    text: str = _writer(format_).fragment(blocks, document)
    return text


def is_of_a_format(path: str) -> bool:
    """Say whether a path, relative to the folder of an appendix, is one that some format writes a file to."""
    return path in _OWN or (path.startswith("figures/") and ".." not in path.split("/"))


def _writer(name: str) -> Any:
    """Return the package that sets a format; each has ``to_files`` and ``fragment``."""
    if name not in _HOME:
        raise invalid("format", name, f"one of {', '.join(FORMATS)}", "give one of these")
    return import_module(f"rankbound.appendix.{_HOME[name]}")
