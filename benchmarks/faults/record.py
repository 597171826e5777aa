"""What a fault is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager

Planting = Callable[[], AbstractContextManager[object]]


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is planted, and where: ``plant`` returns a context in which it is in place."""

    name: str
    witness: str
    what: str
    plant: Planting
