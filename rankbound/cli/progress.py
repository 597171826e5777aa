"""A progress bar on standard error, for terminals only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _RateColumn(TextColumn):
    """Replicates a second, over the last half minute."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed and speed >= 10 else f"{speed:.2g}/s" if speed else "")


@contextmanager
def replicates_bar() -> Iterator[Callable[[int, int, tuple[float, float] | None], None]]:
    """Draw a bar with the number of replicates, their rate, the time left and the interval so far."""
    with Progress(
        BarColumn(bar_width=16),
        TextColumn("{task.fields[amount]}"),
        _RateColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task("", total=None, amount="starting")

        def advance(done: int, planned: int, interval: tuple[float, float] | None) -> None:
            shown = "" if interval is None else f"E[rank] in [{interval[0]:.6g}, {interval[1]:.6g}]"
            progress.update(task, completed=done, total=planned, amount=f"{done}/{planned}", description=shown)

        yield advance
