"""Dishonest ways to a false theorem, E[rank] <= 0.62 n for all n and every head dimension: none is checked.

At n = 1 the rank is 1 > 0.62, so whatever ends in "checked" here is a hole. In most ways every step but one is in
order, and the test says which one is not and why; the last step draws the false bound from 0 = 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.language import All, Claim, E, Eventually, Lim, eq, le, lt
from proofs.model import IDEAL, PickChance, Rank, Token, a, barrier_of, chance, d, hit, i, j, l, m, n, over_keys, w, x
from proofs.records import Citation, Derivation, Step, Theorem, Variable
from proofs.theorems import library

LIBRARY = library()
BOUND = sp.Rational(62, 100) * n
MEAN = E(Rank(n, n, d))
FALSE = Claim(le(MEAN, BOUND))
ABSURD = Claim(eq(0, 1))
SQUARE = Step("square", Claim(le(MEAN, barrier_of(n, n))), "specialise", ("theorem:barrier#3",), {"put": {m: n}})
BARRIER = ("ideal-setting", "barrier", "barrier-constants", "wide-head-limit")
v, r = sp.Symbol("v", real=True), sp.Symbol("r", real=True)
p, q = sp.Symbol("p", positive=True), sp.Symbol("q", integer=True, positive=True)


def from_absurd(name="absurd"):
    return Step("false", FALSE, "combination", (name,), {"weights": (BOUND - MEAN,)})


def theorem(*steps, **fields):
    return Theorem(
        id=fields.pop("id", "false-barrier"),
        title="",
        prose="E[rank] <= 0.62 n",
        statement=fields.pop("statement", FALSE),
        variables=(Variable(n, ""), Variable(d, "")),
        assumptions=fields.pop("assumptions", (*IDEAL, "uniform-occupancy")),
        steps=steps,
        depends_on=fields.pop("depends_on", BARRIER),
        **fields,
    )


@dataclass(frozen=True)
class Way:
    """How the theorem is to be smuggled in, the step at which that fails, and words of the reason."""

    theorem: Theorem
    step: str
    reason: str
    status: str = "rejected"
    beside: dict[str, Theorem] = field(default_factory=dict)
    literature: dict[str, Citation] | None = None


def wrong_constants():
    """Barrier-constants with 0.62 in the place of 1 - 1/e, and the theorem that leans on it."""
    honest = LIBRARY["barrier-constants"]
    wrong = Claim(le(barrier_of(n, n), BOUND))
    parts = (honest.statement.parts[0], wrong, *honest.statement.parts[2:])
    steps = tuple(
        replace(step, claim=wrong if step.name == "upper" else All(parts) if step.name == "statement" else step.claim)
        for step in honest.steps
    )
    mine = replace(honest, id="my-constants", statement=All(parts), steps=steps)
    last = Step("false", FALSE, "combination", ("square", "theorem:my-constants#2"))
    leaning = theorem(SQUARE, last, depends_on=("ideal-setting", "barrier", "my-constants"))
    return Way(leaning, "", "my-constants is rejected", "undecided", {"my-constants": mine})


CLOSE = Claim(lt(1 - 1 / sp.E, sp.Rational(62, 100)))
LIMIT = Claim(eq(Lim(MEAN, d), barrier_of(n, n)))
WAYS = {
    "another constant in a theorem of one's own to lean on": wrong_constants,
    "a constant that is too small by 0.012": lambda: Way(
        theorem(Step("close", CLOSE, "sign"), SQUARE, Step("false", FALSE, "combination", ("square", "close"))),
        "close",
        "is false",
    ),
    "a citation of the theorem itself": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("cite:false-barrier",))),
        "false",
        "may not cite itself",
        literature={"false-barrier": Citation("false-barrier", FALSE, "in preparation", "")},
    ),
    "a citation that is in no list": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("cite:well-known",))), "false", "is not in the literature list"
    ),
    "a citation without its assumption": lambda: Way(
        theorem(
            Step("false", FALSE, "combination", ("cite:strong-barrier",)),
            assumptions=("one-pick-per-row",),
            depends_on=(),
        ),
        "false",
        "may be cited only under",
        literature={"strong-barrier": Citation("strong-barrier", FALSE, "", "", ("uniform-occupancy",))},
    ),
    "a bound that is a float": lambda: Way(
        theorem(
            SQUARE,
            Step("false", Claim(le(MEAN, 0.62 * n)), "combination", ("square",)),
            statement=Claim(le(MEAN, 0.62 * n)),
        ),
        "",
        "a float is a rounded number",
    ),
    "a weight that is a float": lambda: Way(
        theorem(
            Step("true", Claim(eq(x, x)), "identity"),
            Step("absurd", ABSURD, "combination", ("true",), {"weights": (1e308 * 10,)}),
            from_absurd(),
        ),
        "absurd",
        "an argument is a float",
    ),
    "another variable of the same name": lambda: Way(
        theorem(
            Step("true", Claim(le(MEAN, MEAN + (sp.Symbol("n", real=True) - n) ** 2)), "sign"),
            Step("false", FALSE, "combination", ("true",)),
        ),
        "true",
        "two symbols have one name",
    ),
    "a variable of a type that has few values": lambda: Way(
        theorem(
            Step("odd", Claim(lt(0, sp.Symbol("s", zero=True) + 1)), "sign"),
            Step("absurd", ABSURD, "specialise", ("odd",), {"put": {sp.Symbol("s", zero=True): -2}}),
            from_absurd(),
        ),
        "odd",
        "no type of the language",
    ),
    "a random quantity put into an expectation": lambda: Way(
        theorem(
            Step("constant", Claim(eq(E(hit(i, j) * x), E(hit(i, j)) * x)), "identity"),
            Step(
                "random",
                Claim(eq(E(hit(i, j) * hit(i, j)), E(hit(i, j)) * hit(i, j))),
                "specialise",
                ("constant",),
                {"put": {x: hit(i, j)}},
            ),
            Step("false", FALSE, "combination", ("random",)),
        ),
        "random",
        "a random value may not be put into a statement about expectations",
    ),
    "an argument of a kind of its own": lambda: Way(
        theorem(
            Step("true", Claim(eq(x, x)), "identity"),
            Step("absurd", ABSURD, "sum-both-sides", ("true",), {"over": (j, 0, n - 1), "kind": Chameleon()}),
            from_absurd(),
        ),
        "absurd",
        "is no kind of argument",
    ),
    "Jensen's inequality for a convex function": lambda: Way(
        theorem(
            Step("hit", Claim(le(hit(i, j), 1)), "sign"),
            Step("mean", Claim(le(E(hit(i, j), "keys"), 1)), "expectation", ("hit",), {"given": "keys"}),
            Step(
                "most",
                Claim(le(chance(j), 1)),
                "rewrite",
                ("mean", "assumption:identical-queries.chance"),
                {"base": True},
            ),
            Step(
                "jensen",
                Claim(le(over_keys(PickChance(j, n, d) ** 2), 1 / n)),
                "jensen-sum",
                ("theorem:barrier#4", "most"),
                {"function": v**2, "variable": v, "point": chance(j), "over": (j, 0, n - 1)},
            ),
            Step("false", FALSE, "combination", ("jensen",)),
        ),
        "jensen",
        "second derivative",
    ),
    "a limit taken for every value": lambda: Way(
        theorem(
            Step("limit", LIMIT, "specialise", ("theorem:wide-head-limit#1",), {"put": {m: n}}),
            Step("every", Claim(eq(MEAN, barrier_of(n, n))), "rewrite", ("limit",), {"base": True}),
            Step("false", FALSE, "combination", ("every",)),
        ),
        "every",
        "rewriting does not lead there",
    ),
    "a limit that nothing shows to exist": lambda: Way(
        theorem(
            Step("exists", Claim(eq(Lim((-1) ** n * E(n), n), Lim((-1) ** n * E(n), n))), "identity"),
            Step("absurd", ABSURD, "limit-algebra", ("exists",)),
            from_absurd(),
        ),
        "exists",
        "nothing shows that",
    ),
    "all large n taken for all n": lambda: Way(
        theorem(
            Step(
                "always",
                Claim(lt(MEAN / n, p), (le(d, sp.log(n)),)),
                "specialise",
                ("theorem:paper-log-n-necessary",),
                {"put": {sp.Symbol("c", positive=True): 1}},
            ),
            Step("false", FALSE, "combination", ("always",), {"weights": (n,)}),
            depends_on=(*BARRIER, "paper-log-n-necessary"),
        ),
        "always",
        "the premise gives Eventually",
    ),
    "a step that is declared a gap": lambda: Way(
        theorem(SQUARE, Step("false", FALSE, "combination", ("square",)), gaps=("the last step",)),
        "false",
        "is negative at n = 1",
    ),
    "a theorem with a gap to lean on": lambda: Way(
        theorem(
            SQUARE,
            Step("false", FALSE, "combination", ("square", "theorem:gap")),
            depends_on=("ideal-setting", "barrier", "gap"),
        ),
        "",
        "gap is rejected",
        "undecided",
        {
            "gap": theorem(
                SQUARE,
                Step("close", Claim(le(barrier_of(n, n), BOUND)), "combination", ("theorem:barrier-constants#2",)),
                id="gap",
                statement=Claim(le(barrier_of(n, n), BOUND)),
                gaps=("the constant",),
            )
        },
    ),
    "a false condition, dropped at the end": lambda: Way(
        theorem(
            Step("never", Claim(le(1, 0), (le(1, 0),)), "sign"),
            Step("absurd", Claim(eq(0, 1), (le(1, 0),)), "combination", ("never",)),
            from_absurd(),
        ),
        "absurd",
        "an inequality cannot give an equation",
    ),
    "a false condition, kept in every step but the last": lambda: Way(
        theorem(
            Step("never", Claim(le(1, 0), (le(1, 0),)), "sign"),
            Step("vacuous", Claim(FALSE.conclusion, (le(1, 0),)), "combination", ("never",), {"weights": (MEAN,)}),
            Step("false", FALSE, "combination", ("vacuous",)),
        ),
        "false",
        "a premise holds only for 1 <= 0",
    ),
    "a false condition, kept in the statement": lambda: Way(
        theorem(
            Step("never", Claim(le(1, 0), (le(1, 0),)), "sign"),
            Step("vacuous", Claim(FALSE.conclusion, (le(1, 0),)), "combination", ("never",), {"weights": (MEAN,)}),
            statement=Claim(FALSE.conclusion, (le(1, 0),)),
        ),
        "",
        "the statement says nothing: 1 <= 0 never holds",
    ),
    "a statement that is not what was proved": lambda: Way(
        theorem(Step("one", Claim(le(MEAN, MEAN)), "sign")), "", "the last step is not the statement"
    ),
    "a statement that says it equals what was proved": lambda: Way(
        theorem(Step("one", Claim(le(MEAN, MEAN)), "sign"), statement=Agreeable(FALSE.conclusion)),
        "",
        "a claim is no Claim",
    ),
    "two steps of one name": lambda: Way(
        theorem(SQUARE, replace(SQUARE, claim=FALSE), Step("false", FALSE, "combination", ("square",))),
        "",
        "two steps are called square",
    ),
    "a step that leans on itself": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("false",))), "false", "premise false is no earlier step"
    ),
    "a negative weight": lambda: Way(
        theorem(
            Step("least", Claim(le(1, MEAN)), "specialise", ("theorem:barrier#5",), {"put": {m: n}}),
            Step("false", FALSE, "combination", ("least",), {"weights": (-BOUND,)}),
        ),
        "false",
        "is not known to be nonnegative",
    ),
    "a division by 0": lambda: Way(
        theorem(
            Step("one", Claim(eq(0, 0)), "identity"),
            Step("at 1", Claim(eq(n - 1, 0), (le(n, 1),)), "integer-at-one", ("one",), {"variable": n}),
            Step("absurd", Claim(eq(1, 0), (le(n, 1),)), "combination", ("at 1",), {"weights": (1 / (n - 1),)}),
            from_absurd(),
        ),
        "absurd",
        "not defined",
    ),
    "a range of negative length": lambda: Way(
        theorem(
            Step("length", Claim(eq(sp.Sum(1, (j, 0, n - 5)), n - 4)), "identity"),
            Step("nonnegative", Claim(le(0, sp.Sum(1, (j, 0, n - 5)))), "sign"),
            Step("absurd", Claim(le(0, n - 4)), "combination", ("nonnegative", "length"), {"weights": (1, 1)}),
            Step("false", FALSE, "combination", ("absurd",)),
        ),
        "length",
        "may have a negative length",
    ),
    "more orthonormal vectors than they have coordinates": lambda: Way(
        theorem(*crowded(), from_absurd()), "gram", "a premise holds only for"
    ),
    "a theorem without its assumptions": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("theorem:barrier#3",)), assumptions=(), depends_on=("barrier",)),
        "",
        "which this theorem does not",
    ),
    "a part that a theorem does not have": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("theorem:barrier#9",))), "false", "there is no part 9"
    ),
    "a rule of one's own": lambda: Way(theorem(Step("false", FALSE, "trust me")), "false", "there is no rule trust me"),
    "an assumption of one's own": lambda: Way(
        theorem(Step("false", FALSE, "combination", ("assumption:wish.bound",)), assumptions=(*IDEAL, "wish")),
        "",
        "there is no assumption wish",
    ),
    "a hidden number of queries": lambda: Way(
        theorem(
            Step("zero", Claim(eq(E(Rank(n, 0, d)), 0)), "specialise", ("theorem:barrier#3",), {"put": {m: 0}}),
            Step("false", FALSE, "combination", ("zero",)),
        ),
        "zero",
        "is not known to be a whole number from 1 on",
    ),
}


def crowded():
    """Two unit vectors of one coordinate that would be orthogonal: 1 = 0 if the assumption allowed it."""
    one = sp.Sum(Token(i, a, 1) * Token(l, a, 1), (a, 0, 0))
    product = Token(i, 0, 1) * Token(l, 0, 1)

    def at(first, second, value):
        claim = Claim(eq(Token(first, 0, 1) * Token(second, 0, 1), value))
        return Step(f"{first} {second}", claim, "specialise", ("product",), {"put": {i: first, l: second}})

    shifted = Token(i, q - 1, 1) * Token(l, q - 1, 1)
    return (
        Step("same", Claim(eq(product, product)), "identity"),
        Step("at q", Claim(eq(shifted, product), (le(q, 1),)), "integer-at-one", ("same",), {"variable": q}),
        Step(
            "at a",
            Claim(eq(Token(i, a, 1) * Token(l, a, 1), product), (le(a, 0),)),
            "specialise",
            ("at q",),
            {"put": {q: a + 1}},
        ),
        Step("sum", Claim(eq(one, product)), "sum-both-sides", ("at a",), {"over": (a, 0, 0)}),
        Step(
            "gram",
            Claim(eq(one, sp.KroneckerDelta(i, l))),
            "specialise",
            ("assumption:orthonormal-tokens.gram",),
            {"put": {w: 1}},
        ),
        Step(
            "product",
            Claim(eq(product, sp.KroneckerDelta(i, l))),
            "combination",
            ("sum", "gram"),
            {"weights": (-1, 1)},
        ),
        at(0, 0, 1),
        at(1, 1, 1),
        at(0, 1, 0),
        Step(
            "absurd",
            ABSURD,
            "combination",
            ("0 0", "1 1", "0 1"),
            {"weights": (Token(1, 0, 1) ** 2, 1, -Token(0, 0, 1) * Token(1, 0, 1))},
        ),
    )


class Chameleon:
    """An operation that equals every other, and gives 0 once and 1 once."""

    count = -1

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __call__(self, *_: Any) -> Any:
        self.count += 1
        return sp.Integer(self.count)


class Agreeable(Claim):
    """A claim that equals every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


