"""Rules of lower limits: growth from below, and a limit between two bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import Lim, LimInf, LimSup
from proofs.normal import generators, rational
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_equal, relation_of, single
from proofs.rules.growth import need_eventually, rates
from proofs.signs import sign

_NONNEGATIVE = ("+", "0+", "0")


def _coefficient(term: Any, index: Any) -> Any:
    """Return a number of the sign that ``term`` has for large ``index``: exponentials are positive anyway."""
    return sp.Mul(*(part for part in sp.Mul.make_args(term) if not part.has(index) and not isinstance(part, sp.exp)))


def _from_below(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Le)
    below, above = (relation_of(premise, sp.Le) for premise in premises)
    if not isinstance(relation.rhs, LimInf):
        raise Refused("the right side is no lower limit")
    value, index = relation.rhs.args
    if relation.lhs.has(index) or any(condition.has(index) for condition in claim.where):
        raise Refused("the bound on the exponent may not vary")
    need_equal(value, sp.log(below.rhs) / sp.log(index), "the right side is not log(quantity) / log(n)")
    need_equal(below.rhs, above.lhs, "the premises are about different quantities")
    for premise in premises:
        need_eventually(premise.where, index, claim)
    rates(above.rhs, index)
    terms = sp.Add.make_args(sp.expand(generators(sp.expand(below.lhs)), power_base=False, log=False))
    if any(sign(_coefficient(term, index), claim.where) != "+" for term in terms):
        raise Refused("a term of the lower bound is not known to be positive")
    if not any(sign(alpha - relation.lhs, claim.where) in _NONNEGATIVE for alpha, _ in rates(below.lhs, index)):
        raise Refused(f"no term of the lower bound is known to have an exponent of at least {relation.lhs}")
    return (
        "a term of the lower bound is a positive constant times n^alpha times a power of log(n) with alpha as claimed"
    )


def _slack_below(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    relation, source = relation_of(claim, sp.Le), relation_of(premises[0], sp.Le)
    slack = args["slack"]
    if relation.has(slack) or any(one.has(slack) for one in claim.where) or source.rhs.has(slack):
        raise Refused(f"{slack} must occur in the premise's left side alone")
    if not slack.is_Symbol or slack.is_integer or not slack.is_positive:
        raise Refused(f"{slack} must be a positive real variable")
    for condition in premises[0].where:
        if not condition.has(slack):
            need_conditions((condition,), claim)
        elif not (
            isinstance(condition, sp.Lt)
            and condition.lhs == slack
            and not condition.rhs.has(slack)
            and sign(condition.rhs, claim.where) == "+"
        ):
            raise Refused(f"{slack} must be free to be small")
    need_equal(source.rhs, relation.rhs, "right sides differ")
    top, bottom = sp.fraction(sp.together(rational(source.lhs)))
    if bottom.has(slack) or not top.is_polynomial(slack):
        raise Refused(f"the bound is no polynomial in {slack}")
    # of the polynomial, not of the side as written, which need not be defined at 0
    need_equal((top / bottom).xreplace({slack: sp.Integer(0)}), relation.lhs, "left side")
    return "an inequality that holds for all small positive slack holds in the limit"


def _from_both_sides(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Eq)
    above, below = (relation_of(premise, sp.Le) for premise in premises)
    for premise in premises:
        need_conditions(premise.where, claim)
    if not (isinstance(relation.lhs, Lim) and isinstance(above.lhs, LimSup) and isinstance(below.rhs, LimInf)):
        raise Refused("a limit comes from an upper limit at most, and a lower limit at least, its value")
    value, index = relation.lhs.args
    if relation.rhs.has(index) or any(condition.has(index) for condition in claim.where):
        raise Refused(f"{index} is bound by the limit")
    for head in (above.lhs, below.rhs):
        if head.args[1] != index:
            raise Refused("the limits are not along the same variable")
        need_equal(head.args[0], value, "the limits are not of the same quantity")
    need_equal(above.rhs, relation.rhs, "the upper limit has another bound")
    need_equal(below.lhs, relation.rhs, "the lower limit has another bound")
    return "the lower limit is never above the upper one, so both are the value"


RULES = (
    Rule(
        "exponent-from-below",
        _from_below,
        "exact sign of exponents",
        "If sum of C_i n^alpha_i log(n)^beta_i <= X <= n^K log(n)^M for large n, all C_i > 0 and some alpha_i is at "
        "least alpha, then log X / log n >= alpha + (log C + beta log log n) / log n, whose limit is alpha; the upper "
        "bound keeps the lower limit finite.",
        USES["sign"],
    ),
    Rule(
        "vanishing-slack-below",
        _slack_below,
        "normal form",
        "If p(s) <= a for all small s > 0 with p a polynomial and a free of s, then p(0) <= a.",
        USES["sign"],
    ),
    Rule(
        "limit-from-both-sides",
        _from_both_sides,
        "normal form",
        "The lower limit is at most the upper one; if v is at most the first and at least the second, the limit is v.",
        USES["normal form"],
    ),
)
