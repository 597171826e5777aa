"""The pages that the commands make, in Chromium: an appendix, and the report of a run.

They are whole on a phone and a desktop, in light and dark colours, with everything folded and unfolded.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from browser import browsing, needs_a_browser, opened

from rankbound.cli import run

pytestmark = needs_a_browser

APPENDIX = ["appendix", "--format", "html", "--theorem", "barrier", "--theorem", "second-moment-bound"]
REPORT = ["verify", "--format", "html"]
FEW = ["--n", "16", "--head-dim", "2", "--head-dim", "16", "--replicates", "20"]
CLAIMS = ["--claim", "barrier", "--claim", "wide-head-limit", "--claim", "paper-barrier-literal"]
PHONES_AND_DESKTOP = [(320, 640), (360, 740), (1280, 900)]


@pytest.fixture(scope="module")
def browser():
    with browsing() as started:
        yield started


@pytest.fixture(scope="module")
def appendix(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "appendix"
    assert run([*APPENDIX, *FEW, "--output", str(folder)]) == 0
    return folder / "appendix.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made") / "report.html"
    assert run([*REPORT, *FEW, *CLAIMS, "--output", str(path)]) == 0
    return path


@pytest.fixture(params=["appendix", "report"])
def made(request) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def whole_appendix(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "appendix"
    assert run(["appendix", "--format", "html", "--output", str(folder)]) == 0
    return folder / "appendix.html"


@pytest.fixture(scope="module")
def whole_report(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "report.html"
    assert run([*REPORT, "--n", "64", "--budget", "1", "--output", str(path)]) == 0
    return path


def complaints(browser, path, screen, dark) -> list[str]:
    with opened(browser, path, width=screen[0], height=screen[1], dark=dark) as shown:
        folded = shown.complaints()
        shown.unfold()
        return [*folded, *shown.complaints()]


@pytest.mark.parametrize(("screen", "dark"), [((360, 740), False), ((1280, 900), True)])
def test_a_made_page_is_whole_on_every_screen(made, browser, screen, dark):
    assert complaints(browser, made, screen, dark) == []


@pytest.mark.thorough
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("screen", PHONES_AND_DESKTOP)
@pytest.mark.parametrize("page", ["whole_appendix", "whole_report"])
def test_a_page_of_everything_is_whole_on_every_screen(page, browser, screen, dark, request):
    assert complaints(browser, request.getfixturevalue(page), screen, dark) == []


@pytest.mark.thorough
def test_the_report_of_everything_at_the_size_of_the_paper_is_no_burden(browser, tmp_path):
    path = tmp_path / "report.html"
    assert run([*REPORT, "--n", "512", "--budget", "1", "--output", str(path)]) == 0
    assert path.stat().st_size < 6_000_000
    with opened(browser, path, width=360, height=740) as shown:
        loaded = shown.page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd")
        assert loaded < 20_000  # milliseconds, on a machine with other work to do


def test_headings_skip_no_level_in_folds_either(made, browser):
    with opened(browser, made) as shown:
        shown.unfold()
        tags = shown.page.locator("main :is(h1, h2, h3, h4, h5, h6)").evaluate_all("(all) => all.map((h) => h.tagName)")
    levels = [int(tag[1]) for tag in tags]
    assert levels[0] == 1
    assert max(levels) >= 3
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_verdict_unfolds_to_the_statement_the_proof_and_the_evidence(report, browser):
    with opened(browser, report, width=360, height=740) as shown:
        fold = shown.page.locator("details:has(> .folded)").first
        assert "PROVED barrier" in fold.locator("summary").inner_text()
        assert not fold.locator("article").is_visible()
        fold.locator("summary").click()
        assert fold.locator("article.statement").is_visible()
        assert fold.locator("div.proof .steps > li").count() > 5
        witnesses = fold.locator(".folded > ul.items > li").all_inner_texts()
        assert len(witnesses) >= 3  # a derivation, numbers and an experiment
        assert shown.page.locator("#fig\\:saturation svg").is_visible()
        assert "--format html" in shown.page.locator("pre").inner_text()  # how to reproduce it


def test_the_contents_lead_to_a_statement_in_a_fold_and_open_it(report, browser):
    with opened(browser, report) as shown:
        statement = shown.page.locator("article.statement").first
        assert not statement.is_visible()
        shown.page.locator("nav.aside .stated a").first.click()
        statement.wait_for(state="visible")
        assert 0 <= statement.bounding_box()["y"] < 900


def test_the_contents_beside_the_text_scroll_where_they_are_long(appendix, browser):
    with opened(browser, appendix, height=200) as shown:
        contents = shown.page.locator("nav.aside")
        assert contents.evaluate("(box) => box.scrollHeight > box.clientHeight")
        contents.locator("a").last.focus()
        assert contents.evaluate("(box) => box.scrollTop") > 0


def test_rows_of_running_text_stack_on_a_phone_and_stand_side_by_side_on_a_desktop(appendix, browser):
    for width, stacked in ((360, True), (1280, False)):
        with opened(browser, appendix, width=width) as shown:
            table = shown.page.locator("table.stacks").first
            first, second = (table.locator("tbody > tr").first.locator("> *").nth(place) for place in (0, 1))
            below = second.bounding_box()["y"] > first.bounding_box()["y"] + 5
            assert below is stacked
            assert table.locator("tbody .head").first.is_visible() is stacked
            box = shown.page.locator(".tabular:has(.stacks)").first
            assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth") or not stacked
            assert table.get_by_role("columnheader").count() == table.locator("thead th").count()  # also when stacked
            assert table.get_by_role("rowheader").count() == table.locator("tbody th").count()
