"""The barrier: what bounds the rank at every head dimension (T1 to T5)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import GAUSSIAN_HEADS, HARDMAX
from rankbound.claims.dominance import dominance_test
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, by_enclosure, by_experiment
from rankbound.claims.tests_of_bounds import (
    capital_text,
    interval_above,
    interval_detects,
    reason_for_skipping,
    refuting_enclosure,
    sharpest,
    undetectable,
)
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome, Rigour, Verdict, Witness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rankbound.claims.tests_of_bounds import Detects


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
    refutation = refuting_enclosure(findings, lambda _: findings.barrier.upper, findings.barrier_name)
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
        f"an upper end obtained without it stays below {findings.barrier_name} at {len(below)} of "
        f"{len(findings.head_dims)} head_dims",
    )


def _barrier_experiment(findings: Findings) -> Evidence:
    """Test the mean by the confidence intervals, and the law by bets against dominance.

    Dominance is more than the claim says, but a theorem under the claim's assumptions (``occupancy-dominance``), so
    that a bet that wins contradicts them all the same.
    """
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))

    def barrier(_: int) -> float:
        return findings.barrier.upper

    refutation = interval_above(findings, barrier, findings.barrier_name)
    if refutation is not None:
        return refutation
    bet = _dominance_experiment(findings)
    if bet.outcome is Outcome.REFUTES:
        return bet
    noticed = barrier_detectable(findings)
    if noticed is None:
        return undetectable(findings, barrier, findings.barrier_name, _bets(findings))
    head_dim, excess = noticed
    return by_experiment(
        Outcome.AGREES,
        f"no confidence interval lies wholly above {findings.barrier_name}, and no bet on ranks above it wins; ranks "
        f"{100 * excess:.2g}% above it on average would have refuted it (at head_dim {head_dim})",
    )


def _barrier_beyond(findings: Findings) -> Evidence:
    """Say whether the mean rank exceeds the barrier where an assumption is broken."""
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    above = interval_above(findings, lambda _: findings.barrier.upper, findings.barrier_name)
    if above is not None:
        return by_experiment(Outcome.ILLUSTRATES, f"it fails here, so what it assumes matters: {above.detail}")
    return by_experiment(
        Outcome.ILLUSTRATES,
        f"no confidence interval lies wholly above {findings.barrier_name} here: a violation is neither shown nor "
        "excluded",
    )


def barrier_detectable(findings: Findings) -> tuple[int, float] | None:
    """Return the smallest excess of the ranks' mean over the barrier that an interval or a bet notices, and where."""

    def barrier(_: int) -> float:
        return findings.barrier.upper

    intervals = {d: interval_detects(findings, d) for d in findings.estimates}
    sharp = sharpest(findings, barrier, intervals), sharpest(findings, barrier, _bets(findings))
    return min((one for one in sharp if one is not None), key=lambda one: one[1], default=None)


def _variance(findings: Findings) -> float:
    from rankbound import bounds

    return bounds.occupancy_variance(findings.n_keys, n_queries=findings.n_queries).upper


def _bets(findings: Findings) -> dict[int, Detects]:
    variance = _variance(findings)

    def detects(ranks: npt.NDArray[np.float64], barrier: float) -> bool:
        return dominance_test(ranks, barrier=barrier, variance=variance, error=findings.test_error).refutes

    return dict.fromkeys(findings.ranks, detects)


def _dominance_experiment(findings: Findings) -> Evidence:
    if not findings.ranks:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    barrier, error, variance = findings.barrier.upper, findings.test_error, _variance(findings)
    tests = {
        d: dominance_test(ranks, barrier=barrier, variance=variance, error=error) for d, ranks in findings.ranks.items()
    }
    best = max(tests, key=lambda d: tests[d].evidence)
    reached, needed = (capital_text(evidence) for evidence in (tests[best].evidence, -math.log(error)))
    if tests[best].refutes:
        return by_experiment(
            Outcome.REFUTES,
            f"at head_dim {best} ranks exceed {findings.barrier_name} too often to be dominated by Occ: a bet on that "
            f"turned 1 into {reached}; reaching {needed} had a probability of at most {ceiling_text(error, 2)}",
        )
    if sharpest(findings, lambda _: barrier, _bets(findings)) is None:
        return undetectable(findings, lambda _: barrier, "dominance", _bets(findings))
    return by_experiment(
        Outcome.AGREES,
        f"bets on ranks above {findings.barrier_name}, which start at 1, reached at most {reached} (at head_dim "
        f"{best}); {needed} would refute",
    )


def _deviation_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    n, m, name = findings.n_keys, findings.n_queries, findings.barrier_name
    excess = round(3 * math.sqrt(_variance(findings)), 3)
    tail = bounds.rank_tail_bound(n, excess, n_queries=m)
    if tail.occupancy is None:
        return by_enclosure(Outcome.UNDECIDED, "the law of the occupancy number is not computed beyond 1e5 keys")
    lower = bounds.occupancy_law(n, n_queries=m).upper_tail(math.ceil(findings.barrier.upper + excess)).lower
    outcome = Outcome.REFUTES if lower > min(tail.bernstein, tail.bounded_differences) else Outcome.AGREES
    return by_enclosure(
        outcome,
        f"P(Occ >= {name} + {excess:g}) <= {ceiling_text(tail.occupancy, 3)}, where Bernstein gives "
        f"{ceiling_text(tail.bernstein, 3)} and bounded differences {ceiling_text(tail.bounded_differences, 3)}",
    )


