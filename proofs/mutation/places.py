"""The places of an expression, each with the part it plays there, and what an expression is with one place changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import FixedNumber, MatrixRank, RandomVariable, _Binder
from proofs.model import Stirling, Token

PLAIN, EXPONENT, INDEX, RANGE, BINDER = "plain", "exponent", "index", "range", "binder"
"""The parts: a value; a power's exponent; a whole number that numbers something; a range's end; a bound symbol."""

Path = tuple[int, ...]
_NUMBERED = (RandomVariable, FixedNumber, sp.KroneckerDelta, Token, Stirling, sp.binomial, sp.factorial)


def places(expr: Any, path: Path = (), part: str = PLAIN) -> Iterator[tuple[Path, Any, str]]:
    """Every subexpression with its path and its part, from the outside in."""
    yield path, expr, part
    for number, arg in enumerate(expr.args):
        if not isinstance(arg, Str):
            yield from places(arg, (*path, number), _part(expr, number, part))


def _part(parent: Any, number: int, part: str) -> str:
    if isinstance(parent, sp.Tuple):  # the range of a sum or product
        return BINDER if number == 0 else RANGE
    if isinstance(parent, _Binder) and number in parent.binds:
        return BINDER
    if isinstance(parent, MatrixRank) and number > 2:
        return RANGE
    if isinstance(parent, sp.Pow) and not isinstance(parent, sp.exp) and number == 1:
        return EXPONENT
    if isinstance(parent, _NUMBERED):
        return INDEX
    return PLAIN if part in (PLAIN, BINDER) else part


def put(expr: Any, path: Path, new: Any) -> Any:
    """Return ``expr`` with ``new`` at the place ``path``; no relation on the way is evaluated."""
    if not path:
        return new
    first, *rest = path
    args = [*expr.args]
    args[first] = put(args[first], tuple(rest), new)
    return rebuild(expr, args)


def rebuild(expr: Any, args: Any) -> Any:
    """Return ``expr`` with other arguments, a relation as written."""
    if isinstance(expr, sp.core.relational.Relational):
        return expr.func(*args, evaluate=False)
    return expr.func(*args)
