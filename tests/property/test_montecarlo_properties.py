"""Hypothesis on the experiment: hardmax and rank on exact inputs, elimination against SymPy, intervals, plans."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy
from amount import amount
from hypothesis import given
from hypothesis import strategies as st

import montecarlo

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 40)


def small_integers(seed, *shape, bound=3):
    """Entries so small that scores are exact in float64, and ties frequent."""
    return np.random.default_rng(seed).integers(-bound, bound + 1, shape)


@amount(60)
@given(seeds, sizes, st.integers(1, 600), st.integers(1, 9))
def test_hardmax_is_the_first_exact_argmax(seed, n_queries, n_keys, head_dim):
    queries, keys = small_integers(seed, n_queries, head_dim), small_integers(seed + 1, n_keys, head_dim)
    assert montecarlo.hardmax(queries, keys).tolist() == np.argmax(queries @ keys.T, axis=1).tolist()


@amount(100)
@given(
    seeds,
    st.integers(1, 30),
    st.integers(1, 80),
    st.integers(1, 12),
    st.sampled_from([0, 1, 3, 25, 52, 300]),
    st.integers(20, 53),
    st.booleans(),
)
def test_hardmax_is_exact_for_entries_of_any_size(seed, n_queries, n_keys, head_dim, spread, bits, alike):
    rng = np.random.default_rng(seed)

    def wild(count):
        powers = np.ldexp(1.0, rng.integers(-spread, spread + 1, (count, head_dim)))
        return rng.integers(-3, 4, (count, head_dim)) * powers

    queries, keys = wild(n_queries), wild(n_keys)
    if alike:  # many keys that are equal, or nearly so
        keys[rng.integers(n_keys, size=n_keys)] = keys[0] * (1.0 + 2.0**-bits * rng.integers(-1, 2))
    whole = [
        np.array([[int(Fraction(x) * 2**400) for x in row] for row in matrix.tolist()], object)
        for matrix in (queries, keys)
    ]
    scores = [list(row) for row in whole[0] @ whole[1].T]
    choices, ties = montecarlo.hardmax(queries, keys, return_ties=True)
    assert choices.tolist() == [row.index(max(row)) for row in scores]
    assert ties == sum(row.count(max(row)) > 1 for row in scores)


@amount(60)
@given(seeds, sizes, sizes, st.integers(1, 9))
def test_rank_is_occupancy(seed, n_queries, n_keys, head_dim):
    queries, keys = small_integers(seed, n_queries, head_dim), small_integers(seed + 1, n_keys, head_dim)
    matrix = montecarlo.attention_matrix(montecarlo.hardmax(queries, keys), n_keys)
    assert montecarlo.exact_rank(matrix) == montecarlo.hardmax_rank(queries, keys)


@amount(40)
@given(seeds, st.integers(1, 30), st.integers(1, 300), st.integers(1, 8), st.integers(-40, 40))
def test_scaling_a_query_changes_nothing(seed, n_queries, n_keys, head_dim, power):
    rng = np.random.default_rng(seed)
    queries, keys = rng.normal(size=(n_queries, head_dim)), rng.normal(size=(n_keys, head_dim))
    scaled = np.ldexp(queries, power)  # a power of two: exact
    assert (montecarlo.hardmax(scaled, keys) == montecarlo.hardmax(queries, keys)).all()


@amount(60)
@given(seeds, st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 2, 10, 2**31 - 1, 2**40]))
def test_exact_rank_is_that_of_sympy(seed, rows, columns, bound):
    matrix = small_integers(seed, rows, columns, bound=bound)
    assert montecarlo.exact_rank(matrix) == sympy.Matrix(matrix.tolist()).rank()


@amount(40)
@given(seeds, st.integers(1, 8), st.integers(1, 8), st.integers(1, 4))
def test_exact_rank_of_a_product_modulo_nothing(seed, rows, columns, inner):
    left, right = small_integers(seed, rows, inner), small_integers(seed + 1, inner, columns)
    product = left @ right
    rank = montecarlo.exact_rank(product)
    assert rank <= min(montecarlo.exact_rank(left), montecarlo.exact_rank(right))
    assert rank == montecarlo.exact_rank(product.T) == montecarlo.exact_rank(np.vstack([product, product]))


@amount(40)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=60),
    st.floats(1e-6, 0.5),
    st.one_of(st.none(), st.integers(1, 100)),
    st.integers(-5, 5),
)
def test_intervals_lie_in_the_range_nest_and_mirror(samples, error, horizon, shift):
    options = {"error": error, "horizon": horizon}
    low, high = montecarlo.confidence_interval(samples, lower=0, upper=20, **options)
    assert 0 <= low <= high <= 20
    if (low, high) != (0, 20):  # the whole range may also say that everything was excluded
        before = montecarlo.confidence_interval(samples[:-1], lower=0, upper=20, **options)
        assert before[0] <= low + 1e-9
        assert high <= before[1] + 1e-9
    mirrored = montecarlo.confidence_interval([20 - x for x in samples], lower=0, upper=20, **options)
    np.testing.assert_allclose(mirrored, (20 - high, 20 - low), rtol=0, atol=1e-6)
    moved = montecarlo.confidence_interval([x + shift for x in samples], lower=shift, upper=20 + shift, **options)
    np.testing.assert_allclose(moved, (low + shift, high + shift), rtol=0, atol=1e-6)


@amount(60)
@given(
    st.integers(1, 10**6),
    st.lists(st.integers(1, 10**5), max_size=12),
    st.integers(1, 10**6),
    st.floats(0, 1e4),
)
def test_a_plan_keeps_to_the_budget(n_keys, head_dims, n_queries, budget):
    plan = montecarlo.planned_replicates(n_keys, head_dims, n_queries=n_queries, budget=budget)
    assert set(plan) == set(head_dims)
    assert all(count == 0 or 8 <= count <= 20_000 for count in plan.values())
    cost = sum(count * montecarlo.simulation_cost(n_keys, d, n_queries) for d, count in plan.items())
    assert cost <= budget * (1 + 1e-12)


@amount(25)
@given(st.integers(1, 80), st.integers(1, 12), st.integers(1, 80), seeds, st.integers(1, 12), st.integers(0, 12))
def test_any_part_of_a_run_is_the_run(n_keys, head_dim, n_queries, seed, count, first):
    options = {"n_queries": n_queries, "rng": seed}
    whole = montecarlo.sample_ranks(n_keys, head_dim, first + count, workers=1, **options)
    part = montecarlo.sample_ranks(n_keys, head_dim, count, workers=2, first_replicate=first, **options)
    assert (whole[first:] == part).all()
    assert ((whole >= 1) & (whole <= min(n_keys, n_queries))).all()
