"""The sign of an expression on a domain, by exact methods only.

``sign`` returns one of ``"+"``, ``"0+"`` (nonnegative), ``"0"``, ``"0-"``, ``"-"``, or ``None`` when it cannot tell.
It knows: the types of symbols; the conditions given; that exponentials, tails and probabilities are positive or
nonnegative; products; sums of terms of one sign; and, for a polynomial in its generators, the substitution of
``bound + u`` with ``u > 0`` for a bounded generator, after which terms of one sign decide, else exact root counting
(Sturm) in one variable. Constants are enclosed by ball arithmetic (Arb). Nothing is sampled, nothing is rounded.
"""

from __future__ import annotations

import contextlib
from typing import Any

import sympy as sp

from proofs.ball_use import remembered
from proofs.constants import constant_sign
from proofs.language import Below, E, Integral, NormalTail
from proofs.normal import positive, rational

_POSITIVE = {"+"}
_NONNEGATIVE = {"+", "0+", "0"}
_FLIP = {"+": "-", "0+": "0-", "0": "0", "0-": "0+", "-": "+", None: None}
_MAX_DEPTH = 7


def proves(relation: Any, where: tuple[Any, ...]) -> bool:
    """Whether ``relation`` follows from ``where`` by one of the methods of this module."""
    if relation in where:
        return True
    found = sign(relation.rhs - relation.lhs, where)
    if isinstance(relation, sp.Eq):
        return found == "0"
    if isinstance(relation, sp.Le):
        return found in _NONNEGATIVE
    if isinstance(relation, sp.Lt):
        return found in _POSITIVE
    if isinstance(relation, sp.Ne):
        return found in {"+", "-"}
    return False


@remembered(1 << 14)  # the answer depends on the arguments alone, and a proof asks many times
def sign(expr: Any, where: tuple[Any, ...] = (), depth: int = 0) -> str | None:
    """Return the sign of ``expr`` wherever ``where`` holds, or ``None``."""
    expr = sp.sympify(expr)
    if depth > _MAX_DEPTH:
        return None
    for whole in sorted(expr.atoms(sp.ceiling), key=str):
        argument = whole.args[0]
        facts = (sp.Le(argument, whole, evaluate=False), sp.Lt(whole, argument + 1, evaluate=False))
        where += tuple(fact for fact in facts if fact not in where)
    direct = _direct(expr, where, depth)
    if direct is not None and len(direct) == 1:
        return direct
    further = _further(rational(expr), where, depth)
    return further if further is not None and len(further) == 1 else direct or further


