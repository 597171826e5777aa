"""Which way an expression moves when one place of it is changed: certainly up, certainly down, or who knows."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import Below, E, Integral, LimitOf, NormalTail
from proofs.mutation.factored import factored
from proofs.mutation.intervals import Interval
from proofs.mutation.ranges import Domain, along, enclose, inside

_MAX_DEPTH = 12


def direction(old: Any, new: Any, box: Domain, depth: int = 0) -> int | None:
    """Return 1 if ``new >= old`` everywhere on the domain, -1 if ``new <= old``, 0 if they are equal, else ``None``."""
    if old == new:
        return 0
    if depth > _MAX_DEPTH:
        return None
    found = _of_difference(old, new, box)
    return found if found is not None else _inside(old, new, box, depth + 1)


def _of_difference(old: Any, new: Any, box: Domain) -> int | None:
    difference = new - old
    for make in (lambda one: one, sp.factor_terms, factored):
        found = enclose(make(difference), box).sign
        if found is not None:
            return found
    before = enclose(old, box)
    if before.nonnegative and old != 0:
        ratio = enclose(new / old, box)
        if ratio.low >= 1:
            return 1
        if ratio.high <= 1:
            return -1
    return None


def _inside(old: Any, new: Any, box: Domain, depth: int) -> int | None:
    if old.is_Add or new.is_Add:
        common, first, second = _apart(old, new, sp.Add)
        return direction(sp.Add(*first), sp.Add(*second), box, depth) if common else None
    if old.is_Mul or new.is_Mul:
        common, first, second = _apart(old, new, sp.Mul)
        if not common:
            return None
        return _product(enclose(sp.Mul(*common), box).sign, direction(sp.Mul(*first), sp.Mul(*second), box, depth))
    if isinstance(old, sp.exp) and isinstance(new, sp.exp):
        return direction(old.exp, new.exp, box, depth)
    if old.is_Pow or new.is_Pow:
        return _of_power(old, new, box, depth)
    if type(old) is not type(new):
        return None
    if isinstance(old, (sp.Sum, sp.Product)):
        return _of_sum(old, new, box, depth)
    if isinstance(old, Integral) and old.args[1:] == new.args[1:]:
        return direction(old.args[0], new.args[0], along(old, box), depth)
    signs = _SIGNS.get(type(old))
    if signs is None or (isinstance(old, (E, LimitOf)) and old.args[1:] != new.args[1:]):
        return None
    moves = [
        _product(sign, direction(one, two, box, depth))
        for sign, one, two in zip(signs, old.args, new.args, strict=False)
    ]
    return _agreed(moves)


_SIGNS: dict[Any, tuple[int, ...]] = {
    sp.log: (1,),
    sp.ceiling: (1,),
    NormalTail: (-1,),
    Below: (-1, 1),
    E: (1,),
    **dict.fromkeys(LimitOf.__subclasses__(), (1,)),
}
"""Of which arguments a function increases (1) or decreases (-1)."""


def _apart(old: Any, new: Any, kind: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the common terms or factors of two sums or products, and the others of each."""
    first, second, common = list(kind.make_args(old)), list(kind.make_args(new)), []
    for part in list(first):
        if part in second:
            common.append(part)
            first.remove(part)
            second.remove(part)
    return common, first, second


def _product(one: int | None, other: int | None) -> int | None:
    return 0 if 0 in (one, other) else None if None in (one, other) else (one or 0) * (other or 0)


def _agreed(moves: list[int | None]) -> int | None:
    if None in moves:
        return None
    signs = {move for move in moves if move}
    return 0 if not signs else signs.pop() if len(signs) == 1 else None


def _of_power(old: Any, new: Any, box: Domain, depth: int) -> int | None:
    (base, exponent), (other, power) = old.as_base_exp(), new.as_base_exp()
    if base == other:
        below = enclose(base, box)
        sign = 1 if below.low >= 1 else -1 if below.nonnegative and below.high <= 1 else None
        return _product(sign, direction(exponent, power, box, depth))
    if exponent != power:
        return None
    signs = [enclose(one, box) for one in (base, other)]
    if not all(one.nonnegative for one in signs):
        return direction(base, other, box, depth) if exponent.is_odd and exponent.is_positive else None
    return _product(enclose(exponent, box).sign, direction(base, other, box, depth))


def _of_sum(old: Any, new: Any, box: Domain, depth: int) -> int | None:
    if old.limits == new.limits:
        within = inside(old, box)
        if isinstance(old, sp.Product) and not all(enclose(one.function, within).nonnegative for one in (old, new)):
            return None
        return direction(old.function, new.function, within, depth)
    if old.function != new.function or len(old.limits) != 1 or len(new.limits) != 1:
        return None
    longer = _longer(old.limits[0], new.limits[0])
    body = enclose(old.function, {**inside(old, box), old.limits[0][0]: _either(old, new, box)})
    if isinstance(old, sp.Sum):
        return _product(longer, body.sign)
    if not body.nonnegative:
        return None
    return _product(longer, 1 if body.low >= 1 else -1 if body.high <= 1 else None)


def _either(old: Any, new: Any, box: Domain) -> Interval:
    index = old.limits[0][0]
    one, other = inside(old, box)[index], inside(new, box)[index]
    return Interval(min(one.low, other.low), max(one.high, other.high))


def _longer(old: Any, new: Any) -> int | None:
    """Return 1 if the second range has the first one's members and more, -1 if it has fewer."""
    if old[0] != new[0]:
        return None
    low, high = sp.expand(old[1] - new[1]), sp.expand(new[2] - old[2])
    if not (low.is_Integer and high.is_Integer):
        return None
    return 1 if low >= 0 and high >= 0 else -1 if low <= 0 and high <= 0 else None
