"""What the README shows is what happens."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def shown_values() -> list[tuple[str, str]]:
    """Return each expression of the Python example that has a comment, with the comment."""
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert block is not None
    return re.findall(r"^([^#\n=]+?)  # (.*)$", block[1], re.MULTILINE)


@pytest.fixture(scope="module")
def example():
    """Run the Python example once, and return its names."""
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(ast.parse(block[1]), "README.md", "exec"), names)
    return names


@pytest.mark.parametrize(("expression", "comment"), shown_values())
def test_a_shown_value_is_the_real_one(expression, comment, example):
    value = repr(eval(expression, dict(example)))
    if comment.startswith("certified"):  # a remark, no value
        return
    shown = comment.split(": no head")[0]
    pattern = ".*?".join(re.escape(part) for part in shown.split("..."))
    assert re.fullmatch(pattern, value), f"README says {comment}, it is {value}"


def test_the_example_has_values_to_check():
    assert len(shown_values()) >= 5


def test_the_output_shown_is_the_command_s(capsys):
    """Everything but the simulated numbers, which a different processor may round differently."""
    from rankbound.cli import run

    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    run(["verify", "--n", "512", "--replicates", "20"])
    real = set(capsys.readouterr().out.splitlines())
    lines = [line for line in shown[1].splitlines() if line and line != "..."]
    simulated = ("experiment:", "head_dim  E", "would have refuted", "To repeat", "python -m")
    fixed = [line for line in lines if not any(word in line for word in simulated) and not re.match(r" +\d", line)]
    assert len(fixed) >= 20
    assert [line for line in fixed if line not in real] == []
