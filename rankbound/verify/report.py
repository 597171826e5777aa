"""What a run reports: plain data, and its JSON form (schema ``rankbound.report/1``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rankbound.claims.record import Claim, Findings
from rankbound.verdict import Evidence, Verdict
from rankbound.verify.calculus import ExitCode, exit_code

if TYPE_CHECKING:
    from rankbound.enclosure import Enclosure

SCHEMA = "rankbound.report/1"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One claim, what was said of it, and the verdict."""

    claim: Claim
    evidence: tuple[Evidence, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that fixes a run's result: with it and the program's version, the run can be repeated bit for bit.

    ``level`` is the family-wise error of the run, ``interval_error`` the part of it that each confidence interval may
    spend. ``replicates`` says how many attention matrices were planned at each head_dim (0: not simulated).
    """

    version: str
    n_keys: int
    head_dims: tuple[int, ...]
    seed: int
    level: float
    interval_error: float
    budget: float
    replicates: dict[int, int]
    command: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run.

    Attributes
    ----------
    settings : RunSettings
    judgements : tuple of Judgement
        In the order of the registry.
    findings : Findings
        The numbers behind them, a row of the saturation table each.
    interrupted : bool
        Whether the run was stopped before its end; what was not decided by then is ``INCONCLUSIVE``.
    """

    settings: RunSettings
    judgements: tuple[Judgement, ...]
    findings: Findings
    interrupted: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """What the process that printed this report answers to a shell."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return exit_code((j.verdict, j.claim.expected) for j in self.judgements)

    @property
    def summary(self) -> str:
        """One sentence for people: how many claims hold, and which readings do not."""
        total = len(self.judgements)
        if self.interrupted:
            decided = sum(j.verdict is not Verdict.INCONCLUSIVE for j in self.judgements)
            first = f"Interrupted, so not reproducible. {decided} of {total} claims decided by then"
        else:
            holding = sum(j.verdict in (Verdict.PROVED, Verdict.CERTIFIED, Verdict.CONSISTENT) for j in self.judgements)
            first = f"{holding} of {total} claims hold"
        parts = [first]
        for verdict in (Verdict.REFUTED, Verdict.CONFLICT, Verdict.INCONCLUSIVE, Verdict.VACUOUS):
            ids = [j.claim.id for j in self.judgements if j.verdict is verdict]
            if ids:
                parts.append(f"{verdict.lower()}: {', '.join(ids)}")
        return "; ".join(parts) + "."

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready data, valid under the schema published in the documentation."""
        s = self.settings
        return {
            "schema": SCHEMA,
            "version": s.version,
            "interrupted": self.interrupted,
            "summary": self.summary,
            "run": {
                "n_keys": s.n_keys,
                "n_queries": s.n_keys,
                "head_dims": list(s.head_dims),
                "seed": s.seed,
                "level": s.level,
                "interval_error": s.interval_error,
                "budget": s.budget,
                "command": s.command,
            },
            "barrier": _enclosure(self.findings.barrier),
            "claims": [_claim(j, s.n_keys) for j in self.judgements],
            "saturation": [self._row(d) for d in s.head_dims],
        }

    def to_json(self) -> str:
        """Return :meth:`to_dict` as one JSON document, indented, ending in a newline."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def _row(self, head_dim: int) -> dict[str, Any]:
        point = self.findings.certified.get(head_dim)
        estimate = self.findings.estimates.get(head_dim)
        row: dict[str, Any] = {"head_dim": head_dim, "expected_rank": None, "experiment": None, "skipped": None}
        if point is not None:
            row["expected_rank"] = _enclosure(point.expected_rank)
        if estimate is not None:
            row["experiment"] = {
                "mean": estimate.mean,
                "variance": estimate.variance,
                "lower": estimate.lower,
                "upper": estimate.upper,
                "error": estimate.error,
                "replicates": estimate.replicates,
            }
        else:
            row["skipped"] = self.findings.skipped.get(head_dim, "not reached")
        return row


def _claim(judgement: Judgement, n_keys: int) -> dict[str, Any]:
    claim = judgement.claim
    return {
        "id": claim.id,
        "statement": claim.statement,
        "quote": claim.quote,
        "reading": claim.reading,
        "source": {"authors": claim.source.authors, "work": claim.source.work, "location": claim.source.location},
        "assumptions": list(claim.assumptions),
        "setting": {"n_keys": n_keys, "n_queries": n_keys},
        "evidence": [{"witness": e.witness, "outcome": e.outcome, "detail": e.detail} for e in judgement.evidence],
        "verdict": judgement.verdict,
        "expected": claim.expected,
        "corrected": claim.corrected,
    }


def _enclosure(enclosure: Enclosure) -> dict[str, Any]:
    return {
        "lower": enclosure.lower,
        "upper": enclosure.upper,
        "rigour": enclosure.rigour,
        "method": enclosure.method,
    }
