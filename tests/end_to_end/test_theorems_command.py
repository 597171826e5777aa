"""The theorems as a user meets them: the list, one in full, exit codes, wrong input, interruption, closed pipes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest

import proofs
from proofs import service
from rankbound.cli import rankbound, run
from rankbound.verify.calculus import ExitCode

COMMAND = [sys.executable, "-m", "rankbound", "theorems"]
SCHEMA = json.loads(files("rankbound.cli").joinpath("theorems.schema.json").read_text(encoding="utf-8"))
FEW = ("barrier", "paper-barrier-about-063n", "paper-barrier-literal")


def call(*args: str) -> int:
    return run(["theorems", *args], command=rankbound)


def printed(capsys, *args: str) -> str:
    assert call(*args) == ExitCode.AS_EXPECTED
    return capsys.readouterr().out


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_list_has_every_theorem_in_the_order_of_reading(capsys):
    text = printed(capsys)
    ids = proofs.theorem_ids()
    rows = re.findall(r"^ *(\d+)  ([a-z0-9-]+) +checked +(\d+)(?:  [\d, ]+)?$", text, re.MULTILINE)
    assert [(int(number), name) for number, name, _ in rows] == list(enumerate(ids, 1))
    for _, name, steps in rows:
        assert int(steps) == len(proofs.theorem(name).steps)
        assert squeezed(proofs.theorem(name).title) in squeezed(re.sub(r"  [\d, ]+$", "", text, flags=re.MULTILINE))
    used = sorted(ids.index(name) + 1 for name in proofs.theorem("paper-barrier-literal").depends_on)
    assert re.search(rf"paper-barrier-literal +checked +\d+  {', '.join(map(str, used))}$", text, re.MULTILINE)
    assert text.splitlines()[-1] == f"{len(ids)} theorems: {len(ids)} checked. One in full: rankbound theorems ID"
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_a_theorem_in_full_leaves_nothing_out_and_fits_80_columns(capsys):
    text = printed(capsys, *FEW)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line in FEW] == list(FEW)
    whole = squeezed(text)
    for name in FEW:
        theorem, derivation = proofs.theorem(name), proofs.check(name)
        expected = [theorem.title, theorem.prose, *theorem.references]
        expected += [f"{one.meaning} (" for one in theorem.variables]
        expected += [part.text() for part in getattr(theorem.statement, "parts", (theorem.statement,))]
        expected += [f"because {step.because}" for step in theorem.steps if step.because]
        for number, step in enumerate(derivation.steps, 1):
            expected.append(f"({number}) {step.name} {step.claim} by {step.rule}")
            expected.append(f"{step.status} ({step.method}): {step.detail}")
        for item in derivation.ledger:
            expected.append(item.name if item.kind == "library" else f"{item.name}: {item.text}")
            if item.kind == "theorem":
                expected[-1] = f"{item.name}: checked"
        for piece in expected:
            assert squeezed(piece) in whole, piece
    assert "What is proved is the negation of the reading that the id names." in text


def test_an_open_question_in_full_leaves_nothing_out(capsys):
    for name in proofs.open_question_ids():
        text, question = printed(capsys, name), proofs.open_question(name)
        assert text.splitlines()[0] == name
        assert max(map(len, text.splitlines())) <= 80
        assert "neither proved nor refuted" in text
        assert "checked" not in text
        whole = squeezed(text)
        for piece in (question.title, question.prose, *question.known, *(one.meaning for one in question.variables)):
            assert squeezed(piece) in whole, piece


@pytest.mark.thorough
def test_the_result_is_the_same_with_and_without_the_cache(own_cache, capsys):
    args = ("rank-is-occupancy", "barrier")
    without = {kind: printed(capsys, *args, "--no-cache", "--format", kind) for kind in ("json", "latex")}
    assert not own_cache.exists()
    afresh = printed(capsys, *args, "--format", "json")
    assert own_cache.exists()
    assert without["json"] == afresh == printed(capsys, *args, "--format", "json", "--check")
    assert without == {kind: printed(capsys, *args, "--format", kind) for kind in without}


def test_what_is_cached_needs_no_worker(capsys, monkeypatch):
    first = printed(capsys)
    monkeypatch.setattr(service, "_Worker", None)
    assert printed(capsys) == first
    with pytest.raises(TypeError):
        proofs.check_all(["barrier"], time_limit=1, anew=True)


def test_json_is_one_document_valid_under_the_published_schema(capsys):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(printed(capsys, "--format", "json"))
    jsonschema.validate(document, SCHEMA)
    assert [one["id"] for one in document["theorems"]] == list(proofs.theorem_ids())
    assert document["summary"]["theorems"] == document["summary"]["checked"] == len(proofs.theorem_ids())
    document = json.loads(printed(capsys, "paper-barrier-literal", "barrier", "barrier", "--format", "json"))
    jsonschema.validate(document, SCHEMA)
    assert [one["id"] for one in document["theorems"]] == ["paper-barrier-literal", "barrier"]
    negation, barrier = document["theorems"]
    assert negation["establishes"] == "negation"
    assert {"name": "n", "type": "positive integer", "meaning": "number of keys"} in barrier["variables"]
    assert [step["number"] for step in barrier["steps"]] == list(range(1, len(barrier["steps"]) + 1))
    assert [item["status"] for item in barrier["ledger"] if item["kind"] == "theorem"] == ["checked"]


def test_latex_says_what_it_needs_and_has_every_theorem_asked_for(capsys):
    text = printed(capsys, *FEW, "--format", "latex")
    assert text.startswith("% The preamble")
    assert text.count(r"\begin{theorem}") == text.count(r"\end{proof}") == len(FEW)
    assert r"\usepackage{amsmath, amssymb, amsthm}" in text
    assert all(line.startswith("%") for line in text.split(r"\begin{theorem}")[0].strip().splitlines())


@pytest.mark.parametrize("ending", ["svg", "dot", "html", "SVG"])
def test_the_graph_is_written_besides(ending, tmp_path, capsys):
    alone = printed(capsys)
    target = tmp_path / f"graph.{ending}"
    target.write_text("an earlier graph")
    assert printed(capsys, "--graph", str(target)) == alone
    text = target.read_text(encoding="utf-8")
    assert text.startswith({"svg": "<svg", "dot": "//", "html": "<!DOCTYPE html>"}[ending.lower()])
    assert all(name in text for name in proofs.theorem_ids() if ending != "svg")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    printed(capsys, "--graph", str(target))
    assert target.read_text(encoding="utf-8") == text


def test_the_graph_of_one_theorem_has_all_that_it_rests_on(tmp_path, capsys):
    target = tmp_path / "graph.dot"
    for format_ in ("text", "json", "latex"):
        alone = printed(capsys, "rank-deviation", "--format", format_)
        assert printed(capsys, "rank-deviation", "--format", format_, "--graph", str(target)) == alone
        boxes = re.findall(r'^  "([^"]+)" \[', target.read_text(encoding="utf-8"), re.MULTILINE)
        assert boxes == ["rank-is-occupancy", "barrier", "occupancy-dominance", "occupancy-moments", "rank-deviation"]


def test_the_graph_shows_what_came_of_the_checks(tmp_path, capsys, monkeypatch):
    target = tmp_path / "graph.dot"
    monkeypatch.setattr(proofs, "start_checks", Planted({"barrier": "rejected"}), raising=False)
    assert call("rank-deviation", "--graph", str(target)) == ExitCode.AS_EXPECTED
    labels = dict(
        re.findall(r'^  "([^"]+)" \[label="[^"]+\\n([^"]+)"', target.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert labels["barrier"] == "failed"
    assert labels["rank-is-occupancy"] == "with citations"
    assert labels["occupancy-dominance"] == labels["rank-deviation"] == "rests on what is not checked"


def test_a_graph_that_cannot_be_written_after_all_is_one_line(tmp_path, capsys, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rankbound.cli.files.write_whole", full)
    assert call("rank-is-occupancy", "--graph", str(tmp_path / "graph.svg")) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "no space left on device" in captured.err


class Planted:
    """Checks that have come to an end, with outcomes as they are wanted."""

    def __init__(self, statuses):
        self.statuses = statuses

    def __call__(self, names, *, time_limit, anew):
        found = service.check_all(names, time_limit=time_limit)
        self.found = {
            name: replace(
                one, status=self.statuses.get(name, "checked"), detail="planted" if name in self.statuses else ""
            )
            for name, one in found.items()
        }
        return self

    def done(self):
        return True

    def result(self):
        return self.found

    def cancel(self):
        """Nothing is under way."""


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ({}, ExitCode.AS_EXPECTED),
        ({"barrier": "rejected"}, ExitCode.UNEXPECTED),
        ({"barrier": "partial"}, ExitCode.UNEXPECTED),
        ({"barrier": "undecided"}, ExitCode.UNDECIDED),
        ({"barrier": "undecided", "barrier-constants": "partial"}, ExitCode.UNEXPECTED),
        ({"rank-is-occupancy": "rejected"}, ExitCode.AS_EXPECTED),  # not asked for; its status is told
    ],
)
def test_exit_codes(statuses, code, capsys, monkeypatch):
    monkeypatch.setattr(proofs, "start_checks", Planted(statuses), raising=False)
    for format_ in ("text", "json", "latex"):
        assert call("barrier", "barrier-constants", "--check", "--format", format_) == code
        captured = capsys.readouterr()
        assert captured.out
        for name, status in statuses.items():
            assert status in captured.out
            assert re.search(rf"^rankbound: {name}: {status} in \d+\.\d\d s: planted$", captured.err, re.MULTILINE)
    assert call("barrier", "barrier-constants") == ExitCode.AS_EXPECTED
    assert capsys.readouterr().err == ""


def test_the_list_says_what_is_not_checked_and_why(capsys, monkeypatch):
    statuses = {"barrier": "partial", "ideal-setting": "undecided", "barrier-constants": "rejected"}
    monkeypatch.setattr(proofs, "start_checks", Planted(statuses), raising=False)
    monkeypatch.setattr(proofs, "small_cases", lambda name: ())  # test_proofs_small_cases.py looks at all of them
    assert call("--check") == ExitCode.UNEXPECTED
    text = capsys.readouterr().out
    for name, status in statuses.items():
        assert f"{name} is {status}: planted" in text
    total = len(proofs.theorem_ids())
    assert f"{total} theorems: {total - 3} checked, 1 partial, 1 undecided, 1 rejected." in text


def test_checking_says_how_long_it_took_and_nothing_else_does(capsys):
    assert call("barrier", "--check") == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert re.fullmatch(
        r"(rankbound: [a-z-]+: checked in \d+\.\d\d s\n)+rankbound: barrier: checked in \d+\.\d\d s\n"
        r"rankbound: barrier: (\d+) of \2 small cases hold \(\2 exact\)\n",
        captured.err,
    )
    assert not re.search(r"\d\.\d\d s", captured.out)
    call("barrier")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("outcome", "code"), [("fails", ExitCode.UNEXPECTED), ("undecided", ExitCode.UNDECIDED)])
def test_a_statement_that_fails_at_a_small_size_is_not_passed_over(outcome, code, capsys, monkeypatch):
    case = proofs.SmallCase("barrier", 2, "two keys", "3 <= 2", "3 and 2", 1, outcome, "exact")
    monkeypatch.setattr(proofs, "small_cases", lambda name: (case,))
    assert call("barrier", "--check") == code
    assert f"barrier: part 2 {outcome} for two keys: 3 and 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["barier"], "did you mean 'barrier'?"),
        (["barrier", "no-such-thing-at-all"], "choose one of"),
        ([""], "theorem = ''"),
        (["barrier", "--format", "yaml"], "yaml"),
        (["--frobnicate"], "--frobnicate"),
        (["--graph", "graph.png"], "--graph = 'graph.png': expected a file name that ends in .svg, .dot or .html"),
        (["--graph", "graph"], "for example theorems.html"),
        (["--graph", "no/such/folder/graph.svg"], "expected a file that can be written"),
        (["--graph", ""], "--graph = ''"),
    ],
)
def test_wrong_input_is_one_line_on_stderr_and_exit_2(args, named, capsys):
    assert call(*args) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert named in captured.err


def test_help(capsys):
    assert run(["--help"], command=rankbound) == 0
    assert "theorems" in capsys.readouterr().out
    assert call("--help") == 0
    text = capsys.readouterr().out
    for word in ("--check", "--format", "--graph", "--no-cache", "Exit code", "[ID]..."):
        assert word in text


def test_ctrl_c_ends_at_once_and_exits_130():
    process = subprocess.Popen([*COMMAND, "--no-cache"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - sent < 5
    assert process.returncode == ExitCode.INTERRUPTED
    assert out == ""
    assert err.endswith("rankbound: interrupted\n")
    assert "Traceback" not in err


@pytest.mark.thorough
def test_a_closed_pipe_is_quiet():
    for reader in ("head -1", "true"):
        shell = f"set -o pipefail; {' '.join(COMMAND)} rank-is-occupancy | {reader}"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (ExitCode.AS_EXPECTED, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
@pytest.mark.parametrize("plain", [{}, {"NO_COLOR": "1"}, pytest.param({"TERM": "dumb"}, marks=pytest.mark.thorough)])
def test_colours_on_a_terminal_unless_they_are_not_wanted(plain):
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "72", **plain}
    for args in ([] if not plain else ["barrier"], ["rank-is-occupancy"]):
        done = subprocess.run([*COMMAND, *args], stdout=theirs, stderr=subprocess.PIPE, env=environment, check=True)
        text = b""
        while not (text.endswith(b"\r\n") and (b"rankbound theorems ID" in text or b"See also" in text)):
            text += os.read(ours, 1 << 16)
        assert (b"\x1b[" in text) == (not plain)
        assert max(len(re.sub(rb"\x1b\[[\d;]*m", b"", line)) for line in text.split(b"\r\n")) <= 72
        assert done.stderr == b""
    os.close(theirs)
    os.close(ours)


def test_a_shadowing_file_is_named(tmp_path):
    (tmp_path / "proofs.py").write_text("raise RuntimeError('a stranger was run')\n")
    root = os.fspath(files("rankbound").joinpath("..").resolve())
    for args in ("[]", "['barrier']"):
        script = f"import sys; sys.path.append({root!r}); from rankbound.cli import main; main(['theorems', *{args}])"
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == ExitCode.USAGE
        assert "proofs.py" in done.stderr
        assert "stranger was run" not in done.stderr


@pytest.mark.thorough
def test_verify_prints_the_same_with_and_without_the_cache(own_cache, capsys, monkeypatch):
    args = ["verify", "--n", "24", "--replicates", "20", "--claim", "barrier", "--claim", "rank-is-occupancy"]
    args += ["--format", "json"]
    outputs = []
    for more in (["--no-cache"], [], []):
        assert run([*args, *more]) == ExitCode.AS_EXPECTED
        outputs.append(capsys.readouterr().out)
        assert any(own_cache.glob("proofs-*")) == (len(outputs) > 1)
    assert outputs[0] == outputs[1] == outputs[2]

    def refuse():
        raise OSError("no worker today")

    monkeypatch.setattr(service, "_Worker", refuse)
    assert run(args) == ExitCode.AS_EXPECTED
    assert capsys.readouterr().out == outputs[0]
    run([*args, "--no-cache"])
    assert "no worker today" in capsys.readouterr().out
