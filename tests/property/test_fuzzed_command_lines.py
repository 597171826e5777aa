"""Command lines nobody meant: whatever is typed, there is an answer or one clear line, and no file that was not named.

Commands run in this process. Derivations are not checked but said to have come out one way or another, at random: that
they are checked is the business of other tests, and takes a minute. A few lines run in a process of their own too, and
have to say the same there.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from unittest import mock

import jsonschema
import numpy as np
import pytest
from amount import amount
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

import proofs
from proofs.records import Derivation, StepReport
from rankbound.claims import REGISTRY
from rankbound.cli import rankbound, run
from rankbound.verify.calculus import ExitCode

SECONDS = 120
"""Of processor time that a line may take. The slowest takes one, but the first to need a kernel may have to compile it.

What never ends meets the limit on every test.
"""

WORDS = st.sampled_from(["", "-1", "0", "1.5", "nan", "inf", "1e400", "x", "--", "-", "é", "\u200b", "10" * 20, "0x10"])
"""What is no size, no level, no path and no id."""


def mostly(*values):
    """Return a strategy of sensible values, now and then of others."""
    return st.one_of(st.sampled_from(values), st.sampled_from(values), WORDS)


SIZES, SMALL = mostly("1", "2", "3", "6"), mostly("1", "2", "3", "20")
PROBABILITIES = mostly("0.5", "1e-3", "1e-300", "1")
FORMATS = mostly("json", "table", "markdown", "html", "text", "latex", "csv", "JSON")
CLAIMS = mostly(*REGISTRY, "barier")
THEOREMS = mostly(*proofs.theorem_ids(), *proofs.open_question_ids(), "barier")
INPUTS = mostly("P.npy", "P.csv", "broken.npy", "nowhere.npy", "some.npz", "some.npz::b", "P.npy::a", "gaussian", ".")
OUTPUTS = st.sampled_from(
    ["", ".", "/", "no/such/folder/report.json", "out.json", "out.svg", "out.npz", "P.npy/x.json"]
)
LISTS = mostly("2", "1,3", "1:4:log", "2:6:2", "3:1:2", ",", "6:")
FLAG = st.just("")


def options(**table):
    """Some of the options, each with a value of its kind, once or more, in any order."""
    named = {"--" + name.replace("_", "-"): values for name, values in table.items()}
    pairs = [values.map(lambda value, name=name: [name, value] if value else [name]) for name, values in named.items()]
    return st.lists(st.one_of(pairs), max_size=5).map(lambda found: [word for pair in found for word in pair])


SIZE = {"n": SIZES, "head_dim": SMALL, "queries": SIZES}
DEPARTURES = {
    "mask": mostly("none", "causal", "window", "mask.npy", "P.npy"),
    "window": SMALL,
    "inputs": mostly("gaussian", "antipodal", "simplex", "low-rank:rank=2", "zipf:vocabulary=0", "P.npy", "x:y"),
    "embed_dim": SMALL,
    "weights": mostly("gaussian", "tied", "orthogonal"),
    "temperature": PROBABILITIES,
    "tolerance": PROBABILITIES,
}
RUN = {"seed": SMALL, "replicates": SMALL, "format": FORMATS, "unknown": SMALL}
COMMANDS = {
    "verify": (
        ["--n", "6", "--head-dim", "3", "--replicates", "3"],
        options(
            **SIZE,
            **DEPARTURES,
            **RUN,
            claim=CLAIMS,
            level=PROBABILITIES,
            threads=mostly("1", "3"),
            details=FLAG,
            output=OUTPUTS,
        ),
    ),
    "bound": (["--n", "6", "--head-dim", "3"], options(**SIZE, no_cache=FLAG, format=FORMATS)),
    "curve": (
        ["--n", "6", "--head-dim", "3"],
        options(**SIZE, experiment=SMALL, seed=SMALL, format=FORMATS, plot=OUTPUTS),
    ),
    "head-dim": (["--n", "6", "--fraction", "0.5"], options(n=SIZES, fraction=PROBABILITIES, format=FORMATS)),
    "simulate": (
        ["--n", "6", "--head-dim", "3", "--replicates", "3"],
        options(
            **SIZE, **RUN, error=PROBABILITIES, workers=mostly("1", "3"), temperature=SIZES, tolerance=PROBABILITIES
        ),
    ),
    "sweep": (
        ["--store", "runs.sqlite", "--n", "6", "--head-dim", "3", "--replicates", "3"],
        options(
            **RUN,
            store=mostly("runs.sqlite", "P.npy", ".", "no/such/folder/runs.sqlite"),
            n=LISTS,
            head_dim=LISTS,
            error=PROBABILITIES,
            certified=FLAG,
            export=OUTPUTS,
        ),
    ),
    "represent": (
        ["P.npy", "--head-dim", "2"],
        options(head_dim=SMALL, inputs=INPUTS, convention=mostly("rows", "columns"), output=OUTPUTS, format=FORMATS),
    ),
    "theorems": (
        [],
        st.builds(
            lambda ids, more: [*ids, *more], st.lists(THEOREMS, max_size=3), options(format=FORMATS, graph=OUTPUTS)
        ),
    ),
    "": ([], st.lists(st.one_of(WORDS, st.sampled_from(["--version", "--help", "verify", "curve"])), max_size=3)),
}
NAMES = ["verify", "verify", "verify", *COMMANDS]


@st.composite
def command_lines(draw):
    name = draw(st.sampled_from(NAMES))
    needed, chosen = COMMANDS[name]
    if name == "represent" and draw(st.booleans()):
        needed = [draw(INPUTS), *needed[1:]]
    if not draw(st.integers(0, 4)):
        needed = needed[-2:]  # of what is drawn, the replicates: by default they take seconds
    return [*([name] if name else []), *needed, *draw(chosen), *draw(st.lists(WORDS, max_size=1))]


STATUSES = st.dictionaries(
    st.sampled_from(proofs.theorem_ids()), st.sampled_from(["rejected", "partial", "undecided"]), max_size=3
)


class Said:
    """Checks that have come to an end, with the outcomes that are wanted."""

    def __init__(self, statuses):
        self._statuses = statuses

    def __call__(self, names, *, time_limit, anew=False):
        self._names = names
        return self

    def done(self):
        return True

    def result(self):
        return {name: self._said(proofs.theorem(name)) for name in self._names}

    def cancel(self):
        """Nothing is under way."""

    def _said(self, theorem):
        status = self._statuses.get(theorem.id, "checked")
        last = {"checked": "accepted", "partial": "accepted"}.get(status, status)
        outcomes = ["accepted"] * (len(theorem.steps) - 1) + [last]
        steps = [
            StepReport(step.name, "claim", step.rule, step.premises, outcome, "said", "")
            for step, outcome in zip(theorem.steps, outcomes, strict=True)
        ]
        detail = "" if status == "checked" else "said to be"
        return Derivation(
            theorem.id, theorem.title, "statement", "formal", theorem.establishes, status, detail, tuple(steps), ()
        )


@contextlib.contextmanager
def some_files():
    """Work in a folder that has files of several kinds; what it holds afterwards is looked at."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        matrix = np.array([[0.5, 0.25, 0.1], [0.25, 0.5, 0.1], [0.25, 0.25, 0.8]])
        np.save("P.npy", matrix)
        np.savetxt("P.csv", matrix, delimiter=",")
        np.savez("some.npz", a=matrix, b=matrix.T)
        np.save("mask.npy", np.eye(6, dtype=bool))
        Path("broken.npy").write_bytes(Path("P.npy").read_bytes()[:90])
        yield


