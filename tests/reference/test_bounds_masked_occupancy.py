"""The law of the picked keys under a mask in the limit of wide heads, against enumeration and Eulerian numbers."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest

from rankbound.bounds import causal_occupancy_law, window_occupancy_mean
from rankbound.verdict import Rigour


def _picks(n, window):
    """Return every pattern of picks: query i picks one of the last ``window`` of the keys 0 to i."""
    return itertools.product(*(range(max(0, i - window + 1), i + 1) for i in range(n)))


def _descents(permutation):
    return sum(a > b for a, b in itertools.pairwise(permutation))


@pytest.mark.parametrize("n", range(1, 8))
def test_the_causal_law_is_that_of_descents_of_permutations(n):
    law = causal_occupancy_law(n)
    counts = [0] * (n + 1)
    for permutation in itertools.permutations(range(n)):
        counts[_descents(permutation) + 1] += 1
    for k, count in enumerate(counts):
        exact = Fraction(count, math.factorial(n))
        assert law.lower[k] <= exact <= law.upper[k]
        assert law.upper[k] - law.lower[k] <= 1e-13
    assert Fraction(n + 1, 2) in law.mean
    assert Fraction(n + 1 if n > 1 else 0, 12) in law.variance


@pytest.mark.parametrize(("n", "window"), [(n, w) for n in range(1, 8) for w in range(1, n + 2)])
def test_the_window_mean_by_enumeration(n, window):
    patterns = list(_picks(n, window))
    # Picks are uniform, row by row: every pattern has the same probability.
    exact = Fraction(sum(len(set(pattern)) for pattern in patterns), len(patterns))
    value = window_occupancy_mean(n, window)
    assert exact in value
    assert value.width <= 1e-13 * n


def test_the_window_mean_of_the_long_sequence_is_the_closed_form():
    n, w = 512, 64
    q = Fraction(w - 1, w)
    exact = (n - 2 * w + 2) * (1 - q**w) + 3 * w * q**w
    value = window_occupancy_mean(n, w)
    assert exact in value
    assert value.width < 1e-11
    assert round(float(exact), 3) == 315.193


def test_the_causal_law_at_512():
    law = causal_occupancy_law(512)
    assert law.mean.lower == law.mean.upper == 256.5
    assert abs(law.variance.lower - 42.75) < 1e-12
    assert law.upper_tail(300).upper < 1e-9
    mass = math.fsum(law.lower), math.fsum(law.upper)
    assert 1 - 1e-12 < mass[0] <= 1 <= mass[1] < 1 + 1e-12


def test_large_sizes():
    assert window_occupancy_mean(10**18, 10**18).rigour is Rigour.EXACT
    value = window_occupancy_mean(10**15, 1000)
    share = 1 - (1 - 1 / 1000) ** 1000
    assert abs(value.lower / 1e15 - share) < 1e-9
    assert value.width < 1e-13 * value.upper


@pytest.mark.parametrize("n", [0, -1, 2.5, 20_001])
def test_sizes_out_of_range(n):
    with pytest.raises(ValueError, match=r"n_keys = .*: expected"):
        causal_occupancy_law(n)


@pytest.mark.parametrize("window", [0, 1.5, 10**6 + 1])
def test_windows_out_of_range(window):
    with pytest.raises(ValueError, match=r"window = .*: expected"):
        window_occupancy_mean(10**7, window)
