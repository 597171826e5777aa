"""Whether the conditions of one claim follow from those of another."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from proofs.mutation.intervals import Interval
from proofs.mutation.moves import direction
from proofs.mutation.ranges import Domain, enclose


def conditions_follow(needed: tuple[Any, ...], given: tuple[Any, ...], box: Domain) -> bool:
    """Whether each condition of the first follows from one of the second, or from the domain they make."""
    return all(follows(one, given, box) for one in needed)


def follows(needed: Any, given: tuple[Any, ...], box: Domain) -> bool:
    """Whether one condition follows."""
    return any(_from_one(needed, other, box) for other in given) or _by_range(needed, box)


def _from_one(needed: Any, given: Any, box: Domain) -> bool:
    if needed == given:
        return True
    if not isinstance(needed, (sp.Le, sp.Lt)) or not isinstance(given, (sp.Le, sp.Lt, sp.Eq)):
        return False
    if isinstance(needed, sp.Lt) and not isinstance(given, sp.Lt):
        return False
    pairs = [given.args] if not isinstance(given, sp.Eq) else [given.args, given.args[::-1]]
    left, right = needed.args
    if any(direction(low, left, box) in (0, -1) and direction(high, right, box) in (0, 1) for low, high in pairs):
        return True
    gap = sp.expand(given.rhs - given.lhs)
    ratio = sp.cancel((right - left) / gap) if gap != 0 else sp.Integer(0)
    return bool(ratio.is_Rational and ratio > 0)


def _by_range(needed: Any, box: Domain) -> bool:
    difference = needed.rhs - needed.lhs
    for number, whole in enumerate(sorted(difference.atoms(sp.ceiling), key=str)):  # less than 1 above its argument
        above = sp.Symbol(f"_above{number}", nonnegative=True)
        difference = sp.expand(difference.xreplace({whole: whole.args[0] + above}))
        box = {**box, above: Interval(Fraction(0), Fraction(1), (False, True))}
    gap = enclose(difference, box)
    whole = (needed.rhs - needed.lhs).is_integer
    if isinstance(needed, sp.Le):
        return gap.nonnegative or bool(whole and gap.low > -1)
    return isinstance(needed, sp.Lt) and (gap.positive or bool(whole and gap.low > 0))
