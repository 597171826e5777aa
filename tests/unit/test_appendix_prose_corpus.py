"""All prose of the repository is set as words and mathematics, and nothing of it is lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from functools import cache
from xml.etree import ElementTree

import pytest
from prose_corpus import corpus

from rankbound.appendix.document import Code, Inline, Math, Text
from rankbound.appendix.formulas import to_latex, to_mathml, to_typst
from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.prose import inlines, pieces

ALLOWED_COMMANDS = frozenset(
    (
        *(r"\alpha", r"\beta", r"\gamma", r"\delta", r"\varepsilon", r"\eta", r"\theta", r"\kappa", r"\lambda", r"\pi"),
        *(r"\rho", r"\tau", r"\phi", r"\chi", r"\psi", r"\Gamma", r"\Phi", r"\Omega", r"\mathbb", r"\mathrm", r"\text"),
        *(r"\sqrt", r"\binom", r"\hat", r"\log", r"\exp", r"\max", r"\min", r"\limsup", r"\liminf", r"\sum"),
        *(r"\lceil", r"\rceil", r"\lvert", r"\rvert", r"\lVert", r"\rVert", r"\mid", r"\leq", r"\geq", r"\to", r"\sim"),
        *(r"\infty", r"\top", r"\cdot", r"\cdots", r"\ldots", r"\times", r"\_", r"\,", r"\;"),
    )
)

WORDS_ON_ONE_SIDE = (" = sum of ", " = sequence length)")
"""All that may be left: equations with words on one side, which stand outside of the formula."""


def test_no_ascii_mathematics_is_left() -> None:
    """No sign of a formula stays among the words, but for the listed equations."""
    signs = re.compile("[][^_<>=|~+*/{}\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}\N{RIGHTWARDS ARROW}]")
    words = ((name, inline.words) for _, name, text in corpus() for inline in inlines(text) if isinstance(inline, Text))
    left = {(name, text) for name, text in words if signs.search(text) and text not in WORDS_ON_ONE_SIDE}
    assert left == set()


def test_formulas_are_in_the_dialect_and_hold_no_words() -> None:
    """All commands are known, braces are balanced, and no two letters stand together in italics."""
    for _, name, text in corpus():
        for inline in inlines(text):
            if not isinstance(inline, Math):
                continue
            latex = inline.latex
            assert set(re.findall(r"\\(?:[A-Za-z]+|.)", latex)) <= ALLOWED_COMMANDS, (name, latex)
            assert latex.count("{") == latex.count("}"), (name, latex)
            upright = re.sub(r"\\(?:text|mathrm)\{[^{}]*\}", "", latex)
            assert not re.search(r"[A-Za-z]{2}", re.sub(r"\\[A-Za-z]+", " ", upright)), (name, latex)


FROM_LATEX = (
    (r"\\text\{([^{}]*)\}", r"\1"),
    (r"\\mathrm\{([^{}]*)\}", r"\1"),
    (r"\\mathbb\{([^{}]*)\}", r"\1"),
    (r"\\binom\{([^{}]*)\}\{([^{}]*)\}", r"C\1,\2"),
    (r"\\hat\{([^{}]*)\}", r"\1^"),
    (r"\\(?:[,;_]|cdot(?![a-z]))", ""),
    (r"\\[cl]dots", "..."),
    (r"\\leq", "<="),
    (r"\\geq", ">="),
    (r"\\to(?![a-z])", "->"),
    (r"\\sim", "~"),
    (r"\\l?r?vert|\\mid", "|"),
    (r"\\l?r?Vert", "||"),
    (r"\\top", "T"),
    (r"\\infty", "infinity"),
    (r"\\times", "x"),
    (r"\\lceil", "ceil"),
    (r"\\rceil", ""),
    (r"\\varepsilon", "eps"),
    (r"\\([A-Za-z]+)", r"\1"),
)
FROM_PRINT = str.maketrans(
    {
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)


def bare(text: str) -> str:
    """Leave out spaces, brackets, dots and the sign of an index: what is written otherwise in LaTeX."""
    text = re.sub(r"[\s()\[\]{}_*]", "", text)
    return re.sub(r"(?<!\d)\.|\.(?!\d)", "", text).replace(",,", "")


def rebuilt(inline: Inline) -> str:
    """Return the ASCII text of which something may have been made."""
    assert isinstance(inline, (Text, Math, Code))
    if not isinstance(inline, Math):
        return (inline.text if isinstance(inline, Code) else inline.words).translate(FROM_PRINT)
    text = inline.latex.replace("^{*}", "*")
    for pattern, replacement in FROM_LATEX:
        text = re.sub(pattern, replacement, text)
    return text


def test_nothing_is_lost() -> None:
    """The text can be rebuilt from what it is set as, but for brackets and spaces, piece by piece."""
    for _, name, text in corpus():
        parts = pieces(text)
        assert "".join(source for source, _ in parts) == text
        for source, inline in parts:
            expected = bare(re.sub(r"\boo\b", "infinity", source))
            assert bare(rebuilt(inline)) == expected, (name, source, inline)


def test_brackets_are_kept() -> None:
    """A formula has the brackets of its text, but for those around indices, powers and radicands."""
    for _, name, text in corpus():
        for source, inline in pieces(text):
            if isinstance(inline, Math):
                left_out = len(re.findall(r"[\^_]\(|sqrt\(|ceil\(|\bC\([a-z], [a-z0-9]\)", source))
                assert inline.latex.count("(") == source.count("(") - left_out, (name, source, inline)


@cache
def formulas() -> tuple[str, ...]:
    """Return every formula that is set in the prose, once."""
    parts = (inline for _, _, text in corpus() for inline in inlines(text))
    return tuple(dict.fromkeys(inline.latex for inline in parts if isinstance(inline, Math)))


def test_every_formula_can_be_written_in_each_format() -> None:
    """LaTeX is read back as the same formula, and MathML is well-formed."""
    assert len(formulas()) > 500
    for latex in formulas():
        assert parse(to_latex(latex)) == parse(latex), latex
        assert ElementTree.fromstring(to_mathml(latex)).get("alttext") == latex


def test_typst_sets_every_formula() -> None:
    typst = pytest.importorskip("typst")
    source = "\n\n".join(map(to_typst, formulas()))
    pdf, complaints = typst.compile_with_warnings(source.encode(), ignore_system_fonts=True)
    assert pdf.startswith(b"%PDF")
    assert complaints == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_formulas_are_as_wide_in_typst_as_in_tex(tmp_path) -> None:
    """What may differ are indices and exponents, for which TeX has wider letters: here they are left out."""
    typst = pytest.importorskip("typst")
    plain = [latex for latex in formulas() if not re.search(r"[\^_]\{|\\(?:sqrt|binom|hat|lVert)", latex)]
    assert len(plain) > 250
    boxes = "\n".join(rf"\sbox0{{${to_latex(latex)}$}}\typeout{{width \the\wd0}}" for latex in plain)
    start = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}"
    (tmp_path / "widths.tex").write_text(f"{start}\n{boxes}\n\\end{{document}}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "widths"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True).stdout
    in_tex = [float(width) / 10 for width in re.findall(r"^width ([\d.]+)pt", said, re.MULTILINE)]
    measured = ", ".join(f"measure[{to_typst(latex)}].width.pt()" for latex in plain)
    source = f'#set text(font: "New Computer Modern", size: 10pt)\n#context [#metadata(({measured},)) <widths>]'
    found = typst.query(source.encode(), "<widths>", field="value", one=True, ignore_system_fonts=True)
    in_typst = [width / 10 for width in json.loads(found)]
    pairs = zip(plain, in_tex, in_typst, strict=True)
    assert [pair for pair in pairs if abs(pair[1] - pair[2]) > 0.15] == []  # em; a space between words is 0.33


def test_fast_enough() -> None:
    """All of the prose takes about a second at most: it is set each time an appendix is made."""
    texts = [text for _, _, text in corpus()]
    start = time.process_time()
    for text in texts:
        inlines(text)
    assert time.process_time() - start < 3  # a third of a second where nothing else runs
