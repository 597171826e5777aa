"""Stochastic matrices: attention as it should come out, soft or hard."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from rankbound.errors import check_name, invalid
from rankbound.testing.recipes import (
    SEEDS,
    Recipe,
    Size,
    check_seed,
    check_size,
    chosen_names,
    fixed_size,
    size_strategy,
)

__all__ = ["MATRIX_KINDS", "StochasticMatrix", "stochastic_matrices"]

Floats = npt.NDArray[np.float64]

_CONVENTIONS = ("columns", "rows")


def _softmax(logits: Floats) -> Floats:
    weights: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights


def _low_rank(rng: np.random.Generator, m: int, n: int) -> Floats:
    return _softmax(rng.standard_normal((m, 1)) * rng.standard_normal((1, n)))


def _peaked(rng: np.random.Generator, m: int, n: int) -> Floats:
    weights = np.full((m, n), 2.0**-40)
    weights[np.arange(m), rng.integers(0, n, m)] = 1.0
    return weights


def _hard(rng: np.random.Generator, m: int, n: int) -> Floats:
    return np.eye(n)[rng.integers(0, n, m)]


def _sparse(rng: np.random.Generator, m: int, n: int) -> Floats:
    weights = rng.integers(1, 10, (m, n)) * (rng.random((m, n)) < 0.4)
    kept = rng.integers(0, n, m)
    weights[0, (kept[0] + 1) % n] = 0
    weights[np.arange(m), kept] += 1
    return weights.astype(np.float64)


_POSITIVE: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "uniform": lambda rng, m, n: np.ones((m, n)),
    "counts": lambda rng, m, n: rng.integers(1, 10, (m, n)).astype(np.float64),
    "softmax": lambda rng, m, n: _softmax(rng.standard_normal((m, n))),
    "low-rank": _low_rank,
    "peaked": _peaked,
    "wide-range": lambda rng, m, n: _softmax(rng.uniform(-300.0, 300.0, (m, n))),
}
_WITH_ZEROS: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {"hard": _hard, "sparse": _sparse}

MATRIX_KINDS = _POSITIVE | _WITH_ZEROS
"""What builds the weights of each kind, one row a query; simplest first."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StochasticMatrix(Recipe):
    """A recipe for a stochastic matrix; what :func:`stochastic_matrices` draws.

    ============== ===================================================================================================
    kind           distribution of a query over the keys
    ============== ===================================================================================================
    ``uniform``    all keys alike
    ``counts``     proportional to integers from 1 to 9
    ``softmax``    softmax of iid standard normal scores
    ``low-rank``   softmax of scores a_i b_j: a head of dimension 1 makes it
    ``peaked``     almost all on one key: the others have 2**-40 of its probability
    ``wide-range`` softmax of scores uniform from -300 to 300: positive, down to 1e-261
    ``hard``       all on one key: hardmax attention
    ``sparse``     proportional to integers from 0 to 10, about half of them 0, and one at least positive
    ============== ===================================================================================================

    Parameters
    ----------
    kind : str
        As above; the last two have zeros.
    n_queries, n_keys : int
        At least 1.
    seed : int
        From 0 to 2**64 - 1.
    convention : {"columns", "rows"}
        What sums to 1, as for :func:`rankbound.min_head_dim`.

    Notes
    -----
    ``.array`` is the matrix: a float64 array (n_keys, n_queries), or (n_queries, n_keys) with ``convention="rows"``, of
    entries from 0 to 1; each sum is within n_keys * 2**-52 of 1. A fresh array on each access.

    Examples
    --------
    >>> StochasticMatrix(kind="hard", n_queries=2, n_keys=3, seed=0, convention="rows").array
    array([[0., 0., 1.],
           [0., 1., 0.]])
    """

    kind: str
    n_queries: int
    n_keys: int
    seed: int
    convention: str = "columns"

    def __post_init__(self) -> None:
        check_name("kind", self.kind, MATRIX_KINDS)
        check_size("n_queries", self.n_queries)
        check_size("n_keys", self.n_keys)
        check_seed(self.seed)
        check_name("convention", self.convention, _CONVENTIONS)

    @property
    def array(self) -> Floats:
        """The matrix."""
        weights = MATRIX_KINDS[self.kind](np.random.default_rng(self.seed), self.n_queries, self.n_keys)
        rows: Floats = weights / weights.sum(axis=1, keepdims=True)
        return rows if self.convention == "rows" else np.ascontiguousarray(rows.T)


def stochastic_matrices(
    *,
    n_queries: Size = None,
    n_keys: Size = None,
    convention: str = "columns",
    positive: bool | None = None,
    kinds: Collection[str] | str | None = None,
) -> st.SearchStrategy[StochasticMatrix]:
    """Return a strategy of stochastic matrices, attention probabilities among them.

    What is drawn is a :class:`StochasticMatrix`: it prints in one line, as the call that makes it again, and ``.array``
    is the matrix. Shrinks to a smaller one, the earlier kind and a small seed.

    Parameters
    ----------
    n_queries, n_keys : int or strategy of int, optional
        A number fixes the size, a strategy bounds it. 1 to 8 keys by default, and as many queries as keys.
    convention : {"columns", "rows"}
        What sums to 1.
    positive : bool, optional
        True: positive matrices only, as softmax makes them. False: only matrices with a zero, of at least 2 keys: with
        a single key each matrix is all ones. Both by default.
    kinds : names, optional
        Those of :class:`StochasticMatrix` that are wanted; all by default.

    Returns
    -------
    SearchStrategy of StochasticMatrix

    Raises
    ------
    ValueError
        If a kind or the convention is unknown, no kind is left, or a single key is fixed where a zero is wanted.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(stochastic_matrices(positive=False), lambda P: P.n_keys > 2)
    StochasticMatrix(kind='hard', n_queries=3, n_keys=3, seed=0)
    """
    check_name("convention", convention, _CONVENTIONS)
    wanted = {True: _POSITIVE, False: _WITH_ZEROS, None: MATRIX_KINDS}[positive]
    names = tuple(name for name in chosen_names("kinds", kinds, MATRIX_KINDS) if name in wanted)
    if not names:
        raise invalid("kinds", kinds, f"a kind with positive={positive}", "omit positive, or add a kind")
    keys = size_strategy("n_keys", n_keys, st.integers(2 if positive is False else 1, 8))
    if positive is False:
        if fixed_size("n_keys", n_keys) == 1:
            raise invalid("n_keys", n_keys, "at least 2 with positive=False", "add a key: all of a single one is 1")
        keys = keys.filter(lambda n: n > 1)
    queries = None if n_queries is None else size_strategy("n_queries", n_queries, st.nothing())
    return _matrices(names, queries, keys, convention)


@st.composite
def _matrices(
    draw: st.DrawFn,
    names: tuple[str, ...],
    queries: st.SearchStrategy[int] | None,
    keys: st.SearchStrategy[int],
    convention: str,
) -> StochasticMatrix:
    n_keys = draw(keys)
    n_queries = n_keys if queries is None else draw(queries)
    kind = draw(st.sampled_from(names))
    return StochasticMatrix(kind=kind, n_queries=n_queries, n_keys=n_keys, seed=draw(SEEDS), convention=convention)
