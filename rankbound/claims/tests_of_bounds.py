"""How an experiment and an enclosure test a claim of the form ``E[rank] <= bound(head_dim)``."""

from __future__ import annotations

from collections.abc import Callable

from rankbound.claims.record import Findings, by_enclosure, by_experiment
from rankbound.verdict import Evidence, Outcome

UpperBound = Callable[[int], float]


def refuting_enclosure(findings: Findings, bound: UpperBound, name: str) -> Evidence | None:
    """Return the refutation of ``E[rank] <= bound(head_dim)`` by the lower end of an enclosure, if there is one.

    ``bound`` must be rounded up. That there is none says nothing about head dimensions that were not enclosed.
    """
    excess = {d: point.expected_rank.lower - bound(d) for d, point in findings.certified.items()}
    worst = max(excess, key=lambda d: excess[d], default=None)
    if worst is None or excess[worst] <= 0:
        return None
    lower = findings.certified[worst].expected_rank.lower
    return by_enclosure(
        Outcome.REFUTES, f"at head_dim {worst}, E[rank] >= {lower:.6g} > {name} = {bound(worst):.6g} (certified)"
    )


def intervals_against(findings: Findings, bound: UpperBound, name: str) -> Evidence:
    """Let the confidence intervals test ``E[rank] <= bound(head_dim)`` at every simulated head_dim.

    ``bound`` must be rounded up: then an interval that lies wholly above it refutes, at the level of the run.
    """
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    above = [d for d, e in findings.estimates.items() if e.lower > bound(d)]
    if above:
        worst = max(above, key=lambda d: findings.estimates[d].lower - bound(d))
        interval = findings.estimates[worst]
        return by_experiment(
            Outcome.REFUTES,
            f"at head_dim {worst} the interval [{interval.lower:.6g}, {interval.upper:.6g}] for E[rank] lies above "
            f"{name} = {bound(worst):.6g}",
        )
    nearest = max(findings.estimates, key=lambda d: findings.estimates[d].mean / bound(d))
    excess = findings.estimates[nearest].mean - findings.estimates[nearest].lower
    if bound(nearest) + excess >= findings.n_keys:  # which no mean rank exceeds
        return by_experiment(Outcome.UNDECIDED, f"with these replicates no mean rank up to n could have refuted {name}")
    total = len(findings.estimates)
    return by_experiment(
        Outcome.AGREES,
        f"{total} confidence interval{'s' * (total != 1)}, none wholly above {name}; at head_dim {nearest}, the "
        f"nearest to it, an excess of about {100 * excess / bound(nearest):.2g}% would have shown",
    )


def reason_for_skipping(findings: Findings) -> str:
    """Say why nothing was simulated."""
    reasons = sorted(set(findings.skipped.values()))
    return "; ".join(reasons) if reasons else "no simulation was asked for"
