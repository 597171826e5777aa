"""The digest of a document's content: what it says, whatever format it is set in."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from rankbound.appendix.document import Document


def digest_of(document: Document) -> str:
    """Return the SHA-256 of a document's content, 64 hexadecimal digits.

    What the pictures look like is left out: their bytes change with the library that draws them.
    """
    words = dataclasses.replace(document, pictures={})
    text = json.dumps(_plain(words), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value.value if isinstance(value, Enum) else value
