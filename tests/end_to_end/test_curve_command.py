"""``rankbound curve``: the saturation curve as a table, a document and a picture."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

from rankbound import barrier, default_head_dims, expected_rank
from rankbound.bounds import cache, combination
from rankbound.cli import run
from rankbound.verify.calculus import ExitCode

COMMAND = [sys.executable, "-m", "rankbound", "curve"]
FEW = ["--n", "64", "--head-dim", "4", "--head-dim", "64", "--head-dim", "16"]
PICTURED = [FEW, ["--n", "64", "--head-dim", "16", "--queries", "9"], ["--n", "2"]]
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch):
    """Use the cache even while somebody edits the sources."""
    monkeypatch.setattr(cache, "_sources_now", lambda: cache._SOURCES_AT_START)


def call(*args: str) -> int:
    return run(["curve", *args])


def document(capsys, *args):
    assert call(*args, "--format", "json") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out, parse_constant=pytest.fail)


@pytest.mark.parametrize("m", [None, 100])
def test_json_says_what_the_library_says(m, capsys):
    queries = [] if m is None else ["--queries", str(m)]
    said = document(capsys, *FEW, *queries)
    limit = barrier(64, n_queries=m)
    assert said["schema"] == "rankbound.curve/1"
    assert (said["n_keys"], said["n_queries"]) == (64, m or 64)
    assert said["barrier"] == {"lower": limit.lower, "upper": limit.upper}
    assert [point["head_dim"] for point in said["points"]] == [4, 16, 64]
    for point in said["points"]:
        value = expected_rank(64, point.pop("head_dim"), n_queries=m)
        assert point == {
            "lower": value.lower,
            "upper": value.upper,
            "rigour": str(value.rigour),
            "method": value.method,
        }


def test_without_head_dims_it_takes_the_default_ones(capsys):
    said = document(capsys, "--n", "2")
    assert tuple(point["head_dim"] for point in said["points"]) == default_head_dims(2)
    assert {point["rigour"] for point in said["points"]} == {"exact"}


def test_the_table_is_rounded_outward_and_fits_80_columns(capsys):
    assert call(*FEW, "--experiment", "20") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    out = captured.out
    assert captured.err == ""
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    (row,) = (line for line in out.splitlines() if line.strip().startswith("16 "))
    low, high, least, most = (float(cell.strip("[],")) for cell in row.split()[1:5])
    value, limit = expected_rank(64, 16), barrier(64)
    assert low <= value.lower / 64 < value.upper / 64 <= high < low + value.width / 64 + 2.1e-4
    assert least <= 100 * value.lower / limit.upper < 100 * value.upper / limit.lower <= most
    assert "20 replicates per head_dim, seed 0" in out
    assert "nothing is claimed about other head_dims" in " ".join(out.split())


def test_the_experiment_is_that_of_the_library_and_agrees(capsys):
    import montecarlo

    said = document(capsys, *FEW, "--experiment", "50", "--seed", "7")
    for point in said["points"]:
        estimate = montecarlo.estimate_rank(64, point["head_dim"], replicates=50, rng=7, error=1e-3 / 3)
        found = point["experiment"]
        assert found == {
            "mean": estimate.mean,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "replicates": 50,
            "error": 1e-3 / 3,
            "seed": 7,
        }
        # Two witnesses of one number: false alarms at most 1e-3, in the seed.
        assert found["lower"] <= point["upper"]
        assert point["lower"] <= found["upper"]


def test_what_is_too_large_for_an_experiment_is_named(capsys):
    args = ["--n", "1000000000", "--head-dim", "1", "--head-dim", "4", "--experiment", "3"]
    said = document(capsys, *args)
    assert "experiment" in said["points"][0]
    assert said["points"][1]["skipped"] == "one replicate needs more than 512 MiB"
    call("--n", "4096", "--head-dim", "3", "--experiment", "1000000000")
    assert "Not simulated at head_dim 3: 1000000000 replicates would take more than" in capsys.readouterr().out


def test_the_same_with_and_without_the_cache(capsys):
    with_it = document(capsys, *FEW)
    with mock.patch.object(cache, "_place", side_effect=AssertionError("the cache was used")) as place:
        place.side_effect = lambda: pytest.fail("the cache was used") if cache.is_enabled() else None
        assert document(capsys, *FEW, "--no-cache") == with_it
    assert place.call_count == 6
    assert cache.is_enabled()


def test_a_second_run_computes_nothing(capsys):
    first = document(capsys, *FEW)
    with mock.patch.object(combination, "combine", side_effect=AssertionError("computed again")):
        assert document(capsys, *FEW) == first


@pytest.mark.parametrize("kind", list(MAGIC))
@pytest.mark.parametrize("args", PICTURED, ids=["few", "one", "exact"])
def test_pictures_are_of_their_kind_and_the_same_every_time(kind, args, tmp_path, capsys):
    files = [tmp_path / f"a.{kind}", tmp_path / f"b.{kind.upper()}"]
    for file in files:
        assert call(*args, "--experiment", "5", "--plot", str(file)) == ExitCode.AS_EXPECTED
    assert capsys.readouterr().err == ""
    first, second = (file.read_bytes() for file in files)
    assert first.startswith(MAGIC[kind])
    assert first == second
    assert len(list(tmp_path.iterdir())) == 2


def test_pictures_are_the_same_in_another_process_and_with_other_preferences(tmp_path):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 30\nsvg.hashsalt: other\n")
    pictures = []
    for settings in ({}, {"MATPLOTLIBRC": str(tmp_path), "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1"}):
        file = tmp_path / "curve.svg"
        subprocess.run(
            [*COMMAND, *FEW, "--plot", str(file)], env=os.environ | settings, check=True, capture_output=True
        )
        pictures.append(file.read_bytes())
    assert pictures[0] == pictures[1]


def test_a_picture_has_more_points_than_a_table(tmp_path, capsys):
    args = ["--n", "2", "--plot", str(tmp_path / "c.svg")]
    said = document(capsys, *args)
    dims = [point["head_dim"] for point in said["points"]]
    assert set(default_head_dims(2)) < set(dims)
    assert 24 <= len(dims) <= 32


def test_when_the_picture_fails_nothing_is_left_behind(tmp_path, capsys):
    target = tmp_path / "curve.png"
    target.write_text("an earlier picture")
    call(*FEW)
    capsys.readouterr()
    with mock.patch("pathlib.Path.replace", side_effect=OSError(28, "No space left on device")):
        assert call(*FEW, "--plot", str(target)) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "no space left on device" in captured.err
    assert target.read_text() == "an earlier picture"
    assert [p.name for p in tmp_path.iterdir()] == ["curve.png"]


WRONG = [
    (["--n", "8", "--plot", "curve.jpg"], "--plot = 'curve.jpg': expected a file name that ends in .svg, .png or .pdf"),
    (["--n", "8", "--plot", "curve"], ".svg, .png or .pdf"),
    (["--n", "8", "--plot", ""], ".svg, .png or .pdf"),
    (["--n", "8", "--plot", "/nowhere/at/all.svg"], "--plot = '/nowhere/at/all.svg'"),
    (["--n", "0"], "--n = '0'"),
    (["--n", "8", "--head-dim", "0"], "--head-dim = '0'"),
    (["--n", "8", "--queries", "1.5"], "--queries = '1.5'"),
    (["--n", "8", "--experiment", "0"], "--experiment = '0'"),
    (["--n", "8", "--seed", "-1"], "--seed = '-1'"),
    (["--n", "8", "--format", "markdown"], "markdown"),
    ([], "--n"),
]


@pytest.mark.parametrize(("args", "named"), WRONG, ids=[" ".join(a)[:30] or "nothing" for a, _ in WRONG])
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err


def test_colour_is_for_terminals_and_for_those_who_want_it(monkeypatch, capsys):
    module = sys.modules["rankbound.cli.curve"]  # the command has the module's name
    monkeypatch.setattr(module, "is_terminal", lambda stream: stream is sys.stdout)
    for settings, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
        with mock.patch.dict(os.environ, {"TERM": "xterm"} | settings):
            if "NO_COLOR" not in settings:
                os.environ.pop("NO_COLOR", None)
            call("--n", "2", "--head-dim", "1")
        assert ("\x1b" in capsys.readouterr().out) is coloured


def test_a_closed_pipe_is_quiet():
    shell = f"set -o pipefail; {' '.join(COMMAND)} --n 2 --format json | true"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (ExitCode.AS_EXPECTED, "")


def test_ctrl_c_ends_at_once_and_leaves_the_earlier_picture(tmp_path):
    target = tmp_path / "curve.svg"
    target.write_text("an earlier picture")
    args = ["--n", "4096", "--experiment", "100", "--no-cache", "--plot", str(target)]
    process = subprocess.Popen([*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert out == ""
    assert "Traceback" not in err
    assert [p.read_text() for p in Path(tmp_path).iterdir()] == ["an earlier picture"]
