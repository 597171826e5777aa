"""The definition of a variant, taken literally: X, W_q and W_k whole, scores X W_q W_k^T X^T, a mask of -inf, argmax.

This is what :mod:`montecarlo.variants` is tested against. It takes the same random words, and where the fast way leaves
numbers out because they do not matter, it fills them in with others: tokens F O with a random frame O where only F is
drawn there, weights that are the drawn ones on the space of the tokens and new ones off it, and W_k = L V with a random
frame V where only its Bartlett factor L is drawn. So equality of the choices shows that they do not matter.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from montecarlo.layout import Floats, Integers
from montecarlo.plain_tokens import PlainDraws, plain_tokens
from montecarlo.streams import Part, Words
from rankbound.frozen_array import FrozenArray
from rankbound.latent_attention import MLA
from rankbound.setting import Setting

__all__ = ["plain_scores", "plain_variant_choices", "plain_visible"]

_EPSILON = 1e-6


def plain_visible(setting: Setting) -> npt.NDArray[np.bool_]:
    """Return which keys each query sees; bool array (n_queries, n_keys)."""
    m, n, mask = setting.n_queries, setting.n_keys, setting.mask
    if isinstance(mask, FrozenArray):
        return np.array(mask.array)
    i, j = np.arange(m)[:, None], np.arange(n)[None, :]
    if mask == "none":
        return np.ones((m, n), np.bool_)
    return (j <= i) & (j > i - (setting.window or n + 1))


def plain_variant_choices(setting: Setting, key: Words, replicate: int) -> Integers:
    """Return the column that each query picks, int64 array (n_heads, n_queries): lowest index among equal scores.

    Parameters
    ----------
    setting : Setting
        Any, of sizes whose scores fit into memory.
    key : uint64 array (4,)
        From :func:`montecarlo.variants.variant_key`.
    replicate : int
        Which replicate.
    """
    visible = plain_visible(setting)
    scores = plain_scores(setting, key, replicate)
    masked = [np.where(visible, one[: setting.n_queries, : setting.n_keys], -np.inf) for one in scores]
    return np.array([np.argmax(_levelled(one), axis=1) for one in masked])


def _levelled(scores: Floats) -> Floats:
    """Return scores with those that differ by rounding only made equal, as scores of equal tokens are."""
    top = scores.max(axis=1, keepdims=True)
    size = np.abs(np.where(np.isfinite(scores), scores, 0.0)).max(axis=1, keepdims=True)
    return np.where(scores >= top - 1e-12 * size, np.inf, scores)


def plain_scores(setting: Setting, key: Words, replicate: int) -> list[Floats]:
    """Return the scores of all tokens against all tokens, a matrix a head."""
    draws = PlainDraws(key, replicate)
    gram_only = setting.weights in ("gaussian", "tied", "orthogonal") or setting.is_wide
    factor, frame = plain_tokens(setting, draws, gram_only=gram_only)
    if setting.is_wide:
        return _wide(setting, factor, draws)
    weights = _Weights(setting, draws, frame, gram_only)
    if setting.mla is not None:
        return _latent(setting, setting.mla, factor @ frame, weights)
    return _plain(setting, factor @ frame, weights)


def _wide(setting: Setting, factor: Floats, draws: PlainDraws) -> list[Floats]:
    law, size = setting.input_law, factor.shape[1]
    if law.law != "orthonormal" and (law.law != "duplicated" or setting.mask != "none"):
        return [factor @ draws.normals(Part.SCORES, head, size, size) @ factor.T for head in range(setting.n_heads)]
    # Of independent scores only the place of the best is drawn: that one gets the best score. Tokens that are the same
    # as an earlier one have its row.
    visible, scores = plain_visible(setting), []
    distinct_queries, distinct_keys = (min(n, size) for n in (setting.n_queries, setting.n_keys))
    for head in range(setting.n_heads):
        matrix = np.zeros((setting.n_tokens, setting.n_tokens))
        for i, unit in enumerate(draws.units(Part.SCORES, head, distinct_queries)):
            seen = np.flatnonzero(visible[i, :distinct_keys])
            matrix[i::size, seen[int(unit * seen.size)]] = 1.0
        scores.append(matrix)
    return scores


class _Weights:
    """Weight matrices in full, given the part of them that is drawn."""

    def __init__(self, setting: Setting, draws: PlainDraws, frame: Floats, gram_only: bool) -> None:
        self.law, self.draws, self.frame, self.gram_only = setting.weights, draws, frame, gram_only

    def lifted(self, drawn: Floats, frame: Floats) -> Floats:
        """Return W with ``frame @ W = drawn``, and other normals off the space of the frame."""
        other = self.draws.other.standard_normal((frame.shape[1], drawn.shape[1]))
        return frame.T @ drawn + other - frame.T @ (frame @ other)

    def entries(self, part: int, head: int, rows: int, columns: int) -> Floats:
        """Return independent entries by the law."""
        if self.law in ("gaussian", "tied"):
            return self.draws.normals(part, head, rows, columns)
        bound = {"uniform": 3.0, "xavier": 6.0 / (rows + columns), "kaiming": 6.0 / rows}[self.law] ** 0.5
        units = self.draws.units(part, head, rows * columns).reshape(rows, columns)
        entries: Floats = bound * (2.0 * units - 1.0)
        return entries

    def on_tokens(self, part: int, head: int, columns: int) -> Floats:
        """Return a matrix that the tokens are multiplied by, drawn on their space."""
        size, width = self.frame.shape
        if self.law == "orthogonal":
            tall = self.draws.normals(part, head, max(width, columns), min(width, columns))
            q, r = np.linalg.qr(tall)
            whole = q * np.sign(np.diagonal(r)) if width >= columns else (q * np.sign(np.diagonal(r))).T
            rest = np.linalg.svd(self.frame)[2][size:]  # completes the frame to a rotation
            turned: Floats = np.concatenate([self.frame, rest]).T @ whole
            return turned
        if not self.gram_only:
            return self.entries(part, head, width, columns)
        return self.lifted(self.entries(part, head, size, columns), self.frame)


def _turn(rows: Floats, base: float | None) -> Floats:
    """Return rows with pairs of components, as complex numbers, turned by their positions."""
    if base is None:
        return rows
    half = rows.shape[1] // 2
    pairs = rows[:, :half] + 1j * rows[:, half:]
    for i in range(len(rows)):
        pairs[i] *= [np.exp(1j * i * base ** (-c / half)) for c in range(half)]
    return np.concatenate([pairs.real, pairs.imag], axis=1)


def _plain(setting: Setting, x: Floats, weights: _Weights) -> list[Floats]:
    head_dim, base, size = int(setting.head_dim), setting.rope_base, len(weights.frame)
    share, scores = setting.n_heads // (setting.n_kv_heads or 1), []
    for head in range(setting.n_heads):
        key_head = head // share
        if setting.weights in ("gaussian", "tied") and base is None and head_dim > size:
            across = weights.draws.frame(size, head_dim)
            w_k = weights.lifted(weights.draws.factor(Part.KEY, key_head, size, head_dim) @ across, weights.frame)
            drawn = weights.lifted(weights.draws.normals(Part.QUERY, head, size, size).T, across).T
            w_q = weights.lifted(drawn, weights.frame)
        else:
            w_k = weights.on_tokens(Part.KEY, key_head, head_dim)
            w_q = weights.on_tokens(Part.QUERY, head, head_dim)
        if setting.weights == "tied":
            w_q = w_k
        scores.append((x @ w_q) @ (x @ w_k).T if base is None else _turn(x @ w_q, base) @ _turn(x @ w_k, base).T)
    return scores


def _latent(setting: Setting, mla: MLA, x: Floats, weights: _Weights) -> list[Floats]:
    def normed(rows: Floats) -> Floats:
        squares = (rows * rows).mean(axis=1, keepdims=True)
        return rows / np.sqrt(squares + _EPSILON) if mla.norm else rows

    x = normed(x)
    size, law = len(weights.frame), setting.weights
    latents, across = [], []
    for part, rank in ((Part.QUERY_LATENT, mla.q_lora_rank), (Part.KEY_LATENT, mla.kv_lora_rank)):
        if law == "gaussian" and rank > size:
            across.append(weights.draws.frame(size, rank))
            down = weights.lifted(weights.draws.factor(part, 0, size, rank) @ across[-1], weights.frame)
        else:
            across.append(np.eye(rank))
            down = weights.on_tokens(part, 0, rank)
        latents.append(normed(x @ down))

    def up(part: int, head: int, columns: int, of: int) -> Floats:
        return weights.lifted(weights.entries(part, head, len(across[of]), columns), across[of])

    shared = _turn(x @ weights.on_tokens(Part.ROPE_KEY, 0, mla.rope_head_dim), setting.rope_base)
    scores = []
    for head in range(setting.n_heads):
        if law == "gaussian" and mla.nope_head_dim > len(across[1]):
            beside = weights.draws.frame(len(across[1]), mla.nope_head_dim)
            drawn = weights.draws.factor(Part.KEY, head, len(across[1]), mla.nope_head_dim) @ beside
            up_keys = weights.lifted(drawn, across[1])
            drawn = weights.draws.normals(Part.QUERY, head, len(across[0]), len(beside))
            up_queries = weights.lifted(weights.lifted(drawn.T, beside).T, across[0])
        else:
            up_keys = up(Part.KEY, head, mla.nope_head_dim, 1)
            up_queries = up(Part.QUERY, head, mla.nope_head_dim, 0)
        content = latents[0] @ (up_queries @ up_keys.T) @ latents[1].T
        place = _turn(latents[0] @ up(Part.ROPE_QUERY, head, mla.rope_head_dim, 0), setting.rope_base)
        scores.append(content + place @ shared.T if mla.rope_head_dim else content)
    return scores
