"""A layer of multi-head attention, with weights that can be compared exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray

from rankbound.errors import invalid
from rankbound.representation.matrices import Matrix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultiHeadLayer:
    """The map ``X -> sum over heads of W_o W_v X softmax((W_k X)^T (c W_q X) / sqrt(head_dim))``, column by column.

    Attributes
    ----------
    W_q, W_k, W_v : ndarray of shape (heads, head_dim, embed_dim)
        Weights of queries, keys and values: floats, integers or ``Fraction``.
    W_o : ndarray of shape (heads, embed_dim, head_dim)
        Each head's columns of the output weights.
    query_scale_squared : Fraction
        ``c^2``, positive. Kept apart, since ``c`` is in general irrational.
    """

    W_q: NDArray[Any]
    W_k: NDArray[Any]
    W_v: NDArray[Any]
    W_o: NDArray[Any]
    query_scale_squared: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        weights = {name: np.asarray(getattr(self, name)) for name in ("W_q", "W_k", "W_v", "W_o")}
        for name, value in weights.items():
            object.__setattr__(self, name, value)
            if value.ndim != 3 or value.size == 0:
                remedy = "stack the weights of the heads"
                raise invalid(name, f"{value.dtype} of shape {value.shape}", "three axes, the first for heads", remedy)
            if value.dtype.kind not in "fiuO" or not all(_is_number(entry) for entry in value.flat):
                raise invalid(name, f"{value.dtype} of shape {value.shape}", "finite real numbers", "convert it first")
        heads, head_dim, embed_dim = self.W_q.shape
        for name, value in weights.items():
            shape = (heads, embed_dim, head_dim) if name == "W_o" else (heads, head_dim, embed_dim)
            if value.shape != shape:
                raise invalid(name, value.shape, f"the shape {shape}, after W_q", "give every head all four weights")
        if not self.query_scale_squared > 0:
            raise invalid("query_scale_squared", self.query_scale_squared, "a positive fraction", "omit it")

    @property
    def heads(self) -> int:
        """Number of heads."""
        return int(self.W_q.shape[0])

    @property
    def head_dim(self) -> int:
        """Rows of each head's weights."""
        return int(self.W_q.shape[1])

    @property
    def embed_dim(self) -> int:
        """Length of a token."""
        return int(self.W_q.shape[2])

    def __call__(self, X: ArrayLike) -> Matrix:
        """Return what the layer makes of inputs of shape (embed_dim, n), in float64."""
        inputs = np.asarray(X, dtype=np.float64)
        if inputs.ndim != 2 or len(inputs) != self.embed_dim:
            remedy = "give one token a column"
            raise invalid("X", f"an array of shape {inputs.shape}", f"embed_dim = {self.embed_dim} rows", remedy)
        scale = math.sqrt(self.query_scale_squared / self.head_dim)
        total: Matrix = np.zeros_like(inputs)
        weights = (np.asarray(w, dtype=np.float64) for w in (self.W_q, self.W_k, self.W_v, self.W_o))
        for W_q, W_k, W_v, W_o in zip(*weights, strict=True):
            scores = (W_k @ inputs).T @ (W_q @ inputs) * scale
            total += W_o @ (W_v @ inputs @ scipy.special.softmax(scores, axis=0))
        return total


def _is_number(entry: object) -> bool:
    try:
        return bool(np.isfinite(float(entry)))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False
