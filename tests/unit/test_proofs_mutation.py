"""Mutants are what they say, and the means by which their truth is judged are right on cases that are known."""

from __future__ import annotations

import math
import multiprocessing
import random
import signal
import threading
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from proofs.language import KEYS, All, Below, BivariateBelow, Claim, E, Exists, Lim, LimSup, NormalTail, eq, le, lt
from proofs.model import (
    ChiSquare,
    KeyNorm2,
    NormalMax,
    Occupied,
    Pick,
    Rank,
    Stirling,
    barrier_of,
    chance,
    d,
    hit,
    i,
    j,
    l,
    m,
    n,
    over_keys,
    x,
)
from proofs.mutation.changes import changes
from proofs.mutation.domains import domain
from proofs.mutation.judge import PASSED, SAME, judge, original_step
from proofs.mutation.moves import direction
from proofs.mutation.mutants import STEP_KINDS, Mutant, step_mutants, theorem_mutants
from proofs.mutation.places import places, put
from proofs.mutation.ranges import defined, enclose
from proofs.mutation.run import KILLED, _serve, verdict_on
from proofs.mutation.spare import spare
from proofs.mutation.trial import try_claim
from proofs.mutation.truth import of_claims, reason
from proofs.mutation.values import Beyond, Undefined, ball, evaluate
from proofs.mutation.worlds import PickWorld
from proofs.records import Step
from proofs.theorems import library

LIBRARY = library()
ORDINARY = {"independent-queries", "identical-queries", "one-pick-per-row"}
GAUSSIAN = {*ORDINARY, "gaussian-queries-and-keys"}
MEAN = E(Rank(n, m, d))
p = sp.Symbol("p", positive=True)
q = sp.Symbol("q", positive=True)


def test_every_place_can_be_put_back():
    for expr in (barrier_of(n, m), over_keys(hit(i, j)), E(Below(ChiSquare(d), x), KEYS), sp.exp(-x) + 1 / (1 + x**2)):
        for path, node, _ in places(expr):
            assert put(expr, path, node) == expr


def test_the_changes_of_a_bound():
    relation = le(MEAN, barrier_of(n, m))
    found = {new for _, _, new in changes(relation)}
    assert lt(MEAN, barrier_of(n, m)) in found
    assert le(barrier_of(n, m), MEAN) in found
    assert le(MEAN, n * (1 - (1 - 1 / n) ** (m - 1))) in found
    assert le(MEAN, n * (1 - sp.Rational(99, 100) * (1 - 1 / n) ** m)) in found
    assert le(MEAN, n * (1 + (1 - 1 / n) ** m)) in found
    assert le(MEAN, 1 - (1 - 1 / n) ** m) in found
    assert le(E(Rank(n, m, d), KEYS), barrier_of(n, m)) in found
    assert le(E(Rank(n + 1, m, d)), barrier_of(n, m)) in found


def test_the_changes_of_sums_limits_and_quantifiers():
    total = eq(over_keys(hit(i, j)), 1)
    found = {new for _, _, new in changes(total)}
    assert eq(sp.Sum(hit(i, j), (j, 0, n)), 1) in found
    assert eq(sp.Sum(hit(i, j), (j, 1, n - 1)), 1) in found
    assert eq(over_keys(hit(j, j)), 1) in found
    limit = {new for _, _, new in changes(le(Lim(MEAN / n, n), 1))}
    assert le(LimSup(MEAN / n, n), 1) in limit
    exists = {new for _, _, new in changes(Exists(d, lt(1, MEAN)))}
    assert Exists(n, lt(1, MEAN)) in exists
    assert lt(1, MEAN) in exists
    ceiling = {new for _, _, new in changes(lt(1 / sp.E, 1))}
    assert lt(sp.Rational(101, 100) / sp.E, 1) in ceiling


def test_a_step_is_changed_in_every_way_and_never_left_as_it_is():
    seen = set()
    for theorem in list(LIBRARY.values())[::6]:
        for step in theorem.steps[::25]:
            mutants = list(step_mutants(theorem, step))
            assert all(mutant.after != step for mutant in mutants)
            assert len({(str(one.after.args), one.after.claim, one.after.premises) for one in mutants}) == len(mutants)
            seen |= {mutant.kind for mutant in mutants}
    assert seen <= set(STEP_KINDS)
    assert len(STEP_KINDS) - len(seen) <= 2
    whole = list(theorem_mutants(LIBRARY["barrier"]))
    assert len(whole) == len(LIBRARY["barrier"].steps) + len(LIBRARY["barrier"].assumptions)


