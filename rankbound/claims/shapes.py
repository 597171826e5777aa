"""More queries than keys, or fewer (V1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import GAUSSIAN_HEADS
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, by_enclosure
from rankbound.claims.tests_of_bounds import intervals_against
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome, Verdict

if TYPE_CHECKING:
    from rankbound.setting import Setting


def _enclosure(findings: Findings) -> Evidence:
    """Compare the barrier, as it is used in this run, with the two lines."""
    from rankbound import bounds

    line = bounds.limiting_share(findings.n_keys, findings.n_queries)
    above = findings.barrier.lower - line.upper, findings.barrier.upper - line.lower
    if above[0] < 0.0 and above[1] > 1 / math.e:
        name = findings.barrier_name
        return by_enclosure(
            Outcome.UNDECIDED, f"floats as large as {name} = {line.lower:.8g} lie further apart than 1/e"
        )
    inside = above[1] >= 0.0 and above[0] <= math.nextafter(1 / math.e, 1.0)
    return by_enclosure(
        Outcome.AGREES if inside else Outcome.REFUTES,
        f"{findings.barrier_name} lies between {floor_text(above[0], 4)} and {ceiling_text(above[1], 4)} above "
        f"n (1 - exp(-m/n)) = {line.lower:.8g}",
    )


def _experiment(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda _: findings.barrier.upper, findings.barrier_name)


def _has_other_queries(setting: Setting) -> bool:
    return setting.n_queries != setting.n_keys


SHAPES = (
    Claim(
        id="cross-attention",
        statement="for n keys, m queries and every head_dim, E[rank(A)] <= b(n, m) = n(1-(1-1/n)^m), which is at most "
        "n and at most m, and lies above n(1-exp(-m/n)) by at most 1/e, so that for m = rn it is a share of 1-exp(-r) "
        "of n as n grows, and for fixed n it tends to n as m grows",
        brief="with m queries the barrier is a share of about 1-exp(-m/n) of the keys",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_enclosure,
        experiment=_experiment,
        subject=_has_other_queries,
    ),
)
