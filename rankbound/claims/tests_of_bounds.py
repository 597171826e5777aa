"""How an experiment and an enclosure test claims of the form ``E[rank] <= bound(head_dim)``, or ``>=``.

The experiment also says how sharp it was: by how much the mean of ranks that scatter like those drawn would have to
exceed the bound for this run to have noticed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rankbound.claims.record import Findings, by_enclosure, by_experiment
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Bound = Callable[[int], float]

_HALVINGS = 14


def refuting_enclosure(findings: Findings, bound: Bound, name: str) -> Evidence | None:
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


def intervals_against(findings: Findings, bound: Bound, name: str) -> Evidence:
    """Let the confidence intervals test ``E[rank] <= bound(head_dim)`` at every simulated head_dim.

    ``bound`` must be rounded up: then an interval that lies wholly above it refutes, at the level of the run.
    """
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    refutation = interval_above(findings, bound, name)
    if refutation is not None:
        return refutation
    tests = {d: interval_detects(findings, d) for d in findings.estimates}
    sharp = sharpest(findings, bound, tests)
    if sharp is None:
        return undetectable(findings, bound, name, tests)
    head_dim, excess = sharp
    total = len(findings.estimates)
    return by_experiment(
        Outcome.AGREES,
        f"{total} confidence interval{'s' * (total != 1)}, none wholly above {name}; ranks {100 * excess:.2g}% above "
        f"it on average would have refuted it (at head_dim {head_dim})",
    )


def interval_above(findings: Findings, bound: Bound, name: str) -> Evidence | None:
    """Return the refutation of ``E[rank] <= bound(head_dim)`` by an interval wholly above it, if there is one."""
    above = [d for d, e in findings.estimates.items() if e.lower > bound(d)]
    if not above:
        return None
    worst = max(above, key=lambda d: findings.estimates[d].lower - bound(d))
    lower, limit = _apart(findings.estimates[worst].lower, bound(worst))
    return by_experiment(
        Outcome.REFUTES,
        f"at head_dim {worst} the confidence interval for E[rank] begins at {lower}, above {name} <= {limit}",
    )


def intervals_above_lower_bound(findings: Findings, bounds: Mapping[int, float], name: str) -> Evidence:
    """Let the confidence intervals test ``E[rank] >= bounds[head_dim]``, rounded down, wherever there is a bound."""
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    ends = {d: findings.estimates[d].upper for d in bounds if d in findings.estimates}
    if not ends:
        return by_experiment(Outcome.UNDECIDED, f"{name} is not used at any head_dim that was simulated")
    closest = min(ends, key=lambda d: ends[d] / bounds[d])
    if ends[closest] < bounds[closest]:
        limit, upper = _apart(bounds[closest], ends[closest])
        return by_experiment(
            Outcome.REFUTES,
            f"at head_dim {closest} the confidence interval for E[rank] ends at {upper}, below {name} >= {limit}",
        )
    if not any(_would_fall_below(findings, d, bounds[d]) for d in ends):
        return by_experiment(
            Outcome.UNDECIDED, f"nothing that could have been drawn refutes {name}: too few replicates"
        )
    return by_experiment(
        Outcome.AGREES,
        f"{len(ends)} confidence interval{'s' * (len(ends) != 1)}, none wholly below {name}; the closest ends "
        f"{100 * (ends[closest] / bounds[closest] - 1):.2g}% above it (at head_dim {closest})",
    )


def _would_fall_below(findings: Findings, head_dim: int, bound: float) -> bool:
    """Whether the interval would lie below ``bound`` if all ranks were 1: by symmetry, above it if all were n."""
    import numpy as np

    most = float(findings.most)
    ranks = np.full(findings.ranks[head_dim].size, most)
    return interval_detects(findings, head_dim)(ranks, most + 1.0 - bound)


Detects = Callable[["npt.NDArray[np.float64]", float], bool]
"""Whether a test refutes that the mean rank is at most a bound, when these are the ranks."""


def interval_detects(findings: Findings, head_dim: int) -> Detects:
    """Return the test by the confidence interval at one head_dim, as the run uses it."""
    from montecarlo import excludes_up_to

    estimate = findings.estimates[head_dim]

    def detects(ranks: npt.NDArray[np.float64], bound: float) -> bool:
        most = float(findings.most)
        return excludes_up_to(
            bound, ranks, lower=1.0, upper=most, error=estimate.error, horizon=estimate.horizon or ranks.size
        )

    return detects


def sharpest(findings: Findings, bound: Bound, tests: dict[int, Detects]) -> tuple[int, float] | None:
    """Return the smallest relative excess over ``bound`` that one of the tests would have noticed, and where.

    The ranks drawn at a head_dim, all moved by the same amount until their mean is so much above the bound (and those
    beyond the largest possible one moved back to it), are what the test is put to. ``None`` if it would have noticed no
    excess.
    """
    found = {d: _smallest_excess(findings, d, bound(d), test) for d, test in tests.items()}
    noticed = {d: excess for d, excess in found.items() if excess is not None}
    best = min(noticed, key=lambda d: noticed[d], default=None)
    return None if best is None else (best, noticed[best])


def _smallest_excess(findings: Findings, head_dim: int, bound: float, detects: Detects) -> float | None:
    import numpy as np

    ranks, most = findings.ranks[head_dim].astype(np.float64), float(findings.most)
    scatter = ranks - ranks.mean()

    def noticed(excess: float) -> bool:
        return detects(np.clip(scatter + bound * (1.0 + excess), 1.0, most), bound)

    low, high = 0.0, most / bound - 1.0
    if not low < high or not noticed(high):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if noticed(middle) else (middle, high)
    return high


def undetectable(findings: Findings, bound: Bound, name: str, tests: Mapping[int, Detects]) -> Evidence:
    """Say that ranks like those drawn would not have refuted the bound, wherever they lie, or that none would."""
    import numpy as np

    if all(bound(d) >= findings.most for d in findings.estimates):
        return by_experiment(
            Outcome.UNDECIDED, f"nothing that could have been drawn refutes {name}: no rank exceeds {findings.most}"
        )
    extreme = {d: np.full(findings.ranks[d].size, float(findings.most)) for d in tests}
    if any(test(extreme[d], bound(d)) for d, test in tests.items()):
        return by_experiment(
            Outcome.UNDECIDED, f"ranks that scatter like those drawn do not refute {name}, wherever their mean lies"
        )
    return by_experiment(Outcome.UNDECIDED, f"nothing that could have been drawn refutes {name}: too few replicates")


def _apart(lower: float, limit: float) -> tuple[str, str]:
    """Show ``lower`` rounded down and ``limit`` rounded up, with as many digits as keep them apart."""
    for digits in range(6, 18):
        texts = floor_text(lower, digits), ceiling_text(limit, digits)
        if float(texts[0]) > float(texts[1]):
            return texts
    return repr(lower), repr(limit)


def capital_text(log: float) -> str:
    """Show a gambler's capital, given its logarithm."""
    if not math.isfinite(log):
        return "infinity"
    return f"{math.exp(log):.3g}" if log < math.log(1e5) else f"10^{log / math.log(10):.1f}"


def reason_for_skipping(findings: Findings) -> str:
    """Say why nothing was simulated."""
    reasons = sorted(set(findings.skipped.values()))
    return "; ".join(reasons) if reasons else "no simulation was asked for"