def test_a_wrong_constant_is_killed_and_the_original_in_other_words_is_no_mutant():
    theorem = LIBRARY["barrier-constants"]
    step = original_step(theorem, "upper")
    outcomes = [judge(mutant, LIBRARY)[0] for mutant in step_mutants(theorem, step) if mutant.kind == "constant"]
    assert outcomes.count("killed") > 3
    same = Step(step.name, Claim(le(step.claim.conclusion.lhs, sp.expand(step.claim.conclusion.rhs))), step.rule)
    same = Step(same.name, same.claim, step.rule, step.premises, step.args)
    assert judge(Mutant(theorem.id, step.name, "term", "", same), LIBRARY)[0] in (SAME, "killed")


@pytest.mark.parametrize(
    ("expr", "point", "value"),
    [
        (barrier_of(n, m), {n: 3, m: 2}, Fraction(5, 3)),
        (sp.Sum(sp.binomial(n, j), (j, 0, n)), {n: 5}, Fraction(32)),
        (sp.Product(1 + j, (j, 0, n - 1)), {n: 4}, Fraction(24)),
        (Stirling(n, m), {n: 5, m: 2}, Fraction(15)),
        (sp.ceiling(x), {x: Fraction(7, 3)}, Fraction(3)),
        (0**n, {n: 3}, Fraction(0)),
        (x ** (n - 1), {x: 0, n: 1}, Fraction(1)),
        (sp.KroneckerDelta(j, l), {j: 2, l: 2}, Fraction(1)),
    ],
)
def test_values(expr, point, value):
    assert evaluate(expr, {symbol: Fraction(number) for symbol, number in point.items()}) == value


def test_values_that_are_no_fractions_lie_in_balls():
    assert abs(float(evaluate(sp.exp(-1), {}).mid()) - 0.36787944117144233) < 1e-15
    assert abs(float(evaluate(NormalTail(1), {}).mid()) - 0.15865525393145707) < 1e-12
    with pytest.raises(Undefined):
        evaluate(sp.log(x), {x: Fraction(-1)})
    with pytest.raises(Undefined):
        evaluate(1 / x, {x: Fraction(0)})
    with pytest.raises(Beyond):
        evaluate(x, {})


def below(first, second, correlation):
    return evaluate(BivariateBelow(x, p, q), {x: Fraction(first), p: Fraction(second), q: Fraction(correlation)})


def test_two_correlated_normals_below_levels():
    def under(level):
        return 1 - ball(evaluate(NormalTail(level), {}))

    assert below(0, 3, -1).overlaps(under(3) - 0.5)
    assert below(0, -3, -1) == 0
    assert below(2, -1, 1).overlaps(under(-1))
    assert below(1, -2, 0).overlaps(under(1) * under(-2))
    for correlation in (Fraction(-9, 10), Fraction(-1, 3), Fraction(1, 2), Fraction(99, 100)):
        at_zero = 0.25 + math.asin(correlation) / (2 * math.pi)
        assert abs(float(ball(below(0, 0, correlation)).mid()) - at_zero) < 1e-12
        assert below(Fraction(-1, 2), 1, correlation).overlaps(
            under(1) - below(Fraction(1, 2), 1, -correlation)
        )  # X and -X
        assert below(-1, -1, correlation) < under(-1)
    with pytest.raises(Undefined):
        below(0, -3, Fraction(-101, 100))


def test_a_world_has_the_laws_of_the_model():
    world = PickWorld(2, gaussian=True)
    at = {n: Fraction(2), m: Fraction(2), d: Fraction(3)}
    assert evaluate(MEAN, at, world) == Fraction(3, 2)
    assert evaluate(E(hit(0, j)), {**at, j: Fraction(1)}, world) == Fraction(1, 2)
    assert evaluate(E(Occupied(n, m)), {n: Fraction(3), m: Fraction(2)}, world) == Fraction(5, 3)
    assert evaluate(E(sp.KroneckerDelta(Pick(0, n, m, d), Pick(1, n, m, d))), at, world) == Fraction(1, 2)
    tail = evaluate(E(1 - Below(ChiSquare(d), x)), {d: Fraction(2), x: Fraction(2)}, world)
    assert abs(float(tail.mid()) - 0.36787944117144233) < 1e-12
    least = evaluate(E(Below(NormalMax(n), x)), {n: Fraction(2), x: Fraction(0)}, world)
    assert abs(float(least.mid()) - 0.25) < 1e-12
    mixed = E(over_keys(hit(0, j) * Below(KeyNorm2(j, n, d), x)))
    assert ball(evaluate(mixed, {**at, x: Fraction(1)}, world)).overlaps(
        ball(evaluate(E(Below(ChiSquare(d), x)), {**at, x: Fraction(1)}, world))
    )
    general = PickWorld(2, gaussian=False)
    total = evaluate(E(over_keys(chance(j))), {n: Fraction(3), d: Fraction(1)}, general)
    assert total == 1


