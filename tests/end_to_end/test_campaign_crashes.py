"""What ends a sweep by force: kills, full disks, Ctrl-C, lost workers. The store survives, the numbers are the same."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future
from contextlib import closing
from types import SimpleNamespace

import pytest

import montecarlo
from montecarlo import StoreBusyError
from rankbound.cli.dask_workers import Watched
from rankbound.verify.calculus import ExitCode

COMMAND = [sys.executable, "-m", "rankbound", "sweep"]

KILLS = 20

NURSERY = """
'''Starts campaigns on the store of argv[1] in processes of their own and kills them; argv[2] says after how many blocks
and how many seconds. What each had reported by then is printed.'''
import json, os, signal, sys, time
import montecarlo
from montecarlo import campaign

campaign.block_replicates = lambda n_keys, head_dim, n_queries: 30 + head_dim  # a block takes about a millisecond
montecarlo.sample_ranks(8, 2, 1, workers=1)  # compiled here, for all of them

def child(log, workers):
    def progress(now):
        os.write(log, b"%d\\n" % now.drawn)
    montecarlo.run_campaign((10, 20), (1, 3, 5), store=sys.argv[1], half_width=0.012, rng=3, workers=workers,
                            progress=progress)
    os._exit(0)

for blocks, seconds, workers in json.loads(sys.argv[2]):
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        try:
            child(writing, workers)
        finally:
            os._exit(1)
    os.close(writing)
    reported = b""
    while reported.count(b"\\n") < blocks:
        more = os.read(reading, 1)
        if not more:
            break
        reported += more
    time.sleep(seconds)
    os.kill(number, signal.SIGKILL)
    while more := os.read(reading, 65536):
        reported += more
    status = os.waitpid(number, 0)[1]
    print(json.dumps({"killed": os.WIFSIGNALED(status), "code": os.waitstatus_to_exitcode(status),
                      "blocks": reported.count(b"\\n"), "replicates": int((reported.split() or [b"0"])[-1])}),
          flush=True)
    sys.stdin.readline()  # until the store has been looked at
"""


def small_campaign(path, **options):
    """The campaign of the nursery, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("montecarlo.campaign.block_replicates", lambda n_keys, head_dim, n_queries: 30 + head_dim)
        return montecarlo.run_campaign((10, 20), (1, 3, 5), store=path, half_width=0.012, rng=3, **options)


def held(path):
    """Blocks and replicates that a store has, and whether SQLite finds it whole."""
    if not path.exists():
        return 0, 0, True
    with closing(sqlite3.connect(path)) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'blocks'").fetchone()[0]
        if not tables:
            return 0, 0, whole
        return *connection.execute("SELECT count(*), coalesce(sum(replicates), 0) FROM blocks").fetchone(), whole


