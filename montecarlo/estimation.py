"""The expected rank: an estimate and an interval for it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from montecarlo.confidence import confidence_interval
from montecarlo.sampling import simulate
from montecarlo.seeding import Seed
from montecarlo.workers import Progress
from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

__all__ = ["RankEstimate", "estimate_rank", "summarise_ranks"]


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


def estimate_rank(
    n_keys: int,
    head_dim: int,
    *,
    replicates: int,
    n_queries: int | None = None,
    rng: Seed = None,
    workers: int | Executor | None = None,
    error: float = 1e-3,
    progress: Progress | None = None,
) -> RankEstimate:
    """Estimate the expected rank of a random hardmax attention matrix by simulation.

    Parameters
    ----------
    n_keys, head_dim, n_queries, rng, workers
        As for :func:`montecarlo.sample_ranks`, whose replicates these are.
    replicates : int
        At least 1, fixed beforehand: the interval is tuned to be narrowest there.
    error : float
        Probability that the interval misses the expected rank, between 0 and 1.
    progress : callable, optional
        Called in this thread as ``progress(done, replicates)`` while the simulation runs.

    Raises
    ------
    ValueError
        If an argument is not what is said above; nothing is simulated then.
    """
    n_keys = check_n_keys(n_keys)
    n_queries = check_n_queries(n_queries, n_keys)
    head_dim = check_head_dim(head_dim)
    replicates = check_integer("replicates", replicates, minimum=1, remedy="give the number of matrices to draw")
    error = check_real("error", error, above=0.0, below=1.0, remedy="give a probability, for example 1e-3")
    ranks = simulate(
        n_keys,
        head_dim,
        replicates,
        n_queries=n_queries,
        rng=rng,
        workers=workers,
        first_replicate=0,
        progress=progress,
    )
    return summarise_ranks(ranks, n_keys, head_dim, n_queries=n_queries, error=error, horizon=replicates)


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
    values = given.tolist()
    replicates, total, squares = len(values), sum(values), sum(value * value for value in values)
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
    )
