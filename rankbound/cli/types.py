"""Option types that word their errors like the rest of the program: what, value, expected, remedy."""

from __future__ import annotations

import difflib
import math
import re
from pathlib import Path
from typing import Any

import click

from rankbound.cli.files import why_not_writable
from rankbound.errors import invalid
from rankbound.witnesses import ensure_own


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
        text = str(value)
        number = int(text) if re.fullmatch(r"-?[0-9]{1,40}", text) else None  # int() alone takes "1_0" and " 5" too
        if number is None or not self.minimum <= number <= self.maximum:
            self.fail(str(invalid(_option(param), value, expected, self.remedy)), param, ctx)
        return number


class Between(click.ParamType):  # type: ignore[type-arg]
    """A real number within limits, which are allowed themselves."""

    name = "number"

    def __init__(self, low: float, high: float, remedy: str) -> None:
        self.low = low
        self.high = high
        self.remedy = remedy

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return ``value`` as a ``float`` within the limits, or fail with one line."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not self.low <= number <= self.high:
            expected = f"a number from {self.low:g} to {self.high:g}"
            self.fail(str(invalid(_option(param), value, expected, self.remedy)), param, ctx)
        return number


class Writable(click.ParamType):  # type: ignore[type-arg]
    """A file that can be written, found out before any work is done and without touching it."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return ``value`` as a path that accepts a result, or fail with one line."""
        problem = why_not_writable(str(value))
        if problem:
            self.fail(str(invalid(_option(param), value, "a file that can be written", problem)), param, ctx)
        return Path(value)


class OfKind(Writable):
    """A file that can be written, of a kind that its ending names."""

    def __init__(self, endings: tuple[str, ...], example: str) -> None:
        self.endings = endings
        self.example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return ``value`` as a path that ends as it may and accepts a result, or fail with one line."""
        if Path(str(value)).suffix.lower() not in self.endings:
            expected = f"a file name that ends in {' or '.join(', '.join(self.endings).rsplit(', ', 1))}"
            remedy = f"choose such a name, for example {self.example}"
            self.fail(str(invalid(_option(param), value, expected, remedy)), param, ctx)
        return super().convert(value, param, ctx)


class Folder(click.ParamType):  # type: ignore[type-arg]
    """A folder that can be written into, or made, found out before any work is done and without leaving anything."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return ``value`` as a path that takes files, or fail with one line."""
        from rankbound.appendix.folder import why_not_writable as why_no_folder

        problem = why_no_folder(Path(str(value))) if str(value) else "name a folder"
        if problem:
            self.fail(
                str(invalid(_option(param), str(value), "a folder that can be written into", problem)), param, ctx
            )
        return Path(value)


class ClaimId(click.ParamType):  # type: ignore[type-arg]
    """The id of a claim of the registry."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return ``value`` if it is such an id, or fail with one line that names the nearest."""
        from rankbound.claims import REGISTRY

        if value in REGISTRY:
            return str(value)
        near = difflib.get_close_matches(value, REGISTRY, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(REGISTRY)}"
        return self.fail(str(invalid(_option(param), value, "the id of a claim", remedy)), param, ctx)


class TheoremId(click.ParamType):  # type: ignore[type-arg]
    """The id of a theorem or of an open question, or one of the words that are ``also`` taken."""

    name = "id"

    def __init__(self, *also: str) -> None:
        self.also = also

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return ``value`` if it is such an id, or fail with one line that names the nearest."""
        if value in self.also:
            return str(value)
        ensure_own("proofs")
        from proofs.catalogue import known_theorem_or_question

        try:
            return known_theorem_or_question(value)
        except ValueError as error:
            return self.fail(str(error), param, ctx)


def _option(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None else "value"
