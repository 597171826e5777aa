"""More of the one list of citations: singular values of matrices."""

from __future__ import annotations

import sympy as sp

from proofs.language import All, Below, Claim, eq, le
from proofs.model import Entry, Rank, SingularValue, SoftEntry, SoftSingularValue, d, i, j, m, n
from proofs.records import Citation

place = sp.Symbol("q", integer=True, positive=True)
"""Which singular value, in descending order."""
_soft, _hard = SoftSingularValue(place, n, m, d), SingularValue(place, n, m, d)
_beyond = Below(Rank(n, m, d), place)
_difference = (SoftEntry(i, j, n, m, d) - Entry(i, j, n, m, d)) ** 2
_distance = sp.sqrt(sp.Sum(sp.Sum(_difference, (j, 0, n - 1)), (i, 0, m - 1)))

ITEMS = (
    Citation(
        "singular-values-move",
        All((Claim(le(_soft, _hard + _distance)), Claim(le(_hard, _soft + _distance)))),
        "Weyl's inequality for singular values: Horn and Johnson, Matrix Analysis (2nd ed., 2013), corollary 7.3.5.",
        "The k-th largest singular values of two real matrices of one shape differ by at most the spectral norm of the "
        "difference, which is at most the root of the sum of its squared entries; beyond the smaller side of the shape "
        "both are 0.",
        ("softmax-rows",),
    ),
    Citation(
        "singular-values-of-columns",
        All((Claim(eq(_beyond * _hard, 0)), Claim(le(1 - _beyond, (1 - _beyond) * _hard)))),
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), section 7.3: singular values are the square roots of the "
        "eigenvalues of A^T A, of which as many are positive as the rank says.",
        "By rank-is-occupancy A^T A is diagonal, with the number of picks of a key on the diagonal: whole numbers, so "
        "that those that are not 0 are at least 1.",
        ("one-pick-per-row",),
    ),
)
