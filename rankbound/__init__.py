"""Check theorems about the rank of attention matrices with random weights."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.bounds import (
        barrier,
        barrier_series,
        exact_barrier,
        expected_rank,
        expected_rank_float,
        head_dim_for,
        log_scale,
        occupancy_law,
        quick_rank,
        rank_exponent,
        rank_tail_bound,
        saturation_curve,
        window,
    )
    from rankbound.claims import Claim
    from rankbound.enclosure import Enclosure
    from rankbound.inputs import Inputs
    from rankbound.latent_attention import MLA
    from rankbound.presets import PRESETS, preset
    from rankbound.representation import (
        MinHeadDim,
        MultiHeadLayer,
        Representation,
        Separation,
        UnattainableAttention,
        fixed_only_layer,
        min_head_dim,
        represent,
        same_heads,
        separation_from_standard,
        to_head_size,
        unattainable_attention,
    )
    from rankbound.setting import Setting
    from rankbound.verdict import Evidence, Outcome, Rigour, Verdict, Witness
    from rankbound.verify.grid import default_head_dims
    from rankbound.verify.judge import judge
    from rankbound.verify.report import Report
    from rankbound.verify.run import JudgementInterrupted

__version__ = "0.1.0"

_HOME = {
    "PRESETS": "rankbound.presets",
    "Claim": "rankbound.claims",
    "Enclosure": "rankbound.enclosure",
    "Evidence": "rankbound.verdict",
    "Inputs": "rankbound.inputs",
    "JudgementInterrupted": "rankbound.verify.run",
    "MLA": "rankbound.latent_attention",
    "MinHeadDim": "rankbound.representation",
    "MultiHeadLayer": "rankbound.representation",
    "Outcome": "rankbound.verdict",
    "Report": "rankbound.verify.report",
    "Representation": "rankbound.representation",
    "Rigour": "rankbound.verdict",
    "Separation": "rankbound.representation",
    "Setting": "rankbound.setting",
    "UnattainableAttention": "rankbound.representation",
    "Verdict": "rankbound.verdict",
    "Witness": "rankbound.verdict",
    "barrier": "rankbound.bounds",
    "barrier_series": "rankbound.bounds",
    "default_head_dims": "rankbound.verify.grid",
    "exact_barrier": "rankbound.bounds",
    "expected_rank": "rankbound.bounds",
    "expected_rank_float": "rankbound.bounds",
    "fixed_only_layer": "rankbound.representation",
    "head_dim_for": "rankbound.bounds",
    "judge": "rankbound.verify.judge",
    "log_scale": "rankbound.bounds",
    "min_head_dim": "rankbound.representation",
    "occupancy_law": "rankbound.bounds",
    "preset": "rankbound.presets",
    "quick_rank": "rankbound.bounds",
    "rank_exponent": "rankbound.bounds",
    "rank_tail_bound": "rankbound.bounds",
    "represent": "rankbound.representation",
    "same_heads": "rankbound.representation",
    "saturation_curve": "rankbound.bounds",
    "separation_from_standard": "rankbound.representation",
    "to_head_size": "rankbound.representation",
    "unattainable_attention": "rankbound.representation",
    "window": "rankbound.bounds",
}

__all__ = [
    "MLA",
    "PRESETS",
    "Claim",
    "Enclosure",
    "Evidence",
    "Inputs",
    "JudgementInterrupted",
    "MinHeadDim",
    "MultiHeadLayer",
    "Outcome",
    "Report",
    "Representation",
    "Rigour",
    "Separation",
    "Setting",
    "UnattainableAttention",
    "Verdict",
    "Witness",
    "__version__",
    "barrier",
    "barrier_series",
    "default_head_dims",
    "exact_barrier",
    "expected_rank",
    "expected_rank_float",
    "fixed_only_layer",
    "head_dim_for",
    "judge",
    "log_scale",
    "min_head_dim",
    "occupancy_law",
    "preset",
    "quick_rank",
    "rank_exponent",
    "rank_tail_bound",
    "represent",
    "same_heads",
    "saturation_curve",
    "separation_from_standard",
    "to_head_size",
    "unattainable_attention",
    "window",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home module on first use, so that ``import rankbound`` stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
