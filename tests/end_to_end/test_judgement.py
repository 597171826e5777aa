"""The judge on claims that are false, undecided, or expected otherwise."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

import numpy as np
import pytest

import montecarlo
import rankbound.claims
from montecarlo.regions import ALGORITHMS
from rankbound import judge
from rankbound.claims import REGISTRY, Assumption, Claim, Source
from rankbound.claims.record import by_enclosure
from rankbound.claims.tests_of_bounds import intervals_against, refuting_enclosure
from rankbound.cli import run
from rankbound.cli.verify import verify
from rankbound.verdict import Outcome, Verdict, Witness
from rankbound.verify import run as run_module
from rankbound.verify.calculus import ExitCode
from rankbound.verify.render import to_terminal
from rankbound.verify.run import CONTROLS

SOURCE = Source("nobody", "a planted claim", "this test")


def planted(share: float, **changes: object) -> Claim:
    """Return the claim that E[rank] <= share * n for every head_dim, tested by certified numbers and simulation."""

    def enclosure(findings):
        bound = share * findings.n_keys
        nothing = by_enclosure(Outcome.UNDECIDED, "no enclosed head_dim exceeds it")
        return refuting_enclosure(findings, lambda _: bound, "the planted bound") or nothing

    claim = Claim(
        id="planted",
        statement=f"E[rank] <= {share} n for every head_dim",
        source=SOURCE,
        assumptions=(),
        expected=Verdict.PROVED,
        enclosure=enclosure,
        experiment=lambda findings: intervals_against(findings, lambda _: share * findings.n_keys, "the planted bound"),
    )
    return dataclasses.replace(claim, **changes)


def test_a_false_barrier_is_refuted_by_each_numerical_witness():
    report = judge(512, [16, 64, 512, 1024], claims=[planted(0.60)], replicates=300)
    (judgement,) = report.judgements
    said = {e.witness: e.outcome for e in judgement.evidence}
    assert said[Witness.ENCLOSURE] is Outcome.REFUTES
    assert said[Witness.EXPERIMENT] is Outcome.REFUTES
    assert judgement.verdict is Verdict.REFUTED
    assert report.exit_code == ExitCode.UNEXPECTED


def test_a_false_barrier_is_refuted_on_the_command_line(monkeypatch, capsys):
    monkeypatch.setitem(REGISTRY, "planted", planted(0.60))
    code = run(["--n", "512", "--claim", "planted", "--budget", "0.2"], command=verify, name="rankbound verify")
    captured = capsys.readouterr()
    assert code == ExitCode.UNEXPECTED
    assert "REFUTED" in captured.out
    assert "planted is REFUTED, expected PROVED" in captured.err


def test_too_few_replicates_are_not_called_agreement():
    report = judge(64, [8, 64], claims=["paper-barrier-about-063n"], replicates=1)
    (judgement,) = report.judgements
    said = {e.witness: e for e in judgement.evidence}
    assert said[Witness.EXPERIMENT].outcome is Outcome.UNDECIDED
    assert "too few replicates" in said[Witness.EXPERIMENT].detail


@pytest.mark.parametrize("claim_id", ["barrier", "occupancy-dominance", "paper-barrier-about-063n"])
def test_what_it_takes_to_refute_is_what_it_takes(claim_id):
    """Ranks moved up by a little more than the stated excess are refuted by the same test, by a little less are not."""
    findings = judge(64, [64], claims=["barrier", "paper-barrier-about-063n"], replicates=400).findings
    claim = REGISTRY["barrier" if claim_id == "occupancy-dominance" else claim_id]
    stated = float(re.search(r"ranks ([0-9.]+)% above", claim.experiment(findings).detail)[1]) / 100
    line = rankbound.bounds.limiting_line(64, constant=Fraction(1)).upper
    bound = line if claim_id == "paper-barrier-about-063n" else findings.barrier.upper
    ranks = findings.ranks[64] - findings.ranks[64].mean()

    def outcome(excess):
        moved = np.clip(ranks + bound * (1 + excess), 1, 64)
        lower, upper = montecarlo.confidence_interval(moved, lower=1, upper=64, error=findings.test_error, horizon=400)
        estimate = dataclasses.replace(findings.estimates[64], mean=float(moved.mean()), lower=lower, upper=upper)
        planted = dataclasses.replace(findings, ranks={64: moved}, estimates={64: estimate})
        return REGISTRY[claim_id].experiment(planted).outcome

    assert outcome(1.05 * stated) is Outcome.REFUTES
    assert outcome(0.95 * stated) is not Outcome.REFUTES


@pytest.mark.parametrize("change", [{"statement": "E[rank] <= 0.1 n"}, {"enclosure": None}])
def test_a_claim_of_one_s_own_may_not_borrow_a_proof(change):
    with pytest.raises(ValueError, match="rename your own claim"):
        judge(8, [2], claims=[dataclasses.replace(REGISTRY["barrier"], **change)])


def test_a_witness_may_not_speak_as_another():
    claim = planted(0.9, experiment=lambda findings: by_enclosure(Outcome.ESTABLISHES, "so there"))
    with pytest.raises(ValueError, match="spoke as the enclosure"):
        judge(8, [2], claims=[claim], replicates=5)


def test_a_claim_cannot_spoil_what_others_see():
    def spoil(findings):
        findings.certified.clear()

    with pytest.raises(AttributeError):
        judge(8, [2], claims=[planted(0.9, enclosure=spoil), "barrier"], replicates=5)


def test_claims_given_as_objects_are_judged_as_those_of_the_registry():
    flipped = dataclasses.replace(REGISTRY["barrier"], expected=Verdict.REFUTED)
    plain = judge(8, [2], claims=["barrier", "paper-barrier-about-063n"], replicates=20)
    given = judge(8, [2], claims=[REGISTRY["paper-barrier-about-063n"], flipped], replicates=20)
    assert [j.claim.id for j in given.judgements] == [j.claim.id for j in plain.judgements]
    assert given.settings.command == plain.settings.command
    assert (plain.exit_code, given.exit_code) == (ExitCode.AS_EXPECTED, ExitCode.UNEXPECTED)


def test_what_is_expected_changes_no_verdict():
    """Every claim with every other expectation: the same evidence and verdicts, only the exit code may differ."""
    plain = judge(8, [2, 5], replicates=20)
    assert plain.exit_code == ExitCode.AS_EXPECTED
    for expected in Verdict:
        flipped = [dataclasses.replace(j.claim, expected=expected) for j in plain.judgements]
        report = judge(8, [2, 5], claims=flipped, replicates=20)
        assert [(j.evidence, j.verdict) for j in report.judgements] == [
            (j.evidence, j.verdict) for j in plain.judgements
        ]
        assert [j.claim.expected for j in report.judgements] == [expected] * len(plain.judgements)
        assert report.exit_code == ExitCode.UNEXPECTED


@pytest.mark.parametrize(("n", "head_dim"), [(3, 1), (3, 2), (300, 2), (2, 5)])
def test_controls_at_the_sizes_of_the_run_are_other_replicates(n, head_dim):
    """Ranks that were bet on before may not be bet on again: pruned and dense scans see the same vectors."""
    findings = judge(n, [head_dim], claims=["expected-rank-enclosure"], replicates=300).findings
    same = [c.ranks[:300] for c in findings.controls if (c.estimate.n_keys, c.estimate.head_dim) == (n, head_dim)]
    assert same
    drawn = [tuple(ranks) for ranks in (*same, findings.ranks[head_dim])]
    assert len(set(drawn)) == len(drawn)


def test_every_algorithm_has_a_control():
    assert {algorithm for _, _, algorithm in CONTROLS} == set(ALGORITHMS)


def test_outside_its_scope_a_claim_is_vacuous():
    needed = Assumption("wide heads", lambda setting, dims: "" if max(dims) >= 64 else f"head_dim is {max(dims)}")
    wide = planted(0.60, assumptions=(needed,))
    report = judge(512, [4], claims=[wide], replicates=20)
    assert report.judgements[0].verdict is Verdict.VACUOUS
    assert report.judgements[0].broken == ("wide heads, but head_dim is 4",)
    assert report.exit_code == ExitCode.AS_EXPECTED
    assert "not met: planted" in report.summary
    assert judge(512, [4, 256], claims=[wide], replicates=20).judgements[0].verdict is Verdict.REFUTED


def test_a_notebook_shows_the_report_as_html():
    html = judge(8, [2, 5], claims=["barrier", "paper-barrier-literal", planted(0.99, brief="x < y & z")])._repr_html_()
    assert html.startswith("<pre")
    assert html.endswith("</pre>")
    assert "paper-barrier-literal" in html
    assert "x &lt; y &amp; z" in html
    assert "\x1b" not in html


def test_a_notebook_shows_the_report_once(monkeypatch):
    report = judge(8, [2], claims=["barrier"], replicates=5)
    html, text = report._repr_html_(), to_terminal(report, width=80, colour=False)
    shown = []
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    monkeypatch.setattr("rich.jupyter.display", lambda *args: shown.append(args))
    assert report._repr_html_() == html
    assert to_terminal(report, width=80, colour=False) == text
    assert shown == []


def test_a_true_barrier_is_not_refuted():
    report = judge(64, [8, 64], claims=[planted(0.64)], replicates=200)
    assert report.judgements[0].verdict is Verdict.CONSISTENT


@pytest.mark.parametrize("claim_id", ["barrier", "paper-barrier-literal"])
def test_flipping_the_expected_verdict_changes_the_exit_code_and_nothing_else(claim_id, monkeypatch, capsys):
    args = ["--n", "24", "--replicates", "10", "--claim", claim_id]
    before = run(args, command=verify), capsys.readouterr().out
    flipped = Verdict.REFUTED if REGISTRY[claim_id].expected is Verdict.PROVED else Verdict.PROVED
    monkeypatch.setitem(REGISTRY, claim_id, dataclasses.replace(REGISTRY[claim_id], expected=flipped))
    after = run(args, command=verify), capsys.readouterr().out
    assert before[1] == after[1]
    assert (before[0], after[0]) == (ExitCode.AS_EXPECTED, ExitCode.UNEXPECTED)


def test_a_derivation_that_runs_out_of_time_leaves_the_claim_inconclusive(monkeypatch, capsys):
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "1")  # what was checked before needs no time
    monkeypatch.setattr(run_module, "DERIVATION_LIMIT", 1e-6)
    code = run(["--n", "24", "--replicates", "5", "--claim", "log-n-exponent"], command=verify)
    captured = capsys.readouterr()
    assert code == ExitCode.UNDECIDED
    assert "INCONCLUSIVE" in captured.out
    assert "log-n-exponent is INCONCLUSIVE, expected PROVED" in captured.err


def test_without_its_derivation_a_claim_is_not_called_proved(monkeypatch):
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "1")  # what was checked before needs no time
    monkeypatch.setattr(run_module, "DERIVATION_LIMIT", 1e-6)
    claims = ["barrier", "paper-barrier-literal"]
    report = judge(24, [1, 2], claims=claims, replicates=20)
    assert len(report.judgements) == len(claims)
    assert Verdict.PROVED not in {j.verdict for j in report.judgements}


def test_the_level_is_shared_by_the_simulated_head_dims():
    report = judge(24, [1, 2, 3, 4], claims=["barrier"], replicates=5, level=0.02)
    spending = report.settings.spending
    assert (spending.level, spending.tests) == (0.02, 9)  # four intervals, four bets on dominance, one on all together
    assert spending.each == pytest.approx(0.02 / 9)
    assert spending.each * spending.tests <= 0.02
    assert {e.error for e in report.findings.estimates.values()} == {spending.each} == {report.findings.test_error}
    with_controls = judge(24, [1, 2], claims=["expected-rank-enclosure"], replicates=5)
    assert with_controls.settings.spending.tests == 2 + 2 + len(with_controls.findings.controls) + 1 > 5


def test_the_first_replicates_of_a_longer_run_are_those_of_a_shorter_one():
    short = montecarlo.sample_ranks(24, 5, 10)
    assert (montecarlo.sample_ranks(24, 5, 25)[:10] == short).all()


@pytest.mark.parametrize(
    ("keywords", "named"),
    [
        ({"n_keys": 0}, "n_keys = 0"),
        ({"n_keys": 8.0}, "n_keys = 8.0"),
        ({"n_keys": True}, "n_keys = True"),
        ({"n_keys": 8, "head_dims": []}, "head_dims = []"),
        ({"n_keys": 8, "head_dims": [0]}, "head_dim = 0"),
        ({"n_keys": 8, "level": 0}, "level = 0"),
        ({"n_keys": 8, "budget": float("nan")}, "budget = nan"),
        ({"n_keys": 8, "replicates": 1.5}, "replicates = 1.5"),
        ({"n_keys": 8, "rng": -1}, "rng = -1"),
        ({"n_keys": 8, "rng": 2**64}, "rng = 18446744073709551616"),
        ({"n_keys": 8, "level": 1.5}, "level = 1.5"),
        ({"n_keys": 8, "head_dims": 4}, "head_dims = 4"),
        ({"n_keys": 8, "claims": ["barier"]}, "did you mean barrier?"),
        ({"n_keys": 8, "claims": "barrier"}, "claims = 'barrier'"),
        ({"n_keys": 8, "claims": []}, "claims = []"),
        ({"n_keys": 8, "claims": [3]}, "claims = [3]"),
    ],
)
def test_wrong_arguments_name_what_is_wrong(keywords, named):
    with pytest.raises(ValueError, match="expected") as raised:
        judge(**keywords)
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_selecting_claims_keeps_the_order_of_the_registry():
    chosen = rankbound.claims.select(["paper-barrier-literal", "barrier"])
    assert [c.id for c in chosen] == ["barrier", "paper-barrier-literal"]
