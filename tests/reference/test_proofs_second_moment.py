"""The second-moment bound and its pieces against exact enumeration over rationals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod

import mpmath
import pytest
import sympy as sp

import proofs
from proofs import kernel
from proofs.theorems import library

GRID = [Fraction(part, 6) for part in range(7)]
SPLITS = [(Fraction(1, 3), Fraction(2, 3)), (Fraction(1, 2), Fraction(1, 2)), (Fraction(9, 10), Fraction(1, 10))]
THIRDS = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
QUERIES = (1, 2, 3, 8)
LAWS = [tuple(zip(pair, weights, strict=True)) for pair in combinations(GRID, 2) for weights in SPLITS]
LAWS += [tuple(zip(triple, THIRDS, strict=True)) for triple in combinations(GRID, 3)]


def mean(law, function):
    return sum(weight * function(point) for point, weight in law)


def picked(chance, queries):
    return 1 - (1 - chance) ** queries


def second_moment_value(g, s, queries):
    return g**2 / s * picked(s / g, queries)


def rational(value):
    value = sp.Rational(value)
    return Fraction(int(value.p), int(value.q))


def stated(g, s, queries):
    """``g psi(s/g)`` as the theorem writes it."""
    from proofs.model import m
    from proofs.theorems.norm_conditioned_barrier import G
    from proofs.theorems.second_moment_bound import S

    bound = proofs.theorem("second-moment-bound").statement.parts[0].conclusion.lhs
    (mean_given_length,) = (factor for factor in bound.args if not factor.is_Symbol)
    value = mean_given_length.value.xreplace({G: sp.Rational(g), S: sp.Rational(s)}).xreplace({m: sp.Integer(queries)})
    return rational(value.doit())


@pytest.mark.parametrize("queries", QUERIES)
def test_the_bound_holds_for_every_law_of_the_chance(queries):
    loose = 0
    for law in LAWS:
        g, s = mean(law, lambda p: p), mean(law, lambda p: p**2)
        true, bound = mean(law, lambda p: picked(p, queries)), second_moment_value(g, s, queries)
        assert bound <= true
        on_two_atoms = len({point for point, _ in law} - {0}) == 1
        assert (bound == true) == (on_two_atoms or queries <= 2)  # for two queries h is quadratic, so it needs no more
        loose += bound < true
        assert true <= picked(g, queries)  # the norm-conditioned barrier, from above
    assert loose == (80 if queries > 2 else 0)  # of the 98 laws, so the inequality the other way is false


@pytest.mark.parametrize("queries", QUERIES)
def test_the_stated_sum_is_the_closed_form(queries):
    for g, s in ((Fraction(1, 3), Fraction(1, 3)), (Fraction(1, 3), Fraction(1, 8)), (Fraction(1), Fraction(1, 2))):
        assert stated(g, s, queries) == second_moment_value(g, s, queries)


@pytest.mark.parametrize("queries", QUERIES)
def test_the_tangent_lies_below_and_touches(queries):
    from proofs.model import m
    from proofs.theorems.occupancy_tangent import a, p

    lower = proofs.theorem("occupancy-tangent").statement.parts[0].conclusion
    at = {m: sp.Integer(queries)}
    below = sp.lambdify((p, a), lower.lhs.xreplace(at).doit(), "math")
    above = sp.lambdify(p, lower.rhs.xreplace(at).doit(), "math")
    for point, touch in product(GRID, repeat=2):
        assert below(point, touch) <= above(point)
        assert (below(point, touch) == above(point)) == (point in (0, touch) or queries <= 2)


@pytest.mark.parametrize("queries", QUERIES)
def test_a_larger_second_moment_gives_a_smaller_bound(queries):
    from proofs.model import m
    from proofs.theorems.occupancy_tangent import a, b

    falls = proofs.theorem("occupancy-tangent").statement.parts[2].conclusion
    psi = sp.lambdify(a, falls.rhs.xreplace({m: sp.Integer(queries)}).doit(), "math")
    values = [psi(point) for point in GRID]
    assert values == [queries, *(picked(point, queries) / point for point in GRID[1:])]
    assert all(first > second or queries == 1 for first, second in pairwise(values))
    assert falls.lhs == falls.rhs.xreplace({a: b})


def expected_rank_and_agreement(chances, queries):
    rank = sum(
        len(set(picks)) * prod((chances[key] for key in picks), start=Fraction(1))
        for picks in product(range(len(chances)), repeat=queries)
    )
    agree = sum(
        chances[first] * chances[second] for first, second in product(range(len(chances)), repeat=2) if first == second
    )
    return rank, agree


@pytest.mark.parametrize("queries", [1, 2, 3, 5])
def test_agreement_bounds_the_rank_for_every_chances(queries):
    chances = [tuple(Fraction(part, 6) for part in parts) for parts in product(range(7), repeat=3) if sum(parts) == 6]
    for p in chances:
        rank, agree = expected_rank_and_agreement(p, queries)
        bound = picked(agree, queries) / agree
        assert Fraction(1, 3) <= agree <= 1
        assert bound <= rank <= 3 * picked(Fraction(1, 3), queries)
        assert (bound == rank) == (len(set(p) - {0}) == 1 or queries <= 2)


def test_agreement_bounds_the_rank_for_a_mixture_of_keys():
    first, second = (Fraction(1), Fraction(0), Fraction(0)), (Fraction(1, 3),) * 3
    for queries in QUERIES[:3]:
        pairs = [expected_rank_and_agreement(p, queries) for p in (first, second)]
        rank, agree = (sum(values) / 2 for values in zip(*pairs, strict=True))
        assert picked(agree, queries) / agree <= rank


def test_agreement_says_nothing_of_dependent_queries():
    """Queries 0 and 1 never agree, and query 2 repeats query 0: every query is uniform, and the rank is 2, below 3."""
    picks = [(0, 1, 0), (1, 0, 1)]
    agree, rank = sum(one[0] == one[1] for one in picks), max(len(set(one)) for one in picks)
    assert rank < sum((1 - agree) ** power for power in range(3))
    theorem = library()["agreement-bound"]
    changed = replace(theorem, assumptions=("identical-queries",), depends_on=("occupancy-tangent",))
    assert kernel.check(changed, library()).status == "rejected"


@pytest.mark.parametrize("n_keys", [2, 5])
@pytest.mark.parametrize("queries", QUERIES)
def test_one_dimension_attains_the_bound(n_keys, queries):
    """Cosines are 1 or -1, so g and s are elementary, s = g/2, and the bound is E[rank] = 2 - 2^(1-m)."""
    for length in (mpmath.mpf(1) / 2, mpmath.mpf(2)):
        wins, loses = mpmath.ncdf(length) ** (n_keys - 1), mpmath.ncdf(-length) ** (n_keys - 1)
        g = (wins + loses) / 2
        both = {(1, 1): wins, (-1, -1): loses, (1, -1): 0, (-1, 1): 0}  # at correlation -1, Phi2(r, -r) = 0
        s = sum(both.values()) / 4
        assert mpmath.almosteq(s, g / 2)
    assert stated(Fraction(1, n_keys), Fraction(1, 2 * n_keys), queries) * n_keys == 2 - Fraction(2) ** (1 - queries)


def test_the_bound_rests_on_one_citation_of_its_own(checked_theorems):
    derivation = checked_theorems["second-moment-bound"]
    assert derivation.status == "checked"
    assert {item.name for item in derivation.ledger if item.kind == "citation" and not item.through} == {
        "scores-along-two-directions"
    }


@pytest.mark.parametrize("name", ["occupancy-tangent", "agreement-bound", "second-moment-bound"])
def test_no_step_is_idle(name):
    theorem = library()[name]
    used = {premise for step in theorem.steps for premise in step.premises}
    assert {step.name for step in theorem.steps} - used == {"statement"}


def test_the_inequality_the_other_way_is_not_derived():
    theorem = library()["second-moment-bound"]
    for step in theorem.steps:
        if isinstance(step.claim, kernel.All) or not isinstance(step.claim.conclusion, sp.Le):
            continue
        relation = step.claim.conclusion
        turned = replace(step.claim, conclusion=sp.Le(relation.rhs, relation.lhs, evaluate=False))
        report = kernel.check_step(replace(step, claim=turned), theorem, library())
        assert report.status != "accepted", step.name
