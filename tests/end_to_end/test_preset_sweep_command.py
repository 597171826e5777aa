"""``rankbound sweep --preset``: tables, documents and pictures of a published model with one thing varied."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

import montecarlo
from rankbound import preset
from rankbound.cli import run
from rankbound.cli.preset_sweep import affordable, settings_for
from rankbound.inputs import INPUT_LAWS
from rankbound.verify.calculus import ExitCode

SMALL = ["--preset", "gpt2", "--scale", "0.05", "--replicates", "6"]


def call(*args):
    return run(["sweep", *map(str, args)])


def document(capsys, *args):
    assert call(*args, "--format", "json") == ExitCode.AS_EXPECTED
    return json.loads(capsys.readouterr().out)


def test_json_says_what_the_library_says(capsys):
    said = document(capsys, *SMALL, "--vary", "head-dim", "--head-dim", "2,8", "--heads", "2", "--seed", "4")
    assert said["schema"] == "rankbound.preset-sweep/1"
    for point, head_dim in zip(said["points"], (2, 8), strict=True):
        setting = preset("gpt2", scale=0.05, n_heads=2, head_dim=head_dim)
        assert point["setting"] == setting.to_dict()
        found = montecarlo.sample_variant_ranks(setting, 6, rng=4)
        assert point["mean"] == pytest.approx(found.per_head.mean(), rel=1e-12)
        assert point["lower"] <= point["mean"] <= point["upper"]
        assert point["of_sum"] == found.of_sum.mean()
        assert point["of_concatenation"] == found.of_concatenation.mean()


@pytest.mark.parametrize(
    ("vary", "options", "values"),
    [
        ("head-dim", [], ["2", "4", "8", "12"]),
        ("n", [], ["16", "32", "51"]),
        ("n", ["--n", "3,5"], ["3", "5"]),
        ("heads", ["--n", "20"], ["1", "2", "4", "8", "12"]),
        ("inputs", ["--n", "20"], [law for law in INPUT_LAWS if law != "array"]),
    ],
)
def test_everything_can_be_varied(vary, options, values, capsys):
    assert call(*SMALL, "--vary", vary, *options, "--format", "csv") == ExitCode.AS_EXPECTED
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["value"] for row in rows] == values
    assert all(1.0 <= float(row["mean"]) <= int(row["n_keys"]) for row in rows)


@pytest.mark.parametrize(("vary", "kind"), [("inputs", "svg"), ("n", "png"), ("heads", "pdf")])
def test_pictures_tables_and_files(vary, kind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    args = [*SMALL, "--vary", vary, "--n", "20", "--plot", f"x.{kind}", "--export", "x.csv"]
    assert call(*args) == ExitCode.AS_EXPECTED
    table = capsys.readouterr().out
    assert "gpt2" in table
    assert max(len(line) for line in table.splitlines()) <= 110
    content = (tmp_path / f"x.{kind}").read_bytes()
    assert content.startswith({"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind])
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").startswith("preset,vary,value")


def test_the_file_that_cannot_be_written_after_all_is_the_one_named(tmp_path, monkeypatch, capsys):
    def full(path, content):
        if path.suffix == ".csv":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("rankbound.cli.files.write_whole", full)
    files = ["--plot", tmp_path / "x.svg", "--export", tmp_path / "x.csv"]
    assert call(*SMALL, "--vary", "n", "--n", "3,5", *files) == ExitCode.USAGE
    assert f"cannot write to {tmp_path / 'x.csv'}: no space left on device" in capsys.readouterr().err


def test_shapes_of_the_models_are_kept():
    for _, setting in settings_for("llama-3-8b", "heads", (), scale=1 / 64):
        assert setting.n_kv_heads == max(1, setting.n_heads // 4)
    for value, setting in settings_for("deepseek-v3", "head-dim", (), scale=1 / 16):
        assert int(value) == setting.head_dim == setting.mla.nope_head_dim + 4
    laws = dict(settings_for("gpt2", "inputs", (), scale=0.1))
    assert laws["orthonormal"].width >= laws["orthonormal"].n_tokens
    tiny = settings_for("gpt2", "n", (4,))
    assert affordable(tiny) == 1000
    assert affordable(settings_for("llama-3-8b", "n", (8192,))) == 16
    assert not math.isinf(tiny[0][1].head_dim)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--preset", "gpt3", "--vary", "n"], "did you mean 'gpt2'?"),
        (["--preset", "gpt2"], "--preset needs --vary"),
        (["--preset", "gpt2", "--vary", "head"], "--vary = 'head': expected one of 'head-dim'"),
        (["--preset", "gpt2", "--vary", "n", "--store", "x"], "leave them out with --preset"),
        (["--preset", "gpt2", "--vary", "n", "--half-width", "0.1"], "--half-width is for grids"),
        (["--preset", "gpt2", "--vary", "n", "--queries", "4"], "--queries is for grids"),
        (["--preset", "gpt2", "--vary", "n", "--head-dim", "3"], "--head-dim = '3': expected --vary head-dim"),
        (["--preset", "gpt2", "--vary", "n", "--heads", "1,2"], "--heads = '1,2': expected one number"),
        (["--preset", "deepseek-v3", "--vary", "heads"], "--replicates = 16: expected a sweep of at most 3600"),
        (["--preset", "deepseek-v3", "--vary", "head-dim", "--head-dim", "64"], "--head-dim = 64: expected more than"),
        (["--preset", "llama-3-8b", "--vary", "head-dim", "--head-dim", "3"], "an even number with RoPE"),
        (["--vary", "n", "--store", "x"], "--vary is for --preset"),
        (["--scale", "0.5"], "--scale is for --preset"),
        (["--n", "4", "--head-dim", "2"], "Missing option '--store'"),
    ],
)
def test_misuse_is_one_clear_line(args, words, capsys):
    assert call(*args) == ExitCode.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert len(said.err.strip().splitlines()) == 1
