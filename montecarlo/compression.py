"""Fewer numbers with the same law of the scores, for heads that are wide: the Bartlett factor.

Let the keys be K (n x d) and the queries Q (m x d), with iid standard normal entries. By orthogonal transformations of
the d components (one for each row of K in turn, the QR decomposition of K^T) K = L O, where O has orthonormal rows, L
is lower triangular with min(n, d) columns, and O is a function of K. Queries are independent of K and their law is
invariant under rotations, so G = Q O^T has iid standard normal entries and is independent of L. And Q K^T = G L^T: the
scores have the law of those of G and L, which have min(n, d) components.

The entries of L are independent: standard normal below the diagonal; on it, in row j = 0, 1, ..., chi with d - j
degrees of freedom (Bartlett, "On the theory of statistical regression", Proc. R. Soc. Edinburgh 53, 1933). The same
holds with the sides exchanged; the side with fewer vectors is the one to make triangular.
"""

from __future__ import annotations

from montecarlo._jit import kernel
from montecarlo.layout import Floats, Integers, Layout

__all__ = ["compressed_layout", "make_triangular"]


def compressed_layout(n_queries: int, n_keys: int, head_dim: int) -> tuple[Layout, str]:
    """Return the layout of the two factors, and which side is triangular: ``"queries"`` or ``"keys"``."""
    side = "keys" if n_keys <= n_queries else "queries"
    return Layout.of(n_queries, n_keys, min(n_queries, n_keys, head_dim), triangular=side), side


@kernel
def make_triangular(vectors: Floats, table: Integers, width: int, diagonal: Floats) -> None:
    """Write the diagonal into vectors that are laid out as triangular, and zeros behind it.

    Parameters
    ----------
    vectors : float64 array (replicates, size)
        Normals; what lies before the diagonal stays.
    table : int64 array (blocks, 2)
        Of :class:`montecarlo.layout.Blocks`.
    width : int
        Vectors a block.
    diagonal : float64 array (replicates, entries)
        The diagonal; later rows have none.
    """
    for replicate in range(vectors.shape[0]):
        for block in range(table.shape[0]):
            start, depth = table[block, 0], table[block, 1]
            for component in range(block * width, depth):
                for lane in range(width):
                    row = block * width + lane
                    if row == component:
                        vectors[replicate, start + component * width + lane] = diagonal[replicate, row]
                    elif row < component:
                        vectors[replicate, start + component * width + lane] = 0.0
