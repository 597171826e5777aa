"""The attention that a run looks at: its law at each head dimension, what a replicate costs there, and how it is drawn.

All heads of a setting have one law, and every claim is about the matrix of one head; so one head is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import GAUSSIAN_HEADS
from rankbound.claims.masks import LARGEST_LIMIT
from rankbound.claims.record import SoftmaxCheck
from rankbound.setting import Setting

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEFAULT_BUDGET = 5.0
"""Nominal seconds of simulation unless somebody says otherwise."""

_FEWEST, _LONGEST = 16, 120.0  # replicates of a variant at least, if they take so many nominal seconds at most
_VARIANT_LIMIT = 2 * 2**30  # bytes: tokens and weights of a published model take most of one
_WORKERS = 2  # processors of the reference machine, whose seconds a budget counts


@dataclass(frozen=True, slots=True)
class Drawn:
    """Ranks in the order in which they were drawn, and at a temperature how they compare with those of hardmax."""

    ranks: npt.NDArray[np.int64]
    softmax: SoftmaxCheck | None = None


@dataclass(frozen=True, slots=True)
class Attention:
    """One head of a setting, at any head dimension."""

    setting: Setting

    @classmethod
    def of(cls, setting: Setting) -> Attention:
        """Return the attention of one head of ``setting``."""
        return cls(replace(setting, n_heads=1, n_kv_heads=1))

    def at(self, head_dim: int) -> Setting:
        """Return the setting at a head dimension."""
        return self.setting.with_head_dim(head_dim)

    @property
    def has_known_mean(self) -> bool:
        """Whether the law is the ideal one of its sizes, so that the certified intervals are for its expected rank."""
        return not any(one.broken(self.setting, ()) for one in GAUSSIAN_HEADS)

    @property
    def wide_limit(self) -> Setting | None:
        """The limit of wide heads under the mask, where claims on it apply; ``None`` beyond 100 000 keys.

        Tokens and positions are left out: those claims assume orthonormal tokens and Gaussian weights, so that queries
        and keys are independent standard normal vectors, as arrays of such tokens and turns by RoPE leave them.
        """
        n, window = self.setting.n_keys, self.setting.window
        if n > LARGEST_LIMIT:
            return None
        plain = Setting(n_queries=n, n_keys=n, head_dim=math.inf, mask="causal")
        return plain if window is None or window >= n else replace(plain, mask="window", window=window)

    def cost(self, head_dim: int) -> float:
        """Return the nominal seconds of a replicate, by a fixed table."""
        import montecarlo
        from montecarlo.softmax import softmax_cost
        from montecarlo.variants import variant_seconds

        here = self.at(head_dim)
        if here.is_ideal:
            return montecarlo.simulation_cost(here.n_keys, head_dim, here.n_queries)
        seconds = variant_seconds(here)
        if here.temperature:
            seconds += softmax_cost(here.n_keys, head_dim, here.n_queries)
        return seconds / _WORKERS

    def too_large(self, head_dim: int) -> str:
        """Return why nothing can be drawn at a head dimension, or nothing."""
        import montecarlo
        from montecarlo.softmax import softmax_memory

        here = self.at(head_dim)
        if here.is_ideal:
            needed, limit = montecarlo.simulation_memory(here.n_keys, head_dim, here.n_queries), montecarlo.MEMORY_LIMIT
        else:
            needed, limit = montecarlo.variant_memory(here), _VARIANT_LIMIT
            if here.temperature:
                needed += softmax_memory(here.n_keys, head_dim, here.n_queries)
        return f"one replicate needs more than {limit >> 20} MiB" if needed > limit else ""

    def default_budget(self, head_dims: Iterable[int]) -> float:
        """Return the nominal seconds of a run for which nobody said: enough for some replicates of a large variant."""
        if self.setting.is_ideal:
            return DEFAULT_BUDGET
        fewest = sum(_FEWEST * self.cost(d) for d in head_dims if not self.too_large(d))
        return DEFAULT_BUDGET if fewest > _LONGEST else max(DEFAULT_BUDGET, math.ceil(1.5 * fewest))

    def plan(self, head_dims: Iterable[int], budget: float) -> dict[int, int]:
        """Return how many replicates a budget in nominal seconds buys at each head dimension, shared out evenly."""
        from montecarlo.planning import affordable_replicates

        dims = list(head_dims)
        costs = {d: self.cost(d) for d in dims if not self.too_large(d)}
        return dict.fromkeys(dims, 0) | affordable_replicates(costs, budget)

    def draw(self, head_dim: int, replicates: int, *, first: int, seed: int, workers: int | Executor | None) -> Drawn:
        """Draw replicates from number ``first`` on."""
        import montecarlo

        here = self.at(head_dim)
        if here.is_ideal:
            n, m = here.n_keys, here.n_queries
            return Drawn(
                montecarlo.sample_ranks(
                    n, head_dim, replicates, n_queries=m, rng=seed, workers=workers, first_replicate=first
                )
            )
        if here.temperature:
            soft = montecarlo.sample_variant_softmax(here, replicates, rng=seed, workers=workers, first_replicate=first)
            certified = soft.certified[:, 0]
            wrong = certified & (soft.ranks[:, 0] != soft.hardmax_ranks[:, 0])
            hard = float(soft.hardmax_ranks[:, 0].mean())
            return Drawn(soft.ranks[:, 0], SoftmaxCheck(replicates, int(certified.sum()), int(wrong.sum()), hard))
        found = montecarlo.sample_variant_ranks(
            here, replicates, joint=False, rng=seed, workers=workers, first_replicate=first
        )
        return Drawn(found.per_head[:, 0])
