"""What the sections of an appendix say is what the witnesses said."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

import pytest

import proofs
from proofs.literature import LITERATURE
from rankbound import bounds
from rankbound.appendix.build import document_of
from rankbound.appendix.content.figures import interval
from rankbound.appendix.content.judgements import quoted
from rankbound.appendix.document import Carrier, Citation, Figure, Notice, Proof, Statement, Table
from rankbound.appendix.facts import facts_of, words_of
from rankbound.appendix.material import gather
from rankbound.appendix.numbering import blocks_of, names_of
from rankbound.appendix.request import appendix_request
from rankbound.claims import REGISTRY
from rankbound.verdict import Outcome, Verdict, Witness

ASKED = ["barrier", "second-moment-bound", "rank-deviation", "paper-barrier-literal", "causal-rank-at-most-half"]


@pytest.fixture(scope="module")
def material(checked_theorems):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RANKBOUND_NO_CACHE")
        return _gathered()


def _gathered():
    return gather(appendix_request(ASKED, n_keys=16, head_dims=[2, 16], replicates=20))


@pytest.fixture(scope="module")
def document(material):
    return document_of(material)


@pytest.fixture(scope="module")
def facts(document):
    return facts_of(document)


def only(document, kind, label):
    (found,) = (block for block in blocks_of(document) if isinstance(block, kind) and block.label == label)
    return found


def test_every_theorem_is_stated_and_proved_step_by_step(document):
    proved = {block.of: block for block in blocks_of(document) if isinstance(block, Proof)}
    for name in ASKED[:-1]:
        theorem = proofs.theorem(name)
        steps = proved[f"thm:{name}"].steps
        assert [step.name for step in steps] == [step.name for step in theorem.steps]
        assert all(step.carrier is not Carrier.UNCHECKED for step in steps)
    kinds = {block.id: block.kind for block in blocks_of(document) if isinstance(block, Statement)}
    assert kinds["barrier"] == "Theorem"
    assert kinds["paper-barrier-literal"] == "Refutation"
    assert kinds["causal-rank-at-most-half"] == "Question"


def test_the_carriers_are_those_of_the_check(material, document):
    words = {Carrier.EXACT: "rule", Carrier.BALLS: "ball arithmetic", Carrier.CITED: "citation"}
    for block in blocks_of(document):
        if isinstance(block, Proof):
            reports = material.derivations[block.of.removeprefix("thm:")].steps
            assert [words[step.carrier] for step in block.steps] == [report.carrier for report in reports]


def test_the_tally_of_the_lead_adds_up(material, facts):
    steps = [step for name in material.theorems for step in material.derivations[name].steps]
    counted = list(map(int, re.findall(r"\d+", facts["lead"])))[:5]
    assert counted[0] == len(material.theorems)
    assert counted[1] == len(steps) == sum(counted[2:])


def test_every_reference_leads_somewhere_and_every_citation_has_its_work(document):
    names_of(document)
    text = repr(document)
    labels = set(re.findall(r"Reference\(label='([^']+)'\)", text))
    assert labels <= names_of(document).keys()
    assert set(re.findall(r"Citation\(key='([^']+)'\)", text)) <= {work.key for work in document.works}
    used = {figure.picture for figure in blocks_of(document) if isinstance(figure, Figure)}
    assert used == document.pictures.keys()
    assert Citation is not None


def test_assumptions_name_the_theorems_that_use_them(material, document):
    table = only(document, Table, "tab:assumptions")
    users = {words_of(row[0]): words_of(row[2]).split(", ") for row in table.rows}
    for name in material.theorems:
        for item in material.derivations[name].ledger:
            assert (f"thm:{name}" in users.get(item.name, [])) == (
                item.kind == "assumption"
            ) or item.kind != "assumption"
    assert users["orthonormal-tokens"]


def test_the_ledger_has_everything_that_the_derivations_rest_on(material, document):
    rows = {
        label: {words_of(row[0]) for row in only(document, Table, label).rows}
        for label in ("tab:rules", "tab:literature")
    }
    found = [item for name in material.theorems for item in material.derivations[name].ledger]
    everything = [item for derivation in material.derivations.values() for item in derivation.ledger]
    assert rows["tab:rules"] == {item.name for item in everything if item.kind == "rule"}
    here = [(words_of(row[0]), int(words_of(row[2]))) for row in only(document, Table, "tab:rules").rows]
    assert all(count == sum((i.kind, i.name) == ("rule", name) for i in found) for name, count in here)
    assert rows["tab:literature"] == {item.name for item in found if item.kind == "citation"}
    assert rows["tab:literature"] <= LITERATURE.keys()


def numbers_in(text):
    return [Fraction(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]


def test_every_enclosure_that_is_shown_contains_the_number(document):
    table = only(document, Table, "tab:barrier")
    cells = [words_of(row[1]) for row in table.rows]
    b = bounds.exact_barrier(16)
    low, high = numbers_in(cells[0])
    assert low <= b <= high
    assert high - low < Fraction(1, 10**8)
    moments = [(k, p) for k, p in enumerate(bounds.exact_pmf(16))]
    variance = sum(k * k * p for k, p in moments) - sum(k * p for k, p in moments) ** 2
    low, high = numbers_in(cells[-1])
    assert low <= variance <= high
    above, below = numbers_in(cells[2]), numbers_in(cells[3])
    # b(n) - (1-1/e) n lies between 1/(2e) and 1/e by these margins, which add up to 1/(2e).
    assert above[0] + below[0] <= Fraction("0.18393972058572117") <= above[1] + below[1] + Fraction(1, 10**12)


def test_every_bound_on_the_tail_is_one(document):
    law = bounds.exact_pmf(16)
    b = bounds.exact_barrier(16)
    for row in only(document, Table, "tab:deviation").rows:
        excess, *shown = (numbers_in(words_of(cell))[0] for cell in row)
        tail = sum(p for k, p in enumerate(law) if k >= b + excess)
        assert tail <= shown[0] <= shown[1] <= 1
        assert tail <= shown[2]
        assert shown[0] <= tail * Fraction(102, 100) + Fraction(1, 10**9)


def test_the_table_of_ranks_is_that_of_the_report(material, facts):
    for d in (2, 16):
        point = material.report.findings.certified[d].expected_rank
        shown = next(words for name, words in facts.items() if name.startswith(f"tab:saturation, {d}, \\mathbb"))
        low, high = numbers_in(shown)
        assert low <= Fraction(point.lower) / 16 <= Fraction(point.upper) / 16 <= high


def test_a_refuted_reading_has_its_quotation_and_what_holds_instead(facts):
    claim = REGISTRY["paper-barrier-literal"]
    said = facts["claim:paper-barrier-literal"]
    assert said.startswith("REFUTED paper-barrier-literal")
    assert claim.quote.replace("$", "") in re.sub("[${}]", "", said)
    assert claim.source.location in said
    assert "Instead: " in said
    assert "Reading: " in said


def test_a_quotation_is_not_changed():
    words = r"a bound ($\approx 0.63n$, *n*: <= the length) -> $\unknowable{x}$"
    shown = words_of(quoted(words))
    words = words.replace("*", "")  # which make it italic
    assert shown.replace("$", "") == f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}".replace(
        "$", ""
    )


def test_what_is_not_proved_stands_in_a_box(material):
    late = dataclasses.replace(material.derivations["barrier"], status="undecided", detail="no sign was found")
    steps = tuple(dataclasses.replace(step, status="undecided", detail="too long") for step in late.steps[:1])
    late = dataclasses.replace(late, steps=(*steps, *late.steps[1:]))
    doubtful = document_of(dataclasses.replace(material, derivations={**material.derivations, "barrier": late}))
    boxes = [block.title for block in blocks_of(doubtful) if isinstance(block, Notice)]
    assert "Not everything here is proved" in boxes
    assert "Not proved: the derivation is undecided" in boxes
    facts = facts_of(doubtful)
    assert "This step is undecided: too long. [not checked]" in facts["proof thm:barrier, step 1"]


def test_a_conflict_stands_in_a_box(material):
    (one, *others) = material.report.judgements
    against = dataclasses.replace(
        one.evidence[1], witness=Witness.ENCLOSURE, outcome=Outcome.REFUTES, detail="so there"
    )
    torn = dataclasses.replace(one, verdict=Verdict.CONFLICT, evidence=(one.evidence[0], against))
    report = dataclasses.replace(material.report, judgements=(torn, *others))
    boxes = [
        b.title for b in blocks_of(document_of(dataclasses.replace(material, report=report))) if isinstance(b, Notice)
    ]
    assert "Conflict" in boxes


def test_where_it_was_made_and_when_is_said_and_may_be_elsewhere(material, facts, monkeypatch):
    assert "rankbound appendix --theorem barrier" in facts["sec:provenance"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert "1970-01-01" in facts_of(document_of(material))["sec:provenance"]
    elsewhere = document_of(material, versions=("rankbound 7",), date="")
    assert "rankbound 7" in facts_of(elsewhere)["sec:provenance"]
    assert "1970" not in facts_of(elsewhere)["sec:provenance"]


def test_without_an_experiment_nothing_is_said_of_one(checked_theorems, monkeypatch):
    monkeypatch.delenv("RANKBOUND_NO_CACHE")
    bare = document_of(gather(appendix_request(["barrier"], n_keys=2, head_dims=[1], budget=0)))
    assert bare.title == "The barrier: derivation and certified numbers"
    assert "occupancy" not in bare.pictures
    facts = facts_of(bare)
    assert "experiment's means" not in facts["fig:saturation"]
    assert "Vertical lines" not in facts["fig:saturation"]
    assert "experiment: none" in facts["sec:provenance"]
    assert not any(name.startswith("tab:deviation, 0,") for name in facts)


@pytest.mark.parametrize(
    ("lower", "upper", "shown"),
    [
        (1.0, 1.0, "1"),
        (0.5, 0.5, "0.5"),
        (0.1, 0.1, "[0.1, 0.100000000001]"),  # what the float is, not what it is short for
        (5.251128673553467, 5.251128673553467, "[5.25112867355, 5.25112867356]"),
        (2.0**60, 2.0**60, "[1.15292150460e+18, 1.15292150461e+18]"),
        (1e-300, 2e-300, "[1.0000e-300, 2.0001e-300]"),
        (323.5, 323.75, "[323.5, 323.75]"),
        (278.4788, 279.0994, "[278.47, 279.1]"),
        (1.0, float("inf"), "[1, inf]"),
        (0.0, 1.0, "[0, 1]"),
    ],
)
def test_an_interval_is_rounded_outward_to_what_is_known(lower, upper, shown):
    assert interval(lower, upper) == shown


@pytest.mark.parametrize("width", [1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.1])
@pytest.mark.parametrize("middle", [3.14159265358979, 1e-9, 12345.678, 2.5e17])
def test_an_interval_contains_what_it_is_made_from_and_is_not_much_wider(middle, width):
    lower, upper = middle * (1 - width), middle * (1 + width)
    low, high = numbers_in(interval(lower, upper)) if lower != upper else (Fraction(lower), Fraction(upper))
    assert low <= Fraction(lower) <= Fraction(upper) <= high
    assert high - low <= 3 * Fraction(upper - lower) + Fraction(upper) / 10**10
