"""Outcomes kept on disk: found by the program that wrote them only, believed only if whole, never missed if absent."""

from __future__ import annotations

import json
import os
import py_compile
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

import proofs
from proofs import cache, service
from proofs.records import Derivation, LedgerItem, StepReport
from rankbound import cache_store

STEP = StepReport("statement", "1 = 1", "identity", ("assumption:a.b",), "accepted", "normal form", "the same")
OUTCOME = Derivation(
    theorem="barrier",
    title="The barrier",
    statement="1 is 1; Poincaré \N{SNOWMAN} \ud800",
    formal="1 = 1",
    establishes="claim",
    status="checked",
    detail="",
    steps=(STEP,),
    ledger=(LedgerItem("rule", "identity", "why"),),
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("RANKBOUND_NO_CACHE", raising=False)
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", str(tmp_path / "cache"))
    # Another program is written next to the tests now and then; what happens then has a test of its own.
    monkeypatch.setattr(cache, "_SOURCES_AT_START", ())
    monkeypatch.setattr(cache, "_sources_now", lambda: ())
    monkeypatch.setattr(cache, "_has_older_code", lambda source: False)
    return tmp_path / "cache"


def keep(outcome=OUTCOME):
    cache.keep(cache.place(), outcome, cache.program())


def recall(name="barrier"):
    return cache.recall(cache.place(), name)


def the_file(folder):
    (file,) = folder.glob("proofs-*/*")
    return file


def test_what_is_kept_is_recalled_exactly(folder):
    assert recall() is None
    assert not folder.exists()  # asking creates nothing
    keep()
    assert recall() == OUTCOME
    assert recall().to_json() == OUTCOME.to_json()
    assert recall("barrier-constants") is None
    assert the_file(folder).name == "barrier.json"


def test_timings_are_no_part_of_it(folder):
    keep(replace(OUTCOME, seconds=12.5, steps=(replace(STEP, seconds=3.5),)))
    assert "12.5" not in the_file(folder).read_text()
    assert recall().seconds == recall().steps[0].seconds == 0


@pytest.mark.parametrize(
    "outcome",
    [
        replace(OUTCOME, status="undecided", detail="stopped after the time limit of 60 s"),
        replace(OUTCOME, status="rejected", steps=(replace(STEP, status="undecided"),)),
        replace(OUTCOME, status="checked", steps=(replace(STEP, status="rejected"),)),
        replace(OUTCOME, status="partial", steps=(replace(STEP, status="rejected"),)),
        replace(OUTCOME, status="checked", steps=()),
        replace(OUTCOME, status="proved"),
        replace(OUTCOME, establishes="everything"),
        replace(OUTCOME, detail=None),
        replace(OUTCOME, steps=(replace(STEP, premises=(3,)),)),
        replace(OUTCOME, status=["checked"]),
        replace(OUTCOME, title="x" * (1 << 20)),
    ],
)
def test_what_time_may_have_decided_or_is_no_outcome_is_not_kept(folder, outcome):
    keep(outcome)
    assert not folder.exists()


@pytest.mark.parametrize(
    "outcome",
    [
        replace(OUTCOME, status="partial", detail="not carried yet: a gap"),
        replace(OUTCOME, status="rejected", steps=(replace(STEP, status="rejected"),)),
        replace(OUTCOME, status="rejected", detail="there is no step", steps=()),
        replace(OUTCOME, establishes="negation"),
    ],
)
def test_other_settled_outcomes_are_kept(folder, outcome):
    keep(outcome)
    assert recall() == outcome


def test_a_damaged_byte_anywhere_is_noticed(folder):
    keep()
    file = the_file(folder)
    whole = file.read_bytes()
    for i in range(len(whole)):
        for bit in (1, 32):  # 32 turns letters into capitals
            file.write_bytes(whole[:i] + bytes([whole[i] ^ bit]) + whole[i + 1 :])
            assert recall() is None, (i, bit)
    file.write_bytes(whole)
    assert recall() == OUTCOME


def test_a_truncated_or_lengthened_entry_is_noticed(folder):
    keep()
    file = the_file(folder)
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert recall() is None, size
    for longer in (whole + b"\n", whole + whole, b" " + whole, whole.replace(b"\n", b"\r\n")):
        file.write_bytes(longer)
        assert recall() is None


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"[]",
        b"{}",
        b'{"content": null}',
        b'{"content": {"derivation": []}}',
        b'{"content": {"derivation": {"theorem": "barrier"}}}',
        b"[" * 4000,
        b"9" * 4000,
        b"\xff\xfe",
        b"\0" * 10**6,
    ],
)
def test_a_foreign_file_is_ignored_and_replaced(folder, content):
    keep()
    the_file(folder).write_bytes(content)
    assert recall() is None
    keep()
    assert recall() == OUTCOME


