"""How many examples a test draws: so many in the short profile, and in proportion in another."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

SHORT = 100
"""Examples of the short profile, where a test does not say how many."""


def amount(examples: int, **options: Any) -> settings:
    """Return the settings of a test that draws ``examples`` in the short profile, twenty times as many in the thorough.

    A number in ``@settings(max_examples=...)`` would be the same in every profile.
    """
    return settings(max_examples=max(1, examples * settings().max_examples // SHORT), **options)
