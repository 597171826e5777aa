"""The figures of a run: how many mutants each theorem has, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from proofs.mutation.hand import TABLE, ByHand, by_hand
from proofs.mutation.judge import KILLED, PASSED, SAME, UNDECIDED
from proofs.mutation.mutants import THEOREM_KINDS
from proofs.mutation.run import Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of mutants.

    Attributes
    ----------
    mutants : int
        All that differ from the original by more than their form.
    killed : int
        Rejected.
    undecided_true, undecided_false, undecided : int
        Neither rejected nor accepted: shown to be true, shown to be false, neither.
    accepted : int
        Accepted, with a reason why they are true.
    false : int
        Accepted and false.
    unexplained : int
        Accepted, without a reason and without a point at which they are false.
    """

    mutants: int
    killed: int
    undecided_true: int
    undecided_false: int
    undecided: int
    accepted: int
    false: int
    unexplained: int

    @property
    def killed_share(self) -> float:
        """The share of killed ones among the mutants that are not shown to be true."""
        rest = self.mutants - self.accepted - self.undecided_true
        return self.killed / rest if rest else 1.0


def is_false(verdict: Verdict) -> bool:
    """Whether a mutant was accepted, or taken for the original, and is false somewhere."""
    return verdict.outcome in (PASSED, SAME) and not explained(verdict) and bool(verdict.failure)


def explained(verdict: Verdict) -> str:
    """Return why an accepted mutant is true, found automatically or in words, or nothing."""
    if verdict.kind in THEOREM_KINDS:
        return ""  # the theorem would be checked without it
    return verdict.reason or by_hand(verdict)


def figures(verdicts: Iterable[Verdict]) -> Figures:
    """Count."""
    found = Counter(_group(verdict) for verdict in verdicts)
    total = sum(found.values()) - found["same"]
    names = ("killed", "undecided_true", "undecided_false", "undecided", "accepted", "false", "unexplained")
    return Figures(total, *(found[name] for name in names))


def _group(verdict: Verdict) -> str:
    if is_false(verdict):
        return "false"
    if verdict.outcome == SAME:
        return "same"
    if verdict.outcome == KILLED:
        return "killed"
    if verdict.outcome == UNDECIDED:
        return "undecided_true" if verdict.reason else "undecided_false" if verdict.failure else "undecided"
    return "accepted" if explained(verdict) else "unexplained"


def table(verdicts: Iterable[Verdict]) -> str:
    """Return the figures of each theorem and of all as a Markdown table."""
    rows: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        rows.setdefault(verdict.theorem, []).append(verdict)
    every = [verdict for group in rows.values() for verdict in group]
    lines = [
        "| theorem | looked at | mutants | killed | undecided | of these true / false | accepted, shown to be true "
        "| accepted, no reason found | killed of the rest |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, group in [*rows.items(), ("**all**", every)]:
        one = figures(group)
        undecided = one.undecided + one.undecided_true + one.undecided_false
        lines.append(
            f"| {name} | {sampling(group)} | {one.mutants} | {one.killed} | {undecided} "
            f"| {one.undecided_true} / {one.undecided_false} | {one.accepted} | {one.unexplained} "
            f"| {100 * one.killed_share:.2f}% |"
        )
    return "\n".join(lines)


def sampling(verdicts: Iterable[Verdict]) -> str:
    """Return how many of each step's mutants were looked at: all, or one in so many."""
    found = sorted({verdict.every for verdict in verdicts if verdict.step and verdict.kind not in THEOREM_KINDS})
    words = ["all" if every == 1 else f"1 in {every}" for every in found or [1]]
    return words[0] if len(words) == 1 else f"{words[-1]} to {words[0]}"


def reasons(verdicts: Iterable[Verdict]) -> list[tuple[str, int]]:
    """Return the kinds of reasons for accepted mutants, most frequent first."""
    found: Counter[str] = Counter()
    for verdict in verdicts:
        if verdict.outcome == PASSED and explained(verdict):
            found[_in_general(verdict.reason) if verdict.reason else "in words"] += 1
    return found.most_common()


def without_reason(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the accepted ones for which no reason was found, and no point at which they are false."""
    return [one for one in verdicts if one.outcome == PASSED and not explained(one) and not is_false(one)]


def _in_general(reason: str) -> str:
    words = reason.split(": ", 1)[-1] if reason.startswith("by ") else reason
    for start in ("the original at ", "it at ", "it times ", "the original, and evident at ", "the original with "):
        if words.startswith(start):
            words = start.strip() + " ..."
    return ("from another proved claim: " if reason.startswith("by ") else "") + words


def unneeded(verdicts: Iterable[Verdict]) -> list[ByHand]:
    """Return the entries of the table in words that no accepted mutant needs."""
    left = [verdict for verdict in verdicts if verdict.outcome == PASSED and not verdict.reason]
    return [entry for entry in TABLE if not any(entry.fits(verdict) for verdict in left)]
