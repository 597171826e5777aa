"""What is certified of the rank at a setting: an interval for its mean, and dominance by the occupancy number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from rankbound import bounds
from rankbound.bounds.balls import enclose_fraction
from rankbound.claims.assumptions import GAUSSIAN_HEADS, GAUSSIAN_WEIGHTS, HARDMAX, ORTHONORMAL, Assumption
from rankbound.claims.latents import LATENTS
from rankbound.errors import invalid

if TYPE_CHECKING:
    from rankbound.enclosure import Enclosure
    from rankbound.setting import Setting

__all__ = ["CertifiedRank", "certified_rank_of"]

_MASKED = (ORTHONORMAL, GAUSSIAN_WEIGHTS, HARDMAX)
"""What the laws under a causal mask and through a window assume, in the limit of wide heads."""


@dataclass(frozen=True, slots=True)
class CertifiedRank:
    """What is certified of the rank of one head.

    Attributes
    ----------
    mean : Enclosure, optional
        Of the expected rank.
    barrier : Enclosure, optional
        Of the mean of the occupancy number, where that dominates the rank.
    variance : float
        Of the occupancy number, rounded up; 0 without a barrier.
    inspect : str
        A command that prints one of them.
    simulate : str, optional
        The options of ``rankbound simulate`` for ranks of this law.
    """

    mean: Enclosure | None
    barrier: Enclosure | None
    variance: float
    inspect: str
    simulate: str | None = None


@lru_cache(maxsize=256)
def certified_rank_of(setting: Setting) -> CertifiedRank:
    """Return what is certified of the rank of one head of a setting.

    Raises
    ------
    ValueError
        If nothing is: in one line, which assumption the setting breaks, and how.
    """
    n, m = setting.n_keys, setting.n_queries
    barrier = bounds.barrier(n, n_queries=m)
    variance = bounds.occupancy_variance(n, n_queries=m).upper
    of_barrier = f'python -c "import rankbound; print(rankbound.barrier({n}, n_queries={m}))"'
    if setting.mla is not None:  # given everything but W_DQ, queries are iid: occupancy-dominance applies
        [claim] = LATENTS
        _refuse(setting, claim.assumptions)
        return CertifiedRank(None, barrier, variance, of_barrier)
    if setting.is_wide and setting.mask in ("causal", "window"):
        _refuse(setting, _MASKED)
        return _masked(setting)
    _refuse(setting, GAUSSIAN_HEADS)
    if setting.is_wide:
        return CertifiedRank(barrier, barrier, variance, of_barrier)
    d = int(setting.head_dim)
    sizes = f"--n {n} --head-dim {d}" + (f" --queries {m}" if m != n else "")
    mean = bounds.expected_rank(n, d, n_queries=m)
    return CertifiedRank(mean, barrier, variance, f"python -m rankbound bound {sizes}", sizes)


def _masked(setting: Setting) -> CertifiedRank:
    """Return the mean in the limit of wide heads; no occupancy number is known to dominate there."""
    n = setting.n_keys
    if setting.mask == "causal":
        mean = enclose_fraction(Fraction(n + 1, 2), "causal mask, wide heads")
        return CertifiedRank(mean, None, 0.0, f'python -c "print(({n} + 1) / 2)"')
    call = f"bounds.window_occupancy_mean({n}, {setting.window})"
    mean = bounds.window_occupancy_mean(n, int(setting.window or 1))
    return CertifiedRank(mean, None, 0.0, f'python -c "from rankbound import bounds; print({call})"')


def _refuse(setting: Setting, assumptions: Iterable[Assumption]) -> None:
    broken = [(one.text, reason) for one in assumptions if (reason := one.broken(setting, ()))]
    if not broken:
        return
    said = "; ".join(f"{text}, but {reason}" for text, reason in broken)
    wide = " (of wide heads, head_dim=math.inf, the mean is certified)" if setting.mask in ("causal", "window") else ""
    remedy = f"assumed: {said}{wide}; compare with ranks of montecarlo.sample_variant_ranks instead"
    shown = {name: getattr(setting, name) for name in setting.departures}
    raise invalid("setting", shown, "one at which E[rank], or the barrier, is certified", remedy)
