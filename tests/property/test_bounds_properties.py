"""What holds of every enclosure: sizes drawn up to 10^15 keys and 10^6 head dimensions, fewer or more queries.

Whether E[rank] increases with head_dim is not proved, and nothing here relies on it.
"""

from __future__ import annotations

import math
from fractions import Fraction

from amount import amount
from hypothesis import example, given
from hypothesis import strategies as st

from rankbound.bounds import (
    attainable_rank,
    barrier,
    barrier_margins,
    enclose_norm_conditioned,
    exact_barrier,
    expected_rank,
    expected_rank_float,
    noise_stability_bound,
    planar_rank,
    rank_exponent,
    second_moment_bound,
    self_query_barrier,
    tied_pair_rank,
    window,
)
from rankbound.bounds.norm_conditioned import binned_moments
from rankbound.enclosure import Enclosure
from rankbound.testing import head_dims, probability_vectors, sequence_lengths
from rankbound.verdict import Rigour


def sizes(most, least=1):
    return sequence_lengths(min_value=least, max_value=most)


KEYS, HEADS = sizes(10**15), head_dims(max_value=10**6)


@amount(2)
@given(KEYS, HEADS, st.none() | sizes(10**15))
@example(3, 2, 10**15)
@example(10**15, 2, 1)
@example(10**18, 10**10, 10**18)
@example(1, 10**10, 10**18)
@example(129, 2, None)
def test_an_enclosure_is_finite_and_in_order(n, d, m):
    enclosure = expected_rank(n, d, n_queries=m)
    ceiling = barrier(n, n_queries=m)
    assert math.isfinite(enclosure.upper)
    assert 1 <= enclosure.lower <= enclosure.upper <= ceiling.upper
    assert ceiling.upper <= min(n, n if m is None else m) * (1 + 2.0**-52)
    assert ceiling.width <= 1e-15 * ceiling.upper


@amount(15)
@given(KEYS, HEADS, st.none() | sizes(10**15))
def test_the_norm_conditioned_barrier_is_enclosed_below_the_barrier(n, d, m):
    enclosure = enclose_norm_conditioned(n, d, n_queries=m)
    assert 0 <= enclosure.lower <= enclosure.upper
    assert enclosure.lower <= barrier(n, n_queries=m).upper, "U never exceeds b(n)"
    assert enclosure.upper <= barrier(n, n_queries=m).upper * (1 + 1e-3), "the bins lose little"


@amount(1)
@given(sizes(10**9, 3), sizes(10**5, 3), st.none() | sizes(10**9))
@example(10**15, 64, None)
@example(3, 3, 3)
def test_lower_and_upper_bounds_are_in_order(n, d, m):
    """L <= U <= b(n), and what is better than U is not below L."""
    lower = second_moment_bound(n, d, n_queries=m)
    upper = enclose_norm_conditioned(n, d, n_queries=m)
    assert 0 < lower <= upper.upper
    assert lower <= self_query_barrier(n, d, n_queries=m) <= upper.upper * (1 + 1e-9)
    assert lower <= barrier(n, n_queries=m).upper


@amount(10)
@given(sizes(10**15, 2), HEADS, st.none() | sizes(10**15))
@example(10**18, 10**10, None)
@example(2, 1, 5)
def test_all_keys_together_are_picked_once(n, d, m):
    """E[g(R)] = 1/n, inside its enclosure, and that is narrow."""
    moments = binned_moments(n, d, n if m is None else m)
    low, high = (n * math.fsum(x) for x in (moments.win_low, moments.win_high))
    assert low <= 1 <= high
    assert high - low <= 2e-3
    assert math.fsum(moments.key_low) <= 1 <= math.fsum(moments.key_high)


@amount(4)
@given(sizes(10**9), sizes(10**5), st.none() | sizes(10**9))
def test_the_fast_path_is_close_and_no_enclosure(n, d, m):
    fast = expected_rank_float(n, d, n_queries=m)
    assert fast.rigour is Rigour.FLOAT
    assert not hasattr(fast, "lower")
    assert not isinstance(fast, Enclosure)
    ceiling = barrier(n, n_queries=m).upper
    conditioned = min(enclose_norm_conditioned(n, d, n_queries=m).upper, ceiling)
    assert abs(fast.norm_conditioned / conditioned - 1) <= 1e-2
    assert fast.second_moment <= fast.norm_conditioned
    if n >= 3 and d >= 3:
        below = max(second_moment_bound(n, d, n_queries=m), 2 - 2.0 ** (1 - min(n if m is None else m, 60)))
        assert abs(fast.second_moment / below - 1) <= 2e-2


