"""Standard output and error as they come: a terminal, a file, a pipe that its reader closes, or nothing at all."""

from __future__ import annotations

import os
import sys
from typing import TextIO


class CannotWriteError(Exception):
    """The result is there and the place where it should go does not take it."""

    def __init__(self, place: str, error: OSError) -> None:
        super().__init__(f"cannot write to {place}: {(error.strerror or str(error)).lower()}; choose another place")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody is looking at ``stream``; it is ``None`` where the process was started without it."""
    return stream is not None and stream.isatty()


def emit(text: str) -> None:
    """Write a result to standard output; that its reader has gone away is no error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        discard_stdout()
    except OSError as error:
        discard_stdout()  # what is still buffered would fail again at exit
        raise CannotWriteError("standard output", error) from None


def discard_stdout() -> None:
    """Let nothing more be written to a pipe that its reader has closed, so that the exit is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
