"""Which profile is in force, and that the option of Hypothesis wins over the one that ``conftest.py`` loads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from amount import SHORT, amount
from hypothesis import settings

EXPECTED = "RANKBOUND_EXPECTED_EXAMPLES"
"""Set in the processes that the second test starts."""


def test_amounts_are_in_proportion_to_the_profile():
    whole = settings().max_examples
    if EXPECTED in os.environ:
        assert f"{whole} {settings().derandomize}" == os.environ[EXPECTED]
    assert [amount(count).max_examples for count in (100, 40, 1)] == [whole, 40 * whole // 100, max(1, whole // 100)]
    assert whole >= SHORT
    assert settings().deadline is None


@pytest.mark.parametrize(
    ("options", "ci", "expected"),
    [
        ([], "true", "100 True"),
        (["--hypothesis-profile", "rankbound-thorough"], "true", "2000 False"),
    ],
    ids=["ci", "thorough wins over ci"],
)
@pytest.mark.skipif(EXPECTED in os.environ, reason="started by this very test")
def test_the_option_wins(options, ci, expected):
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {EXPECTED: expected}
    if ci:
        environment["CI"] = ci
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, __file__]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed, 2 skipped" in done.stdout
