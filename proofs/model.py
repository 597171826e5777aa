"""What the theorems are about: symbols with their types, the random quantities of the model, and its assumptions.

Rows of the attention matrix are queries ``0..m-1``, columns are keys ``0..n-1``. Query ``i`` picks the key with the
largest score; ``Pick(i, ...)`` is the number of that key.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import (
    ALIGNED,
    KEYS,
    NORM,
    PAIR,
    PLANE,
    TRIVIAL,
    Alike,
    Below,
    Claim,
    E,
    Independent,
    NormalTail,
    RandomVariable,
    eq,
    le,
)
from proofs.records import Assumption

n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, positive=True)
d = sp.Symbol("d", integer=True, positive=True)
i = sp.Symbol("i", integer=True, nonnegative=True)
j = sp.Symbol("j", integer=True, nonnegative=True)
l = sp.Symbol("l", integer=True, nonnegative=True)  # noqa: E741 - the third index of every book
k = sp.Symbol("k", integer=True, nonnegative=True)
c = sp.Symbol("c", positive=True)
a = sp.Symbol("a", integer=True, nonnegative=True)
b = sp.Symbol("b", integer=True, nonnegative=True)
e = sp.Symbol("e", integer=True, nonnegative=True)
f = sp.Symbol("f", integer=True, nonnegative=True)
w = sp.Symbol("w", integer=True, positive=True)
x = sp.Symbol("x", real=True)
t = sp.Symbol("t", real=True)


class Pick(RandomVariable):
    """``Pick(i, n, m, d)``: the key that query ``i`` picks."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class OppositePick(RandomVariable):
    """``OppositePick(i, n, m, d)``: the key that the opposite of query ``i`` would pick."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class LargestKey(RandomVariable):
    """``LargestKey(n)``: the place of the largest of ``n`` keys on a line, that is at head dimension 1."""

    least = (1,)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class SmallestKey(RandomVariable):
    """``SmallestKey(n)``: the place of the smallest of ``n`` keys on a line, that is at head dimension 1."""

    least = (1,)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class PickChance(RandomVariable):
    """``PickChance(j, n, d)``: the probability, given all keys, that a query picks key ``j``."""

    least = (0, 1, 1)
    is_nonnegative = True
    known = frozenset({KEYS})


class Rank(RandomVariable):
    """``Rank(n, m, d)``: the rank of the ``m`` by ``n`` attention matrix at head dimension ``d``."""

    least = (1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class Entry(RandomVariable):
    """``Entry(i, j, n, m, d)``: the entry of the attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)


