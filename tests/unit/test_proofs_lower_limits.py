"""Lower limits in the kernel: what must not be provable with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from proofs import kernel
from proofs.language import Claim, E, Lim, LimInf, LimSup, eq, le, lt
from proofs.model import Rank, c, d, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import library

LIBRARY = library()
s = sp.Symbol("s", positive=True)
MEAN = E(Rank(n, n, d))
LOWER = LimInf(sp.log(MEAN) / sp.log(n), n)
NAME = "log-n-exponent-attained"


@pytest.fixture(scope="module")
def done():
    found = {}
    kernel.check(LIBRARY["log-n-exponent-limit"], LIBRARY, done=found)
    return found


def status(*steps):
    variables = tuple(Variable(symbol, "") for symbol in steps[-1].claim.free_symbols)
    theorem = Theorem("evil", "", "", steps[-1].claim, variables, ("gaussian-queries-and-keys",), steps, ("barrier",))
    return kernel.check(theorem, LIBRARY).status


FALSE = {
    "a lower limit that is not finite": (Step("finite", Claim(eq(LimInf(E(n), n), LimInf(E(n), n))), "identity"),),
    "one that is not shown to be finite": (Step("lower", Claim(le(0, LimInf(E(n), n))), "sign"),),
    "one with a bound from below only": (
        Step("n", Claim(le(n, n)), "sign"),
        Step("power", Claim(le(n, 2**n)), "sign"),
        Step("lower", Claim(le(1, LimInf(sp.log(2**n) / sp.log(n), n))), "exponent-from-below", ("power", "power")),
    ),
    "one put in for a variable": (
        Step("true", Claim(le(s, s)), "sign"),
        Step("false", Claim(le(LOWER, LOWER)), "specialise", ("true",), {"put": {s: LOWER}}),
    ),
    "a condition on one": (Step("sign", Claim(le(0, c), (le(0, LOWER),)), "sign"),),
    "an exponent that holds for small slack, under a condition on it that is empty": (
        Step("vacuous", Claim(le(2 - s, LOWER), (lt(s, 1), lt(1, s))), "sign"),
        Step("false", Claim(le(2, LOWER)), "vanishing-slack-below", ("vacuous",), {"slack": s}),
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_theorem_is_not_checked(name):
    assert status(*FALSE[name]) in ("rejected", "undecided")


def test_the_three_limits_stay_apart():
    value = sp.log(MEAN) / sp.log(n)
    assert len({Lim(value, n), LimSup(value, n), LimInf(value, n)}) == 3
    assert not isinstance(LimInf(value, n), LimSup)
    assert n not in LimInf(value, n).free_symbols


@pytest.mark.parametrize("factor", [sp.Rational(101, 100), sp.Rational(1001, 1000)])
def test_a_larger_exponent_is_not_attained(factor, done):
    theorem = LIBRARY[NAME]
    larger = Claim(le(factor * theorem.statement.conclusion.lhs, theorem.statement.conclusion.rhs))
    false = replace(
        theorem, id="larger", statement=larger, steps=(*theorem.steps[:-1], replace(theorem.steps[-1], claim=larger))
    )
    report = kernel.check(false, LIBRARY, done=dict(done))
    assert report.status == "rejected"
    assert [step.name for step in report.steps if step.status != "accepted"] == ["liminf"]


def test_what_the_lower_half_cites(done):
    assert {name: found.status for name, found in done.items() if found.status != "checked"} == {}
    cited = {
        name: {item.name for item in done[name].ledger if item.kind == "citation" and not item.through}
        for name in ("chi-square-window", "cosine-tail", "aligned-lower-bound", "gaussian-maximum-above", NAME)
    }
    assert cited == {
        "chi-square-window": {"chi-square-scaling", "chi-square-moments"},
        "cosine-tail": {"query-along-key", "mills-ratio"},
        "aligned-lower-bound": {"query-along-key", "scores-along-direction"},
        "gaussian-maximum-above": {"normal-upper-tail"},
        NAME: set(),
    }
