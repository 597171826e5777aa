"""``rankbound simulate``: what it prints is what the library says, whoever reads it and however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from unittest import mock

import pytest

import montecarlo
from montecarlo.blocks import horizon_for
from rankbound.cli import run
from rankbound.cli.simulate_report import BLOCKS
from rankbound.verify.calculus import ExitCode

COMMAND = [sys.executable, "-m", "rankbound", "simulate"]
FEW = ["--n", "64", "--head-dim", "8", "--replicates", "300"]
SOFTMAX = ["--temperature", "0.01", "--tolerance", "0.1"]


def call(*args: str) -> int:
    return run(["simulate", *args])


def document(capsys, *args, code=ExitCode.AS_EXPECTED):
    assert call(*args, "--format", "json") == code
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def page(capsys, *args, code=ExitCode.AS_EXPECTED):
    assert call(*args) == code
    return capsys.readouterr().out


# What is printed.


@pytest.mark.parametrize("m", [None, 17])
def test_json_says_what_the_library_says(m, capsys):
    queries = [] if m is None else ["--queries", str(m)]
    said = document(capsys, *FEW, *queries, "--seed", "5", "--error", "0.01", "--workers", "1")
    estimate = montecarlo.estimate_rank(64, 8, n_queries=m, replicates=300, rng=5, error=0.01)
    assert said == {
        "schema": "rankbound.simulate/1",
        "n_keys": 64,
        "n_queries": m or 64,
        "head_dim": 8,
        "temperature": 0.0,
        "tolerance": None,
        "seed": 5,
        "replicates": 300,
        "planned_replicates": 300,
        "interrupted": False,
        "half_width": None,
        "reached": True,
        "expected_rank": {
            "mean": estimate.mean,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "error": 0.01,
            "rigour": "confidence interval",
        },
        "variance": estimate.variance,
        "quantiles": {str(level): rank for level, rank in estimate.quantiles.items()},
        "counts": {str(rank): count for rank, count in estimate.counts},
    }


def test_a_target_is_that_of_the_library(capsys):
    said = document(capsys, "--n", "16", "--head-dim", "4", "--half-width", "0.01")
    estimate = montecarlo.estimate_rank(16, 4, half_width=0.01)
    assert (said["replicates"], said["half_width"], said["reached"]) == (estimate.replicates, 0.01, True)
    assert said["planned_replicates"] == horizon_for(0.01, 16, 4, 16, 1e-3)
    assert said["expected_rank"]["upper"] - said["expected_rank"]["lower"] <= 2 * 0.01 * 16


def test_a_budget_is_replicates_by_the_fixed_table(capsys):
    cost = montecarlo.simulation_cost(2048, 64)
    assert document(capsys, "--n", "2048", "--head-dim", "64", "--budget", "0.3")["replicates"] == int(0.3 / cost)
    assert document(capsys, "--n", "2048", "--head-dim", "64", "--budget", "0")["replicates"] == 16
    assert document(capsys, "--n", "2", "--head-dim", "1")["replicates"] == 20_000


def numbers(line):
    return [float(word) for word in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", line)]


def test_the_page_is_rounded_outward_and_fits_80_columns(capsys):
    out = page(capsys, *FEW)
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "\x1b" not in out
    estimate = montecarlo.estimate_rank(64, 8, replicates=300)
    for name, whole in (("E[rank] ", 1), ("E[rank]/n ", 64)):
        (line,) = (line for line in out.splitlines() if line.startswith(name))
        mean, low, high = numbers(line)[:3]
        width = (estimate.upper - estimate.lower) / whole
        assert estimate.lower / whole - 0.1 * width < low <= estimate.lower / whole
        assert estimate.upper / whole <= high < estimate.upper / whole + 0.1 * width
        assert mean == pytest.approx(estimate.mean / whole, abs=0.01 * width)
    assert "(confidence interval, level 99.9%)" in out
    assert "300 replicates, seed 0" in out
    (ranks,) = (line for line in out.splitlines() if line.startswith("rank "))
    assert numbers(ranks) == list(estimate.quantiles.values())


EXTREME = [
    ["--n", "1", "--head-dim", "1"],
    ["--n", "20000", "--head-dim", "2", "--error", "1e-8"],
    ["--n", "4096", "--head-dim", "60", "--queries", "4000", "--replicates", "16", "--error", "1e-300"],
    ["--n", "1000", "--head-dim", "30", "--queries", "2000", "--replicates", "300", "--error", "1e-8"],
    ["--n", "40", "--head-dim", "2", *SOFTMAX, "--replicates", "20"],
]


@pytest.mark.parametrize("args", EXTREME, ids=" ".join)
def test_extreme_pages_fit_80_columns_and_keep_the_digits_of_the_mean(args, capsys):
    out = page(capsys, *args)
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "confidence interval, level" in out
    said = document(capsys, *args)
    (line,) = (line for line in out.splitlines() if line.startswith("E[rank]/n "))
    mean, low, high = numbers(line)
    n = said["n_keys"]
    assert mean == pytest.approx(said["expected_rank"]["mean"] / n, rel=6e-4)
    assert low <= said["expected_rank"]["lower"] / n <= said["expected_rank"]["upper"] / n <= high


def histogram(out):
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if "replicates" in line and "share" in line)
    rows = lines[start + 1 :]
    return rows[: rows.index("")]


@pytest.mark.parametrize("sizes", [("64", "8"), ("8", "1"), ("1", "1"), ("3000", "3"), ("300", "100")])
def test_the_histogram_has_every_replicate(sizes, capsys):
    n, d = sizes
    args = ["--n", n, "--head-dim", d, "--replicates", "50"]
    rows = [re.fullmatch(r" *(\d+)(?:-(\d+))?  (.*?) +(\d+) +([\d.]+)%", row) for row in histogram(page(capsys, *args))]
    assert 1 <= len(rows) <= 16
    counts = document(capsys, *args)["counts"]
    found = 0
    for row in rows:
        first, last = int(row[1]), int(row[2] or row[1])
        inside = sum(count for rank, count in counts.items() if first <= int(rank) <= last)
        assert inside == int(row[4])
        assert float(row[5]) == pytest.approx(100 * inside / 50, abs=0.05)
        assert bool(row[3].strip()) is (inside > 0)
        found += inside
    assert found == 50


def lengths(rows):
    """The lengths of the bars, in eighths of a cell."""
    return [sum(8 if c in "█#" else BLOCKS.index(c) for c in row if c in BLOCKS + "#") for row in rows]


def test_bars_are_blocks_where_the_encoding_has_them_and_ascii_elsewhere():
    pages = {
        encoding: subprocess.run(
            [*COMMAND, *FEW], env=os.environ | {"PYTHONIOENCODING": encoding}, check=True, capture_output=True
        ).stdout.decode(encoding)
        for encoding in ("utf-8", "ascii", "latin-1")
    }
    assert pages["latin-1"] == pages["ascii"]
    assert "█" in pages["utf-8"]
    assert pages["ascii"].isascii()
    fine, coarse = lengths(histogram(pages["utf-8"])), lengths(histogram(pages["ascii"]))
    assert len(fine) == len(coarse)
    assert all(abs(a - b) <= 8 for a, b in zip(fine, coarse, strict=True))
    assert fine != coarse


def test_colour_is_for_terminals_and_for_those_who_want_it(monkeypatch, capsys):
    module = sys.modules["rankbound.cli.simulate"]  # the command has the module's name
    monkeypatch.setattr(module, "is_terminal", lambda stream: stream is sys.stdout)
    for settings, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
        with mock.patch.dict(os.environ, {"TERM": "xterm"} | settings):
            if "NO_COLOR" not in settings:
                os.environ.pop("NO_COLOR", None)
            out = page(capsys, "--n", "2", "--head-dim", "1", "--replicates", "9")
        assert ("\x1b" in out) is coloured


def test_softmax_is_that_of_the_library(capsys):
    args = ["--n", "16", "--head-dim", "4", "--replicates", "200", "--seed", "3", *SOFTMAX]
    said = document(capsys, *args)
    drawn = montecarlo.softmax_numerical_ranks(16, 4, 200, rng=3, temperature=0.01, tolerance=0.1)
    assert (said["temperature"], said["tolerance"]) == (0.01, 0.1)
    assert said["expected_rank"]["mean"] == drawn.ranks.mean()
    assert said["spectrum"] == {
        "smallest_gap": drawn.gaps.min(),
        "ambiguous": drawn.ambiguous.sum(),
        "hardmax_mean": drawn.hardmax_ranks.mean(),
        "equal_to_hardmax": (drawn.ranks == drawn.hardmax_ranks).sum(),
        "certified_equal": drawn.certified.sum(),
    }
    out = page(capsys, *args)
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "random softmax attention" in out
    assert "singular values above 0.1 of the largest, at temperature 0.01" in out


def test_an_infinite_gap_is_null(capsys):
    args = ["--n", "4", "--head-dim", "8", "--replicates", "3", "--temperature", "1", "--tolerance", "1e-9"]
    assert document(capsys, *args)["spectrum"]["smallest_gap"] is None


# What cannot be done.

WRONG = [
    (["--n", "8"], "--head-dim"),
    (["--head-dim", "8"], "--n"),
    (["--n", "0", "--head-dim", "2"], "--n = '0'"),
    (["--n", "8", "--head-dim", "x"], "--head-dim = 'x'"),
    (["--n", "8", "--head-dim", "2", "--queries", "0"], "--queries = '0'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "0"], "--replicates = '0'"),
    (["--n", "8", "--head-dim", "2", "--half-width", "0"], "--half-width = '0'"),
    (["--n", "8", "--head-dim", "2", "--half-width", "nan"], "--half-width = 'nan'"),
    (
        ["--n", "8", "--head-dim", "2", "--half-width", "0.1", "--replicates", "5"],
        "one of --replicates and --half-width",
    ),
    (["--n", "8", "--head-dim", "2", "--half-width", "1e-9"], "this needs about"),
    (["--n", "8", "--head-dim", "2", "--error", "1"], "--error = '1'"),
    (["--n", "8", "--head-dim", "2", "--workers", "0"], "--workers = '0'"),
    (["--n", "8", "--head-dim", "2", "--seed", "-1"], "--seed = '-1'"),
    (["--n", "8", "--head-dim", "2", "--budget", "inf"], "--budget = 'inf'"),
    (["--n", "8", "--head-dim", "2", "--format", "markdown"], "markdown"),
    (["--n", "1000000000", "--head-dim", "64"], "at most 512 MiB"),
    (["--n", "8192", "--head-dim", "256", "--replicates", "1000000000"], "give at most"),
    (["--n", "8", "--head-dim", "2", "--temperature", "1"], "--temperature and --tolerance together"),
    (["--n", "8", "--head-dim", "2", "--tolerance", "0.1"], "--temperature and --tolerance together"),
    (["--n", "8", "--head-dim", "2", "--temperature", "0", "--tolerance", "0.1"], "--temperature = '0'"),
    (["--n", "8", "--head-dim", "2", "--temperature", "1", "--tolerance", "1e-17"], "float64 can resolve"),
    (["--n", "8", "--head-dim", "2", *SOFTMAX, "--half-width", "0.1"], "give --replicates instead"),
    (["--n", "20000", "--head-dim", "2", *SOFTMAX], "at most 512 MiB"),
    (["--n", "3000", "--head-dim", "2", *SOFTMAX], "ask for --replicates 16"),
]


@pytest.mark.parametrize(("args", "named"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err


def test_a_target_that_was_not_reached_is_undecided(monkeypatch, capsys):
    monkeypatch.setattr("montecarlo.estimation.horizon_for", lambda *target: 2)
    args = ["--n", "16", "--head-dim", "4", "--half-width", "0.01"]
    assert call(*args) == ExitCode.UNDECIDED
    captured = capsys.readouterr()
    assert "which is not within the 0.01 asked for" in captured.out
    assert captured.err == "rankbound: the half-width asked for was not reached; ask for a wider one\n"
    assert document(capsys, *args, code=ExitCode.UNDECIDED)["reached"] is False


# How it ends.


def test_a_closed_pipe_is_quiet():
    shell = f"set -o pipefail; {' '.join(COMMAND)} --n 8 --head-dim 2 --replicates 50 | true"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (ExitCode.AS_EXPECTED, "")


def test_ctrl_c_prints_the_estimate_so_far(monkeypatch, capsys):
    so_far = montecarlo.estimate_rank(64, 8, replicates=40)

    def interrupted(*arguments, **options):
        raise montecarlo.EstimateInterrupted(so_far)

    monkeypatch.setattr(montecarlo, "estimate_rank", interrupted)
    assert call(*FEW) == ExitCode.INTERRUPTED
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1] == "Interrupted after 40 of 300 replicates, so not reproducible."
    assert captured.err == "rankbound: interrupted; the estimate so far is above\n"
    said = document(capsys, *FEW, code=ExitCode.INTERRUPTED)
    assert (said["interrupted"], said["replicates"], said["planned_replicates"]) == (True, 40, 300)
    assert said["expected_rank"]["lower"] == so_far.lower


IN_SMALL_BLOCKS = (
    "import sys; from montecarlo import estimation; estimation.block_replicates = lambda *sizes: 40\n"
    "from rankbound.cli import main; main(sys.argv[1:])"
)


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
@pytest.mark.thorough
def test_ctrl_c_ends_a_long_run():
    replicates = int(1000 / montecarlo.simulation_cost(512, 64))  # nominal seconds
    args = ["simulate", "--n", "512", "--head-dim", "64", "--replicates", str(replicates), "--format", "json"]
    command = [sys.executable, "-c", IN_SMALL_BLOCKS, *args]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(8)  # blocks are there long before that
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert err == "rankbound: interrupted; the estimate so far is above\n"
    said = json.loads(out)
    assert said["interrupted"]
    assert 0 < said["replicates"] < replicates


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_on_a_terminal_progress_shows_rate_interval_and_time_left():
    import pty

    replicates = int(1 / montecarlo.simulation_cost(512, 64))
    args = ["simulate", "--n", "512", "--head-dim", "64", "--replicates", str(replicates), "--format", "json"]
    ours, theirs = pty.openpty()
    settings = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-c", IN_SMALL_BLOCKS, *args]
    shown = b""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=settings) as process:
        os.close(theirs)
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not piece:
                break
            shown += piece
        said = json.loads(process.stdout.read())
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(rf"\d+/{replicates} [\d,]+/s \d\d:\d\d E\[rank\] in \[[\d.]+, [\d.]+\]", text)
    assert said["replicates"] == replicates
