"""The worked example, in an empty folder as whoever copied it has it, and the page that shows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "attention"
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")

FOUND = {
    "SoftmaxOverQueries": (
        "test_the_sharpest_softmax_is_hardmax[{}]",
        "softmax over the wrong axis: entries sum to 1 along axis -2, the queries",
    ),
    "TiesMarked": ("test_hardmax_picks_one_key[{}]", "ties: * keys have the largest score, and each is marked"),
    "DropoutLeftOn": ("test_rank_of_random_heads[{}-2]", "scaled by 1.111, as dropout does"),
    "MaskAfterSoftmax": ("test_rank_under_a_mask[{}-causal]", "a mask that * comes after the softmax"),
    "StrictCausalMask": ("test_rank_under_a_mask[{}-causal]", "one key more or less * n_keys = 31"),
    "TransposedMask": ("test_no_token_looks_ahead[{}]", "in a part of a matrix, a mask that lets it look elsewhere"),
    "WindowTooWide": ("test_rank_under_a_mask[{}-window]", "one key more or less * agrees with window = 5, the rest"),
    "WindowTooNarrow": ("test_rank_under_a_mask[{}-window]", "one key more or less * agrees with window = 3, the rest"),
    "SharedProjections": ("test_rank_of_random_heads[{}-16]", "queries that depend on the keys (W_q shared with W_k"),
    "ScoresSummedOverHeads": (
        "test_rank_of_random_heads[{}-2]",
        "a larger head_dim than the setting has * agrees with head_dim = 4, the rest",
    ),
    "HeadsByReshape": ("test_equal_tokens_look_at_the_same[{}]", "a reshape that mixes heads and tokens"),
    "LastKeyMissing": ("test_rank_of_random_heads[{}-2]", "agrees with n_keys = 7, the rest"),
}
"""What finds each bug, and the words that name it; ``*`` stands for others."""

NEVER_FOUND = ("NotScaled", "SwappedProjections")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with nothing but the example, where the plugin is installed as pyproject.toml says."""
    path = tmp_path_factory.mktemp("example")
    for file in EXAMPLE.glob("*.py"):
        shutil.copy(file, path)
    return path


def failures(folder, classes, *tests):
    """Run tests of the example; return the message, on one line, of each that failed, and how many passed."""
    plugin = [] if "rankbound" in entry_points(group="pytest11").names else ["-p", "rankbound.pytest_plugin"]
    options = [f"--attention={'wrong_' * (name != 'Attention')}attention:{name}" for name in classes]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:benchmark", *plugin]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [*command, "--junitxml=junit.xml", *options, *(tests or ["test_attention.py"])],
        cwd=folder, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    failed, passed = {}, 0
    for case in ElementTree.parse(folder / "junit.xml").getroot().iter("testcase"):
        failure = case.find("failure")
        if failure is None:
            passed += 1
        else:
            told = re.findall(r"^E   (.*)$", failure.text, re.MULTILINE)
            failed[case.get("name")] = " ".join(" ".join(told).split()).removeprefix("AssertionError: ")
    return failed, passed


def pattern(shown, *, gap):
    """Return a regular expression for text with gaps, whatever its white space."""
    return r".*".join(re.escape(" ".join(part.split())) for part in shown.split(gap))


def masked(text):
    """Return a text without its numbers: another processor may round, and so draw, others."""
    return re.sub(r"\d[\d.e+-]*", "#", text)


def test_every_class_is_right_or_wrong():
    written = re.findall(r"^class (\w+)", (EXAMPLE / "wrong_attention.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(written) == sorted([*FOUND, *NEVER_FOUND])


def test_what_is_right_passes_and_so_does_what_no_rank_can_tell_from_it(folder):
    assert failures(folder, ["Attention", *NEVER_FOUND]) == ({}, 27)


def test_each_bug_is_found_and_named_as_the_page_shows_it(folder):
    """One test, since each process of pytest-xdist would run the example again."""
    tests = {name: test.format(name) for name, (test, _) in FOUND.items()}
    failed, passed = failures(folder, FOUND, *(f"test_attention.py::{test}" for test in tests.values()))
    assert passed == 0
    said = {name: failed[test] for name, test in tests.items()}
    unnamed = {name: told for name, told in said.items() if not re.search(pattern(FOUND[name][1], gap="*"), told)}
    assert unnamed == {}
    shown = {name: re.search(rf"`{name}`.*?```text\n(.*?)```", PAGE, re.DOTALL)[1] for name in FOUND}
    others = {
        name: told for name, told in said.items() if not re.match(pattern(masked(shown[name]), gap="..."), masked(told))
    }
    assert others == {}


@pytest.mark.parametrize("name", FOUND)
def test_the_page_says_what_finds_it(name):
    assert f":pyobject: {FOUND[name][0].split('[')[0]}\n" in PAGE[: PAGE.index(f"`{name}`", PAGE.index("## Each"))]


@pytest.mark.parametrize("flavour", ["torch"])
def test_the_flavour_of_a_framework_passes(flavour, folder):
    pytest.importorskip(flavour)
    assert failures(folder, [], f"test_{flavour}_attention.py") == ({}, 3)
