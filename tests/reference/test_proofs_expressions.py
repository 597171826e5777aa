"""The derived expressions against exact enumeration over rationals."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

import proofs
from proofs.cases.picks import independent_picks, uniform

SIZES = [(n, m) for n in range(1, 6) for m in range(1, 6)]


def expected_rank(p, n_queries):
    """By definition: over all patterns of picks, the probability times the rank found by elimination."""
    return sum(chance * rank for rank, chance in independent_picks(tuple(p), n_queries).ranks.items())


def uneven(n_keys, kind):
    weights = (
        [Fraction(key + 1) ** kind for key in range(n_keys)] if kind else [Fraction(1)] + [Fraction(0)] * (n_keys - 1)
    )
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize(("n_keys", "n_queries"), SIZES)
def test_barrier_is_the_expected_rank_of_uniform_picks(n_keys, n_queries):
    n, m = sp.symbols("n m", integer=True, positive=True)
    value = sp.lambdify((n, m), proofs.derive("barrier"), "math")(Fraction(n_keys), n_queries)
    assert value == expected_rank([Fraction(1, n_keys)] * n_keys, n_queries)


@pytest.mark.parametrize("kind", [0, 1, 3])
@pytest.mark.parametrize(("n_keys", "n_queries"), SIZES)
def test_the_conditional_expectation_at_any_chances(n_keys, n_queries, kind):
    n, m = sp.symbols("n m", integer=True, positive=True)
    function = sp.lambdify((n, m, sp.IndexedBase("p", real=True)), proofs.derive("barrier", given_keys=True), "math")
    p = uneven(n_keys, kind)
    assert function(n_keys, n_queries, p) == expected_rank(p, n_queries)


def test_the_derived_expressions_are_those_of_the_checked_theorems():
    n, m = sp.symbols("n m", integer=True, positive=True)
    statement = proofs.theorem("barrier").statement
    assert proofs.derive("barrier") == statement.parts[2].conclusion.rhs == n * (1 - (1 - 1 / n) ** m)
    given = statement.parts[0].conclusion.rhs
    from proofs.expressions import CHANCES
    from proofs.model import PickChance, d, j

    assert proofs.derive("barrier", given_keys=True) == given.xreplace({PickChance(j, n, d): CHANCES[j]})
    assert proofs.derive("wide-head-limit").equals(proofs.theorem("wide-head-limit").statement.parts[1].conclusion.rhs)


@pytest.mark.parametrize(("n_keys", "n_queries"), SIZES)
def test_the_limiting_law_and_its_moments(n_keys, n_queries):
    from proofs.model import k, m, n

    ranks = independent_picks(uniform(n_keys), n_queries).ranks
    law = proofs.derive("wide-head-limit")
    for value in range(n_keys + 1):
        assert law.subs({n: n_keys, m: n_queries, k: value}) == ranks.get(value, 0)
    mean = sum(value * chance for value, chance in ranks.items())
    square = sum(value**2 * chance for value, chance in ranks.items())
    variance = proofs.theorem("wide-head-limit").statement.parts[2].conclusion.rhs
    assert variance.subs({n: n_keys, m: n_queries}) == square - mean**2


@pytest.mark.parametrize(("c", "value"), [(0.5, 0.5825), (1, 0.7628), (2, 0.8767), (5, 0.9501)])
def test_the_exponent(c, value):
    derived = proofs.derive("log-n-exponent")
    (symbol,) = derived.free_symbols
    assert float(derived.subs(symbol, c)) == pytest.approx(value, abs=5e-5)
    stated = proofs.theorem("log-n-exponent").statement.parts[0].conclusion.rhs
    assert float(stated.subs(symbol, c)) == pytest.approx(float(derived.subs(symbol, c)), rel=1e-12)


def test_the_rank_as_a_sum_over_picks():
    assert proofs.derive("rank-is-occupancy").has(sp.KroneckerDelta)


@pytest.mark.parametrize("name", ["barrier-constants", "paper-barrier-literal"])
def test_a_theorem_about_no_expression_says_so(name):
    with pytest.raises(ValueError, match="a theorem about one expression"):
        proofs.derive(name)


def test_given_keys_is_for_the_barrier():
    with pytest.raises(ValueError, match="given_keys = True"):
        proofs.derive("wide-head-limit", given_keys=True)
