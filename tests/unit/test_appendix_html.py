"""The page of an appendix: well-formed, whole, loading nothing, and the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from sample_document import BARRIER, sample

from rankbound.appendix.document import (
    Carrier,
    Citation,
    Code,
    Column,
    Display,
    Document,
    Figure,
    Fold,
    Math,
    Paragraph,
    Proof,
    Reference,
    Section,
    Statement,
    Step,
    Table,
    Text,
    Work,
)
from rankbound.appendix.html import fragment, to_files

HARD = "<b> & \"double\" 'single' \N{NO-BREAK SPACE}]]> --"
STATED = (("Theorem", 1), ("Theorem", 2), ("Refutation", 3))
MATHML, SVG = "{http://www.w3.org/1998/Math/MathML}", "{http://www.w3.org/2000/svg}"


def page_of(document: Document) -> ElementTree.Element:
    return ElementTree.fromstring(to_files(document)["appendix.html"])


def words(node: ElementTree.Element) -> str:
    return " ".join("".join(node.itertext()).split())


def with_class(page: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in page.iter() if name in node.get("class", "").split()]


def only(nodes: list[ElementTree.Element]) -> ElementTree.Element:
    assert len(nodes) == 1
    return nodes[0]


def by_id(page: ElementTree.Element, name: str) -> ElementTree.Element:
    return only([node for node in page.iter() if node.get("id") == name])


def one_section(*content, works=(), pictures=None, title="A title") -> Document:
    return Document(title, (), (Section("sec:only", (Text("Only"),), content),), works, pictures or {})


@pytest.fixture(scope="module")
def page() -> ElementTree.Element:
    return page_of(sample())


def test_one_file_the_same_every_time():
    once, again = to_files(sample()), to_files(sample(), name="supplement.html")
    assert list(once) == ["appendix.html"]
    assert list(again) == ["supplement.html"]
    assert once["appendix.html"] == again["supplement.html"]
    assert once["appendix.html"].startswith(b'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />')


@pytest.mark.parametrize("name", ["appendix", "out/appendix.html", "..\\appendix.html", ""])
def test_the_file_is_a_page_in_the_folder_of_the_appendix(name):
    with pytest.raises(ValueError, match=r"expected a file's name that ends in \.html"):
        to_files(sample(), name=name)


def test_ids_are_unique_and_every_link_within_the_page_has_its_target(page):
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids)) > 20
    references = [node.get("href") for node in page.iter() if node.get("href", "").startswith("#")]
    assert {reference[1:] for reference in references} <= set(ids)
    assert {"#thm:occupancy", "#step:barrier:1", "#tab:rank", "#fig:curve", "#sec:frame", "#work:BLM2013"} <= set(
        references
    )
    named = [node.get(name, "") for node in page.iter() for name in ("aria-labelledby", "aria-describedby")]
    assert {one for names in named for one in names.split()} <= set(ids)


def test_headings_are_in_order_with_one_title(page):
    levels = [int(node.tag[1]) for node in page.iter() if re.fullmatch("h[1-6]", node.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert max(levels) == 3
    assert words(page.find(".//h1")) == words(page.find("head/title")) == sample().title


def test_nothing_is_loaded(page):
    assert {node.tag for node in page.iter()}.isdisjoint(
        {"script", "img", "iframe", "object", "embed", "audio", "video"}
    )
    assert [node.get("href") for node in page.iter("link")] == ["data:,"]
    assert not [node for node in page.iter() if "src" in node.attrib or "srcset" in node.attrib]
    text = to_files(sample())["appendix.html"].decode()
    assert set(re.findall(r"https?://[^\s\"<]+", text)) == {MATHML[1:-1], SVG[1:-1]}
    assert "@import" not in text
    assert "url(" not in text
    policy = only([node for node in page.iter("meta") if node.get("http-equiv") == "Content-Security-Policy"])
    assert policy.get("content").startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_the_contents_list_all_sections_twice_and_the_bibliography(page):
    aside, folded = page.findall(".//nav")
    expected = [
        *("#sec:frame", "#sec:inner", "#sec:proofs"),
        *("#thm:occupancy", "#thm:barrier", "#thm:reading"),
        *("#sec:numbers", "#references"),
    ]
    assert [link.get("href") for link in aside.iter("a")] == [link.get("href") for link in folded.iter("a")] == expected
    assert folded.find("details").get("open") is None
    assert [words(node) for node in with_class(aside, "number")] == [
        *("1", "1.1", "2", *(f"{name} {number}" for name, number in STATED), "3")
    ]


def test_a_statement_in_a_fold_is_listed_and_one_without_a_title_by_its_id():
    folded = Statement("thm:x", "Theorem", (), "an-id", ())
    page = page_of(one_section(Fold("fold:x", (Text("In short"),), (folded,))))
    entry = page.find(".//nav/ol/li/ol/li")
    assert words(entry) == "Theorem 1 an-id"
    assert (entry.get("class"), entry.find("a").get("href")) == ("stated", "#thm:x")


def test_statements_are_articles_with_number_title_and_id(page):
    theorem = by_id(page, "thm:barrier")
    assert theorem.tag == "article"
    assert theorem.get("class") == "statement theorem"
    assert words(by_id(page, theorem.get("aria-labelledby"))) == "Theorem 2 (The barrier) barrier"
    assert len(theorem.findall("./ol[@class='numbered']/li")) == 2
    assert with_class(page, "refutation") == [by_id(page, "thm:reading")]


def test_steps_have_anchors_visible_numbers_and_marks_in_words(page):
    steps = only(with_class(page, "steps"))
    assert steps.tag == "ol"
    assert [step.get("id") for step in steps] == [f"step:barrier:{number}" for number in (1, 2, 3, 4)]
    assert [words(step.find("p/a")) for step in steps] == ["(1)", "(2)", "(3)", "(4)"]
    assert [words(only(with_class(step, "carrier"))) for step in steps] == [carrier.value for carrier in Carrier]
    second = only(with_class(steps[1], "reason"))
    assert words(second) == "from (1) & Theorem 1"
    assert [link.get("href") for link in second.iter("a")] == ["#step:barrier:1", "#thm:occupancy"]


def test_tables_have_a_caption_and_heads_of_columns_and_rows(page):
    table = only(list(page.iter("table")))
    assert words(table.find("caption")).startswith("Table 1. Enclosures of")
    assert [head.get("scope") for head in table.findall("thead/tr/th")] == ["col"] * 3
    assert [head.get("class") for head in table.findall("thead/tr/th")] == ["right", None, "wide"]
    rows = table.findall("tbody/tr")
    assert [[cell.tag for cell in row] for row in rows] == [["th", "td", "td"]] * 2
    assert words(rows[0][1].find("div")) == "[0.36620, 0.37547]"
    assert {row[0].get("scope") for row in rows} == {"row"}
    assert words(only(with_class(page, "notes"))) == "Rounded outward."


def test_a_table_of_running_text_stacks_its_cells_on_a_phone_and_stays_a_table_for_those_who_listen(page):
    table = only(list(page.iter("table")))
    assert table.get("class") == "stacks"
    heads = [words(head) for head in with_class(table, "head")]
    assert heads[1] == "what it says"
    assert {head.get("aria-hidden") for head in with_class(table, "head")} == {"true"}
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    assert {node.tag: node.get("role") for node in table.iter() if node.tag in roles} == roles
    assert [head.get("role") for head in table.iter("th")] == ["columnheader"] * 3 + ["rowheader"] * 2


def test_a_table_of_numbers_stays_as_it_is_on_a_phone():
    columns = (Column((Text("n"),), "right"), Column((Text("rank"),), "right"))
    table = Table("tab:x", (), columns, (((Text("8"),), (Text("5"),)),))
    page = page_of(one_section(table))
    assert not with_class(page, "stacks")
    assert not with_class(page, "head")


def test_figures_are_groups_with_a_picture_that_is_described(page):
    figure = only(list(page.iter("figure")))
    assert figure.get("role") == "group"
    assert words(by_id(page, figure.get("aria-labelledby"))) == "Figure 1. The curve, as in Table 1"
    picture = only(list(figure.iter(f"{SVG}svg")))
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "A line rises."
    assert picture.get("viewBox") == "0 0 40 20"


def test_boxes_that_scroll_can_be_reached_by_keyboard_and_have_names(page):
    boxes = [*with_class(page, "scroller"), *page.iter("pre")]
    assert {"scroller tabular", "scroller picture", "scroller display", None} <= {box.get("class") for box in boxes}
    assert {box.get("tabindex") for box in boxes} == {"0"}
    assert all(box.get("aria-label") for box in boxes)
    inside = [inner for link in page.iter("a") for inner in link.iter() if inner is not link]
    assert not [inner for inner in inside if inner.tag == "a" or "tabindex" in inner.attrib]


def test_short_formulas_are_no_stop_of_the_tab_key():
    content = page_of(one_section(Display("n"), Display(BARRIER)))
    assert [node.get("tabindex") for node in with_class(content, "display")] == [None, "0"]
    assert [node.find(f"{MATHML}math").get("display") for node in with_class(content, "display")] == ["block"] * 2


def test_punctuation_next_to_a_formula_is_kept_with_it():
    pieces = (Text("Let ("), Math("n"), Text("), \N{LEFT DOUBLE QUOTATION MARK}a"), Math("m"), Text(" or "), Math("k"))
    paragraph = page_of(one_section(Paragraph(pieces))).find(".//section/p")
    assert words(paragraph) == "Let (n), \N{LEFT DOUBLE QUOTATION MARK}am or k"
    assert [words(node) for node in with_class(paragraph, "kept")] == ["(n),"]
    wide = page_of(one_section(Paragraph((Text("("), Math("+".join(["a"] * 30)), Text(".)")))))
    box = only(with_class(wide, "kept")).find("span")
    assert (box.get("class"), box.tail) == ("scroller inline", ".)")


def test_folds_are_closed_and_notices_are_notes(page):
    fold = by_id(page, "fold:barrier")
    assert fold.tag == "details"
    assert fold.get("open") is None
    assert words(fold.find("summary")) == "barrier is PROVED"
    notice = only(list(page.iter("aside")))
    assert (notice.get("role"), notice.get("aria-label")) == ("note", "Not proved: the derivation is undecided")
    assert words(notice.find("p[@class='title']")) == "Not proved: the derivation is undecided"


def test_the_bibliography_says_who_what_where_and_when(page):
    entries = only(with_class(page, "works"))
    assert [entry.get("id") for entry in entries] == ["work:Salmon2011", "work:BLM2013"]
    assert [words(entry) for entry in entries] == [
        "[1] John K. Salmon and Mark A. Moraes. Parallel random numbers: as easy as 1, 2, 3. "
        "In High Performance Computing & Storage, 2011.",
        "[2] Stéphane Boucheron and Gábor Lugosi. Concentration Inequalities. Oxford University Press, 2013.",
    ]


def test_a_bibliography_with_every_field():
    fields = {
        "author": "DeepSeek-AI",
        "title": "On {G}auss",
        "journal": "Nature",
        "volume": "585",
        "number": "7825",
        "pages": "357--362",
        "edition": "Second",
        "editor": "Levy, Silvio and Two, A. B. and Three, C.",
        "series": "Lectures",
        "institution": "A school",
        "year": "2020",
        "note": "Chapter 2",
        "doi": "10.1000/1<2",
        "eprint": "2002.07028",
        "url": "https://example.org/?a=1&b=2",
    }
    page = page_of(one_section(works=(Work("All", "article", fields), Work("None", "misc", {"title": "Alone"}))))
    whole, alone = only(with_class(page, "works"))
    assert words(whole) == (
        "[1] DeepSeek-AI. On Gauss. Nature 585(7825), Lectures, Silvio Levy, A. B. Two and C. Three (ed.), "
        "second edition, pp. 357\N{EN DASH}362, A school, 2020. Chapter 2. doi:10.1000/1<2 arXiv:2002.07028 "
        "https://example.org/?a=1&b=2"
    )
    assert [link.get("href") for link in whole.iter("a")] == [
        "https://doi.org/10.1000/1<2",
        "https://arxiv.org/abs/2002.07028",
        "https://example.org/?a=1&b=2",
    ]
    assert words(alone) == "[2] Alone."
    script = Work("Script", "misc", {"title": "No link", "url": "javascript:alert(1)"})
    assert not list(only(with_class(page_of(one_section(works=(script,))), "works")).iter("a"))


def test_all_words_are_escaped_wherever_they_stand():
    step = Step("step:x:1", HARD, (Paragraph((Code(HARD),)),), (Text(HARD),), Carrier.EXACT)
    document = one_section(
        Statement("thm:x", "Theorem", (Text(HARD),), HARD, ()),
        Proof("thm:x", (), (step,)),
        Figure("fig:x", (Text(HARD),), "x", HARD),
        title=HARD,
        pictures={"x": sample().pictures["curve"]},
        works=(Work("X", "misc", {"title": HARD, "note": HARD}),),
    )
    page = page_of(replace(document, language='en"x'))
    assert page.get("lang") == 'en"x'
    assert not list(page.iter("b"))
    said = "\n".join(page.itertext())
    assert said.count(HARD) == 2 + 2 + 2 + 3 + 2  # title, statement, contents, step, figure
    assert words(only(with_class(page, "works"))).count("<b> & \"double\" 'single' ]]>") == 2


def test_what_is_unknown_is_an_error_that_names_what_was_meant():
    for wrong, message in (
        (Paragraph((Reference("sec:onely"),)), "label = 'sec:onely': .* did you mean 'sec:only'"),
        (Paragraph((Citation("Nobody1900"),)), "key = 'Nobody1900'"),
        (Figure("fig:x", (), "x", ""), "picture = 'x'"),
        (Section("sec:only", (Text("Again"),), ()), "the label sec:only stands twice"),
        (Display(r"\notalatexcommand"), "."),
    ):
        with pytest.raises(ValueError, match=message):
            to_files(one_section(wrong))


def test_sections_deeper_than_headings_go_stay_at_the_last_level():
    deepest = Section("sec:8", (Text("8"),), ())
    for depth in range(7, 0, -1):
        deepest = Section(f"sec:{depth}", (Text(str(depth)),), (deepest,))
    page = page_of(Document("T", (), (deepest,)))
    headings = [node.tag for node in page.iter() if re.fullmatch("h[1-6]", node.tag)]
    assert headings == ["h1", "h2", "h3", "h4", "h5", "h6", "h6", "h6", "h6"]
    assert words(by_id(page, "sec:8:title")) == "1.1.1.1.1.1.1.1 8"


# Pieces of a document ---------------------------------------------------------------------------------------------


def test_a_fragment_links_to_what_is_in_it_and_names_the_rest():
    document = sample()
    statement, proof = document.sections[1].content[1:3]
    piece = ElementTree.fromstring(fragment((statement, proof), document))
    assert (piece.get("class"), piece.get("lang")) == ("appendix", "en")
    assert words(piece.find("article/h2")).startswith("Theorem 2")
    assert words(piece.find("article/p")) == "For every head dimension, by Theorem 1:"
    ids = {node.get("id") for node in piece.iter()}
    assert {node.get("href")[1:] for node in piece.iter("a")} <= ids
    assert [entry.get("id") for entry in only(with_class(piece, "works"))] == ["work:Salmon2011"]
    assert fragment((statement, proof), document) == fragment((statement, proof), document)
    assert not with_class(ElementTree.fromstring(fragment((statement,), document)), "works")
