"""T2, T4 and T5 in rationals: every law of a pick against the uniform one, by generating functions.

Nothing is rounded: expectations and whole distributions are fractions, and what the package encloses contains them.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import accumulate
from math import comb, factorial, prod

from amount import amount
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rankbound.bounds import (
    barrier,
    barrier_series,
    causal_occupancy_law,
    exact_barrier,
    exact_pmf,
    limiting_share,
    occupancy_law,
    occupancy_variance,
    rank_tail_bound,
    window_occupancy_mean,
)
from rankbound.testing import probability_vectors, sequence_lengths

FEW = st.integers(1, 8)
CHANCES = probability_vectors(exact=True, size=st.integers(1, 7))


def distribution(chances, m):
    """P(k distinct cells are hit by m balls), k = 0, 1, ...: m! times the z^m in prod_j (1 + t (exp(p_j z) - 1))."""
    n = len(chances)
    counts = [[Fraction(int(i == k == 0)) for i in range(m + 1)] for k in range(n + 1)]  # powers of t, then of z
    for p in chances:
        hit = [p**i / factorial(i) for i in range(m + 1)]
        for k in range(n, 0, -1):
            before = counts[k - 1]
            for i in range(m, 0, -1):
                counts[k][i] += sum(before[i - a] * hit[a] for a in range(1, i + 1))
    return [factorial(m) * counts[k][m] for k in range(n + 1)]


def tails(law):
    """P(D >= k) for k = 0, 1, ..."""
    return list(accumulate(reversed(law)))[::-1]


@amount(40)
@given(CHANCES, FEW)
@example((Fraction(1, 2), Fraction(1, 2), Fraction(0)), 3)
def test_the_rank_is_dominated_by_the_occupancy_number(chances, m):
    """P(D >= k | p) <= P(Occ >= k) for every k, with equality for uniform p; and the means of both are those of T2."""
    n = len(chances)
    law, uniform = distribution(chances, m), list(exact_pmf(n, n_queries=m))
    uniform += [Fraction(0)] * (n + 1 - len(uniform))
    assert sum(law) == sum(uniform) == 1
    assert sum(k * p for k, p in enumerate(law)) == sum(1 - (1 - p) ** m for p in chances)
    assert sum(k * p for k, p in enumerate(uniform)) == exact_barrier(n, n_queries=m)
    assert all(mine <= most for mine, most in zip(tails(law), tails(uniform), strict=True))
    assert (law == uniform) == (m == 1 or len(set(chances)) == 1)


@amount(40)
@given(CHANCES, FEW, st.data())
def test_bringing_two_chances_together_raises_every_tail(chances, m, data):
    """The step that reaches the uniform law: p_i, p_j -> any two between them of the same sum."""
    assume(len(chances) > 1)
    i, j = data.draw(st.permutations(range(len(chances))))[:2]
    share = data.draw(st.fractions(0, 1, max_denominator=9))
    nearer = list(chances)
    nearer[i] = share * chances[i] + (1 - share) * chances[j]
    nearer[j] = share * chances[j] + (1 - share) * chances[i]
    before, after = tails(distribution(chances, m)), tails(distribution(nearer, m))
    assert all(x <= y for x, y in zip(before, after, strict=True))


@amount(40)
@given(CHANCES, FEW, st.data())
def test_bounds_on_the_tail_hold_for_every_law_of_the_pick(chances, m, data):
    """T4: P(D >= b + t | p) is at most what dominance, Bernstein and bounded differences say."""
    n = len(chances)
    k = data.draw(st.integers(1, min(m, n) + 1))
    excess = k - exact_barrier(n, n_queries=m)
    assume(excess >= 0)
    bound = rank_tail_bound(n, excess, n_queries=m)
    exact = sum(distribution(chances, m)[k:], Fraction(0))
    least = Fraction(bound.occupancy)
    assert exact <= sum(exact_pmf(n, n_queries=m)[k:], Fraction(0)) <= least <= exact_upper(n, m, k)
    assert exact <= Fraction(bound.bernstein)
    assert exact <= Fraction(bound.bounded_differences)


def exact_upper(n, m, k):
    """What an upper bound by dominance may be at most: the uniform tail and a little for rounding."""
    return sum(exact_pmf(n, n_queries=m)[k:], Fraction(0)) * (1 + Fraction(1, 10**12))


@amount(30)
@given(st.integers(1, 40), st.integers(1, 40))
@example(1, 5)
@example(40, 1)
def test_the_law_of_wide_heads(n, m):
    """T5: n!/(n-k)! S(m,k) / n^m, its mean and its variance, and the enclosures of all of them."""
    exact, law = exact_pmf(n, n_queries=m), occupancy_law(n, n_queries=m)
    assert sum(exact) == 1
    for k, p in enumerate(exact):
        surjections = sum((-1) ** i * comb(k, i) * (k - i) ** m for i in range(k + 1))  # k! S(m, k)
        assert p == Fraction(comb(n, k) * surjections, n**m)
        enclosed = law.probability(k)
        assert Fraction(enclosed.lower) <= p <= Fraction(enclosed.upper) <= p * (1 + Fraction(1, 10**12))
        tail = law.upper_tail(k)
        assert Fraction(tail.lower) <= sum(exact[k:]) <= Fraction(tail.upper)
    mean, variance = exact_barrier(n, n_queries=m), occupancy_variance(n, n_queries=m)
    second = sum(k * k * p for k, p in enumerate(exact)) - mean**2
    one, two = (1 - Fraction(1, n)) ** m, (1 - Fraction(2, n)) ** m
    assert second == n * one + n * (n - 1) * two - n * n * one**2
    assert Fraction(variance.lower) <= second <= Fraction(variance.upper) <= second * (1 + Fraction(1, 10**13))


@amount(60)
@given(sequence_lengths(max_value=10**18 - 1), sequence_lengths(max_value=10**18 - 1))
def test_the_barrier_grows_with_keys_and_queries_and_its_share_falls(n, m):
    """b(n, m) grows with n and with m, and b(n, m)/n falls as n grows: all by h concave, h(0) = 0."""
    ends = [barrier(n, n_queries=m), barrier(n + 1, n_queries=m), barrier(n, n_queries=m + 1)]
    assert ends[0].lower <= min(ends[1].upper, ends[2].upper)
    assert Fraction(ends[1].lower) / (n + 1) <= Fraction(ends[0].upper) / n
    small, few = 1 + n % 60, 1 + m % 60  # strictly, where it is exact
    here = exact_barrier(small, n_queries=few)
    assert (here < exact_barrier(small + 1, n_queries=few)) == (few > 1)
    assert (here < exact_barrier(small, n_queries=few + 1)) == (small > 1)
    assert here / small > exact_barrier(small + 1, n_queries=few) / (small + 1)


@amount(40)
@given(sequence_lengths(min_value=2, max_value=10**9), sequence_lengths(max_value=10**9))
@example(2, 1)
def test_other_numbers_of_queries_by_the_exponential(n, m):
    """V1: n (1 - e^(-m/n)) < b(n, m) <= that + n / (2 e (n - 1))."""
    found, share = barrier(n, n_queries=m), limiting_share(n, m)
    least, most = Fraction(share.lower), Fraction(share.upper) + Fraction(n, n - 1) * Fraction(math.exp(-1)) / 2
    assert Fraction(found.upper) >= least
    assert Fraction(found.lower) <= most * (1 + Fraction(1, 10**15))
    if n <= 60 and m <= 60:
        assert least < exact_barrier(n, n_queries=m) <= most * (1 + Fraction(1, 10**15))


@amount(40)
@given(sequence_lengths(max_value=10**18), st.integers(1, 4))
def test_the_series_of_the_barrier(n, terms):
    """T3: the partial sum with its remainder contains b(n), and for n up to 60 the exact number."""
    found, value = barrier_series(n, terms=terms), barrier(n)
    assert found.lower <= value.upper
    assert value.lower <= found.upper
    assert n > 60 or Fraction(found.lower) <= exact_barrier(n) <= Fraction(found.upper)


# Masks, in the limit of wide heads: independent picks, each uniform over the keys that its query sees


def masked_law(sights):
    """The law of the number of picked keys, where query i picks uniformly among the set ``sights[i]`` of keys."""
    states = {frozenset(): Fraction(1)}
    for seen in sights:
        following = {}
        for picked, p in states.items():
            for key in seen:
                more = picked | {key}
                following[more] = following.get(more, Fraction(0)) + p / len(seen)
        states = following
    law = [Fraction(0)] * (len(sights) + 1)
    for picked, p in states.items():
        law[len(picked)] += p
    return law


@amount(8)
@given(st.integers(1, 8))
def test_the_causal_law_by_enumeration(n):
    found = causal_occupancy_law(n)
    for k, p in enumerate(masked_law([range(i + 1) for i in range(n)])):
        enclosed = found.probability(k)
        assert Fraction(enclosed.lower) <= p <= Fraction(enclosed.upper) <= p * (1 + Fraction(1, 10**13))
        eulerian = sum((-1) ** i * comb(n + 1, i) * (k - i) ** n for i in range(k + 1))
        assert p == Fraction(eulerian, factorial(n))
    assert (found.mean.lower, found.mean.upper) == ((n + 1) / 2, (n + 1) / 2)


@amount(40)
@given(st.integers(1, 40), st.integers(1, 45))
@example(7, 4)
@example(1, 1)
def test_the_mean_through_a_window(n, w):
    """Sum over keys of 1 - prod (1 - 1/what the query sees), and the closed form of V2 from n = 2w - 1 on."""
    sights = [range(max(0, i - w + 1), i + 1) for i in range(n)]
    mean = sum(1 - prod(1 - Fraction(1, len(seen)) for seen in sights if j in seen) for j in range(n))
    found = window_occupancy_mean(n, w)
    assert Fraction(found.lower) <= mean <= Fraction(found.upper) <= mean * (1 + Fraction(1, 10**13))
    if n >= 2 * w - 1:
        q = Fraction(w - 1, w)
        assert mean == (n - 2 * w + 2) * (1 - q**w) + 3 * w * q**w
    if w >= n:
        assert mean == Fraction(n + 1, 2)
