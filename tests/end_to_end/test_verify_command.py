"""The main command as a user meets it: results, wrong input, interruption, closed pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from rankbound.cli import rankbound, run
from rankbound.cli.verify import verify
from rankbound.verify.calculus import ExitCode
from rankbound.verify.run import Run

COMMAND = [sys.executable, "-m", "rankbound.verify"]
SCHEMA = json.loads(files("rankbound.verify").joinpath("report.schema.json").read_text(encoding="utf-8"))
SMALL = ["--n", "24", "--replicates", "20", "--claim", "barrier", "--claim", "paper-barrier-literal"]


def call(*args: str) -> int:
    return run(args, command=verify, name="rankbound verify")


def test_every_verdict_is_as_expected_at_512(capsys):
    code = call("--n", "512", "--replicates", "40", "--format", "json")
    report = json.loads(capsys.readouterr().out)
    verdicts = {claim["id"]: claim["verdict"] for claim in report["claims"]}
    assert verdicts == {
        "rank-is-occupancy": "PROVED",
        "barrier": "PROVED",
        "occupancy-dominance": "PROVED",
        "rank-deviation": "PROVED",
        "barrier-constants": "PROVED",
        "wide-head-limit": "PROVED",
        "norm-conditioned-barrier": "PROVED",
        "second-moment-bound": "PROVED",
        "expected-rank-enclosure": "CERTIFIED",
        "log-n-exponent": "PROVED",
        "log-n-exponent-limit": "PROVED",
        "saturation-window": "PROVED",
        "rank-deficit": "PROVED",
        "paper-barrier-about-063n": "PROVED",
        "paper-barrier-literal": "REFUTED",
        "paper-log-n-necessary": "PROVED",
        "paper-log-n-sufficient": "REFUTED",
        "paper-model-reduction": "PROVED",
        "paper-marginal-at-log-n": "REFUTED",
        "representation-threshold": "PROVED",
        "best-approximation": "PROVED",
        "fixed-head-size": "PROVED",
        "paper-representation": "PROVED",
        "paper-representation-narrow": "PROVED",
        "paper-representation-full-rank": "REFUTED",
        "paper-fixed-head-size": "PROVED",
    }
    assert code == ExitCode.AS_EXPECTED
    for row in report["saturation"]:
        enclosed, simulated = row["expected_rank"], row["experiment"]
        assert 0 < enclosed["lower"] <= enclosed["upper"] <= report["barrier"]["upper"]
        # Two witnesses of one number: their intervals overlap (false alarms: at most the level, 1e-3, in the seed).
        assert simulated["lower"] <= enclosed["upper"]
        assert enclosed["lower"] <= simulated["upper"]


@pytest.mark.parametrize("n", ["1", "2", "3"])
def test_the_smallest_sizes_work(n, capsys):
    assert call("--n", n, "--replicates", "20") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert f"n = {n}" in captured.out
    assert captured.err == ""


def test_beyond_simulation_the_other_witnesses_judge_and_the_reason_is_given(capsys):
    assert call("--n", "1000000000", "--head-dim", "64", "--head-dim", "1000000") == ExitCode.AS_EXPECTED
    out = capsys.readouterr().out
    assert "experiment skipped: one replicate needs more than 512 MiB" in " ".join(out.split())


def test_json_is_one_document_valid_under_the_published_schema(capsys):
    call(*SMALL, "--format", "json")
    out = capsys.readouterr().out
    document = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    assert out.endswith("}\n")


def test_same_seed_same_bytes_whatever_the_threads(capsys):
    outputs = []
    for threads in ("1", "2", "5"):
        call(*SMALL, "--format", "json", "--threads", threads)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] == outputs[2]
    call(*SMALL, "--format", "json", "--seed", "1")
    assert capsys.readouterr().out != outputs[0]


def test_the_command_in_a_report_repeats_it(capsys):
    call("--n", "24", "--head-dim", "5", "--claim", "barrier", "--budget", "0.01", "--format", "json")
    first = capsys.readouterr().out
    command = json.loads(first)["run"]["command"].split()
    assert command[:3] == ["python", "-m", "rankbound.verify"]
    call(*command[3:], "--format", "json")
    assert capsys.readouterr().out == first


@pytest.mark.thorough
def test_the_three_ways_to_call_it_print_the_same():
    ways = [
        [sys.executable, "-m", "rankbound.verify"],
        [sys.executable, "-m", "rankbound", "verify"],
        [sys.executable, "-c", "from rankbound.cli import main; main()", "verify"],
    ]
    outputs = [subprocess.run([*way, *SMALL], capture_output=True, text=True, check=True).stdout for way in ways]
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0].startswith("rankbound ")


@pytest.mark.parametrize("format_", ["table", "json", "markdown"])
def test_output_goes_to_a_file_when_asked(format_, tmp_path, capsys):
    target = tmp_path / "report"
    call(*SMALL, "--format", format_)
    printed = capsys.readouterr().out
    call(*SMALL, "--format", format_, "--output", str(target))
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8") == printed
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_the_table_fits_80_columns_without_escape_codes_in_a_pipe(capsys):
    call("--n", "4096", "--replicates", "1", "--head-dim", "1", "--head-dim", "64")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    body, command = out.split("To repeat this run, bit for bit:")
    assert max(len(line) for line in body.splitlines()) <= 80
    assert "E[rank]/n" in body
    assert "--head-dim 64" in command


WRONG = [
    (["--n", "0"], "--n = '0'"),
    (["--n", "-3"], "--n = '-3'"),
    (["--n", "1.5"], "--n = '1.5'"),
    (["--n", "1_0"], "--n = '1_0'"),
    (["--n", " 5"], "--n = ' 5'"),
    (["--n", "abc"], "--n = 'abc'"),
    (["--n", "10" + "0" * 30], "--n = '10"),
    (["--n", "8", "--head-dim", "0"], "--head-dim = '0'"),
    (["--n", "8", "--claim", "barier"], "did you mean barrier?"),
    (["--n", "8", "--level", "2"], "--level = '2'"),
    (["--n", "8", "--level", "nan"], "--level = 'nan'"),
    (["--n", "8", "--budget", "-1"], "--budget = '-1'"),
    (["--n", "8", "--seed", "-1"], "--seed = '-1'"),
    (["--n", "8", "--replicates", "0"], "--replicates = '0'"),
    (["--n", "8", "--format", "yaml"], "yaml"),
    (["--n", "8", "--output", "/nowhere/at/all.json"], "--output = '/nowhere/at/all.json'"),
    (["--n", "8", "--output", "."], "--output = '.'"),
    (["--n", "8", "--output", ""], "--output = ''"),
    (["--n", "8", "--output", "x" * 300], "file name too long"),
    ([], "--n"),
    (["--n", "8", "--frobnicate"], "--frobnicate"),
]


@pytest.mark.parametrize(("args", "named"), WRONG, ids=[" ".join(a)[:30] or "nothing" for a, _ in WRONG])
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
    assert "Traceback" not in captured.err


def test_the_group_answers_help_and_version(capsys):
    assert run(["--help"], command=rankbound) == 0
    assert "verify" in capsys.readouterr().out
    assert run(["--version"], command=rankbound) == 0
    assert capsys.readouterr().out.startswith("rankbound ")


@pytest.mark.parametrize(
    "after", [1.5, pytest.param(8.0, marks=pytest.mark.thorough)], ids=["while-enclosing", "while-simulating"]
)
def test_ctrl_c_ends_at_once_marks_the_report_and_exits_130(after, tmp_path):
    target = tmp_path / "report.json"
    target.write_text("an earlier result")
    args = ["--n", "2048", "--budget", "300", "--format", "json", "--output", str(target)]
    process = subprocess.Popen([*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(after)  # on a slow machine something else is interrupted, which must end just as well
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - sent < 5
    assert process.returncode == ExitCode.INTERRUPTED
    assert target.read_text() == "an earlier result"
    assert "Traceback" not in err
    if not out:  # so slow a machine that nothing had begun
        assert "interrupted" in err
        return
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert document["interrupted"] is True
    assert "not reproducible" in document["summary"]


def test_an_interruption_leaves_what_is_decided_and_an_earlier_result(tmp_path, capsys, monkeypatch):
    def interrupt(_run):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_simulate", interrupt)
    target = tmp_path / "report.json"
    target.write_text("an earlier result")
    args = ["--n", "8", "--head-dim", "2", "--replicates", "5", "--claim", "rank-is-occupancy"]
    assert (
        run(["verify", *args, "--format", "json", "--output", str(target)], command=rankbound) == ExitCode.INTERRUPTED
    )
    out, err = capsys.readouterr()
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert document["interrupted"] is True
    assert err == "rankbound: interrupted; what was decided so far is above, and is not reproducible\n"
    assert target.read_text() == "an earlier result"


def test_a_closed_pipe_is_quiet():
    shell = f"{sys.executable} -m rankbound.verify --n 24 --replicates 5 | head -1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("rankbound ")
    assert done.stderr == ""


@pytest.mark.thorough
def test_a_pipe_that_nobody_reads_is_quiet_too():
    shell = f"set -o pipefail; {sys.executable} -m rankbound.verify --n 24 --claim barrier --format json | true"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == ExitCode.AS_EXPECTED


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_device_is_one_clear_line():
    shell = f"{sys.executable} -m rankbound.verify --n 24 --claim barrier --replicates 5 > /dev/full"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert "cannot write to standard output: no space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_standard_output_a_file_is_still_written(tmp_path):
    target = tmp_path / "report.json"
    shell = f"{sys.executable} -m rankbound.verify {' '.join(SMALL)} --format json --output {target} >&-"
    done = subprocess.run(["bash", "-c", shell], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (ExitCode.AS_EXPECTED, "")
    assert json.loads(target.read_text())["schema"] == "rankbound.report/1"


def test_output_follows_a_link_and_writes_into_a_pipe(tmp_path):
    real, link, pipe = tmp_path / "real", tmp_path / "link", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    call(*SMALL, "--format", "json", "--output", str(link))
    assert link.is_symlink()
    assert json.loads(real.read_text())["schema"] == "rankbound.report/1"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        call(*SMALL, "--format", "json", "--output", str(pipe))
        assert reader.communicate(timeout=30)[0] == real.read_text()
    assert pipe.is_fifo()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "pipe", "real"]


def test_a_shadowing_file_is_named(tmp_path):
    (tmp_path / "proofs.py").write_text("raise RuntimeError('a stranger was run')\n")
    root = os.fspath(files("rankbound").joinpath("..").resolve())
    script = f"import sys; sys.path.append({root!r}); from rankbound.cli import main; main(['verify', '--n', '8'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert "proofs.py" in done.stderr
    assert "rename" in done.stderr
    assert "stranger was run" not in done.stderr
