"""The bibliography, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from rankbound.appendix.document import Work
from rankbound.appendix.html.scope import Scope, element
from rankbound.appendix.html.words import work_id


def works_of(works: Iterable[Work], scope: Scope) -> str:
    """Return some works as a list; each has the number that citations have."""
    entries = "\n".join(
        element(
            "li",
            f"{element('span', f'[{scope.number_of(work.key)}]', class_='number')} {element('p', _entry(work.fields))}",
            id=work_id(work.key),
        )
        for work in works
    )
    return f'<ol class="works" role="list">\n{entries}\n</ol>'


def _entry(fields: Mapping[str, str]) -> str:
    """Return who, what, where and when, as far as it is known, each closed with a full stop."""
    said = {name: escape(_plain(value), quote=False) for name, value in fields.items() if value}
    titled = [element("em" if said.keys().isdisjoint(("journal", "booktitle")) else "span", said.get("title", ""))]
    parts = [
        *([_people(said["author"])] if "author" in said else []),
        *(titled if "title" in said else []),
        ", ".join(_where(said)),
        said.get("note", ""),
        *_links(fields),
    ]
    return " ".join(part if part.endswith((".", "</a>")) else f"{part}." for part in parts if part)


def _where(said: Mapping[str, str]) -> list[str]:
    volume = said.get("volume", "") + (f"({said['number']})" if "number" in said else "")
    journal = element("em", said["journal"]) if "journal" in said else ""
    pages = said.get("pages", "")
    where = [
        f"{journal} {volume}".strip() if journal else "",
        f"In {element('em', said['booktitle'])}" if "booktitle" in said else "",
        f"volume {volume}" if volume and not journal else "",
        said.get("series", ""),
        f"{_people(said['editor'])} (ed.)" if "editor" in said else "",
        f"{said['edition'].lower()} edition" if "edition" in said else "",
        (f"{'pp.' if chr(8211) in pages else 'p.'}\N{NO-BREAK SPACE}{pages}") if pages else "",
        said.get("publisher", ""),
        said.get("institution", said.get("school", said.get("howpublished", ""))),
        said.get("year", ""),
    ]
    return [part for part in where if part]


def _links(fields: Mapping[str, str]) -> list[str]:
    """Return where it is to be read; nothing is loaded from there."""
    places = [
        (f"doi:{fields['doi']}", f"https://doi.org/{fields['doi']}") if "doi" in fields else ("", ""),
        (f"arXiv:{fields['eprint']}", f"https://arxiv.org/abs/{fields['eprint']}") if "eprint" in fields else ("", ""),
        (fields.get("url", ""), fields.get("url", "")),
    ]
    return [
        element("a", escape(words, quote=False), href=address)
        for words, address in places
        if address.startswith(("https://", "http://"))
    ]


def _people(names: str) -> str:
    """Return ``"A. Salmon, B. Moraes and C. Dror"`` of names written ``"Salmon, A. and Moraes, B. and Dror, C."``."""
    people = [" ".join(reversed(name.split(", ", 1))) for name in names.split(" and ")]
    return people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]}"


def _plain(value: str) -> str:
    """Return a field without BibTeX's braces around what keeps its capitals, and with the dashes of print."""
    return re.sub(r"[{}]", "", value).replace("--", "\N{EN DASH}")
