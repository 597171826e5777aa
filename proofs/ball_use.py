"""Whether a step asked ball arithmetic: what the report of a check says of how its claim was carried.

Answers are remembered between steps, and with each whether balls were asked for it; so that a step is reported alike
whether it was the first to ask or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Use:
    """``asked`` is whether ball arithmetic was asked for anything so far."""

    def __init__(self) -> None:
        self.asked = False


_watching: ContextVar[Use | None] = ContextVar("the use of ball arithmetic", default=None)


def note() -> None:
    """Say that ball arithmetic is asked."""
    use = _watching.get()
    if use is not None:
        use.asked = True


@contextmanager
def watched() -> Iterator[Use]:
    """Watch what is asked inside; a watch outside this one sees it as well."""
    outer, use = _watching.get(), Use()
    token = _watching.set(use)
    try:
        yield use
    finally:
        _watching.reset(token)
        if outer is not None and use.asked:
            outer.asked = True


def remembered(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember the answers of a function of its arguments alone, and whether each asked ball arithmetic."""

    def around(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=maxsize)
        def answer(*args: P.args, **kwargs: P.kwargs) -> tuple[T, bool]:
            with watched() as use:
                found = function(*args, **kwargs)
            return found, use.asked

        @wraps(function)
        def recall(*args: P.args, **kwargs: P.kwargs) -> T:
            found, asked = answer(*args, **kwargs)  # type: ignore[arg-type]  # lru_cache wants them hashable
            if asked:
                note()
            return found

        return recall

    return around
