"""For each head dimension up to n - 2 an attention matrix that no head of this dimension produces, with a certificate.

Tokens 0 to k - 1 attend twice as much to themselves as to each other token, the rest to all alike. Then log P is
log 2 times the projection to the first k coordinates, up to constants of columns, and the rank of C log P is k < n.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpz_mat

from rankbound.bounds.balls import enclose, working_precision
from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer
from rankbound.verdict import Rigour

_BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class UnattainableAttention:
    """A positive column-stochastic matrix of rationals that no head of ``head_dim`` produces, whatever its inputs.

    Attributes
    ----------
    P : tuple of tuples of Fraction
        The matrix.
    head_dim : int
        The dimension that does not suffice; one more does.
    rows, columns : tuple of int
        ``head_dim + 1`` of each: where the minor is.
    reference_row : int
        The row that is subtracted from each of ``rows``. What is constant in a column drops out.
    exponents : tuple of tuples of int
        ``P[i][j] / P[reference_row][j] = 2^e``, exactly, for these rows and columns.
    minor : Enclosure
        ``det(log P[i][j] - log P[reference_row][j]) = (log 2)^(head_dim + 1) det(exponents)``: not 0. Scores
        of rank ``head_dim`` would make it 0.
    distance : Enclosure
        The least ``||C log P - C S||_F`` of any scores S of rank ``head_dim``: ``log(2) sqrt(1 - (head_dim + 1)/n)``.
    """

    P: tuple[tuple[Fraction, ...], ...]
    head_dim: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    reference_row: int
    exponents: tuple[tuple[int, ...], ...]
    minor: Enclosure
    distance: Enclosure

    def check(self) -> bool:
        """Check the certificate anew, from ``P`` alone and in exact arithmetic.

        True if P is positive, each column sums to 1, the quotients are the stated powers of 2, and the determinant of
        the exponents, of order ``head_dim + 1``, is not 0.
        """
        rows, columns, r = self.rows, self.columns, self.reference_row
        positive = all(value > 0 for row in self.P for value in row)
        stochastic = all(sum(column) == 1 for column in zip(*self.P, strict=True))
        as_stated = all(
            self.P[i][j] == self.P[r][j] * Fraction(2) ** self.exponents[a][b]
            for a, i in enumerate(rows)
            for b, j in enumerate(columns)
        )
        order = len(self.exponents)
        distinct = len({*rows}) == len({*columns}) == len(rows) == len(columns) == order == self.head_dim + 1
        nonzero = fmpz_mat([list(row) for row in self.exponents]).det() != 0
        return positive and stochastic and as_stated and distinct and nonzero


def unattainable_attention(n: int, head_dim: int) -> UnattainableAttention:
    """Return an attention matrix of n tokens that a head of this dimension does not produce, with the proof.

    Parameters
    ----------
    n : int
        Number of tokens, at least 3.
    head_dim : int
        From 1 to n - 2. From n - 1 on there is no such matrix.

    Returns
    -------
    UnattainableAttention
    """
    n = check_integer("n", n, minimum=3, remedy="with one or two tokens a head of dimension 1 produces every matrix")
    remedy = "a head of dimension n - 1 produces every positive matrix"
    head_dim = check_integer("head_dim", head_dim, minimum=1, maximum=n - 2, remedy=remedy)
    k = head_dim + 1
    matrix = tuple(
        tuple(Fraction(2 if i == j else 1, n + 1) if j < k else Fraction(1, n) for j in range(n)) for i in range(n)
    )
    chosen = tuple(range(k))
    with working_precision(_BITS):
        log2 = arb.const_log2()
        minor = enclose(log2**k, Rigour.ENCLOSED, "(log 2)^(head_dim + 1)")
        distance = enclose(log2 * (arb(n - k) / n).sqrt(), Rigour.ENCLOSED, "log(2) sqrt(1 - (head_dim + 1)/n)")
    return UnattainableAttention(
        P=matrix,
        head_dim=head_dim,
        rows=chosen,
        columns=chosen,
        reference_row=n - 1,
        exponents=tuple(tuple(int(i == j) for j in range(k)) for i in range(k)),
        minor=minor,
        distance=distance,
    )
