"""Our own theorems: what is true of the rank, with the witnesses that can test it."""

from __future__ import annotations

import math

from rankbound.claims.record import Claim, Findings, Source, by_enclosure, by_experiment
from rankbound.claims.tests_of_bounds import intervals_against, reason_for_skipping, refuting_enclosure
from rankbound.rounding import floor_text
from rankbound.verdict import Evidence, Outcome, Rigour, Verdict, Witness

OURS = Source("The rankbound authors", "rankbound, The theorems", "docs/theorems.md")

GAUSSIAN_HEADS = (
    "X X^T = I",
    "W_q and W_k independent, with iid N(0, 1) entries",
    "hardmax: each query attends to the key of largest score (temperature 0)",
    "as many queries as keys (n = sequence length)",
)

ASYMPTOTIC = "a statement about n -> infinity, which no finite sample can test"


def _occupancy_experiment(findings: Findings) -> Evidence:
    if findings.occupancy is None:
        return by_experiment(Outcome.SKIPPED, "no simulation was asked for")
    check = findings.occupancy
    outcome = Outcome.AGREES if check.agreeing == check.drawn else Outcome.REFUTES
    return by_experiment(
        outcome,
        f"exact rank = number of distinct argmax keys in {check.agreeing} of {check.drawn} matrices of {check.n_keys} "
        f"queries and keys at head_dim {check.head_dim}, drawn from weights",
    )


def _barrier_enclosure(findings: Findings) -> Evidence:
    refutation = refuting_enclosure(findings, lambda _: findings.barrier.upper, "b(n)")
    if refutation is not None:
        return refutation
    # Not the enclosure's upper end: that already makes use of the barrier.
    below = [
        d
        for d, point in findings.certified.items()
        if point.norm_conditioned <= findings.barrier.lower
        or (point.expected_rank.rigour is Rigour.EXACT and point.expected_rank.upper <= findings.barrier.upper)
    ]
    return by_enclosure(
        Outcome.AGREES if below else Outcome.UNDECIDED,
        f"an upper end obtained without it stays below b(n) at {len(below)} of {len(findings.head_dims)} head_dims",
    )


def _barrier_experiment(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda _: findings.barrier.upper, "b(n)")


def _constants_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    above, below = bounds.barrier_margins(findings.n_keys)
    inside = above.lower > 0 and (below.lower > 0 or (findings.n_keys == 1 and below.lower == below.upper == 0))
    outside = above.upper <= 0 or below.upper < 0
    outcome = Outcome.ESTABLISHES if inside else Outcome.REFUTES if outside else Outcome.UNDECIDED
    over, under = floor_text(above.lower, 6), floor_text(below.lower, 6)
    return by_enclosure(outcome, f"b(n) lies at least {over} above the lower end and {under} below the upper")


def _wide_head_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    target = 0.9990001 * findings.barrier.upper  # so that no rounding spoils the 0.1%
    head_dim = bounds.certified_head_dim(findings.n_keys, target)
    if head_dim is None:
        return by_enclosure(Outcome.UNDECIDED, "no head_dim is certified to come within 0.1% of b(n)")
    return by_enclosure(Outcome.ILLUSTRATES, f"at head_dim {head_dim}, E[rank] is certified to lie within 0.1% of b(n)")


def _wide_head_experiment(findings: Findings) -> Evidence:
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    widest = max(findings.estimates)
    mean = findings.estimates[widest].mean
    share = mean / findings.barrier.lower
    return by_experiment(
        Outcome.ILLUSTRATES, f"at head_dim {widest} the mean rank is {mean:.6g}, that is {share:.4f} b(n)"
    )


def _conditioned_enclosure(findings: Findings) -> Evidence:
    refutation = refuting_enclosure(findings, lambda d: findings.certified[d].norm_conditioned, "U(n, head_dim)")
    if refutation is not None:
        return refutation
    total = len(findings.certified)
    return by_enclosure(Outcome.AGREES, f"a lower end obtained another way stays below U at all {total} head_dims")


def _conditioned_experiment(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda d: findings.certified[d].norm_conditioned, "U(n, head_dim)")


def _exponent_enclosure(_: Findings) -> Evidence:
    from rankbound import bounds

    exponent = bounds.rank_exponent(1.0)
    shares = ", ".join(f"{share:.2g}" for share in shares_along_log_n(1.0))
    return by_enclosure(
        Outcome.ILLUSTRATES,
        f"e(1) = {exponent.lower:.6f}; at head_dim ceil(log n), E[rank]/n is below about {shares} for n = 1e3, 1e6, "
        "1e9",
    )


def shares_along_log_n(c: float) -> list[float]:
    """Return upper bounds on ``E[rank]/n`` at ``head_dim = ceil(c ln n)``, for n = 10^3, 10^6, 10^9."""
    from rankbound import bounds

    lengths = (10**3, 10**6, 10**9)
    return [bounds.norm_conditioned_barrier(n, math.ceil(c * math.log(n))) / n for n in lengths]


THEOREMS = (
    Claim(
        id="rank-is-occupancy",
        statement="rank(A) is the number of distinct argmax columns, for every hardmax attention matrix A",
        source=OURS,
        assumptions=("each row of A has a single 1, in the column of its argmax",),
        expected=Verdict.PROVED,
        experiment=_occupancy_experiment,
        silence={Witness.ENCLOSURE: "a statement about every matrix: there is no number to enclose"},
    ),
    Claim(
        id="barrier",
        statement="E[rank(A)] <= b(n) = n(1-(1-1/n)^n) for every head_dim, also given the keys, whatever they are",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_barrier_enclosure,
        experiment=_barrier_experiment,
    ),
    Claim(
        id="barrier-constants",
        statement="(1-1/e)n + 1/(2e) < b(n) <= (1-1/e)n + 1/e for every n >= 1, with equality only at n = 1",
        source=OURS,
        assumptions=(),
        expected=Verdict.PROVED,
        enclosure=_constants_enclosure,
        silence={Witness.EXPERIMENT: "a statement about numbers: there is nothing random in it"},
    ),
    Claim(
        id="wide-head-limit",
        statement="for fixed n, as head_dim -> infinity, rank(A) tends in law to the number of occupied cells when n "
        "balls fall uniformly into n cells, so that E[rank(A)] -> b(n)",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_wide_head_enclosure,
        experiment=_wide_head_experiment,
    ),
    Claim(
        id="norm-conditioned-barrier",
        statement="E[rank(A)] <= U(n, head_dim) = n E[h(g(R))], h(p) = 1-(1-p)^n, R ~ chi_head_dim, g(r) the "
        "probability that a key of norm r is picked; and U <= b(n)",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_conditioned_enclosure,
        experiment=_conditioned_experiment,
    ),
    Claim(
        id="log-n-exponent",
        statement="upper half: with head_dim = ceil(c log n), c > 0 fixed, E[rank(A)] <= n^(e(c) + o(1)), where "
        "e(c) = 1-(c/2)(y-1-log y) < 1, y = (2/c)/(1-exp(-2/c))",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_exponent_enclosure,
        silence={Witness.EXPERIMENT: ASYMPTOTIC},
    ),
)
