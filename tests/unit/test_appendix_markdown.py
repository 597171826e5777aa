"""Appendices in GitHub's Markdown, read back by a parser of Markdown."""

# ruff: noqa: RUF001 - signs that look like letters are meant
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sample_document import BARRIER, SVG, sample

from rankbound.appendix.document import (
    Carrier,
    Citation,
    Code,
    Column,
    Definitions,
    Document,
    Emphasis,
    Fold,
    Items,
    Math,
    Paragraph,
    Proof,
    Reference,
    Strong,
    Table,
    Text,
)
from rankbound.appendix.formulas import to_latex
from rankbound.appendix.markdown import fragment, to_files
from rankbound.appendix.numbering import numbers_of

MEAN = r"\mathbb{E}\left[D\right]"
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = st.text(alphabet="#$*_`@<>~\\/-=+.:1'\"[](){}|&;!? abé\N{EN DASH}\N{NO-BREAK SPACE}", max_size=25)


def said(markdown: str) -> str:
    """Return the words of the only paragraph that some Markdown consists of."""
    tokens = PARSER.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], tokens
    parts = tokens[1].children
    assert all(part.type in ("text", "text_special") or part.content in ("<span>", "</span>") for part in parts), parts
    return "".join(part.content for part in parts if part.type != "html_inline")


def alone(*blocks) -> str:
    return fragment(blocks, Document("", blocks, ()))


def kinds(markdown: str) -> list[str]:
    return [token.type for token in PARSER.parse(markdown)]


def inlines(markdown: str):
    return [part for token in PARSER.parse(markdown) for part in token.children or ()]


@given(st.lists(NASTY, min_size=1, max_size=3))
@example(["1", ". one"])
@example(["1", ") one"])
@example(["- one"])
@example(["# one"])
@example(["+ one"])
@example(["---"])
@example(["__init__ and a_b_c and _x_"])
@example(["&amp; & &#38; <b> [a](b) ![c](d) | ~~e~~ 5$ and 6$"])
def test_words_are_shown_as_they_stand(words):
    wanted = re.sub(" +", " ", "".join(words)).strip()
    if wanted:
        markdown = alone(Paragraph(tuple(Text(part) for part in words)))
        assert re.sub(" +", " ", said(markdown)).strip() == wanted


@given(st.lists(NASTY.filter(lambda words: words.strip()), min_size=2, max_size=2))
@example(["1", "<1@1>"])
@example(["a | b", "c \\| d"])
def test_words_in_a_table_stay_in_their_cells(words):
    columns = (Column((Text(words[0]),)), Column((Text(words[1]),)))
    markdown = alone(Table("tab:t", (), columns, ((columns[1].head, columns[0].head),)))
    cells = [token for token in PARSER.parse(markdown) if token.type == "inline"][1:]
    flat = [re.sub(" +", " ", part).strip() for part in (*words, *reversed(words))]
    shown = ["".join(part.content for part in cell.children if part.type != "html_inline") for cell in cells]
    assert [re.sub(" +", " ", part).strip() for part in shown] == flat


@pytest.mark.parametrize("text", ["a_b", "a `b` c", "``", "`a", "python -m x | tee y", "<a>&amp;$*_\\"])
def test_code_is_shown_as_it_stands(text):
    (code,) = inlines(alone(Paragraph((Code(text),))))
    assert (code.type, code.content) == ("code_inline", text)
    cells = inlines(alone(Table("tab:t", (), (Column((Code(text),)),), ())))
    assert [part.content for part in cells if part.type == "code_inline"] == [text]


