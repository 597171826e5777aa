"""The weights that bring one head closest to a given attention matrix.

For scores S of rank at most head_dim, C S is one of all the matrices of such a rank whose columns sum to 0. The nearest
to C log P is its truncated singular value decomposition (Eckart and Young 1936), and since X has a left inverse,
any S is ``(W_k X)^T (W_q X) / sqrt(head_dim)`` for weights with head_dim rows. So P itself is reached if and only if
head_dim is at least the rank of C log P, which is at most n - 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.special
from numpy.typing import ArrayLike

from rankbound.bounds.one_thread import one_blas_thread
from rankbound.errors import check_integer, invalid
from rankbound.representation.centred_logs import CentredLogs, centre, decompose
from rankbound.representation.matrices import (
    Convention,
    Matrix,
    check_convention,
    read_attention,
    read_inputs,
)
from rankbound.verdict import Rigour

_EPS = float(np.finfo(np.float64).eps)
_ROUNDING = 32 * _EPS  # some four times the most that was seen
_TELLING = 1e-3  # a larger tolerance says nothing
_MOST_WEIGHTS = 2**28  # entries of W_q: 2 GiB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Representation:
    """Weights of a head, and how close it comes to the attention matrix that was asked for.

    Attributes
    ----------
    W_q, W_k : ndarray of shape (head_dim, embed_dim)
        Weights of queries and keys. Rows beyond the n-th are zero.
    P_hat : ndarray of shape (n, n)
        What the head makes of X with these weights, computed from them, in the convention of ``P``.
    log_error : float
        ``||C log P - C log P_hat||_F``, from the scores that the weights give.
    eckart_young : float
        ``sqrt(sum of sigma_k^2 over k > head_dim)``: no head of this dimension has a smaller ``log_error``.
    matrix_error : float
        ``||P - P_hat||_F``.
    matrix_bound : float
        Half of ``log_error``, which ``matrix_error`` never exceeds, since softmax is 1/2-Lipschitz; rounding aside.
    exact : bool
        ``log_error`` is at most ``tolerance``: floats cannot tell ``P_hat`` from ``P``. Never so where ``tolerance``
        exceeds 1e-3, as X may be too ill-conditioned to say.
    tolerance : float
        What rounding may do to ``log_error``: ``32 eps (||log P||_F + condition ||C log P||_F)``. An estimate: in
        12,000 random cases rounding did at most 8.6 of the 32.
    condition : float
        Condition number of X in the 1-norm, as LAPACK estimates it; 1 for the identity.
    singular_values : ndarray of shape (n - 1,)
        Of C log P, falling.
    head_dim, embed_dim, n : int
        Sizes.
    convention : {"columns", "rows"}
        Of ``P`` and ``P_hat``.
    rigour : Rigour
        ``FLOAT``: everything here is rounded, and nothing enclosed.
    """

    W_q: Matrix
    W_k: Matrix
    P_hat: Matrix
    log_error: float
    eckart_young: float
    matrix_error: float
    matrix_bound: float
    exact: bool
    tolerance: float
    condition: float
    singular_values: Matrix
    head_dim: int
    embed_dim: int
    n: int
    convention: Convention
    rigour: Rigour = Rigour.FLOAT


def represent(
    P: ArrayLike,
    X: ArrayLike | None,
    head_dim: int,
    *,
    convention: Convention = "columns",
) -> Representation:
    """Return query and key weights whose attention on X is P, or as close to P as a head can come.

    Close means in centred logits: ``log_error`` is the least that any weights with ``head_dim`` rows reach. From
    ``head_dim = n - 1`` on every positive P is reached exactly, up to rounding.

    Parameters
    ----------
    P : array_like of shape (n, n)
        Positive, and column-stochastic (row-stochastic with ``convention="rows"``); integers are taken as counts.
    X : array_like of shape (embed_dim, n), or (n, embed_dim) with ``convention="rows"``, or None
        Inputs, linearly independent, so that ``embed_dim >= n``. ``None`` stands for the identity.
    head_dim : int
        Number of rows of the weights, at least 1.
    convention : {"columns", "rows"}
        ``"columns"`` for ``softmax((W_k X)^T (W_q X) / sqrt(head_dim))`` over columns, as Bhojanapalli et al. (2020)
        have it; ``"rows"`` for ``softmax((X W_q^T)(X W_k^T)^T / sqrt(head_dim))`` over rows, as PyTorch has it.

    Returns
    -------
    Representation

    Raises
    ------
    ValueError
        For a matrix that is not positive or not stochastic in this convention, inputs that are linearly dependent (to
        ``max(embed_dim, n)`` units of float64) or of another shape, NaN, and ``head_dim < 1``.

    Notes
    -----
    Closest in centred logits is not closest in ``||P - P_hat||_F``, for which no formula is known here.

    Sources: Bhojanapalli et al. (2020), Theorem 1, for ``head_dim >= n``; Eckart and Young (1936).
    """
    convention = check_convention(convention)
    attention = read_attention(P, convention)
    inputs = read_inputs(X, attention.n, convention)
    embed_dim = attention.n if inputs is None else len(inputs)
    head_dim = check_head_dim(head_dim, attention.n, embed_dim)
    return represented(decompose(attention), inputs, head_dim, convention)


def check_head_dim(value: object, n: int, embed_dim: int) -> int:
    """Return the head dimension as an ``int``, at least 1 and such that the weights fit into memory."""
    remedy = f"give the number of rows of the weights; n - 1 = {n - 1} always suffices"
    return check_integer("head_dim", value, minimum=1, maximum=max(n, _MOST_WEIGHTS // embed_dim), remedy=remedy)


@one_blas_thread
def represented(logs: CentredLogs, inputs: Matrix | None, head_dim: int, convention: Convention) -> Representation:
    """Return the best weights for what is already checked and decomposed."""
    n = logs.attention.n
    kept = min(head_dim, n)
    scale = np.sqrt(logs.singular_values[:kept] * math.sqrt(head_dim))
    W_k, W_q, condition = _weights(logs.left[:, :kept] * scale, logs.right[:, :kept] * scale, inputs)
    keys, queries = (W_k, W_q) if inputs is None else (W_k @ inputs, W_q @ inputs)
    scores = keys.T @ queries / math.sqrt(head_dim)
    attained = scipy.special.softmax(scores, axis=0)
    log_error = float(np.linalg.norm(logs.centred - centre(scores)))
    norms = np.linalg.norm(logs.logs) + condition * np.linalg.norm(logs.singular_values)
    tolerance = _ROUNDING * float(norms)
    return Representation(
        W_q=_padded(W_q, head_dim),
        W_k=_padded(W_k, head_dim),
        P_hat=attained if convention == "columns" else np.ascontiguousarray(attained.T),
        log_error=log_error,
        eckart_young=float(np.linalg.norm(logs.singular_values[head_dim : n - 1])),
        matrix_error=float(np.linalg.norm(logs.attention.floats - attained)),
        matrix_bound=log_error / 2,
        exact=log_error <= tolerance <= _TELLING,
        tolerance=tolerance,
        condition=condition,
        singular_values=logs.singular_values[: n - 1].copy(),
        head_dim=head_dim,
        embed_dim=W_k.shape[1],
        n=n,
        convention=convention,
    )


def _weights(keys: Matrix, queries: Matrix, inputs: Matrix | None) -> tuple[Matrix, Matrix, float]:
    """Return the weights that map the inputs to these keys and queries (n x kept), and the inputs' condition number."""
    if inputs is None:
        return keys.T, queries.T, 1.0
    embed_dim, n = inputs.shape
    scale = float(np.abs(inputs).max()) or 1.0  # so that nothing overflows on the way
    (reflectors, factors), triangle = scipy.linalg.qr(inputs / scale, mode="raw")
    reciprocal, _ = scipy.linalg.lapack.dtrcon(triangle[:n])
    if not reciprocal > embed_dim * _EPS:
        raise invalid(
            "X",
            f"{embed_dim} x {n}",
            "linearly independent tokens (full column rank)",
            f"its reciprocal condition number is {reciprocal:.2g}: drop tokens that others repeat or combine to",
        )
    solved = scipy.linalg.solve_triangular(triangle[:n], np.hstack([keys, queries]) / scale, trans="T")
    below = np.zeros((embed_dim - n, solved.shape[1]))
    both, _, _ = scipy.linalg.lapack.dormqr(
        "L", "N", reflectors, factors, np.vstack([solved, below]), 64 * solved.shape[1]
    )
    return both[:, : keys.shape[1]].T, both[:, keys.shape[1] :].T, 1.0 / float(reciprocal)


def _padded(weights: Matrix, head_dim: int) -> Matrix:
    """Return the weights with rows of zeros, up to ``head_dim``."""
    return np.vstack([weights, np.zeros((head_dim - len(weights), weights.shape[1]))])
