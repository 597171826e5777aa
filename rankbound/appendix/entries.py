"""How an entry of the bibliography reads, for formats that set their bibliographies by themselves."""

from __future__ import annotations

from rankbound.appendix.document import Emphasis, Inline, Inlines, Text, Work

_BOOKS = ("book", "phdthesis", "mastersthesis", "proceedings", "manual")  # whose own titles are in italics


def entry_of(work: Work) -> Inlines:
    """Return an entry in words: authors, title, where it appeared, year and note, each ended by a full stop.

    Fields that say nothing to a reader (and ``doi``, ``url``, ``eprint``, see :func:`address_of`) are left out.
    """
    fields = work.fields
    words: list[Inline] = []
    title = fields.get("title", "")
    for part in (
        (Text(_names(fields.get("author") or fields.get("editor", ""))),),
        _with_edition(Emphasis((Text(title),)) if work.kind in _BOOKS else Text(title), fields.get("edition", "")),
        (*_place(work), Text(fields.get("year", ""))),
        (Text(fields.get("note", "")),),
    ):
        words += _sentence(part, space=bool(words))
    return tuple(words)


def address_of(work: Work) -> str:
    """Return where an entry is to be found on the web, from its ``doi``, ``url`` or arXiv number, or nothing."""
    if doi := work.fields.get("doi"):
        return f"https://doi.org/{doi}"
    if url := work.fields.get("url"):
        return url
    eprint = work.fields.get("eprint")
    return f"https://arxiv.org/abs/{eprint}" if eprint else ""


def _names(names: str) -> str:
    """Return ``"Family, Given and Family, Given"`` as ``"Given Family and Given Family"``."""
    people = [" ".join(reversed(name.strip().split(", ", 1))) for name in names.split(" and ") if name.strip()]
    if len(people) < 3:
        return " and ".join(people)
    return f"{', '.join(people[:-1])}, and {people[-1]}"


def _with_edition(title: Inline, edition: str) -> Inlines:
    return (title, Text(f", {edition} edition")) if edition else (title,)


def _place(work: Work) -> Inlines:
    """Return where a work appeared, each part with a comma after it."""
    fields = work.fields
    pages = fields.get("pages", "").replace("--", "\N{EN DASH}")
    if journal := fields.get("journal"):
        volume = fields.get("volume", "") + (f"({fields['number']})" if "number" in fields else "")
        return (
            Emphasis((Text(journal),)),
            Text(f" {volume}" if volume else ""),
            Text(f", {pages}, " if pages else ", "),
        )
    book: Inlines = (Text("In "), Emphasis((Text(fields["booktitle"]),)), Text(", ")) if "booktitle" in fields else ()
    rest = [f"pages {pages}" if pages else ""]
    rest += [fields.get(name, "") for name in ("series", "publisher", "school", "institution", "howpublished")]
    return (*book, *(Text(f"{words}, ") for words in rest if words))


def _sentence(part: Inlines, *, space: bool) -> Inlines:
    """Return a part with a full stop after it, or nothing if it says nothing."""
    kept = [inline for inline in part if not isinstance(inline, Text) or inline.words]
    if not kept or (len(kept) == 1 and isinstance(kept[0], Emphasis) and kept[0].content == (Text(""),)):
        return ()
    last = kept[-1]
    if isinstance(last, Text):
        ended = last.words.rstrip(", ")  # a comma before a year that is not known
        kept[-1] = Text(ended if ended.endswith((".", "?", "!")) else f"{ended}.")
    else:
        kept.append(Text("."))
    return (Text(" "), *kept) if space else tuple(kept)
