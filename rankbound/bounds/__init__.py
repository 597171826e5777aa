"""Witness 2, certified numbers: enclosures from ball arithmetic (Arb), never floats with an epsilon.

Public names load on first use; python-flint and SciPy with them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.bounds.growth_exponent import rank_exponent
    from rankbound.bounds.noise_stability import noise_stability_bound
    from rankbound.bounds.norm_conditioned import enclose_norm_conditioned, norm_conditioned_barrier
    from rankbound.bounds.occupancy import barrier, barrier_margins, exact_barrier, limiting_line
    from rankbound.bounds.sandwich import certified_head_dim, expected_rank, saturation_point
    from rankbound.bounds.top_two import norm_conditioned_gap

_HOME = {
    "barrier": "occupancy",
    "barrier_margins": "occupancy",
    "certified_head_dim": "sandwich",
    "enclose_norm_conditioned": "norm_conditioned",
    "exact_barrier": "occupancy",
    "expected_rank": "sandwich",
    "limiting_line": "occupancy",
    "noise_stability_bound": "noise_stability",
    "norm_conditioned_barrier": "norm_conditioned",
    "norm_conditioned_gap": "top_two",
    "rank_exponent": "growth_exponent",
    "saturation_point": "sandwich",
}

__all__ = [
    "barrier",
    "barrier_margins",
    "certified_head_dim",
    "enclose_norm_conditioned",
    "exact_barrier",
    "expected_rank",
    "limiting_line",
    "noise_stability_bound",
    "norm_conditioned_barrier",
    "norm_conditioned_gap",
    "rank_exponent",
    "saturation_point",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound.bounds' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"rankbound.bounds.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
