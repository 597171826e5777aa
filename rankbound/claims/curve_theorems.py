"""The curve of E[rank] against the head dimension: bounds on either side, and the interval that is printed (T6, T7)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import GAUSSIAN_HEADS
from rankbound.claims.ours import OURS
from rankbound.claims.pooling import Sampled, pooled_evidence
from rankbound.claims.record import Claim, Findings, Source, by_enclosure, by_experiment
from rankbound.claims.tests_of_bounds import (
    capital_text,
    intervals_above_lower_bound,
    intervals_against,
    reason_for_skipping,
    refuting_enclosure,
)
from rankbound.rounding import ceiling_text
from rankbound.verdict import Evidence, Outcome, Verdict

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from montecarlo.estimation import RankEstimate


def _conditioned_enclosure(findings: Findings) -> Evidence:
    refutation = refuting_enclosure(findings, lambda d: findings.certified[d].norm_conditioned, "U(n, head_dim)")
    if refutation is not None:
        return refutation
    total = len(findings.certified)
    return by_enclosure(Outcome.AGREES, f"a lower end obtained another way stays below U at all {total} head_dims")


def _conditioned_experiment(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda d: findings.certified[d].norm_conditioned, "U(n, head_dim)")


def _second_moment_enclosure(findings: Findings) -> Evidence:
    used = _second_moment_head_dims(findings)
    if not used:
        return by_enclosure(Outcome.UNDECIDED, "a closed form or another bound is better at every head_dim of this run")
    crossing = [d for d in used if findings.certified[d].expected_rank.lower > findings.certified[d].norm_conditioned]
    if crossing:
        return by_enclosure(Outcome.REFUTES, f"at head_dim {crossing[0]} it exceeds the upper bound U(n, head_dim)")
    best = min(used, key=lambda d: _width(findings, d))
    return by_enclosure(
        Outcome.AGREES,
        f"an upper end obtained another way lies above it at {len(used)} head_dims, "
        f"by {100 * _width(findings, best):.2g}% at head_dim {best}",
    )


def _second_moment_experiment(findings: Findings) -> Evidence:
    used = _second_moment_head_dims(findings)
    return intervals_above_lower_bound(
        findings, {d: findings.certified[d].expected_rank.lower for d in used}, "L(n, head_dim)"
    )


def _second_moment_head_dims(findings: Findings) -> list[int]:
    return [d for d, point in findings.certified.items() if "second moment" in point.expected_rank.method]


def _width(findings: Findings, head_dim: int) -> float:
    value = findings.certified[head_dim].expected_rank
    return value.upper / value.lower - 1.0


def _interval_enclosure(findings: Findings) -> Evidence:
    empty = [d for d, point in findings.certified.items() if point.expected_rank.lower > point.expected_rank.upper]
    if empty:
        return by_enclosure(Outcome.REFUTES, f"at head_dim {empty[0]} the lower end lies above the upper")
    widths = [_width(findings, d) for d in findings.certified]
    return by_enclosure(
        Outcome.ESTABLISHES,
        f"computed by theorems with outward rounding; {100 * min(widths):.2g}% to {100 * max(widths):.2g}% wide",
    )


def _interval_experiment(findings: Findings) -> Evidence:
    """Compare every confidence interval with the certified one, and the controls with what is known."""
    compared = [(f"head_dim {d}", e, findings.certified[d].expected_rank) for d, e in findings.estimates.items()]
    compared += [
        (f"n = {c.estimate.n_keys}, head_dim {c.estimate.head_dim} ({c.algorithm})", c.estimate, c.known)
        for c in findings.controls
    ]
    if not compared:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    for where, estimate, known in compared:
        if estimate.lower > known.upper or estimate.upper < known.lower:
            return by_experiment(
                Outcome.REFUTES,
                f"at {where} the confidence interval [{estimate.lower:.7g}, {estimate.upper:.7g}] lies apart from "
                f"[{known.lower:.7g}, {known.upper:.7g}]",
            )
    evidence, needed = pooled_evidence(_in_order(findings)), -math.log(findings.test_error)
    if evidence >= needed:
        return by_experiment(
            Outcome.REFUTES,
            f"the ranks of all head_dims together lie to one side of the intervals: bets on that turned 1 into "
            f"{capital_text(evidence)}; reaching {capital_text(needed)} had a probability of at most "
            f"{ceiling_text(findings.test_error, 2)}",
        )
    telling = [one for one in compared if one[1].upper - one[1].lower < _most(one[1]) - 1]
    if not telling and _most(compared[0][1]) > 1:
        return by_experiment(Outcome.UNDECIDED, "every confidence interval is the whole range: too few replicates")
    where, narrow, _ = min(telling or compared, key=lambda one: (one[1].upper - one[1].lower) / one[1].mean)
    half = (narrow.upper - narrow.lower) / narrow.mean / 2
    return by_experiment(
        Outcome.AGREES,
        f"{len(telling)} confidence interval{'s' * (len(telling) != 1)} narrower than the range of ranks, "
        f"{len(findings.controls)} of them at small sizes where the mean is known, all meet the certified ones; the "
        f"narrowest is +-{100 * half:.2g}% ({where})",
    )


def _most(estimate: RankEstimate) -> int:
    return min(estimate.n_keys, estimate.n_queries)


def _in_order(findings: Findings) -> list[Sampled]:
    """Return all ranks with the moments at which they were drawn: the controls first, then block after block."""
    import numpy as np

    samples, moment = [], 0
    for control in findings.controls:
        turns = np.arange(moment, moment + control.ranks.size)
        samples.append(Sampled(control.ranks, control.known, _most(control.estimate), turns))
        moment += control.ranks.size
    turns_of: dict[int, list[npt.NDArray[np.int64]]] = {d: [] for d in findings.ranks}
    for head_dim, count in findings.blocks:
        turns_of[head_dim].append(np.arange(moment, moment + count))
        moment += count
    for head_dim, ranks in findings.ranks.items():
        known = findings.certified[head_dim].expected_rank
        samples.append(Sampled(ranks, known, findings.most, np.concatenate(turns_of[head_dim])))
    return samples


CURVE_THEOREMS = (
    Claim(
        id="norm-conditioned-barrier",
        statement="E[rank(A)] <= U(n, head_dim) = n E[h(g(R))], h(p) = 1-(1-p)^m for m queries, R ~ "
        "chi_head_dim, g(r) the probability that a key of norm r is picked; and U <= b(n, m)",
        brief="E[rank] <= U(n, head_dim), which is at most the barrier",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_conditioned_enclosure,
        experiment=_conditioned_experiment,
    ),
    Claim(
        id="second-moment-bound",
        statement="E[rank(A)] >= L(n, head_dim) = n E[(g^2/s)(1-(1-s/g)^m)] for m queries, g and s functions of "
        "R ~ chi_head_dim: the probabilities that one query, and that two queries, pick a key of norm R",
        brief="E[rank] >= L(n, head_dim), which is close to U except in narrow heads",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_second_moment_enclosure,
        experiment=_second_moment_experiment,
    ),
    Claim(
        id="expected-rank-enclosure",
        statement="E[rank(A)] lies in the interval that is printed for it, at every head_dim of this run",
        brief="E[rank] lies in the certified intervals of the table",
        source=Source("The rankbound authors", "rankbound, Certified numbers", "docs/certified.md"),
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.CERTIFIED,
        enclosure=_interval_enclosure,
        experiment=_interval_experiment,
    ),
)
