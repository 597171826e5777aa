"""What a counterexample consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Counterexample:
    """A setting that meets all assumptions of some theorems but one, and the exact expected rank there.

    Attributes
    ----------
    id : str
        Name of the setting.
    dropped : str
        Id of the assumption that fails.
    theorems : tuple of str
        Theorems whose conclusion fails; empty where the rank is lower, which contradicts no upper bound.
    setting : str
        The setting in words.
    expected_rank, stated : sympy expression
        The expected rank, and what the theorems have in its place: the barrier, or the number of columns in use.
    derivation : str
        How the expected rank is found.
    derive : callable
        Finds it from the definition.
    again : callable, optional
        Finds it by another route.
    model : object, optional
        The setting as a model in which the statements can be read (:mod:`proofs.cases`).
    """

    id: str
    dropped: str
    theorems: tuple[str, ...]
    setting: str
    expected_rank: Any
    stated: Any
    derivation: str
    derive: Callable[[], Any] = field(compare=False)
    again: Callable[[], Any] | None = field(default=None, compare=False)
    model: Any = field(default=None, compare=False)
