"""Appendices in LaTeX: words and code as they stand, and files that compile in one column and in two."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import latex_runs
import pytest
from sample_document import sample

from rankbound.appendix.document import (
    Carrier,
    Code,
    Column,
    Display,
    Document,
    Figure,
    Items,
    Listing,
    Math,
    Notice,
    Paragraph,
    Proof,
    Reference,
    Section,
    Statement,
    Step,
    Table,
    Text,
    Work,
)
from rankbound.appendix.latex import fragment, to_files
from rankbound.appendix.latex.bibliography import bibliography
from rankbound.appendix.latex.words import code, row, words
from rankbound.appendix.numbering import blocks_of

needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None or shutil.which("bibtex") is None, reason="pdflatex or BibTeX is not installed"
)
GEOMETRY = "\\usepackage[textwidth=400pt, textheight=630pt]{geometry}\n"


def write(document: Document, folder: Path, *, head: str = "") -> None:
    """Write the files of a document, with another beginning of main.tex if ``head`` is given."""
    for name, data in to_files(document).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if head:
        main = (folder / "main.tex").read_text()
        changed = main.replace(GEOMETRY, "").replace(r"\documentclass[10pt]{article}", head)
        assert changed != main
        (folder / "main.tex").write_text(changed)


def assert_clean(log: latex_runs.Log) -> None:
    assert not log.errors
    assert not log.undefined
    assert not log.multiple
    assert [size for size in log.overfull if size > 10] == []
    assert [line for line in log.warnings if "same identifier" in line or "too large" in line] == []
    assert log.pages > 0


def appendix_of(*content) -> str:
    return to_files(Document("A title", content, ()))["appendix.tex"].decode("ascii")


# Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100% of {all} & more_than #1 for $5", r"100\% of \{all\} \& more\_than \#1 for \$5"),
        ("a \\ b ^ c ~ d | e", r"a $\backslash$ b \textasciicircum{} c \textasciitilde{} d $|$ e"),
        ("2 < 3 > 1", "2 $<$ 3 $>$ 1"),
        ("“quoted” — so", "``quoted'' --- so"),
        (
            "Stéphane, Müller, Erdős, Jiří, naïve",
            r"St{\'{e}}phane, M{\"{u}}ller, Erd{\H{o}}s, Ji{\v{r}}{\'{\i}}, na{\"{\i}}ve",
        ),
        ("e\N{COMBINING ACUTE ACCENT}", r"{\'{e}}"),
        ("π ≤ λ → ∞ …", r"$\pi$ $\leq$ $\lambda$ $\to$ $\infty$ \ldots{}"),
        ("Theorem\N{NO-BREAK SPACE}3", "Theorem~3"),
        ("--check, ''", "-{}-check, '{}'"),
        ("", ""),
    ],
)
def test_words_are_printed_as_they_stand(text, written):
    assert words(text) == written
    assert written.isascii()


@pytest.mark.parametrize("character", ["漢", "\N{CYRILLIC SMALL LETTER ZHE}", "\x00", "\N{PILE OF POO}"])
def test_a_character_that_latex_cannot_show_is_named(character):
    with pytest.raises(ValueError, match=re.escape(repr(character))):
        words(f"before {character} after")
    with pytest.raises(ValueError, match="expected characters that LaTeX can show"):
        code(character)


def test_code_may_be_broken_after_signs_and_within_digests():
    assert code("head_dim") == r"head\_\allowbreak{}dim"
    assert code("--output") == "-{}-output"
    assert code("9f86d081884c7d65").count(r"\allowbreak{}") == 3
    assert code("polyharmonicity") == "polyharmonicity"
    assert code("a 'b' \"c\" \\") == r"a \rankboundquote{}b\rankboundquote{} {\char34}c{\char34} {\char92}"


def test_a_line_of_a_listing_keeps_its_spaces():
    assert row("  a  b") == r"\ \ a\ \ b"


def test_the_bibliography_is_in_ascii_and_keeps_capitals():
    work = Work(
        "Key", "book", {"author": "Boucheron, Stéphane", "title": "Gaussian π & more", "pages": "1\N{EN DASH}3"}
    )
    assert bibliography([work]) == (
        "@book{Key,\n  author = {Boucheron, St{\\'{e}}phane},\n  title = {{Gaussian $\\pi$ \\& more}},\n"
        "  pages = {1--3},\n}\n"
    )


# Files ------------------------------------------------------------------------------------------------------------


def test_the_files_of_a_document():
    files = to_files(sample())
    assert sorted(files) == ["appendix.tex", "figures/curve.pdf", "main.tex", "rankbound-preamble.tex", "rankbound.bib"]
    assert files == to_files(sample())
    assert files["figures/curve.pdf"].startswith(b"%PDF")
    appendix = files["appendix.tex"].decode("ascii")
    assert appendix.startswith("% A sample")
    assert "%   \\input{rankbound-preamble}\n" in appendix.partition(r"\begin")[0]
    for block in blocks_of(sample()):
        label = getattr(block, "label", "fold:")
        assert label.startswith("fold:") or rf"\rankboundlabel{{rankbound:{label}}}" in appendix
    assert r"\textbf{NOT CHECKED}" in appendix


def test_a_document_without_works_has_no_bibliography():
    files = to_files(replace(sample(), works=(), lead=(), sections=()))
    assert "rankbound.bib" not in files
    assert b"bibliography{rankbound}\n" not in files["main.tex"]


def test_every_name_that_the_preamble_defines_is_its_own():
    preamble = to_files(sample())["rankbound-preamble.tex"].decode("ascii")
    defined = re.findall(r"\\(?:new\w+|provide\w+|renew\w+|DeclareRobust\w+)\*?\{\\?(\w+)", preamble)
    assert len(defined) > 20
    own = {name for name in defined if name.removeprefix("theH").startswith("rankbound")}
    assert set(defined) - own == {"makelabel"}  # in a list


def test_a_table_goes_across_both_columns_if_it_is_wide_and_over_pages_if_it_is_long():
    head = Column((Math("n"),), "right")
    wide = Column((Text("remark"),), wide=True)
    narrow = appendix_of(Table("tab:a", (Text("Two"),), (head, head), (((Text("1"),), (Text("[2, 3]"),)),)))
    assert r"\begin{table}[htbp]" in narrow
    assert r"1 & {}[2, 3] \\" in narrow
    rows = tuple(((Text(str(number)),), (Text("words " * 60),)) for number in range(20))
    long = appendix_of(Table("tab:b", (Text("Long"),), (head, wide), rows, ((Text("A note."),),)))
    parts = long.count(r"\begin{table*}")
    assert 3 <= parts <= 12
    assert long.count(r"\caption") == long.count(r"\rankboundlabel") == long.count(r"\rankboundnotes") == 1
    assert long.count(r"Table~\ref{rankbound:tab:b} (continued)") == parts - 1
    assert [int(found) for found in re.findall(r"^(\d+) & words", long, re.MULTILINE)] == list(range(20))


def test_what_is_wrong_with_a_document_is_said():
    with pytest.raises(ValueError, match=r"label = 'thm:nowhere'"):
        appendix_of(Paragraph((Reference("thm:nowhere"),)))
    with pytest.raises(ValueError, match=r"kind = 'Lemma'"):
        appendix_of(Statement("thm:a", "Lemma", (Text("A"),), "a", ()))
    with pytest.raises(ValueError, match=r"picture = 'gone'"):
        appendix_of(Figure("fig:a", (Text("A"),), "gone", "A line."))
    with pytest.raises(ValueError, match="expected 1 cells"):
        appendix_of(Table("tab:a", (Text("A"),), (Column((Text("a"),)),), (((Text("1"),), (Text("2"),)),)))


def test_only_a_proof_whose_steps_are_all_checked_is_ended():
    def text(carrier: Carrier) -> str:
        steps = (Step("step:1", "one", (Display("n"),), (Text("since"),), carrier),)
        return appendix_of(Statement("thm:a", "Theorem", (Text("A"),), "a", ()), Proof("thm:a", (), steps))

    assert r"\rankboundlast{exact}" in text(Carrier.EXACT)
    assert r"\rankboundlast" not in text(Carrier.UNCHECKED)


def test_a_formula_with_one_form_stands_once_and_in_the_line_of_its_number():
    text = appendix_of(Items(((Display("n"), Paragraph((Text("Words."),))),), numbered=True))
    assert "\\item[(1)]\n\\rankboundbeside\n\\rankbounddisplay{%\nn\n}\nWords." in text


# Compiled ---------------------------------------------------------------------------------------------------------


@needs_latex
@pytest.mark.thorough
@pytest.mark.parametrize(
    "head",
    ["", r"\documentclass[10pt,twocolumn]{article}", r"\documentclass{IEEEtran}"],
    ids=["one", "two", "IEEEtran"],
)
def test_the_sample_compiles(tmp_path, head):
    if "IEEEtran" in head and not latex_runs.installed("IEEEtran.cls"):
        pytest.skip("IEEEtran is not installed")
    write(sample(), tmp_path, head=head)
    log = latex_runs.compiled(tmp_path)
    assert_clean(log)
    bibliography = (tmp_path / "main.bbl").read_text()
    assert "Salmon2011" in bibliography
    assert "BLM2013" in bibliography


def hard() -> Document:
    """Return a document of long things: they have to stay within the narrowest column."""
    long = " + ".join(r"\frac{n \left(n - 1\right)}{2} \left(\mathbb{E}\left[D^{2}\right]\right)" for _ in range(12))
    tall = " + ".join(rf"\frac{{n + {number}}}{{d}}" for number in range(400))
    unbreakable = r"\frac{" + " + ".join("n m d" for _ in range(14)) + "}{2} = 1"
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    claim = (Items(((Display(long),), (Display(unbreakable),)), numbered=True), Display(unbreakable))
    names = (Text("By the rule "), Code("assumption:identical-queries.chance"), Text(" and "), Code(digest), Text("."))
    steps = tuple(Step(f"step:{number}", "a long name " * 6, claim, names, Carrier.BALLS) for number in range(4))
    one = Step("step:b", "one", (Display("n"),), (Reference("step:3"),), Carrier.EXACT)
    head = (Column((Text("n"),), "right"), Column((Text("name"),)), Column((Text("remark"),), wide=True))
    rows = tuple(
        ((Text(str(number)),), (Code(f"a-name-of-{number}"),), (Code(digest), Text(" remark" * 9)))
        for number in range(40)
    )
    broad = tuple(Column((Text(f"column {number}"),)) for number in range(12))
    words_ = Paragraph((Text("Words that fill lines. " * 12),))
    listing = "    rankbound appendix --output DIR --claim second-moment-bound --seed 1 'a' \"b\" `c`\n\n"
    return Document(
        "Long things",
        (),
        (
            Section(
                "sec:a",
                (Text("A long title, "), Math(r"\mathbb{E}\left[D\right] \leq n"), Text(", and "), Code("head_dim")),
                (
                    Statement("thm:a", "Theorem", (Text("A long title " * 9),), "second-moment-bound-strict", claim),
                    Proof("thm:a", (), steps),
                    Statement("thm:b", "Question", (Text("Another"),), "another", (Display("n"),)),
                    Proof("thm:b", (), (one,)),
                    Display(tall),
                    Notice("A short notice", (words_, Display(long))),
                    Notice("A long notice", (words_,) * 8),
                    Table("tab:a", (Text("Long"),), head, rows, ((Text("A note."),), (Code(digest),))),
                    Table("tab:b", (Text("Broad"),), broad, (tuple((Text("1234.5678"),) for _ in broad),)),
                    Listing(listing + digest * 3),
                    Figure("fig:a", (Text("A curve"),), "curve", "A line.\nIt rises."),
                    words_,
                ),
            ),
        ),
        pictures=sample().pictures,
    )


@needs_latex
@pytest.mark.thorough
@pytest.mark.parametrize("columns", ["onecolumn", "twocolumn"])
def test_long_things_stay_within_the_columns(tmp_path, columns):
    write(hard(), tmp_path, head=rf"\documentclass[10pt,a4paper,{columns}]{{article}}")
    log = latex_runs.compiled(tmp_path)
    assert_clean(log)
    assert log.pages >= 4


@needs_latex
@pytest.mark.thorough
def test_a_fragment_stands_alone_and_beside_the_whole(tmp_path):
    document = sample()
    theorem = next(block for block in blocks_of(document) if getattr(block, "label", "") == "thm:barrier")
    text = fragment((theorem,), document)
    assert text == fragment((theorem,), document)
    assert r"\rankboundref{rankbound:thm:occupancy}{Theorem~}{Theorem \rankboundcode{" in text
    write(document, tmp_path)
    (tmp_path / "fragment.tex").write_text(text)
    main = (tmp_path / "main.tex").read_text()
    twice = main.replace("\\input{rankbound-preamble}\n", "\\input{rankbound-preamble}\n" * 2)
    (tmp_path / "both.tex").write_text(twice.replace(r"\input{appendix}", r"\input{fragment}\input{appendix}"))
    (tmp_path / "alone.tex").write_text(
        "\\documentclass{article}\n\\input{rankbound-preamble}\n\\begin{document}\n\\input{fragment}\n\\end{document}\n"
    )
    assert_clean(latex_runs.compiled(tmp_path, "both"))
    assert_clean(latex_runs.compiled(tmp_path, "alone"))


@needs_latex
@pytest.mark.thorough
def test_the_log_tells_of_what_is_wrong(tmp_path):
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\begin{document}\n\\hbox to 1pt{wide}\\label{a}\\label{a}\\ref{b}\\cite{c}\\wrong\n"
        "\\bibliographystyle{plain}\\bibliography{main}\\end{document}\n"
    )
    (tmp_path / "main.bib").write_text("@book{d, title={T}}\n")
    log = latex_runs.compiled(tmp_path)
    assert any("Undefined control sequence" in line for line in log.errors)
    assert any("database entry" in line for line in log.errors)
    assert set(log.undefined) == {"b", "c"}
    assert log.multiple == ["a"]
    assert max(log.overfull) > 10
    assert log.pages == 1
