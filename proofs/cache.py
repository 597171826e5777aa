"""Outcomes of checks kept on disk, so that what was checked before need not be checked again.

A cache must never be the reason for a wrong status. An outcome is therefore found only by the very program that came to
it: its folder is named by a digest of every source file of this package (a finer choice would have to know what each
theorem leans on), of the few files of :mod:`rankbound` that it imports, and of the versions of the libraries
underneath. What is read is believed only if it is, to the last byte, what would be written for the derivation at hand,
checksum included. Undecided outcomes, which another machine or another hour could decide, are not kept. And whatever
goes wrong (no folder, no space, no permission, a damaged or a foreign file) is no error: the theorem is checked.

Checks run in a worker process, which loads the sources later than the process that asks. It says which program it is,
and an outcome is kept only if the two are the same.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import struct
from pathlib import Path

from proofs.records import ACCEPTED, CHECKED, PARTIAL, REJECTED, Derivation
from rankbound import cache_store

_MOST_ENTRIES = 1000
_LONGEST = 1 << 20  # bytes; the longest entry has about a tenth of that
_PROOFS = Path(__file__).parent
_RANKBOUND = Path(cache_store.__file__).parent
_BESIDES = ("__init__.py", "cache_store.py", "errors.py")  # the first says which version it is
_LIBRARIES = {"flint": "__init__.py", "mpmath": "__init__.py", "sympy": "release.py"}  # the files that name the version
_SETTINGS = ("SYMPY_", "MPMATH_")  # how variables of the environment begin that those libraries look at


def place() -> Path | None:
    """Return the folder of this program's outcomes, or ``None`` while the cache is off (in this thread)."""
    return cache_store.place_of("proofs", program()) if cache_store.is_enabled() else None


def program() -> str | None:
    """Return what names this program: a digest of all that an outcome depends on.

    ``None`` where that cannot be known. Code that is loaded after its file was changed is not the code that the digest
    names; nor is compiled code older than its source, which Python takes for current if the two agree in size and in
    the second of the last change.
    """
    unchanged = _sources_now() == _SOURCES_AT_START and not any(map(_has_older_code, _sources()))
    return _digest() if unchanged else None


def recall(place: Path, theorem_id: str) -> Derivation | None:
    """Return the outcome that :func:`keep` wrote in this folder, or ``None``."""
    try:
        data = cache_store.read(place / _file_name(theorem_id), _LONGEST)
        derivation = Derivation.from_json(json.loads(data)["content"]["derivation"])
        as_written = _entry(place.name, derivation)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return derivation if data == as_written and derivation.theorem == theorem_id else None


def keep(place: Path, derivation: Derivation, checked_by: object) -> None:
    """Write an outcome down for the next time; that this fails is of no consequence.

    Parameters
    ----------
    place : pathlib.Path
        What :func:`place` returned.
    derivation : Derivation
    checked_by : object
        The :func:`program` that checked it.
    """
    name = program()
    if name is None or name != checked_by or not place.name.endswith(name[: cache_store.DIGITS]):
        return
    try:
        data = _entry(place.name, derivation)
        cache_store.write(place / _file_name(derivation.theorem), data, most_entries=_MOST_ENTRIES)
    except (OSError, ValueError, TypeError):
        return


def _file_name(theorem_id: str) -> str:
    return f"{theorem_id}.json"


def _entry(program: str, derivation: Derivation) -> bytes:
    """Return the one way to write an outcome down, or raise ``ValueError`` for what is not to be kept."""
    if not _is_settled(derivation):
        raise ValueError("not an outcome to keep")
    content = {"program": program, "derivation": derivation.to_json()}
    checksum = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    data = (json.dumps({"content": content, "sha256": checksum}, indent=1) + "\n").encode()
    if len(data) >= _LONGEST:
        raise ValueError("too long to be read back")
    return data


def _is_settled(derivation: Derivation) -> bool:
    """Whether this is an outcome, made of text, on which time had no influence."""
    texts = [derivation.theorem, derivation.title, derivation.statement, derivation.formal, derivation.detail]
    for step in derivation.steps:
        texts += [step.name, step.claim, step.rule, *step.premises, step.method, step.detail]
    for item in derivation.ledger:
        texts += [item.kind, item.name, item.text, item.through]
    statuses = {step.status for step in derivation.steps}
    fitting = {CHECKED: {ACCEPTED}, PARTIAL: {ACCEPTED}, REJECTED: {ACCEPTED, REJECTED}}
    return (
        all(isinstance(text, str) for text in texts)
        and derivation.establishes in ("claim", "negation")
        and derivation.status in fitting
        and statuses <= fitting[derivation.status]
        and bool(statuses or derivation.status == REJECTED)
    )


def _sources() -> list[Path]:
    return [*sorted(_PROOFS.rglob("*.py")), *(_RANKBOUND / name for name in _BESIDES)]


def _sources_now() -> cache_store.State:
    return cache_store.state_of((), _sources())


def _has_older_code(source: Path) -> bool:
    """Whether Python would run code that was compiled before the last change of the file."""
    try:
        now, compiled = source.stat(), Path(importlib.util.cache_from_source(str(source)))
        if compiled.stat().st_mtime_ns >= now.st_mtime_ns:
            return False
        with compiled.open("rb") as file:
            header = file.read(16)[8:]
    except (OSError, NotImplementedError):  # there is none
        return False
    return header == struct.pack("<II", int(now.st_mtime) & 0xFFFFFFFF, now.st_size & 0xFFFFFFFF)


@functools.cache
def _digest() -> str | None:
    sources = _sources()
    if Path(__file__) not in sources:
        return None
    named = ((f"{path.parent.name}/{path.name}", path) for path in sources)
    return cache_store.digest_of(named, _LIBRARIES, _settings())


def _settings() -> list[object]:
    """Return what SymPy's arithmetic depends on besides its version."""
    settings: list[object] = [sorted(item for item in os.environ.items() if item[0].startswith(_SETTINGS))]
    spec = importlib.util.find_spec("gmpy2")  # SymPy computes with it where it is installed
    if spec is not None and spec.origin is not None:
        library = Path(spec.origin).parent
        settings += sorted((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in library.iterdir())
    return settings


_SOURCES_AT_START = _sources_now()
