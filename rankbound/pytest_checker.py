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

    Arguments, and what a failure says, are those of the assertions in ``rankbound.testing``. Where chance is always at
    play (``mean_rank``) and a call does not say a ``level``, it is that of ``--rankbound-level``, if that was given,
    and else the assertion's own. Matrices need not be random to have a rank: ``rank_bound`` tests the law of it only at
    a level that the call says.

    Parameters
    ----------
    level : float, optional
        Probability that a call fails what is right.
    """

    def __init__(self, *, level: float | None = None) -> None:
        self._level: dict[str, Any] = {} if level is None else {"level": level}

    def __repr__(self) -> str:  # Hypothesis prints it with each failing example
        return f"RankChecker({', '.join(f'{name}={value}' for name, value in self._level.items())})"

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

    def rank_bound(self, matrix: object, bound: int | None = None, **options: Any) -> None:
        """Call ``assert_rank_bound``: hardmax matrices have at most the rank that they may have."""
        __tracebackhide__ = True
        _assertion("assert_rank_bound")(matrix, bound, **options)

    def representable(self, P: object, head_dim: int, **options: Any) -> None:
        """Call ``assert_representable``: a head of this dimension can have P as its attention."""
        __tracebackhide__ = True
        _assertion("assert_representable")(P, head_dim, **options)


def _assertion(name: str) -> Any:
    return getattr(importlib.import_module("rankbound.testing"), name)