def contents():
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def said(words, statuses):
    """Return the exit code, standard output, standard error, and the processor time."""
    out, err, started = io.StringIO(), io.StringIO(), time.process_time()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.dict(os.environ, COLUMNS="80"),
        mock.patch.object(proofs, "start_checks", Said(statuses), create=True),
    ):
        os.environ.pop("RANKBOUND_NO_CACHE", None)  # numbers as users have them, and each of them once
        code = run(words, command=rankbound, name="rankbound")
    return code, out.getvalue(), err.getvalue(), time.process_time() - started


SCHEMAS = {
    command: json.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    for command, package, name in (
        ("verify", "rankbound.verify", "report.schema.json"),
        ("theorems", "rankbound.cli", "theorems.schema.json"),
    )
}
NO_ANSWER = {"rankbound: error:", "Usage: rankbound"}


def no_constant(name):
    raise AssertionError(f"{name} is no JSON")


def check_json(command, text):
    document = json.loads(text, parse_constant=no_constant)
    if command in SCHEMAS:
        jsonschema.validate(document, SCHEMAS[command])


@amount(50, suppress_health_check=[HealthCheck.too_slow])
@given(command_lines(), STATUSES)
@example(["theorems"], {"barrier": "rejected"})
@example(["theorems", "barrier", "--format", "json"], {})
@example(["verify", "--n", "6", "--head-dim", "3", "--replicates", "3", "--format", "json"], {})
@example(["verify", "--n", "6", "--head-dim", "3", "--replicates", "3", "--output", "P.npy/x.json"], {})
def test_there_is_an_answer_or_one_clear_line(words, statuses):
    with some_files():
        before = contents()
        code, out, err, seconds = said(words, statuses)
        after = contents()
    answered = code in {ExitCode.AS_EXPECTED, ExitCode.UNEXPECTED, ExitCode.UNDECIDED}
    assert answered or code == ExitCode.USAGE, err
    assert "Traceback" not in out + err
    assert seconds < SECONDS
    touched = {name for name in before | after if before.get(name) != after.get(name)}
    if answered:
        named = [word for word in words if Path(word).suffix in {".json", ".svg", ".npz", ".sqlite"}]
        assert all(any(name.startswith(word) for word in named) for name in touched)
        assert out.strip() or touched
        if "".join(words).count("--format") == 1 and words[-2:] == ["--format", "json"] and "--output" not in words:
            check_json(words[0], out)
    else:
        assert out == ""
        assert not touched
        assert len(err.splitlines()) == 1 or not any(words), err
        assert any(err.startswith(start) for start in NO_ANSWER), err


@pytest.mark.parametrize(
    "words",
    [["represent", "P.npy", "--head-dim", "1"], ["bound", "--n", "é", "--head-dim", "3"], ["theorems", "barier"], []],
    ids=["answer", "no size", "no id", "nothing"],
)
def test_a_process_of_its_own_says_the_same(words):
    with some_files():
        command = [sys.executable, "-m", "rankbound", *words]
        alone = subprocess.run(command, capture_output=True, encoding="utf-8", env=os.environ | {"COLUMNS": "80"})
        code, out, err, _ = said(words, {})
    assert (alone.returncode, alone.stdout) == (code, out)
    assert alone.stderr.replace("python -m rankbound", "rankbound") == err
