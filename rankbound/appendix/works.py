"""The works that references name: from "Feller, ... (2nd ed., 1971), section I.7" to an entry of a bibliography.

Theorems, citations and claims say in words where a thing is proved. Here these words are read: which works they name,
where in each work, and what is said there. A work is named by the family name of its first author, followed by the year
in parentheses, wherever in the string that stands; the two papers that claims come from are also named by their titles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rankbound.appendix.document import Work
from rankbound.appendix.works_books import BOOKS
from rankbound.appendix.works_computing import ATTENTION, PROGRAMS
from rankbound.appendix.works_papers import PAPERS

WORKS: Mapping[str, Work] = MappingProxyType(
    {work.key: work for work in sorted((*ATTENTION, *BOOKS, *PAPERS, *PROGRAMS), key=lambda work: work.key)}
)
"""All works by key, in the order of the keys; keys that docs/references.bib has too are the same there."""

WORK_OF_PACKAGE: Mapping[str, Work] = MappingProxyType(
    {
        "numba": WORKS["LamPitrouSeibert2015"],
        "numpy": WORKS["Harris2020"],
        "python-flint": WORKS["Johansson2017"],
        "sympy": WORKS["Meurer2017"],
    }
)
"""The works by which packages that compute ask to be cited, by the names under which the packages are installed."""

# Family name and year do not tell one report of this author from another of the same year.
_ALSO_SAYS = {"DeepSeek2024": "DeepSeek-V2"}

# Papers whose titles name them, in any case of letters, with what may follow the title to say where it appeared.
_BY_TITLE = {
    "Bhojanapalli2020": r"(?:\. ICML 2020, arXiv:2002\.07028)?",
    "RankPerspective": r"(?: \(OpenReview\)|\. OpenReview GoK1PfVgXU)?",
}

_NUMBER = r"(?:\d+|[IVXLC]+)(?:\.\w+)*"
_PART = rf"{_NUMBER}(?:\([a-z]\))?|\({_NUMBER}\)"
_KINDS = r"(?i:sections?|chapters?|theorems?|lemmas?|corollary|equations?|examples?)"
# One part of a place: "section I.7", "sections 11.1 and 11.2", "0.4.6(d)", with a remark in parentheses or without.
_IN_WORK = (
    rf"(?:{_KINDS} (?:{_PART})(?: and (?:{_PART}))*|(?:\d+|[IVXLC]+)(?:\.\w+)+(?:\([a-z]\))?)(?!\w)(?: \([^()]*\))?"
)
_PLACE = re.compile(rf"(?:, {_IN_WORK})+")
_PAGES = re.compile(r",? \d+[-\N{EN DASH}]\d+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A work as a reference names it.

    Attributes
    ----------
    lead : str
        What stands before the name of the work: ``"See"``, ``"with"``, ``"Weyl's inequality for singular values:"``.
    work : Work
    place : str
        Where in the work, such as ``"section 6.2, equation (6.35)"``; empty if the reference names the whole work.
    said : str
        What the work says there, without the full stop; empty if the reference does not tell.
    """

    lead: str
    work: Work
    place: str
    said: str


def _plain(text: str) -> str:
    """Return ``text`` without accents, letter for letter: references may write Renyi or Rényi."""
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in text)


def _names(work: Work) -> re.Pattern[str]:
    """Return what names a work in a reference without accents; a work without a year has its title there."""
    ways = []
    if "year" in work.fields:
        family = _plain(work.fields["author"].split(" and ")[0].split(",")[0])
        # A particle in front of the name has a capital where it begins a sentence.
        name = rf"(?i:{family[0]}){re.escape(family[1:])}" if family[0].islower() else re.escape(family)
        # No parentheses and no semicolon in between: the year is that of the work named, not of the next one.
        between = rf"(?=[^();]*{re.escape(_ALSO_SAYS[work.key])})" if work.key in _ALSO_SAYS else ""
        ways.append(rf"\b{name}\b{between}[^();]*\((?:[^();]*\b)?{work.fields['year']}\)")
    if work.key in _BY_TITLE:
        ways.append(rf"(?i:{re.escape(_plain(work.fields['title']))}){_BY_TITLE[work.key]}")
    return re.compile("|".join(ways))


_NAMES = tuple((work.key, _names(work)) for work in WORKS.values())


def _split(between: str) -> tuple[str, str]:
    """Split what stands between two works into what belongs to the first and what leads to the second.

    The second begins after the last semicolon, or if there is none after the last comma.
    """
    for mark in (";", ","):
        if mark in between:
            tail, _, lead = between.rpartition(mark)
            return tail, lead.strip()
    return between, ""


def _read(tail: str) -> tuple[str, str]:
    """Split what follows the name of a work into the place in it and what it says there; pages are left out."""
    if pages := _PAGES.match(tail):
        tail = tail[pages.end() :]
    place = ""
    if found := _PLACE.match(tail):
        place = found.group().removeprefix(", ")
        tail = tail[found.end() :]
    said = tail.strip(" ,:;").removesuffix(".")
    if alone := re.fullmatch(r"\(([^()]*)\)", said):
        said = alone.group(1)
    return place, said


def mentions(reference: str) -> tuple[Mention, ...]:
    """Return the works that a reference names, with the place in each and what it says there.

    Parameters
    ----------
    reference : str
        As :class:`proofs.records.Citation`, :class:`proofs.records.Theorem` and the sources of claims have it, such as
        ``"Feller, An Introduction to Probability Theory and Its Applications II (2nd ed., 1971), section I.7: n
        random points divide ..."``.

    Returns
    -------
    tuple of Mention
        In the order in which the reference names them. Most references name one work, some two or more; a reference to
        a fact that needs no work ("Bernoulli's inequality ...") names none.

    Examples
    --------
    >>> [found] = mentions("Feller, An Introduction to Probability Theory II (2nd ed., 1971), section I.7: the law.")
    >>> found.work.key, found.place, found.said
    ('Feller1971', 'section I.7', 'the law')
    """
    plain = _plain(reference)
    spans = sorted((found.start(), found.end(), key) for key, names in _NAMES for found in names.finditer(plain))
    result: list[Mention] = []
    lead = reference[: spans[0][0]].strip() if spans else ""
    for place, (_, end, key) in enumerate(spans):
        if place + 1 < len(spans):
            tail, next_lead = _split(reference[end : spans[place + 1][0]])
        else:
            tail, next_lead = reference[end:], ""
        result.append(Mention(lead, WORKS[key], *_read(tail)))
        lead = next_lead
    return tuple(result)


def work_of(reference: str) -> tuple[Work, ...]:
    """Return the works that a reference names, each once, in its order; see :func:`mentions`."""
    return tuple({found.work.key: found.work for found in mentions(reference)}.values())
