"""``rankbound represent``: from files to weights, and back."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy.special import softmax

from rankbound import min_head_dim, represent
from rankbound.cli import run
from rankbound.verify.calculus import ExitCode

RNG = np.random.default_rng(11)
P = softmax(RNG.standard_normal((6, 6)), axis=0)
X = RNG.standard_normal((8, 6))


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("P.npy", P)
    np.save("X.npy", X)


def call(*args: str) -> int:
    return run(["represent", *args])


@pytest.mark.parametrize("head_dim", [1, 4, 5, 9])
def test_json_says_what_the_library_says(head_dim, capsys):
    assert call("P.npy", "--inputs", "X.npy", "--head-dim", str(head_dim), "--format", "json") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.err == ""
    said = json.loads(captured.out, parse_constant=pytest.fail)
    found, least = represent(P, X, head_dim), min_head_dim(P)
    assert said["schema"] == "rankbound.represent/1"
    assert said["exact"] is found.exact is (head_dim >= 5)
    for name in ("n", "embed_dim", "head_dim", "convention", "condition"):
        assert said[name] == pytest.approx(getattr(found, name)) or said[name] == getattr(found, name)
    for name in ("log_error", "eckart_young", "matrix_error", "matrix_bound"):
        assert said[name] == pytest.approx(getattr(found, name), abs=1e-12)
    assert said["singular_values"] == pytest.approx(found.singular_values.tolist())
    assert said["rigour"] == "float"
    assert said["min_head_dim"]["value"] == least.value == 5
    assert (said["min_head_dim"]["lower"], said["min_head_dim"]["upper"]) == (5, 5)
    assert said["min_head_dim"]["rigour"] == "exact"
    assert said["min_head_dim"]["gap"] is None


def test_the_weights_in_the_file_give_the_attention(capsys):
    args = ("--inputs", "X.npy", "--head-dim", "3", "--output", "W.npz")
    assert call("P.npy", *args) == ExitCode.AS_EXPECTED
    with np.load("W.npz", allow_pickle=False) as kept:
        W_q, W_k, P_hat = kept["W_q"], kept["W_k"], kept["P_hat"]
        assert not kept["exact"]
        assert kept["matrix_error"] == pytest.approx(np.linalg.norm(P_hat - P))
    assert W_q.shape == W_k.shape == (3, 8)
    assert softmax((W_k @ X).T @ (W_q @ X) / math.sqrt(3), axis=0) == pytest.approx(P_hat, abs=1e-13)
    # a file of the command is one for the command
    assert call("W.npz::P_hat", "--head-dim", "3", "--format", "json") == ExitCode.AS_EXPECTED
    assert '"exact": true' in capsys.readouterr().out


def test_rows(capsys):
    np.save("rows.npy", P.T)
    np.save("tokens.npy", X.T)
    args = ("--inputs", "tokens.npy", "--head-dim", "2", "--convention", "rows", "--format", "json")
    assert call("rows.npy", *args) == ExitCode.AS_EXPECTED
    said = json.loads(capsys.readouterr().out)
    assert said["log_error"] == pytest.approx(represent(P, X, 2).log_error)
    assert said["convention"] == "rows"


@pytest.mark.parametrize(("head_dim", "reached"), [(5, "P is reached"), (2, "P is not reached")])
def test_the_table_and_markdown(head_dim, reached, capsys):
    assert call("P.npy", "--head-dim", str(head_dim)) == ExitCode.AS_EXPECTED
    table = capsys.readouterr().out
    found = represent(P, None, head_dim)
    assert f"n 6, embed_dim 6, head_dim {head_dim}: {reached} (columns sum to 1)" in table
    assert f"{found.eckart_young:.6g}" in table
    assert "5 (exact)" in table
    assert "float" in table
    assert call("P.npy", "--head-dim", str(head_dim), "--format", "markdown") == ExitCode.AS_EXPECTED
    markdown = capsys.readouterr().out
    assert reached in markdown
    cells = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in cells} == {3}


def test_an_undecided_rank_says_what_is_proved(capsys):
    np.savetxt("low.csv", softmax(RNG.standard_normal((6, 2)) @ RNG.standard_normal((2, 6)), axis=0), delimiter=",")
    assert call("low.csv", "--head-dim", "2") == ExitCode.AS_EXPECTED
    out = capsys.readouterr().out
    assert "P is reached" in out
    assert "2 (float; proved: rank 2 to 5; gap " in out


def test_counts_from_a_text_file(capsys):
    np.save("counts.npy", np.array([[2, 1, 1], [1, 2, 1], [1, 1, 1]]))
    assert call("counts.npy", "--head-dim", "2") == ExitCode.AS_EXPECTED
    assert "2 (exact)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["P.npy", "--head-dim", "0"], "--head-dim = '0'"),
        (["P.npy", "--head-dim", "1000000000"], "error: --head-dim = 1000000000"),
        (["P.npy"], "--head-dim"),
        (["none.npy", "--head-dim", "2"], "P = 'none.npy': expected a file that can be read"),
        (["P.pickle", "--head-dim", "2"], "P = 'P.pickle'"),
        (["P.npy", "--head-dim", "2", "--inputs", "none.npy"], "--inputs = 'none.npy'"),
        (["X.npy", "--head-dim", "2"], "P = 'float64 of shape (8, 6)'"),
        (["P.npy", "--head-dim", "2", "--convention", "rows"], 'pass convention="columns"'),
        (["P.npy", "--head-dim", "2", "--inputs", "P.npy", "--convention", "diagonal"], "diagonal"),
        (
            ["P.npy", "--head-dim", "2", "--output", "W.npy"],
            "--output = 'W.npy': expected a file name that ends in .npz",
        ),
        (["P.npy", "--head-dim", "2", "--output", "no/such/W.npz"], "--output = 'no/such/W.npz'"),
        (["P.npy", "--head-dim", "2", "--format", "csv"], "csv"),
    ],
)
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err
