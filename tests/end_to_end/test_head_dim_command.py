"""``rankbound head-dim``: the head dimension that a share of the barrier asks for."""

from __future__ import annotations

import json
from unittest import mock

import pytest

from rankbound import barrier, expected_rank
from rankbound.bounds import cache
from rankbound.cli import run
from rankbound.verify.calculus import ExitCode


def call(*args: str) -> int:
    return run(["head-dim", *args])


def document(capsys, *args):
    assert call(*args, "--format", "json") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out, parse_constant=pytest.fail)


@pytest.mark.parametrize(("n", "fraction", "m"), [(64, 0.9, None), (16, 0.5, 8)])
def test_both_answers_are_certain_and_one_is_larger(n, fraction, m, capsys):
    queries = [] if m is None else ["--queries", str(m)]
    said = document(capsys, "--n", str(n), "--fraction", str(fraction), *queries)
    assert said["schema"] == "rankbound.head-dim/1"
    assert (said["n_keys"], said["n_queries"], said["fraction"]) == (n, m or n, fraction)
    limit = barrier(n, n_queries=m)
    assert said["barrier"] == {"lower": limit.lower, "upper": limit.upper}
    reaches, short = said["reaches"], said["falls_short"]
    value = expected_rank(n, reaches["head_dim"], n_queries=m)
    assert (reaches["lower"], reaches["upper"], reaches["rigour"]) == (value.lower, value.upper, str(value.rigour))
    assert reaches["lower"] >= fraction * limit.upper * (1 - 1e-15)
    assert short["upper"] < fraction * limit.lower * (1 + 1e-15)
    assert short["head_dim"] < reaches["head_dim"]
    assert (said["rule_of_thumb"] is None) == (m is not None)
    if m is None:
        assert said["rule_of_thumb"]["rigour"] == "float"


def test_where_even_the_narrowest_head_reaches_it(capsys):
    said = document(capsys, "--n", "1", "--fraction", "1")
    assert (said["reaches"]["head_dim"], said["falls_short"], said["rule_of_thumb"]) == (1, None, None)
    assert call("--n", "1", "--fraction", "1") == ExitCode.AS_EXPECTED
    assert "No smaller head_dim was found that certainly falls short." in capsys.readouterr().out


def test_the_text_says_what_is_certain_what_is_not_and_what_is_a_rule_of_thumb(capsys):
    said = document(capsys, "--n", "64", "--fraction", "0.9")
    assert call("--n", "64", "--fraction", "0.9") == ExitCode.AS_EXPECTED
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    text = " ".join(out.split())
    assert f"head_dim {said['reaches']['head_dim']} certainly reaches 0.9 of the barrier" in text
    assert f"head_dim {said['falls_short']['head_dim']} certainly falls short" in text
    assert "Nothing is claimed about other head_dims" in text
    assert "Rules of thumb, in plain floats and no bounds" in text
    assert "log^2 n/(e head_dim)" in text


def test_the_same_with_and_without_the_cache(capsys):
    args = ["--n", "2", "--fraction", "0.9"]
    with_it = document(capsys, *args)
    with mock.patch.object(cache, "_place") as place:
        place.side_effect = lambda: pytest.fail("the cache was used") if cache.is_enabled() else None
        assert document(capsys, *args, "--no-cache") == with_it
    assert place.call_count > 0


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--n", "64", "--fraction", "0"], "--fraction = "),
        (["--n", "64", "--fraction", "1.5"], "--fraction = '1.5'"),
        (["--n", "64", "--fraction", "nan"], "--fraction = 'nan'"),
        (["--n", "64", "--fraction", "most"], "--fraction = 'most'"),
        (["--n", "64", "--fraction", "1"], "--fraction = 1.0"),
        (["--n", "64"], "--fraction"),
        (["--n", "0", "--fraction", "0.5"], "--n = '0'"),
        (["--n", "8", "--fraction", "0.5", "--queries", "0"], "--queries = '0'"),
        (["--n", "8", "--fraction", "0.5", "--format", "markdown"], "markdown"),
    ],
)
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
