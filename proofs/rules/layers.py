"""Rules of laws: variables with one law, and means of monotone functions under laws that are close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.calculus import derivative, discontinuity, roughness, unfit
from proofs.language import NORM, TRIVIAL, Below, Claim, E, RandomVariable, bound_symbols
from proofs.normal import measurable
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    Unknown,
    need_conditions,
    need_defined,
    need_equal,
    relation_of,
    single,
)
from proofs.signs import sign

_NONNEGATIVE, _NONPOSITIVE = ("+", "0+", "0"), ("-", "0-", "0")


def _mean(expr: Any) -> E:
    if not isinstance(expr, E) or expr.given != TRIVIAL:
        raise Refused(f"{expr} is no expectation")
    return expr


def _need_every_level(premise: Claim, level: Any, *pieces: Any) -> None:
    """Refuse unless the premise holds at every real ``level``, on which the pieces do not depend."""
    if not level.is_Symbol or level.assumptions0 != sp.Symbol("x", real=True).assumptions0:
        raise Refused(f"{level} does not run through the real numbers")
    if any(piece.has(level) for piece in (*pieces, *premise.where)):
        raise Refused(f"the premise is not known at every level {level}")


def _law(side: Any) -> tuple[Any, Any]:
    """Return ``X`` and ``x`` of ``P(X < x)``."""
    event = _mean(side).value
    if not isinstance(event, Below):
        raise Refused(f"{side} is not the chance that a variable is below a level")
    return event.args[0], event.args[1]


def _same_law(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    if not premises:
        raise Refused("there is no law")
    premise = premises[0]  # the others bound parts, so that the expectations exist: the kernel asks for that
    relation, law = relation_of(claim, sp.Eq), relation_of(premise, sp.Eq)
    need_conditions(premise.where, claim)
    (first, level), (second, other) = _law(law.lhs), _law(law.rhs)
    if level != other:
        raise Refused("the levels differ")
    _need_every_level(premise, level, first, second)
    function, symbol = args["function"], args["variable"]
    _need_plain(function, symbol)
    need_equal(relation.lhs, E(function.xreplace({symbol: first})), "left side")
    need_equal(relation.rhs, E(function.xreplace({symbol: second})), "right side")
    return "one function of two variables with one law"


def _need_plain(function: Any, symbol: Any) -> None:
    """Refuse a function of ``symbol`` that depends on chance, or in which the symbol is bound."""
    if not symbol.is_Symbol or symbol.assumptions0 != sp.Symbol("x", real=True).assumptions0:
        raise Refused(f"{symbol} is not a real variable without a sign")
    if function.has(RandomVariable, E) or bound_symbols(function):
        raise Refused("the function depends on chance, or binds a symbol")


def _cut(side: Any, level: Any) -> tuple[Any, Any]:
    """Return ``X`` and ``A`` of ``E(A Below(X, level))``; ``A`` may be 1."""
    weight: Any = sp.Integer(1)
    found: list[Any] = []
    for factor in sp.Mul.make_args(_mean(side).value):
        if isinstance(factor, Below) and factor.args[1] == level:
            found.append(factor.args[0])
        else:
            weight *= factor
    if len(found) != 1:
        raise Refused(f"{side} is not the mean of a weight where one variable is below {level}")
    return found[0], weight


def _layers(claim: Any, premise: Any, level: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Return ``X, A, Y, B, eps`` of the premise ``E(A Below(X, x)) <= E(B Below(Y, x)) + eps`` for every real ``x``."""
    source = relation_of(premise, sp.Le)
    need_conditions(premise.where, claim)
    upper = [term for term in sp.Add.make_args(source.rhs) if term.has(level)]
    if len(upper) != 1:
        raise Refused("the right side is not a mean where a variable is below the level, and a number")
    rest = source.rhs - upper[0]
    below, weight = _cut(source.lhs, level)
    above, heavy = _cut(upper[0], level)
    _need_every_level(premise, level, below, weight, above, heavy, rest)
    if not measurable(rest, TRIVIAL):
        raise Refused(f"{rest} depends on chance")
    if any(sign(one, claim.where) not in _NONNEGATIVE for one in (weight, heavy)):
        raise Refused("the weights are not known to be nonnegative")
    return below, weight, above, heavy, rest


def _layer_cake(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim, sp.Le)
    below, weight, above, heavy, rest = _layers(claim, premises[0], args["level"])
    function, symbol = args["function"], args["variable"]
    _need_plain(function, symbol)
    if any(one.has(symbol) for one in claim.where) or unfit(symbol, function):
        raise Refused(f"{symbol} is the function's own variable and has a condition")
    reason = roughness(function, symbol, claim.where) or discontinuity(function, symbol, claim.where)
    if reason:
        raise Unknown(f"the function is not known to be smooth: {reason}")
    if sign(derivative(function, symbol), claim.where) not in _NONPOSITIVE:
        raise Refused("the function is not known to decrease")
    if sign(function, claim.where) not in _NONNEGATIVE or sign(1 - function, claim.where) not in _NONNEGATIVE:
        raise Refused("the function is not known to lie between 0 and 1")
    need_equal(relation.lhs, E(weight * function.xreplace({symbol: below})), "left side")
    need_equal(relation.rhs, E(heavy * function.xreplace({symbol: above})) + rest, "right side")
    return "a decreasing function between 0 and 1 is a mean of indicators of half-lines"


