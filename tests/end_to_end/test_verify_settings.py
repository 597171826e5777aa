"""``rankbound verify`` on attention that its options describe: that is judged, and the run can be repeated."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

from rankbound.cli import run

FEW = ["--claim", "barrier", "--replicates", "16", "--format", "json"]


def report(capsys, *options):
    code = run(["verify", *options, *FEW])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)


@pytest.fixture
def files(tmp_path):
    r = np.random.default_rng(5)
    np.save(tmp_path / "tokens.npy", r.standard_normal((24, 12)))
    np.savez(tmp_path / "both.npz", tokens=r.standard_normal((24, 6)), mask=np.tri(24, dtype=bool))
    np.savetxt(tmp_path / "mask.csv", np.tri(24), delimiter=",", fmt="%d")
    np.save(tmp_path / "blind.npy", np.zeros((24, 24), bool))
    np.save(tmp_path / "halves.npy", np.full((24, 24), 0.5))
    np.save(tmp_path / "nan.npy", np.full((24, 12), np.nan))
    return tmp_path


CASES = [
    (["--queries", "40"], {"n_queries": 40}),
    (["--mask", "causal"], {"mask": "causal"}),
    (["--mask", "window", "--window", "5"], {"mask": "window", "window": 5}),
    (["--inputs", "antipodal"], {"inputs": "antipodal"}),
    (["--inputs", "duplicated:distinct=8"], {"inputs": {"law": "duplicated", "distinct": 8}}),
    (["--inputs", "clustered:clusters=3,spread=0.25"], {"inputs": {"law": "clustered", "clusters": 3, "spread": 0.25}}),
    (["--inputs", "gaussian", "--embed-dim", "7"], {"inputs": "gaussian", "embed_dim": 7}),
    (["--weights", "tied"], {"weights": "tied"}),
    (["--temperature", "0.1", "--tolerance", "1e-3"], {"temperature": 0.1, "tolerance": 1e-3}),
]


@pytest.mark.parametrize(("options", "fields"), CASES)
def test_options_are_fields_of_the_setting(capsys, options, fields):
    found = report(capsys, "--n", "24", "--head-dim", "4", *options)
    assert {name: found["run"]["setting"][name] for name in fields} == fields
    assert found["run"]["setting"]["n_keys"] == 24
    again = shlex.split(found["run"]["command"])[3:]
    run(["verify", *again, "--format", "json"])
    assert json.loads(capsys.readouterr().out) == found


def test_files_are_read(capsys, files):
    tokens = report(capsys, "--inputs", str(files / "tokens.npy"), "--head-dim", "4")
    assert tokens["run"]["n_keys"] == 24
    assert tokens["run"]["setting"]["inputs"]["array"]["shape"] == [24, 12]
    both = report(
        capsys,
        "--n",
        "24",
        "--head-dim",
        "4",
        "--inputs",
        f"{files}/both.npz::tokens",
        "--mask",
        f"{files}/both.npz::mask",
    )
    assert both["run"]["setting"]["inputs"]["array"]["shape"] == [24, 6]
    text = report(capsys, "--n", "24", "--head-dim", "4", "--mask", str(files / "mask.csv"))
    assert text["run"]["setting"]["mask"] == both["run"]["setting"]["mask"]


def test_a_preset(capsys):
    found = report(capsys, "--preset", "gpt2", "--scale", "0.0625")
    assert (found["run"]["n_keys"], found["run"]["head_dims"]) == (64, [4])
    assert found["run"]["setting"]["mask"] == "causal"
    plain = report(capsys, "--preset", "gpt2", "--scale", "0.0625", "--mask", "none", "--n", "16", "--inputs", "zipf")
    assert (plain["run"]["n_keys"], plain["run"]["setting"]["mask"]) == (16, "none")
    again = shlex.split(plain["run"]["command"])
    assert again[:5] == ["python", "-m", "rankbound.verify", "--n", "16"]
    assert {"--preset", "gpt2", "--mask", "none", "--inputs", "zipf", "--scale", "0.0625"} < set(again)


def test_without_head_dim_the_grid_is_that_of_the_length(capsys):
    plain = report(capsys, "--n", "24")
    masked = report(capsys, "--n", "24", "--mask", "causal")
    assert masked["run"]["head_dims"] == plain["run"]["head_dims"]


WRONG = [
    (["--mask", "causal"], "--n = None: expected the number of keys"),
    (["--n", "24", "--mask", "cause"], "--mask = 'cause': expected one of"),
    (["--n", "24", "--mask", "missing.npy"], "--mask = 'missing.npy': expected a file that can be read"),
    (["--n", "24", "--mask", "{}/blind.npy"], "mask[0] = 'all False': expected a key in every row"),
    (["--n", "24", "--mask", "{}/halves.npy"], "expected an array of booleans, or of 0 and 1"),
    (["--n", "23", "--mask", "{}/mask.csv"], "--mask"),
    (["--n", "24", "--window", "5"], "--window = 5: expected None without mask='window'"),
    (["--n", "24", "--queries", "12", "--mask", "causal"], "--queries = 12: expected 24, as many as keys"),
    (["--n", "24", "--inputs", "gausian"], "did you mean 'gaussian'?"),
    (["--n", "24", "--inputs", "zipf:rank=3"], "expected parameters of zipf: vocabulary, exponent"),
    (["--n", "24", "--inputs", "zip:rank=3"], "did you mean 'zipf'?"),
    (["--n", "24", "--inputs", "duplicated:distinct=3,distinct=4"], "expected distinct once"),
    (["--n", "24", "--inputs", "duplicated:distinct=many"], "expected a number for distinct"),
    (["--n", "25", "--inputs", "antipodal"], "--n = 25: expected an even number of tokens"),
    (["--n", "24", "--inputs", "{}/nan.npy"], "--inputs"),
    (["--n", "30", "--inputs", "{}/tokens.npy"], "--inputs"),
    (["--n", "24", "--weights", "normal"], "--weights = 'normal': expected one of"),
    (["--n", "24", "--temperature", "0.1"], "--tolerance = None: expected"),
    (["--n", "24", "--tolerance", "0.1"], "--tolerance = 0.1: expected None for hardmax"),
    (["--preset", "gpt3"], "did you mean 'gpt2'?"),
    (["--n", "24", "--scale", "0.5"], "--scale = 0.5: expected --preset beside it"),
    (["--preset", "llama-3-8b", "--scale", "0.01", "--head-dim", "3"], "--head-dim = 3: expected an even number"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_misuse_is_one_clear_line(capsys, files, options, words):
    code = run(["verify", *(o.replace("{}", str(files)) for o in options), "--replicates", "5"])
    said = capsys.readouterr()
    assert code == 2, said.err
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1