FALSE = [
    (Claim(le(MEAN, sp.Rational(62, 100) * n)), GAUSSIAN),
    (Claim(eq(MEAN, barrier_of(n, m))), ORDINARY),
    (Claim(le(E(Rank(n, m, d), KEYS), barrier_of(n, m - 1))), ORDINARY),
    (Claim(eq(E(hit(0, j) * hit(1, j), KEYS), chance(j))), ORDINARY),
    (Claim(eq(over_keys(chance(j)), n)), ORDINARY),
    (Claim(eq(E(hit(0, j)), chance(j))), ORDINARY),  # constant only if the chances are
    (Claim(lt(x + sp.log(1 - x), x * sp.log(1 - x)), (lt(0, x), lt(x, 1))), set()),
    (Claim(lt(0, sp.log(x))), set()),  # undefined at some reals
    (Claim(le(E(1 - Below(ChiSquare(d), x)), sp.exp(-x))), set()),
    (Claim(eq(Lim(MEAN, d), n)), GAUSSIAN),
    (Claim(eq(Lim(sp.log(n), n), 3)), set()),
    (Claim(eq(Lim(sp.log(1 - n), n), 0)), set()),  # undefined
    (All((Claim(le(0, x**2)), Claim(le(x, 1)))), set()),
    (Claim(sp.Ne(x, 1, evaluate=False)), set()),
    (Claim(lt(n, m), (le(n, m),)), set()),
    (Claim(lt(n, 7), (eq(m, n),)), set()),
]
TRUE = [
    (Claim(le(MEAN, barrier_of(n, m))), ORDINARY),
    (Claim(eq(E(hit(0, j) * hit(1, j), KEYS), chance(j) ** 2)), ORDINARY),
    (Claim(eq(Lim(MEAN, d), barrier_of(n, m))), GAUSSIAN),
    (Claim(lt(x + sp.log(1 - x), x * sp.log(1 - x / 2)), (lt(0, x), lt(x, 1))), set()),
    (Claim(eq(Lim(n / (n + 1), n), 1)), set()),
    (All((Claim(le(0, x**2)), Claim(le(0, p)))), set()),
    (Claim(sp.Ne(sp.exp(x), 0, evaluate=False)), set()),
    (Claim(eq(n, m), (eq(m, n),)), set()),
]


@pytest.mark.parametrize(("claim", "assumed"), FALSE, ids=[one.text() for one, _ in FALSE])
def test_false_claims_are_refuted(claim, assumed):
    assert try_claim(claim, assumed).refuted


@pytest.mark.parametrize(("claim", "assumed"), TRUE, ids=[one.text() for one, _ in TRUE])
def test_true_claims_are_tried_and_not_refuted(claim, assumed):
    trial = try_claim(claim, assumed)
    assert trial.points > 0
    assert not trial.refuted


def expressions(chosen, depth):
    """Expressions in p, q > 0 and n, grown at random."""
    if depth == 0:
        return chosen.choice([p, q, n, sp.Integer(1), sp.Integer(2), sp.Rational(1, 3), sp.Integer(-1)])
    one, two = (expressions(chosen, depth - 1) for _ in range(2))
    return chosen.choice(
        [one + two, one - two, one * two, one**2, sp.exp(-one), sp.log(1 + one**2), 1 / (1 + one**2), (1 - 1 / n) ** m]
    )


DOMAINS = [(), (le(1, p),), (lt(p, 1), le(q, p)), (le(2, n), le(p, q), le(q, 3))]