def test_an_entry_of_another_theorem_or_program_is_ignored(folder):
    keep()
    file = the_file(folder)
    elsewhere = folder / f"proofs-{'0' * 32}" / file.name
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(file.read_bytes())
    assert cache.recall(elsewhere.parent, "barrier") is None
    file.rename(file.with_name("barrier-constants.json"))
    assert recall("barrier-constants") is None


def test_an_impossible_outcome_is_ignored_even_where_its_checksum_is_right(folder):
    keep()
    file = the_file(folder)
    for forged in (
        replace(OUTCOME, steps=(replace(STEP, status="rejected"),)),
        replace(OUTCOME, steps=()),
        replace(OUTCOME, status="undecided"),
        replace(OUTCOME, detail=7),
    ):
        with mock.patch.object(cache, "_is_settled", return_value=True):
            file.write_bytes(cache._entry(file.parent.name, forged))
        assert recall() is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_what_is_no_file_is_ignored(folder):
    keep()
    file = the_file(folder)
    file.unlink()
    os.mkfifo(file)
    assert recall() is None  # and does not wait for a writer
    file.unlink()
    file.mkdir()
    assert recall() is None
    keep()
    assert [one.name for one in file.parent.iterdir()] == [file.name]  # nothing half-written is left


@pytest.mark.parametrize("obstacle", ["a file", "read-only", "no such device", "a name too long"])
def test_without_a_place_to_write_theorems_are_checked(tmp_path, folder, monkeypatch, obstacle):
    places = {
        "a file": tmp_path / "file" / "below",
        "read-only": Path("/proc/rankbound"),
        "no such device": Path("/dev/null/rankbound"),
        "a name too long": tmp_path / ("x" * 300),
    }
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", str(places[obstacle]))
    keep()
    assert recall() is None


def test_a_full_disk_leaves_nothing_behind(folder):
    keep()
    with mock.patch("os.fdopen", side_effect=OSError(28, "No space left on device")):
        keep(replace(OUTCOME, theorem="barrier-constants"))
    assert the_file(folder).name == "barrier.json"
    assert recall() == OUTCOME


def test_threads_that_write_and_read_the_same_entries_see_whole_ones(folder):
    def work(seed):
        good = 0
        for i in range(40):
            name = f"theorem-{(seed + i) % 4}"
            keep(replace(OUTCOME, theorem=name, title=name * (1 + i)))
            found = recall(name)
            good += found is not None and found.title.startswith(name)
        return good

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 320
    assert len(list(folder.glob("proofs-*/*"))) == 4


def test_an_outcome_is_kept_only_if_the_worker_is_the_same_program(folder):
    for other in (None, "0" * 64, "", 3):
        cache.keep(cache.place(), OUTCOME, other)
    assert not folder.exists()
    cache.keep(folder / f"proofs-{'0' * 32}", OUTCOME, cache.program())
    assert not folder.exists()


