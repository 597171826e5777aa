"""What a rule is, and the tests on claims that rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from proofs.counterexamples import numeric_counterexample, undefined_at
from proofs.language import Claim, bound_symbols, show
from proofs.normal import equal, positive
from proofs.signs import defined, proves


class Refused(Exception):  # noqa: N818 - an outcome, not an error
    """The rule ran to its end and the claim does not follow by it."""


class Unknown(Exception):  # noqa: N818 - an outcome, not an error
    """The rule's method could not tell."""


Apply = Callable[[Any, Sequence[Any], Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to infer a claim.

    ``apply(claim, premises, args)`` returns how it was verified, or raises :class:`Refused` or :class:`Unknown`.
    ``why`` says why it is sound; ``uses`` names library routines, ``cites`` results of the literature it rests on.
    """

    name: str
    apply: Apply
    method: str
    why: str
    uses: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


_NORMAL = ("sympy.expand", "sympy.together", "sympy.cancel")
_SIGN = (*_NORMAL, "sympy.factor", "sympy.Poly.count_roots", "flint.arb")
USES = {"normal form": _NORMAL, "sign": _SIGN, "derivative": (*_SIGN, "sympy.diff")}


def relation_of(claim: Any, *kinds: Any) -> Any:
    """Return the claim's relation if it is one of the kinds given, or refuse."""
    if not isinstance(claim, Claim) or not isinstance(claim.conclusion, kinds or (sp.Eq, sp.Le, sp.Lt, sp.Ne)):
        raise Refused(f"a relation of another kind is needed than {claim.text()}")
    return claim.conclusion


def single(premises: Sequence[Any], number: int) -> None:
    """Refuse unless there are exactly ``number`` premises, each a single claim."""
    if len(premises) != number:
        raise Refused(f"the rule takes {number} premises, not {len(premises)}")
    for premise in premises:
        if not isinstance(premise, Claim):
            raise Refused("a premise that is a conjunction must be given by its part")


def need_equal(left: Any, right: Any, what: str) -> None:
    """Refuse unless the two expressions have one normal form."""
    if not equal(left, right):
        raise Refused(f"{what}: {left} and {right} have different normal forms")


def need_defined(expr: Any, where: tuple[Any, ...]) -> None:
    """Raise unless every denominator, logarithm and power in ``expr`` is defined on the domain."""
    reason = defined(expr, where)
    if reason:
        raise not_defined(expr, where, reason)


def not_defined(expr: Any, where: tuple[Any, ...], reason: str) -> Exception:
    """Return the outcome of a rule when ``expr`` is not known to be defined: refused with a point where it is not."""
    point = undefined_at(expr, where)
    return Refused(f"not defined: {point}") if point else Unknown(f"not known to be defined: {reason}")


def need_conditions(inner: tuple[Any, ...], claim: Claim, expr: Any = None) -> None:
    """Raise unless every condition of a premise follows from the claim's own.

    A condition on a symbol that ``expr`` binds must follow from the limits of the sum or product that binds it.
    """
    for condition in inner:
        where = claim.where
        inside = condition.free_symbols & bound_symbols(expr) if expr is not None else frozenset()
        if inside:
            where = where + _limits(expr, inside)
        if not proves(condition, where):
            raise Refused(f"a premise holds only for {show(condition)}")


def _limits(expr: Any, symbols: frozenset[Any]) -> tuple[Any, ...]:
    limits = {
        limit
        for node in sp.preorder_traversal(expr)
        if isinstance(node, (sp.Sum, sp.Product))
        for limit in node.limits
        if limit[0] in symbols
    }
    names = [limit[0] for limit in limits]
    elsewhere = {one for node in sp.preorder_traversal(expr) for one in getattr(node, "bound", ())}
    if len(names) != len(set(names)) or set(names) != set(symbols) or elsewhere & symbols:
        raise Refused("a premise's condition is on a symbol that is bound in more than one way")
    found: tuple[Any, ...] = ()
    for name, low, high in sorted(limits, key=str):
        found += (sp.Le(low, name, evaluate=False), sp.Le(name, high, evaluate=False))
    return found


def need_true(relation: Any, where: tuple[Any, ...]) -> None:
    """Raise unless the relation is shown by its sign: refused with a counterexample, unknown without."""
    if proves(relation, where):
        return
    point = numeric_counterexample(relation, where)
    if point is not None:
        raise Refused(f"{show(relation)} is false at {point}")
    raise Unknown(f"the sign of {relation.rhs - relation.lhs} is not decided on the domain")


def need_elementary(function: Any, symbol: Any) -> None:
    """Refuse a function of ``symbol`` other than of rational operations, powers, exp and log.

    These are smooth wherever they are defined; a step function, say, has derivative 0 and still increases.
    """
    for node in function.atoms(sp.Function):
        if node.has(symbol) and not isinstance(node, (sp.exp, sp.log)):
            raise Refused(f"{node} is not known to be smooth")
    for node in function.atoms(sp.Pow):
        if node.exp.has(symbol) and not positive(node.base):  # 0^x jumps from 1 to 0
            raise Refused(f"{node} is not known to be continuous where {node.base} is 0")
    for node in sp.preorder_traversal(function):
        if node.has(symbol) and not isinstance(node, (sp.Symbol, sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log)):
            raise Refused(f"{node} is not known to be smooth")


def one_range(node: Any, *kinds: Any) -> tuple[Any, Any, Any]:
    """Return index, first and last of a sum over one range, or of a node of one of the kinds given, or refuse."""
    if not isinstance(node, kinds or sp.Sum) or len(node.limits) != 1:
        raise Refused(f"{node} is not of the kind needed, over one range")
    index, low, high = node.limits[0]
    return index, low, high


def put_in(expr: Any, index: Any, value: Any) -> Any:
    """Return ``expr`` with ``value`` for the index; refuse to bring a symbol to where another of its name is bound."""
    caught = bound_symbols(expr) & {index, *value.free_symbols}
    if caught:
        raise Refused(f"{min(map(str, caught))} is bound a second time")
    return expr.xreplace({index: value})


def strict(relation: Any) -> bool:
    """Whether the relation excludes equality."""
    return isinstance(relation, sp.Lt)
