"""The expected rank: an estimate and an interval for it, from a fixed number of replicates or to a target width."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from montecarlo.blocks import LEAST_IN_A_BLOCK, block_replicates, horizon_for
from montecarlo.confidence import confidence_interval
from montecarlo.sampling import sample_ranks
from montecarlo.seeding import Seed
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["MOST_REPLICATES", "EstimateInterrupted", "RankEstimate", "estimate_rank", "summarise_ranks"]

MOST_REPLICATES = 10_000_000
"""Replicates at which a run to a target gives up unless it is told otherwise: they are kept, in 8 bytes each."""

_LATEST = 20
"""Times the planned number at which a run to a target gives up: by then the interval hardly narrows any more."""

PERCENTAGES = (1, 5, 25, 50, 75, 95, 99)

Progress = Callable[[int, int, tuple[float, float] | None], None]
"""Called in the calling thread with the replicates that are done, those that are planned, and the latest interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankEstimate:
    """What simulation says about the expected rank at one setting.

    Attributes
    ----------
    mean : float
        Mean of the sampled ranks; computed over the integers and rounded once.
    lower, upper : float
        Ends of a confidence sequence for the expected rank after all replicates: the probability that the sequence ever
        excludes it is at most ``error``, at finite sample size, whatever the law of the rank.
    variance : float or None
        Unbiased variance of the sampled ranks, computed over the integers and rounded once; ``None`` for one replicate.
    replicates : int
        Number of sampled matrices.
    error : float
        See ``lower``.
    horizon : int or None
        Number of replicates at which the interval was wanted to be narrowest, as planned beforehand.
    n_keys, n_queries, head_dim : int
        The setting.
    counts : tuple of (int, int)
        The sampled ranks in ascending order, each with the number of replicates that had it: a histogram.
    half_width : float or None
        The target: half the length of the interval, as a share of ``n_keys``; ``None`` if there was none.
    reached : bool
        Whether the target was reached; ``True`` if there was none.
    """

    mean: float
    lower: float
    upper: float
    variance: float | None
    replicates: int
    error: float
    horizon: int | None
    n_keys: int
    n_queries: int
    head_dim: int
    counts: tuple[tuple[int, int], ...] = ()
    half_width: float | None = None
    reached: bool = True

    @property
    def quantiles(self) -> dict[float, int]:
        """Sample quantiles at 0.01, 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99, by level.

        The inverse of the empirical distribution function (Hyndman and Fan 1996, definition 1): the least sampled rank
        that at least that share of the replicates does not exceed. Always a rank that occurred; exact.
        """
        found: dict[float, int] = {}
        seen = 0
        for rank, count in self.counts:
            seen += count
            for percentage in PERCENTAGES[len(found) :]:
                if 100 * seen < percentage * self.replicates:
                    break
                found[percentage / 100] = rank
        return found


class EstimateInterrupted(KeyboardInterrupt):
    """A run was interrupted from the keyboard; ``estimate`` is what its first replicates say.

    The interval of the estimate is as valid as any other, and its replicates are the first ones of the whole run; only
    how many there are depends on the moment.
    """

    def __init__(self, estimate: RankEstimate) -> None:
        super().__init__("interrupted")
        self.estimate = estimate


