"""Rules of normal variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import Claim, E, RandomVariable, StandardNormals, eq, le
from proofs.rules.base import Refused, Rule, need_conditions, relation_of, single


def _uncorrelated(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    from proofs.model import KeyWeight, QueryWeight

    single(premises, 6)
    if any(premise.where for premise in premises[:3]) or claim.where:
        raise Refused("the definitions, the independence and the claim must hold without conditions")
    if not isinstance(claim.conclusion, StandardNormals):
        raise Refused("the claim is not that families are independent standard normals")
    first, second, i, j, e, last = claim.conclusion.args
    l, f = args["other"]  # noqa: E741 - the second index of the covariance
    if len({i, j, e, l, f}) < 5 or first.has(j, l, f) or second.has(i, l, f):
        raise Refused("five different indices are needed")
    if [l.assumptions0, f.assumptions0] != [i.assumptions0, e.assumptions0]:
        raise Refused("the covariances are not known for all pairs")
    if last.has(RandomVariable, i, j, e, l, f) or not (last.is_integer and last.is_nonnegative):
        raise Refused(f"{last} is no fixed whole number from 0 on")
    for definition, member, weight in ((premises[0], first, QueryWeight), (premises[1], second, KeyWeight)):
        _need_linear(relation_of(definition, sp.Eq), member, weight)
    if relation_of(premises[2], sp.Eq) != _product(QueryWeight, KeyWeight):
        raise Refused("the third premise is not that W_q and W_k are independent")
    pairs = (
        (i, first, first.xreplace({i: l, e: f}), sp.KroneckerDelta(i, l) * sp.KroneckerDelta(e, f)),
        (j, second, second.xreplace({j: l, e: f}), sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f)),
        (i, first, second.xreplace({j: l, e: f}), sp.Integer(0)),
    )
    for premise, (row, left, right, value) in zip(premises[3:], pairs, strict=True):
        if relation_of(premise, sp.Eq) != eq(E(left * right), value):
            raise Refused(f"a premise is not that E({left} {right}) = {value}")
        need_conditions(premise.where, Claim(premise.conclusion, (le(row, last), le(l, last))))
    return "linear in independent normals, with the identity as covariance"


def _need_linear(relation: Any, member: Any, weight: Any) -> None:
    """Refuse unless the relation writes every ``member`` as a sum of numbers times entries of the matrix ``weight``."""
    given, needed = relation.lhs.args, member.args
    if relation.lhs.func != member.func or not isinstance(relation.rhs, sp.Sum):
        raise Refused(f"{member} is not written as a sum")
    if len(set(given)) < len(given) or not all(one.is_Symbol for one in given):
        raise Refused(f"the sum is not given for every {member}")
    if [one.assumptions0 for one in given] != [one.assumptions0 for one in needed]:
        raise Refused(f"the sum is not given for every {member}")
    body = relation.rhs.function
    entries = body.atoms(weight)
    if len(entries) != 1:
        raise Refused(f"{member} is not linear in the entries of one matrix")
    (entry,) = entries
    name = sp.Symbol("_v", real=True)
    factor = body.xreplace({entry: name})
    if factor.has(RandomVariable) or sp.Poly(factor, name).monoms() != [(1,)]:
        raise Refused(f"{member} is not linear in the entries of one matrix")


def _product(first: Any, second: Any) -> Any:
    from proofs.model import a, b, e, f

    return eq(E(first(a, e) * second(b, f)), E(first(a, e)) * E(second(b, f)))


RULES = (
    Rule(
        "uncorrelated-normals",
        _uncorrelated,
        "comparison",
        "The premises are granted only where W_q and W_k are independent, with independent standard normal entries. "
        "These are jointly normal, so sums of their multiples are jointly normal with mean 0; and jointly normal "
        "variables whose covariance is the identity are independent standard normals.",
        (),
        ("normal-uncorrelated",),
    ),
)
