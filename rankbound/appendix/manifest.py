"""What an appendix says of itself beside its files: what was asked for, what it states, and the digest of each file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rankbound.appendix.request import Request, request_from_json
from rankbound.errors import invalid

SCHEMA = "rankbound.appendix/1"
NAME = "appendix.json"
"""Name of the manifest in the folder of an appendix."""


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
        If there is none, or it is not one that rankbound wrote.
    """
    path = folder / NAME
    remedy = "name the folder that rankbound appendix --output wrote"
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise invalid("--check", str(folder), f"a folder with {NAME} in it ({why})", remedy) from None
    except ValueError:
        raise invalid("--check", str(folder), f"{NAME} as rankbound writes it", "make the appendix anew") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise invalid("--check", str(folder), f"{NAME} of the schema {SCHEMA}", "make the appendix anew")
    try:
        return Manifest(
            request=request_from_json(data["request"]),
            formats=tuple(map(str, data["formats"])),
            versions=tuple(map(str, data["versions"])),
            date=str(data["date"]),
            facts={str(name): str(words) for name, words in data["facts"].items()},
            files={str(name): str(digest) for name, digest in data["files"].items()},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        expected = f"{NAME} as rankbound writes it"
        raise invalid("--check", str(folder), expected, f"make the appendix anew ({error})") from None
