"""``rankbound bound``: the certified interval from the command line."""

from __future__ import annotations

import json

import pytest

from rankbound import barrier, expected_rank
from rankbound.cli import run
from rankbound.verify.calculus import ExitCode


def call(*args: str) -> int:
    return run(["bound", *args])


@pytest.mark.parametrize(
    ("n", "d", "m"),
    [(512, 64, None), (512, 1, None), (64, 16, 1000), pytest.param(10**15, 128, None, marks=pytest.mark.thorough)],
)
def test_json_says_what_the_library_says(n, d, m, capsys):
    queries = [] if m is None else ["--queries", str(m)]
    assert call("--n", str(n), "--head-dim", str(d), *queries, "--format", "json") == ExitCode.AS_EXPECTED
    document = json.loads(capsys.readouterr().out)
    value = expected_rank(n, d, n_queries=m)
    assert document == {
        "lower": value.lower,
        "upper": value.upper,
        "barrier": barrier(n, n_queries=m).upper,
        "n_keys": n,
        "n_queries": n if m is None else m,
        "head_dim": d,
        "rigour": str(value.rigour),
        "method": value.method,
    }


def test_the_table_shows_both_ends_to_the_last_digit(capsys):
    assert call("--n", "512", "--head-dim", "64") == ExitCode.AS_EXPECTED
    out = capsys.readouterr().out
    value = expected_rank(512, 64)
    assert repr(value.lower) in out
    assert repr(value.upper) in out
    assert "enclosed" in out


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--n", "0", "--head-dim", "1"], "--n = '0'"),
        (["--n", "8", "--head-dim", "0"], "--head-dim = '0'"),
        (["--n", "8", "--head-dim", "64.0"], "--head-dim = '64.0'"),
        (["--n", "8", "--head-dim", "4", "--queries", "-1"], "--queries = '-1'"),
        (["--n", "8"], "--head-dim"),
        (["--n", "8", "--head-dim", "4", "--format", "markdown"], "markdown"),
    ],
)
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
