"""Why accepted mutants are true where no reason was found automatically, in words; every entry must be needed."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class ByHand:
    """A reason for the mutants of a step that a pattern describes.

    Attributes
    ----------
    theorem, step : str
        Where; ``step`` may be a pattern.
    kind : str
        The kind of the mutants.
    what : str
        A pattern for the description of the change.
    why : str
        Why they are true.
    """

    theorem: str
    step: str
    kind: str
    what: str
    why: str

    def fits(self, verdict: Any) -> bool:
        """Whether the entry is about this mutant."""
        return (
            self.theorem == verdict.theorem
            and self.kind == verdict.kind
            and fnmatchcase(verdict.step, self.step)
            and fnmatchcase(verdict.what, self.what)
        )


TABLE: tuple[ByHand, ...] = (
    ByHand(
        "barrier-constants",
        "upper in x",
        "relation",
        "right side 1% tighter",
        "x + log(1 - x) is negative, so 0.99 of it is larger than it",
    ),
)


def by_hand(verdict: Any) -> str:
    """Return the reason in words for an accepted mutant, or nothing."""
    return next((entry.why for entry in TABLE if entry.fits(verdict)), "")
