"""The experiment: simulation of random hardmax attention, exact in law up to the rounding of float64.

The third of the three witnesses. It knows no theorem and no bound: it draws attention matrices, counts ranks and says,
with an interval that is valid at finite sample size and at any stopping time, where the expected rank lies.

Everything is loaded when first used, so that ``import montecarlo`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from montecarlo.attention import hardmax, hardmax_rank
    from montecarlo.campaign import read_campaign, read_ranks, run_campaign
    from montecarlo.campaign_records import CampaignCell, CampaignProgress
    from montecarlo.confidence import confidence_interval, confidence_sequence, excess_evidence, excludes_up_to
    from montecarlo.drawing import WorkersError
    from montecarlo.elimination import attention_matrix, exact_rank
    from montecarlo.estimation import EstimateInterrupted, RankEstimate, estimate_rank, summarise_ranks
    from montecarlo.planning import MAX_REPLICATES, MEMORY_LIMIT, planned_replicates, simulation_cost, simulation_memory
    from montecarlo.sampling import sample_ranks
    from montecarlo.softmax import SoftmaxRanks, softmax_numerical_ranks
    from montecarlo.store import StoreBusyError, StoreError
    from montecarlo.variant_softmax import VariantSoftmaxRanks, sample_variant_softmax
    from montecarlo.variants import VariantRanks, sample_variant_ranks, variant_memory
    from montecarlo.weights import sample_rank_and_occupancy, sample_ranks_from_weights

DEFAULT_SEED = 0
"""The seed that ``rng=None`` stands for."""

STREAMS = 2
"""Version of the random streams: it changes whenever the ranks that are drawn for a seed do."""

_HOME = {
    "CampaignCell": "montecarlo.campaign_records",
    "CampaignProgress": "montecarlo.campaign_records",
    "EstimateInterrupted": "montecarlo.estimation",
    "MAX_REPLICATES": "montecarlo.planning",
    "MEMORY_LIMIT": "montecarlo.planning",
    "RankEstimate": "montecarlo.estimation",
    "SoftmaxRanks": "montecarlo.softmax",
    "StoreBusyError": "montecarlo.store",
    "StoreError": "montecarlo.store",
    "VariantRanks": "montecarlo.variants",
    "VariantSoftmaxRanks": "montecarlo.variant_softmax",
    "WorkersError": "montecarlo.drawing",
    "attention_matrix": "montecarlo.elimination",
    "confidence_interval": "montecarlo.confidence",
    "confidence_sequence": "montecarlo.confidence",
    "estimate_rank": "montecarlo.estimation",
    "exact_rank": "montecarlo.elimination",
    "excess_evidence": "montecarlo.confidence",
    "excludes_up_to": "montecarlo.confidence",
    "hardmax": "montecarlo.attention",
    "hardmax_rank": "montecarlo.attention",
    "planned_replicates": "montecarlo.planning",
    "read_campaign": "montecarlo.campaign",
    "read_ranks": "montecarlo.campaign",
    "run_campaign": "montecarlo.campaign",
    "sample_rank_and_occupancy": "montecarlo.weights",
    "sample_ranks": "montecarlo.sampling",
    "sample_ranks_from_weights": "montecarlo.weights",
    "sample_variant_ranks": "montecarlo.variants",
    "sample_variant_softmax": "montecarlo.variant_softmax",
    "simulation_cost": "montecarlo.planning",
    "simulation_memory": "montecarlo.planning",
    "softmax_numerical_ranks": "montecarlo.softmax",
    "summarise_ranks": "montecarlo.estimation",
    "variant_memory": "montecarlo.variants",
}

__all__ = [
    "DEFAULT_SEED",
    "MAX_REPLICATES",
    "MEMORY_LIMIT",
    "STREAMS",
    "CampaignCell",
    "CampaignProgress",
    "EstimateInterrupted",
    "RankEstimate",
    "SoftmaxRanks",
    "StoreBusyError",
    "StoreError",
    "VariantRanks",
    "VariantSoftmaxRanks",
    "WorkersError",
    "attention_matrix",
    "confidence_interval",
    "confidence_sequence",
    "estimate_rank",
    "exact_rank",
    "excess_evidence",
    "excludes_up_to",
    "hardmax",
    "hardmax_rank",
    "planned_replicates",
    "read_campaign",
    "read_ranks",
    "run_campaign",
    "sample_rank_and_occupancy",
    "sample_ranks",
    "sample_ranks_from_weights",
    "sample_variant_ranks",
    "sample_variant_softmax",
    "simulation_cost",
    "simulation_memory",
    "softmax_numerical_ranks",
    "summarise_ranks",
    "variant_memory",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home module on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'montecarlo' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
