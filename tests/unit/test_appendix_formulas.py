"""Formulas in every format: nothing is lost on the way, and each format takes what is written."""

# ruff: noqa: RUF001 - signs that look like letters are meant
from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from string import ascii_letters

import pytest
import sympy as sp
from formulas_of_proofs import formulas_of_proofs, formulas_of_statements

from proofs.language import Below
from proofs.latex.printer import _GREEK
from proofs.model import Rank
from rankbound.appendix.formulas import sympy_to_typst, to_latex, to_mathml, to_typst
from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.formulas.signs import SIGNS
from rankbound.appendix.formulas.tree import Call, Fenced, Letter, Operator, Row, Scripts

FORMULAS = [formulas_of_statements, pytest.param(formulas_of_proofs, marks=pytest.mark.thorough)]
THIN = '<mspace width="0.167em"/>'
MATHML_CORE = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msub", "msup", "msubsup"),
    *("munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}


@pytest.mark.parametrize("formulas", FORMULAS)
def test_nothing_is_lost_between_latex_and_the_tree(formulas):
    assert len(formulas()) > 300
    for formula in formulas():
        assert parse(to_latex(formula)) == parse(formula), formula


@pytest.mark.parametrize("formulas", FORMULAS)
@pytest.mark.parametrize("width", [None, 26.0])
def test_mathml_is_well_formed_and_within_its_core(formulas, width):
    for formula in formulas():
        root = ET.fromstring(to_mathml(formula, display=width is not None, width=width))
        names = {element.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}") for element in root.iter()}
        assert names <= MATHML_CORE, (formula, names - MATHML_CORE)
        assert root.get("alttext") == formula


@pytest.mark.parametrize("formulas", FORMULAS)
def test_typst_compiles_what_is_written_for_it(formulas):
    typst = pytest.importorskip("typst")
    inline = [to_typst(formula) for formula in formulas()]
    displays = [to_typst(formula, display=True, width=26.0) for formula in formulas()]
    assert typst.compile("\n\n".join(inline + displays).encode()).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("formula", "typst"),
    [
        (r"\frac{1}{2} x^{2}", "1 / 2 x^2"),
        (r"\frac{a b}{c} + d", "(a b) / c + d"),
        (r"a^{-\frac{b}{c}}", "a^(- b / c)"),
        (r"\frac{1}{\frac{1}{n}}", "1 / (1 / n)"),
        (r"\left(1 - \frac{1}{n}\right)^{m}", "(1 - 1 / n)^m"),
        (r"D^{(n, m, d)}", "D^(paren.l n comma m comma d paren.r)"),
        (r"\mathbb{E}\left[D \,\middle|\, R\right]", "bb(E) lr(bracket.l D thin mid(bar.v) thin R bracket.r)"),
        (r"P'_{j, l}", "P'_(j comma l)"),
        (r"\mathrm{Occ}'^{(n)}", '"Occ"\'^(paren.l n paren.r)'),
        (r"\mathrm{rank}(A)", '"rank"paren.l A paren.r'),
        (r"n \mathrm{rank}[a]", 'n"rank"bracket.l a bracket.r'),
        (r"\mathrm{rank} \frac{a b}{c}", '"rank"#h(0em) (a b) / c'),
        (r"\mathrm{rank}\left(a\right)", '"rank"#h(0em) (a)'),
        (r"\text{edges} - \text{error}", '"edges"-"error"'),
        (r"\text{for } - 1 < a", '"for "class("normal", -) 1 < a'),
        (r"\lvert x \rvert^{2}", 'class("opening", bar.v) x class("closing", bar.v)^2'),
        (r"0, \ldots, n", '0 comma class("normal", . thin . thin .) thin comma n'),
        (r"1 \cdots (n)", '1 thin class("normal", dot.op thin dot.op thin dot.op) thin paren.l n paren.r'),
        (r"1 + \ldots", '1 + class("normal", . thin . thin .)'),
        (r"\sum_{j=0}^{n - 1} p_{j}", "sum_(j = 0)^(n - 1) p_j"),
        (r"D \leq n \quad \text{for } 2 \leq n", 'D <= n quad"for "2 <= n'),
        (r"\lambda i n", "lambda i n"),
        (r"t \in [0, \infty)", "t in bracket.l 0 comma infinity paren.r"),
    ],
)
def test_typst_keeps_what_belongs_together(formula, typst):
    assert to_typst(formula) == f"${typst}$"
    assert to_typst(formula, display=True) == f"$ {typst} $"


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        (r"x \left(y\right)", '<mi>x</mi><mo>\u2062</mo><mrow><mo form="prefix"'),  # a product
        (r"\Phi\left(y\right)", '<mi mathvariant="normal">Φ</mi><mo>\u2061</mo><mrow><mo form="prefix"'),  # a function
        (r"- x", '<mo form="prefix">−</mo><mi>x</mi>'),
        (r"a - x", '<mi>a</mi><mo form="infix">−</mo><mi>x</mi>'),
        (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\mathrm{e}^{x}", '<msup><mi mathvariant="normal">e</mi><mi>x</mi></msup>'),
        (r"\mathrm{Occ}", "<mi>Occ</mi>"),
        (r"\mathbb{P}", "<mi>ℙ</mi>"),
        (r"\lim_{n \to \infty} x", '<munder><mo form="prefix" movablelimits="true" lspace="0" rspace="0">lim</mo>'),
        (r"n \to m", '<mo stretchy="false">→</mo>'),  # one that may stretch takes the height of a line
        (r"a/b", '<mi>a</mi><mo form="infix" lspace="0" rspace="0">/</mo><mi>b</mi>'),
        (r"a - \text{error} - b", '<mtext>error</mtext><mo form="infix">−</mo>'),  # words that are a term
        (r"\text{for } -1", '<mo form="prefix">−</mo>'),
        (r"x^{n-1}", '<mrow><mi>n</mi><mo form="infix" lspace="0" rspace="0">−</mo><mn>1</mn></mrow>'),
        (r"x_{i=1, j}", '<mo lspace="0" rspace="0">=</mo><mn>1</mn><mo lspace="0" rspace="0">,</mo>'),
        (r"\log n", f"<mi>log</mi><mo>\u2061</mo>{THIN}<mi>n</mi>"),
        (r"\log^{2} n", f"<msup><mi>log</mi><mn>2</mn></msup><mo>\u2061</mo>{THIN}<mi>n</mi>"),
        (r"\log \mathbb{E}[x]", f"<mi>log</mi><mo>\u2061</mo>{THIN}<mrow><mi>𝔼</mi><mo>\u2061</mo>"),
        (r"\log(n)", '<mi>log</mi><mo>\u2061</mo><mrow><mo form="prefix"'),
        (r"\log (n)", '<mi>log</mi><mo>\u2061</mo><mrow><mo form="prefix"'),
        (r"\log = \exp", "<mi>log</mi><mo>=</mo><mi>exp</mi>"),
        (r"c \log n", f"<mi>c</mi><mo>\u2062</mo>{THIN}<mi>log</mi>"),
        (r"a / \log n", f">/</mo>{THIN}<mi>log</mi>"),  # as TeX does
        (r"\limsup \log x", f">lim sup</mo>{THIN}<mi>log</mi>"),
        (
            r"\max_{j} P_{i j}",
            f">max</mo><mi>j</mi></munder><mo>\u2061</mo>{THIN}<msub>",
        ),
        (
            r"\mathbb{E}\left[D \,\middle|\, R\right]",
            '<mo form="infix" fence="true" stretchy="false" lspace="0" rspace="0">|</mo>',
        ),
        (r"\mathbb{E}\left[\frac{1}{n} \,\middle|\, R\right]", 'stretchy="true" lspace="0" rspace="0">|</mo>'),
        (r"\int_{0}^{1} x", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>"),
        (r"\sum_{j=0}^{n} x", "<munderover><mo>∑</mo><mrow>"),
        (r"\left(x\right)", '<mo form="prefix" fence="true" stretchy="false">(</mo>'),
        (r"\left(\frac{x}{2}\right)", '<mo form="prefix" fence="true" stretchy="true">(</mo>'),
        (r"\genfrac{\{}{\}}{0pt}{}{m}{k}", '<mfrac linethickness="0"><mi>m</mi><mi>k</mi></mfrac>'),
    ],
)
def test_mathml_says_what_a_sign_does(formula, part):
    assert part in to_mathml(formula)


