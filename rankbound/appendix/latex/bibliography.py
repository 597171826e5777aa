"""The works of a document for BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rankbound.appendix.document import Work
from rankbound.appendix.latex.words import words


def bibliography(works: Iterable[Work]) -> str:
    """Return the file for BibTeX; titles keep their capitals, whatever the style.

    Raises
    ------
    ValueError
        If a field has a character of which LaTeX does not know how it is written.
    """
    return "\n".join(map(_entry, works))


def _entry(work: Work) -> str:
    fields = [f"  {name} = {{{_value(name, text)}}},\n" for name, text in work.fields.items()]
    return f"@{work.kind}{{{work.key},\n{''.join(fields)}}}\n"


def _value(name: str, text: str) -> str:
    if name == "pages":
        return re.sub(r"[-\N{EN DASH}]+", "--", text)
    return f"{{{words(text)}}}" if name == "title" else words(text)
