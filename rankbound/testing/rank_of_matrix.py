"""The exact rank of given hardmax matrices against a bound, and against the law that no random one exceeds.

The rank of a hardmax matrix is the number of distinct keys that its rows pick (theorem *rank-is-occupancy*), so it is
counted. For one whose queries are independent with a common law, and independent of the keys, the theorem
*occupancy-dominance* bounds the probability of a rank of at least k by that of k occupied cells.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from rankbound.errors import check_integer, check_real, invalid
from rankbound.rounding import ceiling_text, floor_text
from rankbound.testing.any_array import read_array, read_matrices
from rankbound.testing.failures import Lines, failed, shown_place
from rankbound.testing.hardmax_rows import check_hardmax

__all__ = ["assert_rank_bound", "hardmax_ranks"]

_NAME = "assert_rank_bound"


def assert_rank_bound(
    matrix: object,
    bound: int | None = None,
    *,
    rank: object = None,
    level: float | None = None,
    seed: object = None,
) -> None:
    """Assert that hardmax matrices have at most the rank that they may have.

    Parameters
    ----------
    matrix : array (..., n_queries, n_keys)
        Of any framework; hardmax, which is asserted first.
    bound : int, optional
        No rank may exceed it: the number of heads that something is cut down to, for example.
    rank : int, or integer array (...), optional
        The ranks according to the code under test, ``torch.linalg.matrix_rank`` say. Each must be the exact one: the
        number of distinct columns that are not 0, which is at most ``min(n_queries, n_keys)``.
    level : float, optional
        Between 0 and 1: the matrices are random, with queries that are independent given the keys, have one law, and
        see every key; heads may share keys or whatever else. Then the rank of one of them is at least k with at most
        the probability that ``n_queries`` balls occupy k of ``n_keys`` cells, for any law of the keys and any
        ``head_dim``. A rank for which that is at most ``level``, divided by the number of matrices, is a failure: what
        meets these assumptions fails with a probability of at most ``level``.
    seed : object, optional
        What the matrices were drawn with: a failure shows it.

    Raises
    ------
    AssertionError
        If a matrix is not hardmax, a rank is not what ``rank`` says, one exceeds ``bound``, or is too improbable.
    ValueError
        If an argument is not what is said above.
    """
    __tracebackhide__ = True
    array = read_matrices("matrix", matrix)
    limit = None if bound is None else check_integer("bound", bound, minimum=1, remedy="give the largest rank allowed")
    if level is not None:
        level = check_real("level", level, above=0.0, below=1.0, remedy="give a probability, for example 1e-6")
    claimed = None if rank is None else _claimed(rank, array.shape[:-2])
    check_hardmax(array, _NAME, name="matrix", seed=seed)
    ranks = hardmax_ranks(array)
    if claimed is not None:
        _check_claimed(ranks, claimed, array.shape, seed)
    if limit is not None and int(ranks.max()) > limit:
        where = _largest(ranks)
        lines = _counted(ranks, where, array.shape) | {
            "bound": str(limit),
            "likely cause": "queries that should be equal and are not (a reshape that mixes heads and tokens, say), or "
            "keys that a mask should hide",
            "inspect": f"print({shown_place('matrix', where)}.sum(0))  # how many queries pick each key",
        }
        raise failed(_NAME, f"the rank of {shown_place('matrix', where)} exceeds {limit}", lines, seed=seed)
    if level is not None:
        _check_probability(ranks, array.shape, level, seed)


def hardmax_ranks(array: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the exact ranks of hardmax matrices (..., n_queries, n_keys): the numbers of columns that are not 0."""
    picked: npt.NDArray[np.int64] = np.asarray((array != 0).any(axis=-2).sum(axis=-1), dtype=np.int64)
    return picked


def _claimed(rank: object, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    given = read_array("rank", rank).array
    if given.dtype.kind not in "iu":
        raise invalid("rank.dtype", str(given.dtype), "integers", "a rank is a whole number: convert it yourself")
    if given.shape != shape:
        raise invalid("rank.shape", given.shape, f"{shape}, one for each matrix", "give the axes before the last two")
    return given


def _check_claimed(
    ranks: npt.NDArray[np.int64], claimed: npt.NDArray[Any], shape: tuple[int, ...], seed: object
) -> None:
    __tracebackhide__ = True
    wrong = np.argwhere(ranks != claimed)
    if not len(wrong):
        return
    where = tuple(wrong[0])
    said, least = int(claimed[where]), min(shape[-2:])
    cause = (
        f"more than min(n_queries, n_keys) = {least}: no matrix of this shape has it"
        if said > least
        else "more than the distinct columns that are not 0: a tolerance below the rounding of its singular values"
        if said > ranks[where]
        else "a tolerance that leaves out singular values: those of hardmax are roots of column counts, at least 1"
    )
    lines = {
        "measured": f"rank {said}, by the code under test",
        "bound": f"{int(ranks[where])}, the number of distinct keys picked: the exact rank",
        "wrong ranks": f"{len(wrong)} of {ranks.size}",
        "likely cause": cause,
        "inspect": f"print({shown_place('matrix', where)}.sum(0))  # how many queries pick each key",
    }
    raise failed(_NAME, f"the rank of {shown_place('matrix', where)} is not {said}", lines, seed=seed)


def _check_probability(ranks: npt.NDArray[np.int64], shape: tuple[int, ...], level: float, seed: object) -> None:
    __tracebackhide__ = True
    from rankbound import bounds

    n_queries, n_keys = shape[-2:]
    where = _largest(ranks)
    most = int(ranks[where])
    barrier = bounds.barrier(n_keys, n_queries=n_queries)
    excess = Fraction(most) - Fraction(barrier.upper)
    if excess <= 0:
        return
    single = bounds.rank_tail_bound(n_keys, excess, n_queries=n_queries).best
    adjusted = min(1.0, single * ranks.size)
    if adjusted > level:
        return
    times = f" ({ceiling_text(single, 3)} for one, times {ranks.size} matrices)" if ranks.size > 1 else ""
    asked = f"{n_keys}, {most} - rankbound.exact_barrier({n_keys}, n_queries={n_queries}), n_queries={n_queries}"
    lines = _counted(ranks, where, shape) | {
        "bound": f"the barrier, E[rank] <= {ceiling_text(barrier.upper, 7)} for independent queries at every head_dim",
        "p-value": f"{ceiling_text(adjusted, 3)}{times}, from the law of the occupied cells",
        "level": f"{level:g}",
        "likely cause": "queries that depend on the keys (W_q shared with W_k, or one made of the other), tokens that "
        "are not orthonormal, or a mask",
        "inspect": f'python -c "import rankbound; print(rankbound.rank_tail_bound({asked}))"',
    }
    matrix = shown_place("matrix", where)
    raise failed(_NAME, f"the rank of {matrix} is too large for independent queries", lines, seed=seed)


def _largest(ranks: npt.NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(ranks.argmax()), ranks.shape))


def _counted(ranks: npt.NDArray[np.int64], where: tuple[int, ...], shape: tuple[int, ...]) -> Lines:
    largest = f", the largest of {ranks.size} (mean {floor_text(float(ranks.mean()), 5)})" if ranks.size > 1 else ""
    return {"measured": f"rank {int(ranks[where])} (exact) of {shape[-2]} queries and {shape[-1]} keys{largest}"}
