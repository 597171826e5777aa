"""What happens without an assumption: exact settings in which all but one hold and the conclusion fails.

The barrier needs independent and identically distributed queries; in the ideal setting orthonormal tokens, normal
weights and the independence of W_q and W_k provide them. Each is dropped in turn, the rest is kept, and the expected
rank is found exactly. That a conclusion fails in such a setting shows that no proof can do without the assumption. It
does not say that the conclusion fails whenever the assumption does: ``MAY_STILL_HOLD`` says what is known of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from proofs.catalogue import known_id
from proofs.dropped.record import Counterexample

if TYPE_CHECKING:
    from typing import Any

__all__ = ["MAY_STILL_HOLD", "Counterexample", "assumption_counterexamples"]

MAY_STILL_HOLD: Mapping[str, str] = {
    "one-pick-per-row": (
        "Rows may hold any one nonzero number in place of the 1: that multiplies rows and leaves the rank as it is."
    ),
    "independent-queries": (
        "The bound on the mean needs no more than that all queries miss a key with a chance of at least (1 - p_j)^m, "
        "for every key: picks may depend on each other in that direction."
    ),
    "identical-queries": (
        "For independent queries with different chances, E[rank] is at least what it is when every query has the "
        "averages of these chances (means, arithmetic and geometric). Nothing weaker is known to be enough."
    ),
    "orthonormal-tokens": (
        "Orthogonal tokens of any lengths are enough, as a positive factor on a query changes no pick and the barrier "
        "holds for all keys; for the same reason the tokens that keys come from are free, if they are other ones."
    ),
    "gaussian-weights": (
        "The barrier holds whatever the law of W_k. The entries of W_q may have any law if the tokens are coordinate "
        "vectors, as the queries are then the rows of W_q."
    ),
    "independent-weights": (
        "At head_dim 1 nothing changes: with W_q = W_k the rank is 2 unless all keys have one sign, so that "
        "E[rank] = 2 - 2^(1-n), as with independent weights."
    ),
}
"""For each assumption, what is known to be enough in its place. Of anything else nothing is claimed."""


def assumption_counterexamples(theorem_id: str | None = None) -> tuple[Counterexample, ...]:
    """Return the settings in which one assumption fails.

    Parameters
    ----------
    theorem_id : str, optional
        Only those in which the conclusion of this theorem fails.

    Raises
    ------
    ValueError
        If there is no theorem with this id.
    """
    if theorem_id is not None:
        known_id(theorem_id)
    return tuple(one for one in _all() if theorem_id is None or theorem_id in one.theorems)


def _all() -> tuple[Counterexample, ...]:
    import sympy as sp

    from proofs.dropped import settings, tied_weights
    from proofs.model import barrier_of

    def barrier(size: int) -> Any:
        return barrier_of(sp.Integer(size), sp.Integer(size))

    def picked(picks: Any) -> Any:
        return lambda: settings.expected_rank(picks())

    of_queries = ("barrier", "occupancy-dominance", "rank-deviation")
    ideal = ("norm-conditioned-barrier", "paper-barrier-about-063n")
    apart = 1 / sp.sqrt(2)
    return (
        Counterexample(
            "shared-coin",
            "independent-queries",
            of_queries,
            "n = m = 2; one fair coin decides whether the picks are (0, 1) or (1, 0). Each query picks uniformly.",
            sp.Integer(2),
            barrier(2),
            "Both patterns use two columns.",
            picked(settings.shared_coin),
            model=settings.shared_coin(),
        ),
        Counterexample(
            "assigned-keys",
            "identical-queries",
            of_queries,
            "n = m = 2; query i picks key i. The picks are independent, as nothing is left to chance.",
            sp.Integer(2),
            barrier(2),
            "The matrix is the identity.",
            picked(settings.assigned),
            model=settings.assigned(),
        ),
        Counterexample(
            "opposite-tokens",
            "orthonormal-tokens",
            (*ideal, "wide-head-limit"),
            "n = m = 2, tokens x and -x, independent Gaussian weights, any head_dim.",
            sp.Integer(2),
            barrier(2),
            "Query 1 is -query 0 and key 1 is -key 0, so row 0 has scores s, -s and row 1 has -s, s: the picks differ.",
            picked(settings.opposite_tokens),
            model=settings.opposite_tokens(),
        ),
        Counterexample(
            "duplicated-tokens",
            "orthonormal-tokens",
            (),
            "n = m = 4, tokens x, x, y, y with x, y orthonormal, ties broken independently, any head_dim.",
            sp.Rational(39, 16),
            barrier(4),
            "By enumeration of the two coins that decide between x and y and of the ties. The rank is lower.",
            picked(settings.duplicated_tokens),
            model=settings.duplicated_tokens(),
        ),
        Counterexample(
            "skewed-weights",
            "gaussian-weights",
            ideal,
            "n = m = 2, head_dim 1, tokens (4, 3)/5 and (3, -4)/5; all weights are independent, 2 with chance 1/5 and "
            "-1/2 with chance 4/5: of mean 0 and variance 1, not normal.",
            sp.Rational(46, 25),
            barrier(2),
            "By enumeration of the weights: the queries have opposite signs with chance 21/25.",
            picked(lambda: settings.skewed_weights().picks()),
            model=settings.skewed_weights().picks(),
        ),
        Counterexample(
            "tied-weights",
            "independent-weights",
            ideal,
            "n = m = 2, head_dim 2, orthonormal tokens, W_q = W_k Gaussian: query i is key i.",
            1 + apart,
            barrier(2),
            "The rank is 1 iff k_0.k_1 exceeds |k_0|^2 or |k_1|^2, which exclude each other; the first has the chance "
            "a / (a + b), with a = (sqrt(2) - 1)/2 and -b = -(sqrt(2) + 1)/2 the eigenvalues of x (y - x).",
            lambda: tied_weights.by_eigenvalues(2),
            lambda: tied_weights.by_length(2),
            settings.KnownRank(2, 2, {1: 1 - apart, 2: apart}, "n = m = 2, head_dim 2, W_q = W_k"),
        ),
        Counterexample(
            "two-ones-in-a-row",
            "one-pick-per-row",
            ("rank-is-occupancy",),
            "n = m = 2; both rows have a 1 in both columns.",
            sp.Integer(1),
            sp.Integer(2),
            "The rows are equal, and both columns are in use.",
            settings.rank_of_two_ones,
        ),
    )
