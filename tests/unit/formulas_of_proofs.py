"""All formulas that the theorems and open questions are written with, for the tests of the formats."""

from __future__ import annotations

import re
from functools import cache

import proofs
from proofs.latex import claim_to_latex, notation_of
from proofs.latex.meaning import grouped, parts_of, sets_of, variables_of


@cache
def formulas_of_statements() -> tuple[str, ...]:
    """Return those of the statements alone: of each part, the variables' sets and the letters that are explained."""
    found: dict[str, None] = {}
    records = [proofs.theorem(name) for name in proofs.theorem_ids()]
    for record in records + [proofs.open_question(name) for name in proofs.open_question_ids()]:
        found.update(dict.fromkeys(map(claim_to_latex, parts_of(record.statement))))
        found.update(dict.fromkeys(text for text, _ in variables_of(record.variables)))
        found.update(dict.fromkeys(_explained([record.statement])))
    return tuple(found)


@cache
def formulas_of_proofs() -> tuple[str, ...]:
    """Return those of the statements and of each step of each proof."""
    found = dict.fromkeys(formulas_of_statements())
    for name in proofs.theorem_ids():
        theorem = proofs.theorem(name)
        claims = [theorem.statement, *(step.claim for step in theorem.steps)]
        found.update(dict.fromkeys(claim_to_latex(part) for claim in claims for part in parts_of(claim)))
        sets = sets_of(claims)
        found.update(dict.fromkeys([*sets.values(), *(text for text, _ in grouped(sets))]))
        found.update(dict.fromkeys(_explained(claims)))
    return tuple(found)


def _explained(claims):
    for letters, meaning in notation_of(claims):
        yield letters
        yield from re.findall(r"\$(.+?)\$", meaning)