def points(where, chosen, number=12):
    found = []
    while len(found) < number:
        point = {s: Fraction(chosen.randint(1, 40), chosen.choice((1, 7, 20))) for s in (p, q)}
        point |= {s: Fraction(chosen.randint(1, 9)) for s in (n, m)}
        values = {s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()}
        if all(bool(sp.sympify(one.func(*(side.xreplace(values) for side in one.args)))) for one in where):
            found.append(point)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_intervals_and_directions_are_right_at_random_points(seed):
    chosen = random.Random(seed)
    where = DOMAINS[seed % len(DOMAINS)]
    first, second = expressions(chosen, 3), expressions(chosen, 3)
    box = domain((p, q, n, m), where)
    interval, way = enclose(first, box), direction(first, second, box)
    is_defined = defined(first, box)
    for point in points(where, chosen):
        try:
            one, two = ball(evaluate(first, point)), ball(evaluate(second, point))
        except Undefined:
            assert not is_defined or not defined(second, box)
            continue
        except Beyond:
            continue
        assert not one < interval_end(interval.low), (first, point)
        assert not one > interval_end(interval.high), (first, point)
        assert way != 1 or not two < one, (first, second, point)
        assert way != -1 or not two > one, (first, second, point)
        assert way != 0 or two.overlaps(one)


def interval_end(end):
    import flint

    return ball(end) if isinstance(end, Fraction) else flint.arb(end)


def parts(low, high):
    return sp.Sum(chance(l), (l, low, high))


KEYS_BELOW = Claim(eq(parts(0, m - 1), parts(0, j - 1) + parts(j, m - 1)), (le(j, m - 1),))
REASONS = [
    (Claim(lt(x, 1)), Claim(le(x, 1)), "weaker relation"),
    (Claim(eq(x, 1)), Claim(le(1, x)), "weaker relation"),
    (Claim(le(x, n), (le(2, n),)), Claim(le(x, n), (le(3, n),)), "stronger conditions"),
    (Claim(le(x, n)), Claim(le(x, 2 * n)), "safe side"),
    (Claim(le(x, 1 - (1 - 1 / n) ** m)), Claim(le(x, 1 - (1 - 1 / n) ** (m + 1))), "safe side"),
    (Claim(le(x, E(hit(i, j)))), Claim(le(x, 1 + E(hit(i, j)))), "safe side"),
    (Claim(lt(1 / sp.E, 1)), Claim(lt(sp.Rational(37, 100), 1 / sp.E + sp.Rational(1, 100))), "ball arithmetic"),
    (Claim(eq(n, 0), (le(n, 1),)), Claim(eq(n**2, n), (le(n, 1),)), "finite domain"),
    (Claim(lt(x, 1)), Claim(le(0, x), (lt(0, x),)), "follows from its conditions"),
    (Claim(le(2 * x, x**2 + 2)), Claim(lt(2 * x, x**2 + 2)), "polynomial without a root"),
    (KEYS_BELOW, Claim(KEYS_BELOW.conclusion, (le(j - 1, m - 1),)), "evident at j = m"),
    (Claim(eq(Lim(2 / sp.log(n), n), 0)), Claim(eq(Lim(3 / sp.log(n), n), 0)), "negative exponent"),
    (Claim(eq(Lim(n * (n - 1) * (1 / n**3), n), 0)), Claim(eq(Lim(n * (n + 1) * (1 / n**3), n), 0)), "negative"),
    (Claim(le(0, x)), Claim(lt(0, p**20 + NormalTail(x))), "conditions"),
    (All((Claim(lt(x, 1)), Claim(lt(x, 2)))), All((Claim(lt(x, 2)),)), "parts of the original"),
]
NO_REASONS = [
    (Claim(le(x, 1)), Claim(lt(x, 1))),
    (Claim(le(x, 1)), Claim(eq(x, 1))),
    (Claim(le(x, n), (le(2, n),)), Claim(le(x, n))),
    (Claim(le(x, n)), Claim(le(x, n / 2))),
    (Claim(le(x, p)), Claim(le(x, p**2))),
    (Claim(le(x, 1 - (1 - 1 / n) ** m)), Claim(le(x, 1 - (1 - 1 / n) ** (m - 1)))),
    (Claim(le(2 * x, x**2 + 1)), Claim(lt(2 * x, x**2 + 1))),
    (Claim(le(0, x**2 + 1)), Claim(lt(x**2 + 1, 0))),
    (Claim(le(3 * x, x**2 + 2), (le(2, x),)), Claim(lt(3 * x, x**2 + 2), (le(2, x),))),
    (KEYS_BELOW, Claim(KEYS_BELOW.conclusion, (le(j - 2, m - 1),))),  # at j = m + 1 a range of length -1 is left out
    (KEYS_BELOW, Claim(KEYS_BELOW.conclusion)),
    (Claim(eq(Lim(2 / sp.log(n), n), 0)), Claim(eq(Lim(2 / sp.log(n), n), 1))),
    (Claim(eq(Lim(2 / sp.log(n), n), 0)), Claim(eq(Lim(sp.log(n) / sp.log(n) ** q, n), 0))),
    (Claim(eq(Lim((n - 1) / n**2, n), 0)), Claim(eq(Lim((n - 1) / n, n), 0))),
    (Claim(le(x, 2)), Claim(le(x, 1 / sp.log(n)))),  # undefined at n = 1
    (Claim(le(x, p)), Claim(le(x, p + sp.log(q)))),
    (Claim(le(-1, x), (lt(0, x), lt(x, 1))), Claim(le(-1, x + sp.log(1 - x)), (lt(0, x), lt(x, 1)))),
    (Claim(le(x, 1)), Claim(le(x, 1 + 0 / (n - 1) + 1 / (n - 1)))),  # undefined at n = 1
    (Claim(le(0, -x - sp.log(1 - x)), (lt(x, 1),)), Claim(le(0, -x - sp.log(1 - x)))),  # undefined at x = 1
]


