"""Two orthonormal tokens with tied weights: an exact mean above the barrier (V3).

With ``W_q = W_k`` query ``i`` is key ``i``, and the two queries pick one key exactly if ``k_1 . k_2`` exceeds the
smaller of ``|k_1|^2`` and ``|k_2|^2``. It cannot exceed both; by symmetry the probability is twice that of
``Z > |k_1|`` with ``Z`` standard normal, the component of ``k_2`` along ``k_1``: ``P(Z^2 > chi^2_d)``. As
``Z^2 / (Z^2 + chi^2_d)`` has a beta law with parameters 1/2 and d/2, that is the regularised incomplete beta function
``I_{1/2}(d/2, 1/2)``.
"""

from __future__ import annotations

from dataclasses import replace

from flint import arb

from rankbound.bounds.balls import enclose, working_precision
from rankbound.enclosure import Enclosure
from rankbound.setting import check_head_dim
from rankbound.verdict import Rigour

__all__ = ["tied_pair_rank"]


def tied_pair_rank(head_dim: int) -> Enclosure:
    """Enclose E[rank] of two orthonormal tokens with ``W_q = W_k``.

    Parameters
    ----------
    head_dim : int
        From 1 to 10^10.

    Returns
    -------
    Enclosure
        ``2 - I_{1/2}(d/2, 1/2)``: 3/2 at ``head_dim`` 1, ``1 + 1/sqrt(2)`` at 2, and tending to 2. Relative width below
        1e-14.

    Raises
    ------
    ValueError
        If ``head_dim`` is not an integer in that range.
    """
    d = check_head_dim(head_dim)
    with working_precision(192):
        together = arb("0.5").beta_lower(arb(d) / 2, arb("0.5"), regularized=1)
        value = enclose(2 - together, Rigour.ENCLOSED, "tied weights, incomplete beta function")
        return replace(value, upper=min(value.upper, 2.0))  # no rank exceeds 2
