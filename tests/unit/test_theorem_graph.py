"""The graph of theorems: marks that are computed, a drawing in which nothing overlaps, files that others can read."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations, pairwise

import pytest

import proofs
from proofs.dependencies import is_cited, statement_needs
from proofs.literature import LITERATURE
from proofs.records import Step
from proofs.theorems import library
from rankbound.theorem_graph import Arrow, Graph, Node, graph_of, to_dot, to_html, to_svg, with_all_above
from rankbound.theorem_graph.graph import (
    ALONE,
    BOTH,
    CITED,
    DOUBTFUL,
    FAILED,
    OPEN,
    PROOF,
)
from rankbound.theorem_graph.graph import (
    LITERATURE as WITH_CITATIONS,
)
from rankbound.theorem_graph.layers import Trunk, layer_of
from rankbound.theorem_graph.placing import drawing, spread
from rankbound.theorem_graph.svg import label_of

SVG = "{http://www.w3.org/2000/svg}"
SIZES = [(1, 0), (2, 0), (12, 1), (60, 2), (60, 3), (90, 4)]


@pytest.fixture(scope="module")
def found(checked_theorems):
    return checked_theorems


@pytest.fixture(scope="module")
def real(found) -> Graph:
    return graph_of(library(), found)


def node(name: str, status: str = "checked", cites: tuple[tuple[str, str], ...] = ()) -> Node:
    return Node(name, f"Title of {name}", 'if a < b & "c"', ("x <= 1", "y < 2"), False, status, "", 3, (), cites)


def made_up(size: int, seed: int) -> Graph:
    """Return a graph with ids, statuses and arrows of every kind, drawn by lot."""
    lot = random.Random(seed)
    words = ("barrier", "log", "n", "chi", "window", "norm-conditioned", "paper", "rank", "limit", "exponent")
    names = ["-".join(lot.choices(words, k=lot.randint(1, 4))) + f"-{k}" for k in range(size)]
    statuses = lot.choices(("checked", CITED, OPEN, FAILED), (30, 2, 2, 1), k=size)
    cites = [(("c", "t"),) * (lot.random() < 0.3) for _ in names]
    nodes = {name: node(name, *rest) for name, *rest in zip(names, statuses, cites, strict=True)}
    arrows = []
    for k, name in enumerate(names):
        near = names[max(0, k - 14) : k]
        needed = lot.sample(near, min(len(near), lot.choice((0, 1, 1, 2, 2, 3, 4))))
        arrows += [Arrow(source, name, lot.choice(("proof", "proof", "both", "statement"))) for source in needed]
    return Graph(nodes, tuple(arrows))


def chain(**statuses: str) -> Graph:
    names = list(statuses)
    nodes = {name: node(name, status) for name, status in statuses.items()}
    return Graph(nodes, tuple(Arrow(one, other, PROOF) for one, other in pairwise(names)))


# --- what the records say ---------------------------------------------------------------------------------------------


def test_the_graph_has_every_theorem_and_every_dependency(real):
    assert tuple(real.nodes) == proofs.theorem_ids()
    declared = {(needed, one.id) for one in library().values() for needed in one.depends_on}
    assert {(arrow.source, arrow.target) for arrow in real.arrows} == declared


def test_a_statement_needs_the_theorem_that_derives_what_it_speaks_of():
    assert statement_needs(proofs.theorem("alignment-integral")) == ("ideal-setting",)  # a cosine between key and query
    assert statement_needs(proofs.theorem("second-moment-bound")) == ("ideal-setting",)
    assert statement_needs(proofs.theorem("barrier")) == ()  # picks and chances are in its own assumptions
    assert statement_needs(proofs.theorem("log-n-exponent")) == ()  # of the rank, which needs no law to be defined
    assert statement_needs(proofs.theorem("chi-square-window")) == ()  # a chi-square variable stands alone
    for one in library().values():
        assert set(statement_needs(one)) <= set(one.depends_on)


def test_a_theorem_whose_statement_is_a_citation_is_cited_only(found):
    assert not any(is_cited(one) for one in library().values())
    citation = LITERATURE["occupancy-law"]
    step = Step("cited", citation.claim, "conjunction", ("cite:occupancy-law",))
    taken = replace(proofs.theorem("occupancy-moments"), statement=citation.claim, steps=(step,))
    assert is_cited(taken)
    assert not is_cited(replace(taken, steps=(replace(step, premises=()),)))
    outcome = replace(found["occupancy-moments"], steps=found["barrier"].steps[:1])
    graph = graph_of({"occupancy-moments": replace(taken, depends_on=())}, {"occupancy-moments": outcome})
    assert graph.standing("occupancy-moments") == CITED


@pytest.mark.parametrize(
    ("status", "step", "gaps", "expected"),
    [
        ("checked", "accepted", (), "checked"),
        ("partial", "accepted", ("a gap",), OPEN),
        ("partial", "accepted", (), "checked"),  # the gap is in what it rests on
        ("undecided", "undecided", (), OPEN),
        ("undecided", "accepted", (), "checked"),  # the doubt is in what it rests on
        ("undecided", None, (), OPEN),  # stopped before any step
        ("rejected", "rejected", (), FAILED),
        ("rejected", "accepted", (), FAILED),
        ("open", None, (), OPEN),
    ],
)
def test_a_status_is_that_of_the_theorems_own_proof(status, step, gaps, expected, found):
    record = replace(proofs.theorem("balance-equation"), gaps=gaps)
    outcome = found["balance-equation"]
    steps = tuple(replace(one, status=step) for one in outcome.steps) if step else ()
    graph = graph_of({record.id: record}, {record.id: replace(outcome, status=status, steps=steps)})
    assert graph.nodes[record.id].status == expected


def test_fully_checked_is_computed_over_everything_above():
    graph = chain(a="checked", b="open", c="checked", d="checked")
    assert [graph.fully_checked(name) for name in "abcd"] == [True, False, False, False]
    assert [graph.standing(name) for name in "abcd"] == [ALONE, OPEN, DOUBTFUL, DOUBTFUL]
    graph = chain(a=CITED, b="checked", c=FAILED)
    assert [graph.standing(name) for name in "abc"] == [CITED, DOUBTFUL, FAILED]


def test_the_marks_agree_with_the_ledgers_of_the_kernel(real, found):
    for name, derivation in found.items():
        assert real.fully_checked(name) == (derivation.status == "checked")
        cited = {item.name for item in derivation.ledger if item.kind == "citation"}
        assert {one for one, _ in (*real.nodes[name].cites, *real.cited_above(name))} == cited
        assert (real.standing(name) == ALONE) == (not cited)
        assert real.standing(name) in (ALONE, WITH_CITATIONS)


@pytest.mark.parametrize(("size", "seed"), SIZES)
def test_arrows_left_out_are_those_that_others_lead_around(size, seed):
    graph = made_up(size, seed)
    drawn = Graph(graph.nodes, graph.drawn)
    assert drawn.above == graph.above
    for arrow in graph.drawn:
        without = Graph(graph.nodes, tuple(other for other in graph.drawn if other != arrow))
        assert arrow.source not in without.above[arrow.target]


def test_a_part_of_the_graph_has_all_that_its_theorems_rest_on(real):
    part = with_all_above(["rank-deviation"], library())
    assert set(part) == {"rank-deviation", *real.above["rank-deviation"]}
    assert list(part) == [name for name in proofs.theorem_ids() if name in part]


# --- the drawing ------------------------------------------------------------------------------------------------------


def drawn(graph: Graph):
    widths = {name: 20.0 + 7.0 * max(map(len, label_of(name))) for name in graph.nodes}
    return drawing(widths, 46.0, [(arrow.source, arrow.target, arrow.kind) for arrow in graph.drawn])


def graphs(real: Graph) -> list[Graph]:
    return [real, *(made_up(size, seed) for size, seed in SIZES)]


def test_no_two_boxes_overlap_and_all_are_inside(real):
    for graph in graphs(real):
        plan = drawn(graph)
        assert set(plan.boxes) == set(graph.nodes)
        for one, other in combinations(plan.boxes.values(), 2):
            beside = one.x + one.width + 8 <= other.x or other.x + other.width + 8 <= one.x
            assert beside or one.y + one.height + 8 <= other.y or other.y + other.height + 8 <= one.y
        for box in plan.boxes.values():
            assert -1e-6 <= box.x <= box.x + box.width <= plan.width + 1e-6
            assert 0 <= box.y <= box.y + box.height <= plan.height


def test_every_arrow_is_drawn_downward_from_its_box_to_its_box(real):
    for graph in graphs(real):
        plan = drawn(graph)
        found = set()
        for line in plan.lines:
            assert line.start[1] < line.end[1] <= line.foot
            if line.ends:
                found.add((line.link.source, line.link.end, line.link.style))
                box = plan.boxes[line.link.end]
                assert line.end[1] == box.y
                assert box.x < line.end[0] < box.x + box.width
            if not isinstance(line.link.start, Trunk):
                box = plan.boxes[line.link.source]
                assert line.start[1] == pytest.approx(box.y + box.height)
                assert box.x < line.start[0] < box.x + box.width
            else:  # it goes on where the trunk ended
                before = [one for one in plan.lines if one.link.end == line.link.start]
                assert [(one.end[0], one.foot) for one in before] == [line.start]
        assert found == {(arrow.source, arrow.target, arrow.kind) for arrow in graph.drawn}


def test_no_line_runs_through_a_box(real):
    for graph in graphs(real):
        plan = drawn(graph)
        for line in plan.lines:
            for box in plan.boxes.values():
                # Between bands there is no box; in a band the line is vertical, at the place where it entered.
                assert not (line.start[1] < box.y + box.height and box.y < line.end[1])
                if line.foot > line.end[1] and line.end[1] < box.y + box.height and box.y < line.foot:
                    assert not box.x - 4 < line.end[0] < box.x + box.width + 4


def test_layers_are_as_few_as_can_be_and_not_crowded():
    names = [f"s{k}" for k in range(30)] + ["a", "b", "c", "d"]
    layer = layer_of(names, [("a", "b"), ("b", "c"), ("c", "d")])
    assert [layer[name] for name in "abcd"] == [0, 1, 2, 3]
    assert max(list(layer.values()).count(depth) for depth in range(4)) <= 12
    assert layer_of(["top", "a", "b", "c"], [("a", "b"), ("b", "c"), ("top", "c")])["top"] == 1


def test_places_are_the_nearest_to_what_is_wished():
    assert spread([0.0, 10.0], [1.0, 1.0], [4.0]) == [0.0, 10.0]
    assert spread([0.0, 0.0], [1.0, 1.0], [4.0]) == [-2.0, 2.0]
    assert spread([0.0, 0.0], [3.0, 1.0], [4.0]) == [-1.0, 3.0]
    assert spread([], [], []) == []


@pytest.mark.parametrize("name", ["a", "barrier", "paper-barrier-about-063n", "a-b-c-d-e", "x" * 40])
def test_a_label_is_the_id_in_at_most_two_lines(name):
    assert "".join(label_of(name)) == name
    assert len(label_of(name)) <= 2


# --- the files --------------------------------------------------------------------------------------------------------


def box_texts(root: ET.Element) -> dict[str, str]:
    """Return the small print of each box of an SVG by the id in it."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        texts = group.findall(f"{SVG}text")
        if any(text.get("class") == "id" for text in texts):
            name = "".join(text.text for text in texts if text.get("class") == "id")
            found[name] = texts[-1].text
    return found


