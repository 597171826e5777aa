"""Hypothesis profiles: the same examples every time where ``CI`` is set, new ones on every run elsewhere."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline in either: the first call of a function may compile or load a library, and ball arithmetic takes longer
# at large sizes.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("normal", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "normal")
