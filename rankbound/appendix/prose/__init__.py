"""Prose with formulas in ASCII, set as words and mathematics.

:func:`inlines` is what documents use; :func:`pieces` tells for each part of its result the text that it is made of.
"""

from __future__ import annotations

from rankbound.appendix.prose.setting import NAMES, inlines, pieces

__all__ = ["NAMES", "inlines", "pieces"]