def arrows_of(root: ET.Element) -> set[tuple[str, str, str]]:
    groups = [
        group for group in root.iter(f"{SVG}g") if group.get("data-from") and group.find(f"{SVG}polygon") is not None
    ]
    return {(group.get("data-from"), group.get("data-to"), group.get("class")) for group in groups}


def test_the_picture_is_xml_with_every_theorem_and_arrow_and_labels_fit(real):
    for graph in graphs(real):
        text = to_svg(graph)
        assert text == to_svg(graph)
        root = ET.fromstring(text)
        assert set(box_texts(root)) == set(graph.nodes)
        assert arrows_of(root) == {(arrow.source, arrow.target, arrow.kind) for arrow in graph.drawn}
        for group in root.iter(f"{SVG}g"):
            ids = [each for each in group.findall(f"{SVG}text") if each.get("class") == "id"]
            for each in ids:
                width = float(group.find(f"{SVG}rect").get("width"))
                assert 0.605 * 11 * len(each.text) <= width - 8


def test_what_a_box_says_and_how_it_is_drawn_is_its_standing():
    graph = Graph(
        {
            "a": node("a"),
            "b": node("b", cites=(("one", "t"), ("two", "t"))),
            "c": node("c"),
            "d": node("d", OPEN),
            "e": node("e"),
            "f": node("f", FAILED),
            "g": node("g", CITED),
        },
        (Arrow("b", "c", BOTH), Arrow("d", "e", "statement")),
    )
    root = ET.fromstring(to_svg(graph))
    words = (
        "checked",
        "checked, cites 2",
        "checked, cites above",
        "open",
        "rests on unchecked",
        "failed",
        "cited only",
    )
    assert box_texts(root) == dict(zip("abcdefg", words, strict=True))
    # In grey too: the outlines differ in the shape of the corners or in the line, not only in the tint.
    style = root.find(f"{SVG}style").text
    outlines = {
        kind: (kind == "alone", *re.findall(r"stroke[^;}]*", re.search(rf"\.{kind} rect {{([^}}]*)}}", style)[1]))
        for kind in ("alone", "literature", "doubtful", "cited", "open", "failed")
    }
    assert len(set(outlines.values())) == len(outlines)


