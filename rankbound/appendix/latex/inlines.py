"""What stands in a line, in LaTeX."""

from __future__ import annotations

import re
import unicodedata

from rankbound.appendix.document import Citation, Code, Emphasis, Inline, Inlines, Math, Reference, Strong, Text
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.latex.labels import References
from rankbound.appendix.latex.words import code, words


def inline(content: Inlines, references: References) -> str:
    """Return what stands in a line; it cannot be taken for an optional argument, whatever it begins with."""
    written = "".join(_one(piece, references) for piece in content)
    return "{}" + written if written.startswith(("[", "*")) else written


def heading(content: Inlines, references: References) -> str:
    """Return the words of a heading; where they hold formulas or code, with plain letters for bookmarks."""
    written = inline(content, references)
    if not re.search(r"\$|\\rankbound|\\ref|\\cite", written):
        return written
    return rf"\rankboundheading{{{written}}}{{{words(_plain(content))}}}"


def _one(piece: Inline, references: References) -> str:
    if isinstance(piece, Text):
        return words(piece.words)
    if isinstance(piece, Math):
        return f"${to_latex(piece.latex)}$"
    if isinstance(piece, Code):
        return rf"\rankboundcode{{{code(piece.text)}}}"
    if isinstance(piece, Reference):
        return references(piece.label)
    if isinstance(piece, Citation):
        return rf"\cite{{{piece.key}}}"
    command = "emph" if isinstance(piece, Emphasis) else "textbf"
    return rf"\{command}{{{inline(piece.content, references)}}}"


def _plain(content: Inlines) -> str:
    """Return the content in letters, digits and signs of ASCII, for a bookmark."""
    return "".join(map(_plain_piece, content))


def _plain_piece(piece: Inline) -> str:
    if isinstance(piece, Text):
        text = unicodedata.normalize("NFKC", piece.words).replace("\N{LESS-THAN OR EQUAL TO}", "<=")
        return _only_simple(unicodedata.normalize("NFD", text))
    if isinstance(piece, Math):
        return _only_simple(re.sub(r"\\(left|right|mathbb|mathrm|text|frac|[^A-Za-z])|[{}]", "", piece.latex))
    if isinstance(piece, Code):
        return piece.text
    return _plain(piece.content) if isinstance(piece, (Emphasis, Strong)) else ""


def _only_simple(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9 ()\[\],.;:/+=-]", "", text)