def test_a_program_that_changes_while_it_runs_neither_gives_nor_takes(folder, monkeypatch):
    keep()
    place, name = cache.place(), cache.program()
    monkeypatch.setattr(cache, "_sources_now", lambda: (("kernel.py", 1, 2, 3),))
    assert cache.place() is None
    cache.keep(place, replace(OUTCOME, theorem="barrier-constants"), name)
    assert the_file(folder).name == "barrier.json"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A small tree in the place of the sources."""
    for name in ("proofs/cache.py", "proofs/kernel.py", "proofs/rules/order.py", "proofs/theorems/order.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "rankbound").mkdir()
    for name in cache._BESIDES:
        (tmp_path / "rankbound" / name).write_text(name)
    monkeypatch.setattr(cache, "_PROOFS", tmp_path / "proofs")
    monkeypatch.setattr(cache, "_RANKBOUND", tmp_path / "rankbound")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "proofs" / "cache.py"))
    return tmp_path


def test_the_digest_knows_every_source_the_libraries_and_their_settings(copied, monkeypatch):
    digest = cache._digest.__wrapped__
    state = cache._sources_now()
    seen = {digest()}
    changed = ["proofs/kernel.py", "proofs/rules/order.py", "proofs/theorems/order.py", "rankbound/errors.py"]
    for name in (*changed, "proofs/new.py", "proofs/latex/new.py", "rankbound/cache_store.py", "rankbound/__init__.py"):
        (copied / name).parent.mkdir(exist_ok=True)
        (copied / name).write_text("changed")
        seen.add(digest())
        assert cache._sources_now() != state
        state = cache._sources_now()
    (copied / "proofs/rules/order.py").write_text("proofs/theorems/order.py")  # the two exchanged are not the two
    (copied / "proofs/theorems/order.py").write_text("proofs/rules/order.py")
    seen.add(digest())
    monkeypatch.setenv("SYMPY_GROUND_TYPES", "python")
    seen.add(digest())
    monkeypatch.setattr(cache, "_LIBRARIES", {"sympy": "__init__.py"})
    seen.add(digest())
    assert len(seen) == 12
    assert None not in seen
    monkeypatch.setattr(cache, "_LIBRARIES", {"no_such_library": "__init__.py"})
    assert digest() is None
    monkeypatch.setattr(cache, "_LIBRARIES", {})
    (copied / "rankbound/errors.py").unlink()
    assert digest() is None
    (copied / "proofs/cache.py").unlink()  # compiled code without sources cannot tell what it is
    assert digest() is None


def test_code_compiled_before_the_last_change_is_noticed(copied, monkeypatch):
    source = copied / "proofs/kernel.py"
    source.write_text("x = 1\n")
    py_compile.compile(str(source))
    assert not cache._has_older_code(source)
    now = source.stat()
    source.write_text("x = 2\n")  # as long as before, in the same second: Python would go on with 1
    whole = now.st_mtime_ns - now.st_mtime_ns % 10**9
    compiled = next((copied / "proofs/__pycache__").iterdir())
    os.utime(source, ns=(whole + 5 * 10**8, whole + 5 * 10**8))
    os.utime(compiled, ns=(whole + 4 * 10**8, whole + 4 * 10**8))
    assert cache._has_older_code(source)
    os.utime(source, ns=(whole + 10**10, whole + 10**10))  # in another second Python compiles it anew
    assert not cache._has_older_code(source)


def test_the_version_is_in_the_file_that_is_said_to_have_it():
    import flint
    import mpmath
    import sympy

    for library in (flint, mpmath, sympy):
        text = Path(library.__file__).with_name(cache._LIBRARIES[library.__name__]).read_text(encoding="utf-8")
        assert re.search(rf"^__version__ = ['\"]{re.escape(library.__version__)}['\"]", text, re.MULTILINE)
    assert "__version__ = " in (Path(cache_store.__file__).with_name("__init__.py")).read_text(encoding="utf-8")


@pytest.mark.thorough
def test_all_that_a_check_loads_is_in_the_digest():
    script = """
