"""Open questions: records that nothing rests on, that can be read, and whose evidence can be found again."""

from __future__ import annotations

import dataclasses

import pytest

import proofs
from proofs import grammar, kernel
from proofs.latex import claim_to_latex, question_to_latex
from proofs.model import ASSUMPTIONS
from proofs.open_questions import QUESTIONS
from proofs.records import REJECTED, Step
from proofs.theorems import library

EVERY = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def test_the_catalogue_has_every_question():
    assert tuple(QUESTIONS) == proofs.open_question_ids()
    assert not set(QUESTIONS) & set(proofs.theorem_ids())


@EVERY
def test_a_question_is_said_in_the_language_of_the_theorems(question):
    assert not grammar.problem(question.statement.conclusion, question.statement.where)
    symbols = question.statement.conclusion.free_symbols.union(*(one.free_symbols for one in question.statement.where))
    assert symbols == {variable.symbol for variable in question.variables}
    assert set(question.assumptions) <= set(ASSUMPTIONS)
    assert set(question.known) <= set(proofs.theorem_ids())
    assert question.status == "open"
    assert question.evidence
    assert all(text.endswith(".") for text in question.evidence)


@EVERY
def test_no_theorem_states_it(question):
    for record in library().values():
        parts = getattr(record.statement, "parts", (record.statement,))
        assert question.statement not in parts, record.id


@EVERY
def test_nothing_can_rest_on_it(question):
    (barrier,) = (record for record in library().values() if record.id == "barrier")
    step = Step("asked", question.statement, "conjunction", (f"theorem:{question.id}",))
    assert kernel.check_step(step, barrier, library()).status == REJECTED
    with pytest.raises(ValueError, match="depends_on"):
        kernel.check(dataclasses.replace(barrier, depends_on=(question.id,)), library())


@EVERY
def test_it_shows_in_latex_and_in_notebooks(question):
    formula = claim_to_latex(question.statement)
    assert formula in question_to_latex(question)
    assert formula in question._repr_latex_()
    shown = question._repr_html_()
    assert question.title in shown
    assert all(f"<code>{name}</code>" in shown for name in question.known)


def test_an_unknown_id_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"did you mean 'rank-grows-with-head-dim'\?"):
        proofs.open_question("rank-grows-with-headdim")
    with pytest.raises(ValueError, match="an open question"):
        proofs.theorem("rank-grows-with-head-dim")
