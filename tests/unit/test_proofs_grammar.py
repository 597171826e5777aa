"""False theorems that are made of steps which look sound one by one: none may be checked."""

from __future__ import annotations

import json

import pytest
import sympy as sp
from sympy.core.symbol import Str

import proofs
from proofs import grammar, kernel, service
from proofs.language import (
    KEYS,
    NORM,
    PLANE,
    All,
    Below,
    Claim,
    E,
    Eventually,
    Independent,
    Lim,
    MatrixRank,
    eq,
    le,
    lt,
)
from proofs.literature import LITERATURE
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    HeadKey,
    Height,
    NormalMax,
    Pick,
    PlaneDistance,
    Rank,
    Stirling,
    chance,
    d,
    hit,
    i,
    j,
    k,
    l,
    m,
    n,
    x,
)
from proofs.records import Step, Theorem, Variable
from proofs.rules import RULES
from proofs.rules.base import Refused
from proofs.signs import sign
from proofs.theorems import library

LIBRARY = library()
IID = "assumption:independent-queries."
p = sp.Symbol("p", positive=True)
q = sp.Symbol("q", integer=True, positive=True)
v = sp.Symbol("v", real=True)
EMPTY = sp.Sum(1, (j, 0, n - 5))
TWO = sp.Sum(hit(i, j), (i, 0, 1))
RANK = Rank(n, m, d)
GEOMETRIC = sp.Sum(sp.Product(x, (i, 0, j)), (j, 0, n - 1))
MERGED = sp.Product(x**2, (i, 0, j))
STEEP = sp.Sum(-2 * j, (j, 0, 1))
DELTAS = sp.Product(sp.KroneckerDelta(j, 0) + i, (i, 1, 2))
THREE = sp.Sum(l, (l, 0, 2))
HIGHER = sp.Product(Below(Height(j, n, d), PlaneDistance(d + 1)), (j, d, n - 1))
ZERO = (q + 1) ** 2 - q**2 - 2 * q - 1
"""Zero, which SymPy does not see unasked: it takes 0/ZERO for 0."""


def one_of(value):
    """Return what has the normal form 1, is not defined where the value is ``q``, and of which SymPy makes 0 there."""
    return (value - q) / (value * (q + 1) - q * value - q)


def evil(*steps):
    variables = tuple(Variable(symbol, "") for symbol in steps[-1].claim.free_symbols)
    assumptions = ("gaussian-queries-and-keys", "uniform-occupancy")
    return Theorem("evil", "", "", steps[-1].claim, variables, assumptions, steps, ("barrier",))


def typed(claim, rule, value, **kind):
    """Prove something of a variable of a strange type, then put in a number that is not of it."""
    s = sp.Symbol("s", **kind)
    false = claim(s).func(*(side.xreplace({s: value}) for side in claim(s).args), evaluate=False)
    return (
        Step("strange", Claim(claim(s)), rule),
        Step("false", Claim(false), "specialise", ("strange",), {"put": {s: value}}),
    )


def put(value, false):
    return (
        Step("true", Claim(le(0, x**2)), "sign"),
        Step("false", Claim(false), "specialise", ("true",), {"put": {x: value}}),
    )


