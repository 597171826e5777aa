"""Rules of equality and of quantifiers: identity, rewriting, specialisation, conjunction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.grammar import problem, range_problem
from proofs.language import All, Claim, E, LimitOf, RandomVariable, bound_symbols, show, substitute
from proofs.normal import equal, generators
from proofs.rules.base import (
    USES,
    Refused,
    Rule,
    need_conditions,
    need_defined,
    need_equal,
    relation_of,
    single,
)


def _identity(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    need_equal(relation.lhs, relation.rhs, "not an identity")
    need_defined(relation, claim.where)
    return "both sides have the same normal form"


def _rewrite(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    relation = relation_of(claim)
    equations = list(premises)
    if args.get("base"):
        if not equations:
            raise Refused("there is no relation to rewrite")
        base = equations.pop(0)
        source = relation_of(base, type(relation))
        need_conditions(base.where, claim)
        sides = [(source.lhs, relation.lhs), (source.rhs, relation.rhs)]
    else:
        relation_of(claim, sp.Eq)
        sides = [(relation.lhs, relation.rhs)]
    for start, goal in sides:
        expr = start
        for equation in equations:
            rule = relation_of(equation, sp.Eq)
            changed = _replace_one(expr, rule.lhs, rule.rhs)
            if changed != expr:
                _need_bound(equation, expr)
                need_conditions(equation.where, claim, expr)
            expr = changed
        need_equal(expr, goal, "rewriting does not lead there")
    need_defined(relation, claim.where)
    return "replaced equals by equals, then compared normal forms"


def _need_bound(equation: Claim, expr: Any) -> None:
    """Refuse an equation with a condition on a bound symbol unless it can only apply where the symbol is bound."""
    for condition in equation.where:
        for symbol in condition.free_symbols & bound_symbols(expr):
            if symbol in expr.free_symbols or symbol not in equation.conclusion.lhs.free_symbols:
                raise Refused(f"the condition {show(condition)} is known only where {symbol} is bound")


def _replace_one(expr: Any, old: Any, new: Any) -> Any:
    changed = expr.xreplace({old: new})
    if changed != expr:
        return changed
    normal, pattern = generators(expr), generators(old)
    return normal.xreplace({pattern: new}) if normal.has(pattern) else expr


def _specialise(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, len(premises))
    if not premises:
        raise Refused("there is nothing to specialise")
    premise, *facts = premises
    known = claim.where
    for fact in facts:
        need_conditions(fact.where, claim)
        known += (relation_of(fact),)
    mapping: dict[Any, Any] = {old: sp.sympify(new) for old, new in args.get("put", {}).items()}
    for symbol, value in mapping.items():
        if not symbol.is_Symbol:
            raise Refused(f"{symbol} is no variable")
        if value.has(RandomVariable) and (
            premise.conclusion.has(E, LimitOf) or not isinstance(premise.conclusion, sp.core.relational.Relational)
        ):
            # "for all p, E(X + p) = E(X) + p" says nothing about a p that varies with chance
            raise Refused("a random value may not be put into a statement about expectations, laws or limits")
        _need_type(symbol, value, known)
        need_defined(value, known)
    try:
        conclusion = substitute(premise.conclusion, mapping)
        conditions = tuple(substitute(condition, mapping) for condition in premise.where)
    except ValueError as error:
        raise Refused(str(error)) from None
    need_conditions(conditions, Claim(claim.conclusion, known))
    if conclusion == claim.conclusion:
        return "substituted values of the right type"
    relation = relation_of(claim)
    if type(conclusion) is not type(relation):
        raise Refused(f"the premise gives {show(conclusion)}")
    need_equal(conclusion.lhs, relation.lhs, "left sides differ")
    need_equal(conclusion.rhs, relation.rhs, "right sides differ")
    need_defined(relation, known)
    return "substituted values of the right type, then compared normal forms"


def _need_type(symbol: Any, value: Any, where: tuple[Any, ...]) -> None:
    from proofs.signs import sign

    wrong = problem(symbol) or problem(value, where)
    if wrong:
        raise Refused(wrong)
    if symbol.is_integer and not value.is_integer:
        raise Refused(f"{value} is not known to be an integer, as {symbol} is")
    if symbol.is_positive and sign(value, where) != "+":
        raise Refused(f"{value} is not known to be positive, as {symbol} is")
    if not symbol.is_positive and symbol.is_nonnegative and sign(value, where) not in {"+", "0+", "0"}:
        raise Refused(f"{value} is not known to be nonnegative, as {symbol} is")
    if not value.is_real and not all(s.is_real for s in value.free_symbols) and sign(value, where) is None:
        raise Refused(f"{value} is not known to be real")


def _conjunction(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    if not isinstance(claim, All) or not claim.parts:
        raise Refused("the claim is no conjunction of anything")
    given: list[Claim] = []
    for premise in premises:
        given += premise.parts if isinstance(premise, All) else [premise]
    for part in claim.parts:
        if part not in given:
            raise Refused(f"{part.text()} is not among the premises")
    return "every part is a premise"


def _sides(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    """Carry out a finite sum or product over an equation that holds for every index."""
    single(premises, 1)
    (premise,) = premises
    relation, source = relation_of(claim, sp.Eq, sp.Le), relation_of(premise, sp.Eq, sp.Le)
    if type(relation) is not type(source):
        raise Refused("an inequality cannot give an equality")
    index, low, high = args["over"]
    kind = args.get("kind", sp.Sum)
    wrong = range_problem((index, low, high), claim.where)
    if wrong or kind not in (sp.Sum, sp.Product):
        raise Refused(wrong or f"{kind} is neither a sum nor a product")
    if kind is not sp.Sum and isinstance(source, sp.Le):
        raise Refused("inequalities may be summed, not multiplied")
    left, right = kind(source.lhs, (index, low, high)), kind(source.rhs, (index, low, high))
    inside = Claim(
        claim.conclusion, (*claim.where, sp.Le(low, index, evaluate=False), sp.Le(index, high, evaluate=False))
    )
    if any(condition.has(index) for condition in claim.where):
        raise Refused(f"{index} is bound and has a condition")
    need_conditions(premise.where, inside)
    if not equal(left, relation.lhs) or not equal(right, relation.rhs):
        raise Refused("the claim's sides are not the sums over the premise's sides")
    return "summed term by term"


def _power_as_exponential(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.signs import sign

    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    base, exponent = relation.rhs.as_base_exp()
    if sign(base, claim.where) != "+":
        raise Refused(f"{base} is not known to be positive")
    need_equal(relation.lhs, sp.exp(exponent * sp.log(base)), "left side")
    need_defined(relation, claim.where)
    return "the definition of a real power of a positive number"


def _integer_cases(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    later, first = premises
    symbol = args["variable"]
    relation = relation_of(claim)
    if not (symbol.is_Symbol and symbol.is_integer and symbol.is_positive):
        raise Refused(f"{symbol} is not a positive integer")
    if any(condition.has(symbol) for condition in claim.where):
        raise Refused(f"the claim has a condition on {symbol}")
    if later.conclusion != relation:
        raise Refused("the first premise is not the claim for the integers from 2 on")
    need_conditions(tuple(one for one in later.where if one != sp.Le(2, symbol, evaluate=False)), claim)
    need_conditions(first.where, claim)
    start = relation_of(first, type(relation))
    need_equal(start.lhs, relation.lhs.xreplace({symbol: sp.Integer(1)}), "left sides at 1")
    need_equal(start.rhs, relation.rhs.xreplace({symbol: sp.Integer(1)}), "right sides at 1")
    return "a positive integer is 1 or at least 2"


def _integer_at_one(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (first,) = premises
    symbol = args["variable"]
    relation = relation_of(claim)
    if not (symbol.is_Symbol and symbol.is_integer and symbol.is_positive):
        raise Refused(f"{symbol} is not a positive integer")
    if sp.Le(symbol, 1, evaluate=False) not in claim.where:
        raise Refused(f"the claim does not keep {symbol} at 1")
    need_conditions(first.where, claim)
    start = relation_of(first, type(relation))
    need_equal(start.lhs, relation.lhs.xreplace({symbol: sp.Integer(1)}), "left sides at 1")
    need_equal(start.rhs, relation.rhs.xreplace({symbol: sp.Integer(1)}), "right sides at 1")
    return "a positive integer that is at most 1 is 1"


def _two_sides(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    extra = [tuple(one for one in premise.where if one not in claim.where) for premise in premises]
    if any(premise.conclusion != claim.conclusion for premise in premises):
        raise Refused("the premises are not the claim with a condition more")
    if any(len(conditions) != 1 or not isinstance(conditions[0], sp.Le) for conditions in extra):
        raise Refused("each premise must have one weak inequality more as a condition")
    (first,), (second,) = extra
    if first.lhs != second.rhs or first.rhs != second.lhs:
        raise Refused("the two conditions do not cover all cases")
    return "one of a <= b and b <= a holds"


RULES = (
    Rule(
        "integer-at-one",
        _integer_at_one,
        "comparison",
        "A positive integer that is at most 1 is 1.",
        USES["normal form"],
    ),
    Rule(
        "two-sides",
        _two_sides,
        "comparison",
        "What holds where a <= b and where b <= a holds everywhere.",
    ),
    Rule(
        "power-as-exponential",
        _power_as_exponential,
        "exact sign",
        "b^a = exp(a log b) for b > 0, by definition.",
        USES["sign"],
    ),
    Rule(
        "integer-cases",
        _integer_cases,
        "comparison",
        "What holds at 1 and for all integers from 2 on holds for all positive integers.",
        USES["sign"],
    ),
    Rule(
        "identity",
        _identity,
        "normal form",
        "Two expressions with one normal form over independent generators agree wherever both are defined, and "
        "definedness on the domain is shown.",
        USES["normal form"],
    ),
    Rule(
        "rewrite",
        _rewrite,
        "normal form",
        "Equals may replace equals anywhere; each equation holds for all its free symbols under its conditions, which "
        "must follow from the claim's or from the limits of the sum that binds the symbol.",
        USES["normal form"],
    ),
    Rule(
        "specialise",
        _specialise,
        "substitution",
        "A statement for all values holds for one value of the symbol's type that satisfies the conditions; premises "
        "after the first are facts that may be used to show them.",
        USES["sign"],
    ),
    Rule(
        "conjunction",
        _conjunction,
        "comparison",
        "A conjunction holds when each of its parts, as written, is a premise.",
    ),
    Rule(
        "sum-both-sides",
        _sides,
        "normal form",
        "An equation or weak inequality that holds for every index in the range may be summed over the range.",
        USES["normal form"],
    ),
)
