"""All prose of the repository is set as words and mathematics, and nothing of it is lost."""

from __future__ import annotations

import re
import time

from prose_corpus import corpus

from rankbound.appendix.document import Code, Inline, Math, Text
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


def test_fast_enough() -> None:
    """All of the prose takes about a second at most: it is set each time an appendix is made."""
    texts = [text for _, _, text in corpus()]
    start = time.process_time()
    for text in texts:
        inlines(text)
    assert time.process_time() - start < 3  # a third of a second where nothing else runs
