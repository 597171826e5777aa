"""Option types that word their errors like the rest of the program: what, value, expected, remedy."""

from __future__ import annotations

import math
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import click

from rankbound.errors import invalid
from rankbound.setting import MAX_KEYS


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
        problem = _why_not_writable(str(value))
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


def _switch_cache_off(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from rankbound import cache_store

        ctx.with_resource(cache_store.disabled())


n_keys = click.option(
    "--n",
    "n_keys",
    type=Whole(1, MAX_KEYS, "give the number of keys, for example --n 512"),
    required=True,
    help="Number of keys (the sequence length).",
)
"""The option ``--n`` of commands for which the number of queries is another option."""

n_queries = click.option(
    "--queries",
    "n_queries",
    type=Whole(1, MAX_KEYS, "omit it to have as many queries as keys"),
    help="Number of queries. Default: as many as keys.",
)
"""The option ``--queries``."""

table_or_json = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What to print.",
)
"""The option ``--format`` of commands that print a table or JSON."""

no_cache = click.option(
    "--no-cache",
    is_flag=True,
    expose_value=False,
    callback=_switch_cache_off,
    help="Work everything out anew, and keep nothing for the next time.",
)
"""The option ``--no-cache``, which takes effect by itself: results are the same with and without it."""


def _why_not_writable(name: str) -> str:
    """Say what is wrong with a file name and what to do, or nothing."""
    if not name:
        return "name a file"
    path = Path(name)
    try:
        if path.is_dir() or name.endswith(os.sep):
            return "it is a folder: name a file in it"
        if path.exists() and not os.access(path, os.W_OK):
            return "it is read-only: choose another"
        if not _is_special(path):
            with tempfile.TemporaryFile(dir=path.resolve().parent):
                pass
    except OSError as error:
        return f"{(error.strerror or str(error)).lower()}: choose another place"
    return ""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` so that the file is the old one or the new one at every moment, never half of it.

    A link is followed. A device or a pipe is written to, not replaced.
    """
    data = content.encode() if isinstance(content, str) else content
    if _is_special(path):
        with path.open("wb") as stream:
            stream.write(data)
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".rankbound-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    """Whether something stands at ``path`` that is no regular file."""
    return path.exists() and not path.is_file()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _option(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None else "value"
