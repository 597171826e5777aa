"""Prose is set as words and mathematics, and nothing of it is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankbound.appendix.document import Code, Inline, Inlines, Math, Text
from rankbound.appendix.prose import inlines, pieces

# One formula -------------------------------------------------------------------------------------------------------

FORMULAS = {
    "E[rank | keys] <= n (1 - (1 - 1/n)^m)": (
        r"\mathbb{E}[\mathrm{rank} \mid \text{keys}] \leq n \, (1 - (1 - 1/n)^{m})"
    ),
    "n(1-(1-1/n)^m)": r"n(1 - (1 - 1/n)^{m})",
    "n!/(n-k)! S(m,k) / n^m": r"n!/(n - k)! \; S(m, k)/n^{m}",
    "C ~ chi^2_d": r"C \sim \chi^{2}_{d}",
    "w(v) = s^(d/2) exp((1 - s) v / 2)": r"w(v) = s^{d/2} \exp((1 - s) \, v/2)",
    "head_dim = ceil(c log n)": r"\mathrm{head\_dim} = \lceil c \log n \rceil",
    "e (n (n - 1)/2) (D/d) V": r"\mathrm{e} \, (n \, (n - 1)/2) \, (D/d) \, V",
    "rank(C log P) <= d": r"\mathrm{rank}(C \log P) \leq d",
    "|winner|^2 < x": r"\lvert \text{winner} \rvert^{2} < x",
    "Phi2(R u1, R u2; rho)^(n-1)": r"\Phi_{2}(R u_{1}, R u_{2}; \rho)^{n - 1}",
    "P(M^2 + chi^2_(d-1) < x)": r"\mathbb{P}(M^{2} + \chi^{2}_{d - 1} < x)",
    "E[(1 - tau)^(m-2); both pick key 0 | keys]": (
        r"\mathbb{E}[(1 - \tau)^{m - 2}; \text{ both pick key } 0 \mid \text{keys}]"
    ),
    "V = P(a query's cosine with key 0 exceeds u)": (
        r"V = \mathbb{P}(\text{a query's cosine with key } 0 \text{ exceeds } u)"
    ),
    "E[rank at d] -> oo": r"\mathbb{E}[\mathrm{rank} \text{ at } d] \to \infty",
    "E|Z^2 - 1|^3 < 8.7": r"\mathbb{E} \lvert Z^{2} - 1 \rvert^{3} < 8.7",
    "||C log P - C log P^||^2": r"\lVert C \log P - C \log \hat{P} \rVert^{2}",
    "(W_k X)^T (W_q X)/sqrt(d)": r"(W_{\mathrm{k}} X)^{\top} \, (W_{\mathrm{q}} X)/\sqrt{d}",
    "(C log P V)^T X^+": r"(C \log P \, V)^{\top} \, X^{+}",
    "X W_DQ W_UQ": r"X W_{\mathrm{DQ}} W_{\mathrm{UQ}}",
    "r^k W_k(f)": r"r^{k} \, W_{k}(f)",
    "V^T X^+": r"V^{\top} X^{+}",
    "rank A = rank A*A": r"\mathrm{rank} \, A = \mathrm{rank} \, A^{*} A",
    "P_jl = (1 + [j = l])/(n + 1)": r"P_{j l} = (1 + [j = l])/(n + 1)",
    "1 - [query picks key]": r"1 - [\text{query picks key}]",
    "A^T A = diag(column counts)": r"A^{\top} A = \mathrm{diag}(\text{column counts})",
    "2 C(n, d) I": r"2 \binom{n}{d} I",
    "e_i = 1 - max_j P_ij": r"e_{i} = 1 - \max_{j} P_{i j}",
    "2 sum_i e_i^2": r"2 \sum_{i} e_{i}^{2}",
    "c^2 = 2 (sum of e_i^2)": r"c^{2} = 2 \, (\text{sum of } e_{i}^{2})",
    "limsup log E[rank] / log n <= e(c)": r"\limsup \log \mathbb{E}[\mathrm{rank}] \, / \log n \leq e(c)",
    "log^2 n / lambda": r"\log^{2} n \, / \, \lambda",
    "(1 - 1/e) n + 1/(2e)": r"(1 - 1/\mathrm{e}) \, n + 1/(2 \mathrm{e})",
    "P(M < a) + e + (N - a^2)/2": r"\mathbb{P}(M < a) + e + (N - a^{2})/2",
    "e^(x^2/2)": r"\mathrm{e}^{x^{2}/2}",
    "O(c^-3)": r"O(c^{-3})",
    "n^(e(c) + o(1))": r"n^{e(c) + o(1)}",
    "0..n-1": r"0, \ldots, n - 1",
    "1 3 ... (2k - 1)": r"1 \cdot 3 \cdots (2 k - 1)",
    "1 + c p/4 + ...": r"1 + c p/4 + \cdots",
    "3wq^w": r"3 w q^{w}",
    "mp / (1 + mp)": r"m p/(1 + m p)",
    "psi'(a) (p - a)": r"\psi'(a) \, (p - a)",
    "P(Occ' = k+1)": r"\mathbb{P}(\mathrm{Occ}' = k + 1)",
    "exp(theta rank)": r"\exp(\theta \, \mathrm{rank})",
    "exp(x.x)": r"\exp(x \cdot x)",
    "(0, 1]": "(0, 1]",
    "[t, oo)": r"[t, \infty)",
    "-x": "-x",
    "{1, ..., n}": r"\{1, \ldots, n\}",
    "n x n": r"n \times n",
    "R ~ chi_head_dim": r"R \sim \chi_{\mathrm{head\_dim}}",
    "eps > 2.9e-05": r"\varepsilon > 2.9 \cdot 10^{-5}",
    "E[B] - error - d/y": r"\mathbb{E}[B] - \text{error} - d/y",
    "max(4, 600 T)": r"\max(4, 600 T)",
    "a^2 <= N": r"a^{2} \leq N",
    "E[rank] -> n": r"\mathbb{E}[\mathrm{rank}] \to n",
    "q != 1": r"q \neq 1",
}


@pytest.mark.parametrize(("text", "latex"), FORMULAS.items())
def test_formula(text: str, latex: str) -> None:
    """A text that is one formula is set as that formula."""
    assert inlines(text) == (Math(latex),)


# Formulas and words ------------------------------------------------------------------------------------------------

SENTENCES = {
    "stopped after the time limit of 30 s in step 4": "stopped after the time limit of 30 s in step 4",
    "for n keys": "for <n> keys",
    "a key that I saw": "a key that I saw",
    "A layer of h heads": "A layer of <h> heads",
    "the attention A of a head": "the attention <A> of a head",
    "For p and a in [0, 1]": "For <p> and <a> in <[0, 1]>",
    "the chance at a, the tangent of psi at a": "the chance at <a>, the tangent of <\\psi> at <a>",
    "where I is the integral, and W_v = I and W_o = I/2": (
        "where <I> is the integral, and <W_{\\mathrm{v}} = I> and <W_{\\mathrm{o}} = I/2>"
    ),
    "Probability Theory I (1968), IV.2": "Probability Theory I (1968), IV.2",
    "Duke Math. J. 41 (1974), 305-318": "Duke Math. J. 41 (1974), 305\N{EN DASH}318",
    "attention P on X. At d = 1 it is": "attention <P> on <X>. At <d = 1> it is",
    "at any head_dim d, at head_dim 1": "at any <\\mathrm{head\\_dim}> <d>, at <\\mathrm{head\\_dim}> 1",
    "at most head_dim z^2": "at most <\\mathrm{head\\_dim} \\, z^{2}>",
    "E[f_0] = 2 at d = 1 (n >= 2)": "<\\mathbb{E}[f_{0}] = 2> at <d = 1> (<n \\geq 2>)",
    "a matrix of rank at most r <= n": "a matrix of rank at most <r \\leq n>",
    "of rank r, it has rank 2": "of rank <r>, it has rank 2",
    "by R\u00e9nyi, sin(x) and 3% of n": "by R\u00e9nyi, sin(<x>) and 3% of <n>",
    "its rank is f_0": "its rank is <f_{0}>",
    "the D-th of an m-set, the 2nd": "the <D>-th of an <m>-set, the 2nd",
    "chi-square, Gram-Schmidt, log-normal": "chi-square, Gram-Schmidt, log-normal",
    "P(rank >= t) <= 1 and <= exp(-t)": "<\\mathbb{P}(\\mathrm{rank} \\geq t) \\leq 1> and <\\leq \\exp(-t)>",
    "vertices - edges + facets = 2": "<\\text{vertices} - \\text{edges} + \\text{facets} = 2>",
    "1 - product over keys": "1 \N{MINUS SIGN} product over keys",
    "we gain - so they say": "we gain - so they say",
    "as in barrier-constants (barrier, barrier-series), the barrier": (
        "as in `barrier-constants` (`barrier`, `barrier-series`), the barrier"
    ),
    "see docs/open_questions.md for n_keys": "see `docs/open_questions.md` for `n_keys`",
    "X has full rank, e.g. X_1": "<X> has full rank, e.g. <X_{1}>",
    "the keys' hull, key j's part and D' = 1": (
        "the keys\N{RIGHT SINGLE QUOTATION MARK} hull, key <j>\N{RIGHT SINGLE QUOTATION MARK}s part and <D' = 1>"
    ),
    "it negates 'E[rank] < n for all head_dim'.": (
        "it negates \N{LEFT SINGLE QUOTATION MARK}<\\mathbb{E}[\\mathrm{rank}] < n> for all <\\mathrm{head\\_dim}>"
        "\N{RIGHT SINGLE QUOTATION MARK}."
    ),
    'the "mean" of it': "the \N{LEFT DOUBLE QUOTATION MARK}mean\N{RIGHT DOUBLE QUOTATION MARK} of it",
    "few <= many -> all": "few \N{LESS-THAN OR EQUAL TO} many \N{RIGHTWARDS ARROW} all",
    "the picks are (0, 1) or (1, 0) [sic]": "the picks are (0, 1) or (1, 0) [sic]",
    "4.1523(30) against 9/2": "4.1523(30) against <9/2>",
}


def shown(content: Inlines) -> str:
    """Write mathematics in angle brackets and code in backquotes."""
    return "".join(_shown(inline) for inline in content)


def _shown(inline: Inline) -> str:
    if isinstance(inline, Math):
        return f"<{inline.latex}>"
    if isinstance(inline, Code):
        return f"`{inline.text}`"
    assert isinstance(inline, Text)
    return inline.words


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_sentence(text: str, expected: str) -> None:
    """Formulas are told from words, and words are printed with the signs of print."""
    assert shown(inlines(text)) == expected


def test_names_are_those_given() -> None:
    """Only the given names are code."""
    assert (
        shown(inlines("see one-two and barrier-constants", names=["one-two"])) == "see `one-two` and barrier-constants"
    )
    assert shown(inlines("see barrier-constants", names=())) == "see barrier-constants"


def test_no_text() -> None:
    """Nothing is made of nothing."""
    assert inlines("") == ()


# Anything ----------------------------------------------------------------------------------------------------------

TOKENS = (
    *("a", "A", "I", "n", "e", "E", "P", "x", "rank", "head_dim", "Occ", "keys", "log", "exp", "sqrt", "lambda", "W_q"),
    *(
        "0",
        "1/2",
        "12.5",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "||",
        "^",
        "_",
        "+",
        "-",
        "*",
        "/",
        "<=",
        "->",
        "~",
        "...",
    ),
    *("..", ",", ";", ".", ":", "'", '"', "!", " ", " ", " ", "the", "barrier-constants", "\\", "$", "\n", "\u00e9"),
)


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_any_text_is_kept(text: str) -> None:
    """Whatever the text, its pieces are the text, and words change in their signs only."""
    parts = pieces(text)
    assert "".join(source for source, _ in parts) == text
    for source, inline in parts:
        if isinstance(inline, Math):
            grouping = re.sub(r"\\[{}]", "", inline.latex)
            assert grouping.count("{") == grouping.count("}"), inline
            assert not re.search(r"[\^_](?!\{)", inline.latex.replace(r"\_", "")), inline
            assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_", inline.latex), inline
        if isinstance(inline, Code):
            assert inline.text == source


def test_nested_brackets_that_do_not_match_take_no_time() -> None:
    """What fails deep inside of brackets is not tried again at each depth."""
    start = time.process_time()
    inlines("E(f(P(" * 12 + "x the " + ")" * 30)
    assert time.process_time() - start < 3
