"""Words, names and strings in Typst's markup."""

from __future__ import annotations

import re

_LETTER = r"[^\W\d_]"
_SPECIAL = re.compile(
    r"""[\\#$*_`@<>~\[\]"/]"""  # markup, quotes that would be curled, and what starts a comment or an address
    r"|^\.$|\.(?=\.)|(?<=\.)\."  # full stops in a row, which would become an ellipsis
    rf"|(?<!{_LETTER})['-]|['-](?!{_LETTER})"  # quotes, dashes, minus signs; but apostrophes and hyphens in words stay
)
_LINE_START = re.compile(r"\s*(?:[-+=]|\d+(?=\.))")  # where an item of a list or a heading would start
_PIECE = re.compile(r"[\W_]*[^\W_]{1,16}[\W_]*|[\W_]+")  # what a name may be broken between
_KEPT = 24  # letters; shorter names are not broken


def escape(text: str) -> str:
    """Return words such that Typst shows them as they stand, inside of a line (see :func:`guarded`).

    White space is as good as one space, but for no-break spaces, which are kept.
    """
    flat = re.sub(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+", " ", text)
    return _SPECIAL.sub(r"\\\g<0>", flat).replace("\N{NO-BREAK SPACE}", "~")


def guarded(markup: str) -> str:
    """Return the markup of a line such that it does not begin a heading or an item of a list."""
    found = _LINE_START.match(markup)
    if not found:
        return markup
    if found[0][-1].isdigit():
        return rf"{found[0]}\{markup[found.end() :]}"
    return rf"{found[0][:-1]}\{found[0][-1]}{markup[found.end() :]}"


def string(text: str) -> str:
    """Return a string literal of Typst's code."""
    return '"' + re.sub(r'[\\"]', r"\\\g<0>", text).replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r") + '"'


def pieces(code: str) -> list[str]:
    """Return the pieces of a name, a command or a digest between which a line may end; one if it is short."""
    return _PIECE.findall(code) if len(code) > _KEPT else [code]
