"""``rankbound sweep``: a grid into a store, what is in it as a table, a document, a sheet and a picture."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

import montecarlo
from rankbound import expected_rank
from rankbound.bounds import cache
from rankbound.cli import run
from rankbound.cli.sweep_report import COLUMNS
from rankbound.verify.calculus import ExitCode

COMMAND = [sys.executable, "-m", "rankbound", "sweep"]
GRID = ["--n", "8,32", "--head-dim", "1:4:log"]
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch):
    """Use the cache even while somebody edits the sources; and let blocks be small."""
    monkeypatch.setattr(cache, "_sources_now", lambda: cache._SOURCES_AT_START)
    monkeypatch.setattr("montecarlo.campaign.block_replicates", lambda n_keys, head_dim, n_queries: 200)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return "runs.sqlite"


def call(*args: str) -> int:
    return run(["sweep", *args])


def document(capsys, *args):
    assert call(*args, "--format", "json") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out, parse_constant=pytest.fail)


def test_json_says_what_the_library_says(store, capsys):
    said = document(capsys, "--store", store, *GRID, "--half-width", "0.02", "--seed", "3")
    assert said["schema"] == "rankbound.sweep/1"
    assert [(c["n_keys"], c["head_dim"]) for c in said["cells"]] == [(n, d) for n in (8, 32) for d in (1, 2, 4)]
    library = montecarlo.run_campaign((8, 32), (1, 2, 4), store="other.sqlite", half_width=0.02, rng=3)
    for found, cell in zip(said["cells"], library, strict=True):
        estimate = cell.estimate
        assert tuple(found) == COLUMNS
        assert found["half_width"] == cell.attained_half_width <= 0.02
        for name in ("n_keys", "n_queries", "head_dim", "replicates", "mean", "lower", "upper", "error", "variance"):
            assert found[name] == getattr(estimate, name)
        assert [found[f"quantile_{p:02}"] for p in (1, 5, 25, 50, 75, 95, 99)] == list(estimate.quantiles.values())
        assert (found["target_half_width"], found["reached"], found["seed"]) == (0.02, True, 3)
        assert (found["horizon"], found["block"]) == (estimate.horizon, 200)
        assert (found["streams"], found["rankbound"]) == (montecarlo.STREAMS, [__import__("rankbound").__version__])
        assert found["certified_lower"] is found["certified_upper"] is found["certified_rigour"] is None


def test_without_a_grid_it_shows_and_exports_what_is_there(store, capsys):
    drawn = document(capsys, "--store", store, *GRID, "--replicates", "300", "--queries", "5")
    assert [(c["n_queries"], c["replicates"]) for c in drawn["cells"]] == [(5, 300)] * 6
    assert [c["reached"] for c in drawn["cells"]] == [None] * 6
    before = Path(store).stat().st_mtime_ns
    assert document(capsys, "--store", store) == drawn
    assert call("--store", store, "--export", "x.CSV") == ExitCode.AS_EXPECTED
    table = capsys.readouterr().out
    assert call("--store", store, "--export", "x.json", "--format", "csv") == ExitCode.AS_EXPECTED
    sheet = capsys.readouterr().out
    assert Path(store).stat().st_mtime_ns == before
    assert json.loads(Path("x.json").read_bytes()) == drawn
    assert Path("x.CSV").read_bytes() == sheet.encode()
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) == 6
    for row, cell in zip(rows, drawn["cells"], strict=True):
        for name, value in cell.items():
            if name == "rankbound":
                assert row[name] == " ".join(value)
            elif value is None:
                assert row[name] == ""
            else:
                assert type(value)(row[name]) == value  # floats too, to the last bit
    assert "queries" in table


def test_the_same_command_again_draws_nothing(store, capsys):
    args = ["--store", store, *GRID, "--half-width", "0.03"]
    first = document(capsys, *args)
    with mock.patch("montecarlo.drawing.draw_block", side_effect=AssertionError("drawn again")):
        assert document(capsys, *args) == first
        assert document(capsys, *args, "--workers", "1") == first


def test_the_table_is_rounded_outward_and_fits_80_columns(store, capsys):
    assert call("--store", store, *GRID, "--half-width", "0.02", "--certified") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "\x1b" not in captured.out
    assert max(len(line) for line in captured.out.splitlines()) <= 80
    cells = {(c.estimate.n_keys, c.estimate.head_dim): c.estimate for c in montecarlo.read_campaign(store)}
    rows = [line.split() for line in captured.out.splitlines() if line.split() and line.split()[0] in ("8", "32")]
    assert len(rows) == len(cells) == 6
    for n, d, replicates, mean, *ends in rows:
        estimate, value = cells[int(n), int(d)], expected_rank(int(n), int(d))
        low, high, least, most = (float(end.strip("[],")) for end in ends)
        n = int(n)
        assert int(replicates) == estimate.replicates
        assert abs(float(mean) - estimate.mean / n) <= 5e-5
        assert low <= estimate.lower / n <= low + 1e-4
        assert high - 1e-4 <= estimate.upper / n <= high
        assert least <= value.lower / n <= value.upper / n <= most
        # Two witnesses of one number: false alarms at most 6e-3, in the seed.
        assert low <= most
        assert least <= high
    text = " ".join(captured.out.split())
    assert "fails to hold with probability at most 0.001" in text
    assert "any of the 6 with at most 0.006" in text
    assert "the experiment agrees with every one of them" in text


def test_a_disagreement_of_two_witnesses_is_said(store, capsys):
    call("--store", store, "--n", "8", "--head-dim", "1,2", "--replicates", "2000")
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE cells SET head_dim = 7 WHERE head_dim = 1")  # ranks of narrow heads as wide ones'
    capsys.readouterr()
    assert call("--store", store, "--certified") == ExitCode.AS_EXPECTED
    text = " ".join(capsys.readouterr().out.split())
    assert "The experiment and the certified interval exclude each other at (n 8, head_dim 7)." in text
    certified = document(capsys, "--store", store, "--certified")["cells"]
    assert certified[0]["certified_lower"] == expected_rank(8, 2).lower
    assert certified[1]["certified_rigour"] == str(expected_rank(8, 7).rigour)


def test_a_target_that_is_never_reached_is_undecided(store, capsys):
    """The sequence excluded every value: an event of probability at most ``error``, so it is planted."""
    import numpy as np

    def drifting(n_keys, head_dim, replicates, *, first_replicate=0, **options):
        places = np.arange(first_replicate, first_replicate + replicates)
        return np.where(places < 200, 2 + places % 2, 5).astype(np.int64)

    with mock.patch("montecarlo.drawing.sample_ranks", drifting):
        args = ["--store", store, "--n", "6", "--head-dim", "2", "--half-width", "0.02"]
        assert call(*args) == ExitCode.UNDECIDED
        captured = capsys.readouterr()
        assert "Not reached at (n 6, head_dim 2)" in captured.out
        assert call(*args, "--format", "json") == ExitCode.UNDECIDED
        assert json.loads(capsys.readouterr().out)["cells"][0]["reached"] is False


@pytest.mark.parametrize("kind", list(MAGIC))
def test_pictures_are_of_their_kind_and_the_same_every_time(kind, store, tmp_path, capsys):
    call("--store", store, *GRID, "--replicates", "300")
    call("--store", store, "--n", "1", "--head-dim", "1", "--replicates", "300", "--queries", "2")
    for name in (f"a.{kind}", f"b.{kind}"):
        assert call("--store", store, "--plot", name) == ExitCode.AS_EXPECTED
    assert capsys.readouterr().err == ""
    first, second = ((tmp_path / f"{name}.{kind}").read_bytes() for name in "ab")
    assert first.startswith(MAGIC[kind])
    assert first == second


def test_an_empty_store_is_shown_as_one(store, capsys):
    with closing(sqlite3.connect(store)):
        pass
    from montecarlo.store import writing

    with writing(store, seed=None, error=None):
        pass
    assert document(capsys, "--store", store) == {"schema": "rankbound.sweep/1", "cells": []}
    assert call("--store", store) == ExitCode.AS_EXPECTED
    assert "Nothing has been drawn yet." in capsys.readouterr().out
    assert call("--store", store, "--plot", "x.svg") == ExitCode.USAGE
    assert "draw something first" in capsys.readouterr().err


def test_stores_of_other_seeds_and_streams_are_shown_and_said_to_be(store, capsys):
    call("--store", store, "--n", "8", "--head-dim", "2", "--replicates", "5", "--seed", "4")
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE origin SET streams = 1")
    capsys.readouterr()
    assert call("--store", store, "--seed", "9") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert "seed 4" in captured.out
    assert captured.err.splitlines() == [
        f"note: {store} has seed 4, not 9",
        f"note: {store} has ranks of random streams 1; this version draws {montecarlo.STREAMS}",
    ]


WRONG = [
    (["--n", "8", "--head-dim", "2"], "one of --half-width and --replicates, not neither"),
    (["--n", "8", "--head-dim", "2", "--replicates", "5", "--half-width", "0.1"], "not --half-width and --replicates"),
    (["--n", "8", "--replicates", "5"], "--n and --head-dim together"),
    (["--head-dim", "8", "--replicates", "5"], "--n and --head-dim together"),
    (["--half-width", "0.1"], "--half-width is for drawing"),
    (["--workers", "2"], "--workers is for drawing"),
    (["--queries", "2"], "--queries is for drawing"),
    (["--n", "0", "--head-dim", "2"], "--n = '0'"),
    (["--n", "", "--head-dim", "2"], "--n = ''"),
    (["--n", "8,", "--head-dim", "2"], "--n = '8,'"),
    (["--n", "8 9", "--head-dim", "2"], "--n = '8 9'"),
    (["--n", "1:8", "--head-dim", "2"], "ranges first:last:log or first:last:step"),
    (["--n", "8:1:log", "--head-dim", "2"], "--n = '8:1:log'"),
    (["--n", "1:8:0", "--head-dim", "2"], "--n = '1:8:0'"),
    (["--n", "1:8:lin", "--head-dim", "2"], "--n = '1:8:lin'"),
    (["--n", "1:8:log:2", "--head-dim", "2"], "--n = '1:8:log:2'"),
    (["--n", "1:1000000000000:1", "--head-dim", "2"], "at most 10000 numbers"),
    (["--n", "1:500:1", "--head-dim", "1:500:1", "--replicates", "1"], "1 to 10000 settings"),
    (["--n", "1000000000", "--head-dim", "64", "--replicates", "1"], "a replicate of at most 8 GiB"),
    (["--n", "8", "--head-dim", "2", "--half-width", "0"], "--half-width = '0'"),
    (["--n", "8", "--head-dim", "2", "--half-width", "nan"], "--half-width = 'nan'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "0"], "--replicates = '0'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "1", "--error", "0"], "--error = '0'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "1", "--workers", "0"], "--workers = '0'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "1", "--dask", "cluster"], "--dask = 'cluster'"),
    (["--n", "8", "--head-dim", "2", "--replicates", "1", "--dask", "tcp://x:1", "--workers", "2"], "leave it out"),
    (["--export", "x.txt"], "--export = 'x.txt': expected a file name that ends in .csv or .json"),
    (["--plot", "x.txt"], "--plot = 'x.txt'"),
    (["--export", "/no/such/folder/x.csv"], "--export = '/no/such/folder/x.csv'"),
    (["--store", "/no/such/folder/x.sqlite", "--n", "8", "--head-dim", "2", "--replicates", "1"], "there is no folder"),
    ([], "there is no store"),
]


@pytest.mark.parametrize(("args", "named"), WRONG, ids=[" ".join(a)[:40] or "nothing" for a, _ in WRONG])
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, store, tmp_path, capsys):
    assert call("--store", store, *args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("1:1024:log", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]),
        ("3:20:log", [3, 4, 8, 16, 20]),
        ("5:5:log", [5]),
        ("10:30:10", [10, 20, 30]),
        ("10:35:10", [10, 20, 30]),
        ("64,8,64,1:3:1", [1, 2, 3, 8, 64]),
    ],
)
def test_lists_and_ranges(written, numbers, store, capsys):
    with mock.patch("montecarlo.run_campaign", return_value=()) as asked:
        call("--store", store, "--n", "9", "--n", "7,9", "--head-dim", written, "--replicates", "1")
    assert asked.call_args.args == ((7, 9), tuple(numbers))


def test_without_the_extra_it_says_what_to_install(store, capsys):
    with mock.patch.dict(sys.modules, {"distributed": None}):
        args = ["--n", "8", "--head-dim", "2", "--replicates", "1", "--dask", "local"]
        assert call("--store", store, *args) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert 'pip install "rankbound[dask]"' in err


def test_a_scheduler_that_is_not_there_is_named(store, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("rankbound.cli.dask_workers._PATIENCE", 1)
    args = ["--n", "8", "--head-dim", "2", "--replicates", "1", "--dask", "tcp://127.0.0.1:9"]
    assert call("--store", store, *args) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "--dask = 'tcp://127.0.0.1:9': expected the address of a running scheduler" in err


def test_colour_is_for_terminals_and_for_those_who_want_it(store, monkeypatch, capsys):
    call("--store", store, "--n", "8", "--head-dim", "2", "--replicates", "5")
    capsys.readouterr()
    monkeypatch.setattr("rankbound.cli.sweep_report.is_terminal", lambda stream: stream is sys.stdout)
    for settings, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
        with mock.patch.dict(os.environ, {"TERM": "xterm"} | settings):
            if "NO_COLOR" not in settings:
                os.environ.pop("NO_COLOR", None)
            call("--store", store)
        assert ("\x1b" in capsys.readouterr().out) is coloured


def test_progress_is_for_terminals(store, monkeypatch, capsys):
    pytest.importorskip("rich")
    said = []
    monkeypatch.setattr("rankbound.cli.sweep_progress.is_terminal", lambda stream: True)
    with mock.patch("rich.progress.Progress.update", side_effect=lambda task, **what: said.append(what)):
        call("--store", store, *GRID, "--half-width", "0.03")
    lines = [what["description"] for what in said]
    assert len(lines) > 6
    assert [what["completed"] for what in said][-1] == 1.0
    assert lines[-1].startswith("6/6, 0 s left, ")
    assert all("/s; n " in line and "(target 0.03)" in line for line in lines)


def test_a_closed_pipe_is_quiet(store, capsys):
    call("--store", store, "--n", "8", "--head-dim", "2", "--replicates", "5")
    shell = f"set -o pipefail; {' '.join(COMMAND)} --store {store} --format json | true"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (ExitCode.AS_EXPECTED, "")


def test_help_says_what_the_level_means(capsys):
    assert call("--help") == ExitCode.AS_EXPECTED
    text = " ".join(capsys.readouterr().out.split())
    assert "any of K fails is at most K times as likely" in text
