"""Whether a claim follows from its premises, each times its weight, with something of certain sign to spare.

The weights are the step's; that they are not negative, what is left and its sign are found out here by interval
arithmetic (:mod:`proofs.mutation.ranges`), on which the kernel's rules do not lean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from proofs.language import All, Claim
from proofs.mutation.conditions import conditions_follow
from proofs.mutation.domains import domain
from proofs.mutation.ranges import defined, enclose


def spare(changed: Claim | All, known: Mapping[str, Any], premises: tuple[str, ...], args: Mapping[str, Any]) -> str:
    """Return that the claim follows from the premises, or nothing."""
    if not isinstance(changed, Claim) or not isinstance(changed.conclusion, (sp.Le, sp.Lt)):
        return ""
    weights = [sp.sympify(weight) for weight in args.get("weights", [1] * len(premises))]
    facts = [known.get(name) for name in premises]
    if not facts or len(weights) != len(facts):
        return ""
    box = domain(changed.free_symbols, changed.where)
    relation = changed.conclusion
    left, strict, parts = relation.rhs - relation.lhs, False, set()
    for weight, fact in zip(weights, facts, strict=True):
        if not isinstance(fact, Claim) or not isinstance(fact.conclusion, (sp.Eq, sp.Le, sp.Lt)):
            return ""
        size = enclose(weight, box)
        if not defined(weight, box) or not (size.nonnegative or isinstance(fact.conclusion, sp.Eq)):
            return ""
        if not conditions_follow(fact.where, changed.where, box):
            return ""
        left -= weight * (fact.conclusion.rhs - fact.conclusion.lhs)
        strict = strict or (size.positive and isinstance(fact.conclusion, sp.Lt))
        parts |= set(sp.preorder_traversal(fact.conclusion))
    if not defined(relation, box, parts):
        return ""
    least = "positive" if isinstance(relation, sp.Lt) and not strict else "nonnegative"
    if any(getattr(enclose(form, box), least) for form in _forms(left)):
        return "its premises, each times its weight, with something to spare"
    return ""


def _forms(left: Any) -> Iterator[Any]:
    """Yield ways to write what is left, which have the same value wherever it is defined."""
    yield left
    yield sp.expand(left)
    above, below = sp.fraction(sp.together(left))
    yield sp.expand(above) / below
    yield sp.factor_terms(sp.expand(above)) / below
    yield sp.cancel(left)