def estimate_rank(
    n_keys: int,
    head_dim: int,
    *,
    replicates: int | None = None,
    half_width: float | None = None,
    n_queries: int | None = None,
    rng: Seed = None,
    workers: int | Executor | None = None,
    error: float = 1e-3,
    max_replicates: int | None = None,
    progress: Progress | None = None,
) -> RankEstimate:
    """Estimate the expected rank of a random hardmax attention matrix by simulation.

    Parameters
    ----------
    n_keys, head_dim, n_queries, rng, workers
        As for :func:`montecarlo.sample_ranks`, whose replicates these are.
    replicates : int, optional
        At least 1, fixed beforehand: the interval is tuned to be narrowest there.
    half_width : float, optional
        Run until the interval for E[rank] / n_keys is at most twice as long as this. Either this or ``replicates``.
    error : float
        Probability that the interval misses the expected rank, between 0 and 1.
    max_replicates : int, optional
        With ``half_width``: give up after so many, and say so in ``reached``. 10 million if omitted; in any case at 20
        times the planned number, which only a run that excludes every value, an event of probability at most ``error``,
        or one whose plan was very far off gets to.
    progress : callable, optional
        Called in this thread as ``progress(done, planned, interval)`` while the simulation runs; ``interval`` is the
        latest one for the expected rank, ``None`` before there is one. A target may take more replicates than planned,
        or fewer.

    Returns
    -------
    RankEstimate
        A function of the sizes, the seed, the error and the target alone, whatever ``workers`` and ``progress``.

    Raises
    ------
    ValueError
        If an argument is not what is said above; nothing is simulated then.
    EstimateInterrupted
        On Ctrl-C, a ``KeyboardInterrupt`` that carries the estimate so far, if there is one.

    Notes
    -----
    A run to a target has a plan: the number of replicates at which the interval should be narrowest, from a guess of
    the variance (:func:`montecarlo.blocks.horizon_for`). The interval is looked at now and then, after numbers of
    replicates that follow from the plan alone, and the first one that is short enough ends the run. Because the
    intervals are those of a confidence sequence, looking and stopping cost nothing in validity.
    """
    n_keys = check_n_keys(n_keys)
    n_queries = check_n_queries(n_queries, n_keys)
    head_dim = check_head_dim(head_dim)
    error = check_real("error", error, above=0.0, below=1.0, remedy="give a probability, for example 1e-3")
    if (replicates is None) == (half_width is None):
        given = (replicates, half_width)
        raise invalid("(replicates, half_width)", given, "one of the two", "give the number of matrices or a target")
    if isinstance(rng, np.random.Generator):  # as derive_key reads it, once for all parts of the run
        rng = np.random.SeedSequence([int(word) for word in rng.integers(0, 2**64, size=4, dtype=np.uint64)])
    step = 2 * block_replicates(n_keys, head_dim, n_queries)
    if half_width is None:
        if max_replicates is not None:
            raise invalid("max_replicates", max_replicates, "None without half_width", "omit it or give half_width")
        last = check_integer("replicates", replicates, minimum=1, remedy="give the number of matrices to draw")
        horizon = last
    else:
        horizon = horizon_for(half_width, n_keys, head_dim, n_queries, error)
        last = MOST_REPLICATES if max_replicates is None else max_replicates
        last = check_integer("max_replicates", last, minimum=1, remedy="omit it, or give a number of matrices")
        horizon = min(horizon, last)
        last = min(last, _LATEST * horizon)
        step = min(step, max(LEAST_IN_A_BLOCK, horizon // 10))
    looking = half_width is not None or progress is not None
    parts: list[npt.NDArray[np.int64]] = []
    done = look = 0
    estimate: RankEstimate | None = None

    def summary() -> RankEstimate:
        ranks = np.concatenate(parts)
        found = summarise_ranks(ranks, n_keys, head_dim, n_queries=n_queries, error=error, horizon=horizon)
        if half_width is None:
            return found
        reached = found.upper - found.lower <= 2.0 * half_width * n_keys
        return replace(found, half_width=half_width, reached=reached)

    try:
        while True:
            count = min(step, last - done)
            parts.append(
                sample_ranks(
                    n_keys, head_dim, count, n_queries=n_queries, rng=rng, workers=workers, first_replicate=done
                )
            )
            done += count
            if done == last or (looking and done >= look):
                estimate = summary()
                look = done + min(done, -(-horizon // 10))
            if progress is not None:
                progress(done, max(done, horizon), None if estimate is None else (estimate.lower, estimate.upper))
            if estimate is not None and (done == last or (half_width is not None and estimate.reached)):
                return estimate
    except KeyboardInterrupt:
        if done == 0:
            raise
        raise EstimateInterrupted(summary()) from None


def summarise_ranks(
    ranks: npt.ArrayLike,
    n_keys: int,
    head_dim: int,
    *,
    n_queries: int | None = None,
    error: float = 1e-3,
    horizon: int | None = None,
) -> RankEstimate:
    """Say what ranks that were drawn at one setting tell about the expected rank.

    However many there are, and whatever decided that: the interval is that of a confidence sequence.

    Parameters
    ----------
    ranks : array of int, shape (replicates,)
        At least one, in the order in which they were drawn, such as :func:`montecarlo.sample_ranks` returns them.
    n_keys, head_dim, n_queries : int
        The setting at which they were drawn.
    error : float
        Probability that the interval ever misses the expected rank, between 0 and 1.
    horizon : int, optional
        As for :func:`montecarlo.confidence_interval`.

    Raises
    ------
    ValueError
        If there is no rank, one is not an integer from 1 to the number of queries or keys, or another argument is not
        what is said above.
    """
    n_keys = check_n_keys(n_keys)
    n_queries = check_n_queries(n_queries, n_keys)
    head_dim = check_head_dim(head_dim)
    given = np.asarray(ranks)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "iu":
        raise invalid("ranks", ranks, "a vector of at least one integer", "give what sample_ranks returned")
    most = min(n_keys, n_queries)
    lower, upper = confidence_interval(given, lower=1, upper=most, error=error, horizon=horizon)
    values, frequencies = np.unique(given, return_counts=True)
    counts = tuple(zip(values.tolist(), frequencies.tolist(), strict=True))
    replicates = int(given.size)
    total = sum(rank * count for rank, count in counts)
    squares = sum(rank * rank * count for rank, count in counts)
    variance = None
    if replicates > 1:
        variance = float(Fraction(replicates * squares - total * total, replicates * (replicates - 1)))
    return RankEstimate(
        mean=float(Fraction(total, replicates)),
        lower=lower,
        upper=upper,
        variance=variance,
        replicates=replicates,
        error=error,
        horizon=horizon,
        n_keys=n_keys,
        n_queries=n_queries,
        head_dim=head_dim,
        counts=counts,
    )
