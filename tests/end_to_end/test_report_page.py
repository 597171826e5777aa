"""``verify --format html``: the report as a page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from rankbound.cli import run

VERIFY = ["verify", "--n", "16", "--head-dim", "2", "--head-dim", "16", "--replicates", "20"]
CLAIMS = ["--claim", "barrier", "--claim", "paper-barrier-literal", "--claim", "causal-rank-at-most-half"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert run([*VERIFY, *CLAIMS, "--format", "html", "--output", str(path)]) == 0
    return path.read_text(encoding="utf-8")


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_page_needs_nothing_else(page):
    assert page.startswith("<!")
    assert not re.search(r"""(?:src|href)=["'](?!#|https?://|data:)""", page)
    assert "<script" not in page
    assert not re.search(r"<(?:img|iframe|object)\b", page)
    assert set(re.findall(r"<link[^>]*>", page)) == {'<link rel="icon" href="data:," />'}  # else browsers ask for one
    ET.fromstring(page[page.index("<html") :])


def test_it_says_what_the_json_report_says(page, capsys):
    assert run([*VERIFY, *CLAIMS, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    text = words(page)
    for claim in report["claims"]:
        assert f"{claim['verdict']} {claim['id']}" in text
        for evidence in claim["evidence"]:
            assert f"{evidence['witness']} {evidence['outcome']}" in text
    assert "VACUOUS" in text
    assert "REFUTED" in text


def test_each_verdict_unfolds_to_its_derivation(page):
    folds = re.findall(r"<details.*?</details>", page, re.DOTALL)
    about = {name: next(fold for fold in folds if f">{name}<" in fold and "<summary" in fold) for name in ("barrier",)}
    assert about["barrier"].count('class="carrier') == 15
    assert "Theorem" in words(about["barrier"])


def test_the_figure_and_the_way_to_repeat_it_are_there(page):
    assert page.count("<svg") == 1
    assert "python -m rankbound.verify --n 16" in words(page)
    assert "--format html" in words(page)


def test_the_same_bytes_come_again(page, tmp_path):
    path = tmp_path / "again.html"
    assert run([*VERIFY, *CLAIMS, "--format", "html", "--output", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    "options",
    [
        ["--mask", "causal", "--replicates", "10", "--claim", "causal-rank"],
        ["--temperature", "0.5", "--tolerance", "1e-6", "--replicates", "10", "--claim", "temperature-certificate"],
        ["--queries", "4", "--replicates", "10", "--claim", "rank-is-occupancy"],
        ["--budget", "0", "--claim", "rank-deviation"],
    ],
    ids=["mask", "temperature", "queries", "no experiment"],
)
def test_other_attention_has_a_page_too(options, tmp_path, capsys):
    path = tmp_path / "report.html"
    asked = ["verify", "--n", "16", "--head-dim", "4", "--claim", "barrier", *options]
    code = run([*asked, "--format", "html", "--output", str(path)])
    capsys.readouterr()
    assert run([*asked, "--format", "json"]) == code
    report = json.loads(capsys.readouterr().out)
    text = words(path.read_text(encoding="utf-8"))
    assert len(report["claims"]) == 2
    for claim in report["claims"]:
        assert f"{claim['verdict']} {claim['id']}" in text
