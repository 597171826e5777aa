"""The words of a judgement: witnesses, what each can say, the rung a number stands on, and the verdict.

Plain data. How evidence becomes a verdict is :mod:`rankbound.verify.calculus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rigour(StrEnum):
    """The rung of the rigour ladder a number stands on, best first."""

    EXACT = "exact"
    ENCLOSED = "enclosed"
    CONFIDENCE = "confidence interval"
    FLOAT = "float"


class Witness(StrEnum):
    """One of the three independent sources of evidence."""

    DERIVATION = "derivation"
    ENCLOSURE = "enclosure"
    EXPERIMENT = "experiment"


class Outcome(StrEnum):
    """What one witness says about one claim.

    ``ESTABLISHES`` is for a checked derivation or an enclosure that settles the claim; ``AGREES`` for an experiment
    that could have refuted the claim at its stated level and did not, and for enclosures that could have at the head
    dimensions of the run; ``ILLUSTRATES`` for finite evidence beside an asymptotic claim, which settles nothing;
    ``UNDECIDED`` for a witness that was asked and could not tell; ``SKIPPED`` for one that could have been asked and
    was not (the detail says why); ``NOT_APPLICABLE`` for one that has nothing to say about a claim of this kind.
    """

    ESTABLISHES = "establishes"
    REFUTES = "refutes"
    AGREES = "agrees"
    ILLUSTRATES = "illustrates"
    UNDECIDED = "undecided"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"


class Verdict(StrEnum):
    """The judge's word on one claim at one setting."""

    PROVED = "PROVED"
    CERTIFIED = "CERTIFIED"
    CONSISTENT = "CONSISTENT"
    REFUTED = "REFUTED"
    INCONCLUSIVE = "INCONCLUSIVE"
    VACUOUS = "VACUOUS"
    CONFLICT = "CONFLICT"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one witness said: ``outcome`` for the machine, ``detail`` (one or two sentences) for people."""

    witness: Witness
    outcome: Outcome
    detail: str
