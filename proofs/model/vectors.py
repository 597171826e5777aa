"""The vectors behind the picks: tokens, weights, queries, keys, latents, their lengths, angles and scores."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import ALIGNED, KEYS, NORM, PAIR, NormalTail, RandomVariable
from proofs.model.symbols import b, key_rank, w


class KeyNorm2(RandomVariable):
    """``KeyNorm2(j, n, d)``: the squared length of key ``j``."""

    least = (0, 1, 1)
    is_nonnegative = True
    known = frozenset({KEYS})


class Radius(RandomVariable):
    """``Radius(d)``: the length of key 0."""

    least = (1,)
    is_nonnegative = True
    known = frozenset({KEYS, NORM, ALIGNED, PAIR})


class Cosine(RandomVariable):
    """``Cosine(d)``: the cosine of the angle between key 0 and query 0."""

    least = (1,)
    known = frozenset({ALIGNED, PAIR})


class SecondCosine(RandomVariable):
    """``SecondCosine(d)``: the cosine of the angle between key 0 and query 1."""

    least = (1,)
    known = frozenset({PAIR})


class QueryCosine(RandomVariable):
    """``QueryCosine(d)``: the cosine of the angle between queries 0 and 1."""

    least = (1,)
    known = frozenset({PAIR})


class QueryTurn(RandomVariable):
    """``QueryTurn(d)``: the angle between queries 0 and 1, from 0 to a half turn, as a part of the whole turn."""

    least = (1,)
    is_nonnegative = True
    known = frozenset({PAIR})


class QueryAlong(RandomVariable):
    """``QueryAlong(d)``: the inner product of query 0 with the direction of key 0."""

    least = (1,)


class QueryAcross2(RandomVariable):
    """``QueryAcross2(d)``: the squared length of the part of query 0 that is orthogonal to key 0."""

    least = (1,)
    is_nonnegative = True


class Score(RandomVariable):
    """``Score(j, n, d)``: the inner product of key ``j`` with the direction of query 0."""

    least = (0, 1, 1)


class SecondScore(RandomVariable):
    """``SecondScore(j, n, d)``: the inner product of key ``j`` with the direction of query 1."""

    least = (0, 1, 1)


class WinnerNorm2(RandomVariable):
    """``WinnerNorm2(n, m, d)``: the squared length of the key that query 0 picks."""

    least = (1, 1, 1)
    is_nonnegative = True


class ChiSquare(RandomVariable):
    """``ChiSquare(r)``: chi-square of ``r`` degrees of freedom (0 if ``r`` is 0), independent of the largest normal."""

    least = (0,)
    is_nonnegative = True


class NormalMax(RandomVariable):
    """``NormalMax(n)``: the largest of ``n`` independent standard normal variables, independent of queries and keys."""

    least = (1,)


class QueryEntry(RandomVariable):
    """``QueryEntry(i, d)``: one coordinate of query ``i``; coordinates are independent with one law."""

    least = (0, 1)


class KeyEntry(RandomVariable):
    """``KeyEntry(j, d)``: the same coordinate of key ``j``."""

    least = (0, 1)


class Token(sp.Function):  # type: ignore[misc]
    """``Token(i, a, w)``: coordinate ``a`` of token vector ``i`` when there are ``w`` coordinates, a fixed number."""

    is_real = True


class QueryWeight(RandomVariable):
    """``QueryWeight(a, e)``: the entry of W_q in row ``a``, column ``e``."""

    least = (0, 0)


class KeyWeight(RandomVariable):
    """``KeyWeight(a, e)``: the entry of W_k in row ``a``, column ``e``."""

    least = (0, 0)


class QueryCoordinate(RandomVariable):
    """``QueryCoordinate(i, e, w)``: coordinate ``e`` of query ``i`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1)


class KeyCoordinate(RandomVariable):
    """``KeyCoordinate(j, e, w)``: coordinate ``e`` of key ``j`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1)


class AttentionScore(RandomVariable):
    """``AttentionScore(i, j, d, w)``: query ``i`` times key ``j`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1, 1)


class KeyProduct(RandomVariable):
    """``KeyProduct(j, l, d, w)``: key ``j`` times key ``l`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1, 1)
    known = frozenset({KEYS})


class KeySquare(RandomVariable):
    """``KeySquare(j, d, w)``: the squared length of key ``j`` when tokens have ``w`` coordinates."""

    least = (0, 1, 1)
    is_nonnegative = True
    known = frozenset({KEYS})


class KeyGap2(RandomVariable):
    """``KeyGap2(d, w)``: the squared distance between keys 0 and 1 when tokens have ``w`` coordinates."""

    least = (1, 1)
    is_nonnegative = True
    known = frozenset({KEYS})


class QueryDownWeight(RandomVariable):
    """``QueryDownWeight(a, e)``: the entry of W_DQ, which makes latents of tokens, in row ``a``, column ``e``."""

    least = (0, 0)


class KeyDownWeight(RandomVariable):
    """``KeyDownWeight(a, e)``: the entry of W_DKV in row ``a``, column ``e``."""

    least = (0, 0)


class QueryUpWeight(RandomVariable):
    """``QueryUpWeight(e, f)``: the entry of W_UQ, which makes queries of latents, in row ``e``, column ``f``."""

    least = (0, 0)


class KeyUpWeight(RandomVariable):
    """``KeyUpWeight(e, f)``: the entry of W_UK in row ``e``, column ``f``."""

    least = (0, 0)


class QueryLatent(RandomVariable):
    """``QueryLatent(i, e, w)``: coordinate ``e`` of the latent of query ``i`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1)


class KeyLatent(RandomVariable):
    """``KeyLatent(j, e, w)``: coordinate ``e`` of the latent of key ``j`` when tokens have ``w`` coordinates."""

    least = (0, 0, 1)


class LatentScore(RandomVariable):
    """``LatentScore(i, j, r, s, d, w)``: query times key of latent attention, latents of lengths ``r`` and ``s``."""

    least = (0, 0, 1, 1, 1, 1)


class AbsorbedKey(RandomVariable):
    """``AbsorbedKey(j, e, s, d, w)``: coordinate ``e`` of W_UQ times key ``j``, as long as the latent of a query."""

    least = (0, 0, 1, 1, 1)


class KeyFrame(RandomVariable):
    """``KeyFrame(l, e, a, d, w)``: coordinate ``a`` of vector ``e`` of a basis made of the keys before key ``l``.

    It is orthonormal: the Gram-Schmidt process on these keys, at most ``d`` of them, completed by a fixed rule.
    """

    least = (0, 0, 0, 1, 1)


class RotatedQuery(RandomVariable):
    """``RotatedQuery(i, e, d, w)``: query ``i``'s inner product with vector ``e`` of the basis of all keys."""

    least = (0, 0, 1, 1)


class ReducedKey(RandomVariable):
    """``ReducedKey(j, e, d, w)``: key ``j``'s inner product with vector ``e`` of the basis of earlier keys."""

    least = (0, 0, 1, 1)


class KeyFactor(RandomVariable):
    """``KeyFactor(j, e, d, w)``: key ``j``'s inner product with vector ``e`` of the basis of all keys."""

    least = (0, 0, 1, 1)


def latent_key(row: Any, column: Any) -> Any:
    """Return the coordinate of a key that is made of its latent."""
    return sp.Sum(KeyLatent(row, b, w) * KeyUpWeight(b, column), (b, 0, key_rank - 1))


def standard_normal_cdf(value: Any) -> Any:
    """``Phi(value)``, written with the tail."""
    return 1 - NormalTail(value)