class SoftEntry(RandomVariable):
    """``SoftEntry(i, j, n, m, d)``: the entry of the softmax attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)
    is_nonnegative = True


class SingularValue(RandomVariable):
    """``SingularValue(k, n, m, d)``: the ``k``-th largest singular value of the attention matrix, or 0."""

    least = (1, 1, 1, 1)
    is_nonnegative = True


class SoftSingularValue(RandomVariable):
    """``SoftSingularValue(k, n, m, d)``: the ``k``-th largest singular value of softmax attention, or 0."""

    least = (1, 1, 1, 1)
    is_nonnegative = True


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


class UniformPick(RandomVariable):
    """``UniformPick(i, n)``: independent picks, uniform over the ``n`` keys."""

    least = (0, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class Occupied(RandomVariable):
    """``Occupied(n, m)``: how many of ``n`` cells hold one of ``m`` independent uniform balls."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class WindowPick(RandomVariable):
    """``WindowPick(i, w)``: independent picks, uniform over the last ``w`` of the keys ``0..i``."""

    least = (0, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class WindowOccupied(RandomVariable):
    """``WindowOccupied(n, w)``: how many of ``n`` keys are picked by ``n`` queries with such picks."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class MaskedPick(RandomVariable):
    """``MaskedPick(i, n, w, d)``: the key of largest score for query ``i`` among the last ``w`` of keys ``0..i``."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class MaskedEntry(RandomVariable):
    """``MaskedEntry(i, j, n, w, d)``: the entry of the masked attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)


class MaskedRank(RandomVariable):
    """``MaskedRank(n, w, d)``: the rank of the ``n`` by ``n`` attention matrix whose query sees ``w`` keys at most."""

    least = (1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


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


class IsVertex(RandomVariable):
    """``IsVertex(j, n, d)``: 1 if key ``j`` is a vertex of the convex hull of the ``n`` keys, else 0."""

    least = (0, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class Vertices(RandomVariable):
    """``Vertices(n, d)``: how many of ``n`` keys are vertices of their convex hull."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class Facets(RandomVariable):
    """``Facets(n, d)``: how many facets (faces of dimension ``d - 1``) the convex hull of ``n`` keys has."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class PlaneDistance(RandomVariable):
    """``PlaneDistance(d)``: the signed distance from 0 of the plane through ``d`` keys, times the square root of ``d``.

    The distance of the hyperplane through the first ``d`` keys is the inner product of these keys with its unit normal,
    whose sign is fixed by the differences between them.
    """

    least = (1,)
    known = frozenset({KEYS, PLANE})


class Height(RandomVariable):
    """``Height(j, n, d)``: the inner product of key ``j`` with the unit normal of the plane through the first ``d``."""

    least = (0, 1, 1)


class SimplexAngle(sp.Function):  # type: ignore[misc]
    """``SimplexAngle(l)``: the angle at a vertex of the regular simplex with ``l`` vertices; 1 is all directions."""

    least = (1,)
    is_positive = True


class OuterAngle(sp.Function):  # type: ignore[misc]
    """``OuterAngle(l, n)``: the external angle at a face of ``l`` vertices of the regular simplex with ``n``."""

    least = (1, 1)
    is_positive = True


class Stirling(sp.Function):  # type: ignore[misc]
    """``Stirling(m, k)``: the number of partitions of ``m`` things into ``k`` blocks, evaluated at integers."""

    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, things: Any, blocks: Any) -> Any:
        """Evaluate at integers only."""
        if things.is_Integer and blocks.is_Integer:
            return sp.functions.combinatorial.numbers.stirling(int(things), int(blocks))
        return None


class Eulerian(sp.Function):  # type: ignore[misc]
    """``Eulerian(n, k)``: the number of permutations of ``n`` things with ``k - 1`` descents, evaluated at integers."""

    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, things: Any, runs: Any) -> Any:
        """Evaluate at integers only, by inclusion and exclusion."""
        if things.is_Integer and runs.is_Integer:
            terms = (
                (-1) ** cut * sp.binomial(things + 1, cut) * (runs - cut) ** things for cut in range(int(runs) + 1)
            )
            return sp.Add(*terms)
        return None


def hit(row: Any, column: Any, queries: Any = m) -> Any:
    """1 if query ``row`` picks key ``column``, else 0."""
    return sp.KroneckerDelta(Pick(row, n, queries, d), column)


def masked_hit(row: Any, column: Any, seen: Any = w) -> Any:
    """1 if query ``row``, which sees the last ``seen`` of the keys up to its own place, picks ``column``, else 0."""
    return sp.KroneckerDelta(MaskedPick(row, n, seen, d), column)


def window_hit(row: Any, column: Any, seen: Any = w) -> Any:
    """1 if the uniform pick of query ``row`` among the keys it sees is ``column``, else 0."""
    return sp.KroneckerDelta(WindowPick(row, seen), column)


def used(body: Any) -> Any:
    """Return the number of columns in which some of as many rows has its one."""
    return sp.Sum(1 - sp.Product(1 - body, (i, 0, n - 1)), (j, 0, n - 1))


def opposite_hit(row: Any, column: Any, dim: Any = d) -> Any:
    """1 if the opposite of query ``row`` would pick key ``column``, else 0."""
    return sp.KroneckerDelta(OppositePick(row, n, m, dim), column)


def extreme(column: Any) -> Any:
    """Return in how many of two ways, largest and smallest, key ``column`` is the outermost one on a line."""
    return sp.KroneckerDelta(LargestKey(n), column) + sp.KroneckerDelta(SmallestKey(n), column)


def is_facet(keys: Any, dim: Any) -> Any:
    """1 if the first ``dim`` of ``keys`` keys are those of a facet: all the others lie on one side; else 0."""
    height, distance, others = Height(j, keys, dim), PlaneDistance(dim) / sp.sqrt(dim), (j, dim, keys - 1)
    return sp.Product(Below(height, distance), others) + sp.Product(Below(-height, -distance), others)


def both_pick(column: Any) -> Any:
    """1 if queries 0 and 1 both pick key ``column``, else 0.

    The queries are a sequence without end, whose first ``m`` make up the matrix: query 1 is there for ``m = 1`` too.
    """
    return sp.Product(hit(i, column), (i, 0, 1))


def chance(column: Any) -> Any:
    """Return the probability, given the keys, that a query picks ``column``."""
    return PickChance(column, n, d)


def occupied(body: Any) -> Any:
    """Return the number of columns in which some row has its one: a sum of 1 - product of (1 - hit)."""
    return sp.Sum(1 - sp.Product(1 - body, (i, 0, m - 1)), (j, 0, n - 1))


def over_keys(body: Any) -> Any:
    """Return the sum over all keys ``j``."""
    return sp.Sum(body, (j, 0, n - 1))


def barrier_of(keys: Any, queries: Any) -> Any:
    """``n (1 - (1 - 1/n)^m)``."""
    keys = sp.sympify(keys)  # 1/1 of plain integers would be a float
    return keys * (1 - (1 - 1 / keys) ** queries)


ONE_PICK = Assumption(
    "one-pick-per-row",
    "Each row of the attention matrix has a single 1, in the column of the key that the query picks (hardmax).",
    {
        "entries": Claim(eq(Entry(i, j, n, m, d), hit(i, j))),
        "one": Claim(eq(over_keys(hit(i, j)), 1)),
    },
)
SOFTMAX = Assumption(
    "softmax-rows",
    "Beside the attention matrix there is one of nonnegative entries whose rows sum to 1: softmax at any temperature. "
    "The key that a query picks is the column of the 1 in its row of the attention matrix (hardmax).",
    {"sum": Claim(eq(over_keys(SoftEntry(i, j, n, m, d)), 1))},
    implies=("one-pick-per-row",),
)
INDEPENDENT_QUERIES = Assumption(
    "independent-queries",
    "Given the keys, the picks of the queries are independent.",
    {"independent": Claim(Independent(Pick(i, n, m, d), i, Str(KEYS)))},
    implies=("one-pick-per-row",),
)
IDENTICAL_QUERIES = Assumption(
    "identical-queries",
    "Given the keys, every query has the same chance to pick a given key.",
    {"chance": Claim(eq(E(hit(i, j), KEYS), chance(j)))},
    implies=("one-pick-per-row",),
)
ORTHONORMAL = Assumption(
    "orthonormal-tokens",
    "The token vectors are orthonormal: X X^T = I, so there are at most as many as they have coordinates.",
    {
        # No more than w vectors of w coordinates are orthonormal: without the conditions this would contradict itself.
        "gram": Claim(
            eq(sp.Sum(Token(i, a, w) * Token(l, a, w), (a, 0, w - 1)), sp.KroneckerDelta(i, l)),
            (le(i, w - 1), le(l, w - 1)),
        )
    },
)
GAUSSIAN_WEIGHTS = Assumption(
    "gaussian-weights",
    "Queries are X W_q and keys are X W_k; the entries of W_q are independent standard normals, and so are those of "
    "W_k. Each row of the attention matrix has a single 1, in the column of its largest score.",
    {
        "queries": Claim(eq(QueryCoordinate(i, e, w), sp.Sum(Token(i, a, w) * QueryWeight(a, e), (a, 0, w - 1)))),
        "keys": Claim(eq(KeyCoordinate(i, e, w), sp.Sum(Token(i, a, w) * KeyWeight(a, e), (a, 0, w - 1)))),
        "query-mean": Claim(eq(E(QueryWeight(a, e)), 0)),
        "query-moments": Claim(
            eq(E(QueryWeight(a, e) * QueryWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
        "key-moments": Claim(
            eq(E(KeyWeight(a, e) * KeyWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
    },
    implies=("one-pick-per-row",),
)
INDEPENDENT_WEIGHTS = Assumption(
    "independent-weights",
    "W_q and W_k are independent.",
    {"product": Claim(eq(E(QueryWeight(a, e) * KeyWeight(b, f)), E(QueryWeight(a, e)) * E(KeyWeight(b, f))))},
)
IDEAL = ("orthonormal-tokens", "gaussian-weights", "independent-weights")
"""The ideal setting; together, by the theorem ``ideal-setting``, independent standard normal queries and keys."""

GAUSSIAN = Assumption(
    "gaussian-queries-and-keys",
    "Queries and keys are independent standard normal vectors of length head_dim; each query picks the key of largest "
    "score.",
    {
        "alike": Claim(Alike(PickChance(j, n, d), j, n - 1)),
        "alike-lengths": Claim(
            eq(
                E(PickChance(j, n, d) * Below(KeyNorm2(j, n, d), x)),
                E(PickChance(0, n, d) * Below(KeyNorm2(0, n, d), x)),
            ),
            (le(j, n - 1),),
        ),
        "radius": Claim(eq(E(1 - Below(KeyNorm2(j, n, d), x)), E(1 - Below(ChiSquare(d), x)))),
        "length": Claim(eq(KeyNorm2(0, n, d), Radius(d) ** 2)),
        "cosine": Claim(eq(QueryAlong(d), Cosine(d) * sp.sqrt(QueryAlong(d) ** 2 + QueryAcross2(d)))),
        "winner": Claim(eq(over_keys(hit(0, j) * Below(KeyNorm2(j, n, d), x)), Below(WinnerNorm2(n, m, d), x))),
        "score": Claim(eq(Score(0, n, d), Radius(d) * Cosine(d))),
        "wins": Claim(eq(hit(0, 0), sp.Product(Below(Score(j, n, d), Radius(d) * Cosine(d)), (j, 1, n - 1)))),
        "both-win": Claim(
            eq(
                both_pick(0),
                sp.Product(
                    Below(Score(j, n, d), Radius(d) * Cosine(d))
                    * Below(SecondScore(j, n, d), Radius(d) * SecondCosine(d)),
                    (j, 1, n - 1),
                ),
            )
        ),
        # A normal vector and its opposite have one law; a key that wins both has the score of every other key.
        "opposite-law": Claim(eq(E(opposite_hit(i, j), KEYS), chance(j))),
        "opposite-apart": Claim(eq(hit(i, j) * opposite_hit(i, j), 0), (le(2, n),)),
        # On a line one of a query and its opposite is positive and picks the largest key, the other the smallest.
        "line": Claim(eq(sp.KroneckerDelta(Pick(i, n, m, 1), j) + opposite_hit(i, j, 1), extreme(j))),
        # A linear function has its maximum over a polytope at a vertex, and for no tie there alone.
        "vertex": Claim(le(hit(i, j), IsVertex(j, n, d))),
        "vertices": Claim(eq(Vertices(n, d), over_keys(IsVertex(j, n, d)))),
        # In general position a facet has d keys; all choices of d keys have one chance to be those of a facet.
        "facets": Claim(eq(E(Facets(n, d)), sp.binomial(n, d) * E(is_facet(n, d))), (le(d + 1, n),)),
        "query-moments": Claim(eq(E(QueryEntry(i, d) * QueryEntry(l, d)), sp.KroneckerDelta(i, l))),
        "key-moments": Claim(eq(E(KeyEntry(j, d) * KeyEntry(k, d)), sp.KroneckerDelta(j, k))),
        "maximum": Claim(eq(E(Below(NormalMax(n), t)), E(sp.Product(Below(Score(j, n, d), t), (j, 0, n - 1))))),
    },
    implies=("independent-queries", "identical-queries", "one-pick-per-row"),
    follows_from=IDEAL,
    by="ideal-setting",
)
query_rank, key_rank = (sp.Symbol(name, integer=True, positive=True) for name in ("r", "s"))
"""The lengths of the latents of a query and of a key."""


def latent_key(row: Any, column: Any) -> Any:
    """Return the coordinate of a key that is made of its latent."""
    return sp.Sum(KeyLatent(row, b, w) * KeyUpWeight(b, column), (b, 0, key_rank - 1))


LATENT = Assumption(
    "gaussian-latents",
    "Latent attention: queries are X W_DQ W_UQ, keys X W_DKV W_UK. The entries of W_DQ are independent standard "
    "normals, and so are those of W_DKV. Each row of the attention matrix has a single 1, in the column of its largest "
    "score.",
    {
        "queries": Claim(eq(QueryLatent(i, e, w), sp.Sum(Token(i, a, w) * QueryDownWeight(a, e), (a, 0, w - 1)))),
        "keys": Claim(eq(KeyLatent(i, e, w), sp.Sum(Token(i, a, w) * KeyDownWeight(a, e), (a, 0, w - 1)))),
        "query-mean": Claim(eq(E(QueryDownWeight(a, e)), 0)),
        "query-moments": Claim(
            eq(E(QueryDownWeight(a, e) * QueryDownWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
        "key-moments": Claim(
            eq(E(KeyDownWeight(a, e) * KeyDownWeight(b, f)), sp.KroneckerDelta(a, b) * sp.KroneckerDelta(e, f))
        ),
        "score": Claim(
            eq(
                LatentScore(i, j, query_rank, key_rank, d, w),
                sp.Sum(
                    sp.Sum(QueryLatent(i, e, w) * QueryUpWeight(e, f), (e, 0, query_rank - 1)) * latent_key(j, f),
                    (f, 0, d - 1),
                ),
            )
        ),
        "absorbed": Claim(
            eq(AbsorbedKey(j, e, key_rank, d, w), sp.Sum(QueryUpWeight(e, f) * latent_key(j, f), (f, 0, d - 1)))
        ),
    },
    implies=("one-pick-per-row",),
)
INDEPENDENT_LATENTS = Assumption(
    "independent-latents",
    "W_DQ is independent of all the other weights: of W_DKV, W_UQ and W_UK.",
    {
        "product": Claim(
            eq(
                E(QueryDownWeight(a, e) * KeyDownWeight(b, f)),
                E(QueryDownWeight(a, e)) * E(KeyDownWeight(b, f)),
            )
        )
    },
)
LATENT_QUERIES = Assumption(
    "latent-queries",
    "The latents of the queries are independent standard normal vectors, independent of the absorbed keys, and a query "
    "picks the absorbed key of largest inner product with its latent. What is given as the keys are the absorbed ones.",
    implies=("independent-queries", "identical-queries", "one-pick-per-row"),
    follows_from=("orthonormal-tokens", "gaussian-latents", "independent-latents"),
    by="latent-setting",
)
_coordinates = (le(e, d - 1),)
KEY_FRAMES = Assumption(
    "key-frames",
    "A construction: for each l <= w an orthonormal basis of head_dim vectors, made by the Gram-Schmidt process on the "
    "keys before key l and completed by a fixed rule; the coordinates of queries and keys in these bases.",
    {
        "orthonormal": Claim(
            eq(
                sp.Sum(KeyFrame(l, e, a, d, w) * KeyFrame(l, f, a, d, w), (a, 0, d - 1)),
                sp.KroneckerDelta(e, f),
            ),
            (le(l, w), le(e, d - 1), le(f, d - 1)),
        ),
        # A square matrix with orthonormal rows has orthonormal columns.
        "complete": Claim(
            eq(
                sp.Sum(KeyFrame(l, e, a, d, w) * KeyFrame(l, e, b, d, w), (e, 0, d - 1)),
                sp.KroneckerDelta(a, b),
            ),
            (le(l, w), le(a, d - 1), le(b, d - 1)),
        ),
        # Later keys leave what the process made of earlier ones.
        "nested": Claim(
            eq(KeyFrame(w, e, a, d, w), KeyFrame(j, e, a, d, w)),
            (le(e + 1, j), le(j, w), le(e, d - 1), le(a, d - 1)),
        ),
        # A key is a combination of the vectors made of it and of those before.
        "triangular": Claim(eq(KeyFactor(j, e, d, w), 0), (le(j + 1, e), le(e, d - 1), le(j, w - 1))),
        "diagonal": Claim(le(0, KeyFactor(j, j, d, w)), (le(j, d - 1), le(j, w - 1))),
        "query": Claim(
            eq(
                RotatedQuery(i, e, d, w),
                sp.Sum(QueryCoordinate(i, a, w) * KeyFrame(w, e, a, d, w), (a, 0, d - 1)),
            ),
            _coordinates,
        ),
        "reduced": Claim(
            eq(
                ReducedKey(j, e, d, w),
                sp.Sum(KeyCoordinate(j, a, w) * KeyFrame(j, e, a, d, w), (a, 0, d - 1)),
            ),
            (le(j, w - 1), *_coordinates),
        ),
        "factor": Claim(
            eq(
                KeyFactor(j, e, d, w),
                sp.Sum(KeyCoordinate(j, a, w) * KeyFrame(w, e, a, d, w), (a, 0, d - 1)),
            ),
            _coordinates,
        ),
    },
)
UNIFORM = Assumption(
    "uniform-occupancy",
    "The limit model: independent picks, uniform over the keys.",
    {
        "independent": Claim(Independent(UniformPick(i, n), i, Str(TRIVIAL))),
        "chance": Claim(eq(E(sp.KroneckerDelta(UniformPick(i, n), j)), 1 / n), (le(j, n - 1),)),
        "count": Claim(eq(Occupied(n, m), occupied(sp.KroneckerDelta(UniformPick(i, n), j)))),
    },
)
MASKED = Assumption(
    "one-pick-per-masked-row",
    "There are as many queries as keys, and query i sees the last w of the keys 0..i (a sliding window; for w = n all "
    "of them, the causal mask). Each row of the masked attention matrix has a single 1, in the column of the key with "
    "the largest score among those that the query sees (hardmax).",
    {"entries": Claim(eq(MaskedEntry(i, j, n, w, d), masked_hit(i, j)))},
)
UNIFORM_WINDOW = Assumption(
    "uniform-window-picks",
    "The limit model with a mask: independent picks, that of query i uniform over the last w of the keys 0..i, or over "
    "all of them if there are fewer.",
    {
        "independent": Claim(Independent(WindowPick(i, w), i, Str(TRIVIAL))),
        "early": Claim(eq(E(window_hit(i, j)), 1 / (i + 1)), (le(j, i), le(i, w - 1))),
        "chance": Claim(eq(E(window_hit(i, j)), 1 / w), (le(j, i), le(w - 1, i), le(i, j + w - 1))),
        "later": Claim(eq(window_hit(i, j), 0), (le(i + 1, j),)),
        "earlier": Claim(eq(window_hit(i, j), 0), (le(j + w, i),)),
        "count": Claim(eq(WindowOccupied(n, w), used(window_hit(i, j)))),
    },
)
ASSUMPTIONS = {
    item.id: item
    for item in (
        ONE_PICK,
        SOFTMAX,
        INDEPENDENT_QUERIES,
        IDENTICAL_QUERIES,
        ORTHONORMAL,
        GAUSSIAN_WEIGHTS,
        INDEPENDENT_WEIGHTS,
        GAUSSIAN,
        LATENT,
        INDEPENDENT_LATENTS,
        LATENT_QUERIES,
        KEY_FRAMES,
        UNIFORM,
        MASKED,
        UNIFORM_WINDOW,
    )
}


def granted(names: tuple[str, ...], depends_on: tuple[str, ...] = ()) -> set[str]:
    """Return the assumptions named, with those they imply, and those that theorems of ``depends_on`` derive."""
    given = {name for name in names if name in ASSUMPTIONS}
    given |= {
        item.id
        for item in ASSUMPTIONS.values()
        if item.follows_from and item.by in depends_on and given.issuperset(item.follows_from)
    }
    return given.union(*(ASSUMPTIONS[name].implies for name in given))


def standard_normal_cdf(value: Any) -> Any:
    """``Phi(value)``, written with the tail."""
    return 1 - NormalTail(value)
