"""Calculus by the shape of an expression: continuity, smoothness, derivatives, convergence of integrals.

A function of ``x`` is built from ``x``, sums, products, powers, ``exp``, ``log`` and the normal tail, and from words
without ``x``. Any other word with ``x`` in it is refused: nothing is known of its continuity or its derivative.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.ball_use import remembered
from proofs.language import Below, E, Integral, LimitOf, NormalTail, RandomVariable, le, lt
from proofs.signs import defined, sign

_BUILT_FROM = frozenset((sp.Symbol, sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, NormalTail))
_UNFIT = (RandomVariable, E, Below, LimitOf, Integral, sp.Sum, sp.Product)
_NONNEGATIVE = ("+", "0+", "0")
REAL = sp.Symbol("x", real=True).assumptions0
"""What is assumed of a variable of integration: that it is a real number, no more."""


def unfit(variable: Any, *pieces: Any) -> str | None:
    """Return why the pieces are no functions, free of chance, of a real ``variable``."""
    if not variable.is_Symbol or variable.assumptions0 != REAL:
        return f"{variable} is not a real variable without a sign"
    for piece in pieces:
        if piece.has(*_UNFIT):
            return f"{piece} is no function of the language of integrals"
    return None


def within(variable: Any, ends: Any, *, closed: bool) -> tuple[Any, ...]:
    """Return the conditions that ``variable`` lies between the ends, or none on the line."""
    if not ends:
        return ()
    low, high = ends
    relation = le if closed else lt
    return (relation(low, variable), relation(variable, high))


def discontinuity(function: Any, variable: Any, where: tuple[Any, ...]) -> str | None:
    """Return why ``function`` may not be continuous in ``variable`` wherever ``where`` holds."""
    for node in _varying(function, variable):
        if type(node) not in _BUILT_FROM:
            return f"{node} is not known to be continuous"
        # b^r tends to different limits at b = 0, r = 0 if both vary
        if type(node) is sp.Pow and node.exp.has(variable) and sign(node.base, where) != "+":
            return f"{node.base} is not known to be positive under a varying exponent"
    return defined(function, where)


def roughness(function: Any, variable: Any, where: tuple[Any, ...]) -> str | None:
    """Return why ``function`` may not be smooth in ``variable`` wherever ``where`` holds, an open interval."""
    for node in _varying(function, variable):
        literal = type(node) is sp.Pow and node.exp.is_Integer
        if type(node) is sp.Pow and not literal and sign(node.base, where) != "+":
            return f"{node.base} is not known to be positive"
    return discontinuity(function, variable, where)


def _varying(function: Any, variable: Any) -> list[Any]:
    return [node for node in sp.preorder_traversal(function) if node.has(variable)]


def normal_density(value: Any) -> Any:
    """Return the standard normal density at ``value``."""
    return sp.exp(-(value**2) / 2) / sp.sqrt(2 * sp.pi)


def derivative(function: Any, variable: Any) -> Any:
    """Return the derivative of a function that :func:`roughness` has nothing against.

    SymPy differentiates what is left when each normal tail is a name; the tail's own derivative is minus the density.
    """
    tails = [tail for tail in sorted(function.atoms(NormalTail), key=str) if tail.has(variable)]
    names = {tail: sp.Symbol(f"_t{number}", positive=True) for number, tail in enumerate(tails)}
    plain = function.xreplace(names)  # from the outside in: a tail within a tail stays there
    slope = sp.diff(plain, variable)
    for tail, name in names.items():
        if plain.has(name):
            (inner,) = tail.args
            slope -= sp.diff(plain, name) * normal_density(inner) * derivative(inner, variable)
    return slope.xreplace({name: tail for tail, name in names.items()})


@remembered(512)  # a claim's integrals are asked about by its rule and again by the kernel
def divergence(integral: Any, where: tuple[Any, ...]) -> str | None:
    """Return why the integral may not converge absolutely wherever ``where`` holds.

    A continuous function has an integral over a closed interval. Over the line it must also be a sum of products of a
    factor ``exp(-c x^2)`` with ``c > 0``, whole powers of ``x``, powers of normal tails, and constants.
    """
    function, variable, *ends = integral.args
    reason = unfit(variable, function, *ends)
    if reason:
        return reason
    if any(condition.has(variable) for condition in where) or any(end.has(variable) for end in ends):
        return f"{variable} is bound and has a condition"
    for end in ends:
        reason = defined(end, where)
        if reason:
            return reason
    if ends and sign(ends[1] - ends[0], where) not in _NONNEGATIVE:
        return f"the range of {variable} from {ends[0]} to {ends[1]} may run backwards"
    reason = discontinuity(function, variable, (*where, *within(variable, ends, closed=True)))
    return reason or (None if ends else _undominated(function, variable, where))


def _undominated(function: Any, variable: Any, where: tuple[Any, ...]) -> str | None:
    for term in sp.Add.make_args(function):
        factors = [factor for factor in sp.Mul.make_args(term) if factor.has(variable)]
        bells = [factor for factor in factors if _is_bell(factor, variable, where)]
        if term != 0 and len(bells) != 1:
            return f"{term} is not known to have an integral over the line"
        for factor in factors:
            if factor not in bells and not _is_tame(factor, variable, where):
                return f"{factor} is not known to grow slowly"
    return None


def _is_bell(factor: Any, variable: Any, where: tuple[Any, ...]) -> bool:
    if not isinstance(factor, sp.exp):
        return False
    width = -factor.exp / variable**2
    return not width.has(variable) and sign(width, where) == "+"


def _is_tame(factor: Any, variable: Any, where: tuple[Any, ...]) -> bool:
    """Whether the factor is a whole power of ``variable`` or a power of a normal tail or of 1 minus one."""
    base, exponent = factor.as_base_exp()
    if base == variable:
        return bool(exponent.is_integer and exponent.is_nonnegative)
    bounded = isinstance(base, NormalTail) or isinstance(1 - base, NormalTail)
    return bounded and not exponent.has(variable) and sign(exponent, where) in _NONNEGATIVE


def end_values(function: Any, variable: Any, ends: Any, where: tuple[Any, ...]) -> tuple[Any, Any] | None:
    """Return the values of ``function`` at the two ends, or its limits if the ends are those of the line.

    On the line it must be a function of one normal tail alone, of an argument that grows in proportion to ``variable``,
    which tends to 1 and to 0 there, and be continuous in it; ``None`` if it is not.
    """
    if ends:
        return function.xreplace({variable: ends[0]}), function.xreplace({variable: ends[1]})
    name = sp.Symbol("_t", real=True)
    tails = [tail for tail in function.atoms(NormalTail) if tail.has(variable)]
    slopes = [tail.args[0] / variable for tail in tails]
    if len(tails) != 1 or slopes[0].has(variable) or sign(slopes[0], where) != "+":
        return None
    plain = function.xreplace({tails[0]: name})
    unit = within(name, (sp.Integer(0), sp.Integer(1)), closed=True)
    if plain.has(variable) or discontinuity(plain, name, (*where, *unit)):
        return None
    return plain.xreplace({name: sp.Integer(1)}), plain.xreplace({name: sp.Integer(0)})
