"""Exact settings above the barrier: what the barrier assumes is needed (V3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rankbound.claims.assumptions import Assumption
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, by_enclosure, by_experiment
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rankbound.setting import Setting

_REPLICATES = 2000
_TIED_HEAD_DIM = 2

TWO_TOKENS = (Assumption("a setting of its own: two tokens, as many queries as keys"),)


def _ranks(
    findings: Findings, head_dim: int, *, inputs: str = "orthonormal", weights: str = "gaussian"
) -> npt.NDArray[np.int64]:
    """Draw ranks of two tokens, whatever the run is about."""
    import montecarlo
    from rankbound.setting import Setting

    two = Setting(n_queries=2, n_keys=2, head_dim=head_dim, inputs=inputs, weights=weights)
    return montecarlo.sample_variant_ranks(two, _REPLICATES, joint=False, rng=findings.seed).per_head[:, 0]


def _antipodal_experiment(findings: Findings) -> Evidence:
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, "no simulation was asked for")
    seen = {d: _ranks(findings, d, inputs="antipodal") for d in (1, 8)}
    wrong = sum(int((ranks != 2).sum()) for ranks in seen.values())
    return by_experiment(
        Outcome.REFUTES if wrong else Outcome.AGREES,
        f"of {_REPLICATES} matrices at head_dim 1 and as many at 8, {wrong} have another rank than 2",
    )


def _tied_enclosure(_: Findings) -> Evidence:
    """Say what the mean is at head_dim 2: the incomplete beta function there."""
    from rankbound import bounds

    value = bounds.tied_pair_rank(_TIED_HEAD_DIM)
    barrier = bounds.barrier(2)
    outcome = Outcome.AGREES if value.lower > barrier.upper else Outcome.REFUTES
    return by_enclosure(
        outcome,
        f"at head_dim {_TIED_HEAD_DIM}, E[rank] of two tokens is {value.lower:.10f} (enclosed), and b(2) = "
        f"{barrier.lower:g}",
    )


def _tied_experiment(findings: Findings) -> Evidence:
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, "no simulation was asked for")
    import montecarlo
    from rankbound import bounds

    ranks = _ranks(findings, _TIED_HEAD_DIM, weights="tied")
    lower, upper = montecarlo.confidence_interval(
        ranks, lower=1, upper=2, error=findings.test_error, horizon=ranks.size
    )
    known = bounds.tied_pair_rank(_TIED_HEAD_DIM)
    apart = lower > known.upper or upper < known.lower
    return by_experiment(
        Outcome.REFUTES if apart else Outcome.AGREES,
        f"{ranks.size} matrices of two tokens at head_dim {_TIED_HEAD_DIM} have a mean rank of {ranks.mean():.4f}, "
        f"E[rank] in [{floor_text(lower, 5)}, {ceiling_text(upper, 5)}]",
    )


def _is_antipodal(setting: Setting) -> bool:
    return setting.inputs == "antipodal"


def _is_tied(setting: Setting) -> bool:
    return setting.weights == "tied"


DEPARTURES = (
    Claim(
        id="antipodal-tokens-exceed",
        statement="for two tokens x and -x, at every head_dim, the rank is 2 almost surely, above the barrier of 3/2 "
        "for two keys and two queries: without X X^T = I the barrier fails",
        brief="two tokens x, -x have rank 2 always, above the barrier of 3/2",
        source=OURS,
        assumptions=TWO_TOKENS,
        expected=Verdict.PROVED,
        scope="two tokens, whatever the run is about",
        experiment=_antipodal_experiment,
        silence={Witness.ENCLOSURE: "the rank is 2 always: there is no number to enclose"},
        subject=_is_antipodal,
    ),
    Claim(
        id="tied-weights-exceed",
        statement="for two orthonormal tokens and W_q = W_k Gaussian, E[rank(A)] = 2 - P(chi^2_d < Z^2) at head_dim d, "
        "with Z standard normal: 3/2 at d = 1 and at least 1 + 1/sqrt(2) from d = 2 on, above the barrier of 3/2: "
        "without independent weights the barrier fails",
        brief="with tied weights two tokens have E[rank] of 1 + 1/sqrt(2) or more from head_dim 2 on",
        source=OURS,
        assumptions=TWO_TOKENS,
        expected=Verdict.PROVED,
        scope="two tokens, whatever the run is about",
        enclosure=_tied_enclosure,
        experiment=_tied_experiment,
        subject=_is_tied,
    ),
)
