"""All head dimensions together against their certified intervals: small disagreements everywhere add up.

One confidence interval tests one head dimension. A fault of the sampler, or of the bounds, that moves all ranks a
little may stay within each of them. So a gambler bets, replicate by replicate and in the order in which they were
drawn, that ranks lie *below* the certified intervals, and another that they lie *above*. A bet at a head dimension with
certified interval [L, U] multiplies the first gambler's capital by ``1 + stake (L - rank)``, the second's by
``1 + stake (rank - U)``, with a stake that depends on earlier ranks only and never risks all: from 0 to
``0.98 / (n - L)``, or to ``0.98 / (U - 1)``, as ranks are from 1 to n. If every expected rank lies in its interval,
both capitals are non-negative supermartingales that start at 1, and so is their average; by Ville's inequality it ever
reaches ``1/error`` with probability at most ``error``, whatever decides how many replicates are drawn where.

The stake is that of Kelly for the mean and variance seen at that head dimension so far, and 0 where the ranks seen do
not lie on the gambler's side: head dimensions that agree cost little, those that do not multiply. (Waudby-Smith and
Ramdas, J. R. Stat. Soc. B 86, 2024, sections 4 and B; that paper bets on one mean.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rankbound.enclosure import Enclosure

_RISK = 0.98
_SLACK = 2.0**-40
"""Relative error granted to sums of up to 4096 terms, and in proportion to longer ones: twice their worst rounding."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sampled:
    """Ranks drawn at one setting, and what is certain of their mean.

    ``known`` encloses it, ranks go up to ``most``, and ``turns`` are the moments at which they were drawn: increasing
    integers, none of which is used at another setting.
    """

    ranks: npt.NDArray[np.int64]
    known: Enclosure
    most: int
    turns: npt.NDArray[np.int64]


def pooled_evidence(samples: Sequence[Sampled]) -> float:
    """Return the largest logarithm that the average of the two capitals has ever reached, rounded down."""
    if not sum(one.ranks.size for one in samples):
        return 0.0
    order = np.argsort(np.concatenate([one.turns for one in samples]), kind="stable")
    total = np.full(order.size, -math.inf)
    slack = _SLACK * max(1.0, order.size / 4096)
    for side in (-1.0, 1.0):
        gains = np.concatenate([_gains(one, side) for one in samples])[order]
        capital = np.cumsum(gains) - slack * np.cumsum(np.abs(gains) + 1.0)
        total = np.logaddexp(total, capital - math.log(2.0))
    return float(max(0.0, total.max()))


def _gains(sample: Sampled, side: float) -> Floats:
    """Return the logarithms by which each rank multiplies the capital of the gambler on one side."""
    bound = sample.known.upper if side > 0 else sample.known.lower
    excess = side * (sample.ranks - bound)
    most_lost = (bound - 1.0) if side > 0 else (sample.most - bound)
    if most_lost <= 0.0:  # no rank lies on the other side
        return np.zeros(excess.size)
    time = np.arange(excess.size, dtype=np.float64)
    before = np.concatenate([[0.0], np.cumsum(excess)[:-1]])
    squares = np.concatenate([[0.0], np.cumsum(excess**2)[:-1]])
    mean = before / (time + 1.0)
    kelly = mean / np.maximum(squares / (time + 1.0), np.finfo(np.float64).tiny)
    return np.log1p(np.clip(kelly, 0.0, _RISK / most_lost) * excess)
