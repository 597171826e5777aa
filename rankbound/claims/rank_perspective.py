"""Readings of "On the Limitation and Redundancy of Transformers: A Rank Perspective".

Quotations are from its abstract (OpenReview GoK1PfVgXU; an earlier submission, 0sary0UZn5, words it a little
differently), which is all that is known of it here. Each claim judges one stated reading of the
quoted words, and a refuted reading says nothing about readings that are not listed.
"""

from __future__ import annotations

import math
from fractions import Fraction

from rankbound.claims.record import Claim, Findings, Source, by_enclosure
from rankbound.claims.tests_of_bounds import intervals_against, refuting_enclosure
from rankbound.claims.theorems import ASYMPTOTIC, GAUSSIAN_HEADS, shares_along_log_n
from rankbound.rounding import floor_text
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

ABSTRACT = Source(
    "anonymous (submission 14520)",
    "On the Limitation and Redundancy of Transformers: A Rank Perspective. OpenReview GoK1PfVgXU",
    "abstract",
)

BARRIER_WORDS = (
    "a consistent theoretical upper bound ($\\approx 0.63n$, $n$: the sequence length) on the attention rank "
    "(regardless of $d_h$) given random weights"
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


READINGS = (
    Claim(
        id="paper-barrier-about-063n",
        quote=BARRIER_WORDS,
        statement="E[rank(A)] <= (1-1/e)n + 1/e for every n >= 1 and every head_dim: at most about 0.63 n, up to a "
        "constant",
        source=ABSTRACT,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_about_enclosure,
        experiment=_about_experiment,
    ),
    Claim(
        id="paper-barrier-literal",
        quote=BARRIER_WORDS,
        statement="E[rank(A)] <= (1-1/e)n for every n >= 1 and every head_dim: the abstract's approximate 0.63n taken "
        "as an exact bound",
        source=ABSTRACT,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.REFUTED,
        corrected="E[rank(A)] <= n(1-(1-1/n)^n) <= (1-1/e)n + 1/e for every n and head_dim, and the first is "
        "approached as head_dim grows: the literal line is exceeded, by at most 1/e (barrier, barrier-constants, "
        "wide-head-limit)",
        enclosure=_literal_enclosure,
        experiment=_literal_experiment,
    ),
    Claim(
        id="paper-log-n-necessary",
        quote=SATURATION_WORDS,
        statement="if E[rank(A)] ~ (1-1/e)n along n -> infinity, then head_dim = Omega(log n): log n is necessary for "
        "saturation",
        source=ABSTRACT,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_necessary_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
    Claim(
        id="paper-log-n-sufficient",
        quote=SATURATION_WORDS,
        statement="there is a c such that E[rank(A)] ~ (1-1/e)n whenever head_dim >= c log n: log n is sufficient for "
        "saturation",
        source=ABSTRACT,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.REFUTED,
        corrected="at head_dim = ceil(c log n), whatever the constant c, E[rank(A)] = n^(e(c)+o(1)) with e(c) < 1 "
        "(log-n-exponent, log-n-exponent-limit), so no multiple of log n saturates; head_dim/log^2 n -> infinity does "
        "(argued in the docs, The theorems: noise stability; not machine-checked)",
        enclosure=_sufficient_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
)
