"""Witness 1, the derivation: theorems about the rank of random attention, checked step by step.

``import proofs`` is light; SymPy is imported when a theorem is first looked at in this process. :func:`check_all` and
:func:`start_checks` look at them in a worker process only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofs.catalogue import IDS, QUESTIONS, known_id
from rankbound.errors import invalid

if TYPE_CHECKING:
    from proofs.cases import SmallCase, small_cases
    from proofs.dropped import Counterexample, assumption_counterexamples
    from proofs.open_questions import OpenQuestion, open_question
    from proofs.records import Derivation, Theorem
    from proofs.service import Checks, check_all, start_checks

__all__ = [
    "Checks",
    "Counterexample",
    "Derivation",
    "OpenQuestion",
    "SmallCase",
    "Theorem",
    "assumption_counterexamples",
    "check",
    "check_all",
    "derive",
    "open_question",
    "open_question_ids",
    "small_cases",
    "start_checks",
    "theorem",
    "theorem_ids",
]

_LAZY = {
    "Checks": "proofs.service",
    "check_all": "proofs.service",
    "start_checks": "proofs.service",
    "SmallCase": "proofs.cases",
    "small_cases": "proofs.cases",
    "Counterexample": "proofs.dropped",
    "assumption_counterexamples": "proofs.dropped",
    "OpenQuestion": "proofs.open_questions",
    "open_question": "proofs.open_questions",
    "Derivation": "proofs.records",
    "Theorem": "proofs.records",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'proofs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def theorem_ids() -> tuple[str, ...]:
    """Return the ids of all theorems, in the order of reading."""
    return IDS


def open_question_ids() -> tuple[str, ...]:
    """Return the ids of what is asked and not proved."""
    return QUESTIONS


def theorem(theorem_id: str) -> Theorem:
    """Return the theorem with this id.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest id.
    """
    name = known_id(theorem_id)
    from proofs.theorems import library

    return library()[name]


def check(theorem_or_id: Theorem | str) -> Derivation:
    """Check a theorem, and those it leans on, in this process and without a time limit.

    Parameters
    ----------
    theorem_or_id : Theorem or str
        A theorem of one's own may lean on those of the library.

    Returns
    -------
    Derivation
        Its ``status`` is computed by running the check.

    Raises
    ------
    ValueError
        If the id is unknown, or the theorem leans on an unknown theorem or on itself, or takes the id of another.
    """
    chosen = theorem(theorem_or_id) if isinstance(theorem_or_id, str) else theorem_or_id
    from proofs.kernel import check as run
    from proofs.theorems import library

    if chosen.id in IDS and chosen is not library()[chosen.id]:
        raise invalid("theorem", chosen.id, "an id that no theorem of the library has", "choose another id")
    return run(chosen, library())


def derive(theorem_id: str, *, given_keys: bool = False) -> Any:
    """Return the SymPy expression that a theorem is about, computed from the definitions.

    Parameters
    ----------
    theorem_id : str
        ``"barrier"`` gives ``n (1 - (1 - 1/n)^m)`` in the integer symbols ``n`` (keys) and ``m`` (queries);
        ``"wide-head-limit"`` the limiting probability of rank ``k``; ``"log-n-exponent"`` the exponent ``e(c)``;
        ``"rank-is-occupancy"`` the rank as a sum over picks.
    given_keys : bool, optional
        For ``"barrier"``: the expected rank given the keys, a sum over the chances ``p[0], ..., p[n-1]``
        (an ``IndexedBase``, so it lambdifies with a sequence).

    Raises
    ------
    ValueError
        If the id is unknown or the theorem is not about one expression.
    """
    from proofs.expressions import expression

    return expression(theorem_id, given_keys=given_keys)
