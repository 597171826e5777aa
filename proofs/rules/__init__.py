"""The rules of inference, one family a file; :data:`RULES` is all of them by name."""

from __future__ import annotations

from proofs.rules import algebra, counting, expectation, growth, limits, order
from proofs.rules.base import Rule

RULES: dict[str, Rule] = {
    rule.name: rule for family in (algebra, order, expectation, counting, limits, growth) for rule in family.RULES
}
