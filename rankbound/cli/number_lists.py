"""Lists and ranges of sizes on the command line: ``64``, ``512,4096``, ``1:1024:log``, ``10:100:10``."""

from __future__ import annotations

import re
from typing import Any

import click

from rankbound.errors import invalid

MOST = 10_000
"""Numbers that one option may stand for."""

_NUMBER = re.compile(r"[0-9]{1,40}")


class Wholes(click.ParamType):  # type: ignore[type-arg]
    """Whole numbers within limits, in a list of numbers and ranges."""

    name = "integers"

    def __init__(self, maximum: int, example: str) -> None:
        self.maximum = maximum
        self.example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return the numbers, each once, in ascending order, or fail with one line."""
        found: set[int] = set()
        for part in str(value).split(","):
            numbers = self._numbers(part)
            if numbers is None:
                expected = f"integers from 1 to {self.maximum}, or ranges first:last:log or first:last:step"
                self._fail(value, expected, param, ctx)
            elif len(numbers) > MOST:
                self._fail(value, f"at most {MOST} numbers", param, ctx)
            else:
                found.update(numbers)
        return tuple(sorted(found))

    def _numbers(self, part: str) -> range | list[int] | None:
        """Return what one part of the list stands for, or ``None`` if that is nothing."""
        words = part.split(":")
        if len(words) not in (1, 3) or not all(_NUMBER.fullmatch(word) for word in words[:2]):
            return None
        first, last = int(words[0]), int(words[-2] if len(words) == 3 else words[0])
        if not 1 <= first <= last <= self.maximum:
            return None
        if len(words) == 1:
            return [first]
        if words[2] == "log":
            powers = (2**power for power in range(first.bit_length(), last.bit_length()))
            return [first, *(power for power in powers if first < power < last), last]
        if not _NUMBER.fullmatch(words[2]) or int(words[2]) < 1:
            return None
        return range(first, last + 1, int(words[2]))

    def _fail(self, value: object, expected: str, param: click.Parameter | None, ctx: click.Context | None) -> None:
        name = param.opts[0] if param is not None else "value"
        self.fail(str(invalid(name, value, expected, f"for example {name} {self.example}")), param, ctx)
