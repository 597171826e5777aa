"""What a run reports: plain data, and its JSON form (schema ``rankbound.report/1``)."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rankbound.claims.record import Claim, Findings
from rankbound.verdict import Evidence, Verdict
from rankbound.verify.calculus import ExitCode, exit_code
from rankbound.verify.settings_in_words import described
from rankbound.verify.spending import Spending

if TYPE_CHECKING:
    from montecarlo import RankEstimate
    from rankbound.enclosure import Enclosure
    from rankbound.setting import Setting

SCHEMA = "rankbound.report/1"

HOLDS = "Holds"
_HEADINGS = {
    "Witnesses contradict each other, so that nothing follows": (Verdict.CONFLICT,),
    HOLDS: (Verdict.PROVED, Verdict.CERTIFIED),
    "Not proved, but the experiment could have refuted it and did not": (Verdict.CONSISTENT,),
    "Does not hold, as read here": (Verdict.REFUTED,),
    "Not settled": (Verdict.INCONCLUSIVE,),
    "Says nothing here, as its assumptions are not met": (Verdict.VACUOUS,),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One claim, what was said of it, and the verdict.

    ``broken`` are the assumptions that the setting breaks, each with what breaks it; the verdict is then ``VACUOUS``.
    """

    claim: Claim
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    broken: tuple[str, ...] = ()

    @property
    def instead(self) -> str:
        """What holds instead of a refuted claim, or nothing."""
        return self.claim.corrected or "" if self.verdict is Verdict.REFUTED else ""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that fixes a run's result: with it and the program's version, the run can be repeated bit for bit.

    ``setting`` is the attention that is looked at, one head of it, at the first of the head dimensions; ``spending``
    says how the family-wise level is divided, ``replicates`` how many attention matrices an even share of the budget
    buys at each head_dim (0: not simulated). ``budget`` is ``None`` where the replicates were given.
    """

    version: str
    setting: Setting
    head_dims: tuple[int, ...]
    seed: int
    spending: Spending
    budget: float | None
    replicates: dict[int, int]
    command: str

    @property
    def n_keys(self) -> int:
        """Number of keys."""
        return self.setting.n_keys

    @property
    def n_queries(self) -> int:
        """Number of queries."""
        return self.setting.n_queries

    @property
    def sizes(self) -> str:
        """The numbers of keys and queries, in words."""
        same = self.n_queries == self.n_keys
        return f"n = {self.n_keys}" if same else f"{self.n_queries} queries, {self.n_keys} keys"

    @property
    def variant(self) -> str:
        """How the attention differs from the ideal one, in words; nothing where it does not."""
        return described(self.setting)


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
    def has_enclosures(self) -> bool:
        """Whether the expected rank is known to lie in an interval, for a setting like this."""
        return self.settings.spending.bets

    @property
    def exit_code(self) -> ExitCode:
        """What the process that printed this report answers to a shell."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        return exit_code((j.verdict, j.claim.expected) for j in self.judgements)

    @property
    def groups(self) -> dict[str, tuple[Judgement, ...]]:
        """The judgements under headings in plain language, what matters most first; empty groups are left out."""
        found = {
            heading: tuple(j for j in self.judgements if j.verdict in verdicts)
            for heading, verdicts in _HEADINGS.items()
        }
        return {heading: judgements for heading, judgements in found.items() if judgements}

    @property
    def summary(self) -> str:
        """In plain language: what holds, what does not and what to use instead, and what is not settled."""
        total = len(self.judgements)
        parts = []
        if self.interrupted:
            decided = sum(j.verdict is not Verdict.INCONCLUSIVE for j in self.judgements)
            parts.append(f"Interrupted, so not reproducible. {decided} of {total} claims decided by then.")
        for heading, judgements in self.groups.items():
            if heading == HOLDS:
                parts.append(f"{len(judgements)} of {total} claims hold.")
            else:
                parts.append(f"{heading}: {', '.join(j.claim.id for j in judgements)}.")
        if not self.interrupted and HOLDS not in self.groups:
            parts.append(f"0 of {total} claims hold.")
        parts += [f"Instead of {j.claim.id}: {j.instead}." for j in self.judgements if j.instead]
        return " ".join(parts)

    @property
    def detectable(self) -> tuple[int, float] | None:
        """The power of the run: by how little the mean of ranks like those drawn may exceed the barrier to refute it.

        A head dimension, and the excess there as a share of the barrier; ``None`` if it would have noticed none, or the
        barrier was not judged.
        """
        from rankbound.claims.barrier_theorems import barrier_detectable

        tested = any(j.claim.id == "barrier" and not j.broken for j in self.judgements)
        return barrier_detectable(self.findings) if self.findings.ranks and tested else None

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
                "n_queries": s.n_queries,
                "setting": s.setting.to_dict(),
                "head_dims": list(s.head_dims),
                "seed": s.seed,
                "level": s.spending.level,
                "tests": {
                    "intervals": s.spending.head_dims,
                    "dominance": s.spending.dominance,
                    "controls": s.spending.controls,
                    "pooled": int(s.spending.bets),
                    "own": s.spending.own,
                    "error_each": s.spending.each,
                },
                "budget": s.budget,
                "command": s.command,
            },
            "power": self._power(),
            "barrier": _enclosure(self.findings.barrier),
            "claims": [_claim(j, s) for j in self.judgements],
            "saturation": [self._row(d) for d in s.head_dims],
            "wide_limit": self._wide(),
            "controls": [
                {
                    "n_keys": c.estimate.n_keys,
                    "head_dim": c.estimate.head_dim,
                    "algorithm": c.algorithm,
                    "expected_rank": _enclosure(c.known),
                    "experiment": _estimate(c.estimate),
                }
                for c in self.findings.controls
            ],
        }

    def to_json(self) -> str:
        """Return :meth:`to_dict` as one JSON document, indented, ending in a newline."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def _repr_html_(self) -> str:
        """Return the report for a notebook, which calls this."""
        from rankbound.verify.render import to_html

        return to_html(self)

    def _power(self) -> dict[str, Any] | None:
        found = self.detectable
        return None if found is None else {"head_dim": found[0], "excess_over_barrier": found[1]}

    def _wide(self) -> dict[str, Any] | None:
        wide = self.findings.wide
        if wide is None:
            return None
        return {"mean": wide.mean, "lower": wide.lower, "upper": wide.upper, "replicates": int(wide.ranks.size)}

    def _row(self, head_dim: int) -> dict[str, Any]:
        point = self.findings.certified.get(head_dim)
        estimate = self.findings.estimates.get(head_dim)
        row: dict[str, Any] = {"head_dim": head_dim, "expected_rank": None, "experiment": None, "skipped": None}
        if self.settings.setting.temperature:
            check = self.findings.softmax.get(head_dim)
            row["softmax"] = None if check is None else dataclasses.asdict(check)
        if point is not None:
            row["expected_rank"] = _enclosure(point.expected_rank)
        if estimate is not None:
            row["experiment"] = _estimate(estimate)
        else:
            row["skipped"] = self.findings.skipped.get(head_dim, "not reached")
        return row


def _claim(judgement: Judgement, run: RunSettings) -> dict[str, Any]:
    claim = judgement.claim
    return {
        "id": claim.id,
        "statement": claim.statement,
        "brief": claim.brief,
        "quote": claim.quote,
        "reading": claim.reading,
        "source": {"authors": claim.source.authors, "work": claim.source.work, "location": claim.source.location},
        "assumptions": [one.text for one in claim.assumptions],
        "broken": list(judgement.broken),
        "setting": {"n_keys": run.n_keys, "n_queries": run.n_queries, "scope": claim.scope},
        "evidence": [{"witness": e.witness, "outcome": e.outcome, "detail": e.detail} for e in judgement.evidence],
        "verdict": judgement.verdict,
        "expected": claim.expected,
        "corrected": claim.corrected,
    }


def _estimate(estimate: RankEstimate) -> dict[str, Any]:
    return {
        "mean": estimate.mean,
        "variance": estimate.variance,
        "lower": estimate.lower,
        "upper": estimate.upper,
        "error": estimate.error,
        "replicates": estimate.replicates,
    }


def _enclosure(enclosure: Enclosure) -> dict[str, Any]:
    return {
        "lower": enclosure.lower,
        "upper": enclosure.upper,
        "rigour": enclosure.rigour,
        "method": enclosure.method,
    }
