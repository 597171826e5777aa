"""How an experiment and an enclosure test a claim of the form ``E[rank] <= bound(head_dim)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rankbound.claims.record import Findings, by_enclosure, by_experiment
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome

if TYPE_CHECKING:
    from montecarlo import RankEstimate

UpperBound = Callable[[int], float]


def refuting_enclosure(findings: Findings, bound: UpperBound, name: str) -> Evidence | None:
    """Return the refutation of ``E[rank] <= bound(head_dim)`` by the lower end of an enclosure, if there is one.

    ``bound`` must be rounded up. That there is none says nothing about head dimensions that were not enclosed.
    """
    excess = {d: point.expected_rank.lower - bound(d) for d, point in findings.certified.items()}
    worst = max(excess, key=lambda d: excess[d], default=None)
    if worst is None or excess[worst] <= 0:
        return None
    lower, limit = _apart(findings.certified[worst].expected_rank.lower, bound(worst))
    return by_enclosure(
        Outcome.REFUTES, f"at head_dim {worst}, E[rank] >= {lower}, while {name} <= {limit} (certified)"
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
        lower, limit = _apart(findings.estimates[worst].lower, bound(worst))
        return by_experiment(
            Outcome.REFUTES,
            f"at head_dim {worst} the confidence interval for E[rank] begins at {lower}, above {name} <= {limit}",
        )
    nearest = max(findings.estimates, key=lambda d: findings.estimates[d].mean / bound(d))
    most = max(findings.estimates, key=lambda d: findings.estimates[d].replicates)
    total = len(findings.estimates)
    for head_dim in (nearest, most):
        needed = _refuting_excess(findings.estimates[head_dim], bound(head_dim), findings.n_keys)
        if needed is not None:
            return by_experiment(
                Outcome.AGREES,
                f"{total} confidence interval{'s' * (total != 1)}, none wholly above {name}; at head_dim {head_dim} it "
                f"takes a mean rank about {100 * needed:.2g}% above it to refute",
            )
    reason = "no rank exceeds n" if bound(nearest) >= findings.n_keys else "too few replicates"
    return by_experiment(Outcome.UNDECIDED, f"nothing that could have been drawn refutes {name}: {reason}")


def _refuting_excess(estimate: RankEstimate, bound: float, most: int) -> float | None:
    """Return by what part of ``bound`` a constant rank must exceed it to be refuting evidence, or ``None`` if none is.

    The run's own procedure decides, on constant ranks: their interval is the narrowest that so many replicates can
    give.
    """
    import numpy as np

    from montecarlo import confidence_interval

    def refutes(rank: float) -> bool:
        ranks = np.full(estimate.replicates, rank)
        lower, _ = confidence_interval(
            ranks, lower=1.0, upper=float(most), error=estimate.error, horizon=estimate.replicates
        )
        return lower > bound

    low, high = max(bound, 1.0), float(most)
    if not low < high or not refutes(high):
        return None
    for _ in range(12):  # to 1/4096 of the range
        middle = (low + high) / 2
        low, high = (low, middle) if refutes(middle) else (middle, high)
    return high / bound - 1


def _apart(lower: float, limit: float) -> tuple[str, str]:
    """Show ``lower`` rounded down and ``limit`` rounded up, with as many digits as keep them apart."""
    for digits in range(6, 18):
        texts = floor_text(lower, digits), ceiling_text(limit, digits)
        if float(texts[0]) > float(texts[1]):
            return texts
    return repr(lower), repr(limit)


def reason_for_skipping(findings: Findings) -> str:
    """Say why nothing was simulated."""
    reasons = sorted(set(findings.skipped.values()))
    return "; ".join(reasons) if reasons else "no simulation was asked for"
