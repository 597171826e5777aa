"""The ideal setting: orthonormal tokens, Gaussian weights, and what follows for queries and keys."""

from __future__ import annotations

import sympy as sp

from proofs.language import KEYS, Alike, Below, Claim, E, eq, le
from proofs.model.picks import Pick, PickChance, both_pick, chance, extreme, hit, opposite_hit, over_keys
from proofs.model.polytope import Facets, IsVertex, Vertices, is_facet
from proofs.model.symbols import a, b, d, e, f, i, j, k, l, m, n, t, w, x
from proofs.model.vectors import (
    ChiSquare,
    Cosine,
    KeyCoordinate,
    KeyEntry,
    KeyNorm2,
    KeyWeight,
    NormalMax,
    QueryAcross2,
    QueryAlong,
    QueryCoordinate,
    QueryEntry,
    QueryWeight,
    Radius,
    Score,
    SecondCosine,
    SecondScore,
    Token,
    WinnerNorm2,
)
from proofs.records import Assumption

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
