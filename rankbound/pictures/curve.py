"""The saturation curve as data: certified intervals around E[rank] along the head dimensions, and an experiment."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from montecarlo import RankEstimate
    from rankbound.bounds.sandwich import SaturationPoint
    from rankbound.enclosure import Enclosure
    from rankbound.verify.report import Report
    from rankbound.verify.run import Progress

LEVEL = 1e-3
"""Probability that any of the experiment's intervals misses, all of them together."""

LONGEST = 20.0
"""Nominal seconds that the replicates of one head_dim may take: by the fixed table of costs, so the same everywhere."""

_ABOUT = 28  # head dimensions of a picture


@dataclass(frozen=True, slots=True)
class Curve:
    """What is to be shown: by head dimension, ascending, what is certain and what the experiment said.

    Attributes
    ----------
    n_keys, n_queries : int
        The sizes.
    points : tuple of SaturationPoint
        Certified intervals around the expected rank; none for an attention for which none is known.
    barrier : Enclosure
        Of ``n (1 - (1 - 1/n)^m)``, which bounds the expected rank of ideal attention at every head dimension.
    estimates : dict from head_dim to RankEstimate
        What simulation says, where it was asked.
    skipped : dict from head_dim to str
        Why simulation was not asked, where it was wanted.
    is_ideal : bool
        Whether the attention is the ideal one, of which the points and the barrier are.
    is_numerical : bool
        Whether the ranks are numerical ones, of softmax at a temperature.
    """

    n_keys: int
    n_queries: int
    points: tuple[SaturationPoint, ...]
    barrier: Enclosure
    estimates: dict[int, RankEstimate]
    skipped: dict[int, str]
    is_ideal: bool = True
    is_numerical: bool = False

    @property
    def head_dims(self) -> tuple[int, ...]:
        """The head dimensions of which anything is known, in ascending order."""
        return tuple(sorted({p.head_dim for p in self.points} | set(self.estimates)))


def unheard(done: float, doing: str) -> None:
    """Take a report of progress, and tell nobody."""


def curve_of(
    n_keys: int,
    n_queries: int,
    head_dims: Sequence[int],
    *,
    replicates: int = 0,
    simulated: Sequence[int] | None = None,
    seed: int = 0,
    progress: Progress = unheard,
) -> Curve:
    """Find the curve of ideal attention.

    Parameters
    ----------
    n_keys, n_queries : int
        The sizes, at least 1.
    head_dims : sequence of int
        Where the expected rank is enclosed; at least one, each at least 1. :func:`denser` makes a smooth curve of few.
    replicates : int
        Attention matrices to simulate at each head dimension of ``simulated``; none if 0.
    simulated : sequence of int, optional
        Where to simulate; if omitted, at all ``head_dims``. Not done, but named in ``skipped``, where a replicate needs
        more than 512 MiB or all of them more than 20 nominal seconds.
    seed : int
        Of the experiment.
    progress : callable
        Told what is being done.

    Returns
    -------
    Curve
        Its experimental intervals hold together with probability at least 1 - :data:`LEVEL`.

    Raises
    ------
    ValueError
        If a size or the seed is not in its range, or no head dimension is given.
    """
    from rankbound import bounds
    from rankbound.errors import check_integer, invalid

    dims = sorted(set(head_dims))
    if not dims:
        raise invalid("head_dims", head_dims, "at least one head dimension", "rankbound.default_head_dims gives some")
    count = check_integer("replicates", replicates, minimum=0, remedy="give the number of matrices to draw")
    wanted = sorted(set(dims if simulated is None else simulated)) if count else []
    share = 0.3 if wanted else 1.0
    points = []
    for i, d in enumerate(dims):
        progress(share * i / len(dims), f"enclosing E[rank] at head_dim {d}")
        points.append(bounds.saturation_point(n_keys, d, n_queries=n_queries))
    estimates: dict[int, RankEstimate] = {}
    skipped = too_large(n_keys, n_queries, wanted, count) if wanted else {}
    feasible = [d for d in wanted if d not in skipped]
    for i, d in enumerate(feasible):
        import montecarlo

        progress(share + (1 - share) * i / len(feasible), f"simulating head_dim {d}, {count} replicates")
        estimates[d] = montecarlo.estimate_rank(
            n_keys, d, n_queries=n_queries, replicates=count, rng=seed, error=LEVEL / len(feasible)
        )
    barrier = bounds.barrier(n_keys, n_queries=n_queries)
    return Curve(n_keys, n_queries, tuple(points), barrier, estimates, skipped)


