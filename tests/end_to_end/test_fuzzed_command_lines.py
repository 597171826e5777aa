"""Command lines nobody meant: whatever is typed, there is an answer or one clear line, never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofs.catalogue import IDS
from rankbound.claims import REGISTRY
from rankbound.cli import rankbound, run
from rankbound.verify.calculus import ExitCode

WORDS = st.sampled_from(["", "-1", "0", "1.5", "nan", "inf", "1e400", "x", "--", "-", "é", "\u200b", "10" * 20, "0x10"])
"""What is no size, no level, no path and no id."""

SIZES = st.one_of(st.sampled_from(["1", "2", "3", "6"]), WORDS)
SMALL = st.one_of(st.sampled_from(["1", "2", "3", "20"]), WORDS)
PROBABILITIES = st.one_of(st.sampled_from(["0.5", "1e-3", "1e-300"]), WORDS)
CLAIMS = st.one_of(st.sampled_from([*REGISTRY, "barier"]), WORDS)
THEOREMS = st.one_of(st.sampled_from([*IDS, "barier"]), WORDS)


def options(table):
    """Some of the options, each with a value of its kind, once or more, in any order."""
    pairs = [values.map(lambda value, name=name: [name, value] if value else [name]) for name, values in table.items()]
    return st.lists(st.one_of(pairs), max_size=5).map(lambda found: [word for pair in found for word in pair])


FLAG = st.just("")
COMMANDS = {
    "verify": (
        ["--n", "6", "--replicates", "3"],
        options(
            {
                "--n": SIZES,
                "--head-dim": SMALL,
                "--claim": CLAIMS,
                "--seed": SMALL,
                "--level": PROBABILITIES,
                "--replicates": SMALL,
                "--threads": st.sampled_from(["1", "3", "0", "x"]),
                "--format": st.sampled_from(["json", "table", "markdown", "html", "", "JSON"]),
                "--details": FLAG,
                "--output": st.sampled_from(["", ".", "/", "no/such/folder/report.json"]),
                "--unknown": SMALL,
            }
        ),
    ),
    "bound": (
        ["--n", "6", "--head-dim", "3"],
        options({"--n": SIZES, "--head-dim": SMALL, "--queries": SIZES, "--no-cache": FLAG}),
    ),
    "head-dim": (["--n", "6"], options({"--n": SIZES, "--fraction": PROBABILITIES, "--format": WORDS})),
    "represent": (
        ["nowhere.npy", "--head-dim", "2"],
        options({"--head-dim": SMALL, "--inputs": WORDS, "--convention": WORDS, "--output": WORDS, "--format": WORDS}),
    ),
    "theorems": ([], st.lists(THEOREMS, max_size=3)),
    "": ([], st.lists(st.one_of(WORDS, st.sampled_from(["--version", "--help", "verify", "curve"])), max_size=3)),
}


@st.composite
def command_lines(draw):
    name = draw(st.sampled_from(["verify", "verify", "verify", "bound", "head-dim", "represent", "theorems", ""]))
    needed, chosen = COMMANDS[name]
    given_ = needed if draw(st.integers(0, 4)) else []
    words = [*([name] if name else []), *given_, *draw(chosen), *draw(st.lists(WORDS, max_size=1))]
    return [word for word in words if "\0" not in word]


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(command_lines())
def test_there_is_an_answer_or_one_clear_line(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), mock.patch.dict(os.environ, COLUMNS="80"):
        code = run(words, command=rankbound, name="rankbound")
    assert code in {ExitCode.AS_EXPECTED, ExitCode.UNEXPECTED, ExitCode.USAGE, ExitCode.UNDECIDED}, (
        words,
        err.getvalue(),
    )
    assert "Traceback" not in out.getvalue() + err.getvalue()
    if code == ExitCode.USAGE:
        assert out.getvalue() == ""
        assert err.getvalue().strip().splitlines()
    else:
        assert out.getvalue().strip()
