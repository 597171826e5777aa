"""Which attention matrices one head can produce, and how wide it must be (the low-rank bottleneck).

A head of dimension ``head_dim`` produces ``softmax((W_k X)^T (W_q X) / sqrt(head_dim))``, column by column. Its
logarithm is, up to a constant in each column, a matrix of rank at most ``head_dim``. Everything here follows from that.
"""

from __future__ import annotations

from rankbound.representation.factorisation import Representation, represent
from rankbound.representation.fixed_head_size import (
    Separation,
    fixed_only_layer,
    same_heads,
    separation_from_standard,
    to_head_size,
)
from rankbound.representation.head_dims import MinHeadDim, min_head_dim
from rankbound.representation.layers import MultiHeadLayer
from rankbound.representation.unattainable import UnattainableAttention, unattainable_attention

__all__ = [
    "MinHeadDim",
    "MultiHeadLayer",
    "Representation",
    "Separation",
    "UnattainableAttention",
    "fixed_only_layer",
    "min_head_dim",
    "represent",
    "same_heads",
    "separation_from_standard",
    "to_head_size",
    "unattainable_attention",
]
