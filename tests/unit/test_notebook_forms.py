"""What a notebook shows of theorems, steps, derivations and enclosures."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proofs
from proofs.latex import claim_to_latex, notation_of
from proofs.theorems import library
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour


class Text(HTMLParser):
    """The text of a fragment, whose elements are closed in order."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said = ""
        self.feed(fragment)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_a_theorem_and_its_steps_say_everything_and_are_whole(name):
    theorem = library()[name]
    said = Text(theorem._repr_html_()).said
    for piece in (theorem.id, theorem.title, theorem.prose, *theorem.assumptions, *theorem.depends_on):
        assert piece in said
    for letter, meaning in notation_of([theorem.statement]):
        assert rf"\({letter}\), {re.split(r'[$]', meaning)[0]}" in said
    assert ("the negation" in said) == (theorem.establishes == "negation")
    for shown, claim in [(theorem, theorem.statement), *((step, step.claim) for step in theorem.steps)]:
        latex = shown._repr_latex_()
        assert latex.startswith("$$")
        assert latex.endswith("$$")
        assert latex.count("$") == 4
        for part in getattr(claim, "parts", (claim,)):
            assert claim_to_latex(part) in latex
        html = shown._repr_html_()
        assert latex in unescape(re.search(r'<div class="math">(.*?)</div>', html)[1])
        assert latex in Text(html).said
    for step in theorem.steps:
        said = Text(step._repr_html_()).said
        assert all(piece in said for piece in (step.name, step.rule, step.because, *step.premises))


def test_a_derivation_shows_its_status_and_every_step():
    derivation = proofs.check("barrier")
    said = Text(derivation._repr_html_()).said
    assert "(barrier): checked" in said
    for step in derivation.steps:
        assert step.name in said
        assert step.claim in said
        assert step.rule in said
    assert said.count("accepted") == len(derivation.steps)
    for item in derivation.ledger:
        assert item.name in said or item.kind in ("rule", "library")
    failed = replace(derivation, status="rejected", detail="step <linearity> is wrong")
    assert "rejected: step <linearity> is wrong" in Text(failed._repr_html_()).said


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_an_enclosure_is_never_shown_narrower_than_it_is(one, other):
    lower, upper = sorted((one, other))
    interval = Enclosure(lower, upper, Rigour.ENCLOSED, "a | b < c")
    said = Text(interval._repr_html_()).said
    ends = [Fraction(end) for end in re.match(r"\[(.+), (.+)\]", said).groups()]
    assert ends[0] <= Fraction(lower) <= Fraction(upper) <= ends[1]
    for shown, end in zip(ends, (lower, upper), strict=True):
        assert abs(shown - Fraction(end)) <= abs(Fraction(end)) / 10**9
    assert said.endswith("enclosed, by a | b < c")
    latex = re.fullmatch(r"\$\\left\[(.+),\\; (.+)\\right\]\$ \(enclosed\)", interval._repr_latex_())
    plain = [re.sub(r" \\times 10\^\{(.+)\}", r"e\1", end) for end in latex.groups()]
    assert [Fraction(end) for end in plain] == ends


def test_an_enclosure_without_an_upper_end():
    interval = Enclosure(1.5, math.inf, Rigour.ENCLOSED, "test")
    assert "[1.5, inf]" in interval._repr_html_()
    assert r"\infty\right]" in interval._repr_latex_()
    assert r"\left[-\infty," in Enclosure(-math.inf, 0.0, Rigour.ENCLOSED, "test")._repr_latex_()


def test_showing_costs_no_heavy_import():
    script = """
import sys
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour
from proofs.records import Derivation
Enclosure(0.1, 0.2, Rigour.ENCLOSED, "test")._repr_html_()
Enclosure(0.1, 0.2, Rigour.ENCLOSED, "test")._repr_latex_()
Derivation("a", "b", "c", "d", "claim", "checked", "", (), ())._repr_html_()
print([name for name in ("sympy", "numpy", "scipy", "rich", "IPython", "matplotlib") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
