"""More of the one list of citations: ranks and singular values of matrices."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, MatrixRank, eq, le
from proofs.model import (
    Entry,
    LeftFactor,
    LogRightVector,
    LogSingularValue,
    Rank,
    RightFactor,
    SingularValue,
    SoftEntry,
    SoftSingularValue,
    a,
    b,
    centred_log_share,
    d,
    e,
    i,
    j,
    l,
    m,
    n,
)
from proofs.records import Citation

place = sp.Symbol("q", integer=True, positive=True)
"""Which singular value, in descending order."""
_soft, _hard = SoftSingularValue(place, n, m, d), SingularValue(place, n, m, d)
_beyond = Below(Rank(n, m, d), place)
_difference = (SoftEntry(i, j, n, m, d) - Entry(i, j, n, m, d)) ** 2
_distance = sp.sqrt(sp.Sum(sp.Sum(_difference, (j, 0, n - 1)), (i, 0, m - 1)))
LOG_RANK = MatrixRank(centred_log_share(a, b), a, b, n, n)
"""The rank of the centred log P."""
LOG_LEFT = sp.Sum(centred_log_share(j, b) * LogRightVector(b, e, n), (b, 0, n - 1))
"""A left singular vector of the centred log P times its singular value: the matrix times the right one."""
_truncated = sp.Sum(LOG_LEFT * LogRightVector(l, e, n), (e, 0, d - 1))
_apart = sp.Sum(sp.Sum((centred_log_share(j, l) - _truncated) ** 2, (l, 0, n - 1)), (j, 0, n - 1))
_holds: Any = Claim(sp.true)

ITEMS = (
    Citation(
        "rank-of-sums",
        _holds,
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.5(d): rank(A + B) <= rank A + rank B.",
        "A matrix of the products of a number of the row and one of the column has rank at most 1, as its columns are "
        "multiples of one column; the rule adds up as many of them as the sum has terms.",
    ),
    Citation(
        "rank-factorisation",
        Claim(
            eq(
                centred_log_share(j, l),
                sp.Sum(LeftFactor(j, e, n, d) * RightFactor(l, e, n, d), (e, 0, d - 1)),
            ),
            (le(LOG_RANK, d), le(j, n - 1), le(l, n - 1)),
        ),
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.6 (full-rank factorisation): a real matrix of rank r "
        "is a product of a matrix with r columns and one with r rows.",
        "The matrix is the centred log P, all of whose entries are real, as those of P are positive. Where its rank r "
        "is at most d, LeftFactor and RightFactor are the entries of such a factorisation with d - r zero columns and "
        "rows added; otherwise they are any numbers.",
    ),
    Citation(
        "eckart-young",
        _holds,
        "Eckart and Young, The approximation of one matrix by another of lower rank, Psychometrika 1 (1936) 211-218.",
        "Both matrices are real and of n rows and columns; the squared entries of the difference between A and a "
        "matrix of rank at most r <= n add up to at least the squared singular values of A beyond the r-th.",
    ),
    Citation(
        "singular-value-decomposition",
        Claim(eq(_apart, sp.Sum(LogSingularValue(place, n) ** 2, (place, d + 1, n))), (le(d, n),)),
        "Horn and Johnson, Matrix Analysis (2nd ed., 2013), theorem 2.6.3: A = V S W^T with orthogonal V and W.",
        "The matrix is the real centred log P, with n rows and columns, and the columns of W are its right singular "
        "vectors, so that A W = V S: what the first d <= n terms leave is the sum of the others, which are orthogonal "
        "to each other, with the squared singular values as their squared lengths.",
    ),
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