def _further(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    """Return what the conditions and the polynomial form say."""
    if expr == 0:
        return "0"
    for relation in where:
        known = _from_condition(expr, relation)
        if known is not None:
            return known
    top, bottom = sp.fraction(sp.together(expr))
    if bottom != 1:
        return _multiply(_of_polynomial(top, where, depth), sign(bottom, where, depth + 1))
    return _of_polynomial(top, where, depth)


def _direct(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    """Return what the shape of the expression says."""
    if expr.is_Rational:
        return "+" if expr > 0 else "-" if expr < 0 else "0"
    if expr.is_Symbol:
        for relation in where:
            known = _from_condition(expr, relation)
            if known is not None:
                return known
        for bound, is_strict in bounds(expr, where)[0]:
            found = sign(bound, where, depth + 2) if bound != 0 else None
            if found in _NONNEGATIVE:
                return "+" if is_strict or found == "+" else "0+"
    if not expr.free_symbols:
        constant = constant_sign(expr)
        if constant is not None:
            return constant
    if positive(expr):
        return "+"
    if positive(-expr):
        return "-"
    return _by_shape(expr, where, depth) or ("0+" if expr.is_nonnegative else "0-" if expr.is_nonpositive else None)


def _by_shape(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    if isinstance(expr, E):
        return sign(expr.value, where, depth + 1)  # a mean of 0 would make a nonnegative quantity 0 almost surely
    if isinstance(expr, sp.exp):  # of a real number, where it is defined; SymPy does not know that of a logarithm
        return "+"
    if isinstance(expr, (sp.Sum, sp.Product)):
        return _of_range(expr, where, depth)
    if isinstance(expr, sp.log):
        argument = expr.args[0]
        return sign(argument - 1, where, depth + 1) if sign(argument, where, depth + 1) == "+" else None
    if expr.is_Pow:
        return _of_power(expr, where, depth)
    if expr.is_Mul:
        result: str | None = "+"
        for factor in expr.args:
            result = _multiply(result, sign(factor, where, depth + 1))
        return result
    if isinstance(expr, sp.factorial) and sign(expr.args[0], where, depth + 1) in _NONNEGATIVE:
        return "+"
    if isinstance(expr, sp.gamma) and sign(expr.args[0], where, depth + 1) == "+":
        return "+"
    if isinstance(expr, sp.ceiling) and sign(expr.args[0], where, depth + 1) == "+":
        return "+"
    if isinstance(expr, sp.KroneckerDelta) or (expr.is_Add and isinstance(1 - expr, (Below, sp.KroneckerDelta))):
        return "0+"
    if expr.is_Add and isinstance(1 - expr, NormalTail):
        return "+"
    if expr.is_Add and isinstance(expr + 1, sp.exp):  # exp(r) - 1 has the sign of r
        return sign((expr + 1).exp, where, depth + 1)
    if expr.is_Add and isinstance(1 - expr, sp.exp):
        return _FLIP[sign((1 - expr).exp, where, depth + 1)]
    return None


def _of_range(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    if any(relation.has(limit[0]) for limit in expr.limits for relation in where):
        return None
    for index, low, _ in expr.limits:  # the type of the index must hold on its range
        least = 1 if index.is_positive else 0 if index.is_nonnegative else None
        if least is not None and sign(low - least, where, depth + 1) not in _NONNEGATIVE:
            return None
    inner = sign(expr.function, where, depth + 1)
    if isinstance(expr, sp.Product):  # an empty one is 1
        return inner if inner in {"+", "0+"} else "0+" if inner == "0" else None
    if len(expr.limits) == 1 and inner in {"+", "-"}:
        _, low, high = expr.limits[0]
        if sign(high - low, where, depth + 1) in _NONNEGATIVE:  # there is a term
            return inner
    return {"+": "0+", "-": "0-"}.get(inner or "", inner)


def _of_power(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    base, exponent = expr.base, expr.exp
    below = sign(base, where, depth + 1)
    if below == "+":
        return "+"
    if exponent.is_even and below == "-":
        return "+"
    if exponent.is_even and exponent.is_positive:
        return "0+"
    if exponent.is_odd and (exponent.is_positive or below == "-"):
        return below
    if below in {"0+", "0"} and exponent.is_positive:
        return "0+"
    return None


def _multiply(left: str | None, right: str | None) -> str | None:
    if "0" in (left, right) and None not in (left, right):
        return "0"
    if left is None or right is None:
        return None
    negative = (left[-1] == "-") != (right[-1] == "-")
    strict = len(left) == len(right) == 1
    return ("-" if negative else "+") if strict else ("0-" if negative else "0+")


def _add(signs: list[str | None]) -> str | None:
    if not signs or any(one is None for one in signs):
        return None
    present = {one for one in signs if one != "0"}
    if not present:
        return "0"
    if present <= {"+", "0+"}:
        return "+" if "+" in present else "0+"
    if present <= {"-", "0-"}:
        return "-" if "-" in present else "0-"
    return None


def _from_condition(expr: Any, relation: Any) -> str | None:
    """Return the sign of ``expr`` when it is a positive multiple of the two sides' difference in a condition."""
    if not isinstance(relation, (sp.Le, sp.Lt, sp.Eq)):
        return None
    gap = relation.rhs - relation.lhs
    found = "+" if isinstance(relation, sp.Lt) else "0+" if isinstance(relation, sp.Le) else "0"
    for sided, value in ((gap, found), (-gap, _FLIP[found])):
        if expr == sided:
            return value
    if gap == 0 or expr.is_Atom or not expr.free_symbols >= gap.free_symbols:
        return None
    ratio = sp.factor(rational(expr) / rational(gap))
    return found if positive(ratio) else _FLIP[found] if positive(-ratio) else None


def _of_polynomial(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    factored = sp.factor_terms(expr)
    with contextlib.suppress(sp.PolynomialError):
        factored = sp.factor(expr)
    if factored.is_Mul or factored.is_Pow:
        found = _direct(factored, where, depth)
        if found is not None:
            return found
    if not expr.is_Add:
        return _direct(expr, where, depth)
    by_terms = _add([_direct(term, where, depth + 1) for term in expr.args])
    if by_terms is not None:
        return by_terms
    single = _by_roots(expr, where)
    if single is not None:
        return single
    return _by_shift(expr, where, depth)


def bounds(symbol: Any, where: tuple[Any, ...]) -> tuple[list[tuple[Any, bool]], list[tuple[Any, bool]]]:
    """Lower and upper bounds of a symbol, each with whether it is strict, from its type and the conditions."""
    low: list[tuple[Any, bool]] = []
    high: list[tuple[Any, bool]] = []
    for relation in where:
        if not isinstance(relation, (sp.Le, sp.Lt)):
            continue
        strict = isinstance(relation, sp.Lt)
        if relation.rhs == symbol and not relation.lhs.has(symbol):
            low.append((relation.lhs, strict))
        if relation.lhs == symbol and not relation.rhs.has(symbol):
            high.append((relation.rhs, strict))
    if symbol.is_integer and symbol.is_positive:
        low.append((sp.Integer(1), False))
    elif symbol.is_positive:
        low.append((sp.Integer(0), True))
    elif symbol.is_nonnegative:
        low.append((sp.Integer(0), False))
    return low, high


def _by_shift(expr: Any, where: tuple[Any, ...], depth: int) -> str | None:
    """Replace a bounded symbol by its bound plus a positive amount, and look again."""
    for symbol in sorted(expr.free_symbols, key=str):
        low, high = bounds(symbol, where)
        moves = [(bound, strict, 1) for bound, strict in low if bound != 0]
        moves += [(bound, strict, -1) for bound, strict in high]
        for bound, strict, direction in moves:
            amount = sp.Symbol(f"_u{depth}", positive=True) if strict else sp.Symbol(f"_u{depth}", nonnegative=True)
            shift = {symbol: bound + direction * amount}
            if expr.has(sp.Sum, sp.Product, E):
                continue
            conditions = tuple(
                relation.func(relation.lhs.xreplace(shift), relation.rhs.xreplace(shift), evaluate=False)
                for relation in where
                if relation.has(symbol)
            ) + tuple(relation for relation in where if not relation.has(symbol))
            conditions = tuple(one for one in conditions if one.free_symbols and rational(one.rhs - one.lhs) != amount)
            if not symbol.is_integer and symbol.is_positive:
                conditions += (sp.Lt(0, bound + direction * amount, evaluate=False),)
            found = sign(expr.xreplace(shift), conditions, depth + 2)
            if found is not None:
                return found
    return None


def _by_roots(expr: Any, where: tuple[Any, ...]) -> str | None:
    """Count exactly the roots in the interval of a polynomial with rational coefficients in one symbol."""
    if len(expr.free_symbols) != 1:
        return None
    (symbol,) = expr.free_symbols
    if not expr.is_polynomial(symbol):
        return None
    polynomial = sp.Poly(expr, symbol)
    if not polynomial.domain.is_QQ and not polynomial.domain.is_ZZ:
        return None
    low, high = bounds(symbol, where)
    low = [(b, s) for b, s in low if b.is_Rational]
    high = [(b, s) for b, s in high if b.is_Rational]
    left = max(low, key=lambda item: (item[0], item[1]), default=None)
    right = min(high, key=lambda item: (item[0], not item[1]), default=None)
    start, end = (left[0] if left else None), (right[0] if right else None)
    if start is not None and end is not None and start >= end:
        return None
    roots = polynomial.count_roots(start, end)
    at_ends = sum(1 for side in (left, right) if side and polynomial.eval(side[0]) == 0)
    closed = sum(1 for side in (left, right) if side and not side[1] and polynomial.eval(side[0]) == 0)
    if roots - at_ends:
        return None
    inside = (start + end) / 2 if start is not None and end is not None else None
    if inside is None:
        inside = start + 1 if start is not None else end - 1 if end is not None else sp.Integer(0)
    value = polynomial.eval(inside)
    if value == 0:
        return None
    strict = "+" if value > 0 else "-"
    return strict if not closed else f"0{strict}"


def defined(expr: Any, where: tuple[Any, ...]) -> str | None:
    """Return why ``expr`` may be undefined somewhere on the domain, or ``None`` if it is defined everywhere.

    Denominators must not vanish, logarithms and the gamma function need a positive argument, factorials a nonnegative
    one, powers that are not whole a nonnegative base; an integral must converge.
    """
    from proofs.calculus import divergence

    nodes = sp.preorder_traversal(expr)
    for node in nodes:
        if isinstance(node, Integral):
            nodes.skip()
            reason = divergence(node, where)
            if reason:
                return reason
        if isinstance(node, sp.gamma) and sign(node.args[0], where) != "+":
            return f"gamma needs {node.args[0]} > 0"
        if isinstance(node, sp.log) and sign(node.args[0], where) != "+":
            return f"log needs {node.args[0]} > 0"
        if isinstance(node, sp.factorial) and sign(node.args[0], where) not in _NONNEGATIVE:
            return f"a factorial needs {node.args[0]} >= 0"
        if isinstance(node, sp.Pow) and not isinstance(node, sp.exp):
            base, exponent = node.base, node.exp
            if positive(base) or (exponent.is_integer and exponent.is_nonnegative):
                continue
            found = sign(base, where)
            if exponent.is_integer:
                if found not in {"+", "-"}:
                    if sign(exponent, where) in _NONNEGATIVE:
                        continue
                    return f"{base} may be 0 under a negative exponent"
            elif found != "+" and not (found in _NONNEGATIVE and sign(exponent, where) in _NONNEGATIVE):
                return f"{base} may be negative under the exponent {exponent}"
    return None
