"""The same attention with one bug each, as such code has them."""

from __future__ import annotations

import numpy as np
from attention import Array, Attention, Mask


class SoftmaxOverQueries(Attention):
    """Columns sum to 1, and not rows."""

    def normalise(self, scores: Array, temperature: float) -> Array:
        if temperature == 0:
            return super().normalise(scores, temperature)
        scores = scores / temperature
        exp = np.exp(scores - scores.max(axis=-2, keepdims=True))
        return exp / exp.sum(axis=-2, keepdims=True)


class TiesMarked(Attention):
    """Hardmax marks each of the largest scores, and not only the first."""

    def normalise(self, scores: Array, temperature: float) -> Array:
        if temperature == 0:
            return (scores == scores.max(axis=-1, keepdims=True)).astype(float)
        return super().normalise(scores, temperature)


class DropoutLeftOn(Attention):
    """Weights are dropped as in training, a tenth of them, and the others scaled up."""

    def normalise(self, scores: Array, temperature: float) -> Array:
        kept = np.random.default_rng(0).random(scores.shape) < 0.9
        return super().normalise(scores, temperature) * kept / 0.9


class MaskAfterSoftmax(Attention):
    """Weights of hidden keys are set to 0 when they have had their share already."""

    def weights(self, scores: Array, visible: Mask, temperature: float) -> Array:
        return self.normalise(scores, temperature) * visible


class StrictCausalMask(Attention):
    """A token does not see itself, and the first one sees nothing."""

    def visible(self, n: int) -> Mask:
        return np.tri(n, k=-1, dtype=bool) if self.causal else super().visible(n)


class TransposedMask(Attention):
    """A token sees those after it."""

    def visible(self, n: int) -> Mask:
        return super().visible(n).T


class WindowTooWide(Attention):
    """One token more than the window has."""

    def visible(self, n: int) -> Mask:
        distance = np.arange(n)[:, None] - np.arange(n)
        return super().visible(n) if self.window is None else (distance >= 0) & (distance <= self.window)


class WindowTooNarrow(Attention):
    """One token less than the window has."""

    def visible(self, n: int) -> Mask:
        distance = np.arange(n)[:, None] - np.arange(n)
        return super().visible(n) if self.window is None else (distance >= 0) & (distance < self.window - 1)


class SharedProjections(Attention):
    """Queries are projected as keys are."""

    def project(self, x: Array) -> tuple[Array, Array]:
        return self.split_heads(x @ self.w_k), self.split_heads(x @ self.w_k)


class ScoresSummedOverHeads(Attention):
    """An index is missing in the result of einsum, and broadcasting hides it."""

    def scores(self, queries: Array, keys: Array) -> Array:
        scores = np.einsum("hid,hjd->ij", queries, keys) / np.sqrt(queries.shape[-1])
        return np.broadcast_to(scores, (self.n_heads, *scores.shape))


class HeadsByReshape(Attention):
    """The shape of the heads is right, but each has parts of several tokens."""

    def split_heads(self, y: Array) -> Array:
        return y.reshape(self.n_heads, len(y), -1)


class LastKeyMissing(Attention):
    """The cache of keys is read before the last token is written to it."""

    def project(self, x: Array) -> tuple[Array, Array]:
        queries, keys = super().project(x)
        cache = np.zeros_like(keys)
        cache[:, :-1] = keys[:, :-1]
        return queries, cache


# What follows is wrong too, and no test of ranks can see it.


class NotScaled(Attention):
    """Scores are not divided by the root of head_dim: no rank depends on a scale."""

    def scores(self, queries: Array, keys: Array) -> Array:
        return queries @ keys.transpose(0, 2, 1)


class SwappedProjections(Attention):
    """Queries are projected as keys, and keys as queries: with random weights, that is the same law."""

    def project(self, x: Array) -> tuple[Array, Array]:
        return self.split_heads(x @ self.w_k), self.split_heads(x @ self.w_q)
