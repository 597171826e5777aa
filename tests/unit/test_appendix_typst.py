"""Appendices in Typst's markup, and as a PDF without TeX."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from hypothesis import example, given
from hypothesis import strategies as st
from sample_document import LONG, sample

from rankbound.appendix.document import (
    Carrier,
    Citation,
    Code,
    Document,
    Emphasis,
    Items,
    Math,
    Paragraph,
    Proof,
    Reference,
    Strong,
    Text,
    Work,
)
from rankbound.appendix.numbering import numbers_of
from rankbound.appendix.targets import targets_of
from rankbound.appendix.typst import STYLE, fragment, to_files, to_source
from rankbound.appendix.typst.inlines import line
from rankbound.appendix.typst.words import pieces

NO_TARGETS = targets_of(Document("", (), ()))
NASTY = st.text(alphabet="#$*_`@<>~\\/-=+.:1'\"[](){};!? ubé\N{EN DASH}\N{NO-BREAK SPACE}", max_size=25)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def shown(markup: str) -> str:
    """Return what Typst makes of some markup that consists of words only."""
    body = json.loads(
        typst.query(f"#block[{markup}]<it>".encode(), "<it>", field="body", one=True, ignore_system_fonts=True)
    )
    parts = body.get("children", [body])
    assert {part["func"] for part in parts} <= {"text", "symbol", "space", "sequence", "smartquote"}, parts
    kept = {"space": " ", "smartquote": "'"}  # an apostrophe in a word is curled
    return "".join(kept.get(part["func"]) or part.get("text", "") for part in parts)


def read(pdf: bytes, folder: Path, *options: str) -> str:
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, text=True, check=True).stdout


@given(st.lists(NASTY, min_size=1, max_size=3))
@example(["1", ". one"])
@example(["- one"])
@example(["= one"])
@example(["+ one"])
@example(["/ one: two"])
@example([".", "..", "-", "--"])
@example([".", ".", "."])
@example(["a // b /* c */ https://example.org/x"])
@example(['it\'s "so" -1 x-ray \\u{41} #x @y <z> `k` ~ 5$'])
def test_words_are_shown_as_they_stand(words):
    wanted = re.sub(" +", " ", "".join(words)).strip(" ")
    markup = line(tuple(Text(part) for part in words), NO_TARGETS)
    assert re.sub(" +", " ", shown(markup)).strip(" ") == wanted


@pytest.mark.parametrize("words", ["(a)", ".b", "; c", "[d]", ".text", "at(0)"])
def test_words_after_a_call_are_no_part_of_it(words):
    content = (Text("see "), Emphasis((Text("this"),)), Text(words))
    body = typst.query(
        f"#block[{line(content, NO_TARGETS)}]<it>".encode(), "<it>", field="body", one=True, ignore_system_fonts=True
    )
    texts = "".join(part.get("text", "") for part in json.loads(body)["children"] if part["func"] in ("text", "symbol"))
    assert texts.replace("see", "", 1).strip() == words


def test_long_names_can_be_broken_and_short_ones_cannot():
    digest = hashlib.sha256(b"").hexdigest()
    command = "python -m rankbound.verify --format=json --n_keys=64 | tee x"
    for name in (digest, command, "rankbound.appendix.document.Statement"):
        assert "".join(pieces(name)) == name
        assert len(pieces(name)) > 1
        assert max(map(len, pieces(name))) <= 20
    assert pieces("norm-conditioned-barrier") == ["norm-conditioned-barrier"]


def test_source_has_every_block():
    source = to_source(sample()).removeprefix(STYLE.rstrip())
    for call in (
        "appendix.with", "section", "definitions", "list", "enum", "statement", "proof", "step", "notice", "fold",
        "data-table", "picture", "listing", "code", "to", "emph", "strong", "references", "entry",
    ):  # fmt: skip
        assert re.search(rf"#(show: )?{re.escape(call)}\(|#{call}\[", source), call
    assert '#section("sec:inner", "1.1")[Inside of a section]' in source
    assert '#statement("thm:barrier", 2, "Theorem", "2", "barrier",\n  [The barrier])[' in source
    assert '#fold("fold:barrier", 2)[#code("barrier") is PROVED]' in source
    assert r'#listing("rankbound appendix --output DIR\nrankbound appendix --check DIR")' in source
    assert "[16], [\\[0.36620, 0.37547\\]], [enclosed" in source
    assert '#show: appendix.with(title: "A sample: 100% of {everything} & more_than_that"' in source
    assert "[John K. Salmon and Mark A. Moraes. Parallel random numbers: as easy as 1, 2, 3. In #emph[High" in source


def test_every_link_has_a_target():
    source = to_source(sample()).removeprefix(STYLE.rstrip())
    links = set(re.findall(r'#to\("([^"]+)"\)', source))
    assert {"thm:occupancy", "step:barrier:1", "tab:rank", "fig:curve", "sec:frame", "work:BLM2013"} <= links
    targets = re.findall(r'#(?:section|statement|step|fold|data-table|picture|entry)\((?:\d+, )?"([^"]+)"', source)
    assert len(targets) == len(set(targets))
    assert links <= set(targets)
    assert set(targets) >= set(numbers_of(sample()))


def test_a_proof_with_an_unchecked_step_has_no_end_mark():
    document = sample()
    proof = next(block for block in document.sections[1].content if isinstance(block, Proof))
    assert "#proof([Theorem~2], false)" in fragment((proof,), document)
    checked = replace(proof, steps=tuple(step for step in proof.steps if step.carrier is not Carrier.UNCHECKED))
    assert "#proof([Theorem~2], true)" in fragment((checked,), document)


def test_a_fragment_keeps_numbers_and_links_only_to_what_it_contains(tmp_path):
    document = sample()
    proof = next(block for block in document.sections[1].content if isinstance(block, Proof))
    markup = fragment((proof,), document)
    assert '#to("step:barrier:1")[(1)]' in markup
    assert '#to("thm:occupancy")' not in markup
    assert "Theorem~1" in markup
    assert r"from \[1\]" in markup
    assert '#to("work:' not in markup
    (tmp_path / "style.typ").write_text(STYLE)
    main = tmp_path / "main.typ"
    main.write_text(f'#import "style.typ": *\n{markup}')
    assert typst.compile(main, ignore_system_fonts=True).startswith(b"%PDF")


def test_displays_in_lists_are_broken_to_narrower_lines():
    from rankbound.appendix.formulas import to_typst

    source = to_source(sample())
    assert to_typst(LONG, display=True, width=41.0 - 2.8) in source


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (Reference("thm:none"), "reference = 'thm:none': expected the label of something with a number"),
        (Citation("None1900"), "citation = 'None1900': expected the key of one of the document's works"),
    ],
)
def test_references_to_nothing_are_refused(content, complaint):
    with pytest.raises(ValueError, match=complaint):
        to_source(Document("", (Paragraph((content,)),), ()))
    with pytest.raises(ValueError, match="label = 'sec:proofs': expected a label of the document"):
        fragment((sample().sections[1],), Document("", (), ()))


def test_typst_has_nothing_to_complain_about(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "curve.pdf").write_bytes(sample().pictures["curve"].pdf)
    main = tmp_path / "main.typ"
    main.write_text(to_source(sample()))
    _, complaints = typst.compile_with_warnings(main, ignore_system_fonts=True)
    assert complaints == []


@needs_poppler
def test_pdf_contains_the_words_and_the_numbers(tmp_path):
    text = " ".join(read(to_files(sample())["appendix.pdf"], tmp_path).replace("\N{NO-BREAK SPACE}", " ").split())
    for words in (
        "A sample: 100% of {everything} & more_than_that", "“quotation” — so to say.", "1 Notation", "1.1 Inside",
        "Theorem 2 (The barrier).", "by Theorem 1:", "Refutation 3", "Not proved: the derivation is undecided",
        "Proof of Theorem 2.", "a sign, by ball arithmetic", "not checked", "barrier is PROVED", "head_dim",
        "[0.36620, 0.37547]", "Table 1. Enclosures of", "Figure 1. The curve, as in Table 1", "Rounded outward.",
        "rankbound appendix --output DIR", "[2] Stéphane Boucheron and Gábor Lugosi. Concentration Inequalities.",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ):  # fmt: skip
        assert words in text, words


@needs_poppler
def test_nothing_stands_beside_the_lines(tmp_path):
    """Margins are 92.6 pt wide; punctuation may hang into them by a part of its width."""
    document = sample()
    digest = Code(hashlib.sha256(b"").hexdigest())
    more = (Paragraph((digest, Text(" and "), Strong((digest,)), Text(" and "), Math(LONG))),)
    nested = Items((more, (Items((more,), numbered=True),)))
    boxes = read(to_files(replace(document, lead=(*document.lead, *more, nested)))["appendix.pdf"], tmp_path, "-bbox")
    edges = [(float(left), float(right)) for left, right in re.findall(r'xMin="([\d.]+)".*xMax="([\d.]+)"', boxes)]
    assert len(edges) > 100
    assert min(left for left, _ in edges) > 90
    assert max(right for _, right in edges) < 505.5


def test_pdf_is_the_same_anywhere_and_has_no_date(tmp_path):
    """The other process has another seed of hashes, home, folder, clock of the build, and path of fonts."""
    pdf = to_files(sample())["appendix.pdf"]
    assert b"CreateDate" not in pdf
    assert b"CreationDate" not in pdf
    program = (
        "import hashlib; from sample_document import sample; from rankbound.appendix.typst import to_files; "
        "print(hashlib.sha256(to_files(sample())['appendix.pdf']).hexdigest())"
    )
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "7", "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path), "SOURCE_DATE_EPOCH": "86400", "TZ": "Asia/Tokyo", "TYPST_FONT_PATHS": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_pdf_says_what_a_reader_for_the_blind_needs():
    pdf = to_files(sample())["appendix.pdf"]
    assert b"/MarkInfo" in pdf
    assert b"/Lang" in pdf
    assert b"(A line rises.)" in pdf


def test_without_typst_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ValueError, match=r"^format = .*not installed; .*pip install \"rankbound\[report\]\"$"):
        to_files(sample())
    assert to_source(sample()).endswith("]\n")


def test_entries_of_any_kind_read_well():
    from rankbound.appendix.entries import address_of, entry_of

    def words(kind: str, **fields: str) -> str:
        return line(entry_of(Work("Key", kind, fields)), NO_TARGETS)

    assert words(
        "article", author="A, B and C, D and E, F", title="T", journal="J", volume="3", pages="1--2", year="1900"
    ) == ("B A, D C, and F E. T. #emph[J] 3, 1\N{EN DASH}2, 1900.")
    assert words("misc", author="Anonymous", title="Why?", note="A note.") == "Anonymous. Why? A note."
    assert words("book", title="T", edition="2nd", publisher="P") == "#emph[T], 2nd edition. P."
    assert words(
        "incollection", author="A, B", title="T", booktitle="Book", pages="1--2", publisher="P", year="1900"
    ) == ("B A. T. In #emph[Book], pages 1\N{EN DASH}2, P, 1900.")
    assert words("article", title="T", journal="J") == r"T. #emph[J]\."
    assert address_of(Work("K", "misc", {"doi": "10.1/x"})) == "https://doi.org/10.1/x"
    assert address_of(Work("K", "misc", {"eprint": "2002.07028"})) == "https://arxiv.org/abs/2002.07028"
    assert address_of(Work("K", "misc", {})) == ""
    linked = to_source(Document("", (), (), (Work("K", "misc", {"title": "T", "url": "https://example.org/a_b"}),)))
    assert '#entry(1, "work:K")[T. #link("https://example.org/a_b")]' in linked
