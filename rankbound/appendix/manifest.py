"""What an appendix says of itself beside its files: what was asked for, what it states, and the digest of each file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rankbound.appendix.formats import FORMATS
from rankbound.appendix.request import Request, request_from_json
from rankbound.errors import check_name, invalid

SCHEMA = "rankbound.appendix/1"
NAME = "appendix.json"
"""Name of the manifest in the folder of an appendix."""

_ANEW = "make the appendix anew"
_VERSION = re.compile(r"[A-Za-z0-9 .+-]+", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of an appendix.

    Attributes
    ----------
    request : Request
    formats : tuple of str
    versions : tuple of str
        Of rankbound, of Python and of the libraries that it was made with.
    date : str
        The day that ``SOURCE_DATE_EPOCH`` named, or nothing.
    facts : mapping of str to str
        What the document says, thing by thing.
    files : mapping of str to str
        The SHA-256 of each file, by its path in the folder.
    """

    request: Request
    formats: tuple[str, ...]
    versions: tuple[str, ...]
    date: str
    facts: Mapping[str, str]
    files: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """Return the manifest as a JSON document."""
        document = {
            "schema": SCHEMA,
            "request": self.request.to_json(),
            "formats": list(self.formats),
            "versions": list(self.versions),
            "date": self.date,
            "facts": dict(self.facts),
            "files": dict(sorted(self.files.items())),
        }
        return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest in the folder of an appendix.

    Raises
    ------
    ValueError
        If there is none, or it is not one that rankbound wrote; the message is one line, whatever stands in the file.
    """
    data = _read(folder)
    try:
        return Manifest(
            request=request_from_json(data["request"]),
            formats=_formats(data["formats"]),
            versions=tuple(_matching("version", one, _VERSION) for one in _list("versions", data["versions"])),
            date=_matching("date", data["date"], _DATE),
            facts=_texts("facts", data["facts"]),
            files=_texts("files", data["files"]),
        )
    except KeyError as error:
        raise invalid("--check", str(folder), f"{NAME} as rankbound writes it", f"{_ANEW} (no {error})") from None
    except ValueError as error:
        words = " ".join(printable(str(error)).split())
        raise invalid("--check", str(folder), f"{NAME} as rankbound writes it", f"{_ANEW} ({words})") from None


def listed_files(folder: Path) -> Mapping[str, str]:
    """Return the digests of files that a manifest in a folder lists, or nothing if there is none that can be read.

    What it asks for may be unknown to this version of the program.
    """
    try:
        return _texts("files", _read(folder).get("files"))
    except ValueError:
        return {}


def printable(text: str) -> str:
    """Return a text with escapes in place of what would move the cursor, start a line or not be seen."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _read(folder: Path) -> dict[str, Any]:
    try:
        data = json.loads((folder / NAME).read_bytes())
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        remedy = "name the folder that rankbound appendix --output wrote"
        raise invalid("--check", str(folder), f"a folder with {NAME} in it ({why})", remedy) from None
    except (ValueError, RecursionError):
        raise invalid("--check", str(folder), f"{NAME} as rankbound writes it", _ANEW) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise invalid("--check", str(folder), f"{NAME} of the schema {SCHEMA}", _ANEW)
    return data


def _formats(value: object) -> tuple[str, ...]:
    names = tuple(check_name("format", one, FORMATS) for one in _list("formats", value))
    if not names or len(set(names)) < len(names):
        raise invalid("formats", value, "at least one format, each of them once", _ANEW)
    return names


def _list(name: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise invalid(name, value, "a list", _ANEW)
    return value


def _matching(name: str, value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise invalid(name, value, f"a {name} as rankbound writes it", _ANEW)
    return value


def _texts(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise invalid(name, value, "texts by name", _ANEW)
    return value
