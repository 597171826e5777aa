"""Words, code and formulas in GitHub's Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*\[\]~]|<(?!=? )|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|!$")
_LINE_START = re.compile(r"\s*(?:[-+#>]|\d+(?=[.)]))")  # where an item of a list, a heading or a quotation would start
_BARS = {r"\|": r"\Vert ", "|": r"\vert "}


def escape(text: str) -> str:
    """Return words such that they are shown as they stand, inside of a line (see :func:`guarded`).

    White space is as good as one space, but for no-break spaces, which are kept.
    """
    flat = re.sub(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+", " ", text)
    return _SPECIAL.sub(r"\\\g<0>", flat).replace("$", "<span>$</span>")  # GitHub's way to a dollar beside formulas


def guarded(markdown: str) -> str:
    """Return a line such that it does not begin a heading, an item of a list or the like."""
    found = _LINE_START.match(markdown)
    if not found:
        return markdown
    if found[0][-1].isdigit():
        return rf"{found[0]}\{markdown[found.end() :]}"
    return rf"{found[0][:-1]}\{found[0][-1]}{markdown[found.end() :]}"


def code(text: str) -> str:
    """Return a name, a command or a digest as a span of code."""
    flat = " ".join(text.split())
    longest = max(map(len, re.findall("`+", flat)), default=0)
    marks = "`" * (longest + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{marks}{space}{flat}{space}{marks}"


def formula(latex: str) -> str:
    """Return a formula in the line; its bars are written by name, for a table would be cut at them."""
    named = re.sub(r"\\\||(?<!\\)\|", lambda bar: _BARS[bar[0]], " ".join(latex.split()))
    return f"$`{named}`$"


def fence(text: str, kind: str) -> str:
    """Return lines as they stand, marked by what kind they are."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{kind}\n{text.rstrip(chr(10))}\n{marks}"
