"""Answers kept on disk, so that a question asked before is answered at once.

A cache must never be the reason for a wrong number. An entry is therefore found only by the very program that wrote it:
its folder is named by a digest of every source file that the number depends on (the version is in one of them), and of
the versions of the libraries underneath. What is read is believed only if it is, to the last byte, what would be
written for the question at hand, checksum included. And whatever goes wrong (no folder, no space, no permission, a
damaged or a foreign file) is no error: the number is computed.

The folder is ``$RANKBOUND_CACHE_DIR``, else ``$XDG_CACHE_HOME/rankbound``, else ``~/.cache/rankbound``; it may be
deleted at any time. ``RANKBOUND_NO_CACHE=1`` in the environment switches the cache off, and so does :func:`disabled`
within a block.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import json
import math
import os
import platform
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour

MOST_ENTRIES = 20_000
"""Entries that one program keeps; at about half a kilobyte each (often 4 on a disk) that is 10 to 80 MB."""

MOST_PROGRAMS = 8
"""Programs (versions, or states of the sources) whose entries are kept, those used last."""

UNUSED_DAYS = 30
"""Days without use after which the entries of another program are removed."""

_DAY = 86400.0
_LONGEST = 4096  # bytes; an entry has about 500
_PREFIX, _DIGITS = "program-", 32
_BOUNDS = Path(__file__).parent
_BESIDES = ("__init__.py", "enclosure.py", "setting.py", "verdict.py")  # the first says which version it is
_LIBRARIES = {"flint": "__init__.py", "numpy": "version.py", "scipy": "version.py"}  # the files that name the version

_switched_off: ContextVar[bool] = ContextVar("rankbound_cache_switched_off", default=False)


@contextmanager
def disabled() -> Iterator[None]:
    """Neither read nor write the cache within the block, in this thread (or task) only."""
    token = _switched_off.set(True)
    try:
        yield
    finally:
        _switched_off.reset(token)


def is_enabled() -> bool:
    """Whether numbers are looked up at all: not within :func:`disabled`, nor with ``RANKBOUND_NO_CACHE`` set."""
    return not _switched_off.get() and os.environ.get("RANKBOUND_NO_CACHE", "") in ("", "0")


def folder() -> Path | None:
    """Return where the cache is, whether or not it exists, or ``None`` where there is no place for it."""
    given = os.environ.get("RANKBOUND_CACHE_DIR")
    if given:
        return Path(given)
    caches = os.environ.get("XDG_CACHE_HOME")
    if caches and Path(caches).is_absolute():  # a relative one is to be ignored, says the XDG specification
        return Path(caches, "rankbound")
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".cache" / "rankbound" if home.is_absolute() and os.environ.get("HOME") != "" else None


def recall(n_keys: int, head_dim: int, n_queries: int) -> tuple[Enclosure, float] | None:
    """Return what :func:`keep` was given for these sizes by this very program, or ``None``."""
    place = _place()
    if place is None:
        return None
    try:
        data = _read(place / _file_name(n_keys, head_dim, n_queries))
        content = json.loads(data)["content"]
        enclosure = Enclosure(
            float.fromhex(content["lower"]),
            float.fromhex(content["upper"]),
            Rigour(content["rigour"]),
            content["method"],
        )
        conditioned = float.fromhex(content["norm_conditioned"])
        as_written = _entry(place.name, n_keys, head_dim, n_queries, enclosure, conditioned)
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    if data != as_written:
        return None
    return enclosure, conditioned


def keep(n_keys: int, head_dim: int, n_queries: int, enclosure: Enclosure, norm_conditioned: float) -> None:
    """Write an answer down for the next time; that this fails is of no consequence."""
    place = _place()
    if place is None:
        return
    try:
        data = _entry(place.name, n_keys, head_dim, n_queries, enclosure, norm_conditioned)
        if _prepare(place):
            _write_whole(place / _file_name(n_keys, head_dim, n_queries), data)
    except (OSError, ValueError, TypeError):
        return


def _place() -> Path | None:
    """Return the folder of this program's entries, or ``None`` while the cache is off."""
    if not is_enabled():
        return None
    root = folder()
    digest = _digest()
    # Code that is loaded after its file was changed is not the code that the digest names.
    if root is None or digest is None or _sources_now() != _SOURCES_AT_START:
        return None
    return root / f"{_PREFIX}{digest[:_DIGITS]}"


