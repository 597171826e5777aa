"""Displayed formulas in rows: no row is too wide, and breaks stand where they disturb least."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from formulas_of_proofs import formulas_of_proofs, formulas_of_statements

from rankbound.appendix.formulas import to_latex, to_mathml, to_typst
from rankbound.appendix.formulas.lines import broken
from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.formulas.sizes import measure

WIDTHS = [(32.0, 345.0), (20.0, 246.0)]
"""In em for the formulas, and in pt of the text or column of an article at 10 pt."""


def rows(formula, width):
    """Return the rows of a formula in LaTeX, without marks of alignment and indentation."""
    text = to_latex(formula, width=width)
    text = text.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return [re.sub(r"&( \\mspace\{\w+\})? ", "", row).strip() for row in text.split("\\\\\n")]


@pytest.mark.parametrize(
    ("formula", "width"),
    [
        ("1/n", 0.5 + 0.5 + 0.6),  # no white space at a solidus
        ("1 - n", 0.5 + 0.778 + 0.6 + 2 * 4 / 18),
        (r"\log n", 1.278 + 0.6 + 3 / 18),
        (r"\log(n)", 1.278 + 0.6 + 2 * 0.389),
        (r"\max_{j}", 1.861),  # the index stands below
    ],
)
def test_white_space_is_that_of_tex(formula, width):
    assert measure(parse(formula)).width == pytest.approx(width)


def test_a_formula_that_fits_stays_in_one_row():
    assert to_latex("a + b = c", width=20.0) == "a + b = c"
    assert "mtable" not in to_mathml("a + b = c", display=True, width=20.0)
    assert to_typst("a + b = c", display=True, width=20.0) == "$ a + b = c $"


@pytest.mark.parametrize(
    ("formula", "width", "expected"),
    [
        (r"a + b + c + d + e < f + g + h + i", 12.0, ["a + b + c + d + e", "< f + g + h + i"]),
        (r"a + b + c < d + e + f \quad \text{for } 2 \leq n", 14.0, ["a + b + c < d + e + f", r"\text{for } 2 \leq n"]),
        (r"a = b + c + d + e + f + g", 9.0, ["a = b + c + d + e", "+ f + g"]),
        (r"a = b = c + d + e + f + g + h", 12.0, ["a = b", "= c + d + e + f + g + h"]),
        (r"1 + 2 + \left(a + b + c + d\right)^{2}", 10.0, ["1 + 2", r"+ \left(a + b + c + d\right)^{2}"]),
        (r"\left(a + b + c + d + e + f\right)^{2}", 8.0, ["( a + b + c + d + e", "+ f )^{2}"]),
        (
            r"\left(\frac{a}{n} + b + c + d + e\right)^{2}",
            7.0,
            [r"\biggl( \frac{a}{n} + b + c + d", r"+ e \biggr)^{2}"],
        ),
    ],
)
def test_breaks_stand_where_they_disturb_least(formula, width, expected):
    assert rows(formula, width) == expected


def test_a_left_side_that_is_short_stands_before_all_rows():
    lines = broken(parse(r"a = b + c + d + e + f + g + h + i + j"), 12.0)
    assert lines[0].before == parse("a").items
    assert [line.before for line in lines[1:]] == [()] * (len(lines) - 1)


def test_a_short_fence_stays_whole_and_its_bar_goes_with_the_condition():
    first, last = (rf"\left(1 - \mathbf{{1}}\left\{{{event}\right\}}\right)" for event in ("R < a", "C < b"))
    formula = f"{first} {first} {first} {last}"
    assert rows(formula, 20.0) == [f"{first} {first}", rf"\cdot {first} {last}"]
    given = r"\mathbb{E}\left[a + b + c + d + e \,\middle|\, R, C, Q\right]"
    assert rows(given, 12.0) == [r"\mathbb{E} [ a + b + c + d + e", r"| \, R, C, Q ]"]


def test_conditions_are_broken_after_commas_and_before_no_relation():
    formula = r"a + b + c \leq d \quad \text{for } 2 \leq n,\; 3 \leq m,\; 4 \leq d,\; 5 \leq w,\; 6 \leq r"
    assert rows(formula, 11.0)[1:] == [r"\text{for } 2 \leq n, \; 3 \leq m,", r"4 \leq d, \; 5 \leq w, \; 6 \leq r"]


def test_a_break_between_factors_shows_that_they_are_multiplied():
    formula = r"\frac{a b c d e f g h}{2} \frac{a b c d e f g h}{3}"
    assert rows(formula, 8.0) == [r"\frac{a b c d e f g h}{2}", r"\cdot \frac{a b c d e f g h}{3}"]
    assert rows("a b c d e f g h i j k l", 5.0) == ["a b c d e f g h i j", r"\cdot k l"]


@pytest.mark.parametrize(
    ("formula", "start"),
    [
        (r"\frac{a + b + c + d + e + f + g + h}{n}", r"\frac{1}{n} ( a + b"),
        (r"\mathrm{e}^{a + b + c + d + e + f + g + h + i + j + k + l}", r"\exp ( a + b"),
        (r"\frac{1}{a + b + c + d + e + f + g + h}", "( a + b"),
        (r"\sqrt{a + b + c + d + e + f + g + h}", "( a + b"),
    ],
)
def test_what_cannot_be_broken_is_written_in_another_way_where_it_is_too_wide(formula, start):
    found = rows(formula, 11.0)
    assert len(found) >= 2
    assert found[0].startswith(start)
    assert rows(formula, 40.0) == [formula]


def test_a_long_number_is_broken_between_groups_of_three_digits():
    found = rows("x = 1" + "234" * 20, 12.0)
    assert found[0].startswith(r"x = 1 \, 234")
    assert re.sub(r"[^\d]", "", "".join(found)) == "1" + "234" * 20


def test_long_words_are_broken_and_keep_their_spaces():
    formula = r"D \text{ has the law of a sum of finitely many independent variables with values 0 and 1}"
    found = rows(formula, 18.0)
    assert len(found) >= 3
    assert "".join(re.findall(r"\\text\{([^}]*)\}", "".join(found))) == formula[len(r"D \text{") : -1]


def test_rows_are_alike_in_every_format():
    formula = next(text for text in formulas_of_statements() if len(broken(parse(text), 20.0)) > 3)
    number = len(rows(formula, 20.0))
    assert to_mathml(formula, display=True, width=20.0).count("<mtr>") == number
    assert to_typst(formula, display=True, width=20.0).count(" \\\n") == number - 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(("width", "points"), WIDTHS)
@pytest.mark.parametrize(
    "formulas", [formulas_of_statements, pytest.param(formulas_of_proofs, marks=pytest.mark.thorough)]
)
def test_latex_sets_no_row_wider_than_the_page(formulas, width, points, tmp_path):
    head = rf"\documentclass{{article}}\usepackage{{amsmath, amssymb}}\setlength{{\textwidth}}{{{points}pt}}"
    shown = [rf"\typeout{{F{place}}}\[ {to_latex(text, width=width)} \]" for place, text in enumerate(formulas())]
    source = "\n".join([head, r"\allowdisplaybreaks\begin{document}", *shown, r"\end{document}"])
    (tmp_path / "rows.tex").write_text(source, encoding="utf-8")
    subprocess.run(["pdflatex", "-interaction=batchmode", "rows.tex"], cwd=tmp_path, check=True, capture_output=True)
    log = (tmp_path / "rows.log").read_text(encoding="utf-8", errors="replace")
    assert f"F{len(shown) - 1}" in log
    assert not [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(points) > 10]