def curve_of_report(report: Report, *, smooth: bool = False, progress: Progress = unheard) -> Curve | None:
    """Return the curve that a report of :func:`rankbound.verify.judge` holds.

    Parameters
    ----------
    report : Report
        Where no interval is known for its setting (``has_enclosures`` is false: a mask, a temperature and so on) the
        curve has the experiment alone, and says that the barrier is that of ideal attention.
    smooth : bool
        Whether to enclose the expected rank at head dimensions in between as well, where the report has intervals at
        all, so that they look like a curve; this takes about as long as ``rankbound curve`` does.
    progress : callable
        Told what is being done.

    Returns
    -------
    Curve or None
        ``None`` for a report in which nothing was found, of a run that was interrupted early or had no budget.
    """
    found, run = report.findings, report.settings
    points = {d: found.certified[d] for d in run.head_dims if d in found.certified}
    estimates = {d: found.estimates[d] for d in run.head_dims if d in found.estimates}
    if not points and not estimates:
        return None
    if smooth and points:
        between = sorted(set(denser(run.n_keys, tuple(points))) - set(points))
        added = curve_of(run.n_keys, run.n_queries, between, progress=progress).points if between else ()
        points |= {point.head_dim: point for point in added}
    return Curve(
        run.n_keys,
        run.n_queries,
        tuple(points[d] for d in sorted(points)),
        found.barrier,
        dict(sorted(estimates.items())),
        dict(found.skipped),
        is_ideal=report.has_enclosures,
        is_numerical=run.setting.temperature > 0.0,
    )


def too_large(n_keys: int, n_queries: int, head_dims: Sequence[int], replicates: int) -> dict[int, str]:
    """Say at which head dimensions so many replicates are not feasible, and why."""
    from rankbound.witnesses import ensure_own

    ensure_own("montecarlo")
    import montecarlo

    reasons = {}
    for d in head_dims:
        seconds = replicates * montecarlo.simulation_cost(n_keys, d, n_queries)
        if montecarlo.simulation_memory(n_keys, d, n_queries) > montecarlo.MEMORY_LIMIT:
            reasons[d] = f"one replicate needs more than {montecarlo.MEMORY_LIMIT >> 20} MiB"
        elif seconds > LONGEST:
            reasons[d] = f"{replicates} replicates would take more than {LONGEST:.0f} s (ask for fewer)"
    return reasons


def denser(n_keys: int, head_dims: Sequence[int]) -> tuple[int, ...]:
    """Return ``head_dims`` and others in between, about 30, evenly along the curve as drawn, so that it looks smooth.

    The ``head_dims`` are at least one; where few integers lie between the least and the largest, fewer are returned.
    """
    from rankbound.bounds.saturation_window import quick_rank

    chosen = set(head_dims)
    while len(chosen) < _ABOUT:
        gaps = []
        for low, high in itertools.pairwise(sorted(chosen)):
            middle = round(math.sqrt(low * high))
            rise = quick_rank(n_keys, high).value - quick_rank(n_keys, low).value if n_keys > 1 else 0.0
            if low < middle < high:
                gaps.append((math.hypot(math.log(high / low) / math.log(max(head_dims)), rise), middle))
        if not gaps:
            break
        chosen.add(max(gaps)[1])
    return tuple(sorted(chosen))
