"""How a sweep gets on, on a terminal: settings done, time left, replicates a second, the interval and its target."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from rankbound.cli.streams import is_terminal

if TYPE_CHECKING:
    from montecarlo import CampaignProgress

Advance = Callable[[float, str], None]
"""Called with how much is done, from 0 to 1, and with what is being done."""


def reporter(advance: Advance, target: float | None) -> Callable[[CampaignProgress], None]:
    """Return what turns the state of a campaign into a bar and a line."""
    start = time.monotonic()

    def report(now: CampaignProgress) -> None:
        passed = time.monotonic() - start
        whole = now.drawn_seconds + now.left_seconds
        left = _duration(passed * now.left_seconds / now.drawn_seconds) if now.drawn_seconds else "?"
        goal = "" if target is None else f" (target {target:.2g})"
        advance(
            now.drawn_seconds / whole if whole else 1.0,
            f"{now.cells_done}/{now.cells}, {left} left, {now.drawn / passed:.0f}/s; "
            f"n {now.n_keys}, head_dim {now.head_dim}: +-{now.half_width:.2g}{goal}",
        )

    return report


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def watched() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, silence elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(lambda done, doing: None)
    from rankbound.cli.progress import bar

    return bar()
