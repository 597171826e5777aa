"""Rules for quantities that are 0 or 1, and for those with two values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import Below, Claim, RandomVariable, le
from proofs.rules.base import USES, Refused, Rule, need_conditions, need_equal, one_range, relation_of, single
from proofs.signs import sign


def _is_zero_one(expr: Any) -> bool:
    return isinstance(expr, (sp.KroneckerDelta, Below))


def _zero_one_sum(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Eq)
    deltas = [delta for delta in relation.lhs.atoms(sp.KroneckerDelta) if sp.Integer(0) in delta.args]
    sums = [arg for delta in deltas for arg in delta.args if isinstance(arg, sp.Sum)]
    if len(sums) != 1 or not _is_zero_one(sums[0].function):
        raise Refused("the left side is not 1 - [a sum of 0/1 quantities is 0]")
    (total,) = sums
    one_range(total)
    need_equal(relation.lhs, 1 - sp.KroneckerDelta(total, 0), "left side")
    need_equal(relation.rhs, 1 - sp.Product(1 - total.function, *total.limits), "right side")
    return "a sum of 0/1 quantities is 0 exactly when each is"


def _union_contains(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 0)
    relation = relation_of(claim, sp.Le)
    products = relation.rhs.atoms(sp.Product)
    if len(products) != 1:
        raise Refused("the right side is not 1 - product of (1 - x)")
    (product,) = products
    body = 1 - product.function
    index, low, high = one_range(product, sp.Product)
    if not _is_zero_one(body):
        raise Refused("the factors are not 1 - a 0/1 quantity")
    if sign(high - low, claim.where) not in {"+", "0+", "0"}:
        raise Refused("the product may be empty")
    need_equal(relation.rhs, 1 - product, "right side")
    need_equal(relation.lhs, body.xreplace({index: low}), "left side")
    return "the first of several events implies that one of them happens"


def _union_at_most(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 1)
    (premise,) = premises
    relation, source = relation_of(claim, sp.Le), relation_of(premise, sp.Le)
    products = relation.lhs.atoms(sp.Product)
    if len(products) != 1:
        raise Refused("the left side is not 1 - product of (1 - x)")
    (product,) = products
    body = 1 - product.function
    index, low, high = one_range(product, sp.Product)
    if not _is_zero_one(body) or source.rhs.has(index) or any(one.has(index) for one in claim.where):
        raise Refused("the factors are not 1 - a 0/1 quantity, or the bound varies with them")
    if sign(high - low, claim.where) not in {"+", "0+", "0"}:
        raise Refused("the product may be empty")
    need_conditions(premise.where, Claim(relation, (*claim.where, le(low, index), le(index, high))))
    need_equal(relation.lhs, 1 - product, "left side")
    need_equal(source.lhs, body, "the premise is not about the factors")
    need_equal(relation.rhs, source.rhs, "right side")
    return "one of several events happens only if some one of them does"


def _two_values(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Eq)
    least, most = (relation_of(premise, sp.Le) for premise in premises)
    quantity, value = least.rhs, least.lhs
    for premise in premises:
        need_conditions(premise.where, claim)
    if not isinstance(quantity, RandomVariable) or not quantity.is_integer or not value.is_Integer:
        raise Refused(f"{quantity} is not known to be a whole number from a whole number on")
    if most != le(quantity, value + 1):
        raise Refused(f"the second premise is not that {quantity} is at most {value + 1}")
    for one, other in ((value, value + 1 - quantity), (value + 1, quantity - value)):
        if relation.lhs == sp.KroneckerDelta(quantity, one):
            need_equal(relation.rhs, other, "right side")
            return f"{quantity} is {value} or {value + 1}"
    raise Refused(f"the left side is not that {quantity} has one of the two values")


RULES = (
    Rule(
        "two-values",
        _two_values,
        "comparison",
        "A quantity that is a whole number between a and a + 1 is one of the two: [X = a] = a + 1 - X and "
        "[X = a + 1] = X - a.",
        USES["normal form"],
    ),
    Rule(
        "zero-one-sum",
        _zero_one_sum,
        "normal form",
        "A finite sum of quantities that are 0 or 1 vanishes exactly if all do, that is if the product of 1 - x is 1.",
        USES["normal form"],
    ),
    Rule(
        "union-contains",
        _union_contains,
        "normal form",
        "For x_i in {0, 1} and a nonempty range, 1 - product of (1 - x_i) is the maximum of the x_i.",
        USES["sign"],
    ),
    Rule(
        "union-at-most",
        _union_at_most,
        "normal form",
        "For x_i in {0, 1} and a nonempty range, 1 - product of (1 - x_i) is the maximum of the x_i, so at most what "
        "each of them is at most.",
        USES["sign"],
    ),
)
