"""All prose of the repository that an appendix sets: by kind, with whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import proofs
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS
from rankbound.claims import REGISTRY


@cache
def corpus() -> tuple[tuple[str, str, str], ...]:
    """Return triples of a kind, an id and a text."""
    return tuple((kind, name, text) for kind, name, text in _all() if text)


def _all() -> Iterator[tuple[str, str, str]]:
    for name in proofs.theorem_ids():
        theorem = proofs.theorem(name)
        yield "title", name, theorem.title
        yield "prose", name, theorem.prose
        yield from (("reason", name, step.because) for step in theorem.steps)
        yield from (("step", name, step.name) for step in theorem.steps)
        yield from (("gap", name, gap) for gap in theorem.gaps)
        yield from (("variable", name, variable.meaning) for variable in theorem.variables)
    for name in proofs.open_question_ids():
        question = proofs.open_question(name)
        yield "title", name, question.title
        yield "prose", name, question.prose
        yield from (("reason", name, text) for text in (*question.known.values(), *question.evidence))
    yield from (("assumption", name, assumption.text) for name, assumption in ASSUMPTIONS.items())
    for name, claim in REGISTRY.items():
        yield "claim", name, claim.statement
        yield from (("claim", name, text or "") for text in (claim.brief, claim.corrected, claim.scope))
        yield from (("claim", name, assumption.text) for assumption in claim.assumptions)
    yield from (("literature", name, item.why) for name, item in LITERATURE.items())
    yield from (("literature", name, item.reference) for name, item in LITERATURE.items())