def test_a_display_is_a_block_of_its_own():
    assert ' display="block"' in to_mathml("x", display=True)
    assert "display=" not in to_mathml("x")


def test_what_follows_a_letter_at_once_are_its_arguments():
    fence = Fenced("(", Row((Letter("n"),)), ")")
    assert parse(r"\Phi\left(n\right)").items == (Call(Letter("Phi"), fence),)
    assert parse(r"x \left(n\right)").items == (Letter("x"), fence)
    assert parse(r"\delta_{i}\left(n\right)").items == (Call(Scripts(Letter("delta"), Row((Letter("i"),))), fence),)


def test_a_sign_after_words_is_not_one_between_terms():
    assert to_latex(r"\text{for } -1 \leq r") == r"\text{for } {-}1 \leq r"
    assert to_latex(r"\text{error} - d") == r"\text{error} - d"
    assert to_latex(r"\text{edges} - \text{error}") == r"\text{edges} - \text{error}"  # these are terms
    assert parse(r"{-} r").items == (Operator("-"), Letter("r"))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("x^2", "expected { instead of 2 at character 2"),
        (r"\foo{x}", r"instead of \foo at character 0"),
        (r"x + \left(y", r"expected \right instead of the end at character 11"),
        (r"\left[y\right)", "expected ] instead of ) at character 13"),
        (r"(x", "expected a closing bracket instead of the end"),
        ("x}", "instead of } at character 1"),
        (r"\frac{1}", "expected { instead of the end"),
        (r"x_{1}_{2}", "instead of _ at character 5"),
        ("x & y", "instead of & at character 2"),
        (r"\text{100$}", r"instead of \text at character 0"),
        (r"\mathfrak{S}", r"instead of \mathfrak"),
    ],
)
@pytest.mark.parametrize("write", [to_latex, to_mathml, to_typst])
def test_what_is_not_in_the_notation_is_an_error_that_names_it(write, formula, message):
    with pytest.raises(ValueError, match=rf"^formula = .*{re.escape(message)}"):
        write(formula)


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan")])
def test_a_width_is_positive(width):
    with pytest.raises(ValueError, match=r"^width = "):
        to_latex("x", width=width)


def test_every_letter_of_the_statements_has_a_sign():
    assert {*_GREEK, *ascii_letters} <= SIGNS.keys()


def test_an_error_shows_the_place_in_a_long_formula():
    with pytest.raises(ValueError, match=r"x \+ x \+ \\\\foo \+ y"):
        to_latex("x + " * 50 + r"\foo" + " + y" * 50)


def test_sympy_expressions_in_typst():
    n, m, x = sp.symbols("n m x", positive=True)
    assert sympy_to_typst(n * (1 - (1 - 1 / n) ** m)) == "n (1 - (1 - 1 / n)^m)"
    assert (
        sympy_to_typst(sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)) == "(sqrt(2) upright(e)^(- (x^2) / 2)) / (2 sqrt(pi))"
    )
    assert sympy_to_typst(Below(Rank(n, m, x), n)).startswith("bold(1) lr(brace.l D")
    with pytest.raises(TypeError, match="no notation"):
        sympy_to_typst(sp.sin(x))
