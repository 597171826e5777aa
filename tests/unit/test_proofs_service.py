"""The worker process: limits that end, cancelling, nothing left behind, and a light import."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import proofs
from proofs import worker


def test_checks_everything_in_order():
    ids = ("barrier", "rank-is-occupancy", "barrier-constants", "barrier")
    found = proofs.check_all(ids, time_limit=60)
    assert list(found) == ["barrier", "rank-is-occupancy", "barrier-constants"]
    assert {derivation.status for derivation in found.values()} == {"checked"}
    assert found["barrier"] == proofs.check("barrier")
    assert found["barrier"].seconds > 0


def test_a_time_limit_ends_the_check_and_the_rest_goes_on():
    found = proofs.check_all(("log-n-exponent", "rank-is-occupancy"), time_limit=0.3)
    assert found["log-n-exponent"].status == "undecided"
    assert "time limit of 0.3 s" in found["log-n-exponent"].detail
    assert found["log-n-exponent"].title
    assert found["rank-is-occupancy"].status == "checked"


def test_cancel_kills_the_worker_at_once():
    checks = proofs.start_checks(proofs.theorem_ids(), time_limit=60)
    worker = None
    while worker is None:
        worker = checks._worker
        time.sleep(0.01)
    process = worker._process
    started = time.perf_counter()
    checks.cancel()
    assert time.perf_counter() - started < 2
    assert process.returncode is not None
    found = checks.result()
    assert set(found) == set(proofs.theorem_ids())
    assert found["paper-log-n-sufficient"].status == "undecided"
    assert "cancelled" in found["paper-log-n-sufficient"].detail
    checks.cancel()  # a second time is harmless
    assert checks.done()


def test_a_worker_that_dies_leaves_its_theorem_undecided():
    checks = proofs.start_checks(("log-n-exponent", "rank-is-occupancy"), time_limit=60)
    while not checks._heads:
        time.sleep(0.01)
    checks._worker._process.kill()
    found = checks.result()
    assert found["log-n-exponent"].status == "undecided"
    assert "unexpectedly" in found["log-n-exponent"].detail
    assert found["rank-is-occupancy"].status == "checked"


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for a process by its number")
def test_the_worker_ends_with_its_parent(tmp_path):
    script = (
        "import os, time, proofs\n"
        "checks = proofs.start_checks(proofs.theorem_ids(), time_limit=60)\n"
        "while checks._worker is None: time.sleep(0.01)\n"
        "print(checks._worker._process.pid, flush=True)\n"
        "os._exit(0)\n"  # no clean-up of any kind
    )
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    parent = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    )
    pid = int(parent.stdout)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not _runs(pid):
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent by 20 s")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    if state.exists():  # a zombie that nobody collects has ended too
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def test_works_in_a_script_without_a_main_guard_from_an_empty_folder(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, proofs\n"
        "found = proofs.check_all(['rank-is-occupancy'], time_limit=60)\n"
        "print(found['rank-is-occupancy'].status, 'sympy' in sys.modules)\n"
        "proofs.start_checks(['barrier'], time_limit=60)\n"  # left alone at exit
    )
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert (run.stdout, run.stderr, run.returncode) == ("checked False\n", "", 0)


def test_import_is_light():
    code = "import sys, proofs; print(*({'sympy', 'flint', 'numpy', 'subprocess'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


@pytest.mark.parametrize(
    ("ids", "limit", "message"),
    [
        (["barrier"], 0, "time_limit = 0"),
        (["barrier"], float("nan"), "time_limit = nan"),
        (["barier"], 1, "did you mean 'barrier'"),
        ([3], 1, "theorem = 3"),
    ],
)
def test_bad_arguments_are_refused_before_anything_starts(ids, limit, message):
    with pytest.raises(ValueError, match=message):
        proofs.check_all(ids, time_limit=limit)


class _EnoughError(Exception):
    """Raised where a worker has said all that a test wants to hear."""


def test_a_worker_announces_steps_and_answers_until_its_stdin_closes(monkeypatch):
    """The worker runs in this process, in which nothing ends it but an exception of the test."""
    said, left, closed = [], [], threading.Event()
    asked, theorems = os.pipe(), ("rank-is-occupancy", "barrier", "rank-is-occupancy")

    def say(message):
        said.append(message)
        if sum("derivation" in one for one in said) == len(theorems):
            raise _EnoughError

    def leave(code):
        left.append(code)
        closed.set()

    before = signal.getsignal(signal.SIGINT)
    with os.fdopen(asked[0], encoding="utf-8") as stdin, os.fdopen(asked[1], "w", encoding="utf-8") as ours:
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(worker, "_say", say)
        monkeypatch.setattr(worker.os, "_exit", leave)
        try:
            ours.writelines(json.dumps(name) + "\n" for name in theorems)
            ours.flush()
            with pytest.raises(_EnoughError):
                worker.main()
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        finally:
            signal.signal(signal.SIGINT, before)
        assert not left
        ours.close()
        assert closed.wait(20)
    assert left == [0]
    assert list(said[0]["heads"]) == list(proofs.theorem_ids())
    answers = [one for one in said if "derivation" in one]
    assert [one["derivation"] for one in answers] == [proofs.check(name).to_json() for name in theorems]
    assert answers[0]["derivation"] == answers[2]["derivation"]
    steps = [tuple(one["step"]) for one in said if "step" in one]
    assert set(steps) >= {(name, step.name) for name in theorems for step in proofs.theorem(name).steps}


class _Closed(io.StringIO):
    def write(self, _text):
        raise BrokenPipeError


def test_a_worker_that_nobody_listens_to_ends(monkeypatch):
    left = []
    monkeypatch.setattr(worker.os, "_exit", left.append)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", _Closed())
        worker._say({"step": ["a", "b"]})
    assert left == [0]


def test_a_message_is_one_line(capsys):
    worker._say({"step": ["a", "b"]})
    assert capsys.readouterr().out == '{"step": ["a", "b"]}\n'
