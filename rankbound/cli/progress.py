"""A progress bar on standard error, for terminals only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from rankbound.verify.run import Progress as Callback


@contextmanager
def bar() -> Iterator[Callback]:
    """Draw a bar while the block runs, and take it away afterwards."""
    with Progress(
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task("starting", total=1.0)

        def advance(done: float, doing: str) -> None:
            progress.update(task, completed=done, description=doing)

        yield advance