@amount(2)
@given(st.integers(4, 200), st.integers(3, 5))
def test_many_queries_pick_every_key_that_can_win(n, d):
    """As n_queries grows, E[rank] rises to the number of vertices of the keys' convex hull, which bounds it."""
    vertices = attainable_rank(n, d)
    few, many = (expected_rank(n, d, n_queries=m) for m in (n, 10**12))
    assert few.upper <= vertices.upper * (1 + 1e-12)
    assert many.upper <= vertices.upper * (1 + 1e-12)
    assert many.lower >= few.lower * (1 - 1e-3)


@amount(2)
@given(sequence_lengths(min_value=3, max_value=10**15))
def test_wide_heads_reach_the_barrier(n):
    """At head_dim = 10^4 log^2 n, both ends are within 0.1% of b(n): the limit, with a rate."""
    head_dim = math.ceil(1e4 * math.log(n) ** 2)
    ceiling = barrier(n)
    enclosure = expected_rank(n, head_dim)
    assert 0.999 * ceiling.upper <= enclosure.lower <= enclosure.upper <= ceiling.upper


@amount(2)
@given(st.integers(3, 300), sizes(10**15))
def test_wide_heads_reach_the_barrier_with_any_number_of_queries(n, m):
    ceiling = barrier(n, n_queries=m)
    enclosure = expected_rank(n, 10**10, n_queries=m)
    assert enclosure.lower >= (1 - 1e-4) * ceiling.upper


@amount(10)
@given(KEYS, HEADS)
def test_one_query_picks_one_key(n, d):
    enclosure = expected_rank(n, d, n_queries=1)
    assert enclosure.lower == 1
    assert enclosure.upper <= 1 + 2.0**-52


@amount(8)
@given(sizes(10**9), HEADS, sizes(10**9))
def test_more_queries_pick_more_keys(n, d, m):
    """E[D], U and the fast L grow with n_queries, whatever the rest: by adding a query, and by h increasing in m."""
    for enclose in (enclose_norm_conditioned, barrier_at):
        few, many = (enclose(n, d, n_queries=count) for count in (m, 2 * m))
        assert few.lower <= many.upper
    assert expected_rank_float(n, d, n_queries=m).second_moment <= barrier(n, n_queries=2 * m).upper


def barrier_at(n, d, *, n_queries):
    return barrier(n, n_queries=n_queries)


@amount(10)
@given(sizes(10**9, 2), sizes(10**5))
def test_a_longer_key_is_picked_more_often(n, d):
    """T6: g is nondecreasing; of neighbouring bins, the chances to be picked are not certainly in another order."""
    moments = binned_moments(n, d, n)
    least, most = moments.win_low[:-1] * moments.key_low[1:], moments.win_high[1:] * moments.key_high[:-1]
    assert (least <= most * (1 + 1e-12)).all()


@amount(40)
@given(st.floats(0.01, 50), st.floats(0.01, 50))
def test_limits_are_in_their_order(one, other):
    """T8 and T9: e(c) grows and stays below 1; F falls from 1 - 1/e; both lie where they should."""
    low, high = sorted((one, other))
    exponents, shares = [rank_exponent(c) for c in (low, high)], [window(c) for c in (low, high)]
    assert exponents[0].lower <= exponents[1].upper < 1
    assert exponents[1].upper <= 1 - 1 / (4 * high) + 1 / (4 * high) ** 2 + 1e-12
    assert shares[1].lower <= shares[0].upper <= 1 - math.exp(-1)
    assert max(e.width for e in (*exponents, *shares)) < 1e-9


@amount(20)
@given(head_dims(max_value=10**10 - 1))
def test_tied_weights_of_two_tokens_exceed_the_barrier_ever_more(d):
    """V3: 2 - I_{1/2}(d/2, 1/2) is at least 3/2, the barrier of two keys, grows with head_dim, and stays below 2."""
    here, wider = tied_pair_rank(d), tied_pair_rank(d + 1)
    assert Fraction(3, 2) == exact_barrier(2) <= Fraction(here.upper)
    assert here.lower <= wider.upper <= 2
    assert here.width < 1e-13


