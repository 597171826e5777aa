"""The rules of inference, one family a file; :data:`RULES` is all of them by name."""

from __future__ import annotations

from proofs.rules import (
    algebra,
    balls,
    convexity,
    counting,
    dominance,
    expectation,
    gaussian,
    growth,
    indicators,
    integrals,
    intervals,
    layers,
    limits,
    lower_limits,
    mixtures,
    order,
    ranks,
    sequences,
    squeeze,
    sums,
    tails,
    zero_one,
)
from proofs.rules.base import Rule

_FAMILIES = (
    algebra,
    order,
    intervals,
    balls,
    sums,
    sequences,
    expectation,
    convexity,
    counting,
    ranks,
    zero_one,
    dominance,
    gaussian,
    limits,
    integrals,
    tails,
    growth,
    squeeze,
    indicators,
    lower_limits,
    layers,
    mixtures,
)
RULES: dict[str, Rule] = {rule.name: rule for family in _FAMILIES for rule in family.RULES}
