"""Points of a domain at which a relation fails or an expression is undefined: why a rule says no instead of unknown.

Nothing is accepted on account of a point that was, or was not, found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from proofs.language import Below, E, Integral, LimitOf, RandomVariable
from proofs.signs import sign

_VALUES = tuple(
    sp.Rational(v)
    for v in (
        *("1", "1/2", "2", "0", "1/3", "4/5", "3/2", "3", "1/7", "7", "99/100", "40", "1/50", "500"),
        *("999999/1000000", "1000001/1000000", "1/1000000"),  # edges of what holds at 0 and at 1
    )
)
_MOST, _GIVE_UP = 400, 40
_SCALES = tuple(sp.Integer(10) ** power for power in (0, 1, 2, 3, -1, -2, -3, 4, 6, 8))
_TRIES = 2000


def numeric_counterexample(relation: Any, where: tuple[Any, ...], most: int = _MOST) -> str | None:
    """Return a rational point of the domain at which the relation fails, found by ball arithmetic, if one is found.

    A random quantity, or a mean, may take every value of its type: what holds for its own values only does not follow
    from types. ``most`` bounds how many points are tried.
    """
    if relation.has(sp.Sum, sp.Product, Integral):
        return None
    names: dict[Any, Any] = {}
    for kind in (E, RandomVariable):  # means first: what is inside one has no single value
        for unknown in sorted(relation.atoms(kind), key=str):
            names[unknown] = _of_type(f"_r{len(names)}", unknown)
        relation = relation.func(*(side.xreplace(names) for side in relation.args), evaluate=False)
    symbols = sorted(relation.free_symbols.union(*(one.free_symbols for one in where)), key=str)
    undecided = 0
    for point in _points(symbols, most):
        if not all(_holds(one, point) for one in where):
            continue
        if _holds(relation, point) is False:
            return ", ".join(f"{_shown(symbol, names)} = {value}" for symbol, value in point.items()) or "all points"
        undecided += _holds(relation, point) is None
        if undecided > _GIVE_UP:
            return None
    return None


def contradiction(where: tuple[Any, ...]) -> str:
    """Return a condition that the others exclude, or that nothing satisfies, if one is found.

    Signs are asked, which takes long, only where no point is known that satisfies all conditions: there are none to be
    found otherwise.
    """
    if _is_met_somewhere(where):
        return ""
    for number, condition in enumerate(where):
        found = sign(condition.rhs - condition.lhs, where[:number] + where[number + 1 :])
        never = {sp.Le: {"-"}, sp.Lt: {"-", "0-", "0"}, sp.Eq: {"-", "+"}, sp.Ne: {"0"}}
        if found in never.get(type(condition), set()):
            return f"{condition.lhs} {condition.rel_op} {condition.rhs}"
    return ""


def _is_met_somewhere(where: tuple[Any, ...]) -> bool:
    """Whether a point of powers of ten satisfies all conditions for certain; False also if none of a few does.

    The symbols get their values one after the other, and each condition is looked at as soon as it can be.
    """
    if any(one.has(E, RandomVariable, LimitOf, Integral, sp.Sum, sp.Product) for one in where):
        return False
    symbols = sorted(set().union(*(one.free_symbols for one in where)), key=str)
    tries = _TRIES

    def met(point: dict[Any, Any]) -> bool:
        nonlocal tries
        if len(point) == len(symbols):
            return True
        symbol, before = symbols[len(point)], {*symbols[: len(point)]}
        decided = [one for one in where if symbol in one.free_symbols and one.free_symbols <= before | {symbol}]
        for value in _SCALES:
            if (symbol.is_integer and not value.is_Integer) or tries == 0:
                continue
            tries -= 1
            further = {**point, symbol: value}
            if all(_holds(one, further) for one in decided) and met(further):
                return True
        return False

    return all(one.free_symbols for one in where) and met({})


def undefined_at(expr: Any, where: tuple[Any, ...]) -> str | None:
    """Return what is wrong with ``expr`` at a rational point of the domain where it is undefined, if one is found."""
    if not isinstance(expr, (sp.Expr, sp.core.relational.Relational)) or expr.has(LimitOf, Integral):
        return None
    for needed in _needs(expr):
        point = numeric_counterexample(needed, where)
        if point is not None:
            return f"{needed.lhs} {needed.rel_op} {needed.rhs} is false at {point}"
    return None


def _needs(expr: Any) -> Iterator[Any]:
    """Yield what must hold where ``expr`` is defined; not all of it."""
    for node in sp.preorder_traversal(expr):
        if isinstance(node, (sp.log, sp.gamma)):
            yield sp.Lt(0, node.args[0], evaluate=False)
        if isinstance(node, sp.Pow) and not isinstance(node, sp.exp) and node.base.free_symbols:
            if node.exp.is_negative:
                yield sp.Ne(node.base, 0, evaluate=False)
            if not node.exp.is_integer:
                yield sp.Le(0, node.base, evaluate=False)


def _of_type(name: str, random: Any) -> Any:
    kinds = {"integer": random.is_integer, "nonnegative": random.is_nonnegative, "real": True}
    return sp.Symbol(name, **{kind: True for kind, known in kinds.items() if known})


def _shown(symbol: Any, names: Mapping[Any, Any]) -> Any:
    return next((random for random, name in names.items() if name == symbol), symbol)


def _points(symbols: list[Any], most: int) -> Iterator[dict[Any, Any]]:
    """Yield some points, evenly from all combinations of a few values for each symbol."""
    pools = []
    for symbol in symbols:
        pool = [v for v in _VALUES if (v.is_Integer or not symbol.is_integer) and (v or not symbol.is_positive)]
        pools.append(pool if symbol.is_nonnegative else [*pool, *(-v for v in pool[:6] if v)])
    total = 1
    for pool in pools:
        total *= len(pool)
    stride = 1 if total <= most else total // most | 1
    for number in range(0, total, stride):
        point, rest = {}, number
        for symbol, pool in zip(symbols, pools, strict=True):
            rest, place = divmod(rest, len(pool))
            point[symbol] = pool[place]
        yield point


def _holds(relation: Any, point: Mapping[Any, Any]) -> bool | None:
    """Whether a relation holds at a point, or ``None`` if ball arithmetic cannot tell."""
    value = _settled((relation.rhs - relation.lhs).xreplace(point))
    gap = None if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I) else sign(value)
    if gap is None or gap in {"0+", "0-"}:
        return False if gap == "0-" and isinstance(relation, sp.Lt) else None
    if isinstance(relation, sp.Eq):
        return gap == "0"
    if isinstance(relation, sp.Ne):
        return gap != "0"
    return gap == "+" or (gap == "0" and isinstance(relation, sp.Le))


def _settled(value: Any) -> Any:
    """Decide the indicators that compare numbers."""
    known = {}
    for indicator in value.atoms(Below):
        gap = sign(indicator.args[1] - indicator.args[0])
        if gap in {"+", "0", "-"}:
            known[indicator] = sp.Integer(gap == "+")
    return value.xreplace(known)
