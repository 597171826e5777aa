"""Assumptions on settings that depart from the ideal one: opposite tokens, tied weights, and picks by the scores.

Tokens have ``w`` coordinates, a number that is fixed in a setting, at least that of the tokens; what is said of picks,
which do not name it, holds whatever it is.
"""

from __future__ import annotations

import sympy as sp

from proofs.language import Below, Claim, E, eq, le
from proofs.model.picks import hit
from proofs.model.symbols import a, d, e, i, j, k, l, n, w
from proofs.model.vectors import (
    AttentionScore,
    ChiSquare,
    KeyCoordinate,
    KeyGap2,
    KeyProduct,
    KeySquare,
    KeyWeight,
    NormalMax,
    QueryCoordinate,
    QueryWeight,
    Token,
)
from proofs.records import Assumption

ANTIPODAL = Assumption(
    "antipodal-tokens",
    "Token 1 is the opposite of token 0: x and -x, so that the tokens are not orthonormal.",
    {"opposite": Claim(eq(Token(1, a, w), -Token(0, a, w)))},
)


TIED = Assumption(
    "tied-weights",
    "The two weight matrices are one: W_q = W_k, so that they are not independent.",
    {"equal": Claim(eq(QueryWeight(a, e), KeyWeight(a, e)))},
)


LARGEST_SCORES = Assumption(
    "largest-scores",
    "Each row of the attention matrix has a single 1, in the column of its largest score, query times key, and no two "
    "scores in a row are equal (which has probability 1 for Gaussian weights and tokens that differ and are not 0). "
    "Tokens have at least as many coordinates as there are tokens.",
    {
        "score": Claim(
            eq(AttentionScore(i, j, d, w), sp.Sum(QueryCoordinate(i, e, w) * KeyCoordinate(j, e, w), (e, 0, d - 1)))
        ),
        # The factor at k = j is 1.
        "picks": Claim(
            eq(
                hit(i, j),
                sp.Product(
                    Below(AttentionScore(i, k, d, w), AttentionScore(i, j, d, w)) + sp.KroneckerDelta(j, k),
                    (k, 0, n - 1),
                ),
            ),
            (le(j, n - 1), le(n, w), le(i, w - 1)),
        ),
    },
    implies=("one-pick-per-row",),
)


_other = (sp.Ne(j, l), le(j, w - 1), le(l, w - 1))

NORMAL_KEYS = Assumption(
    "normal-keys",
    "Keys are independent standard normal vectors of length head_dim.",
    {
        "product": Claim(
            eq(KeyProduct(j, l, d, w), sp.Sum(KeyCoordinate(j, e, w) * KeyCoordinate(l, e, w), (e, 0, d - 1)))
        ),
        "square": Claim(eq(KeySquare(j, d, w), sp.Sum(KeyCoordinate(j, e, w) ** 2, (e, 0, d - 1)))),
        "gap": Claim(eq(KeyGap2(d, w), sp.Sum((KeyCoordinate(0, e, w) - KeyCoordinate(1, e, w)) ** 2, (e, 0, d - 1)))),
        # Given key j, its product with key l has a law that is symmetric about 0.
        "mirror": Claim(
            eq(
                E(Below(KeySquare(j, d, w), KeyProduct(j, l, d, w))),
                E(Below(KeyProduct(j, l, d, w), -KeySquare(j, d, w))),
            ),
            _other,
        ),
        # Given key j, that product is its length, the root of a chi-square, times a standard normal.
        "along": Claim(
            eq(
                E(Below(KeySquare(j, d, w) ** 2, KeyProduct(j, l, d, w) ** 2)),
                E(Below(ChiSquare(d), NormalMax(1) ** 2)),
            ),
            _other,
        ),
    },
    follows_from=("orthonormal-tokens", "gaussian-weights", "tied-weights"),
    by="tied-setting",
)
