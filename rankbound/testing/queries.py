"""Laws of a query: the barrier holds for each of them, whatever the keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from rankbound.errors import check_name
from rankbound.testing.recipes import Size, check_size, chosen_names, size_strategy

__all__ = ["QUERY_LAWS", "QueryLaw", "query_laws"]

Floats = npt.NDArray[np.float64]


def _sphere(rng: np.random.Generator, m: int, d: int) -> Floats:
    rows = rng.standard_normal((m, d))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)


def _one_hot(rng: np.random.Generator, m: int, d: int) -> Floats:
    rows = np.zeros((m, d))
    rows[np.arange(m), rng.integers(0, d, m)] = rng.choice((-1.0, 1.0), m)
    return rows


def _line(rng: np.random.Generator, m: int, d: int) -> Floats:
    return rng.standard_normal((m, 1)) * _alternating(d)


def _alternating(d: int) -> Floats:
    return np.where(np.arange(d) % 2, -1.0, 1.0)


QUERY_LAWS: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "gaussian": lambda rng, m, d: rng.standard_normal((m, d)),
    "constant": lambda rng, m, d: np.tile(_alternating(d), (m, 1)),
    "signs": lambda rng, m, d: rng.choice((-1.0, 1.0), (m, d)),
    "integers": lambda rng, m, d: rng.integers(-2, 3, (m, d)).astype(np.float64),
    "one-hot": _one_hot,
    "line": _line,
    "sphere": _sphere,
    "shifted": lambda rng, m, d: rng.standard_normal((m, d)) + 10.0 * _alternating(d),
    "heavy-tailed": lambda rng, m, d: rng.standard_cauchy((m, d)),
}
"""What draws the queries of each law, simplest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLaw:
    """The law of a query; what :func:`query_laws` draws.

    ================ =================================================================================================
    kind             a query
    ================ =================================================================================================
    ``gaussian``     iid standard normal components
    ``constant``     (1, -1, 1, ...), always
    ``signs``        iid components 1 or -1
    ``integers``     iid components from -2 to 2: scores with such keys are exact
    ``one-hot``      a random component is 1 or -1, the others 0
    ``line``         a standard normal multiple of (1, -1, 1, ...)
    ``sphere``       uniform on the unit sphere
    ``shifted``      standard normal components around 10 (1, -1, 1, ...)
    ``heavy-tailed`` iid Cauchy components, which have no mean
    ================ =================================================================================================

    Parameters
    ----------
    kind : str
        As above.
    head_dim : int
        Components, at least 1.

    Examples
    --------
    >>> QueryLaw(kind="constant", head_dim=3).draw(2, rng=0)
    array([[ 1., -1.,  1.],
           [ 1., -1.,  1.]])
    """

    kind: str
    head_dim: int

    def __post_init__(self) -> None:
        check_name("kind", self.kind, QUERY_LAWS)
        check_size("head_dim", self.head_dim)

    def draw(self, n_queries: int, *, rng: int | np.random.SeedSequence | np.random.Generator) -> Floats:
        """Draw independent queries of this law; float64 array (n_queries, head_dim), all finite.

        Parameters
        ----------
        n_queries : int
            At least 1.
        rng : int, SeedSequence or Generator
            Whence all randomness; the same seed gives the same queries. There is no default: let Hypothesis draw it.
        """
        generator = np.random.default_rng(rng)
        return QUERY_LAWS[self.kind](generator, check_size("n_queries", n_queries), self.head_dim)


def query_laws(*, head_dim: Size = None, kinds: Collection[str] | str | None = None) -> st.SearchStrategy[QueryLaw]:
    """Return a strategy of laws of a query, as opposed to queries.

    The barrier n (1 - (1 - 1/n)**m) bounds the mean number of keys that m independent queries of *any* one law pick,
    for any keys. Such a statement is tested on laws, from which :meth:`QueryLaw.draw` draws as often as a mean needs.
    Shrinks to fewer components and to the earlier kind.

    Parameters
    ----------
    head_dim : int or strategy of int, optional
        Components; a number fixes it, a strategy bounds it. 1 to 8 by default.
    kinds : names, optional
        Those of :class:`QueryLaw` that are wanted; all by default.

    Returns
    -------
    SearchStrategy of QueryLaw

    Raises
    ------
    ValueError
        If a kind is unknown, or a fixed ``head_dim`` is no size.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(query_laws(), lambda law: law.head_dim > 2)
    QueryLaw(kind='gaussian', head_dim=3)
    """
    names = chosen_names("kinds", kinds, QUERY_LAWS)
    columns = size_strategy("head_dim", head_dim, st.integers(1, 8))
    return st.builds(QueryLaw, kind=st.sampled_from(names), head_dim=columns)
