"""The theorems, one a file, and the library that finds them by id."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from proofs.catalogue import MODULES
from proofs.records import Theorem
from rankbound.errors import invalid


@cache
def library() -> dict[str, Theorem]:
    """Every theorem by id.

    Raises
    ------
    ValueError
        If a file's theorem has another id than the catalogue gives it, or two have one id.
    """
    found: dict[str, Theorem] = {}
    for name, module in MODULES:
        theorem: Theorem = import_module(f"proofs.theorems.{module}").THEOREM
        if theorem.id != name:
            raise invalid("id", theorem.id, f"{name!r}, as the catalogue says", "make the two agree")
        if name in found:
            raise invalid("id", name, "an id used once", "rename one of the theorems")
        found[name] = theorem
    return found
