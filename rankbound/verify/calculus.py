"""How evidence becomes a verdict, and verdicts an exit code. Pure functions of plain data."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from rankbound.verdict import Evidence, Outcome, Verdict, Witness


class ExitCode(IntEnum):
    """What the process answers to a shell."""

    AS_EXPECTED = 0
    UNEXPECTED = 1
    USAGE = 2
    UNDECIDED = 3
    INTERNAL_ERROR = 4
    INTERRUPTED = 130


_SETTLING = {Witness.DERIVATION: Verdict.PROVED, Witness.ENCLOSURE: Verdict.CERTIFIED}


def decide(evidence: Iterable[Evidence], *, assumptions_met: bool = True) -> Verdict:
    """Return the verdict on one claim from what its witnesses say.

    Parameters
    ----------
    evidence : iterable of Evidence
        Of one claim at one setting, in any order.
    assumptions_met : bool
        Whether the setting satisfies the claim's assumptions; if not, the verdict is ``VACUOUS``.

    Returns
    -------
    Verdict
        ``CONFLICT`` when one witness refutes what another establishes; ``REFUTED`` when any refutes; ``PROVED`` when a
        derivation, else ``CERTIFIED`` when an enclosure, establishes; ``CONSISTENT`` when the experiment could have
        refuted and did not; else ``INCONCLUSIVE``.

    Notes
    -----
    An experiment that establishes would be a bug of its witness: it is a ``ValueError``, since simulation alone never
    proves. That an experiment *agrees* with what another witness refutes is no conflict: it did not refute, no more.
    """
    said = list(evidence)
    for item in said:
        if item.outcome is Outcome.ESTABLISHES and item.witness not in _SETTLING:
            raise ValueError(f"the {item.witness} cannot establish a claim")
    if not assumptions_met:
        return Verdict.VACUOUS
    established = [w for w in _SETTLING if any(e.witness is w and e.outcome is Outcome.ESTABLISHES for e in said)]
    refuted = any(e.outcome is Outcome.REFUTES for e in said)
    if refuted:
        return Verdict.CONFLICT if established else Verdict.REFUTED
    if established:
        return _SETTLING[established[0]]
    if any(e.witness is Witness.EXPERIMENT and e.outcome is Outcome.AGREES for e in said):
        return Verdict.CONSISTENT
    return Verdict.INCONCLUSIVE


def exit_code(verdicts: Iterable[tuple[Verdict, Verdict]]) -> ExitCode:
    """Return the exit code for pairs (verdict, expected verdict).

    A conflict, or a verdict other than the expected one, is 1; a claim left undecided is 3, unless something worse is
    1; ``VACUOUS`` counts as expected.
    """
    pairs = list(verdicts)
    undecided = [v is Verdict.INCONCLUSIVE and v is not expected for v, expected in pairs]
    unexpected = [
        v is Verdict.CONFLICT or (v not in (expected, Verdict.VACUOUS) and v is not Verdict.INCONCLUSIVE)
        for v, expected in pairs
    ]
    if any(unexpected):
        return ExitCode.UNEXPECTED
    return ExitCode.UNDECIDED if any(undecided) else ExitCode.AS_EXPECTED
