"""The documentation names what the code has."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import proofs
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS
from proofs.rules import RULES
from rankbound.claims import REGISTRY
from rankbound.theorem_graph.graph import CITED, FAILED, OPEN
from rankbound.verdict import Outcome, Verdict

MARKS = ("checked", "checked, cites 2", "checked, cites above", "rests on unchecked", CITED, OPEN, FAILED)
ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables():
    return script("derivation_tables")


def test_the_tables_of_the_derivations_list_everything_and_are_on_the_page(tables, tmp_path):
    for table, names in (
        (tables.theorems(), proofs.theorem_ids()),
        (tables.assumptions(), ASSUMPTIONS),
        (tables.rules(), RULES),
        (tables.citations(), LITERATURE),
        (tables.trusted(), ("proofs/kernel.py", "proofs/rules")),
    ):
        assert [name for name in names if f"`{name}`" not in table] == []
        assert len({line.count(" | ") for line in table.splitlines()[1:]}) == 1  # as many cells in every row
    tables.write(tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"theorems.md", "assumptions.md", "rules.md", "citations.md", "trusted.md"}
    assert all(f"_tables/{name}" in page("docs/derivations.md") for name in written)


def test_the_graph_of_the_theorems_is_drawn_for_its_page(tmp_path):
    script("theorem_graph_files").write(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(written) == {"theorem-graph.svg", "theorem-graph.html"}
    assert all(name in page("docs/theorem_graph.md") for name in written)
    for text in written.values():
        assert [name for name in proofs.theorem_ids() if f"<title>{name}: " not in text] == []


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
