"""The report of mutants: a column for what has no reason, rows that say their sampling, runs put together."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from proofs.mutation.report import figures, is_false, sampling, table, without_reason
from proofs.mutation.run import PASSED, Verdict, run
from proofs.mutation.stored import merged, read, write
from proofs.theorems import library

LIBRARY = library()
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "proof_mutation.py"


def verdict(theorem="barrier", outcome="killed", *, kind="constant", every=1, reason="", failure=""):
    return Verdict(theorem, "s", kind, "w", outcome, "", reason=reason, failure=failure, claim="x < 1", every=every)


TRUE = verdict(outcome=PASSED, reason="weaker", every=5)
UNKNOWN = verdict(outcome=PASSED, every=5)
FALSE = verdict(outcome=PASSED, failure="false at x = 1", every=5)
KILLED, WHOLE = verdict(every=5), verdict(kind="assumption")


def row(verdicts, name):
    lines = [line.strip("| ").split(" | ") for line in table(verdicts).splitlines()]
    return dict(zip(lines[0], next(line for line in lines if line[0] == name), strict=True))


def test_what_is_accepted_without_a_reason_has_a_column():
    found = row([TRUE, UNKNOWN, KILLED, KILLED, WHOLE], "barrier")
    assert found["looked at"] == "1 in 5"
    assert found["accepted, shown to be true"] == "1"
    assert found["accepted, no reason found"] == "1"
    assert found["killed of the rest"] == "75.00%"
    assert without_reason([TRUE, UNKNOWN, FALSE, KILLED]) == [UNKNOWN]
    assert [is_false(one) for one in (TRUE, UNKNOWN, FALSE)] == [False, False, True]
    counted = figures([TRUE, UNKNOWN, FALSE, KILLED])
    assert (counted.accepted, counted.unexplained, counted.false, counted.mutants) == (1, 1, 1, 4)


def test_rows_of_different_sampling_stand_in_one_table():
    verdicts = [verdict(), WHOLE, verdict("compression", every=25), verdict("compression", kind="step")]
    assert row(verdicts, "barrier")["looked at"] == "all"
    assert row(verdicts, "compression")["looked at"] == "1 in 25"
    assert row(verdicts, "**all**")["looked at"] == "1 in 25 to all"
    assert sampling([verdict(every=4), verdict(every=9)]) == "1 in 9 to 1 in 4"


def test_a_run_says_how_it_sampled():
    theorem = LIBRARY["paper-barrier-literal"]
    found = run([(theorem.id, theorem.steps[0].name)], workers=1, every=7)
    assert found
    assert {one.every for one in found} == {7}


def test_runs_are_put_together(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, [verdict("compression", every=25), verdict("barrier", every=25)])
    write(second, [verdict("barrier"), verdict("barrier", PASSED)])
    both = merged([read(first), read(second)], LIBRARY)
    assert both == [verdict("compression", every=25), verdict("barrier"), verdict("barrier", PASSED)]  # by catalogue
    with pytest.raises(ValueError, match="no theorem nothing"):
        merged([[verdict("nothing")]], LIBRARY)


def test_a_verdict_without_its_sampling_is_refused(tmp_path):
    without = asdict(verdict())
    del without["every"]
    (tmp_path / "old").write_text(json.dumps(without) + "\n")
    with pytest.raises(ValueError, match="line 1: wrong or missing every"):
        read(tmp_path / "old")


@pytest.fixture
def script(monkeypatch):
    spec = importlib.util.spec_from_file_location("proof_mutation", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def outcome(*arguments):
        monkeypatch.setattr(sys, "argv", ["proof_mutation.py", *map(str, arguments)])
        return module.main()

    module.outcome = outcome
    return module


def test_the_script_fails_for_false_ones_only(tmp_path, script, capsys, monkeypatch):
    bad, unknown = tmp_path / "bad", tmp_path / "unknown"
    write(bad, [KILLED, FALSE])
    write(unknown, [verdict(name, PASSED) for name in LIBRARY])
    assert script.outcome("--merge", bad) == 1
    assert "FALSE AND ACCEPTED: barrier / s" in capsys.readouterr().out
    assert script.outcome("--merge", bad, unknown, "--json", tmp_path / "all") == 0
    assert "without a reason: barrier / s" in capsys.readouterr().out
    assert read(tmp_path / "all") == read(unknown)
    monkeypatch.setattr(script, "PAGE", tmp_path / "page")
    assert script.outcome("--merge", bad, "--write") == 2
    assert not script.PAGE.exists()
    assert script.outcome("--merge", unknown, "--write") == 0
    assert "No accepted mutant was found false." in script.PAGE.read_text()
    assert script.outcome("--merge", unknown, bad, "--write") == 1
    assert "Accepted and found false: 1." in script.PAGE.read_text()
