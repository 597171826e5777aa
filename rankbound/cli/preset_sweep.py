"""The attention of a published model with one thing varied: which settings that gives, and what their ranks are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rankbound.errors import check_name, invalid
from rankbound.inputs import INPUT_LAWS
from rankbound.presets import PRESETS, preset

if TYPE_CHECKING:
    from rankbound.setting import Setting

__all__ = ["LONGEST", "VARIED", "Point", "affordable", "measure", "settings_for"]

VARIED = ("head-dim", "n", "heads", "inputs")
"""What can be varied."""

LONGEST = 3600.0
"""Seconds of one core that a sweep may take, by a fixed table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was found at one value.

    Attributes
    ----------
    value : str
        Of what is varied.
    setting : Setting
        What was drawn.
    replicates : int
        How many times.
    mean, lower, upper : float
        Mean rank of a head, and an interval for its expectation.
    of_sum, of_concatenation : float or None
        Mean rank of the sum of the heads' matrices, and of the matrices side by side; None with too many tokens.
    """

    value: str
    setting: Setting
    replicates: int
    mean: float
    lower: float
    upper: float
    of_sum: float | None
    of_concatenation: float | None


def settings_for(
    name: str, vary: str, values: Sequence[int], *, scale: float = 1.0, **fixed: Any
) -> list[tuple[str, Setting]]:
    """Return the settings of a sweep with the value of each.

    Parameters
    ----------
    name : str
        Of the preset.
    vary : str
        One of :data:`VARIED`.
    values : sequence of int
        What it takes; empty for a choice that suits the model. For ``"inputs"`` always empty: all laws.
    scale : float
        As for :func:`rankbound.preset`.
    **fixed
        Fields of the setting that are the same for all.

    Raises
    ------
    ValueError
        If there is no such preset, or a value makes no setting.
    """
    check_name("--vary", vary, VARIED)
    base = preset(name, scale=scale, **fixed)
    if vary == "inputs":
        laws = [law for law in INPUT_LAWS if law != "array"]
        wide = max(base.width, base.n_tokens)  # orthonormal tokens have to fit
        return [(law, replace(base, inputs=law, embed_dim=wide)) for law in laws]
    if vary == "n":
        chosen = values or _powers(16, base.n_keys)
        return [(str(n), preset(name, scale=scale, **fixed | {"n_keys": n})) for n in chosen]
    if vary == "heads":
        model = PRESETS[name]
        share = model.n_heads // model.n_kv_heads
        chosen = values or [h for h in _powers(1, base.n_heads) if h < share or h % share == 0]
        return [(str(heads), preset(name, scale=scale, **fixed | {"n_heads": heads})) for heads in chosen]
    turned = base.mla.rope_head_dim if base.mla else 0
    chosen = values or [turned + d for d in _powers(2, 4 * (int(base.head_dim) - turned))]
    return [(str(d), base.with_head_dim(d)) for d in chosen]


def _powers(first: int, last: int) -> list[int]:
    """Return powers of two from ``first`` on that are below ``last``, and ``last``."""
    powers = [2**i for i in range(64) if first <= 2**i < last]
    return [*powers, last]


def affordable(settings: Sequence[tuple[str, Setting]]) -> int:
    """Return how many replicates take about 20 seconds of one core by the fixed table, from 16 to 1000."""
    from montecarlo.variants import variant_seconds

    return min(1000, max(16, int(20.0 / sum(variant_seconds(setting) for _, setting in settings))))


def measure(
    settings: Sequence[tuple[str, Setting]],
    replicates: int,
    *,
    seed: int,
    error: float,
    workers: int | None,
    advance: Callable[[float, str], None],
) -> list[Point]:
    """Draw the settings, and return what was found.

    ``error`` is the probability that the interval of one of them misses: for the mean of the heads' expected ranks.
    """
    import montecarlo
    from montecarlo.variants import variant_seconds

    costs = [replicates * variant_seconds(setting) for _, setting in settings]
    if sum(costs) > LONGEST:
        expected = f"a sweep of at most {LONGEST:.0f} seconds of one core"
        remedy = f"this needs about {sum(costs):.3g}: give fewer --replicates, a smaller --scale or fewer --heads"
        raise invalid("--replicates", replicates, expected, remedy)
    points = []
    for i, (value, setting) in enumerate(settings):
        advance(sum(costs[:i]) / sum(costs), f"{value} ({i + 1}/{len(settings)})")
        found = montecarlo.sample_variant_ranks(setting, replicates, rng=seed, workers=workers)
        heads, most = setting.n_heads, min(setting.n_queries, setting.n_keys)
        totals = found.per_head.sum(axis=1)
        low, high = montecarlo.confidence_interval(
            totals, lower=heads, upper=heads * most, error=error, horizon=replicates
        )
        points.append(
            Point(
                value=value,
                setting=setting,
                replicates=replicates,
                mean=float(totals.mean()) / heads,
                lower=low / heads,
                upper=high / heads,
                of_sum=None if found.of_sum is None else float(found.of_sum.mean()),
                of_concatenation=None if found.of_concatenation is None else float(found.of_concatenation.mean()),
            )
        )
    return points