@pytest.mark.parametrize(
    ("latex", "html"),
    [
        (r"n(1 - (1 - 1/n)^{m})", "<em>n</em>(1 − (1 − 1/<em>n</em>)<sup><em>m</em></sup>)"),
        (r"\mathbb{E}[\mathrm{rank}] \geq -L_{i}(n, 2)", "𝔼[rank] ≥ −<em>L</em><sub><em>i</em></sub>(<em>n</em>, 2)"),
        (r"n \log^{2} n < \sqrt{c + d}", "<em>n</em> log<sup>2</sup> <em>n</em> &lt; √(<em>c</em> + <em>d</em>)"),
        (r"2 \log\left(\frac{a}{b c}\right)", "2 log(<em>a</em>/(<em>b</em><em>c</em>))"),
        (r"\mathrm{rank}\, \hat{P}'", "rank <em>P\u0302</em>′"),
        (r"\binom{n}{2} \lvert x \rvert", "(<em>n</em> over 2)|<em>x</em>|"),
        (r"\text{for } x \in \{0, \ldots\}", "for <em>x</em> ∈ {0, …}"),
    ],
)
def test_a_formula_in_a_summary_is_html(latex, html):
    """GitHub reads no formulas there."""
    fold = Fold("fold:f", (Text("So "), Math(latex)), (Paragraph((Text("why"),)),))
    assert f"<summary>So {html}</summary>" in alone(fold)


@pytest.mark.parametrize("words", ["as drawn", "(as drawn)", "a*", " a ", "*", "_a_"])
@pytest.mark.parametrize("neighbour", ["b", " ", "(", "."])
def test_emphasis_is_marked_beside_anything(words, neighbour):
    for kind, tag in ((Emphasis, "em"), (Strong, "strong")):
        html = PARSER.render(alone(Paragraph((Text(neighbour), kind((Text(words),)), Text(neighbour)))))
        assert f"<{tag}>{words}</{tag}>" in html


def test_formulas_reach_the_reader_as_they_were_written():
    parts = inlines(
        alone(Paragraph((Text("x"), Math(r"a_{1} \, b_{2} \in \{1\}, \mathbb{E}\left[D \middle| R\right]"), Text("y"))))
    )
    assert [part.type for part in parts] == ["text", "code_inline", "text"]
    assert parts[0].content == "x$"
    assert parts[2].content == "$y"
    assert "|" not in parts[1].content
    assert parts[1].content.count(r"\middle\vert ") == 1
    assert r"\{1\}" in parts[1].content


def test_markdown_has_every_block():
    text = to_files(sample())["appendix.md"].decode()
    tokens = PARSER.parse(text)
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert [re.sub("<.*?>", "", heading) for heading in headings] == [
        "A sample: 100% of {everything} & more_than_that", "1 Notation", "1.1 Inside of a section",
        rf"2 Theorems about $`{to_latex(MEAN)}`$", "3 Numbers", "References",
    ]  # fmt: skip
    fences = [token for token in tokens if token.type == "fence"]
    assert [token.info for token in fences] == ["math"] * 7 + ["text"]
    assert fences[0].content.strip() == to_latex(BARRIER, width=48.0).strip()
    assert fences[-1].content == "rankbound appendix --output DIR\nrankbound appendix --check DIR\n"
    assert [token.type for token in tokens].count("table_open") == 1
    assert [token.type for token in tokens].count("blockquote_open") == 1
    assert '<a id="thm:barrier"></a>**Theorem\N{NO-BREAK SPACE}2** (The barrier) · `barrier`' in text
    assert "> [!WARNING]\n> **Not proved: the derivation is undecided**\n>\n> A sign was" in text
    assert "<details>\n<summary><code>barrier</code> is PROVED</summary>\n\nThe evidence.\n\n</details>" in text
    assert '\n1. <a id="step:barrier:1"></a>*mean of the chances* (exact)\n\n   ```math\n' in text
    assert "*a doubt* (**not checked**)" in text
    assert "| head_dim | $`" in text
    assert "\n| --: | :-- | :-- |\n| 16 | \\[0.36620, 0.37547\\] | enclosed" in text
    assert '![A line rises.](figures/curve.svg)\n\n<a id="fig:curve"></a>**Figure 1.** The curve, as in [Table' in text
    assert (
        '\n2. <a id="work:BLM2013"></a>Stéphane Boucheron and Gábor Lugosi. *Concentration Inequalities*. Oxf' in text
    )