import json, sys
before = set(sys.modules)
import proofs
assert proofs.check("log-n-exponent").status
loaded = set(sys.modules) - before
print(json.dumps([[name, getattr(sys.modules[name], "__file__", None)] for name in sorted(loaded)]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    sources = {str(path) for path in cache._sources()}
    for name, file in json.loads(done.stdout):
        top = name.partition(".")[0]
        if top in ("proofs", "rankbound"):
            assert file in sources, name
        elif "cython" not in top:  # what python-flint was compiled with
            assert top in {*sys.stdlib_module_names, *cache._LIBRARIES, "gmpy2"}, name


@pytest.fixture
def same_program(folder, monkeypatch):
    """Let the worker be the same program, whatever is written next to the tests; end-to-end tests do without this."""
    monkeypatch.setattr(
        service,
        "cache",
        SimpleNamespace(
            place=cache.place,
            recall=cache.recall,
            keep=lambda place, derivation, _: cache.keep(place, derivation, cache.program()),
        ),
    )
    return folder


@pytest.fixture
def no_worker(monkeypatch):
    """Return what lets no worker start from then on."""

    def refuse():
        raise OSError("none today")

    return lambda: monkeypatch.setattr(service, "_Worker", refuse)


IDS = ("rank-is-occupancy", "barrier")


def test_what_was_checked_once_needs_no_worker(same_program, no_worker):
    afresh = proofs.check_all(IDS, time_limit=60)
    assert {one.status for one in afresh.values()} == {"checked"}
    no_worker()
    checks = proofs.start_checks(IDS, time_limit=60)
    assert checks.done()
    assert checks.progress()[0] == 1
    assert checks.result() == afresh
    checks.cancel()
    assert proofs.check_all(("barrier", "barrier-constants"), time_limit=60)["barrier"] == afresh["barrier"]
    assert "none today" in proofs.check_all(["barrier-constants"], time_limit=60)["barrier-constants"].detail


@pytest.mark.thorough
def test_it_can_be_switched_off_where_it_is_asked_for(same_program, no_worker, monkeypatch):
    with cache_store.disabled():
        proofs.check_all(IDS, time_limit=60)  # in a thread of its own, which must not write either
    assert not same_program.exists()
    proofs.check_all(IDS, time_limit=60)
    no_worker()
    with cache_store.disabled():
        assert proofs.check_all(IDS, time_limit=60)["barrier"].status == "undecided"
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "1")
    assert proofs.check_all(IDS, time_limit=60)["barrier"].status == "undecided"
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "0")
    assert proofs.check_all(IDS, time_limit=60)["barrier"].status == "checked"


@pytest.mark.thorough
def test_checking_anew_does_not_read_and_refreshes(same_program):
    proofs.check_all(IDS, time_limit=60)
    keep()
    assert proofs.check_all(["barrier"], time_limit=60)["barrier"] == OUTCOME  # what the cache has
    assert proofs.check_all(["barrier"], time_limit=60, anew=True)["barrier"] == proofs.check("barrier")
    assert recall() == proofs.check("barrier")


@pytest.mark.thorough
def test_a_damaged_entry_is_checked_again_and_replaced(same_program):
    proofs.check_all(IDS, time_limit=60)
    file = next(same_program.glob("proofs-*/barrier.json"))
    file.write_bytes(file.read_bytes().replace(b"checked", b"partial"))
    assert proofs.check_all(IDS, time_limit=60)["barrier"].status == "checked"
    assert recall().status == "checked"


def test_what_runs_out_of_time_is_not_kept_and_says_at_which_step(same_program):
    found = proofs.check_all(["log-n-exponent"], time_limit=0.3)["log-n-exponent"]
    assert found.status == "undecided"
    assert re.fullmatch(r"stopped after the time limit of 0\.3 s, at step '[^']+'( of [a-z-]+)?", found.detail)
    assert not same_program.exists()


def test_old_programs_are_forgotten_and_certified_numbers_left_alone(folder):
    others = [folder / f"proofs-{i:032x}" for i in range(12)]
    numbers = folder / f"program-{0:032x}"
    for place in (*others, numbers):
        place.mkdir(parents=True)
        (place / "barrier.json").write_text("{}")
        os.utime(place, (0, 0))
    keep()
    assert not any(place.exists() for place in others)
    assert numbers.exists()
    assert recall() == OUTCOME
