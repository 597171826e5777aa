"""A cache that may be missing, full, damaged or contested, and never changes a number."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest

from rankbound.bounds import cache, combination, sandwich
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour

ENTRY = (Enclosure(0.1, 1 / 3, Rigour.ENCLOSED, "one below, another above"), 0.7)
SIZES = (64, 16, 32)  # n_keys, head_dim, n_queries


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("RANKBOUND_NO_CACHE", raising=False)
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", str(tmp_path / "cache"))
    # Another program is written next to the tests now and then; what happens then has a test of its own.
    monkeypatch.setattr(cache, "_SOURCES_AT_START", ())
    monkeypatch.setattr(cache, "_sources_now", lambda: ())
    return tmp_path / "cache"


def the_file(folder):
    (file,) = folder.glob("program-*/*")
    return file


def test_what_is_kept_is_recalled_exactly_and_for_its_sizes_only(folder):
    assert cache.recall(*SIZES) is None
    assert not folder.exists()  # asking creates nothing
    cache.keep(*SIZES, *ENTRY)
    assert cache.recall(*SIZES) == ENTRY
    assert the_file(folder).name == "n64-d16-m32.json"
    for other in [(64, 16, 64), (64, 32, 16), (65, 16, 32)]:
        assert cache.recall(*other) is None


@pytest.mark.parametrize(
    ("lower", "upper", "conditioned"),
    [
        (5e-324, sys.float_info.max, sys.float_info.max),
        (1.0, 1.0, 1.0),
        (math.nextafter(2.0, 0.0), 2.0, math.inf),
        (0.0, math.inf, math.inf),
        (0.1, 0.1 + 2**-55, 1e-300),
    ],
)
def test_floats_come_back_to_the_last_bit(folder, lower, upper, conditioned):
    entry = Enclosure(lower, upper, Rigour.EXACT, "any"), conditioned
    cache.keep(*SIZES, *entry)
    found = cache.recall(*SIZES)
    assert found == entry
    assert type(found[0].rigour) is Rigour
    json.loads(the_file(folder).read_text())


def test_what_could_not_be_read_back_is_not_written(folder):
    for lower, upper, method, conditioned in [
        (-math.inf, 1.0, "m", 1.0),
        (0.0, 1.0, "m", math.nan),
        (0.0, 1.0, "", 1.0),
        (0.0, 1.0, "m" * 5000, 1.0),
        (0, 1.0, "m", 1.0),
    ]:
        cache.keep(*SIZES, Enclosure(lower, upper, Rigour.ENCLOSED, method), conditioned)
    assert not folder.exists()


def test_a_damaged_byte_anywhere_is_noticed(folder):
    cache.keep(*SIZES, *ENTRY)
    file = the_file(folder)
    whole = file.read_bytes()
    for i in range(len(whole)):
        for bit in (1, 32):  # 32 turns letters into capitals, which hexadecimal numbers do not mind
            file.write_bytes(whole[:i] + bytes([whole[i] ^ bit]) + whole[i + 1 :])
            assert cache.recall(*SIZES) is None, (i, bit)
    file.write_bytes(whole)
    assert cache.recall(*SIZES) == ENTRY


def test_a_truncated_or_lengthened_entry_is_noticed(folder):
    cache.keep(*SIZES, *ENTRY)
    file = the_file(folder)
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert cache.recall(*SIZES) is None, size
    for longer in (whole + b"\n", whole + whole, b" " + whole, whole.replace(b"\n", b"\r\n")):
        file.write_bytes(longer)
        assert cache.recall(*SIZES) is None


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"[]",
        b"{}",
        b'{"content": null}',
        b'{"content": {"lower": 1}}',
        b'{"content": {"lower": "0x1p99999", "upper": "nan", "rigour": "float", "method": 3}}',
        b"[" * 4000,
        b"9" * 4000,
        b"\xff\xfe",
        b"\0" * 10**6,
    ],
)
def test_a_foreign_file_is_ignored_and_replaced(folder, content):
    cache.keep(*SIZES, *ENTRY)
    file = the_file(folder)
    file.write_bytes(content)
    assert cache.recall(*SIZES) is None
    cache.keep(*SIZES, *ENTRY)
    assert cache.recall(*SIZES) == ENTRY


def test_an_entry_for_another_question_or_with_impossible_numbers_is_ignored(folder):
    cache.keep(*SIZES, *ENTRY)
    file = the_file(folder)
    file.rename(file.with_name("n64-d17-m32.json"))
    assert cache.recall(64, 17, 32) is None

    def forged(lower, upper, rigour):
        """Write an entry whose checksum is right."""
        with mock.patch.object(cache, "math", mock.Mock(isfinite=lambda x: True, inf=math.inf)):
            value = mock.Mock(lower=lower, upper=upper, rigour=rigour, method="m")
            file.write_bytes(cache._entry(file.parent.name, *SIZES, value, 1.0))

    forged(1.0, 2.0, "enclosed")
    assert cache.recall(*SIZES) == (Enclosure(1.0, 2.0, Rigour.ENCLOSED, "m"), 1.0)
    for lower, upper, rigour in [
        (2.0, 1.0, "enclosed"),
        (1.0, math.nan, "enclosed"),
        (-math.inf, 1.0, "enclosed"),
        (1.0, 2.0, "float"),
        (1.0, 2.0, "certain"),
    ]:
        forged(lower, upper, rigour)
        assert cache.recall(*SIZES) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_what_is_no_file_is_ignored(folder):
    cache.keep(*SIZES, *ENTRY)
    file = the_file(folder)
    file.unlink()
    os.mkfifo(file)
    assert cache.recall(*SIZES) is None  # and does not wait for a writer
    file.unlink()
    file.mkdir()
    assert cache.recall(*SIZES) is None
    cache.keep(*SIZES, *ENTRY)
    assert cache.recall(*SIZES) is None
    assert [p.name for p in file.parent.iterdir()] == [file.name]  # nothing half-written is left


@pytest.mark.parametrize("obstacle", ["a file", "read-only", "no such device", "a name too long"])
def test_without_a_place_to_write_it_is_as_if_there_were_no_cache(tmp_path, folder, monkeypatch, obstacle):
    places = {
        "a file": tmp_path / "file" / "below",
        "read-only": Path("/proc/rankbound"),
        "no such device": Path("/dev/null/rankbound"),
        "a name too long": tmp_path / ("x" * 300),
    }
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", str(places[obstacle]))
    cache.keep(*SIZES, *ENTRY)
    assert cache.recall(*SIZES) is None


def test_a_full_disk_leaves_nothing_behind(folder):
    cache.keep(*SIZES, *ENTRY)
    place = the_file(folder).parent
    with mock.patch("os.fdopen", side_effect=OSError(28, "No space left on device")):
        cache.keep(64, 17, 32, *ENTRY)
    assert [p.name for p in place.iterdir()] == ["n64-d16-m32.json"]
    assert cache.recall(*SIZES) == ENTRY


def test_where_it_is(monkeypatch, tmp_path):
    for name in ("RANKBOUND_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "rankbound"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.folder() == tmp_path / ".cache" / "rankbound"
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache.folder() == Path("/somewhere/rankbound")
    monkeypatch.setenv("RANKBOUND_CACHE_DIR", "/elsewhere")
    assert cache.folder() == Path("/elsewhere")


def test_it_can_be_switched_off(folder, monkeypatch):
    cache.keep(*SIZES, *ENTRY)
    with cache.disabled():
        assert cache.recall(*SIZES) is None
        cache.keep(64, 17, 32, *ENTRY)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(cache.is_enabled).result()  # in this thread only
        with cache.disabled():
            pass
        assert not cache.is_enabled()
    assert cache.recall(*SIZES) == ENTRY
    assert cache.recall(64, 17, 32) is None
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "1")
    assert cache.recall(*SIZES) is None
    monkeypatch.setenv("RANKBOUND_NO_CACHE", "0")
    assert cache.recall(*SIZES) == ENTRY


def test_another_program_finds_nothing(folder, monkeypatch):
    cache.keep(*SIZES, *ENTRY)
    monkeypatch.setattr(cache, "_digest", lambda: "0" * 64)
    assert cache.recall(*SIZES) is None
    monkeypatch.setattr(cache, "_digest", lambda: None)  # a program that cannot tell what it is
    assert cache.recall(*SIZES) is None
    cache.keep(*SIZES, *ENTRY)
    assert len(list(folder.iterdir())) == 1


def test_a_program_that_changes_while_it_runs_neither_gives_nor_takes(folder, monkeypatch):
    cache.keep(*SIZES, *ENTRY)
    monkeypatch.setattr(cache, "_sources_now", lambda: (("sandwich.py", 1, 2, 3),))
    assert cache.recall(*SIZES) is None
    cache.keep(64, 17, 32, *ENTRY)
    monkeypatch.setattr(cache, "_sources_now", lambda: ())
    assert cache.recall(64, 17, 32) is None


def test_the_digest_knows_every_source_the_version_and_the_libraries(tmp_path, monkeypatch):
    copy = tmp_path / "rankbound"
    (copy / "bounds").mkdir(parents=True)
    for name in ("bounds/cache.py", "bounds/sandwich.py", "bounds/new.py", *cache._BESIDES):
        (copy / name).write_text(name)
    monkeypatch.setattr(cache, "_BOUNDS", copy / "bounds")
    digest = cache._digest.__wrapped__
    snapshot = cache._sources_now()
    seen = {digest()}
    for name in ("bounds/sandwich.py", "bounds/new.py", "enclosure.py", "setting.py", "__init__.py"):
        (copy / name).write_text("changed")
        seen.add(digest())
    (copy / "bounds/more.py").write_text("")
    seen.add(digest())
    assert cache._sources_now() != snapshot
    monkeypatch.setattr(cache, "_LIBRARIES", {"numpy": "__init__.py"})
    seen.add(digest())
    assert len(seen) == 8
    assert None not in seen
    assert "__version__ = " in (Path(cache.__file__).parents[1] / "__init__.py").read_text()
    monkeypatch.setattr(cache, "_LIBRARIES", {"no_such_library": "__init__.py"})
    assert digest() is None
    (copy / "setting.py").unlink()
    assert digest() is None


def test_old_programs_are_forgotten_and_strangers_left_alone(folder, monkeypatch):
    now = time.time()

    def program(i, days):
        place = folder / f"program-{i:032x}"
        place.mkdir(parents=True)
        (place / "n1-d1-m1.json").write_text("{}")
        os.utime(place, (now - days * 86400, now - days * 86400))
        return place

    recent = [program(i, days=i) for i in range(1, 12)]
    old, strange = program(90, days=90), program(91, days=91)
    (strange / "thesis.tex").write_text("irreplaceable")
    os.utime(strange, (now - 91 * 86400, now - 91 * 86400))
    (folder / "program-notes").mkdir()
    cache.keep(*SIZES, *ENTRY)
    assert [p for p in recent if p.exists()] == recent[: cache.MOST_PROGRAMS - 1]
    assert not old.exists()
    assert (strange / "thesis.tex").read_text() == "irreplaceable"
    assert (folder / "program-notes").is_dir()
    # A program that is used is not old, whenever it last wrote something.
    place = next(folder.glob("program-*/n64-*")).parent
    os.utime(place, (0, 0))
    cache.keep(64, 17, 32, *ENTRY)
    assert place.stat().st_mtime > now - 60


def test_there_is_an_end_to_how_much_is_kept(folder, monkeypatch):
    monkeypatch.setattr(cache, "MOST_ENTRIES", 3)
    for d in range(1, 10):
        cache.keep(64, d, 64, *ENTRY)
    assert len(list(folder.glob("program-*/*"))) == 3


def test_threads_that_write_and_read_the_same_entries_see_whole_ones(folder):
    def work(seed):
        good = 0
        for i in range(200):
            d = (seed + i) % 5 + 1
            cache.keep(64, d, 64, Enclosure(float(d), d + 0.5, Rigour.ENCLOSED, "m"), float(d))
            found = cache.recall(64, d, 64)
            assert found is None or (found[0].lower, found[1]) == (d, d)
            good += found is not None
        return good

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 8 * 200
    assert len(list(folder.glob("program-*/*"))) == 5


def test_processes_that_write_and_read_the_same_entries_see_whole_ones(folder):
    script = """
