"""Answers kept on disk, so that a question asked before is answered at once.

A cache must never be the reason for a wrong number. An entry is therefore found only by the very program that wrote it:
its folder is named by a digest of every source file that the number depends on (the version is in one of them), and of
the versions of the libraries underneath. What is read is believed only if it is, to the last byte, what would be
written for the question at hand, checksum included. And whatever goes wrong (no folder, no space, no permission, a
damaged or a foreign file) is no error: the number is computed.

Where the folder is, and what switches the cache off, :mod:`rankbound.cache_store` says.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from pathlib import Path

from rankbound import cache_store
from rankbound.cache_store import MOST_PROGRAMS, UNUSED_DAYS, disabled, folder, is_enabled
from rankbound.enclosure import Enclosure
from rankbound.verdict import Rigour

__all__ = ["MOST_ENTRIES", "MOST_PROGRAMS", "UNUSED_DAYS", "disabled", "folder", "is_enabled", "keep", "recall"]

MOST_ENTRIES = 20_000
"""Entries that one program keeps; at about half a kilobyte each (often 4 on a disk) that is 10 to 80 MB."""

_LONGEST = 4096  # bytes; an entry has about 500
_BOUNDS = Path(__file__).parent
_BESIDES = ("__init__.py", "cache_store.py", "enclosure.py", "setting.py", "verdict.py")  # the first says which version
_LIBRARIES = {"flint": "__init__.py", "numpy": "version.py", "scipy": "version.py"}  # the files that name the version


def recall(n_keys: int, head_dim: int, n_queries: int) -> tuple[Enclosure, float] | None:
    """Return what :func:`keep` was given for these sizes by this very program, or ``None``."""
    place = _place()
    if place is None:
        return None
    try:
        data = cache_store.read(place / _file_name(n_keys, head_dim, n_queries), _LONGEST)
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
        cache_store.write(place / _file_name(n_keys, head_dim, n_queries), data, most_entries=MOST_ENTRIES)
    except (OSError, ValueError, TypeError):
        return


def _place() -> Path | None:
    """Return the folder of this program's entries, or ``None`` while the cache is off."""
    if not is_enabled():
        return None
    # Code that is loaded after its file was changed is not the code that the digest names.
    return cache_store.place_of("program", _digest()) if _sources_now() == _SOURCES_AT_START else None


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


def _besides() -> list[Path]:
    return [_BOUNDS.parent / name for name in _BESIDES]


def _sources_now() -> cache_store.State:
    return cache_store.state_of([_BOUNDS], _besides())


@functools.cache
def _digest() -> str | None:
    """Return a digest of all that a number depends on, or ``None`` where that cannot be known (no source files)."""
    sources = [*sorted(_BOUNDS.glob("*.py")), *_besides()]
    if not any(path.name == Path(__file__).name for path in sources):
        return None
    return cache_store.digest_of(((path.name, path) for path in sources), _LIBRARIES)


_SOURCES_AT_START = _sources_now()
