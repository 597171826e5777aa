"""The fixture ``rank_checker``: the assertions of ``rankbound.testing``, at the level that was asked for.

They are loaded when they are called: this module loads nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rankbound.setting import Setting

__all__ = ["RankChecker"]


class RankChecker:
    """Checks of ranks, and of attention matrices of any framework, that somebody's own implementation gave.

    Arguments, and what a failure says, are those of the assertions in ``rankbound.testing``. Where they take
    a ``level`` and a call does not say one, it is that of ``--rankbound-level``, if that was given, and else their own.

    Parameters
    ----------
    level : float, optional
        Probability that a call fails what is right.
    """

    def __init__(self, *, level: float | None = None) -> None:
        self._level: dict[str, Any] = {} if level is None else {"level": level}

    def __call__(self, samples_or_matrices: object, setting: Setting, **options: Any) -> None:
        """Check independent ranks, or hardmax matrices and their ranks, against what is certified at a setting."""
        __tracebackhide__ = True
        self.mean_rank(samples_or_matrices, setting, **options)

    def mean_rank(self, samples: object, setting: Setting, **options: Any) -> None:
        """Call ``assert_mean_rank``: ranks have the mean that is certified at a setting."""
        __tracebackhide__ = True
        _assertion("assert_mean_rank")(samples, setting, **(self._level | options))

    def hardmax(self, matrix: object, **options: Any) -> None:
        """Call ``assert_hardmax``: each row of a matrix has a single 1, and else 0."""
        __tracebackhide__ = True
        _assertion("assert_hardmax")(matrix, **options)


def _assertion(name: str) -> Any:
    return getattr(importlib.import_module("rankbound.testing"), name)
