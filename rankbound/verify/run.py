"""One run of the judge: asks the three witnesses, keeps what they say, and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from rankbound.claims import Claim, Findings
from rankbound.claims.record import Control, OccupancyCheck
from rankbound.verdict import Evidence, Outcome, Witness
from rankbound.verify.calculus import decide
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

CONTROLS = (
    (3, 1, "line"),
    (3, 2, "planar"),
    (300, 2, "planar"),
    (8, 2, "pruned"),
    (300, 2, "pruned"),
    (3, 1, "dense"),
    (300, 2, "dense"),
    (2, 5, "dense"),
    (40, 10**9, "dense"),
)
"""Numbers of keys, head dimensions and algorithms with which a rank is simulated whose mean is known to eight digits.

At head_dim 1 and 2, and for two keys, in closed form or by an integral; at head_dim 10^9 from the bounds on both sides,
which meet there. Small ones, where one query or key more or less counts, and some with more keys than are handled at a
time. Every algorithm that draws ranks has its own: each could be wrong by itself.
"""

CONTROLLED = "expected-rank-enclosure"
"""The claim that the controls test."""

_CONTROL_REPLICATES = 2000
_FIRST_CONTROL = 2**40  # far from the replicates of the run, which may be at the same sizes; each control has others


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
    are those of :func:`rankbound.verify.judge.judge`.
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
        self.claims = claims
        self.skipped = skipped
        self.workers = workers
        self.progress = progress
        self.certified: dict[int, SaturationPoint] = {}
        self.estimates: dict[int, RankEstimate] = {}
        self.ranks: dict[int, npt.NDArray[np.int64]] = {}
        self.blocks: list[tuple[int, int]] = []
        self.controls: tuple[Control, ...] = ()
        self.occupancy: OccupancyCheck | None = None
        self.said: dict[tuple[str, Witness], Evidence] = {}

    def report(self) -> Report:
        """Ask everybody, and return what was said; on Ctrl-C raise :class:`JudgementInterrupted` with what was."""
        import proofs

        known = set(proofs.theorem_ids())
        checks = proofs.start_checks([c.id for c in self.claims if c.id in known], time_limit=DERIVATION_LIMIT)
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

        for i, head_dim in enumerate(self.settings.head_dims):
            self.progress(0.3 * i / len(self.settings.head_dims), f"enclosing E[rank] at head_dim {head_dim}")
            self.certified[head_dim] = bounds.saturation_point(self.settings.n_keys, head_dim)
        findings = self._findings()
        for claim in self.claims:
            self.progress(0.3, f"certified numbers for {claim.id}")
            self.said[claim.id, Witness.ENCLOSURE] = _numerical_evidence(claim, Witness.ENCLOSURE, findings)

    def _simulate(self) -> None:
        import montecarlo

        run = self.settings
        planned = {d: count for d, count in run.replicates.items() if count}
        asked = planned or run.budget is None or run.budget > 0
        if asked and any(claim.id == "rank-is-occupancy" for claim in self.claims):
            size = min(run.n_keys, _MATRIX_SIZE)
            head_dim = min(size, _MATRIX_HEAD_DIM)
            drawn = montecarlo.sample_rank_and_occupancy(size, head_dim, _MATRIX_REPLICATES, rng=run.seed)
            self.occupancy = OccupancyCheck(int((drawn[:, 0] == drawn[:, 1]).sum()), len(drawn), size, head_dim)
        self.controls = tuple(self._control(i, *control) for i, control in enumerate(run.controls))
        if run.budget is None:
            for i, (head_dim, count) in enumerate(planned.items()):
                self._draw(head_dim, count, 0.4 + 0.6 * i / len(planned))
        else:
            self._share_out(planned, run.budget)
        findings = self._findings()
        for claim in self.claims:
            self.said[claim.id, Witness.EXPERIMENT] = _numerical_evidence(claim, Witness.EXPERIMENT, findings)

    def _control(self, number: int, n_keys: int, head_dim: int, algorithm: str) -> Control:
        """Simulate a small size at which the answer is known, with replicates of its own."""
        import montecarlo
        from rankbound import bounds

        self.progress(0.4, f"simulating {n_keys} keys at head_dim {head_dim}, where E[rank] is known")
        ranks = montecarlo.sample_ranks(
            n_keys,
            head_dim,
            _CONTROL_REPLICATES,
            rng=self.settings.seed,
            first_replicate=_FIRST_CONTROL + number * _CONTROL_REPLICATES,
            algorithm=algorithm,
        )
        estimate = montecarlo.summarise_ranks(
            ranks, n_keys, head_dim, error=self.settings.spending.each, horizon=_CONTROL_REPLICATES
        )
        return Control(bounds.expected_rank(n_keys, head_dim), estimate, ranks, algorithm)

    def _share_out(self, planned: Mapping[int, int], budget: float) -> None:
        """Draw half of what was planned, then where the experiment is undecided, until the budget is spent."""
        import montecarlo

        cost = {d: montecarlo.simulation_cost(self.settings.n_keys, d) for d in planned}
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
        drawn = montecarlo.sample_ranks(
            run.n_keys, head_dim, count, rng=run.seed, workers=self.workers, first_replicate=earlier.size
        )
        ranks = np.concatenate([earlier, drawn])
        ranks.flags.writeable = False
        self.estimates[head_dim] = montecarlo.summarise_ranks(
            ranks, run.n_keys, head_dim, error=run.spending.each, horizon=run.replicates[head_dim]
        )
        self.ranks[head_dim] = ranks
        self.blocks.append((head_dim, count))

    def _hear_derivations(self, derivations: Mapping[str, Derivation]) -> None:
        for claim in self.claims:
            self.said[claim.id, Witness.DERIVATION] = _derivation_evidence(derivations.get(claim.id))

    def _findings(self) -> Findings:
        from rankbound import bounds

        return Findings(
            n_keys=self.settings.n_keys,
            head_dims=self.settings.head_dims,
            barrier=bounds.barrier(self.settings.n_keys),
            certified=MappingProxyType(dict(self.certified)),
            estimates=MappingProxyType(dict(self.estimates)),
            ranks=MappingProxyType(dict(self.ranks)),
            skipped=MappingProxyType(dict(self.skipped)),
            occupancy=self.occupancy,
            controls=self.controls,
            blocks=tuple(self.blocks),
            test_error=self.settings.spending.each,
        )

    def _report(self, *, interrupted: bool) -> Report:
        judgements = []
        for claim in self.claims:
            evidence = tuple(
                self.said.get((claim.id, witness), Evidence(witness, Outcome.SKIPPED, "interrupted"))
                for witness in Witness
            )
            met = claim.applies is None or claim.applies(self.settings.n_keys, self.settings.head_dims)
            judgements.append(Judgement(claim, evidence, decide(evidence, assumptions_met=met)))
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
