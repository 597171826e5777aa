"""Normal forms: when two expressions are equal whatever their transcendental parts are.

Rational operations are expanded over independent generators. Inside a generator (a sum over an index, a conditional
expectation, a power with a symbolic exponent, ``exp``, ``log``) the arguments are brought to normal form first, and
only these laws are used: finite sums and expectations are linear, known factors leave an expectation, the tower
property, ``b^(r+s) = b^r b^s``, ``exp(r+s) = exp(r) exp(s)``, ``log(exp(r) s) = r + log(s)``. Treating generators as
independent can only miss an equality, never invent one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from proofs.language import E, Integral, RandomVariable, coarser


class _ZeroPower(sp.Function):  # type: ignore[misc]
    """``_ZeroPower(b, r)``: the power ``b^r``, kept whole because ``b`` may be 0 and ``r`` a difference."""

    is_real = True


def positive(expr: Any) -> bool:
    """Whether the types of the symbols make ``expr`` positive.

    SymPy is not asked about products of variables: it takes ``4 (2 i + 2 j)^n / 3``, being no integer, for nonzero.
    """
    if expr.is_Add and not _is_constant(expr):
        return any(map(positive, expr.args)) and all(positive(term) or _nonnegative(term) for term in expr.args)
    if expr.is_Mul and not _is_constant(expr):
        return all(map(positive, expr.args))
    if type(expr) is sp.Pow and not _is_constant(expr):
        return positive(expr.base)
    return bool(expr.is_positive) if _is_typed(expr) else False


def _nonnegative(expr: Any) -> bool:
    if expr.is_Mul and not _is_constant(expr):
        return all(map(_nonnegative, expr.args))
    if type(expr) is sp.Pow and not _is_constant(expr):
        return _nonnegative(expr.base) or bool(expr.exp.is_Integer and expr.exp.is_even and expr.exp > 0)
    return bool(expr.is_nonnegative) if _is_typed(expr) else False


def _is_typed(expr: Any) -> bool:
    """Whether SymPy's word on the sign is the type's: a number, a variable, or a word whose class has a sign."""
    built = (sp.Add, sp.Mul, sp.Pow, sp.log, sp.gamma, sp.ceiling, sp.Sum, sp.Product)
    return isinstance(expr, sp.exp) or not isinstance(expr, built) or _is_constant(expr)


def _is_constant(expr: Any) -> bool:
    parts = (sp.Rational, sp.NumberSymbol, sp.Add, sp.Mul, sp.Pow, sp.log)
    return all(isinstance(node, parts) for node in sp.preorder_traversal(expr))


def measurable(expr: Any, given: str) -> bool:
    """Whether ``expr`` is determined by what ``given`` names."""
    if isinstance(expr, E):
        # E(X|ALIGNED) need not be a function of the keys, even if X is
        return coarser(expr.given, given) or (coarser(given, expr.given) and measurable(expr.value, given))
    if isinstance(expr, RandomVariable):
        return given in expr.known and all(measurable(arg, given) for arg in expr.args)
    return all(measurable(arg, given) for arg in expr.args)


def generators(expr: Any) -> Any:
    """Bring the inside of every generator to normal form."""
    if expr.is_Atom:
        return expr
    if isinstance(expr, (sp.Sum, sp.Product)):
        make = _sum if isinstance(expr, sp.Sum) else _product
        body = generators(expr.function)
        for index, low, high in expr.limits:  # SymPy lists the innermost range first
            body = make(body, index, rational(low), rational(high))
        return body
    if isinstance(expr, E):
        return _mean(generators(expr.value), expr.given)
    if isinstance(expr, Integral):
        function, variable, *ends = expr.args
        name = sp.Symbol("_y", real=True)  # one name is enough: no integral stands in another
        return Integral(rational(function).xreplace({variable: name}), name, *(rational(end) for end in ends))
    if isinstance(expr, sp.Pow):
        return _power(generators(expr.base), expr.exp)
    if isinstance(expr, sp.exp):
        return _power(sp.E, expr.exp)
    if isinstance(expr, sp.log):
        return _log(rational(expr.args[0]))
    if isinstance(expr, (sp.Add, sp.Mul)):
        return expr.func(*(generators(arg) for arg in expr.args))
    if isinstance(expr, sp.Expr):
        return expr.func(*(rational(arg) if isinstance(arg, sp.Expr) else arg for arg in expr.args))
    return expr


@lru_cache(maxsize=1 << 14)  # a proof asks for the same normal form many times
def rational(expr: Any) -> Any:
    """Return the normal form: a quotient of expanded polynomials in the generators."""
    inner = sp.together(_expand(generators(expr)))
    top, bottom = sp.fraction(inner)
    top, bottom = _expand(top), _expand(bottom)
    return sp.cancel(top / bottom) if bottom != 1 else top


def equal(left: Any, right: Any) -> bool:
    """Whether the two expressions have the same normal form (``False`` only says that this was not found)."""
    if left == right:
        return True
    top, _ = sp.fraction(sp.together(_expand(generators(left) - generators(right))))
    return bool(_expand(generators(_expand(top))) == 0)


def _expand(expr: Any) -> Any:
    return sp.expand(expr, power_base=False, power_exp=True, log=False, func=False, trig=False, complex=False)


def _terms(expr: Any) -> tuple[Any, ...]:
    return tuple(sp.Add.make_args(_expand(expr)))


def _fresh(body: Any, index: Any) -> Any:
    depth = sum(1 for node in sp.preorder_traversal(body) if isinstance(node, (sp.Sum, sp.Product)))
    used = body.atoms(sp.Symbol) - {index}  # by an outer sum, if a word of a normal form was replaced by a sum
    while sp.Symbol(f"_k{depth}", integer=True) in used:
        depth += 1
    return sp.Symbol(f"_k{depth}", integer=True)


def _sum(body: Any, index: Any, low: Any, high: Any) -> Any:
    total = sp.Integer(0)
    for term in _terms(body):
        outside, inside = term.as_independent(index, as_Add=False)
        if inside == 1 and _whole(high - low + 1):
            total += outside * (high - low + 1)
        else:
            name = _fresh(inside, index)
            total += outside * sp.Sum(inside.xreplace({index: name}), (name, low, high))
    return total


def _whole(length: Any) -> bool:
    """Whether a range has this many members: one that ends before it begins has none, whatever its length."""
    return bool(length.is_integer and length.is_nonnegative)


def _product(body: Any, index: Any, low: Any, high: Any) -> Any:
    if not body.has(index) and _whole(high - low + 1):
        return _power(body, high - low + 1)
    body = _expand(body)
    name = _fresh(body, index)
    return sp.Product(body.xreplace({index: name}), (name, low, high))


def _mean(value: Any, given: str) -> Any:
    total = sp.Integer(0)
    for term in _terms(value):
        known: Any = sp.Integer(1)
        rest: Any = sp.Integer(1)
        for factor in sp.Mul.make_args(term):
            if measurable(factor, given):
                known *= factor
            else:
                rest *= factor
        if rest == 1:
            total += known
        elif isinstance(rest, sp.Sum) and all(measurable(limit, given) for limit in rest.limits):
            inner = _mean(rest.function, given)
            for index, low, high in rest.limits:
                inner = _sum(inner, index, low, high)
            total += known * inner
        else:
            total += known * _tower(rest, given)
    return total


def _tower(product: Any, given: str) -> Any:
    """``E(X E(Y|finer) | given) = E(X Y | given)`` when ``X`` is known under the finer knowledge."""
    factors = sp.Mul.make_args(product)
    for factor in factors:
        if isinstance(factor, E) and coarser(given, factor.given):
            others = sp.Mul(*(other for other in factors if other is not factor))
            if measurable(others, factor.given):
                return _mean(others * factor.value, given)
    return E(product, given)


def _power(base: Any, exponent: Any) -> Any:
    if exponent.is_Integer:
        return base**exponent
    if base == sp.E:
        result: Any = sp.Integer(1)
        for term in sp.Add.make_args(rational(exponent)):
            result *= sp.exp(term)
        return result
    base = rational(base)
    if base.has(sp.KroneckerDelta) and not all(map(positive, sp.Add.make_args(rational(exponent)))):
        # SymPy takes delta^n for delta, so delta^(n-1) = delta^n / delta would become 1 where delta is 0
        return _ZeroPower(base, rational(exponent))
    result = sp.Integer(1)
    for term in sp.Add.make_args(rational(exponent)):
        result *= sp.exp(term * sp.log(base)) if positive(base) and not term.is_integer else base**term
    return result


def _log(argument: Any) -> Any:
    top, bottom = sp.fraction(sp.together(argument))
    result: Any = sp.Integer(0)
    rest: Any = sp.Integer(1)
    for part, sign in ((top, 1), (bottom, -1)):
        for factor in sp.Mul.make_args(sp.factor_terms(part)):
            if isinstance(factor, sp.exp):
                result += sign * factor.exp
            elif factor == sp.E:
                result += sign
            elif positive(factor):
                base, power = factor.as_base_exp()
                result += sign * power * sp.log(base) if positive(base) else sign * sp.log(factor)
            else:
                rest *= factor**sign
    return result + sp.log(sp.cancel(rest)) if rest != 1 else result
