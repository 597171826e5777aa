"""The page of an appendix in Chromium: on a phone and a desktop, in light and dark colours, and printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from browser import SCREENS, browsing, needs_a_browser, opened

from rankbound.appendix.document import Column, Display, Document, Math, Paragraph, Table, Text
from rankbound.appendix.html import to_files

pytestmark = needs_a_browser

# How low the lines are in which the words of an element stand.
RECTANGLES = """(element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect().bottom;
})"""
UNIT = Path(__file__).parents[1] / "unit"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """Write the page of the document in which everything occurs."""
    spec = spec_from_file_location("sample_document", UNIT / "sample_document.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path_factory.mktemp("appendix") / "appendix.html"
    path.write_bytes(to_files(module.sample())["appendix.html"])
    return path


@pytest.fixture(scope="module")
def browser():
    with browsing() as started:
        yield started


def written(folder: Path, body: str, style: str = "") -> Path:
    path = folder / "page.html"
    path.write_text(
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><style>body {{ background: #fff; color: #000 }}"
        f"{style}</style></head><body>{body}</body></html>"
    )
    return path


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("screen", [*SCREENS, (320, 640)])
def test_the_page_is_whole_on_every_screen(page, browser, screen, dark):
    with opened(browser, page, width=screen[0], height=screen[1], dark=dark) as shown:
        assert shown.complaints() == []
        shown.unfold()
        assert shown.complaints() == []
        light = shown.page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(253, 253, 251)"
        assert light is not dark


def test_formulas_are_laid_out(page, browser):
    with opened(browser, page) as shown:
        height = "(formula) => formula.getBoundingClientRect().height"
        assert max(shown.page.locator("math").nth(place).evaluate(height) for place in range(12)) > 10
        above, below = shown.page.locator("mfrac").first.evaluate(
            "(fraction) => [...fraction.children].map((part) => part.getBoundingClientRect().top)"
        )
        assert below > above + 5


def test_what_is_folded_opens_by_click_and_by_key(page, browser):
    with opened(browser, page) as shown:
        evidence = shown.page.get_by_text("The evidence.")
        assert not evidence.is_visible()
        shown.page.locator("#fold\\:barrier > summary").click()
        assert evidence.is_visible()
        shown.page.keyboard.press("Enter")
        assert not evidence.is_visible()


def test_contents_stay_in_sight_beside_the_text_of_a_wide_screen(page, browser):
    with opened(browser, page) as shown:
        assert shown.page.locator("nav.aside").is_visible()
        assert not shown.page.locator("nav.folded-away").is_visible()
        shown.page.mouse.wheel(0, 900)
        shown.page.wait_for_function("() => scrollY > 300")
        assert shown.page.locator("nav.aside").bounding_box()["y"] >= 0


def test_contents_are_folded_away_on_a_phone_and_lead_to_the_text(page, browser):
    with opened(browser, page, width=360, height=740) as shown:
        assert not shown.page.locator("nav.aside").is_visible()
        entry = shown.page.locator("nav.folded-away a").last
        assert not entry.is_visible()
        shown.page.locator("nav.folded-away summary").click()
        entry.click()
        shown.page.wait_for_function("() => scrollY > 300")
        assert shown.page.url.endswith("#references")
        assert shown.complaints() == []


def test_tables_and_formulas_scroll_with_the_keys_on_a_phone(browser, tmp_path):
    cell = (Text("0.123456789012345678901234567890"),)
    table = Table("tab:x", (Text("Numbers"),), (Column((Text("n"),)), Column((Text("rank"),))), ((cell, cell),))
    document = Document("T", (Display("+".join(["x^{2}"] * 3) + r" = \text{" + "a long name " * 5 + "}"), table), ())
    (path,) = (tmp_path / name for name in to_files(document))
    path.write_bytes(to_files(document)[path.name])
    with opened(browser, path, width=320, height=640) as shown:
        for place in (".display", ".tabular"):
            box = shown.page.locator(place)
            box.focus()
            shown.page.keyboard.press("ArrowRight")
            shown.page.wait_for_function(f"() => document.querySelector('{place}').scrollLeft > 0")
        assert box.evaluate("(box) => box.querySelector('.caption').getBoundingClientRect().left") >= 0  # in sight


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("terms", [3, 8, 12, 60])
def test_a_full_stop_stays_in_the_line_of_the_formula_before(terms, width, browser, tmp_path):
    document = Document(
        "T",
        (
            Paragraph(
                (Text("Here ("), Math("+".join(["x"] * terms)), Text(").")),
            ),
        ),
        (),
    )
    path = tmp_path / "appendix.html"
    path.write_bytes(to_files(document)[path.name])
    with opened(browser, path, width=width, height=640) as shown:
        assert shown.complaints() == []
        kept = shown.page.locator(".kept")
        assert len(set(kept.evaluate(RECTANGLES))) == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_print_unfolds_everything_and_leaves_out_the_contents(page, browser, tmp_path):
    with opened(browser, page, dark=True) as shown:
        shown.page.pdf(path=tmp_path / "printed.pdf", format="A4")
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "printed.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "The evidence." in text
    assert "Contents" not in text
    assert "Skip to the text" not in text


# The helper can fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "style", "complaint"),
    [
        ("<p class='a'>pale</p>", ".a { color: #999 }", "contrast 2.85: pale"),
        ("<div style='width: 3000px'>wide</div>", "", "px wider than the screen: DIV.null wide"),
        (
            "<div class='a'>cut</div>",
            ".a { height: 9px; overflow-x: auto; overflow-y: hidden }",
            "cut off below: DIV.a",
        ),
        (
            "<div class='a'><p>unreachable</p></div>",
            ".a { overflow-x: auto } p { margin-left: -90px }",
            "out of reach: DIV.a unreachable",
        ),
        (
            "<div class='a'><p>x</p></div>",
            ".a { overflow-x: auto } p { width: 4000px }",
            "no keyboard scrolls: DIV.a x",
        ),
        ("<math></math>", "", "formula: "),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "mfrac { display: flex }", "fraction: 12"),
        ("<svg width='2' height='2'></svg>", "", "picture: <svg"),
        ("<img src='data:image/png;base64,AAAA' alt=''>", "", "picture: <img"),
        ("<script>console.warn('oh')</script>", "", "console: warning: oh"),
        ("<script>throw new Error('oh')</script>", "", "error: oh"),
        ("<img src='other.png' width='50' height='50' alt=''>", "", "loads file:"),
    ],
)
def test_the_browser_complains_about_what_is_wrong(body, style, complaint, browser, tmp_path):
    with opened(browser, written(tmp_path, body, style)) as shown:
        assert [found for found in shown.complaints() if complaint in found]


def test_the_browser_does_not_complain_about_what_is_right(browser, tmp_path):
    with opened(browser, written(tmp_path, "<p>fine</p>")) as shown:
        assert shown.complaints() == []


@pytest.mark.thorough
def test_a_browser_leaves_no_process_and_no_warning(tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\nfrom browser import browsing, opened\n"
        "with browsing() as browser, opened(browser, Path(sys.argv[2])) as shown:\n    print(shown.complaints())\n"
    )
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", script, Path(__file__).parent]
    done = subprocess.run([*command, written(tmp_path, "<p>fine</p>")], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    assert "ResourceWarning" not in done.stderr
