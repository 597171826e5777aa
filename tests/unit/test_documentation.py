"""The documentation names what the code has."""

from __future__ import annotations

import importlib.util
import math
import re
import sys
from pathlib import Path

import pytest

import proofs
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS
from proofs.rules import RULES
from rankbound.claims import REGISTRY
from rankbound.enclosure import Enclosure
from rankbound.theorem_graph.graph import CITED, FAILED, OPEN
from rankbound.verdict import Outcome, Rigour, Verdict

MARKS = ("checked", "checked, cites 2", "checked, cites above", "rests on unchecked", CITED, OPEN, FAILED)
ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses look for their annotations
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables():
    return script("derivation_tables")


def test_the_tables_of_the_derivations_list_everything_and_are_on_the_page(kept_derivations, tables, tmp_path):
    for table, names in (
        (tables.theorems(), proofs.theorem_ids()),
        (tables.assumptions(), ASSUMPTIONS),
        (tables.rules(), RULES),
        (tables.citations(), LITERATURE),
        (tables.trusted(), ("proofs/kernel.py", "proofs/rules")),
        (tables.rigour(), proofs.theorem_ids()),
    ):
        assert [name for name in names if f"`{name}`" not in table] == []
        assert len({line.count(" | ") for line in table.splitlines()[1:]}) == 1  # as many cells in every row
    tables.write(tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"theorems.md", "assumptions.md", "rules.md", "citations.md", "trusted.md"} | {
        "rigour.md",
        "argued.md",
    }
    pages = page("docs/derivations.md") + page("docs/rigour.md")
    assert all(f"_tables/{name}" in pages for name in written)


def test_the_graph_of_the_theorems_is_drawn_for_its_page(kept_derivations, tmp_path):
    script("theorem_graph_files").write(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(written) == {"theorem-graph.svg", "theorem-graph.html"}
    assert all(name in page("docs/theorem_graph.md") for name in written)
    for text in written.values():
        assert [
            name for name in proofs.theorem_ids() + proofs.open_question_ids() if f"<title>{name}: " not in text
        ] == []


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_the_graph_is_explained(mark):
    assert f"| {mark}" in page("docs/theorem_graph.md")


@pytest.mark.parametrize("claim", REGISTRY)
def test_every_claim_is_explained(claim):
    assert f"`{claim}`" in page("docs/theorems.md")


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict):
    assert f"`{verdict}`" in page("docs/verdicts.md")
    assert f"`{verdict}`" in page("README.md")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained(outcome):
    assert {
        "establishes": "*establishes*",
        "refutes": "*refutes*",
        "agrees": "*agrees*",
        "illustrates": "*illustrate*",
    }.get(outcome, f"*{outcome}*") in page("docs/verdicts.md")


def test_the_table_of_the_open_question_reads_the_order_off_intervals():
    """From 1 to 2 is a certified step, from 2 to 3 is not; 5 is certified to be below 2, 3 and 4."""
    ends = ((1.0, 1.0), (2.0, 2.5), (2.4, 3.0), (2.6, 2.7), (1.5, 1.9))
    values = [Enclosure(lower, upper, Rigour.ENCLOSED, "made up") for lower, upper in ends]
    found = script("open_question_tables").order_of(values)
    assert (found.steps, found.chain, found.falls) == (2, (1, 2, 4), ((2, 5), (3, 5), (4, 5)))


def test_the_expected_rank_rises_along_the_first_head_dimensions():
    """What the record of the open question says of n = 64, as far as it is found in a second."""
    found = script("open_question_tables").order_at(64, 6)
    assert (found.steps, found.chain, found.falls) == (6, (1, 2, 3, 4, 5, 6), ())


def test_what_carries_each_step_is_in_one_column(kept_derivations, tables):
    heads, _, *rows = [line.strip("| \n").split(" | ") for line in tables.rigour().splitlines()]
    assert heads == ["theorem", "steps", "by rule", "by ball arithmetic", "by citation", "argued"]
    assert [row[0].strip("`") for row in rows[:-1]] == list(proofs.theorem_ids())
    for row in rows:
        counts = [int(cell.split(" ")[0]) if cell != "-" else 0 for cell in row[1:5]]
        assert counts[0] == sum(counts[1:]), row
    whole = [sum(len(proofs.theorem(name).steps) for name in proofs.theorem_ids())]
    assert int(rows[-1][1]) == whole[0]
    assert {theorem for theorem, *_ in tables.ARGUED} - {"-"} <= set(proofs.theorem_ids())


def test_the_observed_rate_is_that_of_a_planted_power():
    tables = script("asymptotic_tables")
    exact = [tables.Row(("",), (3 + scale**-0.5,) * 2, (3.0, 3.0), scale) for scale in (4.0, 64.0)]
    low, high = tables.observed_rate(*exact)
    assert low <= 0.5 <= high < low + 1e-10
    wide = [tables.Row(("",), (3 - 1 / scale, 3 - 0.5 / scale), (3.0, 3.0), scale) for scale in (4.0, 64.0)]
    low, high = tables.observed_rate(*wide)
    assert (low, high) == pytest.approx((1 - math.log(2) / math.log(16), 1 + math.log(2) / math.log(16)))
    unclear = tables.Row(("",), (2.9, 3.1), (3.0, 3.0), 64.0)
    assert tables.observed_rate(exact[0], unclear) is None


@pytest.mark.parametrize("theorem", ["barrier-constants", "window-expansion", "log-n-exponent-expansion"])
def test_the_page_on_limits_has_the_tables_that_its_script_prints(theorem):
    """The others take minutes."""
    tables = script("asymptotic_tables")
    (table,) = [each for each in tables.TABLES if each.theorem == theorem]
    assert "\n".join(tables.lines_of(table)) in page("docs/asymptotics.md")


def test_the_page_on_limits_speaks_of_theorems():
    known = {*proofs.theorem_ids(), *REGISTRY}
    assert {table.theorem for table in script("asymptotic_tables").TABLES} <= known


def test_the_page_on_appendices_has_every_option_format_and_file():
    from rankbound.appendix.document import Carrier
    from rankbound.appendix.formats import FIRST_FILES
    from rankbound.appendix.fragments import TABLES
    from rankbound.cli.appendix import appendix

    text = page("docs/appendix.md")
    options = {option for param in appendix.params for option in param.opts} - {"--no-cache"}
    assert [option for option in options if f"`{option}" not in text and option not in text] == []
    assert [name for names in FIRST_FILES.values() for name in names if f"appendix/{name}" not in text] == []
    assert [one.value for one in Carrier if f"| {one.value} |" not in text] == []
    assert [table for table in TABLES if f"`{table}`" not in text] == []


def test_the_gallery_is_written_and_has_no_doubts(kept_derivations, monkeypatch, tmp_path):
    from rankbound.appendix import appendix_request

    gallery = script("gallery_files")
    small = appendix_request(["barrier"], n_keys=16, head_dims=[2], replicates=5)
    monkeypatch.setattr(gallery, "appendix_request", lambda: small)
    gallery.write(tmp_path)
    linked = set(re.findall(r'href="appendix/([^"]+)"', page("docs/appendix.md")))
    assert linked <= {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
