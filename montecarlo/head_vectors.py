"""Queries and keys of every head of a variant: small matrices whose products have the law of the scores.

Plain attention: ``X W_q`` and ``X W_k``. With Gaussian weights X is a factor of its Gram matrix
(:mod:`montecarlo.tokens`), and a ``W_k`` with more columns than the factor has is replaced by its Bartlett factor
(:mod:`montecarlo.compression`), unless RoPE needs its columns. In the limit of wide heads the scores are F G F^T with a
square Gaussian G (the covariance of its entries is the product of two entries of F F^T), so F G and F are queries and
keys. Latent attention: :mod:`montecarlo.latents`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from montecarlo.latents import latent_heads
from montecarlo.layout import Floats
from montecarlo.rotary import rotated
from montecarlo.streams import Draws, Part, gaussian_factor
from montecarlo.tokens import Tokens, draw_tokens, embedded
from montecarlo.weight_laws import SEES_GRAM_ONLY, weight_matrix
from rankbound.setting import Setting

__all__ = ["has_positions", "heads_of", "tokens_of"]

Heads = Iterator[tuple[Floats, Floats]]


def has_positions(setting: Setting) -> bool:
    """Whether vectors are a row a token, turned to its position; else they are a row a distinct token."""
    return setting.rope_base is not None and not setting.is_wide


def tokens_of(setting: Setting, draws: Draws) -> Tokens:
    """Draw the tokens of a replicate: up to a rotation where that is all that the weights see."""
    inputs = setting.input_law
    tokens = draw_tokens(inputs, setting.n_tokens, setting.width, draws)
    if setting.weights in SEES_GRAM_ONLY or setting.is_wide:
        return tokens
    return embedded(tokens, inputs, setting.width, draws)


def heads_of(setting: Setting, tokens: Tokens, draws: Draws) -> Heads:
    """Yield queries and keys of each head in turn; keys that heads share are the same object."""
    if setting.is_wide:
        return _wide(setting, tokens, draws)
    if setting.mla is not None:
        return latent_heads(setting, setting.mla, tokens, draws)
    return _plain(setting, tokens, draws)


def _wide(setting: Setting, tokens: Tokens, draws: Draws) -> Heads:
    """Yield F G and F: scores of different heads are independent, also where they share keys."""
    size = tokens.components
    keys = np.eye(size) if tokens.factor is None else tokens.factor
    for head in range(setting.n_heads):
        yield tokens.times(draws.normals(Part.SCORES, head, (size, size))), keys


def _plain(setting: Setting, tokens: Tokens, draws: Draws) -> Heads:
    base, law, size = setting.rope_base, setting.weights, tokens.components
    key_heads = setting.n_kv_heads or setting.n_heads
    share = setting.n_heads // key_heads

    def vectors(weights: Floats) -> Floats:
        rows = tokens.times(weights)
        return rows if base is None else rotated(tokens.expanded(rows), base)

    for key_head in range(key_heads):
        shape = (size, int(setting.head_dim))
        if law in ("gaussian", "tied") and base is None:
            of_keys = gaussian_factor(draws, Part.KEY, key_head, *shape)
        else:
            of_keys = weight_matrix(law, draws, Part.KEY, key_head, shape, setting.width)
        keys = vectors(of_keys)
        for head in range(share * key_head, share * (key_head + 1)):
            if law == "tied":
                yield keys, keys
            else:
                yield vectors(weight_matrix(law, draws, Part.QUERY, head, of_keys.shape, setting.width)), keys
