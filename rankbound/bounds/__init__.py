"""Witness 2, certified numbers: enclosures from ball arithmetic (Arb), and from float64 sums whose errors are counted.

Public names load on first use; python-flint and SciPy with them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rankbound.bounds import cache as cache  # before any number is computed: it notes the state of the sources

if TYPE_CHECKING:
    from rankbound.bounds.attainable import attainable_rank
    from rankbound.bounds.barrier_expansion import barrier_series, series_coefficients
    from rankbound.bounds.combination import upper_bound
    from rankbound.bounds.curve import certified_head_dim, head_dim_for, saturation_curve
    from rankbound.bounds.fast_estimate import expected_rank_float, norm_conditioned_float
    from rankbound.bounds.growth_exponent import rank_exponent
    from rankbound.bounds.log_heads import log_head_dim, log_scale
    from rankbound.bounds.masked_occupancy import causal_occupancy_law, window_occupancy_mean
    from rankbound.bounds.noise_stability import noise_stability_bound
    from rankbound.bounds.norm_conditioned import enclose_norm_conditioned, norm_conditioned_barrier
    from rankbound.bounds.occupancy import barrier, barrier_margins, exact_barrier, limiting_line, limiting_share
    from rankbound.bounds.occupancy_distribution import exact_pmf, occupancy_law, occupancy_variance, rank_tail_bound
    from rankbound.bounds.planar import planar_rank
    from rankbound.bounds.sandwich import expected_rank, saturation_point
    from rankbound.bounds.saturation_window import quick_deficit, quick_rank, window
    from rankbound.bounds.second_moment import second_moment_bound
    from rankbound.bounds.self_query import self_query_barrier
    from rankbound.bounds.tied_pair import tied_pair_rank
    from rankbound.bounds.top_two import norm_conditioned_gap

_HOME = {
    "attainable_rank": "attainable",
    "barrier": "occupancy",
    "barrier_margins": "occupancy",
    "barrier_series": "barrier_expansion",
    "causal_occupancy_law": "masked_occupancy",
    "certified_head_dim": "curve",
    "enclose_norm_conditioned": "norm_conditioned",
    "exact_barrier": "occupancy",
    "exact_pmf": "occupancy_distribution",
    "expected_rank": "sandwich",
    "expected_rank_float": "fast_estimate",
    "head_dim_for": "curve",
    "limiting_line": "occupancy",
    "limiting_share": "occupancy",
    "log_head_dim": "log_heads",
    "log_scale": "log_heads",
    "noise_stability_bound": "noise_stability",
    "norm_conditioned_barrier": "norm_conditioned",
    "norm_conditioned_float": "fast_estimate",
    "norm_conditioned_gap": "top_two",
    "occupancy_law": "occupancy_distribution",
    "occupancy_variance": "occupancy_distribution",
    "planar_rank": "planar",
    "quick_deficit": "saturation_window",
    "quick_rank": "saturation_window",
    "rank_exponent": "growth_exponent",
    "rank_tail_bound": "occupancy_distribution",
    "saturation_curve": "curve",
    "saturation_point": "sandwich",
    "second_moment_bound": "second_moment",
    "self_query_barrier": "self_query",
    "series_coefficients": "barrier_expansion",
    "tied_pair_rank": "tied_pair",
    "upper_bound": "combination",
    "window": "saturation_window",
    "window_occupancy_mean": "masked_occupancy",
}

__all__ = [
    "attainable_rank",
    "barrier",
    "barrier_margins",
    "barrier_series",
    "causal_occupancy_law",
    "certified_head_dim",
    "enclose_norm_conditioned",
    "exact_barrier",
    "exact_pmf",
    "expected_rank",
    "expected_rank_float",
    "head_dim_for",
    "limiting_line",
    "limiting_share",
    "log_head_dim",
    "log_scale",
    "noise_stability_bound",
    "norm_conditioned_barrier",
    "norm_conditioned_float",
    "norm_conditioned_gap",
    "occupancy_law",
    "occupancy_variance",
    "planar_rank",
    "quick_deficit",
    "quick_rank",
    "rank_exponent",
    "rank_tail_bound",
    "saturation_curve",
    "saturation_point",
    "second_moment_bound",
    "self_query_barrier",
    "series_coefficients",
    "tied_pair_rank",
    "upper_bound",
    "window",
    "window_occupancy_mean",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound.bounds' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"rankbound.bounds.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
