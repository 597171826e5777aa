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
    ByHand(
        "log-n-exponent-attained",
        "level",
        "relation",
        "<= to <",
        "(1 + 2 eta) (1 - eta) > 1 for 0 < eta < 1/2",
    ),
    ByHand(
        "log-n-exponent-expansion",
        "gap at least",
        "relation",
        "<= to <",
        "s + (s + 2) exp(-s) - 2 increases strictly from 0 at s = 0",
    ),
    ByHand(
        "log-n-necessary",
        "bound vanishes",
        "term",
        "-log((c/2 + 1)/c) dropped from -log((c/2 + 1)/c) - 1 + (c/2 + 1)/c",
        "the exponent of n is then -(1 - c/2)/2, negative for c < 2",
    ),
    ByHand(
        "log-n-necessary",
        "bound vanishes",
        "exponent",
        "exponent of sqrt(log(n)) -1",
        "a smaller power of log(n)",
    ),
)


def by_hand(verdict: Any) -> str:
    """Return the reason in words for an accepted mutant, or nothing."""
    return next((entry.why for entry in TABLE if entry.fits(verdict)), "")
