"""A limit from two bounds that close in on it at a known rate. SymPy's limits are not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from proofs.language import TRIVIAL, Lim
from proofs.normal import measurable
from proofs.rules.base import USES, Refused, Rule, need_defined, need_equal, relation_of, single
from proofs.rules.growth import need_eventually, need_vanishing


def _limit_with_rate(claim: Any, premises: Sequence[Any], args: Mapping[str, Any]) -> str:
    single(premises, 2)
    relation = relation_of(claim, sp.Eq)
    if not isinstance(relation.lhs, Lim):
        raise Refused("the left side is no limit")
    value, index = relation.lhs.args
    if relation.rhs.has(index) or any(condition.has(index) for condition in claim.where):
        raise Refused(f"{index} is bound by the limit")
    below, above = (relation_of(premise, sp.Le, sp.Lt) for premise in premises)
    if not all(measurable(side, TRIVIAL) for side in (value, relation.rhs, below.lhs, above.rhs)):
        raise Refused("a quantity that depends on chance has no limit in this sense")
    need_equal(below.rhs, value, "the first premise bounds another quantity from below")
    need_equal(above.lhs, value, "the second premise bounds another quantity from above")
    for premise in premises:
        need_eventually(premise.where, index, claim)
    for bound in (below.lhs, above.rhs):
        need_vanishing(bound - relation.rhs, index, claim.where)
    need_defined(relation.rhs, claim.where)
    need_defined(value, (*claim.where, *premises[0].where, *premises[1].where))
    return "what each bound lacks is a sum of constants times n^alpha log(n)^beta that tends to 0"


RULES = (
    Rule(
        "limit-with-rate",
        _limit_with_rate,
        "exact sign of exponents",
        "If L + r <= a <= L + s for all large n, where r and s are sums of constants times n^alpha log(n)^beta with "
        "alpha < 0, or alpha = 0 and beta < 0, then |a - L| <= max(|r|, |s|) tends to 0.",
        USES["sign"],
    ),
)
