"""Plain text in LaTeX."""

from __future__ import annotations

import re

_SPECIAL = {
    "<=": r"$\le$",
    ">=": r"$\ge$",
    "->": r"$\to$",
    "<": "$<$",
    ">": "$>$",
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "|": r"\textbar{}",
    **{character: "\\" + character for character in "{}$&#_%"},
}
_PATTERN = re.compile("|".join(map(re.escape, _SPECIAL)))


def escape(text: str) -> str:
    """Return text that LaTeX prints as it stands, with signs for ``<=``, ``>=`` and ``->``."""
    return _PATTERN.sub(lambda found: _SPECIAL[found.group()], text)
