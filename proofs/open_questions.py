"""What is asked and not proved: records of statements with what is known of them and what speaks for them.

An open question is no theorem: nothing may rest on it, and its status is ``"open"`` whatever is known. Whoever proves
or refutes one replaces the record by a theorem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from proofs.catalogue import known_question
from proofs.language import Claim, E, le
from proofs.model import IDEAL, Rank, d, m, n
from proofs.records import Variable


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A statement that nobody has proved or refuted, as far as is known here.

    Attributes
    ----------
    id, title, prose : str
        ``prose`` is the statement in words; it must say what ``statement`` says.
    statement : Claim
        What is asked, in the language of the theorems.
    variables : tuple of Variable
        Every free symbol of the statement.
    assumptions : tuple of str
        Ids of the assumptions under which it is asked (:mod:`proofs.model`).
    known : mapping of str to str
        Theorems that bear on it, and what each says of it.
    evidence : tuple of str
        What speaks for it without proving it, each with how it was found.
    """

    id: str
    title: str
    prose: str
    statement: Claim
    variables: tuple[Variable, ...]
    assumptions: tuple[str, ...]
    known: Mapping[str, str]
    evidence: tuple[str, ...]
    status: ClassVar[str] = "open"

    def _repr_html_(self) -> str:
        """Return the question for a notebook, which calls this."""
        from proofs.notebook import question_to_html

        return question_to_html(self)

    def _repr_latex_(self) -> str:
        """Return the statement for a notebook, which calls this where it writes LaTeX."""
        from proofs.notebook import statement_to_latex

        return statement_to_latex(self.statement)


_QUESTIONS = (
    OpenQuestion(
        id="rank-grows-with-head-dim",
        title="Whether the expected rank grows with the head dimension",
        prose="E[rank] at head_dim d is at most E[rank] at head_dim d + 1, for all n, m and d.",
        statement=Claim(le(E(Rank(n, m, d)), E(Rank(n, m, d + 1)))),
        variables=(
            Variable(n, "number of keys"),
            Variable(m, "number of queries"),
            Variable(d, "head dimension"),
        ),
        assumptions=IDEAL,
        known={
            "one-dimensional-rank": "no head_dim has a smaller E[rank] than head_dim 1, and for two keys all have the "
            "same",
            "wide-head-limit": "as head_dim grows, E[rank] tends to the barrier",
            "barrier": "which no head_dim exceeds",
        },
        evidence=(
            "Certified intervals, as many queries as keys (docs/open_question_tables.py): for n = 512 each step from "
            "head_dim 1 to 50 raises E[rank]; for n = 64 and 8 the head dimensions found by the same table form rising "
            "chains up to 96 and 25.",
            "Among all head dimensions up to 100 (n = 64, 512) and 40 (n = 3, 8) no larger one is certified to have a "
            "smaller E[rank].",
        ),
    ),
)
QUESTIONS: Mapping[str, OpenQuestion] = {one.id: one for one in _QUESTIONS}
"""All open questions by id."""


def open_question(question_id: str) -> OpenQuestion:
    """Return the open question with this id.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest id.
    """
    return QUESTIONS[known_question(question_id)]
