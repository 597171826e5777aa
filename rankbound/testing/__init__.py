"""Property tests and assertions for attention code: Hypothesis strategies, profiles to run them with, and assertions.

Public names load on first use; Hypothesis and NumPy with them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.testing.hardmax_rows import assert_hardmax
    from rankbound.testing.head_width import assert_representable
    from rankbound.testing.keys import KeyMatrix, key_matrices
    from rankbound.testing.probabilities import ProbabilityVector, probability_vectors
    from rankbound.testing.profiles import register_profiles
    from rankbound.testing.queries import QueryLaw, query_laws
    from rankbound.testing.rank_of_matrix import assert_rank_bound
    from rankbound.testing.rank_on_average import assert_mean_rank
    from rankbound.testing.settings import attention_settings
    from rankbound.testing.sizes import head_dims, sequence_lengths
    from rankbound.testing.stochastic import StochasticMatrix, stochastic_matrices
    from rankbound.testing.tokens import TokenMatrix, attention_inputs

_HOME = {
    "KeyMatrix": "keys",
    "ProbabilityVector": "probabilities",
    "QueryLaw": "queries",
    "StochasticMatrix": "stochastic",
    "TokenMatrix": "tokens",
    "assert_hardmax": "hardmax_rows",
    "assert_mean_rank": "rank_on_average",
    "assert_rank_bound": "rank_of_matrix",
    "assert_representable": "head_width",
    "attention_inputs": "tokens",
    "attention_settings": "settings",
    "head_dims": "sizes",
    "key_matrices": "keys",
    "probability_vectors": "probabilities",
    "query_laws": "queries",
    "register_profiles": "profiles",
    "sequence_lengths": "sizes",
    "stochastic_matrices": "stochastic",
}

__all__ = [
    "KeyMatrix",
    "ProbabilityVector",
    "QueryLaw",
    "StochasticMatrix",
    "TokenMatrix",
    "assert_hardmax",
    "assert_mean_rank",
    "assert_rank_bound",
    "assert_representable",
    "attention_inputs",
    "attention_settings",
    "head_dims",
    "key_matrices",
    "probability_vectors",
    "query_laws",
    "register_profiles",
    "sequence_lengths",
    "stochastic_matrices",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound.testing' has no attribute {name!r}")
    if name == "assert_mean_rank":  # which imports a package of a generic name
        from rankbound.witnesses import ensure_own

        ensure_own("montecarlo")
    value = getattr(importlib.import_module(f"rankbound.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
