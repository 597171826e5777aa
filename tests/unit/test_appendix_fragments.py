"""One theorem, claim or table alone, in every format."""

from __future__ import annotations

import inspect
import re

import pytest

import rankbound.appendix
from rankbound.appendix import FORMATS, fragment
from rankbound.appendix.fragments import TABLES

SMALL = {"n_keys": 8, "head_dims": [2], "replicates": 5}
DISPLAYED = {"latex": "\\rankboundbroken", "html": "<math", "markdown": "```math", "pdf": "sum_("}
pytestmark = pytest.mark.usefixtures("kept_derivations")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_theorem_alone_has_its_statement_and_every_step(format_):
    text = fragment("barrier", format_)
    assert "identical-queries" in text.replace("\\-", "").replace("\\allowbreak{}", "")
    assert "The barrier" in text
    assert "linearity" in text
    assert "15" in text  # its last step
    assert DISPLAYED[format_] in text


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_alone_has_its_caption_and_its_numbers(name, format_):
    text = fragment(name, format_, **SMALL)
    number = {"tab:barrier": "5.25", "tab:deviation": "0.0697", "tab:saturation": "0.459"}[name]
    assert number in text.replace("\\.", ".")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_claim_and_a_question_alone(format_):
    assert "CERTIFIED" in fragment("expected-rank-enclosure", format_, **SMALL)
    assert "neither proved nor refuted" in fragment("causal-rank-at-most-half", format_)


def test_a_fragment_refers_to_nothing_that_is_not_in_it():
    text = fragment("second-moment-bound", "html")
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', text))


@pytest.mark.parametrize(
    ("name", "format_", "message"),
    [
        ("barier", "latex", "did you mean 'barrier'"),
        ("tab:barier", "latex", "did you mean 'tab:barrier'"),
        ("?", "latex", "rankbound theorems lists the ids"),
        ("barrier", "word", "format = 'word': expected one of 'latex'"),
    ],
)
def test_what_there_is_not_is_said_in_one_line(name, format_, message):
    with pytest.raises(ValueError, match=message) as caught:
        fragment(name, format_)
    assert "\n" not in str(caught.value)


def test_sizes_are_checked():
    with pytest.raises(ValueError, match="n_keys = 0"):
        fragment("tab:barrier", "latex", n_keys=0)


def test_public_names_are_there_and_have_docstrings():
    assert set(rankbound.appendix.__all__) <= set(dir(rankbound.appendix))
    for name in rankbound.appendix.__all__:
        value = getattr(rankbound.appendix, name)
        assert name == "FORMATS" or inspect.getdoc(value)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = rankbound.appendix.nothing
