"""Which algorithm draws ranks at which size: four ways to draw from one law.

============  ======================  =========================================================================
algorithm     where                   how
============  ======================  =========================================================================
``"line"``    head_dim 1              signs (:mod:`montecarlo.line`)
``"planar"``  head_dim 2              hull of the longest keys, hits of normal cones (:mod:`montecarlo.planar`)
``"pruned"``  small, by number of     normal vectors, keys scanned by descending length (:mod:`montecarlo.scan`)
              keys (at most 16)
``"dense"``   elsewhere               normal vectors, of which one side is triangular from head_dim 17 on
                                      (:mod:`montecarlo.compression`), all keys scanned (:mod:`montecarlo.scan`)
============  ======================  =========================================================================

The choice is a function of the sizes alone. ``"pruned"`` and ``"dense"`` can be used at any head dimension up to 16,
and give the same ranks there: they scan the same vectors.
"""

from __future__ import annotations

__all__ = ["ALGORITHMS", "UNCOMPRESSED_HEAD_DIM", "algorithm_for", "applicable", "worth_pruning"]

ALGORITHMS = ("line", "planar", "pruned", "dense")

UNCOMPRESSED_HEAD_DIM = 16
"""Largest head dimension at which all components of all vectors are drawn."""


def worth_pruning(n_keys: int, head_dim: int) -> bool:
    """Whether scanning the keys in descending order of length pays: measured, for as many queries as keys.

    The share of the keys that is scanned falls with their number, and rises with the head dimension.
    """
    return head_dim <= min(UNCOMPRESSED_HEAD_DIM, 1.6 * n_keys.bit_length() - 8.0)


def algorithm_for(n_keys: int, head_dim: int) -> str:
    """Return the name of the algorithm that is used for that many keys and components."""
    if head_dim <= 2:
        return ("line", "planar")[head_dim - 1]
    return "pruned" if worth_pruning(n_keys, head_dim) else "dense"


def applicable(head_dim: int) -> tuple[str, ...]:
    """Return the names of the algorithms that can be used at ``head_dim``."""
    if head_dim <= 2:
        return ("line", "planar")[head_dim - 1], "pruned", "dense"
    return ("pruned", "dense") if head_dim <= UNCOMPRESSED_HEAD_DIM else ("dense",)