@amount(12)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 60))
def test_small_cases_have_closed_forms(n, d, m):
    """T11 and T12: one key, one query, two keys, head_dim 1; and as many vertices as keys from n <= d + 1 on."""
    enclosure = expected_rank(n, d, n_queries=m)
    if n == 1 or m == 1:
        assert enclosure.lower == 1
    elif n == 2 or d == 1:
        assert Fraction(enclosure.lower) <= 2 - Fraction(1, 2 ** (m - 1)) <= Fraction(enclosure.upper)
        assert enclosure.width < 1e-14
    else:
        assert enclosure.lower >= 2 - 2.0 ** (1 - m) - 1e-15
    vertices = attainable_rank(n, d)
    assert enclosure.lower <= vertices.upper
    assert vertices.upper <= n
    if n <= d + 1:
        assert vertices.lower == n


@amount(2)
@given(sequence_lengths(min_value=3, max_value=10**6), sequence_lengths(max_value=10**6))
def test_the_plane_lies_in_the_general_bounds(n, m):
    """T11: the exact value at head_dim 2 is below U, b and the vertices of the polygon, and grows with the queries."""
    exact, more = planar_rank(n, n_queries=m), planar_rank(n, n_queries=m + 1)
    assert exact.width <= 1e-8 * exact.upper
    assert exact.lower <= more.upper
    for bound in (enclose_norm_conditioned(n, 2, n_queries=m), barrier(n, n_queries=m), attainable_rank(n, 2)):
        assert exact.lower <= bound.upper
    assert second_moment_bound(n, 2, n_queries=m) <= exact.upper


@amount(15)
@given(st.integers(2, 10**6), sizes(10**4))
def test_many_queries_pick_no_fewer_keys_for_certain(n, d):
    """The floor 2 - 2^(1-m) grows to 2, and the lower bound never falls below it."""
    for m in (1, 2, 5, 60, 10**15):
        assert noise_stability_bound(n, d, n_queries=m) >= 2 - 2.0 ** (1 - m) - 2.0**-52


# T2, T3: exact rationals.


@given(probability_vectors(exact=True), st.integers(1, 40))
@example((Fraction(1), Fraction(0), Fraction(0)), 3)
@example((Fraction(1, 4),) * 4, 4)
def test_no_probability_vector_beats_the_uniform_one(chances, m):
    """sum_j 1-(1-p_j)^m <= n(1-(1-1/n)^m), with equality where every p_j is 1/n (or m = 1)."""
    n = len(chances)
    assert sum(chances) == 1
    expected = sum(1 - (1 - p) ** m for p in chances)
    ceiling = exact_barrier(n, n_queries=m)
    assert expected <= ceiling
    assert (expected == ceiling) == (m == 1 or len(set(chances)) == 1)
    enclosure = barrier(n, n_queries=m)
    assert Fraction(enclosure.lower) <= ceiling <= Fraction(enclosure.upper)


@given(st.integers(1, 12), st.integers(2, 40))
def test_without_the_assumption_that_queries_share_a_law_the_barrier_falls(n, m):
    """Queries told to pick different keys reach min(m, n), which is above the barrier from n = 2 on."""
    assert (min(m, n) > exact_barrier(n, n_queries=m)) == (n > 1)


# e to 60 digits between two rationals: sum 1/k! up to 50, remainder below 2/51!.
E_BELOW = sum(Fraction(1, math.factorial(k)) for k in range(51))
E_ABOVE = E_BELOW + Fraction(2, math.factorial(51))


@given(st.integers(1, 400))
@example(1)
@example(2)
def test_t3_in_rationals(n):
    """(1-1/e)n + 1/(2e) < b(n) <= (1-1/e)n + 1/e, equality only at n = 1, with e between two rationals."""
    b = exact_barrier(n)
    # b - n + n/e lies between 1/(2e) and 1/e; multiply by e.
    assert all((b - n) * e + n > Fraction(1, 2) for e in (E_BELOW, E_ABOVE))
    if n == 1:
        assert b == 1
    else:
        assert all((b - n) * e + n < 1 for e in (E_BELOW, E_ABOVE))
    above, below = barrier_margins(n)
    for e in (E_BELOW, E_ABOVE):
        slack = Fraction(1, 10**50)
        assert Fraction(above.lower) - slack <= (b - n) + n / e - 1 / (2 * e) <= Fraction(above.upper) + slack
        assert Fraction(below.lower) - slack <= 1 / e - (b - n) - n / e <= Fraction(below.upper) + slack


@given(sizes(10**18))
@example(1)
@example(10**18)
def test_t3_by_margins(n):
    above, below = barrier_margins(n)
    assert above.lower > 0
    assert above.width <= 1e-12 * above.upper
    assert below.width <= 1e-12 * below.upper
    assert (below.lower == below.upper == 0) if n == 1 else below.lower > 0
    assert abs((above.lower + below.lower) / (math.exp(-1) / 2) - 1) < 1e-14
