"""Queries and keys of multi-head latent attention.

A latent ``c = x W`` with Gaussian W of more columns than the tokens have components is replaced by its Bartlett factor,
whose rows have the same lengths, so an RMSNorm does to it what it does to the latent. Neither is ``W_UK`` wider than
the latent of the keys: then the product ``W_UQ W_UK^T`` is absorbed into a square factor in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from montecarlo.layout import Floats
from montecarlo.rotary import rotated
from montecarlo.streams import Draws, Part, gaussian_factor
from montecarlo.tokens import Tokens
from montecarlo.weight_laws import weight_matrix
from rankbound.latent_attention import MLA
from rankbound.setting import Setting

__all__ = ["EPSILON", "latent_heads"]

EPSILON = 1e-6
"""Added to the mean square in an RMSNorm, as in the published configuration of DeepSeek-V3 (rms_norm_eps)."""


def _normed(rows: Floats, width: int) -> Floats:
    """Return rows over the root of their mean square over ``width`` components."""
    squares = np.einsum("ij,ij->i", rows, rows) / width
    normed: Floats = rows / np.sqrt(squares + EPSILON)[:, None]
    return normed


def latent_heads(setting: Setting, mla: MLA, tokens: Tokens, draws: Draws) -> Iterator[tuple[Floats, Floats]]:
    """Yield queries and keys of each head in turn; a row a distinct token, or a row a token if there are positions."""
    law, width = setting.weights, setting.width
    scale = np.sqrt(1.0 / (tokens.lengths_squared() / width + EPSILON)) if mla.norm else np.ones(tokens.distinct)

    def from_tokens(weights: Floats) -> Floats:
        return tokens.times(weights) * scale[:, None]

    def weights_for(part: int, head: int, rows: int, columns: int, whole: int) -> Floats:
        return weight_matrix(law, draws, part, head, (rows, columns), whole)

    def factor_for(part: int, head: int, rows: int, columns: int, whole: int) -> Floats:
        if law == "gaussian":
            return gaussian_factor(draws, part, head, rows, columns)
        return weights_for(part, head, rows, columns, whole)

    latents = []
    for part, rank in ((Part.QUERY_LATENT, mla.q_lora_rank), (Part.KEY_LATENT, mla.kv_lora_rank)):
        latent = from_tokens(factor_for(part, 0, tokens.components, rank, width))
        latents.append(_normed(latent, rank) if mla.norm else latent)
    of_queries, of_keys = latents
    turned = mla.rope_head_dim
    shared = np.empty((0, 0))
    if turned:
        base = setting.rope_base or 1.0
        shared = from_tokens(weights_for(Part.ROPE_KEY, 0, tokens.components, turned, width))
        shared = rotated(tokens.expanded(shared), base)
    for head in range(setting.n_heads):
        up_keys = factor_for(Part.KEY, head, of_keys.shape[1], mla.nope_head_dim, mla.kv_lora_rank)
        up_queries = weights_for(Part.QUERY, head, of_queries.shape[1], up_keys.shape[1], mla.q_lora_rank)
        queries, keys = of_queries @ up_queries, of_keys @ up_keys
        if turned:
            place = of_queries @ weights_for(Part.ROPE_QUERY, head, of_queries.shape[1], turned, mla.q_lora_rank)
            queries = np.concatenate([tokens.expanded(queries), rotated(tokens.expanded(place), base)], axis=1)
            keys = np.concatenate([tokens.expanded(keys), shared], axis=1)
        yield queries, keys
