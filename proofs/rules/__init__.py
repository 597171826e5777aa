"""The rules of inference, one family a file; :data:`RULES` is all of them by name."""

from __future__ import annotations

from proofs.rules import algebra, counting, expectation, gaussian, growth, limits, order, sums
from proofs.rules.base import Rule

_FAMILIES = (
    algebra,
    order,
    sums,
    expectation,
    counting,
    gaussian,
    limits,
    growth,
)
RULES: dict[str, Rule] = {rule.name: rule for family in _FAMILIES for rule in family.RULES}
