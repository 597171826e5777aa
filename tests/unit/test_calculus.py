"""The whole truth table of the judge, against a table written here a second time, and every exit code."""

from __future__ import annotations

import itertools

import pytest

from rankbound.verdict import Evidence, Outcome, Verdict, Witness
from rankbound.verify.calculus import ExitCode, decide, exit_code

TRIPLES = list(itertools.product(Outcome, repeat=3))
E, R, A = Outcome.ESTABLISHES, Outcome.REFUTES, Outcome.AGREES


def evidence(derivation, enclosure, experiment):
    outcomes = zip(Witness, (derivation, enclosure, experiment), strict=True)
    return [Evidence(witness, outcome, "said so") for witness, outcome in outcomes]


def in_words(derivation, enclosure, experiment):
    """Say what DESIGN asks for, as a table: what is refuted and what is established, then the rest."""
    refuted = R in (derivation, enclosure, experiment)
    match (refuted, derivation is E, enclosure is E):
        case (True, False, False):
            return Verdict.REFUTED
        case (True, _, _):
            return Verdict.CONFLICT
        case (False, True, _):
            return Verdict.PROVED
        case (False, False, True):
            return Verdict.CERTIFIED
    return Verdict.CONSISTENT if experiment is A else Verdict.INCONCLUSIVE


def test_the_table_is_complete():
    assert len(TRIPLES) == 7**3
    assert len(set(Witness)) == 3
    assert len(set(Verdict)) == 7


@pytest.mark.parametrize("experiment", list(Outcome))
def test_every_combination_of_outcomes(experiment):
    for derivation, enclosure in itertools.product(Outcome, repeat=2):
        said = evidence(derivation, enclosure, experiment)
        if experiment is E:
            with pytest.raises(ValueError, match="experiment cannot establish"):
                decide(said)
            with pytest.raises(ValueError, match="experiment cannot establish"):
                decide(said, assumptions_met=False)
            continue
        for order in itertools.permutations(said):
            assert decide(order) is in_words(derivation, enclosure, experiment), (derivation, enclosure, experiment)
            assert decide(order, assumptions_met=False) is Verdict.VACUOUS


def test_simulation_alone_never_proves():
    silent = [o for o in Outcome if o not in (E, R)]
    for derivation, enclosure, experiment in itertools.product(silent, silent, [o for o in Outcome if o is not E]):
        verdict = decide(evidence(derivation, enclosure, experiment))
        assert verdict in (Verdict.CONSISTENT, Verdict.REFUTED, Verdict.INCONCLUSIVE)


def test_no_evidence_is_inconclusive():
    assert decide([]) is Verdict.INCONCLUSIVE
    assert decide([], assumptions_met=False) is Verdict.VACUOUS


def test_agreement_and_illustration_settle_nothing():
    for outcome in (Outcome.ILLUSTRATES, Outcome.UNDECIDED, Outcome.SKIPPED, Outcome.NOT_APPLICABLE):
        assert decide(evidence(outcome, outcome, outcome)) is Verdict.INCONCLUSIVE
    assert decide(evidence(A, A, Outcome.SKIPPED)) is Verdict.INCONCLUSIVE  # only an experiment is CONSISTENT


PAIRS = list(itertools.product(Verdict, Verdict))


def code_in_words(verdict, expected):
    """Return the exit code of a single claim, from the table in the documentation."""
    if verdict is Verdict.CONFLICT:
        return ExitCode.UNEXPECTED
    if verdict is Verdict.VACUOUS or verdict is expected:
        return ExitCode.AS_EXPECTED
    return ExitCode.UNDECIDED if verdict is Verdict.INCONCLUSIVE else ExitCode.UNEXPECTED


@pytest.mark.parametrize(("verdict", "expected"), PAIRS)
def test_the_exit_code_of_one_claim(verdict, expected):
    assert exit_code([(verdict, expected)]) is code_in_words(verdict, expected)


def test_unexpected_before_undecided_before_as_expected():
    rank = {ExitCode.AS_EXPECTED: 0, ExitCode.UNDECIDED: 1, ExitCode.UNEXPECTED: 2}
    for first, second in itertools.product(PAIRS, repeat=2):
        worst = max(code_in_words(*first), code_in_words(*second), key=rank.__getitem__)
        assert exit_code([first, second]) is worst
    assert exit_code([]) is ExitCode.AS_EXPECTED
    assert exit_code(iter([(Verdict.REFUTED, Verdict.PROVED)])) is ExitCode.UNEXPECTED  # an iterator is read once


def test_the_numbers_a_shell_sees():
    assert {code.name: int(code) for code in ExitCode} == {
        "AS_EXPECTED": 0,
        "UNEXPECTED": 1,
        "USAGE": 2,
        "UNDECIDED": 3,
        "INTERNAL_ERROR": 4,
        "INTERRUPTED": 130,
    }


def test_flipping_an_expected_verdict_changes_the_exit_code_and_nothing_else():
    said = [evidence(E, A, A), evidence(R, Outcome.ILLUSTRATES, Outcome.NOT_APPLICABLE)]
    expected = [Verdict.PROVED, Verdict.REFUTED]
    verdicts = [decide(one) for one in said]
    assert exit_code(zip(verdicts, expected, strict=True)) is ExitCode.AS_EXPECTED
    flipped = [Verdict.REFUTED, Verdict.REFUTED]
    assert [decide(one) for one in said] == verdicts  # decide has no way to learn what is expected
    assert exit_code(zip(verdicts, flipped, strict=True)) is ExitCode.UNEXPECTED
