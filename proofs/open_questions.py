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
from proofs.model import IDEAL, MaskedRank, Rank, d, m, n
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
    OpenQuestion(
        id="causal-rank-at-most-half",
        title="Whether under a causal mask E[rank] is at most its limit for wide heads",
        prose="With a causal mask E[rank] is at most (n + 1) / 2, for all n and at every head_dim.",
        statement=Claim(le(E(MaskedRank(n, n, d)), (n + 1) / 2)),
        variables=(Variable(n, "number of keys and queries"), Variable(d, "head dimension")),
        assumptions=(*IDEAL, "one-pick-per-masked-row"),
        known={
            "causal-rank": "as head_dim grows, E[rank] tends to (n + 1) / 2",
            "masked-rank-is-occupancy": "the rank is the number of keys picked",
        },
        evidence=(
            "For n <= 3 the two sides are equal at every head_dim: given the keys, query 1 picks each of its two keys "
            "with chance 1/2, so that for n = 3 key 1 is missed with chance (1/2) (2/3), key 2 with chance 2/3.",
            "For n = 4 the answer is yes (argued in docs/open_questions.md): E[rank] = 41/16 - a/4, a the chance that "
            "two queries pick the same of four keys, at least 1/4; so 2.47883318 at head_dim 2, by certified numbers.",
            "At head_dim 1, by enumeration of the orders of the keys, E[rank] is 39/16, 45/16, 301/96, 41/12 and "
            "5629/1536 for n = 4, ..., 8, against 5/2, 3, 7/2, 4 and 9/2.",
            "Simulated, with standard errors: 4.1523(30) and 4.4325(28) against 9/2 at n = 8, head_dim 2 and 8; "
            "7.6336(58) against 17/2 at n = 16, head_dim 4; 31.642(24) against 65/2 at n = 64, head_dim 64.",
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
