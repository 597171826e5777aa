"""The proof of the series of the barrier leans on every premise it names."""

from __future__ import annotations

import pytest

import proofs
from proofs.rules import RULES
from proofs.rules.base import Refused, Unknown

STEPS = {step.name: step for step in proofs.theorem("barrier-series").steps}


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.premises])
def test_dropping_any_premise_is_not_accepted(name):
    step = STEPS[name]
    premises = [STEPS[premise].claim for premise in step.premises]
    assert RULES[step.rule].apply(step.claim, premises, dict(step.args))
    for place in range(len(premises)):
        with pytest.raises((Refused, Unknown, ValueError)):
            RULES[step.rule].apply(step.claim, [*premises[:place], *premises[place + 1 :]], dict(step.args))