from rankbound.bounds import cache
from rankbound.enclosure import Enclosure
cache._SOURCES_AT_START, cache._sources_now, cache._digest = (), lambda: (), lambda: "0" * 64
for i in range(400):
    d = i % 4 + 1
    cache.keep(64, d, 64, Enclosure(float(d), d + 0.5, "enclosed", "m" * (1 + i % 300)), float(d))
    found = cache.recall(64, d, 64)
    assert found is not None and found[0].lower == found[1] == d, found
"""
    running = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(4)]
    assert [p.communicate(timeout=60)[1] for p in running] == [b""] * 4
    assert len(list(folder.glob("program-*/*"))) == 4


def test_the_public_function_computes_once_and_survives_damage(folder):
    afresh = sandwich.saturation_point(2, 3)
    with mock.patch.object(combination, "combine", side_effect=AssertionError("computed again")):
        assert sandwich.saturation_point(2, 3) == afresh
        assert sandwich.expected_rank(2, 3, n_queries=2) == afresh.expected_rank
    the_file(folder).write_bytes(b"garbage")
    assert sandwich.saturation_point(2, 3) == afresh
    with cache.disabled():
        assert sandwich.saturation_point(2, 3) == afresh
    with mock.patch.object(combination, "combine", side_effect=AssertionError("computed again")):
        assert sandwich.saturation_point(2, 3) == afresh  # the damaged entry was replaced


def test_a_number_from_the_cache_loads_no_numerics(folder):
    script = """
import sys
from rankbound.bounds import cache
cache._SOURCES_AT_START, cache._sources_now, cache._digest = (), lambda: (), lambda: "0" * 64
from rankbound import expected_rank
value = expected_rank(2, 3)
print(*sorted({"flint", "numpy", "scipy"} & set(sys.modules)), sep=",")
print(value)
"""
    cold, warm = (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()
        for _ in range(2)
    )
    assert "flint" in cold[0]
    assert warm[0] == ""
    assert cold[1] == warm[1]


def test_importing_creates_nothing(folder):
    subprocess.run([sys.executable, "-c", "import rankbound.bounds.sandwich"], check=True)
    assert not folder.exists()


def test_the_state_of_the_sources_is_noted_before_any_bound_is_loaded():
    """Otherwise an upgrade in between would file what the old modules compute under the new program."""
    program = (
        "import sys; from rankbound.bounds import barrier; barrier(3); loaded = list(sys.modules); "
        "print(loaded.index('rankbound.bounds.cache') < loaded.index('rankbound.bounds.occupancy'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("home", ["", "somewhere/relative"])
def test_a_home_that_is_no_place_has_no_cache(monkeypatch, home):
    monkeypatch.delenv("RANKBOUND_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", home)
    assert cache.folder() is None
