"""The document model: numbers, names, and what a document says thing by thing."""

from __future__ import annotations

import dataclasses

import pytest
from sample_document import sample

from rankbound.appendix.digest import digest_of
from rankbound.appendix.document import Document, Figure, Math, Paragraph, Section, Table, Text
from rankbound.appendix.facts import facts_of
from rankbound.appendix.numbering import blocks_of, names_of, numbers_of
from rankbound.appendix.paged import paged


@pytest.fixture(scope="module")
def document():
    return sample()


def test_everything_with_a_label_is_numbered_in_the_order_of_reading(document):
    numbers = numbers_of(document)
    assert {label: numbers[label] for label in ("sec:frame", "sec:inner", "sec:proofs", "sec:numbers")} == {
        "sec:frame": "1",
        "sec:inner": "1.1",
        "sec:proofs": "2",
        "sec:numbers": "3",
    }
    assert [numbers[label] for label in ("thm:occupancy", "thm:barrier", "thm:reading")] == ["1", "2", "3"]
    assert [numbers[f"step:barrier:{i}"] for i in range(1, 5)] == ["1", "2", "3", "4"]
    assert (numbers["tab:rank"], numbers["fig:curve"]) == ("1", "1")


def test_names_say_what_is_referred_to(document):
    names = names_of(document)
    space = "\N{NO-BREAK SPACE}"
    assert names["thm:barrier"] == f"Theorem{space}2"
    assert names["thm:reading"] == f"Refutation{space}3"
    assert names["step:barrier:2"] == "(2)"
    assert names["sec:inner"] == f"Section{space}1.1"
    assert "fold:barrier" not in names


def test_a_label_that_stands_twice_is_refused():
    twice = Section("sec:a", (Text("A"),), ())
    with pytest.raises(ValueError, match="sec:a stands twice"):
        numbers_of(Document("A", (), (twice, twice)))


def test_blocks_inside_of_others_are_found(document):
    found = [type(block).__name__ for block in blocks_of(document)]
    for kind in ("Section", "Statement", "Proof", "Display", "Items", "Table", "Figure", "Notice", "Fold", "Listing"):
        assert kind in found


def test_facts_name_each_cell_each_step_and_each_picture(document):
    facts = facts_of(document)
    assert facts["tab:rank, 64, what it says"] == "sandwich"
    assert facts[r"tab:rank, 16, \mathbb{E}\left[D\right]"] == "[0.36620, 0.37547]"
    assert facts["proof thm:barrier, step 3"] == r"a law: D \leq n from [Salmon2011] [cited]"
    assert facts["proof thm:barrier, step 4"].endswith("[not checked]")
    assert len(facts["picture curve"]) == 64
    assert "Not proved: the derivation is undecided" in facts["thm:reading"]


@pytest.mark.parametrize("change", ["cell", "step", "picture", "words"])
def test_every_change_is_a_changed_fact_and_another_digest_unless_it_is_in_a_picture(document, change):
    sections = list(document.sections)
    if change == "picture":
        other = dataclasses.replace(document.pictures["curve"], svg=b"<svg/>")
        changed = dataclasses.replace(document, pictures={"curve": other})
    elif change == "words":
        lead = (Paragraph((Text("Before the first section, with 2 ≤ 4."),)),)
        changed = dataclasses.replace(document, lead=lead)
    else:
        place = 2 if change == "cell" else 1
        content = tuple(_changed(block, change) for block in sections[place].content)
        sections[place] = dataclasses.replace(sections[place], content=content)
        changed = dataclasses.replace(document, sections=tuple(sections))
    before, after = facts_of(document), facts_of(changed)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    expected = {
        "cell": {"tab:rank, 64, what it says"},
        "step": {"proof thm:barrier, step 4"},
        "picture": {"picture curve"},
        "words": {"lead"},
    }
    assert differing == expected[change]
    assert (digest_of(document) == digest_of(changed)) is (change == "picture")


def _changed(block, change):
    if change == "cell" and isinstance(block, Table):
        first, (a, b, _) = block.rows
        return dataclasses.replace(block, rows=(first, (a, b, (Math("1"),))))
    if change == "step" and hasattr(block, "steps"):
        return dataclasses.replace(block, steps=block.steps[:-1])
    return block


def test_the_digest_is_that_of_the_content(document):
    assert digest_of(document) == digest_of(sample())
    assert len(digest_of(document)) == 64


def test_figures_for_screens_alone_do_not_go_on_paper(document):
    screen = dataclasses.replace(document.pictures["curve"], pdf=None)
    both = dataclasses.replace(document, pictures={"curve": screen})
    assert not any(isinstance(block, Figure) for block in blocks_of(paged(both)))
    assert paged(both).pictures == {}
    assert len(list(blocks_of(paged(both)))) == len(list(blocks_of(both))) - 1
    assert paged(document) == document
    with pytest.raises(ValueError, match="for screens alone"):
        _ = screen.on_paper