@pytest.mark.parametrize(("original", "changed", "words"), REASONS, ids=[one[1].text() for one in REASONS])
def test_reasons(original, changed, words):
    assert words in of_claims(original, changed)


@pytest.mark.parametrize(("original", "changed"), NO_REASONS, ids=[one[1].text() for one in NO_REASONS])
def test_no_reason_without_one(original, changed):
    assert of_claims(original, changed) == ""


def test_a_reason_for_a_wider_type():
    y = sp.Symbol("y", nonnegative=True)
    wide = sp.Symbol("y", real=True)

    def why(first, second):
        step = Step("s", first, "sign")
        return reason(step, Mutant("t", "s", "type", "", Step("s", second, "sign")), {})

    assert "keep the variable in its type" in why(Claim(le(y, 1), (le(0, y),)), Claim(le(wide, 1), (le(0, wide),)))
    assert "same at negative values" in why(Claim(le(0, y**2 - y**4 + 9)), Claim(le(0, wide**2 - wide**4 + 9)))
    assert why(Claim(le(0, y)), Claim(le(0, wide))) == ""
    assert "keep the variable" in why(Claim(le(p, 1), (le(1, p),)), Claim(le(y, 1), (le(1, y),)))
    assert "only value more" in why(Claim(le(0, p**2 - p**4 + 9)), Claim(le(0, y**2 - y**4 + 9)))
    assert why(Claim(le(1, 1 + 1 / p)), Claim(le(1, 1 + 1 / y))) == ""  # undefined at 0
    bound = sp.Symbol("b", integer=True)
    sums = [Claim(eq(sp.Sum(one, (one, 0, n)), n * (n + 1) / 2)) for one in (j, bound)]
    assert "bound index" in why(*sums)
    assert why(Claim(le(y, n)), Claim(le(wide, x))) == ""  # two variables are changed
    both = All((Claim(le(0, y**2)), Claim(le(0, y**4 + 1))))
    wider = All((Claim(le(0, wide**2)), Claim(le(0, wide**4 + 1))))
    assert why(both, wider)
    assert why(All((*both.parts, Claim(le(0, y)))), All((*wider.parts, Claim(le(0, wide))))) == ""
    assert why(Claim(le(0, n - 1)), Claim(le(0, sp.Symbol("w", positive=True) - 1))) == ""  # no whole number
    assert why(Claim(le(0, y**3)), Claim(le(0, wide**3))) == ""


def test_a_reason_for_whole_numbers_that_may_be_negative():
    number = sp.Symbol("k", integer=True)

    def why(conclusion):
        step = Step("s", Claim(conclusion(j)), "sign")
        return reason(step, Mutant("t", "s", "type", "", Step("s", Claim(conclusion(number)), "sign")), {})

    def delta(symbol):
        return sp.KroneckerDelta(symbol, Pick(0, n, m, d))

    assert "no key" in why(lambda one: eq(delta(one) * (x + 1), delta(one) * x + delta(one)))
    assert why(lambda one: eq(delta(one) * one, one)) == ""
    assert why(lambda one: eq(delta(one), 1)) == ""


