"""A real appendix in Markdown, read as GitHub reads it: formulas, tables, links and what little HTML there is."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from rankbound.appendix.formulas import to_latex
from rankbound.cli import run

ARGUMENTS = {
    "small": ["--theorem", "barrier", "--theorem", "second-moment-bound", "--n", "16", "--replicates", "20"],
    "headline": ["--n", "64", "--replicates", "20"],
}
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HTML = {"a", "details", "summary", "sub", "sup", "em", "strong", "code", "span"}


@pytest.fixture(scope="module", params=["small", pytest.param("headline", marks=pytest.mark.thorough)])
def text(request, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("markdown")
    assert run(["appendix", *ARGUMENTS[request.param], "--format", "markdown", "--output", str(folder)]) == 0
    return (folder / "appendix.md").read_text()


@pytest.fixture(scope="module")
def tokens(text):
    return PARSER.parse(text)


def lines_of(tokens):
    return [token.children for token in tokens if token.type == "inline"]


def test_every_formula_in_a_line_reaches_the_reader(text, tokens):
    """A formula is code between dollar signs, and a dollar sign stands nowhere else."""
    formulas = 0
    for line in lines_of(tokens):
        words = ["" if part.type == "html_inline" else part.content for part in line if part.type != "code_inline"]
        joined = "".join(part.content if part.type == "text" else f"<{part.type}>" for part in line)
        formulas += joined.count("$<code_inline>$")
        assert "$" not in joined.replace("$<code_inline>$", ""), words
    assert formulas == len(re.findall(r"\$`[^`]+`\$", text)) > 100


def test_formulas_are_in_the_dialect(tokens):
    for line in lines_of(tokens):
        for place, part in enumerate(line):
            if part.type == "code_inline" and place and line[place - 1].content.endswith("$"):
                assert "|" not in part.content
                to_latex(part.content.replace(r"\vert ", "|").replace(r"\Vert ", r"\|"))


def test_displayed_formulas_are_in_fences(text, tokens):
    fences = [token for token in tokens if token.type == "fence"]
    assert {token.info for token in fences} == {"math", "text"}
    assert len(fences) == len(re.findall(r"^[> ]*(?:\d+\. |- )?```(?:math|text)$", text, re.MULTILINE))
    for token in fences:
        for environment in re.findall(r"\\begin\{(\w+)\}", token.content):
            assert token.content.count(rf"\end{{{environment}}}") >= 1


def test_tables_have_the_same_number_of_cells_in_every_row(text, tokens):
    cells: list[int] = []
    widths = []
    for token in tokens:
        if token.type == "tr_open":
            cells.append(0)
        elif token.type in ("th_open", "td_open"):
            cells[-1] += 1
        elif token.type == "table_close":
            widths.append(set(cells))
            cells = []
    assert widths
    assert all(len(width) == 1 for width in widths)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    bars = [len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows]  # the parser would fill or cut a row
    assert set(bars) == set.union(*widths)


def test_every_link_has_its_anchor(text):
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(anchors) == len(set(anchors))
    links = {unquote(link) for link in re.findall(r'\]\(#([^)]+)\)|href="#([^"]+)"', text) for link in link if link}
    assert len(links) > 10
    assert links <= set(anchors)


def test_html_is_what_github_keeps(tokens):
    markup = [token.content for token in tokens if token.type == "html_block"]
    markup += [part.content for line in lines_of(tokens) for part in line if part.type == "html_inline"]
    names = {name for one in markup for name in re.findall(r"</?([a-z]+)", one)}
    assert {"a", "details", "summary"} <= names <= HTML
    for one in markup:
        for summary in re.findall(r"<summary>.*?</summary>", one, re.DOTALL):
            assert not re.search(r"[$`\\]", summary), summary