@pytest.fixture(scope="module")
def done() -> dict[str, Derivation]:
    found: dict[str, Derivation] = {}
    for name in (*BARRIER, "paper-log-n-necessary"):
        kernel.check(LIBRARY[name], LIBRARY, done=found)
    return found


@pytest.mark.parametrize("name", WAYS)
def test_the_false_theorem_is_not_checked(done, name):
    way = WAYS[name]()
    options = {} if way.literature is None else {"literature": way.literature}
    report = kernel.check(way.theorem, {**LIBRARY, **way.beside}, done=dict(done), **options)
    assert report.status == way.status
    if way.step:
        (wrong,) = [step for step in report.steps if step.name == way.step]
        assert wrong.status == "rejected"
        assert way.reason in wrong.detail
    else:
        assert way.reason in report.detail


@pytest.mark.parametrize(
    "name", [name for name, way in WAYS.items() if ABSURD in [step.claim for step in way().theorem.steps]]
)
def test_nothing_but_the_absurd_step_stands_in_the_way(name):
    false = WAYS[name]().theorem
    assert kernel.check_step(false.steps[-1], false, LIBRARY).status == "accepted"


def test_two_theorems_that_lean_on_each_other():
    first = theorem(Step("false", FALSE, "combination", ("theorem:second",)), id="first", depends_on=("second",))
    second = theorem(Step("false", FALSE, "combination", ("theorem:first",)), id="second", depends_on=("first",))
    with pytest.raises(ValueError, match="first -> second -> first"):
        kernel.check(first, {**LIBRARY, "first": first, "second": second})


def test_the_id_of_another_theorem():
    with pytest.raises(ValueError, match="an id that no theorem of the library has"):
        proofs.check(theorem(Step("false", FALSE, "trust me"), id="barrier"))


def test_a_vanishing_share_is_no_bound_at_every_n():
    """What holds from some n on, stated as it is, is true, and is not the false theorem."""
    statement = LIBRARY["paper-log-n-necessary"].statement
    assert isinstance(statement.conclusion, Eventually)
    assert statement != FALSE