def _file_name(n_keys: int, head_dim: int, n_queries: int) -> str:
    return f"n{n_keys}-d{head_dim}-m{n_queries}.json"


def _entry(program: str, n: int, d: int, m: int, enclosure: Enclosure, norm_conditioned: float) -> bytes:
    """Return the one way to write an entry down, or raise ``ValueError`` for what is none.

    Floats are written in hexadecimal: exactly.
    """
    sensible = (
        {type(number) for number in (enclosure.lower, enclosure.upper, norm_conditioned)} == {float}
        and isinstance(enclosure.method, str)
        and 0 < len(enclosure.method) < 400
        and math.isfinite(enclosure.lower)
        and norm_conditioned > -math.inf  # false for NaN too
    )
    if not sensible:
        raise ValueError("not an answer worth keeping")
    content = {
        "program": program,
        "n_keys": n,
        "head_dim": d,
        "n_queries": m,
        "lower": enclosure.lower.hex(),
        "upper": enclosure.upper.hex(),
        "rigour": str(enclosure.rigour),
        "method": enclosure.method,
        "norm_conditioned": norm_conditioned.hex(),
    }
    checksum = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return (json.dumps({"content": content, "sha256": checksum}, indent=1) + "\n").encode()


def _read(path: Path) -> bytes:
    """Return the bytes of a small regular file; ``OSError`` for anything else (a pipe must not keep us waiting)."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not a regular file")
        return os.read(handle, _LONGEST)
    finally:
        os.close(handle)


def _prepare(place: Path) -> bool:
    """Make sure that the folder is there, and say whether there is room in it."""
    if place.is_dir():
        _mark_as_used(place)
        return len(os.listdir(place)) < MOST_ENTRIES  # noqa: PTH208  (ten times as fast as iterdir)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700, exist_ok=True)
    _remove_others(place)
    return True


def _mark_as_used(place: Path) -> None:
    """Let the folder's time say when it was last used, to a day."""
    now = time.time()
    if abs(now - place.stat().st_mtime) > _DAY:
        os.utime(place)


def _remove_others(place: Path) -> None:
    """Remove what other programs left and nobody uses: nothing but our own kind of file in our own kind of folder."""
    others = []
    for other in place.parent.iterdir():
        digits = other.name.removeprefix(_PREFIX)
        ours = other.name.startswith(_PREFIX) and len(digits) == _DIGITS and set(digits) <= set("0123456789abcdef")
        if ours and other != place and other.is_dir() and not other.is_symlink():
            others.append((other.stat().st_mtime, other))
    others.sort(reverse=True)
    oldest = time.time() - UNUSED_DAYS * _DAY
    for rank, (used, other) in enumerate(others, start=1):
        if rank < MOST_PROGRAMS and used >= oldest:
            continue
        with contextlib.suppress(OSError):  # what is not ours in it keeps the folder there
            for file in other.iterdir():
                if file.suffix in (".json", ".tmp") and not file.is_dir():
                    file.unlink(missing_ok=True)
            other.rmdir()


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none, whoever else is writing the same one."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _sources() -> list[Path]:
    return [*sorted(_BOUNDS.glob("*.py")), *(_BOUNDS.parent / name for name in _BESIDES)]


def _sources_now() -> tuple[tuple[str, int, int, int], ...]:
    """Return what tells one state of the source files from another, without reading them."""
    found = []
    with contextlib.suppress(OSError), os.scandir(_BOUNDS) as entries:
        found = [(e.name, e.stat()) for e in entries if e.name.endswith(".py")]
        found += [(name, (_BOUNDS.parent / name).stat()) for name in _BESIDES]
    return tuple(sorted((name, s.st_mtime_ns, s.st_size, s.st_ino) for name, s in found))


@functools.cache
def _digest() -> str | None:
    """Return a digest of all that a number depends on, or ``None`` where that cannot be known (no source files)."""
    try:
        sources = [(path.name, path.read_bytes()) for path in _sources()]
        for package, file in _LIBRARIES.items():
            spec = importlib.util.find_spec(package)
            if spec is None or spec.origin is None:
                return None
            sources.append((package, Path(spec.origin).with_name(file).read_bytes()))
    except (OSError, ValueError):
        return None
    if not any(name == Path(__file__).name for name, _ in sources):
        return None
    digest = hashlib.sha256(repr((sys.version, platform.machine())).encode())
    for name, data in sources:
        digest.update(f"\n{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


_SOURCES_AT_START = _sources_now()
