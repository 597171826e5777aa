"""Standard layers, whose head size is embed_dim / heads, among layers of a fixed head size.

Every standard layer is one of a larger head size: pad its weights with zeros, and make up for the other square root
under the scores. The converse fails. For a layer g write B_i = W_o W_v and A_i = W_k^T W_q / sqrt(head_dim) of its i-th
head. On tokens e(x + u), e x, ..., e x the column of x is, for small e,

    e (sum B_i) (x + u/n)  +  e^3 (1/n - 1/n^2) (sum B_i u u^T A_i x)  +  terms in e^5 and on.

Two layers that are equal as functions on n >= 2 tokens thus share sum B_i, and sum B_i u u^T A_i x for all u and x.
Suppose all heads of one share A, N = sum B_i is invertible, and a standard layer with forms A'_i and B'_i equals it.
The E_i = N^-1 B'_i sum to the identity and have rank at most embed_dim / heads. So their ranks add up to embed_dim,
their ranges are a direct sum, E_i E_j = 0 for i != j, and E_i E_i = E_i != 0. Multiply sum E_j u u^T A'_j x = u u^T A x
by E_i: E_i u (u^T A'_i x) = E_i u (u^T A x), so that u^T A'_i x = u^T A x wherever E_i u != 0, hence everywhere:
A'_i = A. But the rank of A'_i is at most embed_dim / heads. If that of A is larger, no standard layer equals it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from rankbound.errors import check_integer, invalid
from rankbound.representation.layers import MultiHeadLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """What was found out, in exact arithmetic, about a layer that no standard layer may equal.

    Attributes
    ----------
    embed_dim, heads : int
        Of the layer, and of the standard layers it is compared with, whose head size is ``embed_dim // heads``.
    rank_of_values : int
        Rank of ``sum W_o W_v`` over heads.
    same_scores : bool
        All heads have the same ``W_k^T W_q``.
    rank_of_scores : int
        Rank of the first head's ``W_k^T W_q``.
    """

    embed_dim: int
    heads: int
    rank_of_values: int
    same_scores: bool
    rank_of_scores: int

    @property
    def separated(self) -> bool:
        """Whether it is proved that no standard layer with as many heads equals the layer on two tokens or more.

        False says nothing: the proof has conditions that a layer need not meet to be unreachable.
        """
        full = self.rank_of_values == self.embed_dim
        return full and self.same_scores and self.rank_of_scores > self.embed_dim // self.heads


def to_head_size(layer: MultiHeadLayer, head_dim: int) -> MultiHeadLayer:
    """Return a layer with heads of a larger size that is the same function: weights padded with zeros.

    Parameters
    ----------
    layer : MultiHeadLayer
        Any layer.
    head_dim : int
        The new head size, at least the layer's own.

    Returns
    -------
    MultiHeadLayer
        With ``query_scale_squared`` multiplied by the quotient of the head sizes. :func:`same_heads` checks it exactly.
    """
    remedy = f"a layer fits into heads of at least its own size, {layer.head_dim}"
    head_dim = check_integer("head_dim", head_dim, minimum=layer.head_dim, remedy=remedy)
    more = head_dim - layer.head_dim

    def padded(weights: NDArray[Any], axis: int) -> NDArray[Any]:
        shape = list(weights.shape)
        shape[axis] = more
        return np.concatenate([weights, np.zeros(shape, dtype=weights.dtype)], axis=axis)

    return MultiHeadLayer(
        W_q=padded(layer.W_q, 1),
        W_k=padded(layer.W_k, 1),
        W_v=padded(layer.W_v, 1),
        W_o=padded(layer.W_o, 2),
        query_scale_squared=layer.query_scale_squared * Fraction(head_dim, layer.head_dim),
    )


def same_heads(one: MultiHeadLayer, other: MultiHeadLayer) -> bool:
    """Return whether the layers agree head by head, exactly; then they are the same function on any number of tokens.

    Compares ``W_o W_v`` and ``c W_k^T W_q / sqrt(head_dim)``, in rational arithmetic (a float is a rational) and with
    the square roots compared by their squares. False does not say that the functions differ.
    """
    if (one.heads, one.embed_dim) != (other.heads, other.embed_dim):
        return False
    left, right = (layer.query_scale_squared / layer.head_dim for layer in (one, other))
    for i in range(one.heads):
        if _values(one, i) != _values(other, i):
            return False
        for a, b in zip(_scores(one, i).entries(), _scores(other, i).entries(), strict=True):
            if (a > 0) != (b > 0) or (a < 0) != (b < 0) or a * a * _rational(left) != b * b * _rational(right):
                return False
    return True


def fixed_only_layer(embed_dim: int, heads: int, head_dim: int) -> MultiHeadLayer:
    """Return a layer of a fixed head size that no standard layer with as many heads equals.

    Every head scores with the projection to the first ``min(head_dim, embed_dim)`` coordinates, and the heads' values
    add up to the identity: the layer is ``X -> X softmax(X^T A X)`` with A a multiple of that projection.
    :func:`separation_from_standard` is the certificate.

    Parameters
    ----------
    embed_dim, heads : int
        ``heads`` is at least 2 and divides ``embed_dim``.
    head_dim : int
        More than the standard ``embed_dim // heads``.

    Returns
    -------
    MultiHeadLayer
        Of integers.
    """
    embed_dim = check_integer("embed_dim", embed_dim, minimum=2, remedy="give the length of a token")
    remedy = "one head of the standard size is as wide as the embedding, and does all that a wider one can"
    heads = check_integer("heads", heads, minimum=2, remedy=remedy)
    if embed_dim % heads:
        raise invalid(
            "heads", heads, f"a divisor of embed_dim = {embed_dim}", "a standard head is embed_dim / heads wide"
        )
    standard = embed_dim // heads
    remedy = f"a standard head has dimension {standard}; up to there, zero padding makes every layer a standard one"
    head_dim = check_integer("head_dim", head_dim, minimum=standard + 1, remedy=remedy)
    scores = np.zeros((heads, head_dim, embed_dim), dtype=np.int64)
    diagonal = np.arange(min(head_dim, embed_dim))
    scores[:, diagonal, diagonal] = 1
    values = np.zeros_like(scores)
    for i in range(heads):
        values[i, np.arange(standard), i * standard + np.arange(standard)] = 1
    return MultiHeadLayer(W_q=scores, W_k=scores.copy(), W_v=values, W_o=values.transpose(0, 2, 1).copy())


def separation_from_standard(layer: MultiHeadLayer) -> Separation:
    """Find out exactly what proves that no standard layer, with head size ``embed_dim / heads``, equals this one.

    Parameters
    ----------
    layer : MultiHeadLayer
        A layer whose number of heads divides ``embed_dim``.

    Returns
    -------
    Separation
        Its ``separated`` says whether that is proved; the proof is at the head of this module.
    """
    if layer.embed_dim % layer.heads:
        remedy = "standard layers have heads of size embed_dim / heads"
        raise invalid("heads", layer.heads, f"a divisor of embed_dim = {layer.embed_dim}", remedy)
    total = _values(layer, 0)
    for i in range(1, layer.heads):
        total += _values(layer, i)
    first = _scores(layer, 0)
    return Separation(
        embed_dim=layer.embed_dim,
        heads=layer.heads,
        rank_of_values=int(total.rank()),
        same_scores=all(_scores(layer, i) == first for i in range(1, layer.heads)),
        rank_of_scores=int(first.rank()),
    )


def _values(layer: MultiHeadLayer, i: int) -> fmpq_mat:
    return _exactly(layer.W_o[i]) * _exactly(layer.W_v[i])


def _scores(layer: MultiHeadLayer, i: int) -> fmpq_mat:
    return _exactly(layer.W_k[i]).transpose() * _exactly(layer.W_q[i])


def _exactly(weights: NDArray[Any]) -> fmpq_mat:
    return fmpq_mat([[_rational(Fraction(value)) for value in row] for row in weights.tolist()])


def _rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