def test_twenty_kills_lose_nothing_but_the_block_in_flight(tmp_path):
    moments = random.Random(6)
    plan = [(moments.randrange(8), moments.uniform(0, 0.02), 1 + i % 2) for i in range(KILLS)]
    path = tmp_path / "runs.sqlite"
    before, kills = (0, 0), 0
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(path), json.dumps(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for _ in range(KILLS):
            said = json.loads(nursery.stdout.readline())
            blocks, replicates, whole = held(path)
            assert whole
            # All that was reported as written is there, and at most the block whose report was cut off besides.
            assert 0 <= blocks - before[0] - said["blocks"] <= 1, (plan, said)
            assert replicates - before[1] >= said["replicates"]
            cells = montecarlo.read_campaign(path) if blocks else ()
            assert sum(cell.estimate.replicates for cell in cells) == replicates
            before, kills = (blocks, replicates), kills + said["killed"]
            nursery.stdin.write("\n")
            nursery.stdin.flush()
    assert nursery.returncode == 0
    assert kills == KILLS, "the sweep was over before the last kill"
    resumed = small_campaign(path)
    assert before[1] < sum(cell.estimate.replicates for cell in resumed)
    assert resumed == small_campaign(tmp_path / "whole.sqlite")
    for cell in resumed:
        sizes = cell.estimate.n_keys, cell.estimate.head_dim
        assert (
            montecarlo.read_ranks(path, *sizes).tolist()
            == montecarlo.read_ranks(tmp_path / "whole.sqlite", *sizes).tolist()
        )


def sweep(path, *args, **options):
    return subprocess.Popen(
        [*COMMAND, "--store", str(path), *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


ENDLESS = ["--n", "64", "--head-dim", "3,4", "--replicates", "1000000000", "--workers", "2"]


@pytest.fixture
def endless(tmp_path):
    """A sweep that runs until it is stopped, with something in its store."""
    path = tmp_path / "runs.sqlite"
    process = sweep(path, *ENDLESS)
    try:
        until = time.monotonic() + 60
        while held(path)[0] < 2:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield process, path
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_keeps_what_is_written_and_says_how_to_go_on(endless):
    process, path = endless
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    blocks, replicates, whole = held(path)
    assert whole
    assert out == ""
    assert err == (
        f"python -m rankbound: interrupted; {path} keeps {blocks} blocks ({replicates} replicates): the same command "
        "goes on from there\n"
    )


def test_a_second_sweep_says_so_and_the_lock_of_a_killed_one_is_gone(endless):
    process, path = endless
    second = sweep(path, *ENDLESS)
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out) == (ExitCode.USAGE, "")
    assert err == (
        f"python -m rankbound: error: another sweep is writing to {path}: wait until it has ended, or name "
        "another store\n"
    )
    with pytest.raises(StoreBusyError):
        montecarlo.run_campaign(4, 1, store=path, replicates=1)
    shown = sweep(path, "--export", str(path.with_suffix(".csv")))  # readers need no lock
    out, err = shown.communicate(timeout=30)
    assert (shown.returncode, err) == (ExitCode.AS_EXPECTED, "")
    assert "64" in out
    assert path.with_suffix(".csv").exists()
    waiting = sweep(path, "--n", "4", "--head-dim", "1", "--replicates", "5", "--wait")
    assert "waiting until it has ended" in waiting.stderr.readline()
    assert process.poll() is None
    process.kill()
    out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, err) == (ExitCode.AS_EXPECTED, "")
    assert montecarlo.read_ranks(path, 4, 1).size == 5


def test_a_full_disk_is_one_clear_line_and_the_store_is_intact(tmp_path):
    """A limit on the size of files stands for the full disk: SQLite cannot tell them apart."""
    path = tmp_path / "runs.sqlite"
    args = ["--n", "64", "--head-dim", "1:8:1", "--replicates", "20000"]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")}
    limited = sweep(  # coverage, if it is measured, could not write its own file either
        path, *args, env=unmeasured, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    )
    out, err = limited.communicate(timeout=120)
    assert (limited.returncode, out) == (ExitCode.USAGE, "")
    assert len(err.splitlines()) == 1
    assert f"cannot write to {path}" in err
    blocks, _, whole = held(path)
    assert whole
    assert blocks > 0
    again = sweep(path, *args)
    assert again.wait(timeout=120) == ExitCode.AS_EXPECTED
    again.communicate()
    for cell in montecarlo.read_campaign(path):
        d = cell.estimate.head_dim
        assert montecarlo.read_ranks(path, 64, d).tolist() == montecarlo.sample_ranks(64, d, 20_000).tolist()


@pytest.mark.thorough
def test_a_cluster_of_processes_draws_the_same_and_survives_the_loss_of_one(tmp_path):
    distributed = pytest.importorskip("distributed")
    expected = small_campaign(tmp_path / "threads.sqlite")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        assert small_campaign(tmp_path / "dask.sqlite", workers=client.get_executor(pure=False)) == expected
        victims = list(client.run(os.getpid).values())
        assert len(victims) == 2
        assert os.getpid() not in victims

        def kill_one(now):
            if now.drawn > 300 and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        executor = client.get_executor(pure=False)
        assert small_campaign(tmp_path / "killed.sqlite", workers=executor, in_flight=6, progress=kill_one) == expected
        assert not victims


@pytest.mark.thorough
def test_dask_from_the_command_line(tmp_path):
    pytest.importorskip("distributed")
    args = ["--n", "24", "--head-dim", "2,3", "--half-width", "0.01", "--format", "json"]
    found = []
    for name, more in (("threads", []), ("dask", ["--dask", "local", "--workers", "2"])):
        process = sweep(tmp_path / f"{name}.sqlite", *args, *more)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (ExitCode.AS_EXPECTED, "")
        found.append(out)
    assert found[0] == found[1]


def test_a_lost_scheduler_ends_what_would_wait_for_ever():
    """A client of Dask's leaves its futures pending when it gives up on its scheduler."""
    client = SimpleNamespace(status="running", get_executor=lambda pure: SimpleNamespace(submit=lambda task: Future()))
    with Watched(client) as executor:
        future = executor.submit(int)
        assert not future.done()
        client.status = "closed"
        with pytest.raises(BrokenExecutor, match="the scheduler is gone"):
            future.result(timeout=30)
        with pytest.raises(BrokenExecutor, match="the scheduler is gone"):
            executor.submit(int)