FALSE = {
    "the mean given key 0's length has not one law for all keys": (
        Step(
            "alike",
            Claim(eq(E(E(chance(j), NORM) ** 2), E(E(chance(0), NORM) ** 2)), (le(j, n - 1),)),
            "alike",
            ("assumption:gaussian-queries-and-keys.alike",),
        ),
    ),
    "the same two picks in every factor": (
        Step(
            "independence",
            Claim(eq(E(sp.Product(TWO, (i, 0, m - 1)), KEYS), sp.Product(E(TWO, KEYS), (i, 0, m - 1)))),
            "independence",
            (IID + "independent",),
        ),
    ),
    "a random number of factors": (
        Step(
            "independence",
            Claim(
                eq(E(sp.Product(hit(i, j), (i, 0, RANK - 1)), KEYS), sp.Product(E(hit(i, j), KEYS), (i, 0, RANK - 1)))
            ),
            "independence",
            (IID + "independent",),
        ),
    ),
    "a random number of terms": (
        Step(
            "identity",
            Claim(eq(E(sp.Sum(hit(0, j), (j, 0, RANK - 1))), sp.Sum(E(hit(0, j)), (j, 0, RANK - 1)))),
            "identity",
        ),
    ),
    "a random number of queries": (
        Step(
            "specialise",
            Claim(Independent(Pick(i, n, Rank(n, k + 1, d) + 1, d), i, Str(KEYS))),
            "specialise",
            (IID + "independent",),
            {"put": {m: Rank(n, k + 1, d) + 1}},
        ),
    ),
    "a name of the normal form's own": (
        Step(
            "identity",
            Claim(
                eq(
                    sp.Sum(2 ** (j * sp.Symbol("_k0", integer=True)), (j, 0, n - 1)),
                    sp.Sum(2 ** (j**2), (j, 0, n - 1)),
                )
            ),
            "identity",
        ),
    ),
    "a name of the sign engine's own": (
        Step("sign", Claim(lt(sp.Symbol("_u0", positive=True), x), (lt(1, x),)), "sign"),
    ),
    "a negative number put for a negative variable's": typed(lambda s: lt(s, 0), "sign", sp.Integer(1), negative=True),
    "zero put for a nonzero variable": typed(lambda s: lt(0, s**2), "sign", sp.Integer(0), nonzero=True, real=True),
    "an imaginary number": put(sp.I, le(0, -1)),
    "a complex number of Python": put(1j, le(0, -1)),
    "infinity": (
        Step("true", Claim(lt(0, sp.exp(-x))), "sign"),
        Step("false", Claim(lt(0, 0)), "specialise", ("true",), {"put": {x: sp.oo}}),
    ),
    "a sum that ends before it begins": (
        Step("nonnegative", Claim(le(0, EMPTY)), "sign"),
        Step("length", Claim(eq(EMPTY, n - 4)), "identity"),
        Step("false", Claim(le(0, n - 4)), "combination", ("nonnegative", "length")),
    ),
    "such a sum put for a variable": (
        Step("true", Claim(le(0, k + l)), "sign"),
        Step("false", Claim(le(0, n - 4)), "specialise", ("true",), {"put": {k: EMPTY, l: 0}}),
    ),
    "positive terms at negative indices": (Step("sign", Claim(le(0, sp.Sum(q, (q, -5, -1)))), "sign"),),
    "a range that the index's type does not contain": (
        Step("true", Claim(le(1, q)), "sign"),
        Step("false", Claim(le(n, sp.Sum(q, (q, 0, n - 1)))), "sum-both-sides", ("true",), {"over": (q, 0, n - 1)}),
    ),
    "an operation that is neither sum nor product": (
        Step("true", Claim(eq(x, x)), "identity"),
        Step(
            "false",
            Claim(eq(0, 1)),
            "sum-both-sides",
            ("true",),
            {"over": (j, 0, n - 1), "kind": (lambda seen: lambda *_: seen.append(1) or sp.Integer(len(seen) - 1))([])},
        ),
    ),
    "products over ranges that differ": (
        Step(
            "square",
            Claim(eq(GEOMETRIC**2, sp.Sum(sp.Sum(MERGED, (l, 0, n - 1)), (j, 0, n - 1)))),
            "square-of-sum",
            args={"sum": GEOMETRIC, "other": l, "merged": MERGED},
        ),
    ),
    "another concave function at every point": (
        Step("hit", Claim(le(hit(i, j), 1)), "sign"),
        Step("mean", Claim(le(E(hit(i, j), KEYS), 1)), "expectation", ("hit",), {"given": KEYS}),
        Step(
            "most", Claim(le(chance(j), 1)), "rewrite", ("mean", "assumption:identical-queries.chance"), {"base": True}
        ),
        Step(
            "false",
            Claim(le(sp.Sum(j * (chance(j) - 1 / n), (j, 0, n - 1)), 0)),
            "jensen-sum",
            ("theorem:barrier#4", "most"),
            {"function": j * (v - 1 / n), "variable": v, "point": chance(j), "over": (j, 0, n - 1)},
        ),
    ),
    "a limit that does not exist": (
        Step("exists", Claim(eq(Lim(E(n), n), Lim(E(n), n))), "identity"),
        Step("zero", Claim(eq(Lim(1 / n, n), 0)), "power-log-limit"),
        Step("product", Claim(eq(Lim(E(n) / n, n), 0)), "limit-algebra", ("exists", "zero")),
        Step("one", Claim(eq(Lim(sp.Integer(1), n), 1)), "limit-algebra"),
        Step("same", Claim(eq(Lim(E(n) / n, n), 1)), "rewrite", ("one",), {"base": True}),
        Step("false", Claim(eq(0, 1)), "combination", ("product", "same"), {"weights": (-1, 1)}),
    ),
    "a limit that exists where nothing is": (
        Step("vacuous", Claim(eq(Lim(n**x, n), 0), (lt(x, 0), lt(0, x))), "power-log-limit"),
        Step("false", Claim(eq(Lim(n**x, n), Lim(n**x, n))), "rewrite", ("vacuous",)),
    ),
    "a bound that jumps at 0": (
        Step("true", Claim(le(1, sp.ceiling(p))), "sign"),
        Step("false", Claim(le(1, 0)), "vanishing-slack", ("true",), {"slack": p}),
    ),
    "a logarithm at 0": (
        Step(
            "log",
            Claim(le(sp.log(x), 0), (le(0, x), le(x, 1))),
            "derivatives",
            args={"variable": x, "left": 0, "order": 0},
        ),
    ),
    "a quotient at 0": (
        Step(
            "cases",
            Claim(eq(sp.KroneckerDelta(i, j) * (x**2 - x) / x, sp.KroneckerDelta(i, j) * (x - 1))),
            "delta-cases",
        ),
    ),
    "a power of a delta that may be 0": (
        Step("identity", Claim(eq(sp.KroneckerDelta(j, 2) ** (n - 1), 1)), "identity"),
    ),
    "a positive power of a delta that may be 0": (
        Step("sign", Claim(lt(0, (n * sp.KroneckerDelta(j, 2)) ** (n - 1))), "sign"),
    ),
    "two variables of one name": (Step("sign", Claim(le(0, n + sp.Symbol("n", real=True) ** 2)), "sign"),),
    "a word that no rule knows": (Step("identity", Claim(le(0, sp.Abs(x))), "sign"),),
    "nothing at all": (Step("nothing", All(()), "conjunction"),),
    "a product that SymPy left unevaluated and takes for positive": (
        Step("sign", Claim(lt(0, sp.Mul(sp.Rational(4, 3), sp.Mul(2, k, evaluate=False), evaluate=False))), "sign"),
    ),
    "a product that is no integer, hence no zero, to SymPy": (
        Step("sign", Claim(lt(0, 4 * (2 * i + 2 * k) ** n / 3)), "sign"),
    ),
    "a product that is no integer to SymPy, put in": (
        Step("true", Claim(le(0, 4 * p**2 / 3)), "sign"),
        Step("false", Claim(lt(0, 4 * (2 * i + 2 * k) ** 2 / 3)), "specialise", ("true",), {"put": {p: 2 * i + 2 * k}}),
    ),
    "a factorial of -1": (Step("identity", Claim(eq(k * sp.factorial(k - 1), sp.factorial(k - 1) * k)), "identity"),),
    "a logarithm to another base": (
        Step("log", Claim(eq(sp.log(p, 2, evaluate=False), sp.log(p))), "identity"),
        Step("false", Claim(eq(3, sp.log(8))), "specialise", ("log",), {"put": {p: 8}}),
    ),
    "a first term that is not defined": (
        Step("end-term", Claim(eq(k + 1, k)), "end-term", args={"of": sp.Sum(one_of(i), (i, q, q + k))}),
    ),
    "a term that is left and not defined": (
        Step(
            "delta-sum",
            Claim(eq(sp.Sum(sp.KroneckerDelta(i, q), (i, 0, q)), 0)),
            "delta-sum",
            args={"sum": sp.Sum(sp.KroneckerDelta(i, q) * one_of(i), (i, 0, q)), "at": q},
        ),
    ),
    "terms off the diagonal that are not defined": (
        Step(
            "double-sum",
            Claim(eq(n**2, n)),
            "double-sum",
            args={
                "first": i,
                "second": j,
                "number": n,
                "body": sp.KroneckerDelta(i, j) / (ZERO + sp.KroneckerDelta(i, j)),
            },
        ),
    ),
    "a bound that is not defined without slack": (
        Step("true", Claim(le(1, p / (ZERO + p))), "sign"),
        Step("false", Claim(le(1, 0)), "vanishing-slack", ("true",), {"slack": p}),
    ),
    "a bound from below that is not defined without slack": (
        Step("true", Claim(le(-p / (ZERO + p), -1)), "sign"),
        Step("false", Claim(le(0, -1)), "vanishing-slack-below", ("true",), {"slack": p}),
    ),
    "slack that is no variable": (
        Step("true", Claim(le(1, sp.exp(x**2))), "sign"),
        Step("false", Claim(le(1, 0)), "vanishing-slack", ("true",), {"slack": sp.exp(x**2)}),
    ),
    "a left end at which the function is not defined": (
        Step("derivatives", Claim(le(0, -p / (ZERO + p))), "derivatives", args={"variable": p, "order": 1, "left": 0}),
    ),
    "a limit of what is not defined": (
        Step("reciprocal", Claim(eq(Lim(1 / n, n), 0)), "power-log-limit"),
        Step("one", Claim(eq(Lim((1 + 1 / n) * one_of(x), n), 1)), "limit-algebra", ("reciprocal",)),
        Step("false", Claim(eq(Lim(0, n), 1)), "specialise", ("one",), {"put": {x: q}}),
    ),
    "a condition that is not defined": (
        Step("true", Claim(le(q * p * sp.sqrt(2) - q * p, 0), (le(one_of(p), 0),)), "sign"),
        Step("false", Claim(le(q**2 * sp.sqrt(2) - q**2, 0)), "specialise", ("true",), {"put": {p: q}}),
    ),
    "a condition on the index under another name": (
        Step("first", Claim(eq(STEEP, sp.Sum(-2 * j, (j, 1, 1)))), "end-term", args={"of": STEEP}),
        Step(
            "rest",
            Claim(eq(sp.Sum(-2 * j, (j, 1, 1)), -2)),
            "telescoping",
            args={"sum": sp.Sum(-2 * j, (j, 1, 1)), "primitive": -j * (j - 1)},
        ),
        Step("sum", Claim(eq(STEEP, -2)), "combination", ("first", "rest")),
        Step(
            "jensen",
            Claim(le(sp.Sum(8 * j**3, (j, 0, 1)), 2), (le(k, 0),)),
            "jensen-sum",
            ("sum",),
            {"function": -(x**3), "variable": x, "point": -2 * k, "over": (k, 0, 1)},
        ),
    ),
    "a second index of another type": (
        Step(
            "square",
            Claim(
                eq(
                    sp.Sum(DELTAS, (j, 0, 1)) ** 2,
                    sp.Sum(sp.Sum(sp.Product(i * (sp.KroneckerDelta(j, 0) + i), (i, 1, 2)), (l, 0, 1)), (j, 0, 1)),
                )
            ),
            "square-of-sum",
            args={
                "sum": sp.Sum(DELTAS, (j, 0, 1)),
                "other": q,
                "merged": sp.Product(i * (sp.KroneckerDelta(j, 0) + i), (i, 1, 2)),
            },
        ),
    ),
    "an index caught by a sum that is put in": (
        Step("three", Claim(eq(THREE, 3)), "telescoping", args={"sum": THREE, "primitive": l * (l - 1) / 2}),
        Step("mean", Claim(eq(E(ChiSquare(3)), 3)), "specialise", ("cite:chi-square-moments#1",), {"put": {k: 3}}),
        Step("as a sum", Claim(eq(E(ChiSquare(3)), THREE)), "combination", ("three", "mean"), {"weights": [-1, 1]}),
        Step(
            "rewrite",
            Claim(
                eq(
                    sp.Sum(sp.exp(i * j * E(ChiSquare(3) + 1)), (j, 0, 1), (i, 0, 1)),
                    2 * sp.Sum(sp.exp(i**2 * (THREE + 1)), (i, 0, 1)),
                )
            ),
            "rewrite",
            ("as a sum",),
        ),
    ),
    "a condition known in a sum, used in a limit": (
        Step("at 1", Claim(eq(1 - 1 / sp.Integer(1), 0)), "sign"),
        Step("up to 1", Claim(eq(1 - 1 / n, 0), (le(n, 1),)), "integer-at-one", ("at 1",), {"variable": n}),
        Step("reciprocal", Claim(eq(Lim(1 / n, n), 0)), "power-log-limit"),
        Step("one", Claim(eq(Lim(1 - 1 / n, n), 1)), "limit-algebra", ("reciprocal",)),
        Step("none", Claim(eq(Lim(0, n), 0)), "power-log-limit"),
        Step(
            "rewrite",
            Claim(eq(Lim(1 - 1 / n, n) + sp.Sum(1 - 1 / n, (n, 1, 1)), 0)),
            "rewrite",
            ("up to 1", "none", "one"),
        ),
    ),
    "a product taken for a sum": (
        Step(
            "split",
            Claim(eq(sp.Product(x, (i, 0, 1)), sp.Sum(x, (i, 0, 0)) + sp.Sum(x, (i, 1, 1)))),
            "sum-split",
            (),
            {"sum": sp.Product(x, (i, 0, 1)), "last": sp.Integer(0)},
        ),
        Step("false", Claim(eq(x**2, 2 * x)), "combination", ("split",)),
    ),
    "the plane through more keys is not independent of their heights": (
        Step(
            "apart",
            Claim(eq(E(HIGHER, PLANE), sp.Product(E(HIGHER.function, PLANE), *HIGHER.limits)), (le(d, n),)),
            "independence",
            ("cite:heights-over-a-plane#2",),
        ),
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_theorem_is_not_checked(name):
    assert kernel.check(evil(*FALSE[name]), LIBRARY).status in ("rejected", "undecided")


def test_an_equation_with_a_condition_is_used_only_where_the_condition_is_known():
    body = sp.Sum(2**j, (j, 1, n - 1))
    equation = Claim(eq(sp.KroneckerDelta(n, 1), E(E(j) - j)), (le(1, j), le(j, n - 1)))
    with pytest.raises(Refused, match="only where j is bound"):
        RULES["rewrite"].apply(Claim(eq(sp.KroneckerDelta(n, 1) + body, body)), (equation,), {})


@pytest.mark.parametrize(
    ("rule", "claim", "premise", "args"),
    [
        (
            "alike",
            FALSE["the mean given key 0's length has not one law for all keys"][0].claim,
            ASSUMPTIONS["gaussian-queries-and-keys"].grants["alike"],
            {},
        ),
        (
            "independence",
            FALSE["the same two picks in every factor"][0].claim,
            ASSUMPTIONS["independent-queries"].grants["independent"],
            {},
        ),
        ("vanishing-slack", Claim(le(1, 0)), Claim(le(1, sp.ceiling(p))), {"slack": p}),
        ("specialise", Claim(le(0, -1)), Claim(le(0, x**2)), {"put": {x: sp.I}}),
    ],
)
def test_the_rules_refuse_by_themselves(rule, claim, premise, args):
    with pytest.raises(Refused):
        RULES[rule].apply(claim, (premise,), args)


def test_what_is_granted_and_cited_can_be_said():
    given = [claim for item in ASSUMPTIONS.values() for claim in item.grants.values()]
    given += [item.claim for item in LITERATURE.values()]
    for claim in given:
        for part in claim.parts if isinstance(claim, All) else (claim,):
            assert not grammar.undefined(part)
            for piece in (part.conclusion, *part.where):
                assert not grammar.problem(piece, part.where), piece


def test_what_is_said_of_all_large_numbers_must_be_defined_there():
    delta = sp.Symbol("delta", positive=True)
    for value, fine in ((1 / sp.log(n), True), (1 / (n - 999), True), (1 / (n - 1001), False), (1 / (m - n), False)):
        claim = Claim(Eventually(n, m, le(1, m), lt(value, delta)))
        assert bool(grammar.undefined(claim)) is not fine


@pytest.mark.parametrize("value", [sp.factorial(n - k), Stirling(m - k, k)])
def test_a_count_needs_arguments_from_0_on(value):
    assert kernel.check(evil(Step("same", Claim(eq(value, value)), "identity")), LIBRARY).status != "checked"
    inside = Step("same", Claim(eq(value, value), (le(k, n), le(k, m))), "identity")
    assert kernel.check(evil(inside), LIBRARY).status == "checked"


def test_planes_of_one_head_dimension_may_stand_together():
    same = (eq(PlaneDistance(d), Height(0, n, d)), eq(PlaneDistance(d + 1), 0))
    assert grammar.of_two_planes(same[:1], frozenset()) == ""
    assert grammar.of_two_planes(same[1:], frozenset()) == ""
    assert "more than one" in grammar.of_two_planes(same, frozenset())
    assert "more than one" in grammar.of_two_planes(same[:1], frozenset({d}))


def test_knowledge_has_six_names():
    for name in (KEYS, PLANE):
        assert grammar.problem(E(Below(NormalMax(n), x), name)) == ""
    assert "names no knowledge" in grammar.problem(E(Below(NormalMax(n), x), "everything"))


@pytest.mark.parametrize("answer", ['{"derivation": {"theorem": "barrier", "status": "checked"', "other"])
def test_a_worker_that_dies_or_answers_something_else_proves_nothing(monkeypatch, answer):
    if answer == "other":
        other = proofs.check("rank-is-occupancy")
        answer = json.dumps({"derivation": other.to_json(), "seconds": [0.0] * len(other.steps)})
    boot = f"import sys; print('{{\"heads\": {{}}}}', flush=True); sys.stdin.readline(); sys.stdout.write({answer!r})"
    monkeypatch.setattr(service, "BOOT", boot)
    found = service.check_all(["barrier"], time_limit=20)
    assert found["barrier"].status == "undecided"


@pytest.mark.parametrize(
    ("expr", "why"),
    [
        (MatrixRank(chance(j), j, k, n, n), "depends on chance"),
        (MatrixRank(Lim(j / m, m), j, k, n, n), "is a limit"),
        (MatrixRank(j * k, j, k, n, j + 1), "depends on its row or column"),
        (MatrixRank(j * k, j, k, n, n - 2), "may have a negative length"),
        (MatrixRank(j * k, j, k, n, n / 2), "not known to be integers"),
        (MatrixRank(j * x, x, k, n, n), "no index"),
        (MatrixRank(j, j, j, n, n), "both row and column"),
        (MatrixRank(sp.Sum(j * k, (k, 0, 2)), j, k, n, n), "bound twice"),
        (sp.Sum(MatrixRank(j * k, j, k, n, n), (j, 0, 2)), "bound twice"),
        (MatrixRank(HeadKey(j - 1, k), j, k, n, n), "not known to be a whole number from 0 on"),
    ],
)
def test_a_rank_is_that_of_a_matrix_of_numbers(expr, why):
    assert why in grammar.problem(expr)
    assert grammar.problem(MatrixRank(HeadKey(j, k), j, k, n, n - 1)) == ""


def test_a_sum_of_positive_terms_is_positive_if_it_has_a_term():
    terms = sp.exp(x * j)
    assert sign(sp.Sum(terms, (j, 0, n - 1))) == "+"
    assert sign(sp.Sum(terms, (j, 1, n - 1))) == "0+"
    assert sign(sp.Sum(terms, (j, 1, n - 1)), (le(2, n),)) == "+"
    assert sign(sp.Sum(-terms, (j, 0, n - 1))) == "-"
    assert sign(sp.Sum(-terms, (j, 0, n - 2))) == "0-"
    assert sign(sp.Sum(j, (j, 0, n - 1))) == "0+"
