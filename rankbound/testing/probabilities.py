"""Probability vectors as ratios of whole numbers: what holds for all of them can be tested exactly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from rankbound.errors import check_integer, invalid
from rankbound.testing.recipes import Recipe, Size, chosen_names, size_strategy

__all__ = ["VECTOR_KINDS", "ProbabilityVector", "probability_vectors"]

VECTOR_KINDS = ("counts", "uniform", "degenerate", "near-uniform", "near-degenerate", "geometric")
"""The kinds of probability vectors, simplest first."""


@dataclass(frozen=True, slots=True, repr=False)
class ProbabilityVector(Recipe):
    """Probabilities proportional to whole numbers; what :func:`probability_vectors` draws.

    Parameters
    ----------
    weights : tuple of int
        None below 0, one at least above, and their sum at most 2**1000.

    Notes
    -----
    ``.array`` has the n probabilities as a float64 array (n,), each correctly rounded, so that they sum to 1 within
    n * 2**-54; a fresh array on each access. ``.fractions`` has them as a tuple of n ``Fraction``, which sum to 1.

    Examples
    --------
    >>> ProbabilityVector(weights=(1, 0, 3)).array
    array([0.25, 0.  , 0.75])
    >>> ProbabilityVector(weights=(1, 0, 3)).fractions
    (Fraction(1, 4), Fraction(0, 1), Fraction(3, 4))
    """

    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        remedy = "give whole numbers, to which the probabilities are proportional"
        whole = (check_integer("weights[...]", w, minimum=0, maximum=2**1000, remedy=remedy) for w in self.weights)
        object.__setattr__(self, "weights", tuple(whole))
        if not 0 < sum(self.weights) <= 2**1000:
            raise invalid("weights", self.weights, "a sum from 1 to 2**1000", remedy)

    @property
    def array(self) -> npt.NDArray[np.float64]:
        """The probabilities in float64."""
        total = sum(self.weights)
        return np.array([weight / total for weight in self.weights])

    @property
    def fractions(self) -> tuple[Fraction, ...]:
        """The probabilities."""
        total = sum(self.weights)
        return tuple(Fraction(weight, total) for weight in self.weights)


@overload
def probability_vectors(
    *,
    size: Size = None,
    exact: Literal[False] = False,
    positive: bool = False,
    kinds: Collection[str] | str | None = None,
) -> st.SearchStrategy[ProbabilityVector]: ...
@overload
def probability_vectors(
    *,
    size: Size = None,
    exact: Literal[True],
    positive: bool = False,
    kinds: Collection[str] | str | None = None,
) -> st.SearchStrategy[tuple[Fraction, ...]]: ...
def probability_vectors(
    *,
    size: Size = None,
    exact: bool = False,
    positive: bool = False,
    kinds: Collection[str] | str | None = None,
) -> st.SearchStrategy[ProbabilityVector] | st.SearchStrategy[tuple[Fraction, ...]]:
    """Return a strategy of probability vectors: degenerate, nearly so, uniform, nearly so, and in between.

    =================== ==============================================================================================
    kind                weights, to which the probabilities are proportional
    =================== ==============================================================================================
    ``counts``          0 to 20 (1 to 20 if ``positive``), one at least above 0
    ``uniform``         all 1
    ``degenerate``      a single 1, else 0 (none of these if ``positive``, but for one entry)
    ``near-uniform``    2**k - 1, 2**k or 2**k + 1, k from 20 to 100: beyond 53 the floats are equal, the fractions not
    ``near-degenerate`` a single 2**k, else 0 to 3 (1 to 3 if ``positive``), with at least one above 0 if there are two
    ``geometric``       distinct powers of two in any order, so that probabilities span up to 2**(size - 1)
    =================== ==============================================================================================

    Shrinks to a short vector and to small whole numbers of its kind, and mostly to the earliest kind that there is.

    Parameters
    ----------
    size : int or strategy of int, optional
        Entries; a number fixes it, a strategy bounds it. 1 to 12 by default; meant for at most a few hundred.
    exact : bool
        Whether to draw tuples of :class:`fractions.Fraction` that sum to 1, instead of :class:`ProbabilityVector`, that
        has both the floats (``.array``) and those (``.fractions``).
    positive : bool
        Whether every entry must be above 0.
    kinds : names, optional
        Those that are wanted; all by default.

    Returns
    -------
    SearchStrategy of ProbabilityVector, or of tuple of Fraction

    Raises
    ------
    ValueError
        If a kind is unknown, or only ``degenerate`` is wanted of positive vectors.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(probability_vectors(kinds="counts"), lambda p: len(set(p.weights)) == 3)
    ProbabilityVector(weights=(0, 1, 2))
    >>> find(probability_vectors(exact=True, positive=True, kinds="counts"), lambda p: p[0] < p[-1])
    (Fraction(1, 3), Fraction(2, 3))
    """
    names = chosen_names("kinds", kinds, VECTOR_KINDS)
    if positive:
        names = tuple(name for name in names if name != "degenerate")
        if not names:
            raise invalid("kinds", kinds, "a kind of positive vectors", "omit positive=True, or add a kind")
    least = 1 if positive else 0
    vectors = size_strategy("size", size, st.integers(1, 12)).flatmap(
        lambda n: st.sampled_from(names).flatmap(lambda kind: _weights(kind, n, least))
    )
    if exact:
        return vectors.map(lambda weights: ProbabilityVector(weights).fractions)
    return vectors.map(ProbabilityVector)


_POWERS = st.integers(20, 100)


def _weights(kind: str, n: int, least: int) -> st.SearchStrategy[tuple[int, ...]]:
    if kind == "counts":
        return _vectors(st.integers(least, 20), n).filter(any)
    if kind == "uniform":
        return st.just((1,) * n)
    if kind == "degenerate":
        return st.integers(0, n - 1).map(lambda place: tuple(int(i == place) for i in range(n)))
    if kind == "near-uniform":
        return st.builds(lambda k, off: tuple(2**k + x for x in off), _POWERS, _vectors(st.integers(-1, 1), n))
    if kind == "geometric":
        return st.permutations(range(n)).map(lambda order: tuple(2**i for i in order))
    rest = _vectors(st.integers(least, 3), n - 1)
    if n > 1:
        rest = rest.filter(any)
    return st.builds(
        lambda k, others, place: (*others[:place], 2**k, *others[place:]), _POWERS, rest, st.integers(0, n - 1)
    )


def _vectors(entries: st.SearchStrategy[int], n: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(entries, min_size=n, max_size=n).map(tuple)
