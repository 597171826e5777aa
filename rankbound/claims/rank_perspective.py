"""Readings of "On the Limitation and Redundancy of Transformers: A Rank Perspective".

Quotations are from its abstract (OpenReview GoK1PfVgXU; an earlier submission, 0sary0UZn5, words it a little
differently), which is all that is known of it here. Each claim judges one stated reading of the
quoted words, and a refuted reading says nothing about readings that are not listed.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import SQUARE_HEADS
from rankbound.claims.asymptotic_theorems import shares_along_log_n
from rankbound.claims.ours import ASYMPTOTIC
from rankbound.claims.record import Claim, Findings, Source, by_enclosure
from rankbound.claims.tests_of_bounds import intervals_against, refuting_enclosure
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    from rankbound.enclosure import Enclosure

ABSTRACT = Source(
    "anonymous (submission 14520)",
    "On the Limitation and Redundancy of Transformers: A Rank Perspective. OpenReview GoK1PfVgXU",
    "abstract",
)

BARRIER_WORDS = (
    "a consistent theoretical upper bound ($\\approx 0.63n$, $n$: the sequence length) on the attention rank "
    "(regardless of $d_h$) given random weights"
)
REDUNDANCY_WORDS = (
    "*both the attention rank and learning performance simultaneously get marginal enhancements when increasing "
    "modeling parameters*"
)
SATURATION_WORDS = "a critical position of the rank saturation ($d_h=\\Omega(\\log n)$)"


def _about_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    line = bounds.limiting_line(findings.n_keys, constant=Fraction(1)).upper
    refutation = refuting_enclosure(findings, lambda _: line, "(1-1/e)n + 1/e")
    if refutation is not None:
        return refutation
    below = sum(point.norm_conditioned <= line for point in findings.certified.values())
    return by_enclosure(
        Outcome.AGREES if below else Outcome.UNDECIDED,
        f"an upper end obtained without the barrier stays below (1-1/e)n + 1/e at {below} of "
        f"{len(findings.head_dims)} head_dims",
    )


def _about_experiment(findings: Findings) -> Evidence:
    from rankbound import bounds

    line = bounds.limiting_line(findings.n_keys, constant=Fraction(1))
    return intervals_against(findings, lambda _: line.upper, "(1-1/e)n + 1/e")


def _literal_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    line = bounds.limiting_line(findings.n_keys).upper
    head_dim = bounds.certified_head_dim(findings.n_keys, line)
    if head_dim is None:
        return by_enclosure(Outcome.UNDECIDED, "no head_dim up to 1e10 is certified to exceed (1-1/e)n")
    excess = math.nextafter(bounds.noise_stability_bound(findings.n_keys, head_dim) - line, 0.0)
    return by_enclosure(
        Outcome.REFUTES,
        f"at head_dim {head_dim}, E[rank] exceeds (1-1/e)n by at least {floor_text(excess, 3)} (certified)",
    )


def _literal_experiment(findings: Findings) -> Evidence:
    from rankbound import bounds

    line = bounds.limiting_line(findings.n_keys)
    return intervals_against(findings, lambda _: line.upper, "(1-1/e)n")


def _necessary_enclosure(_: Findings) -> Evidence:
    shares = ", ".join(f"{share:.2g}" for share in shares_along_log_n(0.5))
    return by_enclosure(
        Outcome.ILLUSTRATES, f"at head_dim ceil(0.5 log n), E[rank]/n is below about {shares} for n = 1e3, 1e6, 1e9"
    )


def _sufficient_enclosure(_: Findings) -> Evidence:
    shares = ", ".join(f"{share:.2g}" for share in shares_along_log_n(2.0))
    return by_enclosure(
        Outcome.ILLUSTRATES, f"at head_dim ceil(2 log n), E[rank]/n is below about {shares} for n = 1e3, 1e6, 1e9"
    )


def _reduction_enclosure(findings: Findings) -> Evidence:
    """Certify what wider heads gain: from each head_dim to twice it, and from the widest to any other."""
    points = {d: point.expected_rank for d, point in findings.certified.items()}
    gains = []
    for d, low in points.items():
        if 2 * d in points:
            least, most = _ratio(points[2 * d], low)
            gains.append(f"by {floor_text(least, 4)} to {ceiling_text(most, 4)} ({d} to {2 * d})")
    widest = max(points)
    _, rest = _ratio(findings.barrier, points[widest])
    doubled = f"twice the head_dim multiplies E[rank] {', '.join(gains)}; " if gains else ""
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"{doubled}no head_dim multiplies that at {widest} by more than {ceiling_text(rest, 4)} (certified)",
    )


def _ratio(high: Enclosure, low: Enclosure) -> tuple[float, float]:
    """Enclose the ratio of two enclosed numbers, both positive."""
    return math.nextafter(high.lower / low.upper, 0.0), math.nextafter(high.upper / low.lower, math.inf)


def _marginal_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    gains = []
    for n in dict.fromkeys((findings.n_keys, 10**6)):
        first, second = (max(1, math.ceil(x * math.log(n))) for x in (1, 2))
        least, _ = _ratio(bounds.expected_rank(n, second), bounds.expected_rank(n, first))
        gains.append(f"by at least {floor_text(least, 4)} at n = {n} ({first} to {second})")
    return by_enclosure(Outcome.ILLUSTRATES, f"from log n to 2 log n, E[rank] is multiplied {', '.join(gains)}")


RANK_READINGS = (
    Claim(
        id="paper-barrier-about-063n",
        quote=BARRIER_WORDS,
        statement="E[rank(A)] <= (1-1/e)n + 1/e for every n >= 1 and every head_dim: at most about 0.63 n, up to a "
        "constant",
        brief="about 0.63 n at most, that is (1-1/e)n + 1/e, whatever head_dim",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_about_enclosure,
        experiment=_about_experiment,
    ),
    Claim(
        id="paper-barrier-literal",
        quote=BARRIER_WORDS,
        statement="E[rank(A)] <= (1-1/e)n for every n >= 1 and every head_dim: the abstract's approximate 0.63n taken "
        "as an exact bound",
        brief="exactly (1-1/e)n at most, whatever head_dim",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.REFUTED,
        corrected="E[rank(A)] <= n(1-(1-1/n)^n) <= (1-1/e)n + 1/e for every n and head_dim (barrier, "
        "barrier-constants); the first is approached as head_dim grows, so that (1-1/e)n itself is exceeded, by "
        "at most 1/e (wide-head-limit)",
        enclosure=_literal_enclosure,
        experiment=_literal_experiment,
    ),
    Claim(
        id="paper-log-n-necessary",
        quote=SATURATION_WORDS,
        statement="if E[rank(A)] ~ (1-1/e)n along n -> infinity, then head_dim = Omega(log n): log n is necessary for "
        "saturation",
        brief="a head_dim of order log n is necessary for saturation",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_necessary_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="paper-log-n-sufficient",
        quote=SATURATION_WORDS,
        statement="there is a c such that E[rank(A)] ~ (1-1/e)n whenever head_dim >= c log n: log n is sufficient for "
        "saturation",
        brief="a head_dim of order log n is sufficient for saturation",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.REFUTED,
        corrected="at head_dim = ceil(c log n), whatever the constant c, E[rank(A)] = n^(e(c)+o(1)) with e(c) < 1, so "
        "no multiple of log n saturates (log-n-exponent-limit), but head_dim/log^2 n -> infinity does "
        "(saturation-window)",
        enclosure=_sufficient_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="paper-model-reduction",
        quote=REDUNDANCY_WORDS,
        statement="for every n and eps > 0, beyond some head_dim no larger one raises E[rank(A)] by more than eps: the "
        "rank eventually gains only marginally from wider heads (of learning performance nothing is judged)",
        brief="eventually, wider heads gain the rank only little",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.PROVED,
        enclosure=_reduction_enclosure,
        silence={Witness.EXPERIMENT: "a statement about head_dim -> infinity, which no finite sample can test"},
    ),
    Claim(
        id="paper-marginal-at-log-n",
        quote=SATURATION_WORDS,
        statement="there are c and C such that, for every n >= 2 and every x >= c, raising head_dim from x log n to "
        "2x log n (both rounded up) multiplies E[rank(A)] by at most C: in that sense it is saturated at order log n",
        brief="from a head_dim of order log n on, doubling it gains at most a constant factor",
        source=ABSTRACT,
        assumptions=SQUARE_HEADS,
        expected=Verdict.REFUTED,
        corrected="from head_dim = c log n to 2c log n, E[rank(A)] is multiplied by n^(e(2c) - e(c) + o(1)), a "
        "positive power of n for every c >= 1/2; for fixed n, gains do vanish as head_dim grows (log-n-exponent-limit, "
        "paper-model-reduction)",
        enclosure=_marginal_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
)
