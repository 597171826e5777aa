"""What can go wrong in one place of a formula: a constant, a sign, a relation, a range, a bound variable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from proofs.language import (
    ALIGNED,
    KEYS,
    NORM,
    TRIVIAL,
    E,
    Eventually,
    Exists,
    Lim,
    LimitOf,
    LimSup,
    RandomVariable,
    le,
    lt,
)
from proofs.mutation.places import BINDER, EXPONENT, INDEX, PLAIN, RANGE, Path, places, put

Change = tuple[str, str, Any]
"""The kind of change, what was changed, and the formula after it."""

MORE, LESS = sp.Rational(101, 100), sp.Rational(99, 100)
_KNOWLEDGE = (TRIVIAL, KEYS, NORM, ALIGNED)
_RELATIONS = (sp.Eq, sp.Le, sp.Lt, sp.Ne)


def changes(formula: Any) -> Iterator[Change]:
    """Yield every formula that differs from this one in one place."""
    yield from _of_relations(formula)
    yield from _of_quantifiers(formula)
    names = sorted(_indices(formula), key=str)
    for path, node, part in places(formula):
        for kind, what, new in _here(node, part, names):
            yield kind, what, put(formula, path, new)


def _here(node: Any, part: str, names: list[Any]) -> Iterator[Change]:
    if part in (BINDER,) or isinstance(node, (*_RELATIONS, sp.Tuple)):
        return
    if part == PLAIN:
        yield from _of_constant(node)
    if isinstance(node, sp.Expr) and part in (PLAIN, EXPONENT):
        yield from _of_arithmetic(node)
    if isinstance(node, sp.Pow) and not isinstance(node, sp.exp):
        for step in (1, -1):
            yield "exponent", f"exponent of {node} {step:+d}", node.base ** (node.exp + step)
    if isinstance(node, sp.exp):
        yield from _of_exponential(node)
    if isinstance(node, (sp.Sum, sp.Product)):
        yield from _of_range(node)
    if isinstance(node, E):
        for given in _KNOWLEDGE:
            if given != node.given:
                yield "given", f"{node} given {given}", E(node.value, given)
    if isinstance(node, (RandomVariable, sp.factorial, sp.binomial)):
        for number, arg in enumerate(node.args):
            if arg.is_integer:
                yield "parameter", f"argument {number + 1} of {node} +1", put(node, (number,), arg + 1)
    if part == INDEX and node in names:
        for other in names:
            if other != node:
                yield "index", f"{node} is {other}", other


def _of_constant(node: Any) -> Iterator[Change]:
    number = node.is_Rational or node in (sp.E, sp.pi) or (isinstance(node, sp.exp) and node.exp.is_Rational)
    if not number or node == 0:
        return
    for factor, how in ((MORE, "1% more"), (LESS, "1% less")):
        yield "constant", f"{node} {how}", factor * node


def _of_arithmetic(node: Any) -> Iterator[Change]:
    if node.is_Add:
        for term in node.args:
            yield "term", f"{term} dropped from {node}", node - term
            yield "sign", f"sign of {term} in {node}", node - 2 * term
    if node.is_Mul:
        for number, factor in enumerate(node.args):
            rest = sp.Mul(*(other for place, other in enumerate(node.args) if place != number))
            yield "factor", f"{factor} dropped from {node}", rest


def _of_exponential(node: Any) -> Iterator[Change]:
    for term in sp.Add.make_args(node.exp):
        rest = term.as_coeff_Mul()[1]
        for step in (1, -1):
            yield "exponent", f"coefficient of {rest} in {node} {step:+d}", sp.exp(node.exp + step * rest)


def _of_range(node: Any) -> Iterator[Change]:
    for number, (_index, *_ends) in enumerate(node.limits):
        for end, name in ((1, "start"), (2, "end")):
            for step in (1, -1):
                path: Path = (1 + number, end)
                yield (
                    "range",
                    f"{name} of {node.limits[number]} {step:+d}",
                    put(node, path, node.limits[number][end] + step),
                )


def _of_relations(formula: Any) -> Iterator[Change]:
    for path, node, _ in places(formula):
        if isinstance(node, _RELATIONS):
            for what, new in relations(node):
                yield "relation", what, put(formula, path, new)


def relations(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the relation with another sign, with its sides exchanged, and with one side moved by 1%."""
    left, right = node.args
    if isinstance(node, sp.Eq):
        yield "= to <=", le(left, right)
        yield "= to >=", le(right, left)
        for factor, how in ((MORE, "1% more"), (LESS, "1% less")):
            yield f"right side {how}", node.func(left, _moved(right, factor), evaluate=False)
    elif isinstance(node, sp.Ne):
        yield "!= to =", sp.Eq(left, right, evaluate=False)
    else:
        yield ("<= to <", lt(left, right)) if isinstance(node, sp.Le) else ("< to <=", le(left, right))
        yield f"{node.rel_op} to =", sp.Eq(left, right, evaluate=False)
        yield "sides exchanged", node.func(right, left, evaluate=False)
        tight = LESS if isinstance(right, sp.Expr) and not right.is_negative else MORE
        yield "right side 1% tighter", node.func(left, _moved(right, tight), evaluate=False)


def _moved(value: Any, factor: Any) -> Any:
    return factor * value if value != 0 else factor - 1


def _of_quantifiers(formula: Any) -> Iterator[Change]:
    for path, node, _ in places(formula):
        for what, new in _quantifiers(node, formula):
            yield "quantifier", what, put(formula, path, new)


def _quantifiers(node: Any, formula: Any) -> Iterator[tuple[str, Any]]:
    others = sorted((s for s in formula.atoms(sp.Symbol) if s.is_integer and s.is_positive), key=str)
    if isinstance(node, LimitOf):
        value, index = node.args
        other = LimSup if isinstance(node, Lim) else Lim
        yield f"{node.func.__name__} to {other.__name__}", other(value, index)
        yield from ((f"{index} to {new}", node.func(value, new)) for new in others if new != index)
        yield "limit left out", value
    if isinstance(node, Exists):
        index, relation = node.args
        yield from ((f"{index} to {new}", Exists(new, relation)) for new in others if new != index)
        yield "exists to for all", relation
    if isinstance(node, Eventually):
        index, inner, condition, relation = node.args
        yield "variables exchanged", Eventually(inner, index, condition, relation)
        yield "condition left out", Eventually(index, inner, le(0, 0), relation)
        yield (
            "condition reversed",
            Eventually(index, inner, condition.func(*reversed(condition.args), evaluate=False), relation),
        )
        yield "eventually to always", relation


def _indices(formula: Any) -> set[Any]:
    """Return the symbols that number queries, keys and coordinates."""
    return {s for s in formula.atoms(sp.Symbol) if s.is_integer and s.is_nonnegative and not s.is_positive}


__all__ = ["RANGE", "Change", "changes", "relations"]
