"""What is said of one small case."""

from __future__ import annotations

from dataclasses import dataclass

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
WORST_FIRST = (FAILS, UNDECIDED, HOLDS)


@dataclass(frozen=True, slots=True)
class SmallCase:
    """One part of a theorem's statement at one size, against what enumeration or integration finds there.

    Attributes
    ----------
    theorem : str
        Id of the theorem.
    part : int
        Which part of its statement, counted from 1.
    setting : str
        The size and the model in words.
    states : str
        The part with the sizes put in, as the theorem's record has it.
    finds : str
        Both sides as found from the definitions, at the worst instance: where they are closest.
    instances : int
        How many values of the other variables were tried.
    outcome : str
        ``"holds"`` if every instance does; ``"fails"`` if one does not; ``"undecided"`` if the balls of one overlap.
    rung : str
        ``"exact"`` where everything is rational, ``"enclosed"`` where balls (Arb) decide.
    """

    theorem: str
    part: int
    setting: str
    states: str
    finds: str
    instances: int
    outcome: str
    rung: str

    @property
    def holds(self) -> bool:
        """Whether every instance was shown to hold."""
        return self.outcome == HOLDS
