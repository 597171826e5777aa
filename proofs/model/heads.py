"""One attention head on tokens that are no matter of chance, and the matrix that its attention is to be."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import Claim, FixedNumber, eq, le
from proofs.model.symbols import a, i, j, k, l, n, w
from proofs.model.vectors import Token
from proofs.records import Assumption


class ColumnShare(FixedNumber):
    """``ColumnShare(j, l, n)``: the entry in row ``j`` and column ``l`` of P, a positive matrix of ``n`` columns.

    In attention it is the share of key ``j`` in what query ``l`` takes.
    """

    least = (0, 0, 1)
    is_positive = True


class LeftInverse(FixedNumber):
    """``LeftInverse(j, a, n, w)``: the entry in row ``j`` and column ``a`` of a left inverse of ``n`` tokens."""

    least = (0, 0, 1, 1)


class LeftFactor(FixedNumber):
    """``LeftFactor(j, e, n, d)``: the entry in row ``j`` and column ``e`` of a factor of the centred log P."""

    least = (0, 0, 1, 1)


class RightFactor(FixedNumber):
    """``RightFactor(l, e, n, d)``: the entry in row ``l`` and column ``e`` of the other factor of the centred log P."""

    least = (0, 0, 1, 1)


class HeadKey(FixedNumber):
    """``HeadKey(j, e)``: coordinate ``e`` of key ``j`` of a head, any number."""

    least = (0, 0)


class HeadQuery(FixedNumber):
    """``HeadQuery(l, e)``: coordinate ``e`` of query ``l`` of a head, any number."""

    least = (0, 0)


class LogSingularValue(FixedNumber):
    """``LogSingularValue(q, n)``: the ``q``-th largest singular value of the centred log P."""

    least = (1, 1)
    is_nonnegative = True


class LogRightVector(FixedNumber):
    """``LogRightVector(l, e, n)``: coordinate ``l`` of right singular vector ``e + 1`` of the centred log P."""

    least = (0, 0, 1)


class LayerKeyWeight(FixedNumber):
    """``LayerKeyWeight(i, f, a)``: the key weight in row ``f``, column ``a`` of head ``i`` of a layer."""

    least = (0, 0, 0)


class LayerQueryWeight(FixedNumber):
    """``LayerQueryWeight(i, f, a)``: the query weight in row ``f``, column ``a`` of head ``i`` of a layer."""

    least = (0, 0, 0)


class LayerValueWeight(FixedNumber):
    """``LayerValueWeight(i, f, a)``: the value weight in row ``f``, column ``a`` of head ``i`` of a layer."""

    least = (0, 0, 0)


class LayerOutputWeight(FixedNumber):
    """``LayerOutputWeight(i, b, f)``: the output weight in row ``b``, column ``f`` of head ``i`` of a layer."""

    least = (0, 0, 0)


class OtherOutput(FixedNumber):
    """``OtherOutput(i, b)``: output weight ``b``, of one column, of head ``i`` of a layer with two."""

    least = (0, 0)


class OtherValue(FixedNumber):
    """``OtherValue(i, a)``: value weight ``a``, of one row, of head ``i`` of a layer with two."""

    least = (0, 0)


class OtherScore(FixedNumber):
    """``OtherScore(i, a, b)``: entry in row ``a``, column ``b`` of the form that scores pairs in head ``i`` of two.

    For key weights W_k and query weights W_q it is W_k^T W_q, divided by the root of the head dimension.
    """

    least = (0, 0, 0)


def centred(value: Any, row: Any = j, size: Any = n, over: Any = i) -> Any:
    """Return an entry in row ``row`` less the mean of its column, a sum over ``over``."""
    return value - sp.Sum(value.xreplace({row: over}), (over, 0, size - 1)) / size


def centred_log_share(row: Any, column: Any, size: Any = n) -> Any:
    """Return an entry of C log P, where C = I - 11^T/n takes the mean from each column."""
    return centred(sp.log(ColumnShare(row, column, size)), row, size)


def softmax(score: Any, row: Any = j) -> Any:
    """Return the attention of the key in row ``row``, whose score this is: softmax over the keys ``k``."""
    return sp.exp(score) / sp.Sum(sp.exp(score.xreplace({row: k})), (k, 0, n - 1))


INDEPENDENT_TOKENS = Assumption(
    "independent-tokens",
    "The vectors of the first n tokens are linearly independent, for n up to the number of their coordinates: X, with "
    "tokens as columns, has full column rank, and a left inverse.",
    {
        # More than w vectors of w coordinates are not independent: without n <= w this would contradict itself.
        "left-inverse": Claim(
            eq(
                sp.Sum(LeftInverse(i, a, n, w) * Token(j, a, w), (a, 0, w - 1)),
                sp.KroneckerDelta(i, j),
            ),
            (le(i, n - 1), le(j, n - 1), le(n, w)),
        )
    },
)


COLUMN_STOCHASTIC = Assumption(
    "column-stochastic",
    "P has n rows and n columns, positive entries, and columns that sum to 1.",
    {"sum": Claim(eq(sp.Sum(ColumnShare(j, l, n), (j, 0, n - 1)), 1), (le(l, n - 1),))},
)


ZERO_TOKEN = Assumption(
    "zero-token",
    "Token 0 is zero: X has a column of zeros.",
    {"zero": Claim(eq(Token(0, a, w), 0))},
)

QUERY, OTHER = (tuple(sp.Symbol(f"{letter}{place}", real=True) for place in (1, 2)) for letter in "xy")
"""Two tokens of two coordinates; the first is the query."""


def dot(first: Any, second: Any) -> Any:
    """Return the inner product of two vectors of two coordinates."""
    return first[0] * second[0] + first[1] * second[1]


def other_score(head: int, key: Any, query: Any) -> Any:
    """Return the score of a key and a query in a head of the layer with two heads."""
    return dot(key, [dot([OtherScore(head, row, column) for column in range(2)], query) for row in range(2)])


def other_value(head: int, token: Any) -> Any:
    """Return what W_v, one row, makes of a token in a head of the layer with two heads."""
    return dot([OtherValue(head, place) for place in range(2)], token)


def weight_of_other(own: Any, other: Any) -> Any:
    """Return the attention to the other token, where the two scores are these."""
    return sp.exp(other) / (sp.exp(own) + sp.exp(other))


def _agree(place: int) -> Any:
    """Return that two layers agree in one coordinate of the output for the query."""
    share = weight_of_other(dot(QUERY, QUERY), dot(OTHER, QUERY))
    output = QUERY[place] * (1 - share) + OTHER[place] * share
    total = sp.Integer(0)
    for head in range(2):
        share = weight_of_other(other_score(head, QUERY, QUERY), other_score(head, OTHER, QUERY))
        mixed = other_value(head, QUERY) * (1 - share) + other_value(head, OTHER) * share
        total += OtherOutput(head, place) * mixed
    return Claim(eq(output, total))


LAYERS_AGREE = Assumption(
    "layers-agree",
    "On any two tokens of two coordinates two layers have one output for the first token. One has two heads of size 2, "
    "each with W_k = W_q = 2^(1/4) I, W_v = I and W_o = I/2. The other has two heads with W_v of one row, W_o of one "
    "column, and any form W_k^T W_q of the tokens as its scores; standard layers, of head size 1, are of this kind.",
    {"first": _agree(0), "second": _agree(1)},
)
