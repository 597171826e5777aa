"""The works that references name: every reference of the proofs finds its entry, and the entries are in order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import proofs
from proofs.literature import LITERATURE
from rankbound.appendix.works import WORK_OF_PACKAGE, WORKS, mentions, work_of
from rankbound.claims import REGISTRY
from rankbound.presets import PRESETS

BIBLIOGRAPHY = Path(__file__).parents[2] / "docs" / "references.bib"

# Facts that need no work, and what the program's own pages say.
WITHOUT_A_WORK = {"Bernoulli's inequality, in the form z^q >= y^q + q y^(q-1) (z - y)"}
OURS = {"rankbound, The theorems", "rankbound, Certified numbers", "rankbound, Open questions"}

CITED = {citation.reference for citation in LITERATURE.values()}
NAMED_BY_THEOREMS = {reference for name in proofs.theorem_ids() for reference in proofs.theorem(name).references}
SOURCES = {claim.source.work for claim in REGISTRY.values()}

# What an entry of each kind must have for BibTeX; a submission without a name or a year is still one.
NEEDED = {
    "article": {"author", "title", "journal", "volume", "pages", "year"},
    "book": {"author", "title", "publisher", "year"},
    "incollection": {"author", "title", "booktitle", "publisher", "pages", "year"},
    "inproceedings": {"author", "title", "booktitle", "year"},
    "misc": {"author", "title", "note"},
}
ALLOWED = {"editor", "edition", "series", "volume", "number", "doi", "note", "year"}


def keys(reference: str) -> list[str]:
    return [work.key for work in work_of(reference)]


def documented() -> dict[str, tuple[str, dict[str, str]]]:
    """Read the entries of the documentation: kind and fields by key, in Unicode."""
    text = (
        BIBLIOGRAPHY.read_text(encoding="utf-8")
        .replace(r"{\'e}", "é")
        .replace(r"{\'a}", "á")
        .replace("--", "\N{EN DASH}")
    )
    entries = {}
    for kind, key, body in re.findall(r"^@(\w+)\{(\w+),\n(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL):
        fields = re.findall(r"^ *(\w+) *= \{(.*)\},$", body, flags=re.MULTILINE)
        entries[key] = (kind, {name: re.sub("[{}]", "", value) for name, value in fields})
    return entries


def test_every_reference_names_a_work():
    named = CITED | NAMED_BY_THEOREMS | SOURCES
    assert len(CITED) > 30
    assert len(NAMED_BY_THEOREMS) > 25
    assert {reference for reference in named if not work_of(reference)} == WITHOUT_A_WORK | OURS


def test_every_year_in_a_reference_is_that_of_a_work_it_names():
    """A work that was overlooked beside another one would leave its year over."""
    for reference in CITED | NAMED_BY_THEOREMS:
        years = Counter(re.findall(r"(?<=[( ])(?:1[89]|20)\d\d(?=\))", reference))
        assert years == Counter(work.fields["year"] for work in work_of(reference) if "year" in work.fields), reference


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Feller, An Introduction to Probability Theory and Its Applications I (3rd ed., 1968)", ["Feller1968"]),
        ("Feller, An Introduction to Probability Theory and Its Applications II (2nd ed., 1971)", ["Feller1971"]),
        ("Rényi and Sulanke, Z. Wahrscheinlichkeitstheorie 2 (1963) 75-84", ["RenyiSulanke1963"]),
        ("Asymptotics as van der Vaart (1998) has them", ["VanDerVaart1998"]),
        ("Ball (1997), and once more Ball, Flavors of Geometry (1997), Lemma 2.2", ["Ball1997"]),
        ("Jensen; Feller, volume I (1968)", ["Feller1968"]),
        ("Low-rank bottleneck in multi-head attention models", ["Bhojanapalli2020"]),
        ("a ball (1997)", []),
        ("Feller (1950)", []),
        ("Horn and Johnson, Matrix Analysis (1st ed., 1985)", []),
        ("Johnson, as others do (1 of 1994 ways)", []),
        ("Baller (1997)", []),
        ("", []),
    ],
)
def test_a_work_is_named_by_family_name_and_year(reference, expected):
    assert keys(reference) == expected


def test_another_report_of_the_same_author_and_year_is_not_taken_for_ours():
    [latents] = [preset.source for preset in PRESETS.values() if "DeepSeek-V3" in preset.source]
    assert keys(latents) == []
    assert keys("DeepSeek-AI, DeepSeek-V2 (2024), section 2.1") == ["DeepSeek2024"]


def test_every_work_is_found_by_its_year_or_its_title():
    for key, work in WORKS.items():
        family = work.fields["author"].split(" and ")[0].split(",")[0]
        title = work.fields["title"]
        full = (
            f"{family}, {title} ({work.fields['year']}), section 2" if "year" in work.fields else f"{title}, section 2"
        )
        [found] = mentions(full)
        assert (found.lead, found.work.key, found.place, found.said) == ("", key, "section 2", "")


def test_no_two_works_are_named_in_the_same_way():
    first = Counter((work.fields["author"].split(",")[0], work.fields.get("year")) for work in WORKS.values())
    assert set(first.values()) == {1}


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (
            "points-on-an-arc",
            [
                (
                    "",
                    "Feller1971",
                    "section I.7",
                    "n random points divide a segment of length 1 into n + 1 parts of one law, "
                    "P(length > t) = (1 - t)^n",
                )
            ],
        ),
        ("rank-of-gram", [("", "HornJohnson2013", "0.4.6(d)", "rank A = rank A*A")]),
        (
            "t-transforms",
            [
                (
                    "",
                    "MarshallOlkinArnold2011",
                    "Lemma 2.B.1 (Muirhead; Hardy, Littlewood and Polya)",
                    "a vector that is majorised by another is reached from it by finitely many T-transforms",
                )
            ],
        ),
        (
            "eulerian-recurrence",
            [
                (
                    "",
                    "GrahamKnuthPatashnik1994",
                    "section 6.2, equation (6.35)",
                    "with the number of descents one less than the second argument here",
                )
            ],
        ),
        (
            "bivariate-normal",
            [
                ("", "Muirhead1982", "section 1.2", "linear functions of a normal vector are normal"),
                (
                    "",
                    "BLM2013",
                    "section 2.2",
                    "a normal variable of variance v is at least y >= 0 with chance at most exp(-y^2/(2v))",
                ),
            ],
        ),
        (
            "singular-values-move",
            [("Weyl's inequality for singular values:", "HornJohnson2013", "corollary 7.3.5", "")],
        ),
        ("mills-ratio", [("", "Gordon1941", "", "the lower bound on Mills' ratio")]),
        ("eckart-young", [("", "EckartYoung1936", "", "")]),
        ("continuous-mapping", [("", "VanDerVaart1998", "Theorem 2.3 (continuous mapping)", "")]),
    ],
)
def test_place_and_words_of_a_citation(citation, expected):
    found = mentions(LITERATURE[citation].reference)
    assert [(one.lead, one.work.key, one.place, one.said) for one in found] == expected


def test_what_leads_to_the_second_work_belongs_to_it():
    first, second = mentions(LITERATURE["gaussian-polytope"].reference)
    assert (first.work.key, first.place, first.said) == ("AffentrangerSchneider1992", "", "")
    assert (second.lead, second.work.key) == ("with", "BaryshnikovVitale1994")
    assert second.said.startswith("the expected number of k-faces")
    [jensen, feller] = mentions("Jensen (1906); occupancy numbers: Feller, An Introduction I (1968), IV.2")
    assert (jensen.work.key, jensen.said) == ("Jensen1906", "")
    assert (feller.lead, feller.place) == ("occupancy numbers:", "IV.2")


def test_places_in_a_work():
    def place(words: str) -> tuple[str, str]:
        [found] = mentions(f"Ball (1997){words}")
        return found.place, found.said

    assert place(", sections 11.1 and 11.2: so") == ("sections 11.1 and 11.2", "so")
    assert place(" 1-58, chapter IV") == ("chapter IV", "")
    assert place(", 1-58 (the plane)") == ("", "the plane")
    assert place(", In general, it holds") == ("", "In general, it holds")
    assert place(", section 2nd") == ("", "section 2nd")


def test_no_word_after_the_name_of_a_work_is_lost():
    """What the last work of a reference says ends the reference, and what stands before it is a year or pages."""
    for reference in CITED:
        last = mentions(reference)[-1]
        letters, read = (re.sub(r"\W", "", text) for text in (reference, last.place + last.said))
        assert letters.endswith(read)
        assert re.search(r"\d{4}$", letters.removesuffix(read)), reference


def test_entries_have_the_fields_of_their_kind():
    assert list(WORKS) == sorted(WORKS)
    for key, work in WORKS.items():
        assert work.key == key
        assert re.fullmatch(r"[A-Za-z]+(?:\d{4})?", key)
        assert NEEDED[work.kind] <= set(work.fields) <= NEEDED[work.kind] | ALLOWED, key
        assert work.fields.get("year", "") == re.sub(r"\D", "", key)
        for name, value in work.fields.items():
            assert value == value.strip(), (key, name)
            assert not re.search(r"[{}\\]|--", value), (key, name)
        authors = work.fields["author"].split(" and ")
        assert all(author in ("Anonymous", "DeepSeek-AI") or author.count(", ") == 1 for author in authors)


def test_entries_agree_with_those_of_the_documentation():
    theirs = documented()
    assert {"RankPerspective", "Bhojanapalli2020", "BLM2013", "Foata1977"} <= set(theirs) & set(WORKS)
    assert theirs["LaurentMassart2000"][1]["author"] == "Laurent, Béatrice and Massart, Pascal"
    for key in set(theirs) & set(WORKS):
        kind, fields = theirs[key]
        assert WORKS[key].kind == kind
        assert WORKS[key].fields.get("year") == fields.get("year")
        for name in set(fields) - {"note"}:
            assert WORKS[key].fields[name].casefold() == fields[name].casefold(), (key, name)


def test_works_of_the_documentation_have_no_second_key():
    titles = {re.sub(r"\W", "", fields["title"]).casefold(): key for key, (_, fields) in documented().items()}
    for key, work in WORKS.items():
        title = re.sub(r"\W", "", work.fields["title"]).casefold()
        assert titles.get(title, key) == key


def test_programs_are_cited_by_the_names_under_which_they_are_installed():
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    for name, work in WORK_OF_PACKAGE.items():
        assert f'"{name}>=' in project
        assert WORKS[work.key] is work


def test_reading_references_needs_no_sympy():
    code = "import sys, rankbound.appendix.works; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
