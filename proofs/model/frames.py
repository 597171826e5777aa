"""A construction: bases adapted to the keys, by the Gram-Schmidt process."""

from __future__ import annotations

import sympy as sp

from proofs.language import Claim, eq, le
from proofs.model.symbols import a, b, d, e, f, i, j, l, w
from proofs.model.vectors import KeyCoordinate, KeyFactor, KeyFrame, QueryCoordinate, ReducedKey, RotatedQuery
from proofs.records import Assumption

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