class Page(HTMLParser):
    """What a page consists of; an element that is never closed, or closed in the wrong place, is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.sections: dict[str, str] = {}
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        self.ids += [value for key, value in attrs if key == "id"]
        if tag == "section":
            self.sections[dict(attrs)["id"]] = ""
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += [(tag, key, value or "") for key, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "section" in self.open:
            self.sections[self.ids[-1]] += data


def test_the_page_is_whole_and_needs_nothing_else(real):
    for graph in graphs(real):
        text = to_html(graph)
        page = Page()
        page.feed(text)
        page.close()
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        assert "http" not in text.replace("http-equiv", "")
        assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", text)
        assert not [one for one in page.attributes if one[1] in ("src", "srcset", "data", "action")]
        links = {value for tag, key, value in page.attributes if key == "href"}
        assert links == {f"#{name}" for name in graph.nodes}  # to what is in the page
        assert set(page.sections) == set(graph.nodes)


def test_a_section_says_all_about_its_theorem(real):
    page = Page()
    page.feed(to_html(real))
    for name, one in real.nodes.items():
        said = page.sections[name]
        assert one.statement in said
        assert one.title in said
        assert all(part in said for part in one.formal)
        assert "fully checked" in said
        for arrow in real.needs(name):
            assert arrow.source in said
        for cited, _ in (*one.cites, *real.cited_above(name)):
            assert cited in said
        for assumption, meaning in one.assumptions:
            assert f"{assumption}: {meaning}" in said
        assert ("speaks of what these derive" in said) == any(arrow.kind == BOTH for arrow in real.needs(name))
        assert ("the negation" in said) == (proofs.theorem(name).establishes == "negation")


def read_dot(text: str) -> tuple[dict[str, dict[str, str]], set[tuple[str, str]]]:
    """Read the part of Graphviz's language that is written here, and refuse everything else."""
    quoted = r'"((?:[^"\\]|\\.)*)"'
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    assert lines[0] == "digraph theorems {"
    assert lines[-1] == "}"
    boxes, arrows = {}, set()
    for line in lines[2:-1]:
        attribute = rf"(\w+)=(?:{quoted}|(\w+))"
        match = re.fullmatch(rf"  {quoted}(?: -> {quoted})?(?: \[({attribute}(?:, {attribute})*)\])?;", line)
        assert match, line
        if match[2] is None:
            boxes[match[1]] = {key: one or other for key, one, other in re.findall(attribute, match[3])}
        else:
            arrows.add((match[1], match[2]))
    return boxes, arrows


def test_the_text_for_graphviz_has_every_theorem_and_arrow(real):
    for graph in graphs(real):
        boxes, arrows = read_dot(to_dot(graph))
        assert list(boxes) == list(graph.nodes)
        assert arrows == {(arrow.source, arrow.target) for arrow in graph.drawn}
        for name, attributes in boxes.items():
            assert attributes["label"].startswith(name + r"\n")
            assert attributes["tooltip"].replace('\\"', '"') == graph.nodes[name].statement
