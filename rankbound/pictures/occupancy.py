"""The law of the occupancy number beside simulated ranks, as data.

``Occ(m, n)`` is the number of occupied cells when ``m`` balls fall independently and uniformly into ``n`` cells. It is
the law of the rank in the limit of wide heads (``wide-head-limit``), and at every head dimension it dominates the rank
(``barrier``). Certified probabilities stand beside ranks drawn in that limit, with intervals that hold all at once, and
beside ranks drawn at finite head dimensions, which lie to the left.

**The intervals.** How many of ``r`` independent ranks fall into a bin is binomial, so that the interval of Clopper and
Pearson (1934) misses the bin's probability with probability at most the error it is made for. Each of ``k`` bins gets
``error / k``: by the union bound they hold together with probability at least ``1 - error``. The bins are read off the
certified law alone, never off the sample.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer, check_real
from rankbound.pictures.curve import too_large, unheard
from rankbound.setting import Setting, check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rankbound.verify.run import Progress

_NEGLIGIBLE = 1e-4  # of the largest probability: ranks beyond are not shown
_MOST_BINS = 60


@dataclass(frozen=True, slots=True)
class RankSample:
    """Independent ranks at one head dimension.

    Attributes
    ----------
    head_dim : int or inf
        ``inf`` is the limit of wide heads, in which every query picks one of the keys, all alike.
    counts : tuple of (int, int)
        The ranks in ascending order, each with the number of replicates that had it.
    """

    head_dim: int | float
    counts: tuple[tuple[int, int], ...]

    @property
    def replicates(self) -> int:
        """How many ranks were drawn."""
        return sum(count for _, count in self.counts)

    @property
    def mean(self) -> float:
        """The mean of the ranks."""
        return sum(rank * count for rank, count in self.counts) / self.replicates

    def within(self, first: int, last: int) -> int:
        """Return how many of the ranks are from ``first`` to ``last``, both included."""
        return sum(count for rank, count in self.counts if first <= rank <= last)


@dataclass(frozen=True, slots=True)
class Bin:
    """Ranks from ``first`` to ``last``: their certified probability, and how often they were drawn.

    ``frequency`` is the share of the ranks drawn in the limit of wide heads, and ``lower`` and ``upper`` the ends of
    its interval for the probability, one of those that hold together.
    """

    first: int
    last: int
    probability: Enclosure
    frequency: float
    lower: float
    upper: float

    @property
    def agrees(self) -> bool:
        """Whether the interval and the certified probability have a number in common."""
        return self.lower <= self.probability.upper and self.probability.lower <= self.upper


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What is to be shown.

    Attributes
    ----------
    n_keys, n_queries : int
        Cells and balls.
    probabilities : tuple of Enclosure
        Of ``Occ = k``, for ``k`` from 0 to ``min(n_keys, n_queries)``.
    barrier : Enclosure
        The mean of ``Occ``.
    wide : RankSample
        Ranks drawn in the limit of wide heads.
    samples : tuple of RankSample
        Ranks drawn at finite head dimensions, in ascending order of those.
    skipped : dict from head_dim to str
        Why no ranks were drawn, where they were wanted.
    error : float
        Probability that any of the intervals of :attr:`bins` misses, all of them together.
    """

    n_keys: int
    n_queries: int
    probabilities: tuple[Enclosure, ...]
    barrier: Enclosure
    wide: RankSample
    samples: tuple[RankSample, ...]
    skipped: dict[int, str]
    error: float

    @property
    def edges(self) -> tuple[int, ...]:
        """The first rank of each bin, in ascending order, and one more than the last rank of the last bin.

        Bins are of one size, at most 60, and cover the ranks whose probability is at least 1e-4 of the largest; of one
        rank each, where those are few enough.
        """
        size = [p.lower for p in self.probabilities]
        shown = [k for k, p in enumerate(size) if p >= _NEGLIGIBLE * max(size)]
        step = math.ceil(len(range(shown[0], shown[-1] + 1)) / _MOST_BINS)
        count = math.ceil((shown[-1] + 1 - shown[0]) / step)
        return tuple(shown[0] + i * step for i in range(count + 1))

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The certified law and the ranks in the limit of wide heads, bin by bin."""
        edges = self.edges
        each = self.error / (len(edges) - 1)
        found = []
        for first, following in itertools.pairwise(edges):
            count = self.wide.within(first, following - 1)
            lower, upper = binomial_interval(count, self.wide.replicates, each)
            probability = self._probability(first, following)
            frequency = count / self.wide.replicates
            found.append(Bin(first, following - 1, probability, frequency, lower, upper))
        return tuple(found)

    def _probability(self, first: int, following: int) -> Enclosure:
        shown = self.probabilities[first:following]
        if len(shown) == 1:
            return shown[0]
        # Correctly rounded sums, then one float outward.
        lower = max(0.0, math.nextafter(math.fsum(p.lower for p in shown), -math.inf))
        upper = min(1.0, math.nextafter(math.fsum(p.upper for p in shown), math.inf))
        return Enclosure(lower, upper, Rigour.ENCLOSED, "occupancy recurrence, summed")


def occupancy_of(
    n_keys: int,
    n_queries: int,
    head_dims: Sequence[int],
    *,
    replicates: int,
    seed: int = 0,
    error: float = 1e-3,
    progress: Progress = unheard,
) -> Occupancy:
    """Enclose the law of the occupancy number, and draw ranks in the limit of wide heads and at ``head_dims``.

    Parameters
    ----------
    n_keys, n_queries : int
        Cells and balls, at least 1; at most 100 000 balls.
    head_dims : sequence of int
        Where ranks are drawn besides; may be empty. A few that are far from each other, for a picture in which they can
        be told apart. Not done, but named in ``skipped``, where a replicate needs more than 512 MiB or all of them more
        than 20 nominal seconds.
    replicates : int
        Attention matrices for each sample, at least 1; 20 000 make intervals that are about a seventh of the largest
        probability wide to either side at 512 keys.
    seed : int
        Of the experiment; the samples are independent of each other all the same.
    error : float
        Probability that any of the intervals around the frequencies in the limit misses, between 0 and 1.
    progress : callable
        Told what is being done.

    Raises
    ------
    ValueError
        If an argument is not what is said above.
    """
    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    dims = sorted({check_head_dim(d) for d in head_dims})
    count = check_integer("replicates", replicates, minimum=1, remedy="give the number of matrices to draw")
    error = check_real("error", error, above=0.0, below=1.0, remedy="give a probability, for example 1e-3")
    from rankbound import bounds

    progress(0.0, "enclosing the law of the occupancy number")
    law = bounds.occupancy_law(n, n_queries=m)
    skipped = too_large(n, m, dims, count)
    import montecarlo

    progress(0.1, f"simulating the limit of wide heads, {count} replicates")
    limit = Setting(n_queries=m, n_keys=n, head_dim=math.inf)
    wide = montecarlo.sample_variant_ranks(limit, count, joint=False, rng=seed).per_head[:, 0]
    samples = []
    feasible = [d for d in dims if d not in skipped]
    for i, d in enumerate(feasible):
        progress(0.3 + 0.7 * i / len(feasible), f"simulating head_dim {d}, {count} replicates")
        samples.append(_sample(d, montecarlo.sample_ranks(n, d, count, n_queries=m, rng=seed)))
    return Occupancy(
        n_keys=n,
        n_queries=m,
        probabilities=tuple(law.probability(k) for k in range(law.lower.size)),
        barrier=law.mean,
        wide=_sample(math.inf, wide),
        samples=tuple(samples),
        skipped=skipped,
        error=error,
    )


def binomial_interval(count: int, trials: int, error: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson (1934) for the probability of an event.

    Parameters
    ----------
    count, trials : int
        How often it happened, of so many independent trials, at least 1.
    error : float
        The interval misses with probability at most this, half of it at either end; between 0 and 1.

    Returns
    -------
    tuple of float
        Ends from 0 to 1, in floats: nothing is rounded outward.
    """
    from scipy.special import betainccinv, betaincinv

    lower = float(betaincinv(count, trials - count + 1, error / 2)) if count else 0.0
    upper = float(betainccinv(count + 1, trials - count, error / 2)) if count < trials else 1.0
    return lower, upper


def _sample(head_dim: int | float, ranks: npt.NDArray[np.int64]) -> RankSample:
    import numpy as np

    values, frequencies = np.unique(ranks, return_counts=True)
    return RankSample(head_dim, tuple(zip(values.tolist(), frequencies.tolist(), strict=True)))
