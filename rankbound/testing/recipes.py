"""What the strategies of arrays draw: a recipe that prints as the call that makes it again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import MISSING, fields
from typing import Any, cast

import numpy.typing as npt
from hypothesis import strategies as st

from rankbound.errors import check_integer, check_name, invalid

__all__ = ["SEEDS", "Recipe", "Size", "check_seed", "check_size", "chosen_names", "fixed_size", "size_strategy"]

Size = int | st.SearchStrategy[int] | None
"""How a strategy's size is given: a number fixes it, a strategy bounds it, None leaves the default."""

LARGEST_SIZE = 2**20
LARGEST_SEED = 2**64 - 1
SEEDS = st.integers(0, 2**32 - 1)


class Recipe(ABC):
    """A few names and numbers from which NumPy builds an array, the same one every time.

    A recipe and not the array is what the strategies draw. NumPy prints eight digits and elides long arrays, so a
    failing array cannot be copied out of a test's output, whereas a recipe prints in one line as the call that makes
    it: it can be pasted into ``@example(...)`` or a regression test as it stands. The seed is the only randomness, and
    the array depends on nothing else but NumPy's version.

    ``.array`` builds a fresh array on each access, writable and in C order, so that code under test that works in place
    cannot change its own input. NumPy takes a recipe as it is (``numpy.asarray(recipe)``).
    """

    @property
    @abstractmethod
    def array(self) -> npt.NDArray[Any]:
        """A fresh array."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return self.array if dtype is None else self.array.astype(dtype, copy=False)

    def __repr__(self) -> str:
        given = ((field, getattr(self, field.name)) for field in fields(cast(Any, self)))
        shown = (
            f"{field.name}={value!r}" for field, value in given if field.default is MISSING or value != field.default
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def check_size(name: str, value: object) -> int:
    """Return a size as an ``int`` from 1 to 2**20, or raise ``ValueError``."""
    return check_integer(name, value, minimum=1, maximum=LARGEST_SIZE, remedy="give the number of rows or columns")


def check_seed(value: object) -> int:
    """Return a seed as an ``int`` from 0 to 2**64 - 1, or raise ``ValueError``."""
    return check_integer("seed", value, minimum=0, maximum=LARGEST_SEED, remedy="give any whole number")


def fixed_size(name: str, size: Size) -> int | None:
    """Return a size that is fixed, checked; None if it is drawn."""
    return None if size is None or isinstance(size, st.SearchStrategy) else check_size(name, size)


def size_strategy(name: str, size: Size, default: st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    """Return the strategy of a size that was given as :data:`Size`."""
    if size is None:
        return default
    return size if isinstance(size, st.SearchStrategy) else st.just(check_size(name, size))


def chosen_names(name: str, chosen: Collection[str] | str | None, known: Collection[str]) -> tuple[str, ...]:
    """Return those of the ``known`` names that were ``chosen`` (None: all), simplest first."""
    if chosen is None:
        return tuple(known)
    wanted = {check_name(name, one, known) for one in ([chosen] if isinstance(chosen, str) else chosen)}
    if not wanted:
        raise invalid(name, chosen, "at least one name", "omit it to have all of them")
    return tuple(one for one in known if one in wanted)
