"""What the kernel believes, and above all what it does not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.language import All, Claim, E, eq, le, lt
from proofs.model import Rank, barrier_of, d, i, j, m, n, over_keys, x
from proofs.records import Citation, Derivation, Step, Theorem, Variable
from proofs.rules import RULES
from proofs.rules.base import Rule
from proofs.theorems import library

LIBRARY = library()
SMALL = (
    "rank-is-occupancy",
    "barrier",
    "barrier-constants",
    "wide-head-limit",
    "norm-conditioned-barrier",
    "truncation-bound",
    "chernoff-rate",
    "gaussian-maximum",
    "balance-equation",
    "log-n-exponent-expansion",
    "log-n-necessary",
)


@pytest.fixture(scope="module")
def done(checked_theorems) -> dict[str, Derivation]:
    return checked_theorems


def again(theorem, done):
    """Check a changed theorem with the theorems it leans on already done."""
    return kernel.check(theorem, LIBRARY, done={name: done[name] for name in theorem.depends_on if name in done})


def simple(*steps, statement=None, **fields):
    """A theorem about positive integers with the given steps."""
    return Theorem(
        id=fields.pop("id", "test"),
        title="",
        prose="",
        statement=statement or steps[-1].claim,
        variables=(Variable(n, ""), Variable(m, ""), Variable(d, ""), Variable(x, "")),
        assumptions=fields.pop("assumptions", ()),
        steps=steps,
        **fields,
    )


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_every_theorem_is_checked(done, name):
    derivation = done[name]
    assert (derivation.status, derivation.detail) == ("checked", "")
    assert all(step.status == "accepted" for step in derivation.steps)
    assert not [item for item in derivation.ledger if item.kind == "gap"]
    refuted = (
        "paper-barrier-literal",
        "paper-log-n-sufficient",
        "paper-marginal-at-log-n",
        "paper-representation-full-rank",
    )
    expected = "negation" if name in refuted else "claim"
    assert derivation.establishes == expected


def test_the_check_is_reproducible_and_survives_json(done):
    first = proofs.check("barrier")
    assert first == done["barrier"]
    text = json.dumps(first.to_json())
    assert json.dumps(done["barrier"].to_json()) == text
    assert Derivation.from_json(json.loads(text)) == first
    assert "seconds" not in text


def test_the_ledger_names_what_is_cited(done):
    cited = {
        name: {item.name for item in derivation.ledger if item.kind == "citation" and not item.through}
        for name, derivation in done.items()
    }
    assert cited["rank-is-occupancy"] == {"rank-of-gram"}
    assert cited["barrier"] == cited["barrier-constants"] == cited["paper-log-n-sufficient"] == set()
    assert cited["wide-head-limit"] == {"multivariate-clt", "continuous-mapping"}
    assert cited["norm-conditioned-barrier"] == {"scores-along-direction"}
    assert cited["truncation-bound"] == {"winner-decomposition"}
    assert cited["gaussian-maximum"] == {"scores-along-direction", "mills-ratio"}
    assert cited["chi-square-tails"] == {"chi-square-upper-tail", "chi-square-lower-tail"}
    assert cited["log-n-exponent"] == cited["log-n-necessary"] == set()


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_the_ledger_has_what_the_theorems_it_leans_on_bring_along(done, name):
    for kind in ("citation", "library", "gap"):
        brought = {item.name: item.through for item in done[name].ledger if item.kind == kind}
        for owner in LIBRARY[name].depends_on:
            theirs = {item.name: item.through or owner for item in done[owner].ledger if item.kind == kind}
            assert set(theirs) <= set(brought)
            assert all(brought[one] in ("", through) or brought[one] in done for one, through in theirs.items())
    own = {item.name for item in done[name].ledger if item.kind == "citation" and not item.through}
    in_steps = {
        one[5:].partition("#")[0] for step in LIBRARY[name].steps for one in step.premises if one[:5] == "cite:"
    }
    assert in_steps <= own


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_leaving_out_any_step_leaves_the_theorem_unproved(name):
    theorem = LIBRARY[name]
    assert theorem.steps[-1].claim == theorem.statement
    assert theorem.statement not in [step.claim for step in theorem.steps[:-1]]  # the last cannot be left out
    for place, gone in enumerate(theorem.steps[:-1]):
        fewer = replace(theorem, steps=theorem.steps[:place] + theorem.steps[place + 1 :])
        user = next(step for step in theorem.steps if gone.name in step.premises)
        report = kernel.check_step(user, fewer, LIBRARY)
        assert (report.status, report.detail) == ("rejected", f"premise {gone.name} is no earlier step")


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_every_step_is_used(name):
    steps = LIBRARY[name].steps
    used = {premise for step in steps for premise in step.premises}
    assert [step.name for step in steps[:-1] if step.name not in used] == []


@pytest.mark.parametrize("name", SMALL)
def test_dropping_any_premise_is_not_accepted(name):
    theorem = LIBRARY[name]
    for step in theorem.steps:
        for gone in range(len(step.premises)):
            fewer = replace(step, premises=step.premises[:gone] + step.premises[gone + 1 :])
            assert kernel.check_step(fewer, theorem, LIBRARY).status != "accepted", (step.name, step.premises[gone])


@pytest.mark.parametrize("name", proofs.theorem_ids())
def test_no_assumption_can_be_dropped(name):
    theorem = LIBRARY[name]
    for place in range(len(theorem.assumptions)):
        fewer = replace(theorem, assumptions=theorem.assumptions[:place] + theorem.assumptions[place + 1 :])
        outside = [step for step in theorem.steps if any(":" in premise for premise in step.premises)]
        assert kernel.malformed(fewer, LIBRARY) or any(
            kernel.check_step(step, fewer, LIBRARY).status == "rejected" for step in outside
        )


FALSE_BARRIERS = {
    "n + 1 cells": n * (1 - (1 - 1 / (n + 1)) ** m),
    "one query less": n * (1 - (1 - 1 / n) ** (m - 1)),
    "0.62 n": sp.Rational(62, 100) * n,
    "0.99 of it": sp.Rational(99, 100) * barrier_of(n, m),
}


@pytest.mark.parametrize("name", FALSE_BARRIERS)
def test_a_false_barrier_is_not_proved(done, name):
    false = FALSE_BARRIERS[name]
    theorem = LIBRARY["barrier"]
    right, wrong = barrier_of(n, m), false

    def falsify(claim):
        parts = claim.parts if isinstance(claim, All) else (claim,)
        changed = tuple(
            Claim(le(part.conclusion.lhs, wrong)) if part.conclusion.args[1:] == (right,) else part for part in parts
        )
        return All(changed) if isinstance(claim, All) else changed[0]

    steps = tuple(replace(step, claim=falsify(step.claim)) for step in theorem.steps)
    false_theorem = replace(theorem, statement=falsify(theorem.statement), steps=steps)
    assert false_theorem.statement != theorem.statement
    assert again(false_theorem, done).status == "rejected"


@pytest.mark.parametrize("rule", RULES)
def test_no_single_rule_proves_062_n(rule):
    claim = Claim(le(E(Rank(n, n, d)), sp.Rational(62, 100) * n))
    for premises in ((), ("theorem:barrier#3",), ("theorem:barrier#3", "theorem:barrier-constants#2")):
        for args in ({}, {"put": {m: n}}, {"weights": (1,) * len(premises)}, {"function": "exp"}, {"base": True}):
            theorem = simple(
                Step("only", claim, rule, premises, args),
                assumptions=("gaussian-queries-and-keys",),
                depends_on=("barrier", "barrier-constants"),
            )
            assert kernel.check(theorem, LIBRARY, done=dict(_DONE)).status != "checked"


_DONE = {name: kernel.check(LIBRARY[name], LIBRARY) for name in ("rank-is-occupancy", "barrier", "barrier-constants")}


def test_the_last_step_must_be_the_statement():
    step = Step("one", Claim(le(1, n)), "sign")
    assert kernel.check(simple(step), LIBRARY).status == "checked"
    other = kernel.check(simple(step, statement=Claim(le(2, n))), LIBRARY)
    assert (other.status, other.detail) == ("rejected", "the last step is not the statement")
    weaker = kernel.check(simple(step, statement=Claim(le(1, n), (le(1, n),))), LIBRARY)
    assert weaker.status == "rejected"


def test_a_theorem_without_steps_or_with_two_of_one_name_is_rejected():
    step = Step("one", Claim(le(1, n)), "sign")
    assert kernel.check(simple(step, step), LIBRARY).status == "rejected"
    assert kernel.check(replace(simple(step), steps=()), LIBRARY).status == "rejected"


def test_a_step_cannot_lean_on_itself_or_on_a_later_one():
    claim = Claim(le(2, n))
    step = Step("one", claim, "combination", ("one",))
    assert kernel.check(simple(step), LIBRARY).status == "rejected"
    later = (Step("one", claim, "combination", ("two",)), Step("two", claim, "combination", ("one",)))
    assert kernel.check(simple(*later), LIBRARY).status == "rejected"


def test_a_theorem_cannot_cite_itself_or_what_is_not_in_the_list():
    claim = Claim(le(2, n))
    step = Step("one", claim, "combination", ("cite:test",))
    forged = {"test": Citation("test", claim, "nowhere", "")}
    report = kernel.check(simple(step), LIBRARY, literature=forged)
    assert (report.status, report.steps[0].detail) == ("rejected", "a theorem may not cite itself")
    assert kernel.check(simple(step), LIBRARY).status == "rejected"


def test_a_citation_needs_its_assumptions():
    theorem = LIBRARY["norm-conditioned-barrier"]
    changed = replace(theorem, assumptions=("independent-queries", "identical-queries"), depends_on=("barrier",))
    assert "may be cited only under" in " ".join(step.detail for step in kernel.check(changed, LIBRARY).steps)


def test_a_circle_of_theorems_is_an_error():
    step = Step("one", Claim(le(1, n)), "sign")
    first = simple(step, id="first", depends_on=("second",))
    second = simple(step, id="second", depends_on=("first",))
    with pytest.raises(ValueError, match="first -> second -> first"):
        kernel.check(first, {"first": first, "second": second})
    with pytest.raises(ValueError, match="test -> test"):
        kernel.check(simple(step, depends_on=("test",)), LIBRARY)
    with pytest.raises(ValueError, match="nothing"):
        kernel.check(simple(step, depends_on=("nothing",)), LIBRARY)


def test_a_theorem_is_no_better_than_what_it_leans_on():
    good = Step("one", Claim(le(1, n)), "sign")
    bad = simple(Step("one", Claim(le(2, n)), "sign"), id="bad")
    gap = simple(good, id="gap", gaps=("the tail",))
    tower = {"bad": bad, "gap": gap}
    assert kernel.check(bad, tower).status == "rejected"
    assert kernel.check(simple(good, depends_on=("bad",)), tower).status == "undecided"
    assert kernel.check(gap, tower).status == "partial"
    onto_gap = kernel.check(simple(good, depends_on=("gap",)), tower)
    assert (onto_gap.status, onto_gap.detail) == ("partial", "gap is partial")


def test_dependencies_must_hold_under_the_theorems_assumptions():
    step = Step("one", Claim(le(E(Rank(n, m, d)), barrier_of(n, m))), "combination", ("theorem:barrier#3",))
    report = kernel.check(simple(step, depends_on=("barrier",)), LIBRARY)
    assert report.status == "rejected"
    assert "identical-queries" in report.detail
    allowed = simple(step, depends_on=("barrier",), assumptions=("gaussian-queries-and-keys",))
    assert kernel.check(allowed, LIBRARY).status == "checked"
    unnamed = simple(step, assumptions=("gaussian-queries-and-keys",))
    assert kernel.check(unnamed, LIBRARY).status == "rejected"


def test_a_rule_that_fails_accepts_nothing(monkeypatch):
    def fail(claim, premises, args):
        raise RecursionError("too deep")

    monkeypatch.setitem(RULES, "failing", Rule("failing", fail, "none", "Never."))
    report = kernel.check(simple(Step("one", Claim(le(1, n)), "failing")), LIBRARY)
    assert report.status == "undecided"
    assert "RecursionError" in report.detail
    assert kernel.check(simple(Step("one", Claim(le(1, n)), "no such rule")), LIBRARY).status == "rejected"


@pytest.mark.parametrize(
    "claim",
    [
        Claim(eq(over_keys(j), j)),  # bound and free
        Claim(lt(sp.Symbol("w"), 1)),  # of no declared type
        Claim(le(x, sp.oo)),
        Claim(le(0.0, n)),
        Claim(le(0, x), (le(Rank(n, m, d), x),)),  # a condition that depends on chance
    ],
)
def test_claims_that_are_not_well_formed_are_rejected(claim):
    assert kernel.check(simple(Step("one", claim, "sign")), LIBRARY).status == "rejected"


def test_arguments_may_not_be_rounded():
    step = Step("one", Claim(le(2, 2 * n)), "combination", ("zero",), {"weights": (2.0,)})
    first = Step("zero", Claim(le(1, n)), "sign")
    report = kernel.check(simple(first, step), LIBRARY)
    assert (report.status, report.steps[1].detail) == ("rejected", "an argument is a float")
    exact = replace(step, args={"weights": (2,)})
    assert kernel.check(simple(first, exact), LIBRARY).status == "checked"


def test_undeclared_variables_and_unknown_assumptions_are_rejected():
    step = Step("one", Claim(le(0, i)), "sign")
    assert "not declared" in kernel.check(simple(step), LIBRARY).detail
    step = Step("one", Claim(le(1, n)), "sign")
    assert "no assumption magic" in kernel.check(simple(step, assumptions=("magic",)), LIBRARY).detail
    assert "establishes" in kernel.check(simple(step, establishes="all"), LIBRARY).detail


def test_ids():
    assert set(proofs.theorem_ids()) == set(LIBRARY)
    with pytest.raises(ValueError, match="did you mean 'barrier'"):
        proofs.theorem("barier")
    with pytest.raises(ValueError, match="choose one of"):
        proofs.check("zzzz")
    with pytest.raises(ValueError, match="'barrier'"):
        proofs.check(replace(LIBRARY["barrier"], title="another"))
    mine = simple(Step("one", Claim(le(1, n)), "sign"))
    assert proofs.check(mine).status == "checked"


def test_exports():
    assert dir(proofs) == sorted(proofs.__all__)
    assert all(hasattr(proofs, name) for name in proofs.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = proofs.nothing


def swapped(theorem, changes):
    """The theorem with subexpressions of all its claims replaced, its rules and their arguments as they are."""
    from proofs.language import replace as put

    def one(claim):
        return Claim(put(claim.conclusion, changes), tuple(put(part, changes) for part in claim.where))

    def every(claim):
        return All(tuple(one(part) for part in claim.parts)) if isinstance(claim, All) else one(claim)

    steps = tuple(replace(step, claim=every(step.claim)) for step in theorem.steps)
    return replace(theorem, statement=every(theorem.statement), steps=steps)


HALF_OF_E = 1 / (2 * sp.E)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("barrier-constants", 1 / sp.E, sp.Rational(99, 100) / sp.E),
        ("barrier-constants", HALF_OF_E, sp.Rational(101, 100) * HALF_OF_E),
        ("barrier-series", sp.Rational(137, 3840), sp.Rational(136, 3840)),
        ("barrier-series", sp.Rational(215, 2304), sp.Rational(214, 2304)),
        ("barrier-series", sp.Rational(5, 48), sp.Rational(6, 48)),
        ("paper-barrier-about-063n", 1 / sp.E, sp.Rational(101, 100) / sp.E),
        ("log-n-exponent-expansion", sp.Rational(1, 72), sp.Rational(1, 73)),
        ("log-n-exponent-expansion", sp.Rational(-1, 4), sp.Rational(-6, 25)),
        ("log-n-necessary", sp.Lt(sp.Symbol("c", positive=True), 2, evaluate=False), None),
        ("paper-log-n-necessary", sp.Lt(sp.Symbol("c", positive=True), 2, evaluate=False), None),
    ],
)
def test_a_wrong_constant_is_not_proved(done, name, old, new):
    if new is None:
        c = old.lhs
        theorem = LIBRARY[name]
        parts = [(step, step.claim) for step in theorem.steps]

        def widen(claim):
            return Claim(claim.conclusion, tuple(lt(c, 3) if part == old else part for part in claim.where))

        false = replace(
            theorem,
            statement=widen(theorem.statement),
            steps=tuple(replace(step, claim=widen(claim)) for step, claim in parts),
        )
    else:
        false = swapped(LIBRARY[name], {old: sp.sympify(new)})
    assert false.statement != LIBRARY[name].statement
    assert again(false, done).status in ("rejected", "undecided")


def test_a_smaller_exponent_is_not_proved(done):
    theorem = LIBRARY["log-n-exponent"]
    limit, *rest = theorem.statement.parts
    smaller = Claim(le(limit.conclusion.lhs, sp.Rational(99, 100) * limit.conclusion.rhs))
    steps = tuple(
        replace(step, claim=smaller if step.claim == limit else step.claim)
        for step in theorem.steps
        if step.name != "statement"
    )
    false = replace(
        theorem,
        statement=All((smaller, *rest)),
        steps=(*steps, replace(theorem.steps[-1], claim=All((smaller, *rest)))),
    )
    report = again(false, done)
    assert report.status == "rejected"
    assert [step.name for step in report.steps if step.status != "accepted"] == ["limsup"]
