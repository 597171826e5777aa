"""One run of the judge: asks the three witnesses, keeps what they say, and reports."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from rankbound.claims import IN_THE_LIMIT, Claim, Findings
from rankbound.claims.record import Control, OccupancyCheck, SoftmaxCheck, WideLimit
from rankbound.verdict import Evidence, Outcome, Witness
from rankbound.verify.attention import Attention
from rankbound.verify.calculus import decide
from rankbound.verify.controls import CONTROLS, draw_control
from rankbound.verify.effort import Standing, first_round, next_block
from rankbound.verify.report import Judgement, Report, RunSettings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from montecarlo import RankEstimate
    from proofs import Derivation
    from rankbound.bounds.sandwich import SaturationPoint

DERIVATION_LIMIT = 60.0  # seconds a theorem's check may take before it counts as undecided
_MATRIX_REPLICATES = 50  # attention matrices whose rank is computed exactly, for rank-is-occupancy
_MATRIX_SIZE, _MATRIX_HEAD_DIM = 48, 8
_WIDE_REPLICATES = 2000  # in the limit of wide heads, where a replicate costs next to nothing


class Progress(Protocol):
    """Told what the run is doing; the command line draws it, a script need not care."""

    def __call__(self, done: float, doing: str) -> None:
        """Say that a share ``done`` (0 to 1) of the run lies behind, and what comes now."""


class JudgementInterrupted(KeyboardInterrupt):
    """The run was interrupted from the keyboard; ``report`` is what was decided until then, marked as interrupted."""

    def __init__(self, report: Report) -> None:
        super().__init__("interrupted")
        self.report = report


class Run:
    """One run under way. Each finding is kept as soon as it is there, so that an interruption loses none.

    ``settings`` fix the result; ``skipped`` says why a head dimension is not simulated; ``workers`` and ``progress``
    are those of :func:`rankbound.verify.judge.judge`. A claim of which the setting breaks an assumption is put to no
    witness, but for what it lets simulation say *beyond* its assumptions.
    """

    def __init__(
        self,
        settings: RunSettings,
        claims: Sequence[Claim],
        skipped: dict[int, str],
        workers: int | Executor | None,
        progress: Progress,
    ) -> None:
        self.settings = settings
        self.attention = Attention(settings.setting)
        self.claims = claims
        self.broken = {claim.id: claim.broken(settings.setting, settings.head_dims) for claim in claims}
        self.met = [claim for claim in claims if not self.broken[claim.id]]
        self.skipped = skipped
        self.workers = workers
        self.progress = progress
        self.certified: dict[int, SaturationPoint] = {}
        self.estimates: dict[int, RankEstimate] = {}
        self.ranks: dict[int, npt.NDArray[np.int64]] = {}
        self.softmax: dict[int, SoftmaxCheck] = {}
        self.wide: WideLimit | None = None
        self.blocks: list[tuple[int, int]] = []
        self.controls: tuple[Control, ...] = ()
        self.occupancy: OccupancyCheck | None = None
        self.said: dict[tuple[str, Witness], Evidence] = {}

    def report(self) -> Report:
        """Ask everybody, and return what was said; on Ctrl-C raise :class:`JudgementInterrupted` with what was."""
        import proofs

        known = set(proofs.theorem_ids())
        checks = proofs.start_checks([c.id for c in self.met if c.id in known], time_limit=DERIVATION_LIMIT)
        try:
            self._certify()  # while the derivations are checked in a process of their own
            self._simulate()
            self.progress(1.0, "checking derivations")
            self._hear_derivations(checks.result())
        except KeyboardInterrupt:
            if checks.done():
                self._hear_derivations(checks.result())
            raise JudgementInterrupted(self._report(interrupted=True)) from None
        finally:
            checks.cancel()
        return self._report(interrupted=False)

    def _certify(self) -> None:
        from rankbound import bounds

        run = self.settings
        for i, head_dim in enumerate(run.head_dims if self.attention.has_known_mean else ()):
            self.progress(0.3 * i / len(run.head_dims), f"enclosing E[rank] at head_dim {head_dim}")
            self.certified[head_dim] = bounds.saturation_point(run.n_keys, head_dim, n_queries=run.n_queries)
        findings = self._findings()
        for claim in self.met:
            self.progress(0.3, f"certified numbers for {claim.id}")
            self.said[claim.id, Witness.ENCLOSURE] = _numerical_evidence(claim, Witness.ENCLOSURE, findings)

    def _simulate(self) -> None:
        run = self.settings
        planned = {d: count for d, count in run.replicates.items() if count}
        if planned or run.budget is None or run.budget > 0:
            self._draw_matrices()
            self._draw_wide()
        for number in range(run.spending.controls):
            n_keys, head_dim, _ = CONTROLS[number]
            self.progress(0.4, f"simulating {n_keys} keys at head_dim {head_dim}, where E[rank] is known")
            self.controls += (draw_control(number, seed=run.seed, error=run.spending.each),)
        if run.budget is None or not self.attention.has_known_mean:
            for i, (head_dim, count) in enumerate(planned.items()):
                self._draw(head_dim, count, 0.4 + 0.6 * i / len(planned))
        else:
            self._share_out(planned, run.budget)
        findings = self._findings()
        for claim in self.met:
            self.said[claim.id, Witness.EXPERIMENT] = _numerical_evidence(claim, Witness.EXPERIMENT, findings)
        for claim in self.claims:
            if self.broken[claim.id] and claim.beyond is not None:
                self.said[claim.id, Witness.EXPERIMENT] = claim.beyond(findings)

    def _draw_matrices(self) -> None:
        """Compare ranks with occupancies, matrix by matrix."""
        import montecarlo

        if not any(claim.id == "rank-is-occupancy" for claim in self.met):
            return
        run = self.settings
        size = min(run.n_keys, run.n_queries, _MATRIX_SIZE)
        head_dim = min(size, _MATRIX_HEAD_DIM)
        drawn = montecarlo.sample_rank_and_occupancy(size, head_dim, _MATRIX_REPLICATES, rng=run.seed)
        self.occupancy = OccupancyCheck(int((drawn[:, 0] == drawn[:, 1]).sum()), len(drawn), size, head_dim)

    def _draw_wide(self) -> None:
        """Draw ranks in the limit of wide heads, if a claim is about it."""
        import montecarlo

        run, limit = self.settings, self.attention.wide_limit
        if limit is None or not any(claim.id in IN_THE_LIMIT for claim in self.met):
            return
        self.progress(0.4, "simulating the limit of wide heads")
        found = montecarlo.sample_variant_ranks(
            limit, _WIDE_REPLICATES, joint=False, rng=run.seed, workers=self.workers
        )
        ranks = found.per_head[:, 0]
        lower, upper = montecarlo.confidence_interval(
            ranks, lower=1, upper=min(run.n_keys, run.n_queries), error=run.spending.each, horizon=ranks.size
        )
        self.wide = WideLimit(ranks, float(ranks.mean()), lower, upper)

    def _share_out(self, planned: Mapping[int, int], budget: float) -> None:
        """Draw half of what was planned, then where the experiment is undecided, until the budget is spent."""
        import montecarlo

        cost = {d: self.attention.cost(d) for d in planned}
        left = budget
        for head_dim, count in first_round(planned).items():
            self._draw(head_dim, count, 0.4 + 0.6 * (1 - left / budget))
            left -= count * cost[head_dim]
        while True:
            standings = [
                Standing(d, e.replicates, cost[d], e.lower, e.upper, self.certified[d].expected_rank)
                for d, e in self.estimates.items()
            ]
            block = next_block(standings, left, montecarlo.MAX_REPLICATES)
            if block is None:
                return
            self._draw(*block, 0.4 + 0.6 * (1 - left / budget))
            left -= block[1] * cost[block[0]]

    def _draw(self, head_dim: int, count: int, done: float) -> None:
        """Draw more ranks at one head dimension."""
        import numpy as np

        import montecarlo

        run = self.settings
        earlier = self.ranks.get(head_dim, np.empty(0, np.int64))
        self.progress(done, f"simulating head_dim {head_dim}, {count} replicates")
        drawn = self.attention.draw(head_dim, count, first=earlier.size, seed=run.seed, workers=self.workers)
        ranks = np.concatenate([earlier, drawn.ranks])
        ranks.flags.writeable = False
        self.estimates[head_dim] = montecarlo.summarise_ranks(
            ranks,
            run.n_keys,
            head_dim,
            n_queries=run.n_queries,
            error=run.spending.each,
            horizon=run.replicates[head_dim],
        )
        if drawn.softmax is not None:
            self.softmax[head_dim] = drawn.softmax
        self.ranks[head_dim] = ranks
        self.blocks.append((head_dim, count))

    def _hear_derivations(self, derivations: Mapping[str, Derivation]) -> None:
        for claim in self.met:
            said = _derivation_evidence(derivations.get(claim.id))
            if claim.id not in derivations and Witness.DERIVATION in claim.silence:
                said = Evidence(Witness.DERIVATION, Outcome.NOT_APPLICABLE, claim.silence[Witness.DERIVATION])
            self.said[claim.id, Witness.DERIVATION] = said

    def _findings(self) -> Findings:
        from rankbound import bounds

        return Findings(
            setting=self.settings.setting,
            head_dims=self.settings.head_dims,
            barrier=bounds.barrier(self.settings.n_keys, n_queries=self.settings.n_queries),
            certified=MappingProxyType(dict(self.certified)),
            estimates=MappingProxyType(dict(self.estimates)),
            ranks=MappingProxyType(dict(self.ranks)),
            softmax=MappingProxyType(dict(self.softmax)),
            wide=self.wide,
            skipped=MappingProxyType(dict(self.skipped)),
            occupancy=self.occupancy,
            controls=self.controls,
            blocks=tuple(self.blocks),
            seed=self.settings.seed,
            test_error=self.settings.spending.each,
        )

    def _report(self, *, interrupted: bool) -> Report:
        judgements = []
        for claim in self.claims:
            broken = self.broken[claim.id]
            absent = Evidence(Witness.DERIVATION, Outcome.SKIPPED, "interrupted")
            if broken:
                absent = Evidence(Witness.DERIVATION, Outcome.NOT_APPLICABLE, f"it assumes {'; '.join(broken)}")
            evidence = tuple(
                self.said.get((claim.id, witness), dataclasses.replace(absent, witness=witness)) for witness in Witness
            )
            judgements.append(Judgement(claim, evidence, decide(evidence, assumptions_met=not broken), broken))
        return Report(self.settings, tuple(judgements), self._findings(), interrupted)


def _derivation_evidence(derivation: Derivation | None) -> Evidence:
    if derivation is None:
        return Evidence(Witness.DERIVATION, Outcome.UNDECIDED, "no derivation was checked")
    if derivation.status != "checked":
        return Evidence(Witness.DERIVATION, Outcome.UNDECIDED, f"{derivation.status}: {derivation.detail}")
    negated = derivation.establishes == "negation"
    number = len(derivation.steps)
    parts = [f"{'its negation: ' if negated else ''}{f'all {number} steps' if number > 1 else 'its step'} checked"]
    for kind, introduced in (("theorem", "rests on"), ("citation", "cites")):
        names = [item.name for item in derivation.ledger if item.kind == kind]
        if names:
            parts.append(f"{introduced} {', '.join(names)}")
    return Evidence(Witness.DERIVATION, Outcome.REFUTES if negated else Outcome.ESTABLISHES, "; ".join(parts))


def _numerical_evidence(claim: Claim, witness: Witness, findings: Findings) -> Evidence:
    ask = claim.enclosure if witness is Witness.ENCLOSURE else claim.experiment
    if ask is None:
        return Evidence(witness, Outcome.NOT_APPLICABLE, claim.silence.get(witness, "has nothing to say"))
    said = ask(findings)
    if said.witness is not witness:
        raise ValueError(f"the {witness} of claim {claim.id} spoke as the {said.witness}: return by_{witness}(...)")
    return said