def _constants_enclosure(findings: Findings) -> Evidence:
    """Compare ``b(n)``, also as it is used in this run, with the two lines."""
    from rankbound import bounds

    low, high = (bounds.limiting_line(findings.n_keys, constant=c) for c in (Fraction(1, 2), Fraction(1)))
    square = findings.n_queries == findings.n_keys
    used = findings.barrier if square else bounds.barrier(findings.n_keys)
    if used.upper < low.lower or used.lower > high.upper:
        return by_enclosure(
            Outcome.REFUTES,
            f"b(n) as used in this run, {used.lower:.12g}, is not between {low.lower:.12g} and {high.upper:.12g}",
        )
    above, below = bounds.barrier_margins(findings.n_keys)
    if used.lower > low.upper + above.upper or used.upper < low.lower + above.lower:
        return by_enclosure(
            Outcome.REFUTES,
            f"b(n) as used in this run, {used.lower:.12g}, is not the lower end and its distance from it, "
            f"{low.lower:.12g} + {above.lower:.6g}",
        )
    inside = above.lower > 0 and (below.lower > 0 or (findings.n_keys == 1 and below.lower == below.upper == 0))
    outside = above.upper <= 0 or below.upper < 0
    outcome = Outcome.ESTABLISHES if inside else Outcome.REFUTES if outside else Outcome.UNDECIDED
    over, under = floor_text(above.lower, 6), floor_text(below.lower, 6)
    return by_enclosure(outcome, f"b(n) lies at least {over} above the lower end and {under} below the upper")


def _wide_head_enclosure(findings: Findings) -> Evidence:
    from rankbound import bounds

    name = findings.barrier_name
    target = 0.9990001 * findings.barrier.upper  # so that no rounding spoils the 0.1%
    head_dim = bounds.certified_head_dim(findings.n_keys, target, n_queries=findings.n_queries)
    if head_dim is None:
        return by_enclosure(Outcome.UNDECIDED, f"no head_dim is certified to come within 0.1% of {name}")
    return by_enclosure(
        Outcome.ILLUSTRATES, f"at head_dim {head_dim}, E[rank] is certified to lie within 0.1% of {name}"
    )


def _wide_head_experiment(findings: Findings) -> Evidence:
    if not findings.estimates:
        return by_experiment(Outcome.SKIPPED, reason_for_skipping(findings))
    widest = max(findings.estimates)
    mean = findings.estimates[widest].mean
    share = mean / findings.barrier.lower
    return by_experiment(
        Outcome.ILLUSTRATES,
        f"at head_dim {widest} the mean rank is {mean:.6g}, that is {share:.4f} {findings.barrier_name}",
    )


BARRIER_THEOREMS = (
    Claim(
        id="rank-is-occupancy",
        statement="rank(A) is the number of distinct argmax columns, for every hardmax attention matrix A",
        brief="the rank is the number of distinct keys that are picked",
        source=OURS,
        assumptions=(HARDMAX,),
        expected=Verdict.PROVED,
        scope="every hardmax attention matrix, of any shape",
        experiment=_occupancy_experiment,
        silence={Witness.ENCLOSURE: "a statement about every matrix: there is no number to enclose"},
    ),
    Claim(
        id="barrier",
        statement="for n keys, m queries and every head_dim, E[rank(A)] <= b(n, m) = n(1-(1-1/n)^m), also given the "
        "keys, whatever they are; b(n) = b(n, n)",
        brief="no head_dim lifts E[rank] above n(1-(1-1/n)^m), for m queries and n keys",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_barrier_enclosure,
        experiment=_barrier_experiment,
        beyond=_barrier_beyond,
    ),
    Claim(
        id="occupancy-dominance",
        statement="P(rank(A) >= x) <= P(Occ >= x) for every x and head_dim, also given the keys, whatever they are; "
        "Occ is the number of occupied cells when the m queries fall uniformly into the n keys, each like a ball",
        brief="rank(A) is stochastically at most the number of keys that as many uniform picks hit",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        experiment=_dominance_experiment,
        silence={Witness.ENCLOSURE: "a statement about laws, where only means are enclosed"},
    ),
    Claim(
        id="rank-deviation",
        statement="P(rank(A) >= b(n, m) + t) <= exp(-t^2/(2(v + t/3))) and <= exp(-2t^2/m) for m queries, every t > 0 "
        "and every head_dim, v the variance of Occ",
        brief="a single rank exceeds the barrier by t with probability at most exp(-t^2/(2(v + t/3)))",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_deviation_enclosure,
        silence={Witness.EXPERIMENT: "it follows from occupancy-dominance, which says more and is tested there"},
    ),
    Claim(
        id="barrier-constants",
        statement="(1-1/e)n + 1/(2e) < b(n) <= (1-1/e)n + 1/e for every n >= 1, with equality only at n = 1",
        brief="b(n) exceeds (1-1/e)n by between 1/(2e) and 1/e",
        source=OURS,
        assumptions=(),
        expected=Verdict.PROVED,
        scope="every n",
        enclosure=_constants_enclosure,
        silence={Witness.EXPERIMENT: "a statement about numbers: there is nothing random in it"},
    ),
    Claim(
        id="wide-head-limit",
        statement="for fixed numbers n of keys and m of queries, as head_dim -> infinity, rank(A) tends in law to the "
        "number of occupied cells when m balls fall uniformly into n cells, so that E[rank(A)] -> b(n, m)",
        brief="E[rank] tends to the barrier as head_dim grows",
        source=OURS,
        assumptions=GAUSSIAN_HEADS,
        expected=Verdict.PROVED,
        enclosure=_wide_head_enclosure,
        experiment=_wide_head_experiment,
    ),
)
