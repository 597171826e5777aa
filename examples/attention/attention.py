"""Multi-head attention in NumPy, as far as it decides which token looks at which."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Attention:
    """The attention weights of several heads.

    Parameters
    ----------
    w_q, w_k : array (embed_dim, n_heads * head_dim)
        Projections to the queries and the keys of all heads.
    n_heads : int
        Each head has its share of the columns of the projections.
    causal : bool
        Whether a token sees itself and those before it, and no others.
    window : int, optional
        Sliding window, causal too: a token sees this many, itself and the last ones before it.
    """

    def __init__(
        self, w_q: Array, w_k: Array, *, n_heads: int = 1, causal: bool = False, window: int | None = None
    ) -> None:
        self.w_q = w_q
        self.w_k = w_k
        self.n_heads = n_heads
        self.causal = causal
        self.window = window

    def __call__(self, x: Array, *, temperature: float = 1.0) -> Array:
        """Return the weights (n_heads, n, n), a row for each query; tokens are the rows of ``x`` (n, embed_dim)."""
        queries, keys = self.project(x)
        return self.weights(self.scores(queries, keys), self.visible(len(x)), temperature)

    def project(self, x: Array) -> tuple[Array, Array]:
        """Return queries and keys, each (n_heads, n, head_dim)."""
        return self.split_heads(x @ self.w_q), self.split_heads(x @ self.w_k)

    def split_heads(self, y: Array) -> Array:
        """Return (n, n_heads * head_dim) as (n_heads, n, head_dim)."""
        return y.reshape(len(y), self.n_heads, -1).transpose(1, 0, 2)

    def scores(self, queries: Array, keys: Array) -> Array:
        """Return the scaled products (n_heads, n, n) of each query with each key."""
        return queries @ keys.transpose(0, 2, 1) / np.sqrt(queries.shape[-1])

    def visible(self, n: int) -> Mask:
        """Return True (n, n) where a query sees a key."""
        distance = np.arange(n)[:, None] - np.arange(n)  # of query i behind key j
        if self.window is not None:
            return (distance >= 0) & (distance < self.window)
        return distance >= 0 if self.causal else np.full((n, n), True)

    def weights(self, scores: Array, visible: Mask, temperature: float) -> Array:
        """Return the scores of visible keys, normalised."""
        return self.normalise(np.where(visible, scores, -np.inf), temperature)

    def normalise(self, scores: Array, temperature: float) -> Array:
        """Return the softmax of each row or, at temperature 0, its hardmax: 1 at the first of the largest scores."""
        if temperature == 0:
            return np.eye(scores.shape[-1])[scores.argmax(axis=-1)]
        scores = scores / temperature
        exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return exp / exp.sum(axis=-1, keepdims=True)
