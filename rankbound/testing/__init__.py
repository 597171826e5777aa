"""Assertions about attention for other people's test suites.

Public names load on first use, so that a test suite that does not use them pays nothing for them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.testing.hardmax_rows import assert_hardmax
    from rankbound.testing.head_width import assert_representable
    from rankbound.testing.rank_of_matrix import assert_rank_bound
    from rankbound.testing.rank_on_average import assert_mean_rank

_HOME = {
    "assert_hardmax": "hardmax_rows",
    "assert_mean_rank": "rank_on_average",
    "assert_rank_bound": "rank_of_matrix",
    "assert_representable": "head_width",
}

__all__ = [
    "assert_hardmax",
    "assert_mean_rank",
    "assert_rank_bound",
    "assert_representable",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'rankbound.testing' has no attribute {name!r}")
    if name == "assert_mean_rank":  # which imports a package of a generic name
        from rankbound.witnesses import ensure_own

        ensure_own("montecarlo")
    value = getattr(importlib.import_module(f"rankbound.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
