"""The one list of results that a proof may cite instead of deriving."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import ALIGNED, TRIVIAL, All, Below, Claim, E, Independent, NormalTail, eq, le, lt
from proofs.model import (
    ChiSquare,
    Cosine,
    NormalMax,
    Occupied,
    Radius,
    Score,
    Stirling,
    WinnerNorm2,
    d,
    j,
    k,
    m,
    n,
    t,
    x,
)
from proofs.records import Citation

theta = sp.Symbol("theta", nonnegative=True)
_along = Radius(d) * Cosine(d)
_holds: Any = Claim(sp.true)

_ITEMS = (
    Citation(
        "normal-uncorrelated",
        _holds,
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), Theorems 1.2.6 and 1.2.7: linear functions of a "
        "normal vector are normal, and uncorrelated parts of a normal vector are independent.",
        "All entries of both matrices together are independent standard normals; queries and keys are linear in them.",
    ),
    Citation(
        "rank-of-gram",
        _holds,
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.6(d): rank A = rank A*A.",
        "The attention matrix is real; a diagonal matrix has as many independent columns as nonzero entries.",
    ),
    Citation(
        "multivariate-clt",
        _holds,
        "Van der Vaart, Asymptotic Statistics (1998), Example 2.18 (multivariate central limit theorem).",
        "The scores of the m by n array, divided by sqrt(d), are sums over coordinates of independent, identically "
        "distributed arrays with mean 0 and finite second moments.",
    ),
    Citation(
        "continuous-mapping",
        _holds,
        "Van der Vaart, Asymptotic Statistics (1998), Theorem 2.3 (continuous mapping).",
        "The position of a row's largest entry is continuous except at ties, which have probability 0 for independent "
        "standard normals.",
    ),
    Citation(
        "occupancy-law",
        Claim(
            eq(
                E(sp.KroneckerDelta(Occupied(n, m), k)),
                sp.binomial(n, k) * sp.factorial(k) * Stirling(m, k) / n**m,
            ),
            (le(k, n),),
        ),
        "Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.9: k! S(m, k) maps of an m-set onto a k-set.",
        "The n^m assignments of balls to cells are equally likely; choose the k occupied cells, then a map onto them.",
        ("uniform-occupancy",),
    ),
    Citation(
        "scores-along-direction",
        All(
            (
                Claim(Independent(Score(j, n, d), j, Str(TRIVIAL))),
                Claim(eq(E(Below(Score(j, n, d), t)), 1 - NormalTail(t))),
                Claim(Independent(Score(j, n, d), j, Str(ALIGNED))),
                Claim(eq(E(Below(Score(j, n, d), _along), ALIGNED), 1 - NormalTail(_along)), (le(1, j),)),
            )
        ),
        "Vershynin, High-Dimensional Probability (2018), Exercise 3.3.2 and Proposition 3.3.1: a fixed direction's "
        "coordinate of a standard normal vector is standard normal (rotation invariance).",
        "The direction of query 0 is independent of the keys, and the keys are independent of each other; given the "
        "length of key 0 and its cosine with that direction, the other keys keep their law and the score of key 0 is "
        "known.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "winner-decomposition",
        Claim(eq(E(Below(WinnerNorm2(n, m, d), x)), E(Below(NormalMax(n) ** 2 + ChiSquare(d - 1), x)))),
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), Theorem 1.5.6 and section 1.2: the part of a "
        "standard normal vector orthogonal to a fixed direction is independent of the coordinate along it, with a "
        "squared length that is chi-square with d - 1 degrees of freedom.",
        "The winner is chosen by the coordinates along query 0 alone, the orthogonal parts are independent of all of "
        "these, so the winner's orthogonal part keeps its law; its coordinate is the largest of n standard normals.",
        ("gaussian-queries-and-keys",),
    ),
    Citation(
        "chi-square-upper-tail",
        Claim(
            le(
                E(1 - Below(ChiSquare(d), x)),
                sp.exp(-theta * x) * sp.exp(-(sp.Rational(1, 2) * d) * sp.log(1 - 2 * theta)),
            ),
            (lt(2 * theta, 1),),
        ),
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: Markov's inequality for "
        "exp(theta X), with the chi-square moment generating function (1 - 2 theta)^(-d/2).",
        "Holds for every real threshold and 0 <= theta < 1/2.",
    ),
    Citation(
        "chi-square-lower-tail",
        Claim(
            le(
                E(Below(ChiSquare(k), x)),
                sp.exp(theta * x) * sp.exp(-(sp.Rational(1, 2) * k) * sp.log(1 + 2 * theta)),
            )
        ),
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.2: Markov's inequality for "
        "exp(-theta X), with the chi-square Laplace transform (1 + 2 theta)^(-k/2).",
        "Holds for every real threshold, theta >= 0 and k >= 0 (for k = 0 the variable is 0).",
    ),
    Citation(
        "mills-ratio",
        Claim(le(t / (1 + t**2) * sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi), NormalTail(t)), (lt(0, t),)),
        "Gordon, Ann. Math. Statist. 12 (1941) 364-366: the lower bound on Mills' ratio.",
        "Holds for every t > 0.",
    ),
)
LITERATURE = {item.id: item for item in _ITEMS}