def test_the_steps_of_a_proof_are_one_list():
    proof = next(block for block in sample().sections[1].content if isinstance(block, Proof))
    tokens = PARSER.parse(fragment((proof,), sample()))
    assert [token.type for token in tokens if token.level == 0 and token.nesting == 1] == [
        "paragraph_open", "paragraph_open", "ordered_list_open",
    ]  # fmt: skip
    assert sum(token.type == "list_item_open" for token in tokens) == 4
    assert all(token.level == 2 for token in tokens if token.type == "fence")


def test_every_link_has_a_target():
    text = to_files(sample())["appendix.md"].decode()
    links = {part.attrs["href"] for part in inlines(text) if part.type == "link_open"}
    assert {"#thm:occupancy", "#step:barrier:1", "#tab:rank", "#fig:curve", "#sec:frame", "#work:BLM2013"} <= links
    targets = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(targets) == len(set(targets))
    assert links <= {f"#{target}" for target in targets}
    assert set(targets) >= set(numbers_of(sample()))


def test_neighbouring_lists_stay_apart():
    items = Items(((Paragraph((Text("one"),)),), (Paragraph((Text("two"),)),)))
    numbered = Items(items.items, numbered=True)
    terms = Definitions((((Text("1. a"),), (Text("b"),)),))
    assert kinds(alone(items, items, terms)).count("bullet_list_open") == 3
    assert kinds(alone(numbered, numbered)).count("ordered_list_open") == 2
    nested = alone(Items(((Paragraph((Text("a"),)), numbered),)))
    assert kinds(nested).count("ordered_list_open") == kinds(nested).count("bullet_list_open") == 1
    proof = next(block for block in sample().sections[1].content if isinstance(block, Proof))
    begun = Proof(proof.of, (numbered,), proof.steps)
    assert kinds(fragment((begun, numbered), sample())).count("ordered_list_open") == 3


def test_summaries_are_html():
    label = sample().sections[0].label
    content = (
        Text("<a> & 5$ "), Math("a < b"), Code("c<d"), Emphasis((Text("e"),)), Strong((Text("f"),)), Reference(label),
        Citation("BLM2013"),
    )  # fmt: skip
    document = sample()
    whole = Document("", (Fold("fold:x", content, ()),), document.sections, document.works, document.pictures)
    text = to_files(whole)["appendix.md"].decode()
    assert (
        "<summary>&lt;a&gt; &amp; 5<span>$</span> <em>a</em> &lt; <em>b</em>"
        "<code>c&lt;d</code><em>e</em><strong>f</strong>"
        '<a href="#sec:frame">Section\N{NO-BREAK SPACE}1</a><a href="#work:BLM2013">[2]</a></summary>'
    ) in text


def test_a_fragment_keeps_numbers_and_links_only_to_what_it_contains():
    document = sample()
    proof = next(block for block in document.sections[1].content if isinstance(block, Proof))
    text = fragment((proof,), document)
    assert "[(1)](#step:barrier:1)" in text
    assert "& Theorem\N{NO-BREAK SPACE}1\n" in text
    assert r"from \[1\]" in text
    assert "#work:" not in text
    assert "\n∎" not in text
    checked = Proof(proof.of, (), tuple(step for step in proof.steps if step.carrier is not Carrier.UNCHECKED))
    assert fragment((checked,), document).endswith("\n∎\n")


def test_references_to_nothing_are_refused():
    with pytest.raises(ValueError, match="reference = 'thm:none': expected the label of something with a number"):
        to_files(Document("", (Paragraph((Reference("thm:none"),)),), ()))


def test_files_are_the_same_anywhere(tmp_path):
    files = to_files(sample())
    assert list(files) == ["appendix.md", "figures/curve.svg"]
    assert files["figures/curve.svg"] == SVG
    program = (
        "import sys; from sample_document import sample; from rankbound.appendix.markdown import to_files; "
        "sys.stdout.buffer.write(to_files(sample())['appendix.md'])"
    )
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "7", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert done.stdout == files["appendix.md"]
