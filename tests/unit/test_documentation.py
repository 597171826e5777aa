"""The documentation names what the code has."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.literature import LITERATURE
from rankbound.claims import REGISTRY
from rankbound.verdict import Outcome, Verdict

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("citation", LITERATURE)
def test_every_citation_is_listed(citation):
    assert f"`{citation}`" in page("docs/derivations.md")


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