def test_a_mutant_of_the_statement_that_is_accepted_is_a_part_of_it():
    theorem = LIBRARY["barrier"]
    step = theorem.steps[-1]
    for mutant in step_mutants(theorem, step):
        outcome, _ = judge(mutant, LIBRARY)
        if outcome == PASSED:
            assert reason(step, mutant, {})


def test_what_sympy_makes_of_a_logarithm_of_a_negative_number_has_no_value():
    with pytest.raises(Beyond):
        evaluate(sp.log(sp.Integer(-2)), {})
    with pytest.raises(Undefined):
        evaluate(sp.zoo + x, {x: Fraction(1)})


WEIGHED = {"one": Claim(le(p, q), (le(1, p),)), "two": Claim(lt(q, p + 3)), "three": Claim(eq(x, p))}


@pytest.mark.parametrize(
    ("changed", "premises", "weights", "holds"),
    [
        (Claim(lt(2 * p, 2 * q + 1), (le(1, p),)), ("one",), (2,), True),
        (Claim(le(p**2, p * q), (le(2, p),)), ("one",), (p,), True),
        (Claim(lt(p**2, p * q), (le(2, p),)), ("one",), (p,), False),  # nothing to spare
        (Claim(lt(2 * p, 2 * q + 1)), ("one",), (2,), False),  # the premise has a condition
        (Claim(le(q, p), (le(1, p),)), ("one",), (-1,), False),  # a negative weight
        (Claim(le(p * x, q * x), (le(1, p),)), ("one",), (x,), False),  # a weight of unknown sign
        (Claim(lt(q, p + 3)), ("two",), (1,), True),  # the premise is strict
        (Claim(lt(0, p + 3 - q)), ("two",), (0,), False),
        (Claim(lt(q, p + 2)), ("two",), (1,), False),  # something is missing
        (Claim(le(2 * p - x, p)), ("three",), (-1,), True),
        (Claim(le(2 * p - x, p)), ("three",), (1,), False),
        (Claim(le(p + 0 / x, q + 0 / x + 1 / x**2), (le(1, p),)), ("one",), (1,), False),  # undefined at x = 0
        (Claim(eq(p, q), (le(1, p),)), ("one",), (1,), False),
        (Claim(le(p, q), (le(1, p),)), ("none",), (1,), False),
        (Claim(le(p, q), (le(1, p),)), ("one", "two"), (1,), False),
    ],
)
def test_premises_with_something_to_spare(changed, premises, weights, holds):
    assert bool(spare(changed, WEIGHED, premises, {"weights": weights})) == holds


def test_the_conditions_of_a_claim_at_a_value_may_be_told_by_another_premise():
    bound, value = NormalTail(d) + p, p**3 - p
    half = sp.Rational(1, 2)
    known = {"general": Claim(le(bound, x), (le(x, half),)), "told": Claim(le(value, half), (le(p, 1),))}

    def why(where, premises):
        changed = Step("s", Claim(le(bound, value), where), "specialise", premises, {"put": {x: value}})
        return reason(Step("s", Claim(le(x, p)), "sign"), Mutant("t", "s", "condition", "", changed), known)

    both = ("general", "told")
    assert why((le(p, 1),), both) == f"by general: it at {x} = {value}"
    assert why((le(p, 1),), ("general",)) == ""
    assert why((le(p, 2),), both) == ""  # the other premise does not hold there


def served(*requests):
    """What a worker answers, run in this process: a list of verdicts for every (theorem, step, every, skip)."""
    asked, pipe = multiprocessing.Pipe()
    answers = []

    def ask():
        for request in requests:
            asked.send(request)
            answers.append([replace(verdict, seconds=0.0) for verdict in iter(asked.recv, None)])
        asked.close()

    asking = threading.Thread(target=ask)
    asking.start()
    _serve(pipe)  # returns when the other end is closed
    asking.join()
    pipe.close()
    return answers


needs_a_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the time limit needs a timer")


