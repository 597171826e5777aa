"""Attention under a mask: the limit of wide heads, and what is open before it (V2)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import (
    CAUSAL,
    GAUSSIAN_WEIGHTS,
    HARDMAX,
    ORTHONORMAL,
    SLIDING_WINDOW,
    Assumption,
    sees_the_past,
)
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, Source, by_enclosure, by_experiment
from rankbound.claims.tests_of_bounds import intervals_against, reason_for_skipping
from rankbound.rounding import ceiling_text, floor_text
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    from rankbound.setting import Setting

_LARGEST_LAW = 20_000  # keys, for which the whole law is enclosed
_WIDEST_WINDOW = 10_000  # keys, for which the mean is summed over all keys
_TOO_WIDE = f"the limit is not summed for windows of more than {_WIDEST_WINDOW} keys"
_OPEN = Source("The rankbound authors", "rankbound, Open questions", "docs/open_questions.md")

LARGEST_LIMIT = 100_000
"""Keys for which ranks are drawn in the limit of wide heads: a run of them takes a few seconds there."""

_SEVERAL = Assumption("n >= 2", lambda setting, _: "there is one key, and the rank is 1" if setting.n_keys == 1 else "")


def _causal_enclosure(findings: Findings) -> Evidence:
    """Compare mean and variance of the law that the recurrence gives with their closed forms."""
    from rankbound import bounds

    n = findings.n_keys
    if n > _LARGEST_LAW:
        return by_enclosure(Outcome.UNDECIDED, f"the law is not computed beyond {_LARGEST_LAW} keys")
    law = bounds.causal_occupancy_law(n)
    ranks = range(law.lower.size)
    least, most = (math.fsum(k * float(p) for k, p in zip(ranks, law_, strict=True)) for law_ in (law.lower, law.upper))
    slack = 1e-15 * n  # of the products, which are rounded before they are summed
    outcome = Outcome.AGREES if least - slack <= (n + 1) / 2 <= most + slack else Outcome.REFUTES
    return by_enclosure(
        outcome,
        f"the mean of the law in the limit, computed by its recurrence, lies in [{floor_text(least - slack, 10)}, "
        f"{ceiling_text(most + slack, 10)}]",
    )


def _causal_experiment(findings: Findings) -> Evidence:
    """Put the ranks in the limit to two tests: of their mean, and of their distribution function."""
    from rankbound import bounds

    mean = _mean_in_the_limit(findings, Fraction(findings.n_keys + 1, 2), "(n+1)/2")
    if mean.outcome is not Outcome.AGREES or findings.n_keys > _LARGEST_LAW or findings.wide is None:
        return mean
    law = bounds.causal_occupancy_law(findings.n_keys)
    gap = _distance_above(findings.wide.ranks.tolist(), law.lower.cumsum().tolist(), law.upper.cumsum().tolist())
    allowed = math.sqrt(math.log(2 / findings.test_error) / (2 * findings.wide.ranks.size))
    law_text = f"the distribution function of the ranks lies at most {ceiling_text(gap, 2)} from the limit's"
    if gap > allowed:
        return by_experiment(
            Outcome.REFUTES,
            f"{law_text}, and more than {floor_text(allowed, 2)} has a probability of at most "
            f"{ceiling_text(findings.test_error, 2)}",
        )
    return by_experiment(Outcome.AGREES, f"{mean.detail}; {law_text} ({ceiling_text(allowed, 2)} would refute)")


def _distance_above(ranks: list[int], least: list[float], most: list[float]) -> float:
    """Return how far the empirical distribution function leaves the band between two distribution functions.

    By Massart's form of the inequality of Dvoretzky, Kiefer and Wolfowitz (1990) it leaves the true one by more than
    ``sqrt(log(2/error) / (2 replicates))`` with a probability of at most ``error``.
    """
    slack = 1e-12  # of the sums of probabilities, which are rounded
    counts = [0] * len(least)
    for rank in ranks:
        counts[rank] += 1
    found, seen = 0.0, 0
    for k, count in enumerate(counts):
        seen += count
        share = seen / len(ranks)
        found = max(found, least[k] - slack - share, share - min(1.0, most[k] + slack))
    return found


def _mean_in_the_limit(findings: Findings, exact: Fraction | float, name: str, upper: float | None = None) -> Evidence:
    """Compare the interval for the mean in the limit with the known mean, a number or an interval."""
    wide = findings.wide
    if wide is None:
        return by_experiment(Outcome.SKIPPED, _reason_without_limit(findings))
    top = exact if upper is None else upper
    inside = f"[{floor_text(wide.lower, 7)}, {ceiling_text(wide.upper, 7)}]"
    if wide.lower > top or wide.upper < exact:
        return by_experiment(
            Outcome.REFUTES,
            f"in the limit, where queries pick uniformly among the keys they see, E[rank] is in {inside}, which misses "
            f"{name}",
        )
    return by_experiment(
        Outcome.AGREES,
        f"{wide.ranks.size} ranks of the limit, where queries pick uniformly among the keys they see, have a mean of "
        f"{wide.mean:.7g}, E[rank] in {inside}",
    )


def _reason_without_limit(findings: Findings) -> str:
    if findings.n_keys > LARGEST_LIMIT:
        return f"the limit of wide heads is not drawn beyond {LARGEST_LIMIT} keys"
    return reason_for_skipping(findings)


def _half(findings: Findings) -> Evidence:
    return intervals_against(findings, lambda _: (findings.n_keys + 1) / 2, "(n+1)/2")


def _window_enclosure(findings: Findings) -> Evidence:
    """Compare the closed form with the sum over all keys."""
    from rankbound import bounds

    n, w = findings.n_keys, int(findings.setting.window or 1)
    if w > _WIDEST_WINDOW:
        return by_enclosure(Outcome.UNDECIDED, _TOO_WIDE)
    value = bounds.window_occupancy_mean(n, w)
    form = _window_form(n, w)
    outcome = Outcome.AGREES if value.lower <= form <= value.upper else Outcome.REFUTES
    return by_enclosure(outcome, f"summed over all keys the limit is {value.lower:.10g} (in a ball)")


def _window_form(n: int, w: int) -> Fraction:
    if w == 1:
        return Fraction(n)
    stay = Fraction(w - 1, w) ** w
    return (n - 2 * w + 2) * (1 - stay) + 3 * w * stay


def _window_experiment(findings: Findings) -> Evidence:
    from rankbound import bounds

    window = int(findings.setting.window or 1)
    if window > _WIDEST_WINDOW:
        return by_experiment(Outcome.SKIPPED, _TOO_WIDE)
    value = bounds.window_occupancy_mean(findings.n_keys, window)
    return _mean_in_the_limit(findings, value.lower, f"{value.lower:.8g}", value.upper)


def _is_causal(setting: Setting) -> bool:
    return sees_the_past(setting)


def _is_window(setting: Setting) -> bool:
    return setting.mask == "window"


MASKS = (
    Claim(
        id="causal-rank",
        statement="under a causal mask, for fixed n, as head_dim -> infinity: E[rank(A)] -> (n+1)/2, Var[rank(A)] -> "
        "(n+1)/12 (n >= 2), and P(rank(A) = k) -> A(n, k)/n!, where A(n, k) counts the permutations of n things with "
        "k - 1 descents",
        brief="under a causal mask E[rank] -> (n+1)/2 as head_dim grows, with the Eulerian law",
        source=OURS,
        assumptions=(ORTHONORMAL, GAUSSIAN_WEIGHTS, HARDMAX, CAUSAL),
        expected=Verdict.PROVED,
        scope="every n, as many queries as keys",
        enclosure=_causal_enclosure,
        experiment=_causal_experiment,
        subject=_is_causal,
    ),
    Claim(
        id="causal-rank-at-most-half",
        statement="under a causal mask E[rank(A)] <= (n+1)/2, for every n >= 2 and head_dim",
        brief="under a causal mask no head_dim lifts E[rank] above (n+1)/2: a conjecture",
        source=_OPEN,
        assumptions=(ORTHONORMAL, GAUSSIAN_WEIGHTS, HARDMAX, CAUSAL, _SEVERAL),
        expected=Verdict.CONSISTENT,
        scope="every n and head_dim, as many queries as keys",
        experiment=_half,
        silence={
            Witness.DERIVATION: "an open question: no proof is known for n > 4",
            Witness.ENCLOSURE: "no enclosure of E[rank] under a mask is known",
        },
        subject=_is_causal,
    ),
    Claim(
        id="window-rank",
        statement="when query i sees the last w of the keys 0 to i, for fixed w and n >= 2w - 2, as head_dim -> "
        "infinity, E[rank(A)] -> (n-2w+2)(1-q^w) + 3wq^w with q = 1 - 1/w; for w = 1 the limit is n",
        brief="through a window of w keys E[rank] -> (n-2w+2)(1-q^w) + 3wq^w, q = 1-1/w, for wide heads",
        source=OURS,
        assumptions=(ORTHONORMAL, GAUSSIAN_WEIGHTS, HARDMAX, SLIDING_WINDOW),
        expected=Verdict.PROVED,
        scope="every w and every n of at least 2w - 2, as many queries as keys",
        enclosure=_window_enclosure,
        experiment=_window_experiment,
        subject=_is_window,
    ),
)
