"""Option types that word their errors like the rest of the program: what, value, expected, remedy."""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from rankbound.errors import invalid


class Whole(click.ParamType):  # type: ignore[type-arg]
    """A whole number within limits."""

    name = "integer"

    def __init__(self, minimum: int, maximum: int, remedy: str) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.remedy = remedy

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return ``value`` as an ``int`` within the limits, or fail with one line."""
        expected = f"an integer from {self.minimum} to {self.maximum}"
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not self.minimum <= number <= self.maximum:
            self.fail(str(invalid(_option(param), value, expected, self.remedy)), param, ctx)
        return number


class Between(click.ParamType):  # type: ignore[type-arg]
    """A real number within limits."""

    name = "number"

    def __init__(self, low: float, high: float, remedy: str, *, closed: bool) -> None:
        self.low = low
        self.high = high
        self.remedy = remedy
        self.closed = closed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return ``value`` as a ``float`` within the limits, or fail with one line."""
        ends = "[]" if self.closed else "()"
        expected = f"a number in {ends[0]}{self.low:g}, {self.high:g}{ends[1]}"
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        inside = self.low <= number <= self.high if self.closed else self.low < number < self.high
        if not inside:
            self.fail(str(invalid(_option(param), value, expected, self.remedy)), param, ctx)
        return number


class Writable(click.ParamType):  # type: ignore[type-arg]
    """A file that can be written, found out before any work is done and without touching it."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return ``value`` as a path in an existing folder that accepts a new file, or fail with one line."""
        path = Path(value)
        expected = "a file that can be written"
        if path.is_dir():
            self.fail(str(invalid(_option(param), value, expected, "it is a folder: name a file in it")), param, ctx)
        try:
            with tempfile.TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            self.fail(str(invalid(_option(param), value, expected, f"{why}: choose another place")), param, ctx)
        if path.exists() and not os.access(path, os.W_OK):
            self.fail(str(invalid(_option(param), value, expected, "it is read-only: choose another")), param, ctx)
        return path


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` so that the file is the old one or the new one at every moment, never half of it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as f:
        f.write(text)
    temporary = Path(f.name)
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _option(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None else "value"