def _layers_by_length(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.language import KEYS
    from proofs.model import Radius

    single(premises, 4 if "power" in args else 3)
    relation = relation_of(claim, sp.Le)
    below, weight, above, heavy, rest = _layers(claim, premises[0], args["level"])
    growth, free = relation_of(premises[1], sp.Le), relation_of(premises[2], sp.Eq)
    chance = args["chance"]
    lengths = chance.atoms(Radius)
    if not isinstance(chance, E) or chance.given != NORM or len(lengths) != 1:
        raise Refused("the chance is no mean given the length of a key")
    (length,) = lengths
    if below != length**2 or above != length**2:
        raise Refused("the premise is not about the squared length of that key")
    _need_unconditional(premises[2], free, chance.value, length, KEYS)
    _need_growth(claim, premises[1], growth, chance, length)
    if sign(chance.value, claim.where) not in _NONNEGATIVE:
        raise Refused(f"{chance} is not known to be nonnegative")
    function = _of_chance(claim, premises, args, chance)
    need_equal(relation.lhs, E(weight * function), "left side")
    need_equal(relation.rhs, E(heavy * function) + rest, "right side")
    return "the longer the key the larger the chance, so that the function decreases with the length"


def _of_chance(claim: Any, premises: Sequence[Any], args: Mapping[str, Any], chance: Any) -> Any:
    """Return the function of the chance, decreasing from at most 1 to at least 0: an exponential, or a power."""
    number = sp.sympify(args["power"] if "power" in args else args["rate"])
    if not measurable(number, TRIVIAL) or sign(number, claim.where) not in _NONNEGATIVE:
        raise Refused(f"{number} is not known to be a nonnegative number")
    need_defined(number, claim.where)
    if "power" not in args:
        return sp.exp(-number * chance)
    bound = relation_of(premises[3], sp.Le)
    need_conditions(premises[3].where, claim)
    if bound.lhs != chance or bound.rhs != 1:
        raise Refused("the chance is not known to be at most 1")
    return (1 - chance) ** number


def _need_unconditional(premise: Any, free: Any, value: Any, length: Any, keys: str) -> None:
    """Refuse unless all chance in ``value`` but the length is a variable whose law does not depend on the keys."""
    others = value.atoms(RandomVariable) - {length}
    if len(others) != 1 or value.has(E):
        raise Refused("the chance depends on more than a length and one other variable")
    (other,) = others
    if premise.where or not isinstance(free.lhs, E) or free.lhs.given != keys or not isinstance(free.lhs.value, Below):
        raise Refused("the third premise is not about a law given the keys")
    variable, level = free.lhs.value.args
    if variable not in (other, -other) or free.rhs != E(free.lhs.value):
        raise Refused(f"the third premise is not that the law of {other} does not depend on the keys")
    _need_every_level(premise, level, variable)


def _need_growth(claim: Any, premise: Any, growth: Any, chance: Any, length: Any) -> None:
    """Refuse unless the premise is that the mean at a length ``r`` is at most that at ``s``, for ``0 <= r <= s``."""
    found = []
    for side in (growth.lhs, growth.rhs):
        symbols = [one for one in side.free_symbols - chance.free_symbols if one.assumptions0 == _REAL]
        if len(symbols) != 1 or side != E(chance.value.xreplace({length: symbols[0]})):
            raise Refused("the second premise is not about the chance at a length")
        found.append(symbols[0])
    shorter, longer = found
    ordered = {sp.Le(0, shorter, evaluate=False), sp.Le(shorter, longer, evaluate=False)}
    others = tuple(one for one in premise.where if one not in ordered)
    if shorter == longer or any(one.has(shorter, longer) for one in others):
        raise Refused("the second premise is not known for all lengths")
    need_conditions(others, claim)


_REAL = sp.Symbol("x", real=True).assumptions0

RULES = (
    Rule(
        "same-law",
        _same_law,
        "normal form",
        "If P(X < x) = P(Y < x) for every real x then X and Y have one law, so that one function of each has one mean.",
        USES["normal form"],
    ),
    Rule(
        "layer-cake",
        _layer_cake,
        "exact sign of the derivative, normal form",
        "Let E(A; X < x) <= E(B; Y < x) + c for every real x, A and B being nonnegative, and let f decrease from at "
        "most 1 to at least 0. Then f(X) is the integral over s from 0 to 1 of the indicator of f(X) > s, that is, of "
        "X < t or X <= t (the limit of X < x as x falls to t), t depending on s alone, or of everything or nothing "
        "(limits as x grows or falls); the inequality passes to these limits by monotone convergence, all means at "
        "single levels being finite. By Tonelli's theorem E(A f(X)) <= E(B f(Y)) + c.",
        USES["derivative"],
    ),
    Rule(
        "layers-by-length",
        _layers_by_length,
        "normal form",
        "If u is independent of the keys then E(h(R, u) | R) is the function r -> E(h(r, u)) at R; if that increases "
        "for r >= 0, and h >= 0, exp(-c E(h(R, u) | R)), c >= 0, and, if the mean is at most 1, (1 - E(h(R, u) | R))^c "
        "are decreasing functions of R^2 between 0 and 1, and the argument of layer-cake applies with X = Y = R^2.",
        USES["sign"],
    ),
)
