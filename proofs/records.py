"""What a theorem, a proof and the report of a check consist of: frozen plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ACCEPTED, REJECTED, UNDECIDED = "accepted", "rejected", "undecided"
CHECKED, PARTIAL = "checked", "partial"
BY_RULE, BY_BALLS, BY_CITATION = "rule", "ball arithmetic", "citation"
"""What carries a step: exact calculation alone, ball arithmetic too, or a result of the literature, whatever else."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A hypothesis under which a theorem holds: its meaning in words, and what it grants to a proof.

    ``grants`` are claims by name; ``implies`` names weaker assumptions that come with this one. ``follows_from`` names
    assumptions that together give this one by the theorem ``by``, which a proof that uses this must depend on.
    """

    id: str
    text: str
    grants: Mapping[str, Any] = field(default_factory=dict)
    implies: tuple[str, ...] = ()
    follows_from: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A result taken from the literature: the claim, where it is proved, why its hypotheses hold here.

    ``needs`` names the assumptions without which it may not be cited.
    """

    id: str
    claim: Any
    reference: str
    why: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A symbol of a statement and what it stands for; its type is the symbol's own."""

    symbol: Any
    meaning: str


@dataclass(frozen=True, slots=True)
class Step:
    """One inference: ``claim`` follows from ``premises`` by ``rule``.

    A premise is the name of an earlier step, ``assumption:ID.GRANT``, ``theorem:ID`` (``theorem:ID#2`` for the second
    part of a conjunction) or ``cite:ID``. ``because`` is for the reader; the kernel ignores it.
    """

    name: str
    claim: Any
    rule: str
    premises: tuple[str, ...] = ()
    args: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""

    def _repr_html_(self) -> str:
        """Return the step for a notebook, which calls this."""
        from proofs.notebook import step_to_html

        return step_to_html(self)

    def _repr_latex_(self) -> str:
        """Return the claim for a notebook, which calls this where it writes LaTeX."""
        from proofs.notebook import statement_to_latex

        return statement_to_latex(self.claim)


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, what it stands on, and its proof.

    Attributes
    ----------
    id, title, prose : str
        ``prose`` is the statement in words; it must say what ``statement`` says.
    statement : Claim or All
        What is proved.
    variables : tuple of Variable
        Every free symbol of the statement.
    assumptions : tuple of str
        Ids of sufficient assumptions (:mod:`proofs.model`).
    depends_on : tuple of str
        Theorems the proof uses.
    steps : tuple of Step
        The proof; the last step's claim is the statement.
    gaps : tuple of str
        Parts of the argument that are not carried; any makes the status ``"partial"``.
    establishes : str
        ``"claim"``, or ``"negation"`` where the theorem refutes the reading its id names.
    """

    id: str
    title: str
    prose: str
    statement: Any
    variables: tuple[Variable, ...]
    assumptions: tuple[str, ...]
    steps: tuple[Step, ...]
    depends_on: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    establishes: str = "claim"

    def _repr_html_(self) -> str:
        """Return the theorem for a notebook, which calls this."""
        from proofs.notebook import theorem_to_html

        return theorem_to_html(self)

    def _repr_latex_(self) -> str:
        """Return the statement for a notebook, which calls this where it writes LaTeX."""
        from proofs.notebook import statement_to_latex

        return statement_to_latex(self.statement)


@dataclass(frozen=True, slots=True)
class StepReport:
    """What the check said of one step; ``seconds`` is no part of the result.

    ``carrier`` is ``"citation"`` if the step or its rule takes a result from the literature, else ``"ball arithmetic"``
    if a sign was asked of it, else ``"rule"``; it means something where the step is accepted.
    """

    name: str
    claim: str
    rule: str
    premises: tuple[str, ...]
    status: str
    method: str
    detail: str
    carrier: str = BY_RULE
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """One thing that a derivation rests on. ``kind``: rule, assumption, theorem, citation, library or gap.

    ``through`` names the theorem that brings it along, where it is not a step of the theorem itself.
    """

    kind: str
    name: str
    text: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """The outcome of checking one theorem: plain data, the same on every run.

    ``status`` is ``"checked"`` when every step was accepted, every theorem it uses is checked and the last step is
    the statement; ``"partial"`` when that holds except for declared gaps (here or in a theorem it uses);
    ``"rejected"`` or ``"undecided"`` otherwise. ``detail`` says why when it is not ``"checked"``. ``seconds`` is no
    part of the result: it is left out of comparison and of :meth:`to_json`.
    """

    theorem: str
    title: str
    statement: str
    formal: str
    establishes: str
    status: str
    detail: str
    steps: tuple[StepReport, ...]
    ledger: tuple[LedgerItem, ...]
    seconds: float = field(default=0.0, compare=False)

    def _repr_html_(self) -> str:
        """Return the outcome for a notebook, which calls this."""
        from proofs.notebook import derivation_to_html

        return derivation_to_html(self)

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary of plain values that ``json`` writes."""
        return {
            "theorem": self.theorem,
            "title": self.title,
            "statement": self.statement,
            "formal": self.formal,
            "establishes": self.establishes,
            "status": self.status,
            "detail": self.detail,
            "steps": [
                {
                    "name": step.name,
                    "claim": step.claim,
                    "rule": step.rule,
                    "premises": list(step.premises),
                    "status": step.status,
                    "method": step.method,
                    "detail": step.detail,
                    "carrier": step.carrier,
                }
                for step in self.steps
            ],
            "ledger": [
                {"kind": item.kind, "name": item.name, "text": item.text, "through": item.through}
                for item in self.ledger
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Derivation:
        """Build a derivation from what :meth:`to_json` returned."""
        return cls(
            theorem=data["theorem"],
            title=data["title"],
            statement=data["statement"],
            formal=data["formal"],
            establishes=data["establishes"],
            status=data["status"],
            detail=data["detail"],
            steps=tuple(
                StepReport(
                    name=step["name"],
                    claim=step["claim"],
                    rule=step["rule"],
                    premises=tuple(step["premises"]),
                    status=step["status"],
                    method=step["method"],
                    detail=step["detail"],
                    carrier=step["carrier"],
                )
                for step in data["steps"]
            ),
            ledger=tuple(
                LedgerItem(item["kind"], item["name"], item["text"], item["through"]) for item in data["ledger"]
            ),
        )
