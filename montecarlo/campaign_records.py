"""What a campaign tells: the state of one setting, and how far the whole is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from montecarlo.estimation import RankEstimate, summarise_ranks
from montecarlo.stopping import Cell
from montecarlo.store import Origin

__all__ = ["CampaignCell", "CampaignProgress", "summarise_cell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCell:
    """What a store says about one setting.

    Attributes
    ----------
    estimate : RankEstimate
        Sizes, mean, interval, variance, quantiles, replicates, error and horizon: what
        :func:`montecarlo.summarise_ranks` says of the ranks. Its ``half_width`` is the target that was asked for, if
        there was one. Its ``reached`` is false only if the target never will be reached, because the sequence has
        excluded every value or the horizon was much too near for it.
    block : int
        Replicates between two looks at the interval.
    seed, streams : int
        The seed, and the version of the random streams (:data:`montecarlo.STREAMS`): which ranks these are.
    versions : tuple of str
        The versions of rankbound that drew them.
    """

    estimate: RankEstimate
    block: int
    seed: int
    streams: int
    versions: tuple[str, ...]

    @property
    def attained_half_width(self) -> float:
        """Half the length of the interval for E[rank]/n_keys."""
        return (self.estimate.upper - self.estimate.lower) / 2.0 / self.estimate.n_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignProgress:
    """Where a campaign stands, for who watches.

    Attributes
    ----------
    cells_done, cells : int
        How many settings are finished, and of how many.
    drawn : int
        Replicates that this run has drawn and written.
    n_keys, n_queries, head_dim : int
        The setting that was written to last.
    half_width : float
        About the half-width of its interval for E[rank]/n_keys, by a formula.
    drawn_seconds, left_seconds : float
        Nominal seconds of one core for what this run has drawn, and for what probably remains.
    """

    cells_done: int
    cells: int
    drawn: int
    n_keys: int
    n_queries: int
    head_dim: int
    half_width: float
    drawn_seconds: float
    left_seconds: float


def summarise_cell(
    cell: Cell,
    ranks: npt.NDArray[np.int64],
    origin: Origin,
    versions: tuple[str, ...],
    target: float | None = None,
    *,
    reached: bool = True,
) -> CampaignCell:
    """Return what ``ranks``, which ``versions`` drew, say of a cell of which ``target`` was asked."""
    found = summarise_ranks(
        ranks, cell.n_keys, cell.head_dim, n_queries=cell.n_queries, error=cell.error, horizon=cell.horizon
    )
    return CampaignCell(
        estimate=replace(found, half_width=target, reached=reached),
        block=cell.block,
        seed=origin.seed,
        streams=origin.streams,
        versions=versions,
    )
