"""Tokens drawn by their Gram matrix: what Gaussian weights see of the inputs.

If W has iid standard normal entries and O orthonormal rows, O W has the law of such a matrix with fewer rows. So for
X = F O the products X W have the law of F W, whatever O is: a factor F of the Gram matrix X X^T = F F^T stands for the
tokens, and it has as many columns as X has independent directions. The same holds for uniformly distributed W with
orthonormal columns once O is completed to a rotation. For other weights the tokens themselves are needed: F O, with the
rows of O uniformly distributed, because every law of tokens here is invariant under rotations but the user's own array.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from montecarlo.layout import Floats, Integers
from montecarlo.streams import Draws, Part, gaussian_factor
from rankbound.frozen_array import FrozenArray
from rankbound.inputs import Inputs

__all__ = ["Tokens", "draw_tokens", "embedded"]


_ROWS = 128
"""Rows of a triangular factor that are multiplied at a time."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens up to a rotation.

    Attributes
    ----------
    factor : float64 array (distinct, components), or None
        Distinct tokens; None is the identity.
    distinct : int
        How many.
    ids : int64 array (tokens,), or None
        Which of them each token is; None if token ``i`` is the ``i``-th.
    signs : float64 array (tokens,), or None
        What each token is multiplied by, 1 or -1.
    triangular : bool
        Whether the factor is square and lower triangular, so that about half of a product can be left out.
    """

    factor: Floats | None
    distinct: int
    ids: Integers | None = None
    signs: Floats | None = None
    triangular: bool = False

    @property
    def components(self) -> int:
        """Columns of the factor."""
        return self.distinct if self.factor is None else int(self.factor.shape[1])

    def lengths_squared(self) -> Floats:
        """Return the squared length of each distinct token."""
        if self.factor is None:
            return np.ones(self.distinct)
        squared: Floats = np.einsum("ij,ij->i", self.factor, self.factor)
        return squared

    def times(self, weights: Floats) -> Floats:
        """Return the products of the distinct tokens and ``weights`` (components, anything)."""
        if self.factor is None:
            return weights
        if not self.triangular:
            return self.factor @ weights
        product = np.empty((self.distinct, weights.shape[1]))
        for start in range(0, self.distinct, _ROWS):
            end = min(start + _ROWS, self.distinct)
            np.matmul(self.factor[start:end, :end], weights[:end], out=product[start:end])
        return product

    def expanded(self, rows: Floats) -> Floats:
        """Return a row a token from a row a distinct token."""
        if self.ids is not None:
            rows = rows[self.ids]
        return rows if self.signs is None else rows * self.signs[:, None]


def draw_tokens(inputs: Inputs, n: int, width: int, draws: Draws) -> Tokens:
    """Draw ``n`` tokens of ``width`` components by the law ``inputs``, whose parameters are all set."""
    law = inputs.law
    if law == "orthonormal":
        return Tokens(None, n)
    if law == "gaussian":
        return Tokens(gaussian_factor(draws, Part.TOKENS, 0, n, width), n, triangular=width > n)
    if law == "duplicated":
        distinct = inputs.distinct or 1
        return Tokens(None, distinct, np.arange(n) % distinct)
    if law == "antipodal":
        return Tokens(None, n // 2, np.arange(n) // 2, np.where(np.arange(n) % 2, -1.0, 1.0))
    if law == "simplex":
        return Tokens(_simplex(n), n)
    if law == "clustered":
        clusters, spread = inputs.clusters or 1, inputs.spread or 0.0
        both = gaussian_factor(draws, Part.TOKENS, 0, clusters + n, width)
        ids = np.arange(n) % clusters
        if spread == 0.0:
            return Tokens(both[:clusters], clusters, ids)
        return Tokens(both[ids] + spread * both[clusters:], n)
    if law == "zipf":
        ids, distinct = _zipf_ids(inputs, n, draws)
        rows = gaussian_factor(draws, Part.TOKENS, 0, distinct, width)
        return Tokens(rows, distinct, ids, triangular=width > distinct)
    if law == "low-rank":
        rank = inputs.rank or 1
        right = gaussian_factor(draws, Part.TOKENS, 0, rank, width)
        return Tokens(draws.normals(Part.NOISE, 0, (n, rank)) @ right, n)
    if law == "ar1":
        steps = gaussian_factor(draws, Part.TOKENS, 0, n, width)
        return Tokens(_along(steps, inputs.correlation or 0.0), n, triangular=width > n)
    if inputs.array is None:
        raise AssertionError("a setting has the array of the law 'array'")
    return _of_array(inputs.array)


def embedded(tokens: Tokens, inputs: Inputs, width: int, draws: Draws) -> Tokens:
    """Return the tokens themselves, of ``width`` components, for weights that see more than their Gram matrix."""
    if inputs.array is not None:
        return Tokens(*_distinct_rows(inputs.array))
    if inputs.law in ("gaussian", "clustered", "zipf", "ar1") and tokens.components == width:
        return tokens  # uniformly distributed as they are
    frame = _signed_q(draws.normals(Part.FRAME, 0, (width, tokens.components))).T
    return Tokens(tokens.times(frame), tokens.distinct, tokens.ids, tokens.signs)


def _signed_q(matrix: Floats) -> Floats:
    """Return the factor Q, uniformly distributed for a Gaussian matrix once R has a positive diagonal."""
    q, r = np.linalg.qr(matrix)
    signed: Floats = q * np.where(np.diagonal(r) < 0.0, -1.0, 1.0)
    return signed


@lru_cache(maxsize=4)
def _simplex(n: int) -> Floats:
    """Return rows in n - 1 dimensions with the Gram matrix I - J/n (Helmert's matrix, transposed)."""
    rows = np.zeros((n, n - 1))
    for column in range(n - 1):
        length = np.sqrt((column + 1.0) * (column + 2.0))
        rows[: column + 1, column] = 1.0 / length
        rows[column + 1, column] = -(column + 1.0) / length
    rows.setflags(write=False)
    return rows


@lru_cache(maxsize=4)
def _zipf_cumulative(vocabulary: int, exponent: float) -> Floats:
    weights = np.arange(1.0, vocabulary + 1.0) ** -exponent
    sums = np.cumsum(weights)
    cumulative: Floats = sums / sums[-1]
    cumulative.setflags(write=False)
    return cumulative


def _zipf_ids(inputs: Inputs, n: int, draws: Draws) -> tuple[Integers, int]:
    """Return which of the distinct ids each token has, and how many those are."""
    cumulative = _zipf_cumulative(inputs.vocabulary or 1, inputs.exponent or 0.0)
    ids = np.searchsorted(cumulative, draws.units(Part.IDS, 0, n), side="right")
    distinct, places = np.unique(ids, return_inverse=True)
    return places.astype(np.int64), distinct.size


def _along(steps: Floats, correlation: float) -> Floats:
    """Return the stationary sequence whose innovations are ``steps``."""
    rows: Floats = steps * np.sqrt(1.0 - correlation**2)
    rows[0] = steps[0]
    for i in range(1, len(rows)):
        rows[i] += correlation * rows[i - 1]
    return rows


@lru_cache(maxsize=4)
def _distinct_rows(array: FrozenArray) -> tuple[Floats, int, Integers | None]:
    """Return the distinct rows of an array, how many they are, and which of them each row is."""
    rows, places = np.unique(array.array + 0.0, axis=0, return_inverse=True)  # the sum makes -0 and 0 one
    if len(rows) == len(array.array):
        return array.array, len(rows), None
    return rows, len(rows), places.reshape(-1).astype(np.int64)


@lru_cache(maxsize=4)
def _of_array(array: FrozenArray) -> Tokens:
    rows, distinct, ids = _distinct_rows(array)
    triangular = rows.shape[1] > rows.shape[0]
    if triangular:
        rows = np.ascontiguousarray(np.linalg.qr(rows.T)[1].T)
    return Tokens(rows, distinct, ids, triangular=triangular)
