"""Exact small cases: the statements of the theorems read at sizes where everything can be enumerated or integrated.

This is a check that shares nothing with the rules by which proofs are checked. A statement is the theorem's own; the
sizes are put in, and every probability and expectation in it gets its value from the definition: by enumerating all
patterns of picks with rational chances, by elimination on the matrix, by exact integrals of polynomials where the head
dimension is 1, by the geometry of a triangle where there are three keys. A case that holds is no proof; one that fails
refutes the statement, or the reading of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofs.cases.record import SmallCase
from proofs.catalogue import known_id

if TYPE_CHECKING:
    from proofs.records import Theorem

__all__ = ["SmallCase", "small_cases"]


def small_cases(theorem_or_id: Theorem | str) -> tuple[SmallCase, ...]:
    """Return the exact small cases of a theorem, or of a changed one that keeps its id.

    Parameters
    ----------
    theorem_or_id : Theorem or str
        Of a theorem only the id and the statement matter, so a variant of a statement can be tried as well.

    Returns
    -------
    tuple of SmallCase
        Empty for a theorem about limits alone, of which no finite size decides anything.

    Raises
    ------
    ValueError
        If there is no theorem with this id.
    """
    from proofs.cases.registry import cases_of
    from proofs.theorems import library

    chosen = library()[known_id(theorem_or_id)] if isinstance(theorem_or_id, str) else theorem_or_id
    known_id(chosen.id)
    return cases_of(chosen)
