"""Whether a head is wide enough for given attention."""

from __future__ import annotations

import math

import numpy as np

from rankbound.errors import invalid
from rankbound.representation.centred_logs import CentredLogs, decompose
from rankbound.representation.head_dims import MinHeadDim, counted
from rankbound.representation.matrices import Convention, check_convention, read_attention
from rankbound.setting import check_head_dim
from rankbound.testing.any_array import read_array
from rankbound.testing.failures import failed, shown_place
from rankbound.verdict import Rigour

__all__ = ["assert_representable"]

_CAUSE = "rounding of the logits before the softmax, which the precision of P does not count: compute them in float64"


def assert_representable(P: object, head_dim: int, *, convention: Convention = "columns", seed: object = None) -> None:
    """Assert that a head of this dimension can have P as its attention, whatever the linearly independent tokens.

    It can if and only if ``head_dim`` is at least the rank of C log P (:func:`rankbound.min_head_dim`), where C takes
    the mean from each column. From n - 1 on, every positive stochastic matrix is reached.

    Parameters
    ----------
    P : array (..., n, n)
        Of any framework, positive and stochastic; batch and head axes may come first. Floats count as known to the
        precision of their type; fractions and integers (counts) are exact. Large logits that were themselves rounded to
        float32 are not known so well: they raise the rank, by singular values that a failure calls rounding.
    head_dim : int
        At least 1.
    convention : {"columns", "rows"}
        What sums to 1: columns, as in the papers, or rows, as in PyTorch.
    seed : object, optional
        What P was drawn with: a failure shows it.

    Raises
    ------
    AssertionError
        If the rank is larger. The message says on which rung that stands: *exact* and *enclosed* are proved, *float*
        means that so many singular values lie above what rounding amounts to. Where the rank found is small enough
        nothing is raised, though in floats that is no proof: some matrix that rounds to P has full rank.
    ValueError
        If P is not positive, or not stochastic in this convention, or another argument is not what is said above.
    """
    __tracebackhide__ = True
    given = read_array("P", P, objects=True)
    check_convention(convention)
    head_dim = check_head_dim(head_dim)
    array = given.array
    if array.ndim < 2:
        raise invalid("P.shape", array.shape, "at least two axes", "give a square matrix, n x n")
    for where in np.ndindex(array.shape[:-2]):
        logs = decompose(read_attention(array[where], convention, precision=given.precision))
        found = counted(logs)
        if found.rank > head_dim:
            raise _failure(found, logs, head_dim, shown_place("P", where), convention, seed)


def _failure(
    found: MinHeadDim, logs: CentredLogs, head_dim: int, name: str, convention: Convention, seed: object
) -> AssertionError:
    n = len(found.singular_values) + 1
    if found.rigour is Rigour.EXACT:
        rung = "exact"
    elif found.lower > head_dim:
        rung = f"float; that it is at least {found.lower} is proved"
    else:
        rung = "float: singular values above what rounding amounts to"
    gap = (
        "no singular value is left out"
        if found.rank == n - 1
        else "what is left out is 0"
        if math.isinf(found.gap)
        else f"the last singular value that counts is {found.gap:.4g} times the first that does not"
    )
    nearest = math.sqrt(float((found.singular_values[head_dim:] ** 2).sum()))
    lines = {
        "measured": f"rank {found.rank} of C log P ({rung}; {found.method})",
        "bound": f"head_dim = {head_dim}",
        "gap": gap,
        "nearest": f"attention of such a head differs from {name} by at least {nearest:.4g} in centred logits",
        "likely cause": _CAUSE if nearest <= _rounding_of_logits(logs) else "",
        "remedy": f"head_dim = {max(found.rank, 1)} reaches this matrix; n - 1 = {n - 1} always suffices",
        "inspect": f"rankbound represent P.npy --head-dim {head_dim} --convention {convention}",
    }
    what = f"no head of dimension {head_dim} has {name} as its attention"
    return failed("assert_representable", what, {name: said for name, said in lines.items() if said}, seed=seed)


def _rounding_of_logits(logs: CentredLogs) -> float:
    """Return what rounding every logit to the precision of P may amount to, in the Frobenius norm; 0 if P is exact."""
    return len(logs.logs) * logs.attention.precision * float(np.ptp(logs.logs))