@needs_a_timer
def test_a_worker_judges_what_it_is_asked_and_goes_on_where_another_stopped():
    name, step = "barrier-constants", "upper"
    whole, rest = served((name, step, 12, 0), (name, step, 12, 2))
    assert len(whole) > 4
    assert rest == whole[2:]
    assert {(one.theorem, one.step, one.every) for one in whole} == {(name, step, 12)}
    assert KILLED in {one.outcome for one in whole}
    assert not any(one.outcome == PASSED and one.failure for one in whole)


@needs_a_timer
def test_a_worker_judges_whole_theorems_too():
    (verdicts,) = served(("rank-is-occupancy", "", 1, 0))
    theorem = LIBRARY["rank-is-occupancy"]
    assert len(verdicts) == len(theorem.steps) + len(theorem.assumptions)
    assert {one.outcome for one in verdicts} == {KILLED}
    assert all(one.detail for one in verdicts)


@needs_a_timer
def test_what_is_accepted_has_a_reason_or_was_tried():
    theorem = LIBRARY["barrier"]
    verdicts = [verdict_on(mutant, LIBRARY) for mutant in step_mutants(theorem, theorem.steps[-1])]
    accepted = [one for one in verdicts if one.outcome == PASSED]
    assert accepted
    assert all(one.reason for one in accepted)
    assert all(one.claim for one in accepted)


BOX = domain((p, q, x, n, m), (le(p, 1), le(2, q)))
MOVES = [
    (p, p, 0),
    (NormalTail(p), NormalTail(p + q), -1),  # decreasing
    (E(p * hit(i, j)), E(q * hit(i, j)), 1),
    (E(hit(i, j)), E(hit(i, j), KEYS), None),  # means given different things
    (Lim(p - q / n, n), Lim(p + q / n, n), 1),
    (Lim(p / n, n), Lim(p / m, m), None),
    (x**3, (x + 1) ** 3, 1),  # an odd power of something of any sign
    (x**2, (x + 1) ** 2, None),
    (q**n, q ** (n + 1), 1),
    (p**n, p ** (n + 1), -1),
    ((q + x**2) ** n, (2 * q + x**2) ** n, 1),
    (x**n, x ** (n + 1), None),
    (x * p, x * q, None),  # a factor of unknown sign
    (sp.exp(x), sp.log(q), None),  # different functions
    (sp.exp(x - q), sp.exp(x - p), 1),
    (sp.ceiling(x), sp.ceiling(x + p), 1),
    (sp.Sum(q**j, (j, 0, n)), sp.Sum(q**j, (j, 0, n + 1)), 1),
    (sp.Sum(q**j, (j, 0, n)), sp.Sum(q**j, (j, 1, n)), -1),
    (sp.Sum(q**j, (j, 0, n)), sp.Sum(q**j, (j, 1, n + 1)), None),  # one lost, one more
    (sp.Sum(q**j, (j, 0, n)), sp.Sum(q**j, (j, 0, m)), None),
    (sp.Sum(q**j, (j, 0, n)), sp.Sum(q**l, (l, 0, n)), None),  # another index is not looked through
    (sp.Sum(p**j, (j, 0, n)), sp.Sum(q**j, (j, 0, n)), 1),
    (sp.Product(q + j, (j, 0, n)), sp.Product(q + j, (j, 0, n + 1)), 1),
    (sp.Product(2 * p, (j, 0, n)), sp.Product(2 * p, (j, 0, n + 1)), None),  # on either side of 1
    (sp.Product(p / 2, (j, 0, n)), sp.Product(p / 2, (j, 0, n + 1)), -1),
    (sp.Product(x + j, (j, 0, n)), sp.Product(x + j, (j, 0, n + 1)), None),
    (sp.Product(x + j, (j, 0, n)), sp.Product(x + 1 + j, (j, 0, n)), None),
    (sp.Product(p + j, (j, 0, n)), sp.Product(q + j, (j, 0, n)), 1),
]


@pytest.mark.parametrize(("old", "new", "way"), MOVES, ids=[f"{old} to {new}" for old, new, _ in MOVES])
def test_which_way_an_expression_moves(old, new, way):
    assert direction(old, new, BOX) == way
    assert direction(new, old, BOX) == (way if way is None else -way)


def test_how_deep_directions_are_looked_for_has_an_end():
    nested, raised = NormalTail(x), NormalTail(x + 1)
    for _ in range(14):
        nested, raised = NormalTail(nested), NormalTail(raised)
    assert direction(nested, raised, BOX) is None
