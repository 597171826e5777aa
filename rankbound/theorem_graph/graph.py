"""The graph itself: theorems, what leans on what, and marks computed over everything a theorem rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

PROOF, STATEMENT, BOTH, BEARING = "proof", "statement", "both", "bearing"
"""What of the lower theorem needs the upper one; or the lower one is a question on which the upper one bears."""

CHECKED, CITED, OPEN, FAILED = "checked", "cited only", "open", "failed"
"""What came of a theorem's own proof, whatever it rests on."""

ALONE, LITERATURE, DOUBTFUL = "by rules alone", "with citations", "rests on what is not checked"
"""How a theorem that is checked itself stands over everything it rests on."""


@dataclass(frozen=True, slots=True)
class Node:
    """A theorem in the graph, or an open question.

    ``status`` is that of the theorem's own proof; ``detail`` says why it is not checked. Of a question, ``known`` says
    what each theorem that bears on it shows, and ``evidence`` what speaks for it.
    """

    id: str
    title: str
    statement: str
    formal: tuple[str, ...]
    negation: bool
    status: str
    detail: str
    steps: int
    assumptions: tuple[tuple[str, str], ...]
    cites: tuple[tuple[str, str], ...]
    is_question: bool = False
    known: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """``target`` needs ``source``, for its proof, its statement or both; or is a question on which it bears."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True)
class Graph:
    """Theorems in the order of reading, then open questions, and every direct dependency between them."""

    nodes: Mapping[str, Node]
    arrows: tuple[Arrow, ...]

    @cached_property
    def above(self) -> dict[str, frozenset[str]]:
        """For each theorem, all that it rests on, directly or not."""
        sources: dict[str, list[str]] = {name: [] for name in self.nodes}
        for arrow in self.arrows:
            sources[arrow.target].append(arrow.source)
        found: dict[str, frozenset[str]] = {}

        def visit(name: str) -> frozenset[str]:
            if name not in found:
                found[name] = frozenset(sources[name]).union(*map(visit, sources[name]))
            return found[name]

        for name in self.nodes:
            visit(name)
        return found

    @cached_property
    def drawn(self) -> tuple[Arrow, ...]:
        """The arrows without those that others lead around: the transitive reduction."""
        into: dict[str, list[str]] = {name: [] for name in self.nodes}
        for arrow in self.arrows:
            into[arrow.target].append(arrow.source)
        return tuple(
            arrow for arrow in self.arrows if not any(arrow.source in self.above[other] for other in into[arrow.target])
        )

    def needs(self, name: str) -> tuple[Arrow, ...]:
        """Return the arrows into a theorem."""
        return tuple(arrow for arrow in self.arrows if arrow.target == name)

    def fully_checked(self, name: str) -> bool:
        """Whether a theorem and everything it rests on is checked; what is cited only is not."""
        return all(self.nodes[each].status == CHECKED for each in (name, *self.above[name]))

    def cited_above(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return what the theorems that this one rests on take from the literature, and the first that does."""
        own = {cited for cited, _ in self.nodes[name].cites}
        found: dict[str, str] = {}
        for each in self.nodes:
            if each in self.above[name]:
                found |= {cited: each for cited, _ in self.nodes[each].cites if cited not in own | found.keys()}
        return tuple(found.items())

    def standing(self, name: str) -> str:
        """Return how a theorem stands: its own status, and if that is checked, how over all that it rests on."""
        if self.nodes[name].status != CHECKED:
            return self.nodes[name].status
        if not self.fully_checked(name):
            return DOUBTFUL
        return LITERATURE if self.nodes[name].cites or self.cited_above(name) else ALONE


def graph_of(
    records: Mapping[str, Any], derivations: Mapping[str, Any], questions: Mapping[str, Any] | None = None
) -> Graph:
    """Return the graph of some theorems and of everything they rest on, and of open questions.

    Parameters
    ----------
    records : mapping of id to proofs.Theorem
        It holds everything that its theorems depend on, each before what depends on it.
    derivations : mapping of id to proofs.Derivation
        The outcomes of checking them.
    questions : mapping of id to proofs.OpenQuestion, optional
        The theorems that bear on them are among ``records``.
    """
    from proofs.dependencies import statement_needs

    asked = questions or {}
    nodes = {name: _node(record, derivations[name]) for name, record in records.items()}
    nodes |= {name: _question_node(question) for name, question in asked.items()}
    arrows = tuple(
        Arrow(source, name, BOTH if source in needed else PROOF)
        for name, record in records.items()
        for needed in [statement_needs(record)]
        for source in record.depends_on
    )
    arrows += tuple(Arrow(source, name, BEARING) for name, question in asked.items() for source in question.known)
    return Graph(nodes, arrows)


def with_all_above(names: Iterable[str], records: Mapping[str, Any]) -> dict[str, Any]:
    """Return the theorems named and everything they rest on, in the order of ``records``."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += records[name].depends_on
    return {name: record for name, record in records.items() if name in wanted}


def _node(record: Any, derivation: Any) -> Node:
    from proofs.model import ASSUMPTIONS

    return Node(
        id=record.id,
        title=record.title,
        statement=record.prose,
        formal=tuple(part.text() for part in getattr(record.statement, "parts", (record.statement,))),
        negation=record.establishes == "negation",
        status=_own_status(record, derivation),
        detail=derivation.detail,
        steps=len(record.steps),
        assumptions=tuple((name, ASSUMPTIONS[name].text) for name in record.assumptions),
        cites=tuple((one.name, one.text) for one in derivation.ledger if one.kind == "citation" and not one.through),
    )


def _question_node(question: Any) -> Node:
    from proofs.model import ASSUMPTIONS

    return Node(
        id=question.id,
        title=question.title,
        statement=question.prose,
        formal=(question.statement.text(),),
        negation=False,
        status=OPEN,
        detail="",
        steps=0,
        assumptions=tuple((name, ASSUMPTIONS[name].text) for name in question.assumptions),
        cites=(),
        is_question=True,
        known=tuple(question.known.items()),
        evidence=question.evidence,
    )


def _own_status(record: Any, derivation: Any) -> str:
    """Return what came of a proof by itself: a doubt about what it rests on shows there, not here."""
    from proofs.dependencies import is_cited

    steps = {step.status for step in derivation.steps}
    if derivation.status == "rejected":
        return FAILED
    if steps != {"accepted"} or record.gaps or derivation.status not in ("checked", "partial", "undecided"):
        return OPEN
    return CITED if is_cited(record) else CHECKED
